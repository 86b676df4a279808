//! Files, folders and WARC files, whole and damaged.

use super::*;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::fs;
use std::io::Write;

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn names(dir: &Path) -> Vec<String> {
    pages(vec![dir.to_owned()], 1000)
        .map(|page| match page {
            Ok(page) => page.name.rsplit('/').next().unwrap().to_owned(),
            Err(error) => format!("! {}", error.reason),
        })
        .collect()
}

#[test]
fn a_folder_gives_its_pages_in_the_order_of_their_names() {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("b")).unwrap();
    for name in ["c.html", "a.htm", "notes.txt", "b/d.html.gz"] {
        fs::write(dir.path().join(name), gzip(b"<p>x")).unwrap();
    }
    assert_eq!(names(dir.path()), ["a.htm", "d.html.gz", "c.html"]);
}

#[test]
fn one_bad_file_does_not_stop_the_rest() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("a.html.gz"), [0x1f, 0x8b, 9, 9]).unwrap();
    fs::write(dir.path().join("b.html"), vec![b'x'; 1001]).unwrap();
    fs::write(dir.path().join("c.html"), "<p>x").unwrap();
    let names = names(dir.path());
    assert!(names[0].starts_with("! cannot read it"));
    assert!(names[1].contains("larger than 1000 bytes"));
    assert_eq!(names[2], "c.html");
}

#[test]
fn a_gzip_file_that_breaks_off_gives_what_can_be_read() {
    let dir = tempfile::tempdir().unwrap();
    let whole = gzip("<p>ferry and tide and harbour</p>".repeat(20).as_bytes());
    let path = dir.path().join("a.html.gz");
    fs::write(&path, &whole[..whole.len() - 9]).unwrap();
    let page = pages(vec![path], 10_000).next().unwrap().unwrap();
    assert!(page.bytes.starts_with(b"<p>ferry"));
}

#[test]
fn a_missing_path_is_named() {
    let error = pages(vec!["no/such".into()], 10)
        .next()
        .unwrap()
        .unwrap_err();
    assert_eq!(error.to_string(), "no/such: no such file or folder");
}

#[test]
fn a_warc_file_gives_its_pages() {
    let body = "<html><p>Fähre</p></html>";
    let http = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nTransfer-Encoding: chunked\r\n\r\n\
         {:x}\r\n{body}\r\n0\r\n\r\n",
        body.len()
    );
    let record = |kind: &str, block: &str| {
        format!(
            "WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: https://paper.example/a\r\n\
             WARC-Date: 2026-11-23T09:00:00Z\r\nContent-Length: {}\r\n\r\n{block}\r\n\r\n",
            block.len()
        )
    };
    let missing = "HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n\r\n<p>gone</p>";
    let records = [
        record("warcinfo", "x: y"),
        record("response", missing),
        record("response", &http),
    ];
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.warc.gz");
    fs::write(
        &path,
        records
            .iter()
            .flat_map(|it| gzip(it.as_bytes()))
            .collect::<Vec<_>>(),
    )
    .unwrap();
    let found: Vec<_> = pages(vec![path], 1000).map(Result::unwrap).collect();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].bytes, body.as_bytes());
    assert_eq!(
        found[0].url.as_ref().unwrap().as_str(),
        "https://paper.example/a"
    );
    assert_eq!(
        found[0].content_type.as_deref(),
        Some("text/html; charset=utf-8")
    );
    assert_eq!(
        (found[0].status, found[0].fetched_at.as_deref()),
        (Some(200), Some("2026-11-23T09:00:00Z"))
    );
    assert!(found[0].name.ends_with("a.warc.gz#https://paper.example/a"));
}

proptest::proptest! {
    #[test]
    fn no_bytes_of_a_warc_file_make_it_panic(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..400)) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.warc");
        let head = b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 300\r\n\r\nHTTP/1.1 200 OK\r\n";
        fs::write(&path, [&head[..], &bytes[..]].concat()).unwrap();
        let _ = pages(vec![path], 1000).count();
    }
}
