//! CSV (RFC 4180) that is safe to open in a spreadsheet: one row per record, with the names of the fields above
//! them.
//!
//! - Pages choose most of these texts, so none may run as a formula: one that begins like a formula gets an
//!   apostrophe before it, as OWASP recommends.
//! - Line breaks in a text stay. Other control characters are spaces.
//! - Lists of texts are joined by `; `. Lists of objects are JSON. The fields of `rights` have columns of their own.

use std::io::{self, Write};
use std::path::Path;

use serde_json::Value;

use crate::article::Article;
use crate::output::format::{Encoder, RecordFormat};
use crate::output::part_files::PartFiles;
use crate::output::writer::Writer;

/// What a formula begins with, also as it is typed in East Asia.
const FORMULA: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];

/// What makes a cell stand in quotes: what the standard says, and what other readers take for the end of a cell.
const QUOTED: [char; 6] = [',', '"', '\'', ';', '\n', '\t'];

/// What some spreadsheets need to read UTF-8.
const BYTE_ORDER_MARK: &str = "\u{feff}";

/// Between the texts of a list.
const BETWEEN: &str = "; ";

/// The columns: the fields of the record in their order.
const COLUMNS: [&str; 41] = [
    "id",
    "url",
    "final_url",
    "canonical_url",
    "archived_url",
    "archived_at",
    "source",
    "kind",
    "title",
    "description",
    "authors",
    "published",
    "modified",
    "section",
    "tags",
    "language",
    "site_name",
    "image",
    "access",
    "text",
    "markdown",
    "html",
    "blocks",
    "word_count",
    "quality",
    "fetched_at",
    "status",
    "content_hash",
    "duplicate_of",
    "images",
    "links",
    "warnings",
    "rights.robots_meta",
    "rights.tdm_reservation",
    "rights.ai_policy",
    "rights.content_signal",
    "rights.content_usage",
    "rights.rsl",
    "revision",
    "extractor",
    "schema_version",
];

/// Rows, perhaps after a byte order mark.
#[derive(Debug, Clone, Copy)]
pub(super) struct Csv {
    pub(super) bom: bool,
}

impl RecordFormat for Csv {
    fn extension(&self) -> &'static str {
        "csv"
    }

    fn is_table(&self) -> bool {
        true
    }

    fn with_byte_order_mark(&self) -> Option<&'static dyn RecordFormat> {
        Some(&Csv { bom: true })
    }

    fn write_record(&self, article: &Article, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(self.head().as_bytes())?;
        out.write_all(record(article)?.as_bytes())
    }

    fn encoder(&'static self, _: bool) -> Box<dyn Encoder> {
        Box::new(Rows {
            format: self,
            has_head: false,
        })
    }

    fn files(&'static self, dir: &Path, worker: Option<&str>) -> Box<dyn Writer> {
        Box::new(PartFiles::new(dir, self, worker))
    }
}

impl Csv {
    /// The line above the rows.
    fn head(self) -> String {
        let mark = if self.bom { BYTE_ORDER_MARK } else { "" };
        format!("{mark}{}", row(&COLUMNS.map(str::to_owned)))
    }
}

/// Rows below one line of names.
#[derive(Debug)]
struct Rows {
    format: &'static Csv,
    has_head: bool,
}

impl Rows {
    fn write_head(&mut self, out: &mut dyn Write) -> io::Result<()> {
        if !self.has_head {
            self.has_head = true;
            out.write_all(self.format.head().as_bytes())?;
        }
        Ok(())
    }
}

impl Encoder for Rows {
    fn write(&mut self, article: &Article, out: &mut dyn Write) -> io::Result<()> {
        self.write_head(out)?;
        out.write_all(record(article)?.as_bytes())
    }

    fn finish(&mut self, out: &mut dyn Write) -> io::Result<()> {
        self.write_head(out)
    }
}

/// The row of a record.
fn record(article: &Article) -> serde_json::Result<String> {
    let record = serde_json::to_value(article)?;
    let value = |column: &&str| {
        let mut names = column.split('.');
        names.try_fold(&record, |value, name| value.get(name))
    };
    let cells = COLUMNS.iter().map(|column| text(value(column)));
    Ok(row(&cells.collect::<Vec<_>>()))
}

/// A value as the text of a cell.
fn text(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(items)) if items.iter().all(Value::is_string) => {
            let items: Vec<&str> = items.iter().filter_map(Value::as_str).collect();
            items.join(BETWEEN)
        }
        Some(other) => other.to_string(),
    }
}

/// One row, with its line break.
pub fn row(cells: &[String]) -> String {
    let cells: Vec<String> = cells.iter().map(|text| cell(text)).collect();
    format!("{}\r\n", cells.join(","))
}

/// Pages and servers choose these texts: none may be taken for a formula or do something to a terminal.
fn cell(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let mut text = text.replace(|c: char| c.is_control() && c != '\n' && c != '\t', " ");
    let first = |c: char| c.is_whitespace() || c == '\u{feff}';
    let begins_anew = text.starts_with(['\t', '\n']);
    if begins_anew || text.trim_start_matches(first).starts_with(FORMULA) {
        text.insert(0, '\'');
    }
    if text.contains(QUOTED) || text.trim() != text {
        text = format!("\"{}\"", text.replace('"', "\"\""));
    }
    text
}

#[cfg(test)]
mod tests;
