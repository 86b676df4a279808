//! Sitemaps (sitemaps.org) and news sitemaps: lenient XML, indexes, gzip, plain lists of addresses, and
//! feeds served as sitemaps.

use url::Url;

use crate::discover::dates::w3c_millis;
use crate::discover::xml::{self, Field, Item, Names};
use crate::discover::{CandidateUrl, DiscoverError, Sitemap, feed, gzip, resolve};
use crate::limits::Limits;
use crate::page::decode::decode;

const ROOTS: &[&str] = &["urlset", "sitemapindex"];
const NAMES: Names = Names {
    items: &["url", "sitemap"],
    leaves: &["loc", "lastmod", "changefreq", "priority"],
};

/// Parses a sitemap or a sitemap index: XML, plain text or a feed, optionally gzipped.
///
/// # Errors
/// Fails if the bytes are none of these.
pub fn sitemap(
    bytes: &[u8],
    content_type: Option<&str>,
    base: &Url,
    limits: &Limits,
) -> Result<Sitemap, DiscoverError> {
    let unzipped = gzip::unzip(bytes, limits.sitemap_bytes)?;
    let decoded = decode(&unzipped.bytes, content_type, Some(base));
    let text = decoded.text.trim_start();
    let mut map = if xml::root_start(text, ROOTS).is_some() {
        xml(text, base, limits)
    } else if xml::root_start(text, feed::ROOTS).is_some() {
        let feed = feed::feed(&unzipped.bytes, content_type, base, limits)?;
        Sitemap {
            pages: feed.entries,
            is_damaged: feed.is_damaged,
            truncated: feed.truncated,
            ..Sitemap::default()
        }
    } else if let Some(root) = root(text) {
        let root = root.to_owned();
        return Err(DiscoverError::NotSitemap { root });
    } else {
        plain(text, base, limits)?
    };
    map.truncated |= unzipped.is_too_large;
    map.is_damaged |= unzipped.is_cut_off;
    Ok(map)
}

/// The local name of the root element, if the text is XML.
fn root(text: &str) -> Option<&str> {
    let mut rest = text;
    loop {
        rest = rest.trim_start().strip_prefix('<')?;
        if !rest.starts_with(['?', '!']) {
            let end = rest.find(|c: char| c.is_whitespace() || matches!(c, '>' | '/'))?;
            return rest[..end].rsplit(':').next();
        }
        let end = if rest.starts_with("!--") {
            rest.find("-->")? + 2
        } else {
            rest.find('>')?
        };
        rest = &rest[end + 1..];
    }
}

/// Parses a plain list: one address per line.
fn plain(text: &str, base: &Url, limits: &Limits) -> Result<Sitemap, DiscoverError> {
    let mut map = Sitemap::default();
    for line in text.lines().filter(|line| line.trim().starts_with("http")) {
        if map.pages.len() >= limits.sitemap_urls {
            map.truncated = true;
            break;
        }
        let page = |url| CandidateUrl {
            url,
            title: None,
            dated: None,
            published: None,
        };
        map.pages.extend(resolve(base, line, limits).map(page));
    }
    if map.pages.is_empty() {
        return Err(DiscoverError::NoAddresses);
    }
    Ok(map)
}

/// Reads the items by their elements' parents and namespaces: `image:loc` is not the page's `loc`.
fn xml(text: &str, base: &Url, limits: &Limits) -> Sitemap {
    let mut map = Sitemap::default();
    let is_damaged = xml::items(text, ROOTS, &NAMES, |item| {
        add(&mut map, item, |loc| resolve(base, loc, limits));
        map.truncated = map.pages.len() + map.maps.len() >= limits.sitemap_urls;
        !map.truncated
    });
    map.is_damaged = is_damaged.unwrap_or(true);
    map
}

fn add(map: &mut Sitemap, item: &Item<'_>, resolve: impl Fn(&str) -> Option<Url>) {
    let Some(url) = item.own("loc").find_map(|it| resolve(&it.text)) else {
        return;
    };
    let changed = item.own("lastmod").find_map(|it| w3c_millis(&it.text));
    if item.name == "sitemap" {
        map.maps.push((url, changed));
        return;
    }
    let news = |name| {
        let of_news = |it: &Field<'_>| item.parent(it) == "news" || it.namespace.contains("news");
        item.whole().find(|it| it.name == name && of_news(it))
    };
    let published = news("publication_date").and_then(|it| w3c_millis(&it.text));
    let title = news("title").map(|it| it.text.trim().to_owned());
    map.pages.push(CandidateUrl {
        url,
        title: title.filter(|it| !it.is_empty()),
        dated: published.or(changed),
        published,
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::write::GzEncoder;
    use proptest::prelude::*;
    use std::io::Write;

    fn read(bytes: &[u8]) -> Result<Sitemap, DiscoverError> {
        let base = Url::parse("https://paper.example/sitemap.xml").unwrap();
        sitemap(bytes, None, &base, &Limits::DEFAULT)
    }

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    const NEWS: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
        <!-- made by hand -->
        <urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
                xmlns:n="http://www.google.com/schemas/sitemap-news/0.9">
        <url><loc> https://paper.example/a?x=1&amp;y=2 </loc><lastmod>2026-11-24</lastmod>
          <image:image><image:loc>https://paper.example/a.jpg</image:loc></image:image>
          <n:news><n:publication_date>2026-11-23T09:00:00Z</n:publication_date>
          <n:title><![CDATA[Ferry & tide]]></n:title></n:news></url>
        <url><loc><![CDATA[/b]]></loc></url><url><loc>mailto:x</loc></url></urlset>"#;

    #[test]
    fn pages_come_with_the_date_and_headline_of_the_news_extension() {
        let map = read(NEWS.as_bytes()).unwrap();
        assert_eq!(map.pages.len(), 2);
        assert_eq!(map.pages[0].url.as_str(), "https://paper.example/a?x=1&y=2");
        assert_eq!(map.pages[0].published, Some(1_795_424_400_000));
        assert_eq!(map.pages[0].title.as_deref(), Some("Ferry & tide"));
        assert_eq!(map.pages[1].url.as_str(), "https://paper.example/b");
    }

    #[test]
    fn gzip_is_known_by_its_bytes_even_twice() {
        let once = gzip(NEWS.as_bytes());
        assert_eq!(read(&once).unwrap().pages.len(), 2);
        assert_eq!(read(&gzip(&once)).unwrap().pages.len(), 2);
    }

    #[test]
    fn an_index_names_further_maps() {
        let map = read(
            b"<sitemapindex><sitemap><loc>/1.xml.gz</loc><lastmod>2026-11-23</lastmod>\
            </sitemap></sitemapindex>",
        )
        .unwrap();
        assert_eq!(map.maps[0].0.as_str(), "https://paper.example/1.xml.gz");
        assert_eq!(map.maps[0].1, Some(1_795_392_000_000));
    }

    #[test]
    fn lists_and_feeds_are_read_in_a_sitemaps_place() {
        assert_eq!(
            read(b"https://paper.example/a\nhttps://paper.example/b\n")
                .unwrap()
                .pages
                .len(),
            2
        );
        let rss = b"<rss version='2.0'><channel><item><link>https://paper.example/a</link></item></channel></rss>";
        assert_eq!(read(rss).unwrap().pages.len(), 1);
    }

    #[test]
    fn a_page_in_its_place_is_refused() {
        assert!(read(b"<!DOCTYPE html><html></html>").is_err());
        assert!(read(b"not found").is_err());
    }

    #[test]
    fn a_map_that_breaks_off_gives_what_stands_before() {
        let cut = &NEWS.as_bytes()[..NEWS.find("<url><loc><![CDATA").unwrap() + 12];
        assert_eq!(read(cut).unwrap().pages.len(), 1);
    }

    #[test]
    fn addresses_of_pictures_are_not_those_of_pages() {
        let sitemaps = "xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'";
        let image = "http://www.google.com/schemas/sitemap-image/1.1";
        for (declared, inner) in [
            (
                format!("xmlns:i='{image}'"),
                "<i:image><i:loc>/a.jpg</i:loc></i:image>".to_owned(),
            ),
            (
                format!("xmlns:i='{image}'"),
                "<i:loc>/a.jpg</i:loc>".to_owned(),
            ),
            (
                String::new(),
                format!("<image xmlns='{image}'><loc>/a.jpg</loc></image>"),
            ),
            (String::new(), format!("<loc xmlns='{image}'>/a.jpg</loc>")),
            (
                String::new(),
                "<video:video><video:title>No</video:title><video:loc>/a</video:loc>\
                <video:publication_date>2020-01-01</video:publication_date></video:video>"
                    .to_owned(),
            ),
            (
                String::new(),
                "<v:url>/a.mp4</v:url><image:image><image:loc>/a.jpg</image:loc>".to_owned(),
            ),
        ] {
            for order in [
                format!("<loc>/a</loc>{inner}"),
                format!("{inner}<loc>/a</loc>"),
            ] {
                let text = format!(
                    "<urlset {sitemaps} {declared}><url>{order}</url><url><loc>/b</loc></url></urlset>"
                );
                if inner.ends_with("</image:loc>")
                    && order.ends_with("</loc>")
                    && !order.starts_with("<loc>")
                {
                    continue;
                }
                let map = read(text.as_bytes()).unwrap();
                let paths: Vec<_> = map.pages.iter().map(|it| it.url.path()).collect();
                assert_eq!(paths, ["/a", "/b"], "{text}");
                assert_eq!(
                    (&map.pages[0].title, map.pages[0].dated),
                    (&None, None),
                    "{text}"
                );
            }
        }
    }

    #[test]
    fn news_is_known_under_any_prefix_and_as_default() {
        let news = "http://www.google.com/schemas/sitemap-news/0.9";
        let inner = "<publication_date>2026-11-23T09:00:00Z</publication_date><title>Ferry</title>";
        let prefixed = inner
            .replace("</", "<#")
            .replace('<', "<x:")
            .replace("<x:#", "</x:");
        for extension in [
            format!("<news xmlns='{news}'>{inner}</news>"),
            format!("<x:news xmlns:x='{news}'>{prefixed}</x:news>"),
            format!("<x:news>{prefixed}</x:news>"),
        ] {
            let text = format!("<urlset><url><loc>/a</loc>{extension}</url></urlset>");
            let map = read(text.as_bytes()).unwrap();
            assert_eq!(map.pages[0].published, Some(1_795_424_400_000), "{text}");
            assert_eq!(map.pages[0].title.as_deref(), Some("Ferry"), "{text}");
            assert!(!map.is_damaged);
        }
    }

    #[test]
    fn elements_without_an_end_do_not_run_together() {
        for text in [
            "<urlset><url><loc>/a</loc><url><loc>/b</loc></url></urlset>",
            "<urlset><url><loc>/a<lastmod>2026-11-24</lastmod></url><url><loc>/b</loc></url></urlset>",
            "<urlset><url><loc>/a</loc><url><loc>/b</loc></urlset>",
            "<urlset><url><loc>/a<url><loc>/b<url><loc>/c",
            "<br><b>Warning</b><URLSET><URL><LOC>/a</LOC></URL><URL><LOC>/b</LOC></URL></URLSET>",
        ] {
            let map = read(text.as_bytes()).unwrap();
            let paths: Vec<_> = map.pages.iter().map(|it| it.url.path()).collect();
            assert_eq!((paths, map.is_damaged), (vec!["/a", "/b"], true), "{text}");
        }
        let index = "<sitemapindex><sitemap><loc>/1.xml</loc><sitemap><loc>/2.xml</loc></sitemap></sitemapindex>";
        assert_eq!(read(index.as_bytes()).unwrap().maps.len(), 2);
    }

    #[test]
    fn limits_end_the_reading() {
        let base = Url::parse("https://paper.example/").unwrap();
        let limits = Limits {
            sitemap_urls: 1,
            ..Limits::DEFAULT
        };
        let map = sitemap(NEWS.as_bytes(), None, &base, &limits).unwrap();
        assert_eq!((map.pages.len(), map.truncated), (1, true));
        let bomb = gzip(&vec![b' '; 10_000]);
        let limits = Limits {
            sitemap_bytes: 100,
            ..Limits::DEFAULT
        };
        assert!(sitemap(&bomb, None, &base, &limits).is_err());
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = read(&bytes);
            let _ = read(&[b"<urlset><url><loc>", &bytes[..]].concat());
        }
    }
}
