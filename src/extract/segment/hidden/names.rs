//! The class names that hide text from sight and leave it to screen readers.

use std::sync::LazyLock;

use crate::extract::rules::needles::Needles;

/// Words of a class name that follow each other and hide an element from sight.
const NAMES: &[&[&str]] = &[
    &["sr", "only"],
    &["sronly"],
    &["sr", "text"],
    &["sr", "label"],
    &["only", "sr"],
    &["for", "sr"],
    &["visually", "hidden"],
    &["visuallyhidden"],
    &["visually", "hide"],
    &["visual", "hidden"],
    &["visualhidden"],
    &["hidden", "visually"],
    &["hide", "visually"],
    &["screen", "reader", "only"],
    &["screen", "reader", "text"],
    &["screen", "reader", "label"],
    &["screen", "reader", "content"],
    &["screen", "readers", "only"],
    &["for", "screen", "reader"],
    &["for", "screen", "readers"],
    &["for", "screenreader"],
    &["for", "screenreaders"],
    &["only", "screen", "reader"],
    &["screenreader", "only"],
    &["screenreader", "text"],
    &["screenreaders", "only"],
    &["screenreaderonly"],
    &["screenreadertext"],
    &["nur", "screenreader"],
    &["a11y", "hidden"],
    &["a11y", "hide"],
    &["a11y", "text"],
    &["a11y", "only"],
    &["a11y", "label"],
    &["hidden", "a11y"],
    &["accessibility", "hidden"],
    &["accessibility", "text"],
    &["accessibility", "only"],
    &["accessible", "hidden"],
    &["accessible", "text"],
    &["accessibly", "hidden"],
    &["hidden", "accessible"],
    &["hidden", "accessibly"],
    &["hidden", "accessibility"],
    &["element", "invisible"],
    &["assistive", "text"],
    &["assistive", "only"],
    &["off", "screen", "text"],
    &["offscreen"],
    &["u", "hidden"],
    &["clip", "hidden"],
    &["aural", "only"],
];
/// Whole names that do.
const WHOLE: &[&str] = &[
    "screen-reader",
    "screenreader",
    "screen-readers",
    "screenreaders",
    "off-screen",
    "visuallyHide",
];
/// A name that hides has one of these in it.
const SIGNS: &[&str] = &[
    "sr",
    "screen",
    "visual",
    "a11y",
    "access",
    "hid",
    "invisible",
    "assist",
    "aural",
];
static MAY_HIDE: LazyLock<Needles> = LazyLock::new(|| Needles::new(SIGNS));
/// Words in front of such a name that turn it round: `not-sr-only`.
const NEGATIONS: &[&str] = &["not", "no", "un", "undo"];
/// Words of one name that are looked at.
const WORDS: usize = 12;

/// True for a `class` with a name that hides from sight and none that shows again.
pub(super) fn hides_by_name(class: &str) -> bool {
    // Most classes are none of these, and this search is faster than the comparison of words.
    if !MAY_HIDE.is_in(class.as_bytes()) {
        return false;
    }
    let mut hides = false;
    for name in class.split_ascii_whitespace() {
        match visibility(name) {
            Some(true) => hides = true,
            // `sm:not-sr-only` shows it on wide screens; `focus:not-sr-only` to the keyboard alone.
            Some(false) if !name.starts_with("focus") && !name.starts_with("active") => {
                return false;
            }
            _ => {}
        }
    }
    hides
}

/// Whether a class name hides its element from sight (`true`) or shows it again (`false`).
fn visibility(name: &str) -> Option<bool> {
    if WHOLE.contains(&name) {
        return Some(true);
    }
    // The shortest name has six letters.
    if name.len() < 6 {
        return None;
    }
    let mut words = [""; WORDS];
    let count = split_words(name, &mut words);
    let words = &words[..count];
    let same = |a: &&str, b: &&str| a.eq_ignore_ascii_case(b);
    let begins = |at: usize, wanted: &[&str]| {
        words.len() >= at + wanted.len() && wanted.iter().zip(&words[at..]).all(|(a, b)| same(a, b))
    };
    let at = (0..words.len()).find(|&at| NAMES.iter().any(|wanted| begins(at, wanted)))?;
    let before = at.checked_sub(1).map(|at| words[at]);
    Some(!before.is_some_and(|before| NEGATIONS.iter().any(|word| same(word, &before))))
}

/// The words of a name: `VisuallyHidden-sc-1abc` is Visually, Hidden, sc, 1abc.
fn split_words<'n>(name: &'n str, words: &mut [&'n str; WORDS]) -> usize {
    let (mut count, mut start, mut was_lower) = (0, 0, false);
    let bytes = name.as_bytes();
    for at in 0..=bytes.len() {
        let byte = bytes.get(at).copied().unwrap_or(b' ');
        let is_part = byte.is_ascii_alphanumeric() || !byte.is_ascii();
        if (!is_part || was_lower && byte.is_ascii_uppercase()) && count < WORDS {
            if start < at {
                words[count] = &name[start..at];
                count += 1;
            }
            start = if is_part { at } else { at + 1 };
        }
        was_lower = byte.is_ascii_lowercase() || byte.is_ascii_digit();
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_hide_however_they_are_written() {
        for name in [
            "sr-only",
            "sr_only",
            "srOnly",
            "is-sr-only",
            "show-for-sr",
            "screen-reader-text",
            "a11y-hidden",
            "a11yHidden",
            "govuk-visually-hidden",
            "u-visually-hidden",
            "visuallyhidden",
            "VisuallyHidden-sc-1abc",
            "css-1x2y3z-VisuallyHidden",
            "VisuallyHidden_root__3xYz",
            "element-invisible",
            "slds-assistive-text",
            "ui-helper-hidden-accessible",
            "button sr-only focus:not-sr-only",
        ] {
            assert!(hides_by_name(name), "{name}");
        }
        for name in [
            "not-sr-only",
            "sr-only sm:not-sr-only",
            "hidden-gem",
            "screen-door",
            "reader",
            "visual",
            "text-only",
            "a11y",
            "srx-only",
        ] {
            assert!(!hides_by_name(name), "{name}");
        }
    }

    #[test]
    fn every_name_has_a_sign() {
        let whole = WHOLE.chunks(1);
        for name in NAMES.iter().copied().chain(whole) {
            let has_sign = |word: &&str| {
                let word = word.to_ascii_lowercase();
                SIGNS.iter().any(|sign| word.contains(sign))
            };
            assert!(name.iter().any(has_sign), "{name:?}");
        }
    }
}
