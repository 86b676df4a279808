//! An article: its text as read, what is known of it, where that comes from, and how it has changed.

mod differences;
mod download;
mod fields;
mod raw;

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use serde::Deserialize;

use crate::article::{Article, Kind};
use crate::output::is_right_to_left;
use crate::serve::app::App;
use crate::serve::dates::{ShownDate, shown_date};
use crate::serve::failure::{Answer, Failure};
use crate::serve::foreign::{Clipped, Foreign, clip, visible};
use crate::serve::markup::{Markup, is_web};
use crate::serve::pages::{Layout, Section, see, shown};
use crate::store::NearDuplicate;
use crate::wording::counts::counted;
use crate::wording::times;
use differences::Differences;
use fields::{FieldView, Origin};
use raw::Raw;

/// Characters shown of a headline.
const TITLE: usize = 500;
/// Characters shown of a standfirst…
const DESCRIPTION: usize = 2_000;
/// …and of names and addresses.
const LABEL: usize = 300;
/// Articles of nearly the same text that are named.
const DUPLICATES: u32 = 10;
/// Revisions that are listed, the newest first.
const REVISIONS: usize = 50;

/// What is asked of an article.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Asked {
    /// The revision to read; the newest if none is named.
    revision: Option<u32>,
    /// Another revision to compare it with.
    compare: Option<u32>,
}

#[derive(Template)]
#[template(path = "article.html")]
struct ArticlePage<'a> {
    page: Layout,
    article: &'a Article,
    title: Clipped<'a>,
    description: Option<Clipped<'a>>,
    source: &'a str,
    /// Section, kind and access.
    labels: Vec<String>,
    published: Option<ShownDate>,
    modified: Option<ShownDate>,
    fetched: Option<ShownDate>,
    byline: String,
    /// `lang` and `dir` of what the page has written.
    language: Option<&'a str>,
    direction: &'static str,
    body: Markup,
    /// The address at which it stands, and the same to be shown.
    original: Option<(&'a str, Clipped<'a>)>,
    /// What the addresses of this revision end with.
    suffix: String,
    words: String,
    confidence: String,
    fields: Vec<FieldView<'a>>,
    doubts: Vec<String>,
    raw: &'a Raw,
    raw_fetched: Option<ShownDate>,
    differences: Option<Differences>,
    revisions: Vec<RevisionView<'a>>,
    newest: u32,
    duplicates: Vec<DuplicateView<'a>>,
}

/// A revision in the list.
struct RevisionView<'a> {
    number: u32,
    before: Option<u32>,
    fetched: Option<ShownDate>,
    words: String,
    extractor: Foreign<'a>,
    is_shown: bool,
}

/// An article of nearly the same text.
struct DuplicateView<'a> {
    id: &'a str,
    title: Clipped<'a>,
    source: Foreign<'a>,
    published: Option<ShownDate>,
    percent: u32,
}

/// The page of an article; with `.txt` or `.md` at the end of its address, its file.
pub(crate) async fn page(
    State(app): State<Arc<App>>,
    Path(name): Path<String>,
    Query(asked): Query<Asked>,
    uri: Uri,
) -> Answer {
    if let Some((id, format)) = download::format_of(&name) {
        let (mut revisions, at) = revisions(&app, id, asked.revision).await?;
        return Ok(download::file(&app, revisions.swap_remove(at), format).await);
    }
    let (revisions, at) = revisions(&app, &name, asked.revision).await?;
    let article = revisions.get(at).ok_or_else(not_found)?;
    let differences = match asked.compare {
        Some(number) => Some(compared(&app, &revisions, number, article).await?),
        None => None,
    };
    let raw = raw::read(&app, article).await?;
    let duplicates = app.store().near_duplicates(&article.id, DUPLICATES).await?;
    let title = article.title.as_deref().unwrap_or("Untitled");
    let layout = Layout::new(&app, visible(clip(title, TITLE)), Section::Articles, &uri);
    let suffix = asked.revision.map(|number| format!("?revision={number}"));
    shown(&ArticlePage {
        differences,
        suffix: suffix.unwrap_or_default(),
        revisions: revision_views(&revisions, article.revision),
        newest: revisions.last().map_or(1, |it| it.revision),
        duplicates: duplicates.iter().map(DuplicateView::of).collect(),
        ..ArticlePage::of(layout, article, &raw)
    })
}

/// The list of all articles is what a search for nothing finds.
pub(crate) async fn list() -> Response {
    see("/search")
}

impl<'a> ArticlePage<'a> {
    /// The page of one revision by itself.
    fn of(page: Layout, article: &'a Article, raw: &'a Raw) -> ArticlePage<'a> {
        let date = |date: &Option<String>| date.as_deref().and_then(shown_date);
        let raw_fetched = raw.fetched_at().and_then(times::rfc3339);
        let language = article.language.as_deref().filter(|it| is_tag(it));
        ArticlePage {
            page,
            article,
            title: Clipped(article.title.as_deref().unwrap_or("Untitled"), TITLE),
            description: article
                .description
                .as_deref()
                .map(|it| Clipped(it, DESCRIPTION)),
            source: article.source.as_deref().unwrap_or_default(),
            labels: labels(article),
            published: date(&article.published),
            modified: date(&article.modified),
            fetched: date(&article.fetched_at),
            byline: visible(clip(&article.authors.join(", "), LABEL)),
            language,
            direction: direction(language),
            body: raw.body(article),
            original: original(article).map(|it| (it, Clipped(it, LABEL))),
            suffix: String::new(),
            words: counted(article.word_count as u64, "word"),
            confidence: format!("{} %", percent(article.quality)),
            fields: fields::of(article, raw),
            doubts: fields::doubts(article),
            raw,
            raw_fetched: date(&raw_fetched),
            differences: None,
            revisions: Vec::new(),
            newest: article.revision,
            duplicates: Vec::new(),
        }
    }
}

/// All revisions, and the place of the one that is asked for.
async fn revisions(app: &App, id: &str, wanted: Option<u32>) -> Answer<(Vec<Article>, usize)> {
    let revisions = app.store().revisions(id).await?;
    let newest = revisions.len().checked_sub(1).ok_or_else(not_found)?;
    let at = wanted.map_or(Ok(newest), |number| place(&revisions, number))?;
    Ok((revisions, at))
}

fn place(revisions: &[Article], number: u32) -> Answer<usize> {
    let found = revisions.iter().position(|it| it.revision == number);
    found.ok_or_else(|| {
        let newest = revisions.last().map_or(0, |it| it.revision);
        Failure::not_found(format!(
            "the article has no revision {number}; the newest is {newest}"
        ))
    })
}

fn not_found() -> Failure {
    Failure::not_found("there is no article of this id; look for it with the search")
}

/// What changed from another revision to this one.
async fn compared(
    app: &App,
    revisions: &[Article],
    number: u32,
    article: &Article,
) -> Answer<Differences> {
    let before = revisions.get(place(revisions, number)?);
    let (before, after) = (before.cloned().unwrap_or_default(), article.clone());
    let loaded = app.loaded();
    let readers = loaded.client.readers();
    let compared = readers.read(move || Differences::of(&before, &after)).await;
    compared.map_err(|error| {
        tracing::warn!(id = article.id, "revisions could not be compared: {error}");
        let detail =
            "the revisions take too long to compare here; `newsprint diff ID` has more time";
        Failure::new(StatusCode::SERVICE_UNAVAILABLE, detail)
    })
}

/// The revisions with the one before each, the newest first.
fn revision_views(revisions: &[Article], is_shown: u32) -> Vec<RevisionView<'_>> {
    let numbers = revisions.iter().map(|it| Some(it.revision));
    let before = std::iter::once(None).chain(numbers);
    let view = |(article, before): (&'_ Article, Option<u32>)| (article.revision, before);
    let pairs: Vec<_> = revisions.iter().zip(before).map(view).collect();
    let newest_first = revisions.iter().zip(pairs).rev().take(REVISIONS);
    let view = |(article, (number, before))| RevisionView::of(article, number, before, is_shown);
    newest_first.map(view).collect()
}

impl RevisionView<'_> {
    fn of(article: &Article, number: u32, before: Option<u32>, is_shown: u32) -> RevisionView<'_> {
        RevisionView {
            number,
            before,
            fetched: article.fetched_at.as_deref().and_then(shown_date),
            words: counted(article.word_count as u64, "word"),
            extractor: Foreign(&article.extractor),
            is_shown: number == is_shown,
        }
    }
}

impl DuplicateView<'_> {
    fn of(duplicate: &NearDuplicate) -> DuplicateView<'_> {
        let article = &duplicate.article.article;
        DuplicateView {
            id: &article.id,
            title: Clipped(article.title.as_deref().unwrap_or("Untitled"), TITLE),
            source: Foreign(article.source.as_deref().unwrap_or_default()),
            published: article.published.as_deref().and_then(shown_date),
            percent: percent(duplicate.similarity),
        }
    }
}

/// Where and as what the article was published.
fn labels(article: &Article) -> Vec<String> {
    let section = article
        .section
        .as_deref()
        .map(|it| visible(clip(it, LABEL)));
    let is_other = article.kind != Kind::Article;
    let kind = is_other.then(|| article.kind.name().replace('_', " "));
    let access = article.access.map(|it| fields::access(it).to_owned());
    section.into_iter().chain(kind).chain(access).collect()
}

/// A share of one in whole hundredths.
fn percent(share: f64) -> u32 {
    // Within 0 to 100 by the clamp.
    (share.clamp(0.0, 1.0) * 100.0).round() as u32
}

/// The address at which the article stands, for a link.
fn original(article: &Article) -> Option<&str> {
    let addresses = [&article.canonical_url, &article.final_url, &article.url];
    let mut addresses = addresses.into_iter().filter_map(|it| it.as_deref());
    addresses.find(|it| is_web(it))
}

/// True for what may stand in a `lang` attribute.
pub(crate) fn is_tag(language: &str) -> bool {
    let is_letter = |it: u8| it.is_ascii_alphanumeric() || it == b'-';
    !language.is_empty() && language.len() <= 35 && language.bytes().all(is_letter)
}

/// The `dir` attribute for a text in this language; where none is known, the text decides.
pub(crate) fn direction(language: Option<&str>) -> &'static str {
    match language {
        None => "auto",
        Some(language) if is_right_to_left(language) => "rtl",
        Some(_) => "ltr",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_direction_of_a_text_is_that_of_its_language() {
        assert_eq!(direction(Some("ar-EG")), "rtl");
        assert_eq!(direction(Some("de")), "ltr");
        assert_eq!(direction(None), "auto");
        assert!(is_tag("zh-Hant-TW") && !is_tag("en\" onclick=\"x") && !is_tag(&"a".repeat(36)));
    }

    #[test]
    fn each_revision_is_compared_with_the_one_before() {
        let article = |revision| Article {
            revision,
            ..Article::default()
        };
        let revisions = [article(1), article(2), article(3)];
        let views = revision_views(&revisions, 2);
        let seen = views.iter().map(|it| (it.number, it.before, it.is_shown));
        let expected = [(3, Some(2), false), (2, Some(1), true), (1, None, false)];
        assert_eq!(seen.collect::<Vec<_>>(), expected);
    }
}
