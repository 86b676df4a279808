//! By what pages are judged: the extractor's name and version, and the settings of a source that a
//! verdict depends on. A page that was judged by another is judged again.

use crate::article::EXTRACTOR;
use crate::canonical::digest;
use crate::config::{Config, Source};
use crate::selectors::SelectorSet;

/// By what the pages of a source are judged; the same for the same settings in every version.
pub(super) fn judged_by(config: &Config, source: &Source) -> String {
    let mut settings = String::new();
    for set in &source.select {
        write(&mut settings, "", set);
    }
    for (host, sets) in &config.rules.hosts {
        for set in sets {
            write(&mut settings, host, set);
        }
    }
    let language = source.language.as_deref().unwrap_or_default();
    let min_words = source.min_words.map(|it| it.to_string());
    let min_words = min_words.unwrap_or_default();
    settings.push_str(&format!("language {language}\nmin_words {min_words}\n"));
    format!("{EXTRACTOR} settings {}", digest(settings.as_bytes()))
}

/// What a set of selectors says, without where it was written.
fn write(settings: &mut String, host: &str, set: &SelectorSet) {
    let (from, until) = (set.valid_from, set.valid_until);
    settings.push_str(&format!("select {host} {from:?} {until:?}\n"));
    for selector in &set.selectors {
        settings.push_str(&format!("{} {}\n", selector.key.name(), selector.css));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::selectors::SelectorKey;

    #[test]
    fn only_what_a_verdict_depends_on_makes_a_difference() {
        let config = Config::default();
        let select = |css, place| Source {
            select: vec![SelectorSet::of(&[(SelectorKey::Article, css)], place)],
            ..Source::default()
        };
        let by = |source: &Source| judged_by(&config, source);
        assert!(by(&Source::default()).starts_with("newsprint "));
        let one = by(&select(".story", "config.toml:3"));
        assert_eq!(one, by(&select(".story", "config.toml:9")));
        assert_ne!(one, by(&select(".text", "config.toml:3")));
        assert_ne!(one, by(&Source::default()));
        let short = Source {
            min_words: Some(20),
            ..Source::default()
        };
        assert_ne!(by(&short), by(&Source::default()));
        let max_depth = Source {
            max_depth: 3,
            ..Source::default()
        };
        assert_eq!(by(&max_depth), by(&Source::default()));

        let mut with_rules = Config::default();
        let sets = select(".story", "").select;
        with_rules.rules.hosts.insert("daily.test".into(), sets);
        assert_ne!(judged_by(&with_rules, &max_depth), by(&max_depth));
    }
}
