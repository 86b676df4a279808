//! What the integration tests share. Use it with `mod support;`.

// Each test binary uses a part of this.
#![allow(dead_code, unused_imports, unreachable_pub)]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout
)]

mod browser;
mod chromium;
mod database;
mod desk;
#[cfg(unix)]
pub mod machines;
mod newsroom;
#[cfg(unix)]
pub mod private_server;
mod program;
#[cfg(unix)]
pub mod proxy;
mod server;

pub use browser::Browser;
pub use chromium::Chromium;
pub use database::{TestDatabase, is_of_sqlite_alone, is_on_server};
pub use desk::Desk;
pub use newsroom::{NIGHTS, NOW, Newsroom, front, page, story};
pub use program::{Ran, crawl, integrity, newsprint, text, with_input};
pub use server::{Hit, Reply, Server};

/// Settings at which tests do not wait: a thousand requests a second, nothing asked twice.
pub fn settings() -> newsprint::config::CrawlSettings {
    newsprint::config::CrawlSettings {
        requests_per_second: 1000.0,
        retries: 0,
        timeout: std::time::Duration::from_secs(10),
        ..Default::default()
    }
}
