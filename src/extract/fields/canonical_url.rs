//! The canonical URL. Pages state the front page or a section for it, so a candidate holds only where
//! it may be this page's.

use url::Url;

use crate::canonical::{names_article, same_site};
use crate::extract::fields::candidate::{Candidate, Source};
use crate::extract::fields::scan::Scan;
use crate::extract::fields::url::resolve;
use crate::limits::Limits;

/// What the page states, in order of trust.
pub(super) fn candidates<'p>(scan: &'p Scan<'_>) -> impl Iterator<Item = Candidate<'p>> {
    let links = scan.canonical.iter();
    let links = links.map(|it| Candidate::borrowed(Source::Place("link rel=canonical"), it));
    let og = scan.metas.get("og:url").into_iter();
    links.chain(og.map(|it| Candidate::borrowed(Source::Meta("og:url"), it)))
}

/// The first candidate that may be the URL of the page at `page`.
pub(super) fn decide(scan: &Scan<'_>, page: Option<&Url>, base: Option<&Url>) -> Option<Url> {
    let mut stated = candidates(scan);
    stated.find_map(|it| plausible(&it.value, page, base, scan.limits))
}

/// `raw` as a URL of the same site that is neither its front page nor the section above the page,
/// which some sites state on every page.
fn plausible(raw: &str, page: Option<&Url>, base: Option<&Url>, limits: &Limits) -> Option<Url> {
    let is_plausible = |url: &Url| {
        page.is_none_or(|page| {
            same_site(url, page) && is_front(page) >= is_front(url) && !is_section_of(url, page)
        })
    };
    // A base of another site leads nowhere that could be this page.
    let own = base.filter(|base| page.is_none_or(|page| same_site(base, page)));
    resolve(raw, own.or(page), limits).filter(is_plausible)
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

    /// The first of `stated` that may be the URL of `page`.
    fn first(stated: &[&str], page: &str) -> Option<String> {
        let page = Url::parse(page).unwrap();
        let mut stated = stated.iter();
        let url = stated.find_map(|raw| plausible(raw, Some(&page), None, &Limits::DEFAULT))?;
        Some(url.into())
    }

    #[test]
    fn a_canonical_url_is_believed_where_it_can_be_the_page() {
        let of = |stated: &[&str]| first(stated, "https://news.example/sea/ferry?from=mail");
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
    fn a_section_is_not_the_url_of_the_article_below_it() {
        let of = |stated| first(&[stated], "https://news.example/sea/ferry-sails-again/");
        assert_eq!(of("https://news.example/sea/"), None);
        assert!(of("https://news.example/sea/ferry-sails-again").is_some());
        assert!(of("https://news.example/sea-ferry-again").is_some());
        let second = "https://news.example/sea/ferry-sails-again/2";
        assert!(first(&["https://news.example/sea/ferry-sails-again"], second).is_some());
    }

    #[test]
    fn a_front_page_may_name_itself() {
        let front = "https://news.example/";
        let stated = first(&["https://news.example"], front);
        assert_eq!(stated.as_deref(), Some(front));
    }
}
