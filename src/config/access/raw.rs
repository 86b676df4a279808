//! The tables of headers and cookies as written. Whatever stands there is read without an error of the parser, which
//! would show the value.

use std::fmt;
use std::path::PathBuf;

use serde::de::{IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use toml::Spanned;

use super::{Secret, SecretSource};

/// A table of names and values in the file's order; `None` where no table stands.
#[derive(Debug)]
pub(in crate::config) struct RawTable(pub(super) Option<Vec<(Spanned<String>, Spanned<RawValue>)>>);

/// A value as written.
#[derive(Debug)]
pub(in crate::config) enum RawValue {
    Text(Secret),
    /// A table of one key.
    Keyed(String, String),
    Other,
}

/// Where a value stands; `None` where it is of no kind that there is.
pub(super) fn source_of(value: RawValue) -> Option<SecretSource> {
    match value {
        RawValue::Text(text) => Some(SecretSource::Text(text)),
        RawValue::Keyed(_, value) if value.is_empty() => None,
        RawValue::Keyed(key, name) if key == "env" => Some(SecretSource::Env(name)),
        RawValue::Keyed(key, path) if key == "file" => {
            Some(SecretSource::File(PathBuf::from(path)))
        }
        _ => None,
    }
}

/// Implements the visits of what is neither a text nor a table.
macro_rules! others {
    ($other:expr) => {
        fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
            Ok($other)
        }
        fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
            Ok($other)
        }
        fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
            Ok($other)
        }
        fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
            while seq.next_element::<IgnoredAny>()?.is_some() {}
            Ok($other)
        }
    };
}

impl<'de> Deserialize<'de> for RawTable {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries;
        impl<'de> Visitor<'de> for Entries {
            type Value = RawTable;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a table")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<RawTable, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(RawTable(Some(entries)))
            }
            fn visit_str<E>(self, _: &str) -> Result<RawTable, E> {
                Ok(RawTable(None))
            }
            others!(RawTable(None));
        }
        deserializer.deserialize_any(Entries)
    }
}

impl<'de> Deserialize<'de> for RawValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Value;
        impl<'de> Visitor<'de> for Value {
            type Value = RawValue;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text")
            }
            fn visit_str<E>(self, text: &str) -> Result<RawValue, E> {
                Ok(RawValue::Text(Secret(text.to_owned())))
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<RawValue, A::Error> {
                let mut found = Vec::new();
                while let Some((key, value)) = map.next_entry::<String, RawValue>()? {
                    found.push((key, value));
                }
                Ok(match (found.pop(), found.is_empty()) {
                    (Some((key, RawValue::Text(text))), true) => RawValue::Keyed(key, text.0),
                    _ => RawValue::Other,
                })
            }
            others!(RawValue::Other);
        }
        deserializer.deserialize_any(Value)
    }
}
