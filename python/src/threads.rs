//! Rows on threads of their own, which end with the call: a process may fork between two calls.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

/// How often it is asked whether the work is still wanted.
const TICK: Duration = Duration::from_millis(100);

/// Works on each of so many rows, on so many threads; `still_wanted` is asked again and again meanwhile, and its error
/// ends the work. A row whose thread is lost has no result.
pub(crate) fn for_each_row<T: Send, E>(
    rows: usize,
    threads: usize,
    work: impl Fn(usize) -> T + Sync,
    mut still_wanted: impl FnMut() -> Result<(), E>,
) -> Result<Vec<Option<T>>, E> {
    let next = AtomicUsize::new(0);
    let run = |sender: Sender<(usize, T)>| {
        loop {
            let row = next.fetch_add(1, Ordering::Relaxed);
            if row >= rows || sender.send((row, work(row))).is_err() {
                return;
            }
        }
    };
    thread::scope(|scope| {
        let (sender, done) = channel();
        let started = (0..threads.clamp(1, rows.max(1))).filter(|_| {
            let (sender, run) = (sender.clone(), &run);
            thread::Builder::new()
                .spawn_scoped(scope, move || run(sender))
                .is_ok()
        });
        // Without a single thread, this one does the work.
        if started.count() == 0 {
            run(sender);
        } else {
            drop(sender);
        }
        let mut results: Vec<Option<T>> = (0..rows).map(|_| None).collect();
        let mut asked = Instant::now();
        loop {
            match done.recv_timeout(TICK) {
                Ok((row, result)) => results[row] = Some(result),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return Ok(results),
            }
            if asked.elapsed() >= TICK {
                still_wanted()?;
                asked = Instant::now();
            }
        }
    })
}
