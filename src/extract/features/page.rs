//! Features of the page as a whole. They are the same for every block, and computed once.

use crate::extract::features::{Containers, PageView};
use crate::extract::model::matrix::{log, share};
use crate::page::Tag;

/// What is the same for every block: the names of [`page_columns`].
pub(super) const PAGE: [&str; 8] = [
    "page chars",
    "page blocks",
    "page links",
    "page paragraphs",
    "page articles",
    "page headlines",
    "best chars",
    "best share",
];

/// The features of a page with this many characters, in all and in links.
pub(super) fn page_columns(
    view: &PageView<'_, '_>,
    containers: &Containers,
    (chars, links): (usize, usize),
) -> [f32; 8] {
    let elements = |tag: Tag| view.tree.elements(tag).count();
    let best = containers.best.map(|(best, _)| containers.sum(best).chars);
    [
        log(chars),
        log(view.blocks.list.len()),
        share(links, chars),
        log(containers.points.iter().filter(|it| **it > 0.0).count()),
        log(elements(Tag::Article)),
        log(elements(Tag::H1)),
        best.map_or(0.0, log),
        best.map_or(0.0, |it| share(it, chars)),
    ]
}
