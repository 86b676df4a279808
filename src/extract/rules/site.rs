//! The selectors that users wrote for a page's source and host, and the source's least number of words and
//! time zone.
//! They always override the built-in rules.

use std::sync::Arc;

use jiff::tz::TimeZone;
use url::Url;

use crate::extract::rules::Mark;
use crate::extract::rules::index::{Index, PageMatcher, parse};
use crate::page::select::{Caches, Selector};
use crate::page::{Id, Tree};
use crate::selectors::{SelectorKey, UserSelector};

/// The selectors of one source or host, compiled.
#[derive(Debug, Default)]
pub struct SelectorLayer {
    selectors: Vec<(UserSelector, Option<Selector>)>,
    /// The `strip` and `keep` selectors, by their position in `selectors`.
    cuts: Index,
}

impl SelectorLayer {
    /// Compiles selectors; those that don't parse find nothing (configuration has checked them).
    pub fn compile(selectors: &[UserSelector]) -> SelectorLayer {
        let cuts = selectors.iter().enumerate();
        let cuts = cuts.filter(|(_, it)| matches!(it.key, SelectorKey::Strip | SelectorKey::Keep));
        let cuts: Vec<_> = cuts.map(|(at, it)| (it.css.clone(), at)).collect();
        let compiled = selectors.iter();
        let compiled = compiled.map(|it| (it.clone(), parse(&it.css).ok()));
        SelectorLayer {
            cuts: Index::compile(&cuts),
            selectors: compiled.collect(),
        }
    }
}

/// All selectors that users wrote for one page: the source's, then the host's.
#[derive(Debug, Clone, Default)]
pub struct SiteRules {
    layers: Vec<Arc<SelectorLayer>>,
    /// Only the selectors of fields apply.
    fields_only: bool,
    /// The fewest words of an article, where the source sets a number.
    min_words: Option<usize>,
    /// The time zone of times without one, where the source states it.
    timezone: Option<TimeZone>,
}

/// The `strip` and `keep` selectors, prepared for one page.
pub(in crate::extract) struct SiteCuts<'s> {
    layers: Vec<(&'s SelectorLayer, PageMatcher<'s, 's>)>,
}

impl SiteCuts<'_> {
    /// Overrides the mark that the built-in rules gave a node.
    pub(in crate::extract) fn mark(&self, id: Id, mark: &mut Mark) {
        let mut start = 0;
        for (layer, cuts) in &self.layers {
            cuts.matches(id, |at| {
                let place = u16::try_from(start + at).unwrap_or(u16::MAX);
                *mark = match (layer.selectors[at].0.key, *mark) {
                    (_, Mark::Kept(known)) => Mark::Kept(known),
                    (SelectorKey::Keep, _) => Mark::Kept(place),
                    (_, Mark::Site(known)) => Mark::Site(known),
                    _ => Mark::Site(place),
                };
            });
            start += layer.selectors.len();
        }
    }
}

impl SiteRules {
    /// The selectors of these layers; an earlier layer wins over a later one.
    pub fn new(layers: Vec<Arc<SelectorLayer>>) -> SiteRules {
        SiteRules {
            layers,
            fields_only: false,
            min_words: None,
            timezone: None,
        }
    }

    /// Sets the fewest words of an article, in place of the built-in number.
    #[must_use]
    pub fn with_min_words(self, min_words: Option<usize>) -> SiteRules {
        SiteRules { min_words, ..self }
    }

    /// Sets the time zone of times that pages state without one.
    #[must_use]
    pub fn with_timezone(self, timezone: Option<TimeZone>) -> SiteRules {
        SiteRules { timezone, ..self }
    }

    /// The time zone of times that pages state without one.
    pub(in crate::extract) fn timezone(&self) -> Option<&TimeZone> {
        self.timezone.as_ref()
    }

    /// The fewest words of an article, where the source sets a number.
    pub(in crate::extract) fn min_words(&self) -> Option<usize> {
        self.min_words
    }

    /// The same without the selectors that cut the page: `article`, `strip` and `keep`.
    pub(in crate::extract) fn without_cuts(&self) -> SiteRules {
        SiteRules {
            layers: self.layers.clone(),
            fields_only: true,
            min_words: self.min_words,
            timezone: self.timezone.clone(),
        }
    }

    /// True if a selector names a part of the page that is, or is not, the article.
    pub(in crate::extract) fn cuts(&self) -> bool {
        let cuts = |key| matches!(key, SelectorKey::Article | SelectorKey::Strip);
        !self.fields_only && self.selectors().any(|selector| cuts(selector.key))
    }

    /// Every selector, in order of precedence.
    pub fn selectors(&self) -> impl Iterator<Item = &UserSelector> {
        self.compiled().map(|(selector, _)| selector)
    }

    /// The selector at this position of [`SiteRules::selectors`].
    pub(in crate::extract) fn selector(&self, place: u16) -> Option<&UserSelector> {
        self.selectors().nth(usize::from(place))
    }

    /// The `strip` and `keep` selectors, prepared for a page.
    pub(in crate::extract) fn on<'s>(&'s self, tree: &'s Tree<'s>) -> SiteCuts<'s> {
        let layers = if self.fields_only { &[] } else { &*self.layers };
        let layers = layers.iter().map(|layer| (&**layer, layer.cuts.on(tree)));
        SiteCuts {
            layers: layers.collect(),
        }
    }

    /// The element that an `article` selector finds, and the position of that selector.
    pub(in crate::extract) fn container(&self, tree: &Tree<'_>) -> Option<(Id, u16)> {
        if self.fields_only {
            return None;
        }
        let (id, by) = self.find_all(SelectorKey::Article, tree).next()?;
        let position = self.selectors().position(|it| std::ptr::eq(it, by))?;
        Some((id, u16::try_from(position).ok()?))
    }

    /// The `article` selectors as they were written; `None` if there are none.
    pub(in crate::extract) fn article_selectors(&self) -> Option<String> {
        let all = self.selectors();
        let all = all.filter(|it| it.key == SelectorKey::Article);
        let all: Vec<&str> = all.map(|it| it.css.as_str()).collect();
        (!all.is_empty()).then(|| all.join(", "))
    }

    /// The URL of the article's next page, if a `next_page` selector finds a link to it.
    pub fn next_page(&self, tree: &Tree<'_>, base: Option<&Url>) -> Option<Url> {
        let mut links = self.find_all(SelectorKey::NextPage, tree);
        links.find_map(|(id, _)| {
            let href = tree.attr(id, "href")?.trim();
            let mut url = base?.join(href).ok()?;
            url.set_fragment(None);
            matches!(url.scheme(), "http" | "https").then_some(url)
        })
    }

    /// For each selector of a key, the texts of the elements that it finds; empty texts are left out.
    pub(in crate::extract) fn texts<'s>(
        &'s self,
        key: SelectorKey,
        tree: &Tree<'_>,
    ) -> impl Iterator<Item = (&'s UserSelector, impl Iterator<Item = String>)> {
        self.of(key).map(move |(by, selector)| {
            let texts = find(selector, tree).map(|id| text_of(tree, id));
            (by, texts.filter(|text| !text.is_empty()))
        })
    }

    /// The elements that the selectors of a key find, selector by selector.
    fn find_all(
        &self,
        key: SelectorKey,
        tree: &Tree<'_>,
    ) -> impl Iterator<Item = (Id, &UserSelector)> {
        let of_key = self.of(key);
        of_key.flat_map(move |(by, selector)| find(selector, tree).map(move |id| (id, by)))
    }

    /// The selectors of a key that parse, in order of precedence.
    fn of(&self, key: SelectorKey) -> impl Iterator<Item = (&UserSelector, &Selector)> {
        let of_key = self.compiled().filter(move |(by, _)| by.key == key);
        of_key.filter_map(|(by, selector)| Some((by, selector.as_ref()?)))
    }

    fn compiled(&self) -> impl Iterator<Item = &(UserSelector, Option<Selector>)> {
        self.layers.iter().flat_map(|layer| &layer.selectors)
    }

    /// The elements that each selector finds, in the order of [`SiteRules::selectors`].
    pub fn matches(&self, tree: &Tree<'_>) -> Vec<Vec<Id>> {
        let elements = |selector: &Option<Selector>| {
            let found = selector.iter().flat_map(|it| find(it, tree));
            found.collect()
        };
        let all = self.compiled();
        all.map(|(_, selector)| elements(selector)).collect()
    }
}

/// The text of an element: the `datetime` of a `<time>`, the `content` of a `<meta>`, else its text nodes.
fn text_of(tree: &Tree<'_>, id: Id) -> String {
    let attribute = tree
        .attr(id, "datetime")
        .or_else(|| tree.attr(id, "content"));
    attribute.map_or_else(|| tree.text(id), |it| it.trim().to_owned())
}

/// The elements that a selector finds, in document order.
fn find(selector: &Selector, tree: &Tree<'_>) -> impl Iterator<Item = Id> {
    let caches = Caches::default();
    (0..tree.len()).filter(move |&id| selector.matches(tree, id, &caches))
}
