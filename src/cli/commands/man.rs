//! `newsprint man`: one manual page for the program and its commands.

use anyhow::Result;
use clap::CommandFactory;
use clap_mangen::Man;

use crate::cli::Exit;
use crate::cli::args::Args;
use crate::cli::printer::Printer;

pub(crate) fn run(printer: &Printer) -> Result<Exit> {
    let mut page = Vec::new();
    let mut program = Args::command();
    program.build();
    Man::new(program.clone()).render(&mut page)?;
    for command in program
        .get_subcommands()
        .filter(|command| command.get_name() != "help")
    {
        let command = command.clone();
        let man = Man::new(command.clone());
        page.extend_from_slice(
            format!(".SH NEWSPRINT {}\n", command.get_name().to_uppercase()).as_bytes(),
        );
        man.render_description_section(&mut page)?;
        man.render_options_section(&mut page)?;
        man.render_extra_section(&mut page)?;
    }
    printer.out(&page)?;
    Ok(Exit::Done)
}
