//! A pass under a clock that was ahead, or that is behind today.

use super::*;

const DAY: i64 = 24 * 60 * MINUTE;

/// What is due at this time, after the times have been corrected at `NOW`.
async fn due_at(storage: &Storage, now: i64) -> Vec<String> {
    let frontier = &storage.frontier;
    let pass = pass("later", now, &["daily"]);
    let mut due = Vec::new();
    while let Some(claim) = frontier.claim(&pass, now).await.unwrap() {
        due.extend(addresses(&claim).into_iter().map(str::to_owned));
        if claim.due[0].kind == UrlKind::Page {
            frontier.release(&pass, &claim.host).await.unwrap();
            break;
        }
        // Entry points are claimed alone.
        for entry in &claim.due {
            let unchanged = visit(entry, now, VisitOutcome::Unchanged);
            frontier.finish(&pass, unchanged).await.unwrap();
        }
        frontier.release(&pass, &claim.host).await.unwrap();
    }
    due
}

/// A front page visited at `then`, which named a page that waits and one that has failed.
async fn visited_at(then: i64) -> Storage {
    let storage = storage().await;
    let frontier = &storage.frontier;
    let seeds = [seed("daily", &["https://daily.test/"])];
    frontier.seed(&seeds, then).await.unwrap();
    let pass = pass("a", then, &["daily"]);
    let claim = frontier.claim(&pass, then).await.unwrap().unwrap();
    let found = vec![
        page("https://daily.test/waits", None),
        page("https://daily.test/failed", Some(then)),
    ];
    let front = Visit {
        result: answered(Reading::index(found)),
        ..visit(&claim.due[0], then, VisitOutcome::Index)
    };
    frontier.finish(&pass, front).await.unwrap();
    frontier.release(&pass, &claim.host).await.unwrap();
    let claim = frontier.claim(&pass, then).await.unwrap().unwrap();
    let failed = visit(&claim.due[0], then, VisitOutcome::Http5xx);
    frontier.finish(&pass, failed).await.unwrap();
    frontier.release(&pass, &claim.host).await.unwrap();
    storage
}

#[tokio::test]
async fn what_a_pass_under_a_clock_ahead_has_planned_is_due_after_the_same_wait() {
    for ahead in [2 * 60 * MINUTE, 400 * DAY] {
        let storage = visited_at(NOW + ahead).await;
        assert_eq!(due_at(&storage, NOW).await, [""; 0], "{ahead}");
        let corrected = storage.frontier.correct_times(NOW).await.unwrap();
        assert_eq!(corrected, ahead);
        assert_eq!(due_at(&storage, NOW).await, ["https://daily.test/waits"]);
        assert_eq!(storage.frontier.correct_times(NOW).await.unwrap(), 0);
        let later = due_at(&storage, NOW + 61 * MINUTE).await;
        let all = ["", "waits", "failed"].map(|it| format!("https://daily.test/{it}"));
        assert_eq!(later, all);
    }
}

#[tokio::test]
pub(super) async fn a_host_backed_off_under_a_clock_ahead_is_asked_again() {
    let then = NOW + 400 * DAY;
    let storage = visited_at(then).await;
    let frontier = &storage.frontier;
    let pass = pass("a", then, &["daily"]);
    let claim = frontier.claim(&pass, then).await.unwrap().unwrap();
    let refused = Visit {
        result: failed(VisitOutcome::Http4xx, Some(Duration::from_secs(600))),
        ..visit(&claim.due[0], then, VisitOutcome::Http4xx)
    };
    frontier.finish(&pass, refused).await.unwrap();
    frontier.release(&pass, &claim.host).await.unwrap();
    frontier.correct_times(NOW).await.unwrap();
    assert_eq!(due_at(&storage, NOW + 9 * MINUTE).await, [""; 0]);
    assert_ne!(due_at(&storage, NOW + 20 * MINUTE).await, [""; 0]);
}

#[tokio::test]
async fn what_is_planned_under_a_clock_that_is_right_stays() {
    let storage = visited_at(NOW).await;
    for now in [NOW, NOW + MINUTE, NOW - MINUTE / 2] {
        assert_eq!(storage.frontier.correct_times(now).await.unwrap(), 0);
    }
    assert_eq!(
        due_at(&storage, NOW + MINUTE).await,
        ["https://daily.test/waits"]
    );
}
