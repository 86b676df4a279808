//! Any text is some configuration or none, and each complaint can be printed.
#![no_main]

use std::path::Path;

use libfuzzer_sys::fuzz_target;
use newsprint::config::Config;

fuzz_target!(|text: &str| {
    match Config::parse(text, Path::new("config.toml")) {
        Ok(config) => assert!(config.crawl.requests_per_second > 0.0),
        Err(error) => assert!(!error.to_string().is_empty()),
    }
});
