//! The archive for language-model clients: tools of the Model Context Protocol, on standard input and output and over
//! streamable HTTP. What comes from pages is marked as such in every answer (`untrusted`), its length is bounded, and a
//! tool that fails says what to do.

mod archive;
mod arguments;
mod catalogue;
mod recent;
mod search;
mod server;
mod tools;
mod untrusted;

use std::sync::Arc;

use axum::Router;
use rmcp::ServiceExt as _;
use rmcp::service::{QuitReason, ServerInitializeError};
use rmcp::transport::StreamableHttpServerConfig;
use rmcp::transport::streamable_http_server::StreamableHttpService;
use rmcp::transport::streamable_http_server::session::never::NeverSessionManager;
use tokio_util::sync::CancellationToken;

use crate::client::Client;
use crate::config::Config;
use crate::fetch::SetupError;
use crate::serve::app::App;
use archive::Archive;
use recent::Recent;
use tools::Tools;

/// The tools on standard input and output could not be served.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum McpError {
    /// The HTTP client can't be set up.
    #[error(transparent)]
    Fetch(#[from] SetupError),
    /// The other end does not speak the protocol.
    #[error(
        "the client on standard input does not speak MCP: {0}; `newsprint mcp` is started by a program that does"
    )]
    Protocol(Box<ServerInitializeError>),
    /// A fault of newsprint.
    #[error("a fault of newsprint; please report it")]
    Fault,
}

/// Serves the tools on standard input and output until that ends or the server is stopped. With `archive`, the store of
/// the configuration is searched and read; it need not exist before it is needed.
///
/// # Errors
/// Fails where the client can't be set up, and where the other end does not speak the protocol.
pub async fn on_standard_io(
    config: &Config,
    archive: bool,
    stop: &CancellationToken,
) -> Result<(), McpError> {
    let archive = if archive {
        Archive::at(config.store.location.clone())
    } else {
        Archive::None
    };
    let client = Client::builder().config(config).build()?;
    let tools = Tools::new(config, client, archive.clone());
    let ended = serve(tools, stop).await;
    archive.close().await;
    ended
}

async fn serve(tools: Tools, stop: &CancellationToken) -> Result<(), McpError> {
    let serving = tools.serve(rmcp::transport::stdio());
    let running = tokio::select! {
        serving = serving => match serving {
            Ok(running) => running,
            // It ended before it said anything.
            Err(ServerInitializeError::ConnectionClosed(_)) => return Ok(()),
            Err(error) => return Err(McpError::Protocol(Box::new(error))),
        },
        () = stop.cancelled() => return Ok(()),
    };
    let ended = tokio::select! {
        ended = running.waiting() => ended,
        () = stop.cancelled() => return Ok(()),
    };
    match ended {
        Ok(QuitReason::JoinError(_)) | Err(_) => Err(McpError::Fault),
        Ok(_) => Ok(()),
    }
}

/// The path at which the tools are served over streamable HTTP. The guard has checked the host, the origin and the token
/// of each request by then. No sessions are kept: each request stands for itself.
pub(super) fn routes(app: &Arc<App>, stop: &CancellationToken) -> Router<Arc<App>> {
    let recent: Arc<Recent> = Arc::default();
    let of_app = Arc::clone(app);
    let tools = move || {
        let loaded = of_app.loaded();
        let archive = Archive::Open(Arc::clone(of_app.store()));
        let tools = Tools::new(&loaded.config, loaded.client.clone(), archive);
        Ok(Tools {
            recent: Arc::clone(&recent),
            clock: of_app.clock().clone(),
            ..tools
        })
    };
    let most = usize::try_from(app.loaded().config.crawl.max_body).unwrap_or(usize::MAX);
    let config = StreamableHttpServerConfig::default()
        .disable_allowed_hosts()
        .with_legacy_session_mode(false)
        .with_max_request_body_bytes(most.saturating_mul(2).saturating_add(1 << 20))
        .with_cancellation_token(stop.child_token());
    let service =
        StreamableHttpService::new(tools, Arc::new(NeverSessionManager::default()), config);
    Router::new().route_service("/mcp", service)
}
