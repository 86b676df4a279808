//! Sums over the elements of a page, computed once, bottom up: the text in each element, the share of
//! links, the number of blocks, and a score as the article's container. The score is Readability's
//! (Arc90, 2009): a paragraph-like block gives points for its length and punctuation to the elements
//! above it, fewer with distance.

use crate::article::Role;
use crate::extract::features::text_stats::{TextStats, Words};
use crate::extract::segment::blocks::{Block, Blocks};
use crate::extract::segment::marks::Marks;
use crate::page::{Id, Tag, Tree};

/// Shorter blocks get no points.
const PARAGRAPH_CHARS: usize = 25;
/// A character of a script without spaces counts as this many letters.
const UNSPACED_WEIGHT: usize = 3;
/// How many containers above a block get points from it.
const REACH: u8 = 6;

/// The sums of one element.
#[derive(Debug, Clone, Copy, Default)]
pub struct Sum {
    /// Characters that are not white space.
    pub chars: usize,
    /// Characters in links.
    pub link_chars: usize,
    /// Blocks.
    pub blocks: usize,
    /// Blocks with points.
    pub paragraphs: usize,
    /// The points of its blocks.
    pub points: f32,
    /// Points weighted by distance, reduced for links.
    pub score: f32,
}

impl Sum {
    /// The share of characters in links.
    pub fn link_density(&self) -> f32 {
        crate::extract::model::matrix::share(self.link_chars, self.chars)
    }
}

/// The sums by node, and the points by block.
#[derive(Debug)]
pub struct Containers {
    sums: Vec<Sum>,
    /// Points by block.
    pub points: Vec<f32>,
    /// The nearest container, by block.
    pub nearest: Vec<Id>,
    /// The container with the highest score, and the wider one around it that holds clearly more
    /// text.
    pub best: Option<(Id, Id)>,
}

impl Containers {
    /// Computes the sums of a page.
    pub fn new(tree: &Tree<'_>, marks: &Marks, blocks: &Blocks, words: &Words) -> Containers {
        let count = blocks.list.len();
        let mut containers = Containers {
            sums: vec![Sum::default(); tree.len()],
            points: Vec::with_capacity(count),
            nearest: Vec::with_capacity(count),
            best: None,
        };
        for (block, stats) in blocks.list.iter().zip(&words.stats) {
            containers.add(tree, marks.is_stripped(block.first), block, stats);
        }
        for id in (1..tree.len()).rev() {
            let sum = containers.sums[id];
            if sum.blocks == 0 {
                continue;
            }
            let above = &mut containers.sums[tree.parent(id)];
            above.chars += sum.chars;
            above.link_chars += sum.link_chars;
            above.blocks += sum.blocks;
            above.paragraphs += sum.paragraphs;
            above.points += sum.points;
        }
        let scored = containers.sums.iter_mut().enumerate();
        for (id, sum) in scored.filter(|(_, sum)| sum.score > 0.0) {
            sum.score *= (1.0 - sum.link_density()) * name_factor(tree, id);
        }
        containers.best = containers.find_best(tree);
        containers
    }

    fn add(&mut self, tree: &Tree<'_>, stripped: bool, at: &Block, stats: &TextStats) {
        let points = if stripped {
            0.0
        } else {
            points(at.role, at.link_density() as f32, stats)
        };
        let nearest = nearest_container(tree, at.owner);
        self.points.push(points);
        self.nearest.push(nearest);
        let own = &mut self.sums[at.owner];
        own.blocks += 1;
        if !stripped {
            own.chars += at.chars;
            own.link_chars += at.link_chars;
        }
        if points <= 0.0 {
            return;
        }
        own.paragraphs += 1;
        own.points += points;
        let above = std::iter::once(nearest).chain(tree.ancestors(nearest));
        let containers = above.filter(|&id| is_container(tree.tag(id)));
        for (distance, id) in (0..REACH).zip(containers) {
            self.sums[id].score += points / f32::from(1 + distance);
        }
    }

    /// The sums of an element.
    pub fn sum(&self, id: Id) -> &Sum {
        &self.sums[id]
    }

    fn find_best(&self, tree: &Tree<'_>) -> Option<(Id, Id)> {
        let scored = self.sums.iter().enumerate();
        let (best, _) = scored
            .filter(|(_, sum)| sum.score > 0.0)
            .max_by(|a, b| a.1.score.total_cmp(&b.1.score).then(b.0.cmp(&a.0)))?;
        Some((best, self.widen(tree, best)))
    }

    /// Goes up while the element above holds clearly more text and few links.
    fn widen(&self, tree: &Tree<'_>, best: Id) -> Id {
        let mut chosen = best;
        for above in tree.ancestors(best) {
            if matches!(tree.tag(above), Tag::Html | Tag::Root) {
                break;
            }
            let gain = self.sums[above].points - self.sums[chosen].points;
            if gain > self.sums[chosen].points * 0.25 && self.sums[above].link_density() < 0.35 {
                chosen = above;
            }
        }
        chosen
    }
}

/// A block's points; none for short blocks and blocks that are mostly links.
fn points(role: Role, density: f32, stats: &TextStats) -> f32 {
    let counts = matches!(role, Role::Paragraph | Role::Quote | Role::List);
    if !counts || density > 0.6 {
        return 0.0;
    }
    let weight = stats.all + (UNSPACED_WEIGHT - 1) * stats.wide;
    if weight < PARAGRAPH_CHARS {
        return 0.0;
    }
    let length = (weight as f32 / 100.0).min(4.0);
    let full = (1.0 + stats.pauses as f32 * 0.5 + length).min(12.0) * (1.0 - density);
    if role == Role::List { full * 0.5 } else { full }
}

fn nearest_container(tree: &Tree<'_>, owner: Id) -> Id {
    std::iter::once(owner)
        .chain(tree.ancestors(owner))
        .find(|&id| is_container(tree.tag(id)))
        .unwrap_or(0)
}

/// True for elements that may hold the body of an article: not for paragraphs, headings, list items
/// and table rows.
fn is_container(tag: Tag) -> bool {
    !matches!(
        tag,
        Tag::P
            | Tag::Li
            | Tag::Blockquote
            | Tag::Pre
            | Tag::Tr
            | Tag::Html
            | Tag::Root
            | Tag::Dd
            | Tag::Dt
    ) && tag.heading_level().is_none()
}

/// The factor for an element's tag and item property.
fn name_factor(tree: &Tree<'_>, id: Id) -> f32 {
    match tree.tag(id) {
        Tag::Text => 1.0,
        Tag::Article => 1.2,
        Tag::Main => 1.05,
        _ => {
            let names_body = tree
                .attr(id, "itemprop")
                .is_some_and(|prop| prop.contains("articleBody"));
            if names_body { 1.5 } else { 1.0 }
        }
    }
}
