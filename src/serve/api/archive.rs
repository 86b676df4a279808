//! The articles of the archive: one, its revisions, and lists of what is found.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::Uri;
use axum::response::IntoResponse;
use serde_json::{Value, json};

use super::{Params, answer};
use crate::article::Article;
use crate::search::{Order, SearchQuery};
use crate::serve::app::App;
use crate::serve::failure::{Answer, Failure};
use crate::serve::reading::short;
use crate::store::{Hit, SearchCursor, Total};

/// What `/articles`, `/search` and `/feed.xml` take to choose articles.
const FILTERS: [&str; 6] = ["source", "language", "after", "before", "since", "until"];
/// What they take besides.
const PARTS: [&str; 2] = ["limit", "cursor"];
/// Articles of one answer, unless asked otherwise…
const USUAL: u32 = 20;
/// …and at most.
const MOST: u32 = 100;

/// `GET /articles`: all articles, the newest first.
pub(super) async fn articles(State(app): State<Arc<App>>, uri: Uri) -> Answer {
    let params = Params::of(&uri, &[&FILTERS[..], &PARTS[..]].concat())?;
    found(&app, &uri, &params, &query(&params, app.now())?).await
}

/// `GET /search`: what a query finds.
pub(super) async fn search(State(app): State<Arc<App>>, uri: Uri) -> Answer {
    let params = Params::of(&uri, &[&["q", "order"], &FILTERS[..], &PARTS[..]].concat())?;
    let mut query = query(&params, app.now())?;
    query.order = match params.one("order")? {
        Some("newest") => Order::Newest,
        Some("relevance") => Order::Relevance,
        None if query.is_without_words() => Order::Newest,
        None => Order::Relevance,
        Some(other) => {
            let detail = format!(
                "`order` is `{}`; expected relevance or newest",
                short(other)
            );
            return Err(Failure::bad_request(detail));
        }
    };
    found(&app, &uri, &params, &query).await
}

/// What the parameters ask for, the newest first. Parameters win over the same in the query.
pub(crate) fn query(params: &Params, now: i64) -> Answer<SearchQuery> {
    let mut query = SearchQuery::parse(params.one("q")?.unwrap_or_default());
    query.order = Order::Newest;
    replace(&mut query.sources, params.all("source"));
    replace(&mut query.languages, params.all("language"));
    for (place, name) in [
        (&mut query.published.since, "after"),
        (&mut query.published.until, "before"),
        (&mut query.stored.since, "since"),
        (&mut query.stored.until, "until"),
    ] {
        if let Some(time) = params.time(name, now)? {
            *place = Some(time);
        }
    }
    Ok(query)
}

fn replace(place: &mut Vec<String>, given: Vec<String>) {
    if !given.is_empty() {
        *place = given;
    }
}

/// Where a part of a list begins.
pub(crate) fn cursor(params: &Params) -> Answer<Option<SearchCursor>> {
    params.read("cursor", "give the `next` of an answer back")
}

async fn found(app: &App, uri: &Uri, params: &Params, query: &SearchQuery) -> Answer {
    let limit = params.limit(USUAL, MOST)?;
    let page = app.store().search(query, cursor(params)?, limit).await?;
    let hits = page.hits.iter().map(hit).collect();
    let next = page.next.map(|it| it.to_string());
    let mut list = answer::list(uri, "articles", hits, next.as_deref());
    let (total, is_exact) = match page.total {
        Total::Exactly(total) => (total, true),
        Total::MoreThan(total) => (total, false),
    };
    list.insert("total".to_owned(), total.into());
    list.insert("total_is_exact".to_owned(), is_exact.into());
    list.insert("notes".to_owned(), query.notes.clone().into());
    Ok(answer::of_list(list))
}

fn hit(hit: &Hit) -> Value {
    let passage = hit.snippet.iter();
    let passage = passage.map(|it| json!({"text": it.text, "match": it.is_match}));
    json!({
        "id": hit.id,
        "title": hit.title,
        "authors": hit.authors,
        "published": hit.published,
        "fetched_at": hit.fetched_at,
        "source": hit.source,
        "section": hit.section,
        "language": hit.language,
        "kind": hit.kind,
        "access": hit.access,
        "word_count": hit.word_count,
        "revision": hit.revision,
        "duplicate_of": hit.duplicate_of,
        "url": hit.url,
        "passage": passage.collect::<Vec<_>>(),
    })
}

/// `GET /articles/ID`: the record.
pub(super) async fn article(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    uri: Uri,
) -> Answer {
    let params = Params::of(&uri, &["revision"])?;
    let wanted: Option<u32> =
        params.read("revision", "expected the number of a revision, from 1")?;
    let article = match wanted {
        None => app.store().article(&id).await?.map(|it| it.article),
        Some(number) => {
            let revisions = all_of(&app, &id).await?;
            let newest = revisions.last().map_or(0, |it| it.revision);
            let found = revisions.into_iter().find(|it| it.revision == number);
            let none = format!("there is no revision {number}; the newest is {newest}");
            Some(found.ok_or_else(|| Failure::not_found(none))?)
        }
    };
    let article = article.ok_or_else(|| unknown(&id))?;
    Ok(Json(article).into_response())
}

/// `GET /articles/ID/revisions`: the states of its text.
pub(super) async fn revisions(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    uri: Uri,
) -> Answer {
    Params::of(&uri, &[])?;
    let revisions = all_of(&app, &id).await?;
    let objects: Vec<Value> = revisions.iter().map(revision).collect();
    Ok(answer::of_list(answer::list(
        &uri,
        "revisions",
        objects,
        None,
    )))
}

/// Every revision of an article, of which there is at least one.
async fn all_of(app: &App, id: &str) -> Answer<Vec<Article>> {
    let revisions = app.store().revisions(id).await?;
    if revisions.is_empty() {
        return Err(unknown(id));
    }
    Ok(revisions)
}

fn unknown(id: &str) -> Failure {
    let id = short(id);
    Failure::not_found(format!(
        "there is no article `{id}`; /search gives the ids of those there are"
    ))
}

fn revision(article: &Article) -> Value {
    json!({
        "revision": article.revision,
        "title": article.title,
        "fetched_at": article.fetched_at,
        "word_count": article.word_count,
        "content_hash": article.content_hash,
        "url": format!("/api/articles/{}?revision={}", article.id, article.revision),
    })
}
