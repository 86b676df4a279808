//! `newsprint demo`: a small newsroom on loopback, crawled by the code that crawls the web.

use std::path::PathBuf;

use anyhow::{Context, Result};
use newsprint::crawl::Options;
use newsprint::demo::Newsroom;

use super::crawl::Job;
use super::runtime;
use crate::cli::Exit;
use crate::cli::args::DemoArgs;
use crate::cli::printer::Printer;

pub(crate) fn run(args: &DemoArgs, printer: &Printer) -> Result<Exit> {
    let dir = args
        .output
        .clone()
        .unwrap_or_else(|| PathBuf::from("newsprint-demo"));
    std::fs::create_dir_all(&dir)
        .with_context(|| format!("cannot make the folder {}", dir.display()))?;
    let runtime = runtime()?;
    let newsroom = runtime
        .block_on(Newsroom::start())
        .context("cannot serve on loopback")?;
    printer.note(&format!(
        "a newsroom of {} sites is served on {}; crawling it, rate limits on\n\n",
        newsroom.hosts().len(),
        newsroom.address()
    ));
    let config = newsroom.config(&dir);
    let job = Job {
        printer: *printer,
        progress: false,
        metrics: None,
        options: Options::default(),
    };
    let exit = job.once(&config)?;
    printer.note(&format!(
        "\n{} requests were answered; the articles are in {}, the store is {}\n",
        newsroom.requests(),
        dir.join("articles").display(),
        config.store.path.display()
    ));
    Ok(exit)
}
