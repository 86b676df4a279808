//! What a statement is given.

use std::borrow::Cow;
use std::error::Error as StdError;

use sqlx::error::BoxDynError;
use sqlx::postgres::PgArguments;
use sqlx::sqlite::SqliteArguments;
use sqlx::{Arguments, Database, Decode, Type};

use super::Error;

/// A value of a statement. A list is a JSON array for SQLite and an array for PostgreSQL; the statement reads
/// it by `each($1)`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    Int(Option<i64>),
    Text(Option<String>),
    Bytes(Option<Vec<u8>>),
    Ints(Vec<i64>),
    Texts(Option<Vec<String>>),
}

#[cfg(test)]
impl Value {
    /// The type that PostgreSQL is told.
    pub(crate) fn type_name(&self) -> &'static str {
        match self {
            Value::Int(_) => "BIGINT",
            Value::Text(_) => "TEXT",
            Value::Bytes(_) => "BYTEA",
            Value::Ints(_) => "BIGINT[]",
            Value::Texts(_) => "TEXT[]",
        }
    }
}

/// Values that make a list.
pub(crate) fn listed<T>(values: impl IntoIterator<Item = T>) -> Value
where
    Value: FromIterator<T>,
{
    values.into_iter().collect()
}

/// Values that make a list, or null where there are none: `($1 IS NULL OR … IN (SELECT value FROM each($1)))`.
pub(crate) fn listed_if_any<T>(values: impl IntoIterator<Item = T>) -> Value
where
    Value: FromIterator<T>,
{
    match listed(values) {
        Value::Texts(Some(texts)) if texts.is_empty() => Value::Texts(None),
        list => list,
    }
}

/// Rows of values, as JSON; the statement reads them by `each_row($1)`, and a value of a row by its place:
/// `CAST(each_row.value ->> 0 AS BIGINT)`.
pub(crate) fn rows_of<R: Into<serde_json::Value>>(rows: impl IntoIterator<Item = R>) -> Value {
    Value::Text(Some(serde_json::Value::from_iter(rows).to_string()))
}

/// A whole number of fewer than 64 bits, as it is read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Int<T>(pub(crate) T);

impl<DB: Database, T> Type<DB> for Int<T>
where
    i64: Type<DB>,
{
    fn type_info() -> DB::TypeInfo {
        i64::type_info()
    }

    fn compatible(info: &DB::TypeInfo) -> bool {
        i64::compatible(info)
    }
}

impl<'r, DB: Database, T: TryFrom<i64, Error: StdError + Send + Sync + 'static>> Decode<'r, DB>
    for Int<T>
where
    i64: Decode<'r, DB>,
{
    fn decode(value: DB::ValueRef<'r>) -> Result<Int<T>, BoxDynError> {
        Ok(Int(T::try_from(i64::decode(value)?)?))
    }
}

impl FromIterator<i64> for Value {
    fn from_iter<I: IntoIterator<Item = i64>>(values: I) -> Value {
        Value::Ints(values.into_iter().collect())
    }
}

impl<'i> FromIterator<&'i i64> for Value {
    fn from_iter<I: IntoIterator<Item = &'i i64>>(values: I) -> Value {
        Value::Ints(values.into_iter().copied().collect())
    }
}

macro_rules! texts {
    ($($text:ty),*) => {$(
        impl<'t> FromIterator<$text> for Value {
            fn from_iter<I: IntoIterator<Item = $text>>(values: I) -> Value {
                Value::Texts(Some(values.into_iter().map(Into::into).collect()))
            }
        }
    )*};
}
texts!(&'t str, &'t String, String);

macro_rules! ints {
    ($($int:ty),*) => {$(
        impl From<$int> for Value {
            fn from(value: $int) -> Value {
                Value::Int(Some(i64::from(value)))
            }
        }
        impl From<Option<$int>> for Value {
            fn from(value: Option<$int>) -> Value {
                Value::Int(value.map(i64::from))
            }
        }
        impl From<Option<&$int>> for Value {
            fn from(value: Option<&$int>) -> Value {
                Value::Int(value.copied().map(i64::from))
            }
        }
    )*};
}
ints!(i64, i32, u32, u16, u8, bool);

macro_rules! owned {
    ($($from:ty => $kind:ident),*) => {$(
        impl From<$from> for Value {
            fn from(value: $from) -> Value {
                Value::$kind(Some(value.into()))
            }
        }
        impl From<Option<$from>> for Value {
            fn from(value: Option<$from>) -> Value {
                Value::$kind(value.map(Into::into))
            }
        }
    )*};
}
owned!(&str => Text, Cow<'_, str> => Text, String => Text, &String => Text, &[u8] => Bytes, Vec<u8> => Bytes);

impl From<&Vec<u8>> for Value {
    fn from(value: &Vec<u8>) -> Value {
        Value::Bytes(Some(value.clone()))
    }
}

impl From<&Option<Vec<u8>>> for Value {
    fn from(value: &Option<Vec<u8>>) -> Value {
        Value::Bytes(value.clone())
    }
}

impl From<&Option<String>> for Value {
    fn from(value: &Option<String>) -> Value {
        Value::Text(value.clone())
    }
}

/// The values as SQLite takes them.
pub(super) fn for_sqlite(values: Vec<Value>) -> Result<SqliteArguments, Error> {
    let mut arguments = SqliteArguments::default();
    for value in values {
        let added = match value {
            Value::Int(value) => arguments.add(value),
            Value::Text(value) => arguments.add(value),
            Value::Bytes(value) => arguments.add(value),
            Value::Ints(values) => arguments.add(serde_json::Value::from(values).to_string()),
            Value::Texts(values) => {
                arguments.add(values.map(|it| serde_json::Value::from(it).to_string()))
            }
        };
        added.map_err(Error::Encode)?;
    }
    Ok(arguments)
}

/// The values as PostgreSQL takes them: its texts can't have a NUL, for which U+FFFD stands then.
pub(super) fn for_postgres(values: Vec<Value>) -> Result<PgArguments, Error> {
    let mut arguments = PgArguments::default();
    for value in values {
        let added = match value {
            Value::Int(value) => arguments.add(value),
            Value::Text(value) => arguments.add(value.map(without_nul)),
            Value::Bytes(value) => arguments.add(value),
            Value::Ints(values) => arguments.add(values),
            Value::Texts(values) => {
                let values = values.map(|it| it.into_iter().map(without_nul).collect::<Vec<_>>());
                arguments.add(values)
            }
        };
        added.map_err(Error::Encode)?;
    }
    Ok(arguments)
}

/// The text without the NULs that PostgreSQL has none of.
pub(super) fn without_nul(text: String) -> String {
    if text.contains('\0') {
        text.replace('\0', "\u{fffd}")
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nul_is_replaced_where_the_engine_has_none() {
        assert_eq!(without_nul("a\0b".to_owned()), "a\u{fffd}b");
        assert_eq!(without_nul("ab".to_owned()), "ab");
    }
}
