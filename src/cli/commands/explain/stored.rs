//! Pages that a crawl has kept, by their address or by the `id` of their article.

use std::path::Path;

use anyhow::{Result, bail};
use newsprint::config::Config;
use newsprint::store::{self, RawPage, Store, StoreError};
use url::Url;

use crate::cli::signals::runtime;

/// A page of the store, with the address that answered.
pub(super) struct Stored {
    pub(super) page: RawPage,
    pub(super) url: Option<Url>,
}

/// True for what looks like the `id` of an article and is no file.
pub(super) fn is_id(typed: &str) -> bool {
    let is_hexadecimal = |c: char| c.is_ascii_digit() || ('a'..='f').contains(&c);
    typed.len() == 16 && typed.chars().all(is_hexadecimal) && !Path::new(typed).exists()
}

/// Reads the page of an address or an article.
///
/// # Errors
/// Fails where the store does not have it, with where to look.
pub(super) fn read(typed: &str, config: &Config) -> Result<Stored> {
    let location = &config.store.location;
    let page = runtime()?.block_on(async {
        let store = store::open_read_only(location).await?;
        let page = page(&*store, typed).await;
        store.close().await;
        page
    })?;
    let Some(page) = page else {
        let (what, command) = match is_id(typed) {
            true => ("page of an article with the id", "export"),
            false => ("page of the address", "pages"),
        };
        bail!(
            "{location} has no {what} `{typed}`; `newsprint {command}` lists those that it knows, and pages are kept for \
             `keep_pages` in [store]"
        );
    };
    Ok(Stored {
        url: page.parsed_url(),
        page,
    })
}

async fn page(store: &dyn Store, typed: &str) -> Result<Option<RawPage>, StoreError> {
    let url = match is_id(typed) {
        true => store.article(typed).await?.and_then(|it| it.article.url),
        false => Some(typed.to_owned()),
    };
    let Some(url) = url else { return Ok(None) };
    match store.page_number(&url).await? {
        Some(number) => store.page(number).await,
        None => Ok(None),
    }
}
