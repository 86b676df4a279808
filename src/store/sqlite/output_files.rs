//! How far the output files are written, in SQLite.

use super::SqliteStore;
use crate::store::{ArticleVersion, OutputFile, StoreError};

/// Notes that more is being written to a file, and gives what was known of it before.
pub(super) async fn begin(
    store: &SqliteStore,
    path: &str,
    length: u64,
) -> Result<OutputFile, StoreError> {
    let mut transaction = store.begin().await?;
    let steps = async {
        let known: Option<(i64, bool)> =
            sqlx::query_as("SELECT length, unfinished FROM output_files WHERE path = $1")
                .bind(path)
                .fetch_optional(&mut *transaction)
                .await?;
        let before = known.map_or(
            OutputFile {
                length,
                unfinished: false,
            },
            |(length, unfinished)| OutputFile {
                length: length.unsigned_abs(),
                unfinished,
            },
        );
        sqlx::query(
            "INSERT INTO output_files (path, length, unfinished) VALUES ($1, $2, 1)
             ON CONFLICT DO UPDATE SET unfinished = 1",
        )
        .bind(path)
        .bind(i64::try_from(length).unwrap_or(i64::MAX))
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(before)
    };
    steps.await.map_err(|error| store.fault(error))
}

/// Notes in one transaction that these articles are written, where they have not changed since, and
/// how long their file is.
pub(super) async fn note_written(
    store: &SqliteStore,
    articles: &[ArticleVersion],
    file: Option<(&str, u64)>,
    now: i64,
) -> Result<(), StoreError> {
    let versions: Vec<_> = articles.iter().map(|it| vec![it.seq, it.version]).collect();
    let mut transaction = store.begin().await?;
    let steps = async {
        if let Some((path, length)) = file {
            sqlx::query(
                "INSERT INTO output_files (path, length, unfinished) VALUES ($1, $2, 0)
                 ON CONFLICT DO UPDATE SET length = excluded.length, unfinished = 0",
            )
            .bind(path)
            .bind(i64::try_from(length).unwrap_or(i64::MAX))
            .execute(&mut *transaction)
            .await?;
        }
        sqlx::query(
            "UPDATE articles SET written_at = $1
             FROM (SELECT json_extract(value, '$[0]') AS seq, json_extract(value, '$[1]') AS version
                   FROM json_each($2)) AS written
             WHERE articles.seq = written.seq AND articles.version = written.version",
        )
        .bind(now)
        .bind(serde_json::Value::from(versions).to_string())
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await
    };
    steps.await.map_err(|error| store.fault(error))
}
