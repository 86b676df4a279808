//! The arguments of commands that work on pages: `fetch`, `extract`, `explain` and `features`.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::ValueEnum;
use newsprint::article::RoleChoice;
use newsprint::config::Format;
use url::Url;

use super::{ReportFormat, format_parser, role_parser};
use crate::cli::inputs::web_address;

const FETCH_HELP: &str = "\
Examples:
  newsprint fetch https://news.example.org/2026/ferry-returns
  newsprint fetch --format markdown --output ferry.md https://news.example.org/2026/ferry-returns
  newsprint fetch --format markdown --with images --include +caption news.example.org/2026/ferry
  newsprint fetch --input-file urls.txt > articles.jsonl
  newsprint fetch --report --input-file urls.txt | jq -c 'select(.outcome) | {url, reason}'

Exit codes:
  0  done
  1  no page could be fetched
  2  bad usage or bad configuration; nothing was fetched
  3  some of several pages failed or contain no article; each is named on standard error
  4  the page contains no article (one URL)
  5  refused by policy: robots.txt, an opt-out, a blocked address, a page too large (one URL)";

const EXTRACT_HELP: &str = "\
Examples:
  newsprint extract page.html
  curl -s https://news.example.org/a | newsprint extract --url https://news.example.org/a
  find . -name '*.html' | newsprint extract --format text --output texts/ --input-file -
  newsprint extract --output articles/ CC-NEWS-*.warc.gz    (a .jsonl each; run again to go on)
  newsprint extract --report saved-pages/ | jq -c 'select(.outcome) | {source, reason}'

Exit codes:
  0  done
  1  no page could be read
  2  bad usage or bad configuration
  3  some of several pages failed or contain no article, or an archive is damaged; each is named on
     standard error; pages of archives without an article are counted only
  4  the page contains no article (one page)";

const EXPLAIN_HELP: &str = "\
Examples:
  newsprint explain page.html
  newsprint explain -v https://news.example.org/2026/ferry-returns     (with features)
  newsprint explain b2513cd2f5f148d9     (an article of the store, by its `id`: without a request)
  newsprint explain --format json page.html | jq '.blocks[] | select(.kept)'
  newsprint explain --html why.html --url https://news.example.org/a page.html

Exit codes:
  0  done
  1  the page could not be fetched or read
  2  bad usage or bad configuration; nothing was fetched
  5  refused by policy: robots.txt, an opt-out, a blocked address, a limit";

const FEATURES_HELP: &str = "\
Examples:
  newsprint features --output rows/ pages/*.html.gz
  newsprint features --model new.model --output rows/ --input-file pages.txt

Exit codes:
  0  done
  1  a page, the model or the folder cannot be used
  2  bad usage";

#[derive(Debug, clap::Args)]
#[command(after_help = FETCH_HELP)]
pub(crate) struct FetchArgs {
    /// Addresses of pages; https:// is assumed
    #[arg(value_name = "URL", required_unless_present = "input_file", value_parser = web_address)]
    pub(crate) urls: Vec<Url>,
    /// Read addresses from a file, one per line; - is standard input
    #[arg(long, value_name = "FILE")]
    pub(crate) input_file: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) article: ArticleArgs,
}

#[derive(Debug, clap::Args)]
#[command(after_help = EXTRACT_HELP)]
pub(crate) struct ExtractArgs {
    /// HTML files, folders, .gz files, WARC archives (.warc, .warc.gz, .warc.zst) and patterns of paths; - is
    /// standard input, which is also read where no path is given
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// Read paths from a file, one per line; - is standard input
    #[arg(long, value_name = "FILE")]
    pub(crate) input_file: Option<PathBuf>,
    /// The address of the page (one page only)
    #[arg(long, value_name = "URL", value_parser = web_address)]
    pub(crate) url: Option<Url>,
    /// Number of pages to work on at once [default: the number of processors]
    #[arg(long, value_name = "N")]
    pub(crate) jobs: Option<NonZeroUsize>,
    /// Extract each page by itself, without comparing the pages of a host
    #[arg(long)]
    pub(crate) no_site_memory: bool,
    /// Compare the pages of a host in archives, too: they are read three times, and every host takes memory
    #[arg(long, conflicts_with = "no_site_memory")]
    pub(crate) site_memory: bool,
    /// Score blocks with this model instead of the built-in one
    #[arg(long, value_name = "FILE", hide = true)]
    pub(crate) model: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) article: ArticleArgs,
}

/// What the articles should contain, in which format, and where they go.
#[derive(Debug, clap::Args)]
pub(crate) struct ArticleArgs {
    /// Format of the articles [default: by the name of the output file, or else text for one page, jsonl for
    /// several]
    #[arg(long, value_name = "FORMAT", value_parser = format_parser())]
    pub(crate) format: Option<Format>,
    /// Begin CSV with a byte order mark, by which spreadsheets recognise UTF-8
    #[arg(long)]
    pub(crate) bom: bool,
    /// Kinds of blocks that make up the text, separated by commas; +caption adds to, -list takes from the usual
    /// ones [default: all but captions]
    #[arg(long, value_name = "ROLES", value_delimiter = ',', allow_hyphen_values = true, value_parser = role_parser())]
    pub(crate) include: Option<Vec<RoleChoice>>,
    /// Additional fields of the record, separated by commas; `images` also puts pictures into Markdown and HTML
    #[arg(long, value_name = "FIELDS", value_delimiter = ',', value_enum)]
    pub(crate) with: Vec<With>,
    /// Print the main text of any page, even if it is not an article
    #[arg(long)]
    pub(crate) any_kind: bool,
    /// Write a line for every page: the record, or an object with `outcome` and `reason` where there is no
    /// article (JSON Lines)
    #[arg(long)]
    pub(crate) report: bool,
    /// Write to a file, or to a folder with one file per article, or per archive as JSON Lines, CSV or Parquet; - is
    /// standard output
    #[arg(short, long, value_name = "FILE|DIR")]
    pub(crate) output: Option<PathBuf>,
}

/// Fields that a record has only on request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum With {
    Blocks,
    Markdown,
    Html,
    Images,
    Links,
}

#[derive(Debug, clap::Args)]
#[command(after_help = EXPLAIN_HELP)]
pub(crate) struct ExplainArgs {
    /// The address of a page, a file, or the `id` of an article in the store; - is standard input, which is also read
    /// where nothing is given
    #[arg(value_name = "URL|PATH|ID")]
    pub(crate) page: Option<String>,
    /// Explain the page of this address as the store keeps it, without a request
    #[arg(long, conflicts_with = "url")]
    pub(crate) stored: bool,
    /// The address of the page in the file
    #[arg(long, value_name = "URL", value_parser = web_address)]
    pub(crate) url: Option<Url>,
    /// Text to read, or JSON for scripts [default: text]
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub(crate) format: Option<ReportFormat>,
    /// Write an HTML page that shows the text with kept and dropped blocks in colour
    #[arg(long, value_name = "FILE", conflicts_with = "format")]
    pub(crate) html: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
#[command(after_help = FEATURES_HELP)]
pub(crate) struct FeaturesArgs {
    /// HTML files
    #[arg(value_name = "PATH", required_unless_present = "input_file")]
    pub(crate) paths: Vec<PathBuf>,
    /// Read paths from a file, one per line; - is standard input
    #[arg(long, value_name = "FILE")]
    pub(crate) input_file: Option<PathBuf>,
    /// Make the first pass with this model instead of the built-in one
    #[arg(long, value_name = "FILE")]
    pub(crate) model: Option<PathBuf>,
    /// Folder to write to
    #[arg(short, long, value_name = "DIR")]
    pub(crate) output: PathBuf,
}
