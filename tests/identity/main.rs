//! Who we say we are: the contact without which nothing is crawled, `From`, and signatures that a webmaster's
//! software accepts. What we send is judged by a verifier that has no code of ours (`verifier`).

#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stderr)]

#[path = "../support/mod.rs"]
mod support;

mod command;
mod contact;
mod requests;
mod standards;
mod verifier;

use std::path::Path;

use support::{Hit, Ran, newsprint};
use verifier::Message;

fn run(dir: &Path, line: &str) -> Ran {
    newsprint(dir)
        .args(line.split_whitespace())
        .output()
        .unwrap()
        .into()
}

/// A request as it arrived, for the verifier.
fn message(hit: &Hit) -> Message {
    Message {
        // As a server gets it: nothing is made lower case or left out here.
        authority: hit.headers["host"].clone(),
        method: "GET".to_owned(),
        path: hit.path.clone(),
        headers: hit.headers.clone(),
        is_answer: false,
    }
}
