//! The codes of languages, and what people write instead of them.

use toml::Spanned;

use crate::config::diagnose::{Diagnostics, closest};

/// See the notes in the file.
const TABLE: &str = include_str!("languages.txt");

/// Names shorter than this are nearly the same as too many others.
const LEAST_MISTYPED: usize = 5;

/// Checks that the primary language of a tag (`pt` of `pt-BR`) is one that exists; otherwise gives
/// the code that was probably meant.
pub(super) fn check(tag: &str) -> Result<(), Option<&'static str>> {
    let tag = tag.trim().to_lowercase();
    let primary = tag.split(['-', '_']).next().unwrap_or_default();
    if is_code(primary) {
        return Ok(());
    }
    // Names of two words are in the table with `_`, and `English (US)` is one of one.
    let name = tag.split(['(', ',', '-']).next().unwrap_or_default();
    let whole = name.trim().replace(' ', "_");
    let first = name.split_whitespace().next().unwrap_or_default();
    Err(meant_by(&whole).or_else(|| meant_by(first)))
}

fn rows() -> impl Iterator<Item = (Option<&'static str>, &'static str)> {
    let rows = TABLE.lines().filter(|line| !line.starts_with('#'));
    rows.map(|line| match line.split_once(": ") {
        Some((code, names)) => (Some(code), names),
        None => (None, line),
    })
}

fn is_code(word: &str) -> bool {
    rows().any(|(code, words)| match code {
        Some(code) => code == word,
        None => words.split(' ').any(|code| code == word),
    })
}

/// The code of two letters that this other code or name, perhaps mistyped, stands for.
fn meant_by(word: &str) -> Option<&'static str> {
    let names = || {
        rows().flat_map(|(code, names)| names.split(' ').filter_map(move |it| Some((it, code?))))
    };
    let known: Vec<&str> = names()
        .map(|(name, _)| name)
        .filter(|name| name.chars().count() >= LEAST_MISTYPED)
        .collect();
    names()
        .find(|(name, _)| *name == word)
        .or_else(|| {
            let near = closest(word, &known)?;
            names().find(|(name, _)| *name == near)
        })
        .map(|(_, code)| code)
}

/// A language that a source names.
pub(super) fn language(given: Spanned<String>, diagnostics: &mut Diagnostics<'_>) -> String {
    if let Err(meant) = check(given.get_ref()) {
        let fix = match meant {
            Some(code) => format!("did you mean `{code}`?"),
            None => "expected one such as \"en\", \"ko\" or \"pt-BR\"".to_owned(),
        };
        let message = format!("unknown `language` {:?}; {fix}", given.get_ref());
        diagnostics.push(given.span(), message);
    }
    given.get_ref().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_languages_are_accepted_with_and_without_a_region() {
        for tag in [
            "en",
            "pt-BR",
            "zh_Hant_TW",
            "DE",
            "ckb",
            "pcm",
            "fil",
            "no",
            "nb",
        ] {
            assert_eq!(check(tag), Ok(()), "{tag}");
        }
    }

    #[test]
    fn names_and_other_codes_of_a_language_find_its_code() {
        for (tag, expected) in [
            ("english", "en"),
            ("English (US)", "en"),
            ("Engilsh", "en"),
            ("kr", "ko"),
            ("kr-KR", "ko"),
            ("jp", "ja"),
            ("cn", "zh"),
            ("ua", "uk"),
            ("ger", "de"),
            ("deu-DE", "de"),
            ("Français", "fr"),
            ("português do Brasil", "pt"),
            ("한국어", "ko"),
            ("iw", "he"),
            ("Bahasa Indonesia", "id"),
        ] {
            assert_eq!(check(tag), Err(Some(expected)), "{tag}");
        }
    }

    #[test]
    fn what_is_no_language_finds_none() {
        for tag in ["xx", "und", "en,de,fr,", "-", "*", "", "klingonisch", "xyz"] {
            assert!(check(tag).is_err(), "{tag}");
        }
        assert_eq!(check("xx"), Err(None));
        assert_eq!(check(&"x".repeat(100_000)), Err(None));
    }
}
