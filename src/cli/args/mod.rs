//! The arguments as typed. Whatever `config.toml` or a rule may decide is an `Option` here, and
//! [`super::settings`] decides it. Commands are grouped by what they work on: pages, a crawl, the store,
//! rules.

mod crawl;
mod identity;
mod init;
mod mcp;
mod pages;
mod rules;
mod serve;
mod store;

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{ArgAction, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use newsprint::article::{Role, RoleChoice};
use newsprint::config::{Format, units};

pub(crate) use crawl::{CrawlArgs, DemoArgs, DiscoverArgs, ReextractArgs};
pub(crate) use identity::{
    IdentityArgs, IdentityCommand, NewArgs, RemoveArgs, ServerFormat, ShowArgs, SignArgs,
    VerifyArgs,
};
pub(crate) use init::InitArgs;
pub(crate) use mcp::McpArgs;
pub(crate) use pages::{ArticleArgs, ExplainArgs, ExtractArgs, FeaturesArgs, FetchArgs, With};
pub(crate) use rules::{CheckArgs, ImportFtrArgs, RulesArgs, RulesCommand, TestArgs};
pub(crate) use serve::ServeArgs;
pub(crate) use store::{CopyArgs, DiffArgs, ExportArgs, ListFormat, PagesArgs, StatusArgs};

const EXIT_CODES: &str = "\
Exit codes:
  0   done
  1   could not do the job
  2   bad usage or bad configuration; nothing was fetched
  3   done in part
  4   the page contains no article
  5   refused by policy: robots.txt, an opt-out, a blocked address, a limit
  75  another crawl is using the same store
  129, 130, 143  stopped by a signal";

const COMPLETIONS_HELP: &str = "\
Examples:
  newsprint completions bash > ~/.local/share/bash-completion/completions/newsprint
  newsprint completions zsh > ~/.zfunc/_newsprint
  newsprint completions fish > ~/.config/fish/completions/newsprint.fish

Exit codes:
  0  done
  2  bad usage";

const SCHEMA_HELP: &str = "\
Examples:
  newsprint schema record > record.schema.json
  newsprint schema config > config.schema.json   # for editors: '#:schema ./config.schema.json'
  newsprint schema record | jq -r '.properties | keys_unsorted[]'

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

/// What `--version` says; the build script finds out what the program was built from.
const BUILT_FROM: &str = concat!(
    env!("CARGO_PKG_VERSION"),
    "\ncommit ",
    env!("NEWSPRINT_BUILT_FROM"),
    "\nmodel  ",
    env!("NEWSPRINT_MODEL"),
);

/// Clean article text from news pages
#[derive(Debug, Parser)]
#[command(name = "newsprint", version, long_version = BUILT_FROM, about, after_help = EXIT_CODES)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) common: Common,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What every command takes.
#[derive(Debug, clap::Args)]
pub(crate) struct Common {
    /// Configuration file; paths in it are relative to its folder [default: config.toml, which
    /// `fetch` and `extract` can do without]
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
    /// Log more: -v each visit, -vv each request and each link with what becomes of it, -vvv everything, also what
    /// libraries log; `explain -v` shows features
    #[arg(short, long, global = true, action = ArgAction::Count)]
    pub(crate) verbose: u8,
    /// Do not draw progress bars
    #[arg(long, global = true)]
    pub(crate) no_progress: bool,
    /// Format of all messages on standard error; json makes each line an object [default: text]
    #[arg(long, global = true, value_enum, value_name = "FORMAT")]
    pub(crate) log_format: Option<LogFormat>,
}

/// The format of log lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogFormat {
    Text,
    Json,
}

/// The format of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ReportFormat {
    #[value(alias = "table")]
    Text,
    Json,
}

/// The log format that is asked for in arguments which cannot be read as a whole: a mistake is reported in it, too.
pub(crate) fn log_format_in(typed: &[OsString]) -> Option<LogFormat> {
    let mut typed = typed.iter().filter_map(|it| it.to_str());
    let mut found = None;
    while let Some(argument) = typed.next().filter(|it| *it != "--") {
        let value = match argument.strip_prefix("--log-format") {
            Some("") => typed.next(),
            Some(rest) => rest.strip_prefix('='),
            None => None,
        };
        found = value
            .and_then(|it| LogFormat::from_str(it, false).ok())
            .or(found);
    }
    found
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Fetch pages politely and print their articles
    Fetch(FetchArgs),
    /// Extract articles from saved pages, without network access
    Extract(ExtractArgs),
    /// Write a first config.toml, with your contact and the sources of sites that you name
    Init(InitArgs),
    /// Run one pass over the sources of config.toml: discover, fetch, extract, store
    Crawl(CrawlArgs),
    /// Print or write articles from the store
    Export(ExportArgs),
    /// Show how each source is doing
    Status(StatusArgs),
    /// List the addresses that a crawl knows with what became of each, or only the lost ones
    Pages(PagesArgs),
    /// Show why each block of a page was kept or dropped, and where each field comes from
    Explain(ExplainArgs),
    /// Check and test your own extraction rules, or import rules from other programs
    Rules(RulesArgs),
    /// Find a site's feeds, sitemaps and sections, and print a source for config.toml
    Discover(DiscoverArgs),
    /// Extract the stored raw pages again with today's rules, and show what changes
    Reextract(ReextractArgs),
    /// Show the revisions of an article, paragraph by paragraph
    Diff(DiffArgs),
    /// Copy a store into another: SQLite to PostgreSQL and back
    Copy(CopyArgs),
    /// Serve the archive and the extractor to language-model clients, on standard input and output (MCP)
    Mcp(McpArgs),
    /// Sign requests, so that webmasters can check who visits: keys, and the directory to publish
    Identity(IdentityArgs),
    /// Crawl a small built-in news site on loopback, to try everything without a network
    Demo(DemoArgs),
    /// Read, search and correct the archive in a browser; JSON API, feeds and MCP
    Serve(ServeArgs),
    /// Write the features of blocks for training
    #[command(hide = true)]
    Features(FeaturesArgs),
    /// Print the JSON Schema of the record or of config.toml
    Schema(SchemaArgs),
    /// Print a completion script for a shell
    Completions(CompletionsArgs),
    /// Print the manual page, as roff
    #[command(after_help = MAN_HELP)]
    Man,
}

#[derive(Debug, clap::Args)]
#[command(after_help = SCHEMA_HELP)]
pub(crate) struct SchemaArgs {
    /// What the schema describes
    #[arg(value_name = "NAME", value_enum)]
    pub(crate) name: SchemaName,
}

/// What there is a schema of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SchemaName {
    /// An article as JSON
    Record,
    /// The configuration file
    Config,
}

#[derive(Debug, clap::Args)]
#[command(after_help = COMPLETIONS_HELP)]
pub(crate) struct CompletionsArgs {
    /// The shell
    #[arg(value_name = "SHELL", value_enum)]
    pub(crate) shell: Shell,
}

fn duration(text: &str) -> Result<Duration, &'static str> {
    units::duration(text)
        .filter(|it| !it.is_zero())
        .ok_or("expected a duration such as 90s, 10m or 2h")
}

fn format_parser() -> impl TypedValueParser<Value = Format> {
    named(Format::ALL.map(|(name, _)| name), Format::from_name)
}

/// The formats that a crawl can write: those of `[output] format`.
fn file_format_parser() -> impl TypedValueParser<Value = Format> {
    named(Format::FILES, Format::from_name)
}

/// Roles, perhaps with `+` or `-` before them.
fn role_parser() -> impl TypedValueParser<Value = RoleChoice> {
    const CHANGES: [&str; 18] = [
        "+standfirst",
        "+heading",
        "+paragraph",
        "+list",
        "+quote",
        "+table",
        "+code",
        "+caption",
        "+entry",
        "-standfirst",
        "-heading",
        "-paragraph",
        "-list",
        "-quote",
        "-table",
        "-code",
        "-caption",
        "-entry",
    ];
    let roles = Role::ALL.map(|role| PossibleValue::new(role.name()));
    let changes = CHANGES.map(|name| PossibleValue::new(name).hide(true));
    PossibleValuesParser::new(roles.into_iter().chain(changes))
        .try_map(|name| RoleChoice::from_name(&name).ok_or("unknown role"))
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

    /// Paragraphs are wrapped to the width of the terminal, so they have no ends of lines of their own; whatever else
    /// is a line fits a usual one.
    #[test]
    fn help_is_wrapped_by_the_terminal_alone() {
        fn all(command: &clap::Command) -> Vec<&clap::Command> {
            let below = command.get_subcommands().flat_map(all);
            std::iter::once(command).chain(below).collect()
        }
        for command in all(&Args::command()) {
            let help = command.get_after_help().unwrap_or_default().to_string();
            for (line, next) in help.lines().zip(help.lines().skip(1).chain([""])) {
                let is_part = |line: &str| !line.is_empty() && !line.starts_with(' ');
                assert!(!(is_part(line) && is_part(next)), "{line}");
                assert!(is_part(line) || line.chars().count() <= 100, "{line}");
            }
        }
    }

    #[test]
    fn the_log_format_is_found_in_arguments_with_a_mistake() {
        let of = |line: &str| {
            let typed: Vec<OsString> = line.split(' ').map(OsString::from).collect();
            log_format_in(&typed)
        };
        assert_eq!(
            of("newsprint --log-format json extrakt"),
            Some(LogFormat::Json)
        );
        assert_eq!(
            of("newsprint crawl --nope --log-format=json"),
            Some(LogFormat::Json)
        );
        assert_eq!(of("newsprint crawl --log-format xml"), None);
        assert_eq!(of("newsprint extract -- --log-format=json"), None);
    }

    #[test]
    fn lists_are_joined_by_commas_and_unknown_names_refused() {
        let parse =
            |roles| Args::try_parse_from(["newsprint", "fetch", "a.example", "--include", roles]);
        let Command::Fetch(fetch) = parse("heading,paragraph").unwrap().command else {
            panic!("not fetch");
        };
        assert_eq!(
            fetch.article.include,
            Some(vec![
                RoleChoice::Only(Role::Heading),
                RoleChoice::Only(Role::Paragraph)
            ])
        );
        assert!(parse("heading,footer").is_err());
    }
}
