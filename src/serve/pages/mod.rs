//! The pages. Each is a file here and a template of the same name, and works without a script.

pub(super) mod article;
pub(super) mod assets;
pub(super) mod failure;
pub(super) mod home;
pub(super) mod jobs;
mod layout;
pub(super) mod search;

use askama::Template;
use axum::response::{Html, IntoResponse, Response};

use crate::serve::failure::Answer;
pub(crate) use layout::{Layout, Section};

/// The answer with a page.
pub(crate) fn shown(page: &impl Template) -> Answer {
    Ok(Html(page.render()?).into_response())
}

/// The answer to a form: another page, to be asked for with `GET`.
pub(crate) fn see(path: &str) -> Response {
    axum::response::Redirect::to(path).into_response()
}
