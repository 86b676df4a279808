//! The page of a request that is not answered as it was meant.

use askama::Template;
use axum::response::{Html, IntoResponse, Response};

use crate::serve::app::App;
use crate::serve::failure::Failure;
use crate::serve::pages::{Layout, Section};

#[derive(Template)]
#[template(path = "failure.html")]
struct FailurePage<'a> {
    page: Layout,
    failure: &'a Failure,
}

/// The page of a failure.
pub(crate) fn page(app: &App, failure: &Failure) -> Response {
    let page = FailurePage {
        page: Layout::plain(app, failure.title(), Section::Other),
        failure,
    };
    let html = page.render().unwrap_or_else(|_| failure.title().to_owned());
    (failure.status, Html(html)).into_response()
}
