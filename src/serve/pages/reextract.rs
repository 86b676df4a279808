//! The stored pages of a source extracted again, and what that has changed.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::Uri;
use axum::response::Response;
use serde::Deserialize;

use crate::crawl::{CrawlError, Differences, ReextractOptions, reextract};
use crate::serve::app::App;
use crate::serve::failure::{Answer, Failure};
use crate::serve::foreign::Foreign;
use crate::serve::jobs::{Finished, Job};
use crate::serve::pages::correct::watched;
use crate::serve::pages::jobs::started;
use crate::serve::pages::{Layout, Section, percent, shown};
use crate::wording::counts::counted;

/// Paragraphs and articles that are shown of what an extraction has changed.
const SHOWN: usize = 20;

/// Extracts the stored pages of a source again.
pub(crate) async fn again(State(app): State<Arc<App>>, Path(source): Path<String>) -> Answer {
    let title = format!("Extracting the stored pages of {source} again");
    let shared = Arc::clone(&app);
    started(
        app.jobs()
            .start(title, |job| extract_again(shared, job, source)),
    )
}

async fn extract_again(app: Arc<App>, job: Arc<Job>, source: String) -> Result<Finished, String> {
    let loaded = app.loaded();
    let done = Arc::new(AtomicU64::new(0));
    let options = ReextractOptions {
        sources: vec![source.clone()],
        done: Arc::clone(&done),
        clock: app.clock().clone(),
        stop: job.stop().clone(),
        ..ReextractOptions::default()
    };
    let mut changed = Differences::default();
    let report = |of_source| {
        changed = of_source;
        Ok::<_, CrawlError>(())
    };
    let work = reextract(&loaded.config, &options, report);
    let ended = watched(&job, &done, (None, "pages".to_owned()), work).await;
    ended.map_err(|error| error.to_string())?;
    Ok(Finished {
        see: format!("/sources/{}/reextracted?job={}", percent(&source), job.id),
        value: Arc::new(changed),
    })
}

/// The work whose end is shown.
#[derive(Debug, Deserialize)]
pub(crate) struct Ended {
    job: u64,
}

#[derive(Template)]
#[template(path = "reextracted.html")]
struct ReextractedPage<'a> {
    page: Layout,
    changed: &'a Differences,
    sum: String,
    went: Vec<(u64, Foreign<'a>)>,
    came: Vec<(u64, Foreign<'a>)>,
    lost: Vec<Foreign<'a>>,
}

/// What an extraction has changed.
pub(crate) async fn changed(
    State(app): State<Arc<App>>,
    Path(source): Path<String>,
    Query(ended): Query<Ended>,
    uri: Uri,
) -> Answer<Response> {
    let changed = app.jobs().value::<Differences>(ended.job);
    let changed = changed.filter(|it| it.source == source || it.source.is_empty());
    let gone = "what this extraction has changed is not known any more; `newsprint diff ID` shows each article";
    let changed = changed.ok_or_else(|| Failure::not_found(gone))?;
    shown(&ReextractedPage {
        page: Layout::new(
            &app,
            format!("{source}: extracted again"),
            Section::Sources,
            &uri,
        ),
        sum: sum(&changed),
        went: most_frequent(&changed.went),
        came: most_frequent(&changed.came),
        lost: changed
            .lost
            .iter()
            .take(SHOWN)
            .map(|it| Foreign(it))
            .collect(),
        changed: &changed,
    })
}

fn sum(changed: &Differences) -> String {
    let mut parts = vec![
        counted(changed.pages, "page"),
        format!("{} changed", counted(changed.texts, "text")),
        format!("{} unchanged", changed.same),
    ];
    if changed.new > 0 {
        parts.push(format!("{} new", counted(changed.new, "article")));
    }
    for (field, count) in &changed.fields {
        parts.push(format!("`{field}` another in {count}"));
    }
    for (outcome, count) in &changed.none {
        parts.push(format!("{count} {}", outcome.name()));
    }
    parts.join(", ")
}

/// The paragraphs that come or go most often, with how often.
fn most_frequent(paragraphs: &std::collections::BTreeMap<String, u64>) -> Vec<(u64, Foreign<'_>)> {
    let mut all: Vec<(u64, Foreign<'_>)> = paragraphs
        .iter()
        .map(|(text, count)| (*count, Foreign(text)))
        .collect();
    all.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
    all.truncate(SHOWN);
    all
}
