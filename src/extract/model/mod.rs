//! The learned scorer: a file of word weights and two sets of trees, made by `training/` and
//! embedded here. The evaluator is small and safe: whatever the file holds, it reads within
//! bounds or refuses to load.

pub mod matrix;
mod trees;
mod words;

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

pub use trees::{BoostedTrees, Contributions};
pub use words::WordWeights;

/// The file begins with this.
const MAGIC: &[u8; 8] = b"newsmod2";

/// What the file says of itself.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct About {
    /// The day it was made.
    pub date: String,
    /// What it was trained on.
    pub sets: Vec<String>,
    /// Names of the features of the first look, in order.
    pub first: Vec<String>,
    /// Names of the features of the second look, in order.
    pub second: Vec<String>,
    /// Names of the features of a page, in order.
    pub page: Vec<String>,
    /// What the weights of a page's words are multiplied by.
    pub page_scale: f32,
    /// What is added to their sum.
    pub page_bias: f32,
    /// How the page's estimated F1 becomes the measured one: points on a rising line.
    pub calibration: Vec<(f32, f32)>,
}

/// A model, ready to use.
#[derive(Debug, Default)]
pub struct Model {
    /// What it says of itself.
    pub about: About,
    /// What training thinks of words.
    pub words: WordWeights,
    /// The first look.
    pub first: BoostedTrees,
    /// The second.
    pub second: BoostedTrees,
    /// What training thinks of the words of a page.
    pub page_words: WordWeights,
    /// The look at a page: article or not.
    pub page: BoostedTrees,
}

/// A model file can't be used.
#[derive(Debug, thiserror::Error)]
#[error("the model file is damaged ({0}); make it anew with `just train`")]
pub struct ModelError(&'static str);

/// The built-in model.
pub static BUILT_IN: LazyLock<Model> = LazyLock::new(|| {
    Model::read(include_bytes!("../../../model/blocks.model")).unwrap_or_else(|error| {
        // The file is compiled in and tested.
        tracing::error!("{error}");
        Model::default()
    })
});

impl Model {
    /// Reads a model file: the magic, then six sections, each with its length before it: what it
    /// is (JSON), words, first trees, second trees, a page's words, a page's trees.
    ///
    /// # Errors
    /// Fails where the file is none or breaks off.
    pub fn read(bytes: &[u8]) -> Result<Model, ModelError> {
        let mut rest = bytes.strip_prefix(MAGIC).ok_or(ModelError("not a model"))?;
        let mut section = || -> Result<&[u8], ModelError> {
            let broken = ModelError("it breaks off");
            let (length, tail) = rest.split_first_chunk::<4>().ok_or(broken)?;
            let length = u32::from_le_bytes(*length) as usize;
            let broken = ModelError("it breaks off");
            let (section, tail) = tail.split_at_checked(length).ok_or(broken)?;
            rest = tail;
            Ok(section)
        };
        let about = serde_json::from_slice(section()?).map_err(|_| ModelError("its head"))?;
        Ok(Model {
            about,
            words: WordWeights::read(section()?).ok_or(ModelError("its words"))?,
            first: BoostedTrees::read(section()?).ok_or(ModelError("its first trees"))?,
            second: BoostedTrees::read(section()?).ok_or(ModelError("its second trees"))?,
            page_words: WordWeights::read(section()?).ok_or(ModelError("its words of pages"))?,
            page: BoostedTrees::read(section()?).ok_or(ModelError("its trees of pages"))?,
        })
    }

    /// What the F1 of pages was of which the scores promised this much: between two measured
    /// points, on the line between them.
    pub fn calibrated(&self, promised: f32) -> f32 {
        let points = &self.about.calibration;
        let above = points.partition_point(|(at, _)| *at < promised);
        match (
            above.checked_sub(1).and_then(|it| points.get(it)),
            points.get(above),
        ) {
            (Some((x0, y0)), Some((x1, y1))) => y0 + (y1 - y0) * (promised - x0) / (x1 - x0),
            (Some((_, y)), None) | (None, Some((_, y))) => *y,
            (None, None) => promised,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::feature_export::describe;
    use crate::page::Input;

    /// Whoever changes a feature must train anew: this is what tells them.
    #[test]
    fn the_built_in_model_was_made_for_these_features() {
        let bytes = include_bytes!("../../../model/blocks.model");
        assert!(bytes.len() <= 1 << 20);
        let model = Model::read(bytes).unwrap();
        let page = Input::new(b"<p>Two hundred limes along the quay.</p>");
        let described = describe(&page, &model);
        assert_eq!(described.first, model.about.first);
        assert_eq!(described.second, model.about.second);
        assert_eq!(described.page, model.about.page);
        assert!(
            model
                .about
                .calibration
                .is_sorted_by(|a, b| a.0 < b.0 && a.1 <= b.1)
        );
    }

    #[test]
    fn files_that_break_off_are_refused() {
        let whole = include_bytes!("../../../model/blocks.model");
        for end in [0, 7, 8, 11, 12, whole.len() / 2, whole.len() - 1] {
            assert!(Model::read(&whole[..end]).is_err());
        }
    }

    #[test]
    fn calibration_goes_along_the_line() {
        let model = Model {
            about: About {
                calibration: vec![(0.5, 0.4), (0.9, 0.8)],
                ..About::default()
            },
            ..Model::default()
        };
        let at = [0.1, 0.5, 0.7, 0.9, 1.0].map(|it| model.calibrated(it));
        for (found, expected) in at.iter().zip([0.4, 0.4, 0.6, 0.8, 0.8]) {
            assert!((found - expected).abs() < 1e-6, "{at:?}");
        }
    }
}
