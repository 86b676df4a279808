//! What the layout of a page shows of its purpose, in any language: how much of it is prose and whether
//! that prose stands in one place under one headline, against cards, prices, forms and threads.

use crate::article::Role;
use crate::extract::decide::body::{BlockVerdict, Body};
use crate::extract::features::Words;
use crate::extract::segment::blocks::{Block, Blocks};
use crate::page::text::{is_unspaced, plain};
use crate::page::{Id, Page, Tag};

/// A paragraph is prose from this many letters on; a character of a script without spaces says as much
/// as three letters.
const PROSE_LETTERS: usize = 60;
const LETTERS_OF_UNSPACED: usize = 3;
/// A block with a larger share of links is no prose.
const PROSE_LINKS: f64 = 0.3;
/// A shorter headline may be part of anything.
const HEADLINE_LETTERS: usize = 8;
/// Blocks around the headline in which its date and byline stand.
const NEAR: usize = 8;
/// Blocks between a card's heading and its teaser, such as a date…
const LABELS_OF_TEASER: usize = 2;
/// …which are no longer than this.
const LABEL_CHARS: usize = 40;
/// Longer blocks are no prices.
const PRICE_BYTES: usize = 40;

/// What the layout shows.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Structure {
    /// Kept paragraphs of prose.
    pub paragraphs: usize,
    /// Letters of them.
    pub prose: usize,
    /// Letters of the page outside links.
    pub unlinked: usize,
    /// Characters of the page.
    pub all: usize,
    /// Characters of its links.
    pub links: usize,
    /// Letters of the prose in the element that holds most of it.
    pub in_one_place: usize,
    /// The headline: a heading before the text that `<title>` or `og:title` repeats.
    pub has_headline: bool,
    /// A date or a byline stands near the headline.
    pub is_dated: bool,
    /// Headings that are links: cards.
    pub cards: usize,
    /// Paragraphs of prose that stand right below such a heading: teasers of other pages.
    pub teasers: usize,
    /// Short texts that hold an amount of money.
    pub prices: usize,
    /// Dates and names of authors in lines of their own below the beginning of the text: posts of a thread.
    pub posts: usize,
}

impl Structure {
    /// Reads a page whose blocks are decided.
    pub fn of(page: &Page<'_>, blocks: &Blocks, words: &Words, body: &Body) -> Structure {
        let counts = words.stats.iter();
        let letters: Vec<usize> = counts.map(|it| it.letters(LETTERS_OF_UNSPACED)).collect();
        let is_prose = |block: usize| {
            let at = &blocks.list[block];
            let role = matches!(
                body.roles[block],
                Role::Paragraph | Role::Quote | Role::Standfirst | Role::List
            );
            role && letters[block] >= PROSE_LETTERS
                && at.link_density() < PROSE_LINKS
                && has_sentence(blocks.text(block))
        };
        let prose: Vec<usize> = body.kept().filter(|&block| is_prose(block)).collect();
        let sum = |of: &[usize]| of.iter().map(|&block| letters[block]).sum::<usize>();
        let unlinked = |(block, at): (usize, &Block)| {
            (letters[block] as f64 * (1.0 - at.link_density())) as usize
        };
        let kept: Vec<usize> = body.kept().collect();
        let start = prose.first().or(kept.first()).copied();
        let headline = start.and_then(|start| headline(page, blocks, start));
        let near = headline
            .into_iter()
            .flat_map(|it| it.saturating_sub(NEAR)..(it + NEAR + 1).min(blocks.list.len()));
        Structure {
            paragraphs: prose.len(),
            prose: sum(&prose),
            unlinked: blocks.list.iter().enumerate().map(unlinked).sum(),
            all: blocks.list.iter().map(|it| it.chars).sum(),
            links: blocks.list.iter().map(|it| it.link_chars).sum(),
            in_one_place: in_one_place(page, blocks, &prose, &letters),
            has_headline: headline.is_some(),
            is_dated: near.into_iter().any(|it| is_stamp(body, it)),
            cards: blocks.list.iter().filter(|it| is_card(it)).count(),
            teasers: prose.iter().filter(|&&it| is_teaser(blocks, it)).count(),
            prices: (0..blocks.list.len())
                .filter(|&it| is_price(blocks.text(it)))
                .count(),
            posts: start.map_or(0, |start| posts(body, start, kept.last().copied())),
        }
    }
}

/// True for a text with the end of a sentence in it. Thai has no such mark, and parts sentences by spaces.
fn has_sentence(text: &str) -> bool {
    let thai = |c: char| matches!(c, '\u{0E00}'..='\u{0EFF}');
    text.contains([
        '.', '!', '?', '…', ';', '。', '！', '？', '؟', '۔', '।', '։', '።', '။', '។',
    ]) || text.chars().any(thai)
}

/// The block before the text that the page's title repeats; its only main heading where it has no title.
fn headline(page: &Page<'_>, blocks: &Blocks, start: usize) -> Option<usize> {
    let tree = &page.tree;
    let title = tree.elements(Tag::Title).next().map(|it| tree.text(it));
    let og = tree.elements(Tag::Meta).find(|&it| {
        let name = tree.attr(it, "property").or_else(|| tree.attr(it, "name"));
        name.is_some_and(|it| it.eq_ignore_ascii_case("og:title"))
    });
    let og = og.and_then(|it| tree.attr(it, "content"));
    let titles = title.iter().map(String::as_str).chain(og);
    let titles: Vec<String> = titles.map(plain).filter(|it| !it.is_empty()).collect();
    if titles.is_empty() {
        let is_main = |it: &usize| tree.tag(blocks.list[*it].owner) == Tag::H1;
        let is_only = tree.elements(Tag::H1).count() == 1;
        return (0..start).rev().find(is_main).filter(|_| is_only);
    }
    (0..start).rev().find(|&block| {
        let own = plain(blocks.text(block));
        let size = own.chars().count();
        blocks.list[block].link_density() < 0.5
            && size * (if own.chars().any(is_unspaced) { 2 } else { 1 }) >= HEADLINE_LETTERS
            && titles.iter().any(|it| it.contains(&own))
    })
}

/// True for a date or a byline in a line of its own.
fn is_stamp(body: &Body, block: usize) -> bool {
    body.verdicts[block] == BlockVerdict::Byline
}

/// True for a heading that is a link.
fn is_card(block: &Block) -> bool {
    block.role == Role::Heading && block.link_density() > 0.8
}

/// True for a paragraph below a heading that is a link; a date or a label may stand between the two.
fn is_teaser(blocks: &Blocks, paragraph: usize) -> bool {
    let above = paragraph.saturating_sub(LABELS_OF_TEASER + 1)..paragraph;
    let mut above = above.rev().map(|it| &blocks.list[it]);
    let first = above.find(|it| it.chars > LABEL_CHARS || it.role == Role::Heading);
    first.is_some_and(is_card)
}

/// True for a short text with an amount of money.
fn is_price(text: &str) -> bool {
    let is_money = |c: char| {
        matches!(
            c,
            '$' | '€' | '£' | '¥' | '₽' | '₹' | '₩' | '₺' | '₴' | '₪' | '฿' | '₫' | '￥'
        )
    };
    text.len() <= PRICE_BYTES
        && text.contains(is_money)
        && text.contains(|c: char| c.is_ascii_digit())
}

/// Bylines and dates between the first and the last block of the text.
fn posts(body: &Body, start: usize, last: Option<usize>) -> usize {
    let last = last.unwrap_or(start);
    (start + 1..last).filter(|&it| is_stamp(body, it)).count()
}

/// Letters of the prose in the element that holds most of it.
fn in_one_place(page: &Page<'_>, blocks: &Blocks, prose: &[usize], letters: &[usize]) -> usize {
    let parent = |block: &usize| page.tree.parent(blocks.list[*block].owner);
    let mut places: Vec<(Id, usize)> = prose.iter().map(|it| (parent(it), letters[*it])).collect();
    places.sort_unstable();
    let sums = places.chunk_by(|a, b| a.0 == b.0);
    sums.map(|it| it.iter().map(|it| it.1).sum())
        .max()
        .unwrap_or(0)
}
