//! `newsprint rules test`: runs the saved cases, offline.

use anyhow::Result;
use newsprint::extract::explain::ExplainedBlock;
use newsprint::rulebook::RuleBook;
use newsprint::rulebook::case::{self, CaseFailure};
use serde_json::Value;

use crate::cli::args::{Common, TestArgs};
use crate::cli::counts::counted;
use crate::cli::paint::Paint;
use crate::cli::plain::plain;
use crate::cli::printer::Printer;
use crate::cli::{Exit, settings, times};

/// Characters shown of a block.
const SHOWN: usize = 100;

pub(crate) fn run(args: &TestArgs, common: &Common, printer: &Printer) -> Result<Exit> {
    let config = settings::optional(common)?;
    let cases = case::read(&config.rules.tests, &args.names)?;
    let (book, paint, now) = (RuleBook::new(&config), Paint::stdout(), times::now());
    let mut failed = 0;
    for case in &cases {
        let failures = case.run(&book, now);
        let name = format!("{}/{}", case.folder, case.name);
        let mut out = if failures.is_empty() {
            paint.green(&format!("ok    {name}"))
        } else {
            failed += 1;
            paint.red(&format!("FAIL  {name}"))
        };
        out.push('\n');
        for failure in &failures {
            push_failure(&mut out, failure, paint);
        }
        printer.text(&out)?;
    }
    let passed = cases.len() - failed;
    let sum = format!(
        "{}: {passed} passed, {failed} failed\n",
        counted(cases.len() as u64, "case")
    );
    printer.text(&sum)?;
    Ok(match (passed, failed) {
        (0, _) => Exit::Failed,
        (_, 0) => Exit::Done,
        _ => Exit::Partial,
    })
}

fn push_failure(out: &mut String, failure: &CaseFailure, paint: Paint) {
    let mut line = |text: String| out.push_str(&format!("      {text}\n"));
    match failure {
        CaseFailure::NoArticle(verdict) => {
            line(format!("the page is not an article: {}", verdict.name()));
        }
        CaseFailure::Missing { phrase, dropped } => {
            line(format!("must {:?}", plain(phrase)));
            match dropped {
                Some(block) => {
                    line(paint.red(&format!("- dropped: {}", shown(block))));
                    line(paint.dim(&format!("  {}", why(block))));
                }
                None => line(paint.red("- not found in any block of the page")),
            }
        }
        CaseFailure::Present { phrase, kept } => {
            line(format!("must not {:?}", plain(phrase)));
            if let Some(block) = kept {
                line(paint.green(&format!("+ kept: {}", shown(block))));
                line(paint.dim(&format!("  {}", why(block))));
            }
        }
        CaseFailure::Field {
            name,
            expected,
            found,
        } => {
            line(name.clone());
            line(paint.red(&format!("- {}", value(expected))));
            line(paint.green(&format!("+ {}", value(found))));
        }
    }
}

fn shown(block: &ExplainedBlock) -> String {
    let start: String = block.text.chars().take(SHOWN).collect();
    let end = if start.len() < block.text.len() {
        "…"
    } else {
        ""
    };
    format!("{}{end}", plain(&start))
}

fn why(block: &ExplainedBlock) -> String {
    plain(&crate::cli::commands::explain::why(block))
}

fn value(json: &Value) -> String {
    json.as_str().map_or_else(|| json.to_string(), plain)
}
