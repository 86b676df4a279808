//! Where articles go: standard output, a file, or a folder with a file an article.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use newsprint::article::Article;
use newsprint::config::Format;
use newsprint::output::{article_file, ending, render};

use super::printer::Printer;

/// A place for articles.
#[derive(Debug)]
pub(crate) struct Sink {
    format: Format,
    target: Target,
    /// Several records of JSON make one array.
    several: bool,
    written: u64,
}

#[derive(Debug)]
enum Target {
    Standard(Printer),
    File(PathBuf, BufWriter<File>),
    Folder(PathBuf),
}

impl Sink {
    /// Opens the place. A path that is a folder, or ends like one, gets a file an article.
    pub(crate) fn open(
        output: Option<&Path>,
        format: Format,
        several: bool,
        printer: Printer,
    ) -> Result<Sink> {
        let target = match output {
            None => Target::Standard(printer),
            Some(path) if path.is_dir() || path.to_string_lossy().ends_with(['/', '\\']) => {
                fs::create_dir_all(path)
                    .with_context(|| format!("cannot make the folder {}", path.display()))?;
                Target::Folder(path.to_owned())
            }
            Some(path) => {
                let file = File::create(path).with_context(|| {
                    format!(
                        "cannot write {}; its folder must exist and be writable",
                        path.display()
                    )
                })?;
                Target::File(path.to_owned(), BufWriter::new(file))
            }
        };
        Ok(Sink {
            format,
            target,
            several,
            written: 0,
        })
    }

    /// Writes one article.
    pub(crate) fn write(&mut self, article: &Article) -> Result<()> {
        let body = render(article, self.format);
        if let Target::Folder(dir) = &self.target {
            let path = dir.join(article_file(article, ending(self.format)));
            fs::write(&path, body).with_context(|| format!("cannot write {}", path.display()))?;
            self.written += 1;
            return Ok(());
        }
        let before = self.before();
        self.put(&format!("{before}{body}"))?;
        self.written += 1;
        Ok(())
    }

    /// What parts this record from the one before.
    fn before(&self) -> &'static str {
        match (self.format, self.written) {
            (Format::Json, 0) if self.several => "[\n",
            (Format::Json, _) if self.several => ",\n",
            (Format::Text | Format::Markdown, 1..) => "\n\n",
            _ => "",
        }
    }

    fn put(&mut self, text: &str) -> Result<()> {
        match &mut self.target {
            Target::Standard(printer) => printer.out(text.as_bytes())?,
            Target::File(path, file) => {
                file.write_all(text.as_bytes())
                    .with_context(|| format!("cannot write {}", path.display()))?;
            }
            Target::Folder(_) => {}
        }
        Ok(())
    }

    /// Ends the output.
    pub(crate) fn close(mut self) -> Result<()> {
        if self.format == Format::Json && self.several {
            self.put(if self.written == 0 { "[]\n" } else { "]\n" })?;
        }
        if let Target::File(path, file) = &mut self.target {
            file.flush()
                .with_context(|| format!("cannot write {}", path.display()))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(format: Format, several: bool, titles: &[&str]) -> String {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("out");
        let mut sink = Sink::open(Some(&path), format, several, Printer::new(true)).unwrap();
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
    fn texts_are_parted_by_blank_lines() {
        assert_eq!(
            written(Format::Text, true, &["a", "b"]),
            "a\n\nBody.\n\n\nb\n\nBody.\n"
        );
    }

    #[test]
    fn a_folder_holds_a_file_an_article() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("new/");
        let mut sink = Sink::open(Some(&folder), Format::Text, true, Printer::new(true)).unwrap();
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
