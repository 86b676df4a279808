//! Whom a page belongs to that two sources name. A source's own site takes its addresses over, whoever
//! named them first and whatever became of them: what another source names binds nobody.

use std::collections::HashSet;

use url::Url;

use crate::canonical::site_of;
use crate::frontier::host_and_port;
use crate::verdict::VisitOutcome;

/// How much an address is a source's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) enum Standing {
    /// The source names it.
    #[default]
    Named,
    /// The source's entry points have led to its site.
    Learned,
    /// The settings of the source name its site.
    Site,
    /// The settings of the source name its host.
    Host,
}

/// Where a source is at home.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Homes {
    hosts: HashSet<String>,
    sites: HashSet<String>,
    learned: HashSet<String>,
}

impl Homes {
    /// The homes of a source whose settings name these entry points, and whose entry points have led to
    /// these sites.
    pub(crate) fn new(entry_points: &[String], learned: Vec<String>) -> Homes {
        let urls: Vec<Url> = entry_points
            .iter()
            .filter_map(|it| Url::parse(it).ok())
            .collect();
        Homes {
            hosts: urls.iter().map(host_of).collect(),
            sites: urls.iter().filter_map(site_of).collect(),
            learned: learned.into_iter().collect(),
        }
    }

    /// How much this address is the source's own.
    pub(crate) fn standing(&self, url: &Url) -> Standing {
        let is_of =
            |sites: &HashSet<String>| site_of(url).is_some_and(|site| sites.contains(&site));
        if self.hosts.contains(&host_of(url)) {
            Standing::Host
        } else if is_of(&self.sites) {
            Standing::Site
        } else if is_of(&self.learned) {
            Standing::Learned
        } else {
            Standing::Named
        }
    }
}

/// The host, with its port, and without `www.`.
fn host_of(url: &Url) -> String {
    let host = host_and_port(url);
    match host.strip_prefix("www.") {
        Some(host) => host.to_owned(),
        None => host,
    }
}

/// A source that names a page.
#[derive(Debug, Clone, Default)]
pub(crate) struct Claimant {
    /// Its name.
    pub(crate) source: String,
    /// Where it stands in the settings; `None` where they do not name it.
    pub(crate) position: Option<i64>,
    /// How much the page is its own.
    pub(crate) standing: Standing,
}

/// The source that a page belongs to, and what became of the page there.
#[derive(Debug, Clone, Default)]
pub(crate) struct PageOwner {
    /// The source.
    pub(crate) by: Claimant,
    /// Visits so far.
    pub(crate) visits: u32,
    /// It is due, now or later.
    pub(crate) is_waiting: bool,
    /// Its article is in the store.
    pub(crate) is_stored: bool,
    /// How the last visit ended.
    pub(crate) outcome: Option<VisitOutcome>,
    /// Sources that have visited the page without storing it, before another took it over.
    pub(crate) refused_by: Vec<String>,
}

/// What happens to a page of one source that another names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Takeover {
    /// It stays where it is, and nothing changes for it.
    Stays,
    /// It belongs to the other source now.
    Moves,
    /// The same, and it is due as if it had never been visited.
    MovesAndIsDue,
}

/// Decides for a page that `by` names. A source to which it belongs no less may have its own try; one to
/// which it belongs less, where the settings of the owner refuse it. Each of these may refuse the page once,
/// so that it does not go back and forth without end.
pub(crate) fn takeover(owner: &PageOwner, by: &Claimant) -> Takeover {
    if owner.by.source == by.source {
        return Takeover::Stays;
    }
    let has_refused = owner.refused_by.contains(&by.source);
    let its_own_try = if has_refused {
        Takeover::Stays
    } else {
        Takeover::MovesAndIsDue
    };
    if owner.by.position.is_none() {
        let may_be_lost = !owner.is_stored && (owner.visits > 0 || !owner.is_waiting);
        return match its_own_try {
            Takeover::MovesAndIsDue if may_be_lost => Takeover::MovesAndIsDue,
            _ => Takeover::Moves,
        };
    }
    if by.standing > owner.by.standing {
        // What it has refused itself, and another has stored, stays there.
        return if has_refused && owner.is_stored {
            Takeover::Stays
        } else {
            Takeover::MovesAndIsDue
        };
    }
    if owner.is_stored {
        return Takeover::Stays;
    }
    let is_tried = owner.visits > 0 || !owner.is_waiting;
    let is_refused = owner.outcome.is_some_and(is_refusal_of_settings);
    if by.standing < owner.by.standing {
        let is_given_up = is_refused && !owner.is_waiting;
        return if is_given_up {
            its_own_try
        } else {
            Takeover::Stays
        };
    }
    // Sources of one site share what became of its pages, but for what their settings say.
    let binds = by.standing >= Standing::Site && !is_refused;
    if is_tried && !binds {
        its_own_try
    } else if !is_tried && !has_refused && by.position < owner.by.position {
        Takeover::Moves
    } else {
        Takeover::Stays
    }
}

/// True where another source's settings may want the page.
fn is_refusal_of_settings(outcome: VisitOutcome) -> bool {
    matches!(
        outcome,
        VisitOutcome::OtherLanguage | VisitOutcome::MovedAway
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claimant(source: &str, standing: Standing) -> Claimant {
        let position = match source {
            "none" => None,
            source => source.bytes().next().map(i64::from),
        };
        Claimant {
            source: source.to_owned(),
            position,
            standing,
        }
    }

    /// A page of the source `b`, visited so often.
    fn owner(visits: u32, standing: Standing) -> PageOwner {
        PageOwner {
            by: claimant("b", standing),
            visits,
            is_waiting: visits == 0,
            outcome: (visits > 0).then_some(VisitOutcome::Http4xx),
            ..PageOwner::default()
        }
    }

    const HOST: Standing = Standing::Host;
    const NAMED: Standing = Standing::Named;

    #[test]
    fn a_source_is_at_home_where_its_settings_say() {
        let entry_points = ["https://www.daily.test/", "https://feeds.test:8080/daily"];
        let homes = Homes::new(
            &entry_points.map(str::to_owned),
            vec!["moved.test".to_owned()],
        );
        for (url, standing) in [
            ("http://daily.test/a", Standing::Host),
            ("https://news.daily.test/a", Standing::Site),
            ("https://feeds.test:8080/a", Standing::Host),
            ("https://feeds.test/a", Standing::Site),
            ("https://moved.test/a", Standing::Learned),
            ("https://daily.test.evil.test/a", Standing::Named),
        ] {
            assert_eq!(homes.standing(&Url::parse(url).unwrap()), standing, "{url}");
        }
    }

    #[test]
    fn a_sources_own_site_takes_its_pages_over_whatever_became_of_them() {
        let mine = claimant("c", HOST);
        for outcome in [
            None,
            Some(VisitOutcome::Http4xx),
            Some(VisitOutcome::Stored),
        ] {
            for is_waiting in [true, false] {
                let owner = PageOwner {
                    outcome,
                    is_waiting,
                    is_stored: outcome == Some(VisitOutcome::Stored),
                    ..owner(3, NAMED)
                };
                assert_eq!(takeover(&owner, &mine), Takeover::MovesAndIsDue);
            }
        }
        let both_refused = PageOwner {
            refused_by: vec!["c".to_owned(), "b".to_owned()],
            ..owner(1, NAMED)
        };
        assert_eq!(takeover(&both_refused, &mine), Takeover::MovesAndIsDue);
        let stored = PageOwner {
            is_stored: true,
            ..both_refused
        };
        assert_eq!(takeover(&stored, &mine), Takeover::Stays);
    }

    #[test]
    fn what_another_source_merely_names_stays() {
        let other = claimant("a", NAMED);
        for visits in [0, 1] {
            assert_eq!(takeover(&owner(visits, HOST), &other), Takeover::Stays);
        }
        let refused = PageOwner {
            outcome: Some(VisitOutcome::OtherLanguage),
            ..owner(1, HOST)
        };
        assert_eq!(takeover(&refused, &other), Takeover::MovesAndIsDue);
        let again = PageOwner {
            refused_by: vec!["a".to_owned()],
            ..refused
        };
        assert_eq!(takeover(&again, &other), Takeover::Stays);
    }

    #[test]
    fn a_page_that_two_sources_want_alike_belongs_to_the_first_in_the_settings() {
        for standing in [HOST, NAMED] {
            let takeover = |by| takeover(&owner(0, standing), &claimant(by, standing));
            assert_eq!(takeover("a"), Takeover::Moves);
            assert_eq!(takeover("c"), Takeover::Stays);
            assert_eq!(takeover("b"), Takeover::Stays);
        }
        let refused = PageOwner {
            refused_by: vec!["a".to_owned()],
            ..owner(0, HOST)
        };
        assert_eq!(takeover(&refused, &claimant("a", HOST)), Takeover::Stays);
        assert_eq!(
            takeover(&owner(1, HOST), &claimant("a", HOST)),
            Takeover::Stays
        );
        let of_none = PageOwner {
            by: claimant("none", NAMED),
            is_stored: true,
            ..owner(1, NAMED)
        };
        assert_eq!(takeover(&of_none, &claimant("c", NAMED)), Takeover::Moves);
    }

    #[test]
    fn what_one_source_did_not_get_is_there_for_each_other_once() {
        let refused = |by: &[&str], standing| PageOwner {
            outcome: Some(VisitOutcome::OtherLanguage),
            refused_by: by.iter().map(|&it| it.to_owned()).collect(),
            ..owner(1, standing)
        };
        let due = Takeover::MovesAndIsDue;
        for standing in [HOST, NAMED] {
            let takeover = |by, refused_by: &[&str]| {
                takeover(&refused(refused_by, standing), &claimant(by, standing))
            };
            assert_eq!(takeover("a", &[]), due);
            assert_eq!(takeover("c", &["a"]), due);
            assert_eq!(takeover("a", &["a"]), Takeover::Stays);
        }
        // What failed is the site's own affair where the site is that of both.
        assert_eq!(takeover(&owner(1, NAMED), &claimant("c", NAMED)), due);
        assert_eq!(
            takeover(&owner(1, HOST), &claimant("c", HOST)),
            Takeover::Stays
        );
    }
}
