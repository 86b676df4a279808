//! A text as index words. Accents, width and case make no difference: `Café`, `CAFE` and `ｃａｆｅ` are one word. Marks that
//! spell a word, such as the vowel signs of Devanagari and the voicing marks of Kana, stay.
//!
//! Runs of Han, Kana, Hangul, Thai, Lao, Khmer and Myanmar have no spaces between words, or words of many endings. They
//! become overlapping pairs of characters and the last character alone: 東京都 is 東京, 京都, 都. So any part of a run is
//! found: one of two characters or more as a phrase of its pairs, a single character as the beginning of a pair.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::page::text::is_unspaced;

/// Characters of a word that count; longer ones are not told apart after these.
const LONGEST: usize = 64;

/// A word of a text, as the index has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// The word, folded.
    pub text: String,
    /// Where it begins in the text, in bytes.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// It is a character of a run without spaces that stands alone: the last one of the run.
    pub is_single: bool,
}

/// The words of a text in their order.
pub fn words(text: &str) -> Vec<Word> {
    let mut reading = Reading::default();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let start = text.len() - rest.len();
        let length = first.len_utf8() + continuation(rest, first);
        let (cluster, after) = rest.split_at(length);
        rest = after;
        let place = (start, start + length);
        if first.is_ascii() && length == 1 {
            reading.take(first.to_ascii_lowercase(), place);
        } else {
            fold(cluster, |c| reading.take(c, place));
        }
    }
    reading.end_word();
    reading.end_run();
    reading.words
}

/// A name as it is compared: its words with a space between.
pub(crate) fn folded(name: &str) -> String {
    let words: Vec<String> = words(name).into_iter().map(|it| it.text).collect();
    words.join(" ")
}

/// The bytes after the first character that belong to it: marks, and what is not shown.
fn continuation(text: &str, first: char) -> usize {
    let rest = text.get(first.len_utf8()..).unwrap_or_default();
    if rest.as_bytes().first().is_none_or(u8::is_ascii) {
        return 0;
    }
    let chars = rest.chars().take_while(|c| continues(*c));
    chars.map(char::len_utf8).sum()
}

fn continues(c: char) -> bool {
    // Vowels and finals of Hangul that are written apart, and the voicing marks of narrow Kana.
    let is_part = matches!(c, '\u{1160}'..='\u{11FF}' | '\u{FF9E}' | '\u{FF9F}');
    is_part || is_ignored(c) || is_combining_mark(c)
}

/// What is not shown, or stretches a word: a soft hyphen, joiners, the Arabic tatweel.
fn is_ignored(c: char) -> bool {
    matches!(
        c,
        '\u{AD}' | '\u{640}' | '\u{200C}' | '\u{200D}' | '\u{2060}' | '\u{FEFF}'
    )
}

/// Gives the characters that a character with its marks is compared by.
fn fold(cluster: &str, mut take: impl FnMut(char)) {
    let mut base = ' ';
    let kept = cluster.nfkd().filter(|&c| {
        if is_combining_mark(c) {
            return !is_accent(c, base);
        }
        base = c;
        !is_ignored(c)
    });
    // Lowercasing can bring out a mark: İ.
    let lower = kept.nfc().flat_map(char::to_lowercase);
    for c in lower {
        match c {
            'ß' => ['s', 's'].into_iter().for_each(&mut take),
            'æ' => ['a', 'e'].into_iter().for_each(&mut take),
            'œ' => ['o', 'e'].into_iter().for_each(&mut take),
            'ø' => take('o'),
            'ł' => take('l'),
            'đ' => take('d'),
            'ı' => take('i'),
            'ς' => take('σ'),
            c => take(c),
        }
    }
}

/// True for marks that readers leave out when they search. й and ў are letters of their own.
fn is_accent(mark: char, base: char) -> bool {
    if mark == '\u{306}' && matches!(base, 'и' | 'И' | 'у' | 'У') {
        return false;
    }
    matches!(mark,
        '\u{300}'..='\u{36F}' | '\u{483}'..='\u{487}' | '\u{591}'..='\u{5C7}' | '\u{610}'..='\u{61A}'
        | '\u{64B}'..='\u{65F}' | '\u{670}' | '\u{6D6}'..='\u{6ED}' | '\u{1AB0}'..='\u{1AFF}'
        | '\u{1DC0}'..='\u{1DFF}' | '\u{20D0}'..='\u{20FF}' | '\u{FE00}'..='\u{FE0F}'
        | '\u{FE20}'..='\u{FE2F}' | '\u{E0100}'..='\u{E01EF}')
}

fn is_in_run(c: char) -> bool {
    is_unspaced(c) || ('\u{AC00}'..='\u{D7A3}').contains(&c)
}

/// A place in the text: where it begins and ends.
type Place = (usize, usize);

/// Words that are being read.
#[derive(Default)]
struct Reading {
    words: Vec<Word>,
    word: String,
    letters: usize,
    place: Place,
    /// The last character of the run that is being read.
    last: Option<(char, Place)>,
}

impl Reading {
    fn take(&mut self, c: char, place: Place) {
        if !c.is_alphanumeric() && (c.is_ascii() || !is_combining_mark(c)) {
            self.end_word();
            self.end_run();
        } else if !c.is_ascii() && is_in_run(c) {
            self.end_word();
            self.extend_run(c, place);
        } else {
            self.end_run();
            self.extend_word(c, place);
        }
    }

    fn extend_word(&mut self, c: char, (start, end): Place) {
        if self.letters == 0 {
            self.place.0 = start;
        }
        self.place.1 = end;
        if self.letters < LONGEST {
            self.word.push(c);
        }
        self.letters += 1;
    }

    fn end_word(&mut self) {
        if self.letters > 0 {
            let text = std::mem::take(&mut self.word);
            self.letters = 0;
            self.add(text, self.place, false);
        }
    }

    fn extend_run(&mut self, c: char, place: Place) {
        if let Some((before, (start, _))) = self.last.replace((c, place)) {
            self.add(String::from_iter([before, c]), (start, place.1), false);
        }
    }

    fn end_run(&mut self) {
        if let Some((c, place)) = self.last.take() {
            self.add(c.to_string(), place, true);
        }
    }

    fn add(&mut self, text: String, (start, end): Place, is_single: bool) {
        self.words.push(Word {
            text,
            start,
            end,
            is_single,
        });
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn texts(text: &str) -> Vec<String> {
        words(text).into_iter().map(|it| it.text).collect()
    }

    #[test]
    fn accents_case_and_width_make_no_difference() {
        for (written, word) in [
            ("Café CAFE\u{301} ｃａｆé", "cafe"),
            ("Łódź LODZ", "lodz"),
            ("Straße STRASSE", "strasse"),
            ("Ёлка ёлка ЕЛКА", "елка"),
            ("ΟΔΟΣ οδός", "οδοσ"),
            ("İzmir izmir IZMIR", "izmir"),
            ("أحمد احمد احــمد أَحْمَد", "احمد"),
            ("ﬁne fine co\u{ad}uld", ""),
        ] {
            let found = texts(written);
            let all = found.iter().all(|it| it == word);
            assert!(all || word.is_empty(), "{written}: {found:?}");
        }
        assert_eq!(texts("ﬁne co\u{ad}uld"), ["fine", "could"]);
        assert_eq!(texts("мой мои"), ["мой", "мои"]);
    }

    #[test]
    fn marks_that_spell_a_word_stay_in_it() {
        assert_eq!(texts("हिन्दी समाचार"), ["हिन्दी", "समाचार"]);
        assert_eq!(texts("தமிழ்"), ["தமிழ்"]);
        assert_eq!(texts("می\u{200c}خواهم"), ["میخواهم"]);
    }

    #[test]
    fn runs_without_spaces_become_pairs() {
        assert_eq!(texts("東京都。"), ["東京", "京都", "都"]);
        assert_eq!(texts("2024年 A社"), ["2024", "年", "a", "社"]);
        assert_eq!(texts("ｶﾞｽ ガス"), ["ガス", "ス", "ガス", "ス"]);
        assert_eq!(texts("학교에"), ["학교", "교에", "에"]);
        assert_eq!(texts("\u{1112}\u{1161}\u{11AB}국"), ["한국", "국"]);
        assert_eq!(texts("ไทย"), ["ไท", "ทย", "ย"]);
    }

    #[test]
    fn words_know_where_they_stand() {
        let text = "«Été» à 東京都";
        let shown: Vec<&str> = words(text)
            .iter()
            .map(|it| &text[it.start..it.end])
            .collect();
        assert_eq!(shown, ["Été", "à", "東京", "京都", "都"]);
    }

    #[test]
    fn a_long_word_is_cut_and_signs_are_no_words() {
        assert_eq!(texts(&"x".repeat(500))[0].len(), LONGEST);
        assert_eq!(texts("\0 -- *\"' \u{301} :)"), [""; 0]);
    }

    proptest! {
        #[test]
        fn places_are_in_order_and_on_characters(text in ".{0,80}") {
            let mut last = 0;
            for word in words(&text) {
                prop_assert!(word.start >= last && word.end > word.start);
                prop_assert!(text.get(word.start..word.end).is_some());
                prop_assert!(!word.text.is_empty());
                prop_assert!(word.text.chars().all(|c| c.is_alphanumeric() || is_combining_mark(c)));
                last = word.start;
            }
        }
    }
}
