//! `newsprint discover URL`: a site's feeds, sitemaps and sections, as a source ready to paste.

use anyhow::Result;
use newsprint::crawl::survey;
use newsprint::fetch::Fetcher;

use crate::cli::args::{Common, DiscoverArgs};
use crate::cli::printer::Printer;
use crate::cli::signals::block_on;
use crate::cli::{Exit, settings, times};

pub(crate) fn run(args: &DiscoverArgs, common: &Common, printer: &Printer) -> Result<Exit> {
    let config = settings::optional(common)?;
    let own = settings::subscriptions(&config, std::slice::from_ref(&args.url))?;
    let fetcher = Fetcher::configured(&config)?.with_subscriptions(own);
    let now = times::now();
    match block_on(async { Ok(survey(&fetcher, &args.url, now).await) })? {
        Ok(found) => {
            if let Some(error) = &found.instead_of {
                printer.error(&format!("{error}; using {} instead", found.front));
            }
            if let Some((_, problem)) = &found.problem {
                printer.error(&format!("{}: {problem}", found.front));
            }
            let Some(block) = found.block(now) else {
                printer.note(&found.link_comments());
                printer.error(&format!(
                    "{}: found no feeds, sitemaps or links to articles; try the address of a page \
                     that lists articles",
                    found.front
                ));
                return Ok(Exit::NoArticle);
            };
            printer.text(&block)?;
            Ok(Exit::Done)
        }
        Err(error) => {
            printer.error(&error.to_string());
            Ok(if error.stand_in.is_some() {
                Exit::NoArticle
            } else if error.error.is_refusal() {
                Exit::Refused
            } else {
                Exit::Failed
            })
        }
    }
}
