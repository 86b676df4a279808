//! Where in a file a source stands, and in what style. The parser finds the places; what changes is text.

use std::ops::Range;

use toml_edit::{Array, ArrayOfTables, Document, Item, Table, Value};

use crate::config::{BlockStyle, NewSource};

/// Where a new source goes.
#[derive(Debug)]
pub(super) struct Place<'t> {
    text: &'t str,
    /// In bytes.
    at: usize,
    form: Form,
}

/// How the file writes its sources.
#[derive(Debug)]
enum Form {
    /// `[[source]]`
    Blocks(BlockStyle),
    /// `source = [{ … }]`: what stands between two of them; nothing before the first.
    List { separator: String },
}

impl<'t> Place<'t> {
    /// The place in this text; `None` where it can't be parsed, or names no sources in a way that is known.
    pub(super) fn find(text: &'t str) -> Option<Place<'t>> {
        let document = Document::parse(text).ok()?;
        let (at, form) = match document.get("source") {
            None => (text.len(), Form::Blocks(BlockStyle::default())),
            Some(Item::ArrayOfTables(sources)) => (
                after_sources(text, document.as_table(), sources),
                Form::Blocks(style(text, sources)),
            ),
            Some(Item::Value(Value::Array(sources))) => list(text, sources)?,
            _ => return None,
        };
        Some(Place { text, at, form })
    }

    /// What a source adds to the file, without the lines around it.
    pub(super) fn text_of(&self, source: &NewSource) -> String {
        match &self.form {
            Form::Blocks(style) => source.block(style, &|_, _| Vec::new()),
            Form::List { .. } => source.inline(),
        }
    }

    /// The file with this source.
    pub(super) fn with(&self, source: &NewSource) -> String {
        let (before, after) = self.text.split_at(self.at);
        let new = self.text_of(source);
        let new = match &self.form {
            Form::List { separator } => format!("{separator}{new}"),
            Form::Blocks(_) => {
                // Where a blank line was added before it, none stands behind: what is taken out again leaves no trace.
                let gap = gap(before);
                let is_parted = after.is_empty() || !gap.is_empty();
                format!("{gap}{new}{}", if is_parted { "" } else { "\n" })
            }
        };
        format!("{before}{}{after}", self.in_its_line_breaks(&new))
    }

    /// The file without a source that [`with`](Self::with) has put there; `None` where it does not stand there so.
    pub(super) fn without(&self, source: &NewSource) -> Option<String> {
        let new = self.in_its_line_breaks(&self.text_of(source));
        let mut found = self.text.match_indices(&new);
        let (at, _) = found.next()?;
        if found.next().is_some() {
            return None;
        }
        let (mut before, rest) = self.text.split_at(at);
        let after = rest.get(new.len()..)?;
        match &self.form {
            Form::List { separator } => {
                let separator = self.in_its_line_breaks(separator);
                before = before.strip_suffix(separator.as_str()).unwrap_or(before);
            }
            // The blank line that parted it from what stands before.
            Form::Blocks(_) => before = without_blank_line(before),
        }
        Some(format!("{before}{after}"))
    }

    /// The text with the line breaks that most lines of the file have.
    fn in_its_line_breaks(&self, text: &str) -> String {
        let all = self.text.matches('\n').count();
        let of_two = self.text.matches("\r\n").count();
        if of_two * 2 > all {
            text.replace('\n', "\r\n")
        } else {
            text.to_owned()
        }
    }
}

/// What parts a block from the text before it: a blank line.
fn gap(before: &str) -> &'static str {
    let lines = before.replace('\r', "");
    match lines.as_str() {
        "" => "",
        it if it.ends_with("\n\n") => "",
        it if it.ends_with('\n') => "\n",
        _ => "\n\n",
    }
}

/// The text without one blank line at its end.
fn without_blank_line(text: &str) -> &str {
    let line = text
        .strip_suffix('\n')
        .map(|it| it.strip_suffix('\r').unwrap_or(it));
    match line {
        Some(line) if line.is_empty() || line.ends_with('\n') => line,
        _ => text,
    }
}

/// The end of the last source, with the tables that belong to it: the end of the file, or else before the header of the
/// next table and the comment that stands directly above it.
fn after_sources(text: &str, root: &Table, sources: &ArrayOfTables) -> usize {
    let mut own = Vec::new();
    sources.iter().for_each(|it| headers(it, &mut own));
    let last = own.iter().map(|it| it.start).max().unwrap_or(0);
    let mut all = Vec::new();
    headers(root, &mut all);
    let next = all.iter().map(|it| it.start).filter(|at| *at > last).min();
    next.map_or(text.len(), |next| above_comment(text, next))
}

/// Where the headers of a table and of those in it stand.
fn headers(table: &Table, found: &mut Vec<Range<usize>>) {
    if table.position().is_some() {
        found.extend(table.span().filter(|it| !it.is_empty()));
    }
    for (_, item) in table {
        match item {
            Item::Table(inner) => headers(inner, found),
            Item::ArrayOfTables(inner) => inner.iter().for_each(|it| headers(it, found)),
            _ => {}
        }
    }
}

/// The beginning of the comment lines directly above this place.
fn above_comment(text: &str, mut at: usize) -> usize {
    at = text
        .get(..at)
        .and_then(|it| it.rfind('\n'))
        .map_or(0, |it| it + 1);
    while let Some(before) = text.get(..at).and_then(|it| it.strip_suffix('\n')) {
        let start = before.rfind('\n').map_or(0, |it| it + 1);
        let line = before.get(start..).unwrap_or_default();
        if !line.trim_start().starts_with('#') {
            break;
        }
        at = start;
    }
    at
}

/// How the last source is written that shows it.
fn style(text: &str, sources: &ArrayOfTables) -> BlockStyle {
    let mut style = BlockStyle::default();
    let tables: Vec<&Table> = sources.iter().collect();
    if let Some(equals) = tables.iter().rev().find_map(|it| equals(text, it)) {
        style.equals = equals;
    }
    if let Some(indent) = tables.iter().rev().find_map(|it| indent(text, it)) {
        style.indent = indent;
    }
    style
}

/// What stands between `name` and its value, if that is no more than an equals sign and single spaces.
fn equals(text: &str, table: &Table) -> Option<String> {
    let (key, value) = table.get_key_value("name")?;
    let between = text.get(key.span()?.end..value.span()?.start)?;
    [" = ", "=", " =", "= "]
        .contains(&between)
        .then(|| between.to_owned())
}

/// What stands before the first element of a list of several lines.
fn indent(text: &str, table: &Table) -> Option<String> {
    let lists = table.iter().filter_map(|(_, item)| item.as_array());
    lists.filter_map(|list| line_before(text, list)).next()
}

/// The white space between a line break and the first element of a list.
fn line_before(text: &str, list: &Array) -> Option<String> {
    let before = text.get(list.span()?.start + 1..list.get(0)?.span()?.start)?;
    let (_, indent) = before.rsplit_once('\n')?;
    indent
        .chars()
        .all(|c| c == ' ' || c == '\t')
        .then(|| indent.to_owned())
}

/// The place behind the last element of a list of sources.
fn list(text: &str, sources: &Array) -> Option<(usize, Form)> {
    let Some(last) = sources.iter().last() else {
        let separator = String::new();
        return Some((sources.span()?.start + 1, Form::List { separator }));
    };
    let separator = match line_before(text, sources) {
        Some(indent) => format!(",\n{indent}"),
        None => ", ".to_owned(),
    };
    Some((last.span()?.end, Form::List { separator }))
}
