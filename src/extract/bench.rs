//! An extraction that reports each stage as it ends, so that the benchmark can measure where the time
//! goes. It has no clock of its own.

use crate::extract::pipeline::{Analysis, Context};
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
    let context = Context {
        observer: Some(passed),
        ..extractor.context(&site)
    };
    let extraction = record::extraction(Analysis::run(&page, context));
    passed(Stage::Record);
    extraction
}
