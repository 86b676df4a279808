//! The archive in the browser, as JSON and for language-model clients: pages, API and MCP over one store.
//!
//! Every request passes `guard` first, which is the one place for hosts, tokens, rates and limits. `GET` changes
//! nothing. Pages are templates with escaping on: what is shown of a page, a feed or an address is data.

mod accept;
mod api;
mod app;
mod chart;
mod corrections;
mod dates;
pub mod explain;
mod failure;
mod feed;
mod foreign;
mod guard;
mod indexing;
mod jobs;
mod markup;
pub mod mcp;
mod notices;
mod numbered;
mod overview;
mod pages;
mod raw_pages;
mod reading;
mod routes;

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::config::{Config, ConfigError};
use crate::crawl::Clock;
use crate::fetch::SetupError;
use crate::store::StoreError;
use app::App;
pub use overview::status_page;

/// Where and how to serve.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The file of the configuration; it need not exist.
    pub config_file: PathBuf,
    /// What it says.
    pub config: Config,
    /// The address to listen on. A port of 0 takes any that is free.
    pub listen: SocketAddr,
    /// What every client has to present; needed unless the address is a loopback one.
    pub token: Option<String>,
    /// Names by which clients may call the server, besides its addresses.
    pub hosts: Vec<String>,
    /// Nothing can be changed.
    pub read_only: bool,
    /// What time it is.
    pub clock: Clock,
}

/// The server could not be started.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ServeError {
    /// The address is reachable from other machines, and nothing keeps them out.
    #[error(
        "{0} can be reached from other machines; give a token with --token-file or NEWSPRINT_TOKEN, or listen on 127.0.0.1"
    )]
    NoToken(SocketAddr),
    /// The token can be guessed.
    #[error("the token has {0} characters; take at least 16, such as from `openssl rand -hex 32`")]
    ShortToken(usize),
    /// The address can't be had.
    #[error("cannot listen on {address}: {source}; choose another with --listen")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// What the system reported.
        source: io::Error,
    },
    /// The store can't be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The HTTP client can't be set up.
    #[error(transparent)]
    Fetch(#[from] SetupError),
    /// The configuration can't be read.
    #[error(transparent)]
    Config(#[from] ConfigError),
}

/// A server that listens.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
    app: Arc<App>,
}

impl Server {
    /// Opens the store, or creates one, and listens.
    ///
    /// # Errors
    /// Fails where the store or the address can't be had, and without a token where one is needed.
    pub async fn bind(settings: Settings) -> Result<Server, ServeError> {
        let address = settings.listen;
        match &settings.token {
            None if !address.ip().is_loopback() => return Err(ServeError::NoToken(address)),
            Some(token) if token.len() < guard::SHORTEST_TOKEN => {
                return Err(ServeError::ShortToken(token.len()));
            }
            _ => {}
        }
        let failed = |source| ServeError::Listen { address, source };
        let listener = TcpListener::bind(address).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let app = App::open(settings, address).await?;
        Ok(Server {
            listener,
            address,
            app,
        })
    }

    /// The address that it listens on.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Serves until it is stopped: requests in flight have some seconds to end.
    pub async fn run(self, stop: &CancellationToken) {
        let router = routes::router(&self.app, stop);
        let (app, ended) = (Arc::clone(&self.app), stop.child_token());
        let indexing = {
            let ended = ended.clone();
            tokio::spawn(async move { app.indexing().run(app.store(), &ended).await })
        };
        guard::connections::serve(self.listener, router, stop).await;
        ended.cancel();
        // A panic there has been reported.
        let _ = indexing.await;
        self.app.close().await;
    }
}
