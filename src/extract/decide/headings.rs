//! Headings without text. A heading stays where text follows before the next heading of its own level or
//! a higher one, so that 'Part one' above the heading of its first chapter stays.

use crate::article::Role;
use crate::extract::decide::body::{BlockVerdict, Body};
use crate::extract::features::PageView;
use crate::extract::rules::Group;

/// The levels of headings in HTML, and 0 for those whose markup states none.
const LEVELS: usize = 7;

/// So many headings with numbers are the entries of a list, which may consist of pictures.
const ENTRIES: usize = 3;

/// A heading of this many characters may be a sentence.
const SENTENCE_CHARS: usize = 70;

/// What stands below a place in the page, read from the end.
#[derive(Debug, Default)]
struct Below {
    /// By level: text stands before the next heading of this level or a higher one.
    text: [bool; LEVELS],
    /// By level: a block that was dropped stands there.
    dropped: [bool; LEVELS],
    /// There is text further below.
    ends: bool,
}

impl Below {
    fn add_text(&mut self) {
        self.text = [true; LEVELS];
        self.ends = true;
    }

    /// A heading of this level ends the sections of its own and all lower levels.
    fn add_heading(&mut self, level: usize) {
        self.text[level..].fill(false);
        self.dropped[level..].fill(false);
    }

    /// True where a heading of this level has no text: nothing follows, or all that follows was dropped.
    /// Two headings in a row are a heading and its second line.
    fn is_bare(&self, level: usize) -> bool {
        !self.ends || !self.text[level] && self.dropped[level]
    }
}

/// Drops headings whose text was dropped, and those after the last text.
pub fn drop_without_text(view: &PageView<'_, '_>, body: &mut Body) {
    let has_entries = body.kept().filter(|&it| is_entry(view, body, it)).count() >= ENTRIES;
    let mut below = Below::default();
    for block in (0..body.verdicts.len()).rev() {
        let verdict = body.verdicts[block];
        if !verdict.is_kept() {
            if may_be_its_text(view, block, verdict) {
                below.dropped = [true; LEVELS];
            }
            continue;
        }
        if body.roles[block] != Role::Heading || below.ends && says_sentence(view, block) {
            below.add_text();
            continue;
        }
        let level = usize::from(view.blocks.list[block].level).min(LEVELS - 1);
        let is_entry = has_entries && is_entry(view, body, block);
        if below.is_bare(level) && !verdict.is_selected() && !is_entry {
            body.verdicts[block] = BlockVerdict::EmptyHeading;
        }
        below.add_heading(level);
    }
}

/// True for a heading with a number, as in '25. The oak'.
fn is_entry(view: &PageView<'_, '_>, body: &Body, block: usize) -> bool {
    let text = view.blocks.text(block).trim_start_matches('#');
    let rest = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = text.len() - rest.len();
    body.roles[block] == Role::Heading
        && (1..=3).contains(&digits)
        && rest.starts_with(['.', ')', ':'])
        && rest.contains(char::is_alphabetic)
}

/// True for a heading that is text itself: some pages set every paragraph as a heading.
fn says_sentence(view: &PageView<'_, '_>, block: usize) -> bool {
    let text = view.blocks.text(block);
    view.blocks.list[block].chars >= SENTENCE_CHARS
        && text.ends_with(['.', '!', '…', '。', '”', '"'])
}

/// True for a dropped block that may be the text of a heading above it: advertisements, controls and what
/// readers do not see only interrupt a text.
fn may_be_its_text(view: &PageView<'_, '_>, block: usize, verdict: BlockVerdict) -> bool {
    let interrupts = matches!(
        view.marks.group(view.blocks.list[block].first, view.rules),
        Some(
            Group::Hidden
                | Group::Ads
                | Group::Share
                | Group::Controls
                | Group::Byline
                | Group::Caption
        )
    );
    !interrupts && !matches!(verdict, BlockVerdict::Byline | BlockVerdict::Headline)
}
