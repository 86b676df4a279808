//! The sink that html5ever's tree builder fills: nodes in one vector, with counts that stop a hostile page.

use std::borrow::Cow;
use std::cell::{Cell, Ref, RefCell};

use html5ever::interface::ElemName;
use html5ever::tendril::StrTendril;
use html5ever::tree_builder::{ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::{Attribute, LocalName, Namespace, QualName};

use crate::limits::Limits;
use crate::page::attributes::{Attributes, list_of};
use crate::page::nodes::{DOCUMENT, Kind, NO_NODE, Name, NodeId, Nodes};
use crate::page::source::Source;

/// The tree while it is built. Counts the builder's steps, the nodes, and the attributes of the elements.
pub struct Sink<'s> {
    pub(super) source: &'s Source,
    nodes: RefCell<Nodes>,
    pub(super) attributes: RefCell<Attributes>,
    pub(super) steps: Cell<u64>,
    pub(super) node_count: Cell<usize>,
    pub(super) attribute_count: Cell<usize>,
}

/// An element's name, while the sink lends it.
#[derive(Debug)]
pub struct NameRef<'a>(Ref<'a, Name>);

impl ElemName for NameRef<'_> {
    #[inline]
    fn ns(&self) -> &Namespace {
        &self.0.space
    }

    #[inline]
    fn local_name(&self) -> &LocalName {
        &self.0.local
    }
}

impl<'s> Sink<'s> {
    /// An empty document, with room for so many nodes.
    pub(super) fn new(source: &'s Source, expected: usize) -> Self {
        Sink {
            source,
            nodes: RefCell::new(Nodes::new(expected)),
            attributes: RefCell::default(),
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

    /// True for an element of such a name.
    pub(super) fn is_element(&self, node: NodeId, named: impl Fn(&LocalName) -> bool) -> bool {
        let nodes = self.nodes.borrow();
        named(&nodes.name(node).local)
    }

    fn has_parent(&self, node: NodeId) -> bool {
        self.nodes.borrow().get(node).parent != NO_NODE
    }
}

impl TreeSink for Sink<'_> {
    type Handle = NodeId;
    type Output = (Nodes, Attributes);
    type ElemName<'a>
        = NameRef<'a>
    where
        Self: 'a;

    fn finish(self) -> (Nodes, Attributes) {
        let mut nodes = self.nodes.into_inner();
        nodes.join_texts(self.source);
        (nodes, self.attributes.into_inner())
    }

    fn parse_error(&self, _: Cow<'static, str>) {}

    fn get_document(&self) -> NodeId {
        DOCUMENT
    }

    fn elem_name<'a>(&'a self, target: &'a NodeId) -> NameRef<'a> {
        self.step();
        NameRef(Ref::map(self.nodes.borrow(), |it| it.name(*target)))
    }

    fn create_element(&self, name: QualName, attrs: Vec<Attribute>, flags: ElementFlags) -> NodeId {
        self.count_node();
        let list = list_of(&attrs);
        let count = self.attributes.borrow().of(list).len();
        self.attribute_count.set(self.attribute_count.get() + count);
        let mut nodes = self.nodes.borrow_mut();
        let (space, local) = (name.ns, name.local);
        let element = nodes.make(Kind::Element(Name { space, local }, list));
        if flags.template {
            let contents = nodes.make(Kind::Root);
            nodes.append(element, contents);
        }
        element
    }

    fn create_comment(&self, _: StrTendril) -> NodeId {
        self.nodes.borrow_mut().make(Kind::Other)
    }

    fn create_pi(&self, _: StrTendril, _: StrTendril) -> NodeId {
        self.nodes.borrow_mut().make(Kind::Other)
    }

    fn append(&self, parent: &NodeId, child: NodeOrText<NodeId>) {
        let mut nodes = self.nodes.borrow_mut();
        match child {
            NodeOrText::AppendNode(id) => nodes.append(*parent, id),
            NodeOrText::AppendText(text) => {
                self.count_node();
                let text = self.source.span_of(&text);
                let last = nodes.get(*parent).last;
                if !nodes.extend_text(last, text) {
                    let id = nodes.make(Kind::Text(text));
                    nodes.append(*parent, id);
                }
            }
        }
    }

    fn append_based_on_parent_node(
        &self,
        element: &NodeId,
        prev_element: &NodeId,
        child: NodeOrText<NodeId>,
    ) {
        if self.has_parent(*element) {
            self.append_before_sibling(element, child);
        } else {
            self.append(prev_element, child);
        }
    }

    fn append_doctype_to_document(&self, _: StrTendril, _: StrTendril, _: StrTendril) {}

    /// The contents are made right after their template.
    fn get_template_contents(&self, target: &NodeId) -> NodeId {
        *target + 1
    }

    fn same_node(&self, x: &NodeId, y: &NodeId) -> bool {
        self.step();
        x == y
    }

    fn set_quirks_mode(&self, _: QuirksMode) {}

    fn append_before_sibling(&self, sibling: &NodeId, new_node: NodeOrText<NodeId>) {
        let mut nodes = self.nodes.borrow_mut();
        if let NodeOrText::AppendNode(id) = new_node {
            nodes.detach(id);
        }
        let place = nodes.get(*sibling);
        if place.parent == NO_NODE {
            return;
        }
        let previous = place.previous;
        match new_node {
            NodeOrText::AppendNode(id) => nodes.insert_before(*sibling, id),
            NodeOrText::AppendText(text) => {
                let text = self.source.span_of(&text);
                if !nodes.extend_text(previous, text) {
                    let id = nodes.make(Kind::Text(text));
                    nodes.insert_before(*sibling, id);
                }
            }
        }
    }

    /// Takes the attributes of a second `<html>` or `<body>` tag.
    fn add_attrs_if_missing(&self, target: &NodeId, attrs: Vec<Attribute>) {
        if let Some(list) = self.nodes.borrow_mut().attributes(*target) {
            let mut attributes = self.attributes.borrow_mut();
            *list = attributes.merge(*list, list_of(&attrs), self.source);
        }
    }

    fn remove_from_parent(&self, target: &NodeId) {
        self.nodes.borrow_mut().detach(*target);
    }

    fn reparent_children(&self, node: &NodeId, new_parent: &NodeId) {
        self.nodes.borrow_mut().move_children(*node, *new_parent);
    }
}
