//! Errors of the HTTP client and of TLS, and what kind of failure each is.

use std::error::Error;
use std::fmt;
use std::io;
use std::sync::Arc;

use url::Url;

use crate::fetch::{AddressError, FetchErrorKind};

/// An error of the HTTP client or of TLS. Shown as its innermost cause, on one line.
#[derive(Debug, Clone)]
pub struct TransportError(Arc<dyn Error + Send + Sync>);

impl TransportError {
    pub(super) fn new(error: impl Error + Send + Sync + 'static) -> TransportError {
        TransportError(Arc::new(error))
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let innermost = chain(&*self.0).last().map(ToString::to_string);
        let innermost = innermost.unwrap_or_default();
        let words: Vec<&str> = innermost.split_whitespace().collect();
        formatter.write_str(&words.join(" "))
    }
}

impl Error for TransportError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&*self.0)
    }
}

impl FetchErrorKind {
    /// The host of this address sends nothing.
    pub(super) fn silent(url: &Url) -> FetchErrorKind {
        FetchErrorKind::Silent {
            host: url.host_str().unwrap_or("the host").to_owned(),
            source: TransportError::new(io::Error::from(io::ErrorKind::TimedOut)),
        }
    }
}

impl From<reqwest::Error> for FetchErrorKind {
    fn from(error: reqwest::Error) -> FetchErrorKind {
        if let Some(refused) = cause::<AddressError>(&error) {
            return refused.clone().into();
        }
        let host = error.url().and_then(Url::host_str).unwrap_or("the host");
        let host = host.to_owned();
        if let Some(tls) = cause::<rustls::Error>(&error) {
            let source = TransportError::new(tls.clone());
            return FetchErrorKind::Tls { host, source };
        }
        let kind: fn(String, TransportError) -> FetchErrorKind = if error.is_timeout() {
            |host, source| FetchErrorKind::Silent { host, source }
        } else if error.is_dns() {
            |host, source| FetchErrorKind::Dns { host, source }
        } else if error.is_connect() {
            |host, source| FetchErrorKind::Connect { host, source }
        } else {
            |host, source| FetchErrorKind::Disconnected { host, source }
        };
        kind(host, TransportError::new(error))
    }
}

/// An error and its sources. An `io::Error` names as its source the source of its payload and so
/// hides the payload, which is where TLS errors are.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_inside_an_io_error_is_found() {
        let error = io::Error::other(io::Error::other(AddressError::NoHost));
        assert_eq!(cause::<AddressError>(&error), Some(&AddressError::NoHost));
        let shown = TransportError::new(error).to_string();
        assert_eq!(shown, AddressError::NoHost.to_string());
    }
}
