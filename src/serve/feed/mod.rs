//! `/feed.xml`: the clean archive for feed readers, with the full text of each article. Everything that `/search` finds can
//! be a feed.

mod atom;

use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use axum::Router;
use axum::extract::State;
use axum::http::header::{CONTENT_TYPE, HOST, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri};
use axum::middleware::from_fn;
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use crate::article::Article;
use crate::canonical::digest;
use crate::serve::api::{self, Params};
use crate::serve::app::App;
use crate::serve::failure::{Answer, Failure};
use crate::wording::times;
use atom::Feed;

/// Articles of one document, unless asked otherwise…
const USUAL: u32 = 30;
/// …and at most.
const MOST: u32 = 100;
/// Bytes of text in one document: of what comes after that, only the description is given.
const TEXT: usize = 4 << 20;

/// The path of the feed.
pub(super) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/feed.xml", get(feed))
        .layer(from_fn(api::tag))
}

async fn feed(State(app): State<Arc<App>>, uri: Uri, headers: HeaderMap) -> Answer {
    let params = Params::of(&uri, &["source", "language", "q", "limit", "cursor"])?;
    let (limit, cursor) = (params.limit(USUAL, MOST)?, api::cursor(&params)?);
    let query = api::query(&params, app.now())?;
    let found = app.store().find(&query, cursor, limit).await?;
    let articles: Vec<Article> = found.articles.into_iter().map(|it| it.article).collect();
    let articles = bounded(articles);
    let changed = changed(&articles);
    if is_unchanged(&headers, changed) {
        return Ok(StatusCode::NOT_MODIFIED.into_response());
    }
    let base = base(&headers)?;
    let path = uri.path_and_query().map_or("/feed.xml", |it| it.as_str());
    let next = found
        .next
        .map(|cursor| api::next_url(&uri, &cursor.to_string()));
    let (id, title) = names(&params);
    let feed = Feed {
        id,
        title,
        itself: format!("{base}{path}"),
        next: next.map(|path| format!("{base}{path}")),
        base,
        updated: changed,
        articles: &articles,
    };
    let document = feed.document().map_err(|_| Failure::internal())?;
    Ok(with_date(document, changed))
}

/// The articles with as much text as one document may have.
fn bounded(mut articles: Vec<Article>) -> Vec<Article> {
    let mut bytes = 0;
    for article in &mut articles {
        bytes += article.text.len();
        if bytes > TEXT {
            article.text = article.description.clone().unwrap_or_default();
            article.html = None;
        }
    }
    articles
}

/// When the newest state of these articles was fetched, in unix milliseconds.
fn changed(articles: &[Article]) -> i64 {
    let times = articles
        .iter()
        .filter_map(|it| times::millis(it.fetched_at.as_deref()?));
    times.max().unwrap_or(0)
}

/// True for a client that has this state of the feed, by its date. A tag says more than a date.
fn is_unchanged(headers: &HeaderMap, changed: i64) -> bool {
    if headers.contains_key(IF_NONE_MATCH) {
        return false;
    }
    let since = headers
        .get(IF_MODIFIED_SINCE)
        .and_then(|it| it.to_str().ok());
    let since = since.and_then(|it| httpdate::parse_http_date(it).ok());
    since.is_some_and(|since| since >= UNIX_EPOCH + seconds(changed))
}

fn seconds(millis: i64) -> Duration {
    Duration::from_secs(u64::try_from(millis / 1000).unwrap_or(0))
}

/// What clients call this server. The guard has seen that it is one of its names.
fn base(headers: &HeaderMap) -> Answer<String> {
    let host = headers.get(HOST).and_then(|it| it.to_str().ok());
    let host = host.ok_or_else(|| Failure::bad_request("the request names no host"))?;
    // A proxy before the server may speak TLS.
    let is_secure = headers
        .get("x-forwarded-proto")
        .is_some_and(|it| it == "https");
    Ok(format!(
        "{}://{host}",
        if is_secure { "https" } else { "http" }
    ))
}

/// The id and the title of the feed of these parameters. Parts of one feed have one id.
fn names(params: &Params) -> (String, String) {
    let mut title = "newsprint".to_owned();
    let mut filter = String::new();
    for name in ["source", "language", "q"] {
        for value in params.all(name) {
            title.push_str(if filter.is_empty() { ": " } else { ", " });
            title.push_str(&value);
            filter.push_str(&format!("{name}={value}\n"));
        }
    }
    (
        format!("urn:newsprint:feed:{}", digest(filter.as_bytes())),
        title,
    )
}

fn with_date(document: Vec<u8>, changed: i64) -> Response {
    let media_type = HeaderValue::from_static("application/atom+xml; charset=utf-8");
    let mut answer = ([(CONTENT_TYPE, media_type)], document).into_response();
    let date = httpdate::fmt_http_date(UNIX_EPOCH + seconds(changed));
    if let Ok(date) = HeaderValue::try_from(date) {
        answer.headers_mut().insert(LAST_MODIFIED, date);
    }
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_asked_only_where_there_is_no_tag() {
        let mut headers = HeaderMap::new();
        assert!(!is_unchanged(&headers, 0));
        let date = HeaderValue::from_static("Sun, 09 Sep 2001 01:46:40 GMT");
        headers.insert(IF_MODIFIED_SINCE, date);
        assert!(is_unchanged(&headers, 1_000_000_000_999));
        assert!(!is_unchanged(&headers, 1_000_000_001_000));
        headers.insert(IF_NONE_MATCH, HeaderValue::from_static("\"a\""));
        assert!(!is_unchanged(&headers, 0));
    }

    #[test]
    fn what_is_too_much_for_one_document_is_given_in_short() {
        let article = |bytes: usize| Article {
            text: "x".repeat(bytes),
            description: Some("In short.".to_owned()),
            ..Article::default()
        };
        let articles = bounded(vec![article(TEXT), article(1)]);
        assert_eq!(articles[0].text.len(), TEXT);
        assert_eq!(articles[1].text, "In short.");
    }

    #[test]
    fn parts_of_a_feed_have_one_id_and_other_feeds_another() {
        let of = |query: &str| {
            let uri: Uri = format!("/feed.xml?{query}").parse().unwrap();
            names(&Params::of(&uri, &["source", "language", "q", "cursor"]).unwrap())
        };
        assert_eq!(of("source=a&cursor=1"), of("source=a&cursor=2"));
        assert_ne!(of("source=a").0, of("q=a").0);
        assert_eq!(of("source=a&q=ferry").1, "newsprint: a, ferry");
        assert_eq!(of("").1, "newsprint");
    }
}
