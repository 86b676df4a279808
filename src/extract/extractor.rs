//! The extractor: what pages are extracted with.

use std::sync::Arc;

use crate::article::Role;
use crate::extract::decide::scoring::SecondPass;
use crate::extract::decide::site_memory::SiteMemory;
use crate::extract::model::{self, Model};
use crate::extract::options::Options;
use crate::extract::pipeline::{Analysis, Context};
use crate::extract::record::{self, Extraction};
use crate::extract::rules::site::SiteRules;
use crate::limits::Limits;
use crate::page::{Document, Input, Page};

/// The extractor: made once, used for any number of pages from any number of threads.
///
/// ```
/// use newsprint::Extractor;
/// use newsprint::page::Input;
///
/// let extractor = Extractor::builder().markdown(true).any_kind(true).build();
/// let html = b"<html><head><title>Ferry returns</title></head><body><article><h1>Ferry returns</h1>
///     <p>The night ferry sailed again on Monday after eleven years in dock, with four hundred
///     passengers and a <em>brass band</em> on board.</p></article></body></html>";
/// let markdown = extractor.extract(&Input::new(html)).article.markdown.unwrap_or_default();
/// assert!(markdown.ends_with("passengers and a *brass band* on board."), "{markdown}");
/// ```
#[derive(Debug, Clone, Default)]
pub struct Extractor {
    options: Options,
    limits: Limits,
    /// The built-in one if there is none.
    model: Option<Arc<Model>>,
    memory: Option<Arc<SiteMemory>>,
}

impl Extractor {
    /// An extractor with these options, the built-in model and the default limits.
    pub fn new(options: Options) -> Extractor {
        Extractor {
            options,
            ..Extractor::default()
        }
    }

    /// An extractor made setting by setting.
    pub fn builder() -> ExtractorBuilder {
        ExtractorBuilder::default()
    }

    /// This extractor with what the articles of one site have in common, for pages of that site.
    #[must_use]
    pub fn with_memory(&self, memory: Arc<SiteMemory>) -> Extractor {
        Extractor {
            memory: Some(memory),
            ..self.clone()
        }
    }

    /// This extractor for pages of any kind: further pages of an article need not look like one.
    #[must_use]
    pub fn of_any_kind(&self) -> Extractor {
        let mut other = self.clone();
        other.options.any_kind = true;
        other
    }

    /// The bounds within which pages are parsed and extracted.
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Decodes, parses and extracts one page.
    pub fn extract(&self, input: &Input<'_>) -> Extraction {
        self.extract_with(input, &SiteRules::default())
    }

    /// The same with the selectors that users wrote for the page's source and host.
    pub fn extract_with(&self, input: &Input<'_>, site: &SiteRules) -> Extraction {
        let document = Document::parse(input, &self.limits);
        self.extract_page(&document.page(), site)
    }

    /// Extracts a page that is parsed already, within the limits it was parsed with.
    pub fn extract_page(&self, page: &Page<'_>, site: &SiteRules) -> Extraction {
        record::extraction(Analysis::run(page, self.context(site)))
    }

    /// Extracts one page as long as `go_on` returns true. It is asked after each stage: an extractor has no
    /// clock, but a caller that has one can set a deadline.
    ///
    /// ```
    /// use std::time::{Duration, Instant};
    ///
    /// use newsprint::extract::{Extractor, SiteRules};
    /// use newsprint::page::Input;
    ///
    /// let (page, site) = (Input::new(b"<h1>Ferry returns</h1>"), SiteRules::default());
    /// let end = Instant::now() + Duration::from_secs(10);
    /// let extraction = Extractor::default().extract_while(&page, &site, &|| Instant::now() < end)?;
    /// assert_eq!(extraction.article.title.as_deref(), Some("Ferry returns"));
    /// # Ok::<(), newsprint::extract::Stopped>(())
    /// ```
    ///
    /// # Errors
    /// Fails once `go_on` returns false: a page is extracted whole or not at all.
    pub fn extract_while(
        &self,
        input: &Input<'_>,
        site: &SiteRules,
        go_on: &dyn Fn() -> bool,
    ) -> Result<Extraction, Stopped> {
        let ask = || if go_on() { Ok(()) } else { Err(Stopped) };
        ask()?;
        let document = Document::parse(input, &self.limits);
        ask()?;
        let page = document.page();
        ask()?;
        let analysis = Analysis::watched(&page, self.context(site), &|_| ask())?;
        ask()?;
        Ok(record::extraction(analysis))
    }

    /// What the pipeline works with.
    pub(super) fn context<'c>(&'c self, site: &'c SiteRules) -> Context<'c> {
        Context {
            site,
            memory: self.memory.as_deref(),
            model: self.model.as_deref().unwrap_or(&model::BUILT_IN),
            options: &self.options,
            second_pass: SecondPass::OpenBlocks,
        }
    }
}

/// An extraction that its caller has stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the extraction was stopped before its end")]
pub struct Stopped;

/// Makes an [`Extractor`], setting by setting; what is not set is as in [`Extractor::default`].
#[derive(Debug, Clone, Default)]
#[must_use]
pub struct ExtractorBuilder {
    extractor: Extractor,
}

impl ExtractorBuilder {
    /// Sets all options at once.
    pub fn options(mut self, options: Options) -> Self {
        self.extractor.options = options;
        self
    }

    /// The roles whose blocks make the text; all but captions by default.
    pub fn include(mut self, roles: impl IntoIterator<Item = Role>) -> Self {
        self.extractor.options.include = roles.into_iter().collect();
        self
    }

    /// Whether to fill [`Article::markdown`](crate::Article::markdown).
    pub fn markdown(mut self, markdown: bool) -> Self {
        self.extractor.options.markdown = markdown;
        self
    }

    /// Whether to fill [`Article::html`](crate::Article::html).
    pub fn html(mut self, html: bool) -> Self {
        self.extractor.options.html = html;
        self
    }

    /// Whether to fill [`Article::blocks`](crate::Article::blocks).
    pub fn blocks(mut self, blocks: bool) -> Self {
        self.extractor.options.blocks = blocks;
        self
    }

    /// Whether to fill [`Article::images`](crate::Article::images), and to put pictures in their places in
    /// Markdown and HTML.
    pub fn images(mut self, images: bool) -> Self {
        self.extractor.options.images = images;
        self
    }

    /// Whether to fill [`Article::links`](crate::Article::links).
    pub fn links(mut self, links: bool) -> Self {
        self.extractor.options.links = links;
        self
    }

    /// Whether to return the main text of pages that are not articles, too.
    pub fn any_kind(mut self, any_kind: bool) -> Self {
        self.extractor.options.any_kind = any_kind;
        self
    }

    /// The bounds within which pages are parsed and extracted.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.extractor.limits = limits;
        self
    }

    /// Another model than the built-in one.
    pub fn model(mut self, model: Model) -> Self {
        self.extractor.model = Some(Arc::new(model));
        self
    }

    /// What the articles of a site have in common, for an extractor of that site's pages.
    pub fn memory(mut self, memory: impl Into<Arc<SiteMemory>>) -> Self {
        self.extractor.memory = Some(memory.into());
        self
    }

    /// The extractor.
    pub fn build(self) -> Extractor {
        self.extractor
    }
}
