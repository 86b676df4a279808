//! The file of a part while it is written, and when it is whole.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use newsprint::article::Article;
use newsprint::files::{self, Access, Replacement};
use newsprint::output::{Encoder, RecordFormat};

use super::Line;
use crate::cli::sink::cannot_write;

/// Bytes that are written at once.
const AT_ONCE: usize = 1 << 20;

/// A part that is being written.
pub(super) struct PartWriter {
    path: PathBuf,
    file: Replacement,
    encoder: Box<dyn Encoder>,
    buffer: Vec<u8>,
    written: u64,
}

impl PartWriter {
    pub(super) fn create(path: &Path, format: &'static dyn RecordFormat) -> Result<PartWriter> {
        create_folder_of(path)?;
        let file = files::replacement(path, Access::Group).with_context(|| cannot_write(path))?;
        Ok(PartWriter {
            path: path.to_owned(),
            file,
            encoder: format.encoder(true),
            buffer: Vec::new(),
            written: 0,
        })
    }

    pub(super) fn write(&mut self, line: &Line<'_>) -> Result<()> {
        match line {
            Line::Article(article) => self.encode(article)?,
            Line::Missing(line) => self.buffer.extend_from_slice(line.as_bytes()),
        }
        if self.buffer.len() >= AT_ONCE {
            self.flush()?;
        }
        Ok(())
    }

    fn encode(&mut self, article: &Article) -> Result<()> {
        let written = self.encoder.write(article, &mut self.buffer);
        written.with_context(|| cannot_write(&self.path))
    }

    fn flush(&mut self) -> Result<()> {
        let written = self.file.file().write_all(&self.buffer);
        written.with_context(|| cannot_write(&self.path))?;
        self.written += self.buffer.len() as u64;
        self.buffer.clear();
        Ok(())
    }

    /// Ends the part, and puts it in place. Returns its length.
    pub(super) fn put(mut self) -> Result<u64> {
        let ended = self.encoder.finish(&mut self.buffer);
        ended.with_context(|| cannot_write(&self.path))?;
        self.flush()?;
        let put = self
            .file
            .put()
            .and_then(|_| files::sync_folder(folder_of(&self.path)));
        put.with_context(|| cannot_write(&self.path))?;
        Ok(self.written)
    }
}

pub(super) fn folder_of(path: &Path) -> &Path {
    path.parent().unwrap_or(Path::new(""))
}

pub(super) fn create_folder_of(path: &Path) -> Result<()> {
    let folder = folder_of(path);
    files::create_folder(folder, Access::Group)
        .with_context(|| format!("cannot create the folder {}", folder.display()))
}
