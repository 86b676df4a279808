//! WARC files (ISO 28500, versions 1.0 and 1.1): the web pages among their records.

use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

use flate2::read::{DeflateDecoder, GzDecoder};
use url::Url;

use crate::input::{InputError, SavedPage};

/// Maximum size of a header block, of the record or of HTTP.
const HEADER_BYTES: u64 = 64 << 10;

type Headers = Vec<(String, String)>;

/// The records of one file, as pages.
pub(super) struct Records {
    path: String,
    reader: BufReader<Box<dyn Read + Send>>,
    max_bytes: u64,
    record_bytes: usize,
}

impl std::fmt::Debug for Records {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Records")
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

impl Records {
    pub(super) fn new(
        path: &Path,
        reader: Box<dyn Read + Send>,
        max_bytes: u64,
        record_bytes: usize,
    ) -> Records {
        Records {
            path: path.display().to_string(),
            reader: BufReader::new(reader),
            max_bytes,
            record_bytes,
        }
    }

    /// The next record: its headers and its block, truncated at the limit.
    fn record(&mut self) -> io::Result<Option<(Headers, Vec<u8>)>> {
        let Some(headers) = self.headers()? else {
            return Ok(None);
        };
        let length: u64 = get(&headers, "content-length")
            .and_then(|length| length.parse().ok())
            .ok_or_else(|| io::Error::other("invalid WARC record: no Content-Length"))?;
        let mut block = Vec::new();
        let mut rest = self.reader.by_ref().take(length);
        rest.by_ref()
            .take(self.record_bytes as u64)
            .read_to_end(&mut block)?;
        io::copy(&mut rest, &mut io::sink())?;
        Ok(Some((headers, block)))
    }

    fn headers(&mut self) -> io::Result<Option<Headers>> {
        let mut line = String::new();
        // Records are separated by empty lines.
        while line.trim().is_empty() {
            line.clear();
            if read_line(&mut self.reader, &mut line)? == 0 {
                return Ok(None);
            }
        }
        if !line.starts_with("WARC/") {
            return Err(io::Error::other(
                "invalid WARC record: not a WARC file, or damaged",
            ));
        }
        let mut headers = Headers::new();
        let mut budget = HEADER_BYTES;
        loop {
            line.clear();
            let read = read_line(&mut self.reader, &mut line)? as u64;
            budget = budget.saturating_sub(read);
            if read == 0 || budget == 0 || line.trim().is_empty() {
                return Ok(Some(headers));
            }
            headers.extend(header(&line));
        }
    }

    /// The page in a record, if there is one.
    fn page(&self, headers: &Headers, block: &[u8]) -> Option<Result<SavedPage, InputError>> {
        let target = get(headers, "warc-target-uri")?.trim_matches(['<', '>']);
        let mut page = SavedPage {
            name: format!("{}#{target}", self.path),
            url: Url::parse(target).ok(),
            fetched_at: get(headers, "warc-date").map(str::to_owned),
            ..SavedPage::default()
        };
        let body = match get(headers, "warc-type")? {
            "resource" => {
                page.content_type = get(headers, "content-type").map(str::to_owned);
                Ok(block.to_vec())
            }
            "response" => {
                let (status, http, body) = http(block)?;
                page.status = Some(status);
                page.content_type = get(&http, "content-type").map(str::to_owned);
                if !(200..300).contains(&status) {
                    return None;
                }
                decoded(&http, body, self.max_bytes)
            }
            _ => return None,
        };
        let html = page
            .content_type
            .as_deref()
            .is_none_or(|kind| kind.to_ascii_lowercase().contains("html"));
        if !html {
            return None;
        }
        Some(match body {
            Ok(bytes) if bytes.len() as u64 <= self.max_bytes => Ok(SavedPage { bytes, ..page }),
            Ok(_) => Err(InputError {
                name: page.name,
                reason: format!("larger than {} bytes", self.max_bytes),
            }),
            Err(reason) => Err(InputError {
                name: page.name,
                reason,
            }),
        })
    }
}

impl Iterator for Records {
    type Item = Result<SavedPage, InputError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            match self.record() {
                Ok(None) => return None,
                Ok(Some((headers, block))) => {
                    if let Some(page) = self.page(&headers, &block) {
                        return Some(page);
                    }
                }
                Err(error) => {
                    // Nothing after a damaged record can be trusted.
                    self.reader = BufReader::new(Box::new(io::empty()));
                    return Some(Err(InputError {
                        name: self.path.clone(),
                        reason: error.to_string(),
                    }));
                }
            }
        }
    }
}

fn read_line(reader: &mut impl BufRead, line: &mut String) -> io::Result<usize> {
    let mut bytes = Vec::new();
    let read = reader.take(HEADER_BYTES).read_until(b'\n', &mut bytes)?;
    line.push_str(&String::from_utf8_lossy(&bytes));
    Ok(read)
}

fn header(line: &str) -> Option<(String, String)> {
    let (name, value) = line.split_once(':')?;
    Some((name.trim().to_ascii_lowercase(), value.trim().to_owned()))
}

fn get<'h>(headers: &'h Headers, name: &str) -> Option<&'h str> {
    headers
        .iter()
        .find(|(known, _)| known == name)
        .map(|(_, value)| value.as_str())
}

/// Status, headers and body of an HTTP response.
fn http(block: &[u8]) -> Option<(u16, Headers, &[u8])> {
    let crlf = block
        .windows(4)
        .position(|it| it == b"\r\n\r\n")
        .map(|at| (at, 4));
    let lf = || {
        block
            .windows(2)
            .position(|it| it == b"\n\n")
            .map(|at| (at, 2))
    };
    let (end, gap) = crlf.or_else(lf)?;
    let head = String::from_utf8_lossy(&block[..end]);
    let mut lines = head.lines();
    let status = lines.next()?.split_whitespace().nth(1)?.parse().ok()?;
    Some((
        status,
        lines.filter_map(header).collect(),
        &block[end + gap..],
    ))
}

/// The body without its transfer and content encodings.
fn decoded(headers: &Headers, body: &[u8], max_bytes: u64) -> Result<Vec<u8>, String> {
    let chunked = get(headers, "transfer-encoding")
        .is_some_and(|it| it.to_ascii_lowercase().contains("chunked"));
    let body = if chunked {
        dechunked(body)
    } else {
        body.to_vec()
    };
    let encoding = get(headers, "content-encoding")
        .unwrap_or_default()
        .to_ascii_lowercase();
    let mut out = Vec::new();
    let most = max_bytes + 1;
    let read = match encoding.as_str() {
        "" | "identity" => return Ok(body),
        "gzip" | "x-gzip" => GzDecoder::new(&body[..]).take(most).read_to_end(&mut out),
        "deflate" => DeflateDecoder::new(&body[..])
            .take(most)
            .read_to_end(&mut out),
        other => {
            return Err(format!(
                "content encoding {other} is not supported in WARC files"
            ));
        }
    };
    match read {
        Err(error) if out.is_empty() => Err(format!("invalid {encoding} data: {error}")),
        _ => Ok(out),
    }
}

/// Decodes chunked transfer coding (RFC 9112, section 7.1). A body that is not chunked is left as it is:
/// some crawlers decode the body but keep the header.
fn dechunked(body: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut rest = body;
    while let Some(end) = rest.iter().position(|&byte| byte == b'\n') {
        let line = String::from_utf8_lossy(&rest[..end]);
        let size = usize::from_str_radix(line.split(';').next().unwrap_or_default().trim(), 16);
        let Ok(size) = size else {
            return if out.is_empty() { body.to_vec() } else { out };
        };
        if size == 0 {
            break;
        }
        let data = &rest[end + 1..];
        let cut = size.min(data.len());
        out.extend_from_slice(&data[..cut]);
        rest = data[cut..].strip_prefix(b"\r\n").unwrap_or(&data[cut..]);
    }
    out
}
