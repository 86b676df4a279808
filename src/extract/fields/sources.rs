//! Everything the fields of one page are decided from, and the readers that several fields share.

use std::borrow::Cow;
use std::cell::OnceCell;

use url::Url;

use crate::extract::fields::candidate::{Candidate, Source};
use crate::extract::fields::json_ld::{self, LinkedData, PageNames};
use crate::extract::fields::scan::Scan;
use crate::extract::fields::texts::Texts;
use crate::extract::fields::{canonical_url, field_text, meta, visible};
use crate::extract::rules::site::SiteRules;
use crate::limits::Limits;
use crate::page::{Id, Input, Page, Tree, base_url};
use crate::selectors::SelectorKey;

/// Nodes before and after the headline whose text may be the byline or the date.
pub(super) const NEAR_HEADLINE: usize = 120;
/// A line with a name or a date in it and more characters than this is prose.
pub(super) const LINE_CHARS: usize = 100;
/// The value of a label that stands alone is within so many nodes after it.
pub(super) const AFTER_LABEL: usize = 12;
/// Names of the site that are read from one page.
const SITE_NAMES: usize = 20;

/// Everything that the fields are decided from.
#[derive(Debug)]
pub(super) struct PageSources<'p> {
    pub(super) tree: &'p Tree<'p>,
    pub(super) input: &'p Input<'p>,
    pub(super) rules: &'p SiteRules,
    pub(super) limits: &'p Limits,
    pub(super) scan: Scan<'p>,
    pub(super) linked: LinkedData,
    /// Names of the site in plain form, without spaces.
    pub(super) site_names: Vec<String>,
    /// What relative URLs are resolved against: `<base href>`, else the page's URL.
    pub(super) base: Option<Url>,
    /// The canonical URL, where the page states a plausible one.
    pub(super) canonical: Option<Url>,
    /// The lines with a labelled date, once they were asked for.
    pub(super) announced_lines: OnceCell<Vec<Id>>,
    /// What each text of the page may be, once that was asked for.
    texts: OnceCell<Texts>,
}

impl<'p> PageSources<'p> {
    pub(super) fn new(page: &'p Page<'p>, rules: &'p SiteRules) -> PageSources<'p> {
        let Page {
            input,
            tree,
            limits,
            ..
        } = page;
        let scan = Scan::of(tree, limits);
        let base = base_url(tree, input.url);
        let canonical = canonical_url::decide(&scan, input.url, base.as_ref());
        let names = page_names(&scan, input.url, canonical.as_ref());
        let linked = json_ld::read(&scan.json_ld, &names, limits);
        let url = input.url.or(canonical.as_ref());
        PageSources {
            site_names: site_names(&scan, &linked, url),
            tree,
            input,
            rules,
            limits,
            scan,
            linked,
            base,
            canonical,
            announced_lines: OnceCell::new(),
            texts: OnceCell::new(),
        }
    }

    /// The page's URL: as it was fetched, else as the page states it.
    pub(super) fn url(&self) -> Option<&Url> {
        self.input.url.or(self.canonical.as_ref())
    }

    /// The texts of the page that may be something.
    pub(super) fn texts(&self) -> &Texts {
        self.texts.get_or_init(|| Texts::of(self.tree))
    }

    /// What relative URLs are resolved against.
    pub(super) fn base(&self) -> Option<&Url> {
        self.base.as_ref()
    }

    /// What a user's selectors for a field find.
    pub(super) fn selected(&self, key: SelectorKey) -> impl Iterator<Item = Candidate<'_>> {
        self.rules.texts(key, self.tree).flat_map(|(own, texts)| {
            texts.map(move |text| Candidate::new(Source::Selector(own), Cow::Owned(text)))
        })
    }

    /// A property of JSON-LD.
    pub(super) fn json_ld<'s>(
        &self,
        property: &'static str,
        value: &'s Option<String>,
    ) -> impl Iterator<Item = Candidate<'s>> + use<'s> {
        let values = value.iter();
        values.map(move |value| Candidate::borrowed(Source::JsonLd(property), value))
    }

    /// Every `<meta>` of these names, in the order of the names.
    pub(super) fn metas(
        &self,
        names: &'static [&'static str],
    ) -> impl Iterator<Item = Candidate<'_>> {
        let all = self.scan.metas.all(names);
        all.map(|(name, content)| Candidate::borrowed(Source::Meta(name), content))
    }

    /// `raw` as a field; `None` where nothing readable is left.
    pub(super) fn clean(&self, raw: &str) -> Option<String> {
        field_text::clean(raw, self.limits)
    }

    /// A candidate's text as a field: selectors' as it is, the page's cleaned.
    pub(super) fn text(&self, candidate: Candidate<'_>) -> Option<String> {
        if candidate.is_selected() {
            Some(candidate.value.into_owned())
        } else {
            self.clean(&candidate.value)
        }
    }

    /// The modification dates that the page states for machines, in order of trust.
    pub(super) fn stated_modifications(&self) -> impl Iterator<Item = Candidate<'_>> {
        self.json_ld("dateModified", &self.linked.modified)
            .chain(self.metas(meta::MODIFIED))
    }

    /// The text of a node and what is below it, where it is no longer than a line.
    pub(super) fn line(&self, node: Id) -> Option<String> {
        visible::short_text(self.tree, node, LINE_CHARS)
    }

    /// The nodes after the headline, then those before it, nearest first.
    pub(super) fn near(&self, headline: Id) -> impl Iterator<Item = Id> + use<> {
        let end = self.tree.end(headline);
        let after = end..self.tree.len().min(end + NEAR_HEADLINE);
        after.chain((headline.saturating_sub(NEAR_HEADLINE)..headline).rev())
    }
}

/// The names by which JSON-LD may identify this page.
fn page_names(scan: &Scan<'_>, url: Option<&Url>, canonical: Option<&Url>) -> PageNames {
    let urls = [url, canonical].into_iter().flatten();
    let headings = scan.visible.headings.iter().filter(|it| it.is_main);
    let headings = headings.map(|it| it.text.as_str());
    let titles = scan
        .metas
        .contents("og:title")
        .iter()
        .copied()
        .chain(scan.title.as_deref())
        .chain(headings);
    PageNames {
        urls: urls.map(|url| json_ld::url_key(url.as_str())).collect(),
        titles: titles
            .filter_map(|title| field_text::clean(title, scan.limits))
            .map(|title| field_text::plain(&title))
            .collect(),
    }
}

/// Names of the site in plain form, without spaces: as stated, the host without `www`, and the
/// longest of its labels.
fn site_names(scan: &Scan<'_>, linked: &LinkedData, url: Option<&Url>) -> Vec<String> {
    const STATED: &[&str] = &["og:site_name", "application-name", "dc.publisher"];
    let clean = |raw: &str| field_text::clean(raw, scan.limits);
    let stated = scan.metas.all(STATED).map(|(_, name)| name);
    let stated = stated.chain(linked.publisher.as_deref()).take(SITE_NAMES);
    let mut names: Vec<String> = stated.filter_map(clean).collect();
    // Some systems state the headline for it.
    let headline = linked.headline.as_deref().and_then(clean);
    names.retain(|name| Some(name) != headline.as_ref());
    if let Some(host) = url.and_then(Url::host_str) {
        let host = host.strip_prefix("www.").unwrap_or(host);
        names.push(host.to_owned());
        let labels: Vec<&str> = host.split('.').collect();
        let without_ending = &labels[..labels.len().saturating_sub(1)];
        let longest = without_ending.iter().max_by_key(|it| it.len());
        names.extend(longest.map(|&it| it.to_owned()));
    }
    let plain = names
        .iter()
        .map(|name| field_text::plain(name).replace(' ', ""));
    plain.filter(|name| !name.is_empty()).collect()
}
