//! Health, judged without a database.

use super::*;
use crate::store::EntryPoint;

/// So many articles, one every `every` hours, the newest first, ending at time 0.
fn history(count: i64, every: i64) -> SourceHistory {
    let article = |at: i64| ArticleSample {
        at: -at * every * HOUR,
        words: 400,
        filled: 0b111,
    };
    SourceHistory {
        articles: (0..count).map(article).collect(),
        ..SourceHistory::default()
    }
}

#[test]
fn a_source_is_quiet_when_what_it_missed_is_no_chance() {
    let hourly = history(200, 1);
    assert_eq!(hourly.health_issues(35 * HOUR), []);
    let quiet = HealthIssue::Quiet {
        since: 36 * HOUR,
        missed: 36,
    };
    assert_eq!(hourly.health_issues(36 * HOUR), [quiet]);
    let daily = history(30, 24);
    assert_eq!(daily.health_issues(5 * DAY), []);
    assert_eq!(daily.health_issues(9 * DAY).len(), 1);
}

#[test]
fn a_backlog_that_came_at_once_is_no_rate() {
    let mut backlog = history(300, 0);
    assert_eq!(backlog.health_issues(10 * DAY), []);
    backlog.articles.truncate(5);
    assert_eq!(backlog.health_issues(100 * DAY), []);
}

#[test]
fn texts_at_half_their_length_are_thin_and_fields_can_be_lost() {
    let mut history = history(40, 1);
    for article in &mut history.articles[..10] {
        *article = ArticleSample {
            words: 199,
            filled: 0b101,
            ..*article
        };
    }
    let expected = [
        HealthIssue::Thin {
            now: 199,
            before: 400,
        },
        HealthIssue::Lost { field: "authors" },
    ];
    assert_eq!(history.health_issues(HOUR), expected);
    for article in &mut history.articles[..10] {
        *article = ArticleSample {
            words: 201,
            filled: 0b111,
            ..*article
        };
    }
    assert_eq!(history.health_issues(HOUR), []);
}

#[test]
fn a_selector_that_finds_nothing_is_named() {
    let mut history = history(4, 1);
    history.missed = vec!["#story".to_owned(); 4];
    assert_eq!(
        history.health_issues(0),
        [],
        "four pages may be of another kind"
    );
    history.articles = self::history(8, 1).articles;
    assert_eq!(history.health_issues(0), []);
    history.missed.extend([
        "#story".to_owned(),
        "#story".to_owned(),
        "#story".to_owned(),
    ]);
    let issues = history.health_issues(0);
    assert_eq!(issues.len(), 1);
    assert!(
        issues[0]
            .to_string()
            .contains("`#story` found nothing on 7 of the last 8 pages")
    );
}

#[test]
fn a_wall_before_the_pages_shows_in_how_visits_end() {
    let pass = |outcome, count| BTreeMap::from([(outcome, count)]);
    let walled = vec![
        pass(VisitOutcome::ConsentWall, 12),
        pass(VisitOutcome::ConsentWall, 8),
    ];
    let mut history = SourceHistory {
        passes: walled,
        ..SourceHistory::default()
    };
    assert_eq!(history.health_issues(0), [], "it was never any other");
    history.passes.push(pass(VisitOutcome::Stored, 30));
    let expected = HealthIssue::Unproductive {
        outcome: VisitOutcome::ConsentWall,
        count: 20,
        visits: 20,
    };
    assert_eq!(history.health_issues(0), [expected]);
}

/// An entry point that was read at this time and led to so many pages.
fn read(at: i64, followed: u32) -> EntryPoint {
    EntryPoint {
        url: "https://daily.test/".to_owned(),
        configured: true,
        visited_at: Some(at),
        outcome: Some(VisitOutcome::Index),
        followed: Some(followed),
        passed: Some(0),
        ..EntryPoint::default()
    }
}

/// One that ended so.
fn failed(at: i64, outcome: VisitOutcome) -> EntryPoint {
    EntryPoint {
        outcome: Some(outcome),
        followed: None,
        ..read(at, 0)
    }
}

fn with(entry_points: Vec<EntryPoint>) -> SourceHistory {
    SourceHistory {
        entries_visited_since: Some(0),
        entry_points,
        ..SourceHistory::default()
    }
}

fn names(history: &SourceHistory) -> Vec<String> {
    let issues = history.health_issues(0);
    issues.iter().map(HealthIssue::name).collect()
}

#[test]
fn a_source_whose_entry_points_all_fail_is_unreachable() {
    for (outcome, issue) in [
        (VisitOutcome::Http5xx, HealthIssue::Unreachable),
        (VisitOutcome::Robots, HealthIssue::Disallowed),
        (VisitOutcome::OptOut, HealthIssue::OptedOut),
    ] {
        let down = with(vec![failed(1, outcome), failed(2, outcome)]);
        assert_eq!(down.health_issues(0), std::slice::from_ref(&issue));
        let half = with(vec![failed(1, outcome), read(2, 7)]);
        assert_eq!(half.health_issues(0), []);
        // Not all are due in each pass: what was read an hour ago shows that the site is there.
        let lately = with(vec![failed(1, outcome), read(-HOUR, 7)]);
        assert_eq!(lately.health_issues(0), []);
        let long_ago = with(vec![failed(1, outcome), read(-DAY, 7)]);
        assert_eq!(long_ago.health_issues(0), [issue]);
    }
    let mixed = with(vec![
        failed(1, VisitOutcome::Robots),
        failed(2, VisitOutcome::Dns),
    ]);
    assert_eq!(mixed.health_issues(0), [HealthIssue::Unreachable]);
    assert_eq!(with(Vec::new()).health_issues(0), []);
}

#[test]
fn what_answers_in_place_of_an_entry_point_is_named() {
    for outcome in [VisitOutcome::Challenge, VisitOutcome::ConsentWall] {
        let mut history = with(vec![failed(1, outcome), read(1, 7)]);
        history.ever_stored = true;
        let issues = history.health_issues(0);
        assert!(
            matches!(&issues[..], [HealthIssue::Walled { outcome: found, .. }] if *found == outcome)
        );
        let text = issues[0].to_string();
        assert!(
            text.starts_with("https://daily.test/ cannot be read (c"),
            "{text}"
        );
        history.entry_points[0].configured = false;
        assert_eq!(history.health_issues(0), [], "others lead to the pages");
    }
}

#[test]
fn an_entry_point_that_has_moved_is_named_with_its_new_address() {
    let mut history = with(vec![read(1, 3)]);
    history.entry_points[0].reason = Some("moved to https://new.test/".to_owned());
    let moved = HealthIssue::Moved {
        url: "https://daily.test/".to_owned(),
        to: "https://new.test/".to_owned(),
    };
    assert_eq!(history.health_issues(0), std::slice::from_ref(&moved));
    for reason in [
        "moved to https://new.test/: put this address into `start`",
        "moved for good to https://new.test/: put this address into `feeds`",
        "redirected to https://new.test/, which has no links to articles",
    ] {
        history.entry_points[0].reason = Some(reason.to_owned());
        history.entry_points[0].outcome = Some(VisitOutcome::Soft404);
        assert_eq!(history.health_issues(0), std::slice::from_ref(&moved));
    }
    history.entry_points[0].outcome = Some(VisitOutcome::Index);
    let within = "moved for good to https://www.daily.test/feed: put this address into `feeds`";
    history.entry_points[0].reason = Some(within.to_owned());
    assert_eq!(history.health_issues(0), []);
    history.entry_points[0].reason = Some("moved".to_owned());
    assert_eq!(history.health_issues(0), []);
}

#[test]
fn entry_points_that_never_led_anywhere_are_reported_and_those_of_a_slow_source_are_not() {
    let mut history = with(vec![read(1, 0), read(2, 0)]);
    assert_eq!(names(&history), ["no links"]);
    history.entry_points[0].passed = Some(40);
    let issue = &history.health_issues(0)[0];
    assert!(
        issue.to_string().contains("none of 40 links is followed"),
        "{issue}"
    );
    assert!(issue.to_string().contains("`include`"));
    let slow = SourceHistory {
        lost: BTreeMap::from([(VisitOutcome::TooOld, 12)]),
        ..history.clone()
    };
    assert_eq!(names(&slow), [""; 0]);
    history.ever_stored = true;
    assert_eq!(names(&history), [""; 0]);
    let cut_short = with(vec![read(1, 0), EntryPoint::default()]);
    assert_eq!(names(&cut_short), [""; 0], "not all was visited yet");
    let one_leads = with(vec![read(1, 0), read(1, 1)]);
    assert_eq!(names(&one_leads), [""; 0]);
}

#[test]
fn a_damaged_feed_is_reported_until_the_source_has_a_past() {
    let mut history = with(vec![read(1, 9)]);
    history.entry_points[0].damaged = true;
    assert_eq!(names(&history), ["damaged"]);
    history.articles = self::history(20, 1).articles;
    history.ever_stored = true;
    assert_eq!(names(&history), [""; 0]);
    history.entry_points[0].followed = Some(0);
    assert_eq!(names(&history), ["damaged"]);
}

#[test]
fn pages_of_one_failure_are_reported_from_the_first_pass_on() {
    for outcome in [
        VisitOutcome::PaywallStub,
        VisitOutcome::Empty,
        VisitOutcome::Http4xx,
        VisitOutcome::Challenge,
        VisitOutcome::NotArticle,
        VisitOutcome::OtherLanguage,
    ] {
        let mut history = with(vec![read(1, 5)]);
        history.lost = BTreeMap::from([(outcome, 4)]);
        assert_eq!(names(&history), [""; 0], "four may be chance");
        history.lost = BTreeMap::from([(outcome, 5), (VisitOutcome::TooOld, 300)]);
        let issues = history.health_issues(0);
        let expected = HealthIssue::NoArticles {
            outcome,
            count: 5,
            of: 5,
        };
        assert_eq!(issues, [expected]);
        assert!(issues[0].to_string().contains("; "), "it says what to do");
    }
    let old = SourceHistory {
        lost: BTreeMap::from([(VisitOutcome::TooOld, 300)]),
        ..with(vec![read(1, 5)])
    };
    assert_eq!(names(&old), [""; 0], "a slow source is not ill");
}

#[test]
fn a_source_that_has_brought_something_may_lose_some() {
    let lost = |outcome, count, articles| SourceHistory {
        articles: history(articles, 1).articles,
        ever_stored: true,
        lost: BTreeMap::from([(outcome, count)]),
        ..with(vec![read(1, 5)])
    };
    assert_eq!(names(&lost(VisitOutcome::Http4xx, 8, 3)), [""; 0]);
    assert_eq!(names(&lost(VisitOutcome::NotArticle, 40, 3)), [""; 0]);
    assert_eq!(
        names(&lost(VisitOutcome::PaywallStub, 40, 3)),
        ["no articles"]
    );
    // From here on its past decides.
    assert_eq!(names(&lost(VisitOutcome::PaywallStub, 400, 20)), [""; 0]);
}

#[test]
fn a_subscription_that_opens_nothing_is_named_in_place_of_the_paywall() {
    let mut history = with(vec![read(1, 5)]);
    history.lost = BTreeMap::from([(VisitOutcome::PaywallStub, 9)]);
    history.locked_out = vec!["newest; log in again".to_owned(), "older".to_owned()];
    assert_eq!(names(&history), ["no articles"], "two may cost more");
    history.locked_out.push("oldest".to_owned());
    let issues = history.health_issues(0);
    assert_eq!(names(&history), ["locked out"]);
    let text = issues[0].to_string();
    assert_eq!(
        text,
        "3 pages show only what everyone sees: newest; log in again"
    );
}
