//! The pages of a record batch, read where they lie: `html` and, where they are there, `url`, `content_type`,
//! `fetched_at`, `status`, `source`, `x_robots_tag`, `tdm_reservation`, `content_signal`, `content_usage`, `warnings`, and
//! `error` of pages that could not be read.

use arrow_array::cast::AsArray;
use arrow_array::types::{
    Int8Type, Int16Type, Int32Type, Int64Type, TimestampMicrosecondType, TimestampMillisecondType,
    TimestampNanosecondType, TimestampSecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, RecordBatch};
use arrow_schema::{DataType, TimeUnit};
use jiff::Timestamp;
use newsprint::rights::Signals;
use url::Url;

use crate::error::Failure;
use crate::page::UTF8;
use crate::worker::PageInput;

/// A column that cannot be read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ColumnError {
    #[error("there is no column `html` with the pages; there are: {0}")]
    Missing(String),
    #[error("column `{name}` is {found}; it must be {expected}")]
    Type {
        name: &'static str,
        found: DataType,
        expected: &'static str,
    },
}

/// The columns that are read.
pub(crate) struct InputColumns<'a> {
    html: &'a dyn Array,
    is_text: bool,
    url: Option<&'a dyn Array>,
    content_type: Option<&'a dyn Array>,
    fetched_at: Option<&'a dyn Array>,
    status: Option<&'a dyn Array>,
    source: Option<&'a dyn Array>,
    x_robots_tag: Option<&'a dyn Array>,
    tdm_reservation: Option<&'a dyn Array>,
    content_signal: Option<&'a dyn Array>,
    content_usage: Option<&'a dyn Array>,
    warnings: Option<&'a dyn Array>,
    error: Option<&'a dyn Array>,
}

const BYTES: &str = "binary or string, plain, large or view";
const TEXT: &str = "string, plain, large or view";

impl<'a> InputColumns<'a> {
    /// Finds the columns by their names.
    pub(crate) fn new(batch: &'a RecordBatch) -> Result<InputColumns<'a>, ColumnError> {
        let find = |name| batch.column_by_name(name).map(AsRef::as_ref);
        let html = find("html").ok_or_else(|| {
            let names: Vec<_> = batch
                .schema_ref()
                .fields()
                .iter()
                .map(|it| it.name().as_str())
                .collect();
            ColumnError::Missing(names.join(", "))
        })?;
        let checked = |name: &'static str, is_good: fn(&DataType) -> bool, expected| {
            let column: Option<&dyn Array> = find(name);
            match column {
                Some(column) if !is_good(column.data_type()) => Err(ColumnError::Type {
                    name,
                    found: column.data_type().clone(),
                    expected,
                }),
                column => Ok(column),
            }
        };
        checked("html", |it| is_text(it) || is_binary(it), BYTES)?;
        let is_time = |it: &DataType| is_text(it) || matches!(it, DataType::Timestamp(..));
        let is_number = |it: &DataType| it.is_integer() || *it == DataType::Null;
        Ok(InputColumns {
            html,
            is_text: is_text(html.data_type()),
            url: checked("url", is_text, TEXT)?,
            content_type: checked("content_type", is_text, TEXT)?,
            fetched_at: checked(
                "fetched_at",
                is_time,
                "a timestamp, or a string as RFC 3339 has it",
            )?,
            status: checked("status", is_number, "a whole number")?,
            source: checked("source", is_text, TEXT)?,
            x_robots_tag: checked("x_robots_tag", is_text, TEXT)?,
            tdm_reservation: checked("tdm_reservation", is_text, TEXT)?,
            content_signal: checked("content_signal", is_text, TEXT)?,
            content_usage: checked("content_usage", is_text, TEXT)?,
            warnings: checked("warnings", is_texts, "a list of strings")?,
            error: checked("error", is_text, TEXT)?,
        })
    }

    /// The page of a row, or why there is none. An address that is none counts as unknown.
    pub(crate) fn page(&self, row: usize) -> Result<PageInput<'a>, Failure> {
        let text = |column: Option<&'a dyn Array>| std::str::from_utf8(bytes(column?, row)?).ok();
        if let Some(error) = text(self.error) {
            return Err(Failure::Unread(error.to_owned()));
        }
        let content_type = text(self.content_type);
        Ok(PageInput {
            bytes: bytes(self.html, row).ok_or(Failure::Null)?,
            url: text(self.url).and_then(|it| Url::parse(it).ok()),
            content_type: if self.is_text {
                Some(UTF8)
            } else {
                content_type
            },
            fetched_at: self.fetched_at.and_then(|it| time(it, row)),
            status: self
                .status
                .and_then(|it| u16::try_from(number(it, row)?).ok()),
            source: text(self.source).map(str::to_owned),
            x_robots_tag: text(self.x_robots_tag),
            tdm_reservation: text(self.tdm_reservation),
            signals: Signals {
                content_signal: text(self.content_signal).map(str::to_owned),
                content_usage: text(self.content_usage).map(str::to_owned),
                rsl: None,
            },
            warnings: self.warnings.map(|it| texts(it, row)).unwrap_or_default(),
        })
    }
}

fn is_text(kind: &DataType) -> bool {
    use DataType::{LargeUtf8, Null, Utf8, Utf8View};
    matches!(kind, Utf8 | LargeUtf8 | Utf8View | Null)
}

fn is_texts(kind: &DataType) -> bool {
    match kind {
        DataType::List(item) => *item.data_type() == DataType::Utf8,
        other => *other == DataType::Null,
    }
}

fn is_binary(kind: &DataType) -> bool {
    use DataType::{Binary, BinaryView, LargeBinary};
    matches!(kind, Binary | LargeBinary | BinaryView)
}

/// The bytes of a string or binary value, if it is not null.
fn bytes(column: &dyn Array, row: usize) -> Option<&[u8]> {
    if !column.is_valid(row) {
        return None;
    }
    match column.data_type() {
        DataType::Utf8 => Some(column.as_string::<i32>().value(row).as_bytes()),
        DataType::LargeUtf8 => Some(column.as_string::<i64>().value(row).as_bytes()),
        DataType::Utf8View => Some(column.as_string_view().value(row).as_bytes()),
        DataType::Binary => Some(column.as_binary::<i32>().value(row)),
        DataType::LargeBinary => Some(column.as_binary::<i64>().value(row)),
        DataType::BinaryView => Some(column.as_binary_view().value(row)),
        _ => None,
    }
}

/// The strings of a list.
fn texts(column: &dyn Array, row: usize) -> Vec<String> {
    let Some(list) = column.as_list_opt::<i32>().filter(|it| it.is_valid(row)) else {
        return Vec::new();
    };
    let items = list.value(row);
    let items = items.as_string::<i32>().iter().flatten();
    items.map(str::to_owned).collect()
}

/// A time, RFC 3339. A timestamp without a zone is in UTC.
fn time(column: &dyn Array, row: usize) -> Option<String> {
    let DataType::Timestamp(unit, _) = column.data_type() else {
        let text = std::str::from_utf8(bytes(column, row)?).ok()?;
        return Some(text.to_owned());
    };
    if !column.is_valid(row) {
        return None;
    }
    let instant = match unit {
        TimeUnit::Second => {
            Timestamp::from_second(column.as_primitive::<TimestampSecondType>().value(row))
        }
        TimeUnit::Millisecond => Timestamp::from_millisecond(
            column.as_primitive::<TimestampMillisecondType>().value(row),
        ),
        TimeUnit::Microsecond => Timestamp::from_microsecond(
            column.as_primitive::<TimestampMicrosecondType>().value(row),
        ),
        TimeUnit::Nanosecond => Timestamp::from_nanosecond(
            column
                .as_primitive::<TimestampNanosecondType>()
                .value(row)
                .into(),
        ),
    };
    instant.ok().map(|it| it.to_string())
}

fn number(column: &dyn Array, row: usize) -> Option<i64> {
    if !column.is_valid(row) {
        return None;
    }
    match column.data_type() {
        DataType::Int8 => Some(column.as_primitive::<Int8Type>().value(row).into()),
        DataType::Int16 => Some(column.as_primitive::<Int16Type>().value(row).into()),
        DataType::Int32 => Some(column.as_primitive::<Int32Type>().value(row).into()),
        DataType::Int64 => Some(column.as_primitive::<Int64Type>().value(row)),
        DataType::UInt8 => Some(column.as_primitive::<UInt8Type>().value(row).into()),
        DataType::UInt16 => Some(column.as_primitive::<UInt16Type>().value(row).into()),
        DataType::UInt32 => Some(column.as_primitive::<UInt32Type>().value(row).into()),
        DataType::UInt64 => i64::try_from(column.as_primitive::<UInt64Type>().value(row)).ok(),
        _ => None,
    }
}
