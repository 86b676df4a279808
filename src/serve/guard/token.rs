//! The token that keeps others out of a server that can be reached from other machines: as a bearer token, or as the
//! password that a browser or a feed reader asks for.

use std::fmt;

use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, StatusCode};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::form_token::same;
use crate::serve::failure::Failure;

/// Shorter tokens can be guessed, in characters.
pub(crate) const SHORTEST_TOKEN: usize = 16;

/// The token.
pub(super) struct Token(String);

impl Token {
    pub(super) fn new(token: &str) -> Token {
        Token(token.to_owned())
    }

    pub(super) fn check(&self, headers: &HeaderMap) -> Result<(), Failure> {
        let given = headers.get(AUTHORIZATION).and_then(|it| it.to_str().ok());
        let given = given.and_then(|it| it.split_once(' '));
        let is_right = match given {
            Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => {
                same(&self.0, token.trim())
            }
            Some((scheme, login)) if scheme.eq_ignore_ascii_case("basic") => {
                let login = STANDARD.decode(login.trim()).unwrap_or_default();
                let login = String::from_utf8_lossy(&login);
                let password = login.split_once(':').map(|(_, password)| password);
                password.is_some_and(|it| same(&self.0, it))
            }
            _ => false,
        };
        if is_right {
            return Ok(());
        }
        Err(Failure::new(
            StatusCode::UNAUTHORIZED,
            "send the server's token: as `Authorization: Bearer TOKEN`, or as the password with any user name",
        ))
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token")
    }
}
