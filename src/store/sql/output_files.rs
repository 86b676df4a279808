//! How far the output files are written, and what is to be written to them.

use std::collections::BTreeSet;

use super::articles::read_rows;
use super::database::{self, Connection, Query, rows_of};
use super::postgres::worker::server_time;
use super::{SqlStore, transaction};
use crate::store::{ArticleVersion, BegunOutput, OutputFile, StoreError, StoredArticle};

/// What a worker has not written that gave no sign of life for this long is written by another.
const AWAY_MS: i64 = 3_600_000;
/// Lines that are remembered of a file, where passes are killed again and again.
const MOST_LINES: usize = 2_000;

/// The articles after this position that are not in the output files yet, and that whoever uses the store is to write.
pub(super) async fn unwritten(
    store: &SqlStore,
    seq: i64,
    limit: u32,
) -> Result<Vec<StoredArticle>, StoreError> {
    let rows: Query<(i64, i64, String)> = match store.worker() {
        None => database::query_as(
            "SELECT seq, version, record FROM articles WHERE written_at IS NULL AND seq > $1
             ORDER BY seq LIMIT $2",
        )
        .bind(seq)
        .bind(limit),
        Some(worker) => database::query_as(
            "SELECT seq, version, record FROM articles
             WHERE written_at IS NULL AND seq > $1 AND worker = $3 ORDER BY seq LIMIT $2",
        )
        .bind(seq)
        .bind(limit)
        .bind(worker),
    };
    let rows = rows.fetch_all(store.readers()).await;
    read_rows(store, rows.map_err(|error| store.fault(error))?)
}

/// Gives articles that no other worker will write to the one that uses the store.
pub(super) async fn adopt(store: &SqlStore) -> Result<(), StoreError> {
    let Some(worker) = store.worker() else {
        return Ok(());
    };
    let adopt = database::query(concat!(
        "UPDATE articles SET worker = $1
         WHERE written_at IS NULL AND worker <> $1
           AND NOT EXISTS (SELECT 1 FROM workers
                           WHERE workers.name = articles.worker AND writes <> 0 AND seen_at > ",
        server_time!(),
        " - $2)"
    ));
    store.write(adopt.bind(worker).bind(AWAY_MS)).await?;
    Ok(())
}

/// Notes that more is being written to these files, and gives what was known of them before.
pub(super) async fn begin(
    store: &SqlStore,
    files: &[BegunOutput],
) -> Result<Vec<OutputFile>, StoreError> {
    transaction!(store, |transaction| async {
        let mut known = Vec::with_capacity(files.len());
        for file in files {
            known.push(begin_file(transaction, file).await?);
        }
        Ok(known)
    })
}

async fn begin_file(
    connection: &mut Connection,
    begun: &BegunOutput,
) -> Result<OutputFile, database::Error> {
    let known: Option<(i64, bool, Option<String>)> = database::query_as(
        "SELECT length, unfinished <> 0, lines FROM output_files WHERE path = $1",
    )
    .bind(&begun.file)
    .fetch_optional(&mut *connection)
    .await?;
    let before = known.map_or(
        OutputFile {
            length: begun.length,
            unfinished: false,
            lines: None,
        },
        |(length, unfinished, lines)| OutputFile {
            length: length.unsigned_abs(),
            unfinished,
            lines,
        },
    );
    database::query(
        "INSERT INTO output_files (path, length, unfinished, lines) VALUES ($1, $2, 1, $3)
         ON CONFLICT (path) DO UPDATE SET unfinished = 1, lines = excluded.lines",
    )
    .bind(&begun.file)
    .bind(i64::try_from(begun.length).unwrap_or(i64::MAX))
    .bind(being_written(&before, &begun.lines))
    .execute(connection)
    .await?;
    Ok(before)
}

/// The lines that the file may have beyond its length by the time that someone looks: until the new ones are
/// written, those of a pass that was killed are there.
fn being_written(before: &OutputFile, lines: &str) -> Option<String> {
    if !before.unfinished {
        return Some(lines.to_owned());
    }
    let new: BTreeSet<&str> = lines.split(' ').collect();
    let old = before.lines.as_ref()?.split(' ');
    let old = old.filter(|it| !new.contains(it));
    let all: Vec<&str> = new.iter().copied().chain(old).take(MOST_LINES).collect();
    Some(all.join(" "))
}

/// Notes in one transaction that these articles are written, where they have not changed since, and
/// how long their files are.
pub(super) async fn note_written(
    store: &SqlStore,
    articles: &[ArticleVersion],
    files: &[(String, u64)],
    now: i64,
) -> Result<(), StoreError> {
    transaction!(store, |transaction| async {
        for (path, length) in files {
            database::query(
                "INSERT INTO output_files (path, length, unfinished) VALUES ($1, $2, 0)
                 ON CONFLICT (path) DO UPDATE SET length = excluded.length, unfinished = 0,
                                           lines = NULL",
            )
            .bind(path)
            .bind(i64::try_from(*length).unwrap_or(i64::MAX))
            .execute(&mut *transaction)
            .await?;
        }
        let versions = articles.iter().map(|it| vec![it.seq, it.version]);
        database::query(
            "UPDATE articles SET written_at = $1
             FROM each_row($2)
             WHERE articles.seq = CAST(each_row.value ->> 0 AS BIGINT)
               AND articles.version = CAST(each_row.value ->> 1 AS BIGINT)",
        )
        .bind(now)
        .bind(rows_of(versions))
        .execute(transaction)
        .await
        .map(|_| ())
    })
}
