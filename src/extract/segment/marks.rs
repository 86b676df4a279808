//! Which rule applies to each node: one walk over the tree fills a dense table by node id. A node below
//! a stripped one is stripped for the same reason.

use crate::extract::rules::site::SiteRules;
use crate::extract::rules::{Group, Mark, Rules};
use crate::extract::segment::controls::Controls;
use crate::extract::segment::hidden::Hidden;
use crate::extract::segment::signs::{self, is_sign};
use crate::extract::segment::structural;
use crate::extract::segment::teasers::Teasers;
use crate::page::{Id, Tag, Tree};

/// A rule is not applied to an element that holds more than this share of the page's text, nor, if it is
/// not `certain`, to one with this share of the text that no `certain` rule strips.
const MOST_OF_THE_TEXT: f64 = 0.45;
/// On pages with less text than this many bytes, every rule applies.
const ENOUGH_TEXT: usize = 400;
/// The rules for menus. A menu holds fewer than this many pieces of prose…
const MENUS: [&str; 3] = ["nav", "menus", "page-header"];
const MENU_PROSE: usize = 3;
/// …or less than this fraction of the page's…
const MENU_SHARE: usize = 4;
/// …of this many bytes each outside of links.
const PROSE_BYTES: usize = 100;

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
            let gives_way = |rule| yields(rules, rule, bytes_of[id], bytes_of[0]);
            marks[id] = match (above, own[id]) {
                (_, Mark::Kept(_) | Mark::Site(_)) => own[id],
                // A menu in a box of links is a menu: what is certain stays so.
                (Mark::Rule(_), Mark::Rule(rule))
                    if rules.is_certain(own[id])
                        && !rules.is_certain(above)
                        && !gives_way(rule) =>
                {
                    own[id]
                }
                (Mark::Rule(_) | Mark::Site(_) | Mark::Kept(_), _) => above,
                (Mark::Free, Mark::Rule(rule))
                    if gives_way(rule)
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
            mark => rules.is_certain(mark),
        }
    }

    /// True if readers do not see the node, or a user's selector strips it: it is no part of the sentence
    /// around it.
    pub fn is_gone(&self, id: Id, rules: &Rules) -> bool {
        self.is_certain(id, rules)
            && matches!(self.group(id, rules), Some(Group::Hidden | Group::Site))
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

/// True if the rule's element holds most of the page's text, or is called a menu and holds prose.
fn yields(rules: &Rules, rule: u16, element: TextBytes, page: TextBytes) -> bool {
    let it = &rules.rules[usize::from(rule)];
    if it.structural {
        return false;
    }
    let is_menu = MENUS.contains(&it.name.as_str());
    if is_menu && element.prose >= MENU_PROSE && element.prose * MENU_SHARE >= page.prose {
        return true;
    }
    let is_most = |part: usize, total: usize| {
        total >= ENOUGH_TEXT && part as f64 > total as f64 * MOST_OF_THE_TEXT
    };
    if it.certain {
        return is_most(element.all, page.all);
    }
    // A wrapper of the article is one with the comments in it as well as without them.
    is_most(element.outside, page.outside) || is_most(element.unmarked, page.unmarked)
}

/// The first rule that matches each node itself; `html`, `head` and `body` are exempt.
fn own_marks(tree: &Tree<'_>, rules: &Rules, site: &SiteRules) -> Vec<Mark> {
    let mut own = vec![Mark::Free; tree.len()];
    let mut controls = Controls::new(tree);
    let (hidden, icons) = (Hidden::new(tree, rules), rules.number("icons"));
    let all = &rules.rules;
    let (rules, site) = (rules.index.on(tree), site.on(tree));
    for (id, mark) in own.iter_mut().enumerate() {
        if matches!(
            tree.tag(id),
            Tag::Root | Tag::Text | Tag::Html | Tag::Body | Tag::Head
        ) {
            continue;
        }
        if let Some(rule) = hidden
            .rule(id)
            .or_else(|| icons.filter(|_| is_sign(tree, id)))
        {
            *mark = Mark::Rule(rule);
        }
        rules.matches(id, |rule| {
            let rule = u16::try_from(rule).unwrap_or(u16::MAX);
            *mark = match *mark {
                Mark::Rule(known) if known <= rule => *mark,
                _ => Mark::Rule(rule),
            };
        });
        if let Mark::Rule(rule) = *mark {
            let group = all[usize::from(rule)].group;
            if group == Group::Controls && controls.is_text(id) {
                *mark = Mark::Free;
            } else if matches!(group, Group::Share | Group::Comments)
                && signs::is_number_at_edge(tree, id)
            {
                *mark = icons.map_or(*mark, Mark::Rule);
            }
        }
        site.mark(id, mark);
    }
    own
}

/// The text in a subtree: bytes, and pieces.
#[derive(Debug, Clone, Copy, Default)]
struct TextBytes {
    /// Of everything that is displayed.
    all: usize,
    /// Of what no `certain` rule with selectors strips.
    outside: usize,
    /// Of what no detector has found either.
    unmarked: usize,
    /// Pieces of prose.
    prose: usize,
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
            let bytes = tree.text_bytes(id);
            bytes_of[id] = TextBytes {
                all: bytes,
                outside: bytes,
                unmarked: bytes,
                prose: usize::from(bytes >= PROSE_BYTES && !is_linked(tree, id)),
            };
        }
        if rules.is_certain(own[id]) {
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
        above.prose += below.prose;
    }
    bytes_of
}

fn is_linked(tree: &Tree<'_>, text: Id) -> bool {
    let mut near = tree.ancestors(text).take(3);
    near.any(|id| tree.tag(id) == Tag::A)
}
