//! `newsprint rules test`: the saved cases, offline.

use anyhow::Result;
use newsprint::extract::explain::ExplainedBlock;
use newsprint::rulebook::RuleBook;
use newsprint::rulebook::case::{self, Fault};
use serde_json::Value;

use crate::cli::args::{Common, TestArgs};
use crate::cli::paint::{Paint, plain};
use crate::cli::printer::Printer;
use crate::cli::{Exit, settings, times};

/// Characters of a block that are shown.
const SHOWN: usize = 100;

pub(crate) fn run(args: &TestArgs, common: &Common, printer: &Printer) -> Result<Exit> {
    let config = settings::optional(common)?;
    let cases = case::read(&config.rules.tests, &args.names)?;
    let (book, paint, now) = (RuleBook::new(&config), Paint::stdout(), times::now());
    let mut failed = 0;
    for case in &cases {
        let faults = case.run(&book, now);
        let name = format!("{}/{}", case.of, case.name);
        let mut out = if faults.is_empty() {
            paint.green(&format!("ok    {name}"))
        } else {
            failed += 1;
            paint.red(&format!("FAIL  {name}"))
        };
        out.push('\n');
        for fault in &faults {
            push_fault(&mut out, fault, paint);
        }
        printer.out(out.as_bytes())?;
    }
    let passed = cases.len() - failed;
    let sum = format!("{} cases: {passed} passed, {failed} failed\n", cases.len());
    printer.out(sum.as_bytes())?;
    Ok(match (passed, failed) {
        (0, _) => Exit::Failed,
        (_, 0) => Exit::Done,
        _ => Exit::Partial,
    })
}

fn push_fault(out: &mut String, fault: &Fault, paint: Paint) {
    let mut line = |text: String| out.push_str(&format!("      {text}\n"));
    match fault {
        Fault::NoArticle(verdict) => line(format!("the page is no article: {}", verdict.name())),
        Fault::Missing { phrase, dropped } => {
            line(format!("must {:?}", plain(phrase)));
            match dropped {
                Some(block) => {
                    line(paint.red(&format!("- dropped: {}", shown(block))));
                    line(paint.dim(&format!("  {}", why(block))));
                }
                None => line(paint.red("- no block of the page holds it")),
            }
        }
        Fault::Present { phrase, kept } => {
            line(format!("must not {:?}", plain(phrase)));
            if let Some(block) = kept {
                line(paint.green(&format!("+ kept: {}", shown(block))));
                line(paint.dim(&format!("  {}", why(block))));
            }
        }
        Fault::Field {
            name,
            expected,
            found,
        } => {
            line(name.clone());
            line(paint.red(&format!("- {}", said(expected))));
            line(paint.green(&format!("+ {}", said(found))));
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

fn said(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), plain)
}
