//! `newsprint identity`: the key that requests are signed with, and the directory in which it is published.

mod directory;
mod sign;
mod verify;

use std::fmt::Write;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result};
use jiff::Timestamp;
use newsprint::config::{Config, IdentitySettings};
use newsprint::files::{self, Access};
use newsprint::identity::{MEDIA_TYPE, SigningKey, WELL_KNOWN, address};
use url::Position;

use crate::cli::args::{Common, IdentityArgs, IdentityCommand, NewArgs, ShowArgs};
use crate::cli::exit::UsageError;
use crate::cli::printer::Printer;
use crate::cli::{Exit, settings, times};

/// The file of the first key.
const FIRST_KEY: &str = "identity.pem";
/// Stands for a host that nobody has named.
const SOME_HOST: &str = "bot.YOUR-SITE";

pub(crate) fn run(args: &IdentityArgs, common: &Common, printer: &Printer) -> Result<Exit> {
    let config = settings::optional(common)?;
    match &args.command {
        IdentityCommand::New(args) => new(args, &config, printer),
        IdentityCommand::Show(args) => show(args, &config, printer),
        IdentityCommand::Sign(args) => sign::run(args, &config, printer),
        IdentityCommand::Verify(args) => verify::run(args, &config, printer),
        IdentityCommand::Remove(args) => directory::remove(args, printer),
    }
}

fn new(args: &NewArgs, config: &Config, printer: &Printer) -> Result<Exit> {
    let own = config.identity.key.clone();
    let path = args
        .key
        .clone()
        .or(own)
        .unwrap_or_else(|| PathBuf::from(FIRST_KEY));
    let now = now()?;
    let expires = later(now, args.valid_for)?;
    // A directory that can't be read is a reason not to make a key.
    let mut listed = directory::read_or_empty(&args.directory.path)?;
    let (key, text) = SigningKey::generate(expires)?;
    write_key(&path, &text, args.force)?;
    let is_first = listed.keys.is_empty();
    for id in listed.drop_expired(now) {
        printer.note(&format!(
            "the key {id} has expired and is no longer in the directory\n"
        ));
    }
    listed.add(&key, now);
    directory::write(&args.directory.path, &listed)?;
    let host = args.host.clone().or_else(|| host(&config.identity));
    let host = host.as_deref().unwrap_or(SOME_HOST);
    let made = Made {
        key: &key,
        path: &path,
        directory: &args.directory.path,
        host,
    };
    printer.text(&made.instructions(is_first))?;
    Ok(Exit::Done)
}

/// Writes a private key, readable by the user alone.
fn write_key(path: &Path, text: &str, force: bool) -> Result<()> {
    let shown = path.display();
    if force && path.exists() {
        fs::remove_file(path).with_context(|| format!("cannot replace {shown}"))?;
    }
    let mut file = match files::create_new(path, Access::Private) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            let message = format!(
                "{shown} exists; name another file with --key, such as identity-2.pem for the next key, or add --force \
                 to lose the one it has"
            );
            return Err(UsageError(message).into());
        }
        created => created.with_context(|| format!("cannot create {shown}"))?,
    };
    let written = file
        .write_all(text.as_bytes())
        .and_then(|()| file.sync_all());
    written.with_context(|| format!("cannot write {shown}"))
}

/// What was made.
struct Made<'a> {
    key: &'a SigningKey,
    path: &'a Path,
    directory: &'a Path,
    host: &'a str,
}

impl Made<'_> {
    /// What to do with it.
    fn instructions(&self, is_first: bool) -> String {
        let Made {
            key,
            path,
            directory,
            host,
        } = self;
        let (path, directory) = (path.display(), directory.display());
        let mut text = format!(
            "{path}: the private key {}; keep it secret\n{directory}: the directory of your public keys\n\n\
             1. Publish the directory at https://{host}{WELL_KNOWN}\n   with the header Content-Type: {MEDIA_TYPE}\n   \
             and those that `newsprint identity sign{}` prints.\n",
            key.id(),
            if is_first { "" } else { " KEY..." },
        );
        let wait = if is_first {
            ""
        } else {
            ", a day later: verifiers keep the directory for a while"
        };
        let _ = write!(
            text,
            "2. Write into config.toml{wait}:\n\n[identity]\nkey = {:?}\ndirectory = \"https://{host}\"\n\n\
             3. Check what is published: newsprint identity verify\n",
            path.to_string(),
        );
        if let Some(expires) = key.expires() {
            let _ = writeln!(
                text,
                "\nThe key is to be used until {expires}. Make the next one before that."
            );
        }
        text
    }
}

fn show(args: &ShowArgs, config: &Config, printer: &Printer) -> Result<Exit> {
    let path = key_file(args.key.as_ref(), &config.identity)?;
    let key = SigningKey::load(&path)?;
    let mut text = format!("key id      {}\npublic key  {}\n", key.id(), key.public());
    let _ = writeln!(text, "file        {}", path.display());
    if let Some(expires) = key.expires() {
        let is_over = if expires <= now()? {
            ", which is over"
        } else {
            ""
        };
        let _ = writeln!(text, "used until  {expires}{is_over}");
    }
    if let Some(directory) = &config.identity.directory {
        let _ = writeln!(text, "published   {}", address(directory));
    }
    printer.text(&text)?;
    Ok(Exit::Done)
}

/// The key that was named, or that of the configuration.
fn key_file(named: Option<&PathBuf>, identity: &IdentitySettings) -> Result<PathBuf> {
    let path = named.or(identity.key.as_ref()).cloned();
    path.ok_or_else(|| {
        let message = "there is no key: `newsprint identity new` makes one, and says what to write into [identity]";
        UsageError(message.to_owned()).into()
    })
}

/// The host that publishes the directory, with its port where that is an unusual one.
fn host(identity: &IdentitySettings) -> Option<String> {
    let url = identity.directory.as_ref()?;
    Some(url[Position::BeforeHost..Position::AfterPort].to_owned())
}

/// The time, in whole seconds.
fn now() -> Result<Timestamp> {
    Ok(Timestamp::from_second(times::now().div_euclid(1000))?)
}

fn later(now: Timestamp, by: Duration) -> Result<Timestamp> {
    now.checked_add(by)
        .map_err(|_| UsageError("that is too long a time; name one such as 365d".to_owned()).into())
}
