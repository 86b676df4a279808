//! What users' selectors do to a page: which elements each finds, and which of the blocks that would be
//! kept without it are inside them.

use crate::extract::pipeline::Analysis;
use crate::extract::{Extractor, SiteRules};
use crate::page::{Document, Input};

/// The blocks of a page that are kept without selectors, and what the selectors find there.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SelectorReport {
    /// The texts of the blocks that are kept if no selector cuts the page.
    pub kept: Vec<String>,
    /// What each selector finds, in the order of [`SiteRules::selectors`].
    pub finds: Vec<Find>,
}

/// What a selector finds on a page.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Find {
    /// The number of elements.
    pub elements: usize,
    /// The positions in [`SelectorReport::kept`] of the blocks inside them.
    pub kept: Vec<usize>,
}

impl Extractor {
    /// Reports what users' selectors find on a page.
    pub fn selector_report(&self, input: &Input<'_>, site: &SiteRules) -> SelectorReport {
        let document = Document::parse(input, self.limits());
        let page = document.page();
        let uncut = site.without_cuts();
        let Analysis { blocks, body, .. } = Analysis::run(&page, self.context(&uncut));
        let kept: Vec<usize> = body.kept().collect();
        let find = |elements: Vec<usize>| {
            let is_within = |block: usize| {
                let first = blocks.list[block].first;
                elements.iter().any(|&id| page.tree.is_within(first, id))
            };
            let within = kept.iter().enumerate();
            let within = within.filter(|(_, block)| is_within(**block));
            Find {
                kept: within.map(|(place, _)| place).collect(),
                elements: elements.len(),
            }
        };
        SelectorReport {
            finds: site.matches(&page.tree).into_iter().map(find).collect(),
            kept: kept.iter().map(|&it| blocks.text(it).to_owned()).collect(),
        }
    }
}
