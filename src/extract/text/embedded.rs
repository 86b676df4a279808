//! The article from a page's own data, for pages whose markup holds next to no text because scripts
//! fill it in: the state that a framework left in a script (Next, Nuxt, Fusion, Redux and others).
//! Data is read and never run; only JSON is supported.

use std::collections::BTreeMap;

use memchr::memmem;
use serde_json::Value;

use crate::limits::Limits;
use crate::page::text::word_count;
use crate::page::{Document, Input, Tag, decode};

/// The names that precede the state in a script.
const ANCHORS: [&str; 12] = [
    "__NEXT_DATA__",
    "__NUXT_DATA__",
    "__NUXT__",
    "Fusion.globalContent",
    "__PRELOADED_STATE__",
    "__INITIAL_STATE__",
    "__INITIAL_DATA__",
    "__APOLLO_STATE__",
    "__STATE__",
    "__data",
    "__remixContext",
    "__staticRouterHydrationData",
];
/// The most characters between the name and the value: ` = `, `" type="application/json">`.
const GAP: usize = 120;
/// A string of this many words is prose.
const PROSE_WORDS: usize = 12;
/// Levels of nesting that are searched.
const DEPTH: usize = 24;
/// Bytes of text that are used at most.
const MOST: usize = 1 << 20;

/// The paragraphs of the article that a page's embedded state holds; empty where there is none.
pub fn paragraphs(input: &Input<'_>, limits: &Limits) -> Vec<String> {
    let text = decode::decode(input.bytes, input.content_type, input.url).text;
    let mut best: Vec<String> = Vec::new();
    for anchor in ANCHORS {
        for at in memmem::find_iter(text.as_bytes(), anchor).take(4) {
            let Some(state) = value_after(&text[at + anchor.len()..]) else {
                continue;
            };
            let found = article_of(&state, limits);
            if chars(&found) > chars(&best) {
                best = found;
            }
        }
        if !best.is_empty() {
            break;
        }
    }
    best
}

fn chars(paragraphs: &[String]) -> usize {
    paragraphs.iter().map(String::len).sum()
}

/// The JSON value that begins within a few characters of here.
fn value_after(text: &str) -> Option<Value> {
    let head = &text[..text.floor_char_boundary(GAP)];
    let start = head.find(['{', '['])?;
    let mut values = serde_json::Deserializer::from_str(&text[start..]).into_iter();
    values.next()?.ok()
}

/// The longest run of prose strings that have the same path of keys.
fn article_of(state: &Value, limits: &Limits) -> Vec<String> {
    let mut groups: BTreeMap<Vec<&str>, Vec<&str>> = BTreeMap::new();
    gather(state, &mut Vec::new(), &mut groups);
    let longest = groups
        .into_values()
        .max_by_key(|strings| strings.iter().map(|it| it.len()).sum::<usize>());
    let mut paragraphs = Vec::new();
    let mut left = MOST;
    for string in longest.unwrap_or_default() {
        for paragraph in plain(string, limits) {
            left = left.saturating_sub(paragraph.len());
            if left == 0 {
                return paragraphs;
            }
            if paragraphs.last() != Some(&paragraph) {
                paragraphs.push(paragraph);
            }
        }
    }
    paragraphs
}

/// Groups every prose string by the keys that lead to it; positions in arrays don't count.
fn gather<'v>(
    value: &'v Value,
    keys: &mut Vec<&'v str>,
    groups: &mut BTreeMap<Vec<&'v str>, Vec<&'v str>>,
) {
    if keys.len() > DEPTH {
        return;
    }
    match value {
        Value::String(string) if is_prose(string) => {
            groups.entry(keys.clone()).or_default().push(string);
        }
        Value::Array(items) => {
            for item in items {
                gather(item, keys, groups);
            }
        }
        Value::Object(fields) => {
            for (key, item) in fields {
                keys.push(key);
                gather(item, keys, groups);
                keys.pop();
            }
        }
        _ => {}
    }
}

/// True for sentences, and for markup that holds some; false for code, addresses and lists of keys.
fn is_prose(string: &str) -> bool {
    let trimmed = string.trim();
    word_count(trimmed) >= PROSE_WORDS
        && !trimmed.starts_with(['{', '['])
        && trimmed.contains(['.', '!', '?', '。', '।', '؟'])
}

/// The paragraphs of a string, without markup.
fn plain(string: &str, limits: &Limits) -> Vec<String> {
    if !string.contains('<') && !string.contains('&') {
        return lines(string);
    }
    let input = Input::new(string.as_bytes()).with_content_type("text/html; charset=utf-8");
    let document = Document::parse(&input, limits);
    let tree = document.page().tree;
    let paragraphs: Vec<String> = tree
        .elements(Tag::P)
        .map(|id| tree.text(id))
        .filter(|it| !it.is_empty())
        .collect();
    if paragraphs.is_empty() {
        lines(&tree.text(0))
    } else {
        paragraphs
    }
}

fn lines(text: &str) -> Vec<String> {
    text.lines()
        .map(str::trim)
        .filter(|it| !it.is_empty())
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &str = "The council voted on Tuesday to plant two hundred limes along the old quay.";
    const TWO: &str = "Planting will begin in March, the parks office said, when the ice has gone.";

    fn found(html: &str) -> Vec<String> {
        paragraphs(&Input::new(html.as_bytes()), &Limits::DEFAULT)
    }

    #[test]
    fn state_in_a_data_script_is_read() {
        let state = format!(
            r#"{{"props":{{"teasers":[{{"text":"{ONE}"}}],"story":{{"body":[{{"content":"<p>{ONE}</p>"}},
               {{"content":"<b>{TWO}</b>"}}]}}}}}}"#
        );
        let html = format!(
            "<div id=root></div><script id=\"__NEXT_DATA__\" type=\"application/json\">{state}</script>"
        );
        assert_eq!(found(&html), [ONE, TWO]);
    }

    #[test]
    fn state_in_an_assignment_is_read_up_to_its_end() {
        let html = format!(
            "<script>window.Fusion=window.Fusion||{{}};Fusion.globalContent={{\"content_elements\":\
             [{{\"type\":\"text\",\"content\":\"{ONE}\"}},{{\"type\":\"text\",\"content\":\"{TWO}\"}}]}};\
             Fusion.x=1</script>"
        );
        assert_eq!(found(&html), [ONE, TWO]);
    }

    #[test]
    fn what_is_no_json_is_left_alone() {
        assert!(
            found("<script>window.__NUXT__=(function(a){return {a:a}}(1))</script>").is_empty()
        );
        assert!(found("<script>__NEXT_DATA__ = {\"a\": </script>").is_empty());
        let deep = "[".repeat(100_000);
        assert!(found(&format!("<script>__STATE__={deep}</script>")).is_empty());
    }
}
