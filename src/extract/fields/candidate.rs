//! What one source states for a field. Each field lists its candidates in order of trust; the decision
//! takes the first that holds, and `explain` shows the list.

use std::borrow::Cow;
use std::fmt;

use crate::selectors::UserSelector;

/// Where a candidate comes from. Its `Display` is what `explain` prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source<'p> {
    /// A selector that a user wrote for the site.
    Selector(&'p UserSelector),
    /// A property of the page's JSON-LD.
    JsonLd(&'static str),
    /// A `<meta>` of this name.
    Meta(&'static str),
    /// An HTTP header.
    Header(&'static str),
    /// A place in the page, in words.
    Place(&'static str),
}

impl fmt::Display for Source<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Source::Selector(own) => write!(f, "selector {} ({})", own.css, own.place),
            Source::JsonLd(property) => write!(f, "json-ld {property}"),
            Source::Meta(name) => write!(f, "meta {name}"),
            Source::Header(name) => write!(f, "header {name}"),
            Source::Place(place) => f.write_str(place),
        }
    }
}

/// What one source states for a field: by default text as the page wrote it.
#[derive(Debug, Clone)]
pub(super) struct Candidate<'p, T = Cow<'p, str>> {
    pub(super) source: Source<'p>,
    pub(super) value: T,
}

impl<'p, T> Candidate<'p, T> {
    pub(super) fn new(source: Source<'p>, value: T) -> Candidate<'p, T> {
        Candidate { source, value }
    }

    /// The same source with the value that `read` makes of its own.
    pub(super) fn and_then<U>(self, read: impl FnOnce(T) -> Option<U>) -> Option<Candidate<'p, U>> {
        Some(Candidate {
            source: self.source,
            value: read(self.value)?,
        })
    }
}

impl<'p> Candidate<'p> {
    /// A candidate that borrows the page's text.
    pub(super) fn borrowed(source: Source<'p>, text: &'p str) -> Candidate<'p> {
        Candidate::new(source, Cow::Borrowed(text))
    }

    /// True where a user's selector found it. Such text is used as it is.
    pub(super) fn is_selected(&self) -> bool {
        matches!(self.source, Source::Selector(_))
    }
}
