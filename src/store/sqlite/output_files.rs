//! How far the output files are written, in SQLite.

use super::SqliteStore;
use crate::store::StoreError;

/// The length of a file as last noted, in bytes.
pub(super) async fn length(store: &SqliteStore, path: &str) -> Result<Option<u64>, StoreError> {
    sqlx::query_scalar::<_, i64>("SELECT length FROM output_files WHERE path = $1")
        .bind(path)
        .fetch_optional(store.readers())
        .await
        .map(|length| length.map(i64::unsigned_abs))
        .map_err(|error| store.fault(error))
}

/// Notes in one transaction that these articles are written and how long their file is.
pub(super) async fn note_written(
    store: &SqliteStore,
    articles: &[i64],
    file: Option<(&str, u64)>,
    now: i64,
) -> Result<(), StoreError> {
    let mut transaction = store.begin().await?;
    let steps = async {
        if let Some((path, length)) = file {
            sqlx::query(
                "INSERT INTO output_files (path, length) VALUES ($1, $2)
                 ON CONFLICT DO UPDATE SET length = excluded.length",
            )
            .bind(path)
            .bind(i64::try_from(length).unwrap_or(i64::MAX))
            .execute(&mut *transaction)
            .await?;
        }
        sqlx::query(
            "UPDATE articles SET written_at = $1
             WHERE seq IN (SELECT value FROM json_each($2))",
        )
        .bind(now)
        .bind(serde_json::Value::from(articles).to_string())
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await
    };
    steps.await.map_err(|error| store.fault(error))
}
