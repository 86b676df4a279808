//! Why extraction returned what it did: every field with its candidates, every block with its reason.
//! It reads the decisions of the pipeline, and adds what only a person needs: the selector of the
//! rule that matched, and the features that contributed most to a score.

use serde::Serialize;
use serde_json::{Value, json};

use crate::article::Role;
use crate::extract::decide::body::{BlockVerdict, KeepReason};
use crate::extract::decide::reason::{Reason, reason};
use crate::extract::features::PageView;
use crate::extract::fields::{self, FieldExplanation};
use crate::extract::model::Contributions;
use crate::extract::model::matrix::FeatureMatrix;
use crate::extract::pipeline::Analysis;
use crate::extract::record::{self, Extraction};
use crate::extract::rules::Mark;
use crate::extract::rules::index::PageMatcher;
use crate::extract::{Extractor, SiteRules};
use crate::page::{Document, Id, Input, Page};

/// Features reported for each scoring pass.
const STRONGEST: usize = 4;
/// Smaller contributions are noise.
const LEAST_CONTRIBUTION: f32 = 0.05;

/// A page's record, and the reasons for it.
#[derive(Debug, Clone)]
pub struct Explanation {
    /// The record and the verdict.
    pub extraction: Extraction,
    /// The fields.
    pub fields: Vec<FieldExplanation>,
    /// Every block, in page order.
    pub blocks: Vec<ExplainedBlock>,
}

impl Explanation {
    /// The explanation as JSON, as `newsprint explain --format json` prints it.
    pub fn to_json(&self) -> Value {
        let (extraction, article) = (&self.extraction, &self.extraction.article);
        json!({
            "verdict": extraction.verdict.name(),
            "why": extraction.why.to_string(),
            "kind": article.kind,
            "words": article.word_count,
            "quality": article.quality,
            "warnings": article.warnings,
            "fields": self.fields,
            "blocks": self.blocks,
        })
    }
}

/// A block, whether it was kept, and why.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ExplainedBlock {
    /// Its role.
    pub role: Role,
    /// Its text.
    pub text: String,
    /// It is part of the article.
    pub kept: bool,
    /// Why.
    #[serde(flatten)]
    pub why: Reason,
    /// The selector of the built-in rule that matched it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub selector: Option<String>,
    /// The model's probability that it is part of the article, 0 to 1.
    pub score: f64,
    /// The features that contributed most to the score; empty if the score did not decide.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub features: Vec<Contribution>,
    /// The text nodes that it consists of, in the tree of the page.
    #[serde(skip)]
    pub nodes: Vec<Id>,
}

/// How far a feature moved a score.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Contribution {
    /// The scoring pass: 1 scores the block by itself, 2 with the scores of the blocks around it.
    #[serde(rename = "look")]
    pub pass: u8,
    /// The feature.
    pub feature: &'static str,
    /// Its value for this block.
    pub value: f64,
    /// Its contribution to the logarithm of the odds. For the first pass the mean of all blocks is
    /// subtracted, so that features that are equal on the whole page are not reported.
    pub pull: f64,
}

impl Extractor {
    /// Extracts a page, and explains every field and every block of it.
    pub fn explain(&self, input: &Input<'_>, site: &SiteRules) -> Explanation {
        let document = Document::parse(input, self.limits());
        self.explain_page(&document.page(), site)
    }

    /// Explains a page that is parsed already, within the limits it was parsed with.
    pub fn explain_page(&self, page: &Page<'_>, site: &SiteRules) -> Explanation {
        let analysis = Analysis::run(page, self.context(site));
        Explanation {
            fields: fields::explain(page, site, &analysis.fields, analysis.language.as_deref()),
            blocks: explain_blocks(&analysis),
            extraction: record::extraction(analysis),
        }
    }

    /// Extracts a page, and explains its fields alone: the reasons for its blocks take most of the time.
    pub fn explain_fields(
        &self,
        input: &Input<'_>,
        site: &SiteRules,
    ) -> (Extraction, Vec<FieldExplanation>) {
        let document = Document::parse(input, self.limits());
        let page = document.page();
        let analysis = Analysis::run(&page, self.context(site));
        let language = analysis.language.as_deref();
        let explained = fields::explain(&page, site, &analysis.fields, language);
        (record::extraction(analysis), explained)
    }
}

fn explain_blocks(analysis: &Analysis<'_>) -> Vec<ExplainedBlock> {
    let (body, scoring, context) = (&analysis.body, &analysis.scoring, &analysis.context);
    let view = analysis.view();
    let first = less_mean(&context.model.first.contributions(), &scoring.first);
    let second = context.model.second.contributions();
    let rules = view.rules.index.on(view.tree);
    let explained = |block: usize| {
        let verdict = body.verdicts[block];
        let mut features = Vec::new();
        if is_scored(&view, verdict, body.container.is_some()) {
            features = strongest(1, first[block].clone(), &scoring.first, block);
            if scoring.twice[block] {
                let contributions = second.of(scoring.second.row(block));
                features.extend(strongest(2, contributions, &scoring.second, block));
            }
        }
        ExplainedBlock {
            role: body.roles[block],
            text: analysis.blocks.text(block).to_owned(),
            kept: verdict.is_kept(),
            why: reason(&view, context.site, body, block),
            selector: selector_of(&view, &rules, verdict, block),
            score: rounded(body.scores[block], 100.0),
            features,
            nodes: analysis.blocks.nodes(block).to_vec(),
        }
    };
    (0..body.verdicts.len()).map(explained).collect()
}

/// True if the score decided about the block. A rule that is not certain is a feature of the score, and
/// is reported as the reason when the score is low.
fn is_scored(view: &PageView<'_, '_>, verdict: BlockVerdict, has_container: bool) -> bool {
    match verdict {
        BlockVerdict::Kept(reason) => reason == KeepReason::Score,
        BlockVerdict::Rule(mark @ Mark::Rule(_)) => !has_container && !view.rules.is_certain(mark),
        BlockVerdict::Phrase | BlockVerdict::Byline | BlockVerdict::Links => !has_container,
        BlockVerdict::Score => true,
        _ => false,
    }
}

/// For each block and feature, its contribution to the score less the mean of all blocks.
fn less_mean(contributions: &Contributions<'_>, matrix: &FeatureMatrix) -> Vec<Vec<f32>> {
    let mut all: Vec<Vec<f32>> = (0..matrix.rows())
        .map(|it| contributions.of(matrix.row(it)))
        .collect();
    let count = all.len().max(1) as f32;
    for feature in 0..matrix.width() {
        let of_feature = |row: &Vec<f32>| row.get(feature).copied().unwrap_or(0.0);
        let mean = all.iter().map(of_feature).sum::<f32>() / count;
        for row in &mut all {
            if let Some(pull) = row.get_mut(feature) {
                *pull -= mean;
            }
        }
    }
    all
}

/// The features that contributed most to a block's score, the strongest first.
fn strongest(
    pass: u8,
    contributions: Vec<f32>,
    matrix: &FeatureMatrix,
    block: usize,
) -> Vec<Contribution> {
    let row = matrix.row(block);
    let all = contributions.into_iter().zip(matrix.names()).zip(row);
    let mut all: Vec<Contribution> = all
        .filter(|((pull, _), _)| pull.abs() >= LEAST_CONTRIBUTION)
        .map(|((pull, &feature), &value)| Contribution {
            pass,
            feature,
            value: rounded(value, 1000.0),
            pull: rounded(pull, 100.0),
        })
        .collect();
    all.sort_by(|a, b| b.pull.abs().total_cmp(&a.pull.abs()));
    all.truncate(STRONGEST);
    all
}

/// Rounds to a whole number of parts: 100 for two decimals.
fn rounded(value: f32, parts: f64) -> f64 {
    (f64::from(value) * parts).round() / parts
}

/// The selector of the built-in rule that stripped a block: the rule matched an element around it.
fn selector_of(
    view: &PageView<'_, '_>,
    rules: &PageMatcher<'_, '_>,
    verdict: BlockVerdict,
    block: usize,
) -> Option<String> {
    let BlockVerdict::Rule(Mark::Rule(rule)) = verdict else {
        return None;
    };
    let first = view.blocks.list[block].first;
    let mut elements = std::iter::once(first).chain(view.tree.ancestors(first));
    let found = |id: Id| rules.selector(id, usize::from(rule));
    elements.find_map(found).map(str::to_owned)
}

#[cfg(test)]
mod tests;
