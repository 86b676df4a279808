//! Addresses as lines of a table, JSON Lines or CSV, written as they are read: there may be millions.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use newsprint::output::csv_row;
use newsprint::store::Address;
use serde_json::Value;

use crate::cli::args::ListFormat;
use crate::cli::plain::plain;
use crate::cli::printer::Printer;
use crate::cli::sink::{cannot_write, open_file};
use crate::cli::times;

/// Bytes that are written at a time.
const CHUNK: usize = 64 << 10;
/// The longest reason or title in a table, in characters.
const LONGEST: usize = 200;

/// A list that is being written.
pub(super) struct List {
    format: ListFormat,
    target: Target,
    ready: Vec<u8>,
    /// The width of the table's first column.
    width: usize,
}

enum Target {
    Stdout(Printer),
    File(PathBuf, BufWriter<File>),
}

impl List {
    pub(super) fn open(
        format: ListFormat,
        output: Option<&Path>,
        printer: Printer,
    ) -> Result<List> {
        let target = match output {
            None => Target::Stdout(printer),
            Some(path) => {
                let file = open_file(path)?;
                Target::File(path.to_owned(), BufWriter::new(file))
            }
        };
        Ok(List {
            format,
            target,
            ready: Vec::new(),
            width: 0,
        })
    }

    /// Writes what stands above the rows. The names of the sources are in the first column of the table.
    pub(super) fn head(&mut self, names: &[String]) -> Result<()> {
        let widths = names.iter().map(|name| name.chars().count());
        self.width = widths.max().unwrap_or_default().max("source".len());
        match self.format {
            ListFormat::Table => {
                let heads = ["source", "outcome", "tries", "last", "next", "address"];
                self.push(&self.line(&heads, "reason, or title"))
            }
            ListFormat::Jsonl => Ok(()),
            ListFormat::Csv => self.push(&csv_row(&Address::KEYS.map(str::to_owned))),
        }
    }

    /// Writes an address.
    pub(super) fn row(&mut self, address: &Address, now: i64) -> Result<()> {
        let line = match self.format {
            ListFormat::Table => self.table_row(address, now),
            ListFormat::Jsonl => format!("{}\n", address.object()),
            ListFormat::Csv => csv_row(&cells(&address.object())),
        };
        self.push(&line)
    }

    /// Writes what is left.
    pub(super) fn close(mut self) -> Result<()> {
        self.flush()?;
        match self.target {
            Target::Stdout(_) => Ok(()),
            Target::File(path, mut file) => file.flush().with_context(|| cannot_write(&path)),
        }
    }

    fn table_row(&self, address: &Address, now: i64) -> String {
        let when = |at: Option<i64>| at.map_or("-".to_owned(), |at| times::relative(at, now));
        // What was due in the past is due now.
        let next = address.next_visit.map(|at| at.max(now));
        let outcome = address.outcome.map_or("-", |outcome| outcome.name());
        let why = address.title.as_deref().or(address.reason.as_deref());
        let why: String = why.unwrap_or_default().chars().take(LONGEST).collect();
        let cells = [
            &address.source,
            outcome,
            &address.tries.to_string(),
            &when(address.last_visit),
            &when(next),
            &address.url,
        ];
        self.line(&cells, &why)
    }

    fn line(&self, [source, outcome, tries, last, next, url]: &[&str; 6], why: &str) -> String {
        let width = self.width;
        let line = format!(
            "{source:width$}  {outcome:15}  {tries:>5}  {last:>8}  {next:>8}  {url}  {why}"
        );
        format!("{}\n", plain(&line).trim_end())
    }

    fn push(&mut self, line: &str) -> Result<()> {
        self.ready.extend_from_slice(line.as_bytes());
        if self.ready.len() >= CHUNK {
            self.flush()?;
        }
        Ok(())
    }

    fn flush(&mut self) -> Result<()> {
        match &mut self.target {
            Target::Stdout(printer) => printer.out(&self.ready)?,
            Target::File(path, file) => file
                .write_all(&self.ready)
                .with_context(|| cannot_write(path))?,
        }
        self.ready.clear();
        Ok(())
    }
}

/// Texts of one line each, which nothing in them ends.
fn cells(object: &Value) -> Vec<String> {
    let cell = |column: &&str| match &object[*column] {
        Value::Null => String::new(),
        Value::String(text) => plain(text),
        other => other.to_string(),
    };
    Address::KEYS.iter().map(cell).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_server_says_moves_no_cursor() {
        let list = List::open(ListFormat::Table, None, Printer::new(true)).unwrap();
        let address = Address {
            url: "https://daily.test/a".to_owned(),
            source: "daily".to_owned(),
            reason: Some("\u{1b}[2J\nHTTP 500 \u{9b}31m".to_owned()),
            ..Address::default()
        };
        let row = list.table_row(&address, 0);
        assert!(
            row.ends_with("https://daily.test/a   [2J HTTP 500  31m\n"),
            "{row:?}"
        );
        assert_eq!(row.lines().count(), 1);
    }
}
