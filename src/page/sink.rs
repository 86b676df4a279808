//! The sink that html5ever's tree builder fills: `scraper`'s, with counts that stop a hostile page.

use std::borrow::Cow;
use std::cell::{Cell, Ref};

use html5ever::tendril::StrTendril;
use html5ever::tree_builder::{ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::{Attribute, LocalName, QualName};
use scraper::node::Element;
use scraper::{Html, HtmlTreeSink};

use crate::limits::Limits;

/// The most attributes of one element, over all of its tags; the others are dropped, because each is compared
/// with those before it.
pub(super) const MOST_ATTRIBUTES: usize = 256;

/// A node of the tree.
pub type NodeId = <HtmlTreeSink as TreeSink>::Handle;

/// `scraper`'s sink, which counts the tree builder's steps and the nodes.
pub struct CountingSink {
    sink: HtmlTreeSink,
    pub(super) steps: Cell<u64>,
    pub(super) nodes: Cell<usize>,
    pub(super) attributes: Cell<usize>,
}

impl CountingSink {
    pub(super) fn new(sink: HtmlTreeSink) -> Self {
        CountingSink {
            sink,
            steps: Cell::new(0),
            nodes: Cell::new(0),
            attributes: Cell::new(0),
        }
    }

    /// True where no count is over its limit.
    pub(super) fn is_within(&self, limits: &Limits) -> bool {
        self.steps.get() <= limits.parse_steps
            && self.nodes.get() <= limits.nodes
            && self.attributes.get() <= limits.attributes
    }

    /// Counts steps of the builder that it takes without the sink.
    pub(super) fn charge(&self, steps: u64) {
        self.steps.set(self.steps.get().saturating_add(steps));
    }

    fn step(&self) {
        self.charge(1);
    }

    fn node(&self) {
        self.nodes.set(self.nodes.get() + 1);
    }

    /// True for an element of such a name.
    pub(super) fn is_element(&self, node: &NodeId, named: impl Fn(&LocalName) -> bool) -> bool {
        self.of_element(node, |it| named(&it.name.local))
            .unwrap_or_default()
    }

    fn of_element<T>(&self, node: &NodeId, read: impl Fn(&Element) -> T) -> Option<T> {
        let html = self.sink.0.borrow();
        html.tree.get(*node)?.value().as_element().map(read)
    }
}

impl TreeSink for CountingSink {
    type Handle = NodeId;
    type Output = Html;
    type ElemName<'a> = Ref<'a, QualName>;

    fn finish(self) -> Html {
        self.sink.finish()
    }

    fn parse_error(&self, _: Cow<'static, str>) {}

    fn get_document(&self) -> NodeId {
        self.sink.get_document()
    }

    fn elem_name<'a>(&'a self, target: &'a NodeId) -> Ref<'a, QualName> {
        self.step();
        self.sink.elem_name(target)
    }

    fn create_element(&self, name: QualName, attrs: Vec<Attribute>, flags: ElementFlags) -> NodeId {
        self.node();
        self.attributes.set(self.attributes.get() + attrs.len());
        self.sink.create_element(name, attrs, flags)
    }

    fn create_comment(&self, text: StrTendril) -> NodeId {
        self.sink.create_comment(text)
    }

    fn create_pi(&self, target: StrTendril, data: StrTendril) -> NodeId {
        self.sink.create_pi(target, data)
    }

    fn append(&self, parent: &NodeId, child: NodeOrText<NodeId>) {
        if matches!(child, NodeOrText::AppendText(_)) {
            self.node();
        }
        self.sink.append(parent, child);
    }

    fn append_based_on_parent_node(
        &self,
        element: &NodeId,
        prev_element: &NodeId,
        child: NodeOrText<NodeId>,
    ) {
        self.sink
            .append_based_on_parent_node(element, prev_element, child);
    }

    fn append_doctype_to_document(&self, name: StrTendril, public: StrTendril, system: StrTendril) {
        self.sink.append_doctype_to_document(name, public, system);
    }

    fn get_template_contents(&self, target: &NodeId) -> NodeId {
        self.sink.get_template_contents(target)
    }

    fn same_node(&self, x: &NodeId, y: &NodeId) -> bool {
        self.step();
        self.sink.same_node(x, y)
    }

    fn set_quirks_mode(&self, mode: QuirksMode) {
        self.sink.set_quirks_mode(mode);
    }

    fn append_before_sibling(&self, sibling: &NodeId, new_node: NodeOrText<NodeId>) {
        self.sink.append_before_sibling(sibling, new_node);
    }

    /// Takes the attributes of a second `<html>` or `<body>` tag, as far as the element has room: each is
    /// put into its place among all before it.
    fn add_attrs_if_missing(&self, target: &NodeId, mut attrs: Vec<Attribute>) {
        let held = self.of_element(target, |it| it.attrs.len());
        let held = held.unwrap_or_default();
        attrs.truncate(MOST_ATTRIBUTES.saturating_sub(held));
        self.sink.add_attrs_if_missing(target, attrs);
    }

    fn remove_from_parent(&self, target: &NodeId) {
        self.sink.remove_from_parent(target);
    }

    fn reparent_children(&self, node: &NodeId, new_parent: &NodeId) {
        self.sink.reparent_children(node, new_parent);
    }
}
