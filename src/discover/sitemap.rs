//! Sitemaps (sitemaps.org) and news sitemaps: lenient XML, indexes, gzip, plain lists of addresses, and
//! feeds served as sitemaps.

use std::borrow::Cow;
use std::io::Read;

use flate2::read::MultiGzDecoder;
use quick_xml::Reader;
use quick_xml::events::{BytesRef, Event};
use url::Url;

use crate::discover::{CandidateUrl, DiscoverError, Sitemap, feed, resolve, w3c_millis};
use crate::limits::Limits;
use crate::page::decode::decode;

/// Layers of gzip. Some servers compress compressed files again; more than two layers are an attack.
const LAYERS: usize = 2;

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
    let (bytes, cut) = unzip(bytes, limits.sitemap_bytes)?;
    let decoded = decode(&bytes, content_type, Some(base));
    let text = decoded.text.trim_start();
    let mut map = match root(text) {
        Some("urlset" | "sitemapindex") => xml(text, base, limits),
        Some("rss" | "feed" | "RDF") => {
            let pages = feed(&bytes, content_type, base, limits)?;
            Sitemap {
                pages,
                ..Sitemap::default()
            }
        }
        None => plain(text, base, limits)?,
        Some(other) => {
            let root = other.to_owned();
            return Err(DiscoverError::NotSitemap { root });
        }
    };
    map.truncated |= cut;
    Ok(map)
}

/// Decompresses gzip, detected by its first bytes, because names and headers are unreliable.
fn unzip(bytes: &[u8], most: usize) -> Result<(Cow<'_, [u8]>, bool), DiscoverError> {
    let mut bytes = Cow::Borrowed(bytes);
    for _ in 0..LAYERS {
        if !bytes.starts_with(&[0x1f, 0x8b]) {
            break;
        }
        let mut out = Vec::new();
        let read = MultiGzDecoder::new(&bytes[..])
            .take(most as u64 + 1)
            .read_to_end(&mut out);
        // A truncated file is read as far as possible.
        if let (Err(error), true) = (read, out.is_empty()) {
            return Err(DiscoverError::Gzip(error));
        }
        bytes = Cow::Owned(out);
    }
    let cut = bytes.len() > most;
    if cut {
        bytes = Cow::Owned(bytes[..most].to_vec());
    }
    Ok((bytes, cut))
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

/// The contents of one `<url>` or `<sitemap>`.
#[derive(Debug, Default)]
struct Entry {
    loc: String,
    lastmod: String,
    published: String,
    title: String,
}

impl Entry {
    /// The field for the text of an element of this name.
    fn field(&mut self, name: &str) -> Option<&mut String> {
        Some(match name {
            "loc" => &mut self.loc,
            "lastmod" => &mut self.lastmod,
            "publication_date" => &mut self.published,
            "title" => &mut self.title,
            _ => return None,
        })
    }

    fn date(&self) -> Option<i64> {
        w3c_millis(&self.published).or_else(|| w3c_millis(&self.lastmod))
    }
}

/// Parses by local names, because sites choose any prefix. Stops at the first error and keeps what comes
/// before it.
fn xml(text: &str, base: &Url, limits: &Limits) -> Sitemap {
    let mut reader = Reader::from_str(text);
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_dangling_amp = true;
    config.allow_unmatched_ends = true;
    let mut map = Sitemap::default();
    let mut entry = Entry::default();
    // The open elements: `image:loc` is not the page's `loc`.
    let mut path: Vec<String> = Vec::new();
    loop {
        match reader.read_event() {
            Ok(Event::Start(tag)) if path.len() < 16 => {
                path.push(tag.name().as_ref().to_owned());
            }
            Ok(Event::End(tag)) => {
                path.pop();
                let name = tag.local_name();
                let is_map = name.as_ref() == "sitemap";
                if is_map || name.as_ref() == "url" {
                    let entry = std::mem::take(&mut entry);
                    add(&mut map, &entry, is_map, |loc| resolve(base, loc, limits));
                }
            }
            Ok(Event::Text(piece)) => push(&mut entry, &path, &piece, limits),
            Ok(Event::CData(piece)) => push(&mut entry, &path, &piece, limits),
            Ok(Event::GeneralRef(name)) => push(&mut entry, &path, &character(&name), limits),
            Ok(Event::Eof) => return map,
            Ok(_) => {}
            Err(_) => {
                map.truncated = true;
                return map;
            }
        }
        if map.pages.len() + map.maps.len() >= limits.sitemap_urls {
            map.truncated = true;
            return map;
        }
    }
}

fn push(entry: &mut Entry, path: &[String], piece: &str, limits: &Limits) {
    let Some(name) = path.last() else { return };
    if name.starts_with("image:") || name.starts_with("video:") {
        return;
    }
    let local = name.rsplit(':').next().unwrap_or_default();
    if let Some(field) = entry.field(local)
        && field.len() < 4 * limits.url_chars
    {
        field.push_str(piece);
    }
}

/// The character of an entity: the five XML entities and character references.
fn character(name: &BytesRef<'_>) -> String {
    if let Ok(Some(c)) = name.resolve_char_ref() {
        return c.to_string();
    }
    match name.as_ref() {
        "amp" => "&".to_owned(),
        "lt" => "<".to_owned(),
        "gt" => ">".to_owned(),
        "quot" => "\"".to_owned(),
        "apos" => "'".to_owned(),
        other => format!("&{other};"),
    }
}

fn add(map: &mut Sitemap, entry: &Entry, is_map: bool, resolve: impl Fn(&str) -> Option<Url>) {
    let Some(url) = resolve(&entry.loc) else {
        return;
    };
    if is_map {
        map.maps.push((url, entry.date()));
        return;
    }
    let title = entry.title.trim();
    map.pages.push(CandidateUrl {
        url,
        title: (!title.is_empty()).then(|| title.to_owned()),
        dated: entry.date(),
        published: w3c_millis(&entry.published),
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
