//! Whether a client is a browser that is to see a page, or wants data.

use axum::extract::Request;
use axum::http::header::ACCEPT;
use axum::http::uri::PathAndQuery;
use axum::http::{HeaderMap, Uri};

/// The first segments of paths that are data for every client that does not ask for HTML.
const DATA: [&str; 8] = [
    "articles",
    "extract",
    "fetch",
    "openapi.json",
    "pages",
    "search",
    "sources",
    "workers",
];

/// True if the client asks for HTML.
pub(super) fn asks_for_html(headers: &HeaderMap) -> bool {
    let accept = headers.get(ACCEPT).and_then(|it| it.to_str().ok());
    accept.is_some_and(|it| it.contains("text/html"))
}

/// True if errors are to be told as a page.
pub(super) fn is_page(request: &Request) -> bool {
    let is_data = request.uri().path().starts_with("/api/") || request.uri().path() == "/mcp";
    !is_data && asks_for_html(request.headers())
}

/// Paths such as `/articles` are pages for browsers and data for all others, which is also at `/api/articles`.
pub(super) fn to_data(mut request: Request) -> Request {
    let path = request.uri().path();
    let first = path.trim_start_matches('/').split('/').next();
    let has_suffix = path.ends_with(".txt") || path.ends_with(".md") || path.ends_with("/export");
    let is_data = first.is_some_and(|it| DATA.contains(&it)) && !has_suffix;
    if is_data
        && !asks_for_html(request.headers())
        && let Some(uri) = under_api(request.uri())
    {
        *request.uri_mut() = uri;
    }
    request
}

fn under_api(uri: &Uri) -> Option<Uri> {
    let path = uri.path_and_query()?.as_str();
    let path = PathAndQuery::try_from(format!("/api{path}")).ok()?;
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = Some(path);
    Uri::from_parts(parts).ok()
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    #[test]
    fn browsers_get_pages_and_all_others_data() {
        let path = |path: &str, accept: &str| {
            let request = Request::get(path).header(ACCEPT, accept);
            let request = to_data(request.body(Body::empty()).unwrap());
            request.uri().to_string()
        };
        let browser = "text/html,application/xhtml+xml,*/*;q=0.8";
        assert_eq!(path("/articles/1?a=b", browser), "/articles/1?a=b");
        assert_eq!(path("/articles/1?a=b", "*/*"), "/api/articles/1?a=b");
        assert_eq!(path("/search?q=%20", ""), "/api/search?q=%20");
        for both in [
            "/",
            "/feed.xml",
            "/articles/1.md",
            "/api/sources",
            "/articlesque",
        ] {
            assert_eq!(path(both, "*/*"), both);
        }
    }
}
