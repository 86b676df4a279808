//! What a pass fetches, on its way into the archive: every exchange when it has ended, and how the visit ended
//! before the store knows of it. What the store holds is in the archive, whenever the program is killed.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::task::spawn_blocking;

use crate::archive::{
    Archive, ArchiveError, ArchiveSettings, Captured, KnownPayload, KnownPayloads, VisitEnd,
    capture,
};
use crate::config::Config;
use crate::crawl::CrawlError;
use crate::crawl::clock::{Clock, millis};
use crate::fetch::{BoxFuture, Exchanged, Recorder};
use crate::frontier::{Due, Visit, VisitResult};
use crate::store::{Worker, host_name};

/// The archive of a pass.
#[derive(Debug, Clone)]
pub(super) struct PassArchive {
    archive: Archive,
    clock: Clock,
    known: Arc<Mutex<KnownPayloads>>,
}

/// What the archive gets of one visit.
#[derive(Debug)]
pub(super) struct VisitArchive {
    pass: PassArchive,
    /// What the archive has of the address by an earlier visit.
    earlier: Option<KnownPayload>,
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    last: Option<Captured>,
    /// The last exchange of the address itself, or of where it has led.
    page: Option<Captured>,
    failed: Option<ArchiveError>,
}

impl PassArchive {
    /// The archive that the configuration asks for, if any; a dry run has none.
    pub(super) async fn open(
        config: &Config,
        dry_run: bool,
        worker: Option<&Worker>,
        clock: &Clock,
    ) -> Result<Option<PassArchive>, ArchiveError> {
        let folder = config.output.warc.clone();
        let Some(folder) = folder.filter(|_| !dry_run) else {
            return Ok(None);
        };
        let archive = Archive::open(ArchiveSettings {
            folder,
            file_size: config.output.warc_size,
            host: worker.map_or_else(host_name, |it| it.name().to_owned()),
            machine: host_name(),
            user_agent: config.crawl.user_agent.clone(),
            obeys_robots: config.crawl.respect_robots,
        });
        Ok(Some(PassArchive {
            archive: archive.await?,
            clock: clock.clone(),
            known: Arc::default(),
        }))
    }

    /// What the archive gets of a visit; or of what is fetched for none.
    pub(super) fn visit(&self, due: Option<&Due>) -> Arc<VisitArchive> {
        let archived = due.and_then(|due| due.archived.as_deref().zip(Some(due.url.as_str())));
        let earlier = archived.and_then(|(text, url)| KnownPayload::parse(text, url));
        Arc::new(VisitArchive {
            pass: self.clone(),
            earlier,
            kept: Mutex::default(),
        })
    }

    fn known(&self) -> std::sync::MutexGuard<'_, KnownPayloads> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a pass gives, once the file of its archive, if it has one, is complete. It is completed however the pass ends.
pub(super) async fn completed<T>(
    archive: Option<PassArchive>,
    pass: impl Future<Output = Result<T, CrawlError>>,
) -> Result<T, CrawlError> {
    let ended = pass.await;
    let finished = match archive {
        Some(archive) => archive.archive.finish().await,
        None => Ok(()),
    };
    let ended = ended?;
    finished?;
    Ok(ended)
}

impl Recorder for VisitArchive {
    fn record(&self, exchanged: Exchanged) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            let kept = self.keep(exchanged).await;
            let mut all = self.kept();
            match kept {
                Ok(captured) => all.last = Some(captured),
                Err(error) => all.failed = Some(error),
            }
        })
    }
}

impl VisitArchive {
    async fn keep(&self, exchanged: Exchanged) -> Result<Captured, ArchiveError> {
        let (pass, earlier) = (self.pass.clone(), self.earlier.clone());
        let at = pass.clock.now().saturating_sub(millis(exchanged.took));
        let made = spawn_blocking(move || {
            // A file that was taken away may be gone for good: nothing is to refer to it.
            let earlier = earlier
                .filter(|it| it.url == exchanged.url.as_str() && pass.archive.has_file(&it.file));
            capture(&exchanged, at, |payload| match payload {
                // Nothing has changed since that, as the server says.
                None => earlier,
                Some(payload) => earlier
                    .filter(|it| it.digest == payload)
                    .or_else(|| pass.known().get(payload)),
            })
        });
        let (mut captured, members) = made.await.map_err(|_| ArchiveError::Gone)?;
        let file = self.pass.archive.append(members, at).await?;
        if let Some(payload) = &mut captured.payload {
            if payload.file.is_empty() {
                payload.file = file;
            }
            // Not before it is in the file: what refers to it must come after it.
            self.pass.known().remember(payload);
        }
        Ok(captured)
    }

    /// Notes that the address has been fetched, and that it has led here. What is fetched after that is another page of
    /// the same article, or robots.txt.
    pub(super) fn note_page(&self, url: &url::Url) {
        let mut kept = self.kept();
        kept.page = kept.last.take().filter(|it| it.url == url.as_str());
    }

    /// Records how the visit ended, and notes in it what the archive has of the address. All records of the visit are
    /// safe on disk after that.
    pub(super) async fn end(&self, visit: &mut Visit) -> Result<(), ArchiveError> {
        let (page, failed) = {
            let mut kept = self.kept();
            (kept.page.take(), kept.failed.take())
        };
        failed.map_or(Ok(()), Err)?;
        let asked = visit.due.url.as_str();
        if let VisitResult::Answered(answered) = &mut visit.result {
            let payload = page.as_ref().filter(|page| page.url == asked);
            let payload = payload.and_then(|page| page.payload.as_ref());
            answered.archived = payload
                .filter(|it| it.url == asked)
                .map(KnownPayload::to_text);
        }
        let article = visit.article();
        let end = VisitEnd {
            outcome: visit.outcome().name(),
            reason: visit.reason(),
            source: &visit.due.source,
            kind: visit.due.kind.name(),
            url: visit.due.url.as_str(),
            article: article.map(|it| (it.id.as_str(), it.content_hash.as_str())),
        };
        let metadata = page.map_or_else(Vec::new, |page| page.metadata(&end));
        let now = self.pass.clock.now();
        self.pass.archive.append_safely(metadata, now).await
    }

    fn kept(&self) -> std::sync::MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
