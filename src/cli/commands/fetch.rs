//! `newsprint fetch URL…`: many pages at a time, as politely as a crawl; printed in the order typed.

use std::collections::VecDeque;
use std::sync::Arc;

use anyhow::Result;
use newsprint::crawl::Follow;
use newsprint::extract::{Extraction, Extractor};
use newsprint::fetch::{Fetcher, Request, Response};
use newsprint::rulebook::RuleBook;
use url::Url;

use super::runtime;
use crate::cli::args::{Common, FetchArgs};
use crate::cli::printer::Printer;
use crate::cli::sink::Sink;
use crate::cli::tally::{Page, Tally};
use crate::cli::{Exit, inputs, settings, times};

/// Pages under way for each request in flight: hosts that must be waited for keep others from
/// being asked only when all of these are theirs.
const AHEAD: usize = 4;

pub(crate) fn run(args: FetchArgs, common: &Common, printer: &Printer) -> Result<Exit> {
    let config = settings::optional(common)?;
    let several = args.urls.len() > 1 || args.input_file.is_some();
    let format = settings::format(args.article.format, several);
    let options = settings::extraction(&args.article, format, &config.output.include);
    let mut urls: Vec<String> = args.urls.into_iter().map(String::from).collect();
    if let Some(list) = &args.input_file {
        urls.extend(inputs::lines(list)?);
    }
    let visitor = Arc::new(Visitor {
        fetcher: Fetcher::new(&config.crawl, &config.network)?,
        extractor: Arc::new(Extractor::new(options)),
        book: Arc::new(RuleBook::new(&config)),
    });
    let mut sink = Sink::open(args.article.output.as_deref(), format, several, *printer)?;
    let mut tally = Tally::new(several);
    let ahead = AHEAD * config.crawl.concurrency;
    runtime()?.block_on(async {
        // The queue is in the order typed, and so is what is printed.
        let mut under_way = VecDeque::with_capacity(ahead);
        let mut urls = urls.into_iter();
        loop {
            let free = ahead - under_way.len();
            under_way.extend(urls.by_ref().take(free).map(|url| {
                let visit = Arc::clone(&visitor).visit(url.clone());
                (url, tokio::spawn(visit))
            }));
            let Some((url, task)) = under_way.pop_front() else {
                return anyhow::Ok(());
            };
            let page = task.await.unwrap_or_else(|_| Page::panicked());
            if let Some(article) = tally.count(&url, page, printer) {
                sink.write(&article)?;
            }
        }
    })?;
    sink.close()?;
    Ok(tally.exit())
}

struct Visitor {
    fetcher: Fetcher,
    extractor: Arc<Extractor>,
    book: Arc<RuleBook>,
}

impl Visitor {
    /// Fetches and reads one page. A line of a list may be no address, which is that page's
    /// failure alone.
    async fn visit(self: Arc<Self>, typed: String) -> Page {
        let url = match inputs::web_address(&typed) {
            Ok(url) => url,
            Err(mend) => return Page::failed(mend),
        };
        let request = Request::page(url.clone());
        let response = match self.fetcher.get(&request).await {
            Ok(response) => response,
            Err(error) => {
                return Page::Failed {
                    refused: error.is_refusal(),
                    reason: error.kind.to_string(),
                };
            }
        };
        let (base, reader) = (response.url.clone(), Arc::clone(&self));
        let read = move || reader.read(&url, &response);
        let Ok(mut extraction) = tokio::task::spawn_blocking(read).await else {
            return Page::panicked();
        };
        if let Some(next) = extraction.next_page.take() {
            let follow = Follow {
                fetcher: &self.fetcher,
                extractor: Arc::clone(&self.extractor),
                book: Arc::clone(&self.book),
                source: None,
                requests_per_second: None,
                now: times::now(),
            };
            follow
                .join(&base, Some(next), &mut extraction.article)
                .await;
        }
        Page::of(extraction)
    }

    fn read(&self, asked: &Url, response: &Response) -> Extraction {
        let url = Some(&response.url);
        let rules = self.book.for_page(None, url, times::now());
        let mut extraction = self.extractor.extract_with(&response.input(), &rules);
        extraction.article.url = asked.to_string();
        extraction.article.status = Some(response.status);
        extraction
            .article
            .set_fetched_at(times::rfc3339(times::now()));
        extraction
    }
}
