//! The robots.txt of a host in memory, one for each scheme and port, or why it can't be read; and the files beside it
//! that state for what its pages may be used.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;
use url::Url;

use crate::fetch::FetchErrorKind;
use crate::fetch::reservations::Reservations;
use crate::fetch::robots::Robots;
use crate::rights::rsl::LicenceFile;

/// The rules, or why they can't be read.
pub(in crate::fetch) type RobotsResult = Result<Arc<Robots>, FetchErrorKind>;

/// A file of a host that states for what pages may be used.
#[derive(Debug, Clone)]
pub(in crate::fetch) enum SiteFile {
    /// There is none.
    Absent,
    /// It may be there, and could not be read.
    Unread,
    /// An RSL licence.
    Licence(Arc<LicenceFile>),
    /// TDMRep's reservations.
    Reservations(Arc<Reservations>),
}

/// Scheme and port; the host is the one that owns the cache.
type Origin = (String, u16);

/// The robots.txt of one host, and its other files by their addresses.
#[derive(Debug, Default)]
pub(in crate::fetch) struct RobotsCache {
    robots: HashMap<Origin, (Instant, RobotsResult)>,
    files: HashMap<Url, (Instant, SiteFile)>,
}

impl RobotsCache {
    /// Origins in the cache of one host; few have more than two.
    const LIMIT: usize = 8;
    /// Other files in the cache of one host.
    const FILES: usize = 32;

    /// What is known of the origin of this address, if it has not expired.
    pub(super) fn get(&self, url: &Url) -> Option<RobotsResult> {
        let (until, known) = self.robots.get(&origin(url))?;
        (*until > Instant::now()).then(|| known.clone())
    }

    /// Keeps what is known of an origin for so long.
    pub(super) fn insert(&mut self, url: &Url, known: RobotsResult, lifetime: Duration) {
        if self.robots.len() >= Self::LIMIT {
            self.robots.clear();
        }
        let until = Instant::now() + lifetime;
        self.robots.insert(origin(url), (until, known));
    }

    /// What is known of the file at an address, if it has not expired.
    pub(in crate::fetch) fn file(&self, url: &Url) -> Option<SiteFile> {
        let (until, known) = self.files.get(url)?;
        (*until > Instant::now()).then(|| known.clone())
    }

    /// Keeps what is known of a file for so long.
    pub(in crate::fetch) fn insert_file(&mut self, url: &Url, known: SiteFile, lifetime: Duration) {
        if self.files.len() >= Self::FILES {
            self.files.clear();
        }
        let until = Instant::now() + lifetime;
        self.files.insert(url.clone(), (until, known));
    }
}

fn origin(url: &Url) -> Origin {
    let port = url.port_or_known_default().unwrap_or_default();
    (url.scheme().to_owned(), port)
}
