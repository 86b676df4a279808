//! `newsprint explain URL|PATH|ID`: shows the source of each field and the candidates that were rejected, and
//! why each block was kept or dropped.

mod stored;
mod text;

pub(super) use text::why;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use newsprint::config::Config;
use newsprint::extract::Extractor;
use newsprint::extract::site_memory::host_of_page;
use newsprint::fetch::Response;
use newsprint::files::{self, Access};
use newsprint::input::{self, SavedPage};
use newsprint::page::Input;
use newsprint::rulebook::RuleBook;
use newsprint::serve::explain;
use newsprint::store::{self, StoreError};
use newsprint::{Client, ClientError};
use url::Url;

use self::stored::Stored;

use super::runtime;
use crate::cli::args::{Common, ExplainArgs, ReportFormat};
use crate::cli::paint::Paint;
use crate::cli::printer::Printer;
use crate::cli::signals::block_on;
use crate::cli::{Exit, inputs, settings, times};

/// The page to explain, wherever it came from.
enum Source {
    Web(Box<Response>),
    File(Box<SavedPage>),
    Stored(Box<Stored>),
}

impl Source {
    fn input(&self) -> Input<'_> {
        match self {
            Source::Web(response) => response.input().with_fetched_at(times::now()),
            Source::File(page) => page.input(),
            Source::Stored(stored) => stored.page.input(stored.url.as_ref()),
        }
    }

    /// The source that the page belongs to, and when it was fetched: what decides which rules apply.
    fn belongs_to(&self) -> (Option<&str>, i64) {
        match self {
            Source::Stored(stored) => (Some(&stored.page.source), stored.page.fetched_at),
            _ => (None, times::now()),
        }
    }
}

pub(crate) fn run(args: &ExplainArgs, common: &Common, printer: &Printer) -> Result<Exit> {
    let config = settings::optional(common)?;
    let page = match &args.page {
        Some(page) => page.as_str(),
        None => {
            inputs::reads_pipe("a URL, a PATH or the ID of an article", "explain")?;
            "-"
        }
    };
    let source = match read(args, page, &config)? {
        Ok(source) => source,
        Err((reason, exit)) => {
            printer.error(&reason);
            return Ok(exit);
        }
    };
    let input = source.input();
    let book = RuleBook::new(&config);
    let (owner, fetched_at) = source.belongs_to();
    let owner = owner.filter(|it| book.has_source(it));
    let rules = book.for_page(owner, input.url, fetched_at);
    let extractor = Extractor::builder().any_kind(true).build();
    let extractor = match host_of_page(&input) {
        Some(host) => with_site_memory(extractor, &config, &host)?,
        None => extractor,
    };
    let explanation = extractor.explain(&input, &rules);
    if let Some(path) = &args.html {
        let shown = input.url.map_or(page, Url::as_str);
        return write_html(path, &explain::file(&explanation, shown)?, printer);
    }
    match args.format {
        Some(ReportFormat::Json) => {
            let json = format!("{:#}\n", explanation.to_json());
            printer.out(json.as_bytes())?;
        }
        _ => printer.text(&text::text(
            &explanation,
            Paint::stdout(),
            common.verbose > 0,
        ))?,
    }
    Ok(Exit::Done)
}

/// The extractor with the host's memory from the store, if there is a store.
fn with_site_memory(extractor: Extractor, config: &Config, host: &str) -> Result<Extractor> {
    let memory = runtime()?.block_on(async {
        let store = store::open_read_only(&config.store.location).await?;
        let memory = store.site_memory(host).await;
        store.close().await;
        memory
    });
    match memory {
        Ok(memory) => Ok(extractor.with_memory(memory)),
        Err(StoreError::Missing { .. } | StoreError::Older { .. }) => Ok(extractor),
        Err(error) => Err(error.into()),
    }
}

fn write_html(path: &Path, page: &str, printer: &Printer) -> Result<Exit> {
    files::write(path, page.as_bytes(), Access::Group)
        .with_context(|| format!("cannot write {}", path.display()))?;
    printer.note(&format!("written to {}\n", path.display()));
    Ok(Exit::Done)
}

/// The page, or the error message and exit code.
fn read(args: &ExplainArgs, page: &str, config: &Config) -> Result<Result<Source, (String, Exit)>> {
    if args.stored || stored::is_id(page) {
        return Ok(Ok(Source::Stored(Box::new(stored::read(page, config)?))));
    }
    if !page.starts_with("http://") && !page.starts_with("https://") {
        return Ok(from_file(page, args));
    }
    let url = match inputs::web_address(page) {
        Ok(url) => url,
        Err(message) => return Ok(Err((format!("{page}: {message}"), Exit::Usage))),
    };
    let own = settings::subscriptions(config, std::slice::from_ref(&url))?;
    let client = Client::builder()
        .config(config)
        .subscriptions(own)
        .build()?;
    Ok(match block_on(async { Ok(client.page(&url).await) })? {
        Ok(response) => Ok(Source::Web(Box::new(response))),
        Err(ClientError::Fetch(error)) if error.is_refusal() => {
            Err((error.to_string(), Exit::Refused))
        }
        Err(error) => Err((error.to_string(), Exit::Failed)),
    })
}

fn from_file(path: &str, args: &ExplainArgs) -> Result<Source, (String, Exit)> {
    let mut pages = input::pages(vec![PathBuf::from(path)], MAX_BYTES);
    match pages.next() {
        Some(Ok(page)) => Ok(Source::File(Box::new(SavedPage {
            url: args.url.clone().or(page.url),
            ..page
        }))),
        Some(Err(error)) => Err((format!("{}: {}", error.name, error.reason), Exit::Failed)),
        None => Err((format!("{path}: contains no page"), Exit::Failed)),
    }
}

/// Maximum size of a page.
const MAX_BYTES: u64 = 20 << 20;
