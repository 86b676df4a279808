//! Selectors that users write for a source or a host, as data: what each is for, where it was
//! written, and from when until when it holds. `config` reads them, `extract` works by them;
//! imports nothing of ours.

use std::sync::Arc;

/// What a selector is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SelectorKey {
    /// The element that holds the body.
    Article,
    /// Removed besides the built-in rules.
    Strip,
    /// Never removed.
    Keep,
    /// The link to the article's next page.
    NextPage,
    /// The headline.
    Title,
    /// The standfirst.
    Description,
    /// One element an author.
    Authors,
    /// When it was published: `datetime`, `content` or the text.
    Published,
    /// When it was changed.
    Modified,
    /// The section of the paper.
    Section,
}

impl SelectorKey {
    /// Every key, in the order in which files state them.
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

/// One selector, known to parse.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserSelector {
    /// What it is for.
    pub key: SelectorKey,
    /// The CSS as written.
    pub css: String,
    /// Where it was written: `config.toml:12`.
    pub place: Arc<str>,
}

/// Selectors that hold together for some time. Those of one key are tried in their order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SelectorSet {
    /// In the file's order.
    pub selectors: Vec<UserSelector>,
    /// For pages fetched at this time or later, in unix milliseconds.
    pub valid_from: Option<i64>,
    /// For pages fetched before this time.
    pub valid_until: Option<i64>,
}

impl SelectorSet {
    /// Selectors that hold always, written at one place.
    pub fn of(selectors: &[(SelectorKey, &str)], place: &str) -> SelectorSet {
        let place: Arc<str> = Arc::from(place);
        let own = selectors.iter().map(|(key, css)| UserSelector {
            key: *key,
            css: (*css).to_owned(),
            place: Arc::clone(&place),
        });
        SelectorSet {
            selectors: own.collect(),
            ..SelectorSet::default()
        }
    }

    /// True where the set is meant for pages fetched at that time.
    pub fn holds_at(&self, fetched_at: i64) -> bool {
        self.valid_from.is_none_or(|from| from <= fetched_at)
            && self.valid_until.is_none_or(|until| fetched_at < until)
    }
}
