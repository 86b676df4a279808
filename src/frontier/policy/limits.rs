//! The settings that end visits early or refuse what they bring, and what a change of them makes due
//! again: what an address ended for is no reason any more.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::verdict::VisitOutcome;

/// The settings of one source that stop visits. Whatever is kept as text is only compared.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct VisitLimits {
    /// Bytes of a page.
    pub max_body: u64,
    /// Redirects that are followed.
    pub max_redirects: u64,
    /// Milliseconds for a request.
    pub timeout: u64,
    /// Obey robots.txt.
    pub respect_robots: bool,
    /// What the requests say of themselves.
    pub user_agent: String,
    /// What the pages are for.
    #[serde(default)]
    pub purpose: String,
    /// Private addresses are allowed.
    pub allow_private: bool,
    /// The proxy, and the addresses of hosts that the settings state.
    pub network: String,
    /// Milliseconds since publication; `i64::MAX` for all.
    pub max_age: i64,
    /// The language of its articles; empty for any.
    pub language: String,
    /// The least number of words of an article; 0 where the settings leave it open.
    pub min_words: u64,
    /// The CSS selectors that apply to its pages.
    pub select: String,
    /// The globs that its pages must match, and those that they must not.
    pub filters: String,
    /// Links from a start page.
    pub max_depth: u64,
    /// A browser shows the pages that scripts make.
    pub render: bool,
    /// Milliseconds until an article is fetched again; `i64::MAX` for never.
    pub refetch: i64,
    /// Archives that are asked for copies of pages that are gone.
    pub fallbacks: u64,
    /// Which headers and cookies of the user's own are sent, as a text that does not show them; empty for none.
    pub access: String,
}

/// When a change of a setting makes something due.
#[derive(Debug, Clone, Copy)]
enum When {
    /// It allows more than before.
    Raised,
    /// It asks for less than before.
    Lowered,
    /// It is another.
    Changed,
}

type Rule = (&'static str, When, &'static [VisitOutcome]);

/// Which verdicts on pages a changed setting may turn into others.
const REJUDGES: [Rule; 3] = {
    use VisitOutcome::{Empty, Index, NotArticle, OtherLanguage, PaywallStub};
    [
        ("language", When::Changed, &[OtherLanguage]),
        ("min_words", When::Lowered, &[NotArticle]),
        (
            "select",
            When::Changed,
            &[NotArticle, Empty, PaywallStub, Index],
        ),
    ]
};

/// Which other outcomes a changed setting may turn into others.
const WAKES: [Rule; 14] = {
    use VisitOutcome::{
        BlockedAddress, Challenge, Connect, Dns, Empty, Http4xx, Http5xx, Index, MovedAway,
        NotArticle, NotRendered, OptOut, PaywallStub, Redirects, Robots, Soft404, Tls, TooLarge,
        TooOld, TooSlow,
    };
    [
        (
            "fallbacks",
            When::Raised,
            &[Http4xx, Http5xx, Soft404, Connect, Dns, Tls, TooSlow],
        ),
        ("access", When::Changed, &[PaywallStub, Redirects]),
        ("max_body", When::Raised, &[TooLarge]),
        ("max_redirects", When::Raised, &[Redirects]),
        ("timeout", When::Raised, &[TooSlow]),
        ("respect_robots", When::Lowered, &[Robots, OptOut]),
        ("user_agent", When::Changed, &[Robots, OptOut, Challenge]),
        ("purpose", When::Changed, &[OptOut]),
        ("allow_private", When::Raised, &[BlockedAddress]),
        (
            "network",
            When::Changed,
            &[BlockedAddress, Connect, Dns, Tls, TooSlow],
        ),
        ("max_age", When::Raised, &[TooOld]),
        ("filters", When::Changed, &[MovedAway]),
        ("render", When::Raised, &[Empty, NotArticle, NotRendered]),
        // Section pages, whose links led too far.
        ("max_depth", When::Raised, &[Index]),
    ]
};

/// What a change of the settings makes due.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Wake {
    /// Addresses whose last visit ended so.
    pub(crate) outcomes: Vec<VisitOutcome>,
    /// Pages that ended so, unless they are kept, and judged again without a visit.
    pub(crate) verdicts: Vec<VisitOutcome>,
    /// Addresses that were refused by their server, which may answer another user agent.
    pub(crate) refused: bool,
    /// Hosts that could not be reached may be by another way.
    pub(crate) hosts: bool,
    /// What was passed over without a trace may be wanted: entry points are read in full.
    pub(crate) entry_points: bool,
    /// Articles that were fetched once and for all are fetched again.
    pub(crate) articles: bool,
}

impl VisitLimits {
    /// The form in the store.
    pub(crate) fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// What these settings make due where the store has those of an earlier pass. Settings that the
    /// earlier version did not keep make nothing due.
    pub(crate) fn wake(&self, earlier: Option<&str>) -> Wake {
        let parsed = earlier.and_then(|it| serde_json::from_str(it).ok());
        let earlier: Map<String, Value> = parsed.unwrap_or_default();
        let today = match serde_json::to_value(self) {
            Ok(Value::Object(today)) => today,
            _ => Map::new(),
        };
        let changed = |key: &str, when: When| {
            // An earlier version had none.
            let none = match key {
                "access" => Some(Value::from("")),
                "render" => Some(Value::from(false)),
                "fallbacks" => Some(Value::from(0)),
                _ => None,
            };
            let before = earlier.get(key).or(none.as_ref());
            let pair = before.zip(today.get(key));
            pair.is_some_and(|(before, now)| has_changed(key, when, before, now))
        };
        let changed_by = |rules: &[Rule]| {
            let rules = rules.iter().filter(|(key, when, _)| changed(key, *when));
            let mut outcomes: Vec<VisitOutcome> = rules
                .flat_map(|(.., outcomes)| outcomes.iter().copied())
                .collect();
            outcomes.sort();
            outcomes.dedup();
            outcomes
        };
        Wake {
            outcomes: changed_by(&WAKES),
            verdicts: changed_by(&REJUDGES),
            refused: changed("user_agent", When::Changed) || changed("access", When::Changed),
            hosts: changed("network", When::Changed) || changed("allow_private", When::Raised),
            entry_points: changed("max_age", When::Raised) || changed("language", When::Changed),
            articles: changed("refetch", When::Lowered),
        }
    }
}

impl Wake {
    /// True where nothing is due for it.
    pub(crate) fn is_nothing(&self) -> bool {
        *self == Wake::default()
    }
}

fn has_changed(key: &str, when: When, before: &Value, now: &Value) -> bool {
    let number = |value: &Value| match value {
        Value::Bool(allowed) => Some(i64::from(*allowed)),
        // What is left open may be anything: the built-in number is not known here.
        Value::Number(it) if key == "min_words" && it.as_u64() == Some(0) => None,
        Value::Number(it) => Some(it.as_i64().unwrap_or(i64::MAX)),
        _ => None,
    };
    let differ = before != now;
    match (when, number(before), number(now)) {
        (When::Raised, Some(before), Some(now)) => before < now,
        (When::Lowered, Some(before), Some(now)) => now < before,
        _ => differ,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits() -> VisitLimits {
        VisitLimits {
            max_body: 100,
            max_redirects: 8,
            timeout: 20_000,
            respect_robots: true,
            user_agent: "a/1".to_owned(),
            purpose: "archive".to_owned(),
            max_age: 30,
            language: "en".to_owned(),
            min_words: 60,
            max_depth: 1,
            refetch: i64::MAX,
            ..VisitLimits::default()
        }
    }

    fn woken(change: impl Fn(&mut VisitLimits)) -> Wake {
        let mut today = limits();
        change(&mut today);
        today.wake(Some(&limits().to_json()))
    }

    #[test]
    fn a_setting_wakes_what_it_has_stopped_and_nothing_else() {
        use VisitOutcome::{
            BlockedAddress, Challenge, Empty, Index, MovedAway, NotArticle, NotRendered, OptOut,
            OtherLanguage, PaywallStub, Redirects, Robots, TooLarge, TooOld, TooSlow,
        };
        type Change = fn(&mut VisitLimits);
        let table: [(Change, &[VisitOutcome]); 13] = [
            (
                |it| it.access = "1a2b".to_owned(),
                &[PaywallStub, Redirects],
            ),
            (|it| it.max_body = 200, &[TooLarge]),
            (|it| it.max_redirects = 9, &[Redirects]),
            (|it| it.timeout = 30_000, &[TooSlow]),
            (|it| it.respect_robots = false, &[Robots, OptOut]),
            (
                |it| it.user_agent = "b/1".to_owned(),
                &[Challenge, Robots, OptOut],
            ),
            (|it| it.purpose = "search".to_owned(), &[OptOut]),
            (|it| it.allow_private = true, &[BlockedAddress]),
            (|it| it.max_age = i64::MAX, &[TooOld]),
            (|it| it.filters = "[]".to_owned(), &[MovedAway]),
            (|it| it.max_depth = 2, &[Index]),
            (|it| it.render = true, &[NotArticle, Empty, NotRendered]),
            (|_| (), &[]),
        ];
        for (change, expected) in table {
            assert_eq!(woken(change).outcomes, expected);
        }
        let verdicts: [(Change, &[VisitOutcome]); 4] = [
            (|it| it.language.clear(), &[OtherLanguage]),
            (|it| it.min_words = 40, &[NotArticle]),
            (|it| it.min_words = 0, &[NotArticle]),
            (|it| it.min_words = 70, &[]),
        ];
        for (change, expected) in verdicts {
            assert_eq!(woken(change).verdicts, expected);
        }
        let fallback = woken(|it| it.fallbacks = 1);
        assert!(fallback.outcomes.contains(&VisitOutcome::Soft404) && !fallback.hosts);
        let network = woken(|it| it.network = "proxy".to_owned());
        assert!(network.hosts && network.outcomes.contains(&VisitOutcome::Dns));
        assert!(woken(|it| it.max_age = 60).entry_points);
        assert!(woken(|it| it.user_agent.clear()).refused);
        assert!(woken(|it| it.access = "1a2b".to_owned()).refused);
        assert!(woken(|it| it.refetch = 1).articles);
    }

    #[test]
    fn stricter_settings_wake_nothing() {
        let stricter = woken(|it| {
            it.max_body = 50;
            it.max_redirects = 1;
            it.timeout = 1;
            it.max_age = 10;
            it.min_words = 90;
            it.max_depth = 0;
        });
        assert!(stricter.is_nothing(), "{stricter:?}");
    }

    #[test]
    fn what_the_store_does_not_know_has_not_changed() {
        assert!(limits().wake(None).is_nothing());
        assert!(limits().wake(Some("")).is_nothing());
        assert!(limits().wake(Some("{\"max_bytes\":1}")).is_nothing());
        let partial = limits().wake(Some("{\"max_body\":1}"));
        assert_eq!(partial.outcomes, [VisitOutcome::TooLarge]);
    }
}
