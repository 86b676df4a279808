//! What a correction does: tries its selectors on stored pages, writes one, takes it back, extracts the source again.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::Form;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::Deserialize;
use tokio::time::interval;

use crate::correct::{CorrectError, Correction, Effect, Proposal, Trial};
use crate::crawl::ReextractOptions;
use crate::frontier::Storage;
use crate::selectors::SelectorKey;
use crate::serve::app::App;
use crate::serve::corrections::Done;
use crate::serve::explain::Subject;
use crate::serve::failure::{Answer, Failure};
use crate::serve::jobs::{Finished, Job, JobProgress};
use crate::serve::pages::explain::key_of;
use crate::serve::pages::jobs::started;
use crate::serve::pages::see;
use crate::store::RawPage;
use crate::wording::counts::counted;

/// Stored pages on which proposals are tried unless all are asked for.
pub(super) const NEWEST: u64 = 100;
/// Time between two looks at how far work is.
const TICK: Duration = Duration::from_millis(200);

/// A block, and what it is said to be.
#[derive(Debug, Deserialize)]
pub(crate) struct Pointed {
    block: usize,
    #[serde(rename = "as")]
    key: String,
    /// The selector that was chosen.
    css: Option<String>,
    /// Try all stored pages.
    all: Option<String>,
}

/// What proposals for a block would change.
#[derive(Debug)]
pub(super) struct Tried {
    base: String,
    block: usize,
    key: SelectorKey,
    effects: Vec<(String, Effect)>,
}

impl Tried {
    /// True for what was tried for this block of this page.
    pub(super) fn is_of(&self, base: &str, block: Option<usize>, key: Option<SelectorKey>) -> bool {
        self.base == base && Some(self.block) == block && Some(self.key) == key
    }

    /// What a selector would change.
    pub(super) fn effect(&self, css: &str) -> Option<&Effect> {
        let found = self.effects.iter().find(|(tried, _)| tried == css);
        found.map(|(_, effect)| effect)
    }
}

/// Tries the proposals for a block of an article on stored pages.
pub(crate) async fn try_article(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Form(pointed): Form<Pointed>,
) -> Answer {
    let subject = Subject::article(&app, &id).await?;
    try_on_pages(app, subject, pointed).await
}

/// The same for a raw page.
pub(crate) async fn try_page(
    State(app): State<Arc<App>>,
    Path(number): Path<i64>,
    Form(pointed): Form<Pointed>,
) -> Answer {
    let subject = Subject::page(&app, number).await?;
    try_on_pages(app, subject, pointed).await
}

/// Writes a selector for a block of an article.
pub(crate) async fn apply_article(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Form(pointed): Form<Pointed>,
) -> Answer {
    let subject = Subject::article(&app, &id).await?;
    apply(&app, &subject, pointed).await
}

/// The same for a raw page.
pub(crate) async fn apply_page(
    State(app): State<Arc<App>>,
    Path(number): Path<i64>,
    Form(pointed): Form<Pointed>,
) -> Answer {
    let subject = Subject::page(&app, number).await?;
    apply(&app, &subject, pointed).await
}

async fn try_on_pages(app: Arc<App>, subject: Subject, pointed: Pointed) -> Answer {
    let key = key_of(&pointed.key)?;
    let explained = subject
        .explain(&app, Some((pointed.block, Some(key))))
        .await?;
    let proposals = explained.proposals;
    if proposals.is_empty() {
        return Err(Failure::not_found("no selector matches this block"));
    }
    let newest = pointed.all.is_none().then_some(NEWEST);
    let title = format!(
        "Trying {} on stored pages of {}",
        counted(proposals.len() as u64, "selector"),
        subject.source
    );
    let work = Work {
        app: Arc::clone(&app),
        page: subject.raw()?,
        at: subject.at(pointed.block, key),
        tried: Tried {
            base: subject.base,
            block: pointed.block,
            key,
            effects: Vec::new(),
        },
        newest,
    };
    started(app.jobs().start(title, |job| work.run(job, proposals)))
}

/// Tries proposals, one after the other.
struct Work {
    app: Arc<App>,
    page: Arc<RawPage>,
    /// The view that shows what came of it.
    at: String,
    tried: Tried,
    newest: Option<u64>,
}

impl Work {
    async fn run(mut self, job: Arc<Job>, proposals: Vec<Proposal>) -> Result<Finished, String> {
        let url = self
            .page
            .parsed_url()
            .ok_or("the address of the page is not valid")?;
        let loaded = self.app.loaded();
        let storage = Storage {
            store: Arc::clone(self.app.store()),
            frontier: Arc::clone(self.app.frontier()),
        };
        let done = Arc::new(AtomicU64::new(0));
        let trial = Trial {
            config: &loaded.config,
            storage: &storage,
            url: &url,
            options: ReextractOptions {
                sources: vec![self.page.source.clone()],
                newest: self.newest,
                done: Arc::clone(&done),
                clock: self.app.clock().clone(),
                stop: job.stop().clone(),
                ..ReextractOptions::default()
            },
        };
        let words = |error: CorrectError| error.to_string();
        let note = "pages as they are now".to_owned();
        let baseline = watched(&job, &done, (None, note), trial.baseline())
            .await
            .map_err(words)?;
        let baseline = baseline.ok_or("stopped")?;
        let total = baseline.pages * (proposals.len() as u64 + 1);
        for proposal in &proposals {
            let selector = (proposal.key, proposal.css.as_str());
            let (total, note) = (
                Some(total),
                format!("{} = {}", proposal.key.name(), proposal.css),
            );
            match watched(
                &job,
                &done,
                (total, note),
                trial.effect(selector, &baseline),
            )
            .await
            {
                Ok(Some(effect)) => self.tried.effects.push((proposal.css.clone(), effect)),
                Ok(None) => return Err("stopped".to_owned()),
                // One that is in the rules already changes nothing.
                Err(CorrectError::AlreadyThere { .. }) => {}
                Err(error) => return Err(error.to_string()),
            }
        }
        Ok(Finished {
            see: format!("{}&job={}#correct", self.at, job.id),
            value: Arc::new(self.tried),
        })
    }
}

/// Reports how far some work is until it ends.
pub(super) async fn watched<T>(
    job: &Job,
    done: &AtomicU64,
    (total, note): (Option<u64>, String),
    work: impl Future<Output = T>,
) -> T {
    let (mut work, mut tick) = (pin!(work), interval(TICK));
    loop {
        tokio::select! {
            ended = &mut work => return ended,
            _ = tick.tick() => job.report(JobProgress {
                done: done.load(Ordering::Relaxed),
                total,
                note: note.clone(),
            }),
        }
    }
}

async fn apply(app: &App, subject: &Subject, pointed: Pointed) -> Answer {
    let key = key_of(&pointed.key)?;
    let css = pointed.css.filter(|it| !it.trim().is_empty());
    let css = css.ok_or_else(|| Failure::bad_request("choose a selector"))?;
    let explained = subject.explain(app, None).await?;
    let blocks = explained.explanation.blocks;
    let block = blocks.get(pointed.block);
    let block = block
        .ok_or_else(|| Failure::not_found("the page has no such block"))?
        .clone();
    let others = blocks.into_iter().enumerate();
    let others = others.filter(|(at, it)| *at != pointed.block && it.kept && it.text != block.text);
    let stays = others.map(|(_, it)| it.text).max_by_key(String::len);
    let page = subject.raw()?;
    let (loaded, file, now) = (app.loaded(), app.config_file().to_owned(), app.now());
    let readers = loaded.client.readers().clone();
    let selector = css.clone();
    let work = move || {
        Correction {
            config: &loaded.config,
            config_path: Some(file.as_path()).filter(|it| it.exists()),
            page: &page,
            text: &block.text,
            stays: stays.as_deref(),
            key,
            css: &selector,
            now,
        }
        .apply()
    };
    let applied = readers.read(work).await;
    let applied = applied.map_err(|_| Failure::internal())?.map_err(failure)?;
    app.reload();
    let mut said = format!(
        "Written into {}: {} = {css}.",
        applied.rules.display(),
        key.name()
    );
    said.push_str(&match &applied.case {
        Some(case) => format!(" The case {} holds it, and passes.", case.display()),
        None => " No case could be saved: the page is an article only because a feed names it."
            .to_owned(),
    });
    let see_again = format!("{}/explain", subject.base);
    let number = app.corrections().add(Done {
        undo: Arc::new(applied.undo),
        see: see_again.clone(),
    });
    let undo = ("Undo".to_owned(), format!("/corrections/{number}/undo"));
    let notice = app.notices().add(said, Some(undo));
    Ok(see(&format!("{see_again}?notice={notice}")))
}

/// Takes a correction back.
pub(crate) async fn undo(State(app): State<Arc<App>>, Path(number): Path<u64>) -> Answer {
    let gone = "this correction is not known any more; take the selector out of the file by hand";
    let done = app
        .corrections()
        .get(number)
        .ok_or_else(|| Failure::not_found(gone))?;
    let undo = Arc::clone(&done.undo);
    let restored = tokio::task::spawn_blocking(move || undo.restore()).await;
    restored
        .map_err(|_| Failure::internal())?
        .map_err(failure)?;
    app.corrections().forget(number);
    app.reload();
    let notice = app.notices().add(
        "Taken back: the rules and their cases are as they were.",
        None,
    );
    Ok(see(&format!("{}?notice={notice}", done.see)))
}

/// What is said of a correction that is not made.
fn failure(error: CorrectError) -> Failure {
    let status = match &error {
        CorrectError::CaseFails(_) | CorrectError::Config(_) => StatusCode::UNPROCESSABLE_ENTITY,
        CorrectError::File { .. } => StatusCode::INTERNAL_SERVER_ERROR,
        _ => StatusCode::CONFLICT,
    };
    Failure::new(status, error.to_string())
}
