//! What leaves the store: records as text, Markdown, HTML, JSON or lines of JSON ([`render`]), and
//! the files that a crawl writes ([`Files`]). The files follow the store: an article is appended
//! after its transaction has committed, and noted as written after that, so that a killed crawl
//! leaves no line torn, missing or doubled.

mod files;
mod metrics;
mod names;
mod render;

pub use files::{Files, OutputError, ending};
pub use metrics::{metrics, write_metrics};
pub use names::{article_file, day};
pub use render::{html, json, jsonl, markdown, render, text};
