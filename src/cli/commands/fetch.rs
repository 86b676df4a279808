//! `newsprint fetch URL…`: fetches pages in parallel, as politely as a crawl, and prints them in the order
//! given.

use std::collections::VecDeque;

use anyhow::Result;
use newsprint::{Client, ClientError};

use crate::cli::args::{Common, FetchArgs};
use crate::cli::printer::Printer;
use crate::cli::signals::block_on;
use crate::cli::sink::Sink;
use crate::cli::tally::{PageName, PageResult, Tally};
use crate::cli::{Exit, formats, inputs, settings};

/// Pages in progress for each request in flight. Pages that wait for a slow host delay others only if they
/// take up all of these.
const AHEAD: usize = 4;

pub(crate) fn run(args: FetchArgs, common: &Common, printer: &Printer) -> Result<Exit> {
    let config = settings::optional(common)?;
    let several = args.urls.len() > 1 || args.input_file.is_some();
    let format = settings::format(&args.article, several, false)?;
    let file_format = formats::with_bom(format, args.article.bom)?;
    let options = settings::extraction(&args.article, format, &config.output.include);
    let mut urls: Vec<String> = args.urls.into_iter().map(String::from).collect();
    if let Some(list) = &args.input_file {
        urls.extend(inputs::lines(list)?);
    }
    let addresses = urls.iter().filter_map(|it| inputs::web_address(it).ok());
    let addresses: Vec<_> = addresses.collect();
    let client = Client::builder()
        .config(&config)
        .subscriptions(settings::subscriptions(&config, &addresses)?)
        .options(options)
        .build()?;
    let mut sink = Sink::open(
        args.article.output.as_deref(),
        file_format,
        several,
        *printer,
    )?;
    let mut tally = Tally::new(several);
    let ahead = AHEAD * config.crawl.concurrency;
    block_on(async {
        // The queue keeps the order given, in which results are printed.
        let mut in_progress = VecDeque::with_capacity(ahead);
        let mut urls = urls.into_iter();
        loop {
            let free = ahead - in_progress.len();
            in_progress.extend(urls.by_ref().take(free).map(|url| {
                let page = fetch(client.clone(), url.clone());
                (url, tokio::spawn(page))
            }));
            let Some((url, task)) = in_progress.pop_front() else {
                return anyhow::Ok(());
            };
            let page = task.await.unwrap_or_else(|_| PageResult::panicked());
            let shown = inputs::without_login(&url);
            match tally.count(&shown, page, printer) {
                Ok(article) => sink.write(&article)?,
                Err(missing) if args.article.report => {
                    let url = Some(shown.as_str());
                    sink.write_line(&missing.line(PageName { url, source: None }))?;
                }
                Err(_) => {}
            }
        }
    })?;
    sink.close()?;
    Ok(tally.exit())
}

/// Fetches one page and extracts its article. An invalid address in a list fails only its own page.
async fn fetch(client: Client, typed: String) -> PageResult {
    let url = match inputs::web_address(&typed) {
        Ok(url) => url,
        Err(message) => return PageResult::bad_address(message),
    };
    match client.fetch(&url).await {
        Ok(extraction) => PageResult::of(extraction),
        Err(ClientError::Fetch(error)) => PageResult::failed(&error),
        Err(ClientError::StandIn {
            outcome,
            reason,
            status,
            ..
        }) => PageResult::stand_in(outcome, reason, status),
        Err(ClientError::TooLong { reason, .. }) => PageResult::too_long(reason),
        Err(_) => PageResult::panicked(),
    }
}
