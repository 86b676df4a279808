//! Searches a text for many strings at once, in any case of ASCII letters, by how they begin. An automaton
//! would read a text as fast, but takes milliseconds to build, as long as the extraction of a page; here the
//! strings are sorted, and that is all.

use std::ops::Range;

/// Places for beginnings: a power of two, far more than there are strings, so that most are empty.
const PLACES: usize = 4096;
const PLACE_BITS: u32 = PLACES.trailing_zeros();
/// Sets the bit that distinguishes small letters from capitals. It makes some other characters equal too, which
/// the comparison of the whole string sorts out.
const SMALL: u32 = 0x2020_2020;

/// A string that is searched for.
#[derive(Debug)]
struct Needle {
    place: usize,
    beginning: u32,
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
    /// Which bytes of four are compared first: as many as the shortest string has.
    mask: u32,
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
        let mask = u32::MAX >> (32 - 8 * shortest);
        let numbered = strings.into_iter().enumerate();
        let needles = numbered.filter(|(_, text)| !text.is_empty());
        let needles = needles.map(|(number, text)| {
            let beginning = beginning(text.as_bytes(), mask);
            Needle {
                place: place_of(beginning),
                beginning,
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
        self.all_in(text).next().is_some()
    }

    /// Every occurrence of a string and the string's number, by their starts.
    pub fn all_in<'t>(
        &'t self,
        text: &'t [u8],
    ) -> impl Iterator<Item = (Range<usize>, usize)> + 't {
        let starts = (text.len() + 1).saturating_sub(self.shortest);
        let starts = if self.needles.is_empty() { 0 } else { starts };
        let beginning = |at: usize| beginning(&text[at..], self.mask);
        // Nearly every place is empty: that is all that is done for most bytes.
        let may_be = (0..starts).filter(move |&at| self.places[place_of(beginning(at))] > 0);
        may_be.flat_map(move |at| {
            let own = beginning(at);
            let here = self.at_place(place_of(own)).iter();
            let here = here.filter(move |it| it.beginning == own && it.begins(&text[at..]));
            here.map(move |it| (at..at + it.text.len(), it.number))
        })
    }

    /// Every occurrence of a string and the string's number, by their ends; the longest comes first.
    pub fn all_by_ends(&self, text: &[u8]) -> Vec<(Range<usize>, usize)> {
        let mut found: Vec<_> = self.all_in(text).collect();
        found.sort_by_key(|(range, _)| (range.end, range.start));
        found
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

    /// The needles of a place.
    fn at_place(&self, place: usize) -> &[Needle] {
        let Some(first) = (self.places[place] as usize).checked_sub(1) else {
            return &[];
        };
        let rest = &self.needles[first..];
        let count = rest.iter().take_while(|it| it.place == place).count();
        &rest[..count]
    }
}

impl Needle {
    fn begins(&self, text: &[u8]) -> bool {
        let own = text.get(..self.text.len());
        own.is_some_and(|own| own.eq_ignore_ascii_case(self.text.as_bytes()))
    }
}

/// The first bytes of a text, as many as the mask has, in lower case.
#[inline]
fn beginning(text: &[u8], mask: u32) -> u32 {
    let first = match *text {
        [a, b, c, d, ..] => [a, b, c, d],
        [a, b, c] => [a, b, c, 0],
        [a, b] => [a, b, 0, 0],
        [a] => [a, 0, 0, 0],
        [] => [0; 4],
    };
    (u32::from_le_bytes(first) | SMALL) & mask
}

#[inline]
fn place_of(beginning: u32) -> usize {
    (beginning.wrapping_mul(0x9E37_79B1) >> (32 - PLACE_BITS)) as usize
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
            let found: Vec<_> = needles.all_in(strings[at].as_bytes()).collect();
            assert_eq!(found, [(0..5, at)]);
        }
    }
}
