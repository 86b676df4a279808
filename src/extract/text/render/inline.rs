//! The text of a block with the inline markup around it: emphasis, links, code, references to notes. The words
//! are those of the block, whatever the page's nodes hold: each text node is looked up in the block's text in
//! turn, and what no node accounts for is text without markup.

use crate::extract::text::render::Source;
use crate::extract::text::render::address;
use crate::extract::text::render::align::align;
use crate::extract::text::render::notes::Notes;
use crate::page::{Id, Tag, Tree};

/// An inline element around more blocks than this was never closed, or is layout.
const MOST_BLOCKS: usize = 3;
/// A piece of text with its markup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Inline {
    /// Words.
    Text(String),
    /// A line break.
    Break,
    /// Code.
    Code(String),
    /// Text in a style.
    Styled(Style, Vec<Inline>),
    /// A link with its address.
    Link(String, Vec<Inline>),
    /// A reference to the note of that number in [`Notes`].
    Note(usize),
}

/// A style of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// Bold.
    Strong,
    /// Italics.
    Emphasis,
    /// Struck through.
    Strike,
    /// Above the line.
    Sup,
    /// Below the line.
    Sub,
}

/// An element around a text node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wrap {
    Style(Style),
    Code,
    /// The anchor.
    Link(Id),
    Note(usize),
}

/// A stretch of the block's text, and the elements around it from the outermost in.
#[derive(Debug)]
struct Piece<'t> {
    text: &'t str,
    wraps: Vec<Wrap>,
}

/// What the pieces of a block are read from.
#[derive(Clone, Copy)]
pub(super) struct Reader<'s, 'p, 'a> {
    pub(super) source: &'s Source<'p, 'a>,
    pub(super) notes: &'s Notes,
}

impl Reader<'_, '_, '_> {
    /// A block's text with its markup.
    pub(super) fn block(&self, block: usize) -> Vec<Inline> {
        let entry = &self.source.blocks.list[block];
        let text = self.source.blocks.text(block);
        let found = align(self.source.tree, self.source.blocks.nodes(block), text);
        let outer = self.outer_wraps(entry.owner);
        let places = found.map(|it| it.places).unwrap_or_default();
        self.inlines(text, &places, entry.owner, &outer)
    }

    /// The cells of a table's row, each with its text; `None` where the row's text is not that of its cells.
    pub(super) fn cells(&self, block: usize, cells: &[Id]) -> Option<Vec<Vec<Inline>>> {
        let tree = self.source.tree;
        let text = self.source.blocks.text(block);
        let found =
            align(tree, self.source.blocks.nodes(block), text).filter(|found| found.is_whole)?;
        let of_cell = |&cell: &Id| {
            let places = found.places.iter();
            let mut inlines: Vec<Inline> = Vec::new();
            let mut line: Vec<(Id, usize, usize)> = Vec::new();
            for &place in places.filter(|(id, ..)| tree.is_within(*id, cell)) {
                if line
                    .last()
                    .is_some_and(|last| breaks(tree, last.0, place.0))
                {
                    self.push_line(text, &std::mem::take(&mut line), cell, &mut inlines);
                    inlines.push(Inline::Break);
                }
                line.push(place);
            }
            self.push_line(text, &line, cell, &mut inlines);
            inlines
        };
        Some(cells.iter().map(of_cell).collect())
    }

    fn push_line(
        &self,
        text: &str,
        places: &[(Id, usize, usize)],
        cell: Id,
        inlines: &mut Vec<Inline>,
    ) {
        let (Some(first), Some(last)) = (places.first(), places.last()) else {
            return;
        };
        let moved: Vec<_> = places
            .iter()
            .map(|&(id, start, end)| (id, start - first.1, end - first.1))
            .collect();
        inlines.extend(self.inlines(&text[first.1..last.2], &moved, cell, &[]));
    }

    /// `text` as inline elements; `places` are the text nodes in it with their starts and ends.
    fn inlines(
        &self,
        text: &str,
        places: &[(Id, usize, usize)],
        owner: Id,
        outer: &[Wrap],
    ) -> Vec<Inline> {
        let mut pieces: Vec<Piece<'_>> = Vec::new();
        let mut at = 0;
        for &(id, start, end) in places {
            let wraps = self.wraps(id, owner, outer);
            if at < start {
                let shared = pieces.last().map_or(outer.len(), |last| {
                    let both = last.wraps.iter().zip(&wraps);
                    both.take_while(|(one, other)| one == other).count()
                });
                pieces.push(Piece {
                    text: &text[at..start],
                    wraps: wraps[..shared.min(wraps.len())].to_vec(),
                });
            }
            pieces.push(Piece {
                text: &text[start..end],
                wraps,
            });
            at = end;
        }
        if at < text.len() {
            pieces.push(Piece {
                text: &text[at..],
                wraps: outer.to_vec(),
            });
        }
        self.nested(&pieces, 0)
    }

    /// The pieces as a tree: neighbours below the same element go into one.
    fn nested(&self, pieces: &[Piece<'_>], depth: usize) -> Vec<Inline> {
        let mut inlines = Vec::new();
        let wrap_at = |piece: &Piece<'_>| piece.wraps.get(depth).copied();
        for group in pieces.chunk_by(|one, other| wrap_at(one) == wrap_at(other)) {
            let plain = || group.iter().map(|it| it.text).collect::<String>();
            match wrap_at(&group[0]) {
                None => group.iter().for_each(|it| push_text(it.text, &mut inlines)),
                Some(Wrap::Code) => inlines.push(Inline::Code(plain().replace('\n', " "))),
                Some(Wrap::Note(note)) => inlines.push(Inline::Note(note)),
                Some(Wrap::Style(style)) => {
                    inlines.push(Inline::Styled(style, self.nested(group, depth + 1)));
                }
                Some(Wrap::Link(anchor)) => {
                    let inner = self.nested(group, depth + 1);
                    match address::link(self.source, anchor) {
                        Some(href) => inlines.push(Inline::Link(href, inner)),
                        None => inlines.extend(inner),
                    }
                }
            }
        }
        inlines
    }

    /// The elements between a text node and its block, after those around the block.
    fn wraps(&self, id: Id, owner: Id, outer: &[Wrap]) -> Vec<Wrap> {
        let tree = self.source.tree;
        let mut inner: Vec<Wrap> = Vec::new();
        for above in tree.ancestors(id).take_while(|&above| above != owner) {
            if let Some(note) = self.notes.note_of(above) {
                return vec![Wrap::Note(note)];
            }
            if let Some(wrap) = self.wrap(above) {
                inner.push(wrap);
            }
        }
        let mut wraps: Vec<Wrap> = outer.to_vec();
        for wrap in inner.into_iter().rev() {
            let is_link = matches!(wrap, Wrap::Link(_));
            let is_known = wraps.contains(&wrap)
                || is_link && wraps.iter().any(|it| matches!(it, Wrap::Link(_)));
            if !is_known {
                wraps.push(wrap);
            }
        }
        // Code holds nothing else.
        if let Some(at) = wraps.iter().position(|it| *it == Wrap::Code) {
            wraps.remove(at);
            wraps.push(Wrap::Code);
        }
        wraps
    }

    /// What an element does to the text in it: nothing, where most of the page is set so.
    fn wrap(&self, id: Id) -> Option<Wrap> {
        let (tree, blocks) = (self.source.tree, self.source.blocks);
        wrap(tree, id).filter(|_| blocks.shows(tree, id))
    }

    /// Inline elements around a block, and few others.
    fn outer_wraps(&self, owner: Id) -> Vec<Wrap> {
        let (tree, blocks) = (self.source.tree, &self.source.blocks.list);
        let holds_few = |id: Id| {
            let before = |end: Id| blocks.partition_point(|it| it.first < end);
            before(tree.end(id)).saturating_sub(before(id)) <= MOST_BLOCKS
        };
        let mut wraps: Vec<Wrap> = Vec::new();
        for above in tree.ancestors(owner) {
            if !tree.tag(above).is_block()
                && let Some(wrap) = self.wrap(above)
                && !matches!(wrap, Wrap::Code)
            {
                if !holds_few(above) {
                    break;
                }
                let is_link = matches!(wrap, Wrap::Link(_));
                let is_known = wraps.contains(&wrap)
                    || is_link && wraps.iter().any(|it| matches!(it, Wrap::Link(_)));
                if !is_known {
                    wraps.push(wrap);
                }
            }
        }
        wraps.reverse();
        wraps
    }
}

/// What an element does to the text in it.
fn wrap(tree: &Tree<'_>, id: Id) -> Option<Wrap> {
    Some(match tree.tag(id) {
        Tag::A => Wrap::Link(id),
        Tag::B | Tag::Strong => Wrap::Style(Style::Strong),
        Tag::I | Tag::Em | Tag::Cite => Wrap::Style(Style::Emphasis),
        Tag::S | Tag::Del => Wrap::Style(Style::Strike),
        Tag::Sup => Wrap::Style(Style::Sup),
        Tag::Sub => Wrap::Style(Style::Sub),
        Tag::Code => Wrap::Code,
        Tag::Other => match tree.name(id)? {
            "kbd" | "samp" | "tt" => Wrap::Code,
            "dfn" | "var" => Wrap::Style(Style::Emphasis),
            "strike" => Wrap::Style(Style::Strike),
            _ => return None,
        },
        _ => return None,
    })
}

fn push_text(text: &str, inlines: &mut Vec<Inline>) {
    for (at, line) in text.split('\n').enumerate() {
        if at > 0 {
            inlines.push(Inline::Break);
        }
        if line.is_empty() {
            continue;
        }
        match inlines.last_mut() {
            Some(Inline::Text(last)) => last.push_str(line),
            _ => inlines.push(Inline::Text(line.to_owned())),
        }
    }
}

/// True where a new line begins between two text nodes of a cell.
fn breaks(tree: &Tree<'_>, one: Id, other: Id) -> bool {
    (one + 1..other).any(|id| tree.tag(id) == Tag::Br || tree.tag(id).is_block())
}

/// The words of inline elements, without markup.
pub(super) fn plain(inlines: &[Inline]) -> String {
    let mut text = String::new();
    push_plain(inlines, &mut text);
    text
}

fn push_plain(inlines: &[Inline], text: &mut String) {
    for inline in inlines {
        match inline {
            Inline::Text(words) | Inline::Code(words) => text.push_str(words),
            Inline::Break => text.push(' '),
            Inline::Styled(_, inner) | Inline::Link(_, inner) => push_plain(inner, text),
            Inline::Note(_) => {}
        }
    }
}

/// The inline elements without a style, where the place has it already.
pub(super) fn without(style: Style, inlines: Vec<Inline>) -> Vec<Inline> {
    let mut out = Vec::with_capacity(inlines.len());
    for inline in inlines {
        match inline {
            Inline::Styled(own, inner) if own == style => out.extend(without(style, inner)),
            Inline::Styled(own, inner) => out.push(Inline::Styled(own, without(style, inner))),
            Inline::Link(href, inner) => out.push(Inline::Link(href, without(style, inner))),
            other => out.push(other),
        }
    }
    out
}
