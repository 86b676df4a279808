//! The outline as HTML: the elements that it has names for, and attributes that are made here. Nothing of the
//! page's markup is copied.

use std::fmt::Write as _;

use crate::article::Image;
use crate::extract::text::render::escape::escape_html;
use crate::extract::text::render::inline::{Inline, Style};
use crate::extract::text::render::notes::Notes;
use crate::extract::text::render::outline::{Kind, List, Node};
use crate::extract::text::render::tables::{Cell, Row, Table};

/// Writes HTML.
pub(super) struct Html<'n> {
    pub(super) notes: &'n Notes,
}

impl Html<'_> {
    /// Blocks, one a line.
    pub(super) fn nodes(&self, nodes: &[Node], out: &mut String) {
        let mut in_notes = false;
        for node in nodes {
            let is_note = matches!(node, Node::Note(..));
            if is_note != in_notes {
                out.push_str(if is_note { "<ol>\n" } else { "</ol>\n" });
                in_notes = is_note;
            }
            self.node(node, out);
        }
        if in_notes {
            out.push_str("</ol>\n");
        }
    }

    fn node(&self, node: &Node, out: &mut String) {
        match node {
            Node::Heading(level, inlines) => {
                let _ = writeln!(out, "<h{level}>{}</h{level}>", self.inlines(inlines));
            }
            Node::Paragraph(kind, inlines) => {
                let (open, close) = match kind {
                    Kind::Plain => ("<p>", "</p>"),
                    Kind::Standfirst => ("<p class=\"standfirst\">", "</p>"),
                    Kind::Caption => ("<p class=\"caption\">", "</p>"),
                    Kind::Entry => ("<p class=\"entry\">", "</p>"),
                    Kind::Attribution => ("<footer>", "</footer>"),
                };
                let _ = writeln!(out, "{open}{}{close}", self.inlines(inlines));
            }
            Node::Code(language, text) => {
                let class = language
                    .as_ref()
                    .map(|it| format!(" class=\"language-{}\"", escape_html(it)));
                let class = class.unwrap_or_default();
                let _ = writeln!(out, "<pre><code{class}>{}</code></pre>", escape_html(text));
            }
            Node::Quote(nodes) => {
                out.push_str("<blockquote>\n");
                self.nodes(nodes, out);
                out.push_str("</blockquote>\n");
            }
            Node::List(list) => self.list(list, out),
            Node::Definitions(parts) => {
                out.push_str("<dl>\n");
                for (is_term, nodes) in parts {
                    self.item(if *is_term { "dt" } else { "dd" }, "", nodes, out);
                }
                out.push_str("</dl>\n");
            }
            Node::Table(table) => self.table(table, out),
            Node::Figure(image) => figure(image, out),
            Node::Note(note, nodes) => {
                let label = &self.notes.labels[*note];
                let value = label.parse::<u32>().map(|it| format!(" value=\"{it}\""));
                let value = value.unwrap_or_default();
                self.item("li", &format!(" id=\"fn-{label}\"{value}"), nodes, out);
            }
        }
    }

    fn list(&self, list: &List, out: &mut String) {
        let tag = if list.numbering.is_some() { "ol" } else { "ul" };
        let mut next = 1;
        let mut step = 1;
        let _ = write!(out, "<{tag}");
        if let Some(numbering) = list.numbering {
            let first = list.items.first().map_or(1, |it| it.0);
            if first != 1 || numbering.reversed {
                let _ = write!(out, " start=\"{first}\"");
            }
            if numbering.reversed {
                out.push_str(" reversed");
                step = -1;
            }
            if numbering.style != '1' {
                let _ = write!(out, " type=\"{}\"", numbering.style);
            }
            next = first;
        }
        out.push_str(">\n");
        for (number, nodes) in &list.items {
            let is_next = list.numbering.is_none() || *number == next;
            let value = if is_next {
                String::new()
            } else {
                format!(" value=\"{number}\"")
            };
            next = number + step;
            self.item("li", &value, nodes, out);
        }
        let _ = writeln!(out, "</{tag}>");
    }

    /// An item; a single paragraph needs no element of its own.
    fn item(&self, tag: &str, attributes: &str, nodes: &[Node], out: &mut String) {
        let _ = write!(out, "<{tag}{attributes}>");
        match nodes {
            [Node::Paragraph(Kind::Plain, inlines), rest @ ..]
                if rest.iter().all(|it| matches!(it, Node::List(_))) =>
            {
                out.push_str(&self.inlines(inlines));
                if !rest.is_empty() {
                    out.push('\n');
                }
                self.nodes(rest, out);
            }
            nodes => {
                out.push('\n');
                self.nodes(nodes, out);
            }
        }
        let _ = writeln!(out, "</{tag}>");
    }

    fn table(&self, table: &Table, out: &mut String) {
        out.push_str("<table>\n");
        if !table.caption.is_empty() {
            let _ = writeln!(out, "<caption>{}</caption>", self.inlines(&table.caption));
        }
        let heads = table.rows.iter().take_while(|it| it.is_head).count();
        let parts = [
            ("thead", &table.rows[..heads]),
            ("tbody", &table.rows[heads..]),
        ];
        for (part, rows) in parts.iter().filter(|(_, rows)| !rows.is_empty()) {
            let _ = writeln!(out, "<{part}>");
            for row in *rows {
                self.row(row, out);
            }
            let _ = writeln!(out, "</{part}>");
        }
        out.push_str("</table>\n");
    }

    fn row(&self, row: &Row, out: &mut String) {
        out.push_str("<tr>");
        for cell in &row.cells {
            self.cell(cell, row.is_head, out);
        }
        out.push_str("</tr>\n");
    }

    fn cell(&self, cell: &Cell, in_head: bool, out: &mut String) {
        let tag = if cell.is_head || in_head { "th" } else { "td" };
        let _ = write!(out, "<{tag}");
        for (name, span) in [("colspan", cell.columns), ("rowspan", cell.rows)] {
            if span > 1 {
                let _ = write!(out, " {name}=\"{span}\"");
            }
        }
        let _ = write!(out, ">{}</{tag}>", self.inlines(&cell.text));
    }

    fn inlines(&self, inlines: &[Inline]) -> String {
        let mut out = String::new();
        self.push_inlines(inlines, &mut out);
        out.trim().to_owned()
    }

    fn push_inlines(&self, inlines: &[Inline], out: &mut String) {
        for inline in inlines {
            match inline {
                Inline::Text(text) => out.push_str(&escape_html(text)),
                Inline::Break => out.push_str("<br>\n"),
                Inline::Code(text) => {
                    let _ = write!(out, "<code>{}</code>", escape_html(text));
                }
                Inline::Styled(style, inner) => {
                    let tag = match style {
                        Style::Strong => "strong",
                        Style::Emphasis => "em",
                        Style::Strike => "del",
                        Style::Sup => "sup",
                        Style::Sub => "sub",
                    };
                    let _ = write!(out, "<{tag}>");
                    self.push_inlines(inner, out);
                    let _ = write!(out, "</{tag}>");
                }
                Inline::Link(href, inner) => {
                    let _ = write!(out, "<a href=\"{}\">", escape_html(href));
                    self.push_inlines(inner, out);
                    out.push_str("</a>");
                }
                Inline::Note(note) => {
                    let label = &self.notes.labels[*note];
                    let _ = write!(out, "<sup><a href=\"#fn-{label}\">{label}</a></sup>");
                }
            }
        }
    }
}

fn figure(image: &Image, out: &mut String) {
    let _ = write!(
        out,
        "<figure>\n<img src=\"{}\" alt=\"{}\">\n",
        escape_html(&image.src),
        escape_html(image.alt.as_deref().unwrap_or_default()),
    );
    let caption = image.caption.as_deref().map(escape_html);
    let credit = image
        .credit
        .as_deref()
        .map(|it| format!("<small>{}</small>", escape_html(it)));
    let below: Vec<String> = caption.into_iter().chain(credit).collect();
    if !below.is_empty() {
        let _ = writeln!(out, "<figcaption>{}</figcaption>", below.join(" "));
    }
    out.push_str("</figure>\n");
}
