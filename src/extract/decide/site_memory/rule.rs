//! Decides which blocks a memory shows to be boilerplate. The rule errs on the side of keeping: agencies
//! repeat whole paragraphs of background, and a story that is continued at a new address repeats most of
//! itself.

use crate::extract::decide::site_memory::fingerprint::{BlockFingerprint, Form, PageFingerprint};
use crate::extract::decide::site_memory::{Occurrences, SiteMemory};

/// A block of any role must occur in this many other articles…
const MANY: u32 = 3;
/// …which must be this share of the articles since, on a path of the template and at the beginning or the end of
/// the text…
pub(super) const SHARE_AT_EDGES: f64 = 0.4;
/// …and this share between paragraphs that are new.
pub(super) const SHARE_WITHIN: f64 = 0.75;
/// Longer paragraphs between new ones may be the background of a running story…
const LONG: u32 = 240;
/// …unless this many articles have come since.
const LONG_OF: u32 = 8;
/// Where a path holds more than this share of a page's text, or more would be dropped, it is not
/// boilerplate: the page continues a known story, or is written to a pattern.
const MOST: f64 = 1.0 / 3.0;

/// For each block of the fingerprint, how often it was seen, if it is boilerplate.
pub(in crate::extract) fn boilerplate(
    memory: &SiteMemory,
    fingerprint: &PageFingerprint,
) -> Vec<Option<Occurrences>> {
    let page = PageInMemory::new(memory, fingerprint);
    let numbers = 0..fingerprint.blocks.len();
    let by_template: Vec<Option<Occurrences>> =
        numbers.clone().map(|at| page.by_template(at)).collect();
    let either = |at: usize| by_template[at].or_else(|| page.by_repetition(at));
    let mut against: Vec<Option<Occurrences>> = numbers.map(either).collect();
    page.spare_partial_lists(&mut against);
    let dropped = page.chars(|at| by_template[at].is_none() && against[at].is_some());
    if page.is_most(dropped) {
        for (seen, by_template) in against.iter_mut().zip(&by_template) {
            *seen = seen.and(*by_template);
        }
    }
    page.drop_labels(&mut against);
    if page.is_all(&against) {
        against.fill(None);
    }
    against
}

/// A page, compared with the memory of its site.
struct PageInMemory<'m> {
    memory: &'m SiteMemory,
    blocks: &'m [BlockFingerprint],
    is_known: bool,
    /// By block: how often its text occurs in other articles.
    texts: Vec<Occurrences>,
    /// Number of letters and digits in blocks of text.
    all: u32,
    /// The first and the last block of new text.
    new: Option<(usize, usize)>,
}

impl<'m> PageInMemory<'m> {
    fn new(memory: &'m SiteMemory, fingerprint: &'m PageFingerprint) -> PageInMemory<'m> {
        let blocks = &fingerprint.blocks;
        let is_known = memory.knows(fingerprint);
        let texts: Vec<Occurrences> = blocks
            .iter()
            .map(|it| memory.occurrences(it.text, is_known))
            .collect();
        let is_new = |&at: &usize| blocks[at].is_text && texts[at].count == 0;
        let first = (0..blocks.len()).find(is_new);
        let last = (0..blocks.len()).rfind(is_new);
        let mut page = PageInMemory {
            memory,
            blocks,
            is_known,
            texts,
            all: 0,
            new: first.zip(last),
        };
        page.all = page.chars(|_| true);
        page
    }

    /// Dropped because its path belongs to the template: its text occurs there in many articles, and hardly
    /// anything else does.
    fn by_template(&self, at: usize) -> Option<Occurrences> {
        let block = &self.blocks[at];
        let is_of_template = || {
            let on_path = self.chars(|at| self.blocks[at].path == block.path);
            self.memory.is_of_template(block.path) && !self.is_most(on_path)
        };
        if block.form == Form::Label || !is_of_template() {
            return None;
        }
        let seen = self.memory.occurrences(block.pattern, self.is_known);
        is_often(seen, SHARE_AT_EDGES).then_some(seen)
    }

    /// Dropped because the same text occurs in too many articles.
    fn by_repetition(&self, at: usize) -> Option<Occurrences> {
        let block = &self.blocks[at];
        let seen = match block.form {
            Form::Label => return None,
            Form::Pointer => self.memory.occurrences(block.pattern, self.is_known),
            Form::Prose | Form::Item(_) => self.texts[at],
        };
        let is_within = self
            .new
            .is_some_and(|(first, last)| first < at && at < last);
        let share = if is_within && block.form != Form::Pointer {
            SHARE_WITHIN
        } else {
            SHARE_AT_EDGES
        };
        let is_background = is_within && block.chars > LONG && seen.of < LONG_OF;
        (is_often(seen, share) && !is_background).then_some(seen)
    }

    /// Keeps lists of which an item is kept: one ingredient of a recipe occurs in many recipes.
    fn spare_partial_lists(&self, against: &mut [Option<Occurrences>]) {
        let mut from = 0;
        while from < self.blocks.len() {
            let form = self.blocks[from].form;
            let same = self.blocks[from..].iter().take_while(|it| it.form == form);
            let to = from + same.count().max(1);
            if matches!(form, Form::Item(_)) && against[from..to].iter().any(Option::is_none) {
                against[from..to].fill(None);
            }
            from = to;
        }
    }

    /// Drops labels with the block below them.
    fn drop_labels(&self, against: &mut [Option<Occurrences>]) {
        for at in (0..self.blocks.len()).rev() {
            let is_label = self.blocks[at].form == Form::Label;
            let is_followed = self.blocks.get(at + 1).is_some() && against[at + 1].is_none();
            if is_label && !is_followed && is_often(self.texts[at], SHARE_AT_EDGES) {
                against[at] = Some(self.texts[at]);
            }
        }
    }

    fn is_most(&self, chars: u32) -> bool {
        f64::from(chars) > MOST * f64::from(self.all)
    }

    fn is_all(&self, against: &[Option<Occurrences>]) -> bool {
        self.chars(|at| against[at].is_none() && self.blocks[at].form != Form::Label) == 0
    }

    /// Number of letters and digits in these blocks of text.
    fn chars(&self, of: impl Fn(usize) -> bool) -> u32 {
        let chosen = self.blocks.iter().enumerate();
        chosen
            .filter(|(at, block)| block.is_text && of(*at))
            .fold(0, |chars, (_, block)| chars.saturating_add(block.chars))
    }
}

/// True for what occurs in many other articles, and in this share of those since the first.
pub(super) fn is_often(seen: Occurrences, share: f64) -> bool {
    seen.count >= MANY && f64::from(seen.count) >= share * f64::from(seen.of)
}
