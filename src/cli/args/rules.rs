//! The arguments of `newsprint rules`.

use std::path::PathBuf;

use clap::Subcommand;

const RULES_HELP: &str = "\
Examples:
  newsprint rules check
  newsprint rules test
  newsprint rules import-ftr --output rules/sites/ example.org.txt

Exit codes:
  0  done: nothing is wrong
  1  could not do the job: a file or the store cannot be used, no case passed
  2  bad usage or bad configuration: an invalid selector is named with its file and line
  3  done in part: some selectors need attention, cases failed or lines could not be converted";

const CHECK_HELP: &str = "\
Examples:
  newsprint rules check
  newsprint rules check --source harbour-post

Exit codes:
  0  nothing is wrong
  1  the store cannot be used
  2  bad usage or bad configuration: an invalid selector is named with its file and line
  3  some selectors need attention; each is named";

const TEST_HELP: &str = "\
Examples:
  newsprint rules test
  newsprint rules test harbour-post

A case is a file such as rules/tests/harbour-post/ferry.toml:
  page = \"ferry.html\"          # a page in the same folder, or html = \"…\"
  url = \"https://harbour-post.example/ferry\"
  fetched = \"2026-03-01\"       # use the rules of that day; default: today's
  must = [\"sailed again\"]
  must_not = [\"Log in to comment\"]
  [fields]
  title = \"Night ferry sails again\"

Exit codes:
  0  every case passed
  1  no case passed, or there are none
  2  bad usage, bad configuration or a case that cannot be read
  3  some cases failed";

const IMPORT_HELP: &str = "\
Examples:
  newsprint rules import-ftr example.org.txt > rules/sites/example.org.toml
  newsprint rules import-ftr --output rules/sites/ *.txt

Exit codes:
  0  every line was converted
  1  a file cannot be read or written
  2  bad usage
  3  some lines could not be converted; each is named on standard error";

#[derive(Debug, clap::Args)]
#[command(after_help = RULES_HELP)]
pub(crate) struct RulesArgs {
    #[command(subcommand)]
    pub(crate) command: RulesCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum RulesCommand {
    /// Report selectors that match nothing on the stored pages, or remove article text
    #[command(after_help = CHECK_HELP)]
    Check(CheckArgs),
    /// Run the saved cases: pages with phrases that must and must not appear, and fields
    #[command(after_help = TEST_HELP)]
    Test(TestArgs),
    /// Convert Full-Text RSS site configs into rules by host
    #[command(after_help = IMPORT_HELP)]
    ImportFtr(ImportFtrArgs),
}

#[derive(Debug, clap::Args)]
pub(crate) struct CheckArgs {
    /// Only this source; may be repeated
    #[arg(long = "source", value_name = "NAME")]
    pub(crate) sources: Vec<String>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct TestArgs {
    /// Only the cases of these sources and hosts
    #[arg(value_name = "NAME")]
    pub(crate) names: Vec<String>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct ImportFtrArgs {
    /// Site configs, each named after its host: example.org.txt
    #[arg(value_name = "FILE", required = true)]
    pub(crate) files: Vec<PathBuf>,
    /// Write one file per host to this folder instead of standard output
    #[arg(short, long, value_name = "DIR")]
    pub(crate) output: Option<PathBuf>,
}
