//! What a page states about its article: title, authors, dates, section, tags, language, image,
//! canonical URL, access and opt-outs, from users' selectors, JSON-LD, `<meta>` and visible markup.
//!
//! One walk collects what is there (`scan`). Each field has a module with its candidates in order of
//! trust; the decision takes the first that holds, and `explain` shows the list. No rule names a site.

mod access;
mod byline;
mod candidate;
mod canonical_url;
mod date_lines;
mod date_reader;
mod dates;
mod description;
mod explain;
mod field_text;
mod generic_names;
mod image;
mod json_ld;
mod kind;
mod language;
mod line_prefixes;
mod marked_dates;
mod meta;
mod meta_line;
mod modification_date;
mod names;
mod next_page;
mod publication_date;
mod rights;
mod scan;
mod section;
mod site_name;
mod sources;
mod tags;
mod texts;
mod title;
mod url;
mod visible;

use ::url::Url;

use crate::article::{Access, Kind, Rights};
use crate::extract::rules::site::SiteRules;
use crate::page::Page;
use crate::selectors::SelectorKey;
pub use explain::{FieldExplanation, SourceValue};
use generic_names::KnownNames;
pub(super) use language::of_page as language_of_page;
pub use meta_line::{MetaLine, MetaLines};
use rights::RightsSources;
use sources::PageSources;
pub(super) use title::{Cut, Segments, Why};

/// The fields of a page, each `None` or empty where the page does not state it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Fields {
    /// The headline, without the site's name.
    pub title: Option<String>,
    /// Every title that the page states for machines, without the site's name: a headline that readers see may
    /// be any of them.
    pub stated_titles: Vec<String>,
    /// A heading that readers see, or a user's selector, states the title.
    pub(in crate::extract) is_title_shown: bool,
    /// What was cut off the title because other pages of the site have it, too.
    pub(in crate::extract) title_cuts: Vec<Cut>,
    /// The meta description or JSON-LD's.
    pub description: Option<String>,
    /// One name each.
    pub authors: Vec<String>,
    /// RFC 3339, without an offset where the page states none; or a day alone.
    pub published: Option<String>,
    /// As [`Fields::published`].
    pub modified: Option<String>,
    /// The section of the newspaper.
    pub section: Option<String>,
    /// Keywords.
    pub tags: Vec<String>,
    /// BCP 47.
    pub language: Option<String>,
    /// The site's name.
    pub site_name: Option<String>,
    /// Absolute URL.
    pub image: Option<String>,
    /// `rel=canonical`, absolute, where it may be this article's.
    pub canonical: Option<Url>,
    /// The next page of the article, where the page links to one.
    pub next_page: Option<Url>,
    /// Whether reading it costs money.
    pub access: Option<Access>,
    /// Opt-outs.
    pub rights: Rights,
    /// The kind that the markup declares (JSON-LD `@type`, `og:type`).
    pub declared_kind: Option<Kind>,
    /// [`Fields::declared_kind`], or what the title or the address calls the page: a live blog, a
    /// gallery.
    pub called_kind: Option<Kind>,
    /// Every type that JSON-LD names, of any node, and `og:type` after `og:`; each as written.
    pub types: Vec<String>,
    /// JSON-LD's `articleBody`, where the page has one.
    pub article_body: Option<String>,
    /// What relative URLs are resolved against: `<base href>`, else the page's URL.
    pub base: Option<Url>,
    /// Warnings: `date_from_url`, `published_from_update`, `date_from_hijri`,
    /// `date_from_relative`.
    pub warnings: Vec<&'static str>,
}

/// Collects the fields of a page from its tree, its server's headers and the selectors that users
/// wrote for its site.
pub fn collect(page: &Page<'_>, rules: &SiteRules) -> Fields {
    decide(&PageSources::new(page, rules))
}

/// Every field with its candidates. `fields` and `language` are the record's: the text's language, where
/// the page declares none or another.
pub(super) fn explain(
    page: &Page<'_>,
    rules: &SiteRules,
    fields: &Fields,
    language: Option<&str>,
) -> Vec<FieldExplanation> {
    explain::explain(&PageSources::new(page, rules), fields, language)
}

/// Decides every field. What a user's selector finds is the field's value, and changes no other field.
fn decide(page: &PageSources<'_>) -> Fields {
    let headline = title::headline(page);
    let text = headline.text.as_deref();
    let dates = publication_date::Candidates::new(page, headline.node);
    let published = dates.decide();
    let modified = modification_date::decide(&dates, published);
    let selected = dates.selected().or(published.date);
    let authors = byline::decide(page, &headline);
    let known = KnownNames::of(page, text, &authors);
    let section = section::decide(page, &known);
    let tags = tags::decide(page, &known, section.as_deref());
    Fields {
        title: title::decide(page, &headline),
        is_title_shown: headline.is_heading || page.selected(SelectorKey::Title).next().is_some(),
        title_cuts: Vec::new(),
        description: description::decide(page),
        authors,
        section,
        tags,
        published: selected.map(|date| page.recorded(date)),
        modified: modified.map(|date| page.recorded(date)),
        language: language::declared(page),
        site_name: site_name::decide(page),
        image: image::decide(page, headline.node),
        canonical: page.canonical.clone(),
        next_page: next_page::decide(page),
        access: access::decide(&page.linked, &page.scan.metas),
        rights: RightsSources::of(page).decide(),
        declared_kind: kind::declared(page),
        called_kind: kind::called(page, text),
        types: kind::types(page),
        article_body: page.linked.body.clone(),
        base: page.base.clone(),
        warnings: publication_date::warnings(published, [selected, modified]),
        stated_titles: headline.stated,
    }
}

#[cfg(test)]
mod tests;
