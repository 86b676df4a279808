//! The pages. Each is a file here and a template of the same name, and works without a script.

pub(super) mod add_source;
pub(super) mod article;
pub(super) mod assets;
pub(super) mod correct;
pub(super) mod explain;
pub(super) mod failure;
pub(super) mod home;
pub(super) mod jobs;
mod layout;
pub(super) mod reextract;
pub(super) mod search;
pub(super) mod source;

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

/// A text as one segment of a path, or one value of a query.
pub(crate) fn percent(text: &str) -> String {
    text.bytes().fold(String::new(), |mut out, byte| {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                out.push(char::from(byte));
            }
            byte => out.push_str(&format!("%{byte:02X}")),
        }
        out
    })
}
