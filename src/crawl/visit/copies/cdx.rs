//! What an index of an archive lists: rows of JSON as the Wayback Machine has them, objects of JSON a line as pywb has
//! them, or plain lines of CDX. Bytes in, the newest copy out.

use jiff::civil::DateTime;
use jiff::tz::Offset;
use serde_json::Value;
use url::Url;

use crate::canonical::dedup_key;

/// Bytes of an answer that are read.
const MOST_BYTES: usize = 1 << 20;

/// A copy that is listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Capture {
    /// When it was taken: 14 digits.
    pub(super) timestamp: String,
    /// The address of the page as it was archived.
    pub(super) original: String,
}

/// The newest copy of a page with status 200 and HTML.
pub(super) fn newest(body: &[u8], wanted: &Url) -> Option<Capture> {
    let body = &body[..body.len().min(MOST_BYTES)];
    let text = String::from_utf8_lossy(body);
    let text = text.trim();
    let rows = if text.starts_with('[') {
        rows_of_json(text)
    } else {
        text.lines().filter_map(row_of_line).collect()
    };
    let key = dedup_key(wanted);
    let is_wanted = |row: &Row| {
        let page = Url::parse(&row.original).ok();
        let is_page = page.is_some_and(|page| dedup_key(&page) == key);
        let is_html = row.mime.as_deref().is_none_or(|it| it.contains("html"));
        let is_ok = row.status.as_deref().is_none_or(|it| it == "200");
        is_page && is_html && is_ok && is_timestamp(&row.timestamp)
    };
    let newest = rows.into_iter().filter(is_wanted);
    let newest = newest.max_by(|one, other| one.timestamp.cmp(&other.timestamp))?;
    Some(Capture {
        timestamp: newest.timestamp,
        original: newest.original,
    })
}

/// Such a time in unix milliseconds.
pub(super) fn instant(timestamp: &str) -> Option<i64> {
    let part = |from: usize, to: usize| timestamp.get(from..to)?.parse::<i8>().ok();
    let year = timestamp.get(..4)?.parse().ok()?;
    let (month, day) = (part(4, 6)?, part(6, 8)?);
    let (hour, minute, second) = (part(8, 10)?, part(10, 12)?, part(12, 14)?);
    let at = DateTime::new(year, month, day, hour, minute, second, 0).ok()?;
    Some(Offset::UTC.to_timestamp(at).ok()?.as_millisecond())
}

struct Row {
    timestamp: String,
    original: String,
    mime: Option<String>,
    status: Option<String>,
}

fn is_timestamp(text: &str) -> bool {
    text.len() == 14 && instant(text).is_some()
}

/// Rows under a row of names.
fn rows_of_json(text: &str) -> Vec<Row> {
    let rows: Vec<Vec<Value>> = serde_json::from_str(text).unwrap_or_default();
    let Some((names, rows)) = rows.split_first() else {
        return Vec::new();
    };
    let place = |name: &str| names.iter().position(|it| it == name);
    let (timestamp, original) = (place("timestamp"), place("original"));
    let (mime, status) = (place("mimetype"), place("statuscode"));
    let row = |row: &Vec<Value>| {
        let cell = |at: Option<usize>| Some(row.get(at?)?.as_str()?.to_owned());
        Some(Row {
            timestamp: cell(timestamp)?,
            original: cell(original)?,
            mime: cell(mime),
            status: cell(status),
        })
    };
    rows.iter().filter_map(row).collect()
}

/// An object, or `urlkey timestamp original mimetype statuscode digest length`.
fn row_of_line(line: &str) -> Option<Row> {
    if line.starts_with('{') {
        let object: Value = serde_json::from_str(line).ok()?;
        let text = |names: [&str; 2]| {
            let found = names.iter().find_map(|name| object.get(name))?;
            found.as_str().map(str::to_owned)
        };
        return Some(Row {
            timestamp: text(["timestamp", "datetime"])?,
            original: text(["url", "original"])?,
            mime: text(["mime", "mimetype"]),
            status: text(["status", "statuscode"]),
        });
    }
    let mut cells = line.split_whitespace().skip(1).map(str::to_owned);
    Some(Row {
        timestamp: cells.next()?,
        original: cells.next()?,
        mime: cells.next(),
        status: cells.next(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(body: &str) -> Option<(String, String)> {
        let wanted = Url::parse("https://www.daily.test/a?b=1").unwrap();
        newest(body.as_bytes(), &wanted).map(|it| (it.timestamp, it.original))
    }

    #[test]
    fn every_form_of_an_index_is_read() {
        let expected = Some((
            "20260203040506".to_owned(),
            "http://daily.test/a?b=1".to_owned(),
        ));
        let json = r#"[["urlkey","timestamp","original","mimetype","statuscode","digest","length"],
            ["test,daily)/a?b=1","20250101000000","https://daily.test/a?b=1","text/html","200","X","1"],
            ["test,daily)/a?b=1","20260203040506","http://daily.test/a?b=1","text/html","200","Y","2"],
            ["test,daily)/a?b=1","20260301000000","http://daily.test/a?b=1","text/html","404","Z","2"],
            ["test,daily)/a?b=1","20260302000000","http://daily.test/a?b=1","application/pdf","200","Z","2"],
            ["test,daily)/other","20260303000000","http://daily.test/other","text/html","200","Z","2"]]"#;
        assert_eq!(found(json), expected);
        let objects = "{\"urlkey\": \"k\", \"timestamp\": \"20260203040506\", \"url\": \"http://daily.test/a?b=1\", \
                       \"mime\": \"text/html\", \"status\": \"200\"}\n{\"broken\n";
        assert_eq!(found(objects), expected);
        let plain = "test,daily)/a?b=1 20260203040506 http://daily.test/a?b=1 text/html 200 X 5\nnonsense\n";
        assert_eq!(found(plain), expected);
    }

    #[test]
    fn what_is_no_index_names_no_copy() {
        for body in [
            "",
            "[]",
            "[[\"timestamp\"]]",
            "[1, 2]",
            "{}",
            "<html>",
            "a b c d e f g",
            "k 99999999999999 https://daily.test/a?b=1 text/html 200 X 5",
            "k 2026 https://daily.test/a?b=1 text/html 200 X 5",
        ] {
            assert_eq!(found(body), None, "{body}");
        }
        assert_eq!(instant("20260203040506"), Some(1_770_091_506_000));
        assert_eq!(instant("20261303040506"), None);
        assert_eq!(instant("202602030405é6"), None);
    }
}
