//! `newsprint fetch URL…`

use std::sync::Arc;

use anyhow::{Context, Result};
use newsprint::extract::{Extraction, Extractor};
use newsprint::fetch::{Fetcher, Request, Want};
use newsprint::page::Input;
use tokio::sync::Semaphore;
use url::Url;

use super::runtime;
use crate::cli::args::{Common, Fetch};
use crate::cli::exit::UsageError;
use crate::cli::printer::Printer;
use crate::cli::sink::Sink;
use crate::cli::tally::{Page, Tally};
use crate::cli::{Exit, inputs, settings, times};

pub(crate) fn run(args: Fetch, common: &Common, printer: &Printer) -> Result<Exit> {
    let config = settings::optional(common)?;
    let mut urls = args.urls;
    if let Some(list) = &args.input_file {
        for line in inputs::lines(list)? {
            let url = inputs::web_address(&line);
            urls.push(
                url.map_err(|mend| UsageError(format!("{}: `{line}`: {mend}", list.display())))?,
            );
        }
    }
    let several = urls.len() > 1 || args.input_file.is_some();
    let format = settings::format(args.text.format, several);
    let options = settings::extraction(&args.text, format, &config.output.include);
    let visitor = Arc::new(Visitor {
        fetcher: Fetcher::new(&config.crawl, &config.network)?,
        extractor: Extractor::new(options),
    });
    let mut sink = Sink::open(args.text.output.as_deref(), format, several, *printer)?;
    let mut tally = Tally::new(several);
    runtime()?.block_on(async {
        // As many pages wait as may be fetched at once; they are printed in the order typed.
        let places = Arc::new(Semaphore::new(config.crawl.concurrency));
        let mut urls = urls.into_iter();
        let mut under_way = std::collections::VecDeque::new();
        loop {
            while under_way.len() < 2 * config.crawl.concurrency {
                let Some(url) = urls.next() else { break };
                let (visitor, places) = (Arc::clone(&visitor), Arc::clone(&places));
                let name = url.to_string();
                let task = tokio::spawn(async move {
                    let _place = places.acquire().await;
                    visitor.visit(url).await
                });
                under_way.push_back((name, task));
            }
            let Some((name, task)) = under_way.pop_front() else {
                break;
            };
            let page = task.await.unwrap_or_else(|_| Page::panicked());
            if let Some(article) = tally.count(&name, page, printer) {
                sink.write(&article)?;
            }
        }
        anyhow::Ok(())
    })?;
    sink.close().context("cannot finish the output")?;
    Ok(tally.exit())
}

struct Visitor {
    fetcher: Fetcher,
    extractor: Extractor,
}

impl Visitor {
    async fn visit(self: Arc<Self>, url: Url) -> Page {
        let request = Request {
            url: url.clone(),
            requests_per_second: None,
            etag: None,
            last_modified: None,
            want: Want::Page,
        };
        let response = match self.fetcher.get(&request).await {
            Ok(response) => response,
            Err(error) => {
                let refused = error.outcome.is_refusal();
                return Page::Failed {
                    reason: error.reason,
                    refused,
                };
            }
        };
        let read = move || {
            let mut extraction: Extraction = self.extractor.extract(&Input {
                bytes: &response.body,
                url: Some(&response.url),
                content_type: response.content_type.as_deref(),
                x_robots_tag: response.x_robots_tag.as_deref(),
            });
            extraction.article.url = url.to_string();
            extraction.article.status = Some(response.status);
            extraction.article.fetched_at = times::rfc3339(times::now());
            Page::of(extraction)
        };
        tokio::task::spawn_blocking(read)
            .await
            .unwrap_or_else(|_| Page::panicked())
    }
}
