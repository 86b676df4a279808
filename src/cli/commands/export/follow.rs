//! `newsprint export --follow`: articles as they are stored and changed, until someone stops it.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use newsprint::crawl::CancellationToken;
use newsprint::files::{self, Access};
use newsprint::location::StoreLocation;
use newsprint::store::{self, ChangePosition, Store};
use tokio::time::sleep;

use super::selection::Selection;
use crate::cli::Exit;
use crate::cli::printer::Printer;
use crate::cli::signals::{Signals, block_on};
use crate::cli::sink::Sink;

/// Articles that are printed before the cursor is written.
const BATCH: u32 = 100;
/// Time between two looks where nothing is new. A server could wake us when an article is stored, but that is shown only
/// once no earlier transaction is under way, of which nobody wakes us.
const EVERY: Duration = Duration::from_secs(1);
/// After so many looks that found nothing, a file is opened again: whoever may not write to its folder sees it as it was
/// when it was opened.
const REOPEN: u32 = 30;

/// What is followed.
pub(super) struct Follower<'a> {
    pub(super) location: &'a StoreLocation,
    pub(super) selection: Selection,
    /// The file of the cursor.
    pub(super) cursor: Option<&'a Path>,
}

impl Follower<'_> {
    /// Prints articles until a signal arrives.
    pub(super) fn run(mut self, mut sink: Sink, printer: Printer) -> Result<Exit> {
        let position = self.cursor.map_or(Ok(ChangePosition::default()), read)?;
        let signals = Signals::listen(printer)?;
        block_on(self.follow(&mut sink, position, signals.stop()))?;
        sink.close()?;
        Ok(Exit::Done)
    }

    async fn follow(
        &mut self,
        sink: &mut Sink,
        mut position: ChangePosition,
        stop: &CancellationToken,
    ) -> Result<()> {
        let mut store = store::open_read_only(self.location).await?;
        let filter = self.selection.filter();
        let mut idle = 0;
        while !stop.is_cancelled() {
            let changes = store.changes_after(&filter, &position, BATCH).await?;
            for article in &changes.articles {
                if self.selection.takes(article) {
                    sink.write(article)?;
                }
            }
            idle += 1;
            if changes.position != position {
                idle = 0;
                position = changes.position;
                if let Some(path) = self.cursor {
                    write(path, &position)?;
                }
            }
            if changes.is_last {
                tokio::select! {
                    () = stop.cancelled() => break,
                    () = sleep(EVERY) => {}
                }
            }
            if idle >= REOPEN {
                idle = 0;
                store = self.reopened(store).await?;
            }
        }
        store.close().await;
        Ok(())
    }

    async fn reopened(&self, store: Arc<dyn Store>) -> Result<Arc<dyn Store>> {
        let StoreLocation::File(path) = self.location else {
            return Ok(store);
        };
        store.close().await;
        Ok(store::open_read_only(path).await?)
    }
}

/// The position in this file; the first, where there is no file yet.
fn read(path: &Path) -> Result<ChangePosition> {
    let text = match fs::read_to_string(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(ChangePosition::default()),
        text => text.with_context(|| format!("cannot read the cursor {}", path.display()))?,
    };
    let position = text.parse();
    position.with_context(|| {
        format!(
            "{} is not a cursor; name another file, or delete it to begin with the first article",
            path.display()
        )
    })
}

fn write(path: &Path, position: &ChangePosition) -> Result<()> {
    files::replace(path, format!("{position}\n").as_bytes(), Access::Group)
        .with_context(|| format!("cannot write the cursor {}", path.display()))
}
