//! Data that was flattened for transport: values that refer to others by number (devalue, which Nuxt and SvelteKit
//! use, and the stream of React Router), and Astro's pairs of type and value. What refers to itself or to too much
//! is cut off.

use serde_json::{Map, Value};

use crate::extract::text::state::literal;

/// Levels of nesting that are followed.
const DEPTH: usize = 100;
/// Levels at which a cache of entities is looked for.
const CACHE_DEPTH: usize = 6;
/// References within references that are followed.
const REFERENCES: usize = 6;

/// The value with its references resolved, if it is of a form that has some.
pub(super) fn resolved(value: Value, budget: &mut usize) -> Value {
    match &value {
        Value::Array(flat) if is_flat(flat) => Flat { values: flat }.value(0, 0, budget),
        Value::Object(fields) if !fields.is_empty() && fields.values().all(is_pair) => {
            unpaired(&value, 0, budget)
        }
        Value::Object(_) => match cache_in(&value, CACHE_DEPTH) {
            Some(cache) => Cache { entities: cache }.value(&value, Steps::default(), budget),
            None => value,
        },
        _ => value,
    }
}

/// What a stream of React Router holds: lines of flat lists, each going on where the one before it ends.
pub(super) fn streamed(stream: &str, mut budget: usize) -> Vec<Value> {
    let mut values = Vec::new();
    let mut starts = Vec::new();
    for line in stream.lines() {
        // Later lines say which promise they keep: `P12:[…]`.
        let line = line.find('[').map_or("", |at| &line[at..]);
        if let Some(Value::Array(items)) = literal::value(line, budget) {
            starts.push(values.len());
            values.extend(items);
        }
    }
    let flat = Flat { values: &values };
    let roots = starts.into_iter();
    roots.map(|at| flat.value(at, 0, &mut budget)).collect()
}

/// True for a list whose first value is a container that refers to values by number.
fn is_flat(values: &[Value]) -> bool {
    let is_reference = |it: &Value| it.as_i64().is_some_and(|at| at < values.len() as i64);
    let is_object = |it: &Value| matches!(it, Value::Object(_) | Value::Array(_));
    values.len() > 2
        && match &values[0] {
            Value::Object(fields) => !fields.is_empty() && fields.values().all(is_reference),
            Value::Array(items) => {
                let is_named = items.first().is_some_and(Value::is_string);
                !items.is_empty()
                    && items[usize::from(is_named)..].iter().all(is_reference)
                    && values.iter().any(is_object)
                    && items.len() > usize::from(is_named)
            }
            _ => false,
        }
}

/// Values that refer to each other by their position.
struct Flat<'v> {
    values: &'v [Value],
}

impl Flat<'_> {
    fn value(&self, at: usize, depth: usize, budget: &mut usize) -> Value {
        if *budget == 0 || depth > DEPTH {
            return Value::Null;
        }
        *budget -= 1;
        match self.values.get(at) {
            Some(Value::Object(fields)) => {
                let mut object = Map::new();
                for (key, item) in fields {
                    object.insert(self.key(key), self.item(item, depth, budget));
                }
                Value::Object(object)
            }
            Some(Value::Array(items)) => match items.as_slice() {
                // A wrapper: `["Reactive", 3]`, `["Date", "2026-05-01"]`, `["P", 4]`.
                [Value::String(_), item] => self.item(item, depth, budget),
                [Value::String(name), items @ ..] if !name.is_empty() => {
                    let items = items.iter();
                    Value::Array(items.map(|it| self.item(it, depth, budget)).collect())
                }
                items => {
                    let items = items.iter();
                    Value::Array(items.map(|it| self.item(it, depth, budget)).collect())
                }
            },
            Some(value) => value.clone(),
            None => Value::Null,
        }
    }

    fn item(&self, reference: &Value, depth: usize, budget: &mut usize) -> Value {
        match reference.as_i64().map(usize::try_from) {
            Some(Ok(at)) => self.value(at, depth + 1, budget),
            // Numbers below zero are values that JSON lacks.
            Some(Err(_)) => Value::Null,
            None => reference.clone(),
        }
    }

    /// React Router's keys are references, too: `_12`.
    fn key(&self, key: &str) -> String {
        let number = key
            .strip_prefix('_')
            .and_then(|it| it.parse::<usize>().ok());
        let named = number.and_then(|at| self.values.get(at));
        named.and_then(Value::as_str).unwrap_or(key).to_owned()
    }
}

/// The cache of entities by key that Apollo's clients leave, if there is one.
fn cache_in(value: &Value, depth: usize) -> Option<&Map<String, Value>> {
    let fields = value.as_object()?;
    if fields.contains_key("ROOT_QUERY") {
        return Some(fields);
    }
    let depth = depth.checked_sub(1)?;
    fields.values().find_map(|it| cache_in(it, depth))
}

/// Entities that refer to each other by key: `{"__ref": "Paragraph:1"}`.
struct Cache<'v> {
    entities: &'v Map<String, Value>,
}

/// How far a value is from the root.
#[derive(Debug, Clone, Copy, Default)]
struct Steps {
    depth: usize,
    references: usize,
}

impl Cache<'_> {
    fn value(&self, value: &Value, at: Steps, budget: &mut usize) -> Value {
        if *budget == 0 || at.depth > DEPTH {
            return Value::Null;
        }
        *budget -= 1;
        let below = Steps {
            depth: at.depth + 1,
            ..at
        };
        match value {
            Value::Array(items) => {
                let items = items.iter();
                Value::Array(items.map(|it| self.value(it, below, budget)).collect())
            }
            Value::Object(fields) => match self.entity(fields) {
                Some(_) if at.references >= REFERENCES => Value::Null,
                Some(entity) => {
                    let references = at.references + 1;
                    self.value(
                        entity,
                        Steps {
                            references,
                            ..below
                        },
                        budget,
                    )
                }
                None => {
                    let fields = fields.iter();
                    let whole =
                        fields.map(|(key, it)| (key.clone(), self.value(it, below, budget)));
                    Value::Object(whole.collect())
                }
            },
            _ => value.clone(),
        }
    }

    /// The entity that an object stands for.
    fn entity(&self, fields: &Map<String, Value>) -> Option<&Value> {
        let key = fields.get("__ref").or_else(|| {
            let is_old = fields.get("type").and_then(Value::as_str) == Some("id");
            fields.get("id").filter(|_| is_old)
        });
        self.entities.get(key?.as_str()?)
    }
}

/// True for one of Astro's pairs: `[0, "a value"]`, `[1, [a list of pairs]]`.
fn is_pair(value: &Value) -> bool {
    match value.as_array().map(Vec::as_slice) {
        Some([Value::Number(_)]) => true,
        Some([kind @ Value::Number(_), item]) => {
            let kind = kind.as_u64();
            kind.is_some_and(|kind| kind <= 11) && (kind != Some(1) || item.is_array())
        }
        _ => false,
    }
}

/// The value of pairs within pairs.
fn unpaired(value: &Value, depth: usize, budget: &mut usize) -> Value {
    if *budget == 0 || depth > DEPTH {
        return Value::Null;
    }
    *budget -= 1;
    match value {
        Value::Object(fields) => {
            let fields = fields.iter();
            let plain = fields.map(|(key, pair)| (key.clone(), of_pair(pair, depth, budget)));
            Value::Object(plain.collect())
        }
        _ => value.clone(),
    }
}

fn of_pair(pair: &Value, depth: usize, budget: &mut usize) -> Value {
    match pair.as_array().map(Vec::as_slice) {
        Some([_, Value::Array(items)]) => {
            let items = items.iter();
            Value::Array(items.map(|it| of_pair(it, depth + 1, budget)).collect())
        }
        Some([_, item]) if depth < DEPTH => unpaired(item, depth + 1, budget),
        Some(_) => Value::Null,
        None => unpaired(pair, depth + 1, budget),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(value: Value) -> Value {
        resolved(value, &mut 1000)
    }

    #[test]
    fn numbers_that_refer_to_values_become_them() {
        let nuxt = json!([["ShallowReactive", 1], {"title": 2, "body": 3, "none": -1}, "A title", [4, 2], "Text"]);
        assert_eq!(
            read(nuxt),
            json!({"title": "A title", "body": ["Text", "A title"], "none": null})
        );
        let data = json!([{"count": 1, "when": 2}, 7, ["Date", "2026-05-01"]]);
        assert_eq!(read(data), json!({"count": 7, "when": "2026-05-01"}));
        let plain = json!([{"title": "A title"}, {"title": "Another"}, 3]);
        assert_eq!(read(plain.clone()), plain);
    }

    #[test]
    fn a_stream_with_named_keys_is_read_with_what_comes_later() {
        let stream = "[{\"_1\":2},\"article\",{\"_3\":4,\"_5\":6},\"title\",\"A title\",\"body\",[\"P\",7]]\nP7:[{\"_8\":9},\"text\",\"The text\"]\n";
        let read = streamed(stream, 1000);
        assert_eq!(
            read[0],
            json!({"article": {"title": "A title", "body": {"text": "The text"}}})
        );
    }

    #[test]
    fn pairs_of_type_and_value_become_values() {
        let island = json!({"story": [0, {"title": [0, "A title"], "lines": [1, [[0, "One"], [0, "Two"]]]}]});
        assert_eq!(
            read(island),
            json!({"story": {"title": "A title", "lines": ["One", "Two"]}})
        );
    }

    #[test]
    fn entities_stand_where_they_are_referred_to() {
        let cache = json!({"props": {"cache": {
            "ROOT_QUERY": {"post": {"__ref": "Post:1"}},
            "Post:1": {"title": "A title", "paragraphs": [{"__ref": "Paragraph:1"}, {"type": "id", "id": "Paragraph:2"}]},
            "Paragraph:1": {"type": "P", "text": "One", "post": {"__ref": "Post:1"}},
            "Paragraph:2": {"type": "P", "text": "Two"},
        }}});
        let whole = read(cache);
        let post = &whole["props"]["cache"]["ROOT_QUERY"]["post"];
        assert_eq!(post["paragraphs"][0]["text"], "One");
        assert_eq!(post["paragraphs"][1]["text"], "Two");
    }

    #[test]
    fn what_refers_to_itself_ends() {
        let mut budget = 1000;
        let value = resolved(
            json!([{"a": 0, "b": 1, "c": 1}, [0, 0, 1, 1], "x"]),
            &mut budget,
        );
        assert!(value.is_object());
        assert_eq!(budget, 0);
    }
}
