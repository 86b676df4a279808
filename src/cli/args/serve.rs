//! The arguments of `serve`.

use std::net::SocketAddr;
use std::path::PathBuf;

const SERVE_HELP: &str = "\
In a browser: how each source is doing, what was lost and why, sources to add, articles to read and search, and \
blocks of a page to point at where a site has to be corrected. For other programs: the same as JSON (/openapi.json \
describes it), Atom feeds (/feed.xml) and MCP (/mcp).

Only this machine can reach it unless --listen names another address, which takes a token: as a bearer token, or as \
the password that the browser asks for.

Examples:
  newsprint serve
  newsprint serve --read-only --listen 127.0.0.1:9000
  newsprint serve --listen 0.0.0.0:8765 --token-file token.txt --allow-host desk.example.org

Exit codes:
  0  done
  1  the store or the address cannot be used
  2  bad usage or bad configuration
  129, 130, 143  stopped by a signal";

#[derive(Debug, clap::Args)]
#[command(after_help = SERVE_HELP)]
pub(crate) struct ServeArgs {
    /// The address to listen on
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8765")]
    pub(crate) listen: SocketAddr,
    /// File with the token that clients have to send, of 16 characters or more; `NEWSPRINT_TOKEN` holds one too
    #[arg(long, value_name = "FILE")]
    pub(crate) token_file: Option<PathBuf>,
    /// A name by which clients may call this server, besides `localhost` and its address
    #[arg(long = "allow-host", value_name = "NAME")]
    pub(crate) hosts: Vec<String>,
    /// Change nothing: no retries, no new sources, no rules
    #[arg(long)]
    pub(crate) read_only: bool,
}
