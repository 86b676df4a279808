//! What formatting elements cost the tree builder. It compares each with all of the list of those that are open or
//! will be opened anew (HTML 13.2.4.3), attribute by attribute, and does not count that as steps. The list holds
//! three of a kind at most, so that neither deep nesting of one kind nor many elements that were closed count.

use std::cell::{Cell, RefCell};
use std::collections::HashSet;
use std::hash::{BuildHasher, Hash, Hasher};

use foldhash::fast::FixedState;
use html5ever::LocalName;
use html5ever::tokenizer::{StartTag, Tag};
use html5ever::tree_builder::{Tracer, TreeBuilder};

use crate::page::sink::{CountingSink, NodeId};

/// Tags after which the builder's lists are measured again.
const MEASURED_EVERY: usize = 64;
/// Steps that it takes to copy and sort an attribute…
const STEPS_OF_ATTRIBUTE: u64 = 4;
/// …and names of elements that are compared in one.
const NAMES_OF_STEP: u64 = 8;

/// Elements of one tag with the same attributes that the list holds.
const OF_A_KIND: u64 = 3;

/// Charges the builder's steps through its list of formatting elements.
#[derive(Debug, Default)]
pub(super) struct Formatting {
    tags: Cell<usize>,
    /// The formatting elements in the builder's lists when they were last measured.
    listed: Cell<u64>,
    /// Hashes of tags and attributes.
    kinds: RefCell<HashSet<u64, FixedState>>,
    /// The most attributes of a formatting element.
    attributes: Cell<u64>,
}

impl Formatting {
    /// Charges what this tag of a formatting element costs.
    pub(super) fn charge(&self, tag: &Tag, builder: &TreeBuilder<NodeId, CountingSink>) {
        if self.tags.get().is_multiple_of(MEASURED_EVERY) {
            let count = Count {
                sink: &builder.sink,
                elements: Cell::new(0),
            };
            builder.trace_handles(&count);
            self.listed.set(count.elements.get());
        }
        self.tags.set(self.tags.get() + 1);
        let kinds = OF_A_KIND * self.kinds.borrow().len() as u64;
        let listed = self.listed.get().min(kinds);
        let steps = if tag.kind == StartTag {
            self.kinds.borrow_mut().insert(hash(tag));
            let attributes = self.attributes.get().max(tag.attrs.len() as u64);
            self.attributes.set(attributes);
            listed * (1 + STEPS_OF_ATTRIBUTE * attributes)
        } else {
            listed / NAMES_OF_STEP
        };
        builder.sink.charge(steps);
    }
}

fn hash(tag: &Tag) -> u64 {
    let mut hasher = FixedState::default().build_hasher();
    tag.name.hash(&mut hasher);
    for attribute in &tag.attrs {
        attribute.name.local.hash(&mut hasher);
        attribute.value.hash(&mut hasher);
    }
    hasher.finish()
}

/// Counts the formatting elements that the builder holds; those that are open, twice.
struct Count<'a> {
    sink: &'a CountingSink,
    elements: Cell<u64>,
}

impl Tracer for Count<'_> {
    type Handle = NodeId;

    fn trace_handle(&self, node: &NodeId) {
        let counts = self.sink.is_element(node, is_formatting);
        self.elements.set(self.elements.get() + u64::from(counts));
    }
}

/// True for formatting elements (HTML 13.2.4.2).
pub(super) fn is_formatting(name: &LocalName) -> bool {
    matches!(
        &**name,
        "a" | "b"
            | "big"
            | "code"
            | "em"
            | "font"
            | "i"
            | "nobr"
            | "s"
            | "small"
            | "strike"
            | "strong"
            | "tt"
            | "u"
    )
}
