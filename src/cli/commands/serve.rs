//! `newsprint serve`: the archive in the browser, as JSON, as feeds and for language-model clients.

use std::path::Path;

use anyhow::{Context, Result};
use newsprint::crawl::Clock;
use newsprint::serve::{ServeError, Server, Settings};

use crate::cli::args::{Common, ServeArgs};
use crate::cli::exit::UsageError;
use crate::cli::printer::Printer;
use crate::cli::signals::{Signals, block_on};
use crate::cli::{Exit, settings};

/// Where a token may be given instead of in a file.
const VARIABLE: &str = "NEWSPRINT_TOKEN";

pub(crate) fn run(args: ServeArgs, common: &Common, printer: &Printer) -> Result<Exit> {
    let settings = Settings {
        config_file: settings::file(common).to_owned(),
        config: settings::optional(common)?,
        listen: args.listen,
        token: token(args.token_file.as_deref())?,
        hosts: args.hosts,
        read_only: args.read_only,
        clock: Clock::default(),
    };
    let signals = Signals::listen(*printer)?;
    block_on(async {
        let server = Server::bind(settings).await.map_err(usage)?;
        printer.note(&format!(
            "serving on http://{}/ until it is stopped with Ctrl-C\n",
            server.address()
        ));
        server.run(signals.stop()).await;
        Ok(())
    })?;
    Ok(signals.caught().unwrap_or(Exit::Done))
}

/// The token of the file, or else of the environment.
fn token(file: Option<&Path>) -> Result<Option<String>> {
    let Some(file) = file else {
        return Ok(std::env::var(VARIABLE).ok().filter(|it| !it.is_empty()));
    };
    let text = std::fs::read_to_string(file)
        .with_context(|| format!("cannot read the token of {}", file.display()))?;
    Ok(Some(text.trim().to_owned()))
}

/// What is wrong with the arguments is a mistake of usage.
fn usage(error: ServeError) -> anyhow::Error {
    match error {
        ServeError::NoToken(_) | ServeError::ShortToken(_) => UsageError(error.to_string()).into(),
        error => error.into(),
    }
}
