//! Site memory: what repeats across the articles of a host. A standing disclaimer, a reporter's short
//! biography, a request to log in: on one page they look like text, across pages they are boilerplate. A
//! [`SiteMemory`] is a value that goes into an extraction, and the [`PageFingerprint`] that it can learn
//! from comes out. Storing both is the caller's concern.
//!
//! The memory records hashes of the blocks of each article: of the text, and of the text together with the path of
//! the element, where what a line such as 'Read more: …' links to is left out. For each hash it
//! counts the articles, and notes the first and the last. So it does for what titles end and begin with. For each path it counts the blocks that were new
//! and those that had been seen. `rule` decides by these counts. The size is bounded: hashes with the
//! lowest counts are forgotten first, the oldest of them before the others.

mod codec;
mod fingerprint;
mod host;
pub(in crate::extract) mod rule;
mod titles;

use std::cmp::Ordering;

pub(in crate::extract) use fingerprint::fingerprint_of;
pub use fingerprint::{BlockFingerprint, PageFingerprint};
pub use host::{host_of, host_of_page};

/// The version of the recorded data and of the rule that decides: part of the record, and of the bytes.
pub const VERSION: u8 = 2;

/// Most hashes of blocks recorded of one host.
const MOST_BLOCKS: usize = 6_000;
/// Most paths recorded of one host.
const MOST_PATHS: usize = 500;
/// Most articles known by key, the newest.
const MOST_ARTICLES: usize = 1_000;
/// An article whose text is less than one part in this many new repeats others, and is not learned.
const NEW_IN: usize = 4;

/// What is known about the articles of one host.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SiteMemory {
    /// Number of articles learned.
    articles: u32,
    /// The keys of the newest of them, the oldest first.
    known: Vec<u64>,
    /// Texts and patterns of blocks and ends of titles, ordered by hash.
    blocks: Vec<BlockRecord>,
    /// Paths, ordered by hash.
    paths: Vec<PathRecord>,
}

/// How often a block's text or pattern, or the end of a title, was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct BlockRecord {
    hash: u64,
    /// Number of articles.
    count: u32,
    /// The first and the last of them, numbered in the order of learning.
    first: u32,
    last: u32,
}

/// How often the blocks of one path were new.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct PathRecord {
    hash: u64,
    /// Blocks that no earlier article had.
    fresh: u32,
    /// Blocks that an earlier article had.
    again: u32,
    last: u32,
}

/// In how many other articles a block occurs, of those since the first of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Occurrences {
    /// Articles with the block.
    pub count: u32,
    /// Articles since the first of them.
    pub of: u32,
}

impl SiteMemory {
    /// Number of articles learned.
    pub fn articles(&self) -> u32 {
        self.articles
    }

    /// Number of hashes recorded, of blocks and of paths.
    pub fn len(&self) -> usize {
        self.blocks.len() + self.paths.len()
    }

    /// True where nothing has been learned yet.
    pub fn is_empty(&self) -> bool {
        self.articles == 0
    }

    /// Number of articles learned, without this one.
    pub fn others(&self, fingerprint: &PageFingerprint) -> u32 {
        self.articles - u32::from(self.knows(fingerprint)).min(self.articles)
    }

    /// How the record names the memory: `memory 2 (20 pages)`.
    pub(in crate::extract) fn name(&self, fingerprint: &PageFingerprint) -> String {
        let pages = self.others(fingerprint);
        let plural = if pages == 1 { "" } else { "s" };
        format!("memory {VERSION} ({pages} page{plural})")
    }

    fn knows(&self, fingerprint: &PageFingerprint) -> bool {
        self.known.contains(&fingerprint.key)
    }

    /// Learns an article, unless it is known already or mostly repeats others. Returns whether it was
    /// learned.
    pub fn learn(&mut self, fingerprint: &PageFingerprint) -> bool {
        if self.knows(fingerprint) || fingerprint.blocks.is_empty() || self.repeats(fingerprint) {
            return false;
        }
        let now = self.articles;
        let mut paths = Vec::with_capacity(fingerprint.blocks.len());
        let mut hashes = Vec::with_capacity(2 * fingerprint.blocks.len());
        for block in &fingerprint.blocks {
            let again = self.find(block.pattern).is_some();
            paths.push((block.path, u32::from(!again), u32::from(again)));
            hashes.extend([block.text, block.pattern]);
        }
        hashes.extend(&fingerprint.titles);
        hashes.sort_unstable();
        hashes.dedup();
        let mut new = Vec::new();
        for hash in hashes {
            match self.find(hash) {
                Some(at) => {
                    self.blocks[at].count += 1;
                    self.blocks[at].last = now;
                }
                None => new.push(BlockRecord {
                    hash,
                    count: 1,
                    first: now,
                    last: now,
                }),
            }
        }
        self.blocks.extend(new);
        for (hash, fresh, again) in paths {
            self.count_path(hash, fresh, again, now);
        }
        self.blocks.sort_unstable_by_key(|it| it.hash);
        self.paths.sort_unstable_by_key(|it| it.hash);
        self.known.push(fingerprint.key);
        self.articles += 1;
        self.forget();
        true
    }

    fn count_path(&mut self, hash: u64, fresh: u32, again: u32, now: u32) {
        let known = self.paths.iter_mut().find(|it| it.hash == hash);
        match known {
            Some(path) => {
                path.fresh = path.fresh.saturating_add(fresh);
                path.again = path.again.saturating_add(again);
                path.last = now;
            }
            None => self.paths.push(PathRecord {
                hash,
                fresh,
                again,
                last: now,
            }),
        }
    }

    /// Forgets what was seen least often, the oldest first.
    fn forget(&mut self) {
        retain_most(&mut self.blocks, MOST_BLOCKS, |a, b| {
            (a.count, a.last, a.hash).cmp(&(b.count, b.last, b.hash))
        });
        retain_most(&mut self.paths, MOST_PATHS, |a, b| {
            (a.last, a.hash).cmp(&(b.last, b.hash))
        });
        let old = self.known.len().saturating_sub(MOST_ARTICLES);
        self.known.drain(..old);
    }

    fn find(&self, hash: u64) -> Option<usize> {
        self.blocks.binary_search_by_key(&hash, |it| it.hash).ok()
    }

    /// True where little of the article's text is new.
    fn repeats(&self, fingerprint: &PageFingerprint) -> bool {
        let text = || fingerprint.blocks.iter().filter(|it| it.is_text);
        let new = text().filter(|it| self.find(it.text).is_none());
        let chars = |chars: usize, block: &BlockFingerprint| chars + block.chars as usize;
        let (all, new) = (text().fold(0, chars), new.fold(0, chars));
        new * NEW_IN < all || all == 0
    }

    /// In how many articles besides this one a text or a pattern occurs.
    fn occurrences(&self, hash: u64, is_known: bool) -> Occurrences {
        let Some(at) = self.find(hash) else {
            return Occurrences::default();
        };
        let record = self.blocks[at];
        let own = u32::from(is_known);
        let count = record.count - own.min(record.count);
        let since = self.articles - record.first;
        let since = since - own.min(since);
        Occurrences {
            count,
            of: since.max(count),
        }
    }

    /// True for a path whose blocks were nearly all seen before: it belongs to the site's template, not to
    /// its articles.
    fn is_of_template(&self, path: u64) -> bool {
        let at = self.paths.binary_search_by_key(&path, |it| it.hash);
        at.is_ok_and(|at| 2 * self.paths[at].fresh <= self.paths[at].again + 1)
    }
}

/// Retains the greatest of a list that is ordered by hash. Removes a quarter more than needed, so that
/// not every article has to sort.
fn retain_most<T: Copy>(list: &mut Vec<T>, most: usize, order: impl Fn(&T, &T) -> Ordering) {
    if list.len() <= most {
        return;
    }
    let mut by_rank = list.clone();
    by_rank.sort_unstable_by(&order);
    let least = by_rank[list.len() - most * 3 / 4];
    list.retain(|it| order(it, &least).is_ge());
}
