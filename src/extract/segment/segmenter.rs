//! Segmentation: one walk over the page that cuts it into blocks. A block is a run of inline content inside
//! one block-level element, also cut at two consecutive line breaks. What of a run is no part of its
//! sentences becomes a block of its own ([`lines`]), so that its reason can be reported.

use crate::extract::rules::Rules;
use crate::extract::segment::blocks::{Blocks, Place};
use crate::extract::segment::boxes::Boxes;
use crate::extract::segment::lines::{self, Item, ItemKind};
use crate::extract::segment::marks::Marks;
use crate::extract::segment::roles::Roles;
use crate::extract::segment::{tables, wrappers};
use crate::page::{Id, Tag, Tree};

/// Why an element is on the stack, and so what happens at its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Open {
    Block,
    /// An inline element that is laid out as a line of its own.
    Line,
    Row,
    Cell,
    Link,
    Strong,
    Emphasis,
    /// An inline element that a rule marks, and one that is no part of the text.
    Marked,
    Gone,
}

/// Cuts a page into blocks.
pub(super) struct Segmenter<'t, 'a> {
    tree: &'t Tree<'a>,
    rules: &'t Rules,
    marks: &'t Marks,
    blocks: Blocks,
    roles: Roles<'t, 'a>,
    boxes: Boxes<'t, 'a>,
    stack: Vec<(Id, Open)>,
    /// The link that is open, and the number of open links.
    link: Option<Id>,
    links: usize,
    strong: usize,
    emphasis: usize,
    /// The inline elements that are open and that a rule marks, or that are no part of the text.
    marked: Option<Id>,
    gone: Option<Id>,
    /// The end of the data table that is open, if there is one.
    data_table_end: Id,
    row: Option<Id>,
    /// The text of the element that is open, and whether it is more than white space.
    run: Vec<Item>,
    has_text: bool,
    after_break: bool,
}

impl<'t, 'a> Segmenter<'t, 'a> {
    pub(super) fn new(tree: &'t Tree<'a>, rules: &'t Rules, marks: &'t Marks) -> Self {
        let blocks = Blocks::with(wrappers::links_around_prose(tree));
        Segmenter {
            tree,
            rules,
            marks,
            blocks,
            roles: Roles::new(tree),
            boxes: Boxes::new(tree),
            stack: Vec::new(),
            link: None,
            links: 0,
            strong: 0,
            emphasis: 0,
            marked: None,
            gone: None,
            data_table_end: 0,
            row: None,
            run: Vec::new(),
            has_text: false,
            after_break: false,
        }
    }

    pub(super) fn run(mut self, most: usize) -> Blocks {
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
            Tag::Text => {
                self.push_text(id);
                return id + 1;
            }
            _ if is_skipped(tag) || self.is_control(id, tag) => return self.tree.end(id),
            Tag::Br => self.push_line_break(id),
            Tag::Tr if self.row.is_none() && id < self.data_table_end => {
                self.flush();
                self.row = Some(id);
                self.stack.push((id, Open::Row));
            }
            Tag::Td | Tag::Th if self.row.is_some() => self.stack.push((id, Open::Cell)),
            _ if tag.is_block() && self.row.is_some() => self.push_item(id, ItemKind::Gap),
            _ if tag.is_block() && !self.boxes.is_in_line(id) => self.open_block(id, tag),
            _ => self.open_inline(id, tag),
        }
        id + 1
    }

    /// A list of choices and a field say nothing in the middle of a sentence.
    fn is_control(&self, id: Id, tag: Tag) -> bool {
        matches!(tag, Tag::Select | Tag::Textarea) && self.marks.is_stripped(id)
    }

    fn open_block(&mut self, id: Id, tag: Tag) {
        if tag == Tag::Table && tables::holds_data(self.tree, id) {
            self.data_table_end = self.tree.end(id);
        }
        self.flush();
        self.stack.push((id, Open::Block));
    }

    fn open_inline(&mut self, id: Id, tag: Tag) {
        if self.row.is_none() && self.boxes.is_box(id) {
            if self.boxes.holds_boxes(self.owner()) {
                self.flush();
                self.stack.push((id, Open::Block));
            } else {
                self.end_line(id);
                self.stack.push((id, Open::Line));
            }
        }
        match tag {
            Tag::A if self.tree.attr(id, "href").is_some() && self.blocks.shows(self.tree, id) => {
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
            _ => {}
        }
        if !self.marks.is_stripped(id) {
            return;
        }
        let above = self.tree.parent(id);
        let is_gone = |id| self.marks.is_gone(id, self.rules);
        if self.gone.is_none() && is_gone(id) && !is_gone(above) {
            self.gone = Some(id);
            self.stack.push((id, Open::Gone));
        } else if !self.marks.is_stripped(above) {
            self.marked = Some(id);
            self.stack.push((id, Open::Marked));
        }
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
                Open::Line => self.end_line(open),
                Open::Cell => self.push_item(open, ItemKind::Cell),
                Open::Link => self.links -= 1,
                Open::Strong => self.strong -= 1,
                Open::Emphasis => self.emphasis -= 1,
                Open::Marked => self.marked = None,
                Open::Gone => self.gone = None,
            }
            self.stack.pop();
        }
    }

    fn push_text(&mut self, id: Id) {
        if self.tree.text_bytes(id) > 0 {
            (self.has_text, self.after_break) = (true, false);
        }
        self.push_item(id, ItemKind::Text);
    }

    fn push_item(&mut self, node: Id, kind: ItemKind) {
        self.run.push(Item {
            node,
            kind,
            link: self.link.filter(|_| self.links > 0),
            strong: self.strong > 0,
            emphasis: self.emphasis > 0,
            marked: self.marked,
            gone: self.gone,
            after_gap: false,
        });
    }

    fn push_line_break(&mut self, id: Id) {
        if self.row.is_some() {
            self.push_item(id, ItemKind::Gap);
        } else if self.after_break {
            self.flush();
        } else {
            self.push_item(id, ItemKind::Break);
            self.after_break = true;
        }
    }

    /// Begins a new line where there is text on this one: in a heading a space does.
    fn end_line(&mut self, id: Id) {
        let is_heading = self.tree.tag(self.owner()).heading_level().is_some();
        let kind = if is_heading {
            ItemKind::Gap
        } else {
            ItemKind::Break
        };
        self.push_item(id, kind);
    }

    fn owner(&self) -> Id {
        let block = |(_, kind): &&(Id, Open)| matches!(kind, Open::Block | Open::Row);
        self.stack.iter().rev().find(block).map_or(0, |(id, _)| *id)
    }

    /// Makes blocks of what was collected. Between most elements that is white space.
    fn flush(&mut self) {
        self.after_break = false;
        if std::mem::take(&mut self.has_text) {
            self.push_blocks();
        }
        self.run.clear();
    }

    fn push_blocks(&mut self) {
        let place = Place {
            owner: self.owner(),
            is_row: self.row.is_some(),
        };
        if !lines::has_marks(&self.run) {
            self.blocks.push(&mut self.roles, place, &self.run);
            return;
        }
        let line = lines::Line {
            tree: self.tree,
            rules: self.rules,
            marks: self.marks,
            owner: place.owner,
            is_row: place.is_row,
        };
        for part in line.parts(&self.run) {
            self.blocks.push(&mut self.roles, place, &part);
        }
    }
}

/// True for elements whose text is never part of a block.
fn is_skipped(tag: Tag) -> bool {
    matches!(
        tag,
        Tag::Head
            | Tag::Script
            | Tag::Style
            | Tag::Template
            | Tag::Svg
            | Tag::Rp
            | Tag::Rt
            | Tag::Title
    )
}
