//! The way to stop a crawl from outside: the first SIGINT or SIGTERM asks it to end, and it stores
//! what is finished; the second ends it at once.

use std::sync::{Arc, OnceLock};

use anyhow::{Context, Result};
use newsprint::crawl::CancellationToken;

use super::Exit;
use super::printer::Printer;

/// Listens for the rest of the run.
#[derive(Debug, Clone, Default)]
pub(crate) struct Signals {
    caught: Arc<OnceLock<Exit>>,
}

impl Signals {
    /// Cancels the token at the first signal.
    ///
    /// # Errors
    /// Fails where the system lets no signal be heard.
    pub(crate) fn listen(stop: CancellationToken, printer: Printer) -> Result<Signals> {
        let signals = Signals::default();
        let caught = Arc::clone(&signals.caught);
        let mut next = system::Listener::new().context("cannot listen for signals")?;
        tokio::spawn(async move {
            let first = next.signal().await;
            let _ = caught.set(first);
            printer.note("stopping: what is in flight is finished first; once more ends at once\n");
            stop.cancel();
            let second = next.signal().await;
            std::process::exit(second as i32);
        });
        Ok(signals)
    }

    /// The exit code of the signal that came, if one did.
    pub(crate) fn caught(&self) -> Option<Exit> {
        self.caught.get().copied()
    }
}

#[cfg(unix)]
mod system {
    use std::io;

    use tokio::signal::unix::{Signal, SignalKind, signal};

    use super::Exit;

    /// Hears SIGINT and SIGTERM.
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

    /// Hears Ctrl-C.
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
