//! A string of the data as markup: HTML, HTML that was escaped once too often, Markdown, or plain lines.

use crate::extract::text::render::escape_html;
use crate::page::references;

/// Tags that show that a string is a piece of a page, not a line of text.
const BLOCK_TAGS: [&str; 12] = [
    "<p>",
    "<p ",
    "<div",
    "<br",
    "<h1",
    "<h2",
    "<h3",
    "<ul",
    "<ol",
    "<blockquote",
    "<figure",
    "<table",
];

/// True where a string holds tags of blocks.
pub(super) fn has_blocks(text: &str) -> bool {
    BLOCK_TAGS.iter().any(|tag| text.contains(tag))
}

/// True where a string is markup of blocks, also where it was escaped.
pub(super) fn is_markup(text: &str) -> bool {
    has_blocks(text)
        || ["&lt;/p", "&lt;br", "&lt;/div"]
            .iter()
            .any(|tag| text.contains(tag))
}

/// True where a string holds tags.
pub(super) fn has_tags(text: &str) -> bool {
    let end = text.rfind('>').unwrap_or(0);
    text[..end].match_indices('<').any(|(at, _)| {
        let rest = &text[at + 1..];
        let name = rest.strip_prefix('/').unwrap_or(rest);
        name.starts_with(|c: char| c.is_ascii_alphabetic()) || rest.starts_with("!--")
    })
}

/// A line of text as markup: its tags stay, its entities are read, and what else means something is escaped.
pub(super) fn inline(text: &str) -> String {
    let text = unescaped(text);
    if has_tags(&text) {
        return closed(text);
    }
    escape_text(&text).replace('\n', "<br>")
}

/// A text of several paragraphs as markup.
pub(super) fn blocks(text: &str) -> String {
    let text = unescaped(text.trim());
    if has_blocks(&text) {
        let is_paragraphed = text.contains("<p>") || text.contains("<p ") || !text.contains("\n\n");
        return if is_paragraphed {
            closed(text)
        } else {
            wrapped(&text)
        };
    }
    let is_markup = has_tags(&text);
    if !is_markup && is_markdown(&text) {
        return markdown(&text);
    }
    let line = |line: &str| {
        let line = if is_markup {
            line.to_owned()
        } else {
            escape_text(line)
        };
        format!("<p>{line}</p>\n")
    };
    paragraphs(&text).iter().map(|it| line(it)).collect()
}

/// HTML that was escaped once too often, as HTML: `&lt;p&gt;`, `&amp;quot;`.
fn unescaped(text: &str) -> String {
    let mut text = text.to_owned();
    if text.contains("&lt;/") || text.contains("&lt;p&gt;") || text.contains("&lt;br") {
        let is_escaped = !has_tags(&text);
        if is_escaped {
            text = references::resolve(&text, false);
        }
    }
    let mut parts = text.split("&amp;");
    let mut read = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        read.push_str(if is_reference(part) { "&" } else { "&amp;" });
        read.push_str(part);
    }
    read
}

/// True for the rest of an entity after its ampersand: `quot;`, `#8217;`.
fn is_reference(text: &str) -> bool {
    let name = text.strip_prefix('#').unwrap_or(text);
    let length = name
        .bytes()
        .take(12)
        .take_while(u8::is_ascii_alphanumeric)
        .count();
    length > 1 && name.as_bytes().get(length) == Some(&b';')
}

/// Markup whose last comment is closed, so that it swallows nothing after it.
fn closed(mut text: String) -> String {
    let is_open = text
        .rfind("<!--")
        .is_some_and(|at| !text[at..].contains("-->"));
    if is_open {
        text.push_str("-->");
    }
    text
}

/// Plain text escaped, but for its entities.
fn escape_text(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 16);
    for (at, c) in text.char_indices() {
        match c {
            '&' if is_reference(&text[at + 1..]) => escaped.push('&'),
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            c => escaped.push(c),
        }
    }
    escaped
}

/// Text between elements, parted by empty lines, in paragraphs of its own, as WordPress shows it.
fn wrapped(text: &str) -> String {
    let parts = text
        .split("\n\n")
        .map(str::trim)
        .filter(|it| !it.is_empty());
    let part = |part: &str| {
        if has_blocks(&part[..part.floor_char_boundary(12)]) {
            format!("{part}\n")
        } else {
            format!("<p>{part}</p>\n")
        }
    };
    closed(parts.map(part).collect())
}

/// The paragraphs of a plain text: its lines, but for lines that were broken to fit a width.
fn paragraphs(text: &str) -> Vec<String> {
    let is_parted = text.contains("\n\n") || text.contains("\n\r\n");
    let mut paragraphs: Vec<String> = Vec::new();
    let mut goes_on = false;
    for line in text.lines() {
        let line = line.trim();
        match paragraphs.last_mut() {
            _ if line.is_empty() => goes_on = false,
            Some(last) if goes_on => {
                last.push(' ');
                last.push_str(line);
            }
            _ => paragraphs.push(line.to_owned()),
        }
        if !line.is_empty() {
            goes_on = is_parted && !ends_sentence(line);
        }
    }
    paragraphs
}

/// True for a text that ends as a sentence does.
pub(super) fn ends_sentence(text: &str) -> bool {
    let text = text.trim_end_matches(['"', '”', '’', '»', '“', '\'', ')', ']', '」', '』', ' ']);
    text.ends_with(['.', '!', '?', '…', '。', '！', '？', '।', '؟', ':', '۔'])
}

/// True for text with marks that nothing but Markdown has.
fn is_markdown(text: &str) -> bool {
    let has_heading = text.lines().any(|line| heading_level(line).is_some());
    has_heading
        || text.contains("](http")
        || text.contains("](/")
        || text.matches("**").count() >= 2
}

fn heading_level(line: &str) -> Option<usize> {
    let level = line.bytes().take_while(|&byte| byte == b'#').count();
    ((1..=6).contains(&level) && line[level..].starts_with(' ')).then_some(level)
}

/// The blocks of Markdown that articles are written in: paragraphs, headings, lists, quotes.
fn markdown(text: &str) -> String {
    let mut markup = String::with_capacity(text.len() + text.len() / 4);
    let mut open: Option<&str> = None;
    let mut paragraph = String::new();
    let end = |paragraph: &mut String, markup: &mut String| {
        if !paragraph.is_empty() {
            markup.push_str(&format!("<p>{}</p>\n", markdown_inline(paragraph)));
            paragraph.clear();
        }
    };
    for line in text.lines() {
        let line = line.trim();
        let item = list_item(line);
        let quoted = line.strip_prefix('>');
        let group = match (&item, quoted) {
            (Some((tag, _)), _) => Some(*tag),
            (None, Some(_)) => Some("blockquote"),
            (None, None) => None,
        };
        let is_end = line.is_empty() || item.is_some() || heading_level(line).is_some();
        if is_end || group != open {
            end(&mut paragraph, &mut markup);
        }
        if group != open && !(line.is_empty() && open != Some("blockquote")) {
            markup.extend(open.map(|tag| format!("</{tag}>\n")));
            markup.extend(group.map(|tag| format!("<{tag}>\n")));
            open = group;
        }
        if let Some((_, item)) = item {
            markup.push_str(&format!("<li>{}</li>\n", markdown_inline(item)));
        } else if let Some(level) = heading_level(line) {
            let heading = line[level..].trim_matches(['#', ' ']);
            markup.push_str(&format!(
                "<h{level}>{}</h{level}>\n",
                markdown_inline(heading)
            ));
        } else if !matches!(line, "---" | "***" | "___") {
            let text = quoted.unwrap_or(line).trim();
            let space = if paragraph.is_empty() || text.is_empty() {
                ""
            } else {
                " "
            };
            paragraph.push_str(space);
            paragraph.push_str(text);
        }
    }
    end(&mut paragraph, &mut markup);
    markup.extend(open.map(|tag| format!("</{tag}>\n")));
    markup
}

/// The list that a line is an item of, and the item.
fn list_item(line: &str) -> Option<(&'static str, &str)> {
    for bullet in ["- ", "* ", "+ "] {
        if let Some(item) = line.strip_prefix(bullet) {
            return Some(("ul", item));
        }
    }
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let item = line[digits..].strip_prefix(". ")?;
    (1..=2).contains(&digits).then_some(("ol", item))
}

/// Links, images and emphasis of a line of Markdown.
fn markdown_inline(text: &str) -> String {
    let mut markup = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some(at) = rest.find('[') {
        let is_image = rest[..at].ends_with('!');
        markup.push_str(&escape_text(&rest[..at - usize::from(is_image)]));
        rest = &rest[at + 1..];
        let link = rest.split_once("](").and_then(|(label, after)| {
            let (target, after) = after.split_once(')')?;
            (!label.contains('[') && !target.contains('(')).then_some((label, target, after))
        });
        match link {
            Some((label, target, after)) => {
                if !is_image {
                    let href = escape_html(target.split(' ').next().unwrap_or_default());
                    markup.push_str(&format!("<a href=\"{href}\">{}</a>", escape_text(label)));
                }
                rest = after;
            }
            None => markup.push_str(if is_image { "![" } else { "[" }),
        }
    }
    markup.push_str(&escape_text(rest));
    let strong = paired(&markup, "**", "strong");
    paired(&strong, "*", "em")
}

/// What stands between two marks in an element.
fn paired(text: &str, mark: &str, tag: &str) -> String {
    let parts: Vec<&str> = text.split(mark).collect();
    if parts.len().is_multiple_of(2) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len() + 16);
    for (at, part) in parts.iter().enumerate() {
        if at > 0 {
            let slash = if at % 2 == 0 { "/" } else { "" };
            out.push_str(&format!("<{slash}{tag}>"));
        }
        out.push_str(part);
    }
    out
}

#[cfg(test)]
mod tests;
