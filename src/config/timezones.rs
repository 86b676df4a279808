//! Names of time zones, by the IANA database that the program carries with it.

use jiff::tz::{self, TimeZone};
use toml::Spanned;

use crate::config::diagnose::{Diagnostics, closest};

/// The time zone of a name such as `Europe/Berlin`, in any case; otherwise the name that was probably meant.
pub(super) fn find(name: &str) -> Result<TimeZone, Option<String>> {
    let name = name.trim();
    tz::db().get(name).map_err(|_| meant(name))
}

/// The name that a city or a typing error stands for.
fn meant(name: &str) -> Option<String> {
    let known: Vec<String> = tz::db().available().map(|it| it.to_string()).collect();
    let city = name.rsplit('/').next().unwrap_or(name).replace(' ', "_");
    let is_city = |it: &&String| {
        let last = it.rsplit('/').next().unwrap_or_default();
        !city.is_empty() && last.eq_ignore_ascii_case(&city)
    };
    if let Some(of_city) = known.iter().find(is_city) {
        return Some(of_city.clone());
    }
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    closest(name, &known).map(str::to_owned)
}

/// A time zone that a source names.
pub(super) fn timezone(
    given: &Spanned<String>,
    diagnostics: &mut Diagnostics<'_>,
) -> Option<TimeZone> {
    let zone = find(given.get_ref());
    if let Err(meant) = &zone {
        let fix = match meant {
            Some(name) => format!("did you mean `{name}`?"),
            None => "expected one such as \"Europe/Berlin\" or \"UTC\"".to_owned(),
        };
        let message = format!("unknown `timezone` {:?}; {fix}", given.get_ref());
        diagnostics.push(given.span(), message);
    }
    zone.ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zones_of_the_database_are_found_in_any_case() {
        for name in [
            "Europe/Berlin",
            "asia/seoul",
            " UTC ",
            "America/Argentina/Buenos_Aires",
        ] {
            assert!(find(name).is_ok(), "{name}");
        }
    }

    #[test]
    fn cities_and_typing_errors_find_the_zone_that_was_meant() {
        for (name, meant) in [
            ("Berlin", Some("Europe/Berlin")),
            ("Germany/Berlin", Some("Europe/Berlin")),
            ("buenos aires", Some("America/Argentina/Buenos_Aires")),
            ("Europe/Berlim", Some("Europe/Berlin")),
            ("somewhere else entirely", None),
        ] {
            assert_eq!(find(name), Err(meant.map(str::to_owned)), "{name}");
        }
    }
}
