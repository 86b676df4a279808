//! Every address of the server.

use std::sync::Arc;

use axum::Router;
use axum::middleware::{from_fn_with_state, map_request};
use axum::routing::{get, post};
use tokio_util::sync::CancellationToken;

use crate::serve::app::App;
use crate::serve::{accept, api, feed, guard, mcp, pages};

/// What answers requests. The guard stands before it.
pub(super) fn router(app: &Arc<App>, stop: &CancellationToken) -> Router {
    let routes = Router::new()
        .route("/", get(pages::home::page))
        .route("/articles", get(pages::article::list))
        .route("/articles/{id}", get(pages::article::page))
        .route("/search", get(pages::search::page))
        .route("/search/export", get(pages::search::export))
        .route(
            "/add-source",
            get(pages::add_source::page).post(pages::add_source::look),
        )
        .route(
            "/add-source/{job}",
            get(pages::add_source::proposal).post(pages::add_source::add),
        )
        .route("/sources/{name}", get(pages::source::page))
        .route("/sources/{name}/retry", post(pages::source::retry))
        .route("/sources/{name}/undo", post(pages::add_source::undo))
        .route("/jobs/{id}", get(pages::jobs::page))
        .route("/jobs/{id}/stop", post(pages::jobs::stop))
        .route("/explain", get(pages::explain::find))
        .route("/articles/{id}/explain", get(pages::explain::article))
        .route(
            "/articles/{id}/explain/try",
            post(pages::correct::try_article),
        )
        .route(
            "/articles/{id}/explain/apply",
            post(pages::correct::apply_article),
        )
        .route("/pages/{number}/explain", get(pages::explain::page))
        .route(
            "/pages/{number}/explain/try",
            post(pages::correct::try_page),
        )
        .route(
            "/pages/{number}/explain/apply",
            post(pages::correct::apply_page),
        )
        .route("/corrections/{number}/undo", post(pages::correct::undo))
        .route("/sources/{name}/reextract", post(pages::reextract::again))
        .route(
            "/sources/{name}/reextracted",
            get(pages::reextract::changed),
        )
        .route("/assets/{name}", get(pages::assets::asset))
        .merge(api::routes())
        .merge(feed::routes())
        .merge(mcp::routes(app, stop))
        .with_state(Arc::clone(app));
    // Paths are chosen by what a client accepts before they are looked up.
    Router::new()
        .fallback_service(routes)
        .layer(from_fn_with_state(Arc::clone(app), guard::guard))
        .layer(map_request(async |request| accept::to_data(request)))
}
