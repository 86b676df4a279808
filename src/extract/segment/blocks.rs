//! Segmentation: the page as blocks of text in document order. A block is what a reader sees as one
//! paragraph, heading, list item or table row: a run of inline content inside one block-level
//! element, also cut at two consecutive line breaks. Stripped text is cut out of the paragraph around
//! it and becomes a block of its own, so that its reason can be reported.

use std::ops::Range;

use crate::article::Role;
use crate::extract::segment::marks::Marks;
use crate::extract::segment::tables;
use crate::page::text::{push_break, push_folded};
use crate::page::{Id, Tag, Tree};

/// Nodes of a list item that are searched for paragraphs.
const ITEM_NODES: usize = 400;

/// A run of text.
#[derive(Debug, Clone)]
pub struct Block {
    /// The nearest block-level element around it.
    pub owner: Id,
    /// Its first text node.
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
}

impl Blocks {
    /// Cuts the page into at most `most` blocks.
    pub fn new(tree: &Tree<'_>, marks: &Marks, most: usize) -> Blocks {
        Segmenter::new(tree, marks).run(most)
    }

    /// The text of a block: white space folded, `<br>` as a line break.
    pub fn text(&self, block: usize) -> &str {
        &self.text[self.list[block].range.clone()]
    }
}

/// Why an element is on the stack, and so what happens at its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Open {
    Block,
    Row,
    Cell,
    Link,
    Strong,
    Emphasis,
    Stripped,
}

/// The text that is being collected.
#[derive(Debug, Default)]
struct Run {
    text: String,
    first: Option<Id>,
    last: Id,
    chars: usize,
    link_chars: usize,
    strong_chars: usize,
    emphasis_chars: usize,
    links: usize,
    last_link: Option<Id>,
    after_break: bool,
}

struct Segmenter<'t, 'a> {
    tree: &'t Tree<'a>,
    marks: &'t Marks,
    blocks: Blocks,
    stack: Vec<(Id, Open)>,
    /// The link that is open, and the number of open links.
    link: Option<Id>,
    links: usize,
    strong: usize,
    emphasis: usize,
    /// The end of the data table that is open, if there is one.
    data_table_end: Id,
    row: Option<Id>,
    /// The text of the element that is open.
    run: Run,
    /// Stripped text inside a paragraph that goes on.
    aside: Run,
}

impl<'t, 'a> Segmenter<'t, 'a> {
    fn new(tree: &'t Tree<'a>, marks: &'t Marks) -> Self {
        Segmenter {
            tree,
            marks,
            blocks: Blocks::default(),
            stack: Vec::new(),
            link: None,
            links: 0,
            strong: 0,
            emphasis: 0,
            data_table_end: 0,
            row: None,
            run: Run::default(),
            aside: Run::default(),
        }
    }

    fn run(mut self, most: usize) -> Blocks {
        let mut id = 0;
        while id < self.tree.len() {
            if self.blocks.list.len() >= most {
                self.blocks.truncated = true;
                return self.blocks;
            }
            self.close_before(id);
            id = self.visit(id);
        }
        self.close_before(usize::MAX);
        self.blocks
    }

    /// Visits one node; returns the next one to visit.
    fn visit(&mut self, id: Id) -> Id {
        let tag = self.tree.tag(id);
        match tag {
            Tag::Text => self.push_text(id),
            Tag::Br => self.push_line_break(),
            Tag::Head | Tag::Script | Tag::Style | Tag::Template | Tag::Svg | Tag::Rp | Tag::Rt => {
                return self.tree.end(id);
            }
            Tag::A => {
                self.links += 1;
                self.link = Some(id);
                self.stack.push((id, Open::Link));
            }
            Tag::B | Tag::Strong => {
                self.strong += 1;
                self.stack.push((id, Open::Strong));
            }
            Tag::I | Tag::Em => {
                self.emphasis += 1;
                self.stack.push((id, Open::Emphasis));
            }
            Tag::Tr if self.row.is_none() && id < self.data_table_end => {
                self.flush();
                self.row = Some(id);
                self.stack.push((id, Open::Row));
            }
            Tag::Td | Tag::Th if self.row.is_some() => self.stack.push((id, Open::Cell)),
            _ if tag.is_block() && self.row.is_some() => self.run.text.push(' '),
            _ if tag.is_block() => {
                if tag == Tag::Table && tables::holds_data(self.tree, id) {
                    self.data_table_end = self.tree.end(id);
                }
                self.flush();
                self.stack.push((id, Open::Block));
            }
            _ => {}
        }
        if !matches!(tag, Tag::Text) && !tag.is_block() && self.starts_stripping(id) {
            self.stack.push((id, Open::Stripped));
        }
        id + 1
    }

    fn starts_stripping(&self, id: Id) -> bool {
        self.marks.is_stripped(id) && !self.marks.is_stripped(self.tree.parent(id))
    }

    fn close_before(&mut self, id: Id) {
        while let Some(&(open, kind)) = self.stack.last() {
            if self.tree.end(open) > id {
                return;
            }
            match kind {
                Open::Block => self.flush(),
                Open::Row => {
                    self.flush();
                    self.row = None;
                }
                Open::Cell => self.run.text.push_str(" | "),
                Open::Link => self.links -= 1,
                Open::Strong => self.strong -= 1,
                Open::Emphasis => self.emphasis -= 1,
                Open::Stripped => self.flush_aside(),
            }
            self.stack.pop();
        }
    }

    fn push_text(&mut self, id: Id) {
        let Some(piece) = self.tree.own_text(id) else {
            return;
        };
        let owner = self.owner();
        let aside = self.marks.is_stripped(id) && !self.marks.is_stripped(owner);
        let run = if aside {
            &mut self.aside
        } else {
            &mut self.run
        };
        if run.first.is_some() && is_in_one_time(self.tree, run.last, id) {
            push_folded(&mut run.text, " ");
        }
        if self.tree.tag(owner) == Tag::Pre {
            run.text.push_str(piece);
        } else {
            push_folded(&mut run.text, piece);
        }
        let chars = piece.chars().filter(|c| !c.is_whitespace()).count();
        if chars == 0 {
            return;
        }
        run.after_break = false;
        run.first.get_or_insert(id);
        run.last = id;
        run.chars += chars;
        if self.strong > 0 {
            run.strong_chars += chars;
        }
        if self.emphasis > 0 {
            run.emphasis_chars += chars;
        }
        if self.links > 0 {
            run.link_chars += chars;
            if run.last_link != self.link {
                run.links += 1;
                run.last_link = self.link;
            }
        }
    }

    fn push_line_break(&mut self) {
        if self.row.is_some() {
            self.run.text.push(' ');
        } else if self.run.after_break {
            self.flush();
        } else {
            push_break(&mut self.run.text);
            self.run.after_break = true;
        }
    }

    fn owner(&self) -> Id {
        let block = |(_, kind): &&(Id, Open)| matches!(kind, Open::Block | Open::Row);
        self.stack.iter().rev().find(block).map_or(0, |(id, _)| *id)
    }

    fn flush(&mut self) {
        self.flush_aside();
        let run = std::mem::take(&mut self.run);
        self.push_block(&run);
    }

    fn flush_aside(&mut self) {
        let run = std::mem::take(&mut self.aside);
        self.push_block(&run);
    }

    fn push_block(&mut self, run: &Run) {
        let Some(first) = run.first else { return };
        let text = run
            .text
            .trim_matches(|c: char| c.is_whitespace() || (self.row.is_some() && c == '|'));
        let start = self.blocks.text.len();
        self.blocks.text.push_str(text);
        let owner = self.owner();
        let (role, level) = role_of(self.tree, owner);
        self.blocks.list.push(Block {
            owner,
            first,
            last: run.last,
            role,
            level,
            chars: run.chars,
            link_chars: run.link_chars,
            strong_chars: run.strong_chars,
            emphasis_chars: run.emphasis_chars,
            links: run.links,
            range: start..self.blocks.text.len(),
        });
    }
}

/// True for two parts of one `<time>`, which style sheets separate: `<span>2 hours ago</span>07:02`.
fn is_in_one_time(tree: &Tree<'_>, one: Id, other: Id) -> bool {
    let parent = tree.parent(other);
    let near = [parent, tree.parent(parent)];
    let time = near.into_iter().find(|&it| tree.tag(it) == Tag::Time);
    time.is_some_and(|it| tree.is_within(one, it))
}

/// A block's role and level, according to the elements around it; the nearest decides.
fn role_of(tree: &Tree<'_>, owner: Id) -> (Role, u8) {
    for id in std::iter::once(owner).chain(tree.ancestors(owner)) {
        let tag = tree.tag(id);
        if let Some(level) = tag.heading_level() {
            return (Role::Heading, level);
        }
        match tag {
            // An item of several paragraphs is a container.
            Tag::Li if holds_paragraphs(tree, id) => {}
            Tag::Li | Tag::Dt | Tag::Dd => return (Role::List, list_depth(tree, id)),
            Tag::Blockquote => return (Role::Quote, 0),
            Tag::Figcaption => return (Role::Caption, 0),
            Tag::Pre => return (Role::Code, 0),
            Tag::Tr if id == owner => return (Role::Table, 0),
            Tag::Article | Tag::Main | Tag::Section | Tag::Body | Tag::Table => break,
            _ => {}
        }
    }
    (Role::Paragraph, 0)
}

fn holds_paragraphs(tree: &Tree<'_>, item: Id) -> bool {
    let is_paragraph = |&id: &Id| tree.tag(id) == Tag::P;
    let near = tree.descendants(item).take(ITEM_NODES);
    near.filter(is_paragraph).nth(2).is_some()
}

fn list_depth(tree: &Tree<'_>, item: Id) -> u8 {
    let lists = tree
        .ancestors(item)
        .filter(|&id| matches!(tree.tag(id), Tag::Ul | Tag::Ol | Tag::Dl));
    u8::try_from(lists.count()).unwrap_or(u8::MAX)
}
