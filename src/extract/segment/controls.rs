//! Labels and buttons that are text: entries of a list that can be ticked off, the questions of an accordion.

use crate::page::{Id, Tag, Tree};

/// Elements above a control that it may fill.
const LEVELS: usize = 4;
/// What a button opens has this many characters outside links.
const PANEL_CHARS: usize = 40;
/// Nodes of a panel that are looked at.
const PANEL_NODES: usize = 60;
/// A shorter button is a symbol or one word.
const QUESTION_CHARS: usize = 8;
/// A checkbox stands at most this many nodes before its label.
const NEAR: usize = 3;
/// Nodes of a form that are searched for an article.
const FORM_NODES: usize = 4_000;

/// Tells the labels and buttons that are text from those to operate.
pub(super) struct Controls<'t, 'a> {
    tree: &'t Tree<'a>,
    /// The form that was looked at last, and whether it is wrapped around an article.
    form: Option<(Id, bool)>,
}

impl<'t, 'a> Controls<'t, 'a> {
    pub(super) fn new(tree: &'t Tree<'a>) -> Controls<'t, 'a> {
        Controls { tree, form: None }
    }

    /// True for a label or button that is text.
    pub(super) fn is_text(&mut self, id: Id) -> bool {
        match self.tree.tag(id) {
            Tag::Label => {
                !self.is_in_form(id) && (self.fills_an_item(id) || self.opens_by_a_box(id))
            }
            Tag::Button | Tag::A | Tag::Div | Tag::Span => {
                self.fills_a_heading(id) || self.opens_a_panel(id) && !self.is_in_form(id)
            }
            _ => false,
        }
    }

    /// True for a label that is all the text of a list item, with no choice between items.
    fn fills_an_item(&self, id: Id) -> bool {
        let is_choice = |&node: &Id| {
            self.tree.tag(node) == Tag::Input
                && self
                    .tree
                    .attr(node, "type")
                    .is_some_and(|it| it.eq_ignore_ascii_case("radio"))
        };
        let item = self.around(id, &[Tag::Li, Tag::Dd, Tag::Dt, Tag::Td, Tag::Th]);
        item.is_some_and(|item| {
            self.is_alone(id, item)
                && !self
                    .tree
                    .descendants(item)
                    .take(PANEL_NODES)
                    .any(|it| is_choice(&it))
        })
    }

    fn fills_a_heading(&self, id: Id) -> bool {
        let tags = [
            Tag::H2,
            Tag::H3,
            Tag::H4,
            Tag::H5,
            Tag::H6,
            Tag::Dt,
            Tag::Summary,
        ];
        self.around(id, &tags)
            .is_some_and(|heading| self.is_alone(id, heading))
    }

    /// True for a button that says which part of the page it opens, right after it.
    fn opens_a_panel(&self, id: Id) -> bool {
        let tree = self.tree;
        let names = [
            "aria-expanded",
            "aria-controls",
            "data-toggle",
            "data-bs-toggle",
            "data-target",
        ];
        let is_toggle = names.iter().any(|name| tree.attr(id, name).is_some());
        is_toggle && self.own_chars(id) >= QUESTION_CHARS && self.is_before_a_panel(id)
    }

    /// True for a label after its checkbox and before what it opens: an accordion without a script.
    fn opens_by_a_box(&self, id: Id) -> bool {
        let tree = self.tree;
        let before = (id.saturating_sub(NEAR)..id)
            .rev()
            .find(|&it| tree.tag(it) != Tag::Text);
        before.is_some_and(|it| tree.tag(it) == Tag::Input && tree.parent(it) == tree.parent(id))
            && self.own_chars(id) >= QUESTION_CHARS
            && self.is_before_a_panel(id)
    }

    fn is_before_a_panel(&self, id: Id) -> bool {
        let tree = self.tree;
        let parent = tree.parent(id);
        if matches!(tree.tag(parent), Tag::P | Tag::Span | Tag::Li | Tag::Nav) {
            return false;
        }
        let next = if self.is_alone(id, parent) {
            tree.end(parent)
        } else {
            tree.end(id)
        };
        let next = (next..tree.len().min(next + 3)).find(|&it| tree.tag(it) != Tag::Text);
        next.is_some_and(|panel| {
            tree.tag(panel).is_block() && self.unlinked_chars(panel) >= PANEL_CHARS
        })
    }

    /// The nearest element of one of these kinds, at most a few levels up.
    fn around(&self, id: Id, tags: &[Tag]) -> Option<Id> {
        self.tree
            .ancestors(id)
            .take(LEVELS)
            .find(|&it| tags.contains(&self.tree.tag(it)))
    }

    /// True where `around` has no text but that of `id`.
    fn is_alone(&self, id: Id, around: Id) -> bool {
        let has_text = |node: Id| {
            self.tree
                .own_text(node)
                .is_some_and(|it| !it.trim().is_empty())
        };
        let (end, last) = (self.tree.end(id), self.tree.end(around));
        last - around <= PANEL_NODES
            && !(around..id)
                .chain(end..last)
                .any(|it| self.tree.tag(it) == Tag::Text && has_text(it))
    }

    fn own_chars(&self, id: Id) -> usize {
        self.chars(id, |_| true)
    }

    fn unlinked_chars(&self, id: Id) -> usize {
        self.chars(id, |node| {
            !self
                .tree
                .ancestors(node)
                .take(LEVELS)
                .any(|it| self.tree.tag(it) == Tag::A)
        })
    }

    fn chars(&self, id: Id, counts: impl Fn(Id) -> bool) -> usize {
        let nodes = self.tree.descendants(id).take(PANEL_NODES);
        let texts = nodes.filter(|&it| self.tree.tag(it) == Tag::Text && counts(it));
        texts
            .filter_map(|it| self.tree.own_text(it))
            .map(|it| it.trim().len())
            .sum()
    }

    /// True inside a form to fill in; old sites wrap one around the whole page.
    fn is_in_form(&mut self, id: Id) -> bool {
        let tree = self.tree;
        let mut above = tree.ancestors(id);
        let Some(form) = above.find(|&it| matches!(tree.tag(it), Tag::Form | Tag::Fieldset)) else {
            return false;
        };
        if let Some((known, is_wrapper)) = self.form
            && known == form
        {
            return !is_wrapper;
        }
        let holds_article = |it| matches!(tree.tag(it), Tag::Article | Tag::Main | Tag::H1);
        let is_wrapper = tree.descendants(form).take(FORM_NODES).any(holds_article);
        self.form = Some((form, is_wrapper));
        !is_wrapper
    }
}
