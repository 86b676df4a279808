//! Fetches the addresses on standard input, several hosts at a time, and prints one JSON record a
//! line, in the order in which the pages arrive:
//!
//! ```text
//! cargo run --example fetch_list < addresses.txt > articles.jsonl
//! ```

use std::error::Error;
use std::io::{Write, stderr, stdin, stdout};

use newsprint::Client;
use tokio::task::JoinSet;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let client = Client::builder()
        .user_agent("newsprint-example/1.0 (+https://example.org/bot)")
        .concurrency(8)
        .build()?;
    let mut pages = JoinSet::new();
    for line in stdin().lines() {
        let url = line?.parse()?;
        // Clones share the pace of each host: two pages of one host are a second apart.
        let client = client.clone();
        pages.spawn(async move { client.article(&url).await });
    }
    while let Some(page) = pages.join_next().await {
        match page? {
            Ok(article) => writeln!(stdout(), "{}", serde_json::to_string(&article)?)?,
            Err(error) => writeln!(stderr(), "{error}")?,
        }
    }
    Ok(())
}
