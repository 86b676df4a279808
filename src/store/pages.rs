//! Pages as they came, compressed, for as long as `keep_pages` says, so that they can be extracted
//! again with other rules and without the network. One a URL, the newest; but a page without an
//! article never replaces one with, and a wall never replaces a page.

use std::collections::VecDeque;
use std::fmt;
use std::io;
use std::sync::{Mutex, PoisonError};

use url::Url;

use crate::page::Input;
use crate::rights::Signals;
use crate::store::policy::kept::is_kept;
use crate::store::{Filter, Store, StoreError};
use crate::verdict::{AddressEvidence, VisitOutcome};

/// Pages read at a time.
const BATCH: u32 = 8;
/// A page shrinks to 17.9 %. Level 3 gives 16.8 % for half as much work again, which is 2 to 6 % of a crawl;
/// level 9 gives 15 % for six times the work.
const LEVEL: i32 = 1;
/// What compressed a larger page has tables for such pages, which are not kept.
const LARGE: usize = 4 << 20;

/// A page as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawPage {
    /// The address as asked for.
    pub url: String,
    /// The address that answered, after redirects.
    pub final_url: String,
    /// The source's name.
    pub source: String,
    /// When it was fetched, in unix milliseconds.
    pub fetched_at: i64,
    /// The HTTP status.
    pub status: u16,
    /// The `Content-Type` header.
    pub content_type: Option<String>,
    /// The `X-Robots-Tag` headers, joined by commas.
    pub x_robots_tag: Option<String>,
    /// The `tdm-reservation` header (TDMRep).
    pub tdm_reservation: Option<String>,
    /// What robots.txt, other headers and licences stated of its use.
    pub signals: Signals,
    /// When it was published, in unix milliseconds, by the feed or news sitemap that named it.
    pub published: Option<i64>,
    /// What named the address.
    pub evidence: AddressEvidence,
    /// The extractor and the settings that judged the page last; `None` where it is to be judged
    /// again.
    pub judged_by: Option<String>,
    /// The body, decompressed.
    pub bytes: Vec<u8>,
}

impl RawPage {
    /// The address that answered, parsed.
    pub fn parsed_url(&self) -> Option<Url> {
        Url::parse(&self.final_url).ok()
    }

    /// What is known of the page, with other bytes.
    fn with_bytes(&self, bytes: Vec<u8>) -> RawPage {
        RawPage {
            url: self.url.clone(),
            final_url: self.final_url.clone(),
            source: self.source.clone(),
            content_type: self.content_type.clone(),
            x_robots_tag: self.x_robots_tag.clone(),
            tdm_reservation: self.tdm_reservation.clone(),
            signals: self.signals.clone(),
            judged_by: self.judged_by.clone(),
            bytes,
            ..*self
        }
    }

    /// The page as it is parsed and extracted; `url` is its [`RawPage::parsed_url`].
    pub fn input<'p>(&'p self, url: Option<&'p Url>) -> Input<'p> {
        let mut input = Input::new(&self.bytes)
            .with_url(url)
            .with_content_type(self.content_type.as_deref())
            .with_evidence(self.evidence)
            .with_fetched_at(self.fetched_at);
        input.x_robots_tag = self.x_robots_tag.as_deref();
        input.tdm_reservation = self.tdm_reservation.as_deref();
        input.signals = Some(&self.signals);
        input
    }
}

/// A page compressed for the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackedPage {
    /// The page; its bytes are compressed.
    pub(super) page: RawPage,
    /// The length of the body, in bytes.
    pub(super) length: usize,
}

impl PackedPage {
    /// Compresses a page; `None` where there is no memory to do it.
    pub fn pack(page: RawPage) -> Option<PackedPage> {
        let packed = zstd::bulk::compress(&page.bytes, LEVEL).ok()?;
        Some(PackedPage {
            length: page.bytes.len(),
            page: RawPage {
                bytes: packed,
                ..page
            },
        })
    }

    /// The page, decompressed.
    ///
    /// # Errors
    /// Fails where the bytes are damaged.
    pub fn unpack(self) -> io::Result<RawPage> {
        let bytes = zstd::bulk::decompress(&self.page.bytes, self.length)?;
        Ok(RawPage { bytes, ..self.page })
    }
}

/// Compresses the pages of a crawl, with tables that are kept: to make them anew costs as much as a page.
#[derive(Default)]
pub struct Packer {
    /// As many as pages were compressed at once.
    idle: Mutex<Vec<zstd::bulk::Compressor<'static>>>,
}

impl fmt::Debug for Packer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Packer").finish_non_exhaustive()
    }
}

impl Packer {
    /// Compresses a page whose visit ended so. `None` where there is no memory to do it, and where the page is
    /// not worth its room: something large that was served in its place.
    pub fn pack(&self, page: &RawPage, outcome: VisitOutcome) -> Option<PackedPage> {
        let idle = || self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = idle().pop();
        let mut compressor = match kept {
            Some(compressor) => compressor,
            None => zstd::bulk::Compressor::new(LEVEL).ok()?,
        };
        let packed = compressor.compress(&page.bytes).ok()?;
        if page.bytes.len() <= LARGE {
            idle().push(compressor);
        }
        is_kept(outcome, packed.len()).then(|| PackedPage {
            length: page.bytes.len(),
            page: page.with_bytes(packed),
        })
    }
}

/// Where a page stands among those of its source, the newest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PagePosition {
    /// When it was fetched, in unix milliseconds.
    pub fetched_at: i64,
    /// Its number in the store.
    pub id: i64,
}

impl PagePosition {
    /// Before the newest page there can be.
    pub const START: PagePosition = PagePosition {
        fetched_at: i64::MAX,
        id: i64::MAX,
    };
}

/// A cursor over raw pages: source by source, the newest of each first.
#[derive(Debug)]
pub struct Pages<'s> {
    store: &'s dyn Store,
    filter: Filter,
    /// The sources after the one that is being read; `None` until they are known.
    sources: Option<VecDeque<String>>,
    source: Option<String>,
    /// The last page that was read of it.
    after: PagePosition,
    ready: VecDeque<PackedPage>,
}

impl<'s> Pages<'s> {
    pub(super) fn new(store: &'s dyn Store, filter: Filter) -> Pages<'s> {
        Pages {
            store,
            filter,
            sources: None,
            source: None,
            after: PagePosition::START,
            ready: VecDeque::new(),
        }
    }

    /// The next page; `None` after the last.
    ///
    /// # Errors
    /// Fails where the store can't be read, and where a page in it is damaged.
    pub async fn next(&mut self) -> Result<Option<RawPage>, StoreError> {
        while self.ready.is_empty() {
            if self.source.is_none() {
                self.source = self.next_source().await?;
                self.after = PagePosition::START;
            }
            let Some(source) = &self.source else {
                return Ok(None);
            };
            let batch = self
                .store
                .pages_after(source, &self.filter, self.after, BATCH)
                .await?;
            match batch.last() {
                Some((position, _)) => self.after = *position,
                None => self.source = None,
            }
            self.ready.extend(batch.into_iter().map(|(_, page)| page));
        }
        let page = self.ready.pop_front();
        page.map(|page| self.unpack(page)).transpose()
    }

    async fn next_source(&mut self) -> Result<Option<String>, StoreError> {
        if self.sources.is_none() {
            self.sources = Some(if self.filter.sources.is_empty() {
                self.store.page_sources().await?.into()
            } else {
                self.filter.sources.clone().into()
            });
        }
        Ok(self.sources.as_mut().and_then(VecDeque::pop_front))
    }

    fn unpack(&self, page: PackedPage) -> Result<RawPage, StoreError> {
        let url = page.page.url.clone();
        page.unpack().map_err(|error| StoreError::BadRecord {
            location: self.store.location().to_owned(),
            what: format!("the page {url}: {error}"),
        })
    }
}
