//! The bytes of a robots.txt as lines of plain text. Real files are in any encoding, hold characters that nobody
//! sees, or are HTML; what their authors meant is to count (RFC 9309 asks for UTF-8 and for parsers that bear the rest).

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// A line without its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    /// The line, trimmed, without invisible characters.
    pub(super) text: String,
    /// Its bytes are no UTF-8: an address in it may be written in either encoding.
    pub(super) is_legacy: bool,
}

/// The lines of a file.
pub(super) fn lines(file: &[u8]) -> Vec<Line> {
    let encoding = encoding(file);
    if encoding == UTF_8 {
        let file = file.strip_prefix(b"\xef\xbb\xbf").unwrap_or(file);
        if is_markup(file) {
            let text = without_tags(&String::from_utf8_lossy(file));
            return of_text(&text).collect();
        }
        let lines = file.split(|byte| matches!(byte, b'\n' | b'\r' | b'\0' | 0x0b | 0x0c));
        return lines.flat_map(of_bytes).collect();
    }
    let (text, _) = encoding.decode_with_bom_removal(file);
    let text = match is_markup(text.as_bytes()) {
        true => without_tags(&text),
        false => text.into_owned(),
    };
    of_text(&text).collect()
}

/// UTF-16 by its mark, or by the zeros that ASCII has in it; everything else is read as UTF-8.
fn encoding(file: &[u8]) -> &'static Encoding {
    if let Some((encoding, _)) = Encoding::for_bom(file) {
        return encoding;
    }
    let start = &file[..file.len().min(512)];
    let zeros = |parity| {
        let half = start.iter().skip(parity).step_by(2);
        half.filter(|byte| **byte == 0).count()
    };
    let (even, odd, half) = (zeros(0), zeros(1), start.len() / 2);
    match () {
        () if odd * 4 > half * 3 && even * 4 < half => UTF_16LE,
        () if even * 4 > half * 3 && odd * 4 < half => UTF_16BE,
        () => UTF_8,
    }
}

fn of_bytes(bytes: &[u8]) -> Vec<Line> {
    match str::from_utf8(bytes) {
        Ok(text) => of_text(text).collect(),
        Err(_) => {
            let (text, _) = WINDOWS_1252.decode_without_bom_handling(bytes);
            vec![Line {
                text: clean(&text),
                is_legacy: true,
            }]
        }
    }
}

fn of_text(text: &str) -> impl Iterator<Item = Line> {
    let ends = |c: char| {
        let is_end = matches!(c, '\n' | '\r' | '\0' | '\u{b}' | '\u{c}');
        is_end || matches!(c, '\u{85}' | '\u{2028}' | '\u{2029}')
    };
    text.split(ends).map(|line| Line {
        text: clean(line),
        is_legacy: false,
    })
}

/// The line without what is not seen; blanks of any kind are spaces. Before the colon, signs that look like a hyphen or
/// a colon are one.
fn clean(line: &str) -> String {
    let (mut is_name, mut has_begun) = (true, false);
    let mut clean = String::with_capacity(line.len());
    for c in line.chars() {
        let c = match c {
            '\u{ad}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' => continue,
            '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{206f}' | '\u{feff}' => continue,
            '\u{fff9}'..='\u{fffb}' => continue,
            c if c.is_whitespace() => ' ',
            c if c.is_control() => continue,
            '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe63}' | '\u{ff0d}' | '_' if is_name => '-',
            '\u{ff1a}' | '\u{fe55}' if is_name => ':',
            c => c,
        };
        let ends_name = c == ':' || c == ' ' && has_begun;
        is_name &= !ends_name;
        has_begun |= c != ' ';
        clean.push(c);
    }
    clean.trim().to_owned()
}

/// True where the file is a web page, or robots.txt put into one.
fn is_markup(file: &[u8]) -> bool {
    file.trim_ascii_start().starts_with(b"<")
}

/// A page's text: each tag ends a line.
fn without_tags(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('<') {
        out.push_str(before);
        out.push('\n');
        rest = after.split_once('>').map_or("", |(_, rest)| rest);
    }
    out.push_str(rest);
    let pairs = [
        ("&nbsp;", " "),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&amp;", "&"),
    ];
    pairs
        .iter()
        .fold(out, |text, (from, to)| text.replace(from, to))
}
