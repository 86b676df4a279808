//! Answers in JSON: one object, or a part of a long list with the way to the next part; and their tags, by which a client
//! that has an answer already is told so.

use axum::Json;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::header::{CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE, ETAG, IF_NONE_MATCH, LINK};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value};
use url::form_urlencoded;

use crate::canonical::digest;
use crate::serve::failure::{Answer, Failure};

/// A part of a list, below this name, with the cursor of the next part.
pub(super) fn list(
    uri: &Uri,
    name: &str,
    items: Vec<Value>,
    next: Option<&str>,
) -> Map<String, Value> {
    let mut object = Map::new();
    object.insert(name.to_owned(), items.into());
    object.insert("next".to_owned(), next.into());
    // Without the cursor of this part, which the next one replaces.
    if let Some(next) = next {
        object.insert("next_url".to_owned(), next_url(uri, next).into());
    }
    object
}

/// The answer that a list makes.
pub(super) fn of_list(object: Map<String, Value>) -> Response {
    let link = object.get("next_url").and_then(Value::as_str);
    let link = link.and_then(|url| HeaderValue::try_from(format!("<{url}>; rel=\"next\"")).ok());
    let mut answer = Json(Value::Object(object)).into_response();
    if let Some(link) = link {
        answer.headers_mut().insert(LINK, link);
    }
    answer
}

/// This address with another cursor.
pub(crate) fn next_url(uri: &Uri, cursor: &str) -> String {
    let pairs = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(pairs.filter(|(name, _)| name != "cursor"));
    query.append_pair("cursor", cursor);
    format!("{}?{}", uri.path(), query.finish())
}

/// Tags what was read, and answers 304 to a client that has it.
pub(crate) async fn tag(request: Request, next: Next) -> Answer {
    let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
    let known = request.headers().get(IF_NONE_MATCH).cloned();
    let answer = next.run(request).await;
    let is_kept = answer.headers().get(CACHE_CONTROL).is_none();
    if !is_read || !is_kept || answer.status() != StatusCode::OK {
        return Ok(answer);
    }
    let (mut parts, body) = answer.into_parts();
    let body = to_bytes(body, usize::MAX).await.map_err(|error| {
        tracing::error!(%error, "an answer cannot be tagged");
        Failure::internal()
    })?;
    let tag = format!("\"{}\"", digest(&body));
    let is_known = known.is_some_and(|it| names(&it, &tag));
    if let Ok(tag) = HeaderValue::try_from(tag) {
        parts.headers.insert(ETAG, tag);
    }
    if is_known {
        parts.status = StatusCode::NOT_MODIFIED;
        forget_body(&mut parts.headers);
        return Ok(Response::from_parts(parts, Body::empty()));
    }
    Ok(Response::from_parts(parts, Body::from(body)))
}

/// What describes a body that is not sent.
fn forget_body(headers: &mut HeaderMap) {
    headers.remove(CONTENT_TYPE);
    headers.remove(CONTENT_LENGTH);
}

/// True if the header lists the tag. A weak form of it is as good for reading.
fn names(header: &HeaderValue, tag: &str) -> bool {
    let header = header.to_str().unwrap_or_default();
    let mut tags = header.split(',').map(str::trim);
    tags.any(|it| it == "*" || it.strip_prefix("W/").unwrap_or(it) == tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_part_has_the_same_query_and_another_cursor() {
        let uri = "/api/pages?source=a%26b&cursor=1&lost".parse().unwrap();
        let next = next_url(&uri, "2&x");
        assert_eq!(next, "/api/pages?source=a%26b&lost=&cursor=2%26x");
    }

    #[test]
    fn a_tag_is_known_in_any_form() {
        for (header, expected) in [
            ("\"a\"", true),
            ("W/\"a\"", true),
            ("\"b\", \"a\"", true),
            ("*", true),
            ("\"b\"", false),
            ("a", false),
            ("", false),
        ] {
            let header = HeaderValue::from_static(header);
            assert_eq!(names(&header, "\"a\""), expected, "{header:?}");
        }
    }
}
