//! What `status` shows.

use super::database::{self, Int, listed};
use super::pieces::source_id;
use super::{Engine, SqlStore, addresses};
use crate::store::{SourceStatus, StoreError};
use crate::verdict::VisitOutcome;

const HOUR: i64 = 3600 * 1000;
const DAY: i64 = 24 * HOUR;

/// The last pass, the addresses and the articles of a source, and what became of its pages since a time.
pub(super) async fn source_state(
    store: &SqlStore,
    source: &str,
    since: i64,
) -> Result<SourceStatus, StoreError> {
    let steps = async {
        let mut status = SourceStatus {
            source: source.to_owned(),
            since,
            found: addresses::found(store, source, since).await?,
            ..SourceStatus::default()
        };
        last_run(store, &mut status).await?;
        let (Int(articles), Int(stored)) = database::query_as(
            "SELECT COUNT(*), COUNT(*) FILTER (WHERE fetched_at >= $2)
             FROM articles WHERE source = $1",
        )
        .bind(source)
        .bind(since)
        .fetch_one(store.readers())
        .await?;
        (status.articles, status.stored) = (articles, stored);
        due(store, &mut status).await?;
        for lost in addresses::lost(store, source, since).await? {
            status.lost.insert(lost.outcome, lost.count);
            status.tried_again += lost.again;
        }
        if status.lost.contains_key(&VisitOutcome::OptOut) {
            status.withheld = addresses::withheld(store, source, since).await?;
        }
        Ok(status)
    };
    steps.await.map_err(|error| store.fault(error))
}

/// What is due of a source: what waits for a first visit, and everything else.
async fn due(store: &SqlStore, status: &mut SourceStatus) -> Result<(), database::Error> {
    // Whatever waits may be fetched now: when the oldest was due says enough.
    let new: Option<(Int<u64>, Option<i64>)> = database::query_as(
        "SELECT waiting_pages,
                (SELECT due_at FROM urls
                 WHERE source_id = source_ids.id AND kind = 0 AND due_at IS NOT NULL AND visits = 0
                 ORDER BY hint NULLS FIRST LIMIT 1)
         FROM source_ids WHERE name = $1",
    )
    .bind(&status.source)
    .fetch_optional(store.readers())
    .await?;
    let (Int(waiting), oldest) = new.unwrap_or_default();
    let (Int(tried), again): (Int<u64>, Option<i64>) = database::query_as(concat!(
        "SELECT COUNT(*) FILTER (WHERE stored_at IS NULL), MIN(due_at) FROM urls
         WHERE due_at IS NOT NULL AND kind = 0 AND visits > 0 AND source_id = ",
        source_id!("$1"),
    ))
    .bind(&status.source)
    .fetch_one(store.readers())
    .await?;
    let (Int(entry_points), Int(left_out), next): (Int<u64>, Int<u64>, _) =
        database::query_as(concat!(
            "SELECT COUNT(*), CAST(COALESCE(SUM(left_out), 0) AS BIGINT), MIN(due_at) FROM urls
         WHERE due_at IS NOT NULL AND kind <> 0 AND source_id = ",
            source_id!("$1"),
        ))
        .bind(&status.source)
        .fetch_one(store.readers())
        .await?;
    status.waiting = waiting + tried;
    status.entry_points = entry_points;
    status.left_out = left_out;
    let next_due = [oldest, again, next].into_iter().flatten().min();
    // Nothing that is due is asked for while its host is left alone.
    let next_turn: Option<i64> = database::query_scalar(concat!(
        "SELECT MIN(GREATEST(back_off_until,
                             (SELECT GREATEST(hosts.back_off_until, turn_at) FROM hosts WHERE id = host_id)))
         FROM host_shares
         WHERE due_at IS NOT NULL AND source_id = ",
        source_id!("$1"),
    ))
    .bind(&status.source)
    .fetch_one(store.readers())
    .await?;
    status.next_due = next_due.map(|due| next_turn.map_or(due, |turn| due.max(turn)));
    Ok(())
}

/// Articles by the day on which they were stored, each of 24 hours that end now.
pub(super) async fn daily_articles(
    store: &SqlStore,
    source: &str,
    days: usize,
    now: i64,
) -> Result<Vec<u64>, StoreError> {
    let counts: Vec<(i64, Int<u64>)> = database::query_as(
        "SELECT ($2 - fetched_at) / $3, COUNT(*) FROM articles
         WHERE source = $1 AND fetched_at > $2 - $3 * $4 AND fetched_at <= $2 GROUP BY 1",
    )
    .bind(source)
    .bind(now)
    .bind(DAY)
    .bind(i64::try_from(days).unwrap_or(1))
    .fetch_all(store.readers())
    .await
    .map_err(|error| store.fault(error))?;
    let mut daily = vec![0; days];
    for (ago, Int(count)) in counts {
        let day = usize::try_from(ago)
            .ok()
            .and_then(|ago| daily.iter_mut().rev().nth(ago));
        if let Some(day) = day {
            *day = count;
        }
    }
    Ok(daily)
}

/// The last pass, and what the others brought that were under way when it began.
async fn last_run(store: &SqlStore, status: &mut SourceStatus) -> Result<(), database::Error> {
    let run: Option<(i64, Option<i64>)> = database::query_as(
        "SELECT started, ended FROM runs WHERE source = $1 ORDER BY started DESC LIMIT 1",
    )
    .bind(&status.source)
    .fetch_optional(store.readers())
    .await?;
    let Some(last) = run else {
        return Ok(());
    };
    let mut runs = vec![last];
    if matches!(store.engine, Engine::Postgres(_)) {
        runs.extend(under_way(store, &status.source, last.0).await?);
    }
    status.started = Some(last.0);
    let ends: Option<Vec<i64>> = runs.iter().map(|(_, ended)| *ended).collect();
    status.ended = ends.and_then(|ends| ends.into_iter().max());
    let counts: Vec<(bool, String, Int<u64>)> = database::query_as(
        "SELECT entry_point <> 0, outcome, count FROM run_outcomes
         WHERE source = $1 AND started IN (SELECT value FROM each($2))",
    )
    .bind(&status.source)
    .bind(listed(runs.iter().map(|(started, _)| *started)))
    .fetch_all(store.readers())
    .await?;
    for (entry_point, name, Int(count)) in counts {
        let outcomes = if entry_point {
            &mut status.entry_outcomes
        } else {
            &mut status.outcomes
        };
        if let Some(outcome) = VisitOutcome::from_name(&name) {
            *outcomes.entry(outcome).or_default() += count;
        }
    }
    Ok(())
}

/// The passes that were under way when the one began that began last. One without an end may have been killed, and
/// counts for an hour.
async fn under_way(
    store: &SqlStore,
    source: &str,
    last: i64,
) -> Result<Vec<(i64, Option<i64>)>, database::Error> {
    database::query_as(
        "SELECT started, ended FROM runs
         WHERE source = $1 AND started < $2 AND (ended >= $2 OR (ended IS NULL AND started > $2 - $3))",
    )
    .bind(source)
    .bind(last)
    .bind(HOUR)
    .fetch_all(store.readers())
    .await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::AddressFilter;
    use crate::store::tests::{Opened, stores};

    /// A pass that had ended, one that had not, and the last one.
    async fn passes(store: &SqlStore) {
        for (started, ended, stored) in [(50, Some(90), 9), (100, Some(500), 3), (400, None, 2)] {
            let run =
                database::query("INSERT INTO runs (source, started, ended) VALUES ($1, $2, $3)");
            let run = run.bind("daily").bind(started).bind(ended);
            store.write(run).await.unwrap();
            let outcome = database::query(
                "INSERT INTO run_outcomes (source, started, entry_point, outcome, count)
                 VALUES ('daily', $1, 0, 'stored', $2)",
            );
            let outcome = outcome.bind(started).bind(stored);
            store.write(outcome).await.unwrap();
        }
    }

    async fn last(store: &SqlStore) -> (Option<i64>, u64) {
        let status = source_state(store, "daily", 0).await.unwrap();
        assert_eq!(status.started, Some(400));
        (status.ended, status.outcomes[&VisitOutcome::Stored])
    }

    /// Something is due since 5 and 7, at a host each; the first is left alone until 90 by the source, then the other
    /// one by everyone.
    #[tokio::test]
    async fn nothing_is_due_at_a_host_that_is_left_alone() {
        let due = "INSERT INTO source_ids (id, name) VALUES (1, 'daily');
            INSERT INTO hosts (id, host, source_id) VALUES (1, 'a.test', 1), (2, 'b.test', 1), (3, 'c.test', 1);
            INSERT INTO host_shares (host_id, source_id, due_at) VALUES (1, 1, 5), (2, 1, 7), (3, 1, NULL);
            INSERT INTO urls (host_id, source_id, kind, key, path, depth, given, due_at, visits)
            VALUES (1, 1, 1, 1, '/', 0, 1, 5, 1), (2, 1, 1, 2, '/', 0, 1, 7, 1)";
        let by_source = "UPDATE host_shares SET back_off_until = 90 WHERE host_id = 1";
        let by_all = "UPDATE hosts SET back_off_until = 60 WHERE id = 2";
        for Opened { store, .. } in stores().await {
            for (statements, expected) in [(due, 5), (by_source, 5), (by_all, 60)] {
                database::run(store.readers(), statements).await.unwrap();
                let status = source_state(&store, "daily", 0).await.unwrap();
                assert_eq!(status.next_due, Some(expected), "{statements}");
            }
            let all = addresses::after(&store, &AddressFilter::default(), 0, 9).await;
            let next: Vec<Option<i64>> = all.unwrap().iter().map(|it| it.next_visit).collect();
            assert_eq!(next, [Some(90), Some(60)]);
        }
    }

    #[tokio::test]
    async fn the_last_pass_is_that_of_all_workers_that_were_at_work() {
        for Opened { store, .. } in stores().await {
            passes(&store).await;
            if matches!(store.engine, Engine::Sqlite(_)) {
                assert_eq!(last(&store).await, (None, 2), "one at a time");
                continue;
            }
            assert_eq!(last(&store).await, (None, 5));
            let end = database::query("UPDATE runs SET ended = 450 WHERE started = 400");
            store.write(end).await.unwrap();
            assert_eq!(last(&store).await, (Some(500), 5));
        }
    }
}
