//! An answer of a server: its status and headers, whatever they say, and its body. The first line is
//! the status, then come headers up to an empty line, then the body.
#![no_main]

use std::sync::LazyLock;

use http::header::{HeaderName, HeaderValue};
use libfuzzer_sys::fuzz_target;
use newsprint::Url;
use newsprint::fetch::fuzzing::Reader;
use newsprint::fetch::{Expect, Request};
use tokio::runtime::{Builder, Runtime};

static RUNTIME: LazyLock<Runtime> =
    LazyLock::new(|| Builder::new_current_thread().enable_all().build().unwrap());
static READER: LazyLock<Reader> = LazyLock::new(|| Reader::new().unwrap());

fn response(bytes: &[u8]) -> Option<http::Response<Vec<u8>>> {
    let (head, body) = bytes
        .windows(2)
        .position(|two| two == b"\n\n")
        .map_or((bytes, &[][..]), |at| (&bytes[..at], &bytes[at + 2..]));
    let mut lines = head.split(|&byte| byte == b'\n');
    let status = std::str::from_utf8(lines.next()?).ok()?.trim().parse::<u16>().ok()?;
    let mut response = http::Response::builder().status(status).body(body.to_vec()).ok()?;
    for line in lines.take(200) {
        let at = line.iter().position(|&byte| byte == b':')?;
        let name = HeaderName::from_bytes(&line[..at]).ok()?;
        let value = HeaderValue::from_bytes(line[at + 1..].trim_ascii()).ok()?;
        response.headers_mut().append(name, value);
    }
    Some(response)
}

fuzz_target!(|bytes: &[u8]| {
    let Some(answer) = response(bytes) else { return };
    let mut request = Request::page(Url::parse("https://paper.test/news/ferry-returns").unwrap());
    request.expect = match bytes.len() % 3 {
        0 => Expect::Page,
        1 => Expect::Feed,
        _ => Expect::Sitemap,
    };
    request.etag = Some("\"1\"".to_owned());
    match RUNTIME.block_on(READER.read(answer.into(), &request)) {
        Ok(read) => assert!(read.is_none_or(|read| read.body.len() <= 64 << 20)),
        // Every error can be printed, causes and all.
        Err(error) => drop(format!("{error} {error:?}")),
    }
});
