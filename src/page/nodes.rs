//! A page's nodes while the tree is built: linked by numbers, in the order in which they were made.

use html5ever::{LocalName, Namespace};

use crate::page::attributes::List;
use crate::page::source::{Source, Span};

/// A node's number.
pub type NodeId = u32;

/// The number of no node.
pub const NO_NODE: NodeId = u32::MAX;
/// The number of the document.
pub const DOCUMENT: NodeId = 0;

/// An element's name.
#[derive(Debug, Clone)]
pub struct Name {
    pub space: Namespace,
    pub local: LocalName,
}

/// What a node is.
#[derive(Debug)]
pub enum Kind {
    /// The document or the contents of a template.
    Root,
    /// A text.
    Text(Span),
    /// An element with the number of its attributes.
    Element(Name, List),
    /// What no stage reads: comments, document types.
    Other,
}

/// A node and its neighbours; each may be [`NO_NODE`].
#[derive(Debug)]
pub struct Node {
    pub parent: NodeId,
    pub first: NodeId,
    pub last: NodeId,
    pub previous: NodeId,
    pub next: NodeId,
    pub kind: Kind,
}

/// All nodes; the first is the document.
#[derive(Debug)]
pub struct Nodes {
    list: Vec<Node>,
    /// What was appended to a text: the text's number, and the part. Put together at the end, since a text may
    /// be appended to as often as the page likes.
    appended: Vec<(NodeId, Span)>,
}

impl Nodes {
    /// The document alone, with room for so many nodes.
    pub fn new(expected: usize) -> Nodes {
        let mut nodes = Nodes {
            list: Vec::with_capacity(expected),
            appended: Vec::new(),
        };
        nodes.make(Kind::Root);
        nodes
    }

    /// How many nodes there are.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// A node.
    pub fn get(&self, id: NodeId) -> &Node {
        &self.list[id as usize]
    }

    fn at(&mut self, id: NodeId) -> &mut Node {
        &mut self.list[id as usize]
    }

    /// The number of an element's attributes, to be read or changed.
    pub fn attributes(&mut self, id: NodeId) -> Option<&mut List> {
        match &mut self.at(id).kind {
            Kind::Element(_, list) => Some(list),
            _ => None,
        }
    }

    /// A new node without parent.
    pub fn make(&mut self, kind: Kind) -> NodeId {
        let id = NodeId::try_from(self.list.len()).unwrap_or(NO_NODE);
        self.list.push(Node {
            parent: NO_NODE,
            first: NO_NODE,
            last: NO_NODE,
            previous: NO_NODE,
            next: NO_NODE,
            kind,
        });
        id
    }

    /// Makes a node the one after `previous` in its parent, or the first where there is none before.
    #[inline]
    fn set_next(&mut self, parent: NodeId, previous: NodeId, id: NodeId) {
        match previous {
            NO_NODE => self.at(parent).first = id,
            previous => self.at(previous).next = id,
        }
    }

    /// Takes a node out of its parent.
    pub fn detach(&mut self, id: NodeId) {
        let Node {
            parent,
            previous,
            next,
            ..
        } = *self.get(id);
        if parent == NO_NODE {
            return;
        }
        self.set_next(parent, previous, next);
        match next {
            NO_NODE => self.at(parent).last = previous,
            next => self.at(next).previous = previous,
        }
        let node = self.at(id);
        (node.parent, node.previous, node.next) = (NO_NODE, NO_NODE, NO_NODE);
    }

    /// Makes a node the last child of another.
    pub fn append(&mut self, parent: NodeId, id: NodeId) {
        self.detach(id);
        let previous = std::mem::replace(&mut self.at(parent).last, id);
        self.set_next(parent, previous, id);
        let node = self.at(id);
        (node.parent, node.previous) = (parent, previous);
    }

    /// Puts a node before a sibling that has a parent.
    pub fn insert_before(&mut self, sibling: NodeId, id: NodeId) {
        self.detach(id);
        let Node {
            parent, previous, ..
        } = *self.get(sibling);
        self.set_next(parent, previous, id);
        self.at(sibling).previous = id;
        let node = self.at(id);
        (node.parent, node.previous, node.next) = (parent, previous, sibling);
    }

    /// Makes all children of a node the last ones of another.
    pub fn move_children(&mut self, from: NodeId, to: NodeId) {
        let node = self.at(from);
        let first = std::mem::replace(&mut node.first, NO_NODE);
        let last = std::mem::replace(&mut node.last, NO_NODE);
        if first == NO_NODE {
            return;
        }
        let mut child = first;
        while child != NO_NODE {
            let node = self.at(child);
            node.parent = to;
            child = node.next;
        }
        let previous = std::mem::replace(&mut self.at(to).last, last);
        self.set_next(to, previous, first);
        self.at(first).previous = previous;
    }

    /// Adds to a node that is a text; false where it is none.
    pub fn extend_text(&mut self, id: NodeId, more: Span) -> bool {
        let is_text = id != NO_NODE && matches!(self.get(id).kind, Kind::Text(_));
        if is_text {
            self.appended.push((id, more));
        }
        is_text
    }

    /// Puts the texts together that came in parts.
    pub fn join_texts(&mut self, source: &Source) {
        let mut appended = std::mem::take(&mut self.appended);
        // Stable, so that the parts of a text stay in order.
        appended.sort_by_key(|it| it.0);
        for parts in appended.chunk_by(|a, b| a.0 == b.0) {
            if let Kind::Text(text) = &mut self.at(parts[0].0).kind {
                let parts = parts.iter().map(|it| it.1);
                *text = source.join(std::iter::once(*text).chain(parts));
            }
        }
    }
}
