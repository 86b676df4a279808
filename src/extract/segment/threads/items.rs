//! Elements that may be comments, in groups of one kind: the same tag and class inside the same. Each has a time
//! or a button to answer.

use std::collections::HashMap;

use foldhash::fast::RandomState;

use crate::extract::segment::structural::Layout;
use crate::extract::segment::threads::signals::Signals;
use crate::extract::segment::threads::words::Naming;
use crate::page::{Id, Tag, Tree};

/// Comments of a thread without a name, at least.
pub(super) const FEWEST: usize = 3;
/// Groups looked at, the largest first: each costs a walk over the children of one element.
const GROUPS: usize = 24;
/// A name has at most this many bytes and words.
const NAME: usize = 60;
const NAME_WORDS: usize = 5;
/// Nodes of an item that are searched for its first text.
const NODES: usize = 24;
/// Classes that alternate between the items of a list.
const ALTERNATING: [&str; 8] = [
    "odd", "even", "alt", "first", "last", "gray", "grey", "white",
];

/// Elements of one kind.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Group {
    pub(super) first: Id,
    pub(super) last: Id,
    /// Number of elements.
    pub(super) items: usize,
    /// Those with a time.
    pub(super) timed: usize,
    /// Those with something like a name.
    pub(super) signed: usize,
    /// Those with the picture or the profile of a user.
    pub(super) users: usize,
    /// Those that are named after comments.
    pub(super) named: usize,
    /// Those with a button to answer.
    pub(super) answered: usize,
    /// Those with a vote.
    pub(super) voted: usize,
    /// The text in them, in bytes.
    pub(super) text: usize,
}

/// The largest groups of a page.
pub(super) fn groups(layout: &Layout<'_, '_>, signals: &Signals) -> Vec<Group> {
    let tree = layout.tree;
    let kinds: Vec<u64> = tree.classes().iter().map(|class| kind_of(class)).collect();
    let key = |id: Id| (tree.tag(id), tree.class(id).map(|class| kinds[class]));
    let mut groups: HashMap<_, Group, RandomState> = HashMap::default();
    for id in 1..tree.len() {
        if !may_be_item(layout, signals, id) {
            continue;
        }
        let group = groups
            .entry((key(id), key(tree.parent(id))))
            .or_insert(Group {
                first: id,
                last: id,
                ..Group::default()
            });
        // What stands inside another item of its kind is counted with it.
        if group.items == 0 || id >= tree.end(group.last) {
            add(group, layout, signals, id);
        }
    }
    let mut groups: Vec<_> = groups
        .into_values()
        .filter(|group| group.items >= FEWEST)
        .collect();
    groups.sort_by_key(|group| (std::cmp::Reverse(group.items), group.first));
    groups.truncate(GROUPS);
    groups
}

fn may_be_item(layout: &Layout<'_, '_>, signals: &Signals, id: Id) -> bool {
    let tag = layout.tree.tag(id);
    if !(tag.is_block() || tag == Tag::Other)
        || matches!(tag, Tag::Html | Tag::Body | Tag::Head | Tag::Main)
    {
        return false;
    }
    let count = signals.between(id, layout.tree.end(id));
    let text = layout.of(id);
    count.times + count.actions > 0
        && text.headlines == 0
        && text.all > 0
        && text.linked * 5 <= text.all * 4
}

fn add(group: &mut Group, layout: &Layout<'_, '_>, signals: &Signals, id: Id) {
    let count = signals.between(id, layout.tree.end(id));
    group.last = id;
    group.items += 1;
    group.timed += usize::from(count.times > 0);
    group.users += usize::from(count.authors > 0);
    group.signed += usize::from(count.authors > 0 || begins_with_name(layout.tree, id));
    group.named += usize::from(signals.namings[id] != Naming::None);
    group.answered += usize::from(count.actions > 0);
    group.voted += usize::from(count.votes > 0);
    group.text += layout.of(id).all;
}

/// True if the first text of an element may be a name.
fn begins_with_name(tree: &Tree<'_>, id: Id) -> bool {
    let nodes = tree.descendants(id).take(NODES);
    let mut texts = nodes
        .filter_map(|below| tree.own_text(below))
        .map(str::trim);
    texts.find(|text| !text.is_empty()).is_some_and(|text| {
        text.len() <= NAME
            && text.split_whitespace().count() <= NAME_WORDS
            && !text.ends_with(['.', '!', '?', '。', '！', '？'])
    })
}

/// A number for a class value: its first class without digits, leaving out those that alternate.
fn kind_of(class: &str) -> u64 {
    let mut names = class.split_ascii_whitespace();
    let name = names
        .find(|name| !ALTERNATING.contains(name))
        .unwrap_or_default();
    let letters = name.bytes().filter(|byte| !byte.is_ascii_digit());
    letters.fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}
