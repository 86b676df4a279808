//! Search, which is the list of all articles where nothing is searched for.

mod export;
mod form;

use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use axum::http::Uri;

use crate::search::Part;
use crate::serve::app::App;
use crate::serve::dates::{ShownDate, shown_date};
use crate::serve::failure::Answer;
use crate::serve::foreign::{Clipped, clip, visible};
use crate::serve::indexing::IndexState;
use crate::serve::pages::article::{direction, is_tag};
use crate::serve::pages::{Layout, Section, shown};
use crate::store::{Hit, Total};
use crate::wording::plain::plain;
pub(crate) use export::export;
use form::SearchForm;

/// Articles on a page.
const HITS: u32 = 20;
/// Characters shown of a headline.
const TITLE: usize = 200;
/// Authors that are named.
const AUTHORS: usize = 3;

#[derive(Template)]
#[template(path = "search.html")]
struct SearchResults<'a> {
    page: Layout,
    form: &'a SearchForm,
    sources: Vec<SourceChoice>,
    notes: Vec<String>,
    state: IndexState,
    total: String,
    hits: Vec<HitView<'a>>,
    /// The address of the next page.
    next: Option<String>,
    /// The address of the first page, on any other.
    first: Option<String>,
    /// The addresses of exports, and their formats.
    exports: Vec<(String, &'static str)>,
}

/// A source that can be chosen.
struct SourceChoice {
    name: String,
    is_chosen: bool,
}

/// An article that was found.
struct HitView<'a> {
    id: &'a str,
    title: Clipped<'a>,
    source: Clipped<'a>,
    byline: String,
    published: Option<ShownDate>,
    /// When its page was fetched, where the page states no date.
    fetched: Option<ShownDate>,
    language: Option<&'a str>,
    direction: &'static str,
    is_duplicate: bool,
    /// The parts of the text, and whether each was searched for.
    snippet: Vec<(String, bool)>,
}

/// What a search finds.
pub(crate) async fn page(
    State(app): State<Arc<App>>,
    Query(form): Query<SearchForm>,
    uri: Uri,
) -> Answer {
    let (query, notes) = form.query();
    let after = form.cursor()?;
    // Before the search: what the page says of the index holds for what was found.
    let state = app.indexing().state();
    let found = app.store().search(&query, after, HITS).await?;
    let next = found.next.map(|it| it.to_string());
    let title = if form.is_empty() {
        "Articles"
    } else {
        "Search"
    };
    let mut page = Layout::new(&app, title, Section::Articles, &uri);
    page.feed = Some(form.feed());
    shown(&SearchResults {
        page,
        sources: sources(&app, &form).await?,
        notes,
        state,
        total: total(found.total),
        hits: found.hits.iter().map(HitView::of).collect(),
        next: next.map(|it| form.address("/search", Some(("cursor", &it)))),
        first: after.map(|_| form.address("/search", None)),
        exports: export::links(&form),
        form: &form,
    })
}

/// The sources of the configuration, those that have raw pages, and the one that is chosen.
async fn sources(app: &App, form: &SearchForm) -> Answer<Vec<SourceChoice>> {
    let mut names = app.store().page_sources().await?;
    let configured = app.loaded();
    names.extend(configured.config.sources.iter().map(|it| it.name.clone()));
    names.extend(Some(form.source.clone()).filter(|it| !it.is_empty()));
    names.sort_unstable_by_key(|it| it.to_lowercase());
    names.dedup();
    let choice = |name: String| SourceChoice {
        is_chosen: name == form.source,
        name,
    };
    Ok(names.into_iter().map(choice).collect())
}

fn total(total: Total) -> String {
    match total {
        Total::Exactly(0) => "Nothing found".to_owned(),
        Total::Exactly(1) => "1 article".to_owned(),
        Total::Exactly(count) => format!("{count} articles"),
        Total::MoreThan(count) => format!("More than {count} articles"),
    }
}

impl HitView<'_> {
    fn of(hit: &Hit) -> HitView<'_> {
        let language = hit.language.as_deref().filter(|it| is_tag(it));
        let published = hit.published.as_deref().and_then(shown_date);
        let fetched = match published {
            Some(_) => None,
            None => hit.fetched_at.as_deref().and_then(shown_date),
        };
        let authors: Vec<_> = hit
            .authors
            .iter()
            .take(AUTHORS)
            .map(String::as_str)
            .collect();
        let part = |part: &Part| (plain(&part.text), part.is_match);
        HitView {
            id: &hit.id,
            title: Clipped(hit.title.as_deref().unwrap_or("Untitled"), TITLE),
            source: Clipped(hit.source.as_deref().unwrap_or_default(), TITLE),
            byline: visible(clip(&authors.join(", "), TITLE)),
            published,
            fetched,
            language,
            direction: direction(language),
            is_duplicate: hit.duplicate_of.is_some(),
            snippet: hit.snippet.iter().map(part).collect(),
        }
    }
}
