//! JSON as pages write it: wrapped in comments, with raw line breaks in strings, with extra commas,
//! escaped as HTML, cut short. One pass repairs all of these, and only after the strict parser has
//! rejected the text.

use serde_json::Value;

use crate::extract::fields::field_text;

/// The value of a block of JSON-LD, repaired where it is broken; `None` where it can't be. Several
/// values in a row make a list.
pub(super) fn parse(text: &str) -> Option<Value> {
    let text = unwrapped(text);
    let strict: Result<Vec<Value>, _> = values(text).collect();
    if let Ok(values) = strict {
        return one_of(values);
    }
    if let Some(value) = parse_repaired(text) {
        return Some(value);
    }
    let is_escaped = text.contains("&quot;") || text.contains("&#34;");
    is_escaped
        .then(|| parse_repaired(&field_text::resolve_entities(text)))
        .flatten()
}

/// The values of a repaired text, up to the first remaining fault, such as a stray brace.
fn parse_repaired(text: &str) -> Option<Value> {
    one_of(values(&repair(text)).map_while(Result::ok).collect())
}

fn values(text: &str) -> impl Iterator<Item = serde_json::Result<Value>> {
    serde_json::Deserializer::from_str(text).into_iter()
}

fn one_of(mut values: Vec<Value>) -> Option<Value> {
    values.retain(|value| value.is_object() || value.is_array());
    match values.len() {
        0 | 1 => values.pop(),
        _ => Some(Value::Array(values)),
    }
}

/// The text between its first and its last bracket: comment and CDATA marks, semicolons and
/// assignments stand outside.
fn unwrapped(text: &str) -> &str {
    let start = text.find(['{', '[']).unwrap_or(0);
    let start = if text[start..].starts_with("[CDATA[") {
        let inside = start + "[CDATA[".len();
        inside + text[inside..].find(['{', '[']).unwrap_or(0)
    } else {
        start
    };
    let end = text.rfind(['}', ']']).map_or(text.len(), |at| at + 1);
    // A quote after the last bracket belongs to a text that was cut short.
    let is_cut = text[end..].contains('"');
    let end = if is_cut { text.len() } else { end };
    text.get(start..end.max(start))
        .unwrap_or(text)
        .trim_end_matches("]]>")
}

/// JavaScript's values that JSON lacks.
const NO_VALUES: [&str; 2] = ["undefined", "NaN"];

/// One pass over the text: control characters in strings become spaces, unknown escapes lose their
/// backslash, comments and superfluous commas are dropped, `undefined` becomes null, whatever is open
/// at the end is closed.
fn repair(text: &str) -> String {
    let mut repaired = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    let mut in_string = false;
    let mut open = Vec::new();
    while let Some(c) = chars.next() {
        match c {
            '"' => {
                // A quote that no punctuation follows is part of the text.
                if in_string && !ends_string(chars.clone()) {
                    repaired.push_str("\\\"");
                    continue;
                }
                in_string = !in_string;
                repaired.push('"');
            }
            '\\' if in_string => {
                if let Some('"' | '\\' | '/' | 'b' | 'f' | 'n' | 'r' | 't' | 'u') = chars.peek() {
                    repaired.push('\\');
                    repaired.extend(chars.next());
                }
            }
            c if in_string => repaired.push(if c.is_control() { ' ' } else { c }),
            '/' if chars.peek() == Some(&'*') => skip_comment(&mut chars),
            '/' if chars.peek() == Some(&'/') => {
                chars.by_ref().find(|&c| c == '\n');
            }
            '{' | '[' => {
                open.push(if c == '{' { '}' } else { ']' });
                repaired.push(c);
            }
            '}' | ']' => {
                open.pop();
                drop_comma(&mut repaired);
                repaired.push(c);
            }
            ',' => {
                let is_needed = !repaired.trim_end().ends_with([',', '{', '[']);
                repaired.extend(is_needed.then_some(','));
            }
            c => {
                repaired.push(c);
                if let Some(word) = NO_VALUES.iter().find(|it| repaired.ends_with(**it)) {
                    repaired.truncate(repaired.len() - word.len());
                    repaired.push_str("null");
                }
            }
        }
    }
    repaired.extend(in_string.then_some('"'));
    drop_comma(&mut repaired);
    repaired.extend(open.into_iter().rev());
    repaired
}

/// True where what follows a quote shows that it ends a string: the end of the text, a colon, a
/// closing bracket, or a comma before another string or value.
fn ends_string(mut rest: std::iter::Peekable<std::str::Chars<'_>>) -> bool {
    let mut next = || rest.by_ref().take(200).find(|c| !c.is_whitespace());
    match next() {
        None | Some(':' | '}' | ']') => true,
        Some(',') => next().is_none_or(|c| {
            matches!(
                c,
                '"' | '{' | '[' | '}' | ']' | '-' | 't' | 'f' | 'n' | ',' | '/'
            ) || c.is_ascii_digit()
        }),
        Some(_) => false,
    }
}

fn skip_comment(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) {
    let mut last = ' ';
    for c in chars.by_ref().skip(1) {
        if last == '*' && c == '/' {
            return;
        }
        last = c;
    }
}

fn drop_comma(text: &mut String) {
    let trimmed = text.trim_end();
    if trimmed.ends_with(',') {
        let length = trimmed.len() - 1;
        text.truncate(length);
    }
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
            Some(list)
        );
    }

    #[test]
    fn quotes_and_escapes_inside_a_string_survive() {
        assert_eq!(
            parse(r#"{"headline": "The "night" ferry", "a": "it\'s"}"#),
            Some(json!({"headline": "The \"night\" ferry", "a": "it's"}))
        );
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
        assert_eq!(parse(&"[".repeat(100_000)), None);
    }

    proptest! {
        #[test]
        fn no_text_makes_the_repair_panic(text in "(?s).{0,60}|[\\[\\]{}\",:\\\\/*\n a1é&;]{0,60}") {
            let _ = parse(&text);
        }
    }
}
