//! `[health]`: when a source needs attention, and when a crawl fails because of it.

use std::time::Duration;

use toml::Spanned;

use crate::config::diagnose::Diagnostics;
use crate::config::raw;
use crate::config::values::duration;

/// When a source needs attention.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HealthSettings {
    /// The period of its own history that a source is compared with.
    pub window: Duration,
    /// When a crawl exits with code 3 because of its sources.
    pub fail: FailOn,
}

/// When a crawl exits with code 3 because of its sources.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum FailOn {
    /// As long as a source needs attention: `true`.
    #[default]
    Unhealthy,
    /// Only in the pass in which a source got worse: `"change"`.
    Change,
    /// Never: `false`.
    Never,
}

impl Default for HealthSettings {
    fn default() -> Self {
        HealthSettings {
            window: Duration::from_secs(14 * 24 * 3600),
            fail: FailOn::default(),
        }
    }
}

/// The settings of this table as written.
pub(super) fn settings(raw: raw::Health, diagnostics: &mut Diagnostics<'_>) -> HealthSettings {
    let default = HealthSettings::default();
    HealthSettings {
        window: duration("window", raw.window, diagnostics).unwrap_or(default.window),
        fail: raw
            .fail
            .and_then(|given| fail_on(&given, diagnostics))
            .unwrap_or(default.fail),
    }
}

fn fail_on(given: &Spanned<toml::Value>, diagnostics: &mut Diagnostics<'_>) -> Option<FailOn> {
    match given.get_ref() {
        toml::Value::Boolean(true) => return Some(FailOn::Unhealthy),
        toml::Value::Boolean(false) => return Some(FailOn::Never),
        toml::Value::String(word) if word == "change" => return Some(FailOn::Change),
        _ => {}
    }
    let message = "`fail` must be true (exit with 3 while a source needs attention), \"change\" (only \
                   when one got worse) or false (never)";
    diagnostics.push(given.span(), message.to_owned());
    None
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::config::Config;

    fn parsed(fail: &str) -> Result<FailOn, String> {
        let text = format!("[health]\nfail = {fail}\n");
        let config = Config::parse(&text, Path::new("config.toml"));
        config
            .map(|config| config.health.fail)
            .map_err(|error| error.to_string())
    }

    #[test]
    fn a_crawl_fails_always_on_a_change_or_never() {
        assert_eq!(parsed("true"), Ok(FailOn::Unhealthy));
        assert_eq!(parsed("\"change\""), Ok(FailOn::Change));
        assert_eq!(parsed("false"), Ok(FailOn::Never));
        for wrong in ["\"changed\"", "\"true\"", "1", "[true]"] {
            let error = parsed(wrong).unwrap_err();
            assert!(
                error.contains("config.toml:2:8: `fail` must be true"),
                "{error}"
            );
        }
    }
}
