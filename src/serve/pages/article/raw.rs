//! The page from which an article was read, read again by today's rules: for where its fields come from, and for the
//! headings, lists and tables of its text.

use crate::article::Article;
use crate::extract::Extractor;
use crate::extract::fields::FieldExplanation;
use crate::serve::app::App;
use crate::serve::failure::Answer;
use crate::serve::markup::Markup;
use crate::serve::raw_pages;
use crate::store::RawPage;

/// Larger pages are not read again for each reader.
const MOST_BYTES: usize = 1 << 20;

/// The raw page of an article.
#[derive(Debug, Default)]
pub(super) struct Raw {
    fetched_at: Option<i64>,
    reading: Option<Reading>,
}

/// What is read from it today.
#[derive(Debug)]
struct Reading {
    fields: Vec<FieldExplanation>,
    is_same_text: bool,
    /// The text in both forms, where it is that of the record.
    html: Option<String>,
    markdown: Option<String>,
}

/// Reads the page of an article, where it is kept.
pub(super) async fn read(app: &App, article: &Article) -> Answer<Raw> {
    let Some(page) = raw_pages::of_article(app, article).await? else {
        return Ok(Raw::default());
    };
    let fetched_at = Some(page.fetched_at);
    let reading = if page.bytes.len() > MOST_BYTES {
        None
    } else {
        read_again(app, page, article.text.clone()).await?
    };
    Ok(Raw {
        fetched_at,
        reading,
    })
}

/// Reads a page by today's rules, on the threads for that.
async fn read_again(app: &App, page: RawPage, text: String) -> Answer<Option<Reading>> {
    let loaded = app.loaded();
    let url = page.parsed_url();
    let extractor = Extractor::builder()
        .include(loaded.config.output.include.iter().copied())
        .any_kind(true)
        .html(true)
        .markdown(true)
        .images(true)
        .build();
    let of = (&page, url.as_ref());
    let extractor = raw_pages::with_memory(app, extractor, of).await?;
    let rules = raw_pages::rules(&loaded, &page, url.as_ref());
    let address = page.url.clone();
    let work = move || {
        let (extraction, fields) = extractor.explain_fields(&page.input(url.as_ref()), &rules);
        let is_same_text = extraction.article.text == text;
        Reading {
            fields,
            is_same_text,
            html: extraction.article.html.filter(|_| is_same_text),
            markdown: extraction.article.markdown.filter(|_| is_same_text),
        }
    };
    match loaded.client.readers().read(work).await {
        Ok(reading) => Ok(Some(reading)),
        Err(error) => {
            tracing::warn!(url = address, "{error}");
            Ok(None)
        }
    }
}

impl Raw {
    /// When it was fetched, if it is kept.
    pub(super) fn fetched_at(&self) -> Option<i64> {
        self.fetched_at
    }

    /// It is kept, and was too large to be read again.
    pub(super) fn is_unread(&self) -> bool {
        self.fetched_at.is_some() && self.reading.is_none()
    }

    /// Today's rules read another text in it, or it was fetched for another revision.
    pub(super) fn is_other_text(&self) -> bool {
        self.reading.as_ref().is_some_and(|it| !it.is_same_text)
    }

    /// Where a field comes from.
    pub(super) fn field(&self, name: &str) -> Option<&FieldExplanation> {
        let reading = self.reading.as_ref()?;
        reading.fields.iter().find(|it| it.field == name)
    }

    /// The text of the article as markup.
    pub(super) fn body(&self, article: &Article) -> Markup {
        let read = self.reading.as_ref().and_then(|it| it.html.as_ref());
        match read.or(article.html.as_ref()) {
            Some(html) => Markup::of_html(html),
            None => Markup::of_text(&article.text),
        }
    }

    /// The text of the article as Markdown, if it is known in that form.
    pub(super) fn markdown(self) -> Option<String> {
        self.reading?.markdown
    }
}
