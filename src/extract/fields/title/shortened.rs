//! Titles that a page shortens for sharing: with an ellipsis, or at a number of letters.

use crate::extract::fields::title::choice::Stated;

/// A shortened title has at least so many letters.
const LEAST_CHARS: usize = 20;
/// Titles of one page that are compared.
const MOST_TITLES: usize = 12;
/// What a title is shortened to where it has no ellipsis, in letters: common limits and a word less.
const CUT_AT: std::ops::RangeInclusive<usize> = 45..=130;

/// Replaces each title that is the beginning of another one, and shows that it was cut there, by that.
pub(super) fn complete(stated: &mut [Stated<'_>]) {
    let most = stated.len().min(MOST_TITLES);
    for at in 0..most {
        let longer = (0..most).find(|&other| is_cut(&stated[at], &stated[other]));
        if let Some(other) = longer {
            stated[at].text = stated[other].text.clone();
            stated[at].plain = stated[other].plain.clone();
        }
    }
}

/// True where `short` is what was left when `long` was cut: after an ellipsis, or inside a word.
fn is_cut(short: &Stated<'_>, long: &Stated<'_>) -> bool {
    let chars = short.plain.chars().count();
    let Some(rest) = long.plain.strip_prefix(short.plain.as_str()) else {
        return false;
    };
    if rest.is_empty() || chars < LEAST_CHARS {
        return false;
    }
    let has_ellipsis = short.text.ends_with('…') || short.text.ends_with("...");
    has_ellipsis || (!rest.starts_with(' ') && CUT_AT.contains(&chars))
}
