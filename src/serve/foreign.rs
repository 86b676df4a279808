//! Text that a page has chosen, as markup: escaped, isolated from the text direction around it, and with characters
//! that could deceive shown by their numbers.

use std::fmt;

use askama::filters::HtmlSafe;

use crate::extract::render::escape_html;

/// Text of others. Its `Display` is markup.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Foreign<'t>(pub(crate) &'t str);

/// What it writes is escaped.
impl HtmlSafe for Foreign<'_> {}

impl fmt::Display for Foreign<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<bdi>")?;
        let mut rest = self.0;
        while let Some((at, c)) = rest.char_indices().find(|(_, c)| is_deceptive(*c)) {
            f.write_str(&escape_html(&rest[..at]))?;
            write!(f, "<span class=\"sign\">U+{:04X}</span>", u32::from(c))?;
            rest = &rest[at + c.len_utf8()..];
        }
        f.write_str(&escape_html(rest))?;
        f.write_str("</bdi>")
    }
}

/// The beginning of a text of others: so many characters, and an ellipsis where there are more.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Clipped<'t>(pub(crate) &'t str, pub(crate) usize);

/// What it writes is escaped.
impl HtmlSafe for Clipped<'_> {}

impl fmt::Display for Clipped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = clip(self.0, self.1);
        fmt::Display::fmt(&Foreign(shown), f)?;
        f.write_str(if shown.len() < self.0.len() {
            "…"
        } else {
            ""
        })
    }
}

/// The first characters of a text.
pub(crate) fn clip(text: &str, most: usize) -> &str {
    let end = text.char_indices().nth(most).map(|(at, _)| at);
    end.and_then(|end| text.get(..end)).unwrap_or(text)
}

/// The same without markup, for titles and attributes.
pub(crate) fn visible(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        if is_deceptive(c) {
            out.push_str(&format!("[U+{:04X}]", u32::from(c)));
        } else {
            out.push(c);
        }
    }
    out
}

/// Control characters except line breaks, marks that change the direction of text, invisible spaces and
/// tags. Joiners are allowed: some scripts need them.
fn is_deceptive(c: char) -> bool {
    c.is_control() && c != '\n'
        || matches!(c, '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}
