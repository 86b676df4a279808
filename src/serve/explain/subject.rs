//! What is explained and corrected: an article, or a page that was refused, with its raw page.

use std::sync::Arc;

use crate::article::Article;
use crate::correct::{Proposal, propose};
use crate::extract::Extractor;
use crate::extract::explain::Explanation;
use crate::page::Document;
use crate::selectors::SelectorKey;
use crate::serve::app::App;
use crate::serve::failure::{Answer, Failure};
use crate::serve::foreign::Foreign;
use crate::serve::raw_pages;
use crate::store::RawPage;

/// What is explained.
#[derive(Debug, Clone)]
pub(crate) struct Subject {
    /// Its address on the desk: `/articles/ID` or `/pages/7`.
    pub(crate) base: String,
    /// The address of the page.
    pub(crate) url: String,
    /// Its source.
    pub(crate) source: String,
    /// The article; `None` for a page by its number.
    pub(crate) article: Option<Arc<Article>>,
    /// The page as it came; `None` where it is no longer kept.
    pub(crate) page: Option<Arc<RawPage>>,
}

/// Why each block of a page was kept or dropped, and what would correct one of them.
#[derive(Debug)]
pub(crate) struct Explained {
    /// The explanation.
    pub(crate) explanation: Explanation,
    /// For the block and the key asked for.
    pub(crate) proposals: Vec<Proposal>,
}

impl Subject {
    /// An article by its id.
    pub(crate) async fn article(app: &App, id: &str) -> Answer<Subject> {
        let stored = app.store().article(id).await?;
        let article = stored
            .ok_or_else(|| Failure::not_found("there is no article of that id"))?
            .article;
        let page = raw_pages::of_article(app, &article).await?;
        Ok(Subject {
            base: format!("/articles/{}", article.id),
            url: article.url.clone().unwrap_or_default(),
            source: article.source.clone().unwrap_or_default(),
            article: Some(Arc::new(article)),
            page: page.map(Arc::new),
        })
    }

    /// A raw page by its number.
    pub(crate) async fn page(app: &App, number: i64) -> Answer<Subject> {
        let page = app.store().page(number).await?;
        let page = page.ok_or_else(|| {
            Failure::not_found("this page is not kept any more; `keep_pages` in [store] sets for how long pages are kept")
        })?;
        Ok(Subject {
            base: format!("/pages/{number}"),
            url: page.url.clone(),
            source: page.source.clone(),
            article: None,
            page: Some(Arc::new(page)),
        })
    }

    /// The address of the page as markup.
    pub(crate) fn shown_url(&self) -> Foreign<'_> {
        Foreign(&self.url)
    }

    /// The raw page.
    pub(crate) fn raw(&self) -> Answer<Arc<RawPage>> {
        let gone = || {
            Failure::not_found(
                "the raw page is not kept any more, so that nothing can be tried on it",
            )
        };
        self.page.clone().ok_or_else(gone)
    }

    /// The address of the explain view with this block and key.
    pub(crate) fn at(&self, block: usize, key: SelectorKey) -> String {
        format!("{}/explain?block={block}&as={}", self.base, key.name())
    }

    /// Explains the page by today's rules, and proposes selectors for a block.
    pub(crate) async fn explain(
        &self,
        app: &App,
        asked: Option<(usize, Option<SelectorKey>)>,
    ) -> Answer<Explained> {
        let page = self.raw()?;
        let url = page.parsed_url();
        let extractor = Extractor::builder().any_kind(true).build();
        let extractor = raw_pages::with_memory(app, extractor, (&page, url.as_ref())).await?;
        let loaded = app.loaded();
        let rules = raw_pages::rules(&loaded, &page, url.as_ref());
        let work = move || {
            let input = page.input(url.as_ref());
            let document = Document::parse(&input, extractor.limits());
            let parsed = document.page();
            let explanation = extractor.explain_page(&parsed, &rules);
            let proposals = asked.and_then(|(block, key)| {
                let key =
                    key.or_else(|| explanation.blocks.get(block).map(crate::correct::usual_key))?;
                Some(propose(&parsed, &explanation, block, key))
            });
            Explained {
                proposals: proposals.unwrap_or_default(),
                explanation,
            }
        };
        let explained = loaded.client.readers().read(work).await;
        explained.map_err(|error| {
            tracing::error!(url = self.url, "{error}");
            Failure::internal()
        })
    }
}
