//! Names that a proxy will look up: they are looked up here first. Where that fails, as on a machine that reaches
//! the network through its proxy alone, the name goes to the proxy, unless it says itself that it is none of a
//! public site. What the proxy makes of it is out of our hands.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use hyper_util::client::proxy::matcher::Matcher;
use tokio::time::{Instant, timeout};
use url::Url;

use crate::fetch::guard::AddressError;
use crate::fetch::guard::names;
use crate::fetch::guard::resolver::public_only;

/// How long a name server may take.
const LOOKUP: Duration = Duration::from_secs(5);
/// How long an answer counts…
const ANSWERED: Duration = Duration::from_secs(60);
/// …and a failure: where there is no name server, each look-up costs as long as it may.
const FAILED: Duration = Duration::from_secs(600);
/// Names that are known at once.
const MOST: usize = 4096;

/// The proxy of the settings.
#[derive(Debug)]
pub(super) struct Proxy {
    /// Its host.
    pub(super) host: Option<String>,
    /// The client looks names up itself (`socks5://`), by the resolver that the guard filters.
    looks_up_here: bool,
    bypass: Matcher,
    known: Mutex<HashMap<String, Known>>,
}

/// What was found out about a name.
#[derive(Debug, Clone)]
struct Known {
    until: Instant,
    refusal: Option<AddressError>,
}

impl Proxy {
    pub(super) fn new(url: &Url) -> Proxy {
        let exceptions = ["NO_PROXY", "no_proxy"];
        let exceptions = exceptions.iter().find_map(|it| std::env::var(it).ok());
        Proxy::with_exceptions(url, &exceptions.unwrap_or_default())
    }

    /// `exceptions` is the value of `NO_PROXY`.
    pub(super) fn with_exceptions(url: &Url, exceptions: &str) -> Proxy {
        let host = url.host_str().map(|host| host.trim_end_matches('.'));
        // Only the exceptions are asked for; which proxy it is does not matter.
        let bypass = Matcher::builder().all("http://proxy").no(exceptions);
        Proxy {
            host: host.map(str::to_ascii_lowercase),
            looks_up_here: url.scheme() == "socks5",
            bypass: bypass.build(),
            known: Mutex::default(),
        }
    }

    /// True for an address that is requested through the proxy: any that `NO_PROXY` does not except.
    pub(super) fn takes(&self, url: &Url) -> bool {
        url.as_str()
            .parse()
            .is_ok_and(|uri| self.bypass.intercept(&uri).is_some())
    }

    /// Refuses a name that leads inwards, as far as that can be seen here.
    pub(super) async fn check(&self, host: &str) -> Result<(), AddressError> {
        if self.looks_up_here || names::is_overlay(host) {
            return Ok(());
        }
        if let Some(refusal) = self.known(host) {
            return refusal.map_or(Ok(()), Err);
        }
        let found = timeout(LOOKUP, tokio::net::lookup_host((host, 0))).await;
        let found: Option<Vec<SocketAddr>> = found.ok().and_then(Result::ok).map(Iterator::collect);
        let (refusal, lifetime) = match found {
            Some(found) => (public_only(host.to_owned(), found).err(), ANSWERED),
            None => (
                names::doubtful(host).map(|kind| refusal(host, kind)),
                FAILED,
            ),
        };
        self.remember(host, refusal.clone(), lifetime);
        refusal.map_or(Ok(()), Err)
    }

    fn known(&self, host: &str) -> Option<Option<AddressError>> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let known = known.get(host).filter(|it| it.until > Instant::now())?;
        Some(known.refusal.clone())
    }

    fn remember(&self, host: &str, refusal: Option<AddressError>, lifetime: Duration) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST {
            known.clear();
        }
        let until = Instant::now() + lifetime;
        known.insert(host.to_owned(), Known { until, refusal });
    }
}

/// The refusal of a name that a proxy would look up.
pub(super) fn refusal(host: &str, kind: &'static str) -> AddressError {
    AddressError::ProxiedName {
        host: host.to_owned(),
        kind,
    }
}
