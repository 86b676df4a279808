use serde_json::json;

use super::*;

fn read(text: &str) -> Option<Value> {
    value(text, 10_000)
}

#[test]
fn json_and_literals_of_javascript_are_read() {
    for (text, expected) in [
        (
            r#"{"a": [1, -2.5, true, null, "x\u00e9\ud83d\ude00"]}"#,
            json!({"a": [1, -2.5, true, null, "xé😀"]}),
        ),
        (
            r"{a: 'it\'s', $b: void 0, 'c': !0, d: !1, e: undefined,}",
            json!({"a": "it's", "$b": null, "c": true, "d": false, "e": null}),
        ),
        (
            r#"[ /* one */ "a" + "b", `c`, // two
            new Date("2026-05-01"), new Map([["k", 1]]) ];"#,
            json!(["ab", "c", "2026-05-01", [["k", 1]]]),
        ),
        (
            r#"JSON.parse("{\"a\":\"\\u201cb\\u201d\"}")"#,
            json!({"a": "“b”"}),
        ),
        (
            r#"{a: 1, run: function(x) { return {b: "}"} }, go() { return 1 }, c: x => x[0], d: 2}"#,
            json!({"a": 1, "run": null, "go": null, "c": null, "d": 2}),
        ),
        (
            r#"(function(a,b){return {x:a,y:[b,c],z:{a:a}}}("one",{k:2}))"#,
            json!({"x": "one", "y": [{"k": 2}, null], "z": {"a": "one"}}),
        ),
    ] {
        assert_eq!(read(text), Some(expected), "{text}");
    }
}

#[test]
fn what_is_no_data_or_never_ends_is_none() {
    for text in [
        "",
        "{",
        "[1",
        "{\"a\": ",
        "\"abc",
        "{a: `${x}`",
        "f(",
        "{\"a\\",
        "'\\",
    ] {
        assert_eq!(read(text), None, "{text}");
    }
    assert_eq!(read(&"[".repeat(100_000)), None);
    assert_eq!(value("[1,2,3,4]", 3), None);
}
