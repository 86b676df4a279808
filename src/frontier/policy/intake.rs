//! Which addresses are taken in, and when they are due: bounds, so that no source can fill the disk
//! with addresses that are never fetched, and what becomes of an address that is named again.

use std::borrow::Cow;

use crate::frontier::{FoundUrl, Origin, Schedule, UrlKind};
use crate::verdict::AddressEvidence;

/// True where a found page must not belong to a crawl trap. What a feed or a sitemap dates is the
/// site's own word that it is an article.
pub(crate) fn is_checked_for_traps(found: &FoundUrl) -> bool {
    found.kind == UrlKind::Page && found.hint.is_none()
}

/// How many more feeds and sitemaps a source may find that has found `known`.
pub(crate) fn room_for_entries(schedule: &Schedule, known: u64) -> u64 {
    u64::from(schedule.found_entries).saturating_sub(known)
}

/// The pages of a source that wait for their first visit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Waiting {
    /// Their number.
    pub(crate) pages: u64,
    /// The bytes of their addresses.
    pub(crate) bytes: u64,
}

impl Waiting {
    /// The same, and one more of so many bytes.
    pub(crate) fn with(self, bytes: u64) -> Waiting {
        Waiting {
            pages: self.pages.saturating_add(1),
            bytes: self.bytes.saturating_add(bytes),
        }
    }

    /// True where so much may wait.
    pub(crate) fn fits(self, schedule: &Schedule) -> bool {
        self.pages <= u64::from(schedule.waiting_pages) && self.bytes <= schedule.waiting_bytes
    }

    /// How many of them must go, the oldest first, as far as that can be known without their lengths: ask
    /// again when they are gone.
    pub(crate) fn surplus(self, schedule: &Schedule) -> u64 {
        let pages = self.pages.saturating_sub(u64::from(schedule.waiting_pages));
        let bytes = self.bytes.saturating_sub(schedule.waiting_bytes);
        let average = (self.bytes / self.pages.max(1)).max(1);
        pages.max(bytes.div_ceil(average))
    }
}

/// Bytes of a reason, which may hold the addresses of a redirect chain.
const REASON: usize = 1_000;

/// A reason as it is stored.
pub(crate) fn clipped(reason: &str) -> Cow<'_, str> {
    if reason.len() <= REASON {
        return Cow::Borrowed(reason);
    }
    let end = reason.floor_char_boundary(REASON);
    Cow::Owned(format!("{}…", &reason[..end]))
}

/// What to say of an entry point that names addresses which are not taken in.
pub(crate) fn left_out(count: u64) -> String {
    let (noun, verb) = if count == 1 {
        ("address", "is")
    } else {
        ("addresses", "are")
    };
    format!("{count} of its {noun} {verb} left for later: as many of the source wait as may")
}

/// True where a page that is known under another URL makes this one superfluous: its last visit, if
/// there was one, has not failed.
pub(crate) fn stands_in(attempts: u32, status: Option<u16>) -> bool {
    attempts == 0 && status.is_none_or(|status| status < 400)
}

/// Those of a reading's pages that are too old and may be recorded: the newest, as many as a source has
/// rows for. The rest is only counted.
pub(crate) fn recorded_as_too_old(schedule: &Schedule, mut pages: Vec<FoundUrl>) -> Vec<FoundUrl> {
    pages.sort_by_key(|page| std::cmp::Reverse(page.hint));
    pages.truncate(schedule.too_old_pages as usize);
    pages
}

/// True where a page that is too old, dated `hint`, is recorded: there is room among the `known` ones
/// of its source, or it is newer than the oldest of them.
pub(crate) fn is_worth_recording(
    schedule: &Schedule,
    hint: Option<i64>,
    known: u64,
    oldest: Option<i64>,
) -> bool {
    known < u64::from(schedule.too_old_pages) || hint > oldest
}

/// How many pages that are too old and have no row of their own are new: an entry point named `before`
/// of them at its last reading, and names `now`.
pub(crate) fn newly_too_old(before: Option<u64>, now: u64) -> u64 {
    now.saturating_sub(before.unwrap_or_default())
}

/// What stands for the date of a new page that has none: a feed or a front page names what is new.
pub(crate) fn assumed_date(found: &FoundUrl, now: i64) -> Option<i64> {
    let names_news = matches!(
        found.evidence,
        AddressEvidence::Feed | AddressEvidence::NewsSitemap | AddressEvidence::Link
    );
    found.hint.or_else(|| names_news.then_some(now))
}

/// True where a known sitemap is due again: its index says that it changed at `changed`, later than
/// it said before.
pub(crate) fn has_changed(known: Option<i64>, changed: Option<i64>) -> bool {
    known.zip(changed).is_some_and(|(known, new)| known < new)
}

/// True where an entry point that is not due any more, as a guess that was wrong or one that the
/// configuration has dropped, is back: something names it. A wrong guess is not guessed again.
pub(crate) fn is_forgotten(due_at: Option<i64>, origin: Origin, found: &FoundUrl) -> bool {
    due_at.is_none() && (!found.guessed || origin != Origin::Guessed)
}

/// Where an entry point comes from that is named: what was only guessed is found, and what was
/// forgotten is what it is found as.
pub(crate) fn origin_named(known: Origin, is_forgotten: bool, found: &FoundUrl) -> Origin {
    match known {
        _ if is_forgotten && found.guessed => Origin::Guessed,
        Origin::Configured if !is_forgotten => Origin::Configured,
        Origin::Guessed if found.guessed => Origin::Guessed,
        _ => Origin::Found,
    }
}

/// When an entry point that the configuration names is due, by what it was known as and when it was
/// due: as planned where it was an entry point before, else now.
pub(crate) fn entry_point_due(known: Option<(UrlKind, Option<i64>)>, now: i64) -> i64 {
    match known {
        Some((kind, Some(due))) if kind.is_entry_point() => due,
        _ => now,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use url::Url;

    use super::*;

    fn schedule() -> Schedule {
        Schedule {
            found_entries: 10,
            waiting_pages: 100,
            ..Schedule::new(Duration::from_secs(300), Duration::from_secs(86_400))
        }
    }

    #[test]
    fn sources_have_bounds() {
        assert_eq!(room_for_entries(&schedule(), 7), 3);
        assert_eq!(room_for_entries(&schedule(), 11), 0);
    }

    #[test]
    fn what_waits_is_bounded_in_pages_and_in_bytes() {
        let waiting = |pages, bytes| Waiting { pages, bytes };
        let schedule = Schedule {
            waiting_bytes: 1_000,
            ..schedule()
        };
        assert!(waiting(99, 900).with(100).fits(&schedule));
        assert!(!waiting(100, 900).with(1).fits(&schedule));
        assert!(!waiting(1, 900).with(101).fits(&schedule));
        assert_eq!(waiting(100, 1_000).surplus(&schedule), 0);
        assert_eq!(waiting(103, 1_000).surplus(&schedule), 3);
        assert_eq!(waiting(10, 2_000).surplus(&schedule), 5);
        assert_eq!(waiting(10, 1_001).surplus(&schedule), 1);
    }

    #[test]
    fn a_reason_has_a_bounded_length_and_ends_at_a_character() {
        assert_eq!(clipped("short"), "short");
        let long = clipped(&"é".repeat(50_000)).into_owned();
        assert!(long.len() <= REASON + 3 && long.ends_with('…'));
    }

    #[test]
    fn dated_pages_are_no_traps() {
        let found = |kind, hint| FoundUrl {
            url: Url::parse("https://daily.test/a").unwrap(),
            kind,
            depth: 1,
            hint,
            published: None,
            guessed: false,
            evidence: AddressEvidence::Unknown,
            too_old: false,
        };
        assert!(is_checked_for_traps(&found(UrlKind::Page, None)));
        assert!(!is_checked_for_traps(&found(UrlKind::Page, Some(1))));
        assert!(!is_checked_for_traps(&found(UrlKind::Feed, None)));
    }

    #[test]
    fn a_page_that_failed_stands_in_for_none() {
        assert!(stands_in(0, None));
        assert!(stands_in(0, Some(200)));
        assert!(!stands_in(1, None));
        assert!(!stands_in(0, Some(404)));
    }

    fn dated(hint: Option<i64>, evidence: AddressEvidence) -> FoundUrl {
        FoundUrl {
            url: Url::parse("https://daily.test/a").unwrap(),
            kind: UrlKind::Page,
            depth: 1,
            hint,
            published: None,
            guessed: false,
            evidence,
            too_old: true,
        }
    }

    #[test]
    fn of_pages_that_are_too_old_the_newest_are_recorded_and_the_others_counted_once() {
        let schedule = Schedule {
            too_old_pages: 2,
            ..schedule()
        };
        let pages = [3, 9, 5].map(|hint| dated(Some(hint), AddressEvidence::Sitemap));
        let recorded = recorded_as_too_old(&schedule, pages.to_vec());
        let hints: Vec<_> = recorded.iter().map(|page| page.hint).collect();
        assert_eq!(hints, [Some(9), Some(5)]);
        assert!(is_worth_recording(&schedule, Some(1), 1, Some(5)));
        assert!(is_worth_recording(&schedule, Some(6), 2, Some(5)));
        assert!(!is_worth_recording(&schedule, Some(5), 2, Some(5)));
        assert_eq!(newly_too_old(None, 7), 7);
        assert_eq!(newly_too_old(Some(7), 7), 0);
        assert_eq!(newly_too_old(Some(7), 9), 2);
        assert_eq!(newly_too_old(Some(7), 3), 0);
    }

    #[test]
    fn what_a_feed_or_a_link_names_without_a_date_is_new() {
        assert_eq!(
            assumed_date(&dated(None, AddressEvidence::Link), 7),
            Some(7)
        );
        assert_eq!(
            assumed_date(&dated(Some(3), AddressEvidence::Feed), 7),
            Some(3)
        );
        assert_eq!(
            assumed_date(&dated(None, AddressEvidence::Sitemap), 7),
            None
        );
    }

    #[test]
    fn a_sitemap_is_due_again_only_on_news() {
        assert!(has_changed(Some(1), Some(2)));
        assert!(!has_changed(Some(2), Some(2)));
        assert!(!has_changed(None, Some(2)));
        assert!(!has_changed(Some(1), None));
    }

    #[test]
    fn an_entry_point_that_is_not_due_is_back_when_something_names_it() {
        let found = |guessed| FoundUrl {
            url: Url::parse("https://daily.test/feed").unwrap(),
            kind: UrlKind::Feed,
            depth: 0,
            hint: None,
            published: None,
            guessed,
            evidence: AddressEvidence::Unknown,
            too_old: false,
        };
        use Origin::{Configured, Found, Guessed};
        assert!(is_forgotten(None, Guessed, &found(false)));
        assert!(!is_forgotten(None, Guessed, &found(true)));
        assert!(is_forgotten(None, Configured, &found(true)));
        assert!(!is_forgotten(Some(1), Found, &found(false)));
        assert_eq!(origin_named(Guessed, false, &found(false)), Found);
        assert_eq!(origin_named(Guessed, false, &found(true)), Guessed);
        assert_eq!(origin_named(Configured, false, &found(false)), Configured);
        assert_eq!(origin_named(Configured, true, &found(false)), Found);
        assert_eq!(origin_named(Configured, true, &found(true)), Guessed);
    }

    #[test]
    fn a_known_entry_point_is_due_as_planned_and_any_other_at_once() {
        assert_eq!(entry_point_due(None, 5), 5);
        assert_eq!(entry_point_due(Some((UrlKind::Feed, Some(9))), 5), 9);
        assert_eq!(entry_point_due(Some((UrlKind::Feed, None)), 5), 5);
        assert_eq!(entry_point_due(Some((UrlKind::Page, Some(9))), 5), 5);
    }
}
