//! The rule that decides what a host's articles have shown to be no text of an article. It errs on the
//! side of keeping: agencies repeat whole paragraphs of background, and a story that is told on at a
//! new address repeats most of itself.

use crate::extract::decide::site_memory::fingerprint::{BlockFingerprint, Form, PageFingerprint};
use crate::extract::decide::site_memory::{Occurrences, SiteMemory};

/// Fewer other articles prove nothing…
const SEVERAL: u32 = 2;
/// …and where articles' own text stands, so many are needed…
const MANY: u32 = 3;
/// …with this share of the articles since, at the beginning or the end of the text…
const SHARE_AT_EDGES: f64 = 0.4;
/// …and this one between paragraphs that are new.
const SHARE_WITHIN: f64 = 0.75;
/// Longer paragraphs there may be the background of a running story…
const LONG: u32 = 240;
/// …unless so many articles have come since.
const LONG_OF: u32 = 8;
/// Where more of a page's text than this share stands, or would go, it is no boilerplate: the page
/// tells a known story on, or is written to a pattern.
const MOST: f64 = 1.0 / 3.0;

/// What the memory holds against each block of a page, by its place; `None` where nothing.
pub(in crate::extract) fn seen(
    memory: &SiteMemory,
    fingerprint: &PageFingerprint,
) -> Vec<Option<Occurrences>> {
    let judge = Judge::new(memory, fingerprint);
    let places = 0..fingerprint.blocks.len();
    let by_template: Vec<Option<Occurrences>> =
        places.clone().map(|at| judge.by_template(at)).collect();
    let either = |at: usize| by_template[at].or_else(|| judge.by_repetition(at));
    let mut against: Vec<Option<Occurrences>> = places.map(either).collect();
    judge.whole_lists(&mut against);
    let going = judge.chars(|at| by_template[at].is_none() && against[at].is_some());
    if judge.is_most(going) {
        for (sightings, by_template) in against.iter_mut().zip(&by_template) {
            *sightings = sightings.and(*by_template);
        }
    }
    judge.labels(&mut against);
    if judge.is_all(&against) {
        against.fill(None);
    }
    against
}

/// A page before its memory.
struct Judge<'m> {
    memory: &'m SiteMemory,
    blocks: &'m [BlockFingerprint],
    is_known: bool,
    /// By block: how often its text was seen.
    texts: Vec<Occurrences>,
    /// Letters and digits of all blocks of text.
    all: u32,
    /// The first and the last block of text that is new here.
    new: Option<(usize, usize)>,
}

impl<'m> Judge<'m> {
    fn new(memory: &'m SiteMemory, fingerprint: &'m PageFingerprint) -> Judge<'m> {
        let blocks = &fingerprint.blocks;
        let is_known = memory.knows(fingerprint);
        let texts: Vec<Occurrences> = blocks
            .iter()
            .map(|it| memory.sightings(it.text, is_known))
            .collect();
        let is_new = |&at: &usize| blocks[at].is_text && texts[at].count == 0;
        let first = (0..blocks.len()).find(is_new);
        let last = (0..blocks.len()).rfind(is_new);
        let mut judge = Judge {
            memory,
            blocks,
            is_known,
            texts,
            all: 0,
            new: first.zip(last),
        };
        judge.all = judge.chars(|_| true);
        judge
    }

    /// Something of this shape stood at this place of several articles, and hardly anything else.
    fn by_template(&self, at: usize) -> Option<Occurrences> {
        let block = &self.blocks[at];
        let is_of_template = || {
            let there = self.chars(|at| self.blocks[at].path == block.path);
            self.memory.is_of_template(block.path) && !self.is_most(there)
        };
        if block.form == Form::Label || !is_of_template() {
            return None;
        }
        let seen = self.memory.sightings(block.shape, self.is_known);
        (seen.count >= SEVERAL).then_some(seen)
    }

    /// The same stood where articles' text stands, in too many of them.
    fn by_repetition(&self, at: usize) -> Option<Occurrences> {
        let block = &self.blocks[at];
        let seen = match block.form {
            Form::Label => return None,
            Form::Pointer => self.memory.sightings(block.shape, self.is_known),
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
        let enough = seen.count >= MANY && f64::from(seen.count) >= share * f64::from(seen.of);
        (enough && !is_background).then_some(seen)
    }

    /// Lists go as wholes: one ingredient of a dish is one of many.
    fn whole_lists(&self, against: &mut [Option<Occurrences>]) {
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

    /// A label goes with what it stands above.
    fn labels(&self, against: &mut [Option<Occurrences>]) {
        for at in (0..self.blocks.len()).rev() {
            let is_label = self.blocks[at].form == Form::Label;
            let goes_on = self.blocks.get(at + 1).is_some() && against[at + 1].is_none();
            if is_label && !goes_on && self.texts[at].count >= SEVERAL {
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

    /// Letters and digits of these blocks of text.
    fn chars(&self, of: impl Fn(usize) -> bool) -> u32 {
        let chosen = self.blocks.iter().enumerate();
        chosen
            .filter(|(at, block)| block.is_text && of(*at))
            .fold(0, |chars, (_, block)| chars.saturating_add(block.chars))
    }
}
