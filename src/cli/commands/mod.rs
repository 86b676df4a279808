//! One file a command.

pub(super) mod completions;
pub(super) mod crawl;
pub(super) mod demo;
pub(super) mod export;
pub(super) mod extract;
pub(super) mod fetch;
pub(super) mod man;
pub(super) mod status;

use anyhow::{Context, Result};
use tokio::runtime::Runtime;

/// The runtime of the commands that need one.
fn runtime() -> Result<Runtime> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("cannot start the threads for network work")
}
