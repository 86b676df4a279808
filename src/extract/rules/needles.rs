//! Searches a text for many strings at once, in any case of ASCII letters, by how they begin. An automaton
//! would read a text as fast, but takes milliseconds to build, as long as the extraction of a page; here the
//! strings are sorted, and that is all.

use std::ops::{ControlFlow, Range};

/// Places for beginnings: a power of two, far more than there are strings, so that most are empty.
const PLACES: usize = 4096;
const PLACE_BITS: u32 = PLACES.trailing_zeros();
/// The first bytes of a string that are compared as one number.
const HEAD: usize = 8;
/// Sets the bit that distinguishes small letters from capitals. It makes some other characters equal too, which
/// the comparison of the whole string sorts out.
const SMALL: u64 = 0x2020_2020_2020_2020;

/// A string that is searched for.
#[derive(Debug)]
struct Needle {
    place: usize,
    head: u64,
    /// Which bytes of the head it has.
    mask: u64,
    /// The caller's number for it.
    number: usize,
    text: Box<str>,
}

/// The strings, ready for the search.
#[derive(Debug, Default)]
pub struct Needles {
    /// By their places.
    needles: Vec<Needle>,
    /// For each place one more than the first needle there; 0 where there is none.
    places: Vec<u32>,
    /// Which bytes of four decide the place: as many as the shortest string has.
    mask: u64,
    shortest: usize,
    /// Number of the strings.
    count: usize,
}

impl Needles {
    /// Prepares the search; the number of a string is its place among these. The empty string is never found.
    pub fn new<S: AsRef<str>>(strings: impl IntoIterator<Item = S>) -> Needles {
        let strings = strings.into_iter();
        let strings: Vec<Box<str>> = strings.map(|it| Box::from(it.as_ref())).collect();
        let count = strings.len();
        let lengths = strings.iter().map(|it| it.len()).filter(|&it| it > 0);
        let shortest = lengths.min().unwrap_or_default().clamp(1, 4);
        let mask = first_bytes(shortest);
        let numbered = strings.into_iter().enumerate();
        let needles = numbered.filter(|(_, text)| !text.is_empty());
        let needles = needles.map(|(number, text)| {
            let own = first_bytes(text.len());
            let head = head(text.as_bytes()) & own;
            Needle {
                place: place_of(head & mask),
                head,
                mask: own,
                number,
                text,
            }
        });
        let mut needles: Vec<Needle> = needles.collect();
        needles.sort_by_key(|it| it.place);
        if needles.is_empty() {
            return Needles {
                count,
                ..Needles::default()
            };
        }
        let mut places = vec![0; PLACES];
        for (at, needle) in needles.iter().enumerate().rev() {
            places[needle.place] = u32::try_from(at + 1).unwrap_or(u32::MAX);
        }
        Needles {
            needles,
            places,
            mask,
            shortest,
            count,
        }
    }

    /// Number of the strings.
    pub fn count(&self) -> usize {
        self.count
    }

    /// True where one of the strings occurs.
    pub fn is_in(&self, text: &[u8]) -> bool {
        let mut is_in = false;
        self.search(text, |_, _| {
            is_in = true;
            ControlFlow::Break(())
        });
        is_in
    }

    /// Calls `found` with every occurrence of a string and the string's number, by their starts.
    pub fn each_in(&self, text: &[u8], mut found: impl FnMut(Range<usize>, usize)) {
        self.search(text, |range, number| {
            found(range, number);
            ControlFlow::Continue(())
        });
    }

    /// Every occurrence of a string and the string's number, by their ends; the longest comes first.
    pub fn all_by_ends(&self, text: &[u8]) -> Vec<(Range<usize>, usize)> {
        let mut all = Vec::new();
        self.each_in(text, |range, number| all.push((range, number)));
        all.sort_by_key(|(range, _)| (range.end, range.start));
        all
    }

    /// The strings that occur, by number, one after another: where two overlap, it is the one that ends first.
    pub fn apart_in(&self, text: &[u8]) -> impl Iterator<Item = usize> {
        let mut end = 0;
        let found = self.all_by_ends(text).into_iter();
        let apart = found.filter(move |(range, _)| {
            let is_apart = range.start >= end;
            if is_apart {
                end = range.end;
            }
            is_apart
        });
        apart.map(|(_, number)| number)
    }

    /// Calls `found` with every occurrence, by their starts, until it breaks off.
    #[inline]
    fn search(&self, text: &[u8], mut found: impl FnMut(Range<usize>, usize) -> ControlFlow<()>) {
        // There are places where there are strings; an array needs no bounds checks.
        let Some(places) = self.places.first_chunk::<PLACES>() else {
            return;
        };
        for at in 0..(text.len() + 1).saturating_sub(self.shortest) {
            let rest = &text[at..];
            let here = head(rest);
            let place = place_of(here & self.mask);
            // Nearly every place is empty: that is all that is done for most bytes.
            let Some(first) = (places[place] as usize).checked_sub(1) else {
                continue;
            };
            let needles = &self.needles[first..];
            for needle in needles.iter().take_while(|it| it.place == place) {
                if here & needle.mask == needle.head
                    && needle.begins(rest)
                    && found(at..at + needle.text.len(), needle.number).is_break()
                {
                    return;
                }
            }
        }
    }
}

impl Needle {
    fn begins(&self, text: &[u8]) -> bool {
        let own = text.get(..self.text.len());
        own.is_some_and(|own| own.eq_ignore_ascii_case(self.text.as_bytes()))
    }
}

/// The first bytes of a text as a number, in lower case. Where the text is shorter, the others are those of zeros.
#[inline]
fn head(text: &[u8]) -> u64 {
    let first = text.first_chunk::<HEAD>().copied().unwrap_or_else(|| {
        let mut first = [0; HEAD];
        first[..text.len()].copy_from_slice(text);
        first
    });
    u64::from_le_bytes(first) | SMALL
}

/// A mask for so many bytes of a head, or all of it.
fn first_bytes(count: usize) -> u64 {
    u64::MAX >> (8 * HEAD.saturating_sub(count))
}

#[inline]
fn place_of(beginning: u64) -> usize {
    ((beginning as u32).wrapping_mul(0x9E37_79B1) >> (32 - PLACE_BITS)) as usize
}

#[cfg(test)]
mod tests {
    use aho_corasick::AhoCorasick;

    use super::*;

    fn automaton(strings: &[&str]) -> AhoCorasick {
        let mut builder = AhoCorasick::builder();
        builder.ascii_case_insensitive(true).build(strings).unwrap()
    }

    #[test]
    fn the_same_is_found_as_by_an_automaton() {
        let text =
            "Share-bar SHARE sharebar [share] @ad-  ad-ad` Über über, ＡＢ, zum Anzeigen, 分享";
        for strings in [
            &["share", "ad-", "bar", "sharebar", "hare", "`"][..],
            &["share-bar", "share", "über", "anzeigen", "分享", "share"],
            &["ad", "ad-ad", "@ad-", "\u{2}", "-a"],
            &["zzzz", "not there", "分享 "],
            &["e", "är", "b"],
            &[],
        ] {
            let (needles, automaton) = (Needles::new(strings), automaton(strings));
            for end in (0..=text.len()).filter(|&end| text.is_char_boundary(end)) {
                let text = &text[..end];
                let hits = automaton.find_overlapping_iter(text);
                let hits = hits.map(|it| (it.start()..it.end(), it.pattern().as_usize()));
                let hits: Vec<_> = hits.collect();
                assert_eq!(needles.all_by_ends(text.as_bytes()), hits, "{strings:?}");
                let apart: Vec<_> = needles.apart_in(text.as_bytes()).collect();
                let hits = automaton.find_iter(text);
                let expected: Vec<_> = hits.map(|it| it.pattern().as_usize()).collect();
                assert_eq!(apart, expected, "{strings:?}: {text}");
                assert_eq!(needles.is_in(text.as_bytes()), !apart.is_empty());
            }
        }
    }

    #[test]
    fn the_empty_string_is_not_found() {
        assert!(!Needles::new(["", "x"]).is_in(b"abc"));
        assert!(!Needles::new([""]).is_in(b"abc"));
        assert!(!Needles::default().is_in(b""));
    }

    #[test]
    fn more_strings_than_places_are_all_found() {
        let strings: Vec<String> = (0..9_000).map(|it| format!("a{it:04}")).collect();
        let needles = Needles::new(&strings);
        for at in [0, 4_095, 4_096, 8_999] {
            let found = needles.all_by_ends(strings[at].as_bytes());
            assert_eq!(found, [(0..5, at)]);
        }
    }
}
