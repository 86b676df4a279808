//! Columns under construction.

use std::sync::Arc;

use arrow_array::ArrayRef;
use arrow_array::builder::{
    ArrayBuilder, Date32Builder, Float64Builder, Int64Builder, ListBuilder, StringBuilder,
    StructBuilder, TimestampMicrosecondBuilder,
};
use arrow_schema::{DataType, Field, Fields, TimeUnit};

use crate::columns::values::{Cell, Value};

/// The zone of all instants.
const UTC: &str = "UTC";

/// The type of a column.
#[derive(Debug, Clone, Copy)]
pub(super) enum Kind {
    Text,
    Texts,
    Number,
    Fraction,
    Instant,
    Day,
    /// A struct of texts, by their names.
    Struct(&'static [&'static str]),
    /// A list of such structs.
    Structs(&'static [&'static str]),
}

impl Kind {
    /// The type as Arrow has it.
    pub(super) fn data_type(self) -> DataType {
        match self {
            Kind::Text => DataType::Utf8,
            Kind::Texts => list(DataType::Utf8),
            Kind::Number => DataType::Int64,
            Kind::Fraction => DataType::Float64,
            Kind::Instant => DataType::Timestamp(TimeUnit::Microsecond, Some(UTC.into())),
            Kind::Day => DataType::Date32,
            Kind::Struct(names) => DataType::Struct(texts(names)),
            Kind::Structs(names) => list(DataType::Struct(texts(names))),
        }
    }
}

fn list(item: DataType) -> DataType {
    DataType::List(Arc::new(element(item)))
}

/// The items of a list, by the name that Parquet and Spark have for them.
fn element(item: DataType) -> Field {
    Field::new("element", item, true)
}

fn texts(names: &[&str]) -> Fields {
    let field = |name: &&str| Field::new(*name, DataType::Utf8, true);
    names.iter().map(field).collect()
}

/// A column to which values are added.
#[derive(Debug)]
pub(super) enum Builder {
    Text(StringBuilder),
    Texts(ListBuilder<StringBuilder>),
    Number(Int64Builder),
    Fraction(Float64Builder),
    Instant(TimestampMicrosecondBuilder),
    Day(Date32Builder),
    Struct(StructBuilder),
    Structs(ListBuilder<StructBuilder>),
}

impl Builder {
    pub(super) fn new(kind: Kind) -> Builder {
        match kind {
            Kind::Text => Builder::Text(StringBuilder::new()),
            Kind::Texts => Builder::Texts(
                ListBuilder::new(StringBuilder::new()).with_field(element(DataType::Utf8)),
            ),
            Kind::Number => Builder::Number(Int64Builder::new()),
            Kind::Fraction => Builder::Fraction(Float64Builder::new()),
            Kind::Instant => {
                Builder::Instant(TimestampMicrosecondBuilder::new().with_timezone(UTC))
            }
            Kind::Day => Builder::Day(Date32Builder::new()),
            Kind::Struct(names) => Builder::Struct(StructBuilder::from_fields(texts(names), 0)),
            Kind::Structs(names) => {
                let structs = StructBuilder::from_fields(texts(names), 0);
                let item = element(DataType::Struct(texts(names)));
                Builder::Structs(ListBuilder::new(structs).with_field(item))
            }
        }
    }

    /// Adds a value; null where it is not of the column's type.
    pub(super) fn push(&mut self, value: Value) {
        match self {
            Builder::Text(column) => match value {
                Value::Text(text) => column.append_value(text),
                _ => column.append_null(),
            },
            Builder::Texts(column) => match value {
                Value::Texts(texts) => column.append_value(texts.iter().map(Some)),
                _ => column.append_null(),
            },
            Builder::Number(column) => match value {
                Value::Number(number) => column.append_value(number),
                _ => column.append_null(),
            },
            Builder::Fraction(column) => match value {
                Value::Fraction(number) => column.append_value(number),
                _ => column.append_null(),
            },
            Builder::Instant(column) => match value {
                Value::Instant(instant) => column.append_value(instant),
                _ => column.append_null(),
            },
            Builder::Day(column) => match value {
                Value::Day(day) => column.append_value(day),
                _ => column.append_null(),
            },
            Builder::Struct(column) => match value {
                Value::Struct(cells) => push_struct(column, Some(&cells)),
                _ => push_struct(column, None),
            },
            Builder::Structs(column) => match value {
                Value::Structs(structs) => {
                    for cells in &structs {
                        push_struct(column.values(), Some(cells));
                    }
                    column.append(true);
                }
                _ => column.append_null(),
            },
        }
    }

    /// The column, which begins anew.
    pub(super) fn finish(&mut self) -> ArrayRef {
        let column: &mut dyn ArrayBuilder = match self {
            Builder::Text(column) => column,
            Builder::Texts(column) => column,
            Builder::Number(column) => column,
            Builder::Fraction(column) => column,
            Builder::Instant(column) => column,
            Builder::Day(column) => column,
            Builder::Struct(column) => column,
            Builder::Structs(column) => column,
        };
        column.finish()
    }
}

/// Adds a struct, or null. Each field grows by one value.
fn push_struct(column: &mut StructBuilder, cells: Option<&[Cell]>) {
    for at in 0..column.num_fields() {
        let cell = cells.and_then(|it| *it.get(at)?);
        if let Some(field) = column.field_builder::<StringBuilder>(at) {
            field.append_option(cell);
        }
    }
    column.append(cells.is_some());
}
