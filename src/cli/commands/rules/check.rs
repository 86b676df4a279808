//! `newsprint rules check`: every selector of the sources and hosts against the stored pages.

use anyhow::Result;
use newsprint::config::Config;
use newsprint::crawl::CrawlError;
use newsprint::extract::Extractor;
use newsprint::rulebook::RuleBook;
use newsprint::rulebook::check::{Check, Checked, SelectorIssue};
use newsprint::selectors::UserSelector;
use newsprint::store::{self, Filter, RawPage};

use crate::cli::args::{CheckArgs, Common};
use crate::cli::commands::runtime;
use crate::cli::counts::counted;
use crate::cli::paint::Paint;
use crate::cli::plain::plain;
use crate::cli::printer::Printer;
use crate::cli::{Exit, settings};

/// Pages checked for each source: the newest.
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
    let needs_attention = runtime()?.block_on(check(&config, args, printer))?;
    Ok(if needs_attention {
        Exit::Partial
    } else {
        Exit::Done
    })
}

/// True if a selector needs attention.
async fn check(config: &Config, args: &CheckArgs, printer: &Printer) -> Result<bool> {
    let store = store::open_read_only(&config.store.location).await?;
    let (book, extractor) = (RuleBook::new(config), Extractor::default());
    let mut tried = Vec::new();
    let mut needs_attention = false;
    for source in &config.sources {
        if !args.sources.is_empty() && !args.sources.contains(&source.name) {
            continue;
        }
        let mut pages = store.pages(Filter {
            sources: vec![source.name.clone()],
            without_stand_ins: true,
            ..Filter::default()
        });
        let mut check = Check::default();
        while check.pages() < MOST_PAGES
            && let Some(page) = pages.next().await?
        {
            survey(&page, &book, &extractor, &mut check);
        }
        let checked = check.done();
        needs_attention |= checked.iter().any(|it| it.issue().is_some());
        let shown = report(&source.name, check.pages(), &checked, Paint::stdout());
        printer.text(&shown)?;
        tried.extend(checked.into_iter().map(|it| it.selector));
    }
    store.close().await;
    if args.sources.is_empty() {
        printer.text(&untried(config, &tried))?;
    }
    Ok(needs_attention)
}

fn survey(page: &RawPage, book: &RuleBook, extractor: &Extractor, check: &mut Check) {
    let url = page.parsed_url();
    let rules = book.for_page(Some(&page.source), url.as_ref(), page.fetched_at);
    let survey = extractor.selector_report(&page.input(url.as_ref()), &rules);
    check.add(&rules, survey);
}

fn report(source: &str, pages: usize, checked: &[Checked], paint: Paint) -> String {
    let flagged = checked.iter().filter(|it| it.issue().is_some());
    let flagged = match flagged.count() {
        1 => "1 needs attention".to_owned(),
        count => format!("{count} need attention"),
    };
    let head = format!(
        "{source}: {}, {}, {flagged}",
        counted(pages as u64, "stored page"),
        counted(checked.len() as u64, "selector"),
    );
    let mut out = format!("{}\n", paint.bold(&head));
    for it in checked {
        let Some(issue) = it.issue() else {
            continue;
        };
        let what = match issue {
            SelectorIssue::MatchesNothing => {
                format!("matches nothing on {}", counted(it.pages as u64, "page"))
            }
            SelectorIssue::RemovesText => format!(
                "removes article text from {} of the {} on which it matches, such as {:?}",
                it.removes_text,
                counted(it.matched as u64, "page"),
                plain(it.example.as_deref().unwrap_or_default())
            ),
        };
        let line = format!("{}: {what}", named(&it.selector));
        out.push_str(&format!("  {}\n", paint.red(&line)));
    }
    out
}

/// Selectors that apply to no stored page.
fn untried(config: &Config, tried: &[UserSelector]) -> String {
    let sources = config.sources.iter().flat_map(|it| &it.select);
    let sets = sources.chain(config.rules.hosts.values().flatten());
    let own = sets.flat_map(|set| &set.selectors);
    let lines = own.filter(|it| !tried.contains(it));
    lines
        .map(|it| format!("{}: applies to no stored page\n", named(it)))
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
