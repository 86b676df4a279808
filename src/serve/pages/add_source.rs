//! Adding a source: an address, what is found there, and the lines that will stand in the configuration.

use std::sync::Arc;

use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::http::Uri;
use serde::Deserialize;
use url::Url;

use crate::config::NewSource;
use crate::config::edit::{ConfigFile, EditError};
use crate::crawl::{Lead, SURVEY_STEPS, Survey, survey_in_steps};
use crate::serve::app::App;
use crate::serve::failure::{Answer, Failure};
use crate::serve::jobs::{Finished, Job, JobProgress};
use crate::serve::pages::jobs::started;
use crate::serve::pages::{Layout, Section, percent, see, shown};
use crate::wording::counts::counted;
use crate::wording::plain::plain;

#[derive(Template)]
#[template(path = "add_source.html")]
struct AddPage {
    page: Layout,
    contact: Option<String>,
    address: String,
    problem: Option<String>,
}

#[derive(Template)]
#[template(path = "proposal.html")]
struct ProposalPage {
    page: Layout,
    contact: Option<String>,
    front: String,
    notes: Vec<String>,
    lists: Vec<(&'static str, Vec<Place>)>,
    followed: usize,
    passed_over: Vec<(String, String)>,
    name: String,
    block: Option<String>,
    problem: Option<String>,
    job: u64,
}

/// A front page, feed, sitemap or section that was found.
struct Place {
    url: String,
    summary: String,
    samples: Vec<String>,
}

/// What was typed.
#[derive(Debug, Deserialize)]
pub(crate) struct Address {
    address: String,
}

/// The name that was chosen.
#[derive(Debug, Deserialize)]
pub(crate) struct Chosen {
    name: String,
}

/// The form for an address.
pub(crate) async fn page(State(app): State<Arc<App>>, uri: Uri) -> Answer {
    shown(&AddPage {
        page: Layout::new(&app, "Add a source", Section::Sources, &uri),
        contact: contact(&app, None),
        address: String::new(),
        problem: None,
    })
}

/// Starts to look at an address.
pub(crate) async fn look(
    State(app): State<Arc<App>>,
    uri: Uri,
    Form(Address { address }): Form<Address>,
) -> Answer {
    let Some(url) = web_address(&address) else {
        return shown(&AddPage {
            page: Layout::new(&app, "Add a source", Section::Sources, &uri),
            contact: contact(&app, None),
            problem: Some(
                "this is not an address of the web; type one such as https://example.org/"
                    .to_owned(),
            ),
            address,
        });
    };
    let title = format!("Looking at {}", plain(url.as_str()));
    started(
        app.jobs()
            .start(title, |job| look_at(Arc::clone(&app), url, job)),
    )
}

async fn look_at(app: Arc<App>, url: Url, job: Arc<Job>) -> Result<Finished, String> {
    let loaded = app.loaded();
    let begins = |step: usize| {
        job.report(JobProgress {
            done: step as u64,
            total: Some(SURVEY_STEPS.len() as u64),
            note: SURVEY_STEPS
                .get(step)
                .copied()
                .unwrap_or_default()
                .to_owned(),
        });
    };
    let found = tokio::select! {
        found = survey_in_steps(loaded.client.fetcher(), &url, app.now(), &begins) => found,
        () = job.stop().cancelled() => return Err("it was stopped".to_owned()),
    };
    let found = found.map_err(|error| plain(&error.to_string()))?;
    Ok(Finished {
        see: format!("/add-source/{}", job.id),
        value: Arc::new(found),
    })
}

/// What was found at an address.
pub(crate) async fn proposal(
    State(app): State<Arc<App>>,
    Path(job): Path<u64>,
    uri: Uri,
) -> Answer {
    let found = found(&app, job)?;
    let page = Layout::new(&app, "Add a source", Section::Sources, &uri);
    shown(&proposed(&app, page, &found, job, None))
}

/// Adds what was found to the configuration.
pub(crate) async fn add(
    State(app): State<Arc<App>>,
    Path(job): Path<u64>,
    uri: Uri,
    Form(Chosen { name }): Form<Chosen>,
) -> Answer {
    let found = found(&app, job)?;
    let nothing = || Failure::bad_request("nothing was found there that a source could begin with");
    let mut source = found.proposal().ok_or_else(nothing)?;
    source.name = name;
    let name = source.name.clone();
    let done = change(&app, move |file| {
        // What is not seen in a name would be seen nowhere else either.
        if plain(&source.name) != source.name {
            return Err(EditError::BadName("the name has invisible characters"));
        }
        file.add(&source)
    });
    if let Err(error) = done.await? {
        let page = Layout::new(&app, "Add a source", Section::Sources, &uri);
        return shown(&proposed(
            &app,
            page,
            &found,
            job,
            Some((name, error.to_string())),
        ));
    }
    let path = format!("/sources/{}", percent(&name));
    let text = format!(
        "{} is in the configuration; the next crawl visits it.",
        plain(&name)
    );
    let undo = ("Undo".to_owned(), format!("{path}/undo"));
    let notice = app.notices().add(text, Some(undo));
    Ok(see(&format!("{path}?notice={notice}")))
}

/// Takes a source out again that was just added.
pub(crate) async fn undo(State(app): State<Arc<App>>, Path(name): Path<String>) -> Answer {
    let removed = name.clone();
    let done = change(&app, move |file| file.remove_added(&removed)).await?;
    let text = match done {
        Ok(()) => format!("{} is no longer in the configuration.", plain(&name)),
        Err(error) => {
            return Err(Failure::new(
                axum::http::StatusCode::CONFLICT,
                error.to_string(),
            ));
        }
    };
    let notice = app.notices().add(text, None);
    Ok(see(&format!("/?notice={notice}")))
}

/// Changes the file of the configuration, and reads it again.
async fn change(
    app: &Arc<App>,
    change: impl FnOnce(&ConfigFile) -> Result<(), EditError> + Send + 'static,
) -> Answer<Result<(), EditError>> {
    let path = app.config_file().to_owned();
    let work = move || ConfigFile::read(&path).and_then(|file| change(&file));
    let done = tokio::task::spawn_blocking(work).await;
    let done = done.map_err(|_| Failure::internal())?;
    if done.is_ok() {
        app.reload();
        app.overviews().forget().await;
    }
    Ok(done)
}

fn found(app: &App, job: u64) -> Answer<Arc<Survey>> {
    let gone = || Failure::not_found("what was found is no longer kept; look at the address again");
    app.jobs().value(job).ok_or_else(gone)
}

/// The page of what was found. `tried` has the name that was refused, and why.
fn proposed(
    app: &App,
    page: Layout,
    found: &Survey,
    job: u64,
    tried: Option<(String, String)>,
) -> ProposalPage {
    let now = app.now();
    let proposal = found.proposal();
    let places = |leads: &[Lead]| {
        leads
            .iter()
            .map(|it| Place::new(it, now))
            .collect::<Vec<_>>()
    };
    let mut lists = vec![
        ("Feeds", places(&found.feeds)),
        ("Sitemaps", places(&found.sitemaps)),
        ("Sections", places(&found.sections)),
    ];
    if found.links.articles > 0 {
        lists.insert(
            0,
            ("Front page", places(std::slice::from_ref(&found.links))),
        );
    }
    lists.retain(|(_, places)| !places.is_empty());
    let own_name = proposal
        .as_ref()
        .map(|it| it.name.clone())
        .unwrap_or_default();
    let block = proposal.as_ref().map(|it| block(app, it));
    let (name, mut problem) = match tried {
        None => (own_name, None),
        Some((name, problem)) => (name, Some(problem)),
    };
    let block = block.and_then(|block| {
        block
            .map_err(|error| problem.get_or_insert(error.to_string()).clone())
            .ok()
    });
    ProposalPage {
        page,
        contact: contact(app, Some(&found.front)),
        front: found.front.to_string(),
        notes: notes(found),
        lists,
        followed: found.links.articles,
        passed_over: passed_over(found),
        name,
        block,
        problem,
        job,
    }
}

/// Why a crawl of this site, or of any, would not start.
fn contact(app: &App, front: Option<&Url>) -> Option<String> {
    let loaded = app.loaded();
    let is_here = front.is_some_and(|it| loaded.config.network.leads_here(it));
    let missing = loaded.config.contact().err().filter(|_| !is_here);
    missing.map(|it| plain(&it.to_string()))
}

/// The lines as they would stand in the file.
fn block(app: &App, source: &NewSource) -> Result<String, EditError> {
    ConfigFile::read(app.config_file())?.preview(source)
}

/// What was in the way.
fn notes(found: &Survey) -> Vec<String> {
    let other = found
        .instead_of
        .as_ref()
        .map(|it| format!("{it}; using {} instead", found.front));
    let problem = found.problem.as_ref().map(|(_, reason)| reason.clone());
    other
        .into_iter()
        .chain(problem)
        .map(|it| plain(&it))
        .collect()
}

/// The links that are not followed: how many and why, and some of their texts.
fn passed_over(found: &Survey) -> Vec<(String, String)> {
    let all = found.passed_over.iter().map(|it| {
        let samples: Vec<String> = it.samples.iter().map(|it| plain(it)).collect();
        let links = counted(it.links as u64, "link");
        (format!("{links} {}", it.reason.text()), samples.join(" · "))
    });
    all.collect()
}

impl Place {
    fn new(lead: &Lead, now: i64) -> Place {
        Place {
            url: lead.url.to_string(),
            summary: lead.summary(now),
            samples: lead.samples.iter().map(|it| plain(it)).collect(),
        }
    }
}

/// The address that was typed, with its scheme or without.
fn web_address(text: &str) -> Option<Url> {
    let text = text.trim();
    let whole = match text.contains("://") {
        true => Url::parse(text),
        false => Url::parse(&format!("https://{text}")),
    };
    // A user name and a password would stand on pages and in the file.
    let has_login = |url: &Url| !url.username().is_empty() || url.password().is_some();
    let is_web = |url: &Url| matches!(url.scheme(), "http" | "https") && !has_login(url);
    whole.ok().filter(is_web)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_may_be_typed_without_its_scheme() {
        for (typed, address) in [
            (" daily.example ", Some("https://daily.example/")),
            ("http://daily.example/a", Some("http://daily.example/a")),
            ("javascript:alert(1)", None),
            ("file:///etc/passwd", None),
            ("ftp://daily.example/", None),
            ("https://ada:secret@daily.example/", None),
            ("ada@daily.example", None),
            ("", None),
        ] {
            assert_eq!(
                web_address(typed).as_ref().map(Url::as_str),
                address,
                "{typed:?}"
            );
        }
    }
}
