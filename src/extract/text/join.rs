//! Articles that span several pages: joined into one text, in which paragraphs that every page repeats
//! appear once.

use std::collections::HashSet;

use crate::article::Article;
use crate::canonical::digest;
use crate::page::text::{plain, word_count};

/// Shorter paragraphs may occur twice in one article: 'Yes.'
const FEWEST_LETTERS: usize = 20;

impl Article {
    /// Appends the text of the article's next page. Paragraphs of an earlier page, such as the lede, are
    /// left out; the fields stay those of the first page.
    pub fn join(&mut self, next: Article) {
        let words = (self.word_count as f64, next.word_count as f64);
        if words.1 > 0.0 {
            let sum = self.quality * words.0 + next.quality * words.1;
            self.quality = (sum / (words.0 + words.1) * 100.0).round() / 100.0;
        }
        add(&mut self.text, &next.text, Markup::Text);
        if let (Some(whole), Some(part)) = (&mut self.markdown, &next.markdown) {
            add(whole, part, Markup::Markdown);
        }
        if let (Some(whole), Some(part)) = (&mut self.html, &next.html) {
            add(whole, part, Markup::Html);
        }
        if let (Some(whole), Some(part)) = (&mut self.blocks, next.blocks) {
            whole.extend(part);
        }
        if let (Some(whole), Some(part)) = (&mut self.images, next.images) {
            whole.extend(part);
        }
        if let (Some(whole), Some(part)) = (&mut self.links, next.links) {
            whole.extend(part);
        }
        for warning in next.warnings {
            if !self.warnings.contains(&warning) {
                self.warnings.push(warning);
            }
        }
        self.word_count = word_count(&self.text);
        self.content_hash = digest(plain(&self.text).as_bytes());
    }
}

/// What a text is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Markup {
    Text,
    Markdown,
    Html,
}

fn add(whole: &mut String, part: &str, markup: Markup) {
    let known: HashSet<String> = pieces(whole, markup).into_iter().map(plain).collect();
    let new = pieces(part, markup).into_iter().filter(|piece| {
        let letters = plain(piece);
        letters.len() < FEWEST_LETTERS || !known.contains(&letters)
    });
    let new: Vec<&str> = new.collect();
    let separator = markup.separator();
    let new = new.join(separator);
    if !whole.is_empty() && !new.is_empty() && !whole.ends_with(separator) {
        whole.push_str(separator);
    }
    whole.push_str(&new);
}

impl Markup {
    /// What stands between two paragraphs.
    fn separator(self) -> &'static str {
        if self == Markup::Html { "\n" } else { "\n\n" }
    }
}

/// The paragraphs of a text. Code is one of them, whatever blank lines it has: half of it would turn what stands
/// in it, or after it, from text into markup.
fn pieces(text: &str, markup: Markup) -> Vec<&str> {
    let separator = markup.separator();
    let (mut pieces, mut start, mut at) = (Vec::new(), 0, 0);
    let mut code = Code::default();
    for piece in text.split(separator) {
        at += piece.len();
        match markup {
            Markup::Text => {}
            Markup::Markdown => piece.lines().for_each(|line| code.read_markdown(line)),
            Markup::Html => code.read_html(piece),
        }
        if !code.is_open() {
            pieces.push(&text[start..at]);
            start = (at + separator.len()).min(text.len());
        }
        at += separator.len();
    }
    if code.is_open() {
        pieces.push(&text[start..]);
    }
    pieces
}

/// The code that has begun and not ended: for Markdown the backticks of its fence, for HTML one.
#[derive(Debug, Default)]
struct Code(usize);

impl Code {
    fn is_open(&self) -> bool {
        self.0 > 0
    }

    /// Reads a line as the renderer writes it: fences are backticks, also below quotes and items.
    fn read_markdown(&mut self, line: &str) {
        let line = line.trim_start_matches(|c: char| " >-*.)".contains(c) || c.is_ascii_digit());
        let rest = line.trim_start_matches('`');
        let fence = line.len() - rest.len();
        let is_end = self.is_open() && fence >= self.0 && rest.trim().is_empty();
        if is_end {
            self.0 = 0;
        } else if !self.is_open() && fence >= 3 && !rest.contains('`') {
            self.0 = fence;
        }
    }

    fn read_html(&mut self, line: &str) {
        let last = |tag| line.rfind(tag);
        if last("<pre>").is_some() || last("</pre>").is_some() {
            self.0 = usize::from(last("<pre>") > last("</pre>"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn article(text: &str) -> Article {
        Article {
            text: text.to_owned(),
            word_count: word_count(text),
            quality: 1.0,
            ..Article::default()
        }
    }

    #[test]
    fn what_every_page_repeats_stands_once_and_short_answers_stay() {
        let lede = "The night ferry sails again after eleven years.";
        let mut whole = article(&format!("{lede}\n\nYes."));
        whole.join(article(&format!(
            "{lede}\n\nYes.\n\nThe mayor waved from the quay to all aboard."
        )));
        let expected =
            format!("{lede}\n\nYes.\n\nYes.\n\nThe mayor waved from the quay to all aboard.");
        assert_eq!(whole.text, expected);
        assert_eq!(whole.word_count, word_count(&expected));
        assert_eq!(whole.content_hash, digest(plain(&expected).as_bytes()));
    }

    #[test]
    fn code_that_repeats_a_paragraph_in_part_is_kept_whole() {
        let known = "The night ferry sails again after eleven years.";
        let danger = "<script>alert(1)</script>";
        for (fence, code) in [
            ("```", format!("{known}\n\n{danger}")),
            ("````", format!("```\n\n{known}\n\n{danger}\n\n```")),
            ("```", format!("one\n\n{known}")),
        ] {
            for (first, rest) in [("", ""), ("> ", "> "), ("- ", "  "), ("10. ", "    ")] {
                let lines = format!("{fence}\n{code}\n{fence}");
                let lines: Vec<String> = lines
                    .lines()
                    .enumerate()
                    .map(|(at, line)| match (at, line) {
                        (0, line) => format!("{first}{line}"),
                        (_, "") => rest.trim_end().to_owned(),
                        (_, line) => format!("{rest}{line}"),
                    })
                    .collect();
                let part = lines.join("\n");
                let markdown = |text: &str| Article {
                    markdown: Some(text.to_owned()),
                    ..article("")
                };
                let mut whole = markdown(known);
                whole.join(markdown(&format!("{part}\n\n{known}")));
                assert_eq!(whole.markdown.unwrap(), format!("{known}\n\n{part}"));
            }
        }
        let html =
            "<pre><code>one\n<p>The night ferry sails again after eleven years.\n</code></pre>";
        let mut whole = article("");
        whole.html = Some(format!("<p>{known}</p>"));
        let mut next = article("");
        next.html = Some(format!("{html}\n<p>{known}</p>"));
        whole.join(next);
        assert_eq!(whole.html.unwrap(), format!("<p>{known}</p>\n{html}"));
    }
}
