//! No answer is final but a final one: pages are tried again, and a host's own faults cost them nothing.

use super::*;
use crate::store::AddressFilter;
use crate::verdict::AddressEvidence;

const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
const FRONT: &str = "https://daily.test/";

fn article(number: usize) -> FoundUrl {
    let url = format!("https://daily.test/news/{number}");
    named(&url, AddressEvidence::Link)
}

fn articles(count: usize) -> Vec<FoundUrl> {
    (0..count).map(article).collect()
}

/// The hours, from the first pass on, at which the page was asked for, in passes every hour.
async fn hours_asked(found: &[FoundUrl], hours: i64, answer: &VisitResult) -> Vec<i64> {
    let storage = with_front(FRONT).await;
    let mut at = Vec::new();
    for hour in 0..=hours {
        let asked = run_pass(&storage, NOW + hour * HOUR, |due| match due.kind {
            UrlKind::Page => answer.clone(),
            _ => names(found),
        });
        if pages_of(&asked.await) > 0 {
            at.push(hour);
        }
    }
    at
}

#[tokio::test]
async fn what_stands_in_an_articles_place_at_first_does_not_lose_it() {
    for first in [
        status(400),
        status(401),
        status(403),
        status(404),
        status(408),
        status(421),
        status(425),
        status(429),
        status(451),
        status(503),
        read(VisitOutcome::Empty),
        read(VisitOutcome::Challenge),
        read(VisitOutcome::ConsentWall),
        read(VisitOutcome::Soft404),
        failed(VisitOutcome::Redirects, None),
        failed(VisitOutcome::Connect, None),
        failed(VisitOutcome::BadEncoding, None),
        failed(VisitOutcome::Robots, None),
    ] {
        let storage = with_front(FRONT).await;
        let found = articles(1);
        let mut answers = vec![read(VisitOutcome::Stored), first.clone()];
        for now in [NOW, NOW + HOUR, NOW + 2 * HOUR, NOW + 9 * DAY] {
            run_pass(&storage, now, |due| match due.kind {
                UrlKind::Page => answers.pop().unwrap(),
                _ => names(&found),
            })
            .await;
        }
        assert!(answers.is_empty(), "{first:?}");
    }
}

#[tokio::test]
async fn a_page_costs_four_more_requests_at_most_over_three_days() {
    let found = articles(1);
    for answer in [
        status(403),
        status(404),
        read(VisitOutcome::Challenge),
        failed(VisitOutcome::Redirects, None),
    ] {
        let asked = hours_asked(&found, 20 * 24, &answer).await;
        assert_eq!(asked, [0, 1, 6, 24, 72], "{answer:?}");
    }
}

#[tokio::test]
async fn gone_is_final_and_so_is_what_was_read() {
    let found = articles(1);
    for answer in [
        status(410),
        read(VisitOutcome::NotArticle),
        read(VisitOutcome::Index),
    ] {
        assert_eq!(hours_asked(&found, 20 * 24, &answer).await, [0]);
    }
}

/// How often a page is asked for that answers 404 and is named once, by a feed that then answers so.
async fn asked_of_a_missing_page(feed: impl Fn() -> VisitResult) -> usize {
    let storage = with_front(FRONT).await;
    let mut asked = 0;
    for hour in 0..100 {
        let pass = run_pass(&storage, NOW + hour * HOUR, |due| match due.kind {
            UrlKind::Page => status(404),
            _ if hour == 0 => names(&articles(1)),
            _ => feed(),
        });
        asked += pages_of(&pass.await);
    }
    asked
}

#[tokio::test]
pub(super) async fn a_404_that_repeats_is_final_where_nothing_names_the_page_any_more() {
    assert_eq!(asked_of_a_missing_page(|| names(&[])).await, 2);
    assert_eq!(asked_of_a_missing_page(|| names(&articles(1))).await, 5);
    // Not modified: it names what it named.
    assert_eq!(
        asked_of_a_missing_page(|| read(VisitOutcome::Unchanged)).await,
        5
    );
    // It may name the page where it can't be read.
    assert_eq!(asked_of_a_missing_page(|| status(403)).await, 5);
    let damaged = || {
        answered(Reading {
            damaged: true,
            ..Reading::index(Vec::new())
        })
    };
    assert_eq!(asked_of_a_missing_page(damaged).await, 5);
}

/// All articles stored after an outage of four days, of which every pass in it asked at most so
/// many pages; `front` says whether the front page answers meanwhile.
async fn outage(answer: VisitResult, front: bool) -> usize {
    let storage = with_front(FRONT).await;
    let found = articles(30);
    let mut asked = 0;
    for hour in 0..6 * 24 {
        let now = NOW + hour * HOUR;
        let is_down = (1..4 * 24).contains(&hour);
        let known = if hour == 0 { &found[..5] } else { &found };
        let pass = run_pass(&storage, now, |due| match due.kind {
            UrlKind::Page if is_down || hour == 0 => answer.clone(),
            UrlKind::Page => read(VisitOutcome::Stored),
            _ if is_down && !front => answer.clone(),
            _ => names(known),
        });
        asked += pages_of(&pass.await);
    }
    asked - 30
}

#[tokio::test]
async fn an_outage_of_the_host_uses_no_article_up() {
    for answer in [
        failed(VisitOutcome::Connect, None),
        failed(VisitOutcome::Dns, None),
        status(503),
        status(429),
    ] {
        for front in [false, true] {
            let asked = outage(answer.clone(), front).await;
            assert!(
                asked < 120,
                "{asked} requests, {answer:?}, front page: {front}"
            );
        }
    }
}

#[tokio::test]
async fn a_ban_costs_the_articles_nothing_and_the_site_few_requests() {
    for answer in [status(403), read(VisitOutcome::Challenge)] {
        let storage = with_front(FRONT).await;
        let found = articles(200);
        let mut asked = Vec::new();
        for hour in 0..14 * 24 {
            let is_banned = hour < 10 * 24;
            let pass = run_pass(&storage, NOW + hour * HOUR, |due| match due.kind {
                UrlKind::Page if is_banned => answer.clone(),
                UrlKind::Page => read(VisitOutcome::Stored),
                _ => names(&found),
            });
            asked.push(pages_of(&pass.await));
        }
        let (banned, after) = asked.split_at(10 * 24);
        assert!(banned.iter().sum::<usize>() < 100, "{banned:?}");
        assert_eq!(after.iter().sum::<usize>(), 200);
    }
}

#[tokio::test]
async fn a_site_that_answers_404_to_everything_is_asked_ever_less() {
    let storage = with_front(FRONT).await;
    let found = articles(500);
    let mut weeks = [0; 5];
    for hour in 0..30 * 24 {
        let pass = run_pass(&storage, NOW + hour * HOUR, |due| match due.kind {
            UrlKind::Page => status(404),
            _ if hour == 0 => names(&found),
            _ => status(404),
        });
        let week = usize::try_from(hour / (7 * 24)).unwrap();
        weeks[week] += pass.await.len();
    }
    assert!(weeks[0] < 300 && weeks[1] < 150, "{weeks:?}");
    assert!(weeks[3] <= weeks[1], "{weeks:?}");
}

#[tokio::test]
async fn retries_of_a_host_are_bounded_by_the_day() {
    let storage = with_front(FRONT).await;
    let found = articles(900);
    let (mut days, mut visits) = ([0; 4], 0);
    for hour in 0..4 * 24 {
        let now = NOW + hour * HOUR;
        let pass = run_pass(&storage, now, |due| match due.kind {
            UrlKind::Page => {
                visits += 1;
                // An article among them now and then, so that it is not the host.
                match visits % 15 {
                    0 => read(VisitOutcome::Stored),
                    _ => status(403),
                }
            }
            _ => names(&found),
        });
        let asked = pages_of(&pass.await);
        if hour > 0 {
            let day = usize::try_from(now / DAY - NOW / DAY).unwrap();
            days[day.min(3)] += asked;
        }
    }
    assert_eq!(days[..3], [200, 200, 200]);
}

#[tokio::test]
async fn a_page_without_its_article_is_asked_for_unconditionally() {
    let storage = with_front(FRONT).await;
    let mut conditional = Vec::new();
    for now in [NOW, NOW + HOUR] {
        run_pass(&storage, now, |due| {
            if due.kind == UrlKind::Page {
                conditional.push(due.etag.is_some());
            }
            let outcome = match due.kind {
                UrlKind::Page => VisitOutcome::Challenge,
                _ => VisitOutcome::Index,
            };
            let found = if due.kind == UrlKind::Page {
                Vec::new()
            } else {
                articles(1)
            };
            VisitResult::Answered(AnsweredVisit {
                status: 200,
                etag: Some("wall".to_owned()),
                last_modified: None,
                archived: None,
                reading: Reading {
                    found,
                    ..Reading::new(outcome, None)
                },
            })
        })
        .await;
    }
    assert_eq!(conditional, [false, false]);
}

#[tokio::test]
pub(super) async fn pages_are_made_due_by_source_outcome_time_and_loss() {
    let storage = with_front(FRONT).await;
    let found = articles(4);
    run_pass(&storage, NOW, |due| match due.url.path() {
        "/" => names(&found),
        "/news/0" => status(410),
        "/news/1" => status(403),
        "/news/2" => read(VisitOutcome::NotArticle),
        _ => read(VisitOutcome::Stored),
    })
    .await;
    let frontier = &storage.frontier;
    let retry = async |filter: AddressFilter| frontier.retry(&filter, NOW).await.unwrap();
    let none = AddressFilter::default();
    let other = AddressFilter {
        sources: vec!["weekly".to_owned()],
        ..none.clone()
    };
    assert_eq!(retry(other).await, 0);
    let later = AddressFilter {
        since: Some(NOW + 1),
        ..none.clone()
    };
    assert_eq!(retry(later).await, 0);
    let refused = AddressFilter {
        outcomes: vec![VisitOutcome::NotArticle],
        ..none.clone()
    };
    assert_eq!(retry(refused).await, 1);
    let lost = AddressFilter {
        lost: true,
        ..none.clone()
    };
    // Refused, it waits for its next try, and is lost until then.
    assert_eq!(retry(lost).await, 2);
    assert_eq!(retry(none).await, 0);
    let asked = run_pass(&storage, NOW, |_| read(VisitOutcome::Stored)).await;
    assert_eq!(pages_of(&asked), 3);
}

#[tokio::test]
async fn pages_that_are_made_due_are_not_held() {
    let storage = with_front(FRONT).await;
    let found = articles(30);
    let refused = |due: &Due| match due.kind {
        UrlKind::Page => status(403),
        _ => names(&found),
    };
    assert_eq!(pages_of(&run_pass(&storage, NOW, refused).await), 20);
    assert_eq!(pages_of(&run_pass(&storage, NOW, refused).await), 0);
    let all = AddressFilter::default();
    assert_eq!(storage.frontier.retry(&all, NOW).await.unwrap(), 20);
    let asked = run_pass(&storage, NOW, |_| read(VisitOutcome::Stored)).await;
    assert_eq!(pages_of(&asked), 30);
}
