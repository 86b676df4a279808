//! Users' selectors: as written under `[source.select]` and in the files of `dir` in `[rules]`, and
//! validated.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::marker::PhantomData;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use scraper::Selector;
use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use toml::Spanned;

use crate::config::diagnose::Diagnostics;
use crate::config::{ConfigError, Diagnostic};
use crate::selectors::{SelectorKey, SelectorSet, UserSelector};

type Text = Option<Spanned<String>>;
type Texts = Option<Spanned<OneOrMany>>;

/// One table of selectors.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawSelect {
    article: Texts,
    strip: Texts,
    keep: Texts,
    next_page: Texts,
    title: Texts,
    description: Texts,
    authors: Texts,
    published: Texts,
    modified: Texts,
    section: Texts,
    valid_from: Text,
    valid_until: Text,
}

/// A selector, or a list of selectors that are tried in order.
#[derive(Debug)]
enum OneOrMany {
    One(String),
    Many(Vec<Spanned<String>>),
}

impl<'de> Deserialize<'de> for OneOrMany {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Texts;
        impl<'de> Visitor<'de> for Texts {
            type Value = OneOrMany;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a CSS selector, or a list of them")
            }
            fn visit_str<E>(self, text: &str) -> Result<OneOrMany, E> {
                Ok(OneOrMany::One(text.to_owned()))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<OneOrMany, A::Error> {
                let mut texts = Vec::new();
                while let Some(text) = seq.next_element()? {
                    texts.push(text);
                }
                Ok(OneOrMany::Many(texts))
            }
        }
        deserializer.deserialize_any(Texts)
    }
}

/// One `[select]` table, or several `[[select]]`.
#[derive(Debug)]
pub(super) struct Tables<T>(pub(super) Vec<T>);

impl<T> Default for Tables<T> {
    fn default() -> Self {
        Tables(Vec::new())
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Tables<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Several<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Several<T> {
            type Value = Tables<T>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a table, or an array of tables")
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Tables<T>, A::Error> {
                Ok(Tables(vec![T::deserialize(MapAccessDeserializer::new(
                    map,
                ))?]))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Tables<T>, A::Error> {
                let mut tables = Vec::new();
                while let Some(table) = seq.next_element()? {
                    tables.push(table);
                }
                Ok(Tables(tables))
            }
        }
        deserializer.deserialize_any(Several(PhantomData))
    }
}

/// A file in `dir` of `[rules]`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct HostFile {
    #[serde(default)]
    select: Tables<RawSelect>,
}

/// Validates the tables of one source or host.
pub(super) fn sets(raw: Tables<RawSelect>, diagnostics: &mut Diagnostics<'_>) -> Vec<SelectorSet> {
    raw.0.into_iter().map(|it| set(it, diagnostics)).collect()
}

fn set(raw: RawSelect, diagnostics: &mut Diagnostics<'_>) -> SelectorSet {
    let until_place = raw.valid_until.as_ref().map(Spanned::span);
    let valid_from = raw
        .valid_from
        .and_then(|it| day("valid_from", it, diagnostics));
    let valid_until = raw
        .valid_until
        .and_then(|it| day("valid_until", it, diagnostics));
    if let (Some(from), Some(until), Some(place)) = (valid_from, valid_until, until_place)
        && until <= from
    {
        let message = "`valid_until` must be later than `valid_from`: rules apply from the first day \
                       and end before the second";
        diagnostics.push(place, message.to_owned());
    }
    let mut selectors = Vec::new();
    for (key, given) in [
        (SelectorKey::Article, raw.article),
        (SelectorKey::Strip, raw.strip),
        (SelectorKey::Keep, raw.keep),
        (SelectorKey::NextPage, raw.next_page),
        (SelectorKey::Title, raw.title),
        (SelectorKey::Description, raw.description),
        (SelectorKey::Authors, raw.authors),
        (SelectorKey::Published, raw.published),
        (SelectorKey::Modified, raw.modified),
        (SelectorKey::Section, raw.section),
    ] {
        let listed = given.map(listed).unwrap_or_default();
        selectors.extend(
            listed
                .into_iter()
                .filter_map(|it| selector(key, it, diagnostics)),
        );
    }
    SelectorSet {
        selectors,
        valid_from,
        valid_until,
    }
}

fn listed(given: Spanned<OneOrMany>) -> Vec<Spanned<String>> {
    let place = given.span();
    match given.into_inner() {
        OneOrMany::One(text) => vec![Spanned::new(place, text)],
        OneOrMany::Many(texts) => texts,
    }
}

fn selector(
    key: SelectorKey,
    given: Spanned<String>,
    diagnostics: &mut Diagnostics<'_>,
) -> Option<UserSelector> {
    if given.get_ref().is_empty() {
        return None;
    }
    if Selector::parse(given.get_ref()).is_err() {
        let message = format!(
            "`{}`: {:?} is not a valid CSS selector; try it in a browser's inspector \
             (:contains() and XPath are not CSS)",
            key.name(),
            given.get_ref()
        );
        diagnostics.push(given.span(), message);
    }
    Some(UserSelector {
        key,
        place: Arc::from(diagnostics.line_of(given.span())),
        css: given.into_inner(),
    })
}

/// Midnight UTC of a day, in unix milliseconds.
pub(crate) fn day(
    key: &str,
    given: Spanned<String>,
    diagnostics: &mut Diagnostics<'_>,
) -> Option<i64> {
    let date: Option<jiff::civil::Date> = given.get_ref().parse().ok();
    let begins = date.and_then(|date| {
        jiff::tz::TimeZone::UTC
            .to_timestamp(date.at(0, 0, 0, 0))
            .ok()
    });
    if begins.is_none() {
        let message = format!(
            "`{key}` must be a day such as \"2026-03-01\", not {:?}",
            given.get_ref()
        );
        diagnostics.push(given.span(), message);
    }
    begins.map(jiff::Timestamp::as_millisecond)
}

/// Reads every `HOST.toml` of a folder.
pub(super) fn hosts(dir: &Path) -> Result<BTreeMap<String, Vec<SelectorSet>>, ConfigError> {
    let unreadable = |path: &Path, error: std::io::Error| ConfigError::Unreadable {
        path: path.to_owned(),
        reason: format!("{error}; set `dir` in [rules] to the folder of rules by host"),
    };
    let mut paths: Vec<PathBuf> = Vec::new();
    for entry in fs::read_dir(dir).map_err(|error| unreadable(dir, error))? {
        paths.push(entry.map_err(|error| unreadable(dir, error))?.path());
    }
    paths.retain(|path| path.extension().is_some_and(|it| it == "toml") && path.is_file());
    paths.sort();
    let mut hosts = BTreeMap::new();
    let mut diagnostics: Vec<Diagnostic> = Vec::new();
    for path in paths {
        let text = fs::read_to_string(&path).map_err(|error| unreadable(&path, error))?;
        match host(&text, &path) {
            Ok((host, sets)) => drop(hosts.insert(host, sets)),
            Err(found) => diagnostics.extend(found),
        }
    }
    if diagnostics.is_empty() {
        Ok(hosts)
    } else {
        Err(ConfigError::Invalid(diagnostics))
    }
}

/// The host that a file of rules is named after, without `www.`, and the rules in its text.
///
/// # Errors
/// Names every problem with its line and its fix.
pub fn host_rules(text: &str, path: &Path) -> Result<(String, Vec<SelectorSet>), ConfigError> {
    host(text, path).map_err(ConfigError::Invalid)
}

/// The host that a file is named after, and the file's rules.
fn host(text: &str, path: &Path) -> Result<(String, Vec<SelectorSet>), Vec<Diagnostic>> {
    let mut diagnostics = Diagnostics::new(path, text);
    let file = toml::from_str(text).unwrap_or_else(|error| {
        diagnostics.push_toml(&error);
        HostFile::default()
    });
    let stem = path.file_stem().and_then(|it| it.to_str()).unwrap_or("");
    let host = url::Host::parse(stem).ok().map(|host| host.to_string());
    if !host
        .as_deref()
        .is_some_and(|host| host.contains('.') || host == "localhost")
    {
        let message = "the file must be named after a host, such as example.org.toml, which \
                       includes its subdomains";
        diagnostics.push(0..0, message.to_owned());
    }
    let sets = sets(file.select, &mut diagnostics);
    let host = host.unwrap_or_default();
    let host = host.strip_prefix("www.").map(str::to_owned).unwrap_or(host);
    diagnostics.into_diagnostics((host, sets))
}
