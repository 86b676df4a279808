//! What the rules say of each node: one walk over the tree, one byte-sized verdict a node, in a
//! dense table beside it. A node below a stripped one is stripped for the same reason.

use super::SiteRules;
use super::rules::{Group, Rules};
use crate::page::{Id, Tag, Tree};

/// A rule yields when its element holds more than this share of the page's text; for rules that are
/// not `certain`, of the text that no `certain` rule strips.
const MOST_OF_THE_TEXT: f64 = 0.45;
/// Pages with less text than this many bytes have no 'most'.
const ENOUGH_TEXT: usize = 400;

/// Which rule applies to a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// None.
    Free,
    /// Stripped, by the rule at this place of [`Rules::rules`].
    Rule(u16),
    /// Stripped by one of the source's own selectors.
    Site,
    /// Kept by one of the source's own selectors, whatever the rules say.
    Kept,
}

/// The verdicts, by node.
#[derive(Debug)]
pub struct Marks {
    marks: Vec<Mark>,
}

impl Marks {
    /// Matches the rules against every node.
    pub fn new(tree: &Tree<'_>, rules: &Rules, site: &SiteRules) -> Marks {
        let own = own_marks(tree, rules, site);
        let all = text_bytes(tree, |_| false);
        let outside = text_bytes(tree, |id| is_certain(rules, own[id]));
        let mut marks = vec![Mark::Free; tree.len()];
        for id in 1..tree.len() {
            let above = marks[tree.parent(id)];
            marks[id] = match (above, own[id]) {
                (_, Mark::Kept) => Mark::Kept,
                (Mark::Rule(_) | Mark::Site, _) => above,
                (_, Mark::Site) => Mark::Site,
                (Mark::Kept, _) => Mark::Kept,
                (Mark::Free, mark) if is_certain(rules, mark) && is_most(&all, id) => Mark::Free,
                (Mark::Free, mark @ Mark::Rule(_))
                    if !is_certain(rules, mark) && is_most(&outside, id) =>
                {
                    Mark::Free
                }
                (Mark::Free, mark) => mark,
            };
        }
        Marks { marks }
    }

    /// The verdict on a node.
    pub fn of(&self, id: Id) -> Mark {
        self.marks[id]
    }

    /// True where the node is stripped.
    pub fn is_stripped(&self, id: Id) -> bool {
        matches!(self.marks[id], Mark::Rule(_) | Mark::Site)
    }

    /// True where a rule that can hardly be wrong, or a source's own, strips the node.
    pub fn is_certain(&self, id: Id, rules: &Rules) -> bool {
        match self.marks[id] {
            Mark::Site => true,
            mark => is_certain(rules, mark),
        }
    }

    /// The group of the rule that strips the node.
    pub fn group(&self, id: Id, rules: &Rules) -> Option<Group> {
        match self.marks[id] {
            Mark::Rule(rule) => Some(rules.rules[usize::from(rule)].group),
            Mark::Site => Some(Group::Site),
            Mark::Free | Mark::Kept => None,
        }
    }
}

fn is_certain(rules: &Rules, mark: Mark) -> bool {
    matches!(mark, Mark::Rule(rule) if rules.rules[usize::from(rule)].certain)
}

/// True for an element that holds most of the text, given the bytes of text in each subtree.
fn is_most(bytes: &[usize], id: Id) -> bool {
    let total = bytes[0];
    total >= ENOUGH_TEXT && bytes[id] as f64 > total as f64 * MOST_OF_THE_TEXT
}

/// The first rule that matches each node itself; the page's frame is out of their reach.
fn own_marks(tree: &Tree<'_>, rules: &Rules, site: &SiteRules) -> Vec<Mark> {
    let mut own = vec![Mark::Free; tree.len()];
    for (id, mark) in own.iter_mut().enumerate() {
        if matches!(
            tree.tag(id),
            Tag::Root | Tag::Text | Tag::Html | Tag::Body | Tag::Head
        ) {
            continue;
        }
        rules.index.matches(tree, id, |rule| {
            let rule = u16::try_from(rule).unwrap_or(u16::MAX);
            *mark = match *mark {
                Mark::Rule(known) if known <= rule => *mark,
                _ => Mark::Rule(rule),
            };
        });
        site.mark(tree, id, mark);
    }
    own
}

/// Bytes of text in each subtree, leaving some elements out.
fn text_bytes(tree: &Tree<'_>, is_left_out: impl Fn(Id) -> bool) -> Vec<usize> {
    let mut bytes = vec![0; tree.len()];
    for id in (1..tree.len()).rev() {
        let tag = tree.tag(id);
        let is_shown = !matches!(tag, Tag::Script | Tag::Head | Tag::Template);
        if !is_shown || is_left_out(id) {
            continue;
        }
        if tag == Tag::Text {
            bytes[id] = tree.own_text(id).map_or(0, |text| text.trim().len());
        }
        let sum = bytes[id];
        bytes[tree.parent(id)] += sum;
    }
    bytes
}
