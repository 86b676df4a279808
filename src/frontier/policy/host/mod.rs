//! What a visit means for its host: whether the host as a whole is down and is backed off, whether it
//! refuses all of its pages, so that they are held, and how many more pages are tried again today.

use crate::canonical;
use crate::frontier::policy::finality::{PageEnd, page_end};
use crate::frontier::policy::schedule::DAY;
use crate::frontier::{Schedule, UrlKind, Visit, host_and_port};

/// The host that a visit is charged to: where a redirect led to another host and that one failed, it
/// is that one.
pub(crate) fn charged_host(visit: &Visit) -> String {
    let failed_at = visit.failed().and_then(|failed| failed.failed_at.as_ref());
    host_and_port(failed_at.unwrap_or(&visit.due.url))
}

/// The failures of a host in a row that one source met, and until when it is backed off for that.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct BackOff {
    /// Failures in a row.
    pub(crate) failures: u32,
    /// No requests to it before this time, in unix milliseconds.
    pub(crate) until: Option<i64>,
}

/// True for a visit that failed by a fault of its host: an outage, or a request to be left alone.
fn is_host_fault(visit: &Visit) -> bool {
    let end = page_end(visit);
    end == PageEnd::HostFault || visit.retry_after().is_some()
}

/// Settles the host that a visit is charged to and that has failed so often in a row before.
pub(crate) fn back_off(schedule: &Schedule, host: &str, failures: u32, visit: &Visit) -> BackOff {
    let failures = if is_host_fault(visit) {
        failures.saturating_add(1)
    } else {
        0
    };
    let back_off = schedule.back_off(failures, visit.retry_after(), jitter(host, failures));
    BackOff {
        failures,
        until: back_off.map(|back_off| visit.at.saturating_add(back_off)),
    }
}

/// Until when the host of a visit asked for no requests, which goes for every source.
pub(crate) fn asked_pause(schedule: &Schedule, visit: &Visit) -> Option<i64> {
    let asked = i64::try_from(visit.retry_after()?.as_millis()).unwrap_or(i64::MAX);
    Some(
        visit
            .at
            .saturating_add(asked.min(schedule.host_back_off_max)),
    )
}

/// A number between 0 and 1 that differs from host to host and time to time, and is the same in
/// every run.
fn jitter(host: &str, failures: u32) -> f64 {
    let digest = canonical::digest(format!("{host} {failures}").as_bytes());
    let bits = u32::from_str_radix(&digest[..8], 16).unwrap_or_default();
    f64::from(bits) / f64::from(u32::MAX)
}

/// What is known of a host's pages. Times are unix milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct HostPages {
    /// Page failures in a row, weighed: an article resets them.
    pub(crate) failures: u32,
    /// No page is asked before this time.
    pub(crate) held_until: i64,
    /// The day on which pages were last tried again, in days since 1970…
    pub(crate) retry_day: Option<i64>,
    /// …and how many.
    pub(crate) retries: u32,
}

impl HostPages {
    /// The same after a visit. `is_down` where the host as a whole has failed, `is_retry` where a page
    /// was tried again.
    pub(crate) fn after_visit(
        self,
        schedule: &Schedule,
        visit: &Visit,
        is_down: bool,
        is_retry: bool,
    ) -> HostPages {
        if visit.due.kind != UrlKind::Page {
            return self;
        }
        let end = page_end(visit);
        let failures = match weight(end) {
            None => 0,
            Some(_) if is_down => self.failures,
            Some(weight) => self.failures.saturating_add(weight),
        };
        let hold = schedule.hold(self.failures, failures);
        let (day, today) = (day(visit.at), self.retries_on(day(visit.at)));
        // What robots.txt forbids costs no request.
        let counts = is_retry && end != PageEnd::Forbidden;
        HostPages {
            failures,
            held_until: match (end, hold) {
                (PageEnd::Article, _) => 0,
                (_, Some(hold)) => visit.at.saturating_add(hold),
                (_, None) => self.held_until,
            },
            retry_day: if counts { Some(day) } else { self.retry_day },
            retries: if counts { today + 1 } else { self.retries },
        }
    }

    /// True where the host answers its pages with nothing but failures.
    pub(crate) fn all_fail(&self, schedule: &Schedule) -> bool {
        self.failures >= schedule.hold_pages
    }

    /// True where the retries of the day are used up, and were not `before`.
    pub(crate) fn used_up_retries(&self, schedule: &Schedule, before: &HostPages) -> bool {
        self.retries == schedule.retries_a_day && self.retries != before.retries
    }

    fn retries_on(&self, day: i64) -> u32 {
        if self.retry_day == Some(day) {
            self.retries
        } else {
            0
        }
    }

    /// When a page is tried again that would be tried at `due`: on the next day where this one's
    /// retries are used up.
    pub(crate) fn retry_due(&self, schedule: &Schedule, due: i64) -> i64 {
        if self.retries_on(day(due)) >= schedule.retries_a_day {
            next_day(due)
        } else {
            due
        }
    }
}

/// How much a page that ended so speaks against its host; `None` where it speaks for it. Old links
/// that lead nowhere are usual, walls and errors are not.
fn weight(end: PageEnd) -> Option<u32> {
    match end {
        PageEnd::Article => None,
        PageEnd::Final | PageEnd::Doubtful | PageEnd::Forbidden => Some(0),
        PageEnd::Gone | PageEnd::Missing => Some(1),
        PageEnd::Passing | PageEnd::HostFault => Some(3),
    }
}

fn day(at: i64) -> i64 {
    at.div_euclid(DAY)
}

/// The beginning of the next day, UTC.
pub(crate) fn next_day(at: i64) -> i64 {
    (day(at) + 1).saturating_mul(DAY)
}

/// What a visit did to its host, as it matters to the address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct HostAfter {
    /// The host is backed off until then by this visit.
    pub(crate) back_off_until: Option<i64>,
    /// The visit failed as other requests to the host do: the host is down.
    pub(crate) is_down: bool,
    /// The host's pages.
    pub(crate) pages: HostPages,
    /// The rest of a claim of the host is void: it is backed off, its pages are held, or what it has
    /// to try again waits for the next day.
    pub(crate) ends_claim: bool,
}

/// True where a visit that failed by its host's fault did not fail alone: the host has failed so
/// often in a row that it is backed off, or its entry points fail too.
pub(crate) fn is_down(
    schedule: &Schedule,
    visit: &Visit,
    failures: u32,
    entry_points_fail: bool,
) -> bool {
    is_host_fault(visit) && (failures >= schedule.host_failures || entry_points_fail)
}

#[cfg(test)]
mod tests;
