//! Counts, times and foreign text as people read them, on terminals and on pages.

pub mod counts;
pub mod plain;
pub mod times;
