//! Which inline elements are laid out as blocks, though their tag does not say so: by an inline style, by
//! the class names of the common style libraries, or because they stand like paragraphs, one after another,
//! each a sentence or more. And the reverse: a `<div>` that its style makes a part of the line.

use std::collections::HashMap;

use foldhash::fast::RandomState;

use crate::page::{Id, Tag, Tree};

/// Elements that stand like paragraphs have at least this many bytes of text each.
const PARAGRAPH_BYTES: usize = 40;
/// Children of one element that are compared.
const CHILDREN: usize = 400;
/// How far from an element's end its last text is looked for.
const TAIL: usize = 12;

/// Finds the boxes of a page.
pub(super) struct Boxes<'t, 'a> {
    tree: &'t Tree<'a>,
    /// Whether each value of `class` says that its element is a block.
    classes: Vec<bool>,
    /// Whether the children of an element stand like paragraphs.
    paragraphs: HashMap<Id, bool, RandomState>,
}

impl<'t, 'a> Boxes<'t, 'a> {
    pub(super) fn new(tree: &'t Tree<'a>) -> Self {
        let is_block = |class: &&str| {
            let mut names = class.split_ascii_whitespace();
            names.any(|name| matches!(name, "block" | "d-block" | "u-block" | "display-block"))
        };
        Boxes {
            tree,
            classes: tree.classes().iter().map(is_block).collect(),
            paragraphs: HashMap::default(),
        }
    }

    /// True for an inline element that begins a line of its own.
    pub(super) fn is_box(&mut self, id: Id) -> bool {
        let tag = self.tree.tag(id);
        if !matches!(
            tag,
            Tag::Span
                | Tag::A
                | Tag::Other
                | Tag::B
                | Tag::Strong
                | Tag::Em
                | Tag::I
                | Tag::Font
                | Tag::Time
                | Tag::Small
                | Tag::Cite
        ) {
            return false;
        }
        match self.display(id) {
            Some(display) => display == Display::Block,
            None => {
                let by_class = self.tree.class(id).is_some_and(|class| self.classes[class]);
                by_class && !self.is_mid_sentence(id)
                    || matches!(tag, Tag::Span | Tag::Other | Tag::Font)
                        && self.stands_like_paragraph(id)
            }
        }
    }

    /// True where a sentence goes on before or after an element: then the name of its class means something
    /// else.
    fn is_mid_sentence(&self, id: Id) -> bool {
        let tree = self.tree;
        let text = |at: Id| tree.own_text(at).map(str::trim).filter(|it| !it.is_empty());
        let parent = tree.parent(id);
        let before = id.checked_sub(1).filter(|&at| tree.parent(at) == parent);
        let after = Some(tree.end(id)).filter(|&at| at < tree.end(parent));
        let (before, after) = (before.and_then(text), after.and_then(text));
        before.is_some_and(|before| !ends_sentence(before))
            || after.is_some_and(|after| !after.starts_with(char::is_uppercase))
    }

    /// True for a `<div>` that its style makes a part of the line, and that holds no blocks.
    pub(super) fn is_in_line(&self, id: Id) -> bool {
        let tree = self.tree;
        matches!(tree.tag(id), Tag::Div | Tag::P | Tag::Section)
            && self.display(id) == Some(Display::Inline)
            && tree
                .descendants(id)
                .take(CHILDREN)
                .all(|below| !tree.tag(below).is_block())
    }

    /// True for an element in which a box is a block; in a paragraph or a list item it is a line.
    pub(super) fn holds_boxes(&self, owner: Id) -> bool {
        let tag = self.tree.tag(owner);
        !matches!(
            tag,
            Tag::P
                | Tag::Li
                | Tag::Dt
                | Tag::Dd
                | Tag::Pre
                | Tag::Figcaption
                | Tag::Summary
                | Tag::Tr
        ) && tag.heading_level().is_none()
    }

    fn display(&self, id: Id) -> Option<Display> {
        let style = self.tree.attr(id, "style")?;
        let mut declarations = style.split(';').filter_map(|it| it.split_once(':'));
        let (_, value) =
            declarations.find(|(name, _)| name.trim().eq_ignore_ascii_case("display"))?;
        let value = value.trim().trim_end_matches("!important").trim_end();
        match value.to_ascii_lowercase().as_str() {
            "block" | "flex" | "grid" | "table" | "list-item" | "flow-root" | "table-row"
            | "table-cell" | "table-caption" => Some(Display::Block),
            "inline" => Some(Display::Inline),
            _ => None,
        }
    }

    fn stands_like_paragraph(&mut self, id: Id) -> bool {
        let parent = self.tree.parent(id);
        if !self.holds_boxes(parent)
            || !self.tree.tag(parent).is_block() && self.tree.tag(parent) != Tag::Other
        {
            return false;
        }
        if let Some(&known) = self.paragraphs.get(&parent) {
            return known;
        }
        let found = self.are_paragraphs(parent);
        self.paragraphs.insert(parent, found);
        found
    }

    /// True where an element holds nothing but elements of one name that are a sentence or more each. `<span>`s
    /// with space between them are sentences of one paragraph.
    fn are_paragraphs(&self, parent: Id) -> bool {
        let (mut name, mut count) = (None, 0);
        for child in self.tree.children(parent).take(CHILDREN) {
            if let Some(text) = self.tree.own_text(child) {
                if self.tree.text_bytes(child) > 0 || name == Some("span") && !text.contains('\n') {
                    return false;
                }
                continue;
            }
            let own = self.tree.name(child);
            if self.tree.tag(child) == Tag::Br {
                return false;
            }
            if name.is_some() && name != own || !self.is_sentence(child) {
                return false;
            }
            if !own.is_some_and(|own| own == "span" || own == "font" || own.contains('-')) {
                return false;
            }
            name = own;
            count += 1;
        }
        count > 1
    }

    fn is_sentence(&self, id: Id) -> bool {
        let tree = self.tree;
        let mut bytes = 0;
        let is_long = tree.descendants(id).take(CHILDREN).any(|it| {
            bytes += tree.text_bytes(it);
            bytes >= PARAGRAPH_BYTES
        });
        let mut tail = (id + 1..tree.end(id)).rev().take(TAIL);
        let last = tail.find_map(|it| tree.own_text(it).filter(|_| tree.text_bytes(it) > 0));
        is_long && last.is_some_and(ends_sentence)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Display {
    Block,
    Inline,
}

fn ends_sentence(text: &str) -> bool {
    text.trim_end_matches(|c: char| {
        c.is_whitespace() || matches!(c, '"' | '”' | '“' | '»' | '’' | '\'' | ')' | ']' | '」')
    })
    .ends_with(['.', '!', '?', '。', '！', '？', '…', '؟', '।', ':', '：'])
}
