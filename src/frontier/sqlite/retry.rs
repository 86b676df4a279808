//! Makes pages due again at a user's request.

use sqlx::SqliteConnection;

use crate::store::AddressFilter;
use crate::store::sqlite::make_due;

/// Makes pages due, but for those whose article is in the store under this address or another, and those
/// that wait for their first visit; see [`Frontier::retry`](crate::frontier::Frontier::retry).
pub(super) async fn retry(
    connection: &mut SqliteConnection,
    filter: &AddressFilter,
    now: i64,
) -> Result<u64, sqlx::Error> {
    make_due(connection, filter, now).await
}
