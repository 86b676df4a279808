//! What is searched for.

use crate::article::Kind;

/// A field of an article in which words are searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Field {
    /// The headline.
    Title,
    /// The authors' names.
    Author,
    /// The page's keywords.
    Tag,
    /// The section.
    Section,
    /// The text.
    Text,
}

impl Field {
    /// Every field.
    pub const ALL: [Field; 5] = [
        Field::Title,
        Field::Author,
        Field::Tag,
        Field::Section,
        Field::Text,
    ];

    /// The name in queries.
    pub fn name(self) -> &'static str {
        match self {
            Field::Title => "title",
            Field::Author => "author",
            Field::Tag => "tag",
            Field::Section => "section",
            Field::Text => "text",
        }
    }
}

/// A word, or words that follow each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// The field in which it stands; `None` for any.
    pub field: Option<Field>,
    /// Its words, as the index has them; at least one.
    pub words: Vec<String>,
    /// The last word may go on.
    pub is_prefix: bool,
}

/// A span of time in unix milliseconds. The default is all of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TimeRange {
    /// At this time or later.
    pub since: Option<i64>,
    /// Before this time.
    pub until: Option<i64>,
}

impl TimeRange {
    /// True where it is not all of time.
    pub fn is_bounded(&self) -> bool {
        self.since.is_some() || self.until.is_some()
    }
}

/// In which order articles are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    /// The newest first, by publication.
    #[default]
    Newest,
    /// Those first that say most of it: the best thousand of the newest matches.
    Relevance,
}

/// What is searched for. The default is all articles, the newest first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SearchQuery {
    /// Of each group, one term must occur.
    pub required: Vec<Vec<Term>>,
    /// None of these may occur.
    pub excluded: Vec<Term>,
    /// Names of sources, in any case; empty for all.
    pub sources: Vec<String>,
    /// Languages: `pt` is any Portuguese, `pt-BR` that of Brazil; empty for all.
    pub languages: Vec<String>,
    /// When it was published, or else fetched.
    pub published: TimeRange,
    /// When it was fetched last.
    pub stored: TimeRange,
    /// The kind of page; `None` for all.
    pub kind: Option<Kind>,
    /// The order of what is found.
    pub order: Order,
    /// What of a reader's query was understood otherwise than it may have been meant, a sentence each.
    pub notes: Vec<String>,
}

impl SearchQuery {
    /// Reads a query as people write it: words, which must all occur; `"phrases"`; `harbour*`; `-word`; `ferry OR boat`;
    /// `title:`, `author:`, `tag:`, `section:` and `text:` before a word or a phrase; `source:`, `language:`,
    /// `after:2026-01-31` and `before:2026-02`. Never fails: what can't be read is searched as words, with a note.
    pub fn parse(text: &str) -> SearchQuery {
        super::parse::parse(text)
    }

    /// True where it searches for no words.
    pub fn is_without_words(&self) -> bool {
        self.required.is_empty() && self.excluded.is_empty()
    }
}
