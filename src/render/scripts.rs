//! The scripts that run in a page on our behalf.

/// Runs in every frame before the page's own scripts: takes away what would send without being stopped.
pub(super) const LOCKED: &str = "for (const name of ['RTCPeerConnection', 'webkitRTCPeerConnection', \
    'RTCDataChannel', 'WebTransport']) delete globalThis[name];";

/// Waits until the page's scripts have nothing to do, but not for long.
pub(super) const IDLE: &str =
    "new Promise(done => requestIdleCallback(() => done(true), {timeout: 2000}))";

/// Reads the page: at most so many elements and characters.
pub(super) fn read(nodes: usize, chars: usize) -> String {
    format!("{}({nodes}, {chars})", include_str!("read.js").trim_end())
}
