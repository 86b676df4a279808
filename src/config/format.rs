//! The formats of records: their names, and the suffixes of the files that hold them.

use std::path::Path;

/// A format of records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Format {
    /// Title, blank line, body.
    Text,
    /// Front matter and Markdown.
    Markdown,
    /// Plain semantic HTML.
    Html,
    /// An indented JSON object, or an array of them.
    Json,
    /// JSON Lines: one object per line.
    Jsonl,
    /// Comma-separated values: one row per record, for spreadsheets.
    Csv,
    /// Apache Parquet: one row per record, for data frames and databases.
    Parquet,
}

/// The suffixes of files, each with the format that it stands for.
const SUFFIXES: [(&str, Format); 10] = [
    ("txt", Format::Text),
    ("md", Format::Markdown),
    ("markdown", Format::Markdown),
    ("html", Format::Html),
    ("htm", Format::Html),
    ("json", Format::Json),
    ("jsonl", Format::Jsonl),
    ("ndjson", Format::Jsonl),
    ("csv", Format::Csv),
    ("parquet", Format::Parquet),
];

impl Format {
    /// Every format, with its name on the command line and in `config.toml`.
    pub const ALL: [(&str, Format); 7] = [
        ("text", Format::Text),
        ("markdown", Format::Markdown),
        ("html", Format::Html),
        ("json", Format::Json),
        ("jsonl", Format::Jsonl),
        ("csv", Format::Csv),
        ("parquet", Format::Parquet),
    ];

    /// The names of those that a crawl can write to files.
    pub const FILES: [&str; 5] = ["text", "markdown", "jsonl", "csv", "parquet"];

    /// The format of that name, if there is one.
    pub fn from_name(name: &str) -> Option<Format> {
        Format::ALL
            .into_iter()
            .find(|(known, _)| *known == name)
            .map(|(_, format)| format)
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        Format::ALL
            .into_iter()
            .find(|(_, format)| *format == self)
            .map_or("", |(name, _)| name)
    }

    /// The format that the suffix of a file's name stands for, if it stands for one.
    pub fn from_suffix(path: &Path) -> Option<Format> {
        let suffix = path.extension()?.to_str()?;
        SUFFIXES
            .into_iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(suffix))
            .map(|(_, format)| format)
    }

    /// The usual suffix of its files, without the dot.
    pub fn suffix(self) -> &'static str {
        SUFFIXES
            .into_iter()
            .find(|(_, format)| *format == self)
            .map_or("", |(suffix, _)| suffix)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_format_has_a_name_and_a_suffix_of_its_own() {
        for (name, format) in Format::ALL {
            assert_eq!(
                (format.name(), Format::from_name(name)),
                (name, Some(format))
            );
            let file = format!("articles.{}", format.suffix());
            assert_eq!(Format::from_suffix(Path::new(&file)), Some(format));
        }
        assert_eq!(
            Format::from_suffix(Path::new("a/B.PARQUET")),
            Some(Format::Parquet)
        );
        for path in ["csv", "a.csv/b", "a.csv.gz", "a.", ".jsonl"] {
            assert_eq!(Format::from_suffix(Path::new(path)), None, "{path}");
        }
    }
}
