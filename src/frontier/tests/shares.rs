//! What one source makes of a host binds no other.

use super::*;

const FRONT: &str = "https://daily.test/";

/// A frontier in which `weekly` has been led to these addresses of the site of `daily`, by its own front
/// page.
async fn led_to(found: Vec<FoundUrl>) -> Storage {
    let storage = storage().await;
    let frontier = &storage.frontier;
    let seeds = [
        seed("daily", &[FRONT]),
        seed("weekly", &["https://weekly.test/"]),
    ];
    frontier.seed(&seeds, NOW).await.unwrap();
    let pass = pass("w", NOW, &["weekly"]);
    let claim = frontier.claim(&pass, NOW).await.unwrap().unwrap();
    let front = Visit {
        due: claim.due[0].clone(),
        at: NOW,
        result: names(&found),
    };
    frontier.finish(&pass, front).await.unwrap();
    frontier.release(&pass, &claim.host).await.unwrap();
    storage
}

fn pages_at(host: &str, count: usize) -> Vec<FoundUrl> {
    let url = |number| format!("https://{host}/news/story-{number}");
    (0..count).map(|it| page(&url(it), None)).collect()
}

/// The sources for which a host is claimed in turn, where each visit ends as `result` says.
async fn claims(
    storage: &Storage,
    most: usize,
    now: i64,
    result: impl Fn(&Due) -> VisitResult,
) -> Vec<String> {
    let claims = run_claims(storage, most, now, result).await;
    claims.iter().map(|asked| asked[0].source.clone()).collect()
}

#[tokio::test]
async fn sources_that_share_a_host_get_it_in_turn_whatever_one_of_them_has_named() {
    let sitemaps = (0..500).map(|number| FoundUrl {
        kind: UrlKind::Sitemap,
        ..page(&format!("https://daily.test/map-{number}.xml"), None)
    });
    let pages = pages_at("daily.test", 500);
    let named = [sitemaps.collect(), pages];
    for found in named {
        let storage = led_to(found).await;
        let own: Vec<FoundUrl> = (0..100)
            .map(|number| page(&format!("https://daily.test/own/{number}"), None))
            .collect();
        let claimed = claims(&storage, 10, NOW, |due| match due.url.as_str() {
            FRONT => names(&own),
            _ => read(VisitOutcome::Index),
        });
        let own = claimed.await.into_iter().filter(|it| it == "daily").count();
        assert!((4..=6).contains(&own), "{own} of 10");
    }
}

#[tokio::test]
async fn failures_of_one_source_hold_the_host_back_for_itself_alone() {
    let storage = led_to(pages_at("daily.test", 100)).await;
    let failing = |due: &Due| match due.source.as_str() {
        "weekly" => status(500),
        _ => names(&pages_at("daily.test", 0)),
    };
    claims(&storage, 50, NOW, failing).await;
    let later = NOW + 10 * MINUTE;
    let pass = pass("b", later, &["daily"]);
    let claim = storage.frontier.claim(&pass, later).await.unwrap();
    assert_eq!(addresses(&claim.unwrap()), [FRONT]);
}

#[tokio::test]
async fn a_pause_that_the_host_asks_for_goes_for_every_source() {
    let storage = led_to(pages_at("daily.test", 3)).await;
    let frontier = &storage.frontier;
    let weekly = pass("w", NOW, &["weekly"]);
    let claim = frontier.claim(&weekly, NOW).await.unwrap().unwrap();
    let asked = Visit {
        due: claim.due[0].clone(),
        at: NOW,
        result: failed(VisitOutcome::Http5xx, Some(Duration::from_secs(600))),
    };
    frontier.finish(&weekly, asked).await.unwrap();
    frontier.release(&weekly, &claim.host).await.unwrap();
    let at = |minutes: i64| pass("d", NOW + minutes * MINUTE, &["daily"]);
    let early = frontier.claim(&at(9), NOW + 9 * MINUTE).await.unwrap();
    assert_eq!(early, None);
    let later = frontier.claim(&at(10), NOW + 10 * MINUTE).await.unwrap();
    assert!(later.is_some());
}

#[tokio::test]
async fn what_one_source_finds_no_articles_on_is_no_trap_for_another() {
    let section = |from: usize| -> Vec<FoundUrl> {
        let url = |number| format!("https://daily.test/news/city/{number}");
        (from..from + 450)
            .map(|it| named(&url(it), AddressEvidence::Link))
            .collect()
    };
    let storage = led_to(section(0)).await;
    let own = section(1000);
    let asked = run_pass(&storage, NOW, |due| match (due.source.as_str(), due.kind) {
        ("daily", UrlKind::Page) => read(VisitOutcome::Stored),
        ("weekly", UrlKind::Page) => read(VisitOutcome::NotArticle),
        _ => names(&[]),
    });
    assert_eq!(pages_of(&asked.await), 450);
    let later = NOW + 60 * MINUTE;
    let asked = run_pass(&storage, later, |due| match due.kind {
        UrlKind::Page => read(VisitOutcome::Stored),
        _ if due.source == "daily" => names(&own),
        _ => names(&[]),
    });
    let asked = asked.await;
    assert_eq!(pages_of(&asked), 450, "{}", asked.len());
}

#[tokio::test]
pub(super) async fn at_a_slow_host_entry_points_and_pages_take_turns() {
    let (storage, first) = with_pages(pages_at("daily.test", 5)).await;
    let frontier = &storage.frontier;
    let mut kinds = Vec::new();
    for number in 1..=6 {
        let now = NOW + number * 60 * MINUTE;
        let slow = SlowHost {
            host: "daily.test".to_owned(),
            turn_at: now,
            interval: 2 * MINUTE,
            asked_at: None,
        };
        frontier.leave(&first, &slow).await.unwrap();
        let pass = Pass {
            started: now,
            since: now,
            ..first.clone()
        };
        let claim = frontier.claim(&pass, now).await.unwrap().unwrap();
        let due = claim.due[0].clone();
        kinds.push(due.kind == UrlKind::Page);
        let result = read(VisitOutcome::Index);
        let visit = Visit {
            due,
            at: now,
            result,
        };
        frontier.finish(&pass, visit).await.unwrap();
        frontier.release(&pass, &claim.host).await.unwrap();
    }
    assert_eq!(kinds, [true, false, true, false, true, false]);
}
