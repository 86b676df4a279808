//! Keeps what a visit brought: its article, what it found, how it ended and when the address and
//! its host are due again. All within the caller's one transaction.

use sqlx::{FromRow, SqliteConnection};
use url::Url;

use crate::canonical::{self, dedup_key};
use crate::extract::site_memory::host_of;
use crate::frontier::schedule::is_worth_retrying;
use crate::frontier::sqlite::found::{self, FOUND, GUESSED};
use crate::frontier::{
    Due, Finished, Pass, ReadArticle, Schedule, UrlKind, Visit, VisitResult, host_and_port,
};
use crate::store::{self, Kept};
use crate::verdict::VisitOutcome;

/// What of an address decides when it is due again.
#[derive(Default, FromRow)]
struct Address {
    attempts: u32,
    recheck: Option<i64>,
    given: i64,
    stored_at: Option<i64>,
}

/// Keeps a visit; see [`Frontier::finish`](crate::frontier::Frontier::finish).
pub(super) async fn finish(
    connection: &mut SqliteConnection,
    pass: &Pass,
    schedule: &Schedule,
    mut visit: Visit,
) -> Result<Finished, sqlx::Error> {
    if let VisitResult::Answered(answered) = &mut visit.result {
        let reading = &mut answered.reading;
        if let Some(article) = reading.article.take() {
            (reading.outcome, reading.reason) =
                keep_article(connection, &visit.due, visit.at, *article).await?;
        }
        if let Some(page) = reading.page.take() {
            let is_article =
                reading.outcome.is_article() || reading.outcome == VisitOutcome::Unchanged;
            store::keep_page(connection, *page, is_article).await?;
        }
    }
    if visit.due.kind == UrlKind::Page {
        found::note_fruit(connection, &visit).await?;
    }
    let new_pages = found::keep(connection, pass, schedule, &visit).await?;
    let held_until = settle_host(connection, pass, schedule, &visit).await?;
    settle_address(connection, schedule, &visit, new_pages, held_until).await?;
    if !(visit.due.guessed && visit.outcome().is_failure()) {
        store::count(
            connection,
            &visit.due.source,
            pass.started,
            visit.due.kind.is_entry_point(),
            visit.outcome(),
        )
        .await?;
    }
    Ok(Finished {
        outcome: visit.outcome(),
        reason: visit.reason().map(str::to_owned),
        new_pages,
        host_backed_off: held_until.is_some(),
    })
}

/// Keeps the article, and gives what it is by the store: new, the text of another, or known.
async fn keep_article(
    connection: &mut SqliteConnection,
    due: &Due,
    at: i64,
    read: ReadArticle,
) -> Result<(VisitOutcome, Option<String>), sqlx::Error> {
    let mut article = read.article;
    let end = match store::keep(connection, &mut article, at, at).await? {
        Kept::New => {
            let url = Url::parse(&article.final_url).ok();
            if let Some(host) = url.as_ref().and_then(host_of) {
                store::learn(connection, &host, &read.fingerprint).await?;
            }
            (VisitOutcome::Stored, None)
        }
        Kept::DuplicateOf(id) => {
            let reason = format!("the text of article {id}");
            (VisitOutcome::Duplicate, Some(reason))
        }
        Kept::Updated(revision) => {
            let reason = format!("revision {revision}");
            (VisitOutcome::Updated, Some(reason))
        }
        Kept::Known => {
            let reason = format!("article {}, stored already", article.id);
            (VisitOutcome::Unchanged, Some(reason))
        }
    };
    store::note_missed(connection, &article.id, read.missed_selectors.as_deref()).await?;
    for other in [&article.final_url, &article.canonical_url] {
        if let Ok(url) = Url::parse(other)
            && url != due.url
        {
            never_fetch(connection, due, &url).await?;
        }
    }
    Ok(end)
}

/// An article's other addresses need not be fetched when a feed or a link names them.
async fn never_fetch(
    connection: &mut SqliteConnection,
    due: &Due,
    url: &Url,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO urls (url, host, source, kind, depth, given, reason, spelling)
         VALUES ($1, $2, $3, 'page', 0, 0, $4, $5)
         ON CONFLICT (url) DO UPDATE SET due_at = NULL
             WHERE kind = 'page' AND stored_at IS NULL",
    )
    .bind(url.as_str())
    .bind(host_and_port(url))
    .bind(&due.source)
    .bind(format!("the article of {}", due.url))
    .bind(dedup_key(url))
    .execute(connection)
    .await
    .map(|_| ())
}

/// Counts the host's failures in a row and renews the lease. Gives the time until which the host is
/// to be left alone, if it is. Where a redirect led to another host, and that one failed, it is
/// that one which is left alone.
async fn settle_host(
    connection: &mut SqliteConnection,
    pass: &Pass,
    schedule: &Schedule,
    visit: &Visit,
) -> Result<Option<i64>, sqlx::Error> {
    let own = host_and_port(&visit.due.url);
    let failed_at = visit.failed().and_then(|failed| failed.failed_at.as_ref());
    let host = failed_at.map_or_else(|| own.clone(), host_and_port);
    let failed = is_worth_retrying(visit.outcome(), visit.retry_after());
    sqlx::query(
        "UPDATE hosts SET visited_at = $2,
             lease_until = CASE WHEN lease_owner = $3 THEN $4 ELSE lease_until END
         WHERE host = $1",
    )
    .bind(&own)
    .bind(visit.at)
    .bind(&pass.owner)
    .bind(visit.at.saturating_add(schedule.lease))
    .execute(&mut *connection)
    .await?;
    let failures: u32 = sqlx::query_scalar(
        "INSERT INTO hosts (host, failures) VALUES ($1, $2)
         ON CONFLICT DO UPDATE SET failures = CASE WHEN $2 THEN failures + 1 ELSE 0 END
         RETURNING failures",
    )
    .bind(&host)
    .bind(failed)
    .fetch_one(&mut *connection)
    .await?;
    let Some(hold) = schedule.hold(failures, visit.retry_after(), chance(&host, failures)) else {
        return Ok(None);
    };
    let until = visit.at.saturating_add(hold);
    sqlx::query("UPDATE hosts SET back_off_until = $2 WHERE host = $1")
        .bind(&host)
        .bind(until)
        .execute(connection)
        .await?;
    Ok((host == own).then_some(until))
}

/// A number between 0 and 1 that differs from host to host and time to time, and is the same in
/// every run.
fn chance(host: &str, failures: u32) -> f64 {
    let digest = canonical::digest(format!("{host} {failures}").as_bytes());
    let bits = u32::from_str_radix(&digest[..8], 16).unwrap_or_default();
    f64::from(bits) / f64::from(u32::MAX)
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
    let known: Option<Address> =
        sqlx::query_as("SELECT attempts, recheck, given, stored_at FROM urls WHERE id = $1")
            .bind(visit.due.id)
            .fetch_optional(&mut *connection)
            .await?;
    let Address {
        attempts,
        recheck,
        given,
        stored_at,
    } = known.unwrap_or_default();
    let failed = visit.outcome().is_failure();
    let attempts = if failed {
        attempts.saturating_add(1)
    } else {
        0
    };
    let stored_at = stored_at.or_else(|| visit.outcome().is_article().then_some(visit.at));
    let is_entry_point = visit.due.kind.is_entry_point();
    let most = match (visit.due.kind, given) {
        (UrlKind::Sitemap, FOUND | GUESSED) => schedule.found_map_max,
        _ => schedule.recheck_max,
    };
    let retry = is_worth_retrying(visit.outcome(), visit.retry_after());
    let recheck = if is_entry_point && !failed {
        Some(schedule.next_recheck(recheck, new_pages > 0, most))
    } else {
        recheck
    };
    let wait = if is_entry_point && failed {
        let wait = schedule.next_entry_try(attempts);
        Some(wait).filter(|_| given != GUESSED || retry)
    } else if is_entry_point {
        recheck
    } else if retry {
        schedule.next_try(attempts)
    } else if visit.outcome().is_article() || visit.outcome() == VisitOutcome::Unchanged {
        stored_at.and_then(|stored_at| schedule.next_refetch(visit.at - stored_at))
    } else {
        None
    };
    let due_at = wait.map(|wait| visit.at.saturating_add(wait));
    let validators = visit.answered();
    let answered = matches!(visit.status(), Some(200..=299));
    sqlx::query(
        "UPDATE urls SET
             due_at = $2, recheck = $3, attempts = $4, visited_at = $5,
             outcome = $6, reason = $7, status = $8,
             etag = CASE WHEN $9 THEN $10 ELSE etag END,
             last_modified = CASE WHEN $9 THEN $11 ELSE last_modified END,
             stored_at = $12
         WHERE id = $1",
    )
    .bind(visit.due.id)
    .bind(due_at.map(|due_at| due_at.max(held_until.unwrap_or(due_at))))
    .bind(recheck)
    .bind(attempts)
    .bind(visit.at)
    .bind(visit.outcome().name())
    .bind(visit.reason())
    .bind(visit.status())
    .bind(answered && !failed)
    .bind(validators.and_then(|it| it.etag.as_deref()))
    .bind(validators.and_then(|it| it.last_modified.as_deref()))
    .bind(stored_at)
    .execute(connection)
    .await
    .map(|_| ())
}
