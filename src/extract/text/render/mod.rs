//! Kept blocks to Markdown and to plain semantic HTML, and the lists of their links and pictures. All of them
//! read one tree of the text (`outline`), whose words are those of the record's text. Addresses are made
//! absolute; nothing of the page's own markup is copied, so that nothing of it can run.

mod address;
mod align;
mod code;
mod credits;
mod emphasis;
mod escape;
mod frames;
mod html;
mod images;
mod inline;
mod lists;
mod markdown;
mod notes;
mod outline;
mod tables;

use url::Url;

use crate::article::{Image, Link};
use crate::extract::decide::body::Body;
use crate::extract::segment::blocks::Blocks;
use crate::extract::segment::marks::Marks;
use crate::extract::text::render::inline::Inline;
use crate::extract::text::render::notes::Notes;
use crate::extract::text::render::outline::{Node, Outline};
use crate::page::Tree;

pub use escape::{escape_html, escape_markdown, headline_as_markdown, text_as_markdown};

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
    /// Pictures stand in their places.
    pub images: bool,
}

/// The selected blocks as Markdown (CommonMark with GitHub's tables, strikethrough and footnotes).
pub fn markdown(source: &Source<'_, '_>, selected: &[usize]) -> String {
    let notes = Notes::find(source, selected);
    let nodes = Outline::build(source, selected, &notes);
    markdown::Markdown { notes: &notes }.nodes(&nodes, false)
}

/// The selected blocks as HTML.
pub fn html(source: &Source<'_, '_>, selected: &[usize]) -> String {
    let notes = Notes::find(source, selected);
    let nodes = Outline::build(source, selected, &notes);
    let mut out = String::new();
    html::Html { notes: &notes }.nodes(&nodes, &mut out);
    out
}

/// The pictures between the kept blocks and above them, in order.
pub fn images(source: &Source<'_, '_>) -> Vec<Image> {
    let pictures = images::pictures(source);
    pictures.into_iter().map(|it| it.image).collect()
}

/// The links in the selected blocks, in order.
pub fn links(source: &Source<'_, '_>, selected: &[usize]) -> Vec<Link> {
    let notes = Notes::find(source, selected);
    let mut links = Vec::new();
    links_of(&Outline::build(source, selected, &notes), &mut links);
    links
}

fn links_of(nodes: &[Node], links: &mut Vec<Link>) {
    for node in nodes {
        match node {
            Node::Heading(_, inlines) | Node::Paragraph(_, inlines) => push_links(inlines, links),
            Node::Code(..) | Node::Figure(_) => {}
            Node::Quote(nodes) | Node::Note(_, nodes) => links_of(nodes, links),
            Node::List(list) => list
                .items
                .iter()
                .for_each(|(_, nodes)| links_of(nodes, links)),
            Node::Definitions(parts) => parts.iter().for_each(|(_, nodes)| links_of(nodes, links)),
            Node::Table(table) => {
                push_links(&table.caption, links);
                let cells = table.rows.iter().flat_map(|row| &row.cells);
                cells.for_each(|cell| push_links(&cell.text, links));
            }
        }
    }
}

fn push_links(inlines: &[Inline], links: &mut Vec<Link>) {
    for inline in inlines {
        match inline {
            Inline::Styled(_, inner) => push_links(inner, links),
            Inline::Link(href, inner) => links.push(Link {
                href: href.clone(),
                text: inline::plain(inner),
            }),
            _ => {}
        }
    }
}
