//! The links of a page as they stand there: address, text, and the texts that stand for it (an image's
//! `alt`, `aria-label`, `title`). Also addresses that no `<a>` holds: those of `<article data-url>`, of
//! microdata, of cards that a script makes clickable.

use std::collections::HashMap;

use url::Url;

use super::SiteLinks;
use super::decision::{FollowReason, LinkDecision, PassReason, Standing};
use super::score::{is_front_page, is_not_page};
use super::words::{Service, service};
use crate::discover::resolve_any;
use crate::page::text::{is_unspaced, word_count};
use crate::page::tree::fold_space;
use crate::page::{Id, Tag, Tree};
use crate::traps::is_trap;

/// Attributes by which scripts know the address of a card.
const DATA_ADDRESSES: &[&str] = &[
    "data-href",
    "data-url",
    "data-permalink",
    "data-link",
    "data-post-url",
    "data-article-url",
];

/// A link as it stands on the page.
#[derive(Debug)]
pub(super) struct Anchor {
    pub(super) node: Id,
    /// The number of its address.
    pub(super) address: usize,
    /// Its own text.
    pub(super) text: String,
    /// `aria-label` or `title`.
    pub(super) label: String,
    /// The `alt` of its first image that has one.
    pub(super) alt: String,
    pub(super) is_nofollow: bool,
    pub(super) is_bookmark: bool,
}

/// A distinct address of the page.
#[derive(Debug)]
pub(super) struct Address {
    pub(super) url: Url,
    /// What its address alone decides.
    pub(super) decided: Option<LinkDecision>,
    /// Its path names a service page or a section.
    pub(super) is_service: bool,
}

/// All links of a page.
#[derive(Debug, Default)]
pub(super) struct Anchors {
    /// In document order.
    pub(super) list: Vec<Anchor>,
    pub(super) addresses: Vec<Address>,
    /// Addresses that an element other than `<a>` states, with that element.
    pub(super) stated: Vec<(Id, usize)>,
    numbers: HashMap<Url, usize>,
    /// The last address of each text, and to how many it leads.
    texts: HashMap<String, (usize, usize)>,
}

impl Anchors {
    pub(super) fn collect(
        tree: &Tree<'_>,
        site: &SiteLinks<'_>,
        standing: &dyn Fn(&Url) -> Standing,
    ) -> Anchors {
        let mut anchors = Anchors::default();
        for node in tree.elements(Tag::A).take(4 * site.limits.page_links) {
            let Some(href) = tree.attr(node, "href") else {
                continue;
            };
            if let Some(address) = anchors.number(href, site, standing) {
                anchors.push(tree, node, address);
            }
        }
        for (node, href) in stated_addresses(tree).take(site.limits.page_links) {
            if let Some(address) = anchors.number(href, site, standing) {
                anchors.stated.push((node, address));
            }
        }
        anchors
    }

    fn number(
        &mut self,
        href: &str,
        site: &SiteLinks<'_>,
        standing: &dyn Fn(&Url) -> Standing,
    ) -> Option<usize> {
        let url = resolve_any(&site.base, href, site.limits)?;
        if let Some(known) = self.numbers.get(&url) {
            return Some(*known);
        }
        let number = self.addresses.len();
        self.numbers.insert(url.clone(), number);
        self.addresses.push(Address {
            decided: decided(&url, &site.home, standing(&url)),
            is_service: service(&url).is_some(),
            url,
        });
        Some(number)
    }

    fn push(&mut self, tree: &Tree<'_>, node: Id, address: usize) {
        let rel = tree.attr(node, "rel").unwrap_or_default();
        let has_rel = |name: &str| {
            rel.split_whitespace()
                .any(|it| it.eq_ignore_ascii_case(name))
        };
        let attribute = |id: Id, name: &str| {
            let value = tree.attr(id, name).map(fold_space);
            value.filter(|it| !it.is_empty())
        };
        let text = tree.text(node);
        let label = attribute(node, "aria-label").or_else(|| attribute(node, "title"));
        let alt = tree.descendants(node).find_map(|id| match tree.tag(id) {
            Tag::Img | Tag::Amp => attribute(id, "alt"),
            _ => None,
        });
        if !text.is_empty() {
            let known = self.texts.entry(text.clone()).or_insert((address, 1));
            if known.0 != address {
                *known = (address, known.1 + 1);
            }
        }
        self.list.push(Anchor {
            node,
            address,
            text,
            label: label.unwrap_or_default(),
            alt: alt.unwrap_or_default(),
            is_nofollow: has_rel("nofollow"),
            is_bookmark: has_rel("bookmark"),
        });
    }

    /// True for a text that leads to several addresses, as 'Read more' does. A headline may lead to two.
    pub(super) fn is_generic(&self, text: &str) -> bool {
        let most = if words(text) > 3 { 2 } else { 1 };
        self.texts.get(text).is_some_and(|(_, count)| *count > most)
    }

    /// The text by which a link is known: its own, or the label that stands for it where its own is
    /// empty, cut short or shared with others.
    pub(super) fn best_text<'a>(&self, anchor: &'a Anchor) -> &'a str {
        let Anchor {
            text, label, alt, ..
        } = anchor;
        let is_poor = text.is_empty() || self.is_generic(text) || is_cut(text);
        let own = text.trim_end_matches(['…', '.', ' ']);
        let continues = |it: &str| words(own) >= 2 && it.len() > own.len() && it.starts_with(own);
        let others = [label.as_str(), alt.as_str()].into_iter();
        let mut others = others.filter(|it| !it.is_empty() && !self.is_generic(it));
        let other = others.find(|it| is_poor || continues(it));
        other.unwrap_or(text)
    }
}

/// What the address alone decides, and the source's settings.
fn decided(url: &Url, home: &Url, standing: Standing) -> Option<LinkDecision> {
    let passed = |reason| Some(LinkDecision::PassedOver(reason));
    match standing {
        Standing::OtherSite => return passed(PassReason::OtherSite),
        Standing::Excluded => return passed(PassReason::Excluded),
        Standing::NotIncluded => return passed(PassReason::NotIncluded),
        Standing::Named | Standing::Open => {}
    }
    if is_not_page(url) {
        passed(PassReason::NotPage)
    } else if is_trap(url) {
        passed(PassReason::Trap)
    } else if url == home {
        passed(PassReason::FrontPage)
    } else if standing == Standing::Named {
        Some(LinkDecision::Followed(FollowReason::Included))
    } else if is_front_page(url) {
        passed(PassReason::FrontPage)
    } else if service(url) == Some(Service::Never) {
        passed(PassReason::Service)
    } else {
        None
    }
}

/// Addresses that elements other than `<a>` state for an article or a card.
fn stated_addresses<'p>(tree: &Tree<'p>) -> impl Iterator<Item = (Id, &'p str)> {
    (1..tree.len()).filter_map(move |id| {
        let stated = match tree.tag(id) {
            Tag::Article | Tag::Div | Tag::Li | Tag::Section | Tag::Tr | Tag::Td => {
                data_address(tree, id)
            }
            Tag::Link | Tag::Meta => {
                let names = tree.attr(id, "itemprop")?;
                let is_page = |it: &str| matches!(it, "url" | "mainEntityOfPage");
                names.split_whitespace().find(|it| is_page(it))?;
                if !is_of_article(tree, id) {
                    return None;
                }
                tree.attr(id, "href").or_else(|| tree.attr(id, "content"))
            }
            _ => None,
        };
        stated.map(|href| (id, href))
    })
}

/// True for microdata of an article, not of its picture, author or publisher.
fn is_of_article(tree: &Tree<'_>, id: Id) -> bool {
    let mut items = tree.ancestors(id).filter_map(|it| {
        tree.attr(it, "itemscope")?;
        Some(tree.attr(it, "itemtype").unwrap_or_default())
    });
    let kinds = ["Article", "Posting", "Report", "CreativeWork"];
    items
        .next()
        .is_none_or(|kind| kind.is_empty() || kinds.iter().any(|it| kind.contains(it)))
}

/// The address of a card that a script makes clickable: a `data-` attribute, or
/// `onclick="location.href='/a'"`.
fn data_address<'p>(tree: &Tree<'p>, id: Id) -> Option<&'p str> {
    let is_address = |it: &&str| it.starts_with(['/', '?']) || it.contains("://");
    let data = tree
        .attrs(id)
        .filter(|(name, _)| DATA_ADDRESSES.contains(name));
    let data = data.map(|(_, value)| value.trim()).find(is_address);
    data.or_else(|| {
        let script = tree.attr(id, "onclick")?;
        let after = &script[script.find("location")?..];
        let start = after.find(['\'', '"'])?;
        let rest = &after[start + 1..];
        let end = rest.find(['\'', '"'])?;
        Some(&rest[..end]).filter(is_address)
    })
}

/// True for a text that ends in an ellipsis.
fn is_cut(text: &str) -> bool {
    text.ends_with('…') || text.ends_with("...")
}

/// Words of a headline: two characters count as one in scripts without spaces between words.
pub(super) fn words(text: &str) -> usize {
    let unspaced = text.chars().filter(|it| is_unspaced(*it)).count();
    word_count(text) - unspaced + unspaced.div_ceil(2)
}
