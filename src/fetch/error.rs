//! Why a request has no answer. [`FetchError`] names the address; [`FetchErrorKind`] says what
//! happened, in one line for a person, with the error of the HTTP client as its source.

use std::error::Error;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use reqwest::StatusCode;
use url::Url;

use crate::fetch::{AddressError, ErrorPage, Expect, RedirectError, TransportError};
use crate::rights::OptOut;
use crate::verdict::VisitOutcome;

/// Why there is no answer, and at which address.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct FetchError {
    /// The address that failed: the last of the redirect chain.
    pub url: Url,
    /// What happened; its `Display` is one line with the fix, where there is one.
    pub kind: FetchErrorKind,
}

/// What went wrong.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum FetchErrorKind {
    /// The address guard refuses the address.
    #[error(transparent)]
    Address(#[from] AddressError),
    /// robots.txt disallows the address.
    #[error(
        "blocked by robots.txt of {host}; set [crawl] respect_robots = false only for sites you own"
    )]
    Robots {
        /// Whose robots.txt.
        host: String,
    },
    /// The site states that its pages are not for this purpose.
    #[error("{0}")]
    OptOut(OptOut),
    /// robots.txt could not be read, and nothing may be fetched until it can (RFC 9309, 2.3.1.4).
    #[error("nothing is fetched while robots.txt cannot be read: {0}")]
    RobotsUnavailable(#[source] Box<FetchErrorKind>),
    /// A status that is neither success nor redirect.
    #[error("answered {}{}", status_line(*.status), match status {
        401 => "; if you have a login, write it into the address: https://name:password@…",
        _ => "",
    })]
    Status {
        /// The HTTP status.
        status: u16,
        /// The server asked for no requests for this long.
        retry_after: Option<Duration>,
        /// The page that the answer shows, where there is one.
        page: Option<Arc<ErrorPage>>,
    },
    /// An earlier answer asked for a pause that is not over; nothing was sent.
    #[error(
        "{host} answered {} and asked for a pause, of which {} s are left",
        status_line(*.status), wait.as_secs() + 1
    )]
    BackingOff {
        /// The host that asked.
        host: String,
        /// The status of that answer.
        status: u16,
        /// What is left of the pause.
        wait: Duration,
    },
    /// A redirect can't be followed.
    #[error(transparent)]
    Redirect(#[from] RedirectError),
    /// Redirects have led to a page to log in, subscribe or register ([`Landing`](crate::fetch::Landing)).
    #[error("redirected to a log-in page: {0}")]
    LogIn(Url),
    /// The body is larger than allowed.
    #[error("larger than {}{}", size(*.limit), match expect {
        Expect::Page => "; raise [crawl] max_body to read it",
        Expect::Feed | Expect::Sitemap | Expect::Script | Expect::Data => "",
    })]
    TooLarge {
        /// The limit, in bytes after decompression.
        limit: usize,
        /// What was requested.
        expect: Expect,
    },
    /// A page was requested, and something else came.
    #[error("not a web page: {}", match content_type {
        Some(content_type) => format!("its content type is {content_type}"),
        None => "no content type says so, and it does not look like HTML".to_owned(),
    })]
    NotHtml {
        /// The content type, where it names something else.
        content_type: Option<String>,
    },
    /// The answer was not complete in time.
    #[error(
        "not finished within {timeout:?}; raise [crawl] timeout if the site is slow but worth it"
    )]
    TooSlow {
        /// The time it had.
        timeout: Duration,
    },
    /// The server sent nothing for too long.
    #[error("{host}: the server stopped sending: {source}")]
    Silent {
        /// The server's host.
        host: String,
        /// The error of the HTTP client.
        source: TransportError,
    },
    /// The host's name could not be resolved.
    #[error("{host}: the name could not be resolved: {source}")]
    Dns {
        /// The name.
        host: String,
        /// The error of the resolver.
        source: TransportError,
    },
    /// There is no connection.
    #[error("{host}: could not connect: {source}")]
    Connect {
        /// The server's host.
        host: String,
        /// The error of the HTTP client.
        source: TransportError,
    },
    /// TLS failed, or the certificate could not be verified.
    #[error("TLS with {host} failed: {source}")]
    Tls {
        /// The server's host.
        host: String,
        /// The error of the TLS library.
        source: TransportError,
    },
    /// The body could not be decompressed.
    #[error("{host}: the body is not what its Content-Encoding says: {source}")]
    Decompression {
        /// The server's host.
        host: String,
        /// The error of the HTTP client.
        source: TransportError,
    },
    /// The connection broke before the answer was complete.
    #[error("{host}: the connection broke: {source}")]
    Disconnected {
        /// The server's host.
        host: String,
        /// The error of the HTTP client.
        source: TransportError,
    },
}

impl FetchError {
    /// The HTTP status, where the server answered.
    pub fn status(&self) -> Option<u16> {
        self.kind.status()
    }

    /// For how long the server asked for no requests.
    pub fn retry_after(&self) -> Option<Duration> {
        self.kind.retry_after()
    }

    /// The page that the error answer shows, where there is one.
    pub fn page(&self) -> Option<&ErrorPage> {
        match &self.kind {
            FetchErrorKind::Status { page, .. } => page.as_deref(),
            _ => None,
        }
    }

    /// True where a rule of ours refused the address or the answer: robots.txt, the address guard,
    /// a limit.
    pub fn is_refusal(&self) -> bool {
        VisitOutcome::from(self).is_refusal()
    }
}

impl fmt::Display for FetchError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.url, self.kind)
    }
}

impl Error for FetchError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        // The kind is shown already.
        self.kind.source()
    }
}

impl From<&FetchError> for VisitOutcome {
    fn from(error: &FetchError) -> VisitOutcome {
        VisitOutcome::from(&error.kind)
    }
}

impl From<&FetchErrorKind> for VisitOutcome {
    fn from(kind: &FetchErrorKind) -> VisitOutcome {
        match kind {
            FetchErrorKind::Address(AddressError::Unlisted { .. }) => VisitOutcome::Dns,
            FetchErrorKind::Address(_) => VisitOutcome::BlockedAddress,
            FetchErrorKind::Robots { .. } => VisitOutcome::Robots,
            FetchErrorKind::OptOut(_) => VisitOutcome::OptOut,
            // It may pass, and the address is requested again then.
            FetchErrorKind::RobotsUnavailable(cause) => VisitOutcome::from(&**cause),
            FetchErrorKind::Status { status, .. } | FetchErrorKind::BackingOff { status, .. } => {
                match status {
                    400..=499 => VisitOutcome::Http4xx,
                    _ => VisitOutcome::Http5xx,
                }
            }
            FetchErrorKind::Redirect(_) | FetchErrorKind::LogIn(_) => VisitOutcome::Redirects,
            FetchErrorKind::TooLarge { .. } => VisitOutcome::TooLarge,
            FetchErrorKind::NotHtml { .. } => VisitOutcome::NotHtml,
            FetchErrorKind::TooSlow { .. } | FetchErrorKind::Silent { .. } => VisitOutcome::TooSlow,
            FetchErrorKind::Dns { .. } => VisitOutcome::Dns,
            FetchErrorKind::Tls { .. } => VisitOutcome::Tls,
            FetchErrorKind::Decompression { .. } => VisitOutcome::BadEncoding,
            FetchErrorKind::Connect { .. } | FetchErrorKind::Disconnected { .. } => {
                VisitOutcome::Connect
            }
        }
    }
}

impl FetchErrorKind {
    /// The same, with the address it happened at.
    pub(super) fn at(self, url: &Url) -> FetchError {
        FetchError {
            url: url.clone(),
            kind: self,
        }
    }

    pub(super) fn status(&self) -> Option<u16> {
        match self {
            FetchErrorKind::Status { status, .. } | FetchErrorKind::BackingOff { status, .. } => {
                Some(*status)
            }
            FetchErrorKind::RobotsUnavailable(cause) => cause.status(),
            _ => None,
        }
    }

    pub(super) fn retry_after(&self) -> Option<Duration> {
        match self {
            FetchErrorKind::Status { retry_after, .. } => *retry_after,
            FetchErrorKind::BackingOff { wait, .. } => Some(*wait),
            FetchErrorKind::RobotsUnavailable(cause) => cause.retry_after(),
            _ => None,
        }
    }

    /// True where another try may help: connection errors, 429 and 5xx.
    pub(super) fn is_worth_retrying(&self) -> bool {
        let outcome = VisitOutcome::from(self);
        matches!(outcome, VisitOutcome::Connect | VisitOutcome::Http5xx) || self.is_overload()
    }

    /// True where the answer concerns the whole host, not one address.
    pub(super) fn is_overload(&self) -> bool {
        let asks = self.retry_after().is_some();
        self.status().is_some_and(|status| match status {
            429 | 503 => true,
            // Some servers say so with a status of their own, and name the pause.
            403 => asks,
            _ => false,
        })
    }
}

/// A status as servers write it: `404 Not Found`.
pub(super) fn status_line(status: u16) -> String {
    StatusCode::from_u16(status).map_or_else(|_| status.to_string(), |status| status.to_string())
}

/// A limit in the unit it was set in.
fn size(limit: usize) -> String {
    match limit {
        bytes if bytes > 0 && bytes.is_multiple_of(1 << 20) => format!("{} MiB", bytes >> 20),
        bytes if bytes > 0 && bytes.is_multiple_of(1 << 10) => format!("{} KiB", bytes >> 10),
        bytes => format!("{bytes} bytes"),
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    fn status(status: u16) -> FetchErrorKind {
        FetchErrorKind::Status {
            status,
            retry_after: None,
            page: None,
        }
    }

    fn source() -> TransportError {
        TransportError::new(io::Error::other("gone"))
    }

    #[test]
    fn an_error_keeps_its_sources() {
        let host = "a.test".to_owned();
        let kind = FetchErrorKind::Connect {
            host,
            source: source(),
        };
        let error = kind.at(&Url::parse("http://a.test/").unwrap());
        assert_eq!(
            error.to_string(),
            "http://a.test/: a.test: could not connect: gone"
        );
        let source = error.source().unwrap();
        assert!(source.is::<TransportError>());
        assert!(source.source().unwrap().is::<io::Error>());
    }

    #[test]
    fn connection_errors_429_and_5xx_are_worth_a_retry() {
        for code in [429, 500, 502, 503, 504] {
            assert!(status(code).is_worth_retrying(), "{code}");
        }
        for code in [400, 401, 403, 404, 410, 451] {
            assert!(!status(code).is_worth_retrying(), "{code}");
        }
        let (host, source) = ("a.test".to_owned(), source());
        let connect = FetchErrorKind::Connect {
            host: host.clone(),
            source: source.clone(),
        };
        assert!(connect.is_worth_retrying());
        for final_error in [
            FetchErrorKind::Tls {
                host: host.clone(),
                source: source.clone(),
            },
            FetchErrorKind::Dns { host, source },
            FetchErrorKind::TooSlow {
                timeout: Duration::ZERO,
            },
            FetchErrorKind::TooLarge {
                limit: 1,
                expect: Expect::Page,
            },
        ] {
            assert!(!final_error.is_worth_retrying(), "{final_error}");
        }
    }

    #[test]
    fn statuses_are_told_apart_by_their_hundred() {
        let outcome = |code| VisitOutcome::from(&status(code));
        assert_eq!(outcome(404), VisitOutcome::Http4xx);
        assert_eq!(outcome(503), VisitOutcome::Http5xx);
        assert_eq!(outcome(999), VisitOutcome::Http5xx);
    }

    #[test]
    fn a_login_that_is_asked_for_is_named() {
        assert_eq!(status(403).to_string(), "answered 403 Forbidden");
        assert!(status(401).to_string().contains("name:password@"));
    }

    #[test]
    fn a_limit_is_named_in_the_unit_it_was_set_in() {
        let shown = |limit, expect| FetchErrorKind::TooLarge { limit, expect }.to_string();
        assert_eq!(shown(5 << 20, Expect::Feed), "larger than 5 MiB");
        assert_eq!(
            shown(500 << 10, Expect::Page),
            "larger than 500 KiB; raise [crawl] max_body to read it"
        );
        assert_eq!(shown(1500, Expect::Sitemap), "larger than 1500 bytes");
    }
}
