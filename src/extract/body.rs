//! Which blocks are the body. Containers are scored by the text that stands in them, as
//! Readability does (Arc90, 2009): each paragraph-like block gives points for its length and its
//! punctuation to the elements above it, less with distance; link density takes points away. The
//! best container is widened to where the text around it is of the same make, and the blocks in it
//! are then kept or dropped one by one, each with its reason.

use super::blocks::{Block, Blocks};
use super::marks::{Mark, Marks};
use super::rules::{Group, Rules};
use crate::article::Role;
use crate::page::text::{is_unspaced, plain};
use crate::page::{Id, Tag, Tree};

/// What was decided about a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Part of the article.
    Kept,
    /// Dropped by the rule that marks its nodes.
    Rule(Mark),
    /// Dropped by a phrase: its place in the list of names.
    Phrase,
    /// Outside the article's container.
    Outside,
    /// The headline, which is a field of its own.
    Headline,
    /// An author, a date or a place around the text.
    Byline,
    /// Mostly links.
    Links,
    /// A heading with nothing of its own below it.
    EmptyHeading,
}

/// What the decisions are made from.
#[derive(Debug, Clone, Copy)]
pub struct Page<'p, 'a> {
    /// The page's nodes.
    pub tree: &'p Tree<'a>,
    /// What the rules say of them.
    pub marks: &'p Marks,
    /// The page's blocks.
    pub blocks: &'p Blocks,
    /// The rules.
    pub rules: &'p Rules,
    /// The headline.
    pub title: Option<&'p str>,
    /// The meta description.
    pub description: Option<&'p str>,
    /// The authors.
    pub authors: &'p [String],
    /// The element that the source's own `article` selector finds.
    pub container: Option<Id>,
}

/// The body: a verdict and a role for each block.
#[derive(Debug, Clone)]
pub struct Body {
    /// By block.
    pub verdicts: Vec<Verdict>,
    /// By block; the segmentation's, and the standfirst.
    pub roles: Vec<Role>,
    /// Points of the best container against those of all text.
    pub share: f64,
}

impl Body {
    /// The kept blocks, in order.
    pub fn kept(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.verdicts.len()).filter(|&block| self.verdicts[block] == Verdict::Kept)
    }
}

/// Blocks shorter than this say nothing about where the article is.
const PARAGRAPH_CHARS: usize = 25;
/// Characters of scripts without spaces carry about this many times as much.
const UNSPACED_WEIGHT: usize = 3;
/// A heading or a standfirst this many blocks above the body may still belong to it.
const REACH: usize = 25;

/// Decides about every block of a page.
pub fn choose(page: &Page<'_, '_>) -> Body {
    let points: Vec<f64> = (0..page.blocks.list.len())
        .map(|block| points(page, block))
        .collect();
    let total: f64 = points.iter().sum();
    let container = page.container.or_else(|| best_container(page, &points));
    let mut body = Body {
        verdicts: vec![Verdict::Outside; points.len()],
        roles: page.blocks.list.iter().map(|block| block.role).collect(),
        share: 0.0,
    };
    let Some(container) = container else {
        return body;
    };
    for block in 0..points.len() {
        body.verdicts[block] = verdict(page, block, container);
    }
    drop_before_headline(page, &mut body);
    find_standfirst(page, &mut body);
    drop_headings_without_text(&mut body);
    body.share = body.kept().map(|block| points[block]).sum::<f64>() / total.max(1.0);
    body
}

/// A block's points: none for what is stripped, short or mostly links.
fn points(page: &Page<'_, '_>, block: usize) -> f64 {
    let at = &page.blocks.list[block];
    let weight = weight(page.blocks.text(block));
    let counts = matches!(at.role, Role::Paragraph | Role::Quote | Role::List);
    if !counts || weight < PARAGRAPH_CHARS || page.marks.is_stripped(at.first) {
        return 0.0;
    }
    let density = at.link_density();
    if density > 0.6 {
        return 0.0;
    }
    let marks = page
        .blocks
        .text(block)
        .matches([',', '.', '、', '。', '，', '؛', '،', ';'])
        .count();
    let length = (weight as f64 / 100.0).min(4.0);
    let full = (1.0 + marks as f64 * 0.5 + length).min(12.0) * (1.0 - density);
    if at.role == Role::List {
        full * 0.5
    } else {
        full
    }
}

/// A text's length in characters, those of scripts without spaces counted several times.
fn weight(text: &str) -> usize {
    text.chars()
        .map(|c| if is_unspaced(c) { UNSPACED_WEIGHT } else { 1 })
        .sum()
}

/// The container with the most points.
fn best_container(page: &Page<'_, '_>, points: &[f64]) -> Option<Id> {
    let tree = page.tree;
    let mut scores = vec![0.0f64; tree.len()];
    let mut sums = vec![0.0f64; tree.len()];
    for (block, &gain) in points.iter().enumerate().filter(|(_, gain)| **gain > 0.0) {
        let mut distance = 0.0;
        for id in containers_above(tree, page.blocks.list[block].owner) {
            sums[id] += gain;
            if distance < 6.0 {
                scores[id] += gain / (1.0 + distance);
            }
            distance += 1.0;
        }
    }
    let density = link_densities(page);
    let best = (0..tree.len())
        .map(|id| (id, scores[id] * (1.0 - density[id]) * name_factor(tree, id)))
        .filter(|(_, score)| *score > 0.0)
        .max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)))
        .map(|(id, _)| id)?;
    Some(widen(page, best, &sums, &density))
}

/// The elements above a block that may be a body: its own if it is no paragraph, then up to `body`.
fn containers_above<'t>(tree: &'t Tree<'_>, owner: Id) -> impl Iterator<Item = Id> + 't {
    std::iter::once(owner)
        .chain(tree.ancestors(owner))
        .filter(|&id| {
            !matches!(
                tree.tag(id),
                Tag::P
                    | Tag::Li
                    | Tag::Blockquote
                    | Tag::Pre
                    | Tag::Tr
                    | Tag::Html
                    | Tag::Root
                    | Tag::Dd
                    | Tag::Dt
                    | Tag::H1
                    | Tag::H2
                    | Tag::H3
                    | Tag::H4
                    | Tag::H5
                    | Tag::H6
            )
        })
}

/// What an element's own names say for it.
fn name_factor(tree: &Tree<'_>, id: Id) -> f64 {
    if tree
        .attr(id, "itemprop")
        .is_some_and(|prop| prop.contains("articleBody"))
    {
        return 1.5;
    }
    match tree.tag(id) {
        Tag::Article => 1.2,
        Tag::Main => 1.05,
        _ => 1.0,
    }
}

/// The share of links in each subtree's text that is not stripped.
fn link_densities(page: &Page<'_, '_>) -> Vec<f64> {
    let mut chars = vec![(0usize, 0usize); page.tree.len()];
    for block in &page.blocks.list {
        if !page.marks.is_stripped(block.first) {
            chars[block.owner].0 += block.chars;
            chars[block.owner].1 += block.link_chars;
        }
    }
    for id in (1..page.tree.len()).rev() {
        let (all, links) = chars[id];
        let above = &mut chars[page.tree.parent(id)];
        above.0 += all;
        above.1 += links;
    }
    chars
        .into_iter()
        .map(|(all, links)| links as f64 / all.max(1) as f64)
        .collect()
}

/// Goes up while the element above holds clearly more text and hardly more links.
fn widen(page: &Page<'_, '_>, best: Id, sums: &[f64], density: &[f64]) -> Id {
    let mut chosen = best;
    for above in page.tree.ancestors(best) {
        if matches!(page.tree.tag(above), Tag::Html | Tag::Root) {
            break;
        }
        let gain = sums[above] - sums[chosen];
        if gain > sums[chosen] * 0.25 && density[above] < 0.35 {
            chosen = above;
        }
    }
    chosen
}

fn verdict(page: &Page<'_, '_>, block: usize, container: Id) -> Verdict {
    let at = &page.blocks.list[block];
    let text = page.blocks.text(block);
    let mark = page.marks.of(at.first);
    if mark == Mark::Kept {
        return Verdict::Kept;
    }
    if page.marks.is_stripped(at.first) {
        return Verdict::Rule(mark);
    }
    if !page.tree.is_within(at.owner, container) {
        return Verdict::Outside;
    }
    if is_headline(page, at, text) {
        return Verdict::Headline;
    }
    if page.rules.phrases.find(text).is_some() {
        return Verdict::Phrase;
    }
    if is_byline(page, text) {
        return Verdict::Byline;
    }
    if is_links(at) {
        return Verdict::Links;
    }
    Verdict::Kept
}

fn is_headline(page: &Page<'_, '_>, block: &Block, text: &str) -> bool {
    if block.level == 1 && block.role == Role::Heading {
        return true;
    }
    let Some(title) = page.title else {
        return false;
    };
    text.len() < 4 * title.len() + 40 && !title.is_empty() && plain(text) == plain(title)
}

/// A short block that is an author's name, or a date and nothing else.
fn is_byline(page: &Page<'_, '_>, text: &str) -> bool {
    let chars = text.chars().count();
    if chars > 90 {
        return false;
    }
    let own = plain(text);
    let names_author = page.authors.iter().any(|author| {
        let name = plain(author);
        !name.is_empty() && own.contains(&name) && own.len() <= name.len() + 12
    });
    names_author || is_date(text)
}

/// A block of at most eight words with a year or a clock time, of which half are not letters of a
/// sentence.
fn is_date(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let year = text
        .split(|c: char| !c.is_ascii_digit())
        .any(|number| number.len() == 4 && (number.starts_with("19") || number.starts_with("20")));
    let words = text.split_whitespace().count();
    (year || text.contains(':'))
        && digits >= 4
        && words <= 8
        && letters <= digits * 4
        && !text.ends_with(['.', '!', '?', '。'])
}

fn is_links(block: &Block) -> bool {
    let density = block.link_density();
    match block.role {
        Role::Heading => density > 0.95,
        Role::List => density > 0.75,
        Role::Quote | Role::Code | Role::Table => density > 0.9,
        _ => density > 0.75,
    }
}

/// What stands above the headline inside the container is its frame; only the standfirst is found
/// again later.
fn drop_before_headline(page: &Page<'_, '_>, body: &mut Body) {
    let Some(headline) = body
        .verdicts
        .iter()
        .position(|verdict| *verdict == Verdict::Headline)
    else {
        return;
    };
    let kept_before = body.kept().take_while(|block| *block < headline);
    let chars = |block: usize| page.blocks.list[block].chars;
    let before: usize = kept_before.map(chars).sum();
    let after: usize = body
        .kept()
        .skip_while(|block| *block < headline)
        .map(chars)
        .sum();
    if before < after / 4 {
        for verdict in &mut body.verdicts[..headline] {
            if *verdict == Verdict::Kept {
                *verdict = Verdict::Outside;
            }
        }
    }
}

/// The standfirst is the block near the headline that says what the description says, or whose own
/// names call it so.
fn find_standfirst(page: &Page<'_, '_>, body: &mut Body) {
    let Some(first) = body
        .kept()
        .find(|&block| body.roles[block] == Role::Paragraph && page.blocks.list[block].chars > 60)
    else {
        return;
    };
    let from = first.saturating_sub(REACH);
    let found = (from..=first)
        .rev()
        .find(|&block| is_standfirst(page, block));
    if let Some(block) = found {
        body.verdicts[block] = Verdict::Kept;
        body.roles[block] = Role::Standfirst;
    }
}

fn is_standfirst(page: &Page<'_, '_>, block: usize) -> bool {
    let at = &page.blocks.list[block];
    let strippable = matches!(
        page.marks.group(at.first, page.rules),
        None | Some(Group::Navigation | Group::Byline)
    );
    if !strippable || at.chars < 30 || at.link_density() > 0.3 {
        return false;
    }
    let by_name = std::iter::once(at.owner)
        .chain(page.tree.ancestors(at.owner).take(1))
        .any(|id| page.tree.attr(id, "class").is_some_and(names_standfirst));
    by_name && !page.marks.is_stripped(at.first) || says_description(page, block)
}

fn names_standfirst(class: &str) -> bool {
    const NAMES: [&str; 14] = [
        "standfirst",
        "dek",
        "subtitle",
        "sub-title",
        "subheadline",
        "sub-headline",
        "lede",
        "lead",
        "intro",
        "summary",
        "excerpt",
        "chapeau",
        "deck",
        "teaser-text",
    ];
    class
        .split(|c: char| !c.is_ascii_alphanumeric() && c != '-')
        .any(|word| {
            let word = word.to_ascii_lowercase();
            NAMES
                .iter()
                .any(|name| word == *name || word.ends_with(&format!("-{name}")))
        })
}

fn says_description(page: &Page<'_, '_>, block: usize) -> bool {
    let Some(description) = page.description else {
        return false;
    };
    let said = plain(description);
    let own = plain(page.blocks.text(block));
    let (short, long) = if said.len() < own.len() {
        (&said, &own)
    } else {
        (&own, &said)
    };
    short.len() >= 40 && long.starts_with(short.as_str()) && long.len() < short.len() * 3 / 2 + 20
}

/// A heading that no kept block follows before the next heading of its level heads nothing.
fn drop_headings_without_text(body: &mut Body) {
    let mut followed = false;
    for block in (0..body.verdicts.len()).rev() {
        if body.verdicts[block] != Verdict::Kept {
            continue;
        }
        if body.roles[block] == Role::Heading {
            if !followed {
                body.verdicts[block] = Verdict::EmptyHeading;
            }
        } else {
            followed = true;
        }
    }
}
