//! The log, on standard error: warnings, and more with each `-v`; and in which format everything is written there.

use std::panic::{self, PanicHookInfo};
use std::thread;

use serde_json::{Value, json};
use tracing::Level;
use tracing_subscriber::EnvFilter;

use super::args::{Common, LogFormat};
use super::terminal::{self, Stderr};

/// Starts logging for the rest of the run.
pub(crate) fn start(common: &Common) {
    choose(common.log_format);
    let builder = tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::new(levels(common)))
        .with_writer(|| Stderr)
        // A closed standard error must not end the run.
        .log_internal_errors(false);
    // This fails if logging was started before, which happens only in tests.
    let _ = match common.log_format {
        Some(LogFormat::Json) => builder.json().flatten_event(true).try_init(),
        Some(LogFormat::Text) | None => builder.with_target(false).with_ansi(false).try_init(),
    };
}

/// From now on, standard error has this format: messages and panics, not only the log.
pub(crate) fn choose(format: Option<LogFormat>) {
    if format == Some(LogFormat::Json) {
        terminal::use_json();
        panic::set_hook(Box::new(report_panic));
    }
}

/// Reports a panic as the line that any other error is.
fn report_panic(info: &PanicHookInfo<'_>) {
    let (message, fields) = described(info);
    terminal::report(Level::ERROR, &message, fields);
}

/// Why and where it panicked.
fn described(info: &PanicHookInfo<'_>) -> (String, Value) {
    let reason = info.payload_as_str().unwrap_or("no reason is given");
    let fields = json!({
        "location": info.location().map(ToString::to_string),
        "thread": thread::current().name(),
    });
    (format!("panicked: {reason}"), fields)
}

/// The log levels of this crate and of its dependencies.
fn levels(common: &Common) -> &'static str {
    match (common.quiet, common.verbose) {
        (true, _) => "error",
        (false, 0) => "newsprint=warn,error",
        (false, 1) => "newsprint=info,warn",
        (false, 2) => "newsprint=debug,warn",
        (false, _) => "newsprint=trace,debug",
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;

    use super::*;

    #[test]
    fn a_panic_is_reported_with_its_reason_and_its_place() {
        let (sender, reports) = channel();
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            let _ = sender.send(described(info));
        }));
        let work = thread::Builder::new().name("reader".to_owned());
        let ended = work.spawn(|| assert_eq!(1, 2)).unwrap().join();
        panic::set_hook(before);
        assert!(ended.is_err());
        let mut reports = reports
            .iter()
            .filter(|(_, fields)| fields["thread"] == "reader");
        let (message, fields) = reports.next().unwrap();
        assert!(message.starts_with("panicked: assertion"), "{message}");
        assert!(
            fields["location"].as_str().unwrap().contains("logging.rs:"),
            "{fields}"
        );
    }
}
