//! What the end of a visit means for its address: how it is counted, and when the address is due again.

#[cfg(test)]
mod tests;

use url::Url;

use crate::article::Article;
use crate::frontier::policy::copies::{settle_copy, with_lookup};
use crate::frontier::policy::finality::{PageEnd, page_end};
use crate::frontier::policy::host::HostAfter;
use crate::frontier::{CopyLookup, Origin, Schedule, UrlKind, Visit};
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
    let Some(last) = article.parsed_final_url() else {
        return Vec::new();
    };
    let canonical = article.parsed_canonical_url();
    let canonical = canonical.filter(|canonical| is_same_page(&last, canonical));
    let urls = [Some(last), canonical].into_iter().flatten();
    urls.filter(|url| url != visited).collect()
}

/// True for a visit that counts among those of its pass: a wrong guess doesn't.
pub(crate) fn is_counted(visit: &Visit) -> bool {
    !visit.due.is_wrong_guess(visit.outcome())
}

/// True for a page that has been tried before, without its article being in the store.
pub(crate) fn is_retry(visit: &Visit, state: &UrlState) -> bool {
    visit.due.kind == UrlKind::Page && state.visits > 0 && state.stored_at.is_none()
}

/// What is known of an address before its visit ends. The default is that of one never visited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct UrlState {
    /// Visits in a row that failed and count.
    pub(crate) attempts: u32,
    /// Visits in all.
    pub(crate) visits: u32,
    /// The HTTP status of the last visit.
    pub(crate) status: Option<u16>,
    /// When it was found, in unix milliseconds, where that is known.
    pub(crate) found_at: Option<i64>,
    /// Pages: nothing names it any more.
    pub(crate) is_unnamed: bool,
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
    /// failures and through `304 Not Modified`. A 304 brings none, so that the next answer is a whole one
    /// where these are replaced.
    pub(crate) replaces_validators: bool,
    /// The look-up of a copy in an archive that is due; 0 once one was made, `None` where nothing changes.
    pub(crate) lookup: Option<i64>,
}

impl SettledUrl {
    /// The same for an entry point that names what there was no room for: it is due again when there may be.
    pub(crate) fn with_left_out(self, schedule: &Schedule, visit: &Visit) -> SettledUrl {
        let latest = visit.at.saturating_add(schedule.recheck_max);
        SettledUrl {
            due_at: self.due_at.map(|due_at| due_at.min(latest)),
            recheck: self
                .recheck
                .map(|recheck| recheck.min(schedule.recheck_max)),
            ..self
        }
    }
}

/// Settles the address of a visit that brought `new_pages`. It is not due before its host may be
/// asked again.
pub(crate) fn settle_url(
    schedule: &Schedule,
    state: &UrlState,
    visit: &Visit,
    new_pages: usize,
    host: &HostAfter,
) -> SettledUrl {
    if visit.due.lookup == CopyLookup::Done {
        return settle_copy(state, visit);
    }
    let settled = if visit.due.kind.is_entry_point() {
        settle_entry_point(schedule, state, visit, new_pages > 0)
    } else {
        settle_page(schedule, state, visit, host)
    };
    let settled = SettledUrl {
        due_at: settled.due_at.map(|due_at| {
            let due_at = due_at.max(host.back_off_until.unwrap_or(due_at));
            if is_retry_due(visit, &settled) {
                let held = due_at.max(host.pages.held_until);
                host.pages.retry_due(schedule, held)
            } else {
                due_at
            }
        }),
        ..settled
    };
    with_lookup(settled, state, visit)
}

fn is_retry_due(visit: &Visit, settled: &SettledUrl) -> bool {
    visit.due.kind == UrlKind::Page && settled.stored_at.is_none()
}

/// An entry point is asked for ever, but for a guess that was wrong.
fn settle_entry_point(
    schedule: &Schedule,
    state: &UrlState,
    visit: &Visit,
    brought_new: bool,
) -> SettledUrl {
    let failed = visit.due.kind.has_failed(visit.outcome());
    let (attempts, recheck, wait) = if failed {
        let attempts = state.attempts.saturating_add(1);
        let end = page_end(visit);
        let may_pass = end == PageEnd::HostFault || visit.retry_after().is_some();
        let wait = schedule.next_entry_try(attempts);
        let wait = Some(wait).filter(|_| state.origin != Origin::Guessed || may_pass);
        (attempts, state.recheck, wait)
    } else {
        let most = longest_recheck(schedule, visit.due.kind, state.origin);
        let recheck = schedule.next_recheck(state.recheck, brought_new, most);
        (0, Some(recheck), Some(recheck))
    };
    SettledUrl {
        due_at: wait.map(|wait| visit.at.saturating_add(wait)),
        recheck,
        attempts,
        stored_at: None,
        replaces_validators: !failed && replaces_validators(schedule, state, visit, wait),
        lookup: None,
    }
}

/// True for a whole answer, and for a 304 that is not to be relied on any more. Of the sitemaps that were
/// found, most are large and never change.
fn replaces_validators(
    schedule: &Schedule,
    state: &UrlState,
    visit: &Visit,
    wait: Option<i64>,
) -> bool {
    let is_archive = visit.due.kind == UrlKind::Sitemap && state.origin != Origin::Configured;
    match visit.status() {
        Some(200..=299) => true,
        Some(304) => !is_archive && wait.is_some_and(|wait| wait >= schedule.trust_validators),
        _ => false,
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

fn settle_page(
    schedule: &Schedule,
    state: &UrlState,
    visit: &Visit,
    host: &HostAfter,
) -> SettledUrl {
    let outcome = visit.outcome();
    let end = page_end(visit);
    let stored_at = state
        .stored_at
        .or_else(|| outcome.is_article().then_some(visit.at));
    let failed = state.attempts.saturating_add(1);
    let repeats = end == PageEnd::Missing && state.status == Some(404);
    let (attempts, wait) = match end {
        PageEnd::Article => {
            let age = stored_at.map(|stored_at| visit.at - stored_at);
            (0, age.and_then(|age| schedule.next_refetch(age)))
        }
        PageEnd::Final => (if outcome.is_failure() { failed } else { 0 }, None),
        PageEnd::Gone => (failed, None),
        PageEnd::Doubtful if failed > schedule.doubtful_tries => (failed, None),
        PageEnd::Doubtful => (failed, schedule.next_try(failed)),
        PageEnd::Missing if repeats && state.is_unnamed => (failed, None),
        _ if is_excused(schedule, state, visit, host) => {
            (state.attempts, Some(schedule.same_try(state.attempts)))
        }
        PageEnd::Missing if host.pages.all_fail(schedule) => {
            (failed.next_multiple_of(schedule.tries()), None)
        }
        _ => (failed, schedule.next_try(failed)),
    };
    SettledUrl {
        due_at: wait.map(|wait| visit.at.saturating_add(wait)),
        recheck: None,
        attempts,
        stored_at,
        replaces_validators: end == PageEnd::Article
            && replaces_validators(schedule, state, visit, wait),
        lookup: None,
    }
}

/// True where a failure doesn't count against the page, since the host fails or refuses all of them.
/// A page that has failed for far too long, or far too often, has its own fault.
fn is_excused(schedule: &Schedule, state: &UrlState, visit: &Visit, host: &HostAfter) -> bool {
    let is_missing = page_end(visit) == PageEnd::Missing;
    let most = if is_missing {
        schedule.missing_for
    } else {
        schedule.excused_for
    };
    let age = visit.at.saturating_sub(state.found_at.unwrap_or(visit.at));
    let may_be = state.visits < schedule.page_visits && age < most;
    may_be && (host.is_down || host.pages.all_fail(schedule))
}
