//! `newsprint completions SHELL`

use anyhow::Result;
use clap::CommandFactory;

use crate::cli::Exit;
use crate::cli::args::{Args, CompletionsArgs};
use crate::cli::printer::Printer;

pub(crate) fn run(args: &CompletionsArgs, printer: &Printer) -> Result<Exit> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Args::command(), "newsprint", &mut script);
    printer.out(&script)?;
    Ok(Exit::Done)
}
