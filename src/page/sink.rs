//! The sink that html5ever's tree builder fills: nodes in one vector, with counts that stop a hostile page.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

use html5ever::interface::ElemName;
use html5ever::tendril::StrTendril;
use html5ever::tree_builder::{ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::{Attribute, LocalName, Namespace, QualName, local_name, ns};

use crate::limits::Limits;
use crate::page::attributes::{Attributes, List, list_of};
use crate::page::nodes::{DOCUMENT, Kind, NO_NODE, Name, NodeId, Nodes};
use crate::page::source::Source;

/// Places for names of elements that were seen last, by their hashes: a power of two.
const NAMES: usize = 64;

/// The tree while it is built. Counts the builder's steps, the nodes, and the attributes of the elements.
pub struct Sink<'s> {
    pub(super) source: &'s Source,
    nodes: RefCell<Nodes>,
    /// Names that elements may share, and that of what has none.
    names: RefCell<[Option<Rc<Name>>; NAMES]>,
    no_name: Rc<Name>,
    pub(super) attributes: RefCell<Attributes>,
    /// Attributes that pass the builder by: the name of the element that takes them, and their list.
    pub(super) aside: RefCell<Option<(LocalName, List)>>,
    pub(super) steps: Cell<u64>,
    pub(super) node_count: Cell<usize>,
    pub(super) attribute_count: Cell<usize>,
}

/// A node as the builder knows it. Its name comes with it, since the builder asks for names far more often than it
/// makes elements.
#[derive(Debug, Clone)]
pub struct Handle {
    id: NodeId,
    name: Rc<Name>,
}

impl Handle {
    /// The name of an element; empty for other nodes.
    pub(super) fn name(&self) -> &LocalName {
        &self.name.local
    }
}

impl ElemName for &Name {
    #[inline]
    fn ns(&self) -> &Namespace {
        &self.space
    }

    #[inline]
    fn local_name(&self) -> &LocalName {
        &self.local
    }
}

impl<'s> Sink<'s> {
    /// An empty document, with room for so many nodes.
    pub(super) fn new(source: &'s Source, expected: usize) -> Self {
        Sink {
            source,
            nodes: RefCell::new(Nodes::new(expected)),
            names: RefCell::new([const { None }; NAMES]),
            no_name: Rc::new(Name {
                space: ns!(),
                local: local_name!(""),
            }),
            attributes: RefCell::default(),
            aside: RefCell::default(),
            steps: Cell::new(0),
            node_count: Cell::new(0),
            attribute_count: Cell::new(0),
        }
    }

    /// True where no count is over its limit.
    pub(super) fn is_within(&self, limits: &Limits) -> bool {
        self.steps.get() <= limits.parse_steps
            && self.node_count.get() <= limits.nodes
            && self.attribute_count.get() <= limits.attributes
    }

    /// Counts steps of the builder that it takes without the sink.
    pub(super) fn charge(&self, steps: u64) {
        self.steps.set(self.steps.get().saturating_add(steps));
    }

    fn step(&self) {
        self.charge(1);
    }

    fn count_node(&self) {
        self.node_count.set(self.node_count.get() + 1);
    }

    /// A node without a name.
    fn nameless(&self, id: NodeId) -> Handle {
        let name = self.no_name.clone();
        Handle { id, name }
    }

    /// The name, shared with elements that were made before.
    fn shared(&self, space: Namespace, local: LocalName) -> Rc<Name> {
        let mut names = self.names.borrow_mut();
        let place = &mut names[local.get_hash() as usize % NAMES];
        match place {
            Some(known) if known.local == local && known.space == space => known.clone(),
            _ => place.insert(Rc::new(Name { space, local })).clone(),
        }
    }

    fn has_parent(&self, node: NodeId) -> bool {
        self.nodes.borrow().get(node).parent != NO_NODE
    }
}

impl TreeSink for Sink<'_> {
    type Handle = Handle;
    type Output = (Nodes, Attributes);
    type ElemName<'a>
        = &'a Name
    where
        Self: 'a;

    fn finish(self) -> (Nodes, Attributes) {
        let mut nodes = self.nodes.into_inner();
        nodes.join_texts(self.source);
        (nodes, self.attributes.into_inner())
    }

    fn parse_error(&self, _: Cow<'static, str>) {}

    fn get_document(&self) -> Handle {
        self.nameless(DOCUMENT)
    }

    fn elem_name<'a>(&'a self, target: &'a Handle) -> &'a Name {
        self.step();
        &target.name
    }

    fn create_element(&self, name: QualName, attrs: Vec<Attribute>, flags: ElementFlags) -> Handle {
        self.count_node();
        let passed_by = |(taker, _): &mut (LocalName, List)| *taker == name.local;
        let list = match self.aside.borrow_mut().take_if(passed_by) {
            Some((_, list)) => list,
            None => list_of(&attrs),
        };
        let count = self.attributes.borrow().of(list).len();
        self.attribute_count.set(self.attribute_count.get() + count);
        let mut nodes = self.nodes.borrow_mut();
        let name = self.shared(name.ns, name.local);
        let id = nodes.make(Kind::Element(Name::clone(&name), list));
        if flags.template {
            let contents = nodes.make(Kind::Root);
            nodes.append(id, contents);
        }
        Handle { id, name }
    }

    fn create_comment(&self, _: StrTendril) -> Handle {
        self.nameless(self.nodes.borrow_mut().make(Kind::Other))
    }

    fn create_pi(&self, _: StrTendril, _: StrTendril) -> Handle {
        self.nameless(self.nodes.borrow_mut().make(Kind::Other))
    }

    fn append(&self, parent: &Handle, child: NodeOrText<Handle>) {
        let mut nodes = self.nodes.borrow_mut();
        let parent = parent.id;
        match child {
            NodeOrText::AppendNode(node) => nodes.append(parent, node.id),
            NodeOrText::AppendText(text) => {
                self.count_node();
                let text = self.source.span_of(&text);
                let last = nodes.get(parent).last;
                if !nodes.extend_text(last, text) {
                    let id = nodes.make(Kind::Text(text));
                    nodes.append(parent, id);
                }
            }
        }
    }

    fn append_based_on_parent_node(
        &self,
        element: &Handle,
        prev_element: &Handle,
        child: NodeOrText<Handle>,
    ) {
        if self.has_parent(element.id) {
            self.append_before_sibling(element, child);
        } else {
            self.append(prev_element, child);
        }
    }

    fn append_doctype_to_document(&self, _: StrTendril, _: StrTendril, _: StrTendril) {}

    /// The contents are made right after their template.
    fn get_template_contents(&self, target: &Handle) -> Handle {
        self.nameless(target.id + 1)
    }

    fn same_node(&self, x: &Handle, y: &Handle) -> bool {
        self.step();
        x.id == y.id
    }

    fn set_quirks_mode(&self, _: QuirksMode) {}

    fn append_before_sibling(&self, sibling: &Handle, new_node: NodeOrText<Handle>) {
        let mut nodes = self.nodes.borrow_mut();
        let sibling = sibling.id;
        if let NodeOrText::AppendNode(node) = &new_node {
            nodes.detach(node.id);
        }
        let place = nodes.get(sibling);
        if place.parent == NO_NODE {
            return;
        }
        let previous = place.previous;
        match new_node {
            NodeOrText::AppendNode(node) => nodes.insert_before(sibling, node.id),
            NodeOrText::AppendText(text) => {
                let text = self.source.span_of(&text);
                if !nodes.extend_text(previous, text) {
                    let id = nodes.make(Kind::Text(text));
                    nodes.insert_before(sibling, id);
                }
            }
        }
    }

    /// Takes the attributes of a second `<html>` or `<body>` tag.
    fn add_attrs_if_missing(&self, target: &Handle, attrs: Vec<Attribute>) {
        if let Some(list) = self.nodes.borrow_mut().attributes(target.id) {
            let mut attributes = self.attributes.borrow_mut();
            *list = attributes.merge(*list, list_of(&attrs), self.source);
        }
    }

    fn remove_from_parent(&self, target: &Handle) {
        self.nodes.borrow_mut().detach(target.id);
    }

    fn reparent_children(&self, node: &Handle, new_parent: &Handle) {
        let mut nodes = self.nodes.borrow_mut();
        nodes.move_children(node.id, new_parent.id);
    }
}
