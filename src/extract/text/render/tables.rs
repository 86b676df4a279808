//! Data tables as grids: where cells stand that span rows or columns, and which rows and cells are heads.

use crate::article::Role;
use crate::extract::text::render::inline::{Inline, Reader, Style, plain, without};
use crate::page::{Id, Tag, Tree};

/// Spans are followed up to this many columns and rows.
pub(super) const MOST_COLUMNS: usize = 100;
const MOST_ROWS: usize = 1000;

/// A table.
#[derive(Debug)]
pub(super) struct Table {
    /// What it is about.
    pub(super) caption: Vec<Inline>,
    /// Its rows.
    pub(super) rows: Vec<Row>,
    /// The number of columns of its widest row.
    pub(super) width: usize,
}

/// A row.
#[derive(Debug)]
pub(super) struct Row {
    /// It names the columns.
    pub(super) is_head: bool,
    /// Its cells in order.
    pub(super) cells: Vec<Cell>,
}

/// A cell.
#[derive(Debug)]
pub(super) struct Cell {
    /// Its text.
    pub(super) text: Vec<Inline>,
    /// It names a row or column.
    pub(super) is_head: bool,
    /// The column it begins in.
    pub(super) column: usize,
    /// How many columns it spans.
    pub(super) columns: usize,
    /// How many rows it spans, of those that are shown.
    pub(super) rows: usize,
}

/// A cell's place.
#[derive(Debug, Clone, Copy)]
struct Place {
    id: Id,
    column: usize,
    columns: usize,
    rows: usize,
}

/// A row of the page.
struct GridRow {
    id: Id,
    places: Vec<Place>,
}

/// The table that the blocks begin with, and how many of them are its rows.
pub(super) fn table(reader: &Reader<'_, '_, '_>, blocks: &[usize]) -> Option<(Table, usize)> {
    let source = reader.source;
    let (tree, list) = (source.tree, &source.blocks.list);
    let row_of = |block: usize| list[block].owner;
    let first = row_of(*blocks.first()?);
    let element = tree
        .ancestors(first)
        .find(|&id| tree.tag(id) == Tag::Table)?;
    let count = blocks
        .iter()
        .take_while(|&&it| {
            source.body.roles[it] == Role::Table && tree.is_within(row_of(it), element)
        })
        .count();
    let grid = grid(tree, element);
    let mut rows: Vec<Row> = Vec::new();
    let mut shown: Vec<usize> = Vec::new();
    for &block in &blocks[..count] {
        let Ok(at) = grid.binary_search_by_key(&row_of(block), |it| it.id) else {
            continue;
        };
        shown.push(at);
        rows.push(row(reader, block, &grid[at]));
    }
    if rows.is_empty() {
        return None;
    }
    for (row, &at) in rows.iter_mut().zip(&shown) {
        for cell in &mut row.cells {
            let before = |end: usize| shown.partition_point(|&it| it < end);
            cell.rows = before(at + cell.rows).saturating_sub(before(at)).max(1);
        }
    }
    if let Some(first) = rows.first_mut() {
        first.is_head |= first.cells.iter().all(|it| is_bold(&it.text));
    }
    for row in &mut rows {
        let is_head = row.is_head;
        for cell in row.cells.iter_mut().filter(|it| is_head || it.is_head) {
            cell.text = without(Style::Strong, std::mem::take(&mut cell.text));
        }
    }
    let width = |row: &Row| row.cells.last().map_or(0, |it| it.column + it.columns);
    let width = rows.iter().map(width).max().unwrap_or(0);
    let caption = Vec::new();
    Some((
        Table {
            caption,
            rows,
            width,
        },
        count,
    ))
}

/// The rows of a table with the places of their cells. Linear in the cells: spans are bounded.
fn grid(tree: &Tree<'_>, table: Id) -> Vec<GridRow> {
    let mut rows = Vec::new();
    // For each column, how many rows a cell above still spans.
    let mut taken: Vec<usize> = Vec::new();
    for id in tree
        .descendants(table)
        .filter(|&id| tree.tag(id) == Tag::Tr)
    {
        let mut places = Vec::new();
        let mut column = 0;
        let mut spans: Vec<Place> = Vec::new();
        for cell in tree
            .children(id)
            .filter(|&it| matches!(tree.tag(it), Tag::Td | Tag::Th))
        {
            while taken.get(column).is_some_and(|&rows| rows > 0) {
                column += 1;
            }
            let most = MOST_COLUMNS.saturating_sub(column).max(1);
            let place = Place {
                id: cell,
                column,
                columns: span(tree, cell, "colspan").unwrap_or(1).clamp(1, most),
                rows: match span(tree, cell, "rowspan") {
                    // To the end of the table.
                    Some(0) => MOST_ROWS,
                    rows => rows.unwrap_or(1).clamp(1, MOST_ROWS),
                },
            };
            column += place.columns;
            places.push(place);
            spans.push(place);
        }
        taken
            .iter_mut()
            .for_each(|rows| *rows = rows.saturating_sub(1));
        for place in spans
            .iter()
            .filter(|it| it.rows > 1 && it.column < MOST_COLUMNS)
        {
            let end = place.column + place.columns;
            if taken.len() < end {
                taken.resize(end, 0);
            }
            taken[place.column..end].fill(place.rows - 1);
        }
        rows.push(GridRow { id, places });
    }
    rows
}

fn span(tree: &Tree<'_>, cell: Id, name: &str) -> Option<usize> {
    tree.attr(cell, name)?.trim().parse().ok()
}

fn row(reader: &Reader<'_, '_, '_>, block: usize, row: &GridRow) -> Row {
    let source = reader.source;
    let tree = source.tree;
    let ids: Vec<Id> = row.places.iter().map(|it| it.id).collect();
    let texts = reader.cells(block, &ids).unwrap_or_else(|| {
        let mut texts: Vec<Vec<Inline>> = source
            .blocks
            .text(block)
            .split(" | ")
            .map(|it| vec![Inline::Text(it.trim().to_owned())])
            .collect();
        texts.resize_with(ids.len().max(texts.len()), Vec::new);
        texts
    });
    let end = row.places.last().map_or(0, |it| it.column + it.columns);
    let cell = |(at, text): (usize, Vec<Inline>)| {
        let place = row.places.get(at).copied();
        let place = place.unwrap_or(Place {
            id: row.id,
            column: end + at - row.places.len(),
            columns: 1,
            rows: 1,
        });
        Cell {
            text,
            is_head: tree.tag(place.id) == Tag::Th,
            column: place.column,
            columns: place.columns,
            rows: place.rows,
        }
    };
    let cells: Vec<Cell> = texts.into_iter().enumerate().map(cell).collect();
    let in_head = tree
        .ancestors(row.id)
        .take(2)
        .any(|id| tree.tag(id) == Tag::Thead);
    let has_text = |cell: &&Cell| !cell.text.is_empty();
    let is_head = in_head || cells.iter().filter(has_text).all(|it| it.is_head);
    Row { is_head, cells }
}

/// True for bold text, and for none.
fn is_bold(text: &[Inline]) -> bool {
    text.iter().all(|it| match it {
        Inline::Styled(Style::Strong, _) | Inline::Break => true,
        other => plain(std::slice::from_ref(other)).trim().is_empty(),
    })
}
