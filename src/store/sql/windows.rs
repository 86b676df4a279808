//! Who judges the health of a source, where several workers are at it: whoever ends last. A worker of which nothing was
//! heard for two minutes is not waited for; and where passes overlap without end, somebody judges once an hour.

use super::database::{self, Connection, listed};
use super::postgres::worker::{name_is_held, server_time};
use crate::store::status::PRESENT_MS;

/// Where passes overlap without end, a source is judged this often.
const LONGEST_MS: i64 = 3_600_000;

/// Notes that the worker's pass over these sources begins.
pub(super) async fn begin(
    connection: &mut Connection,
    worker: &str,
    sources: &[String],
) -> Result<(), database::Error> {
    database::query("UPDATE workers SET sources = $2 WHERE name = $1")
        .bind(worker)
        .bind(listed(sources))
        .execute(&mut *connection)
        .await?;
    database::query(concat!(
        "INSERT INTO health_windows (source, judged_at) SELECT value, ",
        server_time!(),
        " FROM each($1) ON CONFLICT DO NOTHING"
    ))
    .bind(listed(sources))
    .execute(connection)
    .await
    .map(|_| ())
}

/// Notes that the worker's pass over these sources has ended, and gives those whose health it judges.
pub(super) async fn end(
    connection: &mut Connection,
    worker: &str,
    sources: &[String],
) -> Result<Vec<String>, database::Error> {
    // Two that end at once must not each take the other for one that is still at work.
    database::query("LOCK TABLE health_windows IN EXCLUSIVE MODE")
        .execute(&mut *connection)
        .await?;
    database::query("UPDATE workers SET sources = NULL WHERE name = $1")
        .bind(worker)
        .execute(&mut *connection)
        .await?;
    let judged: Vec<String> = database::query_scalar(concat!(
        "UPDATE health_windows SET judged_at = ",
        server_time!(),
        " WHERE source IN (SELECT value FROM each($1))
            AND (judged_at < ",
        server_time!(),
        " - $2 OR NOT EXISTS (
                SELECT 1 FROM workers
                WHERE health_windows.source = ANY(workers.sources)
                  AND seen_at > ",
        server_time!(),
        " - $3
                  AND ",
        name_is_held!(),
        "))
         RETURNING source"
    ))
    .bind(listed(sources))
    .bind(LONGEST_MS)
    .bind(PRESENT_MS)
    .fetch_all(connection)
    .await?;
    Ok(judged)
}
