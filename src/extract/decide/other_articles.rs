//! Other articles on the page of an article: the next one, which scrolling adds below it, or one that stands
//! above it as a teaser. They have a headline of their own, and a byline, a date or an address of their own.
//! The article is the one whose headline is the page's title. Entries of live blogs, chapters and posts have
//! smaller headlines, and no address but the page's.

use crate::article::{Kind, Role};
use crate::extract::decide::body::{BlockVerdict, Body};
use crate::extract::decide::is_date;
use crate::extract::features::PageView;
use crate::extract::rules::Group;
use crate::page::text::plain;
use crate::page::{Id, Tag};

/// A page with more headlines is a list of articles.
const MOST_HEADLINES: usize = 40;
/// Paragraphs of this many characters are an article's…
const PARAGRAPH: usize = 80;
/// …and it has this many characters of them.
const LEAST_TEXT: usize = 250;
/// Blocks between a headline and the text below it: byline, date, picture, standfirst.
const HEAD: usize = 6;
/// A shorter headline may be part of any other.
const SIMILAR: usize = 16;
/// Attributes with the address or the number of an article that a script has added.
const ADDRESSES: [&str; 7] = [
    "data-url",
    "data-href",
    "data-link",
    "data-permalink",
    "data-article-url",
    "itemid",
    "data-canonical",
];
const NUMBERS: [&str; 5] = [
    "data-article-id",
    "data-articleid",
    "data-post-id",
    "data-story-id",
    "data-content-id",
];

/// Drops the blocks of other articles.
pub(super) fn drop_other_articles(view: &PageView<'_, '_>, body: &mut Body) {
    let kinds = [view.fields.called_kind, view.fields.declared_kind];
    if kinds.contains(&Some(Kind::LiveBlog)) || body.container.is_some() {
        return;
    }
    let headlines = headlines(view);
    let Some(main) = main_headline(view, &headlines) else {
        return;
    };
    let page = Articles { view, body, main };
    let others: Vec<std::ops::Range<usize>> = headlines
        .iter()
        .filter(|&&it| it != main)
        .filter_map(|&it| page.other_article(it, &headlines))
        .collect();
    if others.is_empty() || page.own_text(&others) < LEAST_TEXT {
        return;
    }
    for block in others.into_iter().flatten() {
        let verdict = body.verdicts[block];
        if !verdict.is_selected() && verdict != BlockVerdict::Headline {
            body.verdicts[block] = BlockVerdict::OtherArticle;
        }
    }
}

/// The blocks that may be headlines of articles; none where there are too many.
fn headlines(view: &PageView<'_, '_>) -> Vec<usize> {
    let blocks = view.blocks.list.iter().enumerate();
    let headlines = blocks.filter(|(_, at)| {
        at.role == Role::Heading && at.level <= 2 && !view.marks.is_certain(at.first, view.rules)
    });
    let headlines: Vec<usize> = headlines.map(|(block, _)| block).collect();
    if headlines.len() > MOST_HEADLINES {
        return Vec::new();
    }
    headlines
}

/// The headline that the page's title names; else the only one of the first level that begins a text.
fn main_headline(view: &PageView<'_, '_>, headlines: &[usize]) -> Option<usize> {
    let title = view.fields.title.as_deref().map(plain)?;
    let named = |&&block: &&usize| {
        let text = plain(view.blocks.text(block));
        let (short, long) = if text.len() < title.len() {
            (&text, &title)
        } else {
            (&title, &text)
        };
        text == title || short.len() >= SIMILAR && long.starts_with(short.as_str())
    };
    headlines.iter().find(named).copied()
}

/// The article of the page, against which other articles are held.
struct Articles<'v, 'p, 'a> {
    view: &'v PageView<'p, 'a>,
    body: &'v Body,
    main: usize,
}

/// What makes a headline that of another article.
#[derive(Default)]
struct Evidence {
    /// A byline or a date stands below it.
    is_signed: bool,
    /// It is in an `<article>`, or an element with a number of its own.
    is_article: bool,
    /// It is a link to another page, or an element around it has the address of one.
    has_address: bool,
    /// It and the element around it are like the page's headline and the element around that.
    is_peer: bool,
    /// It is of the page's headline's level.
    is_as_large: bool,
    /// No other headline is in its part of the page.
    is_single: bool,
}

impl Evidence {
    fn is_enough(&self) -> bool {
        if self.is_as_large {
            self.is_signed && (self.is_peer || self.is_article || self.has_address)
                || self.is_peer && (self.is_article || self.has_address)
        } else {
            self.has_address && self.is_signed && self.is_single
        }
    }
}

impl Articles<'_, '_, '_> {
    /// The blocks of the article below a headline, if it is another than the page's.
    fn other_article(&self, headline: usize, all: &[usize]) -> Option<std::ops::Range<usize>> {
        let tree = self.view.tree;
        let own = self.view.blocks.list[headline].owner;
        let main = self.view.blocks.list[self.main].owner;
        let common = tree.ancestors(own).find(|&it| tree.is_within(main, it))?;
        let part = self.part(headline, common);
        let (range, is_flat) = match part {
            Some(part) => (self.blocks_of(part), false),
            None => (self.flat_part(headline, common, all), true),
        };
        let part = part.unwrap_or(own);
        let evidence = Evidence {
            is_signed: self.is_signed(headline),
            is_article: self.is_article(own, part),
            has_address: self.has_address(own, part),
            is_peer: !is_flat && self.are_peers(own, main, part, common),
            is_as_large: tree.tag(own) == tree.tag(main),
            is_single: all.iter().filter(|&it| range.contains(it)).count() == 1,
        };
        (self.text_of(range.clone()) >= PARAGRAPH && evidence.is_enough()).then_some(range)
    }

    /// The largest element below `common` that begins with a headline: no text stands in it before.
    fn part(&self, headline: usize, common: Id) -> Option<Id> {
        let own = self.view.blocks.list[headline].owner;
        let above = self.view.tree.ancestors(own);
        let above = above.take_while(|&it| it != common);
        let parts = above.take_while(|&it| {
            let before = self.blocks_of(it).start..headline;
            self.text_of(before) == 0
        });
        parts.last()
    }

    /// The blocks in an element.
    fn blocks_of(&self, id: Id) -> std::ops::Range<usize> {
        let list = &self.view.blocks.list;
        let start = list.partition_point(|at| at.first < id);
        let end = list.partition_point(|at| at.first < self.view.tree.end(id));
        start..end.max(start)
    }

    /// The blocks from a headline to the next of its level, where both are siblings of their texts.
    fn flat_part(&self, headline: usize, parent: Id, all: &[usize]) -> std::ops::Range<usize> {
        let list = &self.view.blocks.list;
        let level = list[headline].level;
        let next = all
            .iter()
            .find(|&&it| it > headline && list[it].level <= level);
        let end = self.blocks_of(parent).end;
        headline..next.map_or(end, |&next| next.min(end))
    }

    /// Characters of the paragraphs that are kept among some blocks.
    fn text_of(&self, blocks: impl Iterator<Item = usize>) -> usize {
        let kept = blocks.filter(|&it| self.is_text(it));
        kept.map(|it| self.view.blocks.list[it].chars).sum()
    }

    fn is_text(&self, block: usize) -> bool {
        let at = &self.view.blocks.list[block];
        self.body.verdicts[block].is_kept() && at.role != Role::Heading && at.chars >= PARAGRAPH
    }

    /// Characters of the page's own article: below its headline, outside the others.
    fn own_text(&self, others: &[std::ops::Range<usize>]) -> usize {
        let own = self.main..self.body.verdicts.len();
        self.text_of(own.filter(|block| !others.iter().any(|it| it.contains(block))))
    }

    /// True where a byline or a date stands between a headline and the first paragraph below it.
    fn is_signed(&self, headline: usize) -> bool {
        let last = (headline + 1 + HEAD).min(self.body.verdicts.len());
        let head = (headline + 1..last).take_while(|&it| !self.is_text(it));
        let mut head = head.take_while(|&it| self.view.blocks.list[it].level != 1);
        head.any(|it| {
            let at = &self.view.blocks.list[it];
            let tree = self.view.tree;
            let group = self.view.marks.group(at.first, self.view.rules);
            let mut around = tree.ancestors(at.first).take(3);
            group == Some(Group::Byline)
                || self.body.verdicts[it] == BlockVerdict::Byline
                || is_date(self.view.blocks.text(it))
                || around.any(|it| tree.tag(it) == Tag::Time)
        })
    }

    fn is_article(&self, headline: Id, part: Id) -> bool {
        let tree = self.view.tree;
        self.between(headline, part).any(|it| {
            tree.tag(it) == Tag::Article
                || NUMBERS.iter().any(|name| tree.attr(it, name).is_some())
                || tree
                    .attr(it, "itemtype")
                    .is_some_and(|it| it.contains("Article"))
        })
    }

    /// True where the headline or an element around it has the address of another page.
    fn has_address(&self, headline: Id, part: Id) -> bool {
        let tree = self.view.tree;
        let nodes = std::iter::once(headline).chain(tree.descendants(headline).take(8));
        let links = nodes.chain(self.between(headline, part));
        let mut links = links.filter(|&it| tree.tag(it) == Tag::A);
        let linked = links.any(|it| self.leads_away(tree.attr(it, "href")));
        let of = |it: Id| ADDRESSES.iter().filter_map(move |name| tree.attr(it, name));
        let mut named = self.between(headline, part).flat_map(of);
        linked || named.any(|address| self.leads_away(Some(address)))
    }

    /// True for an address that is not the page's.
    fn leads_away(&self, address: Option<&str>) -> bool {
        let Some(address) = address.map(str::trim) else {
            return false;
        };
        if address.is_empty()
            || address.starts_with(['#', '?'])
            || address.starts_with("javascript:")
        {
            return false;
        }
        let own = self.view.fields.canonical.as_ref();
        own.is_none_or(|own| !own.as_str().ends_with(path_of(address)))
    }

    /// The elements from a headline up to the largest around it that the page's headline is not in.
    fn between(&self, headline: Id, part: Id) -> impl Iterator<Item = Id> + '_ {
        let tree = self.view.tree;
        let path = std::iter::once(headline).chain(tree.ancestors(headline));
        path.take_while(move |&it| tree.is_within(it, part))
    }

    /// True where a headline and the element around it, within its part, are those of the page's headline.
    fn are_peers(&self, other: Id, main: Id, part: Id, common: Id) -> bool {
        let tree = self.view.tree;
        let path = |from: Id| std::iter::once(from).chain(tree.ancestors(from));
        let main = path(main).take_while(|&it| it != common);
        let other = path(other).take_while(|&it| tree.is_within(it, part));
        let pairs = main.zip(other);
        let same = pairs.take_while(|&(main, other)| tree.tag(main) == tree.tag(other));
        same.count() >= 2
    }
}

/// The path of an address and what follows it, without its place on the page.
fn path_of(address: &str) -> &str {
    let address = address.split('#').next().unwrap_or(address);
    let rest = address.split_once("//").map_or(address, |(_, rest)| rest);
    let path = match rest.len() < address.len() {
        true => rest.find('/').map_or("", |at| &rest[at..]),
        false => rest,
    };
    path.trim_start_matches("..").trim_end_matches('/')
}
