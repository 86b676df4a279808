//! The server: answers by host name, with validators, as a small newspaper's server would.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::header::{CONTENT_TYPE, ETAG, HOST, HeaderValue, IF_NONE_MATCH, LOCATION};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

use crate::canonical::digest;
use crate::demo::site::Site;

type Sites = Arc<BTreeMap<String, Site>>;

/// Serves until the future is dropped.
pub(super) async fn serve(listener: TcpListener, sites: Sites, requests: Arc<AtomicUsize>) {
    loop {
        // If a connection fails before it begins, the client retries.
        let Ok((stream, _)) = listener.accept().await else {
            continue;
        };
        let (sites, requests) = (Arc::clone(&sites), Arc::clone(&requests));
        tokio::spawn(async move {
            let service = service_fn(move |request| {
                requests.fetch_add(1, Ordering::Relaxed);
                let response = answer(&sites, &request);
                async move { Ok::<_, Infallible>(response) }
            });
            let connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection to the demo server ended early");
            }
        });
    }
}

fn answer(sites: &Sites, request: &Request<Incoming>) -> Response<Full<Bytes>> {
    let header = |name| {
        request
            .headers()
            .get(name)
            .and_then(|value| value.to_str().ok())
    };
    let authority = header(HOST).unwrap_or_default();
    let host = authority.split(':').next().unwrap_or_default();
    let Some(site) = sites.get(host) else {
        return plain(
            StatusCode::MISDIRECTED_REQUEST,
            "no such site in this newsroom\n",
        );
    };
    let path = request
        .uri()
        .path_and_query()
        .map_or("/", |path| path.as_str());
    let Some(route) = site.routes.get(path) else {
        return plain(StatusCode::NOT_FOUND, "no such page\n");
    };
    let origin = format!("http://{authority}");
    let body = site.body(route, &origin);
    let etag = format!("\"{}\"", digest(&body));
    let unchanged = header(IF_NONE_MATCH) == Some(etag.as_str()) && route.status == 200;
    let status = if unchanged { 304 } else { route.status };
    let mut response = Response::new(Full::new(Bytes::from(if unchanged {
        Vec::new()
    } else {
        body
    })));
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
    let location = route
        .location
        .as_ref()
        .map(|path| format!("{origin}{path}"));
    for (name, value) in [
        (CONTENT_TYPE, Some(route.content_type.clone())),
        (ETAG, Some(etag)),
        (LOCATION, location),
    ] {
        if let Some(value) = value.and_then(|value| HeaderValue::from_str(&value).ok()) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

fn plain(status: StatusCode, text: &'static str) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from_static(text.as_bytes())));
    *response.status_mut() = status;
    response.headers_mut().insert(
        CONTENT_TYPE,
        HeaderValue::from_static("text/plain; charset=utf-8"),
    );
    response
}
