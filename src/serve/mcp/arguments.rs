//! What the tools take, as `tools.json` describes it.

use rmcp::model::{JsonObject, Tool};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::tools::ToolError;
use crate::serve::reading::short;

/// The longest part of a text that is given unless asked otherwise, in characters…
const USUAL: usize = 20_000;
/// …at most…
const MOST: usize = 100_000;
/// …and at least: a client that asks for less would have to ask often.
const LEAST: usize = 100;

/// Reads the arguments of a call.
pub(super) fn read<T: DeserializeOwned>(arguments: JsonObject) -> Result<T, ToolError> {
    serde_json::from_value(Value::Object(arguments)).map_err(|error| {
        let error: String = error.to_string().chars().take(300).collect();
        ToolError::new(format!(
            "the arguments cannot be read: {error}; see the tool's input schema"
        ))
    })
}

/// An argument that the tool does not take, as an error that names those it does.
pub(super) fn unknown(tool: &Tool, arguments: &JsonObject) -> Option<ToolError> {
    let known = tool.input_schema.get("properties")?.as_object()?;
    let unknown = arguments.keys().find(|it| !known.contains_key(*it))?;
    let names: Vec<&str> = known.keys().map(String::as_str).collect();
    let (unknown, names) = (short(unknown), names.join(", "));
    Some(ToolError::new(format!(
        "there is no argument `{unknown}`; there are {names}"
    )))
}

/// The part of a text that is wanted.
#[derive(Debug, Clone, Copy, Deserialize)]
pub(super) struct Slice {
    #[serde(default)]
    pub(super) offset: usize,
    max_characters: Option<usize>,
}

impl Slice {
    /// The longest part to give.
    pub(super) fn most(self) -> usize {
        self.max_characters.unwrap_or(USUAL).clamp(LEAST, MOST)
    }
}

/// The form of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum TextFormat {
    #[default]
    Text,
    Markdown,
}

/// What `fetch_article` takes.
#[derive(Debug, Deserialize)]
pub(super) struct FetchArticle {
    pub(super) url: String,
    #[serde(default)]
    pub(super) format: TextFormat,
    #[serde(default)]
    pub(super) any_kind: bool,
    #[serde(flatten)]
    pub(super) slice: Slice,
}

/// What `extract_html` takes.
#[derive(Debug, Deserialize)]
pub(super) struct ExtractHtml {
    pub(super) html: String,
    pub(super) url: Option<String>,
    #[serde(default)]
    pub(super) format: TextFormat,
    #[serde(default)]
    pub(super) any_kind: bool,
    #[serde(flatten)]
    pub(super) slice: Slice,
}

/// Which articles come first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum SearchOrder {
    #[default]
    Relevance,
    Newest,
}

/// What `search_archive` takes.
#[derive(Debug, Deserialize)]
pub(super) struct SearchArchive {
    #[serde(default)]
    pub(super) query: String,
    pub(super) source: Option<String>,
    pub(super) language: Option<String>,
    #[serde(default)]
    pub(super) order: SearchOrder,
    pub(super) limit: Option<u32>,
    pub(super) cursor: Option<String>,
}

/// What `get_article` takes.
#[derive(Debug, Deserialize)]
pub(super) struct GetArticle {
    pub(super) id: String,
    pub(super) revision: Option<u32>,
    #[serde(flatten)]
    pub(super) slice: Slice,
}

/// What `source_health` takes.
#[derive(Debug, Deserialize)]
pub(super) struct SourceHealth {
    pub(super) source: Option<String>,
    pub(super) days: Option<u32>,
    #[serde(default)]
    pub(super) offset: usize,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn fetch(value: &Value) -> Result<FetchArticle, ToolError> {
        read(value.as_object().unwrap().clone())
    }

    #[test]
    fn what_is_left_out_is_as_the_schema_says() {
        let read = fetch(&json!({"url": "https://a.test/"})).unwrap();
        assert_eq!((read.format, read.any_kind), (TextFormat::Text, false));
        assert_eq!((read.slice.offset, read.slice.most()), (0, USUAL));
        let read = fetch(&json!({"url": "", "max_characters": 1, "offset": 5})).unwrap();
        assert_eq!((read.slice.offset, read.slice.most()), (5, LEAST));
        let read = fetch(&json!({"url": "", "max_characters": 10_000_000})).unwrap();
        assert_eq!(read.slice.most(), MOST);
    }

    #[test]
    fn what_cannot_be_read_is_an_error_with_the_name() {
        for value in [
            json!({}),
            json!({"url": 1}),
            json!({"url": "", "offset": -1}),
            json!({"url": "", "format": "x".repeat(100_000)}),
        ] {
            let error = fetch(&value).unwrap_err().to_string();
            assert!(error.ends_with("see the tool's input schema"), "{error}");
            assert!(error.len() < 1_000);
        }
    }
}
