//! How far the output files are written, and what is to be written to them.

use std::collections::{BTreeSet, HashMap};

use super::articles::read_rows;
use super::database::{self, Connection, Query, listed, rows_of};
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
        let known = known(transaction, files).await?;
        let before = files.iter().map(|begun| {
            let known = known.get(&begun.file).cloned();
            known.unwrap_or(OutputFile {
                length: begun.length,
                unfinished: false,
                lines: None,
            })
        });
        let before: Vec<OutputFile> = before.collect();
        let row = |(begun, before): (&BegunOutput, &OutputFile)| {
            let lines = being_written(before, &begun.lines);
            serde_json::json!([begun.file, begun.length, lines])
        };
        database::query(
            "INSERT INTO output_files (path, length, unfinished, lines)
             SELECT each_row.value ->> 0, CAST(each_row.value ->> 1 AS BIGINT), 1, each_row.value ->> 2
             FROM each_row($1) WHERE TRUE
             ON CONFLICT (path) DO UPDATE SET unfinished = 1, lines = excluded.lines",
        )
        .bind(rows_of(files.iter().zip(&before).map(row)))
        .execute(transaction)
        .await?;
        Ok(before)
    })
}

/// What is known of these files, by their paths.
async fn known(
    connection: &mut Connection,
    files: &[BegunOutput],
) -> Result<HashMap<String, OutputFile>, database::Error> {
    let rows: Vec<(String, i64, bool, Option<String>)> = database::query_as(
        "SELECT path, length, unfinished <> 0, lines FROM output_files
         WHERE path IN (SELECT value FROM each($1))",
    )
    .bind(listed(files.iter().map(|it| it.file.as_str())))
    .fetch_all(connection)
    .await?;
    let known = rows.into_iter().map(|(path, length, unfinished, lines)| {
        let known = OutputFile {
            length: length.unsigned_abs(),
            unfinished,
            lines,
        };
        (path, known)
    });
    Ok(known.collect())
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

/// The files that were begun and of which nothing was ever noted as written.
pub(super) async fn unwritten_outputs(store: &SqlStore) -> Result<Vec<String>, StoreError> {
    let paths = database::query_as("SELECT path FROM output_files WHERE length = 0")
        .fetch_all(store.readers())
        .await;
    let paths: Vec<(String,)> = paths.map_err(|error| store.fault(error))?;
    Ok(paths.into_iter().map(|(path,)| path).collect())
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
        let row = |(path, length): &(String, u64)| serde_json::json!([path, length]);
        database::query(
            "INSERT INTO output_files (path, length, unfinished)
             SELECT each_row.value ->> 0, CAST(each_row.value ->> 1 AS BIGINT), 0
             FROM each_row($1) WHERE TRUE
             ON CONFLICT (path) DO UPDATE SET length = excluded.length, unfinished = 0, lines = NULL",
        )
        .bind(rows_of(files.iter().map(row)))
        .execute(&mut *transaction)
        .await?;
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
