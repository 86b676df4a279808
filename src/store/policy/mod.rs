//! What the store decides, as functions of values: what an article is to what is stored already
//! ([`placement`]), which pages are kept ([`kept`]), which addresses are one page ([`same_page`]),
//! which texts are nearly the same ([`similarity`]), how a source is doing ([`health`]), and whether it
//! got worse ([`change`]). No database and no clock; a storage implementation reads the values, asks
//! here, and writes the result.

pub(crate) mod change;
pub(crate) mod health;
pub(crate) mod kept;
pub(crate) mod placement;
pub(crate) mod same_page;
pub(crate) mod similarity;

const DAY_MS: i64 = 24 * 3600 * 1000;

/// Passes older than this are forgotten, in milliseconds: a pass every five minutes is 100,000 rows
/// a source and year.
pub(crate) const RUN_RETENTION_MS: i64 = 90 * DAY_MS;
