//! robots.txt by origin, kept from pass to pass as long as it may be believed.

use crate::store::{Store, StoreError};

/// A robots.txt as it was fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptRobots {
    /// Its bytes; `None` where the host has none, which opens everything (RFC 9309, 2.3.1.3).
    pub file: Option<Vec<u8>>,
    /// Until when it may be believed, in unix milliseconds.
    pub expires_at: i64,
}

impl Store {
    /// The robots.txt of an origin, if one is kept that may still be believed.
    pub async fn robots(&self, origin: &str, now: i64) -> Result<Option<KeptRobots>, StoreError> {
        let row: Option<(Option<Vec<u8>>, i64)> = sqlx::query_as(
            "SELECT file, expires_at FROM robots WHERE origin = $1 AND expires_at > $2",
        )
        .bind(origin)
        .bind(now)
        .fetch_optional(self.readers())
        .await
        .map_err(|error| self.fault(error))?;
        Ok(row.map(|(file, expires_at)| KeptRobots { file, expires_at }))
    }

    /// Keeps the robots.txt of an origin.
    pub async fn keep_robots(&self, origin: &str, kept: &KeptRobots) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO robots (origin, file, expires_at) VALUES ($1, $2, $3)
             ON CONFLICT DO UPDATE SET file = excluded.file, expires_at = excluded.expires_at",
        )
        .bind(origin)
        .bind(&kept.file)
        .bind(kept.expires_at)
        .execute(&self.writer)
        .await
        .map_err(|error| self.fault(error))
        .map(|_| ())
    }

    /// Forgets what may not be believed any more.
    pub async fn forget_robots(&self, now: i64) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM robots WHERE expires_at <= $1")
            .bind(now)
            .execute(&self.writer)
            .await
            .map_err(|error| self.fault(error))
            .map(|_| ())
    }
}
