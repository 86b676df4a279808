//! A card: the part of a page around a link that leads to its address alone, and when that makes a headline.

use super::anchors::words;
use crate::page::Id;

/// A text of more words can't be the name of a section.
pub(super) const SECTION_WORDS: usize = 2;
/// A paragraph of so many words sums an article up.
const SUMMARY_WORDS: usize = 8;

/// The part of the page around a link that leads to its address alone.
#[derive(Debug, Clone, Default)]
pub(super) struct Card {
    /// The text of its heading.
    pub(super) heading: String,
    /// Where a heading in it begins that is no link.
    pub(super) heading_at: Option<Id>,
    /// The heading is a link, or in one.
    pub(super) is_heading_linked: bool,
    pub(super) has_image: bool,
    pub(super) has_date: bool,
    /// Words outside headings and links.
    pub(super) summary: usize,
    pub(super) is_repeated: bool,
}

impl Card {
    fn has_summary(&self) -> bool {
        self.summary >= SUMMARY_WORDS
    }

    /// Something else than a text and its link.
    fn is_rich(&self) -> bool {
        self.has_image || self.has_date || self.has_summary()
    }
}

/// True where the link of a heading leads to an article, and not to a section of that name.
pub(super) fn is_headline(card: &Card) -> bool {
    match words(&card.heading) {
        0 => false,
        1..=SECTION_WORDS => card.is_repeated && card.is_rich(),
        _ => true,
    }
}

/// True where what stands around a link of so many words makes it a card.
pub(super) fn is_card(card: &Card, own: usize) -> bool {
    match words(&card.heading) {
        0 if !card.is_repeated => false,
        // 'Read more' below a text without a heading.
        0 if own == 0 => card.is_rich() && card.summary >= SECTION_WORDS,
        0 if own <= SECTION_WORDS => card.has_date || (card.has_image && card.has_summary()),
        0 => card.is_rich(),
        1 => card.is_repeated && (card.has_date || card.has_summary()),
        _ => card.is_repeated || card.is_rich(),
    }
}

/// True for a text with a date or a time of day in figures, in any language.
pub(super) fn has_date(text: &str) -> bool {
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let is_clock = bytes.windows(5).any(|it| {
        it[2] == b':'
            && [0, 1, 3, 4]
                .into_iter()
                .all(|at: usize| it[at].is_ascii_digit())
    });
    let separators = |at: usize| {
        digit(at.wrapping_sub(1)) && digit(at + 1) && matches!(bytes[at], b'.' | b'-' | b'/')
    };
    let parts = (1..bytes.len()).filter(|at| separators(*at)).count();
    let named = ['年', '月', '년', '월'];
    is_clock || parts >= 2 || text.contains(named)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_known_by_their_figures() {
        for text in [
            "23.11.2026",
            "2026-11-23",
            "09:30",
            "11월 23일",
            "2026年11月",
        ] {
            assert!(has_date(text), "{text}");
        }
        for text in ["Politics", "version 2.0", "1:2", "3 comments", ""] {
            assert!(!has_date(text), "{text}");
        }
    }
}
