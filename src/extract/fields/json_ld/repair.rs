//! A block of JSON-LD as a value: by the strict parser, and where that rejects it, by one that reads as far
//! as the block goes ([`lenient`]).

use serde_json::Value;

use crate::extract::fields::field_text;
use crate::extract::fields::json_ld::lenient;

/// The value of a block of JSON-LD; `None` where nothing can be read. Several values in a row make a list.
pub(super) fn parse(text: &str) -> Option<Value> {
    let strict: Result<Vec<Value>, _> = serde_json::Deserializer::from_str(unwrapped(text))
        .into_iter()
        .collect();
    one_of(strict.unwrap_or_else(|_| {
        lenient::values(&lenient::unescaped(text, field_text::resolve_entities))
    }))
}

fn one_of(mut values: Vec<Value>) -> Option<Value> {
    values.retain(|value| value.is_object() || value.is_array());
    match values.len() {
        0 | 1 => values.pop(),
        _ => Some(Value::Array(values)),
    }
}

/// The text between its first and its last bracket: comment marks, semicolons and assignments stand outside.
fn unwrapped(text: &str) -> &str {
    let start = text.find(['{', '[']).unwrap_or(0);
    let end = text.rfind(['}', ']']).map_or(text.len(), |at| at + 1);
    text.get(start..end.max(start)).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::limits::Limits;

    #[test]
    fn common_faults_are_repaired() {
        for text in [
            r#"{"headline": "Ferry returns"}"#,
            "<!-- {\"headline\": \"Ferry returns\"} -->",
            "//<![CDATA[\n{\"headline\": \"Ferry returns\"}\n//]]>",
            "{\"headline\": \"Ferry\n\treturns\"}",
            r#"{"headline": "Ferry returns",}"#,
            r#"{,"headline": "Ferry returns",,}"#,
            r#"{"headline": "Ferry returns"};"#,
            r#"{"headline": "Ferry returns"}}"#,
            r#"/* page */ {"headline": /* title */ "Ferry returns"}"#,
            "{\"headline\": \"Ferry returns\", // title\n\"a\": 1}",
            r#"{"headline": "Ferry returns", "a": undefined}"#,
            r#"{"headline": "Ferry returns", "a": {"b": "c"}, "d": "cut sho"#,
            r#"{"headline": "Ferry returns", "a": [1, "#,
            "{&quot;headline&quot;: &quot;Ferry returns&quot;}",
            "{'headline': 'Ferry returns', 'a': 'it\\'s', 'b': 'the crew's \"boat\"'}",
            "{headline: 'Ferry returns', a: 1}",
            r#"{"headline": "Ferry returns" "a": "b"}"#,
            r#"{"a": {"b": 1} "headline": "Ferry returns"}"#,
            r#"{"a": "b""headline":"Ferry returns"}"#,
            r#"{"a": ["b" "c"], "headline": "Ferry returns"}"#,
            "{\"headline\": \"Ferry returns,\n \"a\": \"b\"}",
            r#"{"headline": "Ferry returns, "a": "b"}"#,
            r#"{"a": [{"b": 1}, {"c": 2, "headline": "no"], "headline": "Ferry returns"}"#,
            r#"{"a": {{ template }}, "b": some.variable, "headline": "Ferry returns"}"#,
            r#"{"a": , "headline": "Ferry returns"}"#,
            r#"{"a": 2026-05-11, "headline": "Ferry \u0072eturns"}"#,
            "<!--\n//<![CDATA[\n{\"headline\": \"Ferry returns\",}\n//]]>\n-->",
            "<script>{'headline': 'Ferry returns'}</script>",
            "{\"headline\": \"Ferry returns\"\n\"a\": \"<!-- b -->\"}",
        ] {
            let value = parse(text).unwrap_or_else(|| panic!("{text}"));
            let headline = value["headline"].as_str().unwrap();
            assert_eq!(
                field_text::clean(headline, &Limits::DEFAULT).as_deref(),
                Some("Ferry returns"),
                "{text}"
            );
        }
    }

    #[test]
    fn values_in_a_row_make_a_list() {
        let list = json!([{"a": 1}, {"headline": "Ferry returns"}]);
        assert_eq!(
            parse(r#"{"a": 1} {"headline": "Ferry returns"}"#),
            Some(list.clone())
        );
        assert_eq!(
            parse(r#"{"a": 1,} {"headline": "Ferry returns"}"#),
            Some(list.clone())
        );
        let between = r#"<!-- {"a": 1}; --> and [] {"headline": "Ferry returns",}"#;
        assert_eq!(parse(between), Some(list));
    }

    #[test]
    fn quotes_and_escapes_inside_a_string_survive() {
        assert_eq!(
            parse(r#"{"headline": "The "night" ferry", "a": "it\'s"}"#),
            Some(json!({"headline": "The \"night\" ferry", "a": "it's"}))
        );
        assert_eq!(
            parse(
                r#"{"headline": "From "north", "south" and "east": all", "a": "\ud83d\ude00\x",}"#
            ),
            Some(
                json!({"headline": "From \"north\", \"south\" and \"east\": all", "a": "\u{1F600}x"})
            )
        );
    }

    #[test]
    fn what_surrounds_a_container_that_is_too_deep_is_read() {
        for (open, close) in [
            ("{\"@graph\": [", "]}"),
            ("[", "]"),
            ("{\"a]\": {\"b\": [", "]}}"),
        ] {
            let deep = format!("{}{}", open.repeat(10_000), close.repeat(10_000));
            let text = format!(r#"{{"a": {deep}, "headline": "Ferry returns"}}"#);
            let value = parse(&text).unwrap();
            assert_eq!(value["headline"], "Ferry returns");
        }
        let cut = format!(
            r#"{{"headline": "Ferry returns", "a": {}"#,
            "[{\"b\":".repeat(10_000)
        );
        assert_eq!(parse(&cut).unwrap()["headline"], "Ferry returns");
    }

    #[test]
    fn what_cannot_be_repaired_is_nothing() {
        for text in [
            "",
            "]{",
            "<p>hello</p>",
            "{\"a\": ",
            "function () { return 1 }",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_the_repair_panic(text in "(?s).{0,60}|[\\[\\]{}\"',:\\\\/*\n a1éu&;<!-]{0,60}") {
            let _ = parse(&text);
        }
    }
}
