//! The front page: the sources.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use axum::http::Uri;
use serde::Deserialize;
use url::form_urlencoded::Serializer;

use crate::serve::app::App;
use crate::serve::failure::Answer;
use crate::serve::overview::{Order, Overview, SourceRow};
use crate::serve::pages::{Layout, Section, shown};

/// Which sources are shown, and in which order.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Choice {
    q: String,
    show: String,
    sort: String,
}

#[derive(Template)]
#[template(path = "home.html")]
struct Home<'o> {
    page: Layout,
    overview: &'o Overview,
    rows: Vec<&'o SourceRow>,
    is_linked: bool,
    text: String,
    is_attention: bool,
    sort: String,
    /// What links keep of the choice.
    query: String,
}

/// The sources.
pub(crate) async fn page(
    State(app): State<Arc<App>>,
    Query(choice): Query<Choice>,
    uri: Uri,
) -> Answer {
    let loaded = app.loaded();
    let overview = app
        .overviews()
        .get(&**app.store(), &loaded.config, app.now());
    let overview = overview.await?;
    let is_attention = choice.show == "attention";
    let text = choice.q.to_lowercase();
    let rows = overview.rows.iter();
    let rows = rows.filter(|it| it.is_ill || !is_attention);
    let mut rows: Vec<&SourceRow> = rows
        .filter(|it| it.name.to_lowercase().contains(&text))
        .collect();
    Order::from_name(&choice.sort).sort(&mut rows);
    shown(&Home {
        page: Layout::new(&app, "Sources", Section::Sources, &uri),
        overview: &overview,
        rows,
        is_linked: true,
        query: kept(&choice),
        text: choice.q,
        is_attention,
        sort: choice.sort,
    })
}

/// The choice as it stands in links, after another parameter.
fn kept(choice: &Choice) -> String {
    let mut kept = Serializer::new(String::new());
    for (name, value) in [("q", &choice.q), ("show", &choice.show)] {
        if !value.is_empty() {
            kept.append_pair(name, value);
        }
    }
    match kept.finish() {
        kept if kept.is_empty() => kept,
        kept => format!("&{kept}"),
    }
}
