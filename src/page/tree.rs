//! The parsed page as dense arrays in document order. A node is an index, and its subtree is a range of
//! indexes, so that sums over containers, ancestors and descendants are walks over plain vectors. Each stage
//! stores its results in a vector of its own, by the same index.

use selectors::OpaqueElement;

use crate::page::Tag;
use crate::page::attr_names::AttrNames;
use crate::page::glue::needs_space;
use crate::page::text::{is_folded, push_spaced};

/// A node: its index in document order.
pub type Id = usize;

/// What a node is.
#[derive(Debug, Clone, Copy)]
pub enum Data<'a> {
    /// The document or the contents of a template.
    Root,
    /// Text, with character references resolved.
    Text(&'a str),
    /// An element, with its name in lower case.
    Element(&'a str),
}

/// Numbers are of 32 bits, so that the walks of all stages find more of them in the nearest caches.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry<'a> {
    pub parent: u32,
    pub end: u32,
    /// [`NO_CLASS`] where there is none.
    pub class: u32,
    /// Bytes of its own text without white space around it.
    pub bytes: u32,
    /// The attributes of an element: the first, and how many.
    pub first_attribute: u32,
    pub attributes: u16,
    pub tag: Tag,
    /// An element of HTML, not of a formula or a drawing.
    pub is_html: bool,
    /// The names of its attributes.
    pub names: AttrNames,
    pub data: Data<'a>,
}

/// A page's nodes in document order; node 0 is the document.
#[derive(Debug)]
pub struct Tree<'a> {
    pub(super) entries: Vec<Entry<'a>>,
    /// Names and values of the attributes; those of an element by name.
    pub(super) attributes: Vec<(&'a str, &'a str)>,
    /// The distinct values of `class`. A page repeats them often, so that each value is analysed only once.
    pub(super) classes: Vec<&'a str>,
    pub(super) clipped: &'a [String],
}

/// The class of elements without one.
pub(super) const NO_CLASS: u32 = u32::MAX;

impl<'a> Tree<'a> {
    /// Number of nodes; ids are less than this.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Always false, because the document itself is a node.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The node's parent; the document is its own.
    pub fn parent(&self, id: Id) -> Id {
        self.entries[id].parent as usize
    }

    /// The end of the subtree: one more than its last node.
    pub fn end(&self, id: Id) -> Id {
        self.entries[id].end as usize
    }

    /// The node's tag.
    pub fn tag(&self, id: Id) -> Tag {
        self.entries[id].tag
    }

    /// What the node is.
    pub fn data(&self, id: Id) -> Data<'a> {
        self.entries[id].data
    }

    /// The index of the node's `class` in [`Tree::classes`]; `None` where it has none.
    pub fn class(&self, id: Id) -> Option<usize> {
        let number = self.entries[id].class;
        (number != NO_CLASS).then_some(number as usize)
    }

    /// The distinct values of `class` on the page, in order of first occurrence.
    pub fn classes(&self) -> &[&'a str] {
        &self.classes
    }

    /// The classes that the page's own style sheets clip or move off the screen.
    pub fn clipped_classes(&self) -> &'a [String] {
        self.clipped
    }

    /// The name of an element, in lower case.
    pub fn name(&self, id: Id) -> Option<&'a str> {
        match self.entries[id].data {
            Data::Element(name) => Some(name),
            _ => None,
        }
    }

    /// True for an element of HTML, and not of a formula or a drawing.
    pub(super) fn is_html(&self, id: Id) -> bool {
        self.entries[id].is_html
    }

    /// What tells the node from all others while its tree lives.
    pub(super) fn opaque(&self, id: Id) -> OpaqueElement {
        OpaqueElement::new(&self.entries[id])
    }

    /// The node's own text, if it is a text node.
    pub fn own_text(&self, id: Id) -> Option<&'a str> {
        match self.entries[id].data {
            Data::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The bytes of the node's own text without white space around it; 0 for elements.
    pub fn text_bytes(&self, id: Id) -> usize {
        self.entries[id].bytes as usize
    }

    /// The value of an attribute.
    #[inline]
    pub fn attr(&self, id: Id, name: &str) -> Option<&'a str> {
        let entry = &self.entries[id];
        if !entry.names.may_hold(AttrNames::of(name)) {
            return None;
        }
        let mut attributes = self.attributes_of(entry).iter();
        attributes.find(|it| it.0 == name).map(|it| it.1)
    }

    fn attributes_of(&self, entry: &Entry<'a>) -> &[(&'a str, &'a str)] {
        let first = entry.first_attribute as usize;
        &self.attributes[first..first + usize::from(entry.attributes)]
    }

    /// The names of the node's attributes.
    pub(crate) fn attr_names(&self, id: Id) -> AttrNames {
        self.entries[id].names
    }

    /// The node's attributes by name; none for text.
    pub fn attrs(&self, id: Id) -> impl Iterator<Item = (&'a str, &'a str)> + '_ {
        self.attributes_of(&self.entries[id]).iter().copied()
    }

    /// The nodes below, in document order.
    pub fn descendants(&self, id: Id) -> impl Iterator<Item = Id> + use<'a> {
        id + 1..self.end(id)
    }

    /// The node's children, in order.
    pub fn children(&self, id: Id) -> impl Iterator<Item = Id> + '_ {
        let end = self.end(id);
        let mut next = id + 1;
        std::iter::from_fn(move || {
            let child = next;
            (child < end).then(|| {
                next = self.end(child);
                child
            })
        })
    }

    /// The node's ancestors from its parent up to the document.
    pub fn ancestors(&self, id: Id) -> impl Iterator<Item = Id> + '_ {
        let mut at = id;
        std::iter::from_fn(move || {
            (at != 0).then(|| {
                at = self.parent(at);
                at
            })
        })
    }

    /// True where `id` is `above` or in its subtree.
    pub fn is_within(&self, id: Id, above: Id) -> bool {
        above <= id && id < self.end(above)
    }

    /// Every element of that tag, in document order.
    pub fn elements(&self, tag: Tag) -> impl Iterator<Item = Id> + '_ {
        (0..self.len()).filter(move |&id| self.entries[id].tag == tag)
    }

    /// The text of a subtree with white space collapsed; blocks and line breaks become one space, and so do
    /// the seams of elements that style sheets separate.
    pub fn text(&self, id: Id) -> String {
        let mut text = String::new();
        let mut before: Option<Id> = None;
        for node in id..self.end(id) {
            match self.data(node) {
                Data::Text(piece) => {
                    if before.is_some_and(|before| needs_space(self, before, node)) {
                        text.push(' ');
                    }
                    text.push_str(piece);
                    before = Some(node);
                }
                _ if self.tag(node).is_block() || self.tag(node) == Tag::Br => text.push(' '),
                _ => {}
            }
        }
        fold_space(&text)
    }
}

/// `text` with every run of white space as one space, trimmed.
pub fn fold_space(text: &str) -> String {
    if is_folded(text) {
        return text.to_owned();
    }
    let mut folded = String::with_capacity(text.len());
    push_spaced(&mut folded, text);
    folded.truncate(folded.trim_end_matches(' ').len());
    folded
}

#[cfg(test)]
mod tests {
    use crate::limits::Limits;
    use crate::page::{Document, Input, Tag};

    fn document(html: &str) -> Document<'_> {
        Document::parse(&Input::new(html.as_bytes()), &Limits::DEFAULT)
    }

    #[test]
    fn nodes_are_in_document_order_with_their_subtrees_as_ranges() {
        let document = document("<div><p>a</p><p>b <b>c</b></p></div><i>d</i>");
        let tree = document.page().tree;
        let div = tree.elements(Tag::Div).next().unwrap();
        let paragraphs: Vec<_> = tree.children(div).collect();
        assert_eq!(paragraphs, tree.elements(Tag::P).collect::<Vec<_>>());
        assert_eq!(tree.text(paragraphs[1]), "b c");
        assert_eq!(tree.text(div), "a b c");
        let bold = tree.elements(Tag::B).next().unwrap();
        assert!(tree.is_within(bold, div));
        assert_eq!(tree.ancestors(bold).next(), Some(paragraphs[1]));
        assert_eq!(tree.ancestors(bold).last(), Some(0));
    }

    #[test]
    fn attributes_are_found_by_name() {
        let document = document("<a HREF='/x' data-a=b>x</a>");
        let tree = document.page().tree;
        let link = tree.elements(Tag::A).next().unwrap();
        assert_eq!(tree.attr(link, "href"), Some("/x"));
        assert_eq!(tree.attr(link, "title"), None);
    }

    #[test]
    fn equal_classes_have_one_number() {
        let document = document("<p class='a b'>1</p><p class=c>2</p><p class='a b'>3</p><p>4</p>");
        let tree = document.page().tree;
        let numbers: Vec<_> = tree.elements(Tag::P).map(|id| tree.class(id)).collect();
        assert_eq!(numbers, [Some(0), Some(1), Some(0), None]);
        assert_eq!(tree.classes(), ["a b", "c"]);
    }
}
