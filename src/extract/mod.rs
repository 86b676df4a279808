//! Bytes in, [`Article`](crate::Article) out. [`extract()`] does it in one call, an [`Extractor`] with
//! settings, [`batch`] for many pages at once. Pure and synchronous: no I/O, no clock, no globals that
//! change. Extraction never fails and never panics: it returns what it found, with warnings.
//!
//! `pipeline` is the whole way of a page, top to bottom; the other modules are its stages and the
//! readers of its result.

pub mod batch;
#[doc(hidden)]
pub mod bench;
mod classify;
mod decide;
pub mod explain;
mod extractor;
#[doc(hidden)]
pub mod feature_export;
mod features;
pub mod fields;
#[doc(hidden)]
pub mod model;
mod options;
mod pipeline;
mod record;
mod rules;
mod segment;
pub mod selector_report;
pub(crate) mod text;

use url::Url;

use crate::page::Input;

pub use classify::{Evidence, VerdictReason};
pub use decide::{reason, site_memory};
pub use extractor::{Extractor, ExtractorBuilder, Stopped};
pub use options::Options;
pub use record::Extraction;
pub use rules::index::{SelectorError, parse as parse_selector};
pub use rules::site::{SelectorLayer, SiteRules};
#[doc(hidden)]
pub use text::render;

/// Extracts the article of a page with the default settings. `url` is the page's final URL, if it is
/// known: links, dates and the verdict are better with it.
pub fn extract(bytes: &[u8], url: Option<&Url>) -> Extraction {
    Extractor::default().extract(&Input::new(bytes).with_url(url))
}

#[cfg(test)]
mod tests;
