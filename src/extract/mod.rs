//! Bytes in, [`Article`] out: label, assemble, metadata, render. Pure and synchronous: no I/O, no
//! clock, no globals that change; it never fails, it returns what it has, with warnings.

pub mod metadata;

use url::Url;

use crate::article::{Article, Role};
use crate::outcome::Outcome;
use crate::page::{Document, Input, Tree};

/// Extracts the article of a page with the built-in rules.
pub fn extract(bytes: &[u8], url: Option<&Url>) -> Article {
    Extractor::default()
        .extract(&Input {
            bytes,
            url,
            ..Input::default()
        })
        .article
}

/// What an extraction should hold besides the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// The roles that make the text.
    pub include: Vec<Role>,
    /// Fill [`Article::markdown`].
    pub markdown: bool,
    /// Fill [`Article::html`].
    pub html: bool,
    /// Main text also of pages that are no articles.
    pub any_kind: bool,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            include: Role::DEFAULT.to_vec(),
            markdown: false,
            html: false,
            any_kind: false,
        }
    }
}

/// A page's record and the verdict on it.
#[derive(Debug, Clone, PartialEq)]
pub struct Extraction {
    /// The record; its text is empty where the verdict is no article.
    pub article: Article,
    /// [`Outcome::Stored`] for an article, else why there is none.
    pub verdict: Outcome,
}

/// A source's own selectors, compiled.
#[derive(Debug, Clone, Default)]
pub struct SiteRules {}

/// Selectors of one source, as written in `config.toml`.
#[derive(Debug, Clone, Copy, Default)]
pub struct Selectors<'a> {
    /// The element that holds the body.
    pub article: Option<&'a str>,
    /// The headline.
    pub title: Option<&'a str>,
    /// One element an author.
    pub authors: Option<&'a str>,
    /// The publication date.
    pub published: Option<&'a str>,
    /// Removed besides the built-in rules.
    pub strip: &'a [String],
    /// Never removed.
    pub keep: &'a [String],
}

impl SiteRules {
    /// Compiles a source's selectors; those that don't parse are left out (configuration has
    /// checked them).
    pub fn compile(_selectors: &Selectors<'_>) -> SiteRules {
        SiteRules::default()
    }
}

/// The extractor: rules compiled once, used for any number of pages from any number of threads.
#[derive(Debug, Clone, Default)]
pub struct Extractor {
    options: Options,
}

impl Extractor {
    /// An extractor with the built-in rules.
    pub fn new(options: Options) -> Extractor {
        Extractor { options }
    }

    /// Decodes, parses and extracts one page.
    pub fn extract(&self, input: &Input<'_>) -> Extraction {
        let document = Document::parse(input, &crate::limits::Limits::DEFAULT);
        self.extract_tree(input, &document, &document.tree(), &SiteRules::default())
    }

    /// Extracts a page that is parsed already.
    pub fn extract_tree(
        &self,
        _input: &Input<'_>,
        _document: &Document,
        _tree: &Tree<'_>,
        _site: &SiteRules,
    ) -> Extraction {
        let _ = &self.options;
        Extraction {
            article: Article::default(),
            verdict: Outcome::Empty,
        }
    }
}
