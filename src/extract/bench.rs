//! The stages of an extraction, run up to one of them: for measuring where the time goes.

use crate::extract::decide::scoring;
use crate::extract::features::{PageStats, first_pass_features};
use crate::extract::model::BUILT_IN;
use crate::extract::{Cut, Extractor, SiteRules, fields};
use crate::limits::Limits;
use crate::page::{Document, Input, decode};

/// A stage; each needs those before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Bytes to text.
    Decode,
    /// Text to a tree and its dense arrays.
    Parse,
    /// Title, authors, dates and the other fields.
    Fields,
    /// Rules matched, blocks cut.
    Blocks,
    /// The features of the first look.
    Features,
    /// Both looks scored.
    Scores,
    /// The record.
    Record,
}

impl Stage {
    /// All of them, in order.
    pub const ALL: [Stage; 7] = [
        Stage::Decode,
        Stage::Parse,
        Stage::Fields,
        Stage::Blocks,
        Stage::Features,
        Stage::Scores,
        Stage::Record,
    ];
}

/// Runs the stages up to this one. Gives a number that depends on their work, so that no compiler
/// leaves it out.
pub fn run_to(stage: Stage, input: &Input<'_>) -> usize {
    match stage {
        Stage::Decode => decode::decode(input.bytes, input.content_type, input.url)
            .text
            .len(),
        Stage::Record => Extractor::default().extract(input).article.text.len(),
        _ => run_tree(stage, input),
    }
}

fn run_tree(stage: Stage, input: &Input<'_>) -> usize {
    let document = Document::parse(input, &Limits::DEFAULT);
    let page = document.page();
    let tree = &page.tree;
    if stage == Stage::Parse {
        return tree.len();
    }
    let fields = fields::collect(&page, &SiteRules::default());
    if stage == Stage::Fields {
        return fields.title.map_or(0, |it| it.len());
    }
    let cut = Cut::new(&page, &SiteRules::default());
    if stage == Stage::Blocks {
        return cut.blocks.list.len();
    }
    let view = cut.view(tree, &fields);
    if stage == Stage::Features {
        return first_pass_features(&view, &PageStats::of(&view), &BUILT_IN.words).rows();
    }
    scoring::score_blocks(&view, &BUILT_IN).scores.len()
}
