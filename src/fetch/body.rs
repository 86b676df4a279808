//! The body of an answer: read chunk by chunk within bounds, decoded, and checked to be what was asked
//! for. A body that broke off is kept where it holds what it was fetched for.

use std::time::Duration;

use reqwest::header::{CONTENT_ENCODING, CONTENT_TYPE};

use crate::fetch::bulk::{BulkPermits, RECEIVED_AT_ONCE, Turns, UNPACKED_AT_ONCE};
use crate::fetch::profile::{Excess, RequestProfile};
use crate::fetch::recording::Incoming;
use crate::fetch::{Expect, FetchErrorKind, TransportError};
use crate::page::encoding::{Codings, Decoded};
use crate::page::sniff::{self, ContentType, SNIFFED};

/// Bodies from this size on are decoded on a thread for blocking work.
const LARGE: usize = 256 << 10;
/// Of a body that waits for its turn, a chunk is taken this often: well within the minute after which servers give
/// up a client that reads nothing. A chunk may have some 400 KB, and so it is not taken more often, either.
const TAKE_EVERY: Duration = Duration::from_secs(20);
/// Bytes that are reserved at most, before a large body has its turn, whatever length its server announces.
const MOST_RESERVED: usize = 1 << 20;
/// The last bytes of a page, in which its end is looked for.
const TAIL: usize = 4096;

/// A body, decoded.
#[derive(Debug, Default)]
pub(super) struct Body {
    pub(super) bytes: Vec<u8>,
    pub(super) truncation: Option<Truncation>,
    /// It is truncated because the connection broke: another try may bring all of it.
    pub(super) is_cut_off: bool,
    pub(super) permits: BulkPermits,
}

/// Where a body was cut short.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Truncation {
    /// After the end of its `article` or `main` element: the text is complete, the rest is missing.
    AfterArticle,
    /// Anywhere else: the text may be cut short.
    Anywhere,
}

/// What a body is read as.
#[derive(Debug)]
struct Reading<'a> {
    codings: Codings,
    /// A page whose content type says nothing.
    is_untyped: bool,
    profile: &'a RequestProfile<'a>,
    turns: &'a Turns<'a>,
}

/// The bytes of a body as they came.
#[derive(Debug, Default)]
struct Raw {
    bytes: Vec<u8>,
    /// What broke it off.
    error: Option<FetchErrorKind>,
    permits: BulkPermits,
}

impl Raw {
    /// Makes room for what is still to come, and for no more than `most` bytes in all.
    fn reserve(&mut self, response: &Incoming<'_>, most: usize) {
        let left = usize::try_from(response.content_length().unwrap_or(0)).unwrap_or(usize::MAX);
        let most = most.saturating_sub(self.bytes.len());
        self.bytes.reserve_exact(left.min(most));
    }

    /// Takes the next chunk; false where there is none.
    async fn take(&mut self, response: &mut Incoming<'_>, silence: Duration) -> bool {
        let received = response.receive(&mut self.bytes, silence).await;
        received.unwrap_or_else(|error| {
            self.error = Some(error);
            false
        })
    }
}

/// Reads a body within the profile's bounds.
pub(super) async fn read(
    mut response: Incoming<'_>,
    profile: &RequestProfile<'_>,
    turns: &Turns<'_>,
) -> Result<Body, FetchErrorKind> {
    let content_type = ContentType::of(&content_type(&response));
    if let ContentType::Other(name) = &content_type
        && profile.is_page()
    {
        return Err(not_html(Some(name.clone())));
    }
    let reading = Reading {
        codings: codings(&response),
        is_untyped: content_type == ContentType::Unknown,
        profile,
        turns,
    };
    if let Excess::Refuse(expect) = profile.excess
        && response.content_length().unwrap_or(0) > profile.max_body as u64
    {
        return Err(too_large(profile.max_body, expect));
    }
    let host = response.url().host_str().unwrap_or("the host").to_owned();
    let raw = reading.receive(&mut response).await?;
    reading.finish(raw, host).await
}

/// Reads the body of an error answer, as far as it comes: no failure here is worth another error.
pub(super) async fn read_error_page(
    mut response: Incoming<'_>,
    profile: &RequestProfile<'_>,
    turns: &Turns<'_>,
) -> Vec<u8> {
    let limit = profile.max_error_page;
    let reading = Reading {
        codings: codings(&response),
        is_untyped: false,
        profile: &RequestProfile {
            max_body: limit,
            excess: Excess::Cut,
            ..*profile
        },
        turns,
    };
    let Ok(raw) = reading.receive(&mut response).await else {
        return Vec::new();
    };
    let body = decode(reading.codings, raw.bytes, limit).await;
    let mut body = body.map(|body| body.bytes).unwrap_or_default();
    body.truncate(limit);
    body
}

impl Reading<'_> {
    /// Receives the bytes, as far as they come and as far as they are wanted.
    async fn receive(&self, response: &mut Incoming<'_>) -> Result<Raw, FetchErrorKind> {
        let limit = self.profile.max_body;
        let mut raw = Raw::default();
        raw.reserve(response, limit.min(MOST_RESERVED));
        let (mut is_checked, silence) = (false, self.turns.silence());
        loop {
            let is_large = raw.bytes.len() > RECEIVED_AT_ONCE && self.profile.is_bulk();
            let goes_on = (!is_large || self.wait_for_turn(response, &mut raw).await)
                && raw.take(response, silence).await;
            if !goes_on {
                return Ok(raw);
            }
            if raw.bytes.len() > limit {
                if let Excess::Refuse(expect) = self.profile.excess {
                    return Err(too_large(limit, expect));
                }
                raw.bytes.truncate(limit);
                return Ok(raw);
            }
            if !is_checked && raw.bytes.len() >= SNIFFED {
                self.check_start(&raw.bytes)?;
                is_checked = true;
            }
        }
    }

    /// Waits for the turn to receive more of a large body; false where it has ended meanwhile. Many servers
    /// close a connection that is not read, so that a chunk is taken now and then.
    async fn wait_for_turn(&self, response: &mut Incoming<'_>, raw: &mut Raw) -> bool {
        let mut permits = std::mem::take(&mut raw.permits);
        let goes_on = {
            let mut turn = std::pin::pin!(self.turns.receive(&mut permits));
            loop {
                tokio::select! {
                    biased;
                    () = &mut turn => break true,
                    () = tokio::time::sleep(TAKE_EVERY) => {
                        if !raw.take(response, self.turns.silence()).await {
                            break false;
                        }
                    }
                }
            }
        };
        raw.permits = permits;
        // What is left fits in one piece: it is not copied as it grows.
        raw.reserve(response, self.profile.max_body);
        goes_on
    }

    /// Refuses early what is no page: the rest need not be received.
    fn check_start(&self, start: &[u8]) -> Result<(), FetchErrorKind> {
        if self.codings.is_empty() {
            return self.check_page(start);
        }
        match self.codings.decode(start.to_vec(), SNIFFED) {
            Ok(decoded) if decoded.bytes.len() >= SNIFFED / 2 => self.check_page(&decoded.bytes),
            _ => Ok(()),
        }
    }

    fn check_page(&self, body: &[u8]) -> Result<(), FetchErrorKind> {
        if !self.profile.is_page() {
            return Ok(());
        }
        if let Some(format) = sniff::other_format(body) {
            return Err(not_html(Some(format.to_owned())));
        }
        let is_zipped = body.starts_with(b"\x1f\x8b");
        if self.is_untyped && !is_zipped && !sniff::is_markup(body) {
            return Err(not_html(None));
        }
        Ok(())
    }

    /// Decodes what was received, and decides whether it will do.
    async fn finish(&self, mut raw: Raw, host: String) -> Result<Body, FetchErrorKind> {
        let limit = self.profile.max_body;
        let codings = if self.profile.is_page() {
            self.codings.clone().or_gzip(&raw.bytes)
        } else {
            self.codings.clone()
        };
        let is_large = raw.bytes.len() > UNPACKED_AT_ONCE;
        if is_large && self.profile.is_bulk() && !codings.is_empty() {
            self.turns.work(&mut raw.permits).await;
        }
        let mut decoded = match (decode(codings, raw.bytes, limit).await, raw.error.as_ref()) {
            (Ok(decoded), _) => decoded,
            (Err(_), Some(error)) => return Err(error.clone()),
            (Err(source), None) => return Err(FetchErrorKind::Decompression { host, source }),
        };
        if decoded.bytes.len() > limit {
            match self.profile.excess {
                Excess::Refuse(expect) => return Err(too_large(limit, expect)),
                Excess::Cut => decoded.bytes.truncate(limit),
            }
        }
        let is_short = raw.error.is_some() || decoded.ended_early;
        let truncation = is_short.then(|| self.truncation(&decoded.bytes)).flatten();
        let is_half_robots = decoded.ended_early && self.profile.excess == Excess::Cut;
        match raw.error {
            None if is_half_robots => {
                let source = TransportError::new(std::io::Error::other("it ends early"));
                Err(FetchErrorKind::Decompression { host, source })
            }
            Some(error) if !self.will_do(&decoded.bytes, truncation) => Err(error),
            error => {
                self.check_page(&decoded.bytes)?;
                Ok(Body {
                    bytes: decoded.bytes,
                    truncation,
                    is_cut_off: error.is_some() && truncation.is_some(),
                    permits: raw.permits,
                })
            }
        }
    }

    /// True where what came before the connection broke is of use: a page with its article, the first
    /// entries of a feed or a sitemap. Half a robots.txt allows what the other half forbids.
    fn will_do(&self, body: &[u8], truncation: Option<Truncation>) -> bool {
        match self.profile.excess {
            Excess::Cut => false,
            Excess::Refuse(Expect::Page) => truncation != Some(Truncation::Anywhere),
            Excess::Refuse(_) => !body.is_empty(),
        }
    }

    /// Where a body that ended early was cut; `None` where nothing is missing but the proper end of the
    /// connection or of the compression. Servers often announce a wrong length.
    fn truncation(&self, body: &[u8]) -> Option<Truncation> {
        const ENDS: [&str; 7] = [
            "</html",
            "</body",
            "</rss>",
            "</feed>",
            "</urlset>",
            "</sitemapindex>",
            "</rdf:rdf>",
        ];
        let tail = &body[body.len().saturating_sub(TAIL)..];
        if ENDS.iter().any(|end| sniff::contains(tail, end.as_bytes())) {
            return None;
        }
        let is_after = sniff::contains(body, b"</main") || holds_whole_articles(body);
        Some(if is_after && self.profile.is_page() {
            Truncation::AfterArticle
        } else {
            Truncation::Anywhere
        })
    }
}

/// True where every `article` element has its end.
fn holds_whole_articles(body: &[u8]) -> bool {
    let ends = sniff::count(body, b"</article");
    ends > 0 && ends >= sniff::count(body, b"<article")
}

/// Decodes a body; a large one where it holds up no other request.
async fn decode(codings: Codings, raw: Vec<u8>, limit: usize) -> Result<Decoded, TransportError> {
    if codings.is_empty() || raw.len() < LARGE {
        return codings.decode(raw, limit).map_err(TransportError::new);
    }
    let work = tokio::task::spawn_blocking(move || codings.decode(raw, limit));
    match work.await {
        Ok(decoded) => decoded.map_err(TransportError::new),
        Err(error) => Err(TransportError::new(error)),
    }
}

/// The `Content-Type` as sent; empty where there is none.
fn content_type(response: &Incoming<'_>) -> String {
    response
        .headers()
        .get(CONTENT_TYPE)
        .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
        .unwrap_or_default()
}

fn codings(response: &Incoming<'_>) -> Codings {
    let values = response.headers().get_all(CONTENT_ENCODING).iter();
    Codings::of(values.filter_map(|value| value.to_str().ok()))
}

fn too_large(limit: usize, expect: Expect) -> FetchErrorKind {
    FetchErrorKind::TooLarge { limit, expect }
}

fn not_html(content_type: Option<String>) -> FetchErrorKind {
    FetchErrorKind::NotHtml { content_type }
}

#[cfg(test)]
mod tests;
