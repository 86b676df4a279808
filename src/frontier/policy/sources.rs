//! How what is known of sources follows the settings: which source is another by a new name, and when
//! entry points are read in full again.

use std::collections::HashSet;

use url::Url;

use crate::canonical::dedup_key;
use crate::frontier::Seed;
use crate::frontier::policy::limits::Wake;

/// A source that the store knows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct KnownSource {
    /// Its name.
    pub(crate) name: String,
    /// The entry points that the settings named.
    pub(crate) entry_points: Vec<String>,
}

/// The sources that have got another name, as the old and the new: the store does not know the new
/// one, the settings do not name the old one, and at least half of the old one's entry points are the
/// new one's.
pub(crate) fn renamed(seeds: &[Seed], known: &[KnownSource]) -> Vec<(String, String)> {
    // Another scheme or `www.` is the same entry point.
    let key = |url: &str| Url::parse(url).map_or_else(|_| url.to_owned(), |url| dedup_key(&url));
    let named = |name: &str| seeds.iter().any(|seed| seed.source == name);
    let is_known = |name: &str| known.iter().any(|it| it.name == name);
    let mut gone: Vec<&KnownSource> = known.iter().filter(|it| !named(&it.name)).collect();
    let mut pairs = Vec::new();
    for seed in seeds.iter().filter(|seed| !is_known(&seed.source)) {
        let own: HashSet<String> = seed
            .entry_points
            .iter()
            .map(|it| dedup_key(&it.1))
            .collect();
        let shared = |it: &KnownSource| {
            let shared = it.entry_points.iter();
            shared.filter(|url| own.contains(&key(url))).count()
        };
        let best = (0..gone.len())
            .filter(|&at| shared(gone[at]) > 0)
            .filter(|&at| shared(gone[at]) * 2 >= gone[at].entry_points.len())
            .max_by_key(|&at| shared(gone[at]));
        if let Some(at) = best {
            pairs.push((gone.swap_remove(at).name.clone(), seed.source.clone()));
        }
    }
    pairs
}

/// What the store has of a source's settings.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct KnownSettings {
    /// As in [`Seed::settings`].
    pub(crate) settings: String,
    /// The earlier pass had it in its settings.
    pub(crate) is_configured: bool,
    /// As in [`Seed::limits`]; `None` in stores of earlier versions.
    pub(crate) limits: Option<String>,
    /// Counts the changes.
    pub(crate) generation: i64,
}

/// True where another process has stored newer settings than these: it has changed the ones that this process stored.
/// Whoever stores a source for the first time has the newest, as somebody has just started it with them.
pub(crate) fn is_outdated(known: Option<&KnownSettings>, seed: &Seed) -> bool {
    let (Some(known), Some(own)) = (known, seed.generation) else {
        return false;
    };
    let is_same = known.is_configured
        && known.settings == seed.settings
        && known.limits.as_deref() == Some(seed.limits.to_json().as_str());
    known.generation > own && !is_same
}

/// What a source's settings of today mean for what the store knows of it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct SettingsChange {
    /// They are other settings, or the store did not know them.
    pub(crate) differs: bool,
    /// The source is new, or the settings did not name it for a while.
    pub(crate) is_back: bool,
    /// The entry points are read again and in full: `304 Not Modified` would hide what the old
    /// settings have passed over.
    pub(crate) reads_again: bool,
    /// What is due for it.
    pub(crate) wake: Wake,
}

/// Compares the settings of today with those of the earlier pass.
pub(crate) fn change(known: Option<&KnownSettings>, seed: &Seed) -> SettingsChange {
    let Some(known) = known else {
        return SettingsChange {
            differs: true,
            is_back: true,
            ..SettingsChange::default()
        };
    };
    let differs = known.settings != seed.settings;
    let wake = seed.limits.wake(known.limits.as_deref());
    SettingsChange {
        differs: differs || !wake.is_nothing(),
        is_back: !known.is_configured,
        // A store of an earlier version has lost entry points of sources that came and went.
        reads_again: differs || wake.entry_points || known.limits.is_none(),
        wake,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frontier::UrlKind;
    use crate::frontier::policy::limits::VisitLimits;

    fn seed(source: &str, feeds: &[&str]) -> Seed {
        let feed = |feed: &&str| (UrlKind::Feed, Url::parse(feed).unwrap());
        Seed {
            source: source.to_owned(),
            entry_points: feeds.iter().map(feed).collect(),
            ..Seed::default()
        }
    }

    fn known(name: &str, entry_points: &[&str]) -> KnownSource {
        KnownSource {
            name: name.to_owned(),
            entry_points: entry_points.iter().map(|&it| it.to_owned()).collect(),
        }
    }

    const A: &str = "https://a.test/feed";
    const B: &str = "https://b.test/feed";
    const C: &str = "https://c.test/feed";

    #[test]
    fn a_source_with_the_entry_points_of_one_that_is_gone_is_that_one() {
        let pairs = |seeds: &[Seed], known: &[KnownSource]| {
            let pairs = renamed(seeds, known).into_iter();
            pairs
                .map(|(old, new)| format!("{old}>{new}"))
                .collect::<Vec<_>>()
        };
        let old = [known("old", &[A, B])];
        assert_eq!(pairs(&[seed("new", &[A, B])], &old), ["old>new"]);
        assert_eq!(pairs(&[seed("new", &[B, C])], &old), ["old>new"]);
        let moved = seed("new", &["http://www.a.test/feed/", C]);
        assert_eq!(pairs(&[moved], &old), ["old>new"]);
        assert!(pairs(&[seed("new", &[C])], &old).is_empty());
        assert!(pairs(&[seed("old", &[C]), seed("new", &[A, B])], &old).is_empty());
        let both = [known("old", &[A]), known("new", &[B])];
        assert!(
            pairs(&[seed("new", &[A])], &both).is_empty(),
            "new is known"
        );
        // A source of many is not its smallest part.
        let many = [known("all", &[A, B, C])];
        assert!(pairs(&[seed("a", &[A])], &many).is_empty());
        // Each is taken over once.
        let twice = [seed("one", &[A, B]), seed("two", &[A, B])];
        assert_eq!(pairs(&twice, &old), ["old>one"]);
    }

    #[test]
    fn entry_points_are_read_in_full_where_other_settings_may_want_more() {
        let seed = Seed {
            settings: "x".to_owned(),
            ..seed("a", &[A])
        };
        let known = KnownSettings {
            settings: "x".to_owned(),
            is_configured: true,
            limits: Some(VisitLimits::default().to_json()),
            generation: 1,
        };
        assert_eq!(change(Some(&known), &seed), SettingsChange::default());
        let other = KnownSettings {
            settings: "y".to_owned(),
            ..known.clone()
        };
        assert!(change(Some(&other), &seed).reads_again);
        let of_earlier_version = KnownSettings {
            limits: None,
            ..known.clone()
        };
        assert!(change(Some(&of_earlier_version), &seed).reads_again);
        let was_gone = KnownSettings {
            is_configured: false,
            ..known
        };
        let back = change(Some(&was_gone), &seed);
        assert!(back.is_back && !back.reads_again);
        assert!(change(None, &seed).is_back);
    }
}
