//! Fetches one page, politely, and prints its article:
//!
//! ```text
//! cargo run --example fetch_article -- https://example.org/news/1
//! ```

use std::error::Error;
use std::io::{Write, stdout};

use newsprint::{Client, ClientError};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let Some(address) = std::env::args().nth(1) else {
        writeln!(stdout(), "usage: fetch_article URL")?;
        return Ok(());
    };
    let client = Client::builder()
        .user_agent("newsprint-example/1.0 (+https://example.org/bot)")
        .build()?;
    match client.article(&address.parse()?).await {
        Ok(article) => {
            let title = article.title.unwrap_or_default();
            writeln!(stdout(), "{title}\n\n{}", article.text)?;
            Ok(())
        }
        Err(ClientError::NoArticle { verdict, .. }) => {
            writeln!(stdout(), "not an article: {}", verdict.name())?;
            Ok(())
        }
        Err(error) => Err(error.into()),
    }
}
