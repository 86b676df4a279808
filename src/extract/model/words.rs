//! Trained weights of words, by hash: sorted, and found within a bucket that holds one or two.

/// Weights are stored in steps of this.
const STEP: f32 = 1.0 / 16.0;
/// Buckets are chosen by this many leading bits.
const BITS: u32 = 15;
/// The filter has a bit for each value of this many leading bits: 32 KB, which stay in the nearest cache.
const FILTER_BITS: u32 = 18;

/// Weights of words: the log odds that a block with the word is text.
#[derive(Debug, Default)]
pub struct WordWeights {
    /// Each hash with its weight, so that one access finds both.
    words: Vec<(u32, i8)>,
    /// Where each bucket begins; one more for the end.
    buckets: Vec<u32>,
    /// A bit for the leading bits of each hash: most words have no weight, and need no search.
    filter: Vec<u64>,
}

impl WordWeights {
    /// Reads a count, the hashes in rising order, and a signed byte each.
    pub(super) fn read(bytes: &[u8]) -> Option<WordWeights> {
        let (count, rest) = bytes.split_first_chunk::<4>()?;
        let count = u32::from_le_bytes(*count) as usize;
        let (hashes, weights) = rest.split_at_checked(count.checked_mul(4)?)?;
        let hashes: Vec<u32> = hashes
            .as_chunks::<4>()
            .0
            .iter()
            .map(|it| u32::from_le_bytes(*it))
            .collect();
        if weights.len() != count || !hashes.is_sorted() {
            return None;
        }
        let weights = weights.iter().map(|it| it.cast_signed());
        Some(WordWeights {
            buckets: buckets(&hashes),
            filter: filter(&hashes),
            words: hashes.into_iter().zip(weights).collect(),
        })
    }

    /// The weight of a word; `None` for a word that was too rare in training.
    pub fn of(&self, hash: u32) -> Option<f32> {
        self.place(hash).map(|at| self.weight(at))
    }

    /// Starts to look words up, each of them once.
    pub fn distinct(&self) -> DistinctWords<'_> {
        DistinctWords {
            weights: self,
            seen: vec![0; self.words.len().div_ceil(64)],
        }
    }

    fn place(&self, hash: u32) -> Option<usize> {
        let (row, bit) = filter_place(hash);
        if self.filter.get(row)? & bit == 0 {
            return None;
        }
        let bounds = self.buckets.get(bucket_of(hash)..)?.first_chunk::<2>()?;
        let [from, to] = bounds.map(|it| it as usize);
        let at = self.words[from..to].iter().position(|it| it.0 == hash)?;
        Some(from + at)
    }

    fn weight(&self, at: usize) -> f32 {
        f32::from(self.words[at].1) * STEP
    }
}

fn bucket_of(hash: u32) -> usize {
    (hash >> (32 - BITS)) as usize
}

fn filter_place(hash: u32) -> (usize, u64) {
    let leading = hash >> (32 - FILTER_BITS);
    ((leading >> 6) as usize, 1 << (leading & 63))
}

fn filter(hashes: &[u32]) -> Vec<u64> {
    let mut filter = vec![0; 1 << (FILTER_BITS - 6)];
    for (row, bit) in hashes.iter().map(|&hash| filter_place(hash)) {
        filter[row] |= bit;
    }
    filter
}

/// Where each bucket of these sorted hashes begins; one more for the end.
fn buckets(hashes: &[u32]) -> Vec<u32> {
    let mut buckets = vec![0; (1 << BITS) + 1];
    for &hash in hashes {
        buckets[bucket_of(hash) + 1] += 1;
    }
    let mut before = 0;
    for bucket in &mut buckets {
        before += *bucket;
        *bucket = before;
    }
    buckets
}

/// Looks words up, and passes over those that it has seen before.
#[derive(Debug)]
pub struct DistinctWords<'w> {
    weights: &'w WordWeights,
    /// A bit for each word.
    seen: Vec<u64>,
}

impl DistinctWords<'_> {
    /// Looks a word up.
    pub fn look_up(&mut self, hash: u32) -> Known {
        let Some(at) = self.weights.place(hash) else {
            return Known::Not;
        };
        let (seen, bit) = (&mut self.seen[at / 64], 1 << (at % 64));
        if *seen & bit != 0 {
            return Known::Again;
        }
        *seen |= bit;
        Known::First(self.weights.weight(at))
    }
}

/// Whether a word has a weight.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Known {
    /// This one, and it is looked up for the first time.
    First(f32),
    /// It has, and was looked up before.
    Again,
    /// It was too rare in training.
    Not,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_words_have_their_weight_and_others_none() {
        let mut bytes = 3u32.to_le_bytes().to_vec();
        for hash in [5u32, 0x8000_0000, u32::MAX] {
            bytes.extend(hash.to_le_bytes());
        }
        bytes.extend([16i8, -32, 127].map(i8::cast_unsigned));
        let words = WordWeights::read(&bytes).unwrap();
        let of = [5, 6, 0x8000_0000, u32::MAX].map(|it| words.of(it));
        assert_eq!(of, [Some(1.0), None, Some(-2.0), Some(127.0 / 16.0)]);
        let mut distinct = words.distinct();
        let found = [5, 6, 5, 0x8000_0000].map(|it| distinct.look_up(it));
        let expected = [
            Known::First(1.0),
            Known::Not,
            Known::Again,
            Known::First(-2.0),
        ];
        assert_eq!(found, expected);
        assert!(WordWeights::read(&bytes[..bytes.len() - 1]).is_none());
        assert_eq!(WordWeights::default().of(5), None);
    }
}
