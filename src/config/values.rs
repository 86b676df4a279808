//! Durations and sizes as keys state them, each mistake with the place and what is right.

use std::time::Duration;

use toml::Spanned;

use crate::config::diagnose::Diagnostics;
use crate::config::units;

/// The text of a key, if it is given.
pub(super) type Text = Option<Spanned<String>>;

/// A duration, `"never"`, or the default if the key is missing.
pub(super) fn duration_or_never(
    key: &str,
    given: Text,
    default: Option<Duration>,
    diagnostics: &mut Diagnostics<'_>,
) -> Option<Duration> {
    match given {
        None => default,
        Some(given) if given.get_ref() == "never" => None,
        given => duration(key, given, diagnostics),
    }
}

/// A duration of more than 0.
pub(super) fn duration(
    key: &str,
    given: Text,
    diagnostics: &mut Diagnostics<'_>,
) -> Option<Duration> {
    let place = given.as_ref().map(Spanned::span);
    let read = duration_or_none(key, given, diagnostics)?;
    if let (true, Some(place)) = (read.is_zero(), place) {
        diagnostics.push(place, format!("`{key}` must be more than 0"));
    }
    Some(read)
}

/// A duration, which may be `"0s"`.
pub(super) fn duration_or_none(
    key: &str,
    given: Text,
    diagnostics: &mut Diagnostics<'_>,
) -> Option<Duration> {
    let given = given?;
    let read = units::duration(given.get_ref());
    if read.is_none() {
        let message = format!(
            "`{key}` must be a duration such as \"20s\", \"5m\", \"24h\" or \"30d\", not {:?}",
            given.get_ref()
        );
        diagnostics.push(given.span(), message);
    }
    read
}

/// A size in bytes, more than 0.
pub(super) fn size(key: &str, given: Text, diagnostics: &mut Diagnostics<'_>) -> Option<u64> {
    let given = given?;
    let read = units::bytes(given.get_ref()).filter(|&it| it > 0);
    if read.is_none() {
        let message = format!(
            "`{key}` must be a size such as \"5 MiB\" or \"500 KB\", not {:?}",
            given.get_ref()
        );
        diagnostics.push(given.span(), message);
    }
    read
}
