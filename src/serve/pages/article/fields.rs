//! The fields of a record with where each comes from, and what is doubtful about it, in words.

use crate::article::{Access, Article};
use crate::serve::foreign::{Clipped, clip};
use crate::serve::pages::article::raw::Raw;

/// Characters shown of a value.
const VALUE: usize = 400;
/// Values of other sources that are shown.
const OTHERS: usize = 6;

/// The fields, as the record and the page call them.
const FIELDS: [(&str, &str); 14] = [
    ("title", "Headline"),
    ("description", "Standfirst"),
    ("authors", "Byline"),
    ("published", "Published"),
    ("modified", "Changed"),
    ("section", "Section"),
    ("tags", "Tags"),
    ("language", "Language"),
    ("site_name", "Site"),
    ("access", "Access"),
    ("image", "Lead picture"),
    ("canonical_url", "Canonical address"),
    ("archived_url", "Archived copy"),
    ("archived_at", "Copied"),
];

/// A field as the page shows it.
pub(super) struct FieldView<'a> {
    pub(super) name: &'static str,
    pub(super) value: String,
    /// Where it comes from, as far as that is known.
    pub(super) origin: Origin<'a>,
    /// What other sources of the page state, and their names.
    pub(super) others: Vec<(Clipped<'a>, Clipped<'a>)>,
}

/// Where a value comes from.
pub(super) enum Origin<'a> {
    /// From this place of the page.
    Source(Clipped<'a>),
    /// From several places.
    Several,
    /// Today's rules read another value.
    Other(Clipped<'a>),
    /// The feed or the sitemap that named the page.
    Feed,
    /// Nothing is known of it.
    Unknown,
}

impl FieldView<'_> {
    /// The value for the page.
    pub(super) fn shown(&self) -> Clipped<'_> {
        Clipped(&self.value, VALUE)
    }

    fn is_empty(&self) -> bool {
        let has_origin = matches!(self.origin, Origin::Other(_));
        self.value.is_empty() && self.others.is_empty() && !has_origin
    }
}

/// The fields that the record has, or that today's rules find on its page.
pub(super) fn of<'a>(article: &Article, raw: &'a Raw) -> Vec<FieldView<'a>> {
    let views = FIELDS.into_iter().map(|(field, name)| {
        let value = value_of(article, field).unwrap_or_default();
        let explained = raw.field(field);
        let others = explained
            .map(|it| it.rejected.as_slice())
            .unwrap_or_default();
        let others = others.iter().take(OTHERS);
        FieldView {
            name,
            origin: origin(article, raw, field, &value),
            others: others
                .map(|it| (Clipped(&it.value, VALUE), Clipped(&it.source, VALUE)))
                .collect(),
            value,
        }
    });
    views.filter(|it| !it.is_empty()).collect()
}

/// The value of a field as a text, as an explanation has it.
fn value_of(article: &Article, field: &str) -> Option<String> {
    let list = |list: &[String]| (!list.is_empty()).then(|| list.join(", "));
    match field {
        "title" => article.title.clone(),
        "description" => article.description.clone(),
        "authors" => list(&article.authors),
        "published" => article.published.clone(),
        "modified" => article.modified.clone(),
        "section" => article.section.clone(),
        "tags" => list(&article.tags),
        "language" => article.language.clone(),
        "site_name" => article.site_name.clone(),
        "access" => article.access.map(|it| it.name().to_owned()),
        "image" => article.image.clone(),
        "canonical_url" => article.canonical_url.clone(),
        "archived_url" => article.archived_url.clone(),
        "archived_at" => article.archived_at.clone(),
        _ => None,
    }
}

fn origin<'a>(article: &Article, raw: &'a Raw, field: &str, value: &str) -> Origin<'a> {
    let is_date_of_feed = article.warnings.iter().any(|it| it == "date_from_feed");
    if field == "published" && is_date_of_feed {
        return Origin::Feed;
    }
    let Some(explained) = raw.field(field) else {
        return Origin::Unknown;
    };
    // The record has the canonical address in its normal form.
    let is_same = |read: &str| read == value || field == "canonical_url";
    match (&explained.value, &explained.source) {
        (Some(read), _) if !is_same(read) => Origin::Other(Clipped(read, VALUE)),
        (Some(_), Some(source)) => Origin::Source(Clipped(source, VALUE)),
        (Some(_), None) => Origin::Several,
        (None, _) => Origin::Unknown,
    }
}

/// Whether it costs money to read.
pub(super) fn access(access: Access) -> &'static str {
    match access {
        Access::Free => "free to read",
        Access::Metered => "free up to a number of articles",
        Access::Paywalled => "for subscribers",
    }
}

/// What is doubtful about the record, a sentence each.
pub(super) fn doubts(article: &Article) -> Vec<String> {
    article.warnings.iter().map(|it| doubt(it)).collect()
}

fn doubt(warning: &str) -> String {
    let words = match warning {
        "truncated" => "The page was cut short; the end of the text may be missing.",
        "charset_guessed" => "The page states no character set; it was guessed.",
        "text_from_data" => "The text was taken from the page's data, not from what it shows.",
        "date_from_url" => "The date was taken from the address.",
        "date_from_relative" => "The page states its date only as an age, such as “2 hours ago”.",
        "date_from_hijri" => "The date was converted from the Islamic calendar.",
        "date_from_feed" => "The date was taken from the feed or sitemap that named the page.",
        "date_after_fetch" => "A date later than the visit was left out.",
        "published_from_update" => {
            "The page states only when it was updated; that was taken as its date."
        }
        "rules_took_all" => "The rules of this site would have removed all text, and were ignored.",
        "next_page_missing" => "A further page of the article could not be had.",
        "lede_missing" => "The beginning of the text may be missing.",
        other => clip(other, VALUE),
    };
    words.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_without_a_value_are_left_out() {
        let article = Article {
            title: Some("Ferry".to_owned()),
            authors: vec!["Ada".to_owned(), "Ben".to_owned()],
            ..Article::default()
        };
        let raw = Raw::default();
        let fields = of(&article, &raw);
        let seen: Vec<_> = fields
            .iter()
            .map(|it| (it.name, it.value.as_str()))
            .collect();
        assert_eq!(seen, [("Headline", "Ferry"), ("Byline", "Ada, Ben")]);
        assert!(matches!(fields[0].origin, Origin::Unknown));
    }

    #[test]
    fn doubts_are_sentences_and_others_stand_as_they_are() {
        assert!(doubt("truncated").ends_with('.'));
        assert_eq!(doubt("new_doubt"), "new_doubt");
        assert_eq!(doubt(&"x".repeat(9_999)).len(), VALUE);
    }
}
