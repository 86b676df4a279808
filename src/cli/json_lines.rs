//! Messages as lines of JSON, for `--log-format json`: the keys of a log line, and those of what is reported.

use serde_json::{Map, Value};
use tracing::Level;

use super::times;

/// What stands as `target` in messages of the command itself; log lines have the module's name there.
const TARGET: &str = "newsprint";

/// A message with its fields, which are the keys of an object, as one line without its end. The keys of every line
/// are `timestamp`, `level`, `message` and `target`.
pub(crate) fn line(level: Level, message: &str, fields: Value) -> String {
    let mut line = Map::new();
    let now = times::rfc3339(times::now()).unwrap_or_default();
    line.insert("timestamp".to_owned(), now.into());
    line.insert("level".to_owned(), level.as_str().into());
    line.insert("message".to_owned(), message.into());
    if let Value::Object(fields) = fields {
        line.extend(fields);
    }
    line.insert("target".to_owned(), TARGET.into());
    Value::Object(line).to_string()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_message_is_one_line_with_its_fields() {
        let line = line(Level::WARN, "two\nlines \"quoted\"", json!({ "pages": 2 }));
        assert_eq!(line.lines().count(), 1);
        let read: Value = serde_json::from_str(&line).unwrap();
        assert_eq!(read["message"], "two\nlines \"quoted\"");
        assert_eq!(
            (&read["level"], &read["pages"]),
            (&json!("WARN"), &json!(2))
        );
        let keys: Vec<_> = read.as_object().unwrap().keys().collect();
        assert_eq!(keys, ["timestamp", "level", "message", "pages", "target"]);
    }

    #[test]
    fn without_fields_a_message_has_its_own_keys_alone() {
        let read: Value = serde_json::from_str(&line(Level::INFO, "a", Value::Null)).unwrap();
        assert_eq!(read.as_object().unwrap().len(), 4);
    }
}
