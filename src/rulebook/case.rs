//! Test cases for rules: a page, phrases that its text must and must not contain, and expected fields.
//! They are in the folder `tests` of `[rules]`, with a folder for each source or host and a file for each
//! case, and run offline.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::Value;
use toml::Spanned;
use url::Url;

use crate::article::Article;
use crate::config::{ConfigError, Diagnostics, closest};
use crate::extract::explain::{ExplainedBlock, Explanation};
use crate::extract::{Extractor, Options};
use crate::input;
use crate::page::Input;
use crate::page::tree::fold_space;
use crate::rulebook::RuleBook;
use crate::verdict::Verdict;

/// Larger files are refused.
const MAX_BYTES: u64 = 20 << 20;

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawCase {
    /// A page in the same folder as the case.
    page: Option<Spanned<PathBuf>>,
    /// The page itself.
    html: Option<Spanned<String>>,
    url: Option<Spanned<String>>,
    fetched: Option<Spanned<String>>,
    #[serde(default)]
    must: Vec<String>,
    #[serde(default)]
    must_not: Vec<String>,
    #[serde(default)]
    fields: BTreeMap<Spanned<String>, toml::Value>,
}

/// One case, ready to run.
#[derive(Debug, Clone)]
pub struct Case {
    /// The folder's name: a source or a host.
    pub folder: String,
    /// The file's name without its extension.
    pub name: String,
    html: Vec<u8>,
    url: Option<Url>,
    fetched_at: Option<i64>,
    must: Vec<String>,
    must_not: Vec<String>,
    fields: BTreeMap<String, Value>,
}

/// Why a case fails.
#[derive(Debug, Clone)]
pub enum CaseFailure {
    /// The page is not an article.
    NoArticle(Verdict),
    /// A required phrase is not in the text.
    Missing {
        /// The phrase.
        phrase: String,
        /// The dropped block that contains it, if any.
        dropped: Option<ExplainedBlock>,
    },
    /// A forbidden phrase is in the text.
    Present {
        /// The phrase.
        phrase: String,
        /// The kept block that contains it.
        kept: Option<ExplainedBlock>,
    },
    /// A field has another value.
    Field {
        /// The field of the record.
        name: String,
        /// The expected value.
        expected: Value,
        /// The value found.
        found: Value,
    },
}

/// Reads every case in a folder; `names` selects sources and hosts, or all if it is empty.
///
/// # Errors
/// Names every problem with its file, line and fix.
pub fn read(dir: &Path, names: &[String]) -> Result<Vec<Case>, ConfigError> {
    let mut cases = Vec::new();
    let mut diagnostics = Vec::new();
    for folder in entries(dir)?.into_iter().filter(|it| it.is_dir()) {
        let of = file_name(&folder);
        if !names.is_empty() && !names.contains(&of) {
            continue;
        }
        for path in entries(&folder)? {
            if path.extension().is_some_and(|it| it == "toml") {
                let text = fs::read_to_string(&path).map_err(|error| unreadable(&path, &error))?;
                match case(&of, &path, &text) {
                    Ok(case) => cases.push(case),
                    Err(found) => diagnostics.extend(found),
                }
            }
        }
    }
    if diagnostics.is_empty() {
        Ok(cases)
    } else {
        Err(ConfigError::Invalid(diagnostics))
    }
}

fn entries(dir: &Path) -> Result<Vec<PathBuf>, ConfigError> {
    let read = fs::read_dir(dir).map_err(|error| unreadable(dir, &error))?;
    let mut paths: Vec<PathBuf> = read.filter_map(|it| Some(it.ok()?.path())).collect();
    paths.sort();
    Ok(paths)
}

fn unreadable(path: &Path, error: &std::io::Error) -> ConfigError {
    ConfigError::Unreadable {
        path: path.to_owned(),
        reason: format!("{error}; set `tests` in [rules] to the folder of cases"),
    }
}

fn file_name(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}

fn case(of: &str, path: &Path, text: &str) -> Result<Case, Vec<crate::config::Diagnostic>> {
    let mut diagnostics = Diagnostics::new(path, text);
    let raw: RawCase = toml::from_str(text).unwrap_or_else(|error| {
        diagnostics.push_toml(&error);
        RawCase {
            html: Some(Spanned::new(0..0, String::new())),
            must: vec![String::new()],
            ..RawCase::default()
        }
    });
    if raw.must.is_empty() && raw.must_not.is_empty() && raw.fields.is_empty() {
        let message = "a case needs `must`, `must_not` or [fields]";
        diagnostics.push(0..0, message.to_owned());
    }
    let mut case = Case {
        folder: of.to_owned(),
        name: path
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned(),
        html: Vec::new(),
        url: raw.url.and_then(|url| address(&url, &mut diagnostics)),
        fetched_at: raw
            .fetched
            .and_then(|day| crate::config::day("fetched", day, &mut diagnostics)),
        must: raw.must.iter().map(|it| fold_space(it)).collect(),
        must_not: raw.must_not.iter().map(|it| fold_space(it)).collect(),
        fields: fields(raw.fields, &mut diagnostics),
    };
    match (raw.page, raw.html) {
        (None, Some(html)) => case.html = html.into_inner().into_bytes(),
        (Some(page), None) => case.take_page(path, &page, &mut diagnostics),
        _ => diagnostics.push(
            0..0,
            "a case needs `page`, a file in the same folder, or `html`".to_owned(),
        ),
    }
    diagnostics.into_diagnostics(case)
}

fn address(given: &Spanned<String>, diagnostics: &mut Diagnostics<'_>) -> Option<Url> {
    let url = Url::parse(given.get_ref()).ok();
    if url.is_none() {
        let message = format!(
            "`url`: {:?} is not a full address; start with https://",
            given.get_ref()
        );
        diagnostics.push(given.span(), message);
    }
    url
}

/// Fields are named as in the record.
fn fields(
    given: BTreeMap<Spanned<String>, toml::Value>,
    diagnostics: &mut Diagnostics<'_>,
) -> BTreeMap<String, Value> {
    let record = serde_json::to_value(Article::default()).unwrap_or_default();
    let known: Vec<&str> = record
        .as_object()
        .into_iter()
        .flat_map(|it| it.keys())
        .map(String::as_str)
        .collect();
    let mut fields = BTreeMap::new();
    for (name, value) in given {
        if !known.contains(&name.get_ref().as_str()) {
            let meant = closest(name.get_ref(), &known);
            let meant = meant.map_or(String::new(), |it| format!("; did you mean `{it}`?"));
            let message = format!("the record has no field `{}`{meant}", name.get_ref());
            diagnostics.push(name.span(), message);
        }
        let value = match value {
            // TOML has a type of its own for dates.
            toml::Value::Datetime(day) => Value::from(day.to_string()),
            value => serde_json::to_value(value).unwrap_or_default(),
        };
        fields.insert(name.into_inner(), value);
    }
    fields
}

impl Case {
    fn take_page(
        &mut self,
        case: &Path,
        page: &Spanned<PathBuf>,
        diagnostics: &mut Diagnostics<'_>,
    ) {
        let path = case.with_file_name(page.get_ref());
        match input::pages(vec![path], MAX_BYTES).next() {
            Some(Ok(page)) => {
                self.url = self.url.take().or(page.url);
                self.html = page.bytes;
            }
            Some(Err(error)) => diagnostics.push(page.span(), format!("`page`: {}", error.reason)),
            None => diagnostics.push(page.span(), "`page`: the file contains no page".to_owned()),
        }
    }

    /// Runs the case and returns its failures. Without a date, the rules of `now` apply.
    pub fn run(&self, book: &RuleBook, now: i64) -> Vec<CaseFailure> {
        let at_host = || Url::parse(&format!("https://{}/", self.folder)).ok();
        // Without an address, the host's rules still apply.
        let place = self.url.clone().or_else(at_host);
        let source = book
            .has_source(&self.folder)
            .then_some(self.folder.as_str());
        let rules = book.for_page(source, place.as_ref(), self.fetched_at.unwrap_or(now));
        let input = Input::new(&self.html)
            .with_url(self.url.as_ref())
            .with_fetched_at(self.fetched_at);
        let explanation = Extractor::new(Options::default()).explain(&input, &rules);
        let mut failures = Vec::new();
        if !explanation.extraction.verdict.is_article() {
            failures.push(CaseFailure::NoArticle(explanation.extraction.verdict));
        }
        failures.extend(self.check_phrases(&explanation));
        failures.extend(self.check_fields(&explanation.extraction.article));
        failures
    }

    fn check_phrases(&self, explanation: &Explanation) -> Vec<CaseFailure> {
        let text = fold_space(&explanation.extraction.article.text);
        let holder = |phrase: &str, kept: bool| {
            let mut blocks = explanation.blocks.iter().filter(|it| it.kept == kept);
            blocks
                .find(|it| fold_space(&it.text).contains(phrase))
                .cloned()
        };
        let missing = self.must.iter().filter(|it| !text.contains(it.as_str()));
        let missing = missing.map(|phrase| CaseFailure::Missing {
            phrase: phrase.clone(),
            dropped: holder(phrase, false),
        });
        let present = self.must_not.iter().filter(|it| text.contains(it.as_str()));
        let present = present.map(|phrase| CaseFailure::Present {
            phrase: phrase.clone(),
            kept: holder(phrase, true),
        });
        missing.chain(present).collect()
    }

    fn check_fields(&self, article: &Article) -> Vec<CaseFailure> {
        let record = serde_json::to_value(article).unwrap_or_default();
        let wrong = self.fields.iter().filter_map(|(name, expected)| {
            let found = record.get(name).cloned().unwrap_or_default();
            (!equals(expected, &found)).then(|| CaseFailure::Field {
                name: name.clone(),
                expected: expected.clone(),
                found,
            })
        });
        wrong.collect()
    }
}

/// A day equals any time on that day.
fn equals(expected: &Value, found: &Value) -> bool {
    let is_day = |text: &str| text.len() == 10 && text.as_bytes()[4] == b'-';
    match (expected.as_str(), found.as_str()) {
        (Some(day), Some(time)) if is_day(day) => time.starts_with(day),
        _ => expected == found,
    }
}
