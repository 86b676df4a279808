//! Copies of pages that are gone, from the archives that their source names: asked as politely as any host, once a page.

mod cdx;
mod clean;

use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use super::{Visitor, remembering};
use crate::canonical::same_site;
use crate::config::{ArchiveLookup, ArchiveSettings};
use crate::crawl::clock::{millis, timestamp};
use crate::crawl::plan::CompiledSource;
use crate::crawl::read::{raw_page, read_again};
use crate::fetch::{FetchError, Request, Response};
use crate::frontier::{AnsweredVisit, CopyLookup, Due, Reading, Visit, VisitResult};
use crate::verdict::VisitOutcome;

/// What the record of a copy warns of.
const WARNING: &str = "archived_copy";
/// The first millisecond of the year 10000, since 1970.
const YEAR_10000: u64 = 253_402_300_800_000;

/// A copy of a page.
#[derive(Debug)]
struct Copy {
    response: Response,
    /// When the archive took it, in unix milliseconds.
    at: i64,
}

/// Why there is no copy.
#[derive(Debug)]
enum Missing {
    /// The archive has none, or may not be asked.
    Never(String),
    /// The archive does not answer.
    Yet(String),
}

impl Visitor {
    /// The same address with what is known of its copies: whether its end may lead to a look-up.
    pub(super) fn with_lookup(due: Due, plan: &CompiledSource) -> Due {
        let lookup = match due.lookup {
            CopyLookup::None if !plan.source.fallback.is_empty() => CopyLookup::Allowed,
            lookup => lookup,
        };
        Due { lookup, ..due }
    }

    /// Looks for a copy of a page that is gone.
    pub(super) async fn look_up(&self, due: Due, plan: &Arc<CompiledSource>) -> Visit {
        let number = match due.lookup {
            CopyLookup::Now(number) => number,
            _ => 0,
        };
        let (found, missing) = self.first_copy(&due, plan).await;
        let at = self.clock.now();
        let (lookup, result) = match (found, missing) {
            (Some(answered), _) => (CopyLookup::Done, VisitResult::Answered(answered)),
            (None, Missing::Never(why)) => (CopyLookup::Done, VisitResult::NoCopy(why)),
            (None, Missing::Yet(why)) => {
                let next = CopyLookup::Now(number.saturating_add(1));
                (next, VisitResult::NoCopy(why))
            }
        };
        Visit {
            due: Due { lookup, ..due },
            at,
            result,
        }
    }

    /// The copy of the first archive that has one with an article, or why there is none.
    async fn first_copy(
        &self,
        due: &Due,
        plan: &Arc<CompiledSource>,
    ) -> (Option<AnsweredVisit>, Missing) {
        if let Some(why) = self.fetcher.refuses_copy(&due.url).await {
            let why = format!("no archive is asked for a copy: {why}");
            return (None, Missing::Never(why));
        }
        let (mut never, mut yet) = (Vec::new(), Vec::new());
        for archive in &plan.source.fallback {
            let read = match self.copy(archive, due).await {
                Ok(copy) => self.read_copy(copy, archive, due, plan).await,
                Err(missing) => Err(missing),
            };
            match read {
                Ok(answered) => return (Some(answered), Missing::Never(String::new())),
                Err(Missing::Never(why)) => never.push(why),
                Err(Missing::Yet(why)) => yet.push(why),
            }
        }
        never.extend(yet.iter().cloned());
        let why = never.join("; ");
        match yet.is_empty() {
            true => (None, Missing::Never(why)),
            false => (None, Missing::Yet(why)),
        }
    }

    async fn copy(&self, archive: &ArchiveSettings, due: &Due) -> Result<Copy, Missing> {
        match &archive.lookup {
            ArchiveLookup::Cdx { cdx, page } => self.indexed_copy(archive, (cdx, page), due).await,
            ArchiveLookup::TimeGate(gate) => self.negotiated_copy(archive, gate, due).await,
        }
    }

    /// The newest copy that an index names.
    async fn indexed_copy(
        &self,
        archive: &ArchiveSettings,
        (cdx, page): (&str, &str),
        due: &Due,
    ) -> Result<Copy, Missing> {
        let name = &archive.name;
        let none = || Missing::Never(format!("{name} has no copy"));
        let index = ArchiveLookup::address(cdx, due.url.as_str(), "").ok_or_else(none)?;
        let request = Request::feed(index).with_rate(archive.requests_per_second);
        let listed = self.fetcher.get(&request).await;
        let listed = listed.map_err(|error| missing(name, &error))?;
        let capture = cdx::newest(&listed.body, &due.url).ok_or_else(none)?;
        let copy = ArchiveLookup::address(page, &capture.original, &capture.timestamp);
        let copy = copy.ok_or_else(none)?;
        let response = self.archived(archive, Request::page(copy)).await?;
        let at = cdx::instant(&capture.timestamp).ok_or_else(none)?;
        Ok(Copy { response, at })
    }

    /// The copy to which a TimeGate leads: the one nearest to when the page was published, or else the last one.
    async fn negotiated_copy(
        &self,
        archive: &ArchiveSettings,
        gate: &str,
        due: &Due,
    ) -> Result<Copy, Missing> {
        let name = &archive.name;
        let none = || Missing::Never(format!("{name} has no copy"));
        let gate = ArchiveLookup::address(gate, due.url.as_str(), "").ok_or_else(none)?;
        let published = due.published.and_then(|at| u64::try_from(at).ok());
        // Dates of HTTP have four digits for the year.
        let published = published.filter(|at| *at < YEAR_10000);
        let published = published.map(|at| UNIX_EPOCH + Duration::from_millis(at));
        let published = published.map(httpdate::fmt_http_date);
        let request = Request::page(gate).with_accept_datetime(published);
        let mut response = self.archived(archive, request).await?;
        // Whoever does not say when the page was archived is no archive.
        let at = response.memento_datetime.as_deref();
        let at = at.and_then(|at| httpdate::parse_http_date(at).ok());
        let at = at.and_then(|at| at.duration_since(UNIX_EPOCH).ok());
        let at = at.map(millis).ok_or_else(none)?;
        response.body = clean::without_archive(response.body, &response.url);
        Ok(Copy { response, at })
    }

    /// An answer of the archive itself: it may lead to its own sites alone.
    async fn archived(
        &self,
        archive: &ArchiveSettings,
        request: Request,
    ) -> Result<Response, Missing> {
        let (name, asked) = (&archive.name, request.url.clone());
        let request = request.with_rate(archive.requests_per_second);
        let response = self.fetcher.get(&request).await;
        let response = response.map_err(|error| missing(name, &error))?;
        if !same_site(&response.url, &asked) {
            let why = format!("{name} leads to {} in place of a copy", response.url);
            return Err(Missing::Never(why));
        }
        Ok(response)
    }

    /// Reads a copy as the page that it is a copy of.
    async fn read_copy(
        &self,
        copy: Copy,
        archive: &ArchiveSettings,
        due: &Due,
        plan: &Arc<CompiledSource>,
    ) -> Result<AnsweredVisit, Missing> {
        let Copy { mut response, at } = copy;
        let found_at = std::mem::replace(&mut response.url, due.url.clone());
        let status = response.status;
        let taken = timestamp(at).unwrap_or_default();
        let day = taken.split('T').next().unwrap_or_default().to_owned();
        let extractor = remembering(&self.extractor, &*self.store, &due.url).await;
        let (page, source) = (raw_page(due, plan, response, at), Arc::clone(plan));
        let read = self
            .readers
            .read(move || read_again(&page, &source, &extractor))
            .await;
        let mut read = read.map_err(|error| Missing::Never(error.to_string()))?;
        let Some(read_article) = read.reading.article.as_mut() else {
            let outcome = read.reading.outcome.name();
            let why = format!(
                "the copy of {day} that {} has holds no article ({outcome})",
                archive.name
            );
            return Err(Missing::Never(why));
        };
        let article = &mut read_article.article;
        article.warnings.push(WARNING.to_owned());
        if read.continues {
            article.warnings.push("next_page_missing".to_owned());
        }
        article.archived_url = Some(found_at.into());
        article.archived_at = Some(taken);
        article.set_fetched_at(timestamp(self.clock.now()));
        Ok(AnsweredVisit {
            status,
            etag: None,
            last_modified: None,
            archived: None,
            reading: Reading {
                article: read.reading.article,
                ..Reading::new(
                    VisitOutcome::Stored,
                    Some(format!("from the copy of {day} that {} has", archive.name)),
                )
            },
        })
    }
}

/// What the failure of a request to an archive means.
fn missing(name: &str, error: &FetchError) -> Missing {
    let outcome = VisitOutcome::from(error);
    let why = format!("{name}: {}", error.kind);
    match (outcome, error.status()) {
        (VisitOutcome::Http4xx, Some(404 | 410)) => Missing::Never(format!("{name} has no copy")),
        (VisitOutcome::Http4xx, Some(429)) => Missing::Yet(why),
        _ if outcome.is_transient() => Missing::Yet(why),
        _ => Missing::Never(why),
    }
}
