//! The record of one page, as Python sees it.

use std::hash::{DefaultHasher, Hash, Hasher};

use newsprint::article::Access;
use newsprint::extract::Extraction;
use newsprint::{Article as Record, Verdict};
use pyo3::prelude::*;
use pyo3::types::PyType;
use serde::Serialize;

use crate::error::NewsprintError;
use crate::values::to_python;

/// The record of one page, and what the page is.
///
/// The attributes are the fields of the record; `to_dict()` and `to_json()` give all of them.
///
/// >>> import newsprint
/// >>> article = newsprint.extract("<h1>Limes for the quay</h1>", "https://example.org/limes")
/// >>> article.title, article.verdict
/// ('Limes for the quay', 'empty')
#[pyclass(frozen, eq, module = "newsprint")]
#[derive(Debug, PartialEq)]
pub(crate) struct Article {
    record: Record,
    verdict: String,
    why: String,
    note: Option<String>,
    next_page: Option<String>,
}

impl From<Extraction> for Article {
    fn from(extraction: Extraction) -> Article {
        Article {
            verdict: verdict_name(extraction.verdict).to_owned(),
            why: extraction.why.to_string(),
            note: extraction.note,
            next_page: extraction.next_page.map(String::from),
            record: extraction.article,
        }
    }
}

/// A verdict's name. The store says `stored` of an article; here nothing is stored.
pub(crate) fn verdict_name(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Article => "article",
        other => other.name(),
    }
}

/// A part of the record as its JSON has it.
fn part<'py>(py: Python<'py>, part: &impl Serialize) -> PyResult<Bound<'py, PyAny>> {
    let value = serde_json::to_value(part).map_err(|it| NewsprintError::new_err(it.to_string()))?;
    to_python(py, &value)
}

#[pymethods]
impl Article {
    /// What the page is: `article`, `index` (a front or section page), `not_article`, `consent_wall`, `challenge`
    /// (a bot check), `soft_404`, `paywall_stub` or `empty`.
    #[getter]
    fn verdict(&self) -> &str {
        &self.verdict
    }

    /// True where the page holds an article.
    #[getter]
    fn is_article(&self) -> bool {
        self.verdict == "article"
    }

    /// What the verdict rests on, in one line.
    #[getter]
    fn why(&self) -> &str {
        &self.why
    }

    /// What stands on a page without an article, and what to do about it, where the verdict does not say all.
    #[getter]
    fn note(&self) -> Option<&str> {
        self.note.as_deref()
    }

    /// The address of the article's next page.
    #[getter]
    fn next_page(&self) -> Option<&str> {
        self.next_page.as_deref()
    }

    /// Stable hash of the canonical address, or of the text where no address is known.
    #[getter]
    fn id(&self) -> &str {
        &self.record.id
    }

    /// The address as it was passed in.
    #[getter]
    fn url(&self) -> Option<&str> {
        self.record.url.as_deref()
    }

    /// The address after redirects.
    #[getter]
    fn final_url(&self) -> Option<&str> {
        self.record.final_url.as_deref()
    }

    /// The address that the page declares, if it is plausible, or else the normalised one.
    #[getter]
    fn canonical_url(&self) -> Option<&str> {
        self.record.canonical_url.as_deref()
    }

    /// The address of the archived copy that the article was read from, where the page itself is gone.
    #[getter]
    fn archived_url(&self) -> Option<&str> {
        self.record.archived_url.as_deref()
    }

    /// When that copy was taken, RFC 3339 in UTC.
    #[getter]
    fn archived_at(&self) -> Option<&str> {
        self.record.archived_at.as_deref()
    }

    /// Where the page was read from, as it was passed in.
    #[getter]
    fn source(&self) -> Option<&str> {
        self.record.source.as_deref()
    }

    /// The headline, without the site's name.
    #[getter]
    fn title(&self) -> Option<&str> {
        self.record.title.as_deref()
    }

    /// The standfirst or the meta description.
    #[getter]
    fn description(&self) -> Option<&str> {
        self.record.description.as_deref()
    }

    /// People or agencies, one name each.
    #[getter]
    fn authors(&self) -> Vec<String> {
        self.record.authors.clone()
    }

    /// The date of publication: RFC 3339 with the zone that the page states, without one where it states none, or
    /// only a day.
    #[getter]
    fn published(&self) -> Option<&str> {
        self.record.published.as_deref()
    }

    /// The date of the last change, written as `published` is.
    #[getter]
    fn modified(&self) -> Option<&str> {
        self.record.modified.as_deref()
    }

    /// The section, such as 'Politics'.
    #[getter]
    fn section(&self) -> Option<&str> {
        self.record.section.as_deref()
    }

    /// The page's own keywords.
    #[getter]
    fn tags(&self) -> Vec<String> {
        self.record.tags.clone()
    }

    /// BCP 47 language tag.
    #[getter]
    fn language(&self) -> Option<&str> {
        self.record.language.as_deref()
    }

    /// The name of the site.
    #[getter]
    fn site_name(&self) -> Option<&str> {
        self.record.site_name.as_deref()
    }

    /// Address of the lead image.
    #[getter]
    fn image(&self) -> Option<&str> {
        self.record.image.as_deref()
    }

    /// `free`, `metered` or `paywalled`, where the page states it.
    #[getter]
    fn access(&self) -> Option<&str> {
        self.record.access.map(Access::name)
    }

    /// The body: paragraphs separated by one blank line. Empty where the page is no article, unless `any_kind` asks
    /// for its text.
    #[getter]
    fn text(&self) -> &str {
        &self.record.text
    }

    /// The body as Markdown, with `markdown=True`.
    #[getter]
    fn markdown(&self) -> Option<&str> {
        self.record.markdown.as_deref()
    }

    /// The body as plain HTML, with `html=True`.
    #[getter]
    fn html(&self) -> Option<&str> {
        self.record.html.as_deref()
    }

    /// Words of the text; in scripts without spaces each character is one.
    #[getter]
    fn word_count(&self) -> usize {
        self.record.word_count
    }

    /// How sure the extractor is of this text, from 0 to 1.
    #[getter]
    fn quality(&self) -> f64 {
        self.record.quality
    }

    /// When the page was fetched, as it was passed in.
    #[getter]
    fn fetched_at(&self) -> Option<&str> {
        self.record.fetched_at.as_deref()
    }

    /// The HTTP status, as it was passed in.
    #[getter]
    fn status(&self) -> Option<u16> {
        self.record.status
    }

    /// Hash of the text, for de-duplication.
    #[getter]
    fn content_hash(&self) -> &str {
        &self.record.content_hash
    }

    /// Always None here; a store fills it.
    #[getter]
    fn duplicate_of(&self) -> Option<&str> {
        self.record.duplicate_of.as_deref()
    }

    /// What is doubtful: `truncated`, `charset_guessed`, `date_from_url`…
    #[getter]
    fn warnings(&self) -> Vec<String> {
        self.record.warnings.clone()
    }

    /// Always 1 here; a store counts revisions.
    #[getter]
    fn revision(&self) -> u32 {
        self.record.revision
    }

    /// Name and version of the program.
    #[getter]
    fn extractor(&self) -> &str {
        &self.record.extractor
    }

    /// The version of the record's format.
    #[getter]
    fn schema_version(&self) -> u32 {
        self.record.schema_version
    }

    /// The kind of page: `article`, `live_blog`, `gallery`, `video`, `index` or `other`.
    #[getter]
    fn kind<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        part(py, &self.record.kind)
    }

    /// Every block of the page, kept or dropped, as dicts, with `blocks=True`.
    #[getter]
    fn blocks<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        part(py, &self.record.blocks)
    }

    /// The pictures of the body as dicts (`src`, `alt`, `caption`, `credit`), with `images=True`.
    #[getter]
    fn images<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        part(py, &self.record.images)
    }

    /// The links of the body as dicts (`href`, `text`), with `links=True`.
    #[getter]
    fn links<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        part(py, &self.record.links)
    }

    /// Opt-outs that the site states, as a dict.
    #[getter]
    fn rights<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        part(py, &self.record.rights)
    }

    /// The record as a dict, in the order of its fields. Fields that were not asked for are not in it.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        part(py, &self.record)
    }

    /// The record as JSON: the line that `newsprint extract --format jsonl` prints.
    fn to_json(&self) -> PyResult<String> {
        serde_json::to_string(&self.record).map_err(|it| NewsprintError::new_err(it.to_string()))
    }

    fn __repr__(&self) -> String {
        let title = self.record.title.as_deref().unwrap_or_default();
        let words = self.record.word_count;
        format!(
            "Article({title:?}, verdict={:?}, word_count={words})",
            self.verdict
        )
    }

    fn __hash__(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        (&self.record.id, &self.record.content_hash).hash(&mut hasher);
        hasher.finish()
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<(Bound<'py, PyAny>, State)> {
        let (restore, this) = (slf.get_type().getattr("_restore")?, slf.get());
        let rest = (this.why.clone(), this.note.clone(), this.next_page.clone());
        Ok((
            restore,
            (
                this.to_json()?,
                this.record.quality,
                this.verdict.clone(),
                rest,
            ),
        ))
    }

    /// The article that `__reduce__` took apart.
    #[classmethod]
    fn _restore(
        _class: &Bound<'_, PyType>,
        record: &str,
        quality: f64,
        verdict: String,
        rest: (String, Option<String>, Option<String>),
    ) -> PyResult<Article> {
        let record: Record =
            serde_json::from_str(record).map_err(|it| NewsprintError::new_err(it.to_string()))?;
        let (why, note, next_page) = rest;
        Ok(Article {
            // JSON may round it.
            record: Record { quality, ..record },
            verdict,
            why,
            note,
            next_page,
        })
    }
}

/// What an article is pickled as.
type State = (
    String,
    f64,
    String,
    (String, Option<String>, Option<String>),
);
