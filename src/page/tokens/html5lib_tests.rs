//! The tokenizer against html5lib's own tokenizer tests (`tokenizer/*.test`), from the folder that
//! `HTML5LIB_TESTS` names; `.ci/html5lib-tests` fetches them and prints it.
//!
//! Out of scope, because the tokenizer leaves these things out on purpose:
//! - comments, attributes of end tags and parse errors: no stage reads them, so they are not compared;
//! - the character NUL and a leading byte order mark, which are dropped before the page is read;
//! - script data in an element that is not a script, which no page can hold;
//! - lone surrogates, which cannot occur in UTF-8 text;
//! - `xmlViolationTests`, which are about trees that are written as XML.

use std::cell::RefCell;
use std::path::Path;

use serde_json::{Value, json};

use super::*;

/// Fewer cases than this would mean that the files were not read.
const FEWEST_CASES: usize = 6_500;
/// More cases than this out of scope would mean that the scope has shrunk.
const MOST_OUT_OF_SCOPE: usize = 90;

/// Stands for the last start tag where a test names none.
const NO_TAG: &str = "none";

/// Collects tokens in html5lib's notation.
struct Recorder<'s> {
    source: &'s Source,
    tokens: RefCell<Vec<Value>>,
    in_foreign_content: bool,
}

impl Recorder<'_> {
    fn push(&self, token: Value) {
        push(&mut self.tokens.borrow_mut(), token);
    }
}

impl Receiver for Recorder<'_> {
    fn text(&self, text: StrTendril) {
        self.push(json!(["Character", &*text]));
    }

    fn doctype(&self, it: Doctype) {
        let text = |it: Option<StrTendril>| it.map(|it| it.to_string());
        self.push(json!([
            "DOCTYPE",
            text(it.name),
            text(it.public_id),
            text(it.system_id),
            !it.force_quirks,
        ]));
    }

    fn tag(&self, tag: Tag, attributes: &[Attr]) -> Content {
        if tag.kind == EndTag {
            self.push(json!(["EndTag", &*tag.name]));
            return Content::Markup;
        }
        let text = |span| self.source.read(span, str::to_owned);
        let pairs = attributes.iter();
        let pairs = pairs.map(|it| (text(it.name), json!(text(it.value))));
        let attributes = Value::Object(pairs.collect());
        self.push(if tag.self_closing {
            json!(["StartTag", &*tag.name, attributes, true])
        } else {
            json!(["StartTag", &*tag.name, attributes])
        });
        Content::Markup
    }

    fn is_foreign(&self) -> bool {
        self.in_foreign_content
    }
}

/// Adds a token; text is joined to the text before it.
fn push(tokens: &mut Vec<Value>, token: Value) {
    if token[0] == "Character"
        && let Some(last) = tokens.last_mut().filter(|it| it[0] == "Character")
    {
        let joined = [&last[1], &token[1]].map(|it| it.as_str().unwrap());
        *last = json!(["Character", joined.concat()]);
        return;
    }
    tokens.push(token);
}

/// What the tokenizer makes of `input` when it begins in `state`.
fn tokenize(input: &str, state: &str, last_start_tag: &str) -> Vec<Value> {
    let name = || LocalName::from(last_start_tag);
    let is_cdata = state == "CDATA section state";
    let opening = if is_cdata { "<![CDATA[" } else { "" };
    let source = Source::new(&format!("{opening}{input}"));
    let recorder = Recorder {
        source: &source,
        tokens: RefCell::default(),
        in_foreign_content: is_cdata,
    };
    let mut tokens = Tokens::new(&source);
    tokens.mode = match state {
        "Data state" | "CDATA section state" => Mode::Markup,
        "PLAINTEXT state" => Mode::Plain,
        "RCDATA state" => Mode::Raw(RawKind::Rcdata, name()),
        "RAWTEXT state" => Mode::Raw(RawKind::Rawtext, name()),
        "Script data state" => Mode::Raw(RawKind::ScriptData, name()),
        other => panic!("an unknown state: {other}"),
    };
    while tokens.step(&recorder) {}
    recorder.tokens.into_inner()
}

/// The tokens that a test expects, without what is out of scope.
fn expected(output: &Value) -> Vec<Value> {
    let mut tokens = Vec::new();
    for token in output.as_array().unwrap() {
        if token[0] != "Comment" {
            push(&mut tokens, token.clone());
        }
    }
    tokens
}

/// Resolves the `\uXXXX` of tests that are escaped twice; `None` for a lone surrogate.
fn unescaped(value: &Value) -> Option<Value> {
    serde_json::from_str(&value.to_string().replace("\\\\u", "\\u")).ok()
}

/// The test's input and output, where they are in scope.
fn in_scope(test: &Value) -> Option<(String, Value)> {
    let (mut input, mut output) = (test["input"].clone(), test["output"].clone());
    if test["doubleEscaped"] == true {
        (input, output) = (unescaped(&input)?, unescaped(&output)?);
    }
    let input = input.as_str()?.to_owned();
    let is_dropped = input.contains('\0') || input.starts_with('\u{FEFF}');
    (!is_dropped).then_some((input, output))
}

/// True for a case that begins in the middle of a script, but whose last start tag is another one.
fn is_script_of_another(state: &str, last_start_tag: &str) -> bool {
    state == "Script data state" && !matches!(last_start_tag, "script" | NO_TAG)
}

/// Runs the tests of one file: how many cases passed, which failed, and how many are out of scope.
fn run_file(path: &Path, failed: &mut Vec<String>) -> (usize, usize) {
    let file: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let (mut passed, mut left_out) = (0, 0);
    for test in file["tests"].as_array().into_iter().flatten() {
        let states = test["initialStates"].as_array().cloned();
        for state in states.unwrap_or_else(|| vec![json!("Data state")]) {
            let state = state.as_str().unwrap();
            let last_start_tag = test["lastStartTag"].as_str().unwrap_or(NO_TAG);
            let case = in_scope(test).filter(|_| !is_script_of_another(state, last_start_tag));
            let Some((input, output)) = case else {
                left_out += 1;
                continue;
            };
            let found = tokenize(&input, state, last_start_tag);
            let expected = expected(&output);
            if found == expected {
                passed += 1;
                continue;
            }
            let (found, expected) = (json!(found), json!(expected));
            let name = path.file_name().unwrap().display();
            failed.push(format!(
                "{name}, {state}, {}: {input:?}\n  expected {expected}\n  found    {found}",
                test["description"]
            ));
        }
    }
    (passed, left_out)
}

#[test]
fn the_tokenizer_passes_html5lib_s_tests() {
    let Some(folder) = std::env::var_os("HTML5LIB_TESTS") else {
        eprintln!("skipped: set HTML5LIB_TESTS to the folder that .ci/html5lib-tests prints");
        return;
    };
    let (mut passed, mut left_out, mut failed) = (0, 0, Vec::new());
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|it| it == "test") {
            let (more_passed, more_left_out) = run_file(&path, &mut failed);
            passed += more_passed;
            left_out += more_left_out;
        }
    }
    eprintln!(
        "{passed} passed, {} failed, {left_out} out of scope",
        failed.len()
    );
    assert!(failed.is_empty(), "{}", failed.join("\n"));
    assert!(passed >= FEWEST_CASES, "{passed} cases");
    assert!(
        left_out <= MOST_OUT_OF_SCOPE,
        "{left_out} cases out of scope"
    );
}
