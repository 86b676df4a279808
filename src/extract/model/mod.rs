//! The learned scorer: a file of word weights and three sets of trees, made by `training/` and
//! embedded here. Whatever a file holds, the evaluator reads it within bounds or refuses to load it.
//!
//! A model fits one version of the features. The file states the digest of the codes it was trained
//! with ([`encoding`]) and the names of its features; loading compares both.

pub mod encoding;
pub mod matrix;
mod trees;
mod words;

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

pub use trees::{BoostedTrees, Contributions};
pub use words::{Known, WordWeights};

/// A model file begins with this; the digit is the version of the format.
const MAGIC: &[u8; 8] = b"newsmod3";
/// The magic numbers of earlier formats.
const EARLIER: [&[u8; 8]; 2] = [b"newsmod1", b"newsmod2"];

/// The head of a model file.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct About {
    /// The day of the training.
    pub date: String,
    /// The training sets.
    pub sets: Vec<String>,
    /// The digest of the codes in the features; see [`encoding::digest`].
    pub codes: String,
    /// Names of the features of the first pass, in order.
    pub first: Vec<String>,
    /// Names of the features of the second pass, in order.
    pub second: Vec<String>,
    /// Names of the features of a page, in order; empty in a model that scores no pages.
    pub page: Vec<String>,
    /// The factor that turns the stored weights of a page's words into log odds.
    pub page_scale: f32,
    /// Added to the sum of those weights.
    pub page_bias: f32,
    /// How a page's estimated F1 relates to the measured one: points on a rising line.
    pub calibration: Vec<(f32, f32)>,
}

/// A model, ready to use.
#[derive(Debug, Default)]
pub struct Model {
    /// The head of the file.
    pub about: About,
    /// Weights of the words of blocks.
    pub words: WordWeights,
    /// The first pass over the blocks.
    pub first: BoostedTrees,
    /// The second pass, which sees the scores of the first.
    pub second: BoostedTrees,
    /// Weights of the words of whole pages.
    pub page_words: WordWeights,
    /// Whether a whole page is an article.
    pub page: BoostedTrees,
}

/// Why a model file cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ModelError {
    /// The file does not begin as a model file does.
    #[error("not a model file; `just train` makes one")]
    NotAModel,
    /// The file has the format of an earlier version.
    #[error("the model file has an earlier format; train it again with `just train`")]
    EarlierFormat,
    /// A part of the file cannot be read.
    #[error("the model file is damaged ({0}); train it again with `just train`")]
    Damaged(&'static str),
    /// The model was trained with other numbers for tags, roles and the like.
    #[error(
        "the model file was trained with other codes for tags, roles and words ({found}; this \
         version has {expected}); train it again with `just train`"
    )]
    OtherCodes {
        /// The digest in the file.
        found: String,
        /// The digest of this version.
        expected: String,
    },
    /// The model was trained on other features.
    #[error(
        "the model file was trained on other features for {0}; train it again with `just train`"
    )]
    OtherFeatures(&'static str),
}

/// The built-in model.
pub static BUILT_IN: LazyLock<Model> = LazyLock::new(|| {
    Model::read(include_bytes!("../../../model/blocks.model")).unwrap_or_else(|error| {
        // The file is compiled in and tested.
        tracing::error!("{error}");
        Model::default()
    })
});

impl Model {
    /// Reads a model file: the magic number, then six sections, each with its length before it: the
    /// head (JSON), words, first trees, second trees, words of pages, trees of pages.
    ///
    /// # Errors
    /// Fails where the file is not a whole model file, or was trained with other codes than those of
    /// [`encoding`].
    pub fn read(bytes: &[u8]) -> Result<Model, ModelError> {
        let mut rest = sections(bytes)?;
        let mut section = || next_section(&mut rest).ok_or(ModelError::Damaged("it breaks off"));
        let damaged = ModelError::Damaged;
        let about: About = serde_json::from_slice(section()?).map_err(|_| damaged("its head"))?;
        let expected = encoding::digest();
        if about.codes != expected {
            return Err(ModelError::OtherCodes {
                found: about.codes,
                expected,
            });
        }
        Ok(Model {
            about,
            words: WordWeights::read(section()?).ok_or(damaged("its words"))?,
            first: BoostedTrees::read(section()?).ok_or(damaged("its first trees"))?,
            second: BoostedTrees::read(section()?).ok_or(damaged("its second trees"))?,
            page_words: WordWeights::read(section()?).ok_or(damaged("its words of pages"))?,
            page: BoostedTrees::read(section()?).ok_or(damaged("its trees of pages"))?,
        })
    }

    /// The F1 to expect where the scores estimate this one, interpolated between the points that
    /// training measured.
    pub fn calibrated(&self, estimated: f32) -> f32 {
        let points = &self.about.calibration;
        let above = points.partition_point(|(at, _)| *at < estimated);
        match (
            above.checked_sub(1).and_then(|it| points.get(it)),
            points.get(above),
        ) {
            (Some((x0, y0)), Some((x1, y1))) => y0 + (y1 - y0) * (estimated - x0) / (x1 - x0),
            (Some((_, y)), None) | (None, Some((_, y))) => *y,
            (None, None) => estimated,
        }
    }
}

/// The file after its magic number.
fn sections(bytes: &[u8]) -> Result<&[u8], ModelError> {
    match bytes.split_first_chunk() {
        Some((MAGIC, rest)) => Ok(rest),
        Some((magic, _)) if EARLIER.contains(&magic) => Err(ModelError::EarlierFormat),
        _ => Err(ModelError::NotAModel),
    }
}

/// Splits off a section with its length before it; `None` where the file breaks off.
fn next_section<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let (length, tail) = rest.split_first_chunk()?;
    let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
    let (section, tail) = tail.split_at_checked(length)?;
    *rest = tail;
    Some(section)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::feature_export::read_model;

    const FILE: &[u8] = include_bytes!("../../../model/blocks.model");

    /// If this fails, a feature or a code has changed: train again.
    #[test]
    fn the_built_in_model_was_made_for_these_features_and_codes() {
        assert!(FILE.len() <= 1 << 20);
        let model = read_model(FILE).unwrap();
        assert_eq!(model.about.codes, encoding::digest());
        assert!(!model.about.page.is_empty());
        let calibration = &model.about.calibration;
        assert!(calibration.is_sorted_by(|a, b| a.0 < b.0 && a.1 <= b.1));
    }

    /// The built-in file with its head changed.
    fn with_head(change: impl FnOnce(&mut About)) -> Vec<u8> {
        let mut rest = sections(FILE).unwrap();
        let head = next_section(&mut rest).unwrap();
        let mut about: About = serde_json::from_slice(head).unwrap();
        change(&mut about);
        let head = serde_json::to_vec(&about).unwrap();
        let length = u32::try_from(head.len()).unwrap();
        [MAGIC.as_slice(), &length.to_le_bytes(), &head, rest].concat()
    }

    #[test]
    fn a_model_for_other_codes_or_features_is_refused_with_the_fix() {
        assert!(read_model(&with_head(|_| {})).is_ok());
        let other_codes = with_head(|about| about.codes = "0".repeat(16));
        let other_feature = with_head(|about| about.second[3] = "level of the heading".to_owned());
        let two_swapped = with_head(|about| about.first.swap(0, 1));
        let earlier = [b"newsmod2", &FILE[8..]].concat();
        for (file, reason) in [
            (other_codes, "other codes"),
            (other_feature, "other features for the second pass"),
            (two_swapped, "other features for the first pass"),
            (earlier, "earlier format"),
        ] {
            let error = read_model(&file).unwrap_err().to_string();
            assert!(
                error.contains(reason) && error.ends_with("with `just train`"),
                "{error}"
            );
        }
        let error = read_model(b"<!doctype html>").unwrap_err();
        assert!(matches!(error, ModelError::NotAModel));
    }

    #[test]
    fn files_that_break_off_are_refused() {
        for end in [0, 7, 8, 11, 12, FILE.len() / 2, FILE.len() - 1] {
            assert!(Model::read(&FILE[..end]).is_err());
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
