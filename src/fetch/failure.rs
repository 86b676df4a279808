//! Why an exchange failed, in the terms of the record: one [`VisitOutcome`] and one line for a person.
//! Errors of the HTTP client are told apart here and nowhere else.

use std::error::Error;
use std::io;
use std::time::Duration;

use reqwest::StatusCode;
use url::Url;

use crate::fetch::FetchError;
use crate::fetch::guard::Refusal;
use crate::verdict::VisitOutcome;

/// A [`FetchError`] that does not know its address yet.
#[derive(Debug, Clone)]
pub(super) struct Failure {
    pub(super) outcome: VisitOutcome,
    pub(super) reason: String,
    pub(super) status: Option<StatusCode>,
    pub(super) retry_after: Option<Duration>,
}

impl Failure {
    pub(super) fn new(outcome: VisitOutcome, reason: impl Into<String>) -> Failure {
        Failure {
            outcome,
            reason: reason.into(),
            status: None,
            retry_after: None,
        }
    }

    /// An answer that is no success and no redirect.
    pub(super) fn status(status: StatusCode, retry_after: Option<Duration>) -> Failure {
        Failure {
            outcome: match status.is_client_error() {
                true => VisitOutcome::Http4xx,
                false => VisitOutcome::Http5xx,
            },
            reason: format!("answered {status}"),
            status: Some(status),
            retry_after,
        }
    }

    /// The host was told to be left alone by an earlier answer; nothing was sent.
    pub(super) fn held(host: &str, status: StatusCode, wait: Duration) -> Failure {
        Failure {
            reason: format!(
                "{host} answered {status} and wants to be left alone for another {} s",
                wait.as_secs() + 1
            ),
            ..Failure::status(status, Some(wait))
        }
    }

    /// True where asking again may help: connection faults, 429 and 5xx.
    pub(super) fn may_pass(&self) -> bool {
        self.outcome == VisitOutcome::Connect
            || self.outcome == VisitOutcome::Http5xx
            || self.holds_host()
    }

    /// True where the answer concerns the whole host, not one address.
    pub(super) fn holds_host(&self) -> bool {
        matches!(
            self.status,
            Some(StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE)
        )
    }

    /// The same failure, with the address it happened at.
    pub(super) fn at(self, url: &Url) -> FetchError {
        FetchError {
            url: url.clone(),
            outcome: self.outcome,
            reason: self.reason,
            status: self.status.map(|status| status.as_u16()),
            retry_after: self.retry_after,
        }
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Failure {
        Failure::new(refusal.outcome(), refusal.to_string())
    }
}

impl From<reqwest::Error> for Failure {
    fn from(error: reqwest::Error) -> Failure {
        if let Some(refusal) = cause::<Refusal>(&error) {
            return refusal.clone().into();
        }
        let host = error.url().and_then(Url::host_str).unwrap_or("the host");
        if let Some(tls) = cause::<rustls::Error>(&error) {
            return Failure::new(VisitOutcome::Tls, format!("TLS with {host} failed: {tls}"));
        }
        let root = root(&error);
        let (outcome, what) = match &error {
            error if error.is_timeout() => (VisitOutcome::TooSlow, "the server fell silent: "),
            error if error.is_dns() => (VisitOutcome::Dns, "its name could not be resolved: "),
            error if error.is_connect() => (VisitOutcome::Connect, "no connection: "),
            error if error.is_decode() => {
                (VisitOutcome::Connect, "the body could not be unpacked: ")
            }
            _ => (VisitOutcome::Connect, "the connection broke off: "),
        };
        Failure::new(outcome, format!("{host}: {what}{root}"))
    }
}

/// The errors behind an error, itself first. An `io::Error` names as its source the source of its
/// payload and so hides the payload, which is where TLS errors are.
fn chain<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&error| {
        let payload = error
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref);
        match payload {
            Some(payload) => Some(payload as &'a (dyn Error + 'static)),
            None => error.source(),
        }
    })
}

fn cause<'a, T: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a T> {
    chain(error).find_map(|error| error.downcast_ref::<T>())
}

/// What the innermost error says, on one line.
fn root(error: &(dyn Error + 'static)) -> String {
    let innermost = chain(error).last().unwrap_or(error).to_string();
    innermost.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_inside_an_io_error_is_found() {
        let error = io::Error::other(io::Error::other(Refusal::NoHost));
        assert_eq!(cause::<Refusal>(&error), Some(&Refusal::NoHost));
        assert_eq!(root(&error), Refusal::NoHost.to_string());
    }

    #[test]
    fn connection_faults_429_and_5xx_may_pass() {
        let status = |code| Failure::status(StatusCode::from_u16(code).unwrap(), None);
        for code in [429, 500, 502, 503, 504] {
            assert!(status(code).may_pass(), "{code}");
        }
        for code in [400, 401, 403, 404, 410, 451] {
            assert!(!status(code).may_pass(), "{code}");
        }
        assert!(Failure::new(VisitOutcome::Connect, "").may_pass());
        for outcome in [
            VisitOutcome::Tls,
            VisitOutcome::Dns,
            VisitOutcome::TooSlow,
            VisitOutcome::TooLarge,
        ] {
            assert!(!Failure::new(outcome, "").may_pass(), "{}", outcome.name());
        }
    }

    #[test]
    fn statuses_are_told_apart_by_their_hundred() {
        let outcome = |code| Failure::status(StatusCode::from_u16(code).unwrap(), None).outcome;
        assert_eq!(outcome(404), VisitOutcome::Http4xx);
        assert_eq!(outcome(503), VisitOutcome::Http5xx);
        assert_eq!(outcome(999), VisitOutcome::Http5xx);
    }
}
