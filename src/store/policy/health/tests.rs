//! Health, judged without a database.

use super::*;

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

#[test]
fn a_source_whose_entry_points_all_fail_is_unreachable() {
    let history = SourceHistory {
        entries: (3, 3),
        ..SourceHistory::default()
    };
    assert_eq!(history.health_issues(0), [HealthIssue::Unreachable]);
    let history = SourceHistory {
        entries: (3, 2),
        ..SourceHistory::default()
    };
    assert_eq!(history.health_issues(0), []);
}
