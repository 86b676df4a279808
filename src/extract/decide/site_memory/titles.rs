//! What the titles of a host's articles end or begin with: the site's name, a slogan, the same section.
//! One page can't show it where nothing else in it names the site; other pages can. The ends of titles
//! are recorded like blocks, and [`rule`](super::rule) decides by the same counts. A name or a number
//! that differs makes another end.

use crate::extract::decide::site_memory::fingerprint::{PageFingerprint, hash, mix};
use crate::extract::decide::site_memory::rule::{SHARE_AT_EDGES, SHARE_WITHIN, is_often};
use crate::extract::decide::site_memory::{Occurrences, SiteMemory};
use crate::extract::fields::{Cut, Segments, Why};
use crate::page::text::{plain, word_count};

/// Segments of one end.
const SEGMENTS: usize = 3;
/// What is left of a title without its beginning has so many words.
const REST_WORDS: usize = 3;
/// Sets the hashes of ends and beginnings apart from each other and from those of blocks.
const END: u64 = 0x7469_746c_652d_656e;
const BEGINNING: u64 = 0x7469_746c_652d_6265;

/// Hashes of what a title ends and begins with.
pub(super) fn hashes(title: &str) -> Vec<u64> {
    let segments = Segments::of(title);
    let most = SEGMENTS.min(segments.len().saturating_sub(1));
    let some = 1..=most;
    some.flat_map(|it| [end(&segments, it), beginning(&segments, it)])
        .collect()
}

/// The hash of the last segments.
fn end(segments: &Segments<'_>, some: usize) -> u64 {
    let all = segments.len();
    mix(hash(plain(segments.slice(all - some, all)).as_bytes()) ^ END)
}

/// The hash of the first segments.
fn beginning(segments: &Segments<'_>, some: usize) -> u64 {
    mix(hash(plain(segments.slice(0, some)).as_bytes()) ^ BEGINNING)
}

impl SiteMemory {
    /// A title without what the titles of other articles end or begin with, too, and what that is. `None`
    /// where there is nothing of the kind, or nothing else.
    pub(in crate::extract) fn trim_title(
        &self,
        title: &str,
        fingerprint: &PageFingerprint,
    ) -> Option<(String, Vec<Cut>)> {
        let mut cuts = Vec::new();
        let mut title = title.to_owned();
        while let Some((rest, cut)) = self.trim_once(&title, fingerprint) {
            title = rest;
            cuts.push(cut);
        }
        (!cuts.is_empty()).then_some((title, cuts))
    }

    fn trim_once(&self, title: &str, fingerprint: &PageFingerprint) -> Option<(String, Cut)> {
        let segments = Segments::of(title);
        let all = segments.len();
        let is_known = self.knows(fingerprint);
        // The beginning of a headline before a colon, such as 'Comment', is often the same.
        let seen = |hash: u64, at: usize| -> Option<Occurrences> {
            let seen = self.occurrences(hash, is_known);
            let share = if segments.is_certain(at) {
                SHARE_AT_EDGES
            } else {
                SHARE_WITHIN
            };
            is_often(seen, share).then_some(seen)
        };
        let most = SEGMENTS.min(all.saturating_sub(1));
        let ends = (1..=most).rev().map(|some| {
            let at = all - some;
            let is_rest_seen = seen(beginning(&segments, at), at).is_some();
            (end(&segments, some), at, (0, at), (at, all), is_rest_seen)
        });
        let beginnings = (1..=most).rev().map(|some| {
            let is_rest_seen = seen(end(&segments, all - some), some).is_some();
            (
                beginning(&segments, some),
                some,
                (some, all),
                (0, some),
                is_rest_seen,
            )
        });
        let mut all = ends
            .chain(beginnings)
            .filter(|(.., is_rest_seen)| !is_rest_seen);
        all.find_map(|(hash, at, rest, cut, _)| {
            let rest = segments.slice(rest.0, rest.1);
            // What follows the title of a series: 'Letters to the editor - 8 May'.
            let least = if cut.0 == 0 { REST_WORDS } else { 1 };
            let seen = seen(hash, at).filter(|_| word_count(rest) >= least)?;
            let text = segments.slice(cut.0, cut.1).to_owned();
            let why = Why::Memory(seen.count, seen.of);
            Some((rest.to_owned(), Cut { text, why }))
        })
    }
}
