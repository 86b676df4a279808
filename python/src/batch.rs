//! Record batches of pages to record batches of records, row for row.

use std::iter::once;
use std::sync::Arc;
use std::thread::available_parallelism;

use arrow_array::builder::StringBuilder;
use arrow_array::{ArrayRef, RecordBatch, RecordBatchOptions};
use arrow_schema::{DataType, Field, FieldRef, Schema, SchemaRef};
use newsprint::columns::{self, Columns};
use newsprint::extract::Extraction;
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyTuple};

use crate::article::verdict_name;
use crate::capsule::{self, Batches, arrow_error};
use crate::error::{Failure, NewsprintError};
use crate::input_columns::InputColumns;
use crate::threads::for_each_row;
use crate::worker::Worker;

/// The records of the rows of a record batch or a table, as Arrow columns, for whatever speaks the Arrow PyCapsule
/// interface: `pyarrow.table(records)`, `polars.DataFrame(records)`, `duckdb.from_arrow(records)`.
#[pyclass(frozen, module = "newsprint")]
pub(crate) struct Records {
    schema: SchemaRef,
    batches: Vec<RecordBatch>,
    /// They came as one batch.
    is_one: bool,
}

#[pymethods]
impl Records {
    fn __len__(&self) -> usize {
        self.batches.iter().map(RecordBatch::num_rows).sum()
    }

    /// The names of the columns.
    #[getter]
    fn column_names(&self) -> Vec<String> {
        let fields = self.schema.fields().iter();
        fields.map(|it| it.name().clone()).collect()
    }

    fn __repr__(&self) -> String {
        let columns = self.schema.fields().len();
        format!("Records({} rows, {columns} columns)", self.__len__())
    }

    /// A `pyarrow.RecordBatch` where one was passed in, or else a `pyarrow.Table`.
    pub(crate) fn to_pyarrow<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        let make = if slf.get().is_one {
            "record_batch"
        } else {
            "table"
        };
        slf.py().import("pyarrow")?.call_method1(make, (slf,))
    }

    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        capsule::export_schema(py, &self.schema)
    }

    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_array__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyTuple>> {
        // A consumer casts by itself what it wants otherwise.
        let _ = requested_schema;
        match &self.batches[..] {
            [batch] => capsule::export_batch(py, batch),
            several => Err(NewsprintError::new_err(format!(
                "these records are {} batches; read them as a table",
                several.len()
            ))),
        }
    }

    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        let _ = requested_schema;
        capsule::export_stream(py, Arc::clone(&self.schema), self.batches.clone())
    }
}

/// What is done with each batch.
pub(crate) struct Task<'a> {
    pub(crate) worker: &'a Worker,
    /// As many as the machine runs at once, if nothing else is said.
    pub(crate) threads: Option<usize>,
    /// The columns that are passed through.
    pub(crate) keep: Vec<String>,
}

impl Task<'_> {
    /// The records of all pages of `object`.
    pub(crate) fn run(&self, py: Python<'_>, object: &Bound<'_, PyAny>) -> PyResult<Records> {
        match capsule::import(object)? {
            Batches::One(batch) => {
                let schema = self.schema(&batch.schema())?;
                let mut batches = Vec::new();
                self.extract(py, &batch, &schema, &mut batches)?;
                if batches.len() > 1 {
                    let text = "the records of this batch are larger than 2 GiB; pass fewer rows, or a table";
                    return Err(NewsprintError::new_err(text));
                }
                Ok(Records {
                    schema,
                    batches,
                    is_one: true,
                })
            }
            Batches::Stream(mut stream) => {
                let schema = self.schema(&arrow_array::RecordBatchReader::schema(&stream))?;
                let mut batches = Vec::new();
                // Whoever produces the batches may need the interpreter.
                while let Some(batch) = py.detach(|| stream.next()) {
                    let batch = batch.map_err(|it| arrow_error(&it))?;
                    self.extract(py, &batch, &schema, &mut batches)?;
                }
                Ok(Records {
                    schema,
                    batches,
                    is_one: false,
                })
            }
        }
    }

    /// The columns that come out: those that are kept, the verdict, the error, and those of the record.
    fn schema(&self, input: &Schema) -> PyResult<SchemaRef> {
        let record = columns::schema();
        let own = ["verdict", "error"].map(|name| Arc::new(Field::new(name, DataType::Utf8, true)));
        let own: Vec<FieldRef> = own
            .into_iter()
            .chain(record.fields().iter().cloned())
            .collect();
        let kept = |name: &String| {
            let field = input.field_with_name(name).map_err(|it| arrow_error(&it))?;
            if own.iter().any(|it| it.name() == name) {
                let text = format!("`keep`: the records have a column `{name}`, too; rename yours");
                return Err(NewsprintError::new_err(text));
            }
            Ok(Arc::new(field.clone()))
        };
        let kept = self
            .keep
            .iter()
            .map(kept)
            .collect::<PyResult<Vec<FieldRef>>>()?;
        let fields: Vec<FieldRef> = kept.into_iter().chain(own).collect();
        Ok(Arc::new(Schema::new_with_metadata(
            fields,
            record.metadata().clone(),
        )))
    }

    /// Adds the records of a batch to `done`, as one batch unless they are larger than one may be.
    fn extract(
        &self,
        py: Python<'_>,
        batch: &RecordBatch,
        schema: &SchemaRef,
        done: &mut Vec<RecordBatch>,
    ) -> PyResult<()> {
        let pages =
            InputColumns::new(batch).map_err(|it| NewsprintError::new_err(it.to_string()))?;
        let threads = self
            .threads
            .unwrap_or_else(|| available_parallelism().map_or(1, usize::from));
        let work = |row| self.worker.extract(pages.page(row)?);
        let mut output = Output::new(self.kept(batch), schema);
        py.detach(|| {
            let still_wanted = || -> PyResult<()> {
                Python::attach(|py| {
                    py.check_signals()?;
                    Ok(())
                })
            };
            let results = for_each_row(batch.num_rows(), threads, work, still_wanted)?;
            for result in results {
                let result = result.unwrap_or(Err(Failure::Panicked));
                done.extend(output.push(&result)?);
            }
            done.push(output.finish()?);
            Ok(())
        })
    }

    fn kept(&self, batch: &RecordBatch) -> Vec<ArrayRef> {
        let columns = self
            .keep
            .iter()
            .filter_map(|name| batch.column_by_name(name));
        columns.cloned().collect()
    }
}

/// The columns of the records under construction.
struct Output<'a> {
    schema: &'a SchemaRef,
    kept: Vec<ArrayRef>,
    verdicts: StringBuilder,
    errors: StringBuilder,
    records: Columns,
    /// The first row of the batch under construction.
    start: usize,
}

impl Output<'_> {
    fn new(kept: Vec<ArrayRef>, schema: &SchemaRef) -> Output<'_> {
        Output {
            schema,
            kept,
            verdicts: StringBuilder::new(),
            errors: StringBuilder::new(),
            records: Columns::new(),
            start: 0,
        }
    }

    /// Adds a row; returns the batch before it, if there is no more room in that.
    fn push(&mut self, result: &Result<Extraction, Failure>) -> PyResult<Option<RecordBatch>> {
        let mut full = None;
        if self.add(result).is_err() {
            full = Some(self.finish()?);
            self.add(result)
                .map_err(|it| NewsprintError::new_err(it.to_string()))?;
        }
        match result {
            Ok(extraction) => {
                self.verdicts.append_value(verdict_name(extraction.verdict));
                self.errors.append_null();
            }
            Err(failure) => {
                self.verdicts.append_null();
                self.errors.append_value(failure.to_string());
            }
        }
        Ok(full)
    }

    fn add(&mut self, result: &Result<Extraction, Failure>) -> Result<(), columns::ColumnsFull> {
        match result {
            Ok(extraction) => self.records.push(&extraction.article),
            Err(_) => self.records.push_null(),
        }
    }

    /// The batch under construction; a new one begins.
    fn finish(&mut self) -> PyResult<RecordBatch> {
        let rows = self.records.rows();
        let start = self.start;
        self.start += rows;
        let kept = self.kept.iter().map(|it| it.slice(start, rows));
        let verdicts: ArrayRef = Arc::new(self.verdicts.finish());
        let errors: ArrayRef = Arc::new(self.errors.finish());
        let records = self.records.finish().map_err(|it| arrow_error(&it))?;
        let own = once(verdicts)
            .chain(once(errors))
            .chain(records.columns().iter().cloned());
        let options = RecordBatchOptions::new().with_row_count(Some(rows));
        let columns = kept.chain(own).collect();
        RecordBatch::try_new_with_options(Arc::clone(self.schema), columns, &options)
            .map_err(|it| arrow_error(&it))
    }
}
