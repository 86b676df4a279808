//! `newsprint identity verify`: the published directory, as a webmaster's software sees it.

use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Result;
use newsprint::config::{Config, CrawlSettings};
use newsprint::fetch::{BoxFuture, Exchanged, Fetcher, Recorder, Request};
use newsprint::identity::{Finding, Published, Signer, SigningKey, address};
use url::Url;

use super::{key_file, now};
use crate::cli::Exit;
use crate::cli::args::VerifyArgs;
use crate::cli::exit::UsageError;
use crate::cli::printer::Printer;
use crate::cli::signals::block_on;

/// Keeps the answers of a request.
#[derive(Debug, Default)]
struct Answers(Mutex<Vec<Exchanged>>);

impl Recorder for Answers {
    fn record(&self, exchanged: Exchanged) -> BoxFuture<'_, ()> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(exchanged);
        Box::pin(async {})
    }
}

pub(super) fn run(args: &VerifyArgs, config: &Config, printer: &Printer) -> Result<Exit> {
    let own = SigningKey::load(&key_file(None, &config.identity)?)?;
    let url = args
        .url
        .clone()
        .or_else(|| config.identity.directory.as_ref().map(address));
    let url = url.ok_or_else(|| {
        UsageError("there is no `directory` in [identity]; name the address".to_owned())
    })?;
    // The host is the user's own, and no site that is crawled.
    let crawl = CrawlSettings {
        respect_robots: false,
        ..config.crawl.clone()
    };
    let answers = Arc::new(Answers::default());
    let fetcher = Fetcher::signing(&crawl, &config.network, Signer::of(&config.identity)?)?;
    let fetcher = fetcher.recorded_by(Arc::<Answers>::clone(&answers));
    // Of a page, only the beginning of what is no page would be read.
    let fetched = block_on(async { Ok(fetcher.get(&Request::feed(url.clone())).await) })?;
    let answers = answers.0.lock().unwrap_or_else(PoisonError::into_inner);
    let Some(answer) = answers.iter().rfind(|it| it.url == url) else {
        let reason = fetched
            .err()
            .map_or_else(|| "no answer".to_owned(), |it| it.to_string());
        printer.error(&reason);
        return Ok(Exit::Failed);
    };
    report(answer, &url, &own, printer)
}

fn report(answer: &Exchanged, url: &Url, own: &SigningKey, printer: &Printer) -> Result<Exit> {
    let head = String::from_utf8_lossy(&answer.response);
    let headers = head
        .lines()
        .skip(1)
        .filter_map(|line| line.split_once(": "));
    let headers: Vec<_> = headers
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let published = Published {
        url,
        status: answer.status,
        headers: &headers,
        body: &answer.body,
    };
    let found = published.check(own.id(), now()?);
    let mut text = format!("{url}\n");
    for finding in &found {
        text.push_str(&match finding {
            Finding::Good(what) => format!("  ✓ {what}\n"),
            Finding::Advice(what) => format!("  ! {what}\n"),
            Finding::Fault(what) => format!("  ✗ {what}\n"),
        });
    }
    printer.text(&text)?;
    let exit = if found.iter().any(Finding::is_fault) {
        Exit::Partial
    } else {
        Exit::Done
    };
    Ok(exit)
}
