//! `newsprint export`: prints articles from the store.

mod follow;

use anyhow::Result;
use newsprint::config::Format;
use newsprint::store::{self, Filter};

use super::runtime;
use crate::cli::args::{Common, ExportArgs};
use crate::cli::printer::Printer;
use crate::cli::sink::Sink;
use crate::cli::{Exit, settings, times};

pub(crate) fn run(args: ExportArgs, common: &Common, printer: &Printer) -> Result<Exit> {
    let config = settings::required(common)?;
    let now = times::now();
    let filter = Filter {
        since: args.since.map(|time| time.millis(now)),
        until: args.until.map(|time| time.millis(now)),
        sources: args.sources,
        ..Filter::default()
    };
    let format = args.format.unwrap_or(Format::Jsonl);
    let mut sink = Sink::open(args.output.as_deref(), format, true, *printer)?;
    if args.follow {
        let follower = follow::Follower {
            location: &config.store.location,
            filter,
            cursor: args.cursor.as_deref(),
        };
        return follower.run(sink, *printer);
    }
    runtime()?.block_on(async {
        let store = store::open_read_only(&config.store.location).await?;
        let mut articles = store.articles(filter);
        while let Some(article) = articles.next().await? {
            sink.write(&article)?;
        }
        anyhow::Ok(())
    })?;
    sink.close()?;
    Ok(Exit::Done)
}
