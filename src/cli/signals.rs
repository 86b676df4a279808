//! Stopping a command by signal. After the first SIGINT, SIGTERM or SIGHUP the command finishes what is in
//! flight and stores it; ten seconds later, or at the second signal, the process ends whatever its other threads
//! are doing: signals have a thread of their own.

use std::future::Future;
use std::sync::{Arc, OnceLock};
use std::thread::{self, available_parallelism};
use std::time::Duration;

use anyhow::{Context, Result};
use newsprint::crawl::CancellationToken;
use newsprint::fetch::raise_open_files;
use tokio::runtime::{Builder, Runtime};
use tokio::time::timeout;

use super::Exit;
use super::printer::Printer;

/// A process that was told to stop ends within this time.
pub(super) const LONGEST: Duration = Duration::from_secs(10);

/// What is reported where that was too short, and the time for it.
const UNFINISHED: &str = "stopped after ten seconds, with work in flight; what was finished is stored, the rest is done next time";
const REPORT: Duration = Duration::from_millis(500);

/// The signals received during a run.
#[derive(Debug, Clone)]
pub(crate) struct Signals {
    caught: Arc<OnceLock<Exit>>,
    stop: CancellationToken,
}

impl Signals {
    /// Listens from now on.
    ///
    /// # Errors
    /// Fails if the system cannot report signals.
    pub(crate) fn listen(printer: Printer) -> Result<Signals> {
        let signals = Signals {
            caught: Arc::default(),
            stop: CancellationToken::new(),
        };
        let runtime = Builder::new_current_thread()
            .enable_all()
            .build()
            .context("cannot listen for signals")?;
        let listener = {
            let _context = runtime.enter();
            system::Listener::new().context("cannot listen for signals")?
        };
        let received = signals.clone();
        thread::Builder::new()
            .name("signals".to_owned())
            .spawn(move || runtime.block_on(received.watch(listener, printer)))
            .context("cannot listen for signals")?;
        Ok(signals)
    }

    async fn watch(self, mut listener: system::Listener, printer: Printer) {
        let first = listener.signal().await;
        let _ = self.caught.set(first);
        self.stop.cancel();
        // A reader who takes nothing must not hold up the second signal.
        tokio::task::spawn_blocking(move || {
            printer.note("stopping after what is in flight; press Ctrl-C again to quit now\n");
        });
        let exit = match timeout(LONGEST, listener.signal()).await {
            Ok(second) => second,
            Err(_) => {
                let report = tokio::task::spawn_blocking(move || printer.error(UNFINISHED));
                let _ = timeout(REPORT, report).await;
                first
            }
        };
        std::process::exit(exit as i32);
    }

    /// Is cancelled at the first signal.
    pub(crate) fn stop(&self) -> &CancellationToken {
        &self.stop
    }

    /// The exit code for the signal received, if any.
    pub(crate) fn caught(&self) -> Option<Exit> {
        self.caught.get().copied()
    }
}

/// Runs the asynchronous part of a command to its end. Threads that are still reading a page then are not waited
/// for: they end with the process.
///
/// # Errors
/// Fails as `work` does, and if no threads can be started.
pub(crate) fn block_on<T>(work: impl Future<Output = Result<T>>) -> Result<T> {
    let runtime = runtime()?;
    let done = runtime.block_on(work);
    runtime.shutdown_background();
    done
}

/// The async runtime, for commands that need one.
pub(crate) fn runtime() -> Result<Runtime> {
    raise_open_files();
    // What takes long is done on threads of its own: more workers would pass the rest among each other.
    let workers = available_parallelism().map_or(1, |count| count.get().div_ceil(4));
    Builder::new_multi_thread()
        .worker_threads(workers)
        .enable_all()
        .build()
        .context("cannot start the threads for network access")
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;

    use super::*;

    #[test]
    fn a_thread_that_does_not_end_holds_up_no_command() {
        let (end, wait) = channel::<()>();
        let (began, begins) = channel();
        let done = block_on(async move {
            tokio::task::spawn_blocking(move || {
                let _ = began.send(());
                wait.recv()
            });
            Ok(1)
        });
        // It is under way, and ends after the command.
        begins.recv().unwrap();
        assert_eq!(done.unwrap(), 1);
        drop(end);
    }
}

#[cfg(unix)]
mod system {
    use std::io;

    use tokio::signal::unix::{Signal, SignalKind, signal};

    use super::Exit;

    /// Receives SIGINT, SIGTERM and SIGHUP.
    pub(super) struct Listener {
        interrupt: Signal,
        terminate: Signal,
        /// `None` under `nohup`, which asks to go on without a terminal.
        hang_up: Option<Signal>,
    }

    impl Listener {
        pub(super) fn new() -> io::Result<Listener> {
            let hang_up = || signal(SignalKind::hangup());
            Ok(Listener {
                interrupt: signal(SignalKind::interrupt())?,
                terminate: signal(SignalKind::terminate())?,
                hang_up: (!ignores_hang_up()).then(hang_up).transpose()?,
            })
        }

        pub(super) async fn signal(&mut self) -> Exit {
            let hang_up = async {
                match &mut self.hang_up {
                    Some(signal) => signal.recv().await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                _ = self.interrupt.recv() => Exit::Interrupted,
                _ = self.terminate.recv() => Exit::Terminated,
                _ = hang_up => Exit::HungUp,
            }
        }
    }

    /// True unless the system reports that SIGHUP, signal 1, ends the process.
    fn ignores_hang_up() -> bool {
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let mut lines = status.lines();
        let mask = lines.find_map(|line| line.strip_prefix("SigIgn:"));
        let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
        mask.is_none_or(|mask| mask & 1 == 1)
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
