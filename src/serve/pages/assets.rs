//! The style and the script, which are part of the program.

use axum::extract::Path;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::IntoResponse;

use crate::serve::explain;
use crate::serve::failure::{Answer, Failure};

/// The style of all pages.
pub(crate) const STYLE: &str = include_str!("../assets/desk.css");
const SCRIPT: &str = include_str!("../assets/desk.js");
const ICON: &str = include_str!("../assets/icon.svg");

/// A file by its name.
pub(crate) async fn asset(Path(name): Path<String>) -> Answer {
    let (media_type, text) = match name.as_str() {
        "desk.css" => ("text/css; charset=utf-8", STYLE),
        "explain.css" => ("text/css; charset=utf-8", explain::STYLE),
        "desk.js" => ("text/javascript; charset=utf-8", SCRIPT),
        "icon.svg" => ("image/svg+xml", ICON),
        _ => return Err(Failure::not_found("there is no file of that name")),
    };
    let headers = [
        (CONTENT_TYPE, media_type),
        (CACHE_CONTROL, "public, max-age=300"),
    ];
    Ok((headers, text).into_response())
}
