//! Texts that are nearly the same. Each text is a set of shingles, runs of three words; the similarity
//! of two texts is the share of shingles they have in common (Broder, 'On the resemblance and
//! containment of documents', 1997). MinHash with one permutation (Li, Owen, Zhang, 'One permutation
//! hashing', 2012) and banding (Leskovec, Rajaraman, Ullman, 'Mining of Massive Datasets', 3.4) find
//! the few similar ones among millions. These are then compared in full, so that chance decides only
//! which pairs are compared. No clock, no random seed: the result is the same on every machine and in
//! every version.

use crate::page::text::is_unspaced;

/// Words of a shingle.
const SHINGLE: usize = 3;
/// Shorter texts are compared as wholes only: notices and weather tables are similar, yet not the
/// same.
const FEWEST_WORDS: usize = 40;
/// Texts of this similarity are nearly the same: a corrected figure, a new standfirst, a credit line.
pub(crate) const NEARLY_THE_SAME: f64 = 0.8;
/// Bands of [`ROWS`] minima each. At a similarity of 0.8 a pair is compared with a probability of
/// 1 − (1 − 0.8²)⁸ = 0.9997, at 0.3 with 0.53.
const BANDS: usize = 8;
const ROWS: usize = 2;
/// Articles of a band, at most: those that were stored last. A text that thousands share (a disclaimer, a form
/// letter) would have each new article looked up among all of them; copies of one text appear within days.
pub(crate) const MOST_IN_BAND: u32 = 64;

/// The shingles of a text, hashed, in order and each once.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Shingles(Vec<u64>);

impl Shingles {
    /// The shingles of a text; `None` where it is too short to be compared.
    pub(crate) fn of(text: &str) -> Option<Shingles> {
        let words = words(text);
        if words.len() < FEWEST_WORDS {
            return None;
        }
        let shingle = |run: &[u64]| {
            run.iter()
                .fold(0, |hash: u64, word| mix(hash.rotate_left(9) ^ word))
        };
        let mut shingles: Vec<u64> = words.windows(SHINGLE).map(shingle).collect();
        shingles.sort_unstable();
        shingles.dedup();
        Some(Shingles(shingles))
    }

    /// True where the texts are nearly the same.
    pub(crate) fn is_nearly(&self, other: &Shingles) -> bool {
        self.similarity(other) >= NEARLY_THE_SAME
    }

    /// The share of shingles in common, 0 to 1.
    pub(crate) fn similarity(&self, other: &Shingles) -> f64 {
        let (mut others, mut common) = (other.0.iter().peekable(), 0);
        for shingle in &self.0 {
            while others.next_if(|other| *other < shingle).is_some() {}
            common += usize::from(others.next_if_eq(&shingle).is_some());
        }
        let all = self.0.len() + other.0.len() - common;
        common as f64 / all.max(1) as f64
    }

    /// The bands: texts that share one may be similar.
    pub(crate) fn bands(&self) -> [i64; BANDS] {
        // One hash of each shingle chooses the row by its remainder, and the minimum of a row stands
        // for it. A row that stays empty does so in both of two similar texts.
        let mut minima = [u64::MAX; BANDS * ROWS];
        for &shingle in &self.0 {
            let row = usize::try_from(shingle % (BANDS * ROWS) as u64).unwrap_or_default();
            minima[row] = minima[row].min(shingle);
        }
        std::array::from_fn(|band| {
            let rows = &minima[band * ROWS..(band + 1) * ROWS];
            rows.iter()
                .fold(band as u64, |hash, row| mix(hash.rotate_left(17) ^ row))
                .cast_signed()
        })
    }
}

/// The words of a text, hashed: runs of letters and digits in lower case; single characters in
/// scripts without spaces.
fn words(text: &str) -> Vec<u64> {
    let mut words = Vec::new();
    let mut word = FNV_START;
    let mut inside = false;
    for c in text.chars() {
        if inside && (!c.is_alphanumeric() || is_unspaced(c)) {
            words.push(mix(word));
            (word, inside) = (FNV_START, false);
        }
        if is_unspaced(c) {
            words.push(mix(u64::from(c)));
        } else if c.is_alphanumeric() {
            for c in c.to_lowercase() {
                word = (word ^ u64::from(c)).wrapping_mul(FNV_PRIME);
            }
            inside = true;
        }
    }
    if inside {
        words.push(mix(word));
    }
    words
}

/// FNV-1a (draft-eastlake-fnv), over characters in place of bytes.
const FNV_START: u64 = 0xcbf2_9ce4_8422_2325;
const FNV_PRIME: u64 = 0x0100_0000_01b3;

/// The finaliser of SplitMix64 (Steele, Lea, Flood, 2014): every bit of the input moves every bit of
/// the output.
fn mix(mut hash: u64) -> u64 {
    hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    hash ^ (hash >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(words: usize, changed: usize) -> String {
        let word = |at: usize| {
            let kind = if at < changed { "other" } else { "word" };
            format!("{kind}{at} ")
        };
        (0..words).map(word).collect()
    }

    #[test]
    fn a_corrected_text_is_nearly_the_same_and_another_is_not() {
        let of = |changed| Shingles::of(&text(400, changed)).unwrap();
        let whole = of(0);
        assert!(whole.similarity(&of(10)) > 0.9);
        assert!(whole.similarity(&of(200)) < NEARLY_THE_SAME);
        assert_eq!(whole.similarity(&of(400)), 0.0);
    }

    #[test]
    fn texts_that_are_nearly_the_same_share_a_band() {
        for words in [40, 100, 400, 2000] {
            let one = Shingles::of(&text(words, 0)).unwrap().bands();
            let other = Shingles::of(&text(words, words / 20)).unwrap().bands();
            assert!(one.iter().any(|band| other.contains(band)), "{words}");
        }
    }

    #[test]
    fn bands_are_the_same_in_every_version() {
        let bands = Shingles::of(&text(50, 0)).unwrap().bands();
        assert_eq!(bands[0], -4_029_875_342_884_624_571);
    }

    #[test]
    fn case_marks_and_spaces_do_not_matter_and_every_script_has_words() {
        assert_eq!(words("The ferry’s  back!"), words("the FERRY s back"));
        assert_eq!(words("夜のフェリー").len(), 6);
        assert_eq!(Shingles::of("Too short to say."), None);
    }
}
