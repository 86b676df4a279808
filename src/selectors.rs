//! Selectors that users write for a source or a host, as data: the key of each, where it was written, and
//! when it is valid. `config` reads them and `extract` applies them. Imports nothing of this crate.

use std::sync::Arc;

/// What a selector is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum SelectorKey {
    /// The element that contains the body.
    Article,
    /// Removed in addition to the built-in rules.
    Strip,
    /// Never removed.
    Keep,
    /// The link to the article's next page.
    NextPage,
    /// The headline.
    Title,
    /// The standfirst.
    Description,
    /// One element per author.
    Authors,
    /// The publication date: `datetime`, `content` or the text.
    Published,
    /// The date of the last change.
    Modified,
    /// The section, such as 'Politics'.
    Section,
}

impl SelectorKey {
    /// Every key, in the order used in files.
    pub const ALL: [SelectorKey; 10] = [
        SelectorKey::Article,
        SelectorKey::Strip,
        SelectorKey::Keep,
        SelectorKey::NextPage,
        SelectorKey::Title,
        SelectorKey::Description,
        SelectorKey::Authors,
        SelectorKey::Published,
        SelectorKey::Modified,
        SelectorKey::Section,
    ];

    /// The name in files.
    pub fn name(self) -> &'static str {
        match self {
            SelectorKey::Article => "article",
            SelectorKey::Strip => "strip",
            SelectorKey::Keep => "keep",
            SelectorKey::NextPage => "next_page",
            SelectorKey::Title => "title",
            SelectorKey::Description => "description",
            SelectorKey::Authors => "authors",
            SelectorKey::Published => "published",
            SelectorKey::Modified => "modified",
            SelectorKey::Section => "section",
        }
    }
}

/// One valid selector.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserSelector {
    /// What it is for.
    pub key: SelectorKey,
    /// The CSS as written.
    pub css: String,
    /// Where it was written: `config.toml:12`.
    pub place: Arc<str>,
}

/// Selectors with one validity period. Those of one key are tried in order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SelectorSet {
    /// In the file's order.
    pub selectors: Vec<UserSelector>,
    /// Valid for pages fetched at or after this time, in unix milliseconds.
    pub valid_from: Option<i64>,
    /// Valid for pages fetched before this time.
    pub valid_until: Option<i64>,
}

impl SelectorSet {
    /// Selectors that are always valid, written at one place.
    pub fn of(selectors: &[(SelectorKey, &str)], place: &str) -> SelectorSet {
        let place: Arc<str> = Arc::from(place);
        let selectors = selectors.iter().map(|(key, css)| UserSelector {
            key: *key,
            css: (*css).to_owned(),
            place: Arc::clone(&place),
        });
        SelectorSet {
            selectors: selectors.collect(),
            ..SelectorSet::default()
        }
    }

    /// True if the set applies to pages fetched at this time.
    pub fn is_valid_at(&self, fetched_at: i64) -> bool {
        self.valid_from.is_none_or(|from| from <= fetched_at)
            && self.valid_until.is_none_or(|until| fetched_at < until)
    }
}
