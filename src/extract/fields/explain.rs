//! The fields with their candidates, as `explain` shows them: the value, the source that states it, and
//! what other sources state, in the order of trust in which the decision goes through them.

use serde::Serialize;

use crate::extract::fields::candidate::{Candidate, Source};
use crate::extract::fields::generic_names::KnownNames;
use crate::extract::fields::rights::RightsSources;
use crate::extract::fields::sources::PageSources;
use crate::extract::fields::title::Headline;
use crate::extract::fields::{
    Fields, access, byline, canonical_url, description, field_text, image, json_ld, language,
    modification_date, next_page, publication_date, section, site_name, tags, title,
};
use crate::selectors::SelectorKey;

/// A field, its value, and the values that its sources state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldExplanation {
    /// The field of the record.
    pub field: &'static str,
    /// Its value; `None` where it is empty.
    pub value: Option<String>,
    /// The source of the value; `None` where it was made of several.
    pub source: Option<String>,
    /// What other sources state, in order of trust.
    pub rejected: Vec<SourceValue>,
}

/// What one source states for a field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SourceValue {
    /// The source: `json-ld headline`, `meta og:title`, `<h1>`…
    pub source: String,
    /// What it states.
    pub value: String,
}

impl FieldExplanation {
    /// Finds the source of a value: the first candidate that states the same. Of the others, each
    /// value is listed once.
    fn new<'p>(
        field: &'static str,
        value: Option<String>,
        candidates: impl Iterator<Item = Candidate<'p, String>>,
        is_same: impl Fn(&str, &str) -> bool,
    ) -> FieldExplanation {
        let mut source = None;
        let mut rejected: Vec<SourceValue> = Vec::new();
        for candidate in candidates {
            let stated = candidate.value;
            let is_taken = value.as_deref().is_some_and(|it| is_same(&stated, it));
            if is_taken {
                source.get_or_insert_with(|| candidate.source.to_string());
            } else if !rejected.iter().any(|it| is_same(&it.value, &stated)) {
                rejected.push(SourceValue {
                    source: candidate.source.to_string(),
                    value: stated,
                });
            }
        }
        FieldExplanation {
            field,
            value,
            source,
            rejected,
        }
    }
}

/// Explains every field. `language` is the record's: the text's, where that contradicts the page.
pub(super) fn explain(
    page: &PageSources<'_>,
    fields: &Fields,
    language: Option<&str>,
) -> Vec<FieldExplanation> {
    let headline = title::headline(page);
    let mut explained = vec![
        explain_title(page, fields, &headline),
        explain_text(
            page,
            "description",
            fields.description.as_ref(),
            description::candidates(page),
        ),
        explain_authors(page, fields, &headline),
    ];
    explained.extend(explain_dates(page, fields, &headline));
    explained.extend([
        explain_section(page, fields, &headline),
        explain_tags(page, fields),
        explain_language(page, fields, language),
        explain_text(
            page,
            "site_name",
            fields.site_name.as_ref(),
            site_name::candidates(page),
        ),
        explain_image(page, fields, &headline),
        explain_access(page, fields),
        explain_canonical_url(page, fields),
    ]);
    explained.extend(explain_next_page(page, fields));
    explained.extend(explain_rights(page, fields));
    explained
}

/// A candidate as it is shown: what JSON-LD and `<meta>` state is cleaned, the rest is shown as it
/// stands in the page.
fn shown<'p>(page: &PageSources<'_>, candidate: Candidate<'p>) -> Option<Candidate<'p, String>> {
    let is_stated = matches!(candidate.source, Source::JsonLd(_) | Source::Meta(_));
    candidate.and_then(|text| {
        if is_stated {
            page.clean(&text)
        } else {
            Some(text.into_owned())
        }
    })
}

/// True where two values differ in punctuation and case alone.
fn reads_the_same(one: &str, other: &str) -> bool {
    field_text::plain(one) == field_text::plain(other)
}

fn is_equal(one: &str, other: &str) -> bool {
    one == other
}

fn explain_text<'p>(
    page: &PageSources<'_>,
    field: &'static str,
    value: Option<&String>,
    candidates: impl Iterator<Item = Candidate<'p>>,
) -> FieldExplanation {
    let candidates = candidates.filter_map(|it| shown(page, it));
    FieldExplanation::new(field, value.cloned(), candidates, reads_the_same)
}

/// Minor headings are many, and listed only where they are the title.
fn explain_title(page: &PageSources<'_>, fields: &Fields, headline: &Headline) -> FieldExplanation {
    let value = fields.title.as_deref().unwrap_or_default();
    let candidates = title::candidates(page)
        .filter(|it| !it.value.is_minor() || reads_the_same(&it.value.text, value))
        .filter_map(|it| shown(page, Candidate::new(it.source, it.value.text)));
    let mut explained =
        FieldExplanation::new("title", fields.title.clone(), candidates, reads_the_same);
    // What was cut out of something longer is shown with that, even where another source states the same.
    let is_cut = !headline.cuts.is_empty() || !fields.title_cuts.is_empty();
    let is_selected = page.selected(SelectorKey::Title).next().is_some();
    if !is_selected && (is_cut || explained.source.is_none()) {
        let cuts = headline.cuts.iter().chain(&fields.title_cuts);
        let source = headline.source.clone().into_iter();
        let source = source.chain(cuts.map(ToString::to_string));
        explained.source = source.reduce(|all, cut| format!("{all}, {cut}"));
    }
    explained
}

fn explain_authors(
    page: &PageSources<'_>,
    fields: &Fields,
    headline: &Headline,
) -> FieldExplanation {
    let joined = |names: Vec<String>| (!names.is_empty()).then(|| names.join(", "));
    let candidates = byline::candidates(page, headline).filter_map(|it| {
        let source = it.source;
        it.and_then(|byline| joined(byline.names(source, page)))
    });
    let value = joined(fields.authors.clone());
    FieldExplanation::new("authors", value, candidates, is_equal)
}

/// The dates of publication and modification, which are compared by their days.
fn explain_dates(
    page: &PageSources<'_>,
    fields: &Fields,
    headline: &Headline,
) -> [FieldExplanation; 2] {
    let is_same_day = |one: &str, other: &str| one.get(..10) == other.get(..10);
    let published = publication_date::Candidates::new(page, headline.node);
    let modified = modification_date::candidates(&published);
    let modified = modified.map(|it| Candidate::new(it.source, it.value.to_string()));
    let modified: Vec<_> = modified.collect();
    let published = published.all();
    let published = published.map(|it| Candidate::new(it.source, it.value.date.to_string()));
    [
        FieldExplanation::new(
            "published",
            fields.published.clone(),
            published,
            is_same_day,
        ),
        FieldExplanation::new(
            "modified",
            fields.modified.clone(),
            modified.into_iter(),
            is_same_day,
        ),
    ]
}

/// A candidate is shown as the section that it names, or as it is stated where it names none.
fn explain_section(
    page: &PageSources<'_>,
    fields: &Fields,
    headline: &Headline,
) -> FieldExplanation {
    let known = KnownNames::of(page, headline.text.as_deref(), &fields.authors);
    let candidates = section::candidates(page).filter_map(|it| {
        let read = section::read(it.clone(), page, &known);
        let source = it.source;
        read.map_or_else(
            || shown(page, it),
            |name| Some(Candidate::new(source, name)),
        )
    });
    FieldExplanation::new(
        "section",
        fields.section.clone(),
        candidates,
        reads_the_same,
    )
}

fn explain_tags(page: &PageSources<'_>, fields: &Fields) -> FieldExplanation {
    let joined = |tags: Vec<String>| (!tags.is_empty()).then(|| tags.join(", "));
    let candidates = tags::candidates(page)
        .filter_map(|it| it.and_then(|lists| joined(tags::split(&lists, page))));
    let value = joined(fields.tags.clone());
    // The first list that holds all of the keywords is their source.
    let first = fields.tags.first().map(|it| field_text::plain(it));
    let is_source = |list: &str, _: &str| {
        let list = field_text::plain(list);
        first.as_ref().is_some_and(|it| list.contains(it.as_str()))
    };
    FieldExplanation::new("tags", value, candidates, is_source)
}

fn explain_language(
    page: &PageSources<'_>,
    fields: &Fields,
    language: Option<&str>,
) -> FieldExplanation {
    let detected = language.filter(|it| Some(*it) != fields.language.as_deref());
    let candidates = language::candidates(page, detected).filter_map(|it| shown(page, it));
    let value = language.map(str::to_owned);
    FieldExplanation::new("language", value, candidates, reads_the_same)
}

fn explain_image(page: &PageSources<'_>, fields: &Fields, headline: &Headline) -> FieldExplanation {
    let candidates = image::candidates(page, headline.node).filter_map(|it| shown(page, it));
    let is_same = |one: &str, other: &str| other.ends_with(one);
    FieldExplanation::new("image", fields.image.clone(), candidates, is_same)
}

fn explain_access(page: &PageSources<'_>, fields: &Fields) -> FieldExplanation {
    let candidates = access::candidates(&page.linked, &page.scan.metas);
    let candidates = candidates.map(|it| Candidate::new(it.source, it.value.name().to_owned()));
    let value = fields.access.map(|it| it.name().to_owned());
    FieldExplanation::new("access", value, candidates, is_equal)
}

fn explain_canonical_url(page: &PageSources<'_>, fields: &Fields) -> FieldExplanation {
    let candidates = canonical_url::candidates(&page.scan)
        .map(|it| Candidate::new(it.source, it.value.into_owned()));
    let value = fields.canonical.as_ref().map(ToString::to_string);
    let is_same = |one: &str, other: &str| json_ld::url_key(one) == json_ld::url_key(other);
    FieldExplanation::new("canonical_url", value, candidates, is_same)
}

/// The next page of an article that has one; other links are no candidates.
fn explain_next_page(page: &PageSources<'_>, fields: &Fields) -> Option<FieldExplanation> {
    let value = fields.next_page.as_ref()?.to_string();
    let candidates = next_page::candidates(page);
    let candidates = candidates.map(|it| Candidate::new(it.source, it.value.into_owned()));
    let is_same = |one: &str, other: &str| other.ends_with(one.trim_start_matches('.'));
    let mut explained = FieldExplanation::new("next_page", Some(value), candidates, is_same);
    explained.rejected.clear();
    Some(explained)
}

/// The opt-outs of a page that states any, as stated. Several sources may make up one value.
fn explain_rights(page: &PageSources<'_>, fields: &Fields) -> Vec<FieldExplanation> {
    let is_part = |one: &str, other: &str| other.contains(one) || one.contains(other);
    let sources = RightsSources::of(page);
    let explain = |field, value: &Option<String>, candidates: Vec<Candidate<'_>>| {
        let candidates = candidates.into_iter();
        let candidates = candidates.map(|it| Candidate::new(it.source, it.value.into_owned()));
        let value = value.clone()?;
        Some(FieldExplanation::new(
            field,
            Some(value),
            candidates,
            is_part,
        ))
    };
    let rights = &fields.rights;
    let all = [
        explain(
            "rights.robots_meta",
            &rights.robots_meta,
            sources.robots().collect(),
        ),
        explain(
            "rights.tdm_reservation",
            &rights.tdm_reservation,
            sources.reservations().collect(),
        ),
        explain(
            "rights.ai_policy",
            &rights.ai_policy,
            sources.ai_policies().collect(),
        ),
        explain(
            "rights.content_signal",
            &rights.content_signal,
            sources.content_signals().collect(),
        ),
        explain(
            "rights.content_usage",
            &rights.content_usage,
            sources.content_usages().collect(),
        ),
        explain(
            "rights.rsl",
            &rights.rsl,
            sources.known_licences().collect(),
        ),
    ];
    all.into_iter().flatten().collect()
}
