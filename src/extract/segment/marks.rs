//! Which rule applies to each node: one walk over the tree fills a dense table by node id. A node below
//! a stripped one is stripped for the same reason.

use crate::extract::rules::site::SiteRules;
use crate::extract::rules::{Group, Mark, Rules};
use crate::extract::segment::controls::Controls;
use crate::extract::segment::structural;
use crate::extract::segment::teasers::Teasers;
use crate::page::{Id, Tag, Tree};

/// A rule is not applied to an element that holds more than this share of the page's text, nor, if it is
/// not `certain`, to one with this share of the text that no `certain` rule strips.
const MOST_OF_THE_TEXT: f64 = 0.45;
/// On pages with less text than this many bytes, every rule applies.
const ENOUGH_TEXT: usize = 400;

/// The marks, by node.
#[derive(Debug)]
pub struct Marks {
    marks: Vec<Mark>,
}

impl Marks {
    /// Matches the rules against every node.
    pub fn new(tree: &Tree<'_>, rules: &Rules, site: &SiteRules) -> Marks {
        let mut own = own_marks(tree, rules, site);
        apply_structural(tree, rules, &mut own);
        let bytes_of = text_bytes(tree, rules, &own);
        let mut teasers = Teasers::new(tree, &own);
        let mut marks = vec![Mark::Free; tree.len()];
        for id in 1..tree.len() {
            let above = marks[tree.parent(id)];
            marks[id] = match (above, own[id]) {
                (_, Mark::Kept(_)) => own[id],
                // Inside an element that may be stripped, a rule that is certain still is.
                (Mark::Rule(_), Mark::Rule(rule))
                    if is_certain(rules, own[id])
                        && !is_certain(rules, above)
                        && !yields(rules, rule, bytes_of[id], bytes_of[0]) =>
                {
                    own[id]
                }
                (Mark::Rule(_) | Mark::Site(_), _) => above,
                (_, Mark::Site(_)) => own[id],
                (Mark::Kept(_), _) => above,
                (Mark::Free, Mark::Rule(rule))
                    if yields(rules, rule, bytes_of[id], bytes_of[0])
                        && !(rules.rules[usize::from(rule)].group == Group::Related
                            && teasers.stand_next_to_a_text(id)) =>
                {
                    Mark::Free
                }
                (Mark::Free, mark) => mark,
            };
        }
        Marks { marks }
    }

    /// The mark of a node.
    pub fn of(&self, id: Id) -> Mark {
        self.marks[id]
    }

    /// True if the node is stripped.
    pub fn is_stripped(&self, id: Id) -> bool {
        matches!(self.marks[id], Mark::Rule(_) | Mark::Site(_))
    }

    /// True if a `certain` rule or a user's selector strips the node.
    pub fn is_certain(&self, id: Id, rules: &Rules) -> bool {
        match self.marks[id] {
            Mark::Site(_) => true,
            mark => is_certain(rules, mark),
        }
    }

    /// The group of the rule that strips the node.
    pub fn group(&self, id: Id, rules: &Rules) -> Option<Group> {
        match self.marks[id] {
            Mark::Rule(rule) => Some(rules.rules[usize::from(rule)].group),
            Mark::Site(_) => Some(Group::Site),
            Mark::Free | Mark::Kept(_) => None,
        }
    }
}

fn is_certain(rules: &Rules, mark: Mark) -> bool {
    matches!(mark, Mark::Rule(rule) if rules.rules[usize::from(rule)].certain)
}

fn is_structural(rules: &Rules, mark: Mark) -> bool {
    matches!(mark, Mark::Rule(rule) if rules.rules[usize::from(rule)].structural)
}

/// Marks what structural detectors find. Where they and selectors both find an element, the detector
/// decides: it has seen more of the page. Users' selectors stand above both.
fn apply_structural(tree: &Tree<'_>, rules: &Rules, own: &mut [Mark]) {
    for (id, rule) in structural::find(tree, rules, own) {
        if matches!(own[id], Mark::Free | Mark::Rule(_)) {
            own[id] = Mark::Rule(rule);
        }
    }
}

/// True if the rule's element holds most of the page's text.
fn yields(rules: &Rules, rule: u16, element: TextBytes, page: TextBytes) -> bool {
    if rules.rules[usize::from(rule)].structural {
        return false;
    }
    let is_most = |part: usize, total: usize| {
        total >= ENOUGH_TEXT && part as f64 > total as f64 * MOST_OF_THE_TEXT
    };
    if rules.rules[usize::from(rule)].certain {
        return is_most(element.all, page.all);
    }
    // A wrapper of the article is one with the comments in it as well as without them.
    is_most(element.outside, page.outside) || is_most(element.unmarked, page.unmarked)
}

/// The first rule that matches each node itself; `html`, `head` and `body` are exempt.
fn own_marks(tree: &Tree<'_>, rules: &Rules, site: &SiteRules) -> Vec<Mark> {
    let mut own = vec![Mark::Free; tree.len()];
    let mut controls = Controls::new(tree);
    let all = &rules.rules;
    let (rules, site) = (rules.index.on(tree), site.on(tree));
    for (id, mark) in own.iter_mut().enumerate() {
        if matches!(
            tree.tag(id),
            Tag::Root | Tag::Text | Tag::Html | Tag::Body | Tag::Head
        ) {
            continue;
        }
        rules.matches(id, |rule| {
            let rule = u16::try_from(rule).unwrap_or(u16::MAX);
            *mark = match *mark {
                Mark::Rule(known) if known <= rule => *mark,
                _ => Mark::Rule(rule),
            };
        });
        let is_control = |mark: Mark| matches!(mark, Mark::Rule(rule) if all[usize::from(rule)].group == Group::Controls);
        if is_control(*mark) && controls.is_text(id) {
            *mark = Mark::Free;
        }
        site.mark(id, mark);
    }
    own
}

/// Bytes of text in a subtree.
#[derive(Debug, Clone, Copy, Default)]
struct TextBytes {
    /// Of everything that is displayed.
    all: usize,
    /// Of what no `certain` rule with selectors strips.
    outside: usize,
    /// Of what no detector has found either.
    unmarked: usize,
}

/// The amount of text of each subtree.
fn text_bytes(tree: &Tree<'_>, rules: &Rules, own: &[Mark]) -> Vec<TextBytes> {
    let mut bytes_of = vec![TextBytes::default(); tree.len()];
    for id in (1..tree.len()).rev() {
        let tag = tree.tag(id);
        if matches!(tag, Tag::Script | Tag::Head | Tag::Template) {
            continue;
        }
        if tag == Tag::Text {
            let bytes = tree.own_text(id).map_or(0, |text| text.trim().len());
            bytes_of[id] = TextBytes {
                all: bytes,
                outside: bytes,
                unmarked: bytes,
            };
        }
        if is_certain(rules, own[id]) {
            bytes_of[id].unmarked = 0;
            if !is_structural(rules, own[id]) {
                bytes_of[id].outside = 0;
            }
        }
        let below = bytes_of[id];
        let above = &mut bytes_of[tree.parent(id)];
        above.all += below.all;
        above.outside += below.outside;
        above.unmarked += below.unmarked;
    }
    bytes_of
}
