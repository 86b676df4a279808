//! Decided blocks to text, Markdown and HTML ([`assemble`], [`render`]), the article out of a page's own data
//! ([`embedded`]), several pages as one ([`join`]), and how good the text probably is ([`quality`]).

pub(super) mod assemble;
pub(super) mod embedded;
pub(super) mod join;
pub(super) mod quality;
pub mod render;
