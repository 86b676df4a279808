//! How sources are doing, and what became of every address: as `status --format json` and `pages --format jsonl` have it.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::Uri;
use axum::response::{IntoResponse, Response};
use serde_json::Value;

use super::{Params, answer};
use crate::serve::app::{App, Loaded};
use crate::serve::failure::{Answer, Failure};
use crate::serve::reading::short;
use crate::store::{Address, AddressFilter, SourceStatus, StatusTimes, WorkerStatus};
use crate::verdict::VisitOutcome;
use crate::wording::times::TimeArg;

/// The time that a status covers unless asked otherwise.
const SINCE: TimeArg = TimeArg::Ago(Duration::from_secs(7 * 24 * 3600));

/// `GET /sources`: the sources of the configuration, in its order.
pub(super) async fn all(State(app): State<Arc<App>>, uri: Uri) -> Answer {
    let params = Params::of(&uri, &["since", "limit", "cursor"])?;
    let loaded = app.loaded();
    let names = loaded.config.source_names();
    let begin = match params.one("cursor")? {
        None => 0,
        Some(last) => after(&names, last)?,
    };
    let limit = usize::try_from(params.limit(50, 200)?).unwrap_or(usize::MAX);
    let end = begin.saturating_add(limit).min(names.len());
    let part = names.get(begin..end).unwrap_or_default();
    let rows = app
        .store()
        .status(part, times(&app, &loaded, &params)?)
        .await?;
    let objects = rows.iter().map(SourceStatus::object).collect();
    let next = part.last().filter(|_| end < names.len());
    let list = answer::list(&uri, "sources", objects, next.map(String::as_str));
    Ok(answer::of_list(list))
}

/// `GET /sources/NAME`
pub(super) async fn one(State(app): State<Arc<App>>, Path(name): Path<String>, uri: Uri) -> Answer {
    let params = Params::of(&uri, &["since"])?;
    let loaded = app.loaded();
    let name = [known(&loaded, &name)?];
    let rows = app
        .store()
        .status(&name, times(&app, &loaded, &params)?)
        .await?;
    let row = rows.first().ok_or_else(Failure::internal)?;
    Ok(Json(row.object()).into_response())
}

/// `GET /workers`: the crawls that share a store on a server.
pub(super) async fn workers(State(app): State<Arc<App>>, uri: Uri) -> Answer {
    let params = Params::of(&uri, &["since"])?;
    let since = params.time("since", app.now())?;
    let since = since.unwrap_or_else(|| SINCE.millis(app.now()));
    let workers = app.store().workers(since).await?;
    let objects = workers.iter().map(WorkerStatus::object).collect();
    Ok(answer::of_list(answer::list(
        &uri, "workers", objects, None,
    )))
}

/// `GET /pages`: the addresses that a crawl knows, in the order in which they were found.
pub(super) async fn pages(State(app): State<Arc<App>>, uri: Uri) -> Answer {
    let names = ["source", "outcome", "since", "lost", "limit", "cursor"];
    let params = Params::of(&uri, &names)?;
    let position = params.read("cursor", "give the `next` of an answer back")?;
    let limit = params.limit(100, 1_000)?;
    let filter = AddressFilter {
        sources: params.all("source"),
        outcomes: outcomes(&params)?,
        since: params.time("since", app.now())?,
        lost: params.flag("lost")?,
    };
    let found = app
        .store()
        .addresses_after(&filter, position.unwrap_or(0), limit + 1)
        .await?;
    Ok(part(&uri, found, limit))
}

/// So many of the addresses that were found, and the way to the rest.
fn part(uri: &Uri, mut found: Vec<Address>, limit: u32) -> Response {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let goes_on = found.len() > limit;
    found.truncate(limit);
    let next = found.last().filter(|_| goes_on).map(|it| it.id.to_string());
    let objects: Vec<Value> = found.iter().map(Address::object).collect();
    answer::of_list(answer::list(uri, "pages", objects, next.as_deref()))
}

fn outcomes(params: &Params) -> Answer<Vec<VisitOutcome>> {
    let values = params.all("outcome");
    let names = values.iter().flat_map(|it| it.split(',')).map(str::trim);
    let read = |name: &str| {
        VisitOutcome::from_name(name).ok_or_else(|| {
            let known: Vec<&str> = VisitOutcome::ALL.iter().map(|it| it.name()).collect();
            Failure::bad_request(format!(
                "there is no outcome `{}`; known are {}",
                short(name),
                known.join(", ")
            ))
        })
    };
    names.map(read).collect()
}

fn times(app: &App, loaded: &Loaded, params: &Params) -> Answer<StatusTimes> {
    let now = app.now();
    let since = params.time("since", now)?;
    Ok(StatusTimes {
        since: since.unwrap_or_else(|| SINCE.millis(now)),
        health: loaded.config.health.window,
        now,
    })
}

/// The source of this name.
fn known(loaded: &Loaded, name: &str) -> Answer<String> {
    let found = loaded
        .config
        .source_names()
        .into_iter()
        .find(|it| it == name);
    found.ok_or_else(|| {
        Failure::not_found(format!(
            "there is no source `{}` in the configuration; /sources lists those that are",
            short(name)
        ))
    })
}

/// Where the sources after this one begin.
fn after(names: &[String], last: &str) -> Answer<usize> {
    let at = names.iter().position(|it| it == last);
    at.map(|at| at + 1).ok_or_else(|| {
        Failure::bad_request(
            "the source that the cursor names is no longer in the configuration; begin again without `cursor`",
        )
    })
}
