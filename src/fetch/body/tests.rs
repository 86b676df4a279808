//! Bodies that wait for their turn.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::Relaxed;
use std::task::{Context, Poll};

use hyper::body::Frame;
use tokio::time::{Instant, sleep};

use super::*;
use crate::fetch::Request;
use crate::fetch::bulk::{Bulk, RECEIVED};
use crate::limits::Limits;

const CHUNK: &[u8] = &[b' '; 64 << 10];
const CHUNKS: usize = 64;
/// How long a server may send nothing.
const SILENCE: Duration = Duration::from_secs(10);
/// Servers close a connection that is not read for so long.
const UNREAD: Duration = Duration::from_secs(60);

/// A body of which all could arrive at once, and that breaks off where it is not read for a while.
struct Watched {
    left: Arc<AtomicUsize>,
    read_at: Instant,
}

impl hyper::body::Body for Watched {
    type Data = &'static [u8];
    type Error = std::io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<&'static [u8]>, std::io::Error>>> {
        if self.read_at.elapsed() > UNREAD {
            return Poll::Ready(Some(Err(std::io::ErrorKind::ConnectionReset.into())));
        }
        self.read_at = Instant::now();
        let left = |left: usize| left.checked_sub(1);
        let had = self.left.fetch_update(Relaxed, Relaxed, left);
        Poll::Ready(had.ok().map(|_| Ok(Frame::data(CHUNK))))
    }
}

#[tokio::test(start_paused = true)]
async fn a_large_body_that_waits_for_its_turn_neither_breaks_off_nor_takes_memory() {
    let bulk = Bulk::default();
    let mut held: Vec<BulkPermits> = Vec::new();
    for _ in 0..RECEIVED {
        let mut permits = BulkPermits::default();
        bulk.receive(&mut permits).await;
        held.push(permits);
    }
    let left = Arc::new(AtomicUsize::new(CHUNKS));
    let watched = Watched {
        left: Arc::clone(&left),
        read_at: Instant::now(),
    };
    let response = reqwest::Response::from(hyper::Response::new(reqwest::Body::wrap(watched)));
    let url = url::Url::parse("https://daily.test/map.xml").unwrap();
    let (request, limits) = (Request::sitemap(url), Limits::default());
    let profile = RequestProfile::of(&request, 0, &limits);
    let turns = Turns::of(&bulk, SILENCE);
    let others = async {
        let wait = 4 * UNREAD;
        sleep(wait).await;
        let waited = usize::try_from(wait.as_secs() / TAKE_EVERY.as_secs()).unwrap();
        let most = RECEIVED_AT_ONCE / CHUNK.len() + 2 + waited;
        assert!(CHUNKS - left.load(Relaxed) <= most);
        held.clear();
    };
    let (body, ()) = tokio::join!(read(response.into(), &profile, &turns), others);
    let body = body.unwrap();
    assert_eq!(body.bytes.len(), CHUNKS * CHUNK.len());
    assert!(!body.is_cut_off);
}
