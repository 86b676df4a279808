//! `newsprint demo`: a small news site on loopback, crawled by the same code that crawls the web.

use std::path::PathBuf;

use anyhow::{Context, Result};
use newsprint::crawl::Options;
use newsprint::demo::Newsroom;
use newsprint::files::{self, Access};

use super::crawl::CrawlCommand;
use super::runtime;
use crate::cli::Exit;
use crate::cli::args::DemoArgs;
use crate::cli::counts::counted;
use crate::cli::printer::Printer;

pub(crate) fn run(args: &DemoArgs, printer: &Printer) -> Result<Exit> {
    let dir = args
        .output
        .clone()
        .unwrap_or_else(|| PathBuf::from("newsprint-demo"));
    files::create_folder(&dir, Access::Group)
        .with_context(|| format!("cannot create the folder {}", dir.display()))?;
    let runtime = runtime()?;
    let newsroom = runtime
        .block_on(Newsroom::start())
        .context("cannot serve on loopback")?;
    printer.note(&format!(
        "serving {} on {} and crawling, with rate limits\n\n",
        counted(newsroom.hosts().len() as u64, "demo site"),
        newsroom.address()
    ));
    let config = newsroom.config(&dir);
    let command = CrawlCommand {
        printer: *printer,
        progress: false,
        metrics: None,
        options: Options::default(),
        lists_pages: false,
    };
    let exit = command.run_once(&config)?;
    printer.note(&format!(
        "\n{} answered; the articles are in {}, the store is {}\n",
        counted(newsroom.requests() as u64, "request"),
        dir.join("articles").display(),
        config.store.location
    ));
    Ok(exit)
}
