//! Passes one after the other in one process, at a fixed interval.

use std::time::Duration;

use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;

/// Runs `pass` now and then every `interval`, counted from the start of one to the start of the next;
/// a pass that takes longer is followed by the next at once. Ends when `stop` is cancelled, after the
/// pass that runs, or with the first error.
///
/// # Errors
/// Fails as `pass` does.
pub async fn every<E>(
    interval: Duration,
    stop: &CancellationToken,
    mut pass: impl AsyncFnMut() -> Result<(), E>,
) -> Result<(), E> {
    loop {
        let next = Instant::now() + interval;
        pass().await?;
        tokio::select! {
            biased;
            () = stop.cancelled() => return Ok(()),
            () = sleep_until(next) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);

    /// When passes that take so long each begin, in minutes, until the third stops them all.
    async fn beginnings(takes: Duration) -> Vec<u64> {
        let stop = CancellationToken::new();
        let start = Instant::now();
        let mut began = Vec::new();
        let passes = every(15 * MINUTE, &stop, async || {
            began.push(start.elapsed().as_secs() / 60);
            tokio::time::sleep(takes).await;
            if began.len() == 3 {
                stop.cancel();
            }
            Ok::<(), ()>(())
        });
        passes.await.unwrap();
        began
    }

    #[tokio::test(start_paused = true)]
    async fn passes_begin_at_a_fixed_interval() {
        assert_eq!(beginnings(4 * MINUTE).await, [0, 15, 30]);
    }

    #[tokio::test(start_paused = true)]
    async fn one_that_takes_too_long_is_followed_at_once() {
        assert_eq!(beginnings(20 * MINUTE).await, [0, 20, 40]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_stop_between_two_passes_takes_effect_at_once() {
        let stop = CancellationToken::new();
        let start = Instant::now();
        let passes = every(15 * MINUTE, &stop, async || Ok::<(), ()>(()));
        let stopping = async {
            tokio::time::sleep(MINUTE).await;
            stop.cancel();
        };
        let (ended, ()) = tokio::join!(passes, stopping);
        assert_eq!(ended, Ok(()));
        assert_eq!(start.elapsed(), MINUTE);
    }

    #[tokio::test(start_paused = true)]
    async fn an_error_ends_them() {
        assert_eq!(
            every(MINUTE, &CancellationToken::new(), async || Err("full")).await,
            Err("full")
        );
    }
}
