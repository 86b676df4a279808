//! Stores what a kept page was judged to be this time, and makes due what can't be judged again
//! because its page was not kept.

use url::Url;

use super::article::ArticlePage;
use super::keys::pattern_key;
use crate::frontier::policy::settle::outcome_of;
use crate::frontier::{Judged, Judgement, ReadArticle, Schedule};
use crate::store::policy::kept::{
    FETCHED_AGAIN_WITHIN, MOST_FETCHED_AGAIN, PageWorth, REFUSED, is_refusal, worth,
};
use crate::store::sql::database::{self, Batch, Connection, Value, listed, rows_of};
use crate::store::sql::{
    Compared, JudgedPage, address, find_page, find_page_of, rewrite_article, source_id, update_page,
};
use crate::store::{Rewrite, RewriteResult};
use crate::verdict::VisitOutcome;

/// Stores a page that was judged again; see [`Frontier::judge`](crate::frontier::Frontier::judge).
pub(super) async fn judge(
    connection: &mut Connection,
    schedule: &Schedule,
    mut judged: Judged,
    now: i64,
) -> Result<Judgement, database::Error> {
    let was_article: Option<bool> = database::query_scalar(
        "SELECT is_article <> 0 FROM pages WHERE url = $1 AND fetched_at = $2",
    )
    .bind(&judged.url)
    .bind(judged.fetched_at)
    .fetch_optional(&mut *connection)
    .await?;
    let mut judgement = Judgement {
        url: judged.url.clone(),
        was_article: was_article.unwrap_or_default(),
        outcome: judged.reading.outcome,
        article: None,
        is_due: false,
    };
    let article = judged.reading.article.take();
    match (was_article, article) {
        // The page was replaced or dropped meanwhile.
        (None, _) => return Ok(judgement),
        (Some(was_article), Some(_)) if judged.continues => {
            judgement.is_due = !was_article;
            judgement.outcome = VisitOutcome::Unchanged;
            if judgement.is_due {
                make_due(connection, &judged.url, now).await?;
            }
        }
        (Some(true), Some(read)) => {
            let rewritten = rewrite_article(connection, rewrite(*read, &judged), now).await?;
            judgement.article = Some(rewritten);
        }
        (Some(false), Some(read)) => {
            let accepted = accept(connection, schedule, &judged, *read, now).await?;
            judgement.article = Some(accepted);
        }
        (Some(false), None) => refuse(connection, &judged).await?,
        (Some(true), None) => {}
    }
    let found = if judgement.article.is_some() {
        PageWorth::Article
    } else {
        worth(judged.reading.outcome).min(PageWorth::Refused)
    };
    let page = JudgedPage {
        url: &judged.url,
        fetched_at: judged.fetched_at,
        judged_by: judged.judged_by.as_deref(),
        evidence: judged.evidence,
    };
    update_page(connection, page, found).await?;
    Ok(judgement)
}

fn rewrite(read: ReadArticle, judged: &Judged) -> Rewrite {
    Rewrite {
        article: read.article,
        missed_selectors: read.missed_selectors,
        fetched_at: judged.fetched_at,
    }
}

/// Stores the article of a page that was refused before; its address ends as if it had been visited now.
async fn accept(
    connection: &mut Connection,
    schedule: &Schedule,
    judged: &Judged,
    read: ReadArticle,
    now: i64,
) -> Result<RewriteResult, database::Error> {
    let url = Url::parse(&judged.url).map_err(|error| database::Error::Decode(error.into()))?;
    let id = find_page(connection, &url).await?;
    let page = ArticlePage {
        id: id.unwrap_or_default(),
        url: &url,
        source: &judged.source,
        at: now,
    };
    let mut writes = Batch::default();
    let compared = Compared::of(&read.article);
    compared.lock(connection, &read.article).await?;
    let (stored_as, article) = page
        .take_in(connection, read, &compared, &mut writes)
        .await?;
    let (outcome, reason) = outcome_of(stored_as.clone(), &article);
    let refetch = schedule
        .next_refetch(0)
        .map(|wait| now.saturating_add(wait));
    let ended = database::query(
        "UPDATE urls SET outcome = $2, reason = $3, attempts = 0, due_at = $4,
             stored_at = COALESCE(stored_at, CASE WHEN $5 <> 0 THEN $6 END), article = $7
         WHERE id = $1",
    )
    .bind(id)
    .bind(outcome.name())
    .bind(reason.as_deref().unwrap_or("its page was judged again"))
    .bind(refetch)
    .bind(outcome.is_article())
    .bind(now)
    .bind(&article.id);
    writes.add(ended);
    writes.execute(&mut *connection).await?;
    // Pages of this pattern hold articles after all.
    database::query(
        "UPDATE shapes SET barren = 0, barren_since = NULL, fruit_at = $2
         WHERE shape = $1 AND source = $3",
    )
    .bind(pattern_key(&url))
    .bind(now)
    .bind(&judged.source)
    .execute(connection)
    .await?;
    Ok(RewriteResult {
        article,
        stored_as,
        before: None,
        fields: Vec::new(),
    })
}

/// Keeps the outcome of a refused address in step with the verdict on its page, unless a later visit
/// failed.
async fn refuse(connection: &mut Connection, judged: &Judged) -> Result<(), database::Error> {
    let reading = &judged.reading;
    if !is_refusal(reading.outcome) {
        return Ok(());
    }
    let id = find_page_of(connection, &judged.url).await?;
    database::query(concat!(
        "UPDATE urls SET outcome = $2, reason = $3
         WHERE id = $1 AND outcome IN (SELECT value FROM each($4)) AND source_id = ",
        source_id!("$5"),
    ))
    .bind(id)
    .bind(reading.outcome.name())
    .bind(&reading.reason)
    .bind(refusals())
    .bind(&judged.source)
    .execute(connection)
    .await
    .map(|_| ())
}

async fn make_due(connection: &mut Connection, url: &str, now: i64) -> Result<(), database::Error> {
    let id = find_page_of(connection, url).await?;
    database::query(
        "UPDATE urls SET due_at = LEAST(COALESCE(due_at, $2), $2), attempts = 0,
             etag = NULL, last_modified = NULL,
             reason = 'it holds an article of several pages, which are fetched again'
         WHERE id = $1",
    )
    .bind(id)
    .bind(now)
    .execute(connection)
    .await
    .map(|_| ())
}

/// A refused page is judged again, or fetched again where it was not kept, because its address is named
/// by better evidence than before.
pub(super) async fn judge_by_better_evidence(
    connection: &mut Connection,
    id: i64,
    now: i64,
) -> Result<(), database::Error> {
    let kept = database::query(concat!(
        "UPDATE pages SET judged_by = NULL
         WHERE is_article = 0 AND url = (SELECT ",
        address!("hosts.host", "path"),
        " FROM urls CROSS JOIN hosts ON hosts.id = urls.host_id WHERE urls.id = $1)"
    ))
    .bind(id)
    .execute(&mut *connection)
    .await?;
    if kept > 0 {
        return Ok(());
    }
    database::query(
        "UPDATE urls SET due_at = $2, attempts = 0, etag = NULL, last_modified = NULL
         WHERE id = $1 AND kind = 0 AND (due_at IS NULL OR due_at > $2) AND stored_at IS NULL
           AND outcome IN (SELECT value FROM each($3))",
    )
    .bind(id)
    .bind(now)
    .bind(refusals())
    .execute(connection)
    .await
    .map(|_| ())
}

/// Makes refused pages due that were not kept and that a feed or news sitemap names, where the source's
/// pages were judged by another extractor or other settings until now. They are asked for in full: `304 Not
/// Modified` would bring nothing to judge.
pub(super) async fn fetch_refused(
    connection: &mut Connection,
    judged_by: &[(String, String)],
    now: i64,
) -> Result<u64, database::Error> {
    let row = |(source, by): &(String, String)| serde_json::json!([source, by]);
    let changed: Vec<String> = database::query_scalar(
        "UPDATE sources SET judged_by = each_row.value ->> 1
         FROM each_row($1)
         WHERE source = each_row.value ->> 0
           AND judged_by IS DISTINCT FROM each_row.value ->> 1
         RETURNING source",
    )
    .bind(rows_of(judged_by.iter().map(row)))
    .fetch_all(&mut *connection)
    .await?;
    let mut made_due = 0;
    for source in changed {
        made_due += fetch_refused_of(connection, &source, now).await?;
    }
    Ok(made_due)
}

async fn fetch_refused_of(
    connection: &mut Connection,
    source: &str,
    now: i64,
) -> Result<u64, database::Error> {
    let made_due = database::query(concat!(
        "UPDATE urls SET due_at = $2, attempts = 0, etag = NULL, last_modified = NULL
         WHERE id IN (
             SELECT urls.id FROM urls CROSS JOIN hosts ON hosts.id = urls.host_id
             WHERE kind = 0 AND (due_at IS NULL OR due_at > $2) AND stored_at IS NULL
               AND article IS NULL AND outcome IS NOT NULL
               AND evidence IN (3, 4) AND urls.visited_at >= $3
               AND COALESCE(urls.visited_at, found_at) >= $3
               AND outcome IN (SELECT value FROM each($4))
               AND urls.source_id = ",
        source_id!("$1"),
        "      AND NOT EXISTS (SELECT 1 FROM pages WHERE pages.url = ",
        address!("hosts.host", "path"),
        ")
             ORDER BY COALESCE(urls.visited_at, found_at) DESC LIMIT $5)"
    ))
    .bind(source)
    .bind(now)
    .bind(now.saturating_sub(FETCHED_AGAIN_WITHIN))
    .bind(refusals())
    .bind(MOST_FETCHED_AGAIN)
    .execute(connection)
    .await?;
    Ok(made_due)
}

/// The names of the outcomes that refuse a page.
fn refusals() -> Value {
    listed(REFUSED.map(VisitOutcome::name))
}
