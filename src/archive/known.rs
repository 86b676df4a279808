//! Payloads that are in the archive already, so that the same bytes are not recorded again.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

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
    /// The file that has the record.
    pub(crate) file: Arc<str>,
}

impl KnownPayload {
    /// All but the address as text, to be stored with that.
    pub(crate) fn to_text(&self) -> String {
        format!("{} {} {}", self.at, self.digest, self.file)
    }

    /// Reads that again.
    pub(crate) fn parse(text: &str, url: &str) -> Option<KnownPayload> {
        let mut parts = text.splitn(3, ' ');
        Some(KnownPayload {
            at: parts.next()?.parse().ok()?,
            digest: parts.next()?.to_owned(),
            file: parts.next()?.into(),
            url: url.to_owned(),
        })
    }
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
            file: "a.warc.gz".into(),
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

    #[test]
    fn what_is_stored_of_a_payload_is_read_again() {
        let payload = KnownPayload {
            digest: "sha256:ABC".to_owned(),
            url: "http://a.test/".to_owned(),
            at: 7,
            file: "with a space.warc.gz".into(),
        };
        let text = payload.to_text();
        assert_eq!(KnownPayload::parse(&text, "http://a.test/"), Some(payload));
        assert_eq!(KnownPayload::parse("7", "http://a.test/"), None);
    }
}
