//! The arguments as they are typed. Whatever `config.toml` or a rule may decide is an `Option`
//! here; [`super::settings`] decides it.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::Duration;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{ArgAction, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use newsprint::article::Role;
use newsprint::config::{Format, units};
use url::Url;

use super::times::Moment;
use rules::Rules;

pub(crate) mod rules;

const CODES: &str = "\
Exit codes:
  0   done
  1   could not do the job
  2   bad usage or bad configuration; nothing was fetched
  3   done in part
  4   the page holds no article
  5   refused by policy: robots.txt, a blocked address, a limit
  75  another crawl holds the same store
  130, 143  stopped by a signal";

const FETCH_HELP: &str = "\
Examples:
  newsprint fetch https://news.example.org/2026/ferry-returns
  newsprint fetch --format markdown --output ferry.md https://news.example.org/2026/ferry-returns
  newsprint fetch --input-file urls.txt > articles.jsonl

Exit codes:
  0  done
  1  no page could be fetched
  2  bad usage or bad configuration; nothing was fetched
  3  some of several pages failed; each is named on standard error
  4  the page holds no article
  5  refused by policy: robots.txt, a blocked address, a page too large (one URL)";

const EXTRACT_HELP: &str = "\
Examples:
  newsprint extract page.html
  curl -s https://news.example.org/a | newsprint extract --url https://news.example.org/a -
  newsprint extract saved-pages/ > articles.jsonl
  find . -name '*.html' | newsprint extract --format text --output texts/ --input-file -

Exit codes:
  0  done
  1  no page could be read
  2  bad usage or bad configuration
  3  some of several pages failed; each is named on standard error
  4  the page holds no article";

const CRAWL_HELP: &str = "\
Examples:
  newsprint crawl
  newsprint crawl --source harbour-post --max-pages 50
  newsprint crawl --dry-run
  newsprint crawl --every 15m --metrics-file /var/lib/node_exporter/newsprint.prom
  */15 * * * *  cd /srv/news && newsprint crawl --quiet     (a line for cron)

Exit codes:
  0   done; failures of single pages are reported, not fatal
  1   could not do the job: store unusable, disk full
  2   bad usage or bad configuration; nothing was fetched
  3   done, but a source needs a person, for it is unreachable, quiet or thin: see `status`
  75  another crawl holds the same store: nothing done, try later
  130, 143  stopped by a signal, after what was finished was stored";

const EXPORT_HELP: &str = "\
Examples:
  newsprint export > all.jsonl
  newsprint export --since 24h --source harbour-post
  newsprint export --since 2026-11-01 --until 2026-12-01 --format markdown --output november/

Exit codes:
  0  done
  1  the store or the output cannot be used
  2  bad usage or bad configuration";

const STATUS_HELP: &str = "\
Examples:
  newsprint status
  newsprint status --format json
  newsprint status --html status.html

Exit codes:
  0  done
  1  the store cannot be used
  2  bad usage or bad configuration";

const EXPLAIN_HELP: &str = "\
Examples:
  newsprint explain page.html
  newsprint explain https://news.example.org/2026/ferry-returns
  newsprint explain --format json page.html | jq '.blocks[] | select(.kept)'
  newsprint explain --html why.html --url https://news.example.org/a page.html

Exit codes:
  0  done
  1  the page could not be fetched or read
  2  bad usage or bad configuration; nothing was fetched
  5  refused by policy: robots.txt, a blocked address, a limit";

const DISCOVER_HELP: &str = "\
Examples:
  newsprint discover news.example.org
  newsprint discover https://news.example.org/ >> config.toml

Exit codes:
  0  done
  1  the page could not be fetched
  2  bad usage or bad configuration; nothing was fetched
  5  refused by policy: robots.txt, a blocked address";

const REEXTRACT_HELP: &str = "\
Examples:
  newsprint reextract --dry-run
  newsprint reextract --source harbour-post
  newsprint reextract --dry-run --format json | jq '.[].went'

Exit codes:
  0   done
  1   the store or the output cannot be used
  2   bad usage or bad configuration
  75  a crawl holds the store: nothing done, try later";

const DIFF_HELP: &str = "\
Examples:
  newsprint diff 3f2a9c04d1e85b67
  newsprint export | jq -r 'select(.revision > 1).id' | xargs -n 1 newsprint diff

Exit codes:
  0  done
  1  the store cannot be used, or holds no such article
  2  bad usage or bad configuration";

const DEMO_HELP: &str = "\
Examples:
  newsprint demo
  newsprint demo --output /tmp/newsroom && cat /tmp/newsroom/articles/*/*.jsonl

Exit codes:
  0  done
  1  could not do the job";

const FEATURES_HELP: &str = "\
Examples:
  newsprint features --output rows/ pages/*.html.gz
  newsprint features --model new.model --output rows/ --input-file pages.txt

Exit codes:
  0  done
  1  a page, the model or the folder cannot be used
  2  bad usage";

const COMPLETIONS_HELP: &str = "\
Examples:
  newsprint completions bash > ~/.local/share/bash-completion/completions/newsprint
  newsprint completions zsh > ~/.zfunc/_newsprint
  newsprint completions fish > ~/.config/fish/completions/newsprint.fish

Exit codes:
  0  done
  2  bad usage";

const MAN_HELP: &str = "\
Examples:
  newsprint man > newsprint.1
  newsprint man | man -l -

Exit codes:
  0  done
  2  bad usage";

/// Clean article text from news pages
#[derive(Debug, Parser)]
#[command(name = "newsprint", version, about, after_help = CODES)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) common: Common,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What every command takes.
#[derive(Debug, clap::Args)]
pub(crate) struct Common {
    /// Settings file; `config.toml` unless named, which `fetch` and `extract` can do without
    #[arg(
        long,
        global = true,
        env = "NEWSPRINT_CONFIG",
        hide_env_values = true,
        value_name = "FILE"
    )]
    pub(crate) config: Option<PathBuf>,
    /// Print errors only
    #[arg(short, long, global = true)]
    pub(crate) quiet: bool,
    /// Say more: -v each visit, -vv each request, -vvv everything
    #[arg(short, long, global = true, action = ArgAction::Count)]
    pub(crate) verbose: u8,
    /// Draw no progress on the terminal
    #[arg(long, global = true)]
    pub(crate) no_progress: bool,
    /// Form of the log on standard error [default: text]
    #[arg(long, global = true, value_enum, value_name = "FORM")]
    pub(crate) log_format: Option<LogFormat>,
}

/// The form of log lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogFormat {
    Text,
    Json,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Fetch pages, politely, and print their articles
    Fetch(Fetch),
    /// Extract articles from saved pages; touches no network
    Extract(Extract),
    /// One pass over the sources of config.toml: find, fetch, extract, store
    Crawl(Crawl),
    /// Print or write articles out of the store
    Export(Export),
    /// Show how each source is doing
    Status(Status),
    /// Tell why each block of a page was kept or dropped, and where each field comes from
    Explain(Explain),
    /// Hold your own rules against stored pages and saved cases, or take rules over from elsewhere
    Rules(Rules),
    /// Look for a site's feeds, sitemaps and sections, and print a source for config.toml
    Discover(Discover),
    /// Extract the stored raw pages again with today's rules, and tell what changes
    Reextract(Reextract),
    /// Show the revisions of an article, paragraph by paragraph
    Diff(Diff),
    /// Crawl a small newsroom of our own on loopback: the whole way, without a network
    Demo(Demo),
    /// Write what training needs to know of pages
    #[command(hide = true)]
    Features(Features),
    /// Print a completion script for a shell
    Completions(Completions),
    /// Print the manual page, as roff
    #[command(after_help = MAN_HELP)]
    Man,
}

#[derive(Debug, clap::Args)]
#[command(after_help = FETCH_HELP)]
pub(crate) struct Fetch {
    /// Addresses of pages; https:// may be left out
    #[arg(value_name = "URL", required_unless_present = "input_file", value_parser = super::inputs::web_address)]
    pub(crate) urls: Vec<Url>,
    /// Read addresses from a file, one a line; - is standard input
    #[arg(long, value_name = "FILE")]
    pub(crate) input_file: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) text: Text,
}

#[derive(Debug, clap::Args)]
#[command(after_help = EXTRACT_HELP)]
pub(crate) struct Extract {
    /// HTML files, folders, .gz, .warc and .warc.gz files; - is standard input
    #[arg(value_name = "PATH", required_unless_present = "input_file")]
    pub(crate) paths: Vec<PathBuf>,
    /// Read paths from a file, one a line; - is standard input
    #[arg(long, value_name = "FILE")]
    pub(crate) input_file: Option<PathBuf>,
    /// The address that the page came from (one page only)
    #[arg(long, value_name = "URL", value_parser = super::inputs::web_address)]
    pub(crate) url: Option<Url>,
    /// Pages to work on at once [default: the number of processors]
    #[arg(long, value_name = "N")]
    pub(crate) jobs: Option<NonZeroUsize>,
    /// Judge each page by itself, not by what the pages of its host have in common
    #[arg(long)]
    pub(crate) no_site_memory: bool,
    /// Score blocks with this model in place of the built-in one
    #[arg(long, value_name = "FILE", hide = true)]
    pub(crate) model: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) text: Text,
}

/// What the articles should hold, in which form, and where they should go.
#[derive(Debug, clap::Args)]
pub(crate) struct Text {
    /// Form of the articles [default: text for one page, jsonl for several]
    #[arg(long, value_name = "FORM", value_parser = format_parser())]
    pub(crate) format: Option<Format>,
    /// What makes the text, joined by commas [default: all but captions]
    #[arg(long, value_name = "ROLES", value_delimiter = ',', value_parser = role_parser())]
    pub(crate) include: Option<Vec<Role>>,
    /// Further fields of the record, joined by commas
    #[arg(long, value_name = "FIELDS", value_delimiter = ',', value_enum)]
    pub(crate) with: Vec<With>,
    /// Print the main text also of pages that are no articles
    #[arg(long)]
    pub(crate) any_kind: bool,
    /// Write to a file; or to a folder, one file an article
    #[arg(short, long, value_name = "FILE|DIR")]
    pub(crate) output: Option<PathBuf>,
}

/// Fields that a record has only where they are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum With {
    Blocks,
    Markdown,
    Html,
}

#[derive(Debug, clap::Args)]
#[command(after_help = CRAWL_HELP)]
pub(crate) struct Crawl {
    /// Only this source; may be repeated
    #[arg(long = "source", value_name = "NAME")]
    pub(crate) sources: Vec<String>,
    /// Fetch this many pages at most; front pages, feeds and sitemaps don't count
    #[arg(long, value_name = "N")]
    pub(crate) max_pages: Option<u64>,
    /// End after this long, such as 10m
    #[arg(long, value_name = "TIME", value_parser = duration)]
    pub(crate) time_limit: Option<Duration>,
    /// Stay up, and begin a pass every so often, such as 15m
    #[arg(long, value_name = "TIME", value_parser = duration, conflicts_with = "dry_run")]
    pub(crate) every: Option<Duration>,
    /// Write metrics for Prometheus to a file after each pass (textfile collector)
    #[arg(long, value_name = "FILE")]
    pub(crate) metrics_file: Option<PathBuf>,
    /// Visit front pages, feeds and sitemaps only, print the pages that are due, store nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Form of the article files, in place of [output] format
    #[arg(long, value_name = "FORM", value_parser = file_format_parser())]
    pub(crate) format: Option<Format>,
    /// What makes the text, joined by commas, in place of [output] include
    #[arg(long, value_name = "ROLES", value_delimiter = ',', value_parser = role_parser())]
    pub(crate) include: Option<Vec<Role>>,
    /// Folder of the article files, in place of [output] dir
    #[arg(short, long, value_name = "DIR")]
    pub(crate) output: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
#[command(after_help = EXPORT_HELP)]
pub(crate) struct Export {
    /// Fetched at this time or later: a day, a time (RFC 3339), or how long ago, such as 24h
    #[arg(long, value_name = "WHEN")]
    pub(crate) since: Option<Moment>,
    /// Fetched before this time, in the same forms; a day counts from its beginning in UTC
    #[arg(long, value_name = "WHEN")]
    pub(crate) until: Option<Moment>,
    /// Only this source; may be repeated
    #[arg(long = "source", value_name = "NAME")]
    pub(crate) sources: Vec<String>,
    /// Form of the articles [default: jsonl]
    #[arg(long, value_name = "FORM", value_parser = format_parser())]
    pub(crate) format: Option<Format>,
    /// Write to a file; or to a folder, one file an article
    #[arg(short, long, value_name = "FILE|DIR")]
    pub(crate) output: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
#[command(after_help = STATUS_HELP)]
pub(crate) struct Status {
    /// A table, or an array of objects for scripts [default: text]
    #[arg(long, value_enum, value_name = "FORM")]
    pub(crate) format: Option<StatusFormat>,
    /// Write a page to look at in a browser, in place of the table
    #[arg(long, value_name = "FILE", conflicts_with = "format")]
    pub(crate) html: Option<PathBuf>,
}

/// The form of `status`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum StatusFormat {
    Text,
    Json,
}

#[derive(Debug, clap::Args)]
#[command(after_help = EXPLAIN_HELP)]
pub(crate) struct Explain {
    /// The address of a page, or a file; - is standard input
    #[arg(value_name = "URL|PATH")]
    pub(crate) page: String,
    /// The address that the page in the file came from
    #[arg(long, value_name = "URL", value_parser = super::inputs::web_address)]
    pub(crate) url: Option<Url>,
    /// Lines to read, or an object for scripts [default: text]
    #[arg(long, value_enum, value_name = "FORM")]
    pub(crate) format: Option<StatusFormat>,
    /// Write a page to look at in a browser: the text in its order, coloured by what became of it
    #[arg(long, value_name = "FILE", conflicts_with = "format")]
    pub(crate) html: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
#[command(after_help = DISCOVER_HELP)]
pub(crate) struct Discover {
    /// The front page of the site; https:// may be left out
    #[arg(value_name = "URL", value_parser = super::inputs::web_address)]
    pub(crate) url: Url,
}

#[derive(Debug, clap::Args)]
#[command(after_help = REEXTRACT_HELP)]
pub(crate) struct Reextract {
    /// Only this source; may be repeated
    #[arg(long = "source", value_name = "NAME")]
    pub(crate) sources: Vec<String>,
    /// Tell what would change, and change nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Lines to read, or an array of objects for scripts [default: text]
    #[arg(long, value_enum, value_name = "FORM")]
    pub(crate) format: Option<StatusFormat>,
}

#[derive(Debug, clap::Args)]
#[command(after_help = DIFF_HELP)]
pub(crate) struct Diff {
    /// The article's `id`, as in its record
    #[arg(value_name = "ID")]
    pub(crate) id: String,
    /// Lines to read, or an array of objects for scripts [default: text]
    #[arg(long, value_enum, value_name = "FORM")]
    pub(crate) format: Option<StatusFormat>,
}

#[derive(Debug, clap::Args)]
#[command(after_help = DEMO_HELP)]
pub(crate) struct Demo {
    /// Folder for the store and the articles [default: newsprint-demo]
    #[arg(short, long, value_name = "DIR")]
    pub(crate) output: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
#[command(after_help = FEATURES_HELP)]
pub(crate) struct Features {
    /// HTML files
    #[arg(value_name = "PATH", required_unless_present = "input_file")]
    pub(crate) paths: Vec<PathBuf>,
    /// Read paths from a file, one a line; - is standard input
    #[arg(long, value_name = "FILE")]
    pub(crate) input_file: Option<PathBuf>,
    /// Look with this model in place of the built-in one
    #[arg(long, value_name = "FILE")]
    pub(crate) model: Option<PathBuf>,
    /// Folder to write to
    #[arg(short, long, value_name = "DIR")]
    pub(crate) output: PathBuf,
}

#[derive(Debug, clap::Args)]
#[command(after_help = COMPLETIONS_HELP)]
pub(crate) struct Completions {
    /// The shell
    #[arg(value_name = "SHELL", value_enum)]
    pub(crate) shell: Shell,
}

fn duration(text: &str) -> Result<Duration, &'static str> {
    units::duration(text)
        .filter(|it| !it.is_zero())
        .ok_or("write a duration such as 90s, 10m or 2h")
}

fn format_parser() -> impl TypedValueParser<Value = Format> {
    named(Format::ALL.map(|(name, _)| name), Format::from_name)
}

/// The forms that a crawl can write: those of `[output] format`.
fn file_format_parser() -> impl TypedValueParser<Value = Format> {
    named(["text", "markdown", "jsonl"], Format::from_name)
}

fn role_parser() -> impl TypedValueParser<Value = Role> {
    named(Role::ALL.map(Role::name), Role::from_name)
}

/// Names that the library knows, as values that help and completions can list.
fn named<T, const N: usize>(
    names: [&'static str; N],
    read: fn(&str) -> Option<T>,
) -> impl TypedValueParser<Value = T>
where
    T: Clone + Send + Sync + 'static,
{
    PossibleValuesParser::new(names).try_map(move |name| read(&name).ok_or("unknown name"))
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_definitions_agree_with_each_other() {
        Args::command().debug_assert();
    }

    #[test]
    fn every_command_has_examples_and_exit_codes() {
        for command in Args::command().get_subcommands() {
            let help = command.get_after_help().unwrap_or_default().to_string();
            let examples = help.lines().filter(|it| it.contains("newsprint ")).count();
            assert!(
                (2..=5).contains(&examples),
                "{}: {examples}",
                command.get_name()
            );
            assert!(help.contains("Exit codes:\n  0 "), "{}", command.get_name());
        }
    }

    #[test]
    fn lists_are_joined_by_commas_and_unknown_names_refused() {
        let parse =
            |roles| Args::try_parse_from(["newsprint", "fetch", "a.example", "--include", roles]);
        let Command::Fetch(fetch) = parse("heading,paragraph").unwrap().command else {
            panic!("not fetch");
        };
        assert_eq!(
            fetch.text.include,
            Some(vec![Role::Heading, Role::Paragraph])
        );
        assert!(parse("heading,footer").is_err());
    }
}
