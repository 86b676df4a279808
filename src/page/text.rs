//! Characters and words: white space as browsers show it, and words in every script.

/// True for characters of scripts without spaces between words (Han, Kana, Thai, Lao, Khmer, Burmese). Each
/// of them counts as a word.
pub fn is_unspaced(c: char) -> bool {
    c >= '\u{0E00}'
        && matches!(c,
        '\u{0E00}'..='\u{0EFF}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{17FF}'
        | '\u{2E80}'..='\u{2FDF}' | '\u{3005}'..='\u{3007}' | '\u{3040}'..='\u{30FF}'
        | '\u{31F0}'..='\u{31FF}' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}'
        | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

/// True for Chinese and Japanese characters and their punctuation.
fn is_wide(c: char) -> bool {
    matches!(c,
        '\u{2E80}'..='\u{312F}' | '\u{3190}'..='\u{A4CF}' | '\u{F900}'..='\u{FAFF}'
        | '\u{FF01}'..='\u{FF60}' | '\u{20000}'..='\u{3FFFF}')
}

/// A text without white space around it. Most texts have none, or ASCII's alone, and need no table of Unicode.
#[inline]
pub fn trim(text: &str) -> &str {
    let text = text.trim_ascii();
    let is_trimmed = |byte: Option<&u8>| byte.is_none_or(u8::is_ascii_graphic);
    if is_trimmed(text.as_bytes().first()) && is_trimmed(text.as_bytes().last()) {
        text
    } else {
        text.trim()
    }
}

/// For each byte whether it is in a word wherever it stands (2), after such a byte (1), or nowhere.
static IN_WORDS: [u8; 256] = {
    let mut kinds = [0; 256];
    let mut byte = 0;
    while byte < kinds.len() {
        kinds[byte] = match byte as u8 {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => 2,
            b'\'' | b'-' | b'_' => 1,
            _ => 0,
        };
        byte += 1;
    }
    kinds
};

/// Number of words in a text; in scripts without spaces each character is one.
pub fn word_count(text: &str) -> usize {
    let mut words = 0;
    let mut inside = false;
    let (bytes, mut at) = (text.as_bytes(), 0);
    while let Some(&byte) = bytes.get(at) {
        if byte.is_ascii() {
            // Most characters are ASCII, and need no table of Unicode.
            let word = IN_WORDS[usize::from(byte)] > u8::from(!inside);
            words += usize::from(word && !inside);
            inside = word;
            at += 1;
            continue;
        }
        let Some(c) = text[at..].chars().next() else {
            break;
        };
        at += c.len_utf8();
        let unspaced = is_unspaced(c);
        let word = c.is_alphanumeric() || (inside && c == '’');
        if unspaced || (word && !inside) {
            words += 1;
        }
        inside = word && !unspaced;
    }
    words
}

/// True for characters that are not shown and have no meaning: soft hyphens, byte order marks, bidi
/// overrides, controls. Not for joiners, which some scripts need.
pub fn is_invisible(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_control() && !c.is_whitespace();
    }
    matches!(c,
        '\u{00AD}' | '\u{200B}' | '\u{2060}' | '\u{FEFF}' | '\u{FFFC}'
        | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
        || (c.is_control() && !c.is_whitespace())
}

/// Appends `piece` to `text`. Collapses white space as CSS does, no-break spaces included, and drops invisible
/// characters. At the start of a text or a line there is no space, and a line break of the source between
/// two wide characters is none (CSS Text 3, 4.1.3).
pub fn push_folded(text: &mut String, piece: &str) {
    let (mut has_space, mut has_break) = (false, false);
    let mut rest = piece;
    loop {
        // Most text is words of ASCII with a space between them, which need no folding.
        let (plain, after) = rest.split_at(folded_length(rest.as_bytes()));
        if !plain.is_empty() {
            text.push_str(plain);
            (has_space, has_break) = (plain.ends_with(' '), false);
        }
        let mut chars = after.chars();
        let Some(c) = chars.next() else {
            return;
        };
        rest = chars.as_str();
        if c.is_whitespace() {
            if !text.is_empty() && !text.ends_with([' ', '\n']) {
                text.push(' ');
                has_space = true;
            }
            // The source indents its lines: nothing else of the run is of use.
            rest = rest.trim_ascii_start();
            has_break |= after[..after.len() - rest.len()].contains('\n');
        } else if !is_invisible(c) {
            if has_space && has_break && is_wide(c) && text.trim_end().ends_with(is_wide) {
                text.pop();
            }
            (has_space, has_break) = (false, false);
            text.push(c);
        }
    }
}

/// Appends preformatted text: lines, tabs and spaces stay, every kind of line break is `\n`, and invisible
/// characters are dropped. With [`push_folded`] it is the one way of a page's text into a record, so that no
/// record holds control characters.
pub fn push_preformatted(text: &mut String, piece: &str) {
    let mut chars = piece.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\r' if chars.peek() == Some(&'\n') => {}
            '\r' | '\u{85}' => text.push('\n'),
            '\n' | '\t' => text.push(c),
            c if c.is_control() && c.is_whitespace() => text.push(' '),
            c if is_invisible(c) => {}
            c => text.push(c),
        }
    }
}

/// The length of what needs no folding at the start of a text: printable characters, with single spaces inside
/// and at the end. Ends before the first byte of a character that may be white space, invisible or wide.
pub(crate) fn folded_length(text: &[u8]) -> usize {
    const PIECE: usize = 16;
    if !text
        .first()
        .is_some_and(|&first| is_folded_after(b'.', first) && first != b' ')
    {
        return 0;
    }
    // Each byte is compared with the one before it. Pieces without a branch inside become vector instructions.
    let pieces = text.chunks_exact(PIECE).zip(text[1..].chunks_exact(PIECE));
    let is_plain = |(before, own): &(&[u8], &[u8])| {
        let pairs = before.iter().zip(*own);
        pairs.fold(true, |all, (&before, &own)| {
            all & is_folded_after(before, own)
        })
    };
    let plain = 1 + pieces.take_while(is_plain).count() * PIECE;
    let rest = text[plain - 1..].iter().zip(&text[plain..]);
    plain
        + rest
            .take_while(|&(&before, &own)| is_folded_after(before, own))
            .count()
}

/// True for a byte that needs no folding after this one. Beyond ASCII these are the letters of U+00C0 to U+0FFF,
/// which holds no white space and nothing invisible.
const fn is_folded_after(before: u8, own: u8) -> bool {
    const LATIN_1: u8 = 0xC2;
    const OGHAM: u8 = 0xE1;
    let is_printable = (own >= b' ') & (own < OGHAM) & (own != 0x7F) & (own != LATIN_1);
    is_printable & ((own != b' ') | (before != b' '))
}

/// True for a text with single spaces inside and no other white space.
pub(crate) fn is_folded(text: &str) -> bool {
    folded_length(text.as_bytes()) == text.len() && !text.ends_with(' ')
}

/// Appends `piece` to `text` with every run of white space as one space; no space comes first.
pub(crate) fn push_spaced(text: &mut String, piece: &str) {
    let mut rest = piece;
    loop {
        let (plain, after) = rest.split_at(folded_length(rest.as_bytes()));
        text.push_str(plain);
        let mut chars = after.chars();
        let Some(c) = chars.next() else {
            return;
        };
        rest = chars.as_str();
        if !c.is_whitespace() {
            text.push(c);
            continue;
        }
        if !text.is_empty() && !text.ends_with(' ') {
            text.push(' ');
        }
        // The source indents its lines: nothing else of the run is of use.
        rest = rest.trim_ascii_start();
    }
}

/// Number of characters that are not white space.
pub(crate) fn solid_chars(text: &str) -> usize {
    if text.is_ascii() {
        // Counted in bytes, there are vector instructions for it.
        let is_solid = |&byte: &u8| u8::from(!matches!(byte, b' ' | b'\t'..=b'\r'));
        let pieces = text.as_bytes().chunks(usize::from(u8::MAX));
        let counts = pieces.map(|piece| piece.iter().map(is_solid).sum::<u8>());
        return counts.map(usize::from).sum();
    }
    text.chars().filter(|c| !c.is_whitespace()).count()
}

/// Ends a line: removes trailing space, and makes no empty lines.
pub fn push_break(text: &mut String) {
    text.truncate(text.trim_end().len());
    if !text.is_empty() {
        text.push('\n');
    }
}

/// The letters and digits of a text in lower case, to compare texts that differ in punctuation and case.
pub fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in text.chars().filter(|c| c.is_alphanumeric()) {
        push_lower(&mut plain, c);
    }
    plain
}

/// Appends a letter in lower case.
#[inline]
pub(crate) fn push_lower(text: &mut String, c: char) {
    if c.is_ascii() {
        text.push(c.to_ascii_lowercase());
    } else {
        text.extend(c.to_lowercase());
    }
}

/// True where these are the letters and digits of a text, as [`plain`] gives them. Most texts differ in the first
/// of them.
pub fn is_plainly(text: &str, plain: &str) -> bool {
    let own = text.chars().filter(|c| c.is_alphanumeric());
    own.flat_map(char::to_lowercase).eq(plain.chars())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_compared_by_letters_and_digits() {
        for text in [
            "The FERRY, 2026!",
            "İstanbul’a",
            "ÇA va?",
            "港の船",
            "…",
            "",
        ] {
            assert!(is_plainly(text, &plain(text)), "{text}");
            assert!(!is_plainly(text, &format!("{}x", plain(text))), "{text}");
            assert!(!is_plainly(&format!("{text} x"), &plain(text)), "{text}");
        }
    }

    #[test]
    fn words_are_counted_in_every_script() {
        assert_eq!(word_count("The ferry's 11-year wait, over."), 5);
        assert_eq!(word_count("港の船"), 3);
        assert_eq!(word_count("東京 Tokyo 2026"), 4);
        assert_eq!(word_count(" — "), 0);
        for ascii in [
            "It's 9-to-5, isn't it?",
            "--a--",
            "snake_case 'q' 3.5",
            "",
            "x",
        ] {
            let other = format!("{ascii} —");
            assert_eq!(word_count(ascii), word_count(&other), "{ascii}");
        }
    }

    #[test]
    fn space_is_folded_and_invisible_characters_go() {
        let mut text = String::new();
        push_folded(&mut text, " \n a\u{00A0} b\u{00AD}c\u{200B}d ");
        push_folded(&mut text, " e");
        assert_eq!(text, "a bcd e");
        push_break(&mut text);
        push_break(&mut text);
        push_folded(&mut text, " f");
        assert_eq!(text, "a bcd e\nf");
    }

    #[test]
    fn preformatted_text_keeps_its_lines_and_no_controls() {
        let mut text = String::new();
        push_preformatted(
            &mut text,
            "a\r\n\tb\rc\u{85}d\u{b}e\u{c}f\u{1b}[31m\u{7}\u{9b}\u{202e}g ",
        );
        assert_eq!(text, "a\n\tb\nc\nd e f[31mg ");
    }

    #[test]
    fn text_is_folded_alike_wherever_it_is_cut() {
        let whole = "  The  ferry\u{00A0}sails – at 9:30\n\tin Kell ,\r\nor not. 港の \n船 ";
        let mut folded = String::new();
        push_folded(&mut folded, whole);
        assert_eq!(
            folded,
            "The ferry sails – at 9:30 in Kell , or not. 港の船 "
        );
        for (at, _) in whole.char_indices().take_while(|(_, c)| *c != '港') {
            let mut cut = String::new();
            push_folded(&mut cut, &whole[..at]);
            push_folded(&mut cut, &whole[at..]);
            assert_eq!(cut, folded, "{at}");
        }
    }

    #[test]
    fn no_space_and_nothing_invisible_is_passed_over_at_any_place() {
        let words = "fährt nach Kell, dann weiter über Ostend";
        for (at, _) in words.char_indices() {
            for odd in [
                "\u{A0}",
                "\u{85}",
                "\u{3000}",
                "\t",
                "  ",
                "\u{2028} ",
                "\n \u{A0}\n\t ",
            ] {
                let text = format!("{}{odd}{}", &words[..at], &words[at..]);
                let folded: Vec<_> = text.split_whitespace().collect();
                assert_eq!(crate::page::tree::fold_space(&text), folded.join(" "));
            }
            let (before, after) = words.split_at(at);
            let mut text = String::new();
            push_folded(&mut text, &format!("{before}\u{AD}\u{9b}\u{7F}{after}"));
            assert_eq!(text, words);
        }
        let passed = ('\u{C0}'..'\u{1000}').filter(|&c| c.is_whitespace() || is_invisible(c));
        assert_eq!(passed.count(), 0);
    }

    #[test]
    fn solid_characters_are_all_but_white_space() {
        let long = "ab c".repeat(500);
        for text in [
            "a b\t\u{B}c\r\n\u{1F}",
            "ä\u{00A0}b\u{3000}c ",
            "",
            " ",
            &long,
        ] {
            let expected = text.chars().filter(|c| !c.is_whitespace()).count();
            assert_eq!(solid_chars(text), expected, "{text:?}");
        }
    }

    #[test]
    fn a_line_break_of_the_source_between_wide_characters_is_no_space() {
        for (source, shown) in [
            ("港の\n    船が", "港の船が"),
            ("来た。 \n 船が", "来た。船が"),
            ("ฝน\nตก", "ฝน ตก"),
            ("봄\n비", "봄 비"),
            ("港の 船が", "港の 船が"),
            ("港の\nTokyo", "港の Tokyo"),
            ("two\n  hundred", "two hundred"),
        ] {
            let mut text = String::new();
            push_folded(&mut text, source);
            assert_eq!(text, shown);
        }
    }
}
