//! The page as blocks of text in document order. A block is what a reader sees as one paragraph, heading, list
//! item or table row.

use std::collections::HashSet;
use std::ops::Range;

use crate::article::Role;
use crate::extract::rules::Rules;
use crate::extract::segment::lines::{self, Item, ItemKind};
use crate::extract::segment::marks::Marks;
use crate::extract::segment::roles::Roles;
use crate::extract::segment::segmenter::Segmenter;
use crate::extract::segment::wrappers;
use crate::page::glue::needs_space;
use crate::page::text::{push_break, push_folded, push_preformatted, solid_chars};
use crate::page::{Id, Tag, Tree};

/// A run of text.
#[derive(Debug, Clone)]
pub struct Block {
    /// The nearest block-level element around it.
    pub owner: Id,
    /// Its first text node that no rule marks by itself: what marks it, marks the block.
    pub first: Id,
    /// Its last text node.
    pub last: Id,
    /// Its role according to the markup.
    pub role: Role,
    /// A heading's level, a list item's depth; 0 elsewhere.
    pub level: u8,
    /// Characters other than white space.
    pub chars: usize,
    /// Those of them inside links.
    pub link_chars: usize,
    /// Those of them in bold type.
    pub strong_chars: usize,
    /// Those of them in italics.
    pub emphasis_chars: usize,
    /// The number of links it overlaps.
    pub links: usize,
    /// Its range in the text of all blocks.
    range: Range<usize>,
    /// Its range in the text nodes of all blocks.
    nodes: Range<usize>,
}

/// How a text node follows the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Join {
    /// As the source says.
    Plain,
    /// After a space that only style sheets show.
    Spaced,
    /// Something was left out between the two: no space remains before a full stop or a comma.
    Closed,
}

/// Appends a text node of a block to the text of those before it.
fn push_joined(text: &mut String, own: &str, join: Join) {
    let closes = join == Join::Closed && own.trim_start().starts_with(closes_up);
    if closes {
        text.truncate(text.trim_end_matches(' ').len());
    }
    if join == Join::Spaced {
        push_folded(text, " ");
    }
    push_folded(text, if closes { own.trim_start() } else { own });
}

/// True for marks that no space precedes.
fn closes_up(c: char) -> bool {
    matches!(c, '.' | ',' | ';' | ')' | ']' | '”' | '’' | '…')
}

impl Block {
    /// The share of the block's characters that are links.
    pub fn link_density(&self) -> f64 {
        self.link_chars as f64 / self.chars.max(1) as f64
    }

    /// True for a block that is mostly links; how many are too many depends on its role.
    pub fn is_links(&self) -> bool {
        let most = match self.role {
            Role::Heading => 0.95,
            Role::Quote | Role::Code | Role::Table => 0.9,
            _ => 0.75,
        };
        self.link_density() > most
    }
}

/// The blocks of a page, and their text in one string.
#[derive(Debug, Default)]
pub struct Blocks {
    /// In document order.
    pub list: Vec<Block>,
    /// The page has more blocks than allowed; the rest is left out.
    pub truncated: bool,
    text: String,
    /// The text of a block while it is read.
    buffer: String,
    nodes: Vec<Id>,
    /// Links around so much text that they are none.
    no_links: HashSet<Id>,
    /// Most of the page is in bold type or in italics, as where a tag was never closed.
    pub(super) all_strong: bool,
    pub(super) all_emphasis: bool,
}

impl Blocks {
    /// Cuts the page into at most `most` blocks.
    pub fn new(tree: &Tree<'_>, rules: &Rules, marks: &Marks, most: usize) -> Blocks {
        let mut blocks = Segmenter::new(tree, rules, marks).run(most);
        wrappers::drop_type_of_most(&mut blocks);
        blocks
    }

    /// No blocks yet; these links are none.
    pub(super) fn with(no_links: HashSet<Id>) -> Blocks {
        Blocks {
            no_links,
            ..Blocks::default()
        }
    }

    /// The text of a block: white space folded, `<br>` as a line break.
    pub fn text(&self, block: usize) -> &str {
        &self.text[self.list[block].range.clone()]
    }

    /// The text nodes that a block consists of. A node is in one block at most.
    pub fn nodes(&self, block: usize) -> &[Id] {
        &self.nodes[self.list[block].nodes.clone()]
    }

    /// False for links, bold type and italics that mean nothing because most of the page is in them.
    pub fn shows(&self, tree: &Tree<'_>, id: Id) -> bool {
        match tree.tag(id) {
            Tag::A => !self.no_links.contains(&id),
            Tag::B | Tag::Strong => !self.all_strong,
            Tag::I | Tag::Em => !self.all_emphasis,
            _ => true,
        }
    }

    /// Adds a block of these items, if they hold text.
    pub(super) fn push(&mut self, roles: &mut Roles<'_, '_>, place: Place, items: &[Item]) {
        let tree = roles.tree;
        let mut counts = Counts {
            is_labels: lines::is_labels(tree, items),
            ..Counts::default()
        };
        let first_node = self.nodes.len();
        self.read(tree, place, items, &mut counts);
        let Some(first) = counts.first else {
            self.nodes.truncate(first_node);
            return;
        };
        let Place { owner, is_row } = place;
        let text = self.buffer.as_str();
        let text = text.trim_matches(|c: char| c.is_whitespace() || (is_row && c == '|'));
        let start = self.text.len();
        self.text.push_str(text);
        let (role, level) = roles.of(owner, first, counts.chars);
        self.list.push(Block {
            owner,
            first,
            last: counts.last,
            role,
            level,
            chars: counts.chars,
            link_chars: counts.link_chars,
            strong_chars: counts.strong_chars,
            emphasis_chars: counts.emphasis_chars,
            links: counts.links,
            range: start..self.text.len(),
            nodes: first_node..self.nodes.len(),
        });
    }

    /// Reads the text of these items into the buffer; their nodes are added to those of all blocks.
    fn read(&mut self, tree: &Tree<'_>, place: Place, items: &[Item], counts: &mut Counts) {
        let is_pre = tree.tag(place.owner) == Tag::Pre;
        let text = &mut self.buffer;
        text.clear();
        for item in items {
            let own = tree.own_text(item.node).unwrap_or_default();
            match item.kind {
                ItemKind::Gap => push_folded(text, " "),
                ItemKind::Cell => text.push_str(" | "),
                ItemKind::Break => push_break(text),
                ItemKind::Text => {
                    if is_pre {
                        push_preformatted(text, own);
                    } else {
                        push_joined(text, own, join(tree, counts, item));
                    }
                    self.nodes.push(item.node);
                    counts.add(item, own);
                }
            }
        }
    }
}

/// Where a run of text is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    /// The block-level element around it.
    pub(super) owner: Id,
    /// It is a row of a table.
    pub(super) is_row: bool,
}

/// How an item follows those that are counted.
fn join(tree: &Tree<'_>, counts: &Counts, item: &Item) -> Join {
    let before = counts.node;
    if before.is_some_and(|before| needs_space(tree, before, item.node)) {
        Join::Spaced
    } else if item.after_gap {
        Join::Closed
    } else {
        Join::Plain
    }
}

/// What a block's characters are counted into.
#[derive(Debug, Default)]
struct Counts {
    first: Option<Id>,
    /// The first text is not one whose mark is the block's.
    is_provisional: bool,
    /// The block is a line of labels: the first marked text marks it.
    is_labels: bool,
    last: Id,
    /// The text node before, blank ones too.
    node: Option<Id>,
    chars: usize,
    link_chars: usize,
    strong_chars: usize,
    emphasis_chars: usize,
    links: usize,
    last_link: Option<Id>,
}

impl Counts {
    fn add(&mut self, item: &Item, own: &str) {
        self.node = Some(item.node);
        let chars = solid_chars(own);
        if chars == 0 {
            return;
        }
        let is_provisional = item.gone.is_some() || item.marked.is_some() != self.is_labels;
        if self.first.is_none() || self.is_provisional && !is_provisional {
            self.first = Some(item.node);
            self.is_provisional = is_provisional;
        }
        self.last = item.node;
        self.chars += chars;
        self.strong_chars += if item.strong { chars } else { 0 };
        self.emphasis_chars += if item.emphasis { chars } else { 0 };
        if item.link.is_some() {
            self.link_chars += chars;
            if self.last_link != item.link {
                self.links += 1;
                self.last_link = item.link;
            }
        }
    }
}
