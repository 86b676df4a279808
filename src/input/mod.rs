//! Saved pages: HTML files, folders of them, gzip, WARC files, standard input. Finding them and
//! reading them are apart, so that several threads can read; no page is larger than asked for.

mod warc;

use std::fs::{self, File};
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;

pub use crate::page::SavedPage;

/// Folders nested deeper than this are links that lead back up.
const MAX_DEPTH: usize = 64;

/// A path that could not be read.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("{name}: {reason}")]
pub struct InputError {
    /// The path as given or found.
    pub name: String,
    /// What is wrong.
    pub reason: String,
}

/// True where the path may hold more than one page.
pub fn is_several(path: &Path) -> bool {
    path.is_dir() || is_warc(path)
}

/// The pages of these paths, in their order; folders by name, with what lies below them. Each is
/// read when it is asked for.
pub fn pages(
    paths: Vec<PathBuf>,
    max_bytes: u64,
) -> impl Iterator<Item = Result<SavedPage, InputError>> + Send {
    find(paths, max_bytes).map(FoundPage::read)
}

/// The same before they are read.
pub fn find(paths: Vec<PathBuf>, max_bytes: u64) -> PageFinder {
    let stack = paths.into_iter().rev().map(|path| (path, 0)).collect();
    PageFinder {
        stack,
        max_bytes,
        warc: None,
    }
}

/// A page that was found.
#[derive(Debug)]
pub struct FoundPage {
    max_bytes: u64,
    what: What,
}

#[derive(Debug)]
enum What {
    /// A file of its own, still to be read.
    File(PathBuf),
    /// One out of a file that holds several, which is read front to back; or a fault on the way.
    Read(Result<SavedPage, InputError>),
}

impl FoundPage {
    /// Reads it, unless that is done.
    ///
    /// # Errors
    ///
    /// Where the file can't be read, or holds more than is asked for.
    pub fn read(self) -> Result<SavedPage, InputError> {
        match self.what {
            What::File(path) => {
                read_page(&path, self.max_bytes).map_err(|error| describe(&path, &error))
            }
            What::Read(page) => page,
        }
    }
}

/// Finds pages, one at a time.
#[derive(Debug)]
pub struct PageFinder {
    stack: Vec<(PathBuf, usize)>,
    max_bytes: u64,
    warc: Option<warc::Records>,
}

impl Iterator for PageFinder {
    type Item = FoundPage;

    fn next(&mut self) -> Option<Self::Item> {
        let max_bytes = self.max_bytes;
        let found = |what| Some(FoundPage { max_bytes, what });
        loop {
            if let Some(records) = &mut self.warc {
                match records.next() {
                    Some(page) => return found(What::Read(page)),
                    None => self.warc = None,
                }
            }
            let (path, depth) = self.stack.pop()?;
            let opened = if path.is_dir() {
                self.push_folder(&path, depth)
            } else if is_warc(&path) {
                open(&path).map(|reader| {
                    self.warc = Some(warc::Records::new(&path, reader, max_bytes));
                })
            } else {
                return found(What::File(path));
            };
            if let Err(error) = opened {
                return found(What::Read(Err(describe(&path, &error))));
            }
        }
    }
}

impl PageFinder {
    /// Puts a folder's pages and folders on the stack, the last name first.
    fn push_folder(&mut self, path: &Path, depth: usize) -> io::Result<()> {
        if depth >= MAX_DEPTH {
            return Err(io::Error::other("folders are nested too deep"));
        }
        let mut entries = fs::read_dir(path)?.collect::<io::Result<Vec<_>>>()?;
        entries.sort_by_key(|entry| std::cmp::Reverse(entry.file_name()));
        for entry in entries {
            // A link to a folder may lead back to it; files may be links.
            let is_folder = entry.file_type()?.is_dir();
            let path = entry.path();
            if is_folder || (is_page(&path) && path.is_file()) {
                self.stack.push((path, depth + 1));
            }
        }
        Ok(())
    }
}

/// True for the names that pages have in a folder.
fn is_page(path: &Path) -> bool {
    let name = path.to_string_lossy().to_ascii_lowercase();
    [".html", ".htm", ".xhtml", ".gz", ".warc"]
        .iter()
        .any(|ending| name.ends_with(ending))
}

fn is_warc(path: &Path) -> bool {
    let name = path.to_string_lossy().to_ascii_lowercase();
    name.ends_with(".warc") || name.ends_with(".warc.gz")
}

fn read_page(path: &Path, max_bytes: u64) -> io::Result<SavedPage> {
    let mut bytes = Vec::new();
    let read = open(path)?.take(max_bytes + 1).read_to_end(&mut bytes);
    // A gzip file that breaks off gives what stands before the break.
    if let (Err(error), true) = (read, bytes.is_empty()) {
        return Err(error);
    }
    if bytes.len() as u64 > max_bytes {
        return Err(io::Error::other(format!("larger than {max_bytes} bytes")));
    }
    Ok(SavedPage {
        name: path.display().to_string(),
        bytes,
        ..SavedPage::default()
    })
}

/// Opens a file, or standard input for `-`, and undoes gzip, which is known by its first bytes.
fn open(path: &Path) -> io::Result<Box<dyn Read + Send>> {
    let mut reader: Box<dyn Read + Send> = if path == Path::new("-") {
        Box::new(io::stdin())
    } else {
        Box::new(BufReader::new(File::open(path)?))
    };
    let mut head = Vec::new();
    reader.by_ref().take(2).read_to_end(&mut head)?;
    let zipped = head == [0x1f, 0x8b];
    let whole = io::Cursor::new(head).chain(reader);
    Ok(if zipped {
        Box::new(BufReader::new(MultiGzDecoder::new(whole)))
    } else {
        Box::new(whole)
    })
}

fn describe(path: &Path, error: &io::Error) -> InputError {
    let reason = match error.kind() {
        io::ErrorKind::NotFound => "there is no such file or folder".to_owned(),
        io::ErrorKind::PermissionDenied => "may not be read by this user".to_owned(),
        _ => format!("cannot be read: {error}"),
    };
    InputError {
        name: path.display().to_string(),
        reason,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::write::GzEncoder;
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
        assert!(names[0].starts_with("! cannot be read"));
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
        assert_eq!(
            error.to_string(),
            "no/such: there is no such file or folder"
        );
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
        let missing = "HTTP/1.1 404 Not FoundPage\r\nContent-Type: text/html\r\n\r\n<p>gone</p>";
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
}
