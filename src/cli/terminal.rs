//! Standard error, which may show progress bars: other output is written above them. Whatever it is, it is text
//! for people.

use std::io::{self, IsTerminal, Write};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use indicatif::MultiProgress;
use serde_json::Value;
use tracing::Level;

use super::json_lines;
use super::plain::{plain, plain_lines};

/// The progress bars, once there are any.
static BARS: OnceLock<MultiProgress> = OnceLock::new();

/// True once every line is to be an object of JSON.
static JSON: AtomicBool = AtomicBool::new(false);

/// From now on, every line is an object of JSON.
pub(crate) fn use_json() {
    JSON.store(true, Ordering::Relaxed);
}

/// True where every line is an object of JSON.
pub(crate) fn is_json() -> bool {
    JSON.load(Ordering::Relaxed)
}

/// Progress bars on standard error, if it is a terminal and has text.
pub(crate) fn bars() -> Option<&'static MultiProgress> {
    (!is_json() && io::stderr().is_terminal()).then(|| BARS.get_or_init(MultiProgress::new))
}

/// Writes a message with its fields as a line of JSON.
pub(crate) fn report(level: Level, message: &str, fields: Value) {
    let line = json_lines::line(level, message.trim(), fields);
    to_stderr(&format!("{}\n", plain(&line)));
}

/// Writes lines to standard error. Errors are ignored: there is nowhere left to report them.
pub(crate) fn to_stderr(text: &str) {
    let text = plain_lines(text);
    let write = || {
        let _ = io::stderr().lock().write_all(text.as_bytes());
    };
    match BARS.get() {
        Some(bars) => bars.suspend(write),
        None => write(),
    }
}

/// Standard error for the log. Each write is an event, and an event is one line, whatever it repeats.
#[derive(Debug, Default)]
pub(crate) struct Stderr;

impl Write for Stderr {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let event = String::from_utf8_lossy(bytes);
        to_stderr(&format!("{}\n", plain(event.trim_end())));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
