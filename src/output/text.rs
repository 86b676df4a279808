//! Plain text: title, blank line, body.

use std::io::{self, Write};
use std::path::Path;

use crate::article::Article;
use crate::output::article_files::ArticleFiles;
use crate::output::format::{Encoder, RecordFormat, Separated};
use crate::output::writer::Writer;

/// Plain text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Text;

impl RecordFormat for Text {
    fn extension(&self) -> &'static str {
        "txt"
    }

    fn write_record(&self, article: &Article, out: &mut dyn Write) -> io::Result<()> {
        if let Some(title) = &article.title {
            write!(out, "{title}\n\n")?;
        }
        writeln!(out, "{}", article.text)
    }

    fn encoder(&'static self, _: bool) -> Box<dyn Encoder> {
        Box::new(Separated::new(self, "\n\n"))
    }

    fn files(&'static self, dir: &Path, _: Option<&str>) -> Box<dyn Writer> {
        Box::new(ArticleFiles::new(dir, self))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::to_string;

    #[test]
    fn text_is_title_blank_line_body() {
        let mut article = Article {
            title: Some("Ferry".into()),
            text: "First.".into(),
            ..Article::default()
        };
        assert_eq!(to_string(&article, &Text), "Ferry\n\nFirst.\n");
        article.title = None;
        assert_eq!(to_string(&article, &Text), "First.\n");
    }
}
