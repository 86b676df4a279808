//! One page: extracted as it is sent, or fetched.

use std::sync::Arc;

use axum::Json;
use axum::body::{Body, to_bytes};
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri};
use axum::response::IntoResponse;

use super::Params;
use crate::article::Article;
use crate::config::Format;
use crate::extract::Options;
use crate::output;
use crate::page::SavedPage;
use crate::serve::app::{App, Loaded};
use crate::serve::failure::{Answer, Failure};
use crate::serve::reading::{self, Missing, short, web_address};
use crate::verdict::VisitOutcome;

const PARAMS: [&str; 4] = ["url", "with", "format", "any_kind"];
const FORMATS: &str = "expected json, text, markdown or html";
const FIELDS: &str = "expected blocks, markdown, html, images or links, separated by commas";

/// `POST /extract`: the article of the page in the body.
pub(super) async fn extract(
    State(app): State<Arc<App>>,
    uri: Uri,
    headers: HeaderMap,
    body: Body,
) -> Answer {
    let loaded = app.loaded();
    let wanted = Wanted::of(&uri, &loaded)?;
    let content_type = media_type(&headers)?;
    let most = usize::try_from(loaded.config.crawl.max_body).unwrap_or(usize::MAX);
    let bytes = to_bytes(body, most).await.map_err(|_| {
        let detail =
            format!("the page is larger than {most} bytes; raise [crawl] max_body to have it read");
        Failure::new(StatusCode::PAYLOAD_TOO_LARGE, detail)
    })?;
    if bytes.is_empty() {
        return Err(Failure::bad_request(
            "the body is empty; send the page's HTML in it",
        ));
    }
    let page = SavedPage {
        url: wanted.url,
        content_type,
        bytes: bytes.into(),
        ..SavedPage::default()
    };
    let client = loaded.client.with_options(wanted.options);
    let article = reading::article(client.extract(page).await).map_err(failure)?;
    written(&article, wanted.format)
}

/// `GET /fetch`: the article of a page that is fetched politely.
pub(super) async fn fetch(State(app): State<Arc<App>>, uri: Uri) -> Answer {
    let loaded = app.loaded();
    let wanted = Wanted::of(&uri, &loaded)?;
    let Some(url) = wanted.url else {
        return Err(Failure::bad_request(
            "`url` is missing; give the address of the page to fetch",
        ));
    };
    let client = loaded.client.with_options(wanted.options);
    let article = reading::article(client.fetch(&url).await).map_err(failure)?;
    let mut answer = written(&article, wanted.format)?;
    let headers = answer.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(answer)
}

/// What a request wants of a page.
struct Wanted {
    url: Option<url::Url>,
    options: Options,
    format: Format,
}

impl Wanted {
    fn of(uri: &Uri, loaded: &Loaded) -> Answer<Wanted> {
        let params = Params::of(uri, &PARAMS)?;
        let url = params.one("url")?.map(web_address).transpose();
        let format = params.one("format")?.unwrap_or("json");
        let known = Format::from_name(format).filter(|it| {
            matches!(
                it,
                Format::Json | Format::Text | Format::Markdown | Format::Html
            )
        });
        let format = known.ok_or_else(|| {
            Failure::bad_request(format!("`format` is `{}`; {FORMATS}", short(format)))
        })?;
        Ok(Wanted {
            url: url.map_err(Failure::bad_request)?,
            options: options(&params, format, loaded)?,
            format,
        })
    }
}

fn options(params: &Params, format: Format, loaded: &Loaded) -> Answer<Options> {
    let mut options = Options::default();
    options.include.clone_from(&loaded.config.output.include);
    options.any_kind = params.flag("any_kind")?;
    options.markdown = format == Format::Markdown;
    options.html = format == Format::Html;
    for fields in params.all("with") {
        for field in fields.split(',').map(str::trim) {
            match field {
                "blocks" => options.blocks = true,
                "markdown" => options.markdown = true,
                "html" => options.html = true,
                "images" => options.images = true,
                "links" => options.links = true,
                _ => {
                    let detail = format!("`with` names `{}`; {FIELDS}", short(field));
                    return Err(Failure::bad_request(detail));
                }
            }
        }
    }
    Ok(options)
}

/// The type that the body states, as far as it says how to read a page.
fn media_type(headers: &HeaderMap) -> Answer<Option<String>> {
    let unsupported =
        |detail: String| Err(Failure::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, detail));
    if let Some(encoding) = headers.get(CONTENT_ENCODING)
        && encoding != "identity"
    {
        return unsupported("the body is compressed; send the page as it is".to_owned());
    }
    let Some(stated) = headers.get(CONTENT_TYPE).and_then(|it| it.to_str().ok()) else {
        return Ok(None);
    };
    let essence = stated.split(';').next().unwrap_or_default().trim();
    match essence.to_ascii_lowercase().as_str() {
        "text/html" | "application/xhtml+xml" => Ok(Some(stated.to_owned())),
        // They say nothing of the page; its bytes do.
        "" | "application/octet-stream" | "text/plain" => Ok(None),
        _ => unsupported(format!(
            "the body is `{}`; send the page's HTML with `Content-Type: text/html`",
            short(essence)
        )),
    }
}

/// The article in the format that was asked for.
fn written(article: &Article, format: Format) -> Answer {
    let media_type = match format {
        Format::Json => return Ok(Json(article).into_response()),
        Format::Markdown => "text/markdown; charset=utf-8",
        Format::Html => "text/html; charset=utf-8",
        _ => "text/plain; charset=utf-8",
    };
    let mut text = Vec::new();
    let written = output::format(format).write_record(article, &mut text);
    written.map_err(|_| Failure::internal())?;
    let media_type = HeaderValue::from_static(media_type);
    Ok(([(CONTENT_TYPE, media_type)], text).into_response())
}

/// Why there is no article, with how the visit ended.
fn failure(missing: Missing) -> Failure {
    let status = match missing.outcome {
        VisitOutcome::Robots | VisitOutcome::OptOut | VisitOutcome::BlockedAddress => {
            StatusCode::FORBIDDEN
        }
        VisitOutcome::Panic => StatusCode::INTERNAL_SERVER_ERROR,
        VisitOutcome::TooSlow => StatusCode::GATEWAY_TIMEOUT,
        VisitOutcome::Http4xx
        | VisitOutcome::Http5xx
        | VisitOutcome::Connect
        | VisitOutcome::Tls
        | VisitOutcome::Dns
        | VisitOutcome::Redirects
        | VisitOutcome::BadEncoding => StatusCode::BAD_GATEWAY,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let mut failure = Failure::new(status, missing.reason).with("outcome", missing.outcome.name());
    if let Some(status) = missing.status {
        failure = failure.with("page_status", status);
    }
    failure.retry_after = missing.retry_after.map(|it| it.as_secs() + 1);
    failure
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stated(name: axum::http::HeaderName, value: &'static str) -> Answer<Option<String>> {
        media_type(&HeaderMap::from_iter([(
            name,
            HeaderValue::from_static(value),
        )]))
    }

    #[test]
    fn the_type_of_a_page_is_kept_and_what_is_no_page_refused() {
        let html = "Text/HTML; charset=windows-1251";
        assert_eq!(stated(CONTENT_TYPE, html).unwrap().as_deref(), Some(html));
        assert_eq!(stated(CONTENT_TYPE, "text/plain").unwrap(), None);
        assert_eq!(media_type(&HeaderMap::new()).unwrap(), None);
        let form = stated(CONTENT_TYPE, "application/x-www-form-urlencoded");
        let failure = form.unwrap_err();
        assert_eq!(failure.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
        assert!(failure.detail.contains("Content-Type: text/html"));
        assert!(stated(CONTENT_ENCODING, "gzip").is_err());
        assert!(stated(CONTENT_ENCODING, "identity").is_ok());
    }
}
