//! Extracts the article of one saved page:
//!
//! ```text
//! cargo run --example extract_page -- page.html https://example.org/news/1
//! ```
//!
//! Without arguments it extracts a page of the repository's own fixtures.

use std::error::Error;
use std::fs;
use std::io::{Write, stdout};

use newsprint::{Url, extract};

const PAGE: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/fixtures/newsroom/daily-lantern.example/kim-festival.html"
);

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().unwrap_or_else(|| PAGE.to_owned());
    let url: Option<Url> = arguments.next().map(|it| it.parse()).transpose()?;

    let extraction = extract(&fs::read(path)?, url.as_ref());
    let article = extraction.article;
    if !extraction.verdict.is_article() {
        writeln!(stdout(), "not an article: {}", extraction.why)?;
        return Ok(());
    }
    let title = article.title.unwrap_or_default();
    let published = article.published.unwrap_or_default();
    let authors = article.authors.join(", ");
    writeln!(
        stdout(),
        "{title}\n{authors} {published}\n\n{}",
        article.text
    )?;
    Ok(())
}
