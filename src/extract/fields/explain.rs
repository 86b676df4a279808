//! Why each field says what it says: the candidates in their order of trust, the one that was taken,
//! and those that were not.

use serde::Serialize;

use crate::article::Rights;
use crate::extract::fields::publication_date::Place;
use crate::extract::fields::{Fields, PageSources, dates, field, json_ld, meta, statement};
use crate::page::{Id, Input};

/// What one field says, and what it might have said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldExplanation {
    /// The field of the record.
    pub field: &'static str,
    /// What it says; `None` where it is empty.
    pub value: Option<String>,
    /// Where that comes from; `None` where it was made of several sources.
    pub source: Option<String>,
    /// What other sources say, in the order of trust.
    pub rejected: Vec<SourceValue>,
}

/// What one source says of a field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SourceValue {
    /// The source: `json-ld headline`, `meta og:title`, `<h1>`…
    pub source: String,
    /// What it says, cleaned as the field would be.
    pub value: String,
}

impl SourceValue {
    fn new(source: impl Into<String>, value: impl Into<String>) -> SourceValue {
        SourceValue {
            source: source.into(),
            value: value.into(),
        }
    }
}

/// Two candidates that differ in marks and case alone say the same.
fn is_same(one: &str, other: &str) -> bool {
    field::plain(one) == field::plain(other)
}

/// The first candidate that says what was taken is its source; of the rest, each thing that is said
/// is told once.
fn told(
    field: &'static str,
    value: Option<String>,
    candidates: Vec<SourceValue>,
    says: impl Fn(&str, &str) -> bool,
) -> FieldExplanation {
    let taken = value
        .as_deref()
        .and_then(|value| candidates.iter().position(|it| says(&it.value, value)));
    let source = taken.map(|at| candidates[at].source.clone());
    let mut rejected: Vec<SourceValue> = Vec::new();
    for candidate in candidates {
        let is_taken = value
            .as_deref()
            .is_some_and(|it| says(&candidate.value, it));
        let is_known = rejected.iter().any(|it| says(&it.value, &candidate.value));
        if !is_taken && !is_known {
            rejected.push(candidate);
        }
    }
    FieldExplanation {
        field,
        value,
        source,
        rejected,
    }
}

impl PageSources<'_, '_> {
    /// The fields, each with its candidates.
    pub(super) fn explain(&self, fields: &Fields, input: &Input<'_>) -> Vec<FieldExplanation> {
        let mut told = self.explain_text(fields);
        told.extend(self.explain_place(fields));
        told.extend(self.explain_rights(&fields.rights, input));
        told
    }

    /// The opt-outs of a page that states any. They are told as stated: what a source says is a part of
    /// what is told.
    fn explain_rights(&self, rights: &Rights, input: &Input<'_>) -> Vec<FieldExplanation> {
        let said = |name: &'static str| {
            let metas = self.scan.metas.first(&[name]).iter();
            metas.map(move |it| SourceValue::new(format!("meta {name}"), *it))
        };
        let header = |name: &str, value: Option<&str>| {
            value.map(|it| SourceValue::new(format!("header {name}"), it))
        };
        let robots = said("robots").chain(header("X-Robots-Tag", input.x_robots_tag));
        let robots: Vec<SourceValue> = robots.collect();
        let reserved = said("tdm-reservation");
        let reserved = reserved.chain(header("TDM-Reservation", input.tdm_reservation));
        let policies = robots.iter().cloned().chain(said("ai-policy")).collect();
        let is_part = |one: &str, other: &str| other.contains(one) || one.contains(other);
        let all = [
            ("rights.robots_meta", &rights.robots_meta, robots),
            (
                "rights.tdm_reservation",
                &rights.tdm_reservation,
                reserved.collect(),
            ),
            ("rights.ai_policy", &rights.ai_policy, policies),
        ];
        let stated = all.into_iter().filter(|(_, value, _)| value.is_some());
        stated
            .map(|(field, value, said)| told(field, value.clone(), said, is_part))
            .collect()
    }

    fn explain_text(&self, fields: &Fields) -> Vec<FieldExplanation> {
        let linked = &self.linked;
        let (_, headline) = self.title();
        let date = |one: &str, other: &str| one.get(..10) == other.get(..10);
        vec![
            told("title", fields.title.clone(), self.titles(), is_same),
            told(
                "description",
                fields.description.clone(),
                self.texts(meta::DESCRIPTION, &[("description", &linked.description)]),
                is_same,
            ),
            told(
                "authors",
                (!fields.authors.is_empty()).then(|| fields.authors.join(", ")),
                self.bylines(headline, fields.title.as_deref()),
                |one, other| one == other,
            ),
            told(
                "published",
                fields.published.clone(),
                self.moments(
                    &[meta::PUBLISHED, meta::DATED].concat(),
                    ("datePublished", &linked.published),
                    &linked.page_published,
                    &self.scan.visible.published(None),
                )
                .into_iter()
                .chain(self.unmarked_days(headline))
                .collect(),
                date,
            ),
            told(
                "modified",
                fields.modified.clone(),
                self.moments(
                    meta::MODIFIED,
                    ("dateModified", &linked.modified),
                    &linked.page_modified,
                    &self.scan.visible.modified(None),
                ),
                date,
            ),
        ]
    }

    fn explain_place(&self, fields: &Fields) -> Vec<FieldExplanation> {
        let linked = &self.linked;
        let crumbs = linked.crumbs.iter().skip(1).rev();
        let crumbs = crumbs.map(|it| SourceValue::new("json-ld breadcrumbs", it));
        vec![
            told(
                "section",
                fields.section.clone(),
                self.texts(meta::SECTION, &[("articleSection", &linked.section)])
                    .into_iter()
                    .chain(crumbs)
                    .collect(),
                is_same,
            ),
            told(
                "tags",
                (!fields.tags.is_empty()).then(|| fields.tags.join(", ")),
                self.keywords(),
                is_same,
            ),
            told(
                "language",
                fields.language.clone(),
                self.texts(meta::LANGUAGE, &[("inLanguage", &linked.language)])
                    .into_iter()
                    .chain(
                        self.scan
                            .language
                            .map(|it| SourceValue::new("<html lang>", it)),
                    )
                    .collect(),
                is_same,
            ),
            told(
                "site_name",
                fields.site_name.clone(),
                self.texts(meta::SITE_NAME, &[("publisher", &linked.publisher)]),
                is_same,
            ),
            told(
                "image",
                fields.image.clone(),
                self.texts(meta::IMAGE, &[("image", &linked.image)]),
                |one, other| one == other || other.ends_with(one),
            ),
            told(
                "access",
                fields.access.map(|it| it.name().to_owned()),
                self.accesses(),
                |one, other| one == other,
            ),
            told(
                "canonical_url",
                fields.canonical.as_ref().map(ToString::to_string),
                self.addresses(),
                |one, other| json_ld::address_key(one) == json_ld::address_key(other),
            ),
        ]
    }

    fn titles(&self) -> Vec<SourceValue> {
        let mut titles = self.texts(meta::TITLE, &[("headline", &self.linked.headline)]);
        let headings = self.scan.visible.headings.iter();
        let main = headings.filter(|it| it.is_main || it.is_marked);
        titles.extend(main.map(|it| SourceValue::new("heading", &it.text)));
        let title = self.scan.title.as_deref();
        titles.extend(title.map(|it| SourceValue::new("<title>", it)));
        titles
    }

    fn bylines(&self, headline: Option<Id>, title: Option<&str>) -> Vec<SourceValue> {
        let named = self.author_candidates(headline, title).into_iter();
        named
            .map(|(source, names)| SourceValue::new(source.to_string(), names.join(", ")))
            .collect()
    }

    fn moments(
        &self,
        metas: &[&str],
        (property, linked): (&str, &Option<String>),
        of_page: &Option<String>,
        visible: &[&crate::extract::fields::visible::MarkedText],
    ) -> Vec<SourceValue> {
        let order = self.order();
        let linked = linked
            .as_deref()
            .map(|it| (format!("json-ld {property}"), it));
        let of_page = of_page
            .as_deref()
            .map(|it| (format!("json-ld {property} of the page"), it));
        let named = metas.iter().flat_map(|name| {
            let stated = self.scan.metas.first(&[name]).iter();
            stated.map(move |it| (format!("meta {name}"), *it))
        });
        let seen = visible
            .iter()
            .map(|it| ("visible".to_owned(), it.text.as_str()));
        let all = linked.into_iter().chain(named).chain(seen).chain(of_page);
        let read = |(source, raw): (String, &str)| {
            let moment = dates::parse(raw, order)?;
            Some(SourceValue::new(source, moment.to_string()))
        };
        all.filter_map(read).collect()
    }

    /// Where nothing states or marks the day of publication.
    fn unmarked_days(&self, headline: Option<Id>) -> impl Iterator<Item = SourceValue> {
        let order = self.order();
        Place::ALL.into_iter().filter_map(move |place| {
            let day = self.unmarked_day(place, headline, order)?.moment?;
            Some(SourceValue::new(place.name(), day.to_string()))
        })
    }

    /// What each source of keywords says, in the order of trust.
    fn keywords(&self) -> Vec<SourceValue> {
        let sources = self.keyword_sources();
        let told = sources.map(|(source, words)| {
            let source =
                source.map_or_else(|| "json-ld keywords".to_owned(), |it| format!("meta {it}"));
            SourceValue::new(
                source,
                crate::extract::fields::parted(&words, self.limits.list_items).join(", "),
            )
        });
        told.filter(|it| !it.value.is_empty()).collect()
    }

    /// What is said of paying, in the record's words.
    fn accesses(&self) -> Vec<SourceValue> {
        let metas = &self.scan.metas;
        let linked = self.linked.is_free.map(statement::of_freedom);
        let linked = linked.map(|it| ("json-ld isAccessibleForFree".to_owned(), it));
        let tiers = statement::TIERS.iter().filter_map(|name| {
            let access = statement::of_tier(metas.get(name)?)?;
            Some((format!("meta {name}"), access))
        });
        let answer = metas.get(statement::IS_FREE);
        let answer = answer.and_then(statement::of_answer);
        let answer = answer.map(|it| (format!("meta {}", statement::IS_FREE), it));
        let all = linked.into_iter().chain(tiers).chain(answer);
        all.map(|(source, access)| SourceValue::new(source, access.name()))
            .collect()
    }

    fn addresses(&self) -> Vec<SourceValue> {
        let linked = self.scan.canonical.iter();
        let linked = linked.map(|it| SourceValue::new("link rel=canonical", *it));
        let og = self.scan.metas.get("og:url");
        linked
            .chain(og.map(|it| SourceValue::new("meta og:url", it)))
            .collect()
    }

    /// What JSON-LD and `<meta>` say, cleaned.
    fn texts(&self, metas: &[&str], linked: &[(&str, &Option<String>)]) -> Vec<SourceValue> {
        let linked = linked.iter().filter_map(|(property, value)| {
            Some((format!("json-ld {property}"), value.as_deref()?))
        });
        let metas = metas.iter().flat_map(|name| {
            let stated = self.scan.metas.first(&[name]).iter();
            stated.map(move |it| (format!("meta {name}"), *it))
        });
        let clean =
            |(source, raw): (String, &str)| Some(SourceValue::new(source, field::clean(raw)?));
        linked.chain(metas).filter_map(clean).collect()
    }
}
