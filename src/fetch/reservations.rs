//! TDMRep's file of reservations, `/.well-known/tdmrep.json`: for which paths of a host text and data mining is
//! reserved (W3C TDM Reservation Protocol, 'tdmrep.json').

use serde::Deserialize;
use serde_json::Value;
use url::{Position, Url};

use crate::rights::rsl::matches;

/// Where the file is.
pub(super) const LOCATION: &str = "/.well-known/tdmrep.json";
/// Bytes of it that are read.
pub(super) const MAX_BYTES: usize = 256 << 10;
/// Locations in it. What has more cannot be weighed.
const MAX_LOCATIONS: usize = 1_000;

/// The reservations of a host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reservations(Vec<Location>);

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
struct Location {
    location: String,
    #[serde(rename = "tdm-reservation", default)]
    reservation: Value,
}

impl Location {
    fn is_reserved(&self) -> bool {
        let text = self.reservation.to_string();
        !matches!(
            text.trim_matches('"').trim(),
            "0" | "false" | "null" | "0.0"
        )
    }
}

/// What a file of this name holds that is none, such as a page that says 'not found'.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NoReservations {
    /// It is something else.
    Other,
    /// It is damaged, or too large to be weighed.
    Damaged,
}

impl Reservations {
    /// Reads a file.
    pub(super) fn parse(file: &[u8]) -> Result<Reservations, NoReservations> {
        let file = file.strip_prefix(b"\xef\xbb\xbf").unwrap_or(file);
        if !file.trim_ascii_start().starts_with(b"[") {
            return Err(NoReservations::Other);
        }
        let locations: Vec<Location> =
            serde_json::from_slice(file).map_err(|_| NoReservations::Damaged)?;
        match locations.len() > MAX_LOCATIONS {
            true => Err(NoReservations::Damaged),
            false => Ok(Reservations(locations)),
        }
    }

    /// What the file says of a page, as `tdm-reservation` would; `None` where it says nothing. By one reading the first
    /// location that fits counts, by another the longest: the page is reserved where either reserves it.
    pub(super) fn stated(&self, url: &Url) -> Option<String> {
        let path = &url[Position::BeforePath..Position::AfterQuery];
        let fits = |it: &&Location| matches(&it.location, path);
        let first = self.0.iter().find(fits)?;
        let longest = self.0.iter().filter(fits);
        let longest = longest.max_by_key(|it| (it.location.len(), it.is_reserved()));
        let is_reserved = first.is_reserved() || longest.is_some_and(Location::is_reserved);
        Some(u8::from(is_reserved).to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stated(file: &str, path: &str) -> Option<String> {
        let url = Url::parse("https://news.test").unwrap().join(path).unwrap();
        Reservations::parse(file.as_bytes()).unwrap().stated(&url)
    }

    #[test]
    fn the_stricter_of_two_readings_counts() {
        let file = r#"[{"location": "/open/*", "tdm-reservation": 0},
            {"location": "/", "tdm-reservation": 1, "tdm-policy": "https://news.test/policy.json"}]"#;
        assert_eq!(stated(file, "/news/1").as_deref(), Some("1"));
        assert_eq!(stated(file, "/open/1").as_deref(), Some("0"));
        let file = r#"[{"location": "/", "tdm-reservation": "0"}, {"location": "/a/*.pdf$", "tdm-reservation": "1"}]"#;
        assert_eq!(stated(file, "/a/b.pdf").as_deref(), Some("1"));
        assert_eq!(stated(file, "/a/b.pdfx").as_deref(), Some("0"));
        assert_eq!(stated("[]", "/"), None);
    }

    #[test]
    fn another_page_is_no_file_and_a_damaged_file_is_one() {
        let parse = |file: &str| Reservations::parse(file.as_bytes());
        assert_eq!(parse("<html>404</html>"), Err(NoReservations::Other));
        assert_eq!(parse(""), Err(NoReservations::Other));
        assert_eq!(
            parse("[{\"location\": \"/\","),
            Err(NoReservations::Damaged)
        );
    }
}
