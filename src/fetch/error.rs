//! Why there is no answer: an outcome for the store, and one line that a person can act on.

use std::error::Error;
use std::time::Duration;

use url::Url;

use super::guard::{Refusal, ResolveError};
use crate::outcome::Outcome;

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
#[error("{url}: {reason}")]
pub struct FetchError {
    /// The address that failed: the last hop.
    pub url: Url,
    /// How the visit ended.
    pub outcome: Outcome,
    /// What happened and, where there is one, the mend; one line.
    pub reason: String,
    /// The HTTP status, if there was an answer.
    pub status: Option<u16>,
    /// The host asked to be left alone for this long.
    pub retry_after: Option<Duration>,
}

impl FetchError {
    pub(super) fn new(url: &Url, outcome: Outcome, reason: String) -> FetchError {
        FetchError {
            url: url.clone(),
            outcome,
            reason,
            status: None,
            retry_after: None,
        }
    }

    pub(super) fn refused(url: &Url, refusal: &Refusal) -> FetchError {
        FetchError::new(url, Outcome::BlockedAddress, refusal.to_string())
    }

    pub(super) fn from_status(url: &Url, status: u16, retry_after: Option<Duration>) -> FetchError {
        let outcome = if status < 500 {
            Outcome::Http4xx
        } else {
            Outcome::Http5xx
        };
        let reason = match status {
            401 | 403 => format!("the server refuses (status {status})"),
            404 | 410 => format!("the page does not exist (status {status})"),
            429 => "the server asks for fewer requests (status 429)".to_owned(),
            _ => format!("the server answered with status {status}"),
        };
        FetchError {
            status: Some(status),
            retry_after,
            ..FetchError::new(url, outcome, reason)
        }
    }

    pub(super) fn from_reqwest(url: &Url, error: &reqwest::Error) -> FetchError {
        let causes: Vec<&(dyn Error + 'static)> =
            std::iter::successors(error.source(), |&cause| cause.source()).collect();
        if let Some(found) = causes
            .iter()
            .find_map(|cause| cause.downcast_ref::<ResolveError>())
        {
            let outcome = match found {
                ResolveError::Refused(_) => Outcome::BlockedAddress,
                ResolveError::Unknown(..) => Outcome::Dns,
            };
            return FetchError::new(url, outcome, found.to_string());
        }
        if let Some(found) = causes.iter().find_map(|cause| tls_error(*cause)) {
            return FetchError::new(url, Outcome::Tls, format!("TLS failed: {found}"));
        }
        if error.is_timeout() {
            return FetchError::new(url, Outcome::TooSlow, "no connection in time".to_owned());
        }
        let last = causes
            .last()
            .map_or_else(|| error.to_string(), ToString::to_string);
        FetchError::new(
            url,
            Outcome::Connect,
            format!("the connection failed: {last}"),
        )
    }
}

/// A TLS error, which may hide inside an I/O error.
fn tls_error<'e>(cause: &'e (dyn Error + 'static)) -> Option<&'e rustls::Error> {
    cause.downcast_ref::<rustls::Error>().or_else(|| {
        let io = cause.downcast_ref::<std::io::Error>()?;
        io.get_ref()?.downcast_ref::<rustls::Error>()
    })
}
