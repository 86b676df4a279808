//! The links of a page that lead to articles, each judged once, with a reason. A link is followed where the
//! source's settings name it, where the page puts it forward as a headline, or where address, text and
//! place together look like an article's.

mod anchors;
mod card;
mod decision;
mod feeds;
mod headlines;
mod labels;
mod outline;
mod score;
mod words;

use std::collections::HashSet;

use url::Url;

use crate::canonical::{canonical, names_article, same_site};
use crate::discover::{CandidateUrl, Links, resolve};
use crate::limits::Limits;
use crate::page::text::word_count;
use crate::page::{Id, Tag, Tree, base_url};
use anchors::{Anchor, Anchors};
pub use decision::{FollowReason, JudgedLink, LinkDecision, PassReason, Standing};
use feeds::feeds;
use headlines::{Headline, Headlines};
use outline::{Outline, Place};
use score::{score, weight};
use words::service;

/// The longest title that is kept, in characters.
const TITLE_CHARS: usize = 300;
/// Links of one page that only their place in a card or a list makes worth following.
const MOST_BY_PLACE: usize = 500;

/// What links of a page are resolved against and compared with.
struct SiteLinks<'a> {
    /// The address of the page.
    home: Url,
    /// The base address: `<base href>`, or else that of the page.
    base: Url,
    limits: &'a Limits,
}

impl<'a> SiteLinks<'a> {
    fn new(tree: &Tree<'_>, page: &Url, limits: &'a Limits) -> SiteLinks<'a> {
        SiteLinks {
            home: canonical(page),
            base: base_url(tree, Some(page)).unwrap_or_else(|| page.clone()),
            limits,
        }
    }
}

/// Judges the links of the page at `base`, and collects its feeds. Links to other sites are passed over.
pub fn links(tree: &Tree<'_>, base: &Url, limits: &Limits) -> Links {
    let of_site = |url: &Url| {
        if same_site(url, base) {
            Standing::Open
        } else {
            Standing::OtherSite
        }
    };
    links_of_source(tree, base, limits, &of_site)
}

/// The same with a source's settings: what `include` names is followed, what `exclude` names is not.
pub fn links_of_source(
    tree: &Tree<'_>,
    base: &Url,
    limits: &Limits,
    standing: &dyn Fn(&Url) -> Standing,
) -> Links {
    let site = SiteLinks::new(tree, base, limits);
    let anchors = Anchors::collect(tree, &site, standing);
    let outline = Outline::new(tree);
    let headlines = Headlines::new(tree, &outline, &anchors);
    let mut best: Vec<Option<Judged>> = vec![None; anchors.addresses.len()];
    let mut judge = |address: usize, judged: Judged| {
        let before = &mut best[address];
        let counts_more = |it: &Judged| judged.key() > it.key();
        if before.as_ref().is_none_or(counts_more) {
            *before = Some(judged);
        }
    };
    let page = PageLinks {
        tree,
        outline: &outline,
        anchors: &anchors,
        headlines: &headlines,
        forbids: forbids_following(tree),
    };
    for anchor in &anchors.list {
        judge(anchor.address, page.judge(anchor));
    }
    for (node, address) in &anchors.stated {
        if let Some(judged) = page.judge_stated(*node, *address) {
            judge(*address, judged);
        }
    }
    let judged = anchors.addresses.iter().zip(best);
    let judged = judged.filter_map(|(it, judged)| Some((it.url.clone(), judged?)));
    collected(judged.collect(), feeds(tree, &site), limits)
}

/// What was found out about one link.
#[derive(Debug, Clone)]
struct Judged {
    decision: LinkDecision,
    score: f64,
    title: String,
}

impl Judged {
    /// Of several links to one address the one with the greatest key counts.
    fn key(&self) -> (bool, f64, u8) {
        (
            self.decision.is_followed(),
            self.score,
            self.decision.rank(),
        )
    }
}

/// Everything that a page's links are judged by.
struct PageLinks<'a, 'p> {
    tree: &'a Tree<'p>,
    outline: &'a Outline<'a, 'p>,
    anchors: &'a Anchors,
    headlines: &'a Headlines<'a, 'p>,
    /// The page asks crawlers not to follow its links.
    forbids: bool,
}

impl PageLinks<'_, '_> {
    fn judge(&self, anchor: &Anchor) -> Judged {
        let address = &self.anchors.addresses[anchor.address];
        let place = self.outline.place(anchor.node);
        let text = if place == Place::Menu {
            anchor.text.as_str()
        } else {
            self.anchors.best_text(anchor)
        };
        let own_score = score(self.tree, anchor.node, &address.url, text);
        let headline = self.headlines.of(anchor);
        let decision = match address.decided {
            Some(LinkDecision::PassedOver(reason)) => LinkDecision::PassedOver(reason),
            _ if self.forbids => LinkDecision::PassedOver(PassReason::PageForbids),
            Some(decided) => decided,
            None if anchor.is_nofollow => LinkDecision::PassedOver(PassReason::Nofollow),
            None => self.decide(anchor, own_score, headline.as_ref()),
        };
        let title = headline.map(|it| it.title).filter(|it| !it.is_empty());
        Judged {
            decision,
            score: own_score,
            title: title.unwrap_or_else(|| text.to_owned()),
        }
    }

    fn decide(&self, anchor: &Anchor, score: f64, headline: Option<&Headline>) -> LinkDecision {
        let passed = |reason| LinkDecision::PassedOver(reason);
        let is_service = self.anchors.addresses[anchor.address].is_service;
        // A section of such a name is put forward by headings of its own.
        let is_enough = |it: &&Headline| {
            !is_service || matches!(it.reason, FollowReason::Headline | FollowReason::Permalink)
        };
        match headline.filter(is_enough) {
            Some(headline) => LinkDecision::Followed(headline.reason),
            None if score >= weight::THRESHOLD => {
                LinkDecision::Followed(FollowReason::LooksLikeArticle)
            }
            None if is_service => passed(PassReason::Service),
            None if self.outline.place(anchor.node) != Place::Content => passed(PassReason::Menu),
            None => passed(PassReason::NoHeadline),
        }
    }

    fn judge_stated(&self, node: Id, address: usize) -> Option<Judged> {
        let Headline { title, reason } = self.headlines.of_stated(node)?;
        let decision = match self.anchors.addresses[address].decided {
            Some(LinkDecision::PassedOver(reason)) => LinkDecision::PassedOver(reason),
            _ if self.forbids => LinkDecision::PassedOver(PassReason::PageForbids),
            Some(decided) => decided,
            None => LinkDecision::Followed(reason),
        };
        Some(Judged {
            decision,
            score: weight::THRESHOLD,
            title,
        })
    }
}

/// The links that are followed, the most likely first, and all of them in the order of the page.
fn collected(mut judged: Vec<(Url, Judged)>, feeds: Vec<Url>, limits: &Limits) -> Links {
    let mut order: Vec<usize> = (0..judged.len())
        .filter(|at| judged[*at].1.decision.is_followed())
        .collect();
    order.sort_by(|a, b| {
        let rank = |at: &usize| judged[*at].1.score;
        rank(b).total_cmp(&rank(a))
    });
    let (mut pages, mut by_place) = (Vec::new(), 0);
    for at in order {
        let (url, it) = &mut judged[at];
        let is_by_place = matches!(
            it.decision,
            LinkDecision::Followed(FollowReason::Card | FollowReason::HeadlineList)
        ) && it.score < weight::THRESHOLD;
        by_place += usize::from(is_by_place);
        if pages.len() >= limits.page_links || by_place > MOST_BY_PLACE && is_by_place {
            it.decision = LinkDecision::PassedOver(PassReason::TooMany);
            continue;
        }
        pages.push(CandidateUrl {
            url: url.clone(),
            title: title(&it.title),
            dated: None,
            published: None,
        });
    }
    let judged = judged.into_iter().map(|(url, it)| JudgedLink {
        url,
        title: title(&it.title),
        decision: it.decision,
    });
    Links {
        pages,
        feeds,
        judged: judged.collect(),
    }
}

fn title(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.chars().take(TITLE_CHARS).collect())
}

/// The section pages linked from a front page's menus, in order, without duplicates.
pub fn sections(tree: &Tree<'_>, base: &Url, limits: &Limits) -> Vec<CandidateUrl> {
    let site = SiteLinks::new(tree, base, limits);
    if forbids_following(tree) {
        return Vec::new();
    }
    let mut known: HashSet<Url> = HashSet::new();
    let anchors = tree.elements(Tag::A).take(4 * limits.page_links);
    let mut sections = Vec::new();
    for anchor in anchors {
        let Some(url) = tree
            .attr(anchor, "href")
            .and_then(|href| resolve(&site.base, href, limits))
        else {
            continue;
        };
        let text = tree.text(anchor);
        let is_section = same_host(&url, &site.home)
            && is_section_path(&url)
            && (1..=3).contains(&word_count(&text))
            && is_in_menu(tree, anchor);
        if is_section && known.insert(url.clone()) {
            sections.push(CandidateUrl {
                url,
                title: Some(text),
                dated: None,
                published: None,
            });
        }
    }
    sections
}

fn same_host(url: &Url, home: &Url) -> bool {
    let bare = |url: &Url| {
        url.host_str()
            .map(|host| host.trim_start_matches("www.").to_owned())
    };
    bare(url) == bare(home)
}

/// True for one or two short words as a path: `/politics`, `/world/asia/`.
fn is_section_path(url: &Url) -> bool {
    let segments: Vec<&str> = url.path().split('/').filter(|it| !it.is_empty()).collect();
    let is_word = |segment: &&str| !names_article(segment) && !segment.contains('.');
    (1..=2).contains(&segments.len())
        && url.query().is_none()
        && service(url).is_none()
        && segments.iter().all(is_word)
}

fn is_in_menu(tree: &Tree<'_>, anchor: Id) -> bool {
    tree.ancestors(anchor).any(|above| {
        matches!(
            tree.tag(above),
            Tag::Nav | Tag::Header | Tag::Menu | Tag::Ul
        )
    })
}

fn forbids_following(tree: &Tree<'_>) -> bool {
    tree.elements(Tag::Meta).any(|id| {
        let is_robots = tree
            .attr(id, "name")
            .is_some_and(|it| it.eq_ignore_ascii_case("robots"));
        let content = tree
            .attr(id, "content")
            .unwrap_or_default()
            .to_ascii_lowercase();
        is_robots
            && content
                .split(',')
                .any(|it| matches!(it.trim(), "nofollow" | "none"))
    })
}

#[cfg(test)]
mod tests;
