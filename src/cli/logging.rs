//! The log, on standard error: warnings, and more with each `-v`.

use tracing_subscriber::EnvFilter;

use super::args::{Common, LogFormat};
use super::terminal::Stderr;

/// Starts logging for the rest of the run.
pub(crate) fn start(common: &Common) {
    let builder = tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::new(levels(common)))
        .with_writer(|| Stderr)
        // A closed standard error must not end the run.
        .log_internal_errors(false);
    // This fails if logging was started before, which happens only in tests.
    let _ = match common.log_format {
        Some(LogFormat::Json) => builder.json().try_init(),
        Some(LogFormat::Text) | None => builder.with_target(false).with_ansi(false).try_init(),
    };
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
