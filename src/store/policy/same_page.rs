//! Whether two addresses can be told to be one page without reading them. A page's canonical URL is
//! believed at once where they can; any other is believed once its page has been seen.

use std::collections::HashSet;

use url::Url;

use crate::canonical::pages::{PAGE_PARAMETERS, last_segment, page_number};
use crate::canonical::{dedup_key, names_article};

/// Digits of a number that is an article's id: shorter ones are parts and days.
const ID_DIGITS: usize = 4;
/// Words of a segment that names an article by its headline.
const HEADLINE_WORDS: usize = 3;

/// Hosts that serve another view of the same pages.
const VIEW_HOSTS: [&str; 4] = ["www.", "m.", "amp.", "mobile."];

/// True where both addresses are the same page: they differ only in scheme, `www.`, tracking, view
/// (AMP, print), a trailing slash or parameters that choose nothing, or name the same article by
/// headline or by number.
pub(crate) fn is_same_page(page: &Url, other: &Url) -> bool {
    if dedup_key(page) == dedup_key(other) {
        return true;
    }
    if is_further_page(page, other)
        || !dates_agree(page, other)
        || languages(page) != languages(other)
    {
        return false;
    }
    if page.path() == other.path() && host(page) == host(other) {
        let (dropped, added) = (extra(page, other), extra(other, page));
        // Where the path names an article, a small number chooses no other.
        let most_digits = if names_article(last_segment(page.path())) {
            2
        } else {
            0
        };
        let chooses = |pair: &&str| pair.bytes().filter(u8::is_ascii_digit).count() > most_digits;
        return added.is_empty() && !dropped.iter().any(chooses) && !is_front(other);
    }
    Names::of(page).agree(&Names::of(other))
}

/// True where `page` is the second or a further page of the article at `first`: `?page=2`; and `?p=2`,
/// `/2` or `/page/2` after a segment that names an article.
pub(crate) fn is_further_page(page: &Url, first: &Url) -> bool {
    let path = first.path().trim_end_matches('/');
    let named = names_article(last_segment(first.path()));
    if host(page) != host(first) || is_front(first) {
        return false;
    }
    if page.path().trim_end_matches('/') == path {
        let (numbers, others) = (extra(page, first), extra(first, page));
        let is_number = |pair: &&str| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            PAGE_PARAMETERS.contains(&name)
                && (named || name != "p")
                && page_number(value).is_some()
        };
        return !numbers.is_empty() && others.is_empty() && numbers.iter().all(is_number);
    }
    let rest = page.path().strip_prefix(path).unwrap_or_default();
    let rest = rest.trim_matches('/');
    let number = rest.strip_prefix("page/").unwrap_or(rest);
    named && page.query() == first.query() && page_number(number).is_some()
}

fn host(url: &Url) -> &str {
    let host = url.host_str().unwrap_or_default();
    let mut views = VIEW_HOSTS.iter();
    views
        .find_map(|view| host.strip_prefix(view))
        .unwrap_or(host)
}

fn is_front(url: &Url) -> bool {
    matches!(url.path(), "" | "/" | "/index.html" | "/index.php")
}

/// The parameters of `url` that `other` lacks.
fn extra<'u>(url: &'u Url, other: &Url) -> Vec<&'u str> {
    let known: HashSet<&str> = pairs(other).collect();
    pairs(url).filter(|pair| !known.contains(pair)).collect()
}

fn pairs(url: &Url) -> impl Iterator<Item = &str> {
    let query = url.query().unwrap_or_default();
    query.split('&').filter(|pair| !pair.is_empty())
}

/// True unless both addresses have a date among their folders (`/2026/11/24/`) and the dates differ.
fn dates_agree(one: &Url, two: &Url) -> bool {
    let date = |url: &Url| -> Vec<String> {
        let mut segments: Vec<&str> = url.path().trim_end_matches('/').split('/').collect();
        segments.pop();
        let is_part = |it: &&str| !it.is_empty() && it.bytes().all(|byte| byte.is_ascii_digit());
        let parts = segments.into_iter().filter(is_part);
        parts.map(str::to_owned).collect()
    };
    let (one, two) = (date(one), date(two));
    one.len() < 2 || two.len() < 2 || one == two
}

/// The labels of the host and the folders that read like languages: `de`, `pt-br`.
fn languages(url: &Url) -> Vec<&str> {
    let labels = url.host_str().unwrap_or_default().split('.').rev().skip(2);
    let mut folders: Vec<&str> = url.path().split('/').collect();
    folders.pop();
    let is_language = |it: &&str| {
        let letters = it.bytes().filter(u8::is_ascii_alphabetic).count();
        let is_tag = it.len() == 2 || (it.len() == 5 && it.as_bytes()[2] == b'-');
        is_tag && letters == it.len() / 2 * 2
    };
    labels.chain(folders).filter(is_language).collect()
}

/// What an address names its article by.
struct Names {
    /// The last segment without its extension, in lower case, where it reads like a headline.
    headline: Option<String>,
    /// Its words.
    words: HashSet<String>,
    /// The numbers of the last segment and the query that are no dates.
    ids: HashSet<String>,
}

impl Names {
    fn of(url: &Url) -> Names {
        let last = last_segment(url.path()).to_lowercase();
        let last = last.split('.').next().unwrap_or_default();
        let words: HashSet<String> = last
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| word.chars().any(char::is_alphabetic))
            .map(str::to_owned)
            .collect();
        let query = url.query().unwrap_or_default();
        let numbers = [last, query].into_iter().flat_map(numbers);
        Names {
            headline: (names_article(last) && !words.is_empty()).then(|| last.to_owned()),
            ids: numbers.map(str::to_owned).collect(),
            words,
        }
    }

    fn agree(&self, other: &Names) -> bool {
        if self.headline.is_some() && self.headline == other.headline {
            return true;
        }
        let ids_agree = !self.ids.is_empty()
            && !other.ids.is_empty()
            && (self.ids.is_subset(&other.ids) || other.ids.is_subset(&self.ids));
        ids_agree && self.headlines_agree(other)
    }

    /// True unless both have a headline and these have less than half of their words in common.
    fn headlines_agree(&self, other: &Names) -> bool {
        let least = self.words.len().min(other.words.len());
        let common = self.words.intersection(&other.words).count();
        least < HEADLINE_WORDS || common * 2 >= least
    }
}

/// The runs of digits that can be an article's id: long enough, and no year or day.
fn numbers(text: &str) -> impl Iterator<Item = &str> {
    let runs = text.split(|c: char| !c.is_ascii_digit());
    runs.filter(|run| run.len() >= ID_DIGITS && !is_date(run))
}

/// `2026`, `202611` or `20261124`.
fn is_date(run: &str) -> bool {
    let part = |from: usize, to: usize| run.get(from..to).and_then(|it| it.parse::<u32>().ok());
    let is_year = part(0, 4).is_some_and(|year| (1900..2100).contains(&year));
    let is_month = part(4, 6).is_none_or(|month| (1..=12).contains(&month));
    let is_day = part(6, 8).is_none_or(|day| (1..=31).contains(&day));
    matches!(run.len(), 4 | 6 | 8) && is_year && is_month && is_day
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(path: &str) -> Url {
        Url::parse("https://www.daily.test/")
            .unwrap()
            .join(path)
            .unwrap()
    }

    #[test]
    fn addresses_that_name_one_article_are_one_page() {
        for (page, canonical) in [
            ("http://daily.test/news/ferry", "/news/ferry/"),
            ("/news/ferry?from=feed", "/news/ferry"),
            ("/news/ferry?utm_source=x", "/news/ferry"),
            ("/ferry-sails-again/amp", "/ferry-sails-again"),
            (
                "/sea/ferry-sails-again",
                "/news/2026/11/ferry-sails-again.html",
            ),
            (
                "//amp.daily.test/sea/ferry-sails-again.amp.html",
                "/sea/ferry-sails-again",
            ),
            ("/print/48213", "/news/ferry-sails-again-48213.html"),
            ("/print.php?id=48213&section=2", "/news/48213/"),
            ("/?p=48213", "/news/ferry-sails-again-48213"),
            (
                "/a/ferry-sails-again-48213",
                "/a/ferry-sails-again-at-last-48213",
            ),
        ] {
            assert!(
                is_same_page(&url(page), &url(canonical)),
                "{page} {canonical}"
            );
        }
    }

    #[test]
    fn the_address_of_another_page_is_not_this_page() {
        for (page, canonical) in [
            ("/news/a", "/news/b"),
            ("/news/ferry-sails-again", "/news/bridge-closes-again"),
            (
                "/news/ferry-sails-again-48213",
                "/news/bridge-stays-closed-48214",
            ),
            ("/news/ferry-for-10000-people", "/news/bridge-of-10000-tons"),
            ("/news/a-20001?cat=5000", "/news/b-20002?cat=5000"),
            ("/view?id=7", "/view?id=8"),
            ("/view?id=48213", "/view"),
            ("/view?id=7", "/view"),
            ("/?p=12", "/"),
            ("/2026/11/24/news-in-brief", "/2026/11/25/news-in-brief"),
            ("/de/ferry-sails-again", "/en/ferry-sails-again"),
            ("//pt.daily.test/a-48213", "//es.daily.test/a-48213"),
            ("/news/2026", "/sport/2026"),
            ("/city/48213", "/city/"),
            ("/news/ferry-sails-again", "/sport/"),
            ("/news/ferry-sails-again?page=2", "/news/ferry-sails-again"),
        ] {
            assert!(
                !is_same_page(&url(page), &url(canonical)),
                "{page} {canonical}"
            );
        }
    }

    #[test]
    fn further_pages_of_an_article_are_numbered() {
        for page in ["?page=2", "?p=12", "/2", "/page/2/"] {
            let page = url(&format!("/news/ferry-sails-again{page}"));
            assert!(
                is_further_page(&page, &url("/news/ferry-sails-again")),
                "{page}"
            );
        }
        assert!(is_further_page(&url("/ferry?seite=2"), &url("/ferry")));
        for (page, first) in [
            ("/ferry?p=2", "/ferry"),
            ("/?page=2", "/"),
            ("/news/ferry-sails-again?p=1201", "/news/ferry-sails-again"),
            ("/news/ferry-sails-again?id=2", "/news/ferry-sails-again"),
            ("/news/ferry-sails-again", "/news/ferry-sails-again"),
            ("/?p=2", "/"),
            ("/news/2", "/news"),
            (
                "/news/bridge-closes-again?page=2",
                "/news/ferry-sails-again",
            ),
        ] {
            assert!(!is_further_page(&url(page), &url(first)), "{page}");
        }
    }
}
