//! `newsprint copy`: one store into another.

use std::ops::ControlFlow;

use anyhow::Result;
use newsprint::location::StoreLocation;
use newsprint::store::{self, CopyError, TableCopy};

use crate::cli::Exit;
use crate::cli::args::CopyArgs;
use crate::cli::bars::CopyBar;
use crate::cli::counts::counted;
use crate::cli::exit::UsageError;
use crate::cli::plain::plain;
use crate::cli::printer::Printer;
use crate::cli::signals::{Signals, block_on};

/// Characters that are shown of a hash.
const SHOWN: usize = 16;

pub(crate) fn run(args: &CopyArgs, printer: &Printer) -> Result<Exit> {
    let (from, to) = (location("FROM", &args.from)?, location("TO", &args.to)?);
    let signals = Signals::listen(*printer)?;
    let bar = CopyBar::new();
    let mut on_progress = |progress| {
        if let Some(bar) = &bar {
            bar.show(progress);
        }
        match signals.stop().is_cancelled() {
            true => ControlFlow::Break(()),
            false => ControlFlow::Continue(()),
        }
    };
    let copied = block_on(async { Ok(store::copy(&from, &to, &mut on_progress).await) })?;
    drop(bar);
    let tables = match (copied, signals.caught()) {
        (Err(CopyError::Stopped), Some(exit)) => {
            printer.note(&format!("{}\n", CopyError::Stopped));
            return Ok(exit);
        }
        (copied, _) => copied?,
    };
    for table in &tables {
        printer.text(&line(table))?;
    }
    if tables.iter().all(TableCopy::is_equal) {
        return Ok(Exit::Done);
    }
    printer.error(&format!(
        "{} differs from {}; make sure that nothing writes to it, and run the same command again",
        plain(&to.to_string()),
        plain(&from.to_string()),
    ));
    Ok(Exit::Failed)
}

/// The store that an argument names. It may hold a password, so an error does not repeat it.
fn location(argument: &str, text: &str) -> Result<StoreLocation, UsageError> {
    text.parse()
        .map_err(|what: String| UsageError(format!("{argument} is no store: {what}")))
}

/// `articles          1234 rows  3f2a9c04d1e85b67  equal`
fn line(copy: &TableCopy) -> String {
    let hash = |hash: &str| hash.chars().take(SHOWN).collect::<String>();
    let mut notes = match copy.is_equal() {
        true => "equal".to_owned(),
        false => format!(
            "DIFFERENT: the copy has {}, {}",
            counted(copy.copy.rows, "row"),
            hash(&copy.copy.hash)
        ),
    };
    if copy.repaired > 0 {
        notes.push_str(&format!(
            "; {} had changed meanwhile",
            counted(copy.repaired, "row")
        ));
    }
    if copy.nuls > 0 {
        notes.push_str(&format!(
            "; NULs of {} are U+FFFD in the copy",
            counted(copy.nuls, "text")
        ));
    }
    let rows = counted(copy.original.rows, "row");
    let hash = hash(&copy.original.hash);
    format!("{:<17} {rows:>15}  {hash}  {notes}\n", copy.table)
}

#[cfg(test)]
mod tests {
    use newsprint::store::TableDigest;

    use super::*;

    fn digest(rows: u64, hash: char) -> TableDigest {
        TableDigest {
            rows,
            hash: hash.to_string().repeat(64),
        }
    }

    #[test]
    fn a_table_is_one_line() {
        let mut copy = TableCopy::new("urls", digest(1, 'a'), digest(1, 'a'));
        assert_eq!(
            line(&copy),
            "urls                        1 row  aaaaaaaaaaaaaaaa  equal\n"
        );
        copy.copy = digest(2, 'b');
        copy.repaired = 3;
        copy.nuls = 1;
        assert_eq!(
            line(&copy),
            "urls                        1 row  aaaaaaaaaaaaaaaa  DIFFERENT: the copy has 2 rows, bbbbbbbbbbbbbbbb; \
             3 rows had changed meanwhile; NULs of 1 text are U+FFFD in the copy\n"
        );
    }
}
