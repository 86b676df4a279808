//! `newsprint pages`: every address that a crawl knows, and what became of it.

mod list;

use anyhow::Result;
use newsprint::config::Config;
use newsprint::frontier::{self, Schedule};
use newsprint::store::{self, AddressFilter};

use self::list::List;
use super::runtime;
use crate::cli::args::{Common, PagesArgs};
use crate::cli::counts::counted;
use crate::cli::printer::Printer;
use crate::cli::{Exit, formats, settings, times};

pub(crate) fn run(args: PagesArgs, common: &Common, printer: &Printer) -> Result<Exit> {
    let config = settings::required(common)?;
    settings::chosen(&config, &args.sources)?;
    let now = times::now();
    let filter = AddressFilter {
        lost: args.lost || (args.retry && args.outcomes.is_empty()),
        sources: args.sources,
        outcomes: args.outcomes,
        since: args.since.map(|time| time.millis(now)),
    };
    let runtime = runtime()?;
    if args.retry {
        let made_due = runtime.block_on(retry(&config, &filter, now))?;
        printer.note(&message(made_due));
        return Ok(Exit::Done);
    }
    let format = formats::of_list(args.format, args.output.as_deref())?;
    let names = settings::names(&config);
    runtime.block_on(async {
        let store = store::open_read_only(&config.store.location).await?;
        let mut list = List::open(format, args.output.as_deref(), *printer)?;
        list.head(&names)?;
        let mut addresses = store.addresses(filter);
        while let Some(address) = addresses.next().await? {
            list.row(&address, now)?;
        }
        list.close()
    })?;
    Ok(Exit::Done)
}

/// Makes what the filter selects due, and gives the number of pages.
async fn retry(config: &Config, filter: &AddressFilter, now: i64) -> Result<u64> {
    store::open_existing(&config.store.location)
        .await?
        .close()
        .await;
    let schedule = Schedule::new(config.crawl.recheck, config.crawl.recheck_max);
    let storage = frontier::open(&config.store.location, schedule).await?;
    let made_due = storage.frontier.retry(filter, now).await?;
    storage.store.close().await;
    Ok(made_due)
}

fn message(made_due: u64) -> String {
    if made_due == 0 {
        return "nothing to retry: no page matches that is not stored and not due already\n"
            .to_owned();
    }
    let are = if made_due == 1 { "is" } else { "are" };
    format!(
        "{} {are} due; the next `newsprint crawl` visits every host that is not paused\n",
        counted(made_due, "page")
    )
}
