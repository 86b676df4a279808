//! The format of an output: what `--format` states, or else what the name of the file stands for. A name that
//! contradicts the format is a mistake that someone would find out about much later.

use std::path::Path;

use newsprint::config::Format;
use newsprint::output::{RecordFormat, format};

use super::args::ListFormat;
use super::exit::UsageError;

/// Suffixes of compressed files, with the programs that make them.
const COMPRESSED: [(&str, &str); 4] = [
    ("gz", "gzip"),
    ("zst", "zstd"),
    ("bz2", "bzip2"),
    ("xz", "xz"),
];

/// The format of articles: as stated, as the file's name says, or else the usual one.
pub(crate) fn chosen(
    stated: Option<Format>,
    output: Option<&Path>,
    usual: Format,
) -> Result<Format, UsageError> {
    let file = output.filter(|path| !is_folder(path));
    refuse_compressed(file)?;
    let named = file.and_then(Format::from_suffix);
    match (stated, named, file) {
        (Some(stated), Some(named), Some(file)) if stated != named => {
            Err(contradiction(stated, named, file))
        }
        _ => Ok(stated.or(named).unwrap_or(usual)),
    }
}

/// The format of a list of addresses, by the same rule.
pub(crate) fn of_list(
    stated: Option<ListFormat>,
    output: Option<&Path>,
) -> Result<ListFormat, UsageError> {
    refuse_compressed(output)?;
    let named = output.and_then(|file| match Format::from_suffix(file)? {
        Format::Csv => Some((ListFormat::Csv, Format::Csv)),
        Format::Jsonl => Some((ListFormat::Jsonl, Format::Jsonl)),
        _ => None,
    });
    match (stated, named, output) {
        (Some(stated), Some((list, named)), Some(file)) if stated != list => {
            let message = format!(
                "--format {} contradicts the name {}: use --format {}, or another name",
                stated.name(),
                file.display(),
                named.name(),
            );
            Err(UsageError(message))
        }
        _ => Ok(stated
            .or(named.map(|(list, _)| list))
            .unwrap_or(ListFormat::Table)),
    }
}

fn contradiction(stated: Format, named: Format, file: &Path) -> UsageError {
    UsageError(format!(
        "--format {} contradicts the name {}: use --format {}, or a name that ends in .{}",
        stated.name(),
        file.display(),
        named.name(),
        stated.suffix(),
    ))
}

fn refuse_compressed(file: Option<&Path>) -> Result<(), UsageError> {
    let suffix = file.and_then(|it| it.extension()?.to_str());
    let known = COMPRESSED.iter().find(|(known, _)| suffix == Some(*known));
    let (Some((suffix, program)), Some(file)) = (known, file) else {
        return Ok(());
    };
    Err(UsageError(format!(
        "{} would not be compressed: leave out .{suffix}, or leave out --output and pipe the output through {program}",
        file.display()
    )))
}

/// The implementation of a format, with a byte order mark if that is asked for.
pub(crate) fn with_bom(name: Format, bom: bool) -> Result<&'static dyn RecordFormat, UsageError> {
    let plain = format(name);
    if !bom {
        return Ok(plain);
    }
    plain.with_byte_order_mark().ok_or_else(|| {
        UsageError(format!(
            "--bom is for CSV; leave it out, or use --format csv instead of {}",
            name.name()
        ))
    })
}

/// True for a path that is a folder, or ends like one.
pub(crate) fn is_folder(path: &Path) -> bool {
    path.is_dir() || path.to_string_lossy().ends_with(['/', '\\'])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn format_of(stated: Option<Format>, output: &str) -> Result<Format, String> {
        let chosen = chosen(stated, Some(Path::new(output)), Format::Text);
        chosen.map_err(|error| error.to_string())
    }

    #[test]
    fn the_name_of_a_file_states_its_format() {
        for (output, expected) in [
            ("a.parquet", Format::Parquet),
            ("a.b/c.CSV", Format::Csv),
            ("a.md", Format::Markdown),
            ("a.out", Format::Text),
            ("jsonl", Format::Text),
            ("a.csv/", Format::Text),
            ("-", Format::Text),
        ] {
            assert_eq!(format_of(None, output), Ok(expected), "{output}");
        }
        assert_eq!(format_of(Some(Format::Jsonl), "a.log"), Ok(Format::Jsonl));
        assert_eq!(format_of(Some(Format::Csv), "a.csv"), Ok(Format::Csv));
        assert_eq!(chosen(None, None, Format::Jsonl).unwrap(), Format::Jsonl);
    }

    #[test]
    fn a_name_that_contradicts_the_format_is_an_error_with_its_fix() {
        assert_eq!(
            format_of(Some(Format::Jsonl), "x.csv").unwrap_err(),
            "--format jsonl contradicts the name x.csv: use --format csv, or a name that ends in .jsonl"
        );
        let compressed = format_of(Some(Format::Jsonl), "x.jsonl.gz").unwrap_err();
        assert!(compressed.contains("through gzip"), "{compressed}");
    }

    #[test]
    fn lists_of_addresses_have_the_same_rule() {
        let format = |stated, output| of_list(stated, Some(Path::new(output)));
        assert_eq!(format(None, "lost.csv").unwrap(), ListFormat::Csv);
        assert_eq!(format(None, "lost.txt").unwrap(), ListFormat::Table);
        let error = format(Some(ListFormat::Jsonl), "lost.csv").unwrap_err();
        assert!(error.to_string().contains("use --format csv"), "{error}");
        assert_eq!(of_list(None, None).unwrap(), ListFormat::Table);
    }

    #[test]
    fn only_csv_has_a_byte_order_mark() {
        assert!(with_bom(Format::Csv, true).is_ok());
        assert!(with_bom(Format::Jsonl, false).is_ok());
        let error = with_bom(Format::Parquet, true).unwrap_err();
        assert!(error.to_string().contains("parquet"), "{error}");
    }
}
