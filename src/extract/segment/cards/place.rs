//! Where cards stand: apart from the text, in its flow, or between two parts of it.

use crate::extract::segment::cards::runs::Run;
use crate::extract::segment::cards::sums::Sums;
use crate::extract::segment::structural::Layout;
use crate::page::{Id, Tag, Tree};

/// A shorter paragraph is a label.
const PARAGRAPH: u32 = 80;

/// Where a run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// In an element of its own, outside the text.
    Apart,
    /// Next to a paragraph of text, at the end or the beginning.
    Flow,
    /// Between two paragraphs of text.
    Between,
}

/// The paragraphs of a page that are in no card.
pub(super) struct Prose {
    paragraphs: Vec<Id>,
    width: u32,
}

impl Prose {
    /// Finds the paragraphs outside `runs` and outside what certain rules strip.
    pub(super) fn new(layout: &Layout<'_, '_>, sums: &Sums, runs: &[Run]) -> Prose {
        let tree = layout.tree;
        let mut is_card = vec![false; tree.len()];
        for &id in runs
            .iter()
            .filter(|run| run.targets > 1)
            .flat_map(|run| &run.members)
        {
            is_card[id] = true;
        }
        let (mut paragraphs, mut width, mut skipped) = (Vec::new(), 0, 0);
        for (id, &is_card) in is_card.iter().enumerate().skip(1) {
            let is_frame = matches!(tree.tag(id), Tag::Footer | Tag::Aside | Tag::Nav);
            if is_card || is_frame || layout.is_certain(id) {
                skipped = skipped.max(tree.end(id));
            }
            let own = &sums.own[id];
            if id >= skipped && own.is_prose(PARAGRAPH) {
                paragraphs.push(id);
                width += own.unlinked();
            }
        }
        Prose { paragraphs, width }
    }

    /// The width of all of them.
    pub(super) fn all(&self) -> u32 {
        self.width
    }

    /// Where a run stands: next to paragraphs that are siblings of the largest element around it that has
    /// no paragraph in it.
    pub(super) fn place(&self, tree: &Tree<'_>, run: &Run) -> Place {
        let (Some(&first), Some(&last)) = (run.members.first(), run.members.last()) else {
            return Place::Apart;
        };
        let (mut from, mut to, mut above) = (first, tree.end(last), tree.parent(first));
        while above != 0 && !self.any_within(above, tree.end(above)) {
            (from, to) = (above, tree.end(above));
            above = tree.parent(above);
        }
        let before = self.paragraphs.partition_point(|&it| it < from);
        let after = self.paragraphs.partition_point(|&it| it < to);
        let is_sibling =
            |at: Option<&Id>| at.is_some_and(|&it| it == above || tree.parent(it) == above);
        let comes_before = before > 0 && is_sibling(self.paragraphs.get(before - 1));
        match (comes_before, is_sibling(self.paragraphs.get(after))) {
            (true, true) => Place::Between,
            (false, false) => Place::Apart,
            _ => Place::Flow,
        }
    }

    fn any_within(&self, from: Id, to: Id) -> bool {
        let at = self.paragraphs.partition_point(|&it| it < from);
        self.paragraphs.get(at).is_some_and(|&it| it < to)
    }
}
