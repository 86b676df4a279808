//! The front page: the sources.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::Uri;

use crate::serve::app::App;
use crate::serve::failure::Answer;
use crate::serve::pages::{Layout, Section, shown};

#[derive(Template)]
#[template(path = "home.html")]
struct Home {
    page: Layout,
    sources: Vec<String>,
}

/// The sources.
pub(crate) async fn page(State(app): State<Arc<App>>, uri: Uri) -> Answer {
    let sources = &app.loaded().config.sources;
    shown(&Home {
        page: Layout::new(&app, "Sources", Section::Sources, &uri),
        sources: sources.iter().map(|it| it.name.clone()).collect(),
    })
}
