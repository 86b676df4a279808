//! A fetched page as the other rooms read it: its bytes as text ([`decode`]), the text as one tree
//! ([`parse`]), and the tree as dense arrays in document order ([`tree`]). A page is parsed once;
//! `extract` and `discover` annotate its nodes by index and never change them. Pure: no I/O, no
//! clock; every step is bounded by [`Limits`].

pub mod decode;
pub mod parse;
mod references;
mod sieve;
mod sink;
pub mod tag;
pub mod text;
mod tokens;
pub mod tree;

pub use decode::Decoded;
pub use tag::Tag;
pub use tree::{Data, Id, Tree};

use crate::limits::Limits;
use scraper::Html;

/// A page's bytes and what its server said of them.
#[derive(Debug, Clone, Copy, Default)]
pub struct Input<'a> {
    /// The body as it came, decompressed.
    pub bytes: &'a [u8],
    /// The final address, if there is one.
    pub url: Option<&'a url::Url>,
    /// The `Content-Type` header.
    pub content_type: Option<&'a str>,
    /// The `X-Robots-Tag` headers, joined by commas.
    pub x_robots_tag: Option<&'a str>,
    /// The `tdm-reservation` header (TDMRep).
    pub tdm_reservation: Option<&'a str>,
}

/// A parsed page. Lives on one thread; [`Document::tree`] gives the view that stages work on.
#[derive(Debug)]
pub struct Document {
    html: Html,
    /// The encoding that the bytes were read in.
    pub encoding: &'static encoding_rs::Encoding,
    /// The encoding was guessed from the bytes: nothing declared it, or what did was wrong.
    pub charset_guessed: bool,
    /// Not all of the page is in the tree: a limit was met, or the text breaks off.
    pub truncated: bool,
}

impl Document {
    /// Decodes and parses a page.
    pub fn parse(input: &Input<'_>, limits: &Limits) -> Document {
        let decoded = decode::decode(input.bytes, input.content_type, input.url);
        let parsed = parse::parse(&decoded.text, limits);
        Document {
            html: parsed.html,
            encoding: decoded.encoding,
            charset_guessed: decoded.guessed,
            truncated: parsed.truncated,
        }
    }

    /// The tree as dense arrays in document order.
    pub fn tree(&self) -> Tree<'_> {
        Tree::new(&self.html)
    }
}
