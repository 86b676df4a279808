//! The arguments of commands that read the store: `export`, `status`, `pages`, `diff` and `copy`.

use std::path::PathBuf;

use clap::ValueEnum;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use newsprint::VisitOutcome;
use newsprint::config::Format;
use newsprint::rights::Purpose;

use super::{ReportFormat, format_parser};
use crate::cli::times::TimeArg;

const EXPORT_HELP: &str = "\
Examples:
  newsprint export > all.jsonl
  newsprint export --since 24h --source harbour-post --output day.csv
  newsprint export --published-since 2026-11-01 --published-until 2026-12-01 -o november.parquet
  newsprint export --require ai-train --output training.jsonl
  newsprint export --follow --cursor seen | index-articles

Of each article, the newest revision is printed. Dates of publication without a time zone count as UTC, and a day \
as its beginning.

With --require, articles are left out whose site states that they are not for one of these purposes (docs/rights.md); \
how many, and by which statement, is printed on standard error.

With --follow, articles are printed in the order in which crawls store and change them, from any machine: first \
those that are in the store, then each new or changed one, within a second or two. An article that changes comes \
again, with its new `revision`. Ctrl-C, SIGTERM and a closed pipe end it with code 0. With --cursor, it goes on after \
what was printed last; what was printed just before it was killed may come twice, and nothing is left out.

Exit codes:
  0  done
  1  the store or the output cannot be used
  2  bad usage or bad configuration";

const STATUS_HELP: &str = "\
Examples:
  newsprint status
  newsprint status --source harbour-post --since 30d
  newsprint status --format json
  newsprint status --html status.html

Exit codes:
  0  done
  1  the store cannot be used
  2  bad usage or bad configuration";

const PAGES_HELP: &str = "\
A page is lost if it was named and is not stored: its last visit ended without an article, and \
the store has none from an earlier visit or under another address. Lost pages that will be tried \
again show when. Front and section pages (outcome index) and pages that wait for their first \
visit are not lost.

Examples:
  newsprint pages --lost
  newsprint pages --lost --source harbour-post --since 24h --format csv > lost.csv
  newsprint pages --outcome not_article,empty --format jsonl | jq -r .url
  newsprint pages --outcome http_4xx --retry && newsprint crawl

Exit codes:
  0  done
  1  the store or the output cannot be used
  2  bad usage or bad configuration";

const DIFF_HELP: &str = "\
Examples:
  newsprint diff 3f2a9c04d1e85b67
  newsprint export | jq -r 'select(.revision > 1).id' | xargs -n 1 newsprint diff

Exit codes:
  0  done
  1  the store cannot be used, or has no such article
  2  bad usage or bad configuration";

const COPY_HELP: &str = "\
Everything is copied, and FROM is only read. In the end all rows of both are compared, and a line per \
table shows their number and a hash. A copy that was interrupted goes on when the same command is run \
again. Until it is finished, no other command uses TO.

Examples:
  newsprint copy sqlite:newsprint.db postgres://news@db.example.org/news
  newsprint copy postgres://news@db.example.org/news sqlite:backup.db

Exit codes:
  0   done, and all tables are equal
  1   a store cannot be used, TO has a store of its own, or a table differs
  2   bad usage
  75  a crawl is using one of the two stores
  129, 130, 143  stopped by a signal";

#[derive(Debug, clap::Args)]
#[command(after_help = EXPORT_HELP)]
pub(crate) struct ExportArgs {
    /// Fetched at or after this time: a day, a time (RFC 3339), or an age such as 24h
    #[arg(long, value_name = "TIME")]
    pub(crate) since: Option<TimeArg>,
    /// Fetched before this time, in the same formats; a day starts at midnight UTC
    #[arg(long, value_name = "TIME")]
    pub(crate) until: Option<TimeArg>,
    /// Published at or after this time, as the page states it; articles without a date are left out
    #[arg(long, value_name = "TIME")]
    pub(crate) published_since: Option<TimeArg>,
    /// Published before this time
    #[arg(long, value_name = "TIME")]
    pub(crate) published_until: Option<TimeArg>,
    /// Only this source; may be repeated
    #[arg(long = "source", value_name = "NAME")]
    pub(crate) sources: Vec<String>,
    /// Only articles of which no stated opt-out forbids this purpose: archive, search, ai-input, ai-train; several
    /// are separated by commas
    #[arg(long, value_name = "LIST", value_delimiter = ',', value_parser = purpose_parser())]
    pub(crate) require: Vec<Purpose>,
    /// Print all revisions of each article, not only the newest
    #[arg(long, conflicts_with = "follow")]
    pub(crate) revisions: bool,
    /// Format of the articles [default: by the name of the output file, or else jsonl]
    #[arg(long, value_name = "FORMAT", value_parser = format_parser())]
    pub(crate) format: Option<Format>,
    /// Begin CSV with a byte order mark, by which spreadsheets recognise UTF-8
    #[arg(long)]
    pub(crate) bom: bool,
    /// Write to a file, or to a folder with one file per article; - is standard output
    #[arg(short, long, value_name = "FILE|DIR")]
    pub(crate) output: Option<PathBuf>,
    /// Print what is stored, then wait for what crawls store or change, until stopped
    #[arg(long, conflicts_with_all = ["until", "output"])]
    pub(crate) follow: bool,
    /// Keep in this file how far the articles are printed, and go on from there
    #[arg(long, value_name = "FILE", requires = "follow")]
    pub(crate) cursor: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
#[command(after_help = STATUS_HELP)]
pub(crate) struct StatusArgs {
    /// Only this source; may be repeated
    #[arg(long = "source", value_name = "NAME")]
    pub(crate) sources: Vec<String>,
    /// Count pages found, stored and lost since this time: a day, a time (RFC 3339), or an age such as 24h
    /// [default: 7d]
    #[arg(long, value_name = "TIME")]
    pub(crate) since: Option<TimeArg>,
    /// A table to read, or JSON for scripts [default: text]
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub(crate) format: Option<ReportFormat>,
    /// Write the front page of `newsprint serve` to this file instead, which covers 7 and 30 days,
    /// whatever --since says
    #[arg(long, value_name = "FILE", conflicts_with = "format")]
    pub(crate) html: Option<PathBuf>,
    /// List the workers of a store on a server, a row each, instead of the sources
    #[arg(long, conflicts_with_all = ["html", "sources"])]
    pub(crate) workers: bool,
}

/// The format of a list of addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ListFormat {
    Table,
    Jsonl,
    Csv,
}

impl ListFormat {
    /// The name on the command line.
    pub(crate) fn name(self) -> &'static str {
        match self {
            ListFormat::Table => "table",
            ListFormat::Jsonl => "jsonl",
            ListFormat::Csv => "csv",
        }
    }
}

#[derive(Debug, clap::Args)]
#[command(after_help = PAGES_HELP)]
pub(crate) struct PagesArgs {
    /// Only this source; may be repeated
    #[arg(long = "source", value_name = "NAME")]
    pub(crate) sources: Vec<String>,
    /// Only addresses whose last visit ended so, separated by commas; may be repeated
    #[arg(long = "outcome", value_name = "OUTCOME", value_delimiter = ',', value_parser = outcome_parser())]
    pub(crate) outcomes: Vec<VisitOutcome>,
    /// Last visited, or found if never visited, at or after this time: a day, a time (RFC 3339), or an age
    /// such as 24h
    #[arg(long, value_name = "TIME")]
    pub(crate) since: Option<TimeArg>,
    /// Only pages that were named and are not stored
    #[arg(long)]
    pub(crate) lost: bool,
    /// A table to read, or JSON Lines or CSV for scripts [default: by the name of the output file, or else table]
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub(crate) format: Option<ListFormat>,
    /// Write to a file
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Make the selected pages due, so that the next crawl fetches them; those that are lost, if no
    /// --outcome is given
    #[arg(long, conflicts_with_all = ["format", "output"])]
    pub(crate) retry: bool,
}

fn purpose_parser() -> impl TypedValueParser<Value = Purpose> {
    PossibleValuesParser::new(Purpose::ALL.map(Purpose::name))
        .try_map(|name| Purpose::from_name(&name).ok_or("unknown purpose"))
}

fn outcome_parser() -> impl TypedValueParser<Value = VisitOutcome> {
    let names = VisitOutcome::ALL.iter().map(|outcome| outcome.name());
    PossibleValuesParser::new(names)
        .try_map(|name| VisitOutcome::from_name(&name).ok_or("unknown outcome"))
}

#[derive(Debug, clap::Args)]
#[command(after_help = DIFF_HELP)]
pub(crate) struct DiffArgs {
    /// The article's `id`, as in its record
    #[arg(value_name = "ID")]
    pub(crate) id: String,
    /// Text to read, or JSON for scripts [default: text]
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub(crate) format: Option<ReportFormat>,
}

#[derive(Debug, clap::Args)]
#[command(after_help = COPY_HELP)]
pub(crate) struct CopyArgs {
    /// The store to copy, as in `[store] url`: sqlite:FILE or postgres://USER@HOST/DATABASE
    #[arg(value_name = "FROM")]
    pub(crate) from: String,
    /// A new file or an empty database
    #[arg(value_name = "TO")]
    pub(crate) to: String,
}
