//! Crawl traps: addresses that a site's own software can make without end, such as calendars,
//! facets, session ids and paths that repeat themselves. What can be told from one address is told
//! here ([`is_trap`]); what shows only over many is told by the [`shape`] that they share, which the
//! frontier keeps count of.

use url::Url;

use crate::canonical::names_article;

/// Segments of a path. The deepest article of the papers we know has nine.
const SEGMENTS: usize = 16;
/// Times that one segment may stand in a path: `/a/b/a/b/a/b` is a relative link gone wrong.
const REPEATS: usize = 3;
/// Parameters of a query: facets are chosen, articles are named.
const PARAMETERS: usize = 8;

/// True for an address that no article has.
pub fn is_trap(url: &Url) -> bool {
    let segments: Vec<&str> = url.path().split('/').filter(|it| !it.is_empty()).collect();
    let repeats = |segment: &&str| segments.iter().filter(|it| *it == segment).count();
    segments.len() > SEGMENTS
        || segments.iter().any(|segment| repeats(segment) >= REPEATS)
        || url
            .query()
            .is_some_and(|query| query.split('&').count() > PARAMETERS)
}

/// What addresses of one make have in common: the host, the folders with their numbers as `#`, and
/// the names of the parameters. `/calendar/2026/11?view=day&d=24` is `/calendar/#/?d&view`. Folders
/// that read like an article's are `*`, so that what hangs below articles counts as one.
pub fn shape(url: &Url) -> String {
    let mut shape = url.host_str().unwrap_or_default().to_owned();
    let (folders, _) = url.path().rsplit_once('/').unwrap_or_default();
    for folder in folders.split('/') {
        let is_number = folder.bytes().all(|byte| byte.is_ascii_digit());
        shape.push_str(match folder {
            "" => "",
            _ if is_number => "#",
            _ if names_article(folder) => "*",
            _ => folder,
        });
        shape.push('/');
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
        shape.push('?');
        shape.push_str(&names.join("&"));
    }
    shape
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
    fn addresses_without_end_are_told_from_deep_ones() {
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
    fn addresses_of_one_make_share_a_shape() {
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
            assert_eq!(shape(&url(one)), shape(&url(other)));
        }
        assert_ne!(shape(&url("/news/a")), shape(&url("/tag/a")));
        assert_ne!(shape(&url("/news/a?p=1")), shape(&url("/news/a?sort=1")));
    }
}
