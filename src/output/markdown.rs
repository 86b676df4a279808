//! Markdown: YAML front matter, the headline, the body. Every value of the front matter is a JSON
//! string, which is valid YAML as well, so that no headline can break out of it.

use std::io::{self, Write};
use std::path::Path;

use crate::article::Article;
use crate::extract::text::render::escape_markdown;
use crate::output::article_files::ArticleFiles;
use crate::output::format::{Encoder, RecordFormat, Separated};
use crate::output::writer::Writer;

/// Markdown with front matter.
#[derive(Debug, Clone, Copy)]
pub(super) struct Markdown;

impl RecordFormat for Markdown {
    fn extension(&self) -> &'static str {
        "md"
    }

    fn write_record(&self, article: &Article, out: &mut dyn Write) -> io::Result<()> {
        write_front_matter(article, out)?;
        if let Some(title) = &article.title {
            write!(out, "# {}\n\n", escape_markdown(title))?;
        }
        let body = article.markdown.as_deref().unwrap_or(&article.text);
        writeln!(out, "{body}")
    }

    fn encoder(&'static self, _: bool) -> Box<dyn Encoder> {
        Box::new(Separated::new(self, "\n\n"))
    }

    fn files(&'static self, dir: &Path) -> Box<dyn Writer> {
        Box::new(ArticleFiles::new(dir, self))
    }
}

fn write_front_matter(article: &Article, out: &mut dyn Write) -> io::Result<()> {
    let fields = [
        ("title", article.title.as_deref()),
        ("published", article.published.as_deref()),
        ("modified", article.modified.as_deref()),
        ("site", article.site_name.as_deref()),
        ("language", article.language.as_deref()),
        ("source", article.source.as_deref()),
        ("url", article.canonical_url.as_deref()),
        ("id", non_empty(&article.id)),
    ];
    out.write_all(b"---\n")?;
    for (key, value) in fields {
        if let Some(value) = value {
            writeln!(out, "{key}: {}", quote(value))?;
        }
    }
    if !article.authors.is_empty() {
        let names: Vec<String> = article.authors.iter().map(|name| quote(name)).collect();
        writeln!(out, "authors: [{}]", names.join(", "))?;
    }
    out.write_all(b"---\n\n")
}

fn non_empty(text: &str) -> Option<&str> {
    Some(text).filter(|text| !text.is_empty())
}

fn quote(value: &str) -> String {
    serde_json::Value::from(value).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::to_string;

    #[test]
    fn front_matter_escapes_any_headline() {
        let article = Article {
            title: Some("Ferry: \"back\" <again>\n---".into()),
            authors: vec!["Ada \"A\" Ferry".into()],
            ..Article::default()
        };
        let out = to_string(&article, &Markdown);
        assert!(out.starts_with("---\ntitle: \"Ferry: \\\"back\\\" <again>\\n---\"\n"));
        assert!(out.contains("authors: [\"Ada \\\"A\\\" Ferry\"]\n---\n"));
        assert!(!out.contains("url:"), "no address is known");
    }
}
