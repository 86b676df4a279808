//! Site memory: what stands on a host's articles again and again. A standing disclaimer, a reporter's
//! few words about herself, a request to log in: on one page they look like text, across pages they
//! give themselves away. A [`SiteMemory`] is a value that goes into an extraction; what a page would
//! teach comes out of it, as [`PageFingerprint`]; who keeps both is no concern of this room.
//!
//! Of each article the memory keeps hashes of its blocks: of their text, and of their shape (links
//! and figures folded, names too) together with the path of the element they stand in; how many
//! different articles they stood in, and since when. Of each path it keeps how often what stood there
//! was new and how often it had been seen. `rule` decides by them. Bounded: the least seen are
//! forgotten, of these the oldest.

mod codec;
mod fingerprint;
mod host;
pub(in crate::extract) mod rule;

use std::cmp::Ordering;

pub(in crate::extract) use fingerprint::fingerprint_of;
pub use fingerprint::{BlockFingerprint, PageFingerprint};
pub use host::{host_of, host_of_page};

/// The version of what is kept and of the rule that decides: part of the record, and of the bytes.
pub const VERSION: u8 = 1;

/// Hashes kept of one host's blocks.
const MOST_BLOCKS: usize = 6_000;
/// Hashes kept of one host's paths.
const MOST_PATHS: usize = 500;
/// Articles that are known to have been learned, the newest.
const MOST_ARTICLES: usize = 1_000;
/// An article of which less than a quarter is new repeats others: it is no other article.
const NEW_IN: usize = 4;

/// What is known of one host's articles.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SiteMemory {
    /// Articles learned.
    articles: u32,
    /// The newest of them, by key, the oldest first.
    known: Vec<u64>,
    /// By hash, in order.
    blocks: Vec<Seen>,
    /// By path, in order.
    paths: Vec<PathSeen>,
}

/// A block's text or shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Seen {
    hash: u64,
    /// Articles it stood in.
    count: u32,
    /// The first and the last of them, by their place in the order of learning.
    first: u32,
    last: u32,
}

/// Where blocks stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct PathSeen {
    hash: u64,
    /// Blocks there that no article before had.
    fresh: u32,
    /// Blocks there that one had.
    again: u32,
    last: u32,
}

/// In how many other articles a block stood, of those since it was first seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Occurrences {
    /// Articles it stood in.
    pub count: u32,
    /// Articles since.
    pub of: u32,
}

impl SiteMemory {
    /// How many articles were learned.
    pub fn articles(&self) -> u32 {
        self.articles
    }

    /// How many hashes are kept, of blocks and of paths.
    pub fn len(&self) -> usize {
        self.blocks.len() + self.paths.len()
    }

    /// True where nothing was learned yet.
    pub fn is_empty(&self) -> bool {
        self.articles == 0
    }

    /// The articles besides this one that the memory was made of.
    pub fn others(&self, fingerprint: &PageFingerprint) -> u32 {
        self.articles - u32::from(self.knows(fingerprint)).min(self.articles)
    }

    /// What a record says of the memory it was made with: `memory 1 (20 pages)`.
    pub(in crate::extract) fn name(&self, fingerprint: &PageFingerprint) -> String {
        let pages = self.others(fingerprint);
        let plural = if pages == 1 { "" } else { "s" };
        format!("memory {VERSION} ({pages} page{plural})")
    }

    fn knows(&self, fingerprint: &PageFingerprint) -> bool {
        self.known.contains(&fingerprint.key)
    }

    /// Takes in an article. One that is known already, or mostly repeats others, teaches nothing.
    /// Returns whether it did.
    pub fn learn(&mut self, fingerprint: &PageFingerprint) -> bool {
        if self.knows(fingerprint) || fingerprint.blocks.is_empty() || self.repeats(fingerprint) {
            return false;
        }
        let now = self.articles;
        let mut paths = Vec::with_capacity(fingerprint.blocks.len());
        let mut hashes = Vec::with_capacity(2 * fingerprint.blocks.len());
        for block in &fingerprint.blocks {
            let again = self.find(block.shape).is_some();
            paths.push((block.path, u32::from(!again), u32::from(again)));
            hashes.extend([block.text, block.shape]);
        }
        hashes.sort_unstable();
        hashes.dedup();
        let mut new = Vec::new();
        for hash in hashes {
            match self.find(hash) {
                Some(at) => {
                    self.blocks[at].count += 1;
                    self.blocks[at].last = now;
                }
                None => new.push(Seen {
                    hash,
                    count: 1,
                    first: now,
                    last: now,
                }),
            }
        }
        self.blocks.extend(new);
        for (hash, fresh, again) in paths {
            self.see_path(hash, fresh, again, now);
        }
        self.blocks.sort_unstable_by_key(|it| it.hash);
        self.paths.sort_unstable_by_key(|it| it.hash);
        self.known.push(fingerprint.key);
        self.articles += 1;
        self.forget();
        true
    }

    fn see_path(&mut self, hash: u64, fresh: u32, again: u32, now: u32) {
        let known = self.paths.iter_mut().find(|it| it.hash == hash);
        match known {
            Some(path) => {
                path.fresh = path.fresh.saturating_add(fresh);
                path.again = path.again.saturating_add(again);
                path.last = now;
            }
            None => self.paths.push(PathSeen {
                hash,
                fresh,
                again,
                last: now,
            }),
        }
    }

    /// Forgets what was seen least, of that the oldest.
    fn forget(&mut self) {
        keep_most(&mut self.blocks, MOST_BLOCKS, |a, b| {
            (a.count, a.last, a.hash).cmp(&(b.count, b.last, b.hash))
        });
        keep_most(&mut self.paths, MOST_PATHS, |a, b| {
            (a.last, a.hash).cmp(&(b.last, b.hash))
        });
        let old = self.known.len().saturating_sub(MOST_ARTICLES);
        self.known.drain(..old);
    }

    fn find(&self, hash: u64) -> Option<usize> {
        self.blocks.binary_search_by_key(&hash, |it| it.hash).ok()
    }

    /// True where little of the article's text is new here.
    fn repeats(&self, fingerprint: &PageFingerprint) -> bool {
        let text = || fingerprint.blocks.iter().filter(|it| it.is_text);
        let new = text().filter(|it| self.find(it.text).is_none());
        let chars = |chars: usize, block: &BlockFingerprint| chars + block.chars as usize;
        let (all, new) = (text().fold(0, chars), new.fold(0, chars));
        new * NEW_IN < all || all == 0
    }

    /// In how many articles besides this one a text or a shape stood.
    fn sightings(&self, hash: u64, is_known: bool) -> Occurrences {
        let Some(at) = self.find(hash) else {
            return Occurrences::default();
        };
        let seen = self.blocks[at];
        let count = seen.count - u32::from(is_known).min(seen.count);
        let since =
            self.articles - seen.first - u32::from(is_known).min(self.articles - seen.first);
        Occurrences {
            count,
            of: since.max(count),
        }
    }

    /// True for a path where hardly anything stands that was not seen before: one of the site's
    /// template, not of its articles.
    fn is_of_template(&self, path: u64) -> bool {
        let at = self.paths.binary_search_by_key(&path, |it| it.hash);
        at.is_ok_and(|at| 2 * self.paths[at].fresh <= self.paths[at].again + 1)
    }
}

/// Keeps the greatest of what is in order of its hashes. A quarter more than needed goes, so that
/// not every article has to sort.
fn keep_most<T: Copy>(list: &mut Vec<T>, most: usize, order: impl Fn(&T, &T) -> Ordering) {
    if list.len() <= most {
        return;
    }
    let mut by_worth = list.clone();
    by_worth.sort_unstable_by(&order);
    let least = by_worth[list.len() - most * 3 / 4];
    list.retain(|it| order(it, &least).is_ge());
}
