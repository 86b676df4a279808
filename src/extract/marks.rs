//! What the rules say of each node: one walk over the tree, one byte-sized verdict a node, in a
//! dense table beside it. A node below a stripped one is stripped for the same reason.

use super::SiteRules;
use super::rules::{Group, Rules};
use crate::page::{Id, Tag, Tree};

/// A rule yields when its element holds more than this share of the page's text that no `certain`
/// rule strips.
const MOST_OF_THE_TEXT: f64 = 0.45;
/// Pages with less text than this many characters have no 'most'.
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

/// Which rules are asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strictness {
    /// All.
    All,
    /// Those that can hardly be wrong, for pages where the others took the article.
    Certain,
}

/// The verdicts, by node.
#[derive(Debug)]
pub struct Marks {
    marks: Vec<Mark>,
}

impl Marks {
    /// Matches the rules against every node, or only the certain ones.
    pub fn new(tree: &Tree<'_>, rules: &Rules, site: &SiteRules, strictness: Strictness) -> Marks {
        let own = own_marks(tree, rules, site, strictness);
        let chars = text_chars(tree, &own, rules);
        let total = chars[0];
        let mut marks = vec![Mark::Free; tree.len()];
        for id in 1..tree.len() {
            let above = marks[tree.parent(id)];
            marks[id] = match (above, own[id]) {
                (_, Mark::Kept) => Mark::Kept,
                (Mark::Rule(_) | Mark::Site, _) => above,
                (_, Mark::Site) => Mark::Site,
                (Mark::Kept, _) => Mark::Kept,
                (Mark::Free, Mark::Rule(rule)) if yields(rules, rule, chars[id], total) => {
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

    /// The group of the rule that strips the node.
    pub fn group(&self, id: Id, rules: &Rules) -> Option<Group> {
        match self.marks[id] {
            Mark::Rule(rule) => Some(rules.rules[usize::from(rule)].group),
            Mark::Site => Some(Group::Site),
            Mark::Free | Mark::Kept => None,
        }
    }
}

fn yields(rules: &Rules, rule: u16, chars: usize, total: usize) -> bool {
    !rules.rules[usize::from(rule)].certain
        && total >= ENOUGH_TEXT
        && chars as f64 > total as f64 * MOST_OF_THE_TEXT
}

/// The first rule that matches each node itself; the page's frame is out of their reach.
fn own_marks(
    tree: &Tree<'_>,
    rules: &Rules,
    site: &SiteRules,
    strictness: Strictness,
) -> Vec<Mark> {
    let mut own = vec![Mark::Free; tree.len()];
    for (id, mark) in own.iter_mut().enumerate() {
        if matches!(
            tree.tag(id),
            Tag::Root | Tag::Text | Tag::Html | Tag::Body | Tag::Head
        ) {
            continue;
        }
        rules.index.matches(tree, id, |rule| {
            if strictness == Strictness::Certain && !rules.rules[rule].certain {
                return;
            }
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

/// Characters of text in each subtree, leaving out what a `certain` rule strips.
fn text_chars(tree: &Tree<'_>, own: &[Mark], rules: &Rules) -> Vec<usize> {
    let mut chars = vec![0; tree.len()];
    for id in (0..tree.len()).rev() {
        let certain = matches!(own[id], Mark::Rule(rule) if rules.rules[usize::from(rule)].certain);
        if certain || matches!(tree.tag(id), Tag::Script | Tag::Head | Tag::Template) {
            chars[id] = 0;
            continue;
        }
        if let Some(text) = tree.own_text(id) {
            chars[id] = text.chars().filter(|c| !c.is_whitespace()).count();
        }
        if id != 0 {
            let sum = chars[id];
            chars[tree.parent(id)] += sum;
        }
    }
    chars
}
