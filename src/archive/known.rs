//! Payloads that are in the archive already, so that the same bytes are not recorded again.

use std::collections::{HashMap, VecDeque};

/// Payloads that are remembered of a pass; some 200 bytes each.
const REMEMBERED: usize = 20_000;

/// A payload that was recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct KnownPayload {
    /// Its digest, as `WARC-Payload-Digest` states it.
    pub(crate) digest: String,
    /// The address that it came from.
    pub(crate) url: String,
    /// When, in unix milliseconds.
    pub(crate) at: i64,
}

/// What was recorded last.
#[derive(Debug, Default)]
pub(crate) struct KnownPayloads {
    by_digest: HashMap<String, KnownPayload>,
    oldest_first: VecDeque<String>,
}

impl KnownPayloads {
    /// The record of this payload, if it is remembered.
    pub(crate) fn get(&self, digest: &str) -> Option<KnownPayload> {
        self.by_digest.get(digest).cloned()
    }

    /// Remembers a payload that is in the file, unless an earlier record of it is remembered.
    pub(crate) fn remember(&mut self, payload: &KnownPayload) {
        if self.by_digest.contains_key(&payload.digest) {
            return;
        }
        if self.oldest_first.len() >= REMEMBERED
            && let Some(oldest) = self.oldest_first.pop_front()
        {
            self.by_digest.remove(&oldest);
        }
        self.oldest_first.push_back(payload.digest.clone());
        self.by_digest
            .insert(payload.digest.clone(), payload.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_record_of_a_payload_stays_and_the_oldest_payload_goes() {
        let payload = |number: usize, at| KnownPayload {
            digest: number.to_string(),
            url: "http://a.test/".to_owned(),
            at,
        };
        let mut known = KnownPayloads::default();
        for number in 0..=REMEMBERED {
            known.remember(&payload(number, 1));
            known.remember(&payload(number, 2));
        }
        assert_eq!(known.get("0"), None);
        assert_eq!(known.get("1"), Some(payload(1, 1)));
        assert_eq!(known.by_digest.len(), REMEMBERED);
    }
}
