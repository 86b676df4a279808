//! The header blocks of records and of the HTTP answers in them: lines with a name and a value, read where they are.

use memchr::memmem;

/// Maximum size of a header block.
pub(super) const HEADER_BYTES: usize = 64 << 10;
/// Maximum size of the header block of an HTTP answer.
const HTTP_BYTES: usize = 1 << 20;

/// The lines of a header block without the first.
#[derive(Debug, Clone, Copy)]
pub(super) struct Header<'b>(&'b [u8]);

impl<'b> Header<'b> {
    /// A header block, with the line that comes before its fields.
    pub(super) fn new(block: &'b [u8]) -> Header<'b> {
        let first = memchr::memchr(b'\n', block).map_or(block.len(), |at| at + 1);
        Header(&block[first..])
    }

    /// The values of a field, in the order of its lines.
    pub(super) fn all(self, name: &str) -> impl Iterator<Item = &'b [u8]> {
        self.0.split(|byte| *byte == b'\n').filter_map(move |line| {
            let (found, value) = line.split_at_checked(name.len())?;
            let value = value.trim_ascii_start().strip_prefix(b":")?;
            found
                .eq_ignore_ascii_case(name.as_bytes())
                .then(|| value.trim_ascii())
        })
    }

    pub(super) fn get(self, name: &str) -> Option<&'b [u8]> {
        self.all(name).next()
    }

    /// A value as text; what is not UTF-8 is replaced.
    pub(super) fn text(self, name: &str) -> Option<String> {
        let value = self.get(name)?;
        Some(String::from_utf8_lossy(value).into_owned())
    }

    /// All values of a field, joined by commas.
    pub(super) fn joined(self, name: &str) -> Option<String> {
        let values: Vec<_> = self.all(name).map(String::from_utf8_lossy).collect();
        (!values.is_empty()).then(|| values.join(", "))
    }
}

/// An HTTP answer in a block.
#[derive(Debug, Clone, Copy)]
pub(super) struct Answer<'b> {
    pub(super) status: u16,
    pub(super) header: Header<'b>,
    /// Where its body begins.
    pub(super) body: usize,
}

impl<'b> Answer<'b> {
    /// The answer that a block holds, if it does.
    pub(super) fn of(block: &'b [u8]) -> Option<Answer<'b>> {
        if !block.starts_with(b"HTTP/") {
            return None;
        }
        let start = &block[..block.len().min(HTTP_BYTES)];
        let crlf = memmem::find(start, b"\r\n\r\n").map(|at| at + 4);
        let before = &start[..crlf.unwrap_or(start.len())];
        let lf = memmem::find(before, b"\n\n").map(|at| at + 2);
        // Without an end there is no body.
        let body = lf.or(crlf).unwrap_or(block.len());
        let line = block.split(|byte| *byte == b'\n').next()?;
        let status = line
            .split(u8::is_ascii_whitespace)
            .find(|it| it.len() == 3)?;
        let status = std::str::from_utf8(status).ok()?.parse().ok()?;
        Some(Answer {
            status,
            header: Header::new(&block[..body.min(HTTP_BYTES)]),
            body,
        })
    }
}

/// The body without chunked transfer coding (RFC 9112, section 7.1), in place. A body that is not chunked is left
/// as it is: some crawlers decode the body but keep the header. False where it ends early.
pub(super) fn dechunk(body: &mut Vec<u8>) -> bool {
    let (mut from, mut to) = (0, 0);
    let is_whole = loop {
        let Some((size, line)) = chunk_size(&body[from..]) else {
            if to == 0 {
                return true;
            }
            break false;
        };
        from += line;
        if size == 0 {
            break true;
        }
        let count = size.min(body.len() - from);
        body.copy_within(from..from + count, to);
        (from, to) = (from + count, to + count);
        if count < size {
            break false;
        }
        let end = body[from..]
            .iter()
            .take(2)
            .take_while(|it| matches!(it, b'\r' | b'\n'));
        from += end.count();
    };
    body.truncate(to);
    is_whole
}

/// True where a body begins like a chunk of a page, whatever its header says.
pub(super) fn looks_chunked(body: &[u8]) -> bool {
    chunk_size(body).is_some_and(|(size, line)| {
        size > 0 && body.get(line) == Some(&b'<') && body[..line].ends_with(b"\r\n")
    })
}

/// The size of the chunk that begins here, and the length of the line that states it.
fn chunk_size(bytes: &[u8]) -> Option<(usize, usize)> {
    let end = memchr::memchr(b'\n', &bytes[..bytes.len().min(4096)])?;
    let line = bytes[..end].split(|byte| *byte == b';').next()?;
    let size = std::str::from_utf8(line.trim_ascii()).ok()?;
    Some((usize::from_str_radix(size, 16).ok()?, end + 1))
}
