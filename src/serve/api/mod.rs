//! The archive as JSON over HTTP. Every path here is also one without `/api`, for all clients but browsers. `openapi.json`
//! describes them, and a test holds it to the table below.

mod answer;
mod archive;
mod openapi;
mod page;
mod params;
mod sources;

use std::sync::Arc;

use axum::Router;
use axum::middleware::from_fn;
use axum::routing::{MethodRouter, get, post};

use crate::serve::app::App;

pub(crate) use answer::{next_url, tag};
pub(crate) use archive::{cursor, query};
pub(crate) use params::Params;

/// A path, and what answers it.
type Endpoint = (&'static str, fn() -> MethodRouter<Arc<App>>);

/// What is read. `HEAD` is answered as well.
const GET: [Endpoint; 10] = [
    ("/api/fetch", || get(page::fetch)),
    ("/api/articles", || get(archive::articles)),
    ("/api/articles/{id}", || get(archive::article)),
    ("/api/articles/{id}/revisions", || get(archive::revisions)),
    ("/api/search", || get(archive::search)),
    ("/api/sources", || get(sources::all)),
    ("/api/sources/{name}", || get(sources::one)),
    ("/api/pages", || get(sources::pages)),
    ("/api/workers", || get(sources::workers)),
    ("/api/openapi.json", || get(openapi::document)),
];

/// What is read of a body that is sent. Nothing here changes anything.
const POST: [Endpoint; 1] = [("/api/extract", || post(page::extract))];

/// The paths of the API.
pub(super) fn routes() -> Router<Arc<App>> {
    let endpoints = GET.iter().chain(&POST);
    let router = endpoints.fold(Router::new(), |router, (path, route)| {
        router.route(path, route())
    });
    router.layer(from_fn(tag))
}

#[cfg(test)]
mod tests;
