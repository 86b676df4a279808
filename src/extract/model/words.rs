//! Trained weights of words, by hash: sorted, and found by binary search within a bucket.

/// Weights are stored in steps of this.
const STEP: f32 = 1.0 / 16.0;
/// Buckets are chosen by this many leading bits.
const BITS: u32 = 16;

/// Weights of words: the log odds that a block with the word is text.
#[derive(Debug, Default)]
pub struct WordWeights {
    hashes: Vec<u32>,
    weights: Vec<i8>,
    /// Where each bucket begins; one more for the end.
    buckets: Vec<u32>,
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
        let buckets = (0..=1u64 << BITS)
            .map(|bucket| {
                let start = bucket << (32 - BITS);
                u32::try_from(hashes.partition_point(|&it| u64::from(it) < start)).ok()
            })
            .collect::<Option<_>>()?;
        Some(WordWeights {
            hashes,
            weights: weights.iter().map(|&it| it.cast_signed()).collect(),
            buckets,
        })
    }

    /// The weight of a word; 0 for a word that was too rare in training.
    pub fn of(&self, hash: u32) -> f32 {
        self.place(hash)
            .map_or(0.0, |at| f32::from(self.weights[at]) * STEP)
    }

    /// Starts to look words up, each of them once.
    pub fn distinct(&self) -> DistinctWords<'_> {
        DistinctWords {
            weights: self,
            seen: vec![false; self.hashes.len()],
        }
    }

    fn place(&self, hash: u32) -> Option<usize> {
        let bucket = (hash >> (32 - BITS)) as usize;
        let bound = |at: usize| self.buckets.get(at).map_or(0, |&it| it as usize);
        let (from, to) = (bound(bucket), bound(bucket + 1));
        let at = self.hashes[from..to].binary_search(&hash).ok()?;
        Some(from + at)
    }
}

/// Looks words up, and passes over those that it has seen before.
#[derive(Debug)]
pub struct DistinctWords<'w> {
    weights: &'w WordWeights,
    seen: Vec<bool>,
}

impl DistinctWords<'_> {
    /// The weight of a known word, the first time it is looked up.
    pub fn first_time(&mut self, hash: u32) -> Option<f32> {
        let at = self.weights.place(hash)?;
        let is_new = !std::mem::replace(&mut self.seen[at], true);
        is_new.then(|| f32::from(self.weights.weights[at]) * STEP)
    }
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
        assert_eq!(of, [1.0, 0.0, -2.0, 127.0 / 16.0]);
        assert!(WordWeights::read(&bytes[..bytes.len() - 1]).is_none());
        assert_eq!(WordWeights::default().of(5), 0.0);
    }
}
