//! `newsprint schema record|config`

use anyhow::Result;
use newsprint::schema;

use crate::cli::Exit;
use crate::cli::args::{SchemaArgs, SchemaName};
use crate::cli::printer::Printer;

pub(crate) fn run(args: &SchemaArgs, printer: &Printer) -> Result<Exit> {
    let text = match args.name {
        SchemaName::Record => schema::RECORD,
        SchemaName::Config => schema::CONFIG,
    };
    printer.out(text.as_bytes())?;
    Ok(Exit::Done)
}
