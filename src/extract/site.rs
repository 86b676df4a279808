//! A source's own selectors, which always win over the built-in rules.

use scraper::Selector;

use super::marks::Mark;
use super::metadata::{self, Metadata};
use super::rules::index::{Index, parse};
use crate::page::{Id, Tree};

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

/// A source's selectors, compiled.
#[derive(Debug, Default)]
pub struct SiteRules {
    article: Option<Selector>,
    title: Option<Selector>,
    authors: Option<Selector>,
    published: Option<Selector>,
    cut: Index,
}

/// The values that [`SiteRules::cut`] files its selectors under.
const STRIP: usize = 0;
const KEEP: usize = 1;

impl SiteRules {
    /// Compiles a source's selectors; those that don't parse are left out (configuration has
    /// checked them).
    pub fn compile(selectors: &Selectors<'_>) -> SiteRules {
        let one = |source: Option<&str>| source.and_then(|source| parse(source).ok());
        let strip = selectors.strip.iter().map(|source| (source.clone(), STRIP));
        let keep = selectors.keep.iter().map(|source| (source.clone(), KEEP));
        SiteRules {
            article: one(selectors.article),
            title: one(selectors.title),
            authors: one(selectors.authors),
            published: one(selectors.published),
            cut: Index::compile(&strip.chain(keep).collect::<Vec<_>>()),
        }
    }

    /// Overrides the verdict of the rules on one node.
    pub(super) fn mark(&self, tree: &Tree<'_>, id: Id, mark: &mut Mark) {
        self.cut.matches(tree, id, |value| {
            *mark = match (value, *mark) {
                (KEEP, _) | (_, Mark::Kept) => Mark::Kept,
                _ => Mark::Site,
            };
        });
    }

    /// The element that holds the body: what [`Selectors::article`] finds first.
    pub(super) fn container(&self, tree: &Tree<'_>) -> Option<Id> {
        find(self.article.as_ref(), tree).next()
    }

    /// Puts what the source's selectors find in place of what the page's markup says.
    pub(super) fn override_fields(&self, tree: &Tree<'_>, fields: &mut Metadata) {
        if let Some(title) = find(self.title.as_ref(), tree)
            .map(|id| tree.text(id))
            .find(|it| !it.is_empty())
        {
            fields.title = Some(title);
        }
        let authors: Vec<String> = find(self.authors.as_ref(), tree)
            .map(|id| tree.text(id))
            .filter(|it| !it.is_empty())
            .collect();
        if !authors.is_empty() {
            fields.authors = metadata::authors(&authors);
        }
        let stated = |id| {
            tree.attr(id, "datetime")
                .or_else(|| tree.attr(id, "content"))
                .map_or_else(|| tree.text(id), str::to_owned)
        };
        let published = find(self.published.as_ref(), tree)
            .find_map(|id| metadata::date(&stated(id), fields.language.as_deref()));
        if published.is_some() {
            fields.published = published;
        }
    }
}

/// The elements that a selector finds, in document order.
fn find<'t>(selector: Option<&'t Selector>, tree: &'t Tree<'_>) -> impl Iterator<Item = Id> + 't {
    selector.into_iter().flat_map(|selector| {
        (0..tree.len()).filter(|&id| {
            tree.element(id)
                .is_some_and(|element| selector.matches(&element))
        })
    })
}
