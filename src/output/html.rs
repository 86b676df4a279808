//! HTML: a small document of its own, without styles or scripts; everything from the page is escaped.

use std::borrow::Cow;
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
        let canonical = article.canonical_url.as_deref();
        let canonical = canonical.map_or_else(String::new, |url| {
            format!("<link rel=\"canonical\" href=\"{}\">\n", escape_html(url))
        });
        let direction = if is_right_to_left(&language) {
            " dir=\"rtl\""
        } else {
            ""
        };
        write!(
            out,
            "<!DOCTYPE html>\n<html lang=\"{language}\"{direction}>\n<head>\n<meta charset=\"utf-8\">\n\
             <title>{title}</title>\n{canonical}</head>\n<body>\n<article>\n<h1>{title}</h1>\n",
        )?;
        out.write_all(body(article).as_bytes())?;
        out.write_all(b"</article>\n</body>\n</html>\n")
    }

    fn encoder(&'static self, _: bool) -> Box<dyn Encoder> {
        Box::new(Separated::new(self, ""))
    }

    fn files(&'static self, dir: &Path, _: Option<&str>) -> Box<dyn Writer> {
        Box::new(ArticleFiles::new(dir, self))
    }
}

/// The text of an article as HTML: as it was rendered from the page, or else its paragraphs.
pub fn body(article: &Article) -> Cow<'_, str> {
    if let Some(body) = &article.html {
        return Cow::Borrowed(body);
    }
    let paragraphs = article.text.split("\n\n");
    let paragraphs = paragraphs.map(|it| format!("<p>{}</p>\n", escape_html(it)));
    Cow::Owned(paragraphs.collect())
}

/// True for languages whose usual script runs from right to left.
pub fn is_right_to_left(language: &str) -> bool {
    let primary = language.split(['-', '_']).next().unwrap_or_default();
    let is_latin = language.to_ascii_lowercase().contains("-latn");
    let languages = [
        "ar", "arc", "ckb", "dv", "fa", "he", "iw", "ks", "ps", "sd", "syr", "ug", "ur", "yi",
    ];
    !is_latin && languages.contains(&primary.to_ascii_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::to_string;

    #[test]
    fn a_text_that_runs_from_right_to_left_says_so() {
        for (language, expected) in [
            ("fa", "<html lang=\"fa\" dir=\"rtl\">"),
            ("ar-EG", "<html lang=\"ar-EG\" dir=\"rtl\">"),
            ("en", "<html lang=\"en\">"),
            ("az-Latn", "<html lang=\"az-Latn\">"),
        ] {
            let article = Article {
                language: Some(language.into()),
                ..Article::default()
            };
            assert!(to_string(&article, &Html).contains(expected), "{language}");
        }
    }

    #[test]
    fn a_record_without_an_address_links_to_none() {
        let article = Article::default();
        assert!(!to_string(&article, &Html).contains("<link"));
        let article = Article {
            canonical_url: Some("https://paper.example/a?b&c".into()),
            ..article
        };
        let link = "<link rel=\"canonical\" href=\"https://paper.example/a?b&amp;c\">";
        assert!(to_string(&article, &Html).contains(link));
    }

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
