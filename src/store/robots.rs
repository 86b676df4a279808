//! robots.txt files as passes leave them to those that come.

/// A robots.txt as it was fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RobotsFile {
    /// Its bytes; `None` where the host has none, which allows everything (RFC 9309, 2.3.1.3).
    pub bytes: Option<Vec<u8>>,
    /// Until when it is valid, in unix milliseconds.
    pub expires_at: i64,
}
