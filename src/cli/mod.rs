//! The command line: arguments as typed ([`args`]), resolved into settings ([`settings`]), one file
//! per command ([`commands`]). One printer writes ([`printer`]), and one place turns errors into exit
//! codes ([`exit`]). Nothing here is logic that a user of the library would miss.

mod args;
mod bars;
mod commands;
mod contact;
mod exit;
mod formats;
mod inputs;
mod json_lines;
mod logging;
mod paint;
mod printer;
mod settings;
mod signals;
mod sink;
mod table;
mod tally;
mod terminal;

use std::ffi::OsString;

use anyhow::Result;
use clap::Parser;

use args::{Args, Command};
pub(crate) use exit::Exit;
pub(crate) use newsprint::wording::{counts, plain, times};
use printer::Printer;

/// Runs the command that the arguments name.
pub(crate) fn run(typed: impl Iterator<Item = OsString>) -> Exit {
    let typed: Vec<OsString> = typed.collect();
    let Args { common, command } = match Args::try_parse_from(&typed) {
        Ok(args) => args,
        Err(error) => {
            logging::choose(args::log_format_in(&typed));
            return exit::usage(&error);
        }
    };
    let printer = Printer::new(common.quiet);
    logging::start(&common);
    match dispatch(command, &common, &printer) {
        Ok(exit) => exit,
        Err(error) => exit::report(&error, &printer),
    }
}

fn dispatch(command: Command, common: &args::Common, printer: &Printer) -> Result<Exit> {
    match command {
        Command::Fetch(args) => commands::fetch::run(args, common, printer),
        Command::Extract(args) => commands::extract::run(args, common, printer),
        Command::Init(args) => commands::init::run(args, common, printer),
        Command::Crawl(args) => commands::crawl::run(args, common, printer),
        Command::Export(args) => commands::export::run(args, common, printer),
        Command::Status(args) => commands::status::run(&args, common, printer),
        Command::Pages(args) => commands::pages::run(args, common, printer),
        Command::Explain(args) => commands::explain::run(&args, common, printer),
        Command::Rules(args) => commands::rules::run(&args, common, printer),
        Command::Discover(args) => commands::discover::run(&args, common, printer),
        Command::Reextract(args) => commands::reextract::run(args, common, printer),
        Command::Copy(args) => commands::copy::run(&args, printer),
        Command::Diff(args) => commands::diff::run(&args, common, printer),
        Command::Mcp(_) => commands::mcp::run(common, printer),
        Command::Identity(args) => commands::identity::run(&args, common, printer),
        Command::Demo(args) => commands::demo::run(&args, printer),
        Command::Serve(args) => commands::serve::run(args, common, printer),
        Command::Features(args) => commands::features::run(args),
        Command::Schema(args) => commands::schema::run(&args, printer),
        Command::Completions(args) => commands::completions::run(&args, printer),
        Command::Man => commands::man::run(printer),
    }
}
