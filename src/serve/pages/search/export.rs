//! All that a search finds as a file, record by record as `newsprint export` gives them. Nothing of it is held but what the
//! client has yet to take.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes};
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::IntoResponse;
use hyper::body::Frame;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::task::spawn_blocking;

use super::form::SearchForm;
use crate::article::Article;
use crate::config::Format;
use crate::output::{Encoder, format};
use crate::rights::{Purpose, Required};
use crate::search::{Order, SearchQuery};
use crate::serve::app::App;
use crate::serve::failure::{Answer, Failure};
use crate::store::{Store, StoreError};

/// Exports at once.
const AT_ONCE: usize = 4;
/// Seconds after which to try again.
const AGAIN: u64 = 30;
/// Bytes that go to the client at a time…
const CHUNK: usize = 64 << 10;
/// …and how many such pieces, or records, wait for their turn.
const WAITING: usize = 4;

static SLOTS: Semaphore = Semaphore::const_new(AT_ONCE);

/// Formats of an export, as people write them, with their media types.
const FORMATS: [(Format, &str, &str); 3] = [
    (Format::Jsonl, "JSONL", "application/x-ndjson"),
    (
        Format::Csv,
        "CSV",
        "text/csv; charset=utf-8; header=present",
    ),
    (Format::Parquet, "Parquet", "application/vnd.apache.parquet"),
];

/// What the store gives: a record, or why there are no more.
type Item = Result<Article, StoreError>;
/// What the client gets.
type Piece = io::Result<Bytes>;

/// All that a search finds, in the order of publication.
pub(crate) async fn export(State(app): State<Arc<App>>, Query(form): Query<SearchForm>) -> Answer {
    let named = FORMATS.into_iter().find(|it| it.0.name() == form.format);
    let (name, _, media_type) =
        named.ok_or_else(|| Failure::bad_request("`format` is one of jsonl, csv and parquet"))?;
    let slot = SLOTS.try_acquire().map_err(|_| busy())?;
    let (mut query, _) = form.query();
    // By relevance, only the best thousand are found.
    query.order = Order::Newest;
    let purposes = purposes(&form.require)?;
    let required = Required::new(&purposes, &app.loaded().config.crawl.user_agent);
    let pieces = start(Arc::clone(app.store()), (query, required), name, slot);
    let file = format!(
        "attachment; filename=\"articles.{}\"",
        format(name).extension()
    );
    let headers = [
        (CONTENT_TYPE, media_type.to_owned()),
        (CONTENT_DISPOSITION, file),
    ];
    Ok((headers, Body::new(Streamed(pieces))).into_response())
}

/// The purposes that are named, which sites must not forbid.
fn purposes(list: &str) -> Answer<Vec<Purpose>> {
    let names = list.split(',').map(str::trim).filter(|it| !it.is_empty());
    let purpose = |name: &str| {
        Purpose::from_name(name).ok_or_else(|| {
            let known = Purpose::ALL.map(Purpose::name).join(", ");
            Failure::bad_request(format!("`require` names one or more of {known}"))
        })
    };
    names.map(purpose).collect()
}

/// The addresses of exports of this search, and what they give.
pub(super) fn links(form: &SearchForm) -> Vec<(String, &'static str)> {
    let link = |(name, shown, _): (Format, _, _)| {
        let address = form.address("/search/export", Some(("format", name.name())));
        (address, shown)
    };
    FORMATS.into_iter().map(link).collect()
}

fn busy() -> Failure {
    let mut failure = Failure::new(
        StatusCode::SERVICE_UNAVAILABLE,
        format!("{AT_ONCE} exports are under way; try again when one of them has ended"),
    );
    failure.retry_after = Some(AGAIN);
    failure
}

/// Begins to read records and to encode them. Both end when nobody takes the pieces any more.
fn start(
    store: Arc<dyn Store>,
    (query, required): (SearchQuery, Required),
    name: Format,
    slot: SemaphorePermit<'static>,
) -> Receiver<Piece> {
    let (records, encoded) = (channel(WAITING), channel(WAITING));
    let ((to_encoder, from_store), (to_client, pieces)) = (records, encoded);
    tokio::spawn(async move { read(&*store, (query, required), &to_encoder).await });
    spawn_blocking(move || {
        encode(from_store, format(name).encoder(true), &to_client);
        drop(slot);
    });
    pieces
}

async fn read(
    store: &dyn Store,
    (query, mut required): (SearchQuery, Required),
    records: &Sender<Item>,
) {
    let mut found = store.found(query);
    loop {
        let item = match found.next().await {
            Ok(Some(article)) if !required.allow(&article.rights) => continue,
            Ok(Some(article)) => Ok(article),
            Ok(None) => return,
            Err(error) => Err(error),
        };
        let is_last = item.is_err();
        if records.send(item).await.is_err() || is_last {
            return;
        }
    }
}

/// Encodes records until there are no more. An error breaks the connection, so that no client takes a part for all.
fn encode(mut records: Receiver<Item>, mut encoder: Box<dyn Encoder>, pieces: &Sender<Piece>) {
    let mut buffer = Vec::new();
    loop {
        let item = records.blocking_recv();
        let is_last = item.is_none();
        let written = match item {
            Some(Ok(article)) => encoder.write(&article, &mut buffer),
            Some(Err(error)) => Err(io::Error::other(error)),
            None => encoder.finish(&mut buffer),
        };
        if let Err(error) = written {
            tracing::warn!("an export has ended early: {error}");
            let _ = pieces.blocking_send(Err(error));
            return;
        }
        if buffer.len() >= CHUNK || is_last {
            let piece = Bytes::from(std::mem::take(&mut buffer));
            if pieces.blocking_send(Ok(piece)).is_err() || is_last {
                return;
            }
        }
    }
}

/// A body that arrives in pieces.
struct Streamed(Receiver<Piece>);

impl hyper::body::Body for Streamed {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        let piece = self.0.poll_recv(context);
        piece.map(|it| it.map(|piece| piece.map(Frame::data)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoded(items: Vec<Item>) -> Vec<Piece> {
        let (to_encoder, from_store) = channel(9);
        let (to_client, mut pieces) = channel(9);
        items
            .into_iter()
            .for_each(|it| to_encoder.try_send(it).unwrap());
        drop(to_encoder);
        encode(from_store, format(Format::Jsonl).encoder(true), &to_client);
        drop(to_client);
        std::iter::from_fn(|| pieces.try_recv().ok()).collect()
    }

    #[test]
    fn records_come_in_pieces_and_an_error_ends_them() {
        let article = || Article {
            text: "a".repeat(CHUNK),
            ..Article::default()
        };
        let pieces = encoded(vec![Ok(article()), Ok(Article::default())]);
        let lengths: Vec<_> = pieces.iter().map(|it| it.as_ref().unwrap().len()).collect();
        assert!(
            lengths.len() == 2 && lengths[0] > CHUNK && lengths[1] < CHUNK,
            "{lengths:?}"
        );
        let broken = StoreError::Missing {
            location: "here".into(),
        };
        let pieces = encoded(vec![Ok(Article::default()), Err(broken)]);
        assert!(pieces.len() == 1 && pieces[0].is_err());
    }

    #[test]
    fn an_export_ends_when_nobody_takes_it() {
        let ((to_encoder, from_store), (to_client, pieces)) = (channel(1), channel(1));
        let article = Article {
            text: "a".repeat(CHUNK),
            ..Article::default()
        };
        to_encoder.try_send(Ok(article)).unwrap();
        drop(pieces);
        // Without it, this would wait for the next record.
        encode(from_store, format(Format::Jsonl).encoder(true), &to_client);
        assert!(to_encoder.is_closed());
    }
}
