//! Pages are read on threads for blocking work, so many at once. A panic there is an end like any other, and a
//! page that takes without end keeps its thread, not its place: another thread takes over, as long as there
//! are few of that kind.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock};
use std::thread::available_parallelism;
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::task::{JoinHandle, spawn_blocking};
use tokio::time::timeout;

/// Threads that are still at work when their time is over, at most. With as many, nothing more is read.
const MOST_STUCK: usize = 8;

/// Threads end with the process alone, whichever pass or client began them.
static STUCK: LazyLock<Arc<AtomicUsize>> = LazyLock::new(Arc::default);

/// Why a page was not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Unread {
    /// The work panicked.
    #[error("reading the page failed by a fault of newsprint; please report the address")]
    Panicked,
    /// The work took longer than [`read_time`](crate::limits::Limits::read_time).
    #[error(
        "reading the page took more than {} seconds, a fault of newsprint; please report the address",
        .0.as_secs()
    )]
    TooLong(Duration),
    /// Too many threads read pages that take without end.
    #[error("no thread was free to read the page: {MOST_STUCK} are busy with pages without end")]
    NoThread,
}

/// Threads that read pages. Clones share the number of pages that are read at once.
#[derive(Debug, Clone)]
pub(crate) struct Readers {
    /// More than there are processors would only take memory.
    places: Arc<Semaphore>,
    longest: Duration,
    stuck: Arc<AtomicUsize>,
}

impl Readers {
    /// Readers that give a page up after this time.
    pub(crate) fn new(longest: Duration) -> Readers {
        Readers {
            places: Arc::new(Semaphore::new(
                available_parallelism().map_or(2, usize::from),
            )),
            longest,
            stuck: Arc::clone(&STUCK),
        }
    }

    /// True where so many threads read pages without end that no more pages are read.
    pub(crate) fn are_stuck(&self) -> bool {
        self.stuck.load(Ordering::Relaxed) >= MOST_STUCK
    }

    /// Does `work` when its turn comes, on a thread where it may take its time.
    ///
    /// # Errors
    /// Fails where the work panics or takes too long.
    pub(crate) async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Unread> {
        // It is never closed; if it were, pages would be read all the same.
        let _place = Arc::clone(&self.places).acquire_owned().await.ok();
        if self.are_stuck() {
            return Err(Unread::NoThread);
        }
        if self.longest.is_zero() {
            return Err(Unread::TooLong(self.longest));
        }
        let mut task = spawn_blocking(work);
        match timeout(self.longest, &mut task).await {
            Ok(done) => done.map_err(|_| Unread::Panicked),
            Err(_) => {
                self.leave(task);
                Err(Unread::TooLong(self.longest))
            }
        }
    }

    /// Counts a thread as stuck until it ends.
    fn leave<T: Send + 'static>(&self, task: JoinHandle<T>) {
        let stuck = Arc::clone(&self.stuck);
        stuck.fetch_add(1, Ordering::Relaxed);
        tokio::spawn(async move {
            let _ = task.await;
            stuck.fetch_sub(1, Ordering::Relaxed);
        });
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{Sender, channel};

    use super::*;

    /// Readers with two places and a count of their own.
    fn readers() -> Readers {
        Readers {
            places: Arc::new(Semaphore::new(2)),
            longest: Duration::from_millis(5),
            stuck: Arc::default(),
        }
    }

    /// Pages that are read until the senders are dropped.
    async fn stuck(readers: &Readers, pages: usize) -> Vec<Sender<()>> {
        let mut senders = Vec::new();
        for _ in 0..pages {
            let (sender, receiver) = channel::<()>();
            let read = readers.read(move || receiver.recv().is_ok()).await;
            assert_eq!(read, Err(Unread::TooLong(readers.longest)));
            senders.push(sender);
        }
        senders
    }

    #[tokio::test]
    async fn pages_without_end_keep_no_place_until_there_are_too_many() {
        let readers = readers();
        let mut senders = stuck(&readers, MOST_STUCK - 1).await;
        let slow = Readers {
            longest: Duration::from_secs(600),
            ..readers.clone()
        };
        assert_eq!(slow.read(|| 1).await, Ok(1));
        senders.extend(stuck(&readers, 1).await);
        assert!(readers.are_stuck());
        assert_eq!(slow.read(|| 1).await, Err(Unread::NoThread));
        drop(senders);
        while readers.are_stuck() {
            tokio::task::yield_now().await;
        }
        assert_eq!(slow.read(|| 1).await, Ok(1));
    }

    #[tokio::test]
    async fn a_panic_is_an_end() {
        let slow = Readers {
            longest: Duration::from_secs(600),
            ..readers()
        };
        let read = slow.read(|| assert!(std::env::args().count() > 1_000));
        assert_eq!(read.await, Err(Unread::Panicked));
        assert_eq!(slow.read(|| 1).await, Ok(1));
    }

    #[tokio::test]
    async fn no_time_reads_nothing() {
        let none = Readers {
            longest: Duration::ZERO,
            ..readers()
        };
        assert_eq!(none.read(|| 1).await, Err(Unread::TooLong(Duration::ZERO)));
    }
}
