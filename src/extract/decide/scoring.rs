//! The learned scorer looks at every block twice and gives each the probability that it is text. The
//! second look sees what the first made of the blocks around.

use crate::extract::features::{Facts, View, add_context, first_look};
use crate::extract::model::Model;
use crate::extract::model::matrix::FeatureMatrix;

/// Blocks that the first look puts below this are not looked at again.
const SETTLED: f32 = 0.02;

/// The two looks at a page.
#[derive(Debug)]
pub struct Scoring {
    /// What both looks go by.
    pub facts: Facts,
    /// Features of the first.
    pub first: FeatureMatrix,
    /// Features of the second.
    pub second: FeatureMatrix,
    /// What the last look at it says, by block.
    pub scores: Vec<f32>,
    /// The blocks that the second look was at.
    pub twice: Vec<bool>,
}

/// Scoring at a page with a model.
pub fn look(view: &View<'_, '_>, model: &Model) -> Scoring {
    let facts = Facts::of(view);
    let first = first_look(view, &facts, &model.words);
    let all: Vec<usize> = (0..first.rows()).collect();
    let mut scores = model.first.scores(&first, &all);
    let second = add_context(view, &facts, &first, &scores);
    let open: Vec<usize> = all
        .into_iter()
        .filter(|&it| scores[it] >= SETTLED)
        .collect();
    let mut twice = vec![false; scores.len()];
    for (&block, score) in open.iter().zip(model.second.scores(&second, &open)) {
        scores[block] = score;
        twice[block] = true;
    }
    Scoring {
        facts,
        first,
        second,
        scores,
        twice,
    }
}
