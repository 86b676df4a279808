//! Brackets in a byline: an agency, a place, a role. What stands in them is dropped, but says of the
//! name before it whether it is an author's.

use crate::extract::fields::names::credits::{self, Work};

/// Stands after the names of those who did something else than write.
pub(super) const NO_WRITER: char = '\u{1}';
const OPENING: [char; 6] = ['(', '[', '（', '【', '〔', '［'];
const CLOSING: [char; 6] = [')', ']', '）', '】', '〕', '］'];
/// Longer notes are not read.
const NOTE_BYTES: usize = 200;

/// `text` without what stands in brackets, which may be nested or never closed. After `Ada Quill
/// (Fotos)` stands [`NO_WRITER`]. Where all of it stands in brackets, they alone are dropped.
pub(super) fn without_brackets(text: &str) -> String {
    let mut depth = 0_usize;
    let mut outside = String::with_capacity(text.len());
    let mut note_start = 0;
    for (at, c) in text.char_indices() {
        match c {
            _ if OPENING.contains(&c) => {
                if depth == 0 {
                    note_start = at + c.len_utf8();
                }
                depth += 1;
            }
            _ if CLOSING.contains(&c) => {
                if depth == 1 && is_other_work(&text[note_start..at]) {
                    outside.push(NO_WRITER);
                }
                depth = depth.saturating_sub(1);
            }
            ' ' if depth == 0 && outside.ends_with(' ') => {}
            _ if depth == 0 => outside.push(c),
            _ => {}
        }
    }
    if outside.contains(char::is_alphabetic) {
        outside
    } else {
        let is_bracket = |c| OPENING.contains(&c) || CLOSING.contains(&c);
        text.replace(is_bracket, " ").trim().to_owned()
    }
}

fn is_other_work(note: &str) -> bool {
    note.len() <= NOTE_BYTES && credits::work(note.trim()) == Some(Work::Other)
}
