//! What a format is: records as documents, in a stream, in files.

use std::fmt;
use std::io::{self, Write};
use std::path::Path;

use crate::article::Article;
use crate::output::writer::Writer;

/// A format of records. Implementations are stateless: the state of a stream or a folder is in the encoders
/// and writers they return.
pub trait RecordFormat: fmt::Debug + Sync {
    /// The extension of its files, without the dot.
    fn extension(&self) -> &'static str;

    /// False if its files are not text.
    fn is_text(&self) -> bool {
        true
    }

    /// True if its records are rows of a table, so that a file for each of them makes no sense.
    fn is_table(&self) -> bool {
        false
    }

    /// The same format with a byte order mark at the beginning of each file, if it may have one.
    fn with_byte_order_mark(&self) -> Option<&'static dyn RecordFormat> {
        None
    }

    /// Writes one record as a document of its own; a text ends with a line break.
    ///
    /// # Errors
    /// Fails if writing to `out` fails.
    fn write_record(&self, article: &Article, out: &mut dyn Write) -> io::Result<()>;

    /// True if these bytes are one whole record of a file that many share.
    fn is_record(&self, line: &[u8]) -> bool {
        let _ = line;
        false
    }

    /// An encoder for records in one stream. `several` is false if there is exactly one record, such as the
    /// article of one page.
    fn encoder(&'static self, several: bool) -> Box<dyn Encoder>;

    /// A writer for the files of a crawl below this folder, which is created with the first file. Where several
    /// workers crawl, those that many articles share are called by the worker's name.
    fn files(&'static self, dir: &Path, worker: Option<&str>) -> Box<dyn Writer>;
}

/// Records in one stream.
pub trait Encoder: fmt::Debug + Send {
    /// Writes a record, preceded by a separator if it is not the first.
    ///
    /// # Errors
    /// Fails if writing to `out` fails.
    fn write(&mut self, article: &Article, out: &mut dyn Write) -> io::Result<()>;

    /// Writes the end of the stream.
    ///
    /// # Errors
    /// Fails if writing to `out` fails.
    fn finish(&mut self, out: &mut dyn Write) -> io::Result<()>;
}

/// One record as a string.
pub fn to_string(article: &Article, format: &dyn RecordFormat) -> String {
    let mut bytes = Vec::new();
    // Writing to memory cannot fail, and every format here writes UTF-8.
    let _ = format.write_record(article, &mut bytes);
    String::from_utf8(bytes).unwrap_or_default()
}

/// Records one after the other with a separator between them.
#[derive(Debug)]
pub struct Separated {
    format: &'static dyn RecordFormat,
    separator: &'static str,
    is_first: bool,
}

impl Separated {
    /// Records of this format with this separator.
    pub fn new(format: &'static dyn RecordFormat, separator: &'static str) -> Separated {
        Separated {
            format,
            separator,
            is_first: true,
        }
    }
}

impl Encoder for Separated {
    fn write(&mut self, article: &Article, out: &mut dyn Write) -> io::Result<()> {
        if !self.is_first {
            out.write_all(self.separator.as_bytes())?;
        }
        self.is_first = false;
        self.format.write_record(article, out)
    }

    fn finish(&mut self, _: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }
}
