//! What training sees of a page: the very numbers that extraction works with. `training/` reads
//! them through `newsprint features`; nothing of them is computed anywhere else.

use crate::article::Role;
use crate::extract::classify::page_features::{for_each_page_word, page_row};
use crate::extract::decide::{self, body, live_blog_gallery, scoring};
use crate::extract::features::{for_each_word, headings};
use crate::extract::model::{Model, ModelError};
use crate::extract::{Cut, SiteRules, fields};
use crate::limits::Limits;
use crate::page::{Document, Input};

/// One block.
#[derive(Debug, Clone)]
pub struct Block {
    /// Its text.
    pub text: String,
    /// What it is.
    pub role: Role,
    /// It is kept or dropped whatever its score.
    pub settled: bool,
    /// Hashes of the words that training may weigh.
    pub words: Vec<u32>,
    /// The features of the first look, then those of the second.
    pub features: Vec<f32>,
}

/// The blocks of a page.
#[derive(Debug, Clone, Default)]
pub struct Blocked {
    /// Names of the features of the first look.
    pub first: Vec<&'static str>,
    /// Names of those of the second.
    pub second: Vec<&'static str>,
    /// In document order.
    pub blocks: Vec<Block>,
    /// Names of the features of the page.
    pub page: Vec<&'static str>,
    /// The features of the page.
    pub page_row: Vec<f32>,
    /// Hashes of the page's words that training may weigh.
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

/// Describes a page, with a model that may be half trained.
pub fn describe(input: &Input<'_>, model: &Model) -> Blocked {
    let document = Document::parse(input, &Limits::DEFAULT);
    let page = document.page();
    let tree = &page.tree;
    let fields = fields::collect(&page, &SiteRules::default());
    let cut = Cut::new(&page, &SiteRules::default());
    let view = cut.view(tree, &fields);
    let (marks, blocks) = (&cut.marks, &cut.blocks);
    let scoring = scoring::score_blocks(&view, model);
    let all_words = &scoring.stats.words;
    let headings = headings(blocks, all_words);
    let mut decided = decide::decide(&view, None, &scoring, None).0;
    live_blog_gallery::keep_parts(&view, &mut decided);
    let described = (0..blocks.list.len()).map(|block| {
        let mut words = Vec::new();
        for_each_word(tree, blocks, all_words, block, headings[block], |word| {
            words.push(word);
        });
        words.sort_unstable();
        words.dedup();
        Block {
            text: blocks.text(block).to_owned(),
            role: decided.roles[block],
            settled: marks.is_certain(blocks.list[block].first, view.rules)
                || decided.verdicts[block] == body::BlockVerdict::Headline,
            words,
            features: [scoring.first.row(block), scoring.second.row(block)].concat(),
        }
    });
    let (page_row, _) = page_row(&view, &scoring, &decided, model);
    let mut page_words = Vec::new();
    for_each_page_word(&view, all_words, |word| page_words.push(word));
    page_words.sort_unstable();
    page_words.dedup();
    Blocked {
        page: page_row.names().to_vec(),
        page_row: page_row.row(0).to_vec(),
        page_words,
        blocks: described.collect(),
        first: scoring.first.names().to_vec(),
        second: scoring.second.names().to_vec(),
    }
}
