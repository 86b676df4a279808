//! Site memory. The transaction that stores a new article adds its fingerprint, which is small.
//! Whoever reads a memory learns the fingerprints that were added since it was written, in their order, so
//! that a kill costs none; when there are some of them, the memory is written again. Those of the hosts
//! that were read last are kept, so that only what is new is read.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::database::{self, Query};
use super::{SqlStore, transaction};
use crate::extract::site_memory::{PageFingerprint, SiteMemory};
use crate::store::StoreError;

/// A memory is written when so many fingerprints were added since…
const MOST_NEWS: usize = 16;
/// …or so many bytes of them.
const MOST_NEWS_BYTES: usize = 64 << 10;
/// Memories that are kept; one has some 140 KB at most.
const MOST_KEPT: usize = 64;

/// The memories of the hosts that were read last.
#[derive(Debug, Default)]
pub(super) struct KeptMemories(Mutex<HashMap<String, Kept>>);

/// A memory as it was last read.
#[derive(Debug, Clone, Default)]
struct Kept {
    memory: Arc<SiteMemory>,
    /// The number of the last fingerprint that it has learned.
    number: i64,
    /// The fingerprints, and their bytes, that it has learned since it was written.
    news: usize,
    news_bytes: usize,
}

/// A fingerprint by its number. Of one without bytes and those before it, the stored memory knows.
type News = (i64, Option<Vec<u8>>);

impl KeptMemories {
    fn get(&self, host: &str) -> Option<Kept> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.get(host).cloned()
    }

    fn put(&self, host: &str, memory: Kept) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= MOST_KEPT && !kept.contains_key(host) {
            // Any will do: the next page of its host reads it again.
            let any = kept.keys().next().cloned();
            any.and_then(|host| kept.remove(&host));
        }
        kept.insert(host.to_owned(), memory);
    }
}

impl Kept {
    fn learn(&mut self, news: &[News]) {
        for (number, fingerprint) in news {
            let fingerprint = fingerprint.as_deref().unwrap_or_default();
            if let Some(learned) = PageFingerprint::from_bytes(fingerprint) {
                Arc::make_mut(&mut self.memory).learn(&learned);
                self.news += 1;
                self.news_bytes += fingerprint.len();
            }
            self.number = *number;
        }
    }

    fn is_to_be_written(&self) -> bool {
        self.news >= MOST_NEWS || self.news_bytes >= MOST_NEWS_BYTES
    }
}

/// What is known of a host's articles; an empty memory where nothing is.
pub(super) async fn find(store: &SqlStore, host: &str) -> Result<Arc<SiteMemory>, StoreError> {
    let steps = async {
        let mut kept = match store.memories.get(host) {
            Some(kept) => kept,
            None => read(store, host).await?,
        };
        let news = news_after(store, host, kept.number).await?;
        if news.iter().any(|(_, fingerprint)| fingerprint.is_none()) {
            // Someone else has written the memory.
            kept = read(store, host).await?;
        } else {
            kept.learn(&news);
        }
        Ok(kept)
    };
    let kept: Result<Kept, database::Error> = steps.await;
    let mut kept = kept.map_err(|error| store.fault(error))?;
    if kept.is_to_be_written() && store.is_shared() {
        write(store, host, &kept).await?;
        (kept.news, kept.news_bytes) = (0, 0);
    }
    store.memories.put(host, kept.clone());
    Ok(kept.memory)
}

async fn news_after(
    store: &SqlStore,
    host: &str,
    number: i64,
) -> Result<Vec<News>, database::Error> {
    database::query_as(
        "SELECT number, fingerprint FROM site_memory_news WHERE host = $1 AND number > $2
         ORDER BY number",
    )
    .bind(host)
    .bind(number)
    .fetch_all(store.readers())
    .await
}

/// Reads the stored memory and what was added to it, by one statement, so that both are of one time.
async fn read(store: &SqlStore, host: &str) -> Result<Kept, database::Error> {
    let mut rows: Vec<News> = database::query_as(
        "SELECT CAST(0 AS BIGINT), memory FROM site_memory WHERE host = $1
         UNION ALL SELECT number, fingerprint FROM site_memory_news WHERE host = $1
         ORDER BY 1",
    )
    .bind(host)
    .fetch_all(store.readers())
    .await?;
    let mut kept = Kept::default();
    if let Some((0, bytes)) = rows.first_mut() {
        let memory = bytes
            .take()
            .and_then(|bytes| SiteMemory::from_bytes(&bytes));
        kept.memory = Arc::new(memory.unwrap_or_default());
    }
    kept.learn(&rows);
    Ok(kept)
}

/// Writes a memory in place of the fingerprints that it has learned, unless someone else has.
async fn write(store: &SqlStore, host: &str, kept: &Kept) -> Result<(), StoreError> {
    transaction!(store, |transaction| async {
        let last = database::query(
            "UPDATE site_memory_news SET fingerprint = NULL
             WHERE host = $1 AND number = $2 AND fingerprint IS NOT NULL",
        );
        let last = last.bind(host).bind(kept.number);
        if last.execute(&mut *transaction).await? > 0 {
            database::query(
                "INSERT INTO site_memory (host, memory) VALUES ($1, $2)
                 ON CONFLICT (host) DO UPDATE SET memory = excluded.memory",
            )
            .bind(host)
            .bind(kept.memory.to_bytes())
            .execute(&mut *transaction)
            .await?;
            database::query("DELETE FROM site_memory_news WHERE host = $1 AND number < $2")
                .bind(host)
                .bind(kept.number)
                .execute(&mut *transaction)
                .await?;
        }
        Ok(())
    })
}

/// Adds what a new article teaches.
pub(crate) fn learn(host: &str, fingerprint: &PageFingerprint) -> Query {
    database::query(
        "INSERT INTO site_memory_news (host, number, fingerprint)
         SELECT $1, 1 + COALESCE(MAX(number), 0), $2 FROM site_memory_news WHERE host = $1",
    )
    .bind(host)
    .bind(fingerprint.to_bytes())
}

#[cfg(test)]
mod tests;
