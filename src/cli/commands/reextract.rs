//! `newsprint reextract`: extracts the stored raw pages with today's rules and shows what changes.

use anyhow::Result;
use newsprint::crawl::{self, Difference, Differences, ReextractOptions};
use newsprint::page::text::word_count;
use serde_json::{Value, json};

use crate::cli::args::{Common, ReextractArgs, ReportFormat};
use crate::cli::counts::counted;
use crate::cli::paint::Paint;
use crate::cli::plain::plain;
use crate::cli::printer::Printer;
use crate::cli::signals::{Signals, block_on};
use crate::cli::{Exit, settings};

/// Removed and added paragraphs shown for each source, the most frequent first…
const SHOWN_PARAGRAPHS: usize = 12;
/// …the characters shown of each, and the changed articles shown.
const SHOWN_CHARS: usize = 100;
const SHOWN_ARTICLES: usize = 20;

pub(crate) fn run(args: ReextractArgs, common: &Common, printer: &Printer) -> Result<Exit> {
    let config = settings::required(common)?;
    let signals = Signals::listen(*printer)?;
    let options = ReextractOptions {
        sources: args.sources,
        dry_run: args.dry_run,
        stop: signals.stop().clone(),
        ..ReextractOptions::default()
    };
    let (paint, as_json) = (Paint::stdout(), args.format == Some(ReportFormat::Json));
    let mut objects = Vec::new();
    let mut pages = 0;
    block_on(crawl::reextract(&config, &options, |source| {
        pages += source.pages;
        if as_json {
            objects.push(object(&source));
        } else if source.pages > 0 {
            printer.text(&text(&source, options.dry_run, paint))?;
        }
        anyhow::Ok(())
    }))?;
    if as_json {
        printer.out(format!("{:#}\n", Value::from(objects)).as_bytes())?;
    }
    if let Some(exit) = signals.caught() {
        printer.note("stopped; what was changed is stored, the rest is left to the next run\n");
        return Ok(exit);
    }
    if pages == 0 {
        printer.note("the store has no raw pages of these sources; a crawl keeps them for the time in `keep_pages` of [store]\n");
    }
    Ok(Exit::Done)
}

fn text(source: &Differences, dry_run: bool, paint: Paint) -> String {
    let mut out = format!("{}\n", paint.bold(&head(source, dry_run)));
    for (sign, paragraphs) in [("-", &source.went), ("+", &source.came)] {
        let mut counted: Vec<(&String, &u64)> = paragraphs.iter().collect();
        counted.sort_by(|a, b| b.1.cmp(a.1).then(a.0.cmp(b.0)));
        for (paragraph, count) in counted.iter().take(SHOWN_PARAGRAPHS) {
            let line = format!("  {sign} {count}× {}", shortened(paragraph));
            let painted = if sign == "-" {
                paint.red(&line)
            } else {
                paint.green(&line)
            };
            out.push_str(&format!("{painted}\n"));
        }
        if counted.len() > SHOWN_PARAGRAPHS {
            let more = counted.len() - SHOWN_PARAGRAPHS;
            out.push_str(&format!("  {sign} … and {more} more\n"));
        }
    }
    for change in source.changes.iter().take(SHOWN_ARTICLES) {
        out.push_str(&format!("  {}\n", article(change)));
    }
    if source.changes.len() > SHOWN_ARTICLES {
        let more = source.changes.len() - SHOWN_ARTICLES;
        out.push_str(&format!(
            "  … and {}; --format json lists them\n",
            counted(more as u64, "more article")
        ));
    }
    out
}

/// `harbour-post: 5 pages: 2 texts would change (-14 +0 words), 3 unchanged`
fn head(source: &Differences, dry_run: bool) -> String {
    let verb = if dry_run { "would change" } else { "changed" };
    let mut parts = Vec::new();
    if source.texts > 0 {
        let (removed, added) = words(&source.changes);
        parts.push(format!(
            "{} {verb} (-{removed} +{added} words)",
            counted(source.texts, "text")
        ));
    }
    if source.new > 0 {
        parts.push(format!("{} new", source.new));
    }
    for (field, count) in &source.fields {
        parts.push(format!("`{field}` in {count}"));
    }
    parts.push(format!("{} unchanged", source.same));
    for (outcome, count) in &source.none {
        parts.push(format!("{} {count}", outcome.name()));
    }
    format!(
        "{}: {}: {}{}",
        source.source,
        counted(source.pages, "page"),
        parts.join(", "),
        judged_again(source, dry_run)
    )
}

/// `; judged again: 7 refused pages, 2 are articles now`
fn judged_again(source: &Differences, dry_run: bool) -> String {
    if source.refused == 0 {
        return String::new();
    }
    let verb = match (dry_run, source.accepted) {
        (true, 1) => "would be an article",
        (true, _) => "would be articles",
        (false, 1) => "is an article now",
        (false, _) => "are articles now",
    };
    let due = match source.due {
        0 => String::new(),
        count => format!(", {count} to be fetched again with all pages of the article"),
    };
    let pages = counted(source.refused, "refused page");
    format!("; judged again: {pages}, {} {verb}{due}", source.accepted)
}

/// The numbers of words in removed and in added paragraphs.
fn words(changes: &[Difference]) -> (usize, usize) {
    let count = |texts: &[String]| texts.iter().map(|it| word_count(it)).sum::<usize>();
    let each = changes.iter().map(|it| (count(&it.went), count(&it.came)));
    each.fold((0, 0), |all, one| (all.0 + one.0, all.1 + one.1))
}

fn article(change: &Difference) -> String {
    let mut parts = Vec::new();
    match change.revision {
        Some(1) => parts.push("new".to_owned()),
        Some(_) => parts.push(format!(
            "-{} +{} paragraphs",
            change.went.len(),
            change.came.len()
        )),
        None => {}
    }
    parts.extend(change.fields.iter().map(|field| format!("`{field}`")));
    format!("{} {}: {}", change.id, change.url, parts.join(", "))
}

fn shortened(paragraph: &str) -> String {
    let start: String = paragraph.chars().take(SHOWN_CHARS).collect();
    let rest = if start.len() < paragraph.len() {
        "…"
    } else {
        ""
    };
    format!("{}{rest}", plain(&start))
}

fn object(source: &Differences) -> Value {
    let changes = source.changes.iter().map(|change| {
        json!({
            "id": change.id,
            "url": change.url,
            "revision": change.revision,
            "fields": change.fields,
            "went": change.went,
            "came": change.came,
        })
    });
    let none = source
        .none
        .iter()
        .map(|(outcome, count)| (outcome.name().to_owned(), Value::from(*count)));
    json!({
        "source": source.source,
        "pages": source.pages,
        "same": source.same,
        "texts": source.texts,
        "new": source.new,
        "refused": source.refused,
        "accepted": source.accepted,
        "due": source.due,
        "none": Value::Object(none.collect()),
        "lost": source.lost,
        "fields": source.fields,
        "went": source.went,
        "came": source.came,
        "changes": changes.collect::<Vec<_>>(),
    })
}
