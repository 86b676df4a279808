//! One source: its health, what became of its addresses, how it goes from day to day, its rules and their cases.

mod addresses;
mod rules;
mod trends;

use std::sync::Arc;

use askama::Template;
use axum::Form;
use axum::extract::{Path, Query, State};
use axum::http::Uri;
use serde::Deserialize;

use crate::config::{Config, Source};
use crate::serve::app::App;
use crate::serve::failure::{Answer, Failure};
use crate::serve::overview::{DAYS, Overview, SourceRow};
use crate::serve::pages::{Layout, Section, percent, see, shown};
use crate::store::{AddressFilter, SourceDay};
use crate::verdict::VisitOutcome;
use crate::wording::counts::counted;
use crate::wording::plain::plain;
use addresses::{Entry, Outcomes};
use rules::{CaseRow, RuleRow};
use trends::{DayRow, Trend};

/// What of a source is shown.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Choice {
    /// The outcome whose pages are listed.
    outcome: String,
    /// Only pages that were found before the one of this number.
    before: Option<i64>,
    /// `run`: the cases are run.
    cases: String,
}

/// What is to be tried again: one page, or all that ended so.
#[derive(Debug, Deserialize)]
pub(crate) struct Again {
    outcome: String,
    page: Option<i64>,
}

#[derive(Template)]
#[template(path = "source.html")]
struct SourcePage<'r> {
    page: Layout,
    row: &'r SourceRow,
    entries: Vec<Entry>,
    outcomes: Outcomes,
    trends: Vec<Trend>,
    days: Vec<DayRow>,
    rules: Vec<RuleRow>,
    has_cases: bool,
    /// `None` where they were not run.
    cases: Option<Result<Vec<CaseRow>, String>>,
}

/// A source.
pub(crate) async fn page(
    State(app): State<Arc<App>>,
    Path(name): Path<String>,
    Query(choice): Query<Choice>,
    uri: Uri,
) -> Answer {
    let (loaded, now) = (app.loaded(), app.now());
    let source = find(&loaded.config, &name)?;
    let (store, names) = (app.store(), [name.clone()]);
    let overview = Overview::read(&**store, &loaded.config, &names, now).await?;
    let row = overview.rows.first().ok_or_else(Failure::internal)?;
    let history = store
        .history(&name, loaded.config.health.window, now)
        .await?;
    let days: Vec<SourceDay> = store
        .source_days(&names, DAYS, now)
        .await?
        .into_iter()
        .flatten()
        .collect();
    let chosen = VisitOutcome::from_name(&choice.outcome);
    let outcomes = Outcomes::read(&**store, &name, chosen, choice.before, now).await?;
    let cases = match choice.cases == "run" {
        true => Some(rules::run_cases(Arc::clone(&loaded), name.clone(), now).await),
        false => None,
    };
    let mut page = Layout::new(&app, plain(&name), Section::Sources, &uri);
    page.feed = Some(format!("/feed.xml?source={}", percent(&name)));
    shown(&SourcePage {
        page,
        row,
        entries: history
            .entry_points
            .iter()
            .map(|it| Entry::new(it, now))
            .collect(),
        outcomes,
        trends: trends::charts(&days),
        days: trends::rows(&days),
        rules: rules::of_source(&loaded.config, source),
        has_cases: rules::has_cases(&loaded.config, source),
        cases,
    })
}

/// Makes pages due again, as `newsprint pages --retry` does.
pub(crate) async fn retry(
    State(app): State<Arc<App>>,
    Path(name): Path<String>,
    Form(again): Form<Again>,
) -> Answer {
    find(&app.loaded().config, &name)?;
    let unknown = || Failure::bad_request("there is no such outcome");
    let outcome = VisitOutcome::from_name(&again.outcome).ok_or_else(unknown)?;
    let made_due = match again.page {
        Some(id) => u64::from(app.frontier().retry_page(id, app.now()).await?),
        None => {
            let filter = AddressFilter {
                sources: vec![name.clone()],
                outcomes: vec![outcome],
                ..AddressFilter::default()
            };
            app.frontier().retry(&filter, app.now()).await?
        }
    };
    app.overviews().forget().await;
    let notice = app.notices().add(retried(made_due), None);
    let outcome = outcome.name();
    Ok(see(&format!(
        "/sources/{}?outcome={outcome}&notice={notice}",
        percent(&name)
    )))
}

fn retried(made_due: u64) -> String {
    match made_due {
        0 => "Nothing is tried again: no page among these is not stored and not due already."
            .to_owned(),
        1 => "1 page is due; the next crawl visits it unless its host is paused.".to_owned(),
        many => format!(
            "{} are due; the next crawl visits every host that is not paused.",
            counted(many, "page")
        ),
    }
}

/// The source of that name.
fn find<'c>(config: &'c Config, name: &str) -> Answer<&'c Source> {
    let source = config.sources.iter().find(|it| it.name == name);
    source.ok_or_else(|| Failure::not_found("the configuration has no source of that name"))
}
