//! Detectors: they find what no selector can, because the names of elements are generated, or because the
//! rest of the page decides. Each is a function in a module of its own that looks at the page's [`Layout`]
//! and names the elements it has found, each with a rule of the packs that is marked `structural`. It must be
//! linear in the page.

use crate::extract::rules::{Mark, Rules};
use crate::extract::segment::{cards, counters, mail_fields, threads};
use crate::page::{Id, Tag, Tree};

/// An element that a detector has found, and the name of the rule that applies.
pub(super) type Found = (Id, &'static str);

/// Looks at a page and adds what it finds.
type Detector = fn(&Layout<'_, '_>, &mut Vec<Found>);

/// Every detector; where two find the same element, the later one decides.
const DETECTORS: &[Detector] = &[
    cards::find,
    counters::find,
    mail_fields::find,
    threads::find,
];

/// Shorter texts are labels, not prose, in bytes.
const PROSE: usize = 60;

/// What detectors see of a page: the tree, and the amount of text of any range of nodes.
pub(super) struct Layout<'a, 'p> {
    pub(super) tree: &'a Tree<'p>,
    /// The rules, and what they mark by selectors.
    pub(super) rules: &'a Rules,
    own: &'a [Mark],
    /// Amounts up to each node; one more than there are nodes.
    sums: Vec<Amount>,
}

/// What a range of nodes holds: bytes of displayed text, and elements.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Amount {
    /// All text.
    pub(super) all: usize,
    /// Text in links.
    pub(super) linked: usize,
    /// Texts outside links and outside what `certain` rules mark that are long enough for a sentence.
    pub(super) prose: usize,
    /// Elements that hold the headline or are declared to hold the body.
    pub(super) headlines: usize,
}

impl<'a, 'p> Layout<'a, 'p> {
    fn new(tree: &'a Tree<'p>, rules: &'a Rules, own: &'a [Mark]) -> Layout<'a, 'p> {
        let mut layout = Layout {
            tree,
            rules,
            own,
            sums: texts(tree),
        };
        layout.add_prose();
        layout
    }

    /// True for an element that a selector of a certain rule matches.
    pub(super) fn is_certain(&self, id: Id) -> bool {
        self.rules.is_certain(self.own[id])
    }

    /// Counts the prose outside the elements that are certainly stripped.
    fn add_prose(&mut self) {
        let (mut prose, mut aside_end) = (0, 0);
        for (id, mark) in self.own.iter().enumerate() {
            self.sums[id].prose = prose;
            if self.is_certain(id) || matches!(mark, Mark::Site(_)) {
                aside_end = aside_end.max(self.tree.end(id));
            }
            let text = self.between(id, id + 1);
            let is_prose = text.all >= PROSE && text.linked == 0 && id >= aside_end;
            prose += if is_prose { text.all } else { 0 };
        }
        if let Some(last) = self.sums.last_mut() {
            last.prose = prose;
        }
    }

    /// The text of an element.
    pub(super) fn of(&self, id: Id) -> Amount {
        self.between(id, self.tree.end(id))
    }

    /// The text of the nodes from one up to another.
    pub(super) fn between(&self, from: Id, to: Id) -> Amount {
        let (before, after) = (self.sums[from], self.sums[to]);
        Amount {
            all: after.all - before.all,
            linked: after.linked - before.linked,
            prose: after.prose.saturating_sub(before.prose),
            headlines: after.headlines - before.headlines,
        }
    }
}

/// The amounts of all text, linked text and headlines up to each node.
fn texts(tree: &Tree<'_>) -> Vec<Amount> {
    let mut sums = Vec::with_capacity(tree.len() + 1);
    let (mut sum, mut hidden_end, mut link_end) = (Amount::default(), 0, 0);
    for id in 0..tree.len() {
        sums.push(sum);
        match tree.tag(id) {
            Tag::Script | Tag::Style | Tag::Head | Tag::Template => {
                hidden_end = hidden_end.max(tree.end(id));
            }
            Tag::A if tree.attr(id, "href").is_some() => link_end = link_end.max(tree.end(id)),
            Tag::H1 | Tag::Main => sum.headlines += 1,
            Tag::Text if id >= hidden_end => {
                let bytes = tree.text_bytes(id);
                sum.all += bytes;
                sum.linked += if id < link_end { bytes } else { 0 };
            }
            _ if tree.attr(id, "itemprop") == Some("articleBody") => sum.headlines += 1,
            _ => {}
        }
    }
    sums.push(sum);
    sums
}

/// Every element that a detector finds, with the number of its rule.
pub(super) fn find(tree: &Tree<'_>, rules: &Rules, own: &[Mark]) -> Vec<(Id, u16)> {
    let layout = Layout::new(tree, rules, own);
    let mut found = Vec::new();
    for detector in DETECTORS {
        detector(&layout, &mut found);
    }
    let numbered = found.into_iter();
    let numbered = numbered.filter_map(|(id, name)| Some((id, rules.structural(name)?)));
    numbered.collect()
}
