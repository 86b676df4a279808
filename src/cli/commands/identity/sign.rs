//! `newsprint identity sign`: the headers to serve with the directory.

use anyhow::Result;
use newsprint::config::Config;
use newsprint::identity::{MEDIA_TYPE, ProofHeaders, PublishedKey, SigningKey, sign_response};

use super::{directory, host, key_file, later, now};
use crate::cli::Exit;
use crate::cli::args::{ServerFormat, SignArgs};
use crate::cli::exit::UsageError;
use crate::cli::printer::Printer;

pub(super) fn run(args: &SignArgs, config: &Config, printer: &Printer) -> Result<Exit> {
    let paths = match args.keys.is_empty() {
        true => vec![key_file(None, &config.identity)?],
        false => args.keys.clone(),
    };
    let keys: Result<Vec<SigningKey>, _> =
        paths.iter().map(|path| SigningKey::load(path)).collect();
    let keys = keys?;
    let host = args.host.clone().or_else(|| host(&config.identity));
    let host = host.ok_or_else(|| {
        UsageError("which host publishes the directory? Name it with --host, or write `directory` in [identity]".into())
    })?;
    let (bytes, listed) = directory::read(&args.directory.path)?;
    let ids: Vec<String> = listed.keys.iter().filter_map(PublishedKey::id).collect();
    if let Some((path, _)) = paths
        .iter()
        .zip(&keys)
        .find(|(_, key)| !ids.iter().any(|id| id == key.id()))
    {
        let message = format!(
            "{} does not list the key of {}; `newsprint identity new` adds a key when it makes one",
            args.directory.path.display(),
            path.display()
        );
        return Err(UsageError(message).into());
    }
    for id in ids
        .iter()
        .filter(|&id| !keys.iter().any(|key| key.id() == id))
    {
        printer.error(&format!(
            "the directory also lists {id}, which does not sign here: name the file of that key too"
        ));
    }
    let now = now()?;
    let headers = sign_response(&keys, (&host, &bytes), (now, later(now, args.valid_for)?));
    printer.out(text(&headers, args.format).as_bytes())?;
    Ok(Exit::Done)
}

/// The headers as a server's configuration has them. None of them has a backslash, `$` or `'`.
fn text(headers: &ProofHeaders, format: ServerFormat) -> String {
    let lines = headers.all().map(|(name, value)| {
        let quoted = value.replace('"', "\\\"");
        match format {
            ServerFormat::Headers => format!("{name}: {value}\n"),
            ServerFormat::Nginx => format!("add_header {name} '{value}';\n"),
            ServerFormat::Apache => format!("Header set {name} \"{quoted}\"\n"),
            ServerFormat::Caddy => format!("header {name} `{value}`\n"),
        }
    });
    let media_type = match format {
        ServerFormat::Headers => format!("Content-Type: {MEDIA_TYPE}\n"),
        ServerFormat::Nginx => format!("types {{ }}\ndefault_type {MEDIA_TYPE};\ngzip off;\n"),
        ServerFormat::Apache => format!("ForceType {MEDIA_TYPE}\nSetEnv no-gzip 1\n"),
        ServerFormat::Caddy => format!("header Content-Type {MEDIA_TYPE}\n"),
    };
    media_type + &lines.concat()
}
