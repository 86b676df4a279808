//! How far the output files are written. A file that many articles share is known by its length:
//! what a killed pass appended beyond it is cut off before more is appended, so that each article
//! stands in its file once.

use crate::store::{Store, StoreError};

impl Store {
    /// The length of a file as last noted, in bytes.
    pub async fn output_length(&self, path: &str) -> Result<Option<u64>, StoreError> {
        sqlx::query_scalar::<_, i64>("SELECT length FROM output_files WHERE path = $1")
            .bind(path)
            .fetch_optional(self.readers())
            .await
            .map(|length| length.map(i64::unsigned_abs))
            .map_err(|error| self.fault(error))
    }

    /// Notes that these articles are written and, in the same transaction, how long the file they
    /// share has become.
    pub async fn note_written(
        &self,
        articles: &[i64],
        file: Option<(&str, u64)>,
        now: i64,
    ) -> Result<(), StoreError> {
        let mut transaction = self.begin().await?;
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
        steps.await.map_err(|error| self.fault(error))
    }
}
