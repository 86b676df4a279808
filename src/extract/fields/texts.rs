//! The texts of a page, each tested once for what it may be: several fields search all of them for lines that
//! begin with 'By', with a label, with a date.

use crate::extract::fields::date_lines::may_open_or_be_date;
use crate::extract::fields::{dates, names};
use crate::page::{Id, Tree};

/// It may begin a byline.
pub(super) const BYLINE: u8 = 1;
/// It may begin with the label of an author.
pub(super) const AUTHOR_LABEL: u8 = 2;
/// It may begin with the label of a date.
pub(super) const DATE_LABEL: u8 = 4;
/// It may be a line with a date, or begin with one.
pub(super) const DATE: u8 = 8;
/// It may end with the reporter's name.
pub(super) const CLOSING: u8 = 16;

/// The texts that may be something, in document order, with the bits of what.
#[derive(Debug)]
pub(super) struct Texts {
    all: Vec<(Id, u8)>,
}

impl Texts {
    /// Tests every text of a page.
    pub(super) fn of(tree: &Tree<'_>) -> Texts {
        let filled = (0..tree.len()).filter(|&node| tree.text_bytes(node) > 0);
        let all = filled.filter_map(|node| {
            let bits = bits(tree.own_text(node)?);
            (bits != 0).then_some((node, bits))
        });
        Texts { all: all.collect() }
    }

    /// Those that may be one of these.
    pub(super) fn that_may_be(&self, bits: u8) -> impl Iterator<Item = Id> {
        let all = self.all.iter();
        all.filter(move |(_, own)| own & bits != 0)
            .map(|(node, _)| *node)
    }
}

/// What a text may be.
fn bits(text: &str) -> u8 {
    let line = text.trim_start();
    let bit = |is: bool, bit: u8| if is { bit } else { 0 };
    bit(names::may_begin_byline(line), BYLINE)
        | bit(names::may_begin_with_label(line), AUTHOR_LABEL)
        | bit(dates::may_begin_with_label(line), DATE_LABEL)
        | bit(may_open_or_be_date(line), DATE)
        | bit(names::may_close(line), CLOSING)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_text_may_be_is_known_in_any_script() {
        for (text, expected) in [
            ("\n  By Ada Quill", BYLINE),
            ("Author: Ada Quill", AUTHOR_LABEL),
            ("Published today", DATE_LABEL),
            ("on 11.05.2026", DATE),
            ("홍길동 기자 hong@example.com", CLOSING),
            ("Xylophones", 0),
        ] {
            let bits = bits(text);
            assert_eq!(bits & expected, expected, "{text}");
            assert!(expected != 0 || bits == 0, "{text}");
        }
    }
}
