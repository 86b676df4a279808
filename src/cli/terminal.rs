//! Standard error, which may show progress bars: other output is written above them.

use std::io::{self, IsTerminal, Write};
use std::sync::OnceLock;

use indicatif::MultiProgress;

/// The progress bars, once there are any.
static BARS: OnceLock<MultiProgress> = OnceLock::new();

/// Progress bars on standard error, if it is a terminal.
pub(crate) fn bars() -> Option<&'static MultiProgress> {
    io::stderr()
        .is_terminal()
        .then(|| BARS.get_or_init(MultiProgress::new))
}

/// Writes to standard error. Errors are ignored: there is nowhere left to report them.
pub(crate) fn to_stderr(bytes: &[u8]) {
    let write = || {
        let _ = io::stderr().lock().write_all(bytes);
    };
    match BARS.get() {
        Some(bars) => bars.suspend(write),
        None => write(),
    }
}

/// Standard error for the log.
#[derive(Debug, Default)]
pub(crate) struct Stderr;

impl Write for Stderr {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        to_stderr(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
