//! What is wrong with a source whatever its past: its entry points lead nowhere, or its pages are none.

use url::Url;

use super::{HealthIssue, bound};
use crate::canonical::same_site;
use crate::store::{EntryPoint, SourceHistory};
use crate::verdict::VisitOutcome;

/// What begins the reason of an entry point that redirects elsewhere.
const MOVED: [&str; 3] = ["moved to ", "moved for good to ", "redirected to "];

pub(super) fn issues(history: &SourceHistory) -> Vec<HealthIssue> {
    let entry_points = || history.entry_points.iter();
    let mut issues = Vec::new();
    issues.extend(entry_points().find_map(moved));
    issues.extend(entry_points().find_map(walled));
    if issues.is_empty() {
        issues.extend(unreachable(history));
    }
    issues.extend(no_links(history));
    issues.extend(damaged(history));
    issues.extend(not_rendered(history));
    issues.extend(no_articles(history));
    issues
}

/// Pages of the last pass, and front pages, that the browser did not show.
fn not_rendered(history: &SourceHistory) -> Option<HealthIssue> {
    let is_it = |it: &&EntryPoint| it.outcome == Some(VisitOutcome::NotRendered);
    let entries = || history.entry_points.iter().filter(is_it);
    let last = history.passes.first();
    let pages = last.and_then(|it| it.get(&VisitOutcome::NotRendered).copied());
    let count = pages.unwrap_or(0) + entries().count() as u64;
    (count > 0).then(|| HealthIssue::NotRendered {
        count,
        reason: entries().find_map(|it| it.reason.clone()),
    })
}

/// All that the last pass visited failed, and nothing else was read lately: not everything is due in each pass. Where
/// robots.txt or an opt-out forbids all of it, the site is there.
fn unreachable(history: &SourceHistory) -> Option<HealthIssue> {
    let started = history.entries_visited_since?;
    let at = |entry: &EntryPoint| entry.visited_at.unwrap_or(i64::MIN);
    let read_lately =
        |entry: &EntryPoint| entry.is_read() && at(entry) >= started.saturating_sub(bound::LATELY);
    if history.entry_points.iter().any(read_lately) {
        return None;
    }
    let mut visited = history
        .entry_points
        .iter()
        .filter(|it| at(it) >= started)
        .peekable();
    visited.peek()?;
    let mut opted_out = false;
    let is_forbidden = visited.all(|it| {
        opted_out |= it.outcome == Some(VisitOutcome::OptOut);
        matches!(
            it.outcome,
            Some(VisitOutcome::Robots | VisitOutcome::OptOut)
        )
    });
    Some(match is_forbidden {
        true if opted_out => HealthIssue::OptedOut,
        true => HealthIssue::Disallowed,
        false => HealthIssue::Unreachable,
    })
}

fn walled(entry: &EntryPoint) -> Option<HealthIssue> {
    let outcome = entry.outcome?;
    let stands_in = matches!(
        outcome,
        VisitOutcome::Challenge
            | VisitOutcome::ConsentWall
            | VisitOutcome::Soft404
            | VisitOutcome::PaywallStub
            | VisitOutcome::Empty
    );
    let is_walled = entry.configured && stands_in && moved(entry).is_none();
    is_walled.then(|| HealthIssue::Walled {
        url: entry.url.clone(),
        outcome,
        reason: entry.reason.clone(),
    })
}

/// An entry point that has moved to another site. Within its own site it is followed for as long as the
/// site redirects.
fn moved(entry: &EntryPoint) -> Option<HealthIssue> {
    let reason = entry.reason.as_deref()?;
    let to = MOVED.iter().find_map(|moved| reason.strip_prefix(moved))?;
    let to = to.split_whitespace().next()?;
    let to = Url::parse(to.trim_end_matches([',', ';', ':'])).ok()?;
    let is_elsewhere = !same_site(&Url::parse(&entry.url).ok()?, &to);
    (entry.configured && is_elsewhere).then(|| HealthIssue::Moved {
        url: entry.url.clone(),
        to: to.into(),
    })
}

/// Entry points were read and none leads to a page, and none ever did. A feed of nothing but old
/// articles is only slow.
fn no_links(history: &SourceHistory) -> Option<HealthIssue> {
    let read = || history.entry_points.iter().filter(|it| it.is_read());
    let followed: u64 = read().filter_map(|it| it.followed).map(u64::from).sum();
    let is_slow = history.lost.contains_key(&VisitOutcome::TooOld);
    // A pass that was cut short has not read all.
    let all_visited = history.entry_points.iter().all(|it| it.outcome.is_some());
    let known = all_visited && read().any(|it| it.followed.is_some());
    (known && followed == 0 && !history.ever_stored && !is_slow).then(|| HealthIssue::NoLinks {
        passed: read().filter_map(|it| it.passed).map(u64::from).sum(),
    })
}

/// A damaged feed. Where a source has a past, that shows whether it brings what it should.
fn damaged(history: &SourceHistory) -> Option<HealthIssue> {
    let has_past = history.articles.len() >= bound::KNOWN;
    let is_damaged = |it: &&EntryPoint| it.damaged && (!has_past || it.followed == Some(0));
    let entry = history.entry_points.iter().find(is_damaged)?;
    Some(HealthIssue::Damaged {
        url: entry.url.clone(),
    })
}

/// Pages that all ended alike and brought nothing. Of a source that has brought something, a page that
/// is no article, or not wanted, says little.
fn no_articles(history: &SourceHistory) -> Option<HealthIssue> {
    if history.articles.len() >= bound::KNOWN {
        return None;
    }
    let counts = |outcome: VisitOutcome| match outcome {
        VisitOutcome::TooOld => false,
        VisitOutcome::NotArticle | VisitOutcome::OtherLanguage | VisitOutcome::NotHtml => {
            !history.ever_stored
        }
        _ => true,
    };
    let lost = || history.lost.iter().filter(|(outcome, _)| counts(**outcome));
    let of: u64 = lost().map(|(_, count)| count).sum();
    let (&outcome, &count) = lost().max_by_key(|(_, count)| **count)?;
    let alike = !history.ever_stored || count as f64 >= bound::ALIKE * of as f64;
    let hardly_any = history.articles.len() as f64 <= bound::HARDLY_ANY * of as f64;
    (of >= bound::LOST_PAGES && alike && hardly_any).then_some(HealthIssue::NoArticles {
        outcome,
        count,
        of,
    })
}
