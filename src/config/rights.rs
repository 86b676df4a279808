//! `[rights]`: which of the opt-outs that sites state bind this crawl.

use toml::Spanned;

use crate::config::diagnose::Diagnostics;
use crate::config::{closest, raw};
use crate::rights::Purpose;

/// What the pages are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RightsSettings {
    /// What is done with the texts; `docs/rights.md` says which opt-outs forbid it.
    pub purpose: Purpose,
}

pub(super) fn settings(raw: raw::Rights, diagnostics: &mut Diagnostics<'_>) -> RightsSettings {
    let purpose = raw.purpose.and_then(|given| purpose(&given, diagnostics));
    RightsSettings {
        purpose: purpose.unwrap_or_default(),
    }
}

fn purpose(given: &Spanned<String>, diagnostics: &mut Diagnostics<'_>) -> Option<Purpose> {
    let found = Purpose::from_name(given.get_ref());
    if found.is_none() {
        let names = Purpose::ALL.map(Purpose::name);
        let known = names.map(|it| format!("\"{it}\"")).join(", ");
        let meant = closest(given.get_ref(), &names);
        let meant = meant.map_or_else(String::new, |it| format!("; did you mean \"{it}\"?"));
        let given_text = given.get_ref();
        let message = format!("`purpose` must be one of {known}, not {given_text:?}{meant}");
        diagnostics.push(given.span(), message);
    }
    found
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use crate::config::Config;
    use crate::rights::Purpose;

    fn purpose(text: &str) -> Result<Purpose, String> {
        let config = Config::parse(text, Path::new("config.toml"));
        config
            .map(|it| it.rights.purpose)
            .map_err(|error| error.to_string())
    }

    #[test]
    fn a_crawl_is_an_archive_unless_it_is_said_what_it_is() {
        assert_eq!(purpose(""), Ok(Purpose::Archive));
        for known in Purpose::ALL {
            let text = format!("[rights]\npurpose = \"{}\"\n", known.name());
            assert_eq!(purpose(&text), Ok(known));
        }
    }

    #[test]
    fn another_purpose_is_a_mistake_with_its_place() {
        let error = purpose("[rights]\npurpose = \"ai-trian\"\n").unwrap_err();
        assert!(error.contains("config.toml:2"), "{error}");
        assert!(error.contains("did you mean \"ai-train\""), "{error}");
    }
}
