//! The arguments of `mcp`.

const MCP_HELP: &str = "\
Clients start this command themselves. Most of them read a list of servers like this one:

  {
    \"mcpServers\": {
      \"newsprint\": {
        \"command\": \"newsprint\",
        \"args\": [\"mcp\", \"--config\", \"/home/me/news/config.toml\"]
      }
    }
  }

The tools are fetch_article, extract_html, search_archive, get_article and source_health. Without a \
configuration, the first two work. `newsprint serve` has the same tools over HTTP, at /mcp.

Standard output carries the protocol; the log goes to standard error. The command ends when standard \
input does.

Examples:
  newsprint mcp --config /home/me/news/config.toml
  npx @modelcontextprotocol/inspector newsprint mcp   # try the tools by hand

Exit codes:
  0  done
  1  the client does not speak the protocol
  2  bad usage or bad configuration
  129, 130, 143  stopped by a signal";

#[derive(Debug, clap::Args)]
#[command(after_help = MCP_HELP)]
pub(crate) struct McpArgs {}
