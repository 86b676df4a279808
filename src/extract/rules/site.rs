//! The selectors that users wrote for a page's source and host, which always win over the built-in
//! rules.

use std::sync::Arc;

use scraper::Selector;
use url::Url;

use crate::extract::rules::Mark;
use crate::extract::rules::index::{Index, PageMatcher, parse};
use crate::page::{Id, Tag, Tree};
use crate::selectors::{SelectorKey, UserSelector};

/// The selectors of one source or host, compiled.
#[derive(Debug, Default)]
pub struct SelectorLayer {
    own: Vec<(UserSelector, Option<Selector>)>,
    /// `strip` and `keep`, by their place in `own`.
    cut: Index,
}

impl SelectorLayer {
    /// Compiles selectors; those that don't parse find nothing (configuration has checked them).
    pub fn compile(own: &[UserSelector]) -> SelectorLayer {
        let cuts = own.iter().enumerate();
        let cuts = cuts.filter(|(_, it)| matches!(it.key, SelectorKey::Strip | SelectorKey::Keep));
        let cuts: Vec<_> = cuts.map(|(at, it)| (it.css.clone(), at)).collect();
        let compiled = own.iter().map(|it| (it.clone(), parse(&it.css).ok()));
        SelectorLayer {
            cut: Index::compile(&cuts),
            own: compiled.collect(),
        }
    }
}

/// All that users wrote for one page, the source's before the host's.
#[derive(Debug, Clone, Default)]
pub struct SiteRules {
    layers: Vec<Arc<SelectorLayer>>,
    /// Only the fields' selectors are heard.
    fields_only: bool,
}

/// The selectors that cut a page, and the page.
pub(in crate::extract) struct SiteCuts<'s> {
    layers: Vec<(&'s SelectorLayer, PageMatcher<'s, 's>)>,
}

impl SiteCuts<'_> {
    /// Overrides the verdict of the rules on one node.
    pub(in crate::extract) fn mark(&self, id: Id, mark: &mut Mark) {
        let mut start = 0;
        for (layer, cut) in &self.layers {
            cut.matches(id, |at| {
                let place = u16::try_from(start + at).unwrap_or(u16::MAX);
                *mark = match (layer.own[at].0.key, *mark) {
                    (_, Mark::Kept(known)) => Mark::Kept(known),
                    (SelectorKey::Keep, _) => Mark::Kept(place),
                    (_, Mark::Site(known)) => Mark::Site(known),
                    _ => Mark::Site(place),
                };
            });
            start += layer.own.len();
        }
    }
}

impl SiteRules {
    /// The rules of these layers; what stands in an earlier one wins.
    pub fn new(layers: Vec<Arc<SelectorLayer>>) -> SiteRules {
        SiteRules {
            layers,
            fields_only: false,
        }
    }

    /// The same without what cuts the page: `article`, `strip` and `keep`.
    pub(in crate::extract) fn without_cuts(&self) -> SiteRules {
        SiteRules {
            layers: self.layers.clone(),
            fields_only: true,
        }
    }

    /// True where a selector says which part of the page is the article, or is not.
    pub(in crate::extract) fn cuts(&self) -> bool {
        let mut own = self.layers.iter().flat_map(|layer| &layer.own);
        !self.fields_only
            && own.any(|(own, _)| matches!(own.key, SelectorKey::Article | SelectorKey::Strip))
    }

    /// Every selector, in the order of trust.
    pub fn selectors(&self) -> impl Iterator<Item = &UserSelector> {
        let all = self.layers.iter().flat_map(|layer| &layer.own);
        all.map(|(own, _)| own)
    }

    /// The selector that a mark names.
    pub(in crate::extract) fn selector(&self, place: u16) -> Option<&UserSelector> {
        self.selectors().nth(usize::from(place))
    }

    /// What cuts the page, as it meets one.
    pub(in crate::extract) fn on<'s>(&'s self, tree: &'s Tree<'s>) -> SiteCuts<'s> {
        let heard = if self.fields_only { &[] } else { &*self.layers };
        let layers = heard.iter().map(|layer| (&**layer, layer.cut.on(tree)));
        SiteCuts {
            layers: layers.collect(),
        }
    }

    /// The element that holds the body, and the place of the selector that says so.
    pub(in crate::extract) fn container(&self, tree: &Tree<'_>) -> Option<(Id, u16)> {
        if self.fields_only {
            return None;
        }
        let (id, by) = self.found(SelectorKey::Article, tree).next()?;
        let place = self.selectors().position(|own| std::ptr::eq(own, by))?;
        Some((id, u16::try_from(place).ok()?))
    }

    /// The selectors that should find the element of the body, as they were written; `None` where
    /// nobody wrote one.
    pub(in crate::extract) fn article_selectors(&self) -> Option<String> {
        let all = self
            .selectors()
            .filter(|own| own.key == SelectorKey::Article);
        let all: Vec<&str> = all.map(|own| own.css.as_str()).collect();
        (!all.is_empty()).then(|| all.join(", "))
    }

    /// The address of the article's next page, if the page links to one.
    pub fn next_page(&self, tree: &Tree<'_>, base: Option<&Url>) -> Option<Url> {
        let mut links = self.found(SelectorKey::NextPage, tree);
        links.find_map(|(id, _)| {
            let href = tree.attr(id, "href")?.trim();
            let mut url = base?.join(href).ok()?;
            url.set_fragment(None);
            matches!(url.scheme(), "http" | "https").then_some(url)
        })
    }

    /// By selector of a key: the texts of the elements that it finds, empty ones left out.
    pub(in crate::extract) fn texts<'s, 't>(
        &'s self,
        key: SelectorKey,
        tree: &'t Tree<'_>,
    ) -> impl Iterator<Item = (&'s UserSelector, impl Iterator<Item = String>)> {
        self.of(key).map(move |(own, selector)| {
            let texts = find(selector, tree).map(|id| text_of(tree, id));
            (own, texts.filter(|text| !text.is_empty()))
        })
    }

    /// The elements that the selectors of a key find, by selector.
    fn found(
        &self,
        key: SelectorKey,
        tree: &Tree<'_>,
    ) -> impl Iterator<Item = (Id, &UserSelector)> {
        let own = self.of(key);
        own.flat_map(move |(by, selector)| find(selector, tree).map(move |id| (id, by)))
    }

    fn of(&self, key: SelectorKey) -> impl Iterator<Item = (&UserSelector, &Selector)> {
        let own = self.layers.iter().flat_map(|layer| &layer.own);
        let of_key = own.filter(move |(own, _)| own.key == key);
        of_key.filter_map(|(own, selector)| Some((own, selector.as_ref()?)))
    }

    /// By selector, in the order of [`SiteRules::selectors`]: the elements it finds.
    pub fn matches(&self, tree: &Tree<'_>) -> Vec<Vec<Id>> {
        let own = self.layers.iter().flat_map(|layer| &layer.own);
        own.map(|(_, selector)| selector.iter().flat_map(|it| find(it, tree)).collect())
            .collect()
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
    let elements = (0..tree.len()).filter(|&id| !matches!(tree.tag(id), Tag::Root | Tag::Text));
    elements.filter(|&id| tree.element(id).is_some_and(|it| selector.matches(&it)))
}
