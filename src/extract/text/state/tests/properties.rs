//! What holds of all data, whatever is in it.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{TITLE, article};
use crate::extract::text::state::flight::Rows;
use crate::extract::text::state::{literal, strings};

/// A tree of nodes such as editors make, with empty texts.
fn node() -> impl Strategy<Value = Value> {
    let leaves = [
        json!({"type": "text", "text": ""}),
        json!({"_type": "span", "text": "", "marks": ["strong"]}),
        json!({"nodeType": "text", "value": ""}),
        json!({"type": "paragraph", "data": {"text": ""}}),
        json!(""),
    ];
    let leaf = prop::sample::select(leaves.to_vec());
    leaf.prop_recursive(5, 40, 5, |inner| {
        let kinds = [
            "paragraph", "heading", "list", "list-item", "blockquote", "link", "table", "tr", "td", "div", "section", "code",
            "image", "odd", "rich_text", "footnote",
        ];
        let keys = ["children", "content", "items", "blocks", "nodes", "odd"];
        let kind = prop::sample::select(kinds.to_vec());
        let key = prop::sample::select(keys.to_vec());
        (kind, key, prop::collection::vec(inner, 0..5))
            .prop_map(|(kind, key, children)| json!({"type": kind, key: children, "url": "https://a.example/"}))
    })
}

/// Gives each empty text words of its own.
fn fill(value: &mut Value, number: &mut usize) {
    match value {
        Value::String(text) if text.is_empty() => {
            *text = format!("The words w{number}x stand in this one sentence and nowhere else.");
            *number += 1;
        }
        Value::Array(items) => items.iter_mut().for_each(|it| fill(it, number)),
        Value::Object(fields) => fields.iter_mut().for_each(|(_, it)| fill(it, number)),
        _ => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_text_of_a_tree_is_written_at_most_once(nodes in prop::collection::vec(node(), 1..5)) {
        let (mut body, mut number) = (Value::Array(nodes), 0);
        fill(&mut body, &mut number);
        let state = json!({"story": {"title": TITLE, "body": body}});
        let text = article(&format!("<script type=\"application/json\">{state}</script>")).text;
        for number in 0..number {
            let times = text.matches(&format!(" w{number}x ")).count();
            prop_assert!(times <= 1, "{} times {}: {}", times, number, state);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_makes_a_reader_panic(text in "[\\[\\]{}()\"'`,:;=+!a-fxnuT0-9\\\\/*. \n%$é<>&#-]{0,80}") {
        let _: Option<Value> = literal::value(&text, 1000);
        let rows = Rows::of(&text, 1000);
        let _: (String, Vec<Value>) = (rows.markup(), rows.values());
        let _: String = strings::blocks(&text);
    }
}
