//! One file per article: `DIR/SOURCE/YYYY-MM-DD-slug-id.EXTENSION`.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

use crate::files::{self, Access};
use crate::output::format::RecordFormat;
use crate::output::names::{article_file, folder};
use crate::output::writer::{Finished, Marks, OutputError, Record, Writer, Written};

/// Writes each article to its own file, which a newer revision replaces.
#[derive(Debug)]
pub struct ArticleFiles {
    dir: PathBuf,
    format: &'static dyn RecordFormat,
    /// The first file that could not be written.
    failed: Option<OutputError>,
    /// Folders in which what killed passes left is deleted.
    tidied: BTreeSet<PathBuf>,
}

impl ArticleFiles {
    /// Files of this format below this folder.
    pub fn new(dir: &Path, format: &'static dyn RecordFormat) -> ArticleFiles {
        ArticleFiles {
            dir: dir.to_owned(),
            format,
            failed: None,
            tidied: BTreeSet::new(),
        }
    }
}

impl Writer for ArticleFiles {
    fn write(&mut self, batch: &[Record], _: &Marks) -> Result<Vec<Written>, OutputError> {
        let mut folders = BTreeSet::new();
        let mut records = Vec::with_capacity(batch.len());
        for Record { seq, article } in batch {
            let source = folder(article.source.as_deref().unwrap_or_default());
            let folder = self.dir.join(source);
            if self.tidied.insert(folder.clone()) {
                files::remove_leftovers(&folder);
            }
            let path = folder.join(article_file(article, self.format.extension()));
            let mut bytes = Vec::new();
            let replaced = self
                .format
                .write_record(article, &mut bytes)
                .and_then(|()| replace_file(&path, &bytes))
                .map_err(|error| OutputError::new(error, &path));
            match replaced {
                Ok(()) => {
                    records.push(*seq);
                    folders.insert(folder);
                }
                Err(error) if error.is_final() => return Err(error),
                Err(error) => drop(self.failed.get_or_insert(error)),
            }
        }
        // A file is safe with its folder, which is synced once for all.
        for folder in folders {
            files::sync_folder(&folder).map_err(|error| OutputError::new(error, &folder))?;
        }
        Ok(vec![Written {
            records,
            ..Written::default()
        }])
    }

    fn finish(&mut self) -> Finished {
        Finished {
            written: Vec::new(),
            failed: self.failed.take(),
        }
    }
}

/// Replaces a file in one step, in a folder that is created with it.
fn replace_file(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        files::create_folder(folder, Access::Group)?;
    }
    files::replace(path, bytes, Access::Group)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::article::Article;
    use crate::config::Format;
    use crate::output::format;

    #[test]
    fn a_newer_revision_replaces_the_file_and_leaves_nothing_temporary() {
        let dir = tempfile::tempdir().unwrap();
        let mut writer = format(Format::Text).files(dir.path(), None);
        for (seq, text) in [(7, "First."), (7, "Second.")] {
            let article = Article {
                id: "1".to_owned(),
                text: text.to_owned(),
                ..Article::default()
            };
            let written = writer.write(&[Record { seq, article }], &Marks::new());
            assert_eq!(written.unwrap()[0].records, [7]);
        }
        let files: Vec<_> = fs::read_dir(dir.path().join("source")).unwrap().collect();
        assert_eq!(files.len(), 1);
        let path = files[0].as_ref().unwrap().path();
        assert_eq!(fs::read_to_string(path).unwrap(), "Second.\n");
    }
}
