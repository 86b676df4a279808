//! `newsprint export`: prints articles from the store.

mod follow;
mod selection;

use anyhow::Result;
use newsprint::config::Format;
use newsprint::store;

use super::runtime;
use crate::cli::args::{Common, ExportArgs};
use crate::cli::exit::UsageError;
use crate::cli::printer::Printer;
use crate::cli::sink::Sink;
use crate::cli::{Exit, formats, settings, times};

pub(crate) fn run(args: ExportArgs, common: &Common, printer: &Printer) -> Result<Exit> {
    let config = settings::required(common)?;
    let mut selection = selection::Selection::of(&args, &config.crawl.user_agent, times::now())?;
    let format = formats::chosen(args.format, args.output.as_deref(), Format::Jsonl)?;
    let format = formats::with_bom(format, args.bom)?;
    if args.follow && !format.is_text() {
        let message = "--follow prints articles one by one, which --format parquet cannot do; use --format jsonl";
        return Err(UsageError(message.to_owned()).into());
    }
    let mut sink = Sink::open(args.output.as_deref(), format, true, *printer)?;
    if args.follow {
        let follower = follow::Follower {
            location: &config.store.location,
            selection,
            cursor: args.cursor.as_deref(),
        };
        return follower.run(sink, *printer);
    }
    runtime()?.block_on(async {
        let store = store::open_read_only(&config.store.location).await?;
        let mut articles = store.articles(selection.filter());
        while let Some(article) = articles.next().await? {
            for revision in selection.revisions(&*store, article).await? {
                sink.write(&revision)?;
            }
        }
        anyhow::Ok(())
    })?;
    sink.close()?;
    printer.note(&selection.notes());
    Ok(Exit::Done)
}
