//! Text as it may stand on a terminal. Pages, servers, file names and arguments choose much of what is printed, and
//! must not move the cursor, change the title of the window, end a line or show a line in another order. Everything
//! that is written for people passes here, in the command line's printer and in what writes to standard error.

/// The colours and styles that the command line paints with.
const STYLES: [&str; 5] = [
    "\u{1b}[0m",
    "\u{1b}[1m",
    "\u{1b}[2m",
    "\u{1b}[31m",
    "\u{1b}[32m",
];

/// One line: controls and line breaks are spaces, and marks that turn or hide text are left out.
pub fn plain(text: &str) -> String {
    text.chars().filter_map(shown).collect()
}

/// The same for several lines, whose line breaks and tabs stay.
pub fn plain_lines(text: &str) -> String {
    let shown = |c| if is_layout(c) { Some(c) } else { shown(c) };
    text.replace("\r\n", "\n")
        .chars()
        .filter_map(shown)
        .collect()
}

/// The same for lines with our own colours.
pub fn painted_lines(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\u{1b}') {
        let (before, after) = rest.split_at(at);
        out.push_str(&plain_lines(before));
        let style = STYLES.iter().find(|it| after.starts_with(**it));
        out.push_str(style.unwrap_or(&" "));
        rest = &after[style.map_or(1, |it| it.len())..];
    }
    out.push_str(&plain_lines(rest));
    out
}

fn is_layout(c: char) -> bool {
    matches!(c, '\n' | '\t')
}

/// A character as it is shown. Joiners stay: some scripts need them, and they move nothing.
fn shown(c: char) -> Option<char> {
    match c {
        c if c.is_control() => Some(' '),
        '\u{2028}' | '\u{2029}' => Some(' '),
        '\u{ad}'
        | '\u{61c}'
        | '\u{180e}'
        | '\u{200b}'
        | '\u{200e}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e007f}' => None,
        c => Some(c),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Characters that turn or hide text, or break lines.
    const MARKS: &str = "\u{ad}\u{61c}\u{200b}\u{200e}\u{200f}\u{202a}\u{202b}\u{202c}\u{202d}\u{202e}\u{2060}\
        \u{2066}\u{2067}\u{2068}\u{2069}\u{feff}\u{e0041}";

    #[test]
    fn nothing_of_a_page_moves_the_cursor_or_turns_the_line() {
        for (text, line) in [
            ("a\u{1b}[31m\nb", "a [31m b"),
            ("\u{1b}]0;title\u{7}x", " ]0;title x"),
            ("\u{9b}2J\u{9d}0;t\u{9c}\u{85}\u{7f}", " 2J 0;t   "),
            ("a\u{2028}b\u{2029}c\rd\te", "a b c d e"),
            ("نیم\u{200c}فاصله", "نیم\u{200c}فاصله"),
        ] {
            assert_eq!(plain(text), line, "{text:?}");
        }
        assert_eq!(plain(&format!("a{MARKS}b")), "ab");
        assert_eq!(plain_lines("a\r\n\tb\r\u{9b}c"), "a\n\tb  c");
    }

    #[test]
    fn our_own_colours_stay_and_no_other_sequence() {
        let painted = "\u{1b}[1mhead\u{1b}[0m\n\u{1b}[31m- gone\u{1b}[0m\n";
        assert_eq!(painted_lines(painted), painted);
        for sequence in ["[2J", "[H", "]0;t\u{7}", "[5m", "c", "P1", ""] {
            let shown = painted_lines(&format!("\u{1b}{sequence}x"));
            assert!(!shown.contains(char::is_control), "{shown:?}");
        }
    }
}
