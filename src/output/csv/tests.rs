use super::*;
use crate::article::{Image, Rights};
use crate::output::to_string;

const CSV: &Csv = &Csv { bom: false };

/// The rows of CSV, read by the rules of RFC 4180 and no others.
fn read(text: &str) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut cell) = (Vec::new(), Vec::new(), String::new());
    let (mut chars, mut is_quoted) = (text.chars().peekable(), false);
    while let Some(c) = chars.next() {
        match c {
            '"' if is_quoted && chars.peek() == Some(&'"') => cell.extend(chars.next()),
            '"' => is_quoted = !is_quoted,
            ',' if !is_quoted => row.push(std::mem::take(&mut cell)),
            '\r' if !is_quoted => {
                assert_eq!(chars.next(), Some('\n'));
                row.push(std::mem::take(&mut cell));
                rows.push(std::mem::take(&mut row));
            }
            c => cell.push(c),
        }
    }
    assert!(row.is_empty() && cell.is_empty() && !is_quoted);
    rows
}

fn encoded(format: &'static dyn RecordFormat, articles: &[Article]) -> String {
    let (mut encoder, mut out) = (format.encoder(true), Vec::new());
    for article in articles {
        encoder.write(article, &mut out).unwrap();
    }
    encoder.finish(&mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// The cell of the only record, by its column.
fn cell_of(article: &Article, column: &str) -> String {
    let rows = read(&encoded(CSV, std::slice::from_ref(article)));
    assert_eq!(rows.len(), 2);
    let at = rows[0].iter().position(|it| it == column).unwrap();
    rows[1][at].clone()
}

#[test]
fn cells_are_quoted_and_no_formula_is_run() {
    for (text, expected) in [
        ("a", "a"),
        ("b,\"c\"", "\"b,\"\"c\"\"\""),
        ("=cmd|' /c calc'!A0", "\"'=cmd|' /c calc'!A0\""),
        ("+1", "\"'+1\""),
        ("-1+1", "\"'-1+1\""),
        ("@SUM(A1)", "\"'@SUM(A1)\""),
        ("\tx", "\"'\tx\""),
        ("\rx", "\"'\nx\""),
        ("\r\n=1", "\"'\n=1\""),
        (" \t+1", "\"' \t+1\""),
        ("\u{1b}[2J", "\" [2J\""),
        ("\u{feff}\u{3000}＝1", "\"'\u{feff}\u{3000}＝1\""),
        ("a;b", "\"a;b\""),
        ("", ""),
    ] {
        assert_eq!(row(&[text.to_owned()]), format!("{expected}\r\n"));
    }
}

#[test]
fn the_columns_are_the_fields_of_the_record_in_their_order() {
    let record: Value = serde_json::from_str(crate::schema::RECORD).unwrap();
    let rights = record["$defs"]["rights"]["properties"].as_object().unwrap();
    let mut expected = Vec::new();
    for name in record["properties"].as_object().unwrap().keys() {
        if name == "rights" {
            expected.extend(rights.keys().map(|it| format!("rights.{it}")));
        } else {
            expected.push(name.clone());
        }
    }
    assert_eq!(COLUMNS.to_vec(), expected);
}

#[test]
fn line_breaks_lists_and_objects_have_their_places_in_a_cell() {
    let article = Article {
        text: "First, he \"said\".\n\nLast.".to_owned(),
        authors: vec!["Ada Ferry".to_owned(), "Örn".to_owned()],
        status: Some(200),
        images: Some(vec![Image {
            src: "https://harbour.example/a.jpg".to_owned(),
            ..Image::default()
        }]),
        rights: Rights {
            ai_policy: Some("noai".to_owned()),
            ..Rights::default()
        },
        ..Article::default()
    };
    for (column, expected) in [
        ("text", "First, he \"said\".\n\nLast."),
        ("authors", "Ada Ferry; Örn"),
        ("tags", ""),
        ("title", ""),
        ("markdown", ""),
        ("status", "200"),
        ("rights.ai_policy", "noai"),
        ("rights.robots_meta", ""),
        (
            "images",
            r#"[{"src":"https://harbour.example/a.jpg","alt":null,"caption":null,"credit":null}]"#,
        ),
    ] {
        assert_eq!(cell_of(&article, column), expected, "{column}");
    }
}

#[test]
fn the_names_stand_above_the_rows_once_even_if_there_are_none() {
    let articles = vec![Article::default(); 3];
    for count in 0..=3 {
        let text = encoded(CSV, &articles[..count]);
        assert_eq!(read(&text).len(), count + 1);
        assert!(text.starts_with("id,url,"));
    }
    assert_eq!(read(&to_string(&articles[0], CSV)).len(), 2);
}

#[test]
fn a_byte_order_mark_stands_at_the_beginning_where_it_is_asked_for() {
    let with = CSV.with_byte_order_mark().unwrap();
    let text = encoded(with, &[Article::default()]);
    assert_eq!(
        text.strip_prefix('\u{feff}'),
        Some(&*encoded(CSV, &[Article::default()]))
    );
    assert!(to_string(&Article::default(), with).starts_with("\u{feff}id,"));
}
