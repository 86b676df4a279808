//! CSV (RFC 4180) that is safe to open in a spreadsheet.

use crate::cli::plain::plain;

/// What a formula begins with, also as it is typed in East Asia.
const FORMULA: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];

/// One row, with its line break.
pub(super) fn row(cells: &[String]) -> String {
    let cells: Vec<String> = cells.iter().map(|text| cell(text)).collect();
    format!("{}\r\n", cells.join(","))
}

/// Pages and servers choose these texts: none may be taken for a formula, and none has control characters.
fn cell(text: &str) -> String {
    let mut text = plain(text);
    if text.trim_start().starts_with(FORMULA) {
        text.insert(0, '\'');
    }
    if text.contains([',', '"', '\'']) || text.trim() != text {
        text = format!("\"{}\"", text.replace('"', "\"\""));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_and_no_formula_is_run() {
        let cells = [
            "a",
            "b,\"c\"",
            "=cmd|' /c calc'!A0",
            "\t+1",
            "\u{1b}[2J",
            "\u{feff}\u{3000}＝1",
            "",
        ];
        let expected =
            "a,\"b,\"\"c\"\"\",\"'=cmd|' /c calc'!A0\",\"' +1\",\" [2J\",\"'\u{3000}＝1\",\r\n";
        assert_eq!(row(&cells.map(str::to_owned)), expected);
    }
}
