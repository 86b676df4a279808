//! What the integration tests share. Use it with `mod support;`.

// Each test binary uses a part of this.
#![allow(dead_code, unused_imports, unreachable_pub)]
#![allow(clippy::unwrap_used)]

mod newsroom;
mod server;

pub use newsroom::{NOW, Newsroom, page, story};
pub use server::{Hit, Reply, Server};
