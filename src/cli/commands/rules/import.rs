//! `newsprint rules import-ftr`: converts Full-Text RSS site configs into rules by host.

use std::fs;
use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result};
use newsprint::files::{self, Access};
use newsprint::rulebook::ftr::{self, Converted};

use crate::cli::Exit;
use crate::cli::args::ImportFtrArgs;
use crate::cli::printer::Printer;

pub(crate) fn run(args: &ImportFtrArgs, printer: &Printer) -> Result<Exit> {
    if let Some(dir) = &args.output {
        files::create_folder(dir, Access::Group)
            .with_context(|| format!("cannot create the folder {}", dir.display()))?;
    }
    let mut lost = false;
    for path in &args.files {
        let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if ftr::host(&name).is_none() {
            printer.error(&format!(
                "{}: the name of the file is no host, and says not which pages its rules are for; rename it like \
                 example.org.txt",
                path.display()
            ));
            lost = true;
            continue;
        }
        let converted = ftr::read(&name, &String::from_utf8_lossy(&bytes));
        lost |= report(path, &converted, printer);
        match &args.output {
            Some(dir) => write(dir, &converted)?,
            None => printer.out(converted.to_toml().as_bytes())?,
        }
    }
    Ok(if lost { Exit::Partial } else { Exit::Done })
}

/// Names each line that was not converted; true if something is lost.
fn report(path: &Path, converted: &Converted, printer: &Printer) -> bool {
    for left in &converted.left_out {
        let place = format!("{}:{}", path.display(), left.line);
        if left.needless {
            printer.note(&format!("{place}: not needed: {}\n", left.reason));
        } else {
            printer.error(&format!("{place}: {}: {}", left.text, left.reason));
        }
    }
    converted.left_out.iter().any(|it| !it.needless)
}

/// Writes a new file; existing rules are never overwritten.
fn write(dir: &Path, converted: &Converted) -> Result<()> {
    let path = dir.join(format!("{}.toml", converted.host));
    let mut file = files::create_new(&path, Access::Group).with_context(|| {
        format!(
            "cannot write {}; if the file exists, move it away first",
            path.display()
        )
    })?;
    file.write_all(converted.to_toml().as_bytes())
        .with_context(|| format!("cannot write {}", path.display()))
}
