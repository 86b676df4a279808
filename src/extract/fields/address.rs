//! Addresses that a page states: its base, its canonical address, its lead image; believed only as
//! far as they make sense.

use url::Url;

use crate::canonical::{names_article, same_site};
use crate::limits::Limits;

/// `raw` as an absolute web address; relative ones are resolved against `base`.
pub(super) fn resolve(raw: &str, base: Option<&Url>) -> Option<Url> {
    let raw = raw.trim();
    if raw.is_empty() || raw.len() > Limits::DEFAULT.url_chars {
        return None;
    }
    let url = match base {
        Some(base) => base.join(raw),
        None => Url::parse(raw),
    };
    url.ok()
        .filter(|url| matches!(url.scheme(), "http" | "https") && url.host_str().is_some())
}

/// The first of the stated canonical addresses that may be the page's: of the same site, and not
/// the front page or the section above it, which some sites state on every page.
pub(super) fn canonical<'a>(
    stated: impl Iterator<Item = &'a str>,
    page: Option<&Url>,
    base: Option<&Url>,
) -> Option<Url> {
    let mut believable = stated
        .filter_map(|raw| resolve(raw, base.or(page)))
        .filter(|url| {
            page.is_none_or(|page| {
                same_site(url, page) && is_front(page) >= is_front(url) && !is_section_of(url, page)
            })
        });
    believable.next()
}

/// True where `url` is a folder above `page` and reads like a section: `/news/` on
/// `/news/2026/ferry-sails-again`.
fn is_section_of(url: &Url, page: &Url) -> bool {
    let last = |path: &str| {
        let last = path.trim_end_matches('/').rsplit('/').next();
        names_article(last.unwrap_or_default())
    };
    let folder = url.path().trim_end_matches('/');
    let below = page.path().strip_prefix(folder).unwrap_or_default();
    url.query().is_none()
        && below.len() > 1
        && below.starts_with('/')
        && last(page.path())
        && !last(folder)
}

fn is_front(url: &Url) -> bool {
    url.query().is_none() && matches!(url.path(), "" | "/" | "/index.html" | "/index.php")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(stated: &[&str]) -> Option<String> {
        let page = Url::parse("https://news.example/sea/ferry?from=mail").unwrap();
        canonical(stated.iter().copied(), Some(&page), None).map(String::from)
    }

    #[test]
    fn a_canonical_address_is_believed_where_it_can_be_the_page() {
        assert_eq!(
            of(&["/sea/ferry"]).as_deref(),
            Some("https://news.example/sea/ferry")
        );
        assert_eq!(of(&["https://elsewhere.example/ferry"]), None);
        assert_eq!(of(&["https://news.example/"]), None, "not the front page");
        assert_eq!(of(&["javascript:void(0)", "data:text/html,x"]), None);
        assert_eq!(
            of(&["https://news.example/", "https://news.example/b"]).as_deref(),
            Some("https://news.example/b")
        );
    }

    #[test]
    fn a_section_is_not_the_address_of_the_article_below_it() {
        let page = Url::parse("https://news.example/sea/ferry-sails-again/").unwrap();
        let of = |stated| canonical([stated].into_iter(), Some(&page), None);
        assert_eq!(of("https://news.example/sea/"), None);
        assert!(of("https://news.example/sea/ferry-sails-again").is_some());
        assert!(of("https://news.example/sea-ferry-again").is_some());
        let second = Url::parse("https://news.example/sea/ferry-sails-again/2").unwrap();
        let first = "https://news.example/sea/ferry-sails-again";
        assert!(canonical([first].into_iter(), Some(&second), None).is_some());
    }

    #[test]
    fn a_front_page_may_name_itself() {
        let front = Url::parse("https://news.example/").unwrap();
        let stated = canonical(["https://news.example"].into_iter(), Some(&front), None);
        assert_eq!(stated, Some(front));
    }
}
