//! Who sends the requests, besides `User-Agent`: the `From` header, signatures, and a word to the user where those who
//! are visited could reach nobody.

use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, Ordering};

use reqwest::Request;
use reqwest::header::{FROM, HeaderValue};
use url::Host;

use crate::config::CrawlSettings;
use crate::fetch::exchange::Hop;
use crate::fetch::guard::Route;
use crate::identity::Signer;

/// What requests state of who sends them.
#[derive(Debug)]
pub(super) struct Contact {
    from: Option<HeaderValue>,
    signer: Option<Signer>,
    /// What is to be said before the first request leaves this machine.
    is_to_be_said: AtomicBool,
}

impl Contact {
    pub(super) fn new(crawl: &CrawlSettings, signer: Option<Signer>) -> Contact {
        let from = crawl.from.as_deref();
        Contact {
            from: from.and_then(|it| HeaderValue::from_str(it).ok()),
            signer,
            is_to_be_said: AtomicBool::new(crawl.is_anonymous()),
        }
    }

    /// Puts `From` and a signature of its host and this moment on a request. Reports once that nobody can be reached, where the request leaves this machine.
    pub(super) fn state(&self, request: &mut Request, hop: &Hop) {
        if let Some(from) = &self.from {
            request.headers_mut().insert(FROM, from.clone());
        }
        let signature = self.signer.as_ref().and_then(|it| it.headers(&hop.url));
        request
            .headers_mut()
            .extend(signature.into_iter().flatten());
        if !stays_here(hop) && self.is_to_be_said.swap(false, Ordering::Relaxed) {
            tracing::warn!(
                "webmasters cannot tell who visits them: `user_agent` in [crawl] names no address of yours; write \
                 user_agent = \"mybot/1.0 (+https://YOUR-SITE/bot)\""
            );
        }
    }
}

/// True where a request goes to this machine.
fn stays_here(hop: &Hop) -> bool {
    let is_loopback = |address: IpAddr| address.to_canonical().is_loopback();
    match (hop.route, hop.url.host()) {
        (Route::Pinned(address), _) => is_loopback(address.ip()),
        (Route::Open, Some(Host::Ipv4(address))) => address.is_loopback(),
        (Route::Open, Some(Host::Ipv6(address))) => is_loopback(address.into()),
        (Route::Open, Some(Host::Domain(name))) => name == "localhost",
        _ => false,
    }
}
