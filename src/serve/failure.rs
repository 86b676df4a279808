//! A request that is not answered as it was meant, with what to do about it: shown as a page to browsers, and as problem
//! details (RFC 9457) to all others.

use axum::Json;
use axum::http::header::{ALLOW, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use crate::store::StoreError;

/// How browsers are asked for the token (RFC 7617).
const CHALLENGE: &str = "Basic realm=\"newsprint\", charset=\"UTF-8\"";

/// Why a request is not answered as it was meant.
#[derive(Debug, Clone)]
pub(crate) struct Failure {
    /// The status of the answer.
    pub(crate) status: StatusCode,
    /// One sentence for a person, with what to do about it.
    pub(crate) detail: String,
    /// More for programs, such as the outcome of a visit.
    pub(crate) more: Map<String, Value>,
    /// After how many seconds to try again.
    pub(crate) retry_after: Option<u64>,
}

/// What a handler gives.
pub(crate) type Answer<T = Response> = Result<T, Failure>;

impl Failure {
    /// A failure with its status and one sentence.
    pub(crate) fn new(status: StatusCode, detail: impl Into<String>) -> Failure {
        Failure {
            status,
            detail: detail.into(),
            more: Map::new(),
            retry_after: None,
        }
    }

    /// The request can't be understood.
    pub(crate) fn bad_request(detail: impl Into<String>) -> Failure {
        Failure::new(StatusCode::BAD_REQUEST, detail)
    }

    /// There is nothing of that name.
    pub(crate) fn not_found(detail: impl Into<String>) -> Failure {
        Failure::new(StatusCode::NOT_FOUND, detail)
    }

    /// It is not allowed.
    pub(crate) fn forbidden(detail: impl Into<String>) -> Failure {
        Failure::new(StatusCode::FORBIDDEN, detail)
    }

    /// A fault of this program.
    pub(crate) fn internal() -> Failure {
        Failure::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "a fault of newsprint; the log of the server has more, please report it",
        )
    }

    /// The same with one more member for programs.
    pub(crate) fn with(mut self, name: &str, value: impl Into<Value>) -> Failure {
        self.more.insert(name.to_owned(), value.into());
        self
    }

    /// The title of its status.
    pub(crate) fn title(&self) -> &'static str {
        self.status.canonical_reason().unwrap_or("Error")
    }

    /// The failure as problem details (RFC 9457) of this path.
    pub(super) fn problem(self, path: &str) -> Response {
        let mut problem = json!({
            "type": "about:blank",
            "title": self.title(),
            "status": self.status.as_u16(),
            "detail": self.detail,
            "instance": path,
        });
        if let Some(members) = problem.as_object_mut() {
            members.extend(self.more);
        }
        let mut response = (self.status, Json(problem)).into_response();
        let media_type = HeaderValue::from_static("application/problem+json");
        response.headers_mut().insert(CONTENT_TYPE, media_type);
        response
    }

    /// Headers that the failure has in either form.
    pub(super) fn add_headers(&self, from: &Response, response: &mut Response) {
        let headers = response.headers_mut();
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static(CHALLENGE));
        }
        if let Some(seconds) = self.retry_after {
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        if let Some(allowed) = from.headers().get(ALLOW) {
            headers.insert(ALLOW, allowed.clone());
        }
    }
}

/// The guard makes a page or problem details of it, whichever the client understands.
impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Failure {
        tracing::warn!("the store cannot be used: {error}");
        Failure::new(StatusCode::SERVICE_UNAVAILABLE, error.to_string())
    }
}

impl From<askama::Error> for Failure {
    fn from(error: askama::Error) -> Failure {
        tracing::error!("a page cannot be written: {error}");
        Failure::internal()
    }
}
