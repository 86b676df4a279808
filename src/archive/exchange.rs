//! What the records of an exchange and of the end of a visit say.

use crate::archive::known::KnownPayload;
use crate::archive::record::{Record, RecordId, date, digest};
use crate::fetch::{Cut, Exchanged};

/// The payload is that of an earlier record.
const SAME_PAYLOAD: &str = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest";
/// Payloads of fewer bytes are recorded again: what refers to them is as long.
const LEAST_REFERRED_TO: usize = 512;
/// The server says that nothing has changed.
const NOT_MODIFIED: &str = "http://netpreserve.org/warc/1.1/revisit/server-not-modified";

/// The records of an exchange.
#[derive(Debug)]
pub(crate) struct Captured {
    /// The address.
    pub(crate) url: String,
    /// When it was requested, in unix milliseconds.
    pub(crate) at: i64,
    /// The payload, if it is recorded or was before, and is whole; in no file yet, if it is recorded here.
    pub(crate) payload: Option<KnownPayload>,
    response: RecordId,
    took: u128,
}

/// How a visit ended.
#[derive(Debug)]
pub(crate) struct VisitEnd<'a> {
    /// The outcome, as far as the page shows it.
    pub(crate) outcome: &'static str,
    /// Why, in one line.
    pub(crate) reason: Option<&'a str>,
    /// The source of the address.
    pub(crate) source: &'a str,
    /// What the address was expected to hold.
    pub(crate) kind: &'static str,
    /// The address as it was asked for.
    pub(crate) url: &'a str,
    /// The `id` of the article and its `content_hash`, if there is one.
    pub(crate) article: Option<(&'a str, &'a str)>,
}

/// Makes the records of an exchange that began at `at`: the request, and the response, or what refers to an
/// `earlier` one in its place: that of this payload, or where there is none, of what the server says has not changed.
pub(crate) fn capture(
    exchanged: &Exchanged,
    at: i64,
    earlier: impl FnOnce(Option<&str>) -> Option<KnownPayload>,
) -> (Captured, Vec<u8>) {
    let (request, response) = (RecordId::new(), RecordId::new());
    let body = exchanged.body.as_slice();
    let has_payload = exchanged.status != 304 && !body.is_empty();
    let payload = has_payload.then(|| digest(&[body]));
    let is_whole = exchanged.cut.is_none();
    let earlier = match &payload {
        Some(payload) if is_whole && body.len() >= LEAST_REFERRED_TO => earlier(Some(payload)),
        None if exchanged.status == 304 => earlier(None),
        _ => None,
    };
    let mut members = Vec::new();
    of_exchange(exchanged, Record::new("request", request, at))
        .header("WARC-Concurrent-To", response)
        .block(
            "application/http; msgtype=request",
            [&exchanged.request, &[]],
        )
        .pack(&mut members);
    let revisited = match (exchanged.status, &earlier) {
        (304, _) => Some(NOT_MODIFIED),
        (_, Some(_)) => Some(SAME_PAYLOAD),
        _ => None,
    };
    let kind = if revisited.is_some() {
        "revisit"
    } else {
        "response"
    };
    let refers_to = earlier.as_ref();
    let record = of_exchange(exchanged, Record::new(kind, response, at))
        .maybe("WARC-Profile", revisited)
        .maybe("WARC-Refers-To-Target-URI", refers_to.map(|it| &it.url))
        .maybe("WARC-Refers-To-Date", refers_to.map(|it| date(it.at)))
        .maybe("WARC-Truncated", exchanged.cut.map(reason))
        .maybe("WARC-Payload-Digest", payload.as_ref());
    let body = if revisited.is_some() { &[] } else { body };
    record
        .block(
            "application/http; msgtype=response",
            [&exchanged.response, body],
        )
        .pack(&mut members);
    let payload = payload.filter(|_| is_whole).map(|digest| KnownPayload {
        digest,
        url: exchanged.url.to_string(),
        at,
        file: "".into(),
    });
    let captured = Captured {
        url: exchanged.url.to_string(),
        at,
        payload: earlier.or(payload),
        response,
        took: exchanged.took.as_millis(),
    };
    (captured, members)
}

/// With what the records of an exchange have in common.
fn of_exchange<'b>(exchanged: &Exchanged, record: Record<'b>) -> Record<'b> {
    record
        .header("WARC-Target-URI", &exchanged.url)
        .maybe("WARC-IP-Address", exchanged.peer)
        .maybe("WARC-Protocol", exchanged.is_http2.then_some("h2"))
}

fn reason(cut: Cut) -> &'static str {
    match cut {
        Cut::Length => "length",
        Cut::Time => "time",
        Cut::Disconnect => "disconnect",
        Cut::Unspecified => "unspecified",
    }
}

impl Captured {
    /// Makes the record of how the visit ended that brought this exchange.
    pub(crate) fn metadata(&self, end: &VisitEnd<'_>) -> Vec<u8> {
        let took = self.took.to_string();
        let fields = [
            ("outcome", Some(end.outcome)),
            ("reason", end.reason),
            ("source", Some(end.source)),
            ("kind", Some(end.kind)),
            ("article", end.article.map(|(id, _)| id)),
            ("content_hash", end.article.map(|(_, hash)| hash)),
            ("via", Some(end.url).filter(|url| *url != self.url)),
            ("fetchTimeMs", Some(took.as_str())),
        ];
        let block = fields_block(&fields);
        let mut member = Vec::new();
        Record::new("metadata", RecordId::new(), self.at)
            .header("WARC-Target-URI", &self.url)
            .header("WARC-Concurrent-To", self.response)
            .block("application/warc-fields", [block.as_bytes(), &[]])
            .pack(&mut member);
        member
    }
}

/// Fields as `application/warc-fields` has them, those without a value left out.
pub(super) fn fields_block(fields: &[(&str, Option<&str>)]) -> String {
    let line = |(name, value): &(&str, Option<&str>)| {
        let value = value.as_ref()?.replace(['\r', '\n'], " ");
        Some(format!("{name}: {value}\r\n"))
    };
    fields.iter().filter_map(line).collect()
}
