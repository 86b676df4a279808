//! Fields that a user's selectors fill: they win over whatever the page's markup says.

use crate::extract::fields::dates::{self, Order};
use crate::extract::fields::{FieldExplanation, Fields, SourceValue, authors};
use crate::extract::rules::site::SiteRules;
use crate::page::Tree;
use crate::selectors::{SelectorKey, UserSelector};

/// A field that a user's selector filled.
#[derive(Debug)]
pub(super) struct FieldOverride<'s> {
    /// The field's name in the record.
    pub(super) field: &'static str,
    /// The selector that filled it.
    pub(super) by: &'s UserSelector,
}

/// Replaces the fields for which a user's selector finds a value; returns which were replaced.
pub(super) fn override_fields<'s>(
    site: &'s SiteRules,
    tree: &Tree<'_>,
    fields: &mut Fields,
) -> Vec<FieldOverride<'s>> {
    let mut overrides = Vec::new();
    let mut note = |field, by| overrides.push(FieldOverride { field, by });
    for (key, field, name) in [
        (SelectorKey::Title, &mut fields.title, "title"),
        (
            SelectorKey::Description,
            &mut fields.description,
            "description",
        ),
        (SelectorKey::Section, &mut fields.section, "section"),
    ] {
        if let Some((text, by)) = first(site, key, tree, Some) {
            *field = Some(text);
            note(name, by);
        }
    }
    let order = Order::of(fields.language.as_deref(), None);
    let date = |text: String| dates::parse(&text, order).map(|moment| moment.to_string());
    for (key, field, name) in [
        (SelectorKey::Published, &mut fields.published, "published"),
        (SelectorKey::Modified, &mut fields.modified, "modified"),
    ] {
        if let Some((date, by)) = first(site, key, tree, date) {
            *field = Some(date);
            note(name, by);
        }
    }
    if let Some((names, by)) = names(site, tree) {
        fields.authors = names;
        note("authors", by);
    }
    overrides
}

/// The first text that the selectors of a key find and `read` understands.
fn first<'s>(
    site: &'s SiteRules,
    key: SelectorKey,
    tree: &Tree<'_>,
    read: impl Fn(String) -> Option<String>,
) -> Option<(String, &'s UserSelector)> {
    let mut texts = site.texts(key, tree);
    texts.find_map(|(by, mut texts)| Some((texts.find_map(&read)?, by)))
}

/// The names that the first selector of authors to find any finds.
fn names<'s>(site: &'s SiteRules, tree: &Tree<'_>) -> Option<(Vec<String>, &'s UserSelector)> {
    let mut texts = site.texts(SelectorKey::Authors, tree);
    texts.find_map(|(by, texts)| {
        let texts: Vec<String> = texts.collect();
        let names = authors::clean(&texts, authors::Origin::Stated);
        (!names.is_empty()).then_some((names, by))
    })
}

/// Puts what users' selectors found before what the page's markup says.
pub(super) fn explain(
    overrides: &[FieldOverride<'_>],
    fields: &Fields,
    told: &mut [FieldExplanation],
) {
    for FieldOverride { field, by } in overrides {
        let Some(told) = told.iter_mut().find(|it| it.field == *field) else {
            continue;
        };
        let value = match *field {
            "title" => fields.title.clone(),
            "description" => fields.description.clone(),
            "section" => fields.section.clone(),
            "published" => fields.published.clone(),
            "modified" => fields.modified.clone(),
            _ => Some(fields.authors.join(", ")),
        };
        outrank(told, value, format!("selector {} ({})", by.css, by.place));
    }
}

/// Puts the language that the text was heard to be in before the one that the page declares.
pub(super) fn explain_language(heard: Option<&str>, told: &mut [FieldExplanation]) {
    let language = told.iter_mut().find(|it| it.field == "language");
    if let Some(told) = language.filter(|it| it.value.as_deref() != heard) {
        outrank(told, heard.map(str::to_owned), "the text".to_owned());
    }
}

/// Puts a value before the one that a field had, which is told as rejected.
fn outrank(told: &mut FieldExplanation, value: Option<String>, source: String) {
    let before = std::mem::replace(&mut told.value, value);
    let source = told.source.replace(source);
    if let Some(value) = before.filter(|it| told.value.as_ref() != Some(it)) {
        let source = source.unwrap_or_else(|| "several sources".to_owned());
        told.rejected.insert(0, SourceValue { source, value });
    }
}
