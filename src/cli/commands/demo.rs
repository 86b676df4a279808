//! `newsprint demo`: small news sites on loopback, crawled by the same code that crawls the web. What is left is a
//! folder as that of any crawl, in which every command works.

use std::io::ErrorKind;
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use newsprint::config::Config;
use newsprint::crawl::Options;
use newsprint::demo::{self, Newsroom};
use newsprint::files::{self, Access};

use super::crawl::CrawlCommand;
use crate::cli::Exit;
use crate::cli::args::DemoArgs;
use crate::cli::counts::counted;
use crate::cli::exit::UsageError;
use crate::cli::printer::Printer;
use crate::cli::signals::{Signals, block_on};

/// The folder, unless another is named.
const FOLDER: &str = "newsprint-demo";
const CONFIG: &str = "config.toml";
const PAGE: &str = "page.html";
/// The sites are on this machine: it answers at once.
const ANSWERS_WITHIN: Duration = Duration::from_secs(1);

pub(crate) fn run(args: &DemoArgs, printer: &Printer) -> Result<Exit> {
    let dir = args.output.clone().unwrap_or_else(folder);
    files::create_folder(&dir, Access::Group)
        .with_context(|| format!("cannot create the folder {}", dir.display()))?;
    let signals = Signals::listen(*printer)?;
    let exit = block_on(async {
        let newsroom = serve(&dir).await?;
        let config = prepare(&dir, &newsroom)?;
        printer.note(&format!(
            "serving {} on {} and crawling, with rate limits\n\n",
            counted(newsroom.hosts().len() as u64, "demo site"),
            newsroom.address()
        ));
        let command = CrawlCommand {
            printer: *printer,
            progress: false,
            metrics: None,
            options: Options::default(),
            lists_pages: false,
        };
        let exit = command.pass(&config, signals.stop()).await?;
        let requests = counted(newsroom.requests() as u64, "request");
        printer.note(&format!("\n{requests} answered\n\n"));
        if signals.caught().is_none() {
            printer.note(&next_steps(&dir, args.keep_serving));
        }
        if args.keep_serving {
            signals.stop().cancelled().await;
        }
        Ok(exit)
    })?;
    Ok(signals.caught().unwrap_or(exit))
}

/// The current folder, if it is one that a demo has left.
fn folder() -> PathBuf {
    let here = Config::load(Path::new(CONFIG)).ok();
    match here.and_then(|it| demo::served_at(&it)) {
        Some(_) => PathBuf::from("."),
        None => PathBuf::from(FOLDER),
    }
}

/// Serves the sites where the folder's configuration expects them.
async fn serve(dir: &Path) -> Result<Newsroom> {
    let file = dir.join(CONFIG);
    if !file.exists() {
        return Newsroom::start().await.context("cannot serve on loopback");
    }
    let Some(address) = demo::served_at(&Config::load(&file)?) else {
        let message = format!(
            "{} is the configuration of another crawl; name another folder with --output",
            file.display()
        );
        return Err(UsageError(message).into());
    };
    match Newsroom::start_at(address).await {
        Err(error) if error.kind() == ErrorKind::AddrInUse => bail!(
            "{address} is in use: if a demo serves its sites there, `newsprint crawl` works in this folder now; if \
             another program does, delete {}, and the demo takes another port",
            file.display()
        ),
        started => Ok(started.with_context(|| format!("cannot serve on {address}"))?),
    }
}

/// The files that the demo begins with. What is there already stays.
fn prepare(dir: &Path, newsroom: &Newsroom) -> Result<Config> {
    let file = dir.join(CONFIG);
    let mut wanted = demo::saved_pages();
    wanted.push((CONFIG, newsroom.config_text().into_bytes()));
    for (name, bytes) in wanted {
        let path = dir.join(name);
        if !path.exists() {
            files::write(&path, &bytes, Access::Group)
                .with_context(|| format!("cannot write {}", path.display()))?;
        }
    }
    Ok(Config::load(&file)?)
}

/// What to try now, to be copied and pasted.
fn next_steps(dir: &Path, keeps_serving: bool) -> String {
    let program = program();
    let folder = quoted(&dir.to_string_lossy());
    let enter = match dir == Path::new(".") {
        true => String::new(),
        false => format!("  cd {folder}\n"),
    };
    let (place, crawl) = match keeps_serving {
        true => ("in another terminal", format!("  {program} crawl\n")),
        false => ("now", String::new()),
    };
    let serving = match keeps_serving {
        true => "\nserving until it is stopped with Ctrl-C\n",
        false => "",
    };
    format!(
        "try {place}:\n\n{enter}{crawl}  {program} status\n  {program} explain {PAGE}\n  \
         {program} export --format csv --output articles.csv\n{serving}"
    )
}

/// The program as a shell finds it: by its name, or by its path where its folder is not searched.
fn program() -> String {
    const NAME: &str = "newsprint";
    let own = std::env::current_exe().ok();
    let searched = std::env::var_os("PATH").unwrap_or_default();
    let mut found = std::env::split_paths(&searched).map(|it| it.join(NAME));
    match own {
        Some(own) if !found.any(|it| it.is_file()) => quoted(&own.to_string_lossy()),
        _ => NAME.to_owned(),
    }
}

/// A path as a word of a shell's command.
fn quoted(path: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "/._-+".contains(c);
    match path.chars().all(is_plain) && !path.starts_with('-') {
        true => path.to_owned(),
        false => format!("'{}'", path.replace('\'', "'\\''")),
    }
}

/// Makes sure that the demo's sites are there, if it is they that are to be crawled.
///
/// # Errors
/// Fails where they are not, with what serves them.
pub(super) fn is_served(config: &Config, file: &Path) -> Result<()> {
    match demo::served_at(config) {
        Some(address) if !answers(address) => bail!(
            "the demo's sites are not served at the moment; run this in another terminal, and repeat the crawl: {}",
            serving_command(file)
        ),
        _ => Ok(()),
    }
}

/// The command that serves the sites of the configuration in this file.
fn serving_command(file: &Path) -> String {
    let file = std::path::absolute(file).unwrap_or_else(|_| file.to_owned());
    let folder = file.parent().unwrap_or(Path::new("."));
    let folder = quoted(&folder.to_string_lossy());
    format!("{} demo --keep-serving --output {folder}", program())
}

fn answers(address: SocketAddr) -> bool {
    TcpStream::connect_timeout(&address, ANSWERS_WITHIN).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_quoted_where_a_shell_would_take_them_apart() {
        assert_eq!(quoted("newsprint-demo"), "newsprint-demo");
        assert_eq!(quoted("my demo"), "'my demo'");
        assert_eq!(quoted("it's"), r"'it'\''s'");
        assert_eq!(quoted("-demo"), "'-demo'");
    }
}
