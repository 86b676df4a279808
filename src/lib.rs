//! Clean article text from news pages: a polite crawler and an extractor.
//!
//! The extractor is a pure function of a page's bytes and its address:
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
//! Around it stand the rooms of a crawl; `ARCHITECTURE.md` has the map. Data goes one way:
//! [`config`] → [`crawl`] → [`frontier`] → [`fetch`] → [`extract`](mod@extract) → [`store`] →
//! [`output`], with [`discover`] leading from fetched pages back to new addresses.

pub mod article;
pub mod canonical;
#[cfg(feature = "fetch")]
pub mod client;
#[cfg(feature = "crawl")]
pub mod compare;
#[cfg(any(feature = "fetch", feature = "store"))]
pub mod config;
#[cfg(feature = "crawl")]
pub mod crawl;
#[cfg(feature = "demo")]
pub mod demo;
#[cfg(feature = "crawl")]
pub mod discover;
pub mod extract;
#[cfg(feature = "fetch")]
pub mod fetch;
#[cfg(feature = "store")]
pub mod frontier;
pub mod input;
pub mod limits;
#[cfg(feature = "store")]
pub mod output;
pub mod page;
#[cfg(any(feature = "fetch", feature = "store"))]
pub mod rulebook;
pub mod selectors;
#[cfg(feature = "store")]
pub mod store;
#[cfg(feature = "store")]
pub mod traps;
pub mod verdict;

pub use article::Article;
#[cfg(feature = "fetch")]
pub use client::{Client, ClientBuilder, ClientError};
pub use extract::{Extractor, extract};
pub use verdict::{Verdict, VisitOutcome};
