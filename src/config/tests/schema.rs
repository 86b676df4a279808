//! The schema of `config.toml`, held to the tables as they are read.

use serde_json::{Value, json};

use super::super::fallback::RawArchive;
use super::super::raw;
use super::super::select::RawSelect;
use super::*;
use crate::schema::CONFIG;
use crate::schema::check::{expected_names, faults, undescribed};

fn schema() -> Value {
    serde_json::from_str(CONFIG).unwrap()
}

/// The keys that a table may have, as its reader lists them when it meets another.
fn keys_of<T: serde::de::DeserializeOwned>() -> Vec<String> {
    let error = toml::from_str::<T>("no_such_key = 1").err().unwrap();
    expected_names(error.message())
}

fn as_json(toml: &str) -> Value {
    serde_json::to_value(toml::from_str::<toml::Value>(toml).unwrap()).unwrap()
}

#[test]
fn every_table_has_the_keys_of_its_schema() {
    let schema = schema();
    let stated = |place: &str| -> Vec<String> {
        let properties = schema.pointer(&format!("{place}/properties")).unwrap();
        let mut keys: Vec<String> = properties.as_object().unwrap().keys().cloned().collect();
        keys.sort();
        keys
    };
    assert_eq!(stated(""), keys_of::<raw::File>());
    assert_eq!(stated("/properties/crawl"), keys_of::<raw::Crawl>());
    assert_eq!(stated("/properties/network"), keys_of::<raw::Network>());
    assert_eq!(stated("/properties/identity"), keys_of::<raw::Identity>());
    assert_eq!(stated("/properties/store"), keys_of::<raw::Store>());
    assert_eq!(stated("/properties/health"), keys_of::<raw::Health>());
    assert_eq!(stated("/properties/output"), keys_of::<raw::Output>());
    assert_eq!(stated("/properties/rules"), keys_of::<raw::Rules>());
    assert_eq!(stated("/$defs/source"), keys_of::<raw::Source>());
    assert_eq!(stated("/$defs/select"), keys_of::<RawSelect>());
    assert_eq!(stated("/$defs/archive"), keys_of::<RawArchive>());
    let mut found = Vec::new();
    undescribed(&schema, "", &mut found);
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn config_toml_validates_and_states_the_defaults_of_the_schema() {
    let text = include_str!("../../../config.toml");
    let config = as_json(text);
    assert_eq!(faults(CONFIG, &config), Vec::<String>::new());
    let schema = schema();
    for (table, keys) in config.as_object().unwrap() {
        for (key, value) in keys.as_object().into_iter().flatten() {
            let place = format!("/properties/{table}/properties/{key}/default");
            assert_eq!(schema.pointer(&place), Some(value), "[{table}] {key}");
        }
    }
    let source = as_json(&documented_source(text));
    assert_eq!(faults(CONFIG, &source), Vec::<String>::new());
    for (key, value) in source["source"][0].as_object().unwrap() {
        let place = format!("/$defs/source/properties/{key}/default");
        if let Some(default) = schema.pointer(&place) {
            assert_eq!(default, value, "[[source]] {key}");
        }
    }
}

/// The keys of a source that `config.toml` lists in comments, as a source.
fn documented_source(text: &str) -> String {
    let lines = text.lines().filter_map(|line| line.strip_prefix("# "));
    let is_key = |line: &&str| {
        let name = line.split_once(" = ").map_or("", |(name, _)| name);
        let is_word = |c: char| c.is_ascii_lowercase() || c == '_';
        (!name.is_empty() && name.chars().all(is_word)) || line.starts_with("[source.select]")
    };
    let keys: Vec<&str> = lines.filter(is_key).collect();
    assert!(keys.len() > 20, "{keys:?}");
    format!("[[source]]\nname = 'daily'\n{}", keys.join("\n"))
}

#[test]
fn what_is_wrong_does_not_validate() {
    for wrong in [
        "verbose = true",
        "[crawl]\nspeed = 3",
        "[crawl]\nconcurrency = 0",
        "[crawl]\ntimeout = 20",
        "[crawl]\nrequests_per_second = 0",
        "[network]\nresolve = { a = 1 }",
        "[health]\nfail = 'often'",
        "[output]\nformat = 'pdf'",
        "[output]\ninclude = 'list'",
        "[[source]]\nname = 'a'",
        "[[source]]\nstart = ['https://a.example/']",
        "[[source]]\nname = 'a'\nfeeds = []\ncolour = 'red'",
        "[[source]]\nname = 'a'\nfeeds = []\ndiscover = ['maps']",
        "[[source]]\nname = 'a'\nfeeds = []\n[source.select]\nbody = 'p'",
        "[[source]]\nname = 'a'\nfeeds = []\n[[source.select]]\ntitle = 7",
    ] {
        assert!(!faults(CONFIG, &as_json(wrong)).is_empty(), "{wrong}");
    }
    let sets = "[[source]]\nname = 'a'\nfeeds = ['https://a.example/f']\n[[source.select]]\ntitle = ['h1', 'h2']\n\
                [[source.select]]\nvalid_from = '2026-03-01'";
    assert_eq!(faults(CONFIG, &as_json(sets)), Vec::<String>::new());
    assert!(Config::parse(sets, Path::new("config.toml")).is_ok());
}

#[test]
fn the_names_of_formats_are_those_of_the_code() {
    let formats = schema()["properties"]["output"]["properties"]["format"]["enum"].clone();
    let mut files = Format::FILES.to_vec();
    let mut stated: Vec<&str> = formats
        .as_array()
        .unwrap()
        .iter()
        .filter_map(Value::as_str)
        .collect();
    files.sort_unstable();
    stated.sort_unstable();
    assert_eq!(json!(stated), json!(files));
}
