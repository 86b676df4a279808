//! Tables with aligned columns.

/// A table of text; its first row is the header. Columns of numbers are aligned right.
#[derive(Debug, Default)]
pub(crate) struct Table {
    rows: Vec<Vec<String>>,
}

impl Table {
    pub(crate) fn new(head: &[&str]) -> Table {
        let head = head.iter().map(|&cell| cell.to_owned()).collect();
        Table { rows: vec![head] }
    }

    pub(crate) fn row(&mut self, cells: Vec<String>) {
        self.rows.push(cells);
    }

    /// The table as lines without trailing spaces.
    pub(crate) fn render(&self) -> String {
        let columns = self.rows.iter().map(Vec::len).max().unwrap_or_default();
        let layout: Vec<(usize, bool)> = (0..columns).map(|at| self.column(at)).collect();
        let mut out = String::new();
        for row in &self.rows {
            let mut line = String::new();
            for (cell, (width, right)) in row.iter().zip(&layout) {
                let blanks = " ".repeat(width.saturating_sub(self::width(cell)));
                let (before, after) = if *right {
                    (blanks.as_str(), "")
                } else {
                    ("", blanks.as_str())
                };
                line.push_str(&format!("{before}{cell}{after}  "));
            }
            out.push_str(line.trim_end());
            out.push('\n');
        }
        out
    }

    /// A column's width, and whether it contains only numbers.
    fn column(&self, at: usize) -> (usize, bool) {
        let cells = || self.rows.iter().filter_map(|row| row.get(at));
        let numbers = cells().skip(1).all(|cell| cell.parse::<u64>().is_ok());
        (
            cells().map(|cell| width(cell)).max().unwrap_or_default(),
            numbers,
        )
    }
}

/// The width of a text in terminal columns: wide characters of East Asian scripts and emoji take two,
/// combining marks none (Unicode Standard Annex 11, in rough blocks).
fn width(text: &str) -> usize {
    let of = |c: char| match c {
        '\u{300}'..='\u{36f}' | '\u{200b}'..='\u{200f}' | '\u{fe00}'..='\u{fe0f}' => 0,
        '\u{1100}'..='\u{115f}'
        | '\u{2e80}'..='\u{a4cf}'
        | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}'
        | '\u{fe30}'..='\u{fe6f}'
        | '\u{ff00}'..='\u{ff60}'
        | '\u{ffe0}'..='\u{ffe6}'
        | '\u{1f300}'..='\u{1f64f}'
        | '\u{1f900}'..='\u{1f9ff}'
        | '\u{20000}'..='\u{3fffd}' => 2,
        _ => 1,
    };
    text.chars().map(of).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_aligned_and_numbers_stand_right() {
        let mut table = Table::new(&["source", "pages", "failed"]);
        table.row(vec!["港新聞".into(), "7".into(), "http_4xx 1".into()]);
        table.row(vec!["café".into(), "1200".into(), "".into()]);
        let expected = "source  pages  failed\n\
                        港新聞      7  http_4xx 1\n\
                        café     1200\n";
        assert_eq!(table.render(), expected);
    }
}
