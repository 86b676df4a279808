//! The demo: a few small news sites made for this project, embedded in the binary and served on loopback
//! by host name, to show a complete crawl without a network.

mod server;
mod settings;
mod site;

use std::collections::BTreeMap;
use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::task::JoinHandle;

use crate::config::{Config, ConfigError};
pub use settings::served_at;
use site::Site;

/// Pages that are left as files, to be extracted and explained: the file's name, the site and the path. The first has an
/// old layout, the second a modern one.
const SAVED: [(&str, &str, &str); 2] = [
    (
        "page.html",
        "daily-lantern.example",
        "/news/culture/2026110000.html",
    ),
    (
        "ferry.html",
        "harbour-post.example",
        "/2026/11/night-ferry-sails-again/",
    ),
];

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
        Newsroom::start_at(SocketAddr::from(([127, 0, 0, 1], 0))).await
    }

    /// Serves the sites at this address; port 0 is any that is free.
    ///
    /// # Errors
    /// Fails if the address is in use.
    pub async fn start_at(address: SocketAddr) -> io::Result<Newsroom> {
        let listener = tokio::net::TcpListener::bind(address).await?;
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

    /// The text of a configuration for a crawl of all sites: a `config.toml`.
    pub fn config_text(&self) -> String {
        settings::text(self.address, self.sites.keys())
    }

    /// That configuration, with store and articles below `dir`.
    ///
    /// # Errors
    /// Fails where the text has a problem, which a test rules out.
    pub fn config(&self, dir: &Path) -> Result<Config, ConfigError> {
        let mut config = Config::parse(&self.config_text(), &dir.join("config.toml"))?;
        config.store.location = dir.join("newsprint.db").into();
        config.output.dir = Some(dir.join("articles"));
        Ok(config)
    }
}

/// Some articles of the sites as they are served, among all that stands around them, with the names of files for them.
pub fn saved_pages() -> Vec<(&'static str, Vec<u8>)> {
    let sites = site::all();
    let saved = SAVED.iter().filter_map(|&(name, host, path)| {
        let site = sites.get(host)?;
        let body = site.body(site.routes.get(path)?, &format!("http://{host}"));
        Some((name, body))
    });
    saved.collect()
}

impl Drop for Newsroom {
    fn drop(&mut self) {
        self.server.abort();
    }
}

#[cfg(test)]
mod tests;
