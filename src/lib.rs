//! Clean article text from news pages: an extractor, a polite client and a crawler.
//!
//! Extraction is a pure function of a page's bytes and its URL:
//!
//! ```
//! let html = br#"<html lang="en"><head><title>Ferry returns</title></head><body>
//!   <nav><a href="/">Home</a> <a href="/news">News</a></nav>
//!   <article><h1>Ferry returns</h1>
//!   <p>The night ferry sailed again on Monday after eleven years in dock, with four hundred
//!   passengers and a brass band on board.</p>
//!   <p>It will cross twice a week until the ice comes, the harbour office said.</p></article>
//! </body></html>"#;
//! let extraction = newsprint::extract(html, None);
//! assert_eq!(extraction.verdict, newsprint::Verdict::Article);
//! let article = extraction.article;
//! assert_eq!(article.title.as_deref(), Some("Ferry returns"));
//! assert!(article.text.starts_with("The night ferry sailed again"));
//! assert!(!article.text.contains("Home"));
//! ```
//!
//! - [`extract()`] extracts one page with the default settings.
//! - [`Extractor::builder`] sets the forms of the text, limits and site memory.
//! - [`extract::batch`] extracts many pages in parallel and learns what the pages of a site share.
//! - [`Verdict`] says whether a page is an article, or a front page, a consent wall, a bot check and the like.
//!
//! Extraction needs no Cargo feature: `default-features = false` leaves the command line, the crawler,
//! the store and the HTTP client out. With feature `fetch`, `Client` fetches a page politely and
//! extracts it; with feature `arrow`, `columns` makes Arrow batches of records. Everything else here is what
//! the `newsprint` command is made of; `ARCHITECTURE.md` describes it.

#[cfg(feature = "crawl")]
#[doc(hidden)]
pub mod archive;
pub mod article;
#[doc(hidden)]
pub mod canonical;
#[cfg(feature = "fetch")]
pub mod client;
#[cfg(feature = "arrow")]
pub mod columns;
#[cfg(feature = "crawl")]
#[doc(hidden)]
pub mod compare;
#[cfg(any(feature = "fetch", feature = "store"))]
pub mod config;
#[cfg(feature = "serve")]
#[doc(hidden)]
pub mod correct;
#[cfg(feature = "crawl")]
#[doc(hidden)]
pub mod crawl;
#[cfg(feature = "demo")]
#[doc(hidden)]
pub mod demo;
#[cfg(feature = "crawl")]
#[doc(hidden)]
pub mod discover;
pub mod extract;
#[cfg(feature = "fetch")]
pub mod fetch;
#[cfg(any(feature = "fetch", feature = "store"))]
#[doc(hidden)]
pub mod files;
#[cfg(feature = "store")]
#[doc(hidden)]
pub mod frontier;
#[cfg(feature = "fetch")]
#[doc(hidden)]
pub mod identity;
pub mod input;
pub mod limits;
pub mod location;
#[cfg(feature = "store")]
#[doc(hidden)]
pub mod output;
pub mod page;
#[cfg(feature = "fetch")]
#[doc(hidden)]
pub mod render;
pub mod rights;
#[cfg(any(feature = "fetch", feature = "store"))]
#[doc(hidden)]
pub mod rulebook;
pub mod schema;
#[cfg(feature = "store")]
#[doc(hidden)]
pub mod search;
pub mod selectors;
#[cfg(feature = "serve")]
#[doc(hidden)]
pub mod serve;
#[cfg(feature = "store")]
#[doc(hidden)]
pub mod store;
#[cfg(feature = "store")]
#[doc(hidden)]
pub mod traps;
pub mod verdict;
#[cfg(feature = "store")]
#[doc(hidden)]
pub mod wording;

pub use article::Article;
#[cfg(feature = "fetch")]
pub use client::{Client, ClientBuilder, ClientError};
pub use extract::site_memory::SiteMemory;
pub use extract::{Extraction, Extractor, ExtractorBuilder, Options, extract};
pub use limits::Limits;
pub use url::Url;
pub use verdict::{AddressEvidence, Verdict, VisitOutcome};

/// The README, so that its Rust examples are tested.
#[cfg(all(doctest, feature = "fetch"))]
#[doc = include_str!("../README.md")]
struct Readme;
