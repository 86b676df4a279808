//! Distinguishes data tables from layout tables.

use crate::page::{Id, Tag, Tree};

/// Cells of a data table hold less text than this on average, in bytes; cells of layout tables hold
/// whole articles.
const CELL_BYTES: usize = 120;

/// True for a data table: several rows and columns, nothing nested, short cells.
pub fn holds_data(tree: &Tree<'_>, table: Id) -> bool {
    if tree
        .attr(table, "role")
        .is_some_and(|role| matches!(role, "presentation" | "none"))
    {
        return false;
    }
    let (mut rows, mut cells, mut bytes) = (0usize, 0usize, 0usize);
    for id in tree.descendants(table) {
        match tree.tag(id) {
            Tag::Table | Tag::Form | Tag::H1 => return false,
            Tag::Tr => rows += 1,
            Tag::Td | Tag::Th => cells += 1,
            Tag::Text => bytes += tree.text_bytes(id),
            _ => {}
        }
    }
    rows > 1 && cells >= rows * 2 && bytes <= cells * CELL_BYTES
}
