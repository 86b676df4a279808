//! Decided blocks to text, Markdown and HTML ([`body_text`], [`assemble`], [`render`]), the article out of a page's own data
//! ([`state`]), several pages as one ([`join`]), and how good the text probably is ([`quality`]).

pub(super) mod assemble;
pub(super) mod body_text;
pub(super) mod join;
pub(super) mod quality;
pub mod render;
pub(super) mod state;
