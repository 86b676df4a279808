//! `newsprint rules`: checks users' rules against stored pages and saved cases, and imports rules from
//! other programs.

mod check;
mod import;
mod test;

use anyhow::Result;

use crate::cli::Exit;
use crate::cli::args::{Common, RulesArgs, RulesCommand};
use crate::cli::printer::Printer;

pub(crate) fn run(args: &RulesArgs, common: &Common, printer: &Printer) -> Result<Exit> {
    match &args.command {
        RulesCommand::Check(args) => check::run(args, common, printer),
        RulesCommand::Test(args) => test::run(args, common, printer),
        RulesCommand::ImportFtr(args) => import::run(args, printer),
    }
}
