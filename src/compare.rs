//! Compares two texts paragraph by paragraph, and edited paragraphs word by word. Texts and paragraphs that
//! are too long to compare are reported as removed and added as a whole.

use std::collections::HashMap;

use similar::{Algorithm, DiffOp, capture_diff_slices};

use crate::page::text::is_unspaced;

/// Maximum number of paragraphs in a text, or of words in a paragraph, to compare.
const MOST: usize = 4_000;
/// In a run of changed paragraphs, the number of added ones that each removed one is compared with.
const TRIED: usize = 20;
/// Minimum share of unchanged text for two paragraphs to count as one that was edited.
const EDITED: f64 = 0.5;

/// A change from one text to the next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change<'t> {
    /// This number of paragraphs is unchanged.
    Same(usize),
    /// A paragraph was removed.
    Removed(&'t str),
    /// A paragraph was added.
    Added(&'t str),
    /// A paragraph was edited.
    Edited(Vec<WordRun<'t>>),
}

/// A run of words in an edited paragraph.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WordRun<'t> {
    /// The words are unchanged.
    Same(&'t str),
    /// The words were removed.
    Removed(&'t str),
    /// The words were added.
    Added(&'t str),
}

/// The changes from one text to another, in reading order.
pub fn changes<'t>(before: &'t str, after: &'t str) -> Vec<Change<'t>> {
    let (old, new) = (paragraphs(before), paragraphs(after));
    let mut changes = Vec::new();
    for op in ops(&old, &new) {
        match op {
            DiffOp::Equal { len, .. } => changes.push(Change::Same(len)),
            op => replaced(&old[op.old_range()], &new[op.new_range()], &mut changes),
        }
    }
    changes
}

/// The paragraphs removed from the first text and those added in the second, regardless of order.
pub fn difference<'t>(before: &'t str, after: &'t str) -> (Vec<&'t str>, Vec<&'t str>) {
    (without(before, after), without(after, before))
}

fn without<'t>(text: &'t str, other: &str) -> Vec<&'t str> {
    let mut known: HashMap<&str, usize> = HashMap::new();
    for paragraph in paragraphs(other) {
        *known.entry(paragraph).or_default() += 1;
    }
    let mut left = paragraphs(text);
    left.retain(|paragraph| match known.get_mut(paragraph) {
        Some(count) if *count > 0 => {
            *count -= 1;
            false
        }
        _ => true,
    });
    left
}

fn paragraphs(text: &str) -> Vec<&str> {
    text.split("\n\n").filter(|it| !it.is_empty()).collect()
}

/// Myers, 'An O(ND) difference algorithm and its variations', 1986.
fn ops(old: &[&str], new: &[&str]) -> Vec<DiffOp> {
    if old.len().max(new.len()) <= MOST {
        return capture_diff_slices(Algorithm::Myers, old, new);
    }
    vec![DiffOp::Replace {
        old_index: 0,
        old_len: old.len(),
        new_index: 0,
        new_len: new.len(),
    }]
}

/// Pairs each removed paragraph with the first added one that may be an edit of it.
fn replaced<'t>(old: &[&'t str], new: &[&'t str], changes: &mut Vec<Change<'t>>) {
    let mut next = 0;
    for &before in old {
        let tried = new[next..].iter().take(TRIED);
        let found = tried
            .enumerate()
            .find_map(|(at, after)| Some((at, edit(before, after)?)));
        match found {
            Some((at, edit)) => {
                changes.extend(new[next..next + at].iter().copied().map(Change::Added));
                changes.push(Change::Edited(edit));
                next += at + 1;
            }
            None => changes.push(Change::Removed(before)),
        }
    }
    changes.extend(new[next..].iter().copied().map(Change::Added));
}

/// The runs of unchanged, removed and added words, if enough are unchanged.
fn edit<'t>(before: &'t str, after: &'t str) -> Option<Vec<WordRun<'t>>> {
    let (old, new) = (words(before), words(after));
    if old.len().max(new.len()) > MOST {
        return None;
    }
    let mut pieces = Vec::new();
    let (mut old_at, mut new_at, mut same) = (0, 0, 0);
    for op in ops(&old, &new) {
        let removed = length(&old[op.old_range()]);
        let added = length(&new[op.new_range()]);
        if let DiffOp::Equal { .. } = op {
            same += removed;
            pieces.push(WordRun::Same(&before[old_at..old_at + removed]));
        } else {
            pieces.push(WordRun::Removed(&before[old_at..old_at + removed]));
            pieces.push(WordRun::Added(&after[new_at..new_at + added]));
        }
        (old_at, new_at) = (old_at + removed, new_at + added);
    }
    pieces.retain(|piece| !piece.text().is_empty());
    let all = before.len().max(after.len());
    (same as f64 >= EDITED * all as f64).then_some(pieces)
}

fn length(words: &[&str]) -> usize {
    words.iter().map(|it| it.len()).sum()
}

/// The words of a paragraph, each with the space after it, or single characters in scripts without spaces
/// between words. Concatenated, they are the paragraph.
fn words(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut start = 0;
    let mut spaced = false;
    for (at, c) in text.char_indices() {
        if at > start && (spaced && !c.is_whitespace() || is_unspaced(c)) {
            words.push(&text[start..at]);
            start = at;
        }
        spaced = c.is_whitespace() || is_unspaced(c);
    }
    if start < text.len() {
        words.push(&text[start..]);
    }
    words
}

impl<'t> WordRun<'t> {
    /// The words.
    pub fn text(self) -> &'t str {
        match self {
            WordRun::Same(text) | WordRun::Removed(text) | WordRun::Added(text) => text,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paragraphs_are_unchanged_removed_added_and_edited() {
        let before = "One.\n\nTwo hours late, the ferry said.\n\nLog in.\n\nEnd.";
        let after = "One.\n\nThree hours late, the ferry said.\n\nEnd.\n\nMore.";
        let expected = [
            Change::Same(1),
            Change::Edited(vec![
                WordRun::Removed("Two "),
                WordRun::Added("Three "),
                WordRun::Same("hours late, the ferry said."),
            ]),
            Change::Removed("Log in."),
            Change::Same(1),
            Change::Added("More."),
        ];
        assert_eq!(changes(before, after), expected);
        let removed = vec!["Two hours late, the ferry said.", "Log in."];
        let added = vec!["Three hours late, the ferry said.", "More."];
        assert_eq!(difference(before, after), (removed, added));
    }

    #[test]
    fn a_paragraph_repeated_counts_as_often_as_it_stands() {
        assert_eq!(difference("a\n\na\n\nb", "a\n\nb"), (vec!["a"], vec![]));
    }

    #[test]
    fn scripts_without_spaces_are_compared_by_characters() {
        let changes = changes("渡船于夜间恢复航行", "渡船于周一恢复航行");
        let expected = [Change::Edited(vec![
            WordRun::Same("渡船于"),
            WordRun::Removed("夜间"),
            WordRun::Added("周一"),
            WordRun::Same("恢复航行"),
        ])];
        assert_eq!(changes, expected);
    }

    #[test]
    fn texts_that_are_too_long_are_not_compared_but_reported() {
        let long = |word: &str| (0..9_000).map(|at| format!("{word}{at}\n\n")).collect();
        let (before, after): (String, String) = (long("a"), long("b"));
        assert_eq!(changes(&before, &after).len(), 18_000);
    }
}
