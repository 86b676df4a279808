//! The token that our own forms carry: a page of another site can send a form here, and can't read this out of ours.

use std::fmt;

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::StatusCode;
use sha2::{Digest, Sha256};
use url::form_urlencoded;

use crate::serve::failure::Failure;
use crate::serve::guard::FORM_BYTES;

/// The name of the field.
const FIELD: &str = "form_token";

/// A number that nobody can guess, made anew by each process.
#[derive(Clone)]
pub(crate) struct FormToken(String);

impl Default for FormToken {
    fn default() -> FormToken {
        let mut bytes = [0; 32];
        if getrandom::fill(&mut bytes).is_err() {
            // Without a source of random numbers, nothing can be changed: no form carries this.
            return FormToken(String::new());
        }
        FormToken(bytes.iter().map(|it| format!("{it:02x}")).collect())
    }
}

impl FormToken {
    /// The field's value.
    pub(crate) fn value(&self) -> &str {
        &self.0
    }

    /// Lets a form pass that carries the token.
    pub(super) async fn check(&self, request: Request) -> Result<Request, Failure> {
        let (parts, body) = request.into_parts();
        let body = to_bytes(body, FORM_BYTES).await.map_err(|_| {
            let detail = format!("the form is larger than {FORM_BYTES} bytes");
            Failure::new(StatusCode::PAYLOAD_TOO_LARGE, detail)
        })?;
        let given = form_urlencoded::parse(&body).find(|(name, _)| name == FIELD);
        if given.is_some_and(|(_, value)| self.is(&value)) {
            return Ok(Request::from_parts(parts, Body::from(body)));
        }
        Err(Failure::forbidden(
            "the form does not carry this server's token, perhaps because the server was started again since; \
             reload the page and send it once more",
        ))
    }

    fn is(&self, given: &str) -> bool {
        !self.0.is_empty() && same(&self.0, given)
    }
}

/// Compares secrets by their hashes: how long that takes says nothing of either.
pub(super) fn same(secret: &str, given: &str) -> bool {
    Sha256::digest(secret) == Sha256::digest(given)
}

impl fmt::Debug for FormToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FormToken")
    }
}
