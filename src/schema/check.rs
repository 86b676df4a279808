//! A checker of the keywords of JSON Schema that our schemas use. An unknown keyword is a fault, so that none is
//! in a schema without being held to the code.

use serde_json::{Map, Value};

/// What is wrong with a value, each with its place; empty if nothing is.
pub(crate) fn faults(schema: &str, value: &Value) -> Vec<String> {
    faults_at(schema, "", value)
}

/// The same for the schema at this place of a document.
pub(crate) fn faults_at(document: &str, place: &str, value: &Value) -> Vec<String> {
    let root: Value = serde_json::from_str(document).unwrap();
    let schema = root.pointer(place).unwrap();
    let mut faults = Vec::new();
    Check { root: &root }.value(schema, value, "$", &mut faults);
    faults
}

/// The names that serde lists where it rejects one: "expected one of `a`, `b`".
pub(crate) fn expected_names(error: &str) -> Vec<String> {
    let (_, expected) = error.split_once("expected ").unwrap();
    let mut names: Vec<String> = expected
        .split('`')
        .skip(1)
        .step_by(2)
        .map(str::to_owned)
        .collect();
    names.sort();
    names
}

struct Check<'s> {
    root: &'s Value,
}

impl Check<'_> {
    fn value(&self, schema: &Value, value: &Value, at: &str, faults: &mut Vec<String>) {
        for (keyword, rule) in schema.as_object().unwrap() {
            let holds = match keyword.as_str() {
                "$schema" | "$defs" | "title" | "description" | "default" | "examples" => true,
                "format" => true,
                "required" | "additionalProperties" if !value.is_object() => true,
                "$ref" => {
                    let place = rule.as_str().unwrap().strip_prefix('#').unwrap();
                    self.value(self.root.pointer(place).unwrap(), value, at, faults);
                    true
                }
                "type" => self.has_type(rule, value),
                "enum" => rule.as_array().unwrap().contains(value),
                "const" => rule == value,
                "anyOf" => rule.as_array().unwrap().iter().any(|it| {
                    let mut inner = Vec::new();
                    self.value(it, value, at, &mut inner);
                    inner.is_empty()
                }),
                "minimum" => value.as_f64().is_none_or(|it| it >= rule.as_f64().unwrap()),
                "maximum" => value.as_f64().is_none_or(|it| it <= rule.as_f64().unwrap()),
                "exclusiveMinimum" => value.as_f64().is_none_or(|it| it > rule.as_f64().unwrap()),
                "minLength" => length(value).is_none_or(|it| it >= rule.as_u64().unwrap()),
                "maxLength" => length(value).is_none_or(|it| it <= rule.as_u64().unwrap()),
                "required" => {
                    let names = rule.as_array().unwrap().iter();
                    names
                        .map(|it| it.as_str().unwrap())
                        .all(|it| value.get(it).is_some())
                }
                "items" => {
                    for (index, item) in value.as_array().into_iter().flatten().enumerate() {
                        self.value(rule, item, &format!("{at}[{index}]"), faults);
                    }
                    true
                }
                "properties" => {
                    self.properties(rule.as_object().unwrap(), value, at, faults);
                    true
                }
                "additionalProperties" if rule == &Value::Bool(false) => {
                    unknown(schema, value).next().is_none()
                }
                "additionalProperties" => {
                    for (name, member) in unknown(schema, value) {
                        self.value(rule, member, &format!("{at}.{name}"), faults);
                    }
                    true
                }
                unknown => panic!("the checker does not know `{unknown}`"),
            };
            if !holds {
                faults.push(format!("{at}: {keyword} {rule}: {value}"));
            }
        }
    }

    fn properties(
        &self,
        known: &Map<String, Value>,
        value: &Value,
        at: &str,
        faults: &mut Vec<String>,
    ) {
        for (name, member) in value.as_object().into_iter().flatten() {
            if let Some(schema) = known.get(name) {
                self.value(schema, member, &format!("{at}.{name}"), faults);
            }
        }
    }

    fn has_type(&self, rule: &Value, value: &Value) -> bool {
        match rule.as_str() {
            Some("object") => value.is_object(),
            Some("array") => value.is_array(),
            Some("string") => value.is_string(),
            Some("integer") => value.is_i64() || value.is_u64(),
            Some("number") => value.is_number(),
            Some("boolean") => value.is_boolean(),
            Some("null") => value.is_null(),
            _ => rule
                .as_array()
                .unwrap()
                .iter()
                .any(|it| self.has_type(it, value)),
        }
    }
}

fn length(value: &Value) -> Option<u64> {
    value.as_str().map(|it| it.chars().count() as u64)
}

/// Every object with `properties` of a schema, and every one of their members without a description.
pub(crate) fn undescribed(schema: &Value, at: &str, found: &mut Vec<String>) {
    for (name, inner) in schema.as_object().into_iter().flatten() {
        let at = format!("{at}/{name}");
        if name == "properties" {
            for (name, member) in inner.as_object().unwrap() {
                let is_described = member["description"]
                    .as_str()
                    .is_some_and(|it| it.ends_with('.'));
                let is_reference =
                    member.as_object().unwrap().len() == 1 && member.get("$ref").is_some();
                if !is_described && !is_reference {
                    found.push(format!("{at}/{name}"));
                }
            }
        }
        undescribed(inner, &at, found);
    }
}

/// The members of an object that the schema does not name.
fn unknown<'v>(schema: &Value, value: &'v Value) -> impl Iterator<Item = (&'v String, &'v Value)> {
    let known = schema.get("properties");
    let members = value.as_object().into_iter().flatten();
    members.filter(move |(name, _)| known.is_none_or(|it| it.get(name.as_str()).is_none()))
}
