//! Record batches to and from Python by the Arrow PyCapsule interface: the C data interface, its structs carried by
//! capsules. pyarrow, polars, DuckDB and others speak it, and no buffer is copied. All of this package's `unsafe` is
//! here: a capsule's name says what its pointer points to, and that is all there is to rely on.
#![expect(
    unsafe_code,
    reason = "the structs of the C data interface are read by pointers"
)]

use std::ffi::CStr;
use std::ptr::NonNull;

use arrow_array::ffi::{FFI_ArrowArray, FFI_ArrowSchema, from_ffi, to_ffi};
use arrow_array::ffi_stream::{ArrowArrayStreamReader, FFI_ArrowArrayStream};
use arrow_array::{Array, RecordBatch, RecordBatchIterator, RecordBatchOptions, StructArray};
use arrow_schema::{ArrowError, DataType, Schema, SchemaRef};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyTuple};

use crate::error::NewsprintError;

const ARRAY: &CStr = c"arrow_array";
const SCHEMA: &CStr = c"arrow_schema";
const STREAM: &CStr = c"arrow_array_stream";

/// What a caller passed in: one record batch, or several after each other.
pub(crate) enum Batches {
    One(RecordBatch),
    Stream(ArrowArrayStreamReader),
}

/// Arrow's error as an exception.
pub(crate) fn arrow_error(error: &ArrowError) -> PyErr {
    NewsprintError::new_err(error.to_string())
}

/// Takes the batches of any object that speaks the interface.
pub(crate) fn import(object: &Bound<'_, PyAny>) -> PyResult<Batches> {
    if object.hasattr("__arrow_c_array__")? {
        let capsules = object.call_method0("__arrow_c_array__")?;
        let (schema, array): (Bound<'_, PyAny>, Bound<'_, PyAny>) = capsules.extract()?;
        return import_array(&schema, &array).map(Batches::One);
    }
    if object.hasattr("__arrow_c_stream__")? {
        let capsule = object.call_method0("__arrow_c_stream__")?;
        let stream = pointer::<FFI_ArrowArrayStream>(&capsule, STREAM)?;
        // SAFETY: the capsule's name says what it holds; it is moved out and released once, by the reader.
        let reader = unsafe { ArrowArrayStreamReader::from_raw(stream.as_ptr()) };
        return reader.map(Batches::Stream).map_err(|it| arrow_error(&it));
    }
    let kind = object.get_type().name()?;
    Err(PyTypeError::new_err(format!(
        "expected a record batch or a table with the Arrow PyCapsule interface, such as those of pyarrow, polars and \
         DuckDB, not {kind}"
    )))
}

fn import_array(schema: &Bound<'_, PyAny>, array: &Bound<'_, PyAny>) -> PyResult<RecordBatch> {
    let schema = pointer::<FFI_ArrowSchema>(schema, SCHEMA)?;
    let array = pointer::<FFI_ArrowArray>(array, ARRAY)?;
    // SAFETY: the capsules' names say what they hold. The array is moved out and released once, by the batch; the
    // schema stays the capsule's.
    let (schema, read) = unsafe {
        let array = FFI_ArrowArray::from_raw(array.as_ptr());
        let schema = schema.as_ref();
        (schema, from_ffi(array, schema))
    };
    let mut data = read.map_err(|it| arrow_error(&it))?;
    if !matches!(data.data_type(), DataType::Struct(_)) {
        let text = format!(
            "expected a record batch, not an array of {}",
            data.data_type()
        );
        return Err(PyTypeError::new_err(text));
    }
    let schema = Schema::try_from(schema).map_err(|it| arrow_error(&it))?;
    data.align_buffers();
    let rows = RecordBatchOptions::new().with_row_count(Some(data.len()));
    let (_, columns, _) = StructArray::from(data).into_parts();
    RecordBatch::try_new_with_options(schema.into(), columns, &rows).map_err(|it| arrow_error(&it))
}

/// The struct in a capsule of this name.
fn pointer<T>(capsule: &Bound<'_, PyAny>, name: &CStr) -> PyResult<NonNull<T>> {
    let capsule = capsule.cast::<PyCapsule>()?;
    Ok(capsule.pointer_checked(Some(name))?.cast())
}

/// The capsule of a schema.
pub(crate) fn export_schema<'py>(
    py: Python<'py>,
    schema: &Schema,
) -> PyResult<Bound<'py, PyCapsule>> {
    let schema = FFI_ArrowSchema::try_from(schema).map_err(|it| arrow_error(&it))?;
    PyCapsule::new_with_value(py, schema, SCHEMA)
}

/// The capsules of one batch: its schema's and its columns'.
pub(crate) fn export_batch<'py>(
    py: Python<'py>,
    batch: &RecordBatch,
) -> PyResult<Bound<'py, PyTuple>> {
    let columns = StructArray::from(batch.clone()).to_data();
    let (array, _) = to_ffi(&columns).map_err(|it| arrow_error(&it))?;
    let array = PyCapsule::new_with_value(py, array, ARRAY)?;
    // With the batch's own metadata, which a struct does not have.
    let schema = export_schema(py, batch.schema_ref())?;
    PyTuple::new(py, [schema, array])
}

/// The capsule of a stream of batches.
pub(crate) fn export_stream<'py>(
    py: Python<'py>,
    schema: SchemaRef,
    batches: Vec<RecordBatch>,
) -> PyResult<Bound<'py, PyCapsule>> {
    let batches = batches.into_iter().map(Ok);
    let stream = FFI_ArrowArrayStream::new(Box::new(RecordBatchIterator::new(batches, schema)));
    PyCapsule::new_with_value(py, stream, STREAM)
}
