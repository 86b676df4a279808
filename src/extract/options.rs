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
    /// Fill [`Article::images`](crate::Article::images), and put pictures in their places in Markdown and HTML.
    pub images: bool,
    /// Fill [`Article::links`](crate::Article::links).
    pub links: bool,
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
            images: false,
            links: false,
            any_kind: false,
        }
    }
}
