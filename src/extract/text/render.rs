//! Kept blocks to Markdown and to plain semantic HTML, links and emphasis included. Links are made
//! absolute; nothing of the page's own markup is copied, so that nothing of it can run.

use url::Url;

use crate::article::Role;
use crate::extract::decide::body::Body;
use crate::extract::segment::blocks::Blocks;
use crate::extract::segment::marks::Marks;
use crate::page::{Id, Tag, Tree};

/// What the renderers read.
#[derive(Debug, Clone, Copy)]
pub struct Source<'p, 'a> {
    /// The page's nodes.
    pub tree: &'p Tree<'a>,
    /// Which nodes are stripped.
    pub marks: &'p Marks,
    /// The blocks.
    pub blocks: &'p Blocks,
    /// Their roles.
    pub body: &'p Body,
    /// The URL that links are resolved against.
    pub base: Option<&'p Url>,
}

/// A piece of a block: text with the inline markup around it.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
struct Span {
    text: String,
    link: Option<String>,
    strong: bool,
    emphasis: bool,
    code: bool,
}

/// The selected blocks as Markdown (CommonMark, with GitHub's tables).
pub fn markdown(source: &Source<'_, '_>, selected: &[usize]) -> String {
    let mut out = String::new();
    for (at, &block) in selected.iter().enumerate() {
        let role = source.body.roles[block];
        let before = at.checked_sub(1).map(|at| source.body.roles[selected[at]]);
        let runs_on = before == Some(role) && matches!(role, Role::List | Role::Table);
        if before.is_some() {
            out.push_str(if runs_on { "\n" } else { "\n\n" });
        }
        markdown_block(source, block, runs_on, &mut out);
    }
    out
}

fn markdown_block(source: &Source<'_, '_>, block: usize, runs_on: bool, out: &mut String) {
    let entry = &source.blocks.list[block];
    let inline = || markdown_inline(&spans(source, block));
    match source.body.roles[block] {
        Role::Heading => {
            out.push_str(&"#".repeat(usize::from(entry.level.clamp(2, 6))));
            out.push(' ');
            out.push_str(&inline().replace('\n', " "));
        }
        Role::List => {
            out.push_str(&"  ".repeat(usize::from(entry.level.clamp(1, 8)) - 1));
            out.push_str("- ");
            out.push_str(&inline().replace('\n', " "));
        }
        Role::Quote => {
            out.push_str("> ");
            out.push_str(&inline().replace('\n', "\n> "));
        }
        Role::Code => {
            let text = source.blocks.text(block);
            let fence = if text.contains("```") { "~~~~" } else { "```" };
            out.push_str(&format!("{fence}\n{text}\n{fence}"));
        }
        Role::Table => {
            let cells: Vec<String> = cells(source.blocks.text(block))
                .map(escape_markdown)
                .collect();
            out.push_str(&format!("| {} |", cells.join(" | ")));
            if !runs_on {
                out.push_str(&format!("\n|{}", " --- |".repeat(cells.len())));
            }
        }
        Role::Entry => out.push_str(&format!(
            "**{}**",
            escape_markdown(source.blocks.text(block))
        )),
        Role::Standfirst | Role::Paragraph | Role::Caption => {
            out.push_str(&inline().replace('\n', "  \n"));
        }
    }
}

fn cells(row: &str) -> impl Iterator<Item = &str> {
    row.split(" | ").map(str::trim)
}

fn markdown_inline(spans: &[Span]) -> String {
    let mut out = String::new();
    for span in spans {
        let core = span.text.trim();
        let lead = span.text.len() - span.text.trim_start().len();
        out.push_str(&span.text[..lead]);
        if !core.is_empty() {
            let mark = if span.strong {
                "**"
            } else if span.emphasis {
                "*"
            } else {
                ""
            };
            let inner = if span.code {
                format!("`{core}`")
            } else {
                escape_markdown(core)
            };
            match &span.link {
                Some(href) => out.push_str(&format!("{mark}[{inner}](<{href}>){mark}")),
                None => out.push_str(&format!("{mark}{inner}{mark}")),
            }
            out.push_str(&span.text[lead + core.len()..]);
        }
    }
    escape_line_starts(out.trim())
}

/// Escapes what CommonMark would read as markup inside a line.
pub fn escape_markdown(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(
            c,
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '~'
        ) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// Escapes what CommonMark would read as a heading, a list item or a quote at the start of a line.
fn escape_line_starts(text: &str) -> String {
    let lines = text.lines().map(|line| {
        let digits = line.bytes().take_while(u8::is_ascii_digit).count();
        if line.starts_with(['#', '+', '-', '=']) {
            format!("\\{line}")
        } else if digits > 0 && line[digits..].starts_with(['.', ')']) {
            format!("{}\\{}", &line[..digits], &line[digits..])
        } else {
            line.to_owned()
        }
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// The selected blocks as HTML: headings, paragraphs, lists, quotes, tables, links and emphasis.
pub fn html(source: &Source<'_, '_>, selected: &[usize]) -> String {
    let mut out = String::new();
    let mut open: Option<(Role, &str)> = None;
    for &block in selected {
        let role = source.body.roles[block];
        let group = match role {
            Role::List => Some((role, "ul")),
            Role::Quote => Some((role, "blockquote")),
            Role::Table => Some((role, "table")),
            _ => None,
        };
        if open != group {
            if let Some((_, tag)) = open {
                out.push_str(&format!("</{tag}>\n"));
            }
            if let Some((_, tag)) = group {
                out.push_str(&format!("<{tag}>\n"));
            }
            open = group;
        }
        html_block(source, block, &mut out);
    }
    if let Some((_, tag)) = open {
        out.push_str(&format!("</{tag}>\n"));
    }
    out
}

fn html_block(source: &Source<'_, '_>, block: usize, out: &mut String) {
    let inline = || html_inline(&spans(source, block));
    match source.body.roles[block] {
        Role::Heading => {
            let level = source.blocks.list[block].level.clamp(2, 6);
            out.push_str(&format!("<h{level}>{}</h{level}>\n", inline()));
        }
        Role::List => out.push_str(&format!("<li>{}</li>\n", inline())),
        Role::Code => {
            out.push_str(&format!(
                "<pre>{}</pre>\n",
                escape_html(source.blocks.text(block))
            ));
        }
        Role::Table => {
            let cells: String = cells(source.blocks.text(block))
                .map(|cell| format!("<td>{}</td>", escape_html(cell)))
                .collect();
            out.push_str(&format!("<tr>{cells}</tr>\n"));
        }
        Role::Caption => out.push_str(&format!("<p class=\"caption\">{}</p>\n", inline())),
        Role::Entry => out.push_str(&format!("<p class=\"entry\">{}</p>\n", inline())),
        Role::Standfirst => out.push_str(&format!("<p class=\"standfirst\">{}</p>\n", inline())),
        Role::Paragraph | Role::Quote => out.push_str(&format!("<p>{}</p>\n", inline())),
    }
}

fn html_inline(spans: &[Span]) -> String {
    let mut out = String::new();
    for span in spans {
        let mut piece = escape_html(&span.text).replace('\n', "<br>\n");
        for (applies, tag) in [
            (span.code, "code"),
            (span.emphasis, "em"),
            (span.strong, "strong"),
        ] {
            if applies {
                piece = format!("<{tag}>{piece}</{tag}>");
            }
        }
        if let Some(href) = &span.link {
            piece = format!("<a href=\"{}\">{piece}</a>", escape_html(href));
        }
        out.push_str(&piece);
    }
    out.trim().to_owned()
}

/// `text` with the characters that mean something in HTML escaped.
pub fn escape_html(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            _ => out.push(c),
        }
    }
    out
}

/// A block's text as spans, neighbours of the same markup joined.
fn spans(source: &Source<'_, '_>, block: usize) -> Vec<Span> {
    let entry = &source.blocks.list[block];
    let aside = source.marks.is_stripped(entry.first);
    let mut spans: Vec<Span> = Vec::new();
    let mut text = String::new();
    for id in entry.first..=entry.last {
        let (before, shown) = (text.len(), source.marks.is_stripped(id) == aside);
        match source.tree.own_text(id) {
            Some(piece) if shown => crate::page::text::push_folded(&mut text, piece),
            None if source.tree.tag(id) == Tag::Br => {
                let line = text.trim_end().len();
                text.truncate(line);
                text.push('\n');
                trim_last(&mut spans);
            }
            _ => continue,
        }
        let added = text.get(before.min(text.len())..).unwrap_or_default();
        if !added.is_empty() {
            push_span(&mut spans, style(source, id, entry.owner), added);
        }
    }
    spans
}

fn trim_last(spans: &mut [Span]) {
    if let Some(last) = spans.last_mut() {
        last.text.truncate(last.text.trim_end().len());
    }
}

fn push_span(spans: &mut Vec<Span>, mut style: Span, text: &str) {
    if let Some(last) = spans.last_mut() {
        style.text.clone_from(&last.text);
        if style == *last {
            last.text.push_str(text);
            return;
        }
    }
    text.clone_into(&mut style.text);
    spans.push(style);
}

/// The markup between a text node and its block.
fn style(source: &Source<'_, '_>, id: Id, owner: Id) -> Span {
    let mut span = Span::default();
    for above in source
        .tree
        .ancestors(id)
        .take_while(|&above| above != owner)
    {
        match source.tree.tag(above) {
            Tag::A if span.link.is_none() => span.link = link(source, above),
            Tag::B | Tag::Strong => span.strong = true,
            Tag::I | Tag::Em | Tag::Cite => span.emphasis = true,
            Tag::Code => span.code = true,
            _ => {}
        }
    }
    span
}

/// A link's absolute address, for web and mail links only.
fn link(source: &Source<'_, '_>, anchor: Id) -> Option<String> {
    let href = source.tree.attr(anchor, "href")?;
    let url = match source.base {
        Some(base) => base.join(href).ok()?,
        None => Url::parse(href).ok()?,
    };
    let shown = matches!(url.scheme(), "http" | "https" | "mailto");
    shown.then(|| url.to_string().replace('<', "%3C").replace('>', "%3E"))
}
