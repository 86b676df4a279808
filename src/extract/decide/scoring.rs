//! Scores every block with the probability that it is text, in two passes. The second pass also reads the
//! first pass's scores of the blocks around, and corrects the block's own.

use crate::extract::features::{PageStats, PageView, first_pass_features, second_pass_features};
use crate::extract::model::Model;
use crate::extract::model::matrix::FeatureMatrix;

/// Blocks that the first pass scores lower are not scored again.
const SETTLED: f32 = 0.02;

/// The scores of a page's blocks, and the features that they come from.
#[derive(Debug)]
pub struct Scoring {
    /// Statistics that the features of both passes are computed from.
    pub stats: PageStats,
    /// Features of the first pass.
    pub first: FeatureMatrix,
    /// Features of the second pass, of the blocks that are wanted.
    pub second: FeatureMatrix,
    /// The final scores, by block.
    pub scores: Vec<f32>,
    /// By block: the second pass has scored it.
    pub twice: Vec<bool>,
}

/// The features of the first pass, before they are scored.
#[derive(Debug)]
pub struct FirstPass {
    stats: PageStats,
    features: FeatureMatrix,
}

impl FirstPass {
    /// Computes the features of the first pass.
    pub fn new(view: &PageView<'_, '_>, model: &Model) -> FirstPass {
        let stats = PageStats::new(view);
        let features = first_pass_features(view, &stats, &model.words);
        FirstPass { stats, features }
    }
}

/// The first pass's score with its odds multiplied by those that the second pass gives: the trees of the
/// second pass are trained to correct the first, not to replace it.
fn corrected(first: f32, correction: f32) -> f32 {
    let (yes, no) = (first * correction, (1.0 - first) * (1.0 - correction));
    yes / (yes + no).max(f32::MIN_POSITIVE)
}

/// Whose features of the second pass are computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecondPass {
    /// Those of the blocks that it scores.
    OpenBlocks,
    /// Those of every block, for training.
    AllBlocks,
}

/// Scores every block, in two passes.
pub fn score_blocks(
    view: &PageView<'_, '_>,
    first: FirstPass,
    model: &Model,
    wanted: SecondPass,
) -> Scoring {
    let FirstPass {
        stats,
        features: first,
    } = first;
    let all: Vec<usize> = (0..first.rows()).collect();
    let mut scores = model.first.scores(&first, &all);
    let is_open = |block: usize| scores[block] >= SETTLED;
    let second = second_pass_features(view, &stats, &first, &scores, |block| {
        wanted == SecondPass::AllBlocks || is_open(block)
    });
    let open: Vec<usize> = all.into_iter().filter(|&it| is_open(it)).collect();
    let mut twice = vec![false; scores.len()];
    for (&block, score) in open.iter().zip(model.second.scores(&second, &open)) {
        scores[block] = corrected(scores[block], score);
        twice[block] = true;
    }
    Scoring {
        stats,
        first,
        second,
        scores,
        twice,
    }
}

#[cfg(test)]
mod tests {
    use super::corrected;

    #[test]
    fn a_correction_multiplies_the_odds() {
        assert_eq!(corrected(0.3, 0.5), 0.3);
        assert!((corrected(0.5, 0.8) - 0.8).abs() < 1e-6);
        assert!((corrected(0.8, 0.2) - 0.5).abs() < 1e-6);
        assert!(corrected(1.0, 0.0).is_finite());
    }
}
