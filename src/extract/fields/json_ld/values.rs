//! Values of JSON-LD, which may be one or many, a string or a node.

use serde_json::{Map, Value};

use crate::article::Access;

pub(super) type Object = Map<String, Value>;

/// The items of a value that may be one or many.
pub(super) fn many(value: Option<&Value>) -> impl Iterator<Item = &Value> {
    match value {
        Some(Value::Array(items)) => items.as_slice(),
        Some(one) => std::slice::from_ref(one),
        None => &[],
    }
    .iter()
}

/// A value as text: a string, the first of several, the value or name of a node.
pub(super) fn text(value: Option<&Value>) -> Option<String> {
    match value? {
        Value::String(text) => (!text.trim().is_empty()).then(|| text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Array(items) => items.iter().find_map(|item| text(Some(item))),
        Value::Object(object) => ["@value", "name", "@id"]
            .iter()
            .find_map(|key| object.get(*key)?.as_str())
            .map(str::to_owned),
        _ => None,
    }
}

/// Keywords: a list of strings or nodes, or one string with commas.
pub(super) fn keywords(value: Option<&Value>, limit: usize) -> Vec<String> {
    many(value)
        .take(limit)
        .filter_map(|it| text(Some(it)))
        .collect()
}

/// An answer to `isAccessibleForFree`: a truth value, also as a string or as schema.org's URL.
pub(super) fn access(value: &Value) -> Option<Access> {
    let value = many(Some(value)).next()?;
    let word = match value {
        Value::Bool(true) => "true",
        Value::Bool(false) => "false",
        Value::String(word) => word.trim().rsplit(['/', ':']).next()?,
        Value::Object(_) => value.get("@value").or(value.get("@id"))?.as_str()?,
        _ => return None,
    };
    let word = word.rsplit('/').next()?.to_ascii_lowercase();
    match word.as_str() {
        "true" | "yes" | "free" => Some(Access::Free),
        "false" | "no" | "locked" => Some(Access::Paywalled),
        "metered" => Some(Access::Metered),
        _ => None,
    }
}
