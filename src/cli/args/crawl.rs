//! The arguments of commands that crawl or work as a crawl does: `crawl`, `discover`, `reextract` and
//! `demo`.

use std::path::PathBuf;
use std::time::Duration;

use newsprint::article::RoleChoice;
use newsprint::config::Format;
use url::Url;

use super::{ReportFormat, duration, file_format_parser, role_parser};
use crate::cli::inputs::web_address;

const CRAWL_HELP: &str = "\
Examples:
  newsprint crawl
  newsprint crawl --dry-run --max-pages 50
  newsprint crawl -vv --source harbour-post     (which links are followed, which are not, and why)
  newsprint crawl --every 15m --metrics-file /var/lib/node_exporter/newsprint.prom
  */15 * * * *  /usr/local/bin/newsprint crawl --quiet --config /srv/news/config.toml    (crontab)

Exit codes:
  0   done; failures of single pages are reported, not fatal
  1   could not do the job: store unusable, disk full
  2   bad usage or bad configuration; nothing was fetched
  3   done, but a source needs attention: see `status` (`fail` in [health] says when)
  75  another crawl is using the same store; nothing was done, try again later
  129, 130, 143  stopped by a signal; what was finished is stored";

const DISCOVER_HELP: &str = "\
Examples:
  newsprint discover news.example.org
  newsprint discover https://news.example.org/ >> config.toml

The comments below the source count the links of the front page that a crawl follows, and those it passes \
over, by reason. Where nothing answers, the other scheme is tried, and the host with or without `www.`.

Exit codes:
  0  done
  1  the page could not be fetched
  2  bad usage or bad configuration; nothing was fetched
  4  found neither feeds, sitemaps nor links to articles; standard error says what is there
  5  refused by policy: robots.txt, an opt-out, a blocked address";

const REEXTRACT_HELP: &str = "\
Pages that were refused (not_article, index, soft_404…) are judged again too: an article that today's rules \
find on one is stored and written to the output. Of an article of several pages only the first is kept: if \
it was refused, the next crawl fetches all of them. A crawl does the same for refused pages by itself, after \
an upgrade or a change of the source's rules, `min_words` or `language`: up to 1,000 pages in a pass.

Examples:
  newsprint reextract --dry-run
  newsprint reextract --source harbour-post
  newsprint reextract --dry-run --format json | jq '.[].went'

Exit codes:
  0   done
  1   the store or the output cannot be used
  2   bad usage or bad configuration
  75  a crawl is using the store; nothing was done, try again later";

const DEMO_HELP: &str = "\
The folder has a config.toml, and every command works in it: status, explain, export, serve and the others by what \
was stored, and crawl, fetch and discover while the sites are served. What is there already stays as it is.

Examples:
  newsprint demo
  newsprint demo --output /tmp/newsroom && cat /tmp/newsroom/articles/*/*.jsonl
  newsprint demo --keep-serving    (in another terminal: cd newsprint-demo && newsprint crawl)

Exit codes:
  0  done
  1  could not do the job
  2  the folder has the configuration of another crawl
  130, 143  stopped by a signal";

#[derive(Debug, clap::Args)]
#[command(after_help = CRAWL_HELP)]
pub(crate) struct CrawlArgs {
    /// Only this source; may be repeated
    #[arg(long = "source", value_name = "NAME")]
    pub(crate) sources: Vec<String>,
    /// Fetch at most this many pages; front pages, feeds and sitemaps don't count
    #[arg(long, value_name = "N")]
    pub(crate) max_pages: Option<u64>,
    /// End after this time, such as 10m
    #[arg(long, value_name = "TIME", value_parser = duration)]
    pub(crate) time_limit: Option<Duration>,
    /// Keep running and start a pass at this interval, such as 15m
    #[arg(long, value_name = "TIME", value_parser = duration, conflicts_with = "dry_run")]
    pub(crate) every: Option<Duration>,
    /// Write metrics for Prometheus to a file after each pass (textfile collector)
    #[arg(long, value_name = "FILE")]
    pub(crate) metrics_file: Option<PathBuf>,
    /// Visit front pages, feeds and sitemaps only, print the pages that are due, store nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Format of the article files; overrides `format` in [output]
    #[arg(long, value_name = "FORMAT", value_parser = file_format_parser())]
    pub(crate) format: Option<Format>,
    /// Kinds of blocks that make up the text, separated by commas; overrides `include` in [output], and
    /// +caption adds to it, -list takes from it
    #[arg(long, value_name = "ROLES", value_delimiter = ',', allow_hyphen_values = true, value_parser = role_parser())]
    pub(crate) include: Option<Vec<RoleChoice>>,
    /// Folder of the article files; overrides `dir` in [output]
    #[arg(short, long, value_name = "DIR")]
    pub(crate) output: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
#[command(after_help = DISCOVER_HELP)]
pub(crate) struct DiscoverArgs {
    /// The front page of the site; https:// is assumed
    #[arg(value_name = "URL", value_parser = web_address)]
    pub(crate) url: Url,
}

#[derive(Debug, clap::Args)]
#[command(after_help = REEXTRACT_HELP)]
pub(crate) struct ReextractArgs {
    /// Only this source; may be repeated
    #[arg(long = "source", value_name = "NAME")]
    pub(crate) sources: Vec<String>,
    /// Show what would change, and change nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Text to read, or JSON for scripts [default: text]
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub(crate) format: Option<ReportFormat>,
}

#[derive(Debug, clap::Args)]
#[command(after_help = DEMO_HELP)]
pub(crate) struct DemoArgs {
    /// Folder for the configuration, the store and the articles [default: newsprint-demo, or the current folder if it
    /// is one that a demo has left]
    #[arg(short, long, value_name = "DIR")]
    pub(crate) output: Option<PathBuf>,
    /// Go on serving the sites after the crawl, until Ctrl-C
    #[arg(long)]
    pub(crate) keep_serving: bool,
}
