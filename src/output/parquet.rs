//! Apache Parquet: one row per record, in the columns of [`crate::columns`].
//!
//! Rows stand in the order in which they come; the file states no order. Row groups end after
//! [`ROW_GROUP_BYTES`] or [`ROW_GROUP_ROWS`], whichever is first, so that memory does not grow with the file and
//! readers can share one. Pages are compressed by Zstandard. Columns in which every value is another one have no
//! dictionary, and those of whole texts no statistics: neither would help a reader.

use std::fmt;
use std::io::{self, Write};
use std::mem;
use std::path::Path;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::schema::types::ColumnPath;

use crate::article::{Article, EXTRACTOR, SCHEMA_VERSION};
use crate::columns::{Columns, VERSION_KEY, schema};
use crate::output::format::{Encoder, RecordFormat};
use crate::output::part_files::PartFiles;
use crate::output::writer::Writer;

/// Bytes of records in a row group, before compression.
const ROW_GROUP_BYTES: usize = 64 << 20;
/// Records in a row group.
const ROW_GROUP_ROWS: usize = 100_000;
/// Bytes of records that are turned into pages at a time…
const BATCH_BYTES: usize = 4 << 20;
/// …and their number.
const BATCH_ROWS: usize = 4096;

/// The name of the program in the file's metadata.
const PROGRAM_KEY: &str = "newsprint.extractor";

/// Columns whose values rarely occur twice.
const UNIQUE: [&[&str]; 17] = [
    &["id"],
    &["url"],
    &["final_url"],
    &["canonical_url"],
    &["title"],
    &["description"],
    &["image"],
    &["text"],
    &["markdown"],
    &["html"],
    &["blocks", "list", "element", "text"],
    &["content_hash"],
    &["duplicate_of"],
    &["images", "list", "element", "src"],
    &["images", "list", "element", "alt"],
    &["images", "list", "element", "caption"],
    &["links", "list", "element", "text"],
];

/// Columns of whole texts.
const TEXTS: [&[&str]; 4] = [
    &["text"],
    &["markdown"],
    &["html"],
    &["blocks", "list", "element", "text"],
];

static PROPERTIES: LazyLock<WriterProperties> = LazyLock::new(|| {
    let pair = |key: &str, value: String| KeyValue::new(key.to_owned(), value);
    let metadata = vec![
        pair(VERSION_KEY, SCHEMA_VERSION.to_string()),
        pair(PROGRAM_KEY, EXTRACTOR.to_owned()),
    ];
    let mut properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_created_by(format!("newsprint version {}", env!("CARGO_PKG_VERSION")))
        .set_key_value_metadata(Some(metadata))
        .set_max_row_group_row_count(Some(ROW_GROUP_ROWS));
    for path in UNIQUE {
        properties = properties.set_column_dictionary_enabled(column(path), false);
    }
    for path in TEXTS {
        properties =
            properties.set_column_statistics_enabled(column(path), EnabledStatistics::None);
    }
    properties.build()
});

fn column(path: &[&str]) -> ColumnPath {
    ColumnPath::new(path.iter().map(|&it| it.to_owned()).collect())
}

/// Files with a footer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Parquet;

impl RecordFormat for Parquet {
    fn extension(&self) -> &'static str {
        "parquet"
    }

    fn is_text(&self) -> bool {
        false
    }

    fn is_table(&self) -> bool {
        true
    }

    fn write_record(&self, article: &Article, out: &mut dyn Write) -> io::Result<()> {
        let mut stream = Stream::default();
        stream.write(article, out)?;
        stream.finish(out)
    }

    fn encoder(&'static self, _: bool) -> Box<dyn Encoder> {
        Box::new(Stream::default())
    }

    fn files(&'static self, dir: &Path, worker: Option<&str>) -> Box<dyn Writer> {
        Box::new(PartFiles::new(dir, self, worker))
    }
}

/// One file as it is written from its beginning to its end.
#[derive(Default)]
struct Stream {
    /// Records that are not in pages yet.
    columns: Columns,
    writer: Option<ArrowWriter<Buffer>>,
    /// Bytes for the output.
    ready: Buffer,
    /// Bytes of the records in the row group.
    group_bytes: usize,
}

impl Stream {
    /// Puts the records into the row group.
    fn write_batch(&mut self) -> io::Result<()> {
        self.group_bytes += self.columns.bytes();
        let batch = self.columns.finish().map_err(io::Error::other)?;
        let writer = self.writer()?;
        writer.write(&batch)?;
        if self.group_bytes >= ROW_GROUP_BYTES {
            self.writer()?.flush()?;
            self.group_bytes = 0;
        }
        Ok(())
    }

    /// The writer, which begins the file.
    fn writer(&mut self) -> io::Result<&mut ArrowWriter<Buffer>> {
        match &mut self.writer {
            Some(writer) => Ok(writer),
            none => {
                let properties = Some(PROPERTIES.clone());
                let writer = ArrowWriter::try_new(self.ready.clone(), schema(), properties)?;
                Ok(none.insert(writer))
            }
        }
    }
}

impl Encoder for Stream {
    fn write(&mut self, article: &Article, out: &mut dyn Write) -> io::Result<()> {
        if self.columns.push(article).is_err() {
            self.write_batch()?;
            self.columns.push(article).map_err(io::Error::other)?;
        }
        if self.columns.bytes() >= BATCH_BYTES || self.columns.rows() >= BATCH_ROWS {
            self.write_batch()?;
            out.write_all(&self.ready.take())?;
        }
        Ok(())
    }

    fn finish(&mut self, out: &mut dyn Write) -> io::Result<()> {
        if !self.columns.is_empty() {
            self.write_batch()?;
        }
        self.writer()?.finish()?;
        out.write_all(&self.ready.take())
    }
}

impl fmt::Debug for Stream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stream")
            .field("rows", &self.columns.rows())
            .finish_non_exhaustive()
    }
}

/// Bytes that the writer has written and the output has not. The writer keeps what it writes to, and an encoder is
/// given its output with each record.
#[derive(Debug, Clone, Default)]
struct Buffer(Arc<Mutex<Vec<u8>>>);

impl Buffer {
    fn take(&self) -> Vec<u8> {
        mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Write for Buffer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut ready = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        ready.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests;
