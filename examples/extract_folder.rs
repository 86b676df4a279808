//! Extracts a folder of saved pages in parallel, and prints each title with the length of its text:
//!
//! ```text
//! cargo run --example extract_folder -- pages/
//! ```
//!
//! Where the folder holds several pages of one site, what they have in common is not taken for
//! their text. Without an argument it extracts the repository's own fixtures.

use std::error::Error;
use std::io::{Write, stdout};
use std::path::PathBuf;

use newsprint::extract::batch::Batch;
use newsprint::{Extractor, input};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/newsroom");
/// Larger files are passed over.
const MAX_BYTES: u64 = 20 << 20;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args().nth(1).unwrap_or_else(|| FOLDER.to_owned());
    let pages = || {
        let found = input::find(vec![PathBuf::from(&folder)], MAX_BYTES);
        found.map(|found| || found.read())
    };

    let mut batch = Batch::new(Extractor::default());
    batch.learn(pages);
    batch.run(pages(), |result| match result {
        Ok(extraction) if extraction.verdict.is_article() => {
            let article = extraction.article;
            let source = article.source.unwrap_or_default();
            let title = article.title.unwrap_or_default();
            writeln!(stdout(), "{source}: {title} ({} words)", article.word_count)
        }
        Ok(_) => Ok(()),
        Err(error) => writeln!(stdout(), "{error}"),
    })?;
    Ok(())
}
