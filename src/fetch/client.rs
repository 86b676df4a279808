//! The HTTP clients: one for all hosts, and one for each `resolve` entry, so that an entry counts
//! for its host and port alone. TLS is rustls with ring and is always verified.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use reqwest::{Certificate, Client, ClientBuilder, Proxy, redirect};
use url::Url;

use super::SetupError;
use super::guard::{Guard, GuardedResolver, host_name};
use crate::config::{Crawl, Network};

/// Headers of one answer, at most.
const MAX_HEADERS: usize = 256;
/// Bytes of one answer's headers over HTTP/2.
const MAX_HEADER_BYTES: u32 = 64 << 10;

/// The clients of one run.
#[derive(Debug)]
pub struct Clients {
    general: Client,
    pinned: BTreeMap<(String, u16), Client>,
}

impl Clients {
    /// Sets the clients up.
    pub fn new(
        crawl: &Crawl,
        network: &Network,
        guard: &Arc<Guard>,
    ) -> Result<Clients, SetupError> {
        // Another part of the process may have chosen a provider already; either will do.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let general = build(|| general(crawl, network, guard))?;
        let mut pinned = BTreeMap::new();
        for ((host, port), &address) in &network.resolve {
            check_ports(host, *port, address)?;
            let client = build(|| Ok(base(crawl).no_proxy().resolve(host, address)))?;
            pinned.insert((host.clone(), *port), client);
        }
        Ok(Clients { general, pinned })
    }

    /// The client for an address.
    pub fn of(&self, url: &Url) -> &Client {
        let key = host_name(url).zip(url.port_or_known_default());
        key.and_then(|key| self.pinned.get(&key))
            .unwrap_or(&self.general)
    }
}

/// A port written in a URL is the one connected to, whatever the entry's address says; so the two
/// may differ only where the URL leaves the port out.
fn check_ports(host: &str, port: u16, address: SocketAddr) -> Result<(), SetupError> {
    if matches!(port, 80 | 443) || port == address.port() {
        return Ok(());
    }
    Err(SetupError::ResolvePort {
        host: host.to_owned(),
        port,
        address,
    })
}

fn general(crawl: &Crawl, network: &Network, guard: &Arc<Guard>) -> reqwest::Result<ClientBuilder> {
    let builder = base(crawl).dns_resolver(GuardedResolver(Arc::clone(guard)));
    Ok(match &network.proxy {
        None => builder.no_proxy(),
        Some(proxy) => {
            tracing::warn!("names are resolved by the proxy: addresses behind it are not checked");
            builder.proxy(Proxy::all(proxy.as_str())?)
        }
    })
}

fn base(crawl: &Crawl) -> ClientBuilder {
    Client::builder()
        .user_agent(&crawl.user_agent)
        .redirect(redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        .connect_timeout(crawl.timeout)
        .pool_max_idle_per_host(1)
        .pool_idle_timeout(Duration::from_secs(30))
        .http1_max_headers(MAX_HEADERS)
        .http2_max_header_list_size(MAX_HEADER_BYTES)
}

/// Builds with the system's certificates; where there are none, with Mozilla's.
fn build(builder: impl Fn() -> reqwest::Result<ClientBuilder>) -> Result<Client, SetupError> {
    builder()
        .and_then(ClientBuilder::build)
        .or_else(|_| {
            let roots = webpki_root_certs::TLS_SERVER_ROOT_CERTS;
            let roots = roots
                .iter()
                .filter_map(|root| Certificate::from_der(root).ok());
            builder()?.tls_certs_only(roots).build()
        })
        .map_err(|error| SetupError::Client(error.into()))
}
