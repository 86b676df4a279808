//! A record that holds a page, as it was read: decoded and checked later, by whichever thread extracts it.

use url::Url;

use super::digest;
use super::header::{Answer, Header, dechunk, looks_chunked};
use crate::input::{InputError, InputErrorKind};
use crate::page::encoding::Codings;
use crate::page::sniff::{self, ContentType, SNIFFED};
use crate::page::{PageFault, SavedPage};
use crate::rights::Signals;

/// What a record is, as far as it matters here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// An answer, or a file.
    Page,
    /// A record that says that a page had not changed.
    Revisit,
    /// Anything else: `warcinfo`, `request`, `metadata`, `conversion`, `continuation`.
    Other,
}

impl Kind {
    pub(super) fn of(header: Header<'_>) -> Kind {
        let is = |kind: &str, name: &str| kind.eq_ignore_ascii_case(name);
        match header.text("warc-type") {
            Some(kind) if is(&kind, "response") || is(&kind, "resource") => Kind::Page,
            Some(kind) if is(&kind, "revisit") => Kind::Revisit,
            _ => Kind::Other,
        }
    }
}

/// What the block of a record holds in place of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Content {
    /// An answer that is no page, by its status.
    OtherStatus,
    /// Something that is not HTML.
    OtherType,
}

/// A record whose block is a page.
pub(in crate::input) struct Record {
    /// What is known of the page; its bytes are still in the block.
    page: SavedPage,
    block: Vec<u8>,
    body: usize,
    is_chunked: bool,
    codings: Codings,
    block_digest: Option<String>,
    payload_digest: Option<String>,
    is_whole: bool,
}

impl std::fmt::Debug for Record {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Record")
            .field("name", &self.page.name)
            .finish_non_exhaustive()
    }
}

/// Where a record was read, and what was wrong with it.
#[derive(Debug, Clone)]
pub(super) struct Place<'a> {
    pub(super) archive: &'a str,
    pub(super) offset: u64,
    pub(super) faults: Vec<PageFault>,
    /// The block is longer than what is kept of it.
    pub(super) is_cut: bool,
}

impl Record {
    /// The page in a record. Takes the block if there is one, and leaves it otherwise.
    pub(super) fn of(
        header: Header<'_>,
        block: &mut Vec<u8>,
        place: Place<'_>,
    ) -> Result<Record, Content> {
        let answer = Answer::of(block);
        let stated = match &answer {
            Some(answer) => answer.header.text("content-type"),
            // A file has no header of its own, and a response of some tools neither.
            None => header
                .text("content-type")
                .filter(|it| !it.starts_with("application/http")),
        };
        let body = answer.map_or(0, |it| it.body);
        let is_ok = answer.is_none_or(|it| (200..300).contains(&it.status));
        if !is_ok {
            return Err(Content::OtherStatus);
        }
        let (is_chunked, codings) = encodings(answer, &block[body..]);
        match ContentType::of(stated.as_deref().unwrap_or_default()) {
            ContentType::Html => {}
            ContentType::Unknown if is_markup(&block[body..], is_chunked, &codings) => {}
            _ => return Err(Content::OtherType),
        }
        let target = header.text("warc-target-uri").unwrap_or_default();
        let target = target.trim_matches(['<', '>']);
        let web = |it: &Url| matches!(it.scheme(), "http" | "https");
        let mut faults = place.faults;
        let is_truncated = place.is_cut
            || header.get("warc-truncated").is_some()
            || header.get("warc-segment-number").is_some();
        if is_truncated && !faults.contains(&PageFault::Truncated) {
            faults.push(PageFault::Truncated);
        }
        let is_whole = faults.is_empty();
        let page = SavedPage {
            name: format!("{}#{target}", place.archive),
            url: Url::parse(target).ok().filter(web),
            content_type: stated,
            fetched_at: header.text("warc-date"),
            status: answer.map(|it| it.status),
            x_robots_tag: answer.and_then(|it| it.header.joined("x-robots-tag")),
            tdm_reservation: answer.and_then(|it| it.header.text("tdm-reservation")),
            signals: Signals {
                content_signal: answer.and_then(|it| it.header.joined("content-signal")),
                content_usage: answer.and_then(|it| it.header.joined("content-usage")),
                rsl: None,
            },
            offset: Some(place.offset),
            faults,
            ..SavedPage::default()
        };
        Ok(Record {
            page,
            block: std::mem::take(block),
            body,
            is_chunked,
            codings,
            block_digest: header.text("warc-block-digest"),
            payload_digest: header.text("warc-payload-digest"),
            is_whole,
        })
    }

    /// The page: checked against its digest, without its encodings.
    pub(in crate::input) fn read(self, max_bytes: u64) -> Result<SavedPage, InputError> {
        let limit = usize::try_from(max_bytes).unwrap_or(usize::MAX - 1);
        let mut page = self.page;
        let of_block = self.block_digest.as_deref();
        let mut is_right = of_block.and_then(|it| digest::matches(it, &self.block));
        let of_payload = match is_right {
            None => self.payload_digest.as_deref(),
            Some(_) => None,
        };
        let mut body = self.block;
        body.drain(..self.body);
        // Tools disagree on whether a payload has its transfer coding; so do they on its content coding.
        let mut compare = |body: &[u8]| {
            if let (None | Some(false), Some(stated)) = (is_right, of_payload) {
                is_right = digest::matches(stated, body);
            }
        };
        compare(&body);
        let mut is_cut = false;
        if self.is_chunked {
            is_cut = !dechunk(&mut body);
            compare(&body);
        }
        let codings = self.codings.or_gzip(&body);
        if !codings.is_empty() {
            let decoded = codings.decode(body, limit);
            let decoded = decoded.map_err(|error| InputError {
                name: page.name.clone(),
                reason: format!("its body can't be decoded: {error}"),
                kind: InputErrorKind::Damaged,
            })?;
            is_cut |= decoded.ended_early;
            body = decoded.bytes;
            compare(&body);
        }
        if self.is_whole && is_right == Some(false) {
            page.faults.push(PageFault::WrongDigest);
        }
        if is_cut && !page.faults.contains(&PageFault::Truncated) {
            page.faults.push(PageFault::Truncated);
        }
        if body.len() > limit {
            return Err(InputError::too_large(page.name, max_bytes));
        }
        if let Some(format) = sniff::other_format(&body) {
            return Err(InputError {
                name: page.name,
                reason: format!("it is {format}, not HTML"),
                kind: InputErrorKind::NotHtml,
            });
        }
        Ok(SavedPage {
            bytes: body,
            ..page
        })
    }
}

/// How the body of an answer is encoded.
fn encodings(answer: Option<Answer<'_>>, body: &[u8]) -> (bool, Codings) {
    let Some(answer) = answer else {
        return (false, Codings::default());
    };
    let transfer = answer
        .header
        .joined("transfer-encoding")
        .unwrap_or_default();
    let is_chunked = transfer.to_ascii_lowercase().contains("chunked") || looks_chunked(body);
    let content = answer.header.joined("content-encoding");
    (is_chunked, Codings::of(content.as_deref()))
}

/// True where a body of a type that says nothing begins like a page.
fn is_markup(body: &[u8], is_chunked: bool, codings: &Codings) -> bool {
    // What the first chunk and the encodings leave of it is enough.
    let mut start = body[..body.len().min(16 * SNIFFED)].to_vec();
    if is_chunked {
        dechunk(&mut start);
    }
    let codings = codings.clone().or_gzip(&start);
    match codings.decode(start, SNIFFED) {
        Ok(decoded) => {
            let is_page = !decoded.bytes.is_empty() && sniff::is_markup(&decoded.bytes);
            is_page && sniff::other_format(&decoded.bytes).is_none()
        }
        Err(_) => false,
    }
}
