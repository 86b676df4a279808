//! The lines that end a page below its article: copyright, reuse, 'Back to top', the previous and the next
//! article. The scorer keeps some of them where they stand in the article's own element. Only the last blocks of the
//! text count: an article may quote any of them.

use crate::article::Role;
use crate::extract::decide::body::{BlockVerdict, Body};
use crate::extract::features::PageView;

/// The phrases in `rules/phrases.toml` that end a page.
const PHRASES: [&str; 2] = ["legal line", "page end"];
/// Lines at the end that are looked at.
const LINES: usize = 10;
/// The longest of them, in characters.
const CHARS: usize = 450;

/// Drops the lines at the end of the text that end the page.
pub(super) fn drop_page_end(view: &PageView<'_, '_>, body: &mut Body) {
    let kept: Vec<usize> = body.kept().collect();
    for &block in kept.iter().skip(1).rev().take(LINES) {
        if !body.verdicts[block].is_kept_by_score() || !ends_page(view, block) {
            return;
        }
        body.verdicts[block] = BlockVerdict::Phrase;
    }
}

fn ends_page(view: &PageView<'_, '_>, block: usize) -> bool {
    let at = &view.blocks.list[block];
    let text = view.blocks.text(block);
    let is_line = at.chars <= CHARS && !matches!(at.role, Role::Quote | Role::Code);
    let phrases = &view.rules.phrases;
    is_line
        && (text.starts_with('©') || PHRASES.iter().any(|it| phrases.opening(text, it).is_some()))
}
