//! HTML: a small document of its own, without styles or scripts; everything from the page is escaped.

use std::io::{self, Write};
use std::path::Path;

use crate::article::Article;
use crate::extract::text::render::escape_html;
use crate::output::article_files::ArticleFiles;
use crate::output::format::{Encoder, RecordFormat, Separated};
use crate::output::writer::Writer;

/// Plain semantic HTML.
#[derive(Debug, Clone, Copy)]
pub(super) struct Html;

impl RecordFormat for Html {
    fn extension(&self) -> &'static str {
        "html"
    }

    fn write_record(&self, article: &Article, out: &mut dyn Write) -> io::Result<()> {
        let language = escape_html(article.language.as_deref().unwrap_or("und"));
        let title = escape_html(article.title.as_deref().unwrap_or_default());
        write!(
            out,
            "<!DOCTYPE html>\n<html lang=\"{language}\">\n<head>\n<meta charset=\"utf-8\">\n\
             <title>{title}</title>\n<link rel=\"canonical\" href=\"{}\">\n</head>\n<body>\n<article>\n\
             <h1>{title}</h1>\n",
            escape_html(&article.canonical_url),
        )?;
        match &article.html {
            Some(body) => out.write_all(body.as_bytes())?,
            None => {
                for paragraph in article.text.split("\n\n") {
                    writeln!(out, "<p>{}</p>", escape_html(paragraph))?;
                }
            }
        }
        out.write_all(b"</article>\n</body>\n</html>\n")
    }

    fn encoder(&'static self, _: bool) -> Box<dyn Encoder> {
        Box::new(Separated::new(self, ""))
    }

    fn files(&'static self, dir: &Path) -> Box<dyn Writer> {
        Box::new(ArticleFiles::new(dir, self))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::to_string;

    #[test]
    fn html_escapes_what_comes_from_the_page() {
        let article = Article {
            title: Some("Ferry: \"back\" <again>".into()),
            text: "First.\n\nSecond & last.".into(),
            ..Article::default()
        };
        let out = to_string(&article, &Html);
        assert!(out.contains("&lt;again&gt;"));
        assert!(out.contains("<p>Second &amp; last.</p>"));
    }
}
