//! What every request passes, and what every answer gets. This is the one place for it: a handler can forget none of it.

pub(super) mod connections;
mod form_token;
mod headers;
mod hosts;
mod rate;
mod token;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::serve::accept;
use crate::serve::app::App;
use crate::serve::failure::Failure;
use crate::serve::pages;
use crate::serve::{Settings, guard};
pub(crate) use connections::Peer;
pub(crate) use form_token::FormToken;
pub(super) use token::SHORTEST_TOKEN;

/// The body of a form, in bytes.
const FORM_BYTES: usize = 1 << 20;
/// A handler answers within this time; what it streams may take longer.
const HANDLER_TIME: Duration = Duration::from_secs(60);
/// The same for what fetches from elsewhere, which waits for its host's turn.
const FETCH_TIME: Duration = Duration::from_secs(180);
/// Text of an error of the framework.
const REASON_BYTES: usize = 4_096;

/// What the checks need to know.
#[derive(Debug)]
pub(super) struct Guard {
    hosts: hosts::Hosts,
    token: Option<token::Token>,
    form_token: FormToken,
    rates: rate::Rates,
    read_only: bool,
    /// The body of a page to extract, in bytes.
    max_page: usize,
}

impl Guard {
    /// The checks that these settings ask for, of a server at this address.
    pub(super) fn new(settings: &Settings, address: SocketAddr) -> Guard {
        Guard {
            hosts: hosts::Hosts::new(address, &settings.hosts),
            token: settings.token.as_deref().map(token::Token::new),
            form_token: FormToken::default(),
            rates: rate::Rates::default(),
            read_only: settings.read_only,
            max_page: usize::try_from(settings.config.crawl.max_body).unwrap_or(usize::MAX),
        }
    }

    /// What forms carry to show that they are ours.
    pub(super) fn form_token(&self) -> &FormToken {
        &self.form_token
    }

    /// The checks, in order. What is left of the request has passed them all.
    async fn check(&self, request: Request) -> Result<Request, Failure> {
        self.hosts.check(request.headers())?;
        if let Some(token) = &self.token {
            token.check(request.headers())?;
        }
        self.rates.check(&request)?;
        self.hosts.check_origin(&request)?;
        if !writes(&request) {
            return Ok(request);
        }
        if self.read_only {
            return Err(Failure::forbidden(
                "nothing can be changed here: the server was started with --read-only",
            ));
        }
        self.form_token.check(request).await
    }

    /// Bytes that the body of a request may have.
    fn max_body(&self, request: &Request) -> usize {
        if request.uri().path().ends_with("/extract") || request.uri().path() == "/mcp" {
            // JSON writes some characters in six.
            self.max_page.saturating_mul(2).saturating_add(FORM_BYTES)
        } else {
            FORM_BYTES
        }
    }
}

/// True for what changes something. The API only reads, and so do the tools of MCP.
fn writes(request: &Request) -> bool {
    let path = request.uri().path();
    let is_read = matches!(
        *request.method(),
        Method::GET | Method::HEAD | Method::OPTIONS
    );
    !is_read && !path.starts_with("/api/") && path != "/mcp"
}

/// Passes a request on if it may, and dresses the answer.
pub(super) async fn guard(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let is_page = accept::is_page(&request);
    let path = request.uri().path().to_owned();
    let answer = match app.guard.check(request).await {
        Ok(request) => run(&app.guard, request, next).await,
        Err(failure) => failure.into_response(),
    };
    let mut answer = match failure_of(answer, &path).await {
        Ok(answer) => answer,
        Err((failure, answer)) => {
            let mut shown = if is_page {
                pages::failure::page(&app, &failure)
            } else {
                failure.clone().problem(&path)
            };
            failure.add_headers(&answer, &mut shown);
            shown
        }
    };
    headers::secure(answer.headers_mut(), &path);
    answer
}

/// The answer of the handler, which has so much time and reads so much.
async fn run(guard: &guard::Guard, request: Request, next: Next) -> Response {
    let most = guard.max_body(&request);
    let time = if rate::fetches(&request) || request.uri().path() == "/mcp" {
        FETCH_TIME
    } else {
        HANDLER_TIME
    };
    let request = request.map(|body| Body::new(http_body_util::Limited::new(body, most)));
    // In a task of its own: a panic is an error of one request.
    let mut answer = tokio::spawn(next.run(request));
    match tokio::time::timeout(time, &mut answer).await {
        Ok(Ok(answer)) => answer,
        Ok(Err(_)) => Failure::internal().into_response(),
        Err(_) => {
            answer.abort();
            let detail = format!(
                "this took longer than {} s; try again later",
                time.as_secs()
            );
            Failure::new(StatusCode::GATEWAY_TIMEOUT, detail).into_response()
        }
    }
}

/// What failed, whether a handler says so or the framework.
async fn failure_of(answer: Response, path: &str) -> Result<Response, (Failure, Response)> {
    if let Some(failure) = answer.extensions().get::<Failure>() {
        return Err((failure.clone(), answer));
    }
    let status = answer.status();
    let is_error = status.is_client_error() || status.is_server_error();
    if !is_error || path == "/mcp" {
        return Ok(answer);
    }
    let (parts, body) = answer.into_parts();
    let text = to_bytes(body, REASON_BYTES).await.unwrap_or_default();
    let text = String::from_utf8_lossy(&text).into_owned();
    let detail = match status {
        StatusCode::NOT_FOUND => "there is no page at this address".to_owned(),
        StatusCode::METHOD_NOT_ALLOWED => "this address takes another method".to_owned(),
        _ if text.is_empty() => "the request cannot be answered".to_owned(),
        _ => text,
    };
    let failure = Failure::new(status, detail);
    Err((failure, Response::from_parts(parts, Body::empty())))
}
