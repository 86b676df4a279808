//! Makes pages due again at a user's request.

use sqlx::SqliteConnection;

use crate::store::AddressFilter;
use crate::store::sqlite::make_due;

/// Makes pages due, but for those whose article is in the store under this address or another, and those
/// that wait for their first visit; see [`Frontier::retry`](crate::frontier::Frontier::retry). Their hosts
/// are asked as if none of their pages had failed; a pause that a host asked for still holds.
pub(super) async fn retry(
    connection: &mut SqliteConnection,
    filter: &AddressFilter,
    now: i64,
) -> Result<u64, sqlx::Error> {
    let made_due = make_due(connection, filter, now).await?;
    sqlx::query(
        "UPDATE host_shares SET page_failures = 0, pages_held_until = 0, retries = 0
         WHERE EXISTS (SELECT 1 FROM urls WHERE urls.host = host_shares.host
                         AND urls.source = host_shares.source AND due_at = $1)",
    )
    .bind(now)
    .execute(connection)
    .await?;
    Ok(made_due)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::sqlite::SqliteStore;

    #[tokio::test]
    async fn hosts_of_pages_that_are_tried_on_request_are_held_no_longer() {
        let dir = tempfile::tempdir().unwrap();
        let store = SqliteStore::open(&dir.path().join("newsprint.db")).await;
        let mut transaction = store.unwrap().begin().await.unwrap();
        sqlx::raw_sql(
            "INSERT INTO urls (url, host, source, kind, depth, given, outcome)
                 VALUES ('https://a.test/1', 'a.test', 'a', 'page', 1, 0, 'http_4xx'),
                        ('https://b.test/1', 'b.test', 'b', 'page', 1, 0, 'http_4xx');
             UPDATE host_shares SET page_failures = 9, pages_held_until = 500, back_off_until = 300",
        )
        .execute(&mut *transaction)
        .await
        .unwrap();
        let filter = AddressFilter {
            sources: vec!["a".to_owned()],
            lost: true,
            ..AddressFilter::default()
        };
        assert_eq!(retry(&mut transaction, &filter, 100).await.unwrap(), 1);
        let held: Vec<(i64, i64)> = sqlx::query_as(
            "SELECT pages_held_until, back_off_until FROM host_shares ORDER BY host",
        )
        .fetch_all(&mut *transaction)
        .await
        .unwrap();
        assert_eq!(held, [(0, 300), (500, 300)]);
    }
}
