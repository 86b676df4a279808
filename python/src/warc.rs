//! WARC files as Python iterators: by path, or from any object that has `read`.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use newsprint::Limits;
use newsprint::input::{self, InputError};
use newsprint::page::SavedPage;
use pyo3::IntoPyObjectExt;
use pyo3::exceptions::{PyOSError, PyTypeError};
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::error::NewsprintError;
use crate::options::MAX_BYTES;
use crate::page::Page;

/// Bytes that are asked of a Python file at once.
const CHUNK: usize = 1 << 20;

type Pages = Box<dyn Iterator<Item = Result<SavedPage, InputError>> + Send>;

/// The exception that a Python file has raised.
type Raised = Arc<Mutex<Option<PyErr>>>;

/// The pages of a WARC file, one after another.
#[pyclass(frozen, module = "newsprint")]
pub(crate) struct WarcReader {
    pages: Mutex<Pages>,
    raised: Raised,
}

#[pymethods]
impl WarcReader {
    fn __iter__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    fn __next__<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        py.check_signals()?;
        let next = py.detach(|| lock(&self.pages).next());
        if let Some(error) = lock(&self.raised).take() {
            return Err(error);
        }
        match next {
            None => Ok(None),
            Some(Ok(page)) => Page::new(py, page).into_bound_py_any(py).map(Some),
            Some(Err(error)) => {
                let error = NewsprintError::new_err(error.to_string());
                Ok(Some(error.into_value(py).into_bound(py).into_any()))
            }
        }
    }
}

/// Reads the HTML pages of a WARC file (`.warc`, `.warc.gz`), one at a time: a path, or a file opened in binary mode.
///
/// Yields a `Page` for each, and a `NewsprintError` (as a value, it is not raised) for each record that cannot be read.
///
/// :param max_bytes: the most bytes of a page, 20 MiB by default; larger ones are errors.
/// :param name: what pages and errors call the file; its path by default.
///
/// >>> import io, newsprint
/// >>> page = "<h1>Limes for the quay</h1>"
/// >>> warc = io.BytesIO((
/// ...     "WARC/1.1\r\nWARC-Type: resource\r\nWARC-Target-URI: https://harbour.example/limes\r\n"
/// ...     f"Content-Type: text/html\r\nContent-Length: {len(page)}\r\n\r\n{page}\r\n\r\n"
/// ... ).encode())
/// >>> for page in newsprint.read_warc(warc, name="harbour.warc"):
/// ...     if isinstance(page, newsprint.NewsprintError):
/// ...         print("skipped:", page)
/// ...     else:
/// ...         print(page.url, page.html)
/// https://harbour.example/limes b'<h1>Limes for the quay</h1>'
#[pyfunction]
#[pyo3(signature = (path_or_file, *, max_bytes=MAX_BYTES, name=None))]
pub(crate) fn read_warc(
    path_or_file: &Bound<'_, PyAny>,
    max_bytes: usize,
    name: Option<String>,
) -> PyResult<WarcReader> {
    let raised = Raised::default();
    let max = u64::try_from(max_bytes).unwrap_or(u64::MAX);
    let pages: Pages = if path_or_file.hasattr("read")? {
        let name = name.map_or_else(|| name_of(path_or_file), Ok)?;
        let file = PyFile {
            file: path_or_file.clone().unbind(),
            raised: Arc::clone(&raised),
        };
        open(&name, BufReader::with_capacity(CHUNK, file), max).map_err(|error| {
            lock(&raised)
                .take()
                .unwrap_or_else(|| NewsprintError::new_err(format!("{name}: {error}")))
        })?
    } else {
        let path: PathBuf = path_or_file.extract()?;
        let shown = name.unwrap_or_else(|| path.display().to_string());
        let file = File::open(&path).map_err(|error| os_error(&error, &shown))?;
        open(&shown, BufReader::new(file), max).map_err(|error| os_error(&error, &shown))?
    };
    Ok(WarcReader {
        pages: Mutex::new(pages),
        raised,
    })
}

fn open(name: &str, reader: impl Read + Send + 'static, max_bytes: u64) -> io::Result<Pages> {
    let pages = input::warc(name, reader, max_bytes, &Limits::DEFAULT)?;
    Ok(Box::new(pages))
}

/// The name of a Python file: its path, where it has one.
fn name_of(file: &Bound<'_, PyAny>) -> PyResult<String> {
    let name = file.getattr_opt("name")?;
    let name = name.and_then(|it| it.extract::<String>().ok());
    Ok(name.unwrap_or_else(|| "warc".to_owned()))
}

/// An `OSError` with the file's name; Python makes `FileNotFoundError` and the like of it.
fn os_error(error: &io::Error, name: &str) -> PyErr {
    match error.raw_os_error() {
        Some(code) => {
            let text = error.to_string();
            let text = text.split(" (os error").next().unwrap_or_default();
            PyOSError::new_err((code, text.to_owned(), name.to_owned()))
        }
        None => PyOSError::new_err(format!("{name}: {error}")),
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A Python object that has `read`.
struct PyFile {
    file: Py<PyAny>,
    raised: Raised,
}

impl Read for PyFile {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = Python::attach(|py| {
            let data = self.file.bind(py).call_method1("read", (buffer.len(),))?;
            let Ok(bytes) = data.cast::<PyBytes>() else {
                let text = "the file's `read` returns no bytes; open it in binary mode: open(path, \"rb\")";
                return Err(PyTypeError::new_err(text));
            };
            let bytes = bytes.as_bytes();
            let room = buffer.get_mut(..bytes.len()).ok_or_else(|| {
                NewsprintError::new_err(
                    "the file's `read` returns more bytes than it was asked for",
                )
            })?;
            room.copy_from_slice(bytes);
            Ok(bytes.len())
        });
        read.map_err(|error| {
            *lock(&self.raised) = Some(error);
            io::Error::other("the file's `read` raised an exception")
        })
    }
}
