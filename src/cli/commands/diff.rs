//! `newsprint diff ID`: what changed from each revision of an article to the next.

use anyhow::{Result, bail};
use newsprint::Article;
use newsprint::compare::{Change, WordRun, changes};
use newsprint::store;
use serde_json::{Value, json};

use super::runtime;
use crate::cli::args::{Common, DiffArgs, ReportFormat};
use crate::cli::counts::counted;
use crate::cli::paint::Paint;
use crate::cli::plain::plain;
use crate::cli::printer::Printer;
use crate::cli::{Exit, settings};

pub(crate) fn run(args: &DiffArgs, common: &Common, printer: &Printer) -> Result<Exit> {
    let config = settings::required(common)?;
    let path = &config.store.location;
    let revisions = runtime()?.block_on(async {
        let store = store::open_read_only(path).await?;
        store.revisions(&args.id).await
    })?;
    let Some(last) = revisions.last() else {
        bail!(
            "{} has no article with the id `{}`; `newsprint export` prints the records with their ids",
            path,
            args.id
        );
    };
    let pairs = revisions.windows(2);
    if let Some(ReportFormat::Json) = args.format {
        let steps: Vec<Value> = pairs.map(|pair| object(&pair[0], &pair[1])).collect();
        printer.out(format!("{:#}\n", Value::from(steps)).as_bytes())?;
        return Ok(Exit::Done);
    }
    let paint = Paint::stdout();
    let title = last.title.as_deref().unwrap_or("(without a title)");
    let url = last.url.as_deref().unwrap_or_default();
    let mut out = format!("{}\n{url}\n", paint.bold(&plain(title)));
    if revisions.len() == 1 {
        out.push_str("\n1 revision: the text has not changed since it was stored\n");
    }
    for pair in pairs {
        out.push_str(&step(&pair[0], &pair[1], paint));
    }
    printer.text(&out)?;
    Ok(Exit::Done)
}

fn step(before: &Article, after: &Article, paint: Paint) -> String {
    let mut out = format!(
        "\n{}\n",
        paint.bold(&format!(
            "revision {} → {} ({} → {} words), fetched {}, {}",
            before.revision,
            after.revision,
            before.word_count,
            after.word_count,
            after.fetched_at.as_deref().unwrap_or("-"),
            after.extractor,
        ))
    );
    let pair = |text: &Option<String>| text.as_deref().map(plain).unwrap_or_default();
    if before.title != after.title {
        let (removed, added) = (pair(&before.title), pair(&after.title));
        out.push_str(&paint.red(&format!("- title: {removed}")));
        out.push('\n');
        out.push_str(&paint.green(&format!("+ title: {added}")));
        out.push('\n');
    }
    for change in changes(&before.text, &after.text) {
        out.push_str(&line(&change, paint));
        out.push('\n');
    }
    out
}

fn line(change: &Change<'_>, paint: Paint) -> String {
    match change {
        Change::Same(count) => paint.dim(&format!(
            "  ({} unchanged)",
            counted(*count as u64, "paragraph")
        )),
        Change::Removed(text) => paint.red(&format!("- {}", plain(text))),
        Change::Added(text) => paint.green(&format!("+ {}", plain(text))),
        Change::Edited(pieces) => {
            let words = pieces.iter().map(|piece| words(*piece, paint));
            format!("~ {}", words.collect::<String>())
        }
    }
}

/// Without colours, words are marked as `wdiff` does: `[-removed-]` and `{+added+}`.
fn words(piece: WordRun<'_>, paint: Paint) -> String {
    let text = plain(piece.text());
    match piece {
        WordRun::Same(_) => text,
        WordRun::Removed(_) if paint.is_on() => paint.red(&text),
        WordRun::Added(_) if paint.is_on() => paint.green(&text),
        WordRun::Removed(_) => marked("[-", &text, "-]"),
        WordRun::Added(_) => marked("{+", &text, "+}"),
    }
}

/// The space after the last word is put behind the mark.
fn marked(open: &str, text: &str, close: &str) -> String {
    let words = text.trim_end();
    format!("{open}{words}{close}{}", &text[words.len()..])
}

fn object(before: &Article, after: &Article) -> Value {
    let changes: Vec<Value> = changes(&before.text, &after.text)
        .into_iter()
        .map(|change| match change {
            Change::Same(count) => json!({ "same": count }),
            Change::Removed(text) => json!({ "went": text }),
            Change::Added(text) => json!({ "came": text }),
            Change::Edited(pieces) => {
                let pieces = pieces.into_iter().map(|piece| match piece {
                    WordRun::Same(text) => json!({ "same": text }),
                    WordRun::Removed(text) => json!({ "went": text }),
                    WordRun::Added(text) => json!({ "came": text }),
                });
                json!({ "edited": pieces.collect::<Vec<_>>() })
            }
        })
        .collect();
    json!({
        "id": after.id,
        "from": before.revision,
        "to": after.revision,
        "fetched_at": after.fetched_at,
        "extractor": after.extractor,
        "title": { "before": before.title, "after": after.title },
        "words": { "before": before.word_count, "after": after.word_count },
        "changes": changes,
    })
}
