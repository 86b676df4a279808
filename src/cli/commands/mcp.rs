//! `newsprint mcp`: the tools for language-model clients on standard input and output.

use anyhow::Result;
use newsprint::serve::mcp;

use crate::cli::args::Common;
use crate::cli::printer::Printer;
use crate::cli::signals::{Signals, block_on};
use crate::cli::{Exit, settings};

pub(crate) fn run(common: &Common, printer: &Printer) -> Result<Exit> {
    let config = settings::optional(common)?;
    let signals = Signals::listen(*printer)?;
    let has_archive = settings::has_file(common);
    block_on(async {
        mcp::on_standard_io(&config, has_archive, signals.stop()).await?;
        Ok(signals.caught().unwrap_or(Exit::Done))
    })
}
