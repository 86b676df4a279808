//! What became of the addresses of a source, in words.

use crate::serve::failure::Answer;
use crate::store::{Address, EntryPoint, Store};
use crate::verdict::VisitOutcome;
use crate::wording::counts::counted;
use crate::wording::plain::plain;
use crate::wording::times::relative;

/// Pages of a list.
const LISTED: u32 = 100;

/// A front page, feed or sitemap.
pub(super) struct Entry {
    pub(super) url: String,
    pub(super) outcome: &'static str,
    pub(super) is_read: bool,
    pub(super) reason: String,
    pub(super) visited: String,
    pub(super) links: String,
}

impl Entry {
    /// The entry point in words.
    pub(super) fn new(entry: &EntryPoint, now: i64) -> Entry {
        let meaning = entry
            .outcome
            .map_or("not visited yet", VisitOutcome::meaning);
        let links = entry.followed.map(|followed| {
            let passed = entry.passed.unwrap_or(0);
            format!("{followed} followed, {passed} passed over")
        });
        let mut reason = plain(entry.reason.as_deref().unwrap_or(meaning));
        if entry.attempts > 1 {
            reason.push_str(&format!(
                ", {} in a row",
                counted(u64::from(entry.attempts), "failure")
            ));
        }
        if entry.damaged {
            reason.push_str("; it is damaged and was read as far as possible");
        }
        Entry {
            url: plain(&entry.url),
            outcome: entry.outcome.map_or("-", VisitOutcome::name),
            is_read: entry.is_read() || entry.outcome.is_none(),
            reason,
            visited: entry
                .visited_at
                .map_or("never".to_owned(), |at| relative(at.min(now), now)),
            links: links.unwrap_or_default(),
        }
    }
}

/// The pages of a source by how their last visit ended.
pub(super) struct Outcomes {
    /// Every outcome that occurs.
    pub(super) all: Vec<OutcomeRow>,
    /// The one whose pages are listed.
    pub(super) chosen: Option<OutcomeRow>,
    /// Those pages, the newest first.
    pub(super) pages: Vec<PageRow>,
    /// Where the next ones begin, where there are more.
    pub(super) before: Option<i64>,
    /// These are not the first.
    pub(super) is_later: bool,
}

/// One outcome.
#[derive(Clone)]
pub(super) struct OutcomeRow {
    pub(super) name: &'static str,
    pub(super) meaning: &'static str,
    pub(super) count: u64,
    pub(super) is_loss: bool,
    pub(super) is_chosen: bool,
}

/// A page.
pub(super) struct PageRow {
    pub(super) id: i64,
    pub(super) url: String,
    /// The id of its article.
    pub(super) article: Option<String>,
    pub(super) title: Option<String>,
    pub(super) reason: String,
    pub(super) again: String,
    pub(super) visited: String,
    pub(super) can_retry: bool,
}

impl Outcomes {
    /// Reads them. Without a choice, the most frequent loss is listed, or else what is most frequent.
    pub(super) async fn read(
        store: &dyn Store,
        source: &str,
        chosen: Option<VisitOutcome>,
        before: Option<i64>,
        now: i64,
    ) -> Answer<Outcomes> {
        let counts = store.outcome_counts(source).await?;
        let first_loss = counts.iter().find(|(it, _)| it.is_loss());
        let chosen = chosen.or(first_loss.or(counts.first()).map(|(it, _)| *it));
        let row = |(outcome, count): &(VisitOutcome, u64)| OutcomeRow {
            name: outcome.name(),
            meaning: outcome.meaning(),
            count: *count,
            is_loss: outcome.is_loss(),
            is_chosen: Some(*outcome) == chosen,
        };
        let all: Vec<OutcomeRow> = counts.iter().map(row).collect();
        let pages = match chosen {
            Some(outcome) => {
                let before = before.unwrap_or(i64::MAX);
                store
                    .pages_by_outcome(source, outcome, before, LISTED + 1)
                    .await?
            }
            None => Vec::new(),
        };
        let has_more = pages.len() > LISTED as usize;
        let listed = pages.iter().take(LISTED as usize);
        let pages: Vec<PageRow> = listed.map(|it| PageRow::new(it, now)).collect();
        Ok(Outcomes {
            chosen: all.iter().find(|it| it.is_chosen).cloned(),
            before: pages.last().filter(|_| has_more).map(|it| it.id),
            is_later: before.is_some(),
            all,
            pages,
        })
    }
}

impl PageRow {
    fn new(address: &Address, now: i64) -> PageRow {
        let meaning = address.outcome.map_or("", VisitOutcome::meaning);
        PageRow {
            id: address.id,
            url: plain(&address.url),
            article: address.stored_id.clone(),
            title: address.title.as_deref().map(plain),
            reason: plain(address.reason.as_deref().unwrap_or(meaning)),
            again: asked_again(address.next_visit, now),
            visited: address
                .last_visit
                .map_or("never".to_owned(), |at| relative(at.min(now), now)),
            can_retry: address.is_lost,
        }
    }
}

/// When a page is visited again, in words.
fn asked_again(next: Option<i64>, now: i64) -> String {
    match next {
        None => "not asked again".to_owned(),
        Some(at) if at <= now => "asked again with the next crawl".to_owned(),
        Some(at) => format!("asked again {}", relative(at, now)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_says_why_it_is_lost_and_when_it_is_asked_again() {
        let address = Address {
            outcome: Some(VisitOutcome::Robots),
            next_visit: Some(6 * 3_600_000),
            is_lost: true,
            ..Address::default()
        };
        let row = PageRow::new(&address, 0);
        assert_eq!(
            (row.reason.as_str(), row.again.as_str()),
            ("disallowed by robots.txt", "asked again in 6h")
        );
        assert!(row.can_retry);
        assert_eq!(asked_again(Some(0), 0), "asked again with the next crawl");
        assert_eq!(asked_again(None, 0), "not asked again");
    }

    #[test]
    fn an_entry_point_says_what_it_led_to() {
        let entry = EntryPoint {
            url: "https://daily.test/\u{202e}".to_owned(),
            outcome: Some(VisitOutcome::Index),
            followed: Some(3),
            passed: Some(40),
            damaged: true,
            attempts: 2,
            ..EntryPoint::default()
        };
        let row = Entry::new(&entry, 0);
        assert_eq!(row.url, "https://daily.test/");
        assert_eq!(row.links, "3 followed, 40 passed over");
        assert!(
            row.reason.contains("2 failures in a row; it is damaged"),
            "{}",
            row.reason
        );
        let new = Entry::new(&EntryPoint::default(), 0);
        assert_eq!(
            (new.reason.as_str(), new.is_read),
            ("not visited yet", true)
        );
    }
}
