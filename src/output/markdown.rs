//! Markdown: YAML front matter, the headline, the body. Every value of the front matter is a JSON
//! string, which is valid YAML as well, so that no headline can break out of it.

use std::io::{self, Write};
use std::path::Path;

use crate::article::Article;
use crate::extract::text::render::{headline_as_markdown, text_as_markdown};
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
            write!(out, "# {}\n\n", headline_as_markdown(title))?;
        }
        match &article.markdown {
            Some(body) => writeln!(out, "{body}"),
            // A record that was made for another format has the text alone.
            None => writeln!(out, "{}", text_as_markdown(&article.text)),
        }
    }

    fn encoder(&'static self, _: bool) -> Box<dyn Encoder> {
        Box::new(Separated::new(self, "\n\n"))
    }

    fn files(&'static self, dir: &Path, _: Option<&str>) -> Box<dyn Writer> {
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

/// A JSON string. What YAML takes for a line break or does not allow is written as its number, and so are marks
/// that would show the line in another order.
fn quote(value: &str) -> String {
    let json = serde_json::Value::from(value).to_string();
    // Programs that know no front matter read it as a paragraph.
    let json = json.replace('<', "\\u003c").replace("](", "]\\u0028");
    let mut quoted = String::with_capacity(json.len());
    for c in json.chars() {
        match c {
            '\u{7f}'..='\u{9f}'
            | '\u{61c}'
            | '\u{200e}'
            | '\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2066}'..='\u{2069}'
            | '\u{feff}'
            | '\u{fffe}'
            | '\u{ffff}' => {
                quoted.push_str(&format!("\\u{:04x}", u32::from(c)));
            }
            c => quoted.push(c),
        }
    }
    quoted
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
        assert!(out.starts_with("---\ntitle: \"Ferry: \\\"back\\\" \\u003cagain>\\n---\"\n"));
        assert!(out.contains("authors: [\"Ada \\\"A\\\" Ferry\"]\n---\n"));
        assert!(!out.contains("url:"), "no address is known");
    }
}
