//! Crawl traps: URLs that a site's own software can generate without end, such as calendars,
//! facets, session ids and paths that repeat themselves. [`is_trap`] decides what one URL alone
//! shows. What shows only over many URLs is counted by the [`url_pattern`] they share; the frontier
//! stores those counts.

use url::Url;

use crate::canonical::names_article;

/// The most segments a path may have. The deepest article path seen so far has nine.
const SEGMENTS: usize = 16;
/// A path in which one segment occurs this often is a trap: `/a/b/a/b/a/b` is a broken relative link.
const REPEATS: usize = 3;
/// The most query parameters a URL may have; more are a choice of facets, not the name of an article.
const PARAMETERS: usize = 8;

/// True for a URL that no article has.
pub fn is_trap(url: &Url) -> bool {
    // Links are judged by the thousand, and most paths are far too short to repeat anything.
    let mut segments = [""; SEGMENTS];
    let mut count = 0;
    for segment in url.path().split('/').filter(|it| !it.is_empty()) {
        let Some(place) = segments.get_mut(count) else {
            return true;
        };
        *place = segment;
        count += 1;
    }
    let segments = &segments[..count];
    let repeats = |segment: &&str| segments.iter().filter(|it| *it == segment).count();
    (count >= REPEATS && segments.iter().any(|segment| repeats(segment) >= REPEATS))
        || url
            .query()
            .is_some_and(|query| query.split('&').count() > PARAMETERS)
}

/// The pattern of a URL: its host, its folders with numbers as `#`, and the names of its query
/// parameters. `/calendar/2026/11?view=day&d=24` becomes `/calendar/#/?d&view`. Folders that look
/// like an article's name become `*`, so that everything below articles shares one pattern.
pub fn url_pattern(url: &Url) -> String {
    let mut pattern = url.host_str().unwrap_or_default().to_owned();
    let (folders, _) = url.path().rsplit_once('/').unwrap_or_default();
    for folder in folders.split('/') {
        let is_number = folder.bytes().all(|byte| byte.is_ascii_digit());
        pattern.push_str(match folder {
            "" => "",
            _ if is_number => "#",
            _ if names_article(folder) => "*",
            _ => folder,
        });
        pattern.push('/');
    }
    let query = url.query().unwrap_or_default();
    let mut names: Vec<&str> = query
        .split('&')
        .filter_map(|pair| pair.split('=').next())
        .filter(|name| !name.is_empty())
        .collect();
    names.sort_unstable();
    names.dedup();
    if !names.is_empty() {
        pattern.push('?');
        pattern.push_str(&names.join("&"));
    }
    pattern
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(path: &str) -> Url {
        Url::parse("https://daily.test")
            .unwrap()
            .join(path)
            .unwrap()
    }

    #[test]
    fn urls_without_end_are_distinguished_from_deep_ones() {
        for trap in [
            "/a/b/a/b/a/b",
            "/news/news/news/",
            "/?a=1&b=2&c=3&d=4&e=5&f=6&g=7&h=8&i=9",
            "/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17",
        ] {
            assert!(is_trap(&url(trap)), "{trap}");
        }
        for page in ["/", "/news/2026/11/24/11/ferry", "/a/a/b", "/?id=1&page=2"] {
            assert!(!is_trap(&url(page)), "{page}");
        }
    }

    #[test]
    fn urls_that_differ_in_numbers_and_values_share_a_pattern() {
        for (one, other) in [
            (
                "/calendar/2026/11?view=day&d=24",
                "/calendar/2031/02?d=3&view=week",
            ),
            (
                "/shop/?color=red&size=1",
                "/shop/?size=9&color=blue&color=green",
            ),
            (
                "/news/ferry-sails-again/comments/7",
                "/news/council-votes-late/comments/8",
            ),
        ] {
            assert_eq!(url_pattern(&url(one)), url_pattern(&url(other)));
        }
        assert_ne!(url_pattern(&url("/news/a")), url_pattern(&url("/tag/a")));
        assert_ne!(
            url_pattern(&url("/news/a?p=1")),
            url_pattern(&url("/news/a?sort=1"))
        );
    }
}
