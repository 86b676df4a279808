//! Pages as Python passes them: `bytes`, `str`, or a `Page` of a WARC file.

use std::borrow::Cow;

use newsprint::page::SavedPage;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyByteArray, PyBytes, PyDict, PyMemoryView, PyString};
use url::Url;

use crate::error::NewsprintError;
use crate::options::{only, value};
use crate::worker::{PageInput, unix_millis};

/// What a `str` is encoded in, whatever its `<meta>` declares.
pub(crate) const UTF8: &str = "text/html; charset=utf-8";

/// What may be said of a page besides its address.
const ABOUT: [&str; 8] = [
    "content_type",
    "fetched_at",
    "status",
    "source",
    "x_robots_tag",
    "tdm_reservation",
    "content_signal",
    "content_usage",
];

/// A page of a WARC file.
#[pyclass(frozen, module = "newsprint")]
pub(crate) struct Page {
    saved: SavedPage,
    html: Py<PyBytes>,
}

#[pymethods]
impl Page {
    /// The page's bytes, decompressed, in the encoding they were sent in.
    #[getter]
    fn html(&self, py: Python<'_>) -> Py<PyBytes> {
        self.html.clone_ref(py)
    }

    /// The address it was fetched from.
    #[getter]
    fn url(&self) -> Option<&str> {
        self.saved.url.as_ref().map(Url::as_str)
    }

    /// The HTTP status.
    #[getter]
    fn status(&self) -> Option<u16> {
        self.saved.status
    }

    /// The `Content-Type` header.
    #[getter]
    fn content_type(&self) -> Option<&str> {
        self.saved.content_type.as_deref()
    }

    /// When it was fetched, RFC 3339.
    #[getter]
    fn fetched_at(&self) -> Option<&str> {
        self.saved.fetched_at.as_deref()
    }

    /// The file and the address: `path#address`. A record names it as its `source`.
    #[getter]
    fn name(&self) -> &str {
        &self.saved.name
    }

    /// The `X-Robots-Tag` headers, joined by commas.
    #[getter]
    fn x_robots_tag(&self) -> Option<&str> {
        self.saved.x_robots_tag.as_deref()
    }

    /// The `tdm-reservation` header (TDMRep).
    #[getter]
    fn tdm_reservation(&self) -> Option<&str> {
        self.saved.tdm_reservation.as_deref()
    }

    /// The `Content-Signal` headers, joined by commas.
    #[getter]
    fn content_signal(&self) -> Option<&str> {
        self.saved.signals.content_signal.as_deref()
    }

    /// The `Content-Usage` headers (AIPREF), joined by commas.
    #[getter]
    fn content_usage(&self) -> Option<&str> {
        self.saved.signals.content_usage.as_deref()
    }

    /// What is wrong with the page as it was saved, such as `truncated`; the record gets these warnings, too.
    #[getter]
    fn warnings(&self) -> Vec<&'static str> {
        let faults = self.saved.faults.iter();
        faults.filter_map(|it| it.warning()).collect()
    }

    fn __repr__(&self, py: Python<'_>) -> String {
        let bytes = self.html.as_bytes(py).len();
        format!("Page({:?}, {bytes} bytes)", self.saved.name)
    }
}

impl Page {
    pub(crate) fn new(py: Python<'_>, mut saved: SavedPage) -> Page {
        let html = PyBytes::new(py, &std::mem::take(&mut saved.bytes)).unbind();
        Page { saved, html }
    }

    fn input<'a>(&'a self, py: Python<'a>) -> PageInput<'a> {
        PageInput {
            bytes: self.html.as_bytes(py),
            url: self.saved.url.clone(),
            content_type: self.saved.content_type.as_deref(),
            fetched_at: self.saved.fetched_at.clone(),
            status: self.saved.status,
            source: Some(self.saved.name.clone()),
            x_robots_tag: self.saved.x_robots_tag.as_deref(),
            tdm_reservation: self.saved.tdm_reservation.as_deref(),
            signals: self.saved.signals.clone(),
            warnings: self.warnings().into_iter().map(str::to_owned).collect(),
        }
    }
}

/// A page's bytes.
enum Content<'a> {
    Bytes(Cow<'a, [u8]>),
    /// A `str`, which is Unicode whatever it declares.
    Text(Cow<'a, str>),
}

/// Calls `work` with the page that the arguments describe, and without the GIL.
pub(crate) fn with_input<T: Send>(
    html: &Bound<'_, PyAny>,
    url: Option<&str>,
    about: Option<&Bound<'_, PyDict>>,
    work: impl Send + FnOnce(PageInput<'_>) -> T,
) -> PyResult<T> {
    let py = html.py();
    let about = about.cloned().unwrap_or_else(|| PyDict::new(py));
    only(&about, &ABOUT)?;
    let [content_type, robots, tdm] = headers(&about)?;
    if let Ok(page) = html.cast::<Page>() {
        let mut input = page.get().input(py);
        input.content_type = content_type.as_deref().or(input.content_type);
        input.x_robots_tag = robots.as_deref().or(input.x_robots_tag);
        input.tdm_reservation = tdm.as_deref().or(input.tdm_reservation);
        describe(&mut input, url, &about)?;
        return Ok(py.detach(|| work(input)));
    }
    let content = content(html)?;
    let (bytes, content_type) = match &content {
        Content::Bytes(bytes) => (&**bytes, content_type.as_deref()),
        Content::Text(text) => (text.as_bytes(), Some(UTF8)),
    };
    let mut input = PageInput {
        bytes,
        content_type,
        x_robots_tag: robots.as_deref(),
        tdm_reservation: tdm.as_deref(),
        ..PageInput::default()
    };
    describe(&mut input, url, &about)?;
    Ok(py.detach(|| work(input)))
}

/// What the page's server said about it.
fn headers(about: &Bound<'_, PyDict>) -> PyResult<[Option<String>; 3]> {
    Ok([
        value(about, "content_type")?,
        value(about, "x_robots_tag")?,
        value(about, "tdm_reservation")?,
    ])
}

/// Adds what the arguments say to what is known of a page.
fn describe(
    input: &mut PageInput<'_>,
    url: Option<&str>,
    about: &Bound<'_, PyDict>,
) -> PyResult<()> {
    if let Some(url) = url {
        input.url = Some(address(url)?);
    }
    input.fetched_at = fetched_at(about)?.or(input.fetched_at.take());
    input.status = value(about, "status")?.or(input.status);
    input.source = value(about, "source")?.or(input.source.take());
    let signals = &mut input.signals;
    signals.content_signal = value(about, "content_signal")?.or(signals.content_signal.take());
    signals.content_usage = value(about, "content_usage")?.or(signals.content_usage.take());
    Ok(())
}

fn address(url: &str) -> PyResult<Url> {
    Url::parse(url).map_err(|error| {
        NewsprintError::new_err(format!(
            "`url` is not a full address such as https://news.example.org/a ({error}): {url:?}; leave it out if it \
             is unknown"
        ))
    })
}

/// When a page was fetched, RFC 3339; given as text or as a `datetime`.
fn fetched_at(about: &Bound<'_, PyDict>) -> PyResult<Option<String>> {
    let Some(given) = about.get_item("fetched_at")?.filter(|it| !it.is_none()) else {
        return Ok(None);
    };
    let text = match given.cast::<PyString>() {
        Ok(text) => text.to_str()?.to_owned(),
        Err(_) => given.call_method0("isoformat")?.extract()?,
    };
    if unix_millis(&text).is_none() {
        let text = format!(
            "`fetched_at` is a time with its zone, such as 2026-03-01T12:00:00Z, not {text:?}"
        );
        return Err(NewsprintError::new_err(text));
    }
    Ok(Some(text))
}

fn content<'a>(html: &'a Bound<'_, PyAny>) -> PyResult<Content<'a>> {
    if let Ok(bytes) = html.cast::<PyBytes>() {
        return Ok(Content::Bytes(Cow::Borrowed(bytes.as_bytes())));
    }
    if let Ok(text) = html.cast::<PyString>() {
        return Ok(Content::Text(whole(text)?));
    }
    // Others may change while the page is read.
    if html.is_instance_of::<PyByteArray>() || html.is_instance_of::<PyMemoryView>() {
        let bytes = html.py().get_type::<PyBytes>().call1((html,))?;
        return Ok(Content::Bytes(Cow::Owned(bytes.extract()?)));
    }
    let kind = html.get_type().name()?;
    let text = format!("a page is bytes, a str or a newsprint.Page, not {kind}");
    Err(PyTypeError::new_err(text))
}

/// The text of a `str`. Surrogates in it are joined to the characters they stand for; one without its other half is
/// U+FFFD.
fn whole<'a>(text: &'a Bound<'_, PyString>) -> PyResult<Cow<'a, str>> {
    if let Ok(text) = text.to_str() {
        return Ok(Cow::Borrowed(text));
    }
    let units = text.call_method1("encode", ("utf-16-le", "surrogatepass"))?;
    let units: Vec<u16> = units
        .cast::<PyBytes>()?
        .as_bytes()
        .chunks_exact(2)
        .map(|it| u16::from_le_bytes([it[0], it[1]]))
        .collect();
    Ok(Cow::Owned(String::from_utf16_lossy(&units)))
}
