//! The HTTP client: reqwest, set up to decide nothing by itself. It follows no redirects, retries
//! nothing, takes no proxy from the environment and resolves names only through the guard.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{
    ACCEPT, ACCEPT_ENCODING, AUTHORIZATION, COOKIE, HOST, HeaderName, HeaderValue,
    IF_MODIFIED_SINCE, IF_NONE_MATCH, ORIGIN,
};
use reqwest::{Client, ClientBuilder, Proxy, RequestBuilder, redirect};
use url::{Host, Position, Url};

use crate::config::{CrawlSettings, NetworkSettings};
use crate::fetch::SetupError;
use crate::fetch::descriptors::Descriptors;
use crate::fetch::exchange::Hop;
use crate::fetch::guard::{PinnedResolver, Resolver, Route};
use crate::fetch::profile::RequestProfile;
use crate::fetch::subscription::sensitive;
use crate::fetch::tls::{self, HttpVersions};
use crate::page::encoding;

/// Header lines of one answer. News sites send long policies, but not so many.
const MAX_HEADERS: usize = 200;
/// Bytes of all headers of one HTTP/2 answer.
const MAX_HEADER_BYTES: u32 = 64 << 10;
/// How long a connection is kept for the next request to its host.
const KEEP_ALIVE: Duration = Duration::from_secs(60);

/// The clients of a run. They share nothing, so that a connection made to a pinned address is
/// never taken for one that was looked up.
#[derive(Debug)]
pub(super) struct Clients {
    open: Client,
    /// For what goes through the proxy, which the guard decides.
    proxied: Option<Client>,
    /// For the entries of `network.resolve`, one client a port.
    pinned: BTreeMap<u16, Client>,
}

impl Clients {
    pub(super) fn new(
        crawl: &CrawlSettings,
        network: &NetworkSettings,
    ) -> Result<Clients, SetupError> {
        let resolver = Arc::new(Resolver::new(network));
        let open = builder(crawl, HttpVersions::All)?;
        let open = open.dns_resolver(resolver).build()?;
        let proxied = network.proxy.as_ref();
        let proxied = proxied.map(|url| proxied_client(crawl, network, url));
        let mut pinned = BTreeMap::new();
        for (port, names) in names_by_port(network) {
            // HTTP/1 only: the port that is missing from the address below is put into the Host
            // header, and HTTP/2 has nothing like it that could be set.
            let client = builder(crawl, HttpVersions::Http1)?
                .http1_only()
                .dns_resolver(PinnedResolver(Arc::new(names)))
                .build()?;
            pinned.insert(port, client);
        }
        Ok(Clients {
            open,
            proxied: proxied.transpose()?,
            pinned,
        })
    }

    /// A request to an address, by the route that the guard decided on.
    pub(super) fn request(&self, hop: &Hop, profile: &RequestProfile<'_>) -> RequestBuilder {
        let url = &hop.url;
        let pinned = url
            .port_or_known_default()
            .and_then(|port| self.pinned.get(&port));
        let request = match (hop.route, pinned) {
            (Route::Pinned(address), Some(client)) => client
                .get(pin(url.clone(), address))
                .header(HOST, &url[Position::BeforeHost..Position::AfterPort]),
            (Route::Proxied, _) => {
                let proxied = self.proxied.as_ref();
                proxied.unwrap_or(&self.open).get(url.clone())
            }
            _ => self.open.get(url.clone()),
        };
        let mut request = request
            .header(ACCEPT, profile.accept)
            .header(ACCEPT_ENCODING, encoding::ACCEPTED);
        let has_own_login = hop.own.iter().any(|(name, _)| *name == AUTHORIZATION);
        if let Some(login) = hop.login.as_ref().filter(|_| !has_own_login) {
            request = request.basic_auth(&login.user, login.password.as_deref());
        }
        for (name, value) in &hop.own {
            request = request.header(name, value);
        }
        if let Some(cookies) = hop.cookies.as_ref().and_then(|it| sensitive(&it.text)) {
            request = request.header(COOKIE, cookies);
        }
        // Validators are the server's own of last time; what isn't a valid header is left out.
        for (name, value) in [
            (IF_NONE_MATCH, profile.etag),
            (IF_MODIFIED_SINCE, profile.last_modified),
            (ORIGIN, profile.origin),
            (
                HeaderName::from_static("accept-datetime"),
                profile.accept_datetime,
            ),
        ] {
            if let Some(value) = value.and_then(|value| HeaderValue::from_str(value).ok()) {
                request = request.header(name, value);
            }
        }
        request
    }
}

/// The client for what goes through the proxy. The scheme is checked here, since reqwest does without the proxy
/// where it does not know it.
fn proxied_client(
    crawl: &CrawlSettings,
    network: &NetworkSettings,
    proxy: &Url,
) -> Result<Client, SetupError> {
    if !matches!(proxy.scheme(), "http" | "https" | "socks5" | "socks5h") {
        return Err(SetupError::Proxy(proxy.clone()));
    }
    let resolver = Arc::new(Resolver::for_proxy(network, proxy));
    let client = builder(crawl, HttpVersions::All)?
        .dns_resolver(resolver)
        .proxy(Proxy::all(proxy.clone())?);
    Ok(client.build()?)
}

/// The address as the pinned client wants it. A port that stands in an address overrules the one
/// that a resolver finds, so it must go; a literal IP never reaches a resolver, so it is replaced.
fn pin(mut url: Url, address: SocketAddr) -> Url {
    // Neither can fail: an http address with a host takes any host and any port.
    if matches!(url.host(), Some(Host::Domain(_))) {
        let _ = url.set_port(None);
    } else {
        let _ = url.set_ip_host(address.ip());
        let _ = url.set_port(Some(address.port()));
    }
    url
}

fn names_by_port(network: &NetworkSettings) -> BTreeMap<u16, BTreeMap<String, SocketAddr>> {
    let mut ports: BTreeMap<u16, BTreeMap<String, SocketAddr>> = BTreeMap::new();
    for ((name, port), address) in &network.resolve {
        ports
            .entry(*port)
            .or_default()
            .insert(name.clone(), *address);
    }
    ports
}

fn builder(crawl: &CrawlSettings, versions: HttpVersions) -> Result<ClientBuilder, SetupError> {
    let keep_alive = Descriptors::of_process().keep_alive(KEEP_ALIVE);
    // No `read_timeout`: it would count the time that a large body waits for its turn (`Turns::silence`).
    let builder = Client::builder()
        .tls_backend_preconfigured(tls::config(versions)?)
        .user_agent(&crawl.user_agent)
        .no_proxy()
        .redirect(redirect::Policy::none())
        .retry(reqwest::retry::never())
        // Bodies are decoded in `encoding`, also where another crate turns these features on.
        .no_gzip()
        .no_brotli()
        .no_zstd()
        .no_deflate()
        .referer(false)
        .connect_timeout(crawl.timeout)
        .pool_max_idle_per_host(usize::from(!keep_alive.is_zero()))
        .pool_idle_timeout(keep_alive)
        .http1_max_headers(MAX_HEADERS)
        .http2_max_header_list_size(MAX_HEADER_BYTES)
        // Old servers of small papers: what browsers accept is accepted here too.
        .http1_ignore_invalid_headers_in_responses(true)
        .http1_allow_spaces_after_header_name_in_responses(true)
        .http1_allow_obsolete_multiline_headers_in_responses(true);
    Ok(builder)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fetch::FetchErrorKind;
    use crate::limits::Limits;
    use crate::verdict::VisitOutcome;

    fn clients(network: &NetworkSettings) -> Clients {
        Clients::new(&CrawlSettings::default(), network).unwrap()
    }

    async fn error(clients: &Clients, url: &str) -> FetchErrorKind {
        let hop = Hop {
            url: Url::parse(url).unwrap(),
            route: Route::Open,
            interval: Duration::ZERO,
            cookies: None,
            own: Vec::new(),
            login: None,
        };
        let profile = RequestProfile::robots(&Limits::DEFAULT);
        let request = clients.request(&hop, &profile);
        request.send().await.unwrap_err().into()
    }

    #[tokio::test]
    async fn a_name_that_leads_inwards_is_refused_after_it_was_looked_up() {
        let refused = error(&clients(&NetworkSettings::default()), "http://localhost:9/").await;
        assert_eq!(VisitOutcome::from(&refused), VisitOutcome::BlockedAddress);
        let shown = refused.to_string();
        assert!(shown.starts_with("localhost leads to "), "{shown}");
    }

    #[tokio::test]
    async fn a_name_that_does_not_exist_is_a_dns_failure() {
        let clients = clients(&NetworkSettings::default());
        let missing = error(&clients, "http://no-such-host.invalid/").await;
        let shown = missing.to_string();
        assert_eq!(VisitOutcome::from(&missing), VisitOutcome::Dns, "{shown}");
        assert!(
            shown.starts_with("no-such-host.invalid: the name could not be resolved: "),
            "{shown}"
        );
    }

    #[test]
    fn a_proxy_of_a_kind_we_cannot_use_is_refused() {
        let proxy = Url::parse("ftp://gate.test").ok();
        let network = NetworkSettings {
            proxy,
            ..NetworkSettings::default()
        };
        let refused = Clients::new(&CrawlSettings::default(), &network).unwrap_err();
        assert!(refused.to_string().contains("ftp://gate.test"), "{refused}");
        for scheme in ["http", "https", "socks5", "socks5h"] {
            let proxy = Url::parse(&format!("{scheme}://gate.test:3128")).ok();
            clients(&NetworkSettings {
                proxy,
                ..NetworkSettings::default()
            });
        }
    }

    #[test]
    fn a_pinned_address_loses_its_port_and_a_literal_one_is_replaced() {
        let address: SocketAddr = "127.0.0.1:4000".parse().unwrap();
        let pinned = |url| pin(Url::parse(url).unwrap(), address).to_string();
        assert_eq!(
            pinned("http://daily.test:8080/a?b"),
            "http://daily.test/a?b"
        );
        assert_eq!(pinned("http://[::1]:8080/a"), "http://127.0.0.1:4000/a");
    }
}
