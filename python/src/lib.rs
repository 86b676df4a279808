//! The native half of the Python package `newsprint`. Python sees it as `newsprint._newsprint`, and users as
//! `newsprint`, which re-exports it. It converts values, releases the GIL around native work, and turns panics and
//! deadlines into exceptions; what a page says is the library's business.

mod article;
mod batch;
mod capsule;
mod error;
mod extractor;
mod faults;
mod input_columns;
mod options;
mod page;
mod threads;
mod values;
mod warc;
mod worker;

use pyo3::prelude::*;

/// The native half of `newsprint`.
#[pymodule]
mod _newsprint {
    use pyo3::types::PyModuleMethods;

    use super::{Bound, PyModule, PyResult, worker};

    #[pymodule_export]
    use super::article::Article;
    #[pymodule_export]
    use super::batch::Records;
    #[pymodule_export]
    use super::error::{ExtractionTimeout, NewsprintError};
    #[pymodule_export]
    use super::extractor::Extractor;
    #[pymodule_export]
    use super::page::Page;
    #[pymodule_export]
    use super::warc::{WarcReader, read_warc};

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        // Tables that are made at first use are made now, so that a process forked later has them whole.
        worker::warm_up();
        module.add("__version__", env!("CARGO_PKG_VERSION"))
    }
}
