//! Linked nodes as a [`Tree`]: laid out in document order, each with what stages ask of it most.

use std::collections::HashMap;

use foldhash::fast::RandomState;
use html5ever::ns;

use crate::page::attributes::List;
use crate::page::nodes::{DOCUMENT, Kind, NO_NODE, Node, NodeId};
use crate::page::parse::Parsed;
use crate::page::source::Reader;
use crate::page::text::trim;
use crate::page::tree::{Entry, NO_CLASS};
use crate::page::{AttrNames, Data, Id, Tag, Tree};

impl<'a> Tree<'a> {
    /// Puts the nodes in document order.
    pub(super) fn new(parsed: &'a Parsed) -> Tree<'a> {
        let nodes = &parsed.nodes;
        let mut layout = Layout::new(parsed);
        let mut at = DOCUMENT;
        loop {
            let node = nodes.get(at);
            layout.open(&node.kind);
            if node.first != NO_NODE {
                at = node.first;
                continue;
            }
            // Closes the node, and those that end with it.
            while layout.close(nodes.get(at)) == NO_NODE {
                at = nodes.get(at).parent;
                if at == NO_NODE {
                    return layout.tree;
                }
            }
            at = nodes.get(at).next;
        }
    }
}

/// Numbers the values of `class` while the tree is built.
#[derive(Default)]
struct Classes<'a>(HashMap<&'a str, u32, RandomState>);

impl<'a> Classes<'a> {
    /// The number of a value of `class`; a new value is added to those known.
    fn number(&mut self, value: &'a str, known: &mut Vec<&'a str>) -> u32 {
        *self.0.entry(value).or_insert_with(|| {
            known.push(value);
            short(known.len() - 1)
        })
    }
}

/// A node as its entry holds it: pages have fewer nodes than 32 bits can number.
fn short(id: Id) -> u32 {
    u32::try_from(id).unwrap_or(u32::MAX)
}

/// A tree whose nodes are put in order.
struct Layout<'a> {
    parsed: &'a Parsed,
    texts: Reader<'a>,
    tree: Tree<'a>,
    /// The nodes that are open.
    above: Vec<u32>,
    numbers: Classes<'a>,
}

impl<'a> Layout<'a> {
    fn new(parsed: &'a Parsed) -> Layout<'a> {
        let texts = parsed.texts.reader();
        let all = parsed.attributes.all().iter();
        let tree = Tree {
            entries: Vec::with_capacity(parsed.nodes.len()),
            attributes: all
                .map(|it| (texts.get(it.name), texts.get(it.value)))
                .collect(),
            classes: Vec::new(),
            clipped: &parsed.clipped,
        };
        Layout {
            parsed,
            texts,
            tree,
            above: Vec::new(),
            numbers: Classes::default(),
        }
    }

    /// Begins a node.
    fn open(&mut self, kind: &'a Kind) {
        let mut entry = Entry {
            parent: self.above.last().copied().unwrap_or(0),
            end: 0,
            class: NO_CLASS,
            bytes: 0,
            first_attribute: 0,
            attributes: 0,
            tag: Tag::Root,
            is_html: false,
            names: AttrNames::default(),
            data: Data::Root,
        };
        match kind {
            Kind::Root => {}
            Kind::Other => return,
            Kind::Text(text) => {
                let text = self.texts.get(*text);
                (entry.tag, entry.data) = (Tag::Text, Data::Text(text));
                entry.bytes = short(trim(text).len());
            }
            Kind::Element(name, list) => {
                (entry.tag, entry.data) = (Tag::from_name(&name.local), Data::Element(&name.local));
                entry.is_html = name.space == ns!(html);
                self.read_attributes(&mut entry, *list);
            }
        }
        self.above.push(short(self.tree.entries.len()));
        self.tree.entries.push(entry);
    }

    fn read_attributes(&mut self, entry: &mut Entry<'a>, list: List) {
        let range = self.parsed.attributes.range(list);
        let attributes = &mut self.tree.attributes[range.clone()];
        attributes.sort_unstable_by_key(|it| it.0);
        entry.first_attribute = short(range.start);
        entry.attributes = u16::try_from(range.len()).unwrap_or(u16::MAX);
        for &(name, value) in &*attributes {
            entry.names = entry.names.with(AttrNames::of(name));
            if name == "class" {
                entry.class = self.numbers.number(value, &mut self.tree.classes);
            }
        }
    }

    /// Ends a node; the number of its next sibling.
    fn close(&mut self, node: &Node) -> NodeId {
        if !matches!(node.kind, Kind::Other)
            && let Some(id) = self.above.pop()
        {
            self.tree.entries[id as usize].end = short(self.tree.entries.len());
        }
        node.next
    }
}
