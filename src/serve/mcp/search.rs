//! `search_archive`: what a query finds, with a passage of each article.

use std::fmt::Write as _;
use std::time::Duration;

use rmcp::model::JsonObject;
use serde_json::{Value, json};
use tokio::time::{sleep, timeout};

use super::arguments::{self, SearchArchive, SearchOrder};
use super::tools::{Called, Done, ITEMS, ToolError, Tools};
use super::untrusted::{self, NOTICE, field};
use crate::search::{Order, SearchQuery};
use crate::store::{Hit, SearchPage, Store, StoreError, Total, Unindexed};

/// Articles that are returned unless asked otherwise…
const USUAL: u32 = 10;
/// …and at most.
const MOST: u32 = 50;
/// Articles that are indexed at a time.
const STEP: u32 = 200;
/// A search waits no longer than this for the index.
const INDEX_TIME: Duration = Duration::from_secs(10);
/// Articles whose turn has not come are waited for so many times…
const WAITS: u32 = 40;
/// …so long: most transactions are short.
const WAIT: Duration = Duration::from_millis(50);

impl Tools {
    pub(super) async fn search_archive(&self, given: JsonObject) -> Called {
        let wanted: SearchArchive = arguments::read(given)?;
        let mut query = SearchQuery::parse(&wanted.query);
        query.order = match wanted.order {
            SearchOrder::Relevance if !query.is_without_words() => Order::Relevance,
            _ => Order::Newest,
        };
        query.sources.extend(wanted.source);
        query.languages.extend(wanted.language);
        let cursor = wanted.cursor.as_deref().map(str::parse).transpose();
        let cursor = cursor.map_err(|_| {
            ToolError::new("`cursor` is not the `next` of an answer; leave it out to begin again")
        })?;
        let store = self.archive.store().await?;
        let mut notes = query.notes.clone();
        if self.archive.is_ours() && !index(&*store).await? {
            notes.push(
                "the index is being brought up to date: not every article can be found yet; ask again later"
                    .to_owned(),
            );
        }
        let limit = wanted.limit.unwrap_or(USUAL).clamp(1, MOST);
        let page = store.search(&query, cursor, limit).await?;
        done(&page, &notes)
    }
}

/// Brings the index up to date, and says if it is.
async fn index(store: &dyn Store) -> Result<bool, StoreError> {
    let all = async {
        let mut waits = 0;
        loop {
            match store.index_articles(STEP).await?.left {
                Unindexed::More => {}
                Unindexed::HeldBack if waits < WAITS => {
                    waits += 1;
                    sleep(WAIT).await;
                }
                left => return Ok(left == Unindexed::Nothing),
            }
        }
    };
    timeout(INDEX_TIME, all).await.unwrap_or(Ok(false))
}

fn done(page: &SearchPage, notes: &[String]) -> Called {
    let mut inner = String::new();
    for hit in &page.hits {
        write_hit(&mut inner, hit);
    }
    let (total, is_exact) = match page.total {
        Total::Exactly(total) => (total, true),
        Total::MoreThan(total) => (total, false),
    };
    let next = page.next.map(|it| it.to_string());
    let mut text = match page.hits.is_empty() {
        true => "Nothing was found; try fewer or other words.".to_owned(),
        false => untrusted::wrapped(&inner)?,
    };
    let more = if is_exact { "" } else { "more than " };
    let _ = write!(text, "\n{} of {more}{total} articles.", page.hits.len());
    if let Some(next) = &next {
        let _ = write!(
            text,
            " For more, call again with the same arguments and `cursor`: {next}."
        );
    }
    for note in notes {
        let _ = write!(text, "\nNote: {note}");
    }
    let structured = json!({
        "notice": NOTICE,
        "total": total,
        "total_is_exact": is_exact,
        "next": next,
        "notes": notes,
        "untrusted": page.hits.iter().map(object).collect::<Vec<_>>(),
    });
    Ok(Done { structured, text })
}

fn write_hit(out: &mut String, hit: &Hit) {
    let title = hit
        .title
        .as_deref()
        .map_or_else(|| "(without a headline)".to_owned(), field);
    let facts = [&hit.published, &hit.source, &hit.url];
    let facts: Vec<String> = facts.into_iter().flatten().map(|it| field(it)).collect();
    let _ = writeln!(
        out,
        "{}: {title}\n{}\n{}\n",
        hit.id,
        facts.join(", "),
        passage(hit)
    );
}

fn passage(hit: &Hit) -> String {
    hit.snippet.iter().map(|it| it.text.as_str()).collect()
}

fn object(hit: &Hit) -> Value {
    let some = |text: &Option<String>| text.as_deref().map(field);
    let authors: Vec<String> = hit.authors.iter().take(ITEMS).map(|it| field(it)).collect();
    json!({
        "id": hit.id,
        "title": some(&hit.title),
        "authors": authors,
        "published": some(&hit.published),
        "source": some(&hit.source),
        "language": some(&hit.language),
        "url": some(&hit.url),
        "passage": passage(hit),
    })
}
