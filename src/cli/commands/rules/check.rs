//! `newsprint rules check`: every selector of the sources and hosts against the stored pages.

use anyhow::Result;
use newsprint::config::Config;
use newsprint::crawl::CrawlError;
use newsprint::extract::Extractor;
use newsprint::rulebook::RuleBook;
use newsprint::rulebook::check::{Check, Checked, HealthIssue};
use newsprint::selectors::UserSelector;
use newsprint::store::{self, Filter, RawPage};

use crate::cli::args::{CheckArgs, Common};
use crate::cli::commands::runtime;
use crate::cli::paint::{Paint, plain};
use crate::cli::printer::Printer;
use crate::cli::{Exit, settings};

/// Pages of a source that are looked at: the newest.
const MOST_PAGES: usize = 100;

pub(crate) fn run(args: &CheckArgs, common: &Common, printer: &Printer) -> Result<Exit> {
    let config = settings::required(common)?;
    for name in &args.sources {
        if !config.sources.iter().any(|it| it.name == *name) {
            let known = settings::names(&config).join(", ");
            let name = name.clone();
            return Err(CrawlError::UnknownSource { name, known }.into());
        }
    }
    let ill = runtime()?.block_on(check(&config, args, printer))?;
    Ok(if ill { Exit::Partial } else { Exit::Done })
}

/// True where a selector needs a look.
async fn check(config: &Config, args: &CheckArgs, printer: &Printer) -> Result<bool> {
    let store = store::open_existing(&config.store.path).await?;
    let (book, extractor) = (RuleBook::new(config), Extractor::default());
    let mut tried = Vec::new();
    let mut ill = false;
    for source in &config.sources {
        if !args.sources.is_empty() && !args.sources.contains(&source.name) {
            continue;
        }
        let mut pages = store.pages(Filter {
            sources: vec![source.name.clone()],
            ..Filter::default()
        });
        let mut check = Check::default();
        while check.pages() < MOST_PAGES
            && let Some(page) = pages.next().await?
        {
            survey(&page, &book, &extractor, &mut check);
        }
        let checked = check.done();
        ill |= checked.iter().any(|it| it.health_issue().is_some());
        let shown = report(&source.name, check.pages(), &checked, Paint::stdout());
        printer.out(shown.as_bytes())?;
        tried.extend(checked.into_iter().map(|it| it.selector));
    }
    store.close().await;
    if args.sources.is_empty() {
        printer.out(untried(config, &tried).as_bytes())?;
    }
    Ok(ill)
}

fn survey(page: &RawPage, book: &RuleBook, extractor: &Extractor, check: &mut Check) {
    let url = page.parsed_url();
    let rules = book.for_page(Some(&page.source), url.as_ref(), page.fetched_at);
    let survey = extractor.survey(&page.input(url.as_ref()), &rules);
    check.add(&rules, survey);
}

fn report(source: &str, pages: usize, checked: &[Checked], paint: Paint) -> String {
    let ill = checked
        .iter()
        .filter(|it| it.health_issue().is_some())
        .count();
    let head = format!(
        "{source}: {pages} stored pages, {} selectors, {ill} to look at",
        checked.len()
    );
    let mut out = format!("{}\n", paint.bold(&head));
    for it in checked {
        let Some(issue) = it.health_issue() else {
            continue;
        };
        let what = match issue {
            HealthIssue::FindsNothing => format!("finds nothing on {} pages", it.pages),
            HealthIssue::TakesText => format!(
                "takes article text from {} of the {} pages on which it finds anything, such as {:?}",
                it.takes,
                it.matched,
                plain(it.example.as_deref().unwrap_or_default())
            ),
        };
        let line = format!("{}: {what}", named(&it.selector));
        out.push_str(&format!("  {}\n", paint.red(&line)));
    }
    out
}

/// Selectors that no stored page fell under.
fn untried(config: &Config, tried: &[UserSelector]) -> String {
    let sources = config.sources.iter().flat_map(|it| &it.select);
    let sets = sources.chain(config.rules.hosts.values().flatten());
    let own = sets.flat_map(|set| &set.selectors);
    let lines = own.filter(|it| !tried.contains(it));
    lines
        .map(|it| format!("{}: no stored page falls under it\n", named(it)))
        .collect()
}

fn named(selector: &UserSelector) -> String {
    format!(
        "{}: {} {}",
        selector.place,
        selector.key.name(),
        selector.css
    )
}
