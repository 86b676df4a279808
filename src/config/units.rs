//! Durations and sizes as people write them: `20s`, `5m`, `24h`, `30d`; `5 MiB`, `500 KB`.

use std::time::Duration;

/// Parses a whole number with a unit: `ms`, `s`, `m`, `h`, `d` or `w`.
pub fn duration(text: &str) -> Option<Duration> {
    let (number, unit) = split(text)?;
    let millis: u64 = match unit.as_str() {
        "ms" => 1,
        "s" | "sec" => 1000,
        "m" | "min" => 60_000,
        "h" => 3_600_000,
        "d" => 86_400_000,
        "w" => 7 * 86_400_000,
        _ => return None,
    };
    number.checked_mul(millis).map(Duration::from_millis)
}

/// Parses a number of bytes: a plain number, or one with `B`, `KB`, `MB`, `GB` (powers of 1000) or `KiB`,
/// `MiB`, `GiB` (powers of 1024).
pub fn bytes(text: &str) -> Option<u64> {
    let (number, unit) = split(text)?;
    let factor: u64 = match unit.as_str() {
        "" | "b" => 1,
        "kb" => 1000,
        "mb" => 1_000_000,
        "gb" => 1_000_000_000,
        "kib" => 1 << 10,
        "mib" => 1 << 20,
        "gib" => 1 << 30,
        _ => return None,
    };
    number.checked_mul(factor)
}

fn split(text: &str) -> Option<(u64, String)> {
    let text = text.trim();
    let end = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    Some((
        text[..end].parse().ok()?,
        text[end..].trim().to_ascii_lowercase(),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_and_sizes_are_read() {
        assert_eq!(duration("20s"), Some(Duration::from_secs(20)));
        assert_eq!(duration(" 30 d "), Some(Duration::from_secs(30 * 86_400)));
        assert_eq!(bytes("5 MiB"), Some(5 << 20));
        assert_eq!(bytes("500KB"), Some(500_000));
        assert_eq!(bytes("17"), Some(17));
    }

    #[test]
    fn what_is_neither_is_nothing() {
        for text in [
            "",
            "s",
            "-5s",
            "5",
            "5 years",
            "1.5h",
            "99999999999999999999d",
        ] {
            assert_eq!(duration(text), None, "{text}");
        }
        assert_eq!(bytes("big"), None);
        assert_eq!(bytes("18446744073709551615 GiB"), None);
    }
}
