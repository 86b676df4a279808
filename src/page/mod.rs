//! A fetched page as the other rooms read it: its bytes as text ([`decode`]), the text as one tree
//! ([`parse`]), and the tree as dense arrays in document order ([`tree`]). A page is parsed once;
//! `extract` and `discover` annotate its nodes by index and never change them. Pure: no I/O, no
//! clock; every step is bounded by [`Limits`].

mod attr_names;
mod attributes;
mod base;
pub mod decode;
pub(crate) mod encoding;
mod formatting;
pub mod glue;
mod layout;
pub(crate) mod lazy;
mod names;
mod nodes;
pub mod parse;
pub(crate) mod references;
pub mod select;
mod sheets;
mod sieve;
mod sink;
pub(crate) mod sniff;
mod source;
pub mod tag;
pub mod text;
mod tokens;
pub mod tree;

pub(crate) use attr_names::AttrNames;
pub use base::base_url;
pub use decode::Decoded;
pub use tag::Tag;
pub use tree::{Data, Id, Tree};

use url::Url;

use crate::limits::Limits;
use crate::page::parse::Parsed;
use crate::rights::Signals;
use crate::verdict::AddressEvidence;

/// A page's bytes, and what its server said about them.
#[derive(Debug, Clone, Copy, Default)]
#[non_exhaustive]
pub struct Input<'a> {
    /// The body, decompressed, in the encoding it was sent in.
    pub bytes: &'a [u8],
    /// The final URL, after redirects, if it is known.
    pub url: Option<&'a Url>,
    /// The `Content-Type` header.
    pub content_type: Option<&'a str>,
    /// The `X-Robots-Tag` headers, joined by commas.
    pub x_robots_tag: Option<&'a str>,
    /// The `tdm-reservation` header (TDMRep).
    pub tdm_reservation: Option<&'a str>,
    /// What robots.txt, other headers and licence files state of its use.
    pub signals: Option<&'a Signals>,
    /// What named the page's address.
    pub evidence: AddressEvidence,
    /// When the page was fetched, in unix milliseconds, if it is known. Dates such as '2 hours ago' are read by it.
    pub fetched_at: Option<i64>,
}

impl<'a> Input<'a> {
    /// A page of which nothing is known but its bytes.
    pub fn new(bytes: &'a [u8]) -> Input<'a> {
        Input {
            bytes,
            ..Input::default()
        }
    }

    /// Sets the final URL.
    #[must_use]
    pub fn with_url(self, url: impl Into<Option<&'a Url>>) -> Input<'a> {
        Input {
            url: url.into(),
            ..self
        }
    }

    /// Sets the `Content-Type` header.
    #[must_use]
    pub fn with_content_type(self, content_type: impl Into<Option<&'a str>>) -> Input<'a> {
        Input {
            content_type: content_type.into(),
            ..self
        }
    }

    /// Sets when the page was fetched, in unix milliseconds.
    #[must_use]
    pub fn with_fetched_at(self, fetched_at: impl Into<Option<i64>>) -> Input<'a> {
        Input {
            fetched_at: fetched_at.into(),
            ..self
        }
    }

    /// Sets what named the page's address: an item of a feed is an article, however short.
    #[must_use]
    pub fn with_evidence(self, evidence: AddressEvidence) -> Input<'a> {
        Input { evidence, ..self }
    }
}

/// A page that was saved, with what is known of how it was fetched.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SavedPage {
    /// The path; for a record of a WARC file `path#address`.
    pub name: String,
    /// The address the page was fetched from, where the file says so.
    pub url: Option<Url>,
    /// The `Content-Type` header, where the file holds one.
    pub content_type: Option<String>,
    /// The page.
    pub bytes: Vec<u8>,
    /// When it was fetched, RFC 3339, where the file says so.
    pub fetched_at: Option<String>,
    /// The HTTP status, where the file says so.
    pub status: Option<u16>,
    /// The `X-Robots-Tag` headers, joined by commas, where the file holds any.
    pub x_robots_tag: Option<String>,
    /// The `tdm-reservation` header (TDMRep), where the file holds one.
    pub tdm_reservation: Option<String>,
    /// What other headers state of its use, where the file holds any.
    pub signals: Signals,
    /// Where the page's record begins in its archive, in bytes; in a compressed one, where the part begins
    /// that holds it.
    pub offset: Option<u64>,
    /// What is wrong with the page as it was saved.
    pub faults: Vec<PageFault>,
}

/// What is wrong with a page as it was saved. It is extracted all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum PageFault {
    /// The page was cut short: by whoever saved it, or because the archive ends or is damaged there.
    Truncated,
    /// The length that its record states is wrong; the page was read up to the next record.
    WrongLength,
    /// The digest that its record states is another page's, or the page has changed since.
    WrongDigest,
}

impl PageFault {
    /// The warning that the record of the page gets, if any.
    pub fn warning(self) -> Option<&'static str> {
        match self {
            PageFault::Truncated => Some("truncated"),
            PageFault::WrongDigest => Some("digest_mismatch"),
            PageFault::WrongLength => None,
        }
    }
}

impl std::fmt::Display for PageFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            PageFault::Truncated => "the page was saved cut short",
            PageFault::WrongLength => {
                "the length in its record is wrong; read up to the next record"
            }
            PageFault::WrongDigest => {
                "its digest does not match: the archive was damaged or changed"
            }
        })
    }
}

impl SavedPage {
    /// The page as it is parsed and extracted.
    pub fn input(&self) -> Input<'_> {
        let fetched_at = self.fetched_at.as_deref();
        let fetched_at = fetched_at.and_then(|at| at.parse::<jiff::Timestamp>().ok());
        let input = Input::new(&self.bytes)
            .with_url(self.url.as_ref())
            .with_content_type(self.content_type.as_deref())
            .with_fetched_at(fetched_at.map(jiff::Timestamp::as_millisecond));
        Input {
            x_robots_tag: self.x_robots_tag.as_deref(),
            tdm_reservation: self.tdm_reservation.as_deref(),
            signals: Some(&self.signals),
            ..input
        }
    }
}

/// A parsed page. It stays on one thread; [`Document::page`] gives the view that stages work on.
#[derive(Debug)]
pub struct Document<'a> {
    input: Input<'a>,
    limits: &'a Limits,
    parsed: Parsed,
    charset_guessed: bool,
}

impl<'a> Document<'a> {
    /// Decodes and parses a page.
    pub fn parse(input: &Input<'a>, limits: &'a Limits) -> Document<'a> {
        let decoded = decode::decode(input.bytes, input.content_type, input.url);
        Document {
            input: *input,
            limits,
            parsed: parse::parse(&decoded.text, limits),
            charset_guessed: decoded.guessed,
        }
    }

    /// The page as every later stage reads it. This builds the arrays of [`Tree`]: call it once.
    pub fn page(&self) -> Page<'_> {
        Page {
            input: self.input,
            limits: self.limits,
            tree: Tree::new(&self.parsed),
            charset_guessed: self.charset_guessed,
            truncated: self.parsed.truncated,
        }
    }
}

/// A page as every stage after parsing reads it: what came, the tree of it, and what decoding and
/// parsing found out.
#[derive(Debug)]
pub struct Page<'p> {
    /// The bytes, and what the server said about them.
    pub input: Input<'p>,
    /// The bounds within which the page was parsed; later stages keep to them too.
    pub limits: &'p Limits,
    /// The nodes, in document order.
    pub tree: Tree<'p>,
    /// The encoding was guessed from the bytes: nothing declared it, or the declaration was wrong.
    pub charset_guessed: bool,
    /// Not all of the page is in the tree: it exceeds a limit.
    pub truncated: bool,
}
