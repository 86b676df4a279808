//! The extractor as Python sees it.

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};

use crate::article::{Article, verdict_name};
use crate::batch::{Records, Task};
use crate::options;
use crate::page::with_input;
use crate::values::to_python;
use crate::worker::Worker;

/// An extractor with its options: made once, used for any number of pages from any number of threads.
///
/// :param include: roles whose blocks make the text: `standfirst`, `heading`, `paragraph`, `list`, `quote`, `table`,
///     `code`, `caption`, `entry`; all but captions by default. `+caption` adds one, `-list` leaves one out.
/// :param markdown: fill `Article.markdown`.
/// :param html: fill `Article.html`.
/// :param blocks: fill `Article.blocks`.
/// :param images: fill `Article.images`, and put pictures in their places in Markdown and HTML.
/// :param links: fill `Article.links`.
/// :param any_kind: the main text also of pages that are no articles.
/// :param timeout: seconds for one page, 30 by default, checked in native code; None sets no limit.
/// :param max_bytes: the most bytes of a page, 20 MiB by default.
/// :param limits: bounds on what is parsed, such as `{"nodes": 20_000}`.
///
/// >>> import newsprint
/// >>> extractor = newsprint.Extractor(markdown=True, include=["+caption"])
/// >>> extractor
/// Extractor(markdown=True, include=['+caption'])
#[pyclass(frozen, module = "newsprint")]
pub(crate) struct Extractor {
    pub(crate) worker: Worker,
    options: Py<PyDict>,
}

#[pymethods]
impl Extractor {
    #[new]
    #[pyo3(
        signature = (**options),
        text_signature = "(*, include=None, markdown=False, html=False, blocks=False, images=False, links=False, \
            any_kind=False, timeout=30.0, max_bytes=20971520, limits=None)"
    )]
    fn new(py: Python<'_>, options: Option<&Bound<'_, PyDict>>) -> PyResult<Extractor> {
        let options = match options {
            Some(options) => options.copy()?,
            None => PyDict::new(py),
        };
        Ok(Extractor {
            worker: options::worker(&options)?,
            options: options.unbind(),
        })
    }

    /// Extracts one page: `bytes` in the encoding they were sent in, a `str`, or a `Page` of `read_warc`.
    ///
    /// :param url: the page's address after redirects. Links, dates and the verdict are better with it.
    /// :param content_type: the `Content-Type` header, which may state the encoding of `bytes`.
    /// :param fetched_at: when the page was fetched, a `datetime` with its zone or RFC 3339. Dates such as '2 hours ago'
    ///     are read by it; later ones are not believed.
    /// :param status: the HTTP status, for the record.
    /// :param source: where the page was read from, for the record.
    /// :param x_robots_tag: the `X-Robots-Tag` headers, for the record's `rights`.
    /// :param tdm_reservation: the `tdm-reservation` header, for the same.
    /// :param content_signal: the `Content-Signal` headers, for the same.
    /// :param content_usage: the `Content-Usage` headers (AIPREF), for the same.
    /// :raises ExtractionTimeout: where the page takes longer than `timeout`.
    /// :raises NewsprintError: where the address is none, or the page is larger than `max_bytes`.
    #[pyo3(
        signature = (html, url=None, **about),
        text_signature = "($self, html, url=None, *, content_type=None, fetched_at=None, status=None, source=None, \
            x_robots_tag=None, tdm_reservation=None, content_signal=None, content_usage=None)"
    )]
    fn extract(
        &self,
        html: &Bound<'_, PyAny>,
        url: Option<&str>,
        about: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<Article> {
        let extraction = with_input(html, url, about, |page| self.worker.extract(page))?;
        Ok(extraction?.into())
    }

    /// Why the record of a page is what it is, as a dict: the verdict and what it rests on, every field with its
    /// candidates, and every block with the rule or the score that kept or dropped it. Takes what `extract` takes; it
    /// is made for people, and has no timeout.
    #[pyo3(
        signature = (html, url=None, **about),
        text_signature = "($self, html, url=None, *, content_type=None, fetched_at=None, status=None, source=None, \
            x_robots_tag=None, tdm_reservation=None, content_signal=None, content_usage=None)"
    )]
    fn explain<'py>(
        &self,
        html: &Bound<'py, PyAny>,
        url: Option<&str>,
        about: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let explanation = with_input(html, url, about, |page| {
            let explanation = self.worker.explain(&page)?;
            Ok::<_, PyErr>((explanation.extraction.verdict, explanation.to_json()))
        })?;
        let (verdict, mut json) = explanation?;
        json["verdict"] = verdict_name(verdict).into();
        to_python(html.py(), &json)
    }

    /// Extracts the pages of a record batch or a table, row for row, on `threads` threads.
    ///
    /// Takes whatever has the Arrow PyCapsule interface; pages are read where they lie. Column `html` (binary or
    /// string) has the pages; `url`, `content_type`, `fetched_at`, `status`, `source`, `x_robots_tag`,
    /// `tdm_reservation`, `content_signal` and `content_usage` are read where they are there; `warnings` (lists of strings) are added to those of the record,
    /// and `error` says why a page could not be read.
    /// The columns of `keep` are passed through, before `verdict`, `error` and the columns of the record. A row whose
    /// page is null, too large, or takes longer than `timeout` has an `error` and no record.
    ///
    /// Returns a `pyarrow.RecordBatch` or `pyarrow.Table` for one of pyarrow's, and `Records` for others.
    #[pyo3(signature = (batch, *, threads=None, keep=Vec::new()))]
    fn extract_batch<'py>(
        &self,
        batch: &Bound<'py, PyAny>,
        threads: Option<usize>,
        keep: Vec<String>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let (py, worker) = (batch.py(), &self.worker);
        let task = Task {
            worker,
            threads,
            keep,
        };
        let records = Bound::new(py, task.run(py, batch)?)?;
        let module: String = batch.get_type().getattr("__module__")?.extract()?;
        if module == "pyarrow" || module.starts_with("pyarrow.") {
            return Records::to_pyarrow(&records);
        }
        Ok(records.into_any())
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let mut options = Vec::new();
        for (name, value) in self.options.bind(py) {
            options.push(format!("{}={}", name.str()?, value.repr()?));
        }
        Ok(format!("Extractor({})", options.join(", ")))
    }

    fn __getnewargs_ex__<'py>(&self, py: Python<'py>) -> (Bound<'py, PyTuple>, Py<PyDict>) {
        (PyTuple::empty(py), self.options.clone_ref(py))
    }
}
