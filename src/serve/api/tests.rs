//! The description of the API, held to the routes and to itself.

use std::collections::BTreeSet;

use serde_json::Value;

use super::openapi::DOCUMENT;
use super::{GET, POST};
use crate::schema::check::{faults_at, undescribed};

fn document() -> Value {
    serde_json::from_str(&DOCUMENT).unwrap()
}

#[test]
fn every_route_is_described_and_every_description_is_of_a_route() {
    let gets = GET.iter().map(|it| (it.0, "get"));
    let routes = gets.chain(POST.iter().map(|it| (it.0, "post")));
    let routes = routes.map(|(path, method)| {
        let path = path.strip_prefix("/api").unwrap();
        (path.to_owned(), method.to_owned())
    });
    let document = document();
    let mut described = BTreeSet::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for method in methods.as_object().unwrap().keys() {
            described.insert((path.clone(), method.clone()));
        }
    }
    assert_eq!(routes.collect::<BTreeSet<_>>(), described);
}

/// Every value below a key of this name, with the object that it stands in and the way there.
fn below<'v>(value: &'v Value, key: &str, at: String, found: &mut Vec<(String, &'v Value)>) {
    match value {
        Value::Object(members) => {
            if members.contains_key(key) {
                found.push((at.clone(), value));
            }
            for (name, member) in members {
                let name = name.replace('~', "~0").replace('/', "~1");
                below(member, key, format!("{at}/{name}"), found);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                below(item, key, format!("{at}/{index}"), found);
            }
        }
        _ => {}
    }
}

#[test]
fn every_example_is_as_its_schema_says() {
    let document = document();
    let mut found = Vec::new();
    below(&document, "example", String::new(), &mut found);
    assert!(found.len() >= 8, "{}", found.len());
    for (at, media) in found {
        let schema = format!("{at}/schema");
        let faults = faults_at(&DOCUMENT, &schema, &media["example"]);
        assert_eq!(faults, Vec::<String>::new(), "{at}");
    }
}

#[test]
fn every_reference_leads_somewhere_and_every_field_is_described() {
    let document = document();
    let mut found = Vec::new();
    below(&document, "$ref", String::new(), &mut found);
    for (at, object) in found {
        let target = object["$ref"].as_str().unwrap();
        let place = target.strip_prefix('#').unwrap();
        assert!(document.pointer(place).is_some(), "{at}: {target}");
    }
    let mut found = Vec::new();
    undescribed(&document["components"]["schemas"], "", &mut found);
    assert_eq!(found, Vec::<String>::new());
}

#[test]
fn every_parameter_of_a_path_is_described() {
    let document = document();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let parameters = operation["parameters"].as_array().into_iter().flatten();
            let named: Vec<String> = parameters
                .map(|it| match it["$ref"].as_str() {
                    Some(place) => document.pointer(&place[1..]).unwrap(),
                    None => it,
                })
                .filter(|it| it["in"] == "path")
                .map(|it| format!("{{{}}}", it["name"].as_str().unwrap()))
                .collect();
            let in_path = path.split('/').filter(|it| it.starts_with('{'));
            assert_eq!(named, in_path.collect::<Vec<_>>(), "{method} {path}");
        }
    }
}
