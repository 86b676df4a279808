//! Who said a quote: the line below it, in `<footer>`, `<cite>` or `<figcaption>`, or after a dash. It stays
//! with its quote.

use crate::article::Role;
use crate::extract::decide::body::{BlockVerdict, Body, KeepReason};
use crate::extract::features::PageView;
use crate::page::{Id, Tag};

/// Longer lines are text.
const NAME_CHARS: usize = 140;
/// How many elements above a line are looked at.
const LEVELS: usize = 5;

/// Keeps the names below kept quotes.
pub fn keep(view: &PageView<'_, '_>, body: &mut Body) {
    for block in 1..body.verdicts.len() {
        let before = block - 1;
        let at = &view.blocks.list[block];
        if !body.verdicts[before].is_kept()
            || body.verdicts[before] == BlockVerdict::Kept(KeepReason::Attribution)
            || at.chars > NAME_CHARS
            || !may_be(view, body, block)
        {
            continue;
        }
        let Some(quote) = quote_around(view, at.owner) else {
            continue;
        };
        let follows = view.tree.is_within(view.blocks.list[before].owner, quote)
            && view.blocks.list[before].chars > at.chars / 2;
        if follows && names_speaker(view, block) {
            body.verdicts[block] = BlockVerdict::Kept(KeepReason::Attribution);
            body.roles[block] = Role::Quote;
        }
    }
}

/// False for what a user's selector, the memory of the site or a rule that is certain has decided.
fn may_be(view: &PageView<'_, '_>, body: &Body, block: usize) -> bool {
    match body.verdicts[block] {
        BlockVerdict::Kept(KeepReason::Selector(_)) => false,
        BlockVerdict::Rule(_) => !view
            .marks
            .is_certain(view.blocks.list[block].first, view.rules),
        verdict => {
            verdict.is_kept()
                || matches!(
                    verdict,
                    BlockVerdict::Score
                        | BlockVerdict::Byline
                        | BlockVerdict::Links
                        | BlockVerdict::Phrase
                )
        }
    }
}

/// The block quote around a line, or the figure with a block quote.
fn quote_around(view: &PageView<'_, '_>, owner: Id) -> Option<Id> {
    let tree = view.tree;
    let mut around = std::iter::once(owner)
        .chain(tree.ancestors(owner))
        .take(LEVELS);
    around.find(|&id| match tree.tag(id) {
        Tag::Blockquote => true,
        Tag::Figure => tree
            .children(id)
            .take(LEVELS)
            .any(|it| tree.tag(it) == Tag::Blockquote),
        _ => false,
    })
}

/// True for a line that its markup or a dash before it calls the name of a source.
fn names_speaker(view: &PageView<'_, '_>, block: usize) -> bool {
    let at = &view.blocks.list[block];
    let tree = view.tree;
    let mut around = tree.ancestors(at.first).take(LEVELS);
    view.blocks
        .text(block)
        .starts_with(['—', '–', '―', '-', '‒'])
        || around.any(|id| {
            matches!(tree.tag(id), Tag::Footer | Tag::Cite | Tag::Figcaption)
                && tree.is_within(at.last, id)
        })
}
