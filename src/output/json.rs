//! JSON: an indented object, or an array of them; and JSON Lines, one object a line.

use std::io::{self, Write};
use std::path::Path;

use serde::de::IgnoredAny;

use crate::article::Article;
use crate::output::append::AppendFiles;
use crate::output::article_files::ArticleFiles;
use crate::output::format::{Encoder, RecordFormat, Separated};
use crate::output::writer::Writer;

/// Indented objects.
#[derive(Debug, Clone, Copy)]
pub(super) struct Json;

impl RecordFormat for Json {
    fn extension(&self) -> &'static str {
        "json"
    }

    fn write_record(&self, article: &Article, out: &mut dyn Write) -> io::Result<()> {
        serde_json::to_writer_pretty(&mut *out, article)?;
        out.write_all(b"\n")
    }

    fn encoder(&'static self, several: bool) -> Box<dyn Encoder> {
        if several {
            Box::new(Array { is_empty: true })
        } else {
            Box::new(Separated::new(self, ""))
        }
    }

    fn files(&'static self, dir: &Path, _: Option<&str>) -> Box<dyn Writer> {
        Box::new(ArticleFiles::new(dir, self))
    }
}

/// One object a line.
#[derive(Debug, Clone, Copy)]
pub(super) struct JsonLines;

impl RecordFormat for JsonLines {
    fn extension(&self) -> &'static str {
        "jsonl"
    }

    fn write_record(&self, article: &Article, out: &mut dyn Write) -> io::Result<()> {
        serde_json::to_writer(&mut *out, article)?;
        out.write_all(b"\n")
    }

    fn is_record(&self, line: &[u8]) -> bool {
        serde_json::from_slice::<IgnoredAny>(line).is_ok()
    }

    fn encoder(&'static self, _: bool) -> Box<dyn Encoder> {
        Box::new(Separated::new(self, ""))
    }

    fn files(&'static self, dir: &Path, worker: Option<&str>) -> Box<dyn Writer> {
        Box::new(AppendFiles::new(dir, self).of_worker(worker))
    }
}

/// Objects as one array, which is valid JSON once it is finished.
#[derive(Debug)]
struct Array {
    is_empty: bool,
}

impl Encoder for Array {
    fn write(&mut self, article: &Article, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(if self.is_empty { b"[\n" } else { b",\n" })?;
        self.is_empty = false;
        Json.write_record(article, out)
    }

    fn finish(&mut self, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(if self.is_empty { b"[]\n" } else { b"]\n" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::to_string;

    fn article() -> Article {
        Article {
            title: Some("Ferry: \"back\" <again>\n---".into()),
            text: "First.\n\nSecond & last.".into(),
            authors: vec!["Ada \"A\" Ferry".into()],
            ..Article::default()
        }
    }

    #[test]
    fn a_line_of_json_is_one_line() {
        let line = to_string(&article(), &JsonLines);
        assert_eq!(line.lines().count(), 1);
        assert_eq!(serde_json::from_str::<Article>(&line).unwrap(), article());
    }

    #[test]
    fn several_objects_make_an_array_and_one_stands_alone() {
        let encoded = |several: bool, count: usize| {
            let mut out = Vec::new();
            let mut encoder = Json.encoder(several);
            for _ in 0..count {
                encoder.write(&article(), &mut out).unwrap();
            }
            encoder.finish(&mut out).unwrap();
            out
        };
        for count in 0..3 {
            let read: Vec<Article> = serde_json::from_slice(&encoded(true, count)).unwrap();
            assert_eq!(read.len(), count);
        }
        assert!(serde_json::from_slice::<Article>(&encoded(false, 1)).is_ok());
    }

    #[test]
    fn the_record_has_its_fields_in_the_order_of_the_contract() {
        let record = Article {
            markdown: Some(String::new()),
            ..article()
        };
        let line = to_string(&record, &JsonLines);
        let value: serde_json::Value = serde_json::from_str(&line).unwrap();
        let names: Vec<&str> = value
            .as_object()
            .unwrap()
            .keys()
            .map(String::as_str)
            .collect();
        let expected = "id url final_url canonical_url source kind title description authors \
            published modified section tags language site_name image access text markdown \
            word_count quality fetched_at status content_hash duplicate_of warnings rights revision \
            extractor schema_version";
        assert_eq!(names, expected.split_whitespace().collect::<Vec<_>>());
    }
}
