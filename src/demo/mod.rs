//! The demo: a few small news sites made for this project, embedded in the binary and served on loopback
//! by host name, to show a complete crawl without a network.

mod server;
mod site;

use std::collections::BTreeMap;
use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::task::JoinHandle;
use url::Url;

use crate::config::{Config, NetworkSettings, OutputSettings, Source, StoreSettings};
use site::Site;

/// Requests per second to one of the sites, which run on this machine.
const REQUESTS_PER_SECOND: f64 = 8.0;

/// The demo sites, served until this is dropped.
#[derive(Debug)]
pub struct Newsroom {
    address: SocketAddr,
    sites: Arc<BTreeMap<String, Site>>,
    requests: Arc<AtomicUsize>,
    server: JoinHandle<()>,
}

impl Newsroom {
    /// Serves the sites on a free port of the loopback address.
    ///
    /// # Errors
    /// Fails if no port is available.
    pub async fn start() -> io::Result<Newsroom> {
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        let sites = Arc::new(site::all());
        let requests = Arc::new(AtomicUsize::new(0));
        let serving = server::serve(listener, Arc::clone(&sites), Arc::clone(&requests));
        Ok(Newsroom {
            address,
            sites,
            requests,
            server: tokio::spawn(serving),
        })
    }

    /// The address it listens on.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The host names of the sites.
    pub fn hosts(&self) -> Vec<&str> {
        self.sites.keys().map(String::as_str).collect()
    }

    /// The number of requests answered.
    pub fn requests(&self) -> usize {
        self.requests.load(Ordering::Relaxed)
    }

    /// The configuration for a crawl of all sites, with store and articles below `dir`.
    pub fn config(&self, dir: &Path) -> Config {
        let port = self.address.port();
        let resolve = self
            .sites
            .keys()
            .map(|host| ((host.clone(), port), self.address));
        let start = |host: &str| Url::parse(&format!("http://{host}:{port}/")).ok();
        let source = |host: &String| Source {
            name: host.trim_end_matches(".example").to_owned(),
            start: start(host).into_iter().collect(),
            max_depth: 1,
            ..Source::default()
        };
        let mut config = Config {
            network: NetworkSettings {
                resolve: resolve.collect(),
                ..NetworkSettings::default()
            },
            store: StoreSettings {
                location: dir.join("newsprint.db").into(),
                ..StoreSettings::default()
            },
            output: OutputSettings {
                dir: Some(dir.join("articles")),
                ..OutputSettings::default()
            },
            sources: self.sites.keys().map(source).collect(),
            ..Config::default()
        };
        config.crawl.requests_per_second = REQUESTS_PER_SECOND;
        config.crawl.recheck = std::time::Duration::from_secs(1);
        config.crawl.max_age = None;
        config
    }
}

impl Drop for Newsroom {
    fn drop(&mut self) {
        self.server.abort();
    }
}

#[cfg(test)]
mod tests;
