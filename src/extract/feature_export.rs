//! The features of a page as training reads them: the same numbers that extraction scores. `training/`
//! gets them from `newsprint features` and computes none of them itself.

use crate::article::Role;
use crate::extract::classify::page_features::{for_each_page_word, page_row};
use crate::extract::decide::body::BlockVerdict;
use crate::extract::decide::scoring::SecondPass;
use crate::extract::features::{for_each_word, headings};
use crate::extract::model::{Model, ModelError};
use crate::extract::pipeline::{Analysis, Context};
use crate::extract::{Extractor, SiteRules};
use crate::page::{Document, Input};

/// One block.
#[derive(Debug, Clone)]
pub struct BlockFeatures {
    /// Its text.
    pub text: String,
    /// Its role.
    pub role: Role,
    /// It is kept or dropped whatever its score is.
    pub settled: bool,
    /// Hashes of the words that training may give weights.
    pub words: Vec<u32>,
    /// The features of the first scoring pass, then those of the second.
    pub features: Vec<f32>,
}

/// The blocks of a page.
#[derive(Debug, Clone, Default)]
pub struct PageFeatures {
    /// Names of the features of the first scoring pass.
    pub first: Vec<&'static str>,
    /// Names of the features of the second scoring pass.
    pub second: Vec<&'static str>,
    /// In document order.
    pub blocks: Vec<BlockFeatures>,
    /// Names of the features of the page.
    pub page: Vec<&'static str>,
    /// The features of the page.
    pub page_row: Vec<f32>,
    /// Hashes of the page's words that training may give weights.
    pub page_words: Vec<u32>,
}

/// Reads a model file, and checks that it was trained on the features of this version.
///
/// # Errors
/// Fails where [`Model::read`] does, and where the names of the features differ.
pub fn read_model(bytes: &[u8]) -> Result<Model, ModelError> {
    let model = Model::read(bytes)?;
    let page = Input::new(b"<p>Two hundred limes along the quay.</p>");
    let present = describe(&page, &model);
    let stated = &model.about;
    let scores_pages = !stated.page.is_empty();
    for (pass, differs) in [
        ("the first pass", present.first != stated.first),
        ("the second pass", present.second != stated.second),
        ("pages", scores_pages && present.page != stated.page),
    ] {
        if differs {
            return Err(ModelError::OtherFeatures(pass));
        }
    }
    Ok(model)
}

/// Describes a page for training, with a model that may be half trained.
pub fn describe(input: &Input<'_>, model: &Model) -> PageFeatures {
    let (extractor, site) = (Extractor::default(), SiteRules::default());
    let document = Document::parse(input, extractor.limits());
    let page = document.page();
    let context = Context {
        model,
        second_pass: SecondPass::AllBlocks,
        ..extractor.context(&site)
    };
    let analysis = Analysis::run(&page, context);
    let (view, scoring) = (analysis.view(), &analysis.scoring);
    let (page_row, _) = page_row(&view, scoring, &analysis.body, model);
    PageFeatures {
        first: scoring.first.names().to_vec(),
        second: scoring.second.names().to_vec(),
        blocks: blocks(&analysis),
        page: page_row.names().to_vec(),
        page_row: page_row.row(0).to_vec(),
        page_words: distinct(|visit| for_each_page_word(&view, &scoring.stats.words, visit)),
    }
}

fn blocks(analysis: &Analysis<'_>) -> Vec<BlockFeatures> {
    let Analysis {
        marks,
        blocks,
        scoring,
        body,
        ..
    } = analysis;
    let view = analysis.view();
    let words = &scoring.stats.words;
    let headings = headings(blocks, words);
    let describe = |block: usize| BlockFeatures {
        text: blocks.text(block).to_owned(),
        role: body.roles[block],
        settled: marks.is_certain(blocks.list[block].first, view.rules)
            || body.verdicts[block] == BlockVerdict::Headline,
        words: distinct(|visit| {
            for_each_word(&view, words, block, headings[block], visit);
        }),
        features: [scoring.first.row(block), scoring.second.row(block)].concat(),
    };
    (0..blocks.list.len()).map(describe).collect()
}

/// The words that are visited: sorted, each once.
fn distinct(for_each: impl FnOnce(&mut dyn FnMut(u32))) -> Vec<u32> {
    let mut words = Vec::new();
    for_each(&mut |word| words.push(word));
    words.sort_unstable();
    words.dedup();
    words
}
