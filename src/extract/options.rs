//! What an extraction is asked for.

use crate::article::Role;

/// What a record holds besides its text, and of which pages.
///
/// ```
/// let mut options = newsprint::extract::Options::default();
/// options.markdown = true;
/// let extractor = newsprint::Extractor::new(options);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Options {
    /// The roles whose blocks make the text.
    pub include: Vec<Role>,
    /// Fill [`Article::markdown`](crate::Article::markdown).
    pub markdown: bool,
    /// Fill [`Article::html`](crate::Article::html).
    pub html: bool,
    /// Fill [`Article::blocks`](crate::Article::blocks).
    pub blocks: bool,
    /// Return the main text of pages that are not articles, too.
    pub any_kind: bool,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            include: Role::DEFAULT.to_vec(),
            markdown: false,
            html: false,
            blocks: false,
            any_kind: false,
        }
    }
}
