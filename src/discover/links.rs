//! The links of a page that look like articles, judged by place, path, and words.

use std::collections::{HashMap, HashSet};

use url::Url;

use crate::canonical::{names_article, same_site};
use crate::discover::{CandidateUrl, Links, resolve};
use crate::limits::Limits;
use crate::page::text::word_count;
use crate::page::{Id, Tag, Tree};

/// What each sign of an article adds to a link's score, or takes from it.
mod weight {
    /// Words joined by hyphens in the last part of the path, each beyond the second.
    pub(super) const SLUG_WORD: f64 = 0.5;
    /// A date in the path.
    pub(super) const DATE: f64 = 2.0;
    /// A number of four digits or more, as content systems give articles.
    pub(super) const NUMBER: f64 = 1.2;
    /// An ending such as `.html`.
    pub(super) const DOCUMENT: f64 = 0.8;
    /// The link's text is as long as a headline.
    pub(super) const HEADLINE: f64 = 1.5;
    /// It is longer than any section's name.
    pub(super) const LONG_HEADLINE: f64 = 3.0;
    /// The link stands in a heading or an article element.
    pub(super) const HEADING: f64 = 1.5;
    /// It stands in a menu, a footer or a sidebar.
    pub(super) const FRAME: f64 = -1.5;
    /// A path of one short word: a section.
    pub(super) const SECTION: f64 = -1.5;
    /// A word in the path that articles do not have.
    pub(super) const SERVICE: f64 = -5.0;
    /// Links below this are not followed.
    pub(super) const THRESHOLD: f64 = 1.4;
}

/// Path segments of pages that are no articles.
const SERVICE_WORDS: &[&str] = &[
    "tag",
    "tags",
    "category",
    "categories",
    "author",
    "authors",
    "autor",
    "autoren",
    "auteur",
    "profile",
    "user",
    "users",
    "account",
    "login",
    "signin",
    "signup",
    "register",
    "registration",
    "subscribe",
    "subscription",
    "abo",
    "newsletter",
    "newsletters",
    "search",
    "suche",
    "recherche",
    "about",
    "about-us",
    "contact",
    "contact-us",
    "kontakt",
    "impressum",
    "privacy",
    "privacy-policy",
    "datenschutz",
    "terms",
    "terms-of-use",
    "terms-of-service",
    "cookies",
    "cookie-policy",
    "help",
    "faq",
    "jobs",
    "careers",
    "advertise",
    "shop",
    "store",
    "cart",
    "checkout",
    "feed",
    "rss",
    "sitemap",
    "archive",
    "archives",
    "archiv",
    "page",
    "wp-login.php",
    "wp-admin",
    "wp-content",
    "cdn-cgi",
    "share",
    "print",
    "amp",
    "comments",
    "games",
    "horoscope",
];

/// Endings of files that are no pages.
const MEDIA: &[&str] = &[
    "jpg", "jpeg", "png", "gif", "webp", "svg", "avif", "pdf", "mp3", "mp4", "m4a", "mov", "avi",
    "webm", "zip", "gz", "rar", "exe", "dmg", "apk", "doc", "docx", "xls", "xlsx", "ppt", "pptx",
    "css", "js", "json", "xml", "rss", "ics", "epub", "txt", "csv",
];

/// Collects the links of a page of the site at `base`.
pub fn links(tree: &Tree<'_>, base: &Url, limits: &Limits) -> Links {
    let home = base;
    let base = declared_base(tree, base);
    let feeds = feeds(tree, &base);
    if forbids_following(tree) {
        return Links {
            pages: Vec::new(),
            feeds,
        };
    }
    let mut scored: Vec<(f64, CandidateUrl)> = Vec::new();
    let mut places: HashMap<Url, usize> = HashMap::new();
    for anchor in tree.elements(Tag::A).take(4 * limits.page_links) {
        let Some((score, candidate)) = judge(tree, anchor, &base, home) else {
            continue;
        };
        match places.get(&candidate.url) {
            None => {
                places.insert(candidate.url.clone(), scored.len());
                scored.push((score, candidate));
            }
            // A picture and a headline lead to the same article: the better one speaks for both.
            Some(&at) if score > scored[at].0 => scored[at] = (score, candidate),
            Some(_) => {}
        }
    }
    scored.retain(|(score, _)| *score >= weight::THRESHOLD);
    scored.sort_by(|a, b| b.0.total_cmp(&a.0));
    scored.truncate(limits.page_links);
    Links {
        pages: scored.into_iter().map(|(_, candidate)| candidate).collect(),
        feeds,
    }
}

/// The section pages that a front page's menus lead to, in their order, each once.
pub fn sections(tree: &Tree<'_>, base: &Url, limits: &Limits) -> Vec<CandidateUrl> {
    let home = base;
    let base = declared_base(tree, base);
    if forbids_following(tree) {
        return Vec::new();
    }
    let mut known: HashSet<Url> = HashSet::new();
    let anchors = tree.elements(Tag::A).take(4 * limits.page_links);
    let mut sections = Vec::new();
    for anchor in anchors {
        let Some(url) = tree
            .attr(anchor, "href")
            .and_then(|href| resolve(&base, href))
        else {
            continue;
        };
        let text = tree.text(anchor);
        let is_section = same_host(&url, home)
            && reads_like_a_section(&url)
            && (1..=3).contains(&word_count(&text))
            && stands_in_a_menu(tree, anchor);
        if is_section && known.insert(url.clone()) {
            sections.push(CandidateUrl {
                url,
                title: Some(text),
                dated: None,
                published: None,
            });
        }
    }
    sections
}

fn same_host(url: &Url, home: &Url) -> bool {
    let bare = |url: &Url| {
        url.host_str()
            .map(|host| host.trim_start_matches("www.").to_owned())
    };
    bare(url) == bare(home)
}

/// One or two short words as a path: `/politics`, `/world/asia/`.
fn reads_like_a_section(url: &Url) -> bool {
    let segments: Vec<&str> = url.path().split('/').filter(|it| !it.is_empty()).collect();
    let is_word = |segment: &&str| {
        !names_article(segment)
            && !SERVICE_WORDS.contains(&segment.to_ascii_lowercase().as_str())
            && !segment.contains('.')
    };
    (1..=2).contains(&segments.len()) && url.query().is_none() && segments.iter().all(is_word)
}

fn stands_in_a_menu(tree: &Tree<'_>, anchor: Id) -> bool {
    tree.ancestors(anchor).any(|above| {
        matches!(
            tree.tag(above),
            Tag::Nav | Tag::Header | Tag::Menu | Tag::Ul
        )
    })
}

fn declared_base(tree: &Tree<'_>, base: &Url) -> Url {
    tree.elements(Tag::Base)
        .find_map(|id| tree.attr(id, "href"))
        .and_then(|href| base.join(href).ok())
        .unwrap_or_else(|| base.clone())
}

fn forbids_following(tree: &Tree<'_>) -> bool {
    tree.elements(Tag::Meta).any(|id| {
        let is_robots = tree
            .attr(id, "name")
            .is_some_and(|it| it.eq_ignore_ascii_case("robots"));
        let content = tree
            .attr(id, "content")
            .unwrap_or_default()
            .to_ascii_lowercase();
        is_robots
            && content
                .split(',')
                .any(|it| matches!(it.trim(), "nofollow" | "none"))
    })
}

fn feeds(tree: &Tree<'_>, base: &Url) -> Vec<Url> {
    const TYPES: [&str; 4] = [
        "application/rss+xml",
        "application/atom+xml",
        "application/feed+json",
        "application/json",
    ];
    let mut feeds: Vec<Url> = tree
        .elements(Tag::Link)
        .filter(|&id| {
            let is = |name, test: &dyn Fn(&str) -> bool| {
                tree.attr(id, name)
                    .is_some_and(|value| test(&value.to_ascii_lowercase()))
            };
            is("rel", &|rel| {
                rel.split_whitespace().any(|it| it == "alternate")
            }) && is("type", &|kind| {
                TYPES.iter().any(|known| kind.starts_with(known))
            }) && !is("href", &|href| {
                href.contains("/comments/") || href.contains("wp-json")
            })
        })
        .filter_map(|id| resolve(base, tree.attr(id, "href")?))
        .take(20)
        .collect();
    feeds.dedup();
    feeds
}

/// A link's score, if it leads to another page of the site.
fn judge(tree: &Tree<'_>, anchor: Id, base: &Url, home: &Url) -> Option<(f64, CandidateUrl)> {
    let rel = tree.attr(anchor, "rel").unwrap_or_default();
    if rel
        .split_whitespace()
        .any(|it| it.eq_ignore_ascii_case("nofollow"))
    {
        return None;
    }
    let url = resolve(base, tree.attr(anchor, "href")?)?;
    if !same_site(&url, home) || url.path() == "/" || url == *home || is_media(&url) {
        return None;
    }
    let text = tree.text(anchor);
    let score = path_score(&url) + text_score(&text) + place_score(tree, anchor);
    let title = (!text.is_empty()).then(|| text.chars().take(300).collect());
    Some((
        score,
        CandidateUrl {
            url,
            title,
            dated: None,
            published: None,
        },
    ))
}

fn is_media(url: &Url) -> bool {
    let name = url.path().rsplit('/').next().unwrap_or_default();
    let ending = name
        .rsplit_once('.')
        .map(|(_, ending)| ending.to_ascii_lowercase());
    ending.is_some_and(|ending| MEDIA.contains(&ending.as_str()))
}

fn path_score(url: &Url) -> f64 {
    let segments: Vec<String> = url
        .path_segments()
        .into_iter()
        .flatten()
        .filter(|it| !it.is_empty())
        .map(str::to_ascii_lowercase)
        .collect();
    let Some(last) = segments.last() else {
        return 0.0;
    };
    if segments
        .iter()
        .any(|it| SERVICE_WORDS.contains(&it.as_str()))
    {
        return weight::SERVICE;
    }
    let mut score = 0.0;
    let words = last
        .split(['-', '_', '+'])
        .filter(|word| !word.is_empty())
        .count();
    let encoded = last.matches('%').count() / 9;
    score += weight::SLUG_WORD * (words.max(encoded).min(8) as f64 - 2.0).max(0.0);
    let query = url.query().unwrap_or_default();
    if has_number(last) || has_number(query) {
        score += weight::NUMBER;
    }
    let dated = has_date(&segments);
    if dated {
        score += weight::DATE;
    }
    if last.ends_with(".html") || last.ends_with(".htm") || last.ends_with(".php") {
        score += weight::DOCUMENT;
    }
    if !dated && words < 3 && !has_number(last) && query.is_empty() && !last.contains('%') {
        score += weight::SECTION;
    }
    score
}

fn has_number(text: &str) -> bool {
    text.split(|c: char| !c.is_ascii_digit())
        .any(|number| number.len() >= 4)
}

/// A year followed by a month, as two segments or in one.
fn has_date(segments: &[String]) -> bool {
    let is_year = |it: &str| it.len() == 4 && (it.starts_with("19") || it.starts_with("20"));
    let is_month = |it: &str| {
        it.parse::<u8>()
            .is_ok_and(|month| (1..=12).contains(&month))
    };
    let pair = segments
        .windows(2)
        .any(|pair| is_year(&pair[0]) && is_month(&pair[1]));
    pair || segments.iter().any(|it| {
        let parts: Vec<&str> = it.split(['-', '_']).collect();
        parts
            .windows(3)
            .any(|part| is_year(part[0]) && is_month(part[1]) && part[2].len() == 2)
    })
}

/// Characters of scripts without spaces say more each, so the bounds are low.
fn text_score(text: &str) -> f64 {
    match word_count(text) {
        4..=5 => weight::HEADLINE,
        6..=40 => weight::LONG_HEADLINE,
        _ => 0.0,
    }
}

fn place_score(tree: &Tree<'_>, anchor: Id) -> f64 {
    let mut score = 0.0;
    for above in tree.ancestors(anchor) {
        match tree.tag(above) {
            Tag::Nav | Tag::Footer | Tag::Aside | Tag::Menu => return weight::FRAME,
            Tag::H1 | Tag::H2 | Tag::H3 | Tag::H4 | Tag::Article => score = weight::HEADING,
            _ => {}
        }
    }
    score
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::{Document, Input};

    fn found(html: &str) -> Links {
        let base = Url::parse("https://paper.example/").unwrap();
        let input = Input::new(html.as_bytes());
        let document = Document::parse(&input, &Limits::DEFAULT);
        links(&document.page().tree, &base, &Limits::DEFAULT)
    }

    fn paths(html: &str) -> Vec<String> {
        found(html)
            .pages
            .iter()
            .map(|page| page.url.path().to_owned())
            .collect()
    }

    #[test]
    fn headlines_are_followed_and_the_frame_is_not() {
        let html = "<nav><a href=/politics>Politics</a><a href=/about>About us</a></nav>
            <h2><a href=/news/night-ferry-sails-again>Night ferry sails again</a></h2>
            <a href=/2026/11/23/tide>Tide</a>
            <a href=/tag/ferry-boats-and-ships>Ferry boats and more of them</a>
            <a href=/pictures/a-very-long-slug-here.jpg>Picture of the ferry at night</a>
            <a href=https://other.example/a-long-slug-of-words>Elsewhere there was news too</a>
            <a rel=nofollow href=/ad-for-a-very-long-cruise>A cruise you will never forget</a>
            <a href='mailto:a@b'>Write to us about the ferry</a>
            <a href='javascript:void(0)'>Open the long menu of things</a>
            <footer><a href=/privacy-policy>Privacy policy of this site</a></footer>";
        assert_eq!(
            paths(html),
            ["/news/night-ferry-sails-again", "/2026/11/23/tide"]
        );
    }

    #[test]
    fn sections_are_the_short_paths_of_the_menus() {
        let html = "<header><a href=/>Home</a><a href=/politics/>Politics</a>
            <a href=/world/asia>Asia</a><a href=/politics/>Politics</a><a href=/login>Log in</a>
            <a href=/news/night-ferry-sails-again>Night ferry</a><a href=/app.apk>App</a>
            <a href=https://shop.paper.example/books>Books</a></header>
            <p><a href=/harbour>the harbour</a></p>";
        let base = Url::parse("https://www.paper.example/").unwrap();
        let input = Input::new(html.as_bytes());
        let document = Document::parse(&input, &Limits::DEFAULT);
        let found = sections(&document.page().tree, &base, &Limits::DEFAULT);
        let paths: Vec<&str> = found.iter().map(|it| it.url.path()).collect();
        assert_eq!(paths, ["/politics/", "/world/asia"]);
    }

    #[test]
    fn scripts_without_hyphens_and_spaces_count_too() {
        let html = "<h3><a href='/news/%D0%BF%D0%B0%D1%80%D0%BE%D0%BC-%D0%B2%D1%8B%D1%88%D0%B5%D0%BB'>Паром вышел</a></h3>
            <a href=/articles/20261123001>夜のフェリーが再び出航</a>";
        assert_eq!(paths(html).len(), 2);
    }

    #[test]
    fn one_address_is_listed_once_with_its_best_text() {
        let html = "<a href='/a-b-c-d-1234?utm_medium=x'><img></a><h2><a href=/a-b-c-d-1234#x>Ferry sails again today</a></h2>";
        let links = found(html);
        assert_eq!(links.pages.len(), 1);
        assert_eq!(
            links.pages[0].title.as_deref(),
            Some("Ferry sails again today")
        );
    }

    #[test]
    fn feeds_are_found_and_base_and_nofollow_hold() {
        let html =
            "<base href=https://paper.example/de/><meta name=robots content='noindex, NoFollow'>
            <link rel=alternate type=application/rss+xml href=feed.xml>
            <link rel=alternate type=application/rss+xml href=/a/comments/feed>
            <h2><a href=ein-langer-name-1234>Eine lange Schlagzeile hier</a></h2>";
        let links = found(html);
        assert_eq!(links.feeds[0].as_str(), "https://paper.example/de/feed.xml");
        assert_eq!(links.feeds.len(), 1);
        assert!(links.pages.is_empty());
    }
}
