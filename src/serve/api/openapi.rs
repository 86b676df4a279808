//! `GET /openapi.json`: the description of the API. The file has all of it but the record, whose schema is one of `schema/`.

use std::sync::LazyLock;

use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use serde_json::Value;

use crate::schema::RECORD;

const FILE: &str = include_str!("openapi.json");

/// The whole document.
pub(super) static DOCUMENT: LazyLock<String> = LazyLock::new(|| {
    let read = |text: &str| serde_json::from_str(text).unwrap_or(Value::Null);
    let (mut document, mut record) = (read(FILE), read(RECORD));
    if let Some(record) = record.as_object_mut() {
        record.shift_remove("$schema");
    }
    point(&mut record);
    if let Some(schemas) = document.pointer_mut("/components/schemas") {
        schemas["Article"] = record;
    }
    format!("{document:#}\n")
});

/// References within the record lead to where it stands in the document.
fn point(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            for (name, member) in members {
                match member {
                    Value::String(target) if name == "$ref" => {
                        *target = target.replacen('#', "#/components/schemas/Article", 1);
                    }
                    _ => point(member),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(point),
        _ => {}
    }
}

pub(super) async fn document() -> impl IntoResponse {
    ([(CONTENT_TYPE, "application/json")], DOCUMENT.as_str())
}
