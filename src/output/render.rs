//! One record in each of the forms. All end in a line break.

use crate::article::Article;
use crate::config::Format;
use crate::extract::text::render::escape_html;

/// The record in this form.
pub fn render(article: &Article, format: Format) -> String {
    match format {
        Format::Text => text(article),
        Format::Markdown => markdown(article),
        Format::Html => html(article),
        Format::Json => json(article),
        Format::Jsonl => jsonl(article),
    }
}

/// Title, blank line, body.
pub fn text(article: &Article) -> String {
    let title = article
        .title
        .as_deref()
        .map(|title| format!("{title}\n\n"))
        .unwrap_or_default();
    format!("{title}{}\n", article.text)
}

/// YAML front matter, the headline, the body. Every value is a JSON string, which YAML reads as
/// is, so that no headline can break out of it.
pub fn markdown(article: &Article) -> String {
    let mut out = String::from("---\n");
    let fields = [
        ("title", article.title.as_deref()),
        ("published", article.published.as_deref()),
        ("modified", article.modified.as_deref()),
        ("site", article.site_name.as_deref()),
        ("language", article.language.as_deref()),
        ("source", article.source.as_deref()),
        (
            "url",
            Some(article.canonical_url.as_str()).filter(|url| !url.is_empty()),
        ),
        ("id", Some(article.id.as_str()).filter(|id| !id.is_empty())),
    ];
    for (key, value) in fields
        .iter()
        .filter_map(|(key, value)| Some((key, (*value)?)))
    {
        out.push_str(&format!("{key}: {}\n", quote(value)));
    }
    if !article.authors.is_empty() {
        let names: Vec<String> = article.authors.iter().map(|name| quote(name)).collect();
        out.push_str(&format!("authors: [{}]\n", names.join(", ")));
    }
    out.push_str("---\n\n");
    if let Some(title) = &article.title {
        out.push_str(&format!(
            "# {}\n\n",
            crate::extract::text::render::escape_markdown(title)
        ));
    }
    out.push_str(article.markdown.as_deref().unwrap_or(&article.text));
    out.push('\n');
    out
}

/// A small document of its own: no style, no script, everything from the page escaped.
pub fn html(article: &Article) -> String {
    let language = article.language.as_deref().unwrap_or("und");
    let title = escape_html(article.title.as_deref().unwrap_or_default());
    let body = article.html.clone().unwrap_or_else(|| {
        let paragraphs = article
            .text
            .split("\n\n")
            .map(|it| format!("<p>{}</p>\n", escape_html(it)));
        paragraphs.collect()
    });
    format!(
        "<!DOCTYPE html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <title>{title}</title>\n<link rel=\"canonical\" href=\"{}\">\n</head>\n<body>\n<article>\n\
         <h1>{title}</h1>\n{body}</article>\n</body>\n</html>\n",
        escape_html(language),
        escape_html(&article.canonical_url),
    )
}

/// One indented object.
pub fn json(article: &Article) -> String {
    serialized(serde_json::to_string_pretty(article))
}

/// One object on one line.
pub fn jsonl(article: &Article) -> String {
    serialized(serde_json::to_string(article))
}

/// A record holds strings, numbers and lists of them: there is nothing that can fail to serialise.
fn serialized(json: serde_json::Result<String>) -> String {
    json.map(|json| json + "\n").unwrap_or_default()
}

fn quote(value: &str) -> String {
    serde_json::Value::from(value).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn article() -> Article {
        Article {
            title: Some("Ferry: \"back\" <again>\n---".into()),
            text: "First.\n\nSecond & last.".into(),
            authors: vec!["Ada \"A\" Ferry".into()],
            ..Article::default()
        }
    }

    #[test]
    fn text_is_title_blank_line_body() {
        let plain = Article {
            title: Some("Ferry".into()),
            text: "First.".into(),
            ..article()
        };
        assert_eq!(text(&plain), "Ferry\n\nFirst.\n");
        assert_eq!(
            text(&Article {
                title: None,
                ..plain
            }),
            "First.\n"
        );
    }

    #[test]
    fn front_matter_holds_whatever_a_headline_says() {
        let out = markdown(&article());
        assert!(out.starts_with("---\ntitle: \"Ferry: \\\"back\\\" <again>\\n---\"\n"));
        assert!(out.contains("authors: [\"Ada \\\"A\\\" Ferry\"]\n---\n"));
    }

    #[test]
    fn html_escapes_what_comes_from_the_page() {
        let out = html(&article());
        assert!(out.contains("&lt;again&gt;"));
        assert!(out.contains("<p>Second &amp; last.</p>"));
    }

    #[test]
    fn a_line_of_json_is_one_line() {
        let line = jsonl(&article());
        assert_eq!(line.lines().count(), 1);
        assert_eq!(serde_json::from_str::<Article>(&line).unwrap(), article());
    }

    #[test]
    fn the_record_has_its_fields_in_the_order_of_the_contract() {
        let record = Article {
            markdown: Some(String::new()),
            ..article()
        };
        let value: serde_json::Value = serde_json::from_str(&jsonl(&record)).unwrap();
        let names: Vec<&str> = value
            .as_object()
            .unwrap()
            .keys()
            .map(String::as_str)
            .collect();
        let expected = "id url final_url canonical_url source kind title description authors \
            published modified section tags language site_name image access text markdown \
            word_count quality fetched_at status content_hash duplicate_of warnings rights revision \
            extractor";
        assert_eq!(names, expected.split_whitespace().collect::<Vec<_>>());
    }
}
