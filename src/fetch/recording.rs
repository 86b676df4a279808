//! Exchanges as they went over the wire, for a [`Recorder`] that keeps them. What identifies the user to a server
//! is no part of them: neither cookies nor logins nor the headers of a subscription are recorded.

use std::fmt::Debug;
use std::net::IpAddr;
use std::ops::Deref;
use std::time::Duration;

use reqwest::header::{
    AUTHORIZATION, COOKIE, HOST, HeaderMap, HeaderName, LOCATION, PROXY_AUTHORIZATION, SET_COOKIE,
    TRANSFER_ENCODING, USER_AGENT,
};
use reqwest::{Response, Version};
use tokio::time::Instant;
use url::{Position, Url};

use crate::fetch::FetchErrorKind;
use crate::fetch::exchange::{Answer, Hop};
use crate::fetch::guard::Route;
use crate::fetch::robots::BoxFuture;

/// By this name a `Transfer-Encoding` header is recorded: the body is recorded without that encoding.
const TAKEN_OFF: &str = "x-crawler-transfer-encoding";
/// Bytes of a body that are received for the record alone, such as that of a redirect.
const FOR_THE_RECORD: usize = 64 << 10;

/// Keeps every exchange of a client: pages, feeds, sitemaps, robots.txt, each redirect, each try.
pub trait Recorder: Debug + Send + Sync {
    /// Takes an exchange that has ended. The request that follows it in a chain is sent after that.
    fn record(&self, exchanged: Exchanged) -> BoxFuture<'_, ()>;
}

/// A request and its answer, as they went over the wire.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Exchanged {
    /// The address, without a user name or password.
    pub url: Url,
    /// How long it took from the request to the last byte.
    pub took: Duration,
    /// The address of the server, where no proxy was between.
    pub peer: Option<IpAddr>,
    /// It was HTTP/2. The heads are written as those of HTTP/1.1 all the same.
    pub is_http2: bool,
    /// The request line and the headers, with the empty line after them.
    pub request: Vec<u8>,
    /// The status.
    pub status: u16,
    /// The status line and the headers, with the empty line after them.
    pub response: Vec<u8>,
    /// The body in the content encoding that it came in.
    pub body: Vec<u8>,
    /// Why a part of the body is missing.
    pub cut: Option<Cut>,
}

/// Why a part of a body is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// It is longer than wanted.
    Length,
    /// It took too long.
    Time,
    /// The connection broke.
    Disconnect,
    /// It was not what was asked for, and left unread.
    Unspecified,
}

/// What is recorded of one exchange while it is under way.
#[derive(Debug)]
pub(super) struct Tape {
    began: Instant,
    request: Vec<u8>,
    head: Option<Head>,
    body: Vec<u8>,
    /// How the body ended, once it has: whole, or cut.
    end: Option<Option<Cut>>,
}

/// The beginning of an answer.
#[derive(Debug)]
struct Head {
    peer: Option<IpAddr>,
    is_http2: bool,
    status: u16,
    bytes: Vec<u8>,
}

/// An answer whose body is being received, and recorded if there is a tape.
#[derive(Debug)]
pub(super) struct Incoming<'t> {
    response: Response,
    tape: Option<&'t mut Tape>,
}

impl Tape {
    pub(super) fn new() -> Tape {
        Tape {
            began: Instant::now(),
            request: Vec::new(),
            head: None,
            body: Vec::new(),
            end: None,
        }
    }

    /// Records the head of a request as the client sends it: it adds these two headers by itself.
    pub(super) fn record_request(&mut self, request: &reqwest::Request, hop: &Hop, agent: &str) {
        let target = &hop.url[Position::BeforePath..Position::AfterQuery];
        let mut head = format!("GET {target} HTTP/1.1\r\n").into_bytes();
        let secret = [AUTHORIZATION, PROXY_AUTHORIZATION, COOKIE];
        for (name, value) in request.headers() {
            if !secret.contains(name) && !value.is_sensitive() {
                push_header(&mut head, name.as_str(), value.as_bytes());
            }
        }
        push_header(&mut head, USER_AGENT.as_str(), agent.as_bytes());
        if !request.headers().contains_key(HOST) {
            let host = &hop.url[Position::BeforeHost..Position::AfterPort];
            push_header(&mut head, HOST.as_str(), host.as_bytes());
        }
        head.extend_from_slice(b"\r\n");
        self.request = head;
    }

    fn record_head(&mut self, response: &Response, hop: &Hop) {
        let peer = response
            .remote_addr()
            .filter(|_| hop.route != Route::Proxied);
        self.head = Some(Head {
            peer: peer.map(|it| it.ip()),
            is_http2: response.version() == Version::HTTP_2,
            status: response.status().as_u16(),
            bytes: head(response, hop.is_personal()),
        });
    }

    /// The exchange, if there was an answer at all.
    pub(super) fn end(
        self,
        hop: &Hop,
        answer: &Result<Answer, FetchErrorKind>,
    ) -> Option<Exchanged> {
        let head = self.head?;
        Some(Exchanged {
            url: hop.url.clone(),
            took: self.began.elapsed(),
            peer: head.peer,
            is_http2: head.is_http2,
            request: self.request,
            status: head.status,
            response: head.bytes,
            body: self.body,
            cut: self.end.unwrap_or_else(|| Some(cut(answer))),
        })
    }
}

/// Why a body was not received to its end.
fn cut(answer: &Result<Answer, FetchErrorKind>) -> Cut {
    match answer {
        Ok(_) | Err(FetchErrorKind::TooLarge { .. }) => Cut::Length,
        Err(FetchErrorKind::TooSlow { .. } | FetchErrorKind::Silent { .. }) => Cut::Time,
        Err(_) => Cut::Unspecified,
    }
}

/// The status line and the headers of an answer. The cookies of one that a login or a subscription was sent to are as
/// good as that.
fn head(response: &Response, hides_cookies: bool) -> Vec<u8> {
    let version = match response.version() {
        Version::HTTP_09 | Version::HTTP_10 => "HTTP/1.0",
        _ => "HTTP/1.1",
    };
    let status = response.status();
    let reason = status.canonical_reason().unwrap_or_default();
    let mut head = format!("{version} {} {reason}\r\n", status.as_u16()).into_bytes();
    push_headers(&mut head, response.headers(), hides_cookies);
    head.extend_from_slice(b"\r\n");
    head
}

fn push_headers(head: &mut Vec<u8>, headers: &HeaderMap, hides_cookies: bool) {
    for (name, value) in headers {
        match without_login(name, value.as_bytes()) {
            Some(location) => push_header(head, name.as_str(), location.as_bytes()),
            None if hides_cookies && *name == SET_COOKIE => {}
            None if *name == TRANSFER_ENCODING => {
                push_header(head, TAKEN_OFF, value.as_bytes());
            }
            None => push_header(head, name.as_str(), value.as_bytes()),
        }
    }
}

/// Where a redirect leads, without the user name and the password, if it names any.
fn without_login(name: &HeaderName, value: &[u8]) -> Option<String> {
    if *name != LOCATION || !value.contains(&b'@') {
        return None;
    }
    let mut url = Url::parse(str::from_utf8(value).ok()?).ok()?;
    if url.username().is_empty() && url.password().is_none() {
        return None;
    }
    url.set_username("").ok()?;
    url.set_password(None).ok()?;
    Some(url.into())
}

fn push_header(head: &mut Vec<u8>, name: &str, value: &[u8]) {
    head.extend_from_slice(name.as_bytes());
    head.extend_from_slice(b": ");
    head.extend_from_slice(value);
    head.extend_from_slice(b"\r\n");
}

impl<'t> Incoming<'t> {
    /// An answer that is recorded on this tape, if there is one.
    pub(super) fn new(response: Response, hop: &Hop, tape: Option<&'t mut Tape>) -> Incoming<'t> {
        let mut tape = tape;
        if let Some(tape) = &mut tape {
            tape.record_head(&response, hop);
        }
        Incoming { response, tape }
    }

    /// Receives more of the body; false where there is no more.
    pub(super) async fn receive(
        &mut self,
        body: &mut Vec<u8>,
        silence: Duration,
    ) -> Result<bool, FetchErrorKind> {
        let chunk = match tokio::time::timeout(silence, self.response.chunk()).await {
            Ok(chunk) => chunk.map_err(FetchErrorKind::from),
            Err(_) => Err(FetchErrorKind::silent(self.response.url())),
        };
        if let Some(tape) = &mut self.tape {
            match &chunk {
                Ok(Some(chunk)) => tape.body.extend_from_slice(chunk),
                Ok(None) => tape.end = Some(None),
                Err(FetchErrorKind::Silent { .. }) => tape.end = Some(Some(Cut::Time)),
                Err(_) => tape.end = Some(Some(Cut::Disconnect)),
            }
        }
        let chunk = chunk?;
        if let Some(chunk) = &chunk {
            body.extend_from_slice(chunk);
        }
        Ok(chunk.is_some())
    }

    /// Receives a body that is of use for the record alone, as far as it comes soon.
    pub(super) async fn receive_for_record(mut self, soon: Duration) {
        if self.tape.is_none() {
            return;
        }
        let mut body = Vec::new();
        let receive = async {
            while body.len() < FOR_THE_RECORD
                && self.receive(&mut body, soon).await.unwrap_or(false)
            {}
        };
        let _ = tokio::time::timeout(soon, receive).await;
    }
}

impl From<Response> for Incoming<'static> {
    fn from(response: Response) -> Incoming<'static> {
        Incoming {
            response,
            tape: None,
        }
    }
}

impl Deref for Incoming<'_> {
    type Target = Response;

    fn deref(&self) -> &Response {
        &self.response
    }
}
