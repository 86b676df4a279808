//! The outline as Markdown: CommonMark with GitHub's tables, strikethrough and footnotes. What Markdown has no
//! sign for, such as H<sub>2</sub>O, is the HTML that it allows.

use std::fmt::Write as _;

use crate::article::Image;
use crate::extract::text::render::address::destination;
use crate::extract::text::render::emphasis::{closes, opens, peeled};
use crate::extract::text::render::escape::{
    ends_in_bare_address, escape_line_starts, escape_markdown, push_escaped,
};
use crate::extract::text::render::inline::{Inline, Style, plain};
use crate::extract::text::render::notes::Notes;
use crate::extract::text::render::outline::{Kind, List, Node};
use crate::extract::text::render::tables::{Cell, MOST_COLUMNS, Row, Table};

/// Writes Markdown.
pub(super) struct Markdown<'n> {
    pub(super) notes: &'n Notes,
}

/// Where inline elements stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Paragraph,
    /// One line: a heading, and text between tags of ours. A tag alone on a line would begin a block of HTML, in
    /// which nothing is escaped.
    Line,
    Cell,
}

impl Markdown<'_> {
    /// Blocks, separated by blank lines or, in a tight list, by line breaks.
    pub(super) fn nodes(&self, nodes: &[Node], is_tight: bool) -> String {
        let mut out = String::new();
        let mut alternate = false;
        for (at, node) in nodes.iter().enumerate() {
            let before = at.checked_sub(1).map(|at| &nodes[at]);
            alternate = match (before, node) {
                (Some(Node::List(one)), Node::List(other)) => {
                    !alternate && one.numbering.is_some() == other.numbering.is_some()
                }
                _ => false,
            };
            let part = self.node(node, alternate);
            if part.is_empty() {
                continue;
            }
            if !out.is_empty() {
                let runs_on =
                    is_tight || matches!((before, node), (Some(Node::Note(..)), Node::Note(..)));
                out.push_str(if runs_on { "\n" } else { "\n\n" });
            }
            out.push_str(&part);
        }
        out
    }

    fn node(&self, node: &Node, alternate: bool) -> String {
        match node {
            Node::Heading(level, inlines) => {
                let text = self.inlines(inlines, Place::Line);
                let text = match text.strip_suffix('#') {
                    Some(rest) if !rest.ends_with('\\') => format!("{rest}\\#"),
                    _ => text,
                };
                format!("{} {text}", "#".repeat(*level))
            }
            Node::Paragraph(Kind::Entry, inlines) => {
                let words = escape_markdown(plain(inlines).trim());
                format!("**{words}**")
            }
            Node::Paragraph(_, inlines) => self.paragraph(inlines),
            Node::Code(language, text) => {
                let fence = "`".repeat(longest_run(text).max(2) + 1);
                format!(
                    "{fence}{}\n{text}\n{fence}",
                    language.as_deref().unwrap_or_default()
                )
            }
            Node::Quote(nodes) => prefixed(&self.nodes(nodes, false), "> ", "> "),
            Node::List(list) => self.list(list, alternate),
            Node::Definitions(parts) => self.definitions(parts),
            Node::Table(table) => self.table(table),
            Node::Figure(image) => figure(image),
            Node::Note(note, nodes) => self.note(*note, nodes),
        }
    }

    fn paragraph(&self, inlines: &[Inline]) -> String {
        escape_line_starts(&self.inlines(inlines, Place::Paragraph))
    }

    /// Numbers that do not count up begin a list of their own, as another sign of the same number does.
    fn list(&self, list: &List, alternate: bool) -> String {
        let is_tight = list.items.iter().all(|(_, nodes)| is_tight(nodes));
        let mut out = String::new();
        let (mut delimiter, mut before) = (if alternate { ')' } else { '.' }, None);
        for (number, nodes) in &list.items {
            if before.is_some_and(|before: i64| before + 1 != *number) {
                delimiter = if delimiter == '.' { ')' } else { '.' };
            }
            before = Some(*number);
            let marker = match list.numbering {
                Some(_) => format!("{}{delimiter} ", (*number).max(0)),
                None if alternate => "* ".to_owned(),
                None => "- ".to_owned(),
            };
            if !out.is_empty() {
                out.push_str(if is_tight { "\n" } else { "\n\n" });
            }
            let text = self.nodes(nodes, is_tight);
            out.push_str(prefixed(&text, &marker, &" ".repeat(marker.len())).trim_end());
        }
        out
    }

    /// Terms as items in bold, their definitions as items below.
    fn definitions(&self, parts: &[(bool, Vec<Node>)]) -> String {
        let mut out = String::new();
        let mut has_term = false;
        for (is_term, nodes) in parts {
            if !out.is_empty() {
                out.push('\n');
            }
            let text = match &nodes[..] {
                [Node::Paragraph(_, inlines)] if *is_term => {
                    let bold = super::inline::without(Style::Strong, inlines.clone());
                    self.paragraph(&[Inline::Styled(Style::Strong, bold)])
                }
                _ => self.nodes(nodes, is_tight(nodes)),
            };
            has_term |= is_term;
            let indent = if has_term && !is_term { "  " } else { "" };
            out.push_str(&prefixed(
                &text,
                &format!("{indent}- "),
                &format!("{indent}  "),
            ));
        }
        out
    }

    fn note(&self, note: usize, nodes: &[Node]) -> String {
        let label = &self.notes.labels[note];
        let text = self.nodes(nodes, false);
        prefixed(&text, &format!("[^{label}]: "), "    ")
    }

    fn table(&self, table: &Table) -> String {
        let mut rows = table.rows.iter().peekable();
        let mut out = match table.caption.is_empty() {
            true => String::new(),
            false => self.paragraph(&table.caption) + "\n\n",
        };
        match rows.next_if(|it| it.is_head) {
            Some(row) => out.push_str(&self.row(row, table.width)),
            None => {
                let _ = write!(out, "|{}", "  |".repeat(table.width));
            }
        }
        let _ = write!(out, "\n|{}", " --- |".repeat(table.width));
        for row in rows {
            out.push('\n');
            out.push_str(&self.row(row, table.width));
        }
        out
    }

    fn row(&self, row: &Row, width: usize) -> String {
        let mut out = String::from("|");
        let mut column = 0;
        let fill = |from: usize, to: usize, out: &mut String| {
            out.push_str(&"  |".repeat(to.saturating_sub(from)));
        };
        for cell in &row.cells {
            fill(column, cell.column, &mut out);
            let _ = write!(out, " {} |", self.cell(cell, row.is_head));
            fill(cell.column + 1, cell.column + cell.columns, &mut out);
            column = cell.column + cell.columns;
        }
        fill(column, width.min(MOST_COLUMNS), &mut out);
        out
    }

    fn cell(&self, cell: &Cell, in_head: bool) -> String {
        if cell.is_head && !in_head && !cell.text.is_empty() {
            let bold = Inline::Styled(Style::Strong, cell.text.clone());
            return self.inlines(&[bold], Place::Cell);
        }
        self.inlines(&cell.text, Place::Cell)
    }

    fn inlines(&self, inlines: &[Inline], place: Place) -> String {
        let mut out = String::new();
        self.push_inlines(inlines, place, None, &mut out);
        out.trim().to_owned()
    }

    fn push_inlines(&self, inlines: &[Inline], place: Place, next: Option<char>, out: &mut String) {
        for (at, inline) in inlines.iter().enumerate() {
            let next = inlines.get(at + 1).map_or(next, first_sign);
            match inline {
                Inline::Text(text) => push_text(text, place, next, out),
                Inline::Break => out.push_str(match place {
                    Place::Paragraph => "  \n",
                    Place::Line => " ",
                    Place::Cell => "<br>",
                }),
                Inline::Code(text) => push_code(text, place, out),
                Inline::Styled(style, inner) => self.push_styled((*style, inner), place, next, out),
                Inline::Link(href, inner) => self.push_link(href, inner, place, out),
                Inline::Note(note) => {
                    let _ = write!(out, "[^{}]", self.notes.labels[*note]);
                }
            }
        }
    }

    /// Elements inside signs that will follow `out`, whose addresses run on through the signs.
    fn within(&self, inner: &[Inline], place: Place, next: Option<char>, out: &str) -> String {
        let before = if ends_in_bare_address(out) {
            "www."
        } else {
            ""
        };
        let mut text = before.to_owned();
        self.push_inlines(inner, place, next, &mut text);
        text.split_off(before.len())
    }

    fn push_link(&self, href: &str, inner: &[Inline], place: Place, out: &mut String) {
        if matches!(inner, [Inline::Text(text)] if text == href && !text.contains([' ', '|'])) {
            let _ = write!(out, "<{href}>");
            return;
        }
        let text = self.within(inner, place, Some(']'), out);
        let _ = write!(out, "[{text}]({})", destination(href));
    }

    /// Emphasis that CommonMark recognises: its signs must stand at words, or at punctuation with space or
    /// punctuation outside. Punctuation at the edges moves out; what can still not be shown stays plain.
    fn push_styled(
        &self,
        (style, inner): (Style, &[Inline]),
        place: Place,
        next: Option<char>,
        out: &mut String,
    ) {
        let sign = match style {
            Style::Strong => "**",
            Style::Emphasis => "*",
            Style::Strike => "~~",
            Style::Sup | Style::Sub => {
                let tag = if style == Style::Sup { "sup" } else { "sub" };
                let place = if place == Place::Cell {
                    place
                } else {
                    Place::Line
                };
                let _ = write!(out, "<{tag}>");
                self.push_inlines(inner, place, Some('<'), out);
                let _ = write!(out, "</{tag}>");
                return;
            }
        };
        let (lead, core, trail) = peeled(inner);
        for (before, middle, after) in [("", inner, ""), (lead, &core[..], trail)] {
            let text = self.within(middle, place, sign.chars().next(), out);
            let outside = if before.is_empty() {
                out.chars().next_back()
            } else {
                before.chars().next_back()
            };
            let beyond = if after.is_empty() {
                next
            } else {
                after.chars().next()
            };
            let is_adjacent = before.is_empty() && outside == sign.chars().next();
            if !is_adjacent && opens(&text, outside) && closes(&text, beyond) {
                push_text(before, place, sign.chars().next(), out);
                let _ = write!(out, "{sign}{text}{sign}");
                push_text(after, place, next, out);
                return;
            }
        }
        self.push_inlines(inner, place, next, out);
    }
}

/// A list item without blank lines: one paragraph, perhaps with lists below.
fn is_tight(nodes: &[Node]) -> bool {
    let rest = match nodes {
        [Node::Paragraph(..), rest @ ..] => rest,
        rest => rest,
    };
    let is_list = |node: &Node| match node {
        // Only a list that starts with 1 may follow a paragraph's line.
        Node::List(list) => {
            list.numbering.is_none() || list.items.first().is_none_or(|it| it.0 == 1)
        }
        _ => false,
    };
    rest.len() <= 1 && rest.iter().all(is_list)
}

/// Lines with a prefix; blank lines with what of it is not space.
fn prefixed(text: &str, first: &str, rest: &str) -> String {
    let mut out = String::with_capacity(text.len() + first.len());
    for (at, line) in text.split('\n').enumerate() {
        if at > 0 {
            out.push('\n');
        }
        let prefix = if at == 0 { first } else { rest };
        out.push_str(if line.is_empty() && at > 0 {
            prefix.trim_end()
        } else {
            prefix
        });
        out.push_str(line);
    }
    out
}

fn figure(image: &Image) -> String {
    let alt = escape_markdown(image.alt.as_deref().unwrap_or_default());
    let mut out = format!("![{alt}]({})", destination(&image.src));
    let italic = |caption: &String| {
        let words = escape_markdown(caption);
        if opens(&words, None) && closes(&words, None) {
            format!("*{words}*")
        } else {
            words
        }
    };
    let caption = image.caption.as_ref().map(italic);
    let credit = image
        .credit
        .as_ref()
        .map(|it| format!("({})", escape_markdown(it)));
    let below: Vec<String> = caption.into_iter().chain(credit).collect();
    if !below.is_empty() {
        out.push_str("  \n");
        out.push_str(&escape_line_starts(&below.join(" ")));
    }
    out
}

fn push_text(text: &str, place: Place, next: Option<char>, out: &mut String) {
    if place != Place::Cell || !text.contains('|') {
        return push_escaped(text, next, out);
    }
    let last = text.matches('|').count();
    for (at, part) in text.split('|').enumerate() {
        if at > 0 {
            out.push_str("\\|");
        }
        push_escaped(part, Some('|').filter(|_| at < last).or(next), out);
    }
}

fn push_code(text: &str, place: Place, out: &mut String) {
    // Two runs of backticks would be one, an address of the text would swallow them, and a backslash before the end
    // of a cell is read by each program in its own way.
    let is_unclear = place == Place::Cell && text.contains(['|', '\\']);
    if is_unclear || out.ends_with('`') || ends_in_bare_address(out) {
        out.push_str("<code>");
        push_text(text, place, Some('<'), out);
        out.push_str("</code>");
        return;
    }
    let fence = "`".repeat(longest_run(text) + 1);
    let is_padded = text.starts_with(['`', ' ']) || text.ends_with(['`', ' ']);
    let pad = if is_padded && !text.trim().is_empty() {
        " "
    } else {
        ""
    };
    let _ = write!(out, "{fence}{pad}{text}{pad}{fence}");
}

/// The longest run of backticks.
fn longest_run(text: &str) -> usize {
    let runs = text.split(|c| c != '`').map(str::len);
    runs.max().unwrap_or(0)
}

/// The character that an element begins with in Markdown.
fn first_sign(inline: &Inline) -> Option<char> {
    match inline {
        Inline::Text(text) => text.chars().next(),
        Inline::Break => Some('\n'),
        Inline::Code(_) => Some('`'),
        Inline::Styled(Style::Sup | Style::Sub, _) => Some('<'),
        // Its signs, or the text itself where they cannot be shown: the stricter of the two is the text.
        Inline::Styled(_, inner) => inner.first().and_then(first_sign),
        Inline::Link(..) | Inline::Note(_) => Some('['),
    }
}
