//! A reader of WARC files that takes nothing on trust: each record a gzip member of its own, lengths and digests right.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use flate2::bufread::GzDecoder;
use sha2::{Digest, Sha256};

/// A record.
#[derive(Debug, Clone)]
pub struct Record {
    pub headers: BTreeMap<String, String>,
    pub block: Vec<u8>,
}

impl Record {
    pub fn get(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }

    pub fn kind(&self) -> &str {
        self.get("WARC-Type")
    }

    pub fn url(&self) -> &str {
        self.get("WARC-Target-URI")
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.block).into_owned()
    }

    /// The body of an HTTP message.
    pub fn body(&self) -> &[u8] {
        let end = self.block.windows(4).position(|it| it == b"\r\n\r\n");
        &self.block[end.unwrap() + 4..]
    }

    /// The value of a field of a metadata record.
    pub fn field(&self, name: &str) -> Option<String> {
        let text = self.text();
        let line = text
            .lines()
            .find_map(|line| line.strip_prefix(&format!("{name}: ")));
        line.map(str::to_owned)
    }
}

/// The files of an archive.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder);
    let paths = entries.into_iter().flatten().map(|it| it.unwrap().path());
    let mut paths: Vec<PathBuf> = paths.collect();
    paths.sort();
    paths
}

/// All records of an archive in order, checked.
pub fn records(folder: &Path) -> Vec<Record> {
    let mut records = Vec::new();
    for path in files(folder) {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        assert!(name.ends_with(".warc.gz"), "{name}");
        let of_file = read(&fs::read(&path).unwrap());
        assert_eq!(of_file[0].kind(), "warcinfo");
        assert_eq!(of_file[0].get("WARC-Filename"), name);
        records.extend(of_file);
    }
    records
}

fn read(mut bytes: &[u8]) -> Vec<Record> {
    let mut records = Vec::new();
    while !bytes.is_empty() {
        let mut member = GzDecoder::new(bytes);
        let mut record = Vec::new();
        member.read_to_end(&mut record).unwrap();
        bytes = member.into_inner();
        records.push(parsed(&record));
    }
    records
}

fn parsed(record: &[u8]) -> Record {
    let end = record.windows(4).position(|it| it == b"\r\n\r\n").unwrap();
    let head = str::from_utf8(&record[..end]).unwrap();
    let (version, lines) = head.split_once("\r\n").unwrap();
    assert_eq!(version, "WARC/1.1");
    let header = |line: &str| {
        let (name, value) = line.split_once(": ").unwrap();
        (name.to_owned(), value.to_owned())
    };
    let record = Record {
        headers: lines.split("\r\n").map(header).collect(),
        block: record[end + 4..].to_vec(),
    };
    let block = record.block.strip_suffix(b"\r\n\r\n").unwrap();
    let record = Record {
        block: block.to_vec(),
        ..record
    };
    assert_eq!(record.get("Content-Length"), block.len().to_string());
    assert_eq!(record.get("WARC-Block-Digest"), digest(block));
    if record.kind() == "response" && !record.get("WARC-Payload-Digest").is_empty() {
        assert_eq!(record.get("WARC-Payload-Digest"), digest(record.body()));
    }
    record
}

/// By way of a string of bits.
fn digest(bytes: &[u8]) -> String {
    let hash = Sha256::digest(bytes);
    let bits: String = hash.iter().map(|byte| format!("{byte:08b}")).collect();
    let letter = |bits: &[u8]| {
        let bits = format!("{:0<5}", str::from_utf8(bits).unwrap());
        let number = usize::from_str_radix(&bits, 2).unwrap();
        char::from(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[number])
    };
    let text: String = bits.as_bytes().chunks(5).map(letter).collect();
    format!("sha256:{text}====")
}
