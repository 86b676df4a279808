//! Full-text search: a text as the words that an index has of it, what a reader asks for, and the part of a text that
//! shows why it was found. Nothing here knows a database: the store writes the words into its index and carries queries
//! out, and both engines find the same.

mod document;
mod matches;
mod parse;
mod pieces;
mod query;
mod snippet;
mod words;

pub(crate) use document::{Document, sort_time};
pub use query::{Field, Order, SearchQuery, Term, TimeRange};
pub use snippet::{Part, highlighted, snippet};
pub(crate) use words::folded;
pub use words::{Word, words};
