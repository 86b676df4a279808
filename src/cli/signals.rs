//! SIGINT and SIGTERM: the first asks for a clean end, the second ends at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use newsprint::crawl::Switch;

use super::Exit;

/// Which signal came, if one did.
#[derive(Debug, Clone, Default)]
pub(crate) struct Signals(Arc<AtomicU8>);

impl Signals {
    /// Listens from now on, and throws the switch at the first signal.
    pub(crate) fn watch(switch: Switch) -> Signals {
        let signals = Signals::default();
        let seen = signals.clone();
        tokio::spawn(async move {
            seen.note(next().await);
            switch.stop();
            let second = next().await;
            std::process::exit(second as i32);
        });
        signals
    }

    fn note(&self, exit: Exit) {
        self.0.store(exit as u8, Ordering::Relaxed);
    }

    /// The exit code of the signal that came.
    pub(crate) fn seen(&self) -> Option<Exit> {
        match self.0.load(Ordering::Relaxed) {
            0 => None,
            code if code == Exit::Terminated as u8 => Some(Exit::Terminated),
            _ => Some(Exit::Interrupted),
        }
    }
}

/// Waits for a signal; for ever, where the system lets none be heard.
#[cfg(unix)]
async fn next() -> Exit {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminate) = signal(SignalKind::terminate()) else {
        return interrupted().await;
    };
    tokio::select! {
        exit = interrupted() => exit,
        _ = terminate.recv() => Exit::Terminated,
    }
}

#[cfg(not(unix))]
async fn next() -> Exit {
    interrupted().await
}

async fn interrupted() -> Exit {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
    Exit::Interrupted
}
