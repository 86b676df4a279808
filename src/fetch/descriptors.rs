//! How many files a process may have open bounds how many requests may be in flight: a connection is a file, and
//! a name is resolved through one.

use std::time::Duration;

use crate::fetch::SetupError;

/// Files that are open besides requests: the store, the lock, output, the log, the runtime's own.
const OTHERS: u64 = 32;
/// Files that a request takes: its connection, and a resolver's socket.
const OF_REQUEST: u64 = 2;
/// Where fewer files may be open, idle connections are not kept…
const FEW: u64 = 512;
/// …and where fewer, for less time: hundreds of hosts may be visited in a minute.
const SOME: u64 = 8_192;

/// What the limit on open files allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Descriptors {
    /// `None` where there is no limit, or none that is known.
    limit: Option<u64>,
}

impl Descriptors {
    /// By the limit of this process.
    pub(super) fn of_process() -> Descriptors {
        Descriptors {
            limit: system::limit(),
        }
    }

    /// Requests that may be in flight, of those that the settings allow.
    ///
    /// # Errors
    /// Fails where there is room for none.
    pub(super) fn requests(self, configured: usize) -> Result<usize, SetupError> {
        let Some(limit) = self.limit else {
            return Ok(configured);
        };
        match limit.saturating_sub(OTHERS) / OF_REQUEST {
            0 => Err(SetupError::OpenFiles {
                limit,
                needed: OTHERS + OF_REQUEST,
            }),
            room => Ok(configured.min(usize::try_from(room).unwrap_or(usize::MAX))),
        }
    }

    /// How long an idle connection is kept, of the time that it would be.
    pub(super) fn keep_alive(self, wanted: Duration) -> Duration {
        match self.limit {
            Some(limit) if limit < FEW => Duration::ZERO,
            Some(limit) if limit < SOME => wanted / 10,
            _ => wanted,
        }
    }
}

/// Raises the limit on open files to what the system allows this process, as far as a crawl has use for it.
pub fn raise_open_files() {
    system::raise();
}

#[cfg(unix)]
mod system {
    use rustix::process::{Resource, getrlimit, setrlimit};

    /// Nothing needs more files.
    const MOST: u64 = 65_536;

    pub(super) fn limit() -> Option<u64> {
        getrlimit(Resource::Nofile).current
    }

    pub(super) fn raise() {
        let mut limit = getrlimit(Resource::Nofile);
        let wanted = limit.maximum.map_or(MOST, |maximum| maximum.min(MOST));
        if limit.current.is_none_or(|current| current >= wanted) {
            return;
        }
        limit.current = Some(wanted);
        // Some systems refuse what they report as the maximum; the limit stays what it is then.
        let _ = setrlimit(Resource::Nofile, limit);
    }
}

#[cfg(not(unix))]
mod system {
    pub(super) fn limit() -> Option<u64> {
        None
    }

    pub(super) fn raise() {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_requests_in_flight_keep_to_the_files_that_may_be_open() {
        let requests = |limit: u64, configured: usize| {
            let descriptors = Descriptors { limit: Some(limit) };
            descriptors.requests(configured).ok()
        };
        assert_eq!(requests(1_024, 32), Some(32));
        assert_eq!(requests(64, 32), Some(16));
        assert_eq!(requests(34, 32), Some(1));
        assert_eq!(requests(33, 32), None);
        assert_eq!(Descriptors { limit: None }.requests(9).ok(), Some(9));
    }

    #[test]
    fn idle_connections_are_kept_where_there_is_room_for_them() {
        let minute = Duration::from_secs(60);
        let kept = |limit| Descriptors { limit }.keep_alive(minute).as_secs();
        assert_eq!(
            [
                kept(Some(64)),
                kept(Some(1_024)),
                kept(Some(65_536)),
                kept(None)
            ],
            [0, 6, 60, 60]
        );
    }
}
