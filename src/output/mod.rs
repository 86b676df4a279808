//! What leaves newsprint: records as text, Markdown, HTML, JSON, JSON Lines, CSV or Parquet. A format implements
//! [`RecordFormat`], one file each, and [`format`] is the one place that maps a name to it.
//!
//! Three layers, so that a new format touches one file here and the list of names in
//! [`crate::config::Format`]:
//!
//! - [`RecordFormat::write_record`]: one record as a document of its own;
//! - [`Encoder`]: many records in one stream, such as standard output, with separators and an end;
//! - [`Writer`]: the files of a crawl. It takes a batch of records and reports which of them are safe on
//!   disk and how long each file has become. A format may append to shared files ([`AppendFiles`]), write
//!   one file per article ([`ArticleFiles`]), or collect records until [`Writer::finish`] (`part_files`).
//!
//! This module does not use the store: the crawl reads unwritten articles from the store, passes them to
//! the writer, and stores what the writer reports, so that a killed crawl leaves no line torn, missing or
//! duplicated.

mod append;
mod article_files;
mod csv;
mod format;
mod html;
mod json;
mod markdown;
mod names;
mod parquet;
mod part_files;
mod registry;
mod tail;
mod text;
mod writer;

pub use append::AppendFiles;
pub use article_files::ArticleFiles;
pub use csv::row as csv_row;
pub use format::{Encoder, RecordFormat, Separated, to_string};
pub use html::{body as body_html, is_right_to_left};
pub use names::{article_file, day};
pub use registry::format;
pub use writer::{Begun, Finished, Known, Mark, Marks, OutputError, Record, Writer, Written};
