//! Fields that a user's selectors fill: they win over whatever the page's markup says.

use crate::extract::fields::dates::{self, Order};
use crate::extract::fields::{Fields, authors};
use crate::extract::rules::site::SiteRules;
use crate::page::Tree;
use crate::selectors::{SelectorKey, UserSelector};

/// A field that a user's selector filled.
#[derive(Debug)]
pub(in crate::extract) struct FieldOverride<'s> {
    /// The field's name in the record.
    pub(in crate::extract) field: &'static str,
    /// The selector that filled it.
    pub(in crate::extract) by: &'s UserSelector,
}

/// Replaces the fields for which a user's selector finds a value; returns which were replaced.
pub(in crate::extract) fn override_fields<'s>(
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
