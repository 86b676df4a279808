//! What the log says of each request: `newsprint -vv`. Addresses hold no user names and passwords here.

use std::time::Instant;

use url::Url;

use crate::fetch::FetchErrorKind;
use crate::fetch::exchange::Answer;

/// The host has its turn, after so long a wait.
pub(super) fn permitted(url: &Url, asked: Instant) {
    tracing::trace!(%url, millis = millis(asked), "waited for the host's turn");
}

/// A request was answered, or not.
pub(super) fn answered(url: &Url, sent: Instant, answer: &Result<Answer, FetchErrorKind>) {
    let millis = millis(sent);
    match answer {
        Ok(Answer::Response(response)) => {
            let (status, bytes) = (response.status.as_u16(), response.body.len());
            tracing::debug!(%url, status, bytes, millis, "request");
        }
        Ok(Answer::Redirect(redirect)) => {
            let to = redirect.location.as_deref().unwrap_or_default();
            tracing::debug!(%url, to, millis, "request");
        }
        Err(error) => tracing::debug!(%url, status = error.status(), %error, millis, "request"),
    }
}

fn millis(since: Instant) -> u64 {
    u64::try_from(since.elapsed().as_millis()).unwrap_or(u64::MAX)
}
