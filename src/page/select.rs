//! CSS selectors on a [`Tree`]: `scraper`'s grammar, matched on the arrays by the crate `selectors`, which
//! browsers match with, too.

use std::cell::RefCell;
use std::fmt;

use html5ever::{Namespace, ns};
use scraper::CaseSensitivity;
use scraper::error::SelectorErrorKind;
use scraper::selector::{CssLocalName, CssString, NonTSPseudoClass, Parser, PseudoElement, Simple};
use selectors::attr::{AttrSelectorOperation, NamespaceConstraint};
use selectors::bloom::BloomFilter;
use selectors::context::{
    MatchingContext, MatchingForInvalidation, MatchingMode, NeedsSelectorFlags, QuirksMode,
    SelectorCaches,
};
use selectors::matching::{ElementSelectorFlags, matches_selector};
use selectors::parser::{ParseRelative, SelectorList};
use selectors::{Element, OpaqueElement};

use crate::page::{Id, Tag, Tree};

/// A list of selectors, parsed.
#[derive(Debug, Clone)]
pub struct Selector(SelectorList<Simple>);

impl Selector {
    /// Parses selectors that commas separate.
    pub fn parse(text: &str) -> Result<Selector, SelectorErrorKind> {
        let mut input = cssparser::Parser::new(text);
        let list = SelectorList::parse(&Parser, &mut input, ParseRelative::No)?;
        Ok(Selector(list))
    }

    /// True where the node is an element that one of the selectors matches.
    pub fn matches(&self, tree: &Tree<'_>, id: Id, caches: &Caches) -> bool {
        if tree.name(id).is_none() {
            return false;
        }
        let mut caches = caches.0.borrow_mut();
        let mut context = MatchingContext::new(
            MatchingMode::Normal,
            None,
            &mut caches,
            QuirksMode::NoQuirks,
            NeedsSelectorFlags::No,
            MatchingForInvalidation::No,
        );
        let node = Node { tree, id };
        let mut selectors = self.0.slice().iter();
        selectors.any(|it| matches_selector(it, 0, None, &node, &mut context))
    }
}

/// What matching has found out about a tree so far, such as the places of elements among their siblings. Serves
/// one tree, and selectors that live as long as it does.
#[derive(Default)]
pub struct Caches(RefCell<SelectorCaches>);

impl fmt::Debug for Caches {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Caches").finish_non_exhaustive()
    }
}

/// An element of a tree.
#[derive(Debug, Clone, Copy)]
struct Node<'t> {
    tree: &'t Tree<'t>,
    id: Id,
}

impl<'t> Node<'t> {
    fn at(self, id: Id) -> Option<Node<'t>> {
        self.tree.name(id).map(|_| Node { id, ..self })
    }

    fn attr(self, name: &str) -> Option<&'t str> {
        self.tree.attr(self.id, name)
    }

    /// The sibling before a node, of any kind: what comes before in the document is inside of it.
    fn before(self, id: Id) -> Option<Id> {
        let parent = self.tree.parent(id);
        let mut before = id - 1;
        while before != parent {
            let above = self.tree.parent(before);
            if above == parent {
                return Some(before);
            }
            before = above;
        }
        None
    }
}

impl Element for Node<'_> {
    type Impl = Simple;

    fn opaque(&self) -> OpaqueElement {
        self.tree.opaque(self.id)
    }

    fn parent_element(&self) -> Option<Self> {
        self.at(self.tree.parent(self.id))
    }

    fn parent_node_is_shadow_root(&self) -> bool {
        false
    }

    fn containing_shadow_host(&self) -> Option<Self> {
        None
    }

    fn is_pseudo_element(&self) -> bool {
        false
    }

    fn prev_sibling_element(&self) -> Option<Self> {
        let mut siblings = std::iter::successors(self.before(self.id), |&it| self.before(it));
        siblings.find_map(|it| self.at(it))
    }

    fn next_sibling_element(&self) -> Option<Self> {
        let end = self.tree.end(self.tree.parent(self.id));
        let after = |id: Id| Some(self.tree.end(id)).filter(|&it| it < end);
        let mut siblings = std::iter::successors(after(self.id), |&it| after(it));
        siblings.find_map(|it| self.at(it))
    }

    fn first_element_child(&self) -> Option<Self> {
        self.tree.children(self.id).find_map(|it| self.at(it))
    }

    fn is_html_element_in_html_document(&self) -> bool {
        self.tree.is_html(self.id)
    }

    fn has_local_name(&self, name: &CssLocalName) -> bool {
        self.tree.name(self.id) == Some(&*name.0)
    }

    /// Selectors cannot name a namespace here, so that none is asked for but that of HTML.
    fn has_namespace(&self, namespace: &Namespace) -> bool {
        self.tree.is_html(self.id) && *namespace == ns!(html)
    }

    fn is_same_type(&self, other: &Self) -> bool {
        let kind = |it: &Self| (it.tree.name(it.id), it.tree.is_html(it.id));
        kind(self) == kind(other)
    }

    fn attr_matches(
        &self,
        _: &NamespaceConstraint<&Namespace>,
        name: &CssLocalName,
        operation: &AttrSelectorOperation<&CssString>,
    ) -> bool {
        self.attr(&name.0).is_some_and(|it| operation.eval_str(it))
    }

    fn match_non_ts_pseudo_class(
        &self,
        class: &NonTSPseudoClass,
        _: &mut MatchingContext<'_, Simple>,
    ) -> bool {
        match *class {}
    }

    fn match_pseudo_element(
        &self,
        element: &PseudoElement,
        _: &mut MatchingContext<'_, Simple>,
    ) -> bool {
        match *element {}
    }

    fn apply_selector_flags(&self, _: ElementSelectorFlags) {}

    fn is_link(&self) -> bool {
        self.tree.tag(self.id) == Tag::Link
    }

    fn is_html_slot_element(&self) -> bool {
        true
    }

    fn has_id(&self, id: &CssLocalName, case: CaseSensitivity) -> bool {
        let own = self.attr("id");
        own.is_some_and(|own| case.eq(id.0.as_bytes(), own.as_bytes()))
    }

    fn has_class(&self, name: &CssLocalName, case: CaseSensitivity) -> bool {
        let class = self.tree.class(self.id);
        let mut names = class
            .into_iter()
            .flat_map(|it| self.tree.classes()[it].split_ascii_whitespace());
        names.any(|it| case.eq(name.0.as_bytes(), it.as_bytes()))
    }

    fn has_custom_state(&self, _: &CssLocalName) -> bool {
        false
    }

    fn imported_part(&self, _: &CssLocalName) -> Option<CssLocalName> {
        None
    }

    fn is_part(&self, _: &CssLocalName) -> bool {
        false
    }

    fn is_empty(&self) -> bool {
        let mut children = self.tree.children(self.id);
        children.all(|it| self.tree.tag(it) == Tag::Root)
    }

    fn is_root(&self) -> bool {
        self.tree.parent(self.id) == 0
    }

    fn add_element_unique_hashes(&self, _: &mut BloomFilter) -> bool {
        false
    }
}
