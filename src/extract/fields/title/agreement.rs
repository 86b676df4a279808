//! How well a heading agrees with the titles that the page states.

use crate::extract::fields::field_text;
use crate::extract::fields::title::choice::HeadingText;
use crate::page::text::is_unspaced;

/// A headline that is contained in another has at least this weight.
const PART_WEIGHT: usize = 6;
/// Stated titles, and parts of them, that headings are compared with.
const MAX_TITLES: usize = 40;
/// Words of one title that are compared.
const MAX_WORDS: usize = 60;

/// The first heading that agrees best with a stated title, of the first [`MAX_TITLES`].
pub(super) fn best<'s, 'a>(
    headings: &'s [HeadingText<'a>],
    stated: &[String],
) -> Option<(f64, &'s HeadingText<'a>)> {
    let stated = stated.iter().take(MAX_TITLES);
    let stated: Vec<(&str, Vec<&str>)> = stated.map(|it| (it.as_str(), words(it))).collect();
    let mut best: Option<(f64, &HeadingText<'a>)> = None;
    for heading in headings {
        let plain = field_text::plain(&heading.1);
        let own = (plain.as_str(), words(&plain));
        let all = stated.iter().map(|title| agreement(&own, title));
        let agreement = all.fold(0.0, f64::max);
        if best.is_none_or(|(highest, _)| agreement > highest) {
            best = Some((agreement, heading));
        }
        if agreement >= 1.0 {
            break;
        }
    }
    best
}

/// How well a heading agrees with a stated title, both in plain form with their words: 1 where they are
/// equal, less where one is a part of the other, else the share of words that both have.
fn agreement((heading, a): &(&str, Vec<&str>), (title, b): &(&str, Vec<&str>)) -> f64 {
    if heading == title {
        return 1.0;
    }
    let is_part = is_part(heading, title) || is_part(title, heading);
    if is_part && says_enough(heading) && says_enough(title) {
        return 0.95;
    }
    let common = a.iter().filter(|word| b.contains(word)).count();
    #[allow(clippy::cast_precision_loss)] // Words of a title.
    let share = common as f64 / a.len().max(b.len()).max(1) as f64;
    share.min(0.9 - f64::EPSILON)
}

/// True where `part` begins or ends `whole` at a word boundary.
fn is_part(part: &str, whole: &str) -> bool {
    let starts = whole.strip_prefix(part);
    let ends = whole.strip_suffix(part);
    starts.is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
        || ends.is_some_and(|rest| rest.is_empty() || rest.ends_with(' '))
}

/// True for a title that is the end of a heading, both in plain form: the page itself says that what
/// precedes it, a kicker or a counter, does not belong to the headline.
pub(super) fn is_end(title: &str, heading: &str) -> bool {
    let before = heading.strip_suffix(title);
    says_enough(title) && before.is_some_and(|it| it.ends_with(' '))
}

/// True for a title in plain form that may be a headline without the rest of a heading.
pub(super) fn says_enough(plain: &str) -> bool {
    weight(plain) >= PART_WEIGHT
}

/// How much a title in plain form says: two for each word, one for each character of a script without
/// spaces.
pub(super) fn weight(plain: &str) -> usize {
    let words = words(plain).into_iter();
    words
        .map(|word| {
            if word.chars().next().is_some_and(is_unspaced) {
                1
            } else {
                2
            }
        })
        .sum()
}

/// Words, and single characters where a script has no spaces; no more than a headline has.
fn words(plain: &str) -> Vec<&str> {
    let mut words = Vec::new();
    for word in plain.split(' ') {
        let mut start = 0;
        for (at, c) in word.char_indices().filter(|(_, c)| is_unspaced(*c)) {
            if at > start {
                words.push(&word[start..at]);
            }
            start = at + c.len_utf8();
            words.push(&word[at..start]);
        }
        if start < word.len() {
            words.push(&word[start..]);
        }
        if words.len() >= MAX_WORDS {
            break;
        }
    }
    words.truncate(MAX_WORDS);
    words
}
