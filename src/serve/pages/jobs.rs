//! Work under way: how far it is, and its end.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::{StatusCode, Uri};

use crate::serve::app::App;
use crate::serve::failure::{Answer, Failure};
use crate::serve::jobs::{Job, JobProgress, JobState};
use crate::serve::pages::{Layout, Section, see, shown};

/// The page is asked for again after so many seconds.
const AGAIN: u32 = 1;

#[derive(Template)]
#[template(path = "job.html")]
struct JobPage<'a> {
    page: Layout,
    job: &'a Job,
    progress: JobProgress,
    failed: Option<String>,
}

/// How far a job is; once it is done, what came of it.
pub(crate) async fn page(State(app): State<Arc<App>>, Path(id): Path<u64>, uri: Uri) -> Answer {
    let job = job(&app, id)?;
    let mut page = Layout::new(&app, job.title.clone(), Section::Other, &uri);
    let (progress, failed) = match job.now() {
        JobState::Done(finished) => return Ok(see(&finished.see)),
        JobState::Running(progress) => {
            page.refresh = Some(AGAIN);
            (progress, None)
        }
        JobState::Failed(reason) => (JobProgress::default(), Some(reason)),
    };
    shown(&JobPage {
        page,
        job: &job,
        progress,
        failed,
    })
}

/// Leads to work that was started, unless too much is under way.
pub(super) fn started(id: Option<u64>) -> Answer {
    let busy = "too much is under way already; wait until some of it has ended, or stop it";
    let id = id.ok_or_else(|| Failure::new(StatusCode::SERVICE_UNAVAILABLE, busy))?;
    Ok(see(&format!("/jobs/{id}")))
}

/// Stops a job.
pub(crate) async fn stop(State(app): State<Arc<App>>, Path(id): Path<u64>) -> Answer {
    job(&app, id)?.stop().cancel();
    Ok(see(&format!("/jobs/{id}")))
}

fn job(app: &App, id: u64) -> Answer<Arc<Job>> {
    let gone = || {
        Failure::not_found(
            "this work is not known: it ended long ago, or the server was started again since",
        )
    };
    app.jobs().get(id).ok_or_else(gone)
}
