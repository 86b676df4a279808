//! An extraction that reports each stage as it ends, so that the benchmark can measure where the time
//! goes. It has no clock of its own.

use std::convert::Infallible;

use crate::extract::pipeline::Analysis;
use crate::extract::record::{self, Extraction};
use crate::extract::{Extractor, SiteRules};
use crate::page::{Document, Input};

pub use crate::extract::pipeline::Stage;

/// Extracts a page; `passed` is called at the end of each stage.
pub fn observe(input: &Input<'_>, passed: &dyn Fn(Stage)) -> Extraction {
    let (extractor, site) = (Extractor::default(), SiteRules::default());
    let document = Document::parse(input, extractor.limits());
    let page = document.page();
    passed(Stage::Parse);
    let watch = |stage| {
        passed(stage);
        Ok::<(), Infallible>(())
    };
    let Ok(analysis) = Analysis::watched(&page, extractor.context(&site), &watch);
    let extraction = record::extraction(analysis);
    passed(Stage::Record);
    extraction
}
