//! Archives of the web that are asked for a copy of a page that is gone: `[fallback.NAME]`, and which of them a source
//! asks. They are asked as CDX servers have it (<https://github.com/internetarchive/wayback/tree/master/wayback-cdx-server>),
//! or by a TimeGate of Memento (RFC 7089).

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;
use url::Url;
use url::form_urlencoded::byte_serialize;

use crate::config::Source;
use crate::config::diagnose::{Diagnostics, closest};
use crate::config::values::Text;

/// The archive that every configuration knows.
const WAYBACK: &str = "wayback";
/// What it is asked by, unless a table says otherwise.
const WAYBACK_CDX: &str =
    "https://web.archive.org/cdx/search/cdx?url={url}&output=json&limit=-1&filter=statuscode:200";
/// `id_` asks for the page as it was archived, without the archive's own bar and links.
const WAYBACK_PAGE: &str = "https://web.archive.org/web/{timestamp}id_/{url}";
/// Requests per second to it.
const WAYBACK_RATE: f64 = 0.5;

const URL: &str = "{url}";
const TIMESTAMP: &str = "{timestamp}";

/// An archive of the web.
#[derive(Debug, Clone, PartialEq)]
pub struct ArchiveSettings {
    /// Its name in the configuration.
    pub name: String,
    /// How it is asked.
    pub lookup: ArchiveLookup,
    /// Requests per second to its hosts, if different from `[crawl]`.
    pub requests_per_second: Option<f64>,
}

/// How an archive is asked for a copy. `{url}` stands for the address of the page, `{timestamp}` for the time of the copy
/// in 14 digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ArchiveLookup {
    /// An index lists the copies, and each has an address of its own.
    Cdx {
        /// The address of the index.
        cdx: String,
        /// The address of a copy.
        page: String,
    },
    /// One address leads to the copy (RFC 7089, 4.1).
    TimeGate(String),
}

impl ArchiveLookup {
    /// The address that such a template makes; `None` where it makes none.
    pub fn address(template: &str, page: &str, timestamp: &str) -> Option<Url> {
        let template = template.replace(TIMESTAMP, timestamp);
        let address = match template.split_once('?') {
            Some((path, query)) => {
                let escaped: String = byte_serialize(page.as_bytes()).collect();
                let (path, query) = (path.replace(URL, page), query.replace(URL, &escaped));
                format!("{path}?{query}")
            }
            None => template.replace(URL, page),
        };
        let url = Url::parse(&address).ok()?;
        matches!(url.scheme(), "http" | "https").then_some(url)
    }
}

/// A table `[fallback.NAME]` as written.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawArchive {
    cdx: Text,
    page: Text,
    timegate: Text,
    requests_per_second: Option<Spanned<f64>>,
}

/// The tables, and what each source asks, as written.
#[derive(Debug)]
pub(super) struct RawFallback {
    pub(super) tables: BTreeMap<Spanned<String>, RawArchive>,
    pub(super) wanted: Vec<Option<Vec<Spanned<String>>>>,
}

impl RawFallback {
    /// Validates all of it, and gives each source the archives that it asks.
    pub(super) fn settle(self, sources: &mut [Source], diagnostics: &mut Diagnostics<'_>) {
        let mut archives = BTreeMap::new();
        for (name, table) in self.tables {
            if let Some(archive) = archive(&name, table, diagnostics) {
                archives.insert(archive.name.clone(), archive);
            }
        }
        archives
            .entry(WAYBACK.to_owned())
            .or_insert_with(|| ArchiveSettings {
                name: WAYBACK.to_owned(),
                lookup: ArchiveLookup::Cdx {
                    cdx: WAYBACK_CDX.to_owned(),
                    page: WAYBACK_PAGE.to_owned(),
                },
                requests_per_second: Some(WAYBACK_RATE),
            });
        for (source, wanted) in sources.iter_mut().zip(self.wanted) {
            for name in wanted.unwrap_or_default() {
                match archives.get(name.get_ref()) {
                    Some(archive) => source.fallback.push(archive.clone()),
                    None => diagnostics.push(name.span(), unknown(name.get_ref(), &archives)),
                }
            }
        }
    }
}

fn unknown(name: &str, archives: &BTreeMap<String, ArchiveSettings>) -> String {
    let known: Vec<&str> = archives.keys().map(String::as_str).collect();
    match closest(name, &known) {
        Some(meant) => format!("unknown archive `{name}`; did you mean `{meant}`?"),
        None => format!(
            "unknown archive `{name}`; `{WAYBACK}` is built in, any other needs a table [fallback.{name}]"
        ),
    }
}

fn archive(
    name: &Spanned<String>,
    raw: RawArchive,
    diagnostics: &mut Diagnostics<'_>,
) -> Option<ArchiveSettings> {
    let is_wayback = name.get_ref() == WAYBACK;
    let cdx = template(raw.cdx, "cdx", &[URL], diagnostics);
    let page = template(raw.page, "page", &[URL, TIMESTAMP], diagnostics);
    let timegate = template(raw.timegate, "timegate", &[URL], diagnostics);
    let wayback = |text: &str| Some(text.to_owned()).filter(|_| is_wayback);
    let lookup = match (cdx, page, timegate) {
        (None, None, Some(timegate)) => Some(ArchiveLookup::TimeGate(timegate)),
        (cdx, page, None) => cdx
            .or_else(|| wayback(WAYBACK_CDX))
            .zip(page.or_else(|| wayback(WAYBACK_PAGE)))
            .map(|(cdx, page)| ArchiveLookup::Cdx { cdx, page }),
        _ => None,
    };
    if lookup.is_none() {
        let message = format!(
            "[fallback.{}] needs `cdx` and `page`, or `timegate` alone",
            name.get_ref()
        );
        diagnostics.push(name.span(), message);
    }
    let rate = raw.requests_per_second;
    if let Some(rate) = rate
        .as_ref()
        .filter(|it| !(it.get_ref().is_finite() && *it.get_ref() > 0.0))
    {
        let message = "`requests_per_second` must be more than 0, such as 0.5 for one request every two seconds";
        diagnostics.push(rate.span(), message.to_owned());
    }
    Some(ArchiveSettings {
        name: name.get_ref().clone(),
        lookup: lookup?,
        requests_per_second: rate
            .map(Spanned::into_inner)
            .or(is_wayback.then_some(WAYBACK_RATE)),
    })
}

/// A template that has these parts and makes an address.
fn template(
    given: Text,
    key: &str,
    parts: &[&str],
    diagnostics: &mut Diagnostics<'_>,
) -> Option<String> {
    let given = given?;
    let text = given.get_ref();
    let missing = parts.iter().find(|part| !text.contains(**part));
    let made = ArchiveLookup::address(text, "https://example.org/a", "20260101000000");
    if let Some(part) = missing {
        let message = format!("`{key}` must say where the page's address goes: it has no {part}");
        let message = match *part {
            TIMESTAMP => {
                format!("`{key}` must say where the time of the copy goes: it has no {part}")
            }
            _ => message,
        };
        diagnostics.push(given.span(), message);
    } else if made.is_none() {
        let message = format!("`{key}`: {text:?} makes no full address; start with https://");
        diagnostics.push(given.span(), message);
    }
    Some(given.into_inner())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::config::{Config, ConfigError, Diagnostic};

    fn parsed(lines: &str) -> Result<Vec<ArchiveSettings>, String> {
        let text = format!("[[source]]\nname = 'a'\nstart = ['https://a.test/']\n{lines}\n");
        match Config::parse(&text, Path::new("config.toml")) {
            Ok(mut config) => Ok(config.sources.remove(0).fallback),
            Err(ConfigError::Invalid(found)) => Err(found
                .iter()
                .map(Diagnostic::to_string)
                .collect::<Vec<_>>()
                .join("\n")),
            Err(error) => Err(error.to_string()),
        }
    }

    #[test]
    fn wayback_is_built_in_and_off() {
        assert_eq!(parsed("").unwrap(), []);
        let wayback = parsed("fallback = ['wayback']").unwrap().remove(0);
        assert_eq!(wayback.requests_per_second, Some(WAYBACK_RATE));
        let own = "fallback = ['wayback', 'gate']\n[fallback.wayback]\ncdx = 'http://cdx.test/?u={url}'\n\
                   [fallback.gate]\ntimegate = 'http://gate.test/{url}'\nrequests_per_second = 2.0";
        let own = parsed(own).unwrap();
        let ArchiveLookup::Cdx { cdx, page } = &own[0].lookup else {
            panic!("{own:?}");
        };
        assert_eq!(
            (cdx.as_str(), page.as_str()),
            ("http://cdx.test/?u={url}", WAYBACK_PAGE)
        );
        assert_eq!(own[1].requests_per_second, Some(2.0));
    }

    #[test]
    fn what_cannot_be_asked_is_named_with_its_fix() {
        for (lines, expected) in [
            (
                "fallback = ['waybak']",
                "config.toml:4:13: unknown archive `waybak`; did you mean `wayback`?",
            ),
            (
                "fallback = ['city']",
                "any other needs a table [fallback.city]",
            ),
            (
                "[fallback.city]\ncdx = 'https://c.test/{url}'",
                "config.toml:4:11: [fallback.city] needs `cdx` and `page`",
            ),
            (
                "[fallback.city]\ntimegate = 'https://c.test/'",
                "it has no {url}",
            ),
            (
                "[fallback.city]\ncdx = 'https://c.test/{url}'\npage = 'https://c.test/{url}'",
                "it has no {timestamp}",
            ),
            (
                "[fallback.city]\ntimegate = 'c.test/{url}'",
                "makes no full address; start with https://",
            ),
            (
                "[fallback.city]\ntimegate = 'https://c.test/{url}'\nrequests_per_second = 0",
                "must be more than 0",
            ),
            (
                "[fallback.city]\ncdy = 'x'",
                "unknown key `cdy`; did you mean `cdx`?",
            ),
        ] {
            let found = parsed(lines).unwrap_err();
            assert!(found.contains(expected), "{lines}: {found}");
        }
    }

    #[test]
    fn an_address_is_escaped_in_a_query_and_stands_as_it_is_in_a_path() {
        let page = "https://a.test/b?c=1&d=ä";
        let made = |template| {
            ArchiveLookup::address(template, page, "20260102030405")
                .unwrap()
                .to_string()
        };
        assert_eq!(
            made("https://x.test/cdx?url={url}&n=1"),
            "https://x.test/cdx?url=https%3A%2F%2Fa.test%2Fb%3Fc%3D1%26d%3D%C3%A4&n=1"
        );
        assert_eq!(
            made("https://x.test/web/{timestamp}id_/{url}"),
            "https://x.test/web/20260102030405id_/https://a.test/b?c=1&d=%C3%A4"
        );
    }
}
