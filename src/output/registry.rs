//! The one place that maps the name of a format to its implementation.

use crate::config::Format;
use crate::output::csv::Csv;
use crate::output::format::RecordFormat;
use crate::output::html::Html;
use crate::output::json::{Json, JsonLines};
use crate::output::markdown::Markdown;
use crate::output::parquet::Parquet;
use crate::output::text::Text;

/// The implementation of a format.
pub fn format(format: Format) -> &'static dyn RecordFormat {
    match format {
        Format::Text => &Text,
        Format::Markdown => &Markdown,
        Format::Html => &Html,
        Format::Json => &Json,
        Format::Jsonl => &JsonLines,
        Format::Csv => &Csv { bom: false },
        Format::Parquet => &Parquet,
    }
}
