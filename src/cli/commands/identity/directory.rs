//! The file of the directory: read, changed, written.

use std::io::ErrorKind;
use std::path::Path;

use anyhow::{Context, Result};
use newsprint::files::{self, Access};
use newsprint::identity::Directory;

use crate::cli::Exit;
use crate::cli::args::RemoveArgs;
use crate::cli::exit::UsageError;
use crate::cli::printer::Printer;

/// The bytes of the file, and what they say.
pub(super) fn read(path: &Path) -> Result<(Vec<u8>, Directory)> {
    let bytes = std::fs::read(path).with_context(|| {
        let path = path.display();
        format!("cannot read the directory {path}; name it with --directory-file")
    })?;
    let directory = Directory::parse(&bytes).with_context(|| path.display().to_string())?;
    Ok((bytes, directory))
}

/// What the file says, or an empty directory if there is none.
pub(super) fn read_or_empty(path: &Path) -> Result<Directory> {
    match std::fs::symlink_metadata(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Directory::default()),
        _ => read(path).map(|(_, directory)| directory),
    }
}

/// Writes the file: it is for everyone to read.
pub(super) fn write(path: &Path, directory: &Directory) -> Result<()> {
    files::write(path, directory.to_json().as_bytes(), Access::Everyone)
        .with_context(|| format!("cannot write {}", path.display()))
}

/// Takes a key out.
pub(super) fn remove(args: &RemoveArgs, printer: &Printer) -> Result<Exit> {
    let path = &args.directory.path;
    let (_, mut directory) = read(path)?;
    if !directory.remove(&args.id) {
        let message = format!("{} has no key {}", path.display(), args.id);
        return Err(UsageError(message).into());
    }
    write(path, &directory)?;
    printer.note(&format!(
        "{} no longer has the key; publish it, and run `newsprint identity sign` for it. Verifiers accept the key until \
         they fetch the directory again\n",
        path.display()
    ));
    Ok(Exit::Done)
}
