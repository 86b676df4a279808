//! What goes wrong, and the exceptions for it.

use std::time::Duration;

use pyo3::create_exception;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

create_exception!(
    newsprint,
    NewsprintError,
    PyValueError,
    "A page, an option or a file that newsprint cannot work with. The message says what to do."
);
create_exception!(
    newsprint,
    ExtractionTimeout,
    NewsprintError,
    "A page took longer than the option `timeout` allows."
);

/// Why a page has no record.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub(crate) enum Failure {
    #[error("there is no page: it is null")]
    Null,
    /// What the batch itself says of a page that could not be read.
    #[error("{0}")]
    Unread(String),
    #[error("the page has {bytes} bytes, more than `max_bytes` allows ({max})")]
    TooLarge { bytes: usize, max: usize },
    #[error("the page took longer than `timeout` allows ({} seconds)", .0.as_secs_f64())]
    TimedOut(Duration),
    #[error("newsprint crashed on this page; please report this bug")]
    Panicked,
}

impl From<Failure> for PyErr {
    fn from(failure: Failure) -> PyErr {
        let text = failure.to_string();
        match failure {
            Failure::TimedOut(_) => ExtractionTimeout::new_err(text),
            _ => NewsprintError::new_err(text),
        }
    }
}
