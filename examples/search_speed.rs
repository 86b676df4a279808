//! Measures search in a store that `many_articles` has made: how long it takes to index, and the median time of each of some
//! searches, their first and their tenth page.
//!
//! ```text
//! cargo run --release --example search_speed -- sqlite:many.db
//! ```

use std::error::Error;
use std::io::{Write, stdout};
use std::time::{Duration, Instant};

use newsprint::location::StoreLocation;
use newsprint::search::{Order, SearchQuery};
use newsprint::store::{self, SearchPage, Store, Unindexed};

/// How often each search is repeated.
const TIMES: usize = 11;
/// Articles of a page.
const PAGE: u32 = 20;

/// What is searched for, and what that stands for.
const QUERIES: [(&str, &str); 15] = [
    ("a list of all", ""),
    ("a list of a source", "source:\"Le Phare\""),
    ("a list of a language", "language:ja"),
    ("a list of some days", "after:2026-03-01 before:2026-03-08"),
    ("a rare word", "quokka"),
    ("a common word", "ferry"),
    ("the most common word", "of"),
    ("two common words", "of and"),
    ("a phrase", "\"harbour strike\""),
    ("a phrase of common words", "\"of and\""),
    ("a beginning", "harb*"),
    ("Chinese", "渡轮停航"),
    ("Japanese, one character", "都"),
    (
        "words, source and dates",
        "ferry source:\"Daily Courier\" after:2026-01-01 before:2026-06-01",
    ),
    ("a field, without a word", "title:ba -of"),
];

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let location: Option<String> = std::env::args().nth(1);
    let location: StoreLocation = location.ok_or("usage: search_speed STORE")?.parse()?;
    let store = store::open(location).await?;
    index(&*store).await?;
    for order in [Order::Newest, Order::Relevance] {
        writeln!(
            stdout(),
            "\n{order:?}: milliseconds of the first page, of the tenth, articles found"
        )?;
        for (name, text) in QUERIES {
            let query = SearchQuery {
                order,
                ..SearchQuery::parse(text)
            };
            let (first, page) = median(&*store, &query, None).await?;
            let mut last = page.clone();
            let mut number = 1;
            while number < 9 && last.next.is_some() {
                last = store.search(&query, last.next, PAGE).await?;
                number += 1;
            }
            let tenth = match last.next {
                Some(next) => millis(median(&*store, &query, Some(next)).await?.0),
                None => "-".to_owned(),
            };
            writeln!(
                stdout(),
                "{name:30} {:>8} {tenth:>8}  {:?}",
                millis(first),
                page.total
            )?;
        }
    }
    store.close().await;
    Ok(())
}

/// Indexes what is not indexed.
async fn index(store: &dyn Store) -> Result<(), Box<dyn Error>> {
    let (began, mut articles, mut longest) = (Instant::now(), 0, Duration::ZERO);
    loop {
        let step = Instant::now();
        let indexed = store.index_articles(32).await?;
        longest = longest.max(step.elapsed());
        articles += indexed.articles;
        if indexed.left != Unindexed::More {
            break;
        }
    }
    let took = began.elapsed().as_secs_f64();
    writeln!(
        stdout(),
        "indexed {articles} articles in {took:.1} s; the longest step of 32 took {} ms",
        millis(longest)
    )?;
    Ok(())
}

async fn median(
    store: &dyn Store,
    query: &SearchQuery,
    after: Option<store::SearchCursor>,
) -> Result<(Duration, SearchPage), Box<dyn Error>> {
    let mut times = Vec::new();
    let mut page = store.search(query, after, PAGE).await?;
    for _ in 0..TIMES {
        let began = Instant::now();
        page = store.search(query, after, PAGE).await?;
        times.push(began.elapsed());
    }
    times.sort_unstable();
    Ok((times[TIMES / 2], page))
}

fn millis(time: Duration) -> String {
    format!("{:.1}", time.as_secs_f64() * 1_000.0)
}
