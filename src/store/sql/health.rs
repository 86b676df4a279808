//! What was wrong with each source after its last pass.

use super::database;
use super::{SqlStore, transaction};
use crate::store::StoreError;

/// Notes the names of a source's health issues, and gives those that were noted before.
pub(super) async fn replace(
    store: &SqlStore,
    source: &str,
    issues: &[String],
    now: i64,
) -> Result<Vec<String>, StoreError> {
    transaction!(store, |transaction| async {
        let before: Option<String> =
            database::query_scalar("SELECT issues FROM source_health WHERE source = $1")
                .bind(source)
                .fetch_optional(&mut *transaction)
                .await?;
        database::query(
            "INSERT INTO source_health (source, issues, changed_at) VALUES ($1, $2, $3)
             ON CONFLICT (source) DO UPDATE SET issues = excluded.issues, changed_at = excluded.changed_at
                 WHERE source_health.issues <> excluded.issues",
        )
        .bind(source)
        .bind(serde_json::Value::from(issues).to_string())
        .bind(now)
        .execute(&mut *transaction)
        .await?;
        // What cannot be read is as good as nothing noted: the issues of today are new then.
        let before = before.and_then(|json| serde_json::from_str(&json).ok());
        Ok(before.unwrap_or_default())
    })
}
