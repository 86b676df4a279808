//! Makes pages due again at a user's request.

use crate::store::AddressFilter;
use crate::store::sql::database::{self, Connection};
use crate::store::sql::{make_due, make_one_due};

/// Makes pages due, but for those whose article is in the store under this address or another, and those
/// that wait for their first visit; see [`Frontier::retry`](crate::frontier::Frontier::retry). Their hosts
/// are asked as if none of their pages had failed; a pause that a host asked for still holds.
pub(super) async fn retry(
    connection: &mut Connection,
    filter: &AddressFilter,
    now: i64,
) -> Result<u64, database::Error> {
    let made_due = make_due(connection, filter, now).await?;
    hold_no_longer(connection, now).await?;
    Ok(made_due)
}

/// The same for one page, by its number.
pub(super) async fn retry_page(
    connection: &mut Connection,
    id: i64,
    now: i64,
) -> Result<u64, database::Error> {
    let made_due = make_one_due(connection, id, now).await?;
    hold_no_longer(connection, now).await?;
    Ok(made_due)
}

/// Lets the hosts of the pages that were made due be asked as if none of their pages had failed.
async fn hold_no_longer(connection: &mut Connection, now: i64) -> Result<(), database::Error> {
    database::query(
        "UPDATE host_shares SET page_failures = 0, pages_held_until = 0, retries = 0
         WHERE EXISTS (SELECT 1 FROM urls WHERE urls.host_id = host_shares.host_id
                         AND urls.source_id = host_shares.source_id AND urls.due_at = $1
                         AND urls.due_at IS NOT NULL AND kind = 0 AND visits > 0
                         AND stored_at IS NULL)",
    )
    .bind(now)
    .execute(connection)
    .await
    .map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn hosts_of_pages_that_are_tried_on_request_are_held_no_longer() {
        let store = crate::store::tests::empty().await;
        let mut transaction = store.begin().await.unwrap();
        database::run(&mut *transaction, "INSERT INTO hosts (id, host) VALUES (1, 'a.test'), (2, 'b.test');
             INSERT INTO source_ids (id, name) VALUES (1, 'a'), (2, 'b');
             INSERT INTO host_shares (host_id, source_id) VALUES (1, 1), (2, 2);
             INSERT INTO urls (host_id, source_id, key, path, kind, depth, given, outcome, visits)
                 VALUES (1, 1, 1, '/1', 0, 1, 0, 'http_4xx', 1),
                        (2, 2, 2, '/1', 0, 1, 0, 'http_4xx', 1);
             UPDATE host_shares SET page_failures = 9, pages_held_until = 500, back_off_until = 300").await.unwrap();
        let filter = AddressFilter {
            sources: vec!["a".to_owned()],
            lost: true,
            ..AddressFilter::default()
        };
        assert_eq!(retry(&mut transaction, &filter, 100).await.unwrap(), 1);
        let held: Vec<(i64, i64)> = database::query_as(
            "SELECT pages_held_until, back_off_until FROM host_shares ORDER BY host_id",
        )
        .fetch_all(&mut *transaction)
        .await
        .unwrap();
        assert_eq!(held, [(0, 300), (500, 300)]);
    }
}
