//! What the end of a visit means: how it is counted, when its address is due again, and whether its
//! host is backed off.

#[cfg(test)]
mod tests;

use url::Url;

use crate::article::Article;
use crate::canonical;
use crate::frontier::policy::schedule::is_worth_retrying;
use crate::frontier::{Origin, Schedule, UrlKind, Visit, host_and_port};
use crate::store::StoredAs;
use crate::store::policy::same_page::is_same_page;
use crate::verdict::VisitOutcome;

/// How a visit ended whose article was stored so, and why.
pub(crate) fn outcome_of(stored_as: StoredAs, article: &Article) -> (VisitOutcome, Option<String>) {
    match stored_as {
        StoredAs::New => (VisitOutcome::Stored, None),
        StoredAs::DuplicateOf(id) => {
            let reason = format!("the text of article {id}");
            (VisitOutcome::Duplicate, Some(reason))
        }
        StoredAs::Revision(revision) => {
            let reason = format!("revision {revision}");
            (VisitOutcome::Updated, Some(reason))
        }
        StoredAs::Unchanged => {
            let reason = format!("article {}, stored already", article.id);
            (VisitOutcome::Unchanged, Some(reason))
        }
    }
}

/// The other URLs of an article, which need not be fetched when a feed or a link names them. A canonical
/// URL that may be that of another page is none of them: that page is to be seen itself.
pub(crate) fn other_urls(article: &Article, visited: &Url) -> Vec<Url> {
    let Ok(last) = Url::parse(&article.final_url) else {
        return Vec::new();
    };
    let canonical = Url::parse(&article.canonical_url).ok();
    let canonical = canonical.filter(|canonical| is_same_page(&last, canonical));
    let urls = [Some(last), canonical].into_iter().flatten();
    urls.filter(|url| url != visited).collect()
}

/// True where the page of such a visit replaces one without an article.
pub(crate) fn holds_article(outcome: VisitOutcome) -> bool {
    outcome.is_article() || outcome == VisitOutcome::Unchanged
}

/// True for a visit that counts among those of its pass: a wrong guess doesn't.
pub(crate) fn is_counted(visit: &Visit) -> bool {
    !visit.due.is_wrong_guess(visit.outcome())
}

/// What a visit means for a host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SettledHost {
    /// Failures in a row.
    pub(crate) failures: u32,
    /// No requests to it before this time, in unix milliseconds.
    pub(crate) back_off_until: Option<i64>,
}

/// The host that a visit is charged to: where a redirect led to another host and that one failed, it
/// is that one.
pub(crate) fn charged_host(visit: &Visit) -> String {
    let failed_at = visit.failed().and_then(|failed| failed.failed_at.as_ref());
    host_and_port(failed_at.unwrap_or(&visit.due.url))
}

/// Settles the host that a visit is charged to and that has failed so often in a row before.
pub(crate) fn settle_host(
    schedule: &Schedule,
    host: &str,
    failures: u32,
    visit: &Visit,
) -> SettledHost {
    let failures = if is_worth_retrying(visit.outcome(), visit.retry_after()) {
        failures.saturating_add(1)
    } else {
        0
    };
    let back_off = schedule.back_off(failures, visit.retry_after(), jitter(host, failures));
    SettledHost {
        failures,
        back_off_until: back_off.map(|back_off| visit.at.saturating_add(back_off)),
    }
}

/// A number between 0 and 1 that differs from host to host and time to time, and is the same in
/// every run.
fn jitter(host: &str, failures: u32) -> f64 {
    let digest = canonical::digest(format!("{host} {failures}").as_bytes());
    let bits = u32::from_str_radix(&digest[..8], 16).unwrap_or_default();
    f64::from(bits) / f64::from(u32::MAX)
}

/// What is known of an address before its visit ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct UrlState {
    /// Visits in a row that failed.
    pub(crate) attempts: u32,
    /// Entry points: the time between visits, in milliseconds.
    pub(crate) recheck: Option<i64>,
    /// Where it comes from.
    pub(crate) origin: Origin,
    /// When its article was first stored, in unix milliseconds.
    pub(crate) stored_at: Option<i64>,
}

/// What is known of it afterwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SettledUrl {
    /// When it is due again, in unix milliseconds; `None` for never.
    pub(crate) due_at: Option<i64>,
    /// As in [`UrlState`].
    pub(crate) recheck: Option<i64>,
    /// As in [`UrlState`].
    pub(crate) attempts: u32,
    /// As in [`UrlState`].
    pub(crate) stored_at: Option<i64>,
    /// The answer's validators replace those of the last good answer, which else stay: through
    /// failures and through `304 Not Modified`.
    pub(crate) replaces_validators: bool,
}

/// Settles the address of a visit that brought `new_pages`. It is not due before its host may be
/// asked again.
pub(crate) fn settle_url(
    schedule: &Schedule,
    state: UrlState,
    visit: &Visit,
    new_pages: usize,
    back_off_until: Option<i64>,
) -> SettledUrl {
    let (kind, outcome) = (visit.due.kind, visit.outcome());
    let failed = outcome.is_failure();
    let stored = state.stored_at;
    let after = UrlState {
        attempts: if failed {
            state.attempts.saturating_add(1)
        } else {
            0
        },
        recheck: if kind.is_entry_point() && !failed {
            let most = longest_recheck(schedule, kind, state.origin);
            Some(schedule.next_recheck(state.recheck, new_pages > 0, most))
        } else {
            state.recheck
        },
        stored_at: stored.or_else(|| outcome.is_article().then_some(visit.at)),
        ..state
    };
    let due_at = wait(schedule, after, visit).map(|wait| visit.at.saturating_add(wait));
    SettledUrl {
        due_at: due_at.map(|due_at| due_at.max(back_off_until.unwrap_or(due_at))),
        recheck: after.recheck,
        attempts: after.attempts,
        stored_at: after.stored_at,
        replaces_validators: !failed && matches!(visit.status(), Some(200..=299)),
    }
}

/// The longest time between visits to an entry point that answers.
pub(crate) fn longest_recheck(schedule: &Schedule, kind: UrlKind, origin: Origin) -> i64 {
    if kind == UrlKind::Sitemap && origin != Origin::Configured {
        schedule.found_sitemap_max
    } else {
        schedule.recheck_max
    }
}

/// The time to the next visit, in milliseconds; `None` for never.
fn wait(schedule: &Schedule, state: UrlState, visit: &Visit) -> Option<i64> {
    let outcome = visit.outcome();
    let retry = is_worth_retrying(outcome, visit.retry_after());
    if visit.due.kind.is_entry_point() && outcome.is_failure() {
        let wait = schedule.next_entry_try(state.attempts);
        Some(wait).filter(|_| state.origin != Origin::Guessed || retry)
    } else if visit.due.kind.is_entry_point() {
        state.recheck
    } else if retry {
        schedule.next_try(state.attempts)
    } else if holds_article(outcome) {
        let stored_at = state.stored_at?;
        schedule.next_refetch(visit.at - stored_at)
    } else {
        None
    }
}
