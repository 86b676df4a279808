//! What formatting elements cost the tree builder. It compares each with all of the list of those that are open or
//! will be opened anew (HTML 13.2.4.3), attribute by attribute, and does not count that as steps. The list holds
//! three of a kind at most, so that neither deep nesting of one kind nor many elements that were closed count.

use std::cell::{Cell, RefCell};
use std::collections::HashSet;

use foldhash::fast::FixedState;
use html5ever::tree_builder::{Tracer, TreeBuilder};
use html5ever::{LocalName, local_name};

use crate::page::attributes::List;
use crate::page::sink::{Handle, Sink};

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
    /// Tags with the lists of their attributes, which are equal where the attributes are.
    kinds: RefCell<HashSet<(LocalName, List), FixedState>>,
    /// The most attributes of a formatting element.
    attributes: Cell<u64>,
}

impl Formatting {
    /// Charges what a start tag of a formatting element costs, with the list of its attributes.
    pub(super) fn charge(
        &self,
        name: &LocalName,
        list: List,
        builder: &TreeBuilder<Handle, Sink<'_>>,
    ) {
        let attributes = builder.sink.attributes.borrow().of(list).len();
        let listed = self.listed(builder);
        self.kinds.borrow_mut().insert((name.clone(), list));
        let attributes = self.attributes.get().max(attributes as u64);
        self.attributes.set(attributes);
        builder
            .sink
            .charge(listed * (1 + STEPS_OF_ATTRIBUTE * attributes));
    }

    /// Charges what an end tag of a formatting element costs.
    pub(super) fn charge_end(&self, builder: &TreeBuilder<Handle, Sink<'_>>) {
        builder.sink.charge(self.listed(builder) / NAMES_OF_STEP);
    }

    /// The most formatting elements that the builder's list may hold now.
    fn listed(&self, builder: &TreeBuilder<Handle, Sink<'_>>) -> u64 {
        if self.tags.get().is_multiple_of(MEASURED_EVERY) {
            let count = Count::default();
            builder.trace_handles(&count);
            self.listed.set(count.0.get());
        }
        self.tags.set(self.tags.get() + 1);
        let kinds = OF_A_KIND * self.kinds.borrow().len() as u64;
        self.listed.get().min(kinds)
    }
}

/// Counts the formatting elements that the builder holds; those that are open, twice.
#[derive(Default)]
struct Count(Cell<u64>);

impl Tracer for Count {
    type Handle = Handle;

    fn trace_handle(&self, node: &Handle) {
        let counts = is_formatting(node.name());
        self.0.set(self.0.get() + u64::from(counts));
    }
}

/// True for formatting elements (HTML 13.2.4.2).
pub(super) fn is_formatting(name: &LocalName) -> bool {
    matches!(
        *name,
        local_name!("a")
            | local_name!("b")
            | local_name!("big")
            | local_name!("code")
            | local_name!("em")
            | local_name!("font")
            | local_name!("i")
            | local_name!("nobr")
            | local_name!("s")
            | local_name!("small")
            | local_name!("strike")
            | local_name!("strong")
            | local_name!("tt")
            | local_name!("u")
    )
}
