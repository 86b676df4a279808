//! What each selector of a user does to a page: which elements it finds, and which of the blocks
//! that the extraction keeps by itself lie in them.

use crate::extract::{Extractor, SiteRules, fields};
use crate::limits::Limits;
use crate::page::{Document, Input};

/// What a page would keep by itself, and what the selectors find there.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SelectorReport {
    /// The texts of the blocks that are kept where no selector cuts.
    pub kept: Vec<String>,
    /// By selector, in the order of [`SiteRules::selectors`].
    pub finds: Vec<Find>,
}

/// What a selector finds on a page.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Find {
    /// How many elements.
    pub elements: usize,
    /// The places in [`SelectorReport::kept`] of the blocks that lie in them.
    pub kept: Vec<usize>,
}

impl Extractor {
    /// Scoring at what the selectors find on a page.
    pub fn survey(&self, input: &Input<'_>, site: &SiteRules) -> SelectorReport {
        let document = Document::parse(input, &Limits::DEFAULT);
        let page = document.page();
        let tree = &page.tree;
        let uncut = site.without_cuts();
        let fields = fields::collect(&page, &uncut);
        let decided = self.decide(&page, fields, &uncut);
        let blocks = &decided.cut.blocks;
        let kept: Vec<usize> = decided.body.kept().collect();
        let find = |elements: Vec<usize>| {
            let holds = |block: usize| {
                let first = blocks.list[block].first;
                elements.iter().any(|&id| tree.is_within(first, id))
            };
            let within = kept.iter().enumerate().filter(|(_, block)| holds(**block));
            Find {
                kept: within.map(|(place, _)| place).collect(),
                elements: elements.len(),
            }
        };
        SelectorReport {
            finds: site.matches(tree).into_iter().map(find).collect(),
            kept: kept.iter().map(|&it| blocks.text(it).to_owned()).collect(),
        }
    }
}
