//! Keeps what a visit brought: its article, what it found, how it ended and when the address and
//! its host are due again. All within the caller's one transaction.

use sqlx::SqliteConnection;
use url::Url;

use super::super::schedule::is_worth_retrying;
use super::super::{Finished, Pass, Schedule, Visit, host_of};
use super::found;
use crate::article::Article;
use crate::outcome::Outcome;
use crate::store::{self, Kept};

/// Keeps a visit; see [`Frontier::finish`](super::super::Frontier::finish).
pub(super) async fn finish(
    connection: &mut SqliteConnection,
    pass: &Pass,
    schedule: &Schedule,
    mut visit: Visit,
) -> Result<Finished, sqlx::Error> {
    if let Some(mut article) = visit.article.take() {
        keep_article(connection, &mut visit, &mut article).await?;
    }
    let new_pages = found::keep(connection, pass, schedule, &visit).await?;
    let held_until = settle_host(connection, pass, schedule, &visit).await?;
    settle_address(connection, schedule, &visit, new_pages, held_until).await?;
    store::count(
        connection,
        &visit.due.source,
        pass.started,
        visit.due.kind.is_entry_point(),
        visit.outcome,
    )
    .await?;
    Ok(Finished {
        outcome: visit.outcome,
        reason: visit.reason,
        new_pages,
        host_held: held_until.is_some(),
    })
}

/// Keeps the article, and lets the store say what it is: new, the text of another, or known.
async fn keep_article(
    connection: &mut SqliteConnection,
    visit: &mut Visit,
    article: &mut Article,
) -> Result<(), sqlx::Error> {
    match store::keep(connection, article, visit.at).await? {
        Kept::New => visit.outcome = Outcome::Stored,
        Kept::DuplicateOf(id) => {
            visit.outcome = Outcome::Duplicate;
            visit.reason = Some(format!("the text of article {id}"));
        }
        Kept::Known => {
            visit.outcome = Outcome::Unchanged;
            visit.reason = Some(format!("article {}, stored already", article.id));
        }
    }
    for other in [&article.final_url, &article.canonical_url] {
        if let Ok(url) = Url::parse(other)
            && url != visit.due.url
        {
            never_fetch(connection, visit, &url).await?;
        }
    }
    Ok(())
}

/// An article's other addresses need not be fetched when a feed or a link names them.
async fn never_fetch(
    connection: &mut SqliteConnection,
    visit: &Visit,
    url: &Url,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO urls (url, host, source, kind, depth, given, reason)
         VALUES ($1, $2, $3, 'page', 0, 0, $4)
         ON CONFLICT (url) DO UPDATE SET due_at = NULL WHERE kind = 'page'",
    )
    .bind(url.as_str())
    .bind(host_of(url))
    .bind(&visit.due.source)
    .bind(format!("the article of {}", visit.due.url))
    .execute(connection)
    .await
    .map(|_| ())
}

/// Counts the host's failures in a row and renews the lease. Gives the time until which the host is
/// to be left alone, if it is.
async fn settle_host(
    connection: &mut SqliteConnection,
    pass: &Pass,
    schedule: &Schedule,
    visit: &Visit,
) -> Result<Option<i64>, sqlx::Error> {
    let host = host_of(&visit.due.url);
    let failed = is_worth_retrying(visit.outcome, visit.hold);
    let failures: Option<u32> = sqlx::query_scalar(
        "UPDATE hosts SET
             failures = CASE WHEN $2 THEN failures + 1 ELSE 0 END,
             lease_until = CASE WHEN lease_owner = $3 THEN $4 ELSE lease_until END
         WHERE host = $1 RETURNING failures",
    )
    .bind(&host)
    .bind(failed)
    .bind(&pass.owner)
    .bind(visit.at.saturating_add(schedule.lease))
    .fetch_optional(&mut *connection)
    .await?;
    let Some(hold) = schedule.hold(failures.unwrap_or(0), visit.hold) else {
        return Ok(None);
    };
    let until = visit.at.saturating_add(hold);
    sqlx::query("UPDATE hosts SET back_off_until = $2 WHERE host = $1")
        .bind(&host)
        .bind(until)
        .execute(connection)
        .await?;
    Ok(Some(until))
}

/// Keeps the outcome and the next due time. Validators of the last good answer stay through
/// failures and `304 Not Modified`.
async fn settle_address(
    connection: &mut SqliteConnection,
    schedule: &Schedule,
    visit: &Visit,
    new_pages: usize,
    held_until: Option<i64>,
) -> Result<(), sqlx::Error> {
    let (attempts, recheck): (u32, Option<i64>) =
        sqlx::query_as("SELECT attempts, recheck FROM urls WHERE id = $1")
            .bind(visit.due.id)
            .fetch_optional(&mut *connection)
            .await?
            .unwrap_or_default();
    let attempts = if visit.outcome.is_failure() {
        attempts.saturating_add(1)
    } else {
        0
    };
    let is_entry_point = visit.due.kind.is_entry_point();
    let recheck = is_entry_point.then(|| schedule.next_recheck(recheck, new_pages > 0));
    let wait = if is_entry_point {
        recheck
    } else if is_worth_retrying(visit.outcome, visit.hold) {
        schedule.next_try(attempts)
    } else {
        None
    };
    let due_at = wait.map(|wait| visit.at.saturating_add(wait));
    let answered = matches!(visit.status, Some(200..=299));
    sqlx::query(
        "UPDATE urls SET
             due_at = $2, recheck = $3, attempts = $4, visited_at = $5,
             outcome = $6, reason = $7, status = $8,
             etag = CASE WHEN $9 THEN $10 ELSE etag END,
             last_modified = CASE WHEN $9 THEN $11 ELSE last_modified END
         WHERE id = $1",
    )
    .bind(visit.due.id)
    .bind(due_at.map(|due_at| due_at.max(held_until.unwrap_or(due_at))))
    .bind(recheck)
    .bind(attempts)
    .bind(visit.at)
    .bind(visit.outcome.name())
    .bind(&visit.reason)
    .bind(visit.status)
    .bind(answered && !visit.outcome.is_failure())
    .bind(&visit.etag)
    .bind(&visit.last_modified)
    .execute(connection)
    .await
    .map(|_| ())
}
