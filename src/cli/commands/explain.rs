//! `newsprint explain URL|PATH`: where each field of a page's record comes from, and what else might
//! have stood there.

use std::path::PathBuf;

use anyhow::Result;
use newsprint::extract::metadata::Told;
use newsprint::extract::{Extraction, Extractor, Options};
use newsprint::fetch::{Fetcher, Request, Want};
use newsprint::input;
use newsprint::page::Input;
use serde_json::json;
use url::Url;

use super::runtime;
use crate::cli::args::{Common, Explain, StatusFormat};
use crate::cli::printer::Printer;
use crate::cli::{Exit, inputs, settings};

/// A page, wherever it is from.
struct Page {
    bytes: Vec<u8>,
    url: Option<Url>,
    content_type: Option<String>,
    x_robots_tag: Option<String>,
}

pub(crate) fn run(args: &Explain, common: &Common, printer: &Printer) -> Result<Exit> {
    let page = match read(args, common)? {
        Ok(page) => page,
        Err((reason, exit)) => {
            printer.error(&reason);
            return Ok(exit);
        }
    };
    let input = Input {
        bytes: &page.bytes,
        url: page.url.as_ref(),
        content_type: page.content_type.as_deref(),
        x_robots_tag: page.x_robots_tag.as_deref(),
    };
    let extractor = Extractor::new(Options {
        any_kind: true,
        ..Options::default()
    });
    let (extraction, told) = (extractor.extract(&input), extractor.explain_fields(&input));
    let shown = match args.format {
        Some(StatusFormat::Json) => {
            let article = &extraction.article;
            let object = json!({
                "verdict": extraction.verdict.name(),
                "kind": article.kind,
                "words": article.word_count,
                "quality": article.quality,
                "warnings": article.warnings,
                "fields": told,
            });
            format!("{object:#}\n")
        }
        _ => text(&extraction, &told),
    };
    printer.out(shown.as_bytes())?;
    Ok(Exit::Done)
}

/// The page, or why there is none.
fn read(args: &Explain, common: &Common) -> Result<Result<Page, (String, Exit)>> {
    if !args.page.starts_with("http://") && !args.page.starts_with("https://") {
        return Ok(from_file(args));
    }
    let url = match inputs::web_address(&args.page) {
        Ok(url) => url,
        Err(mend) => return Ok(Err((format!("{}: {mend}", args.page), Exit::Usage))),
    };
    let config = settings::optional(common)?;
    let fetcher = Fetcher::new(&config.crawl, &config.network)?;
    let request = Request {
        url,
        requests_per_second: None,
        etag: None,
        last_modified: None,
        want: Want::Page,
    };
    Ok(match runtime()?.block_on(fetcher.get(&request)) {
        Ok(response) => Ok(Page {
            bytes: response.body,
            url: Some(response.url),
            content_type: response.content_type,
            x_robots_tag: response.x_robots_tag,
        }),
        Err(error) if error.outcome.is_refusal() => Err((error.to_string(), Exit::Refused)),
        Err(error) => Err((error.to_string(), Exit::Failed)),
    })
}

fn from_file(args: &Explain) -> Result<Page, (String, Exit)> {
    let mut pages = input::pages(vec![PathBuf::from(&args.page)], MAX_BYTES);
    match pages.next() {
        Some(Ok(page)) => Ok(Page {
            bytes: page.bytes,
            url: args.url.clone().or(page.url),
            content_type: page.content_type,
            x_robots_tag: None,
        }),
        Some(Err(error)) => Err((format!("{}: {}", error.name, error.reason), Exit::Failed)),
        None => Err((
            format!("{}: there is no page in it", args.page),
            Exit::Failed,
        )),
    }
}

/// Larger files are no pages.
const MAX_BYTES: u64 = 20 << 20;

fn text(extraction: &Extraction, told: &[Told]) -> String {
    let article = &extraction.article;
    let mut out = format!(
        "{}: {} words, quality {}\n",
        extraction.verdict.name(),
        article.word_count,
        article.quality
    );
    if !article.warnings.is_empty() {
        out.push_str(&format!("doubts: {}\n", article.warnings.join(", ")));
    }
    for field in told {
        let value = field.value.as_deref().unwrap_or("-");
        out.push_str(&format!("\n{:<14} {}\n", field.field, plain(value)));
        if let Some(source) = &field.source {
            out.push_str(&format!("{:<14} from {source}\n", ""));
        } else if field.value.is_some() {
            out.push_str(&format!("{:<14} made of several sources\n", ""));
        }
        for candidate in &field.rejected {
            let line = format!(
                "{:<14} not {:?} ({})\n",
                "",
                plain(&candidate.value),
                candidate.source
            );
            out.push_str(&line);
        }
    }
    out
}

/// Pages choose these texts; their control characters must not reach the terminal.
fn plain(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect()
}
