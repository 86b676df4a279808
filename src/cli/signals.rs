//! Stopping a crawl by signal: after the first SIGINT or SIGTERM it finishes what is in flight and stores
//! it; the second ends it immediately.

use std::sync::{Arc, OnceLock};

use anyhow::{Context, Result};
use newsprint::crawl::CancellationToken;

use super::Exit;
use super::printer::Printer;

/// The signals received during a run.
#[derive(Debug, Clone, Default)]
pub(crate) struct Signals {
    caught: Arc<OnceLock<Exit>>,
}

impl Signals {
    /// Cancels the token at the first signal.
    ///
    /// # Errors
    /// Fails if the system cannot report signals.
    pub(crate) fn listen(stop: CancellationToken, printer: Printer) -> Result<Signals> {
        let signals = Signals::default();
        let caught = Arc::clone(&signals.caught);
        let mut next = system::Listener::new().context("cannot listen for signals")?;
        tokio::spawn(async move {
            let first = next.signal().await;
            let _ = caught.set(first);
            printer.note("stopping after the pages in flight; press Ctrl-C again to quit now\n");
            stop.cancel();
            let second = next.signal().await;
            std::process::exit(second as i32);
        });
        Ok(signals)
    }

    /// The exit code for the signal received, if any.
    pub(crate) fn caught(&self) -> Option<Exit> {
        self.caught.get().copied()
    }
}

#[cfg(unix)]
mod system {
    use std::io;

    use tokio::signal::unix::{Signal, SignalKind, signal};

    use super::Exit;

    /// Receives SIGINT and SIGTERM.
    pub(super) struct Listener {
        interrupt: Signal,
        terminate: Signal,
    }

    impl Listener {
        pub(super) fn new() -> io::Result<Listener> {
            Ok(Listener {
                interrupt: signal(SignalKind::interrupt())?,
                terminate: signal(SignalKind::terminate())?,
            })
        }

        pub(super) async fn signal(&mut self) -> Exit {
            tokio::select! {
                _ = self.interrupt.recv() => Exit::Interrupted,
                _ = self.terminate.recv() => Exit::Terminated,
            }
        }
    }
}

#[cfg(windows)]
mod system {
    use std::io;

    use tokio::signal::windows::{CtrlC, ctrl_c};

    use super::Exit;

    /// Receives Ctrl-C.
    pub(super) struct Listener(CtrlC);

    impl Listener {
        pub(super) fn new() -> io::Result<Listener> {
            ctrl_c().map(Listener)
        }

        pub(super) async fn signal(&mut self) -> Exit {
            self.0.recv().await;
            Exit::Interrupted
        }
    }
}
