//! Where articles go: standard output, a file, or a folder with a file for each article.

use std::fs::{self, File};
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use newsprint::article::Article;
use newsprint::files::{self, Access, Replacement};
use newsprint::output::{Encoder, RecordFormat, article_file};

use super::exit::UsageError;
use super::formats::is_folder;
use super::printer::Printer;

/// A place for articles.
#[derive(Debug)]
pub(crate) struct Sink {
    format: &'static dyn RecordFormat,
    target: Target,
}

#[derive(Debug)]
enum Target {
    Stdout(Printer, Box<dyn Encoder>),
    File(PathBuf, BufWriter<File>, Box<dyn Encoder>),
    /// A file that is of use to nobody before its end, and takes its name then.
    Whole(PathBuf, Replacement, Box<dyn Encoder>),
    Folder(PathBuf),
}

impl Sink {
    /// Opens the place: standard output without a path or for `-`. A path that is a folder, or ends like one, gets a
    /// file for each article. `several` is false if there can be only one.
    pub(crate) fn open(
        output: Option<&Path>,
        format: &'static dyn RecordFormat,
        several: bool,
        printer: Printer,
    ) -> Result<Sink> {
        let encoder = || format.encoder(several);
        let target = match output.filter(|it| *it != Path::new("-")) {
            None if !format.is_text() && io::stdout().is_terminal() => {
                return Err(not_for_a_terminal(format).into());
            }
            None => Target::Stdout(printer, encoder()),
            Some(path) if is_folder(path) => {
                if format.is_table() {
                    return Err(one_table(format, path).into());
                }
                files::create_folder(path, Access::Group)
                    .with_context(|| format!("cannot create the folder {}", path.display()))?;
                Target::Folder(path.to_owned())
            }
            Some(path) => match whole_file(path).filter(|_| !format.is_text()) {
                Some(file) => Target::Whole(path.to_owned(), file, encoder()),
                None => {
                    let file = BufWriter::new(open_file(path)?);
                    Target::File(path.to_owned(), file, encoder())
                }
            },
        };
        Ok(Sink { format, target })
    }

    /// Writes one article.
    pub(crate) fn write(&mut self, article: &Article) -> Result<()> {
        match &mut self.target {
            Target::Stdout(printer, encoder) => {
                let mut bytes = Vec::new();
                encoder.write(article, &mut bytes)?;
                printer.out(&bytes)?;
            }
            Target::File(path, file, encoder) => encoder
                .write(article, file)
                .with_context(|| cannot_write(path))?,
            Target::Whole(path, file, encoder) => encoder
                .write(article, file.file())
                .with_context(|| cannot_write(path))?,
            Target::Folder(dir) => {
                let path = dir.join(article_file(article, self.format.extension()));
                let mut bytes = Vec::new();
                self.format.write_record(article, &mut bytes)?;
                files::replace(&path, &bytes, Access::Group)
                    .with_context(|| cannot_write(&path))?;
            }
        }
        Ok(())
    }

    /// Writes a line that is no article. A folder holds articles alone.
    pub(crate) fn write_line(&mut self, line: &str) -> Result<()> {
        match &mut self.target {
            Target::Stdout(printer, _) => printer.out(line.as_bytes())?,
            Target::File(path, file, _) => file
                .write_all(line.as_bytes())
                .with_context(|| cannot_write(path))?,
            // Lines are text, which such a file is not.
            Target::Whole(..) | Target::Folder(_) => {}
        }
        Ok(())
    }

    /// Ends the output.
    pub(crate) fn close(self) -> Result<()> {
        match self.target {
            Target::Stdout(printer, mut encoder) => {
                let mut bytes = Vec::new();
                encoder.finish(&mut bytes)?;
                printer.out(&bytes)?;
            }
            Target::File(path, mut file, mut encoder) => encoder
                .finish(&mut file)
                .and_then(|()| file.flush())
                .with_context(|| cannot_write(&path))?,
            Target::Whole(path, mut file, mut encoder) => encoder
                .finish(file.file())
                .and_then(|()| file.put().map(drop))
                .with_context(|| cannot_write(&path))?,
            Target::Folder(_) => {}
        }
        Ok(())
    }
}

fn not_for_a_terminal(format: &dyn RecordFormat) -> UsageError {
    let name = format.extension();
    UsageError(format!(
        "--format {name} is not text for a terminal; name a file with --output articles.{name}, or use a pipe"
    ))
}

fn one_table(format: &dyn RecordFormat, folder: &Path) -> UsageError {
    let name = format.extension();
    UsageError(format!(
        "--format {name} writes all articles to one file; name it, such as {}",
        folder.join(format!("articles.{name}")).display()
    ))
}

/// A new file that takes the place of what `--output` names once it is complete; `None` where that is no regular file,
/// or its folder takes no new one.
fn whole_file(path: &Path) -> Option<Replacement> {
    let path = files::resolve(path).ok()?;
    let is_regular = fs::symlink_metadata(&path).map_or(true, |data| data.is_file());
    is_regular.then(|| files::replacement(&path, Access::Group).ok())?
}

/// Opens the file that `--output` names.
pub(crate) fn open_file(path: &Path) -> Result<File> {
    files::create(path, Access::Group).with_context(|| match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() && !folder.is_dir() => {
            format!("cannot write {}; its folder must exist", path.display())
        }
        _ => cannot_write(path),
    })
}

/// What an error of writing a file begins with.
pub(crate) fn cannot_write(path: &Path) -> String {
    format!("cannot write {}", path.display())
}

#[cfg(test)]
mod tests {
    use newsprint::config::Format;
    use newsprint::output::format;

    use super::*;

    fn written(name: Format, several: bool, titles: &[&str]) -> String {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("out");
        let mut sink = Sink::open(Some(&path), format(name), several, Printer::new(true)).unwrap();
        for &title in titles {
            let article = Article {
                title: Some(title.to_owned()),
                text: "Body.".to_owned(),
                ..Article::default()
            };
            sink.write(&article).unwrap();
        }
        sink.close().unwrap();
        fs::read_to_string(path).unwrap()
    }

    #[test]
    fn several_objects_make_an_array_and_one_stands_alone() {
        for titles in [&[][..], &["a"], &["a", "b"]] {
            let read: Vec<Article> =
                serde_json::from_str(&written(Format::Json, true, titles)).unwrap();
            assert_eq!(read.len(), titles.len());
        }
        assert!(serde_json::from_str::<Article>(&written(Format::Json, false, &["a"])).is_ok());
    }

    #[test]
    fn a_file_that_needs_its_end_takes_the_place_of_another_only_then() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("out.parquet");
        fs::write(&path, "old").unwrap();
        let open = || {
            Sink::open(
                Some(&path),
                format(Format::Parquet),
                true,
                Printer::new(true),
            )
        };
        let mut sink = open().unwrap();
        sink.write(&Article::default()).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"old");
        sink.close().unwrap();
        assert!(fs::read(&path).unwrap().ends_with(b"PAR1"));
        drop(open().unwrap());
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    }

    #[test]
    fn texts_are_separated_by_blank_lines() {
        assert_eq!(
            written(Format::Text, true, &["a", "b"]),
            "a\n\nBody.\n\n\nb\n\nBody.\n"
        );
    }

    #[test]
    fn a_folder_contains_one_file_per_article() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("new/");
        let mut sink = Sink::open(
            Some(&folder),
            format(Format::Text),
            true,
            Printer::new(true),
        )
        .unwrap();
        for id in ["1", "2"] {
            let article = Article {
                id: id.to_owned(),
                title: Some("../up".to_owned()),
                ..Article::default()
            };
            sink.write(&article).unwrap();
        }
        sink.close().unwrap();
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 2);
    }
}
