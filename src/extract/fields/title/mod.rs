//! The headline. Pages state it several times, each time a little differently: with the site's
//! name, shortened, or made for sharing. The heading that readers see is taken where a stated title
//! agrees with it, else the stated title that the page's text bears out best ([`choice`], [`page_text`]), without what
//! is none of the headline ([`site_suffix`]).

mod agreement;
mod choice;
mod generic;
mod kicker;
mod page_text;
mod segments;
mod shortened;
mod site_suffix;

use std::borrow::Cow;

use crate::extract::fields::candidate::{Candidate, Source};
use crate::extract::fields::sources::PageSources;
use crate::extract::fields::visible::Heading;
use crate::extract::fields::{field_text, meta};
use crate::limits::Limits;
use crate::page::{Id, Tree};
use crate::selectors::SelectorKey;
use choice::Titles;
pub(in crate::extract) use segments::Segments;
pub(super) use site_suffix::is_site_name;
pub(in crate::extract) use site_suffix::{Cut, Why};

/// `<meta>` titles of one page that are compared.
const META_TITLES: usize = 20;
/// Names of the site that stand in titles, besides those of [`PageSources::site_names`].
const SITE_NAMES: &[&str] = &[
    "apple-mobile-web-app-title",
    "sitename",
    "site_name",
    "publisher",
    "al:ios:app_name",
    "al:android:app_name",
    "shareaholic:site_name",
    "twitter:app:name:iphone",
];
/// Headings that are links to the front page, and name the site, that are read.
const HOME_LINKS: usize = 4;

/// A title, and the heading that shows it to readers.
#[derive(Debug, Clone)]
pub(super) struct Title<'p> {
    pub(super) text: Cow<'p, str>,
    heading: Option<&'p Heading>,
}

impl Title<'_> {
    /// True for a heading that is neither the page's main one nor marked as a headline. It counts only
    /// where a stated title contains it.
    pub(super) fn is_minor(&self) -> bool {
        self.heading.is_some_and(|it| !it.is_main && !it.is_marked)
    }
}

/// The headline of the page's markup, and where it stands if readers see it.
#[derive(Debug, Clone, Default)]
pub(super) struct Headline {
    pub(super) text: Option<String>,
    pub(super) node: Option<Id>,
    /// What the page states for machines, without the site's name.
    pub(super) stated: Vec<String>,
    /// A heading shows it.
    pub(super) is_heading: bool,
    /// Where it was cut out of something longer: the source.
    pub(super) source: Option<String>,
    /// What was cut off it.
    pub(super) cuts: Vec<Cut>,
}

/// What users' selectors find, what the page states for machines, its headings in document order, and
/// its `<title>`, which carries more than the headline.
pub(super) fn candidates<'p>(
    page: &'p PageSources<'_>,
) -> impl Iterator<Item = Candidate<'p, Title<'p>>> {
    let selected = page.selected(SelectorKey::Title);
    selected.map(stated).chain(of_markup(page))
}

/// The candidates that the page's markup states and shows.
fn of_markup<'p>(page: &'p PageSources<'_>) -> impl Iterator<Item = Candidate<'p, Title<'p>>> {
    let title = page.scan.title.iter();
    let title = title.map(|it| Candidate::borrowed(Source::Place("<title>"), it));
    let headings = page.scan.visible.headings.iter().map(|heading| {
        let title = Title {
            text: Cow::Borrowed(heading.text.as_str()),
            heading: Some(heading),
        };
        Candidate::new(Source::Place("heading"), title)
    });
    page.json_ld("headline", &page.linked.headline)
        .chain(page.metas(meta::TITLE).take(META_TITLES))
        .map(stated)
        .chain(headings)
        .chain(title.map(stated))
}

fn stated(candidate: Candidate<'_>) -> Candidate<'_, Title<'_>> {
    let title = Title {
        text: candidate.value,
        heading: None,
    };
    Candidate::new(candidate.source, title)
}

/// The title: a selector's, else the headline of the markup.
pub(super) fn decide(page: &PageSources<'_>, headline: &Headline) -> Option<String> {
    let mut selected = page.selected(SelectorKey::Title);
    let selected = selected.next().map(|it| it.value.into_owned());
    selected.or_else(|| headline.text.clone())
}

/// The headline of the page's markup.
pub(super) fn headline(page: &PageSources<'_>) -> Headline {
    choose(of_markup(page), &site_names(page), page.tree, page.limits)
}

/// The names of the site that may stand in a title, in plain form without spaces.
fn site_names(page: &PageSources<'_>) -> Vec<String> {
    let links = page
        .scan
        .visible
        .headings
        .iter()
        .filter(|it| it.is_home_link);
    let links = links.map(|it| it.text.as_str()).take(HOME_LINKS);
    let stated = page
        .scan
        .metas
        .all(SITE_NAMES)
        .map(|(_, name)| name)
        .take(META_TITLES);
    let linked = page.linked.sites.iter().map(String::as_str);
    let names = links.chain(stated).chain(linked);
    let names = names.filter_map(|it| page.clean(it));
    let plain = names.map(|it| field_text::plain(&it).replace(' ', ""));
    let is_name = |it: &String| !it.is_empty();
    page.site_names
        .iter()
        .cloned()
        .chain(plain.filter(is_name))
        .collect()
}

/// The heading that agrees with a stated title, else the stated title that the page bears out best.
fn choose<'p>(
    candidates: impl Iterator<Item = Candidate<'p, Title<'p>>>,
    sites: &[String],
    tree: &Tree<'_>,
    limits: &Limits,
) -> Headline {
    let titles = Titles::sorted(candidates, sites, limits);
    let stated = titles.stated.iter().map(|it| it.text.clone()).collect();
    let headline = titles.shown().unwrap_or_else(|| titles.stated_one(tree));
    Headline { stated, ..headline }
}

#[cfg(test)]
mod tests;
