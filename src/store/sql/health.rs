//! What was wrong with each source after its last pass.

use super::SqlStore;
use super::database;
use crate::store::StoreError;

/// Notes the names of a source's health issues, and gives those that were noted before.
pub(super) async fn replace(
    store: &SqlStore,
    source: &str,
    issues: &[String],
    now: i64,
) -> Result<Vec<String>, StoreError> {
    let noted = store.repeating(|| noted(store, source)).await?;
    let issues = serde_json::Value::from(issues).to_string();
    if noted.as_ref() != Some(&issues) {
        let replace = database::query(
            "INSERT INTO source_health (source, issues, changed_at) VALUES ($1, $2, $3)
             ON CONFLICT (source) DO UPDATE SET issues = excluded.issues, changed_at = excluded.changed_at",
        );
        let replace = replace.bind(source).bind(issues).bind(now);
        store.write(replace).await?;
    }
    // What cannot be read is as good as nothing noted: the issues of today are new then.
    let noted = noted.and_then(|json| serde_json::from_str(&json).ok());
    Ok(noted.unwrap_or_default())
}

async fn noted(store: &SqlStore, source: &str) -> Result<Option<String>, StoreError> {
    database::query_scalar("SELECT issues FROM source_health WHERE source = $1")
        .bind(source)
        .fetch_optional(store.readers())
        .await
        .map_err(|error| store.fault(error))
}
