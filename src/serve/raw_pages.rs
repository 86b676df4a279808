//! The pages from which articles were read, and how today's rules read them.

use url::Url;

use crate::article::Article;
use crate::extract::site_memory::host_of_page;
use crate::extract::{Extractor, SiteRules};
use crate::serve::app::{App, Loaded};
use crate::serve::failure::Answer;
use crate::store::RawPage;

/// The page of an article, where it is kept.
pub(crate) async fn of_article(app: &App, article: &Article) -> Answer<Option<RawPage>> {
    let Some(url) = &article.url else {
        return Ok(None);
    };
    match app.store().page_number(url).await? {
        Some(number) => Ok(app.store().page(number).await?),
        None => Ok(None),
    }
}

/// The extractor with what is known of the page's site.
pub(crate) async fn with_memory(
    app: &App,
    extractor: Extractor,
    (page, url): (&RawPage, Option<&Url>),
) -> Answer<Extractor> {
    Ok(match host_of_page(&page.input(url)) {
        Some(host) => extractor.with_memory(app.store().site_memory(&host).await?),
        None => extractor,
    })
}

/// The rules for a page, which may be of a source that is in the settings no longer.
pub(crate) fn rules(loaded: &Loaded, page: &RawPage, url: Option<&Url>) -> SiteRules {
    let rules = &loaded.rules;
    let source = Some(page.source.as_str()).filter(|it| rules.has_source(it));
    rules.for_page(source, url, page.fetched_at)
}
