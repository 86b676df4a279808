//! Text that was encoded twice: UTF-8 that some program read as windows-1252 (or another encoding of one byte a
//! character) and wrote as UTF-8 again, so that 'schön' reads 'schÃ¶n'. It is repaired where that is plainly what
//! happened to the page, run by run, so that a template around it which was never damaged stays as it is.

use std::sync::LazyLock;

use encoding_rs::{Encoding, KOI8_R, WINDOWS_1250, WINDOWS_1251, WINDOWS_1252, WINDOWS_1254};

/// Runs of characters beyond ASCII that are looked at before the whole text is.
const SAMPLE: usize = 512;
/// A page has at least this many characters that come of reading runs as UTF-8…
const FEWEST: usize = 5;
/// …and this many times as many as letters in other runs.
const PER_SOUND: usize = 4;
/// Texts that went through it this often are repaired.
const ROUNDS: usize = 2;

/// The characters of the upper half of an encoding, in the order of the characters, each with its byte.
struct UpperHalf(Vec<(char, u8)>);

static UPPER_HALVES: LazyLock<Vec<UpperHalf>> = LazyLock::new(|| {
    let encodings = [
        WINDOWS_1252,
        WINDOWS_1251,
        WINDOWS_1250,
        KOI8_R,
        WINDOWS_1254,
    ];
    encodings.into_iter().map(UpperHalf::of).collect()
});

impl UpperHalf {
    fn of(encoding: &'static Encoding) -> UpperHalf {
        let mut bytes = Vec::with_capacity(160);
        for byte in 0x80..=0xFF {
            let (text, _) = encoding.decode_without_bom_handling(std::slice::from_ref(&byte));
            bytes.extend(text.chars().next().map(|c| (c, byte)));
        }
        // Some programs write the bytes that windows encodings use for quotes as controls.
        let controls = (0x80..=0x9F).map(|byte| (char::from(byte), byte));
        bytes.extend(controls);
        bytes.sort_unstable();
        bytes.dedup_by_key(|(c, _)| *c);
        UpperHalf(bytes)
    }

    fn byte(&self, c: char) -> Option<u8> {
        let at = self.0.binary_search_by_key(&c, |(c, _)| *c).ok()?;
        Some(self.0[at].1)
    }

    /// What a run of characters beyond ASCII says if its characters are the bytes of UTF-8.
    fn reread(&self, run: &str, bytes: &mut Vec<u8>) -> bool {
        bytes.clear();
        let mut left = 0;
        for c in run.chars() {
            let Some(byte) = self.byte(c) else {
                return false;
            };
            // The first wrong byte ends the search: most runs of sound text end here.
            left = match (left, byte) {
                (0, 0xC2..=0xDF) => 1,
                (0, 0xE0..=0xEF) => 2,
                (0, 0xF0..=0xF4) => 3,
                (1.., 0x80..=0xBF) => left - 1,
                _ => return false,
            };
            bytes.push(byte);
        }
        left == 0 && std::str::from_utf8(bytes).is_ok()
    }

    /// How many characters come of the runs that read as UTF-8, and how many letters there are in the others.
    fn count<'t>(&self, runs: impl IntoIterator<Item = &'t str>) -> (usize, usize) {
        let (mut twice, mut sound) = (0, 0);
        let mut bytes = Vec::new();
        for run in runs {
            if self.reread(run, &mut bytes) {
                twice += characters(&bytes);
            } else {
                sound += run.chars().filter(|c| c.is_alphabetic()).count();
            }
        }
        (twice, sound)
    }

    /// True where a page's text was encoded twice, by way of this encoding. `sample` are its first runs.
    fn is_way_of(&self, text: &str, sample: &[&str]) -> bool {
        let mut bytes = Vec::new();
        let found = sample.iter().map(|run| {
            let is_reread = self.reread(run, &mut bytes);
            if is_reread { characters(&bytes) } else { 0 }
        });
        if found.sum::<usize>() < FEWEST {
            return false;
        }
        let (twice, sound) = self.count(Runs::new(text));
        twice >= PER_SOUND * sound
    }

    fn repaired(&self, text: &str) -> String {
        let mut repaired = String::with_capacity(text.len());
        let mut bytes = Vec::new();
        let mut done = 0;
        for run in Runs::new(text) {
            if !self.reread(run, &mut bytes) {
                continue;
            }
            if let Ok(reread) = std::str::from_utf8(&bytes) {
                let from = run.as_ptr() as usize - text.as_ptr() as usize;
                repaired.push_str(&text[done..from]);
                repaired.push_str(reread);
                done = from + run.len();
            }
        }
        repaired.push_str(&text[done..]);
        repaired
    }
}

/// The runs of characters beyond ASCII.
struct Runs<'t> {
    rest: &'t str,
}

impl Runs<'_> {
    fn new(text: &str) -> Runs<'_> {
        Runs { rest: text }
    }
}

impl<'t> Iterator for Runs<'t> {
    type Item = &'t str;

    fn next(&mut self) -> Option<&'t str> {
        let bytes = self.rest.as_bytes();
        let from = ascii_length(bytes);
        if from == bytes.len() {
            return None;
        }
        let length = bytes[from..].iter().position(u8::is_ascii);
        let to = length.map_or(bytes.len(), |length| from + length);
        let (run, rest) = (self.rest.get(from..to)?, self.rest.get(to..)?);
        self.rest = rest;
        Some(run)
    }
}

/// How many characters these bytes of UTF-8 are, all of them beyond ASCII.
fn characters(bytes: &[u8]) -> usize {
    bytes.iter().filter(|&&byte| byte >= 0xC0).count()
}

/// The length of the ASCII at the start: a piece at a time, because there are vector instructions for the
/// question whether there is anything else in one.
fn ascii_length(bytes: &[u8]) -> usize {
    const PIECE: usize = 64;
    let pieces = bytes.chunks(PIECE).take_while(|piece| piece.is_ascii());
    let from = bytes.len().min(pieces.count() * PIECE);
    let length = bytes[from..].iter().position(|byte| !byte.is_ascii());
    length.map_or(bytes.len(), |length| from + length)
}

/// The text as it was before it was encoded once too often; `None` where it was not.
pub(super) fn repaired(text: &str) -> Option<String> {
    let mut repaired: Option<String> = None;
    for _ in 0..ROUNDS {
        let text = repaired.as_deref().unwrap_or(text);
        let mut sample: Vec<&str> = Runs::new(text).take(SAMPLE).collect();
        // One character alone is no two bytes of UTF-8.
        sample.retain(|run| run.chars().nth(1).is_some());
        if sample.is_empty() {
            break;
        }
        let ways = UPPER_HALVES.iter();
        let Some(way) = ways.into_iter().find(|it| it.is_way_of(text, &sample)) else {
            break;
        };
        repaired = Some(way.repaired(text));
    }
    repaired
}

#[cfg(test)]
mod tests {
    use super::*;

    const GERMAN: &str =
        "„Schöne Grüße aus Köln“, schrieb er – für fünf Äpfel. Später hieß es: Über allen Gipfeln.";
    const RUSSIAN: &str = "Вечером в порту снова загудел старый паром, и дети побежали к воде. ";

    /// The text as a program writes it that takes UTF-8 for something else.
    fn twice(text: &str, by: &'static Encoding) -> String {
        by.decode_without_bom_handling(text.as_bytes())
            .0
            .into_owned()
    }

    #[test]
    fn text_encoded_twice_reads_as_it_was_written() {
        for (text, by) in [
            (GERMAN, WINDOWS_1252),
            (GERMAN, WINDOWS_1250),
            (RUSSIAN, WINDOWS_1251),
            (RUSSIAN, WINDOWS_1252),
            (RUSSIAN, KOI8_R),
            (
                "これは長い橋の話です。港の船が戻り、「町は静かだ」と言う。二つ、三つ。五、六、七。 ",
                WINDOWS_1252,
            ),
        ] {
            let page = format!("<p>{text}</p>").repeat(3);
            let damaged = twice(&page, by);
            assert_eq!(
                repaired(&damaged).as_deref(),
                Some(page.as_str()),
                "{}",
                by.name()
            );
        }
        let thrice = twice(&twice(GERMAN, WINDOWS_1252), WINDOWS_1252);
        assert_eq!(repaired(&thrice).as_deref(), Some(GERMAN));
    }

    #[test]
    fn what_was_never_damaged_stays_in_and_around_damaged_text() {
        let page = format!(
            "<nav>Über uns · ©</nav>{}",
            twice(&GERMAN.repeat(3), WINDOWS_1252)
        );
        let expected = format!("<nav>Über uns · ©</nav>{}", GERMAN.repeat(3));
        assert_eq!(repaired(&page), Some(expected));
    }

    #[test]
    fn sound_text_is_left_alone_also_where_it_quotes_damaged_text() {
        let vietnamese = "Bảo tàng sẽ mở cửa lại vào tháng Ba, sau bốn năm sửa chữa. ";
        let quoting = format!(
            "{}{}",
            GERMAN.repeat(9),
            twice("schöne Grüße aus Köln für fünf", WINDOWS_1252)
        );
        for text in [
            GERMAN,
            RUSSIAN,
            vietnamese,
            "« CAFÉ » «CAFÉ» «CAFÉ» ÀÉ",
            &quoting,
            "plain",
            "",
        ] {
            assert_eq!(repaired(&text.repeat(5)), None, "{text}");
        }
    }
}
