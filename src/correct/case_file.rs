//! The case that holds a correction: the page, and what must be in its text, must not be, or is a field. It is run
//! from a temporary folder, as `newsprint rules test` will run it, before it is saved.

use std::fs;
use std::path::{Path, PathBuf};

use toml_edit::{Array, DocumentMut, Table, value};

use super::{CorrectError, Correction};
use crate::config::Config;
use crate::extract::{Extractor, Options};
use crate::page::Input;
use crate::page::decode::decode;
use crate::page::tree::fold_space;
use crate::rulebook::RuleBook;
use crate::rulebook::case::{self, CaseFailure};
use crate::selectors::SelectorKey;
use crate::store::RawPage;

/// Characters of a phrase, at most.
const PHRASE: usize = 100;
/// Characters of a selector in the name of a case.
const SLUG: usize = 40;
/// Cases of one name.
const MOST_NAMES: usize = 1_000;

/// A case as it is written: its file, and the page next to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CaseFiles {
    pub(super) case: (PathBuf, Vec<u8>),
    pub(super) page: (PathBuf, Vec<u8>),
}

impl CaseFiles {
    /// The case of a correction; `with` is the configuration once the correction is written. `None` where no case can
    /// hold it: a page that is an article because a feed names it is none by itself.
    pub(super) fn of(
        correction: &Correction<'_>,
        with: &Config,
    ) -> Result<Option<CaseFiles>, CorrectError> {
        let folder = folder(with, correction.page);
        let name = free_name(&with.rules.tests.join(&folder), correction);
        let page_name = format!("{name}.html");
        let bytes = saved(correction.page);
        let text = text(correction, with, &folder, &page_name, &bytes)?;
        let place = with.rules.tests.join(&folder);
        let files = CaseFiles {
            case: (place.join(format!("{name}.toml")), text.into_bytes()),
            page: (place.join(page_name), bytes),
        };
        let failures = files.run(&folder, with, correction.now)?;
        if failures.is_empty() {
            return Ok(Some(files));
        }
        let is_none = |failures: &[CaseFailure]| {
            failures
                .iter()
                .any(|it| matches!(it, CaseFailure::NoArticle(_)))
        };
        let was_none = is_none(&files.run(&folder, correction.config, correction.now)?);
        if was_none && is_none(&failures) {
            Ok(None)
        } else {
            Err(CorrectError::CaseFails(failures))
        }
    }

    /// Runs the case, read from files like these.
    fn run(
        &self,
        folder: &str,
        config: &Config,
        now: i64,
    ) -> Result<Vec<CaseFailure>, CorrectError> {
        let dir = tempfile::tempdir()
            .map_err(|error| CorrectError::file(Path::new("a temporary folder"), error))?;
        let place = dir.path().join(folder);
        fs::create_dir(&place).map_err(|error| CorrectError::file(&place, error))?;
        for (path, bytes) in [&self.case, &self.page] {
            let path = place.join(path.file_name().unwrap_or_default());
            fs::write(&path, bytes).map_err(|error| CorrectError::file(&path, error))?;
        }
        let book = RuleBook::new(config);
        let cases = case::read(dir.path(), &[])?;
        Ok(cases.iter().flat_map(|it| it.run(&book, now)).collect())
    }
}

/// The folder of a page's cases: its source, where that can be the name of a folder, or its host.
fn folder(config: &Config, page: &RawPage) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | ' ');
    let is_folder = !page.source.starts_with(['.', ' ']) && page.source.chars().all(is_plain);
    if is_folder && config.sources.iter().any(|it| it.name == page.source) {
        return page.source.clone();
    }
    let url = page.parsed_url();
    let host = url
        .as_ref()
        .and_then(|url| url.host_str())
        .unwrap_or("unknown");
    host.strip_prefix("www.").unwrap_or(host).to_owned()
}

/// `strip-p-x9`, with a number where that is taken.
fn free_name(place: &Path, correction: &Correction<'_>) -> String {
    let mut slug = String::from(correction.key.name());
    for part in correction.css.split(|c: char| !c.is_ascii_alphanumeric()) {
        if !part.is_empty() && slug.len() + part.len() < SLUG {
            slug.push('-');
            slug.push_str(&part.to_ascii_lowercase());
        }
    }
    let is_free = |name: &String| {
        ["toml", "html"]
            .iter()
            .all(|end| fs::symlink_metadata(place.join(format!("{name}.{end}"))).is_err())
    };
    let numbered = (2..MOST_NAMES).map(|number| format!("{slug}-{number}"));
    let mut names = std::iter::once(slug.clone()).chain(numbered);
    names.find(is_free).unwrap_or(slug)
}

/// The page as it can be read without its headers: in UTF-8 with a mark, where only they said how it is encoded.
fn saved(page: &RawPage) -> Vec<u8> {
    let url = page.parsed_url();
    let with = decode(&page.bytes, page.content_type.as_deref(), url.as_ref());
    let without = decode(&page.bytes, None, url.as_ref());
    if with.text == without.text {
        return page.bytes.clone();
    }
    format!("\u{feff}{}", with.text).into_bytes()
}

/// The case's file.
fn text(
    correction: &Correction<'_>,
    with: &Config,
    folder: &str,
    page_name: &str,
    bytes: &[u8],
) -> Result<String, CorrectError> {
    let page = correction.page;
    let mut case = DocumentMut::new();
    case.insert("page", value(page_name));
    case.insert("url", value(&page.final_url));
    let day = day_of(page.fetched_at);
    if let Some(day) = &day {
        case.insert("fetched", value(day));
    }
    let phrases = |texts: &[&str]| -> Array { texts.iter().map(|it| phrase(it)).collect() };
    match correction.key {
        SelectorKey::Strip => {
            case.insert("must_not", value(phrases(&[correction.text])));
            if let Some(other) = correction.stays {
                case.insert("must", value(phrases(&[other])));
            }
        }
        SelectorKey::Keep | SelectorKey::Article => {
            case.insert("must", value(phrases(&[correction.text])));
        }
        key => {
            let found = field(correction, with, folder, bytes)?;
            let mut fields = Table::new();
            fields.insert(key.name(), value(found));
            case.insert("fields", toml_edit::Item::Table(fields));
        }
    }
    Ok(case.to_string())
}

/// The value that a field has by the selector.
fn field(
    correction: &Correction<'_>,
    with: &Config,
    folder: &str,
    bytes: &[u8],
) -> Result<toml_edit::Value, CorrectError> {
    let url = correction.page.parsed_url();
    let midnight = day_of(correction.page.fetched_at).and_then(|day| {
        let day: jiff::civil::Date = day.parse().ok()?;
        let begins = jiff::tz::TimeZone::UTC
            .to_timestamp(day.at(0, 0, 0, 0))
            .ok()?;
        Some(begins.as_millisecond())
    });
    let book = RuleBook::new(with);
    let source = book.has_source(folder).then_some(folder);
    let rules = book.for_page(source, url.as_ref(), midnight.unwrap_or(correction.now));
    let input = Input::new(bytes)
        .with_url(url.as_ref())
        .with_fetched_at(midnight);
    let explanation = Extractor::new(Options::default()).explain(&input, &rules);
    let name = correction.key.name();
    let by = format!("selector {} ", correction.css);
    let explained = explanation.fields.iter().find(|it| it.field == name);
    // What was made of several values has no single source.
    let is_found = explained.is_some_and(|it| {
        it.value.is_some()
            && it
                .source
                .as_ref()
                .is_none_or(|source| source.starts_with(&by))
    });
    let record = serde_json::to_value(&explanation.extraction.article).unwrap_or_default();
    let found = record.get(name).cloned().unwrap_or_default();
    let failure = || CaseFailure::Field {
        name: name.to_owned(),
        expected: correction.text.into(),
        found: found.clone(),
    };
    let as_toml = match &found {
        serde_json::Value::String(text) => Some(text.as_str().into()),
        serde_json::Value::Array(all) => {
            let texts: Array = all.iter().filter_map(|it| it.as_str()).collect();
            Some(texts.into())
        }
        _ => None,
    };
    let as_toml = as_toml.filter(|_| is_found);
    as_toml.ok_or_else(|| CorrectError::CaseFails(vec![failure()]))
}

fn day_of(millis: i64) -> Option<String> {
    let at = jiff::Timestamp::from_millisecond(millis).ok()?;
    Some(jiff::tz::TimeZone::UTC.to_datetime(at).date().to_string())
}

/// The beginning of a block, up to the end of a word.
fn phrase(text: &str) -> String {
    let text = fold_space(text);
    let Some((end, _)) = text.char_indices().nth(PHRASE) else {
        return text;
    };
    let start = &text[..end];
    match start.rsplit_once(' ') {
        Some((words, _)) => words.to_owned(),
        None => start.to_owned(),
    }
}
