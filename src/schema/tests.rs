//! The schema of the record, held to the code.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::{Value, json};

use super::RECORD;
use super::check::{expected_names, faults, undescribed};
use crate::article::{Access, Article, Block, Image, Kind, Link, Rights, Role, SCHEMA_VERSION};
use crate::{Extractor, Options};

fn schema() -> Value {
    serde_json::from_str(RECORD).unwrap()
}

/// A record with every field that there can be.
fn full() -> Article {
    let text = || Some("text".to_owned());
    Article {
        id: "7".repeat(16),
        content_hash: "7".repeat(16),
        revision: 1,
        archived_url: Some(
            "https://archive.example/web/20261120080000id_/https://a.example/".to_owned(),
        ),
        archived_at: Some("2026-11-20T08:00:00Z".to_owned()),
        status: Some(200),
        quality: 0.5,
        access: Some(Access::Metered),
        markdown: text(),
        html: text(),
        blocks: Some(vec![Block {
            role: Role::Entry,
            text: String::new(),
            dropped: text(),
        }]),
        images: Some(vec![Image::default()]),
        links: Some(vec![Link {
            href: String::new(),
            text: String::new(),
        }]),
        rights: Rights::default(),
        schema_version: SCHEMA_VERSION,
        ..Article::default()
    }
}

/// The keys of an object, and the properties that a schema names for it.
fn keys(value: &Value) -> Vec<&String> {
    value.as_object().unwrap().keys().collect()
}

#[test]
fn the_record_has_the_fields_of_its_schema_in_their_order() {
    let (schema, record) = (schema(), serde_json::to_value(full()).unwrap());
    assert_eq!(keys(&record), keys(&schema["properties"]));
    for (value, name) in [
        (&record["blocks"][0], "block"),
        (&record["images"][0], "image"),
        (&record["links"][0], "link"),
        (&record["rights"], "rights"),
    ] {
        assert_eq!(
            keys(value),
            keys(&schema["$defs"][name]["properties"]),
            "{name}"
        );
    }
    let mut found = Vec::new();
    undescribed(&schema, "", &mut found);
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn what_a_record_always_has_is_required_and_the_rest_is_not() {
    let least = Article {
        id: "7".repeat(16),
        content_hash: "7".repeat(16),
        revision: 1,
        schema_version: SCHEMA_VERSION,
        ..Article::default()
    };
    let least = serde_json::to_value(least).unwrap();
    let required = schema()["required"].clone();
    assert_eq!(json!(keys(&least)), required);
    for record in [least, serde_json::to_value(full()).unwrap()] {
        assert_eq!(faults(RECORD, &record), Vec::<String>::new());
        for key in required.as_array().unwrap() {
            let mut record = record.clone();
            record
                .as_object_mut()
                .unwrap()
                .remove(key.as_str().unwrap());
            assert!(!faults(RECORD, &record).is_empty(), "{key}");
        }
    }
}

#[test]
fn the_values_of_names_are_those_of_the_code() {
    let names = |values: &Value| -> Vec<String> {
        let names: BTreeSet<&str> = values
            .as_array()
            .unwrap()
            .iter()
            .filter_map(Value::as_str)
            .collect();
        names.into_iter().map(str::to_owned).collect()
    };
    let of = |error: serde_json::Error| expected_names(&error.to_string());
    let schema = schema();
    let kinds = of(serde_json::from_str::<Kind>("\"?\"").unwrap_err());
    assert_eq!(names(&schema["properties"]["kind"]["enum"]), kinds);
    let access = of(serde_json::from_str::<Access>("\"?\"").unwrap_err());
    assert_eq!(names(&schema["properties"]["access"]["enum"]), access);
    let roles = of(serde_json::from_str::<Role>("\"?\"").unwrap_err());
    assert_eq!(
        names(&schema["$defs"]["block"]["properties"]["role"]["enum"]),
        roles
    );
    assert_eq!(
        schema["properties"]["schema_version"]["const"],
        SCHEMA_VERSION
    );
}

#[test]
fn a_record_with_a_wrong_value_does_not_validate() {
    let right = serde_json::to_value(full()).unwrap();
    for (key, wrong) in [
        ("id", json!("7")),
        ("url", json!(7)),
        ("kind", json!("poem")),
        ("authors", json!(null)),
        ("tags", json!([1])),
        ("quality", json!(1.5)),
        ("revision", json!(0)),
        ("word_count", json!(1.5)),
        ("access", json!("paid")),
        ("rights", json!({})),
        ("links", json!([{"href": "x"}])),
        ("schema_version", json!(2)),
    ] {
        let mut record = right.clone();
        record[key] = wrong;
        assert_eq!(faults(RECORD, &record).len(), 1, "{key}");
    }
}

/// Every saved page below a folder.
fn pages(folder: &Path, found: &mut Vec<std::path::PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            pages(&path, found);
        } else if path.extension().is_some_and(|it| it == "html") {
            found.push(path);
        }
    }
}

#[test]
fn every_record_of_the_fixtures_validates() {
    let mut found = Vec::new();
    pages(
        Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures")),
        &mut found,
    );
    assert!(found.len() > 20);
    let options = Options {
        markdown: true,
        html: true,
        blocks: true,
        images: true,
        links: true,
        any_kind: true,
        ..Options::default()
    };
    let extractor = Extractor::new(options);
    for (at, path) in found.iter().enumerate() {
        let url = crate::Url::parse(&format!("https://news.example/{at}")).ok();
        let bytes = std::fs::read(path).unwrap();
        let input = crate::page::Input::new(&bytes).with_url(url.as_ref().filter(|_| at % 2 == 0));
        let record = serde_json::to_value(extractor.extract(&input).article).unwrap();
        assert_eq!(
            faults(RECORD, &record),
            Vec::<String>::new(),
            "{}",
            path.display()
        );
    }
}
