//! Cases that rules must pass: a page, phrases that its text must and must not hold, and fields.
//! They lie in `[rules] tests`, a folder a source or host, a file a case, and run offline.

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

/// Larger files are no pages.
const MAX_BYTES: u64 = 20 << 20;

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawCase {
    /// A page beside the case.
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
    /// The file's name without its end.
    pub name: String,
    html: Vec<u8>,
    url: Option<Url>,
    fetched_at: Option<i64>,
    must: Vec<String>,
    must_not: Vec<String>,
    fields: BTreeMap<String, Value>,
}

/// What a case finds wrong.
#[derive(Debug, Clone)]
pub enum CaseFailure {
    /// The page is taken for no article.
    NoArticle(Verdict),
    /// A phrase is not in the text.
    Missing {
        /// The phrase.
        phrase: String,
        /// The dropped block that holds it, if one does.
        dropped: Option<ExplainedBlock>,
    },
    /// A phrase is in the text that must not be.
    Present {
        /// The phrase.
        phrase: String,
        /// The kept block that holds it.
        kept: Option<ExplainedBlock>,
    },
    /// A field says something else.
    Field {
        /// The field of the record.
        name: String,
        /// What it must say.
        expected: Value,
        /// What it says.
        found: Value,
    },
}

/// Reads every case of a folder; `names` chooses sources and hosts, all where it is empty.
///
/// # Errors
/// Names every fault with its file, line and mend.
pub fn read(dir: &Path, names: &[String]) -> Result<Vec<Case>, ConfigError> {
    let mut cases = Vec::new();
    let mut faults = Vec::new();
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
                    Err(found) => faults.extend(found),
                }
            }
        }
    }
    if faults.is_empty() {
        Ok(cases)
    } else {
        Err(ConfigError::Invalid(faults))
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
        reason: format!("{error}; `tests` in [rules] names the folder of cases"),
    }
}

fn file_name(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}

fn case(of: &str, path: &Path, text: &str) -> Result<Case, Vec<crate::config::Diagnostic>> {
    let mut faults = Diagnostics::new(path, text);
    let raw: RawCase = toml::from_str(text).unwrap_or_else(|error| {
        faults.push_toml(&error);
        RawCase {
            html: Some(Spanned::new(0..0, String::new())),
            must: vec![String::new()],
            ..RawCase::default()
        }
    });
    if raw.must.is_empty() && raw.must_not.is_empty() && raw.fields.is_empty() {
        let message = "a case needs `must`, `must_not` or [fields]: what to look for";
        faults.push(0..0, message.to_owned());
    }
    let mut case = Case {
        folder: of.to_owned(),
        name: path
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned(),
        html: Vec::new(),
        url: raw.url.and_then(|url| address(&url, &mut faults)),
        fetched_at: raw
            .fetched
            .and_then(|day| crate::config::day("fetched", day, &mut faults)),
        must: raw.must.iter().map(|it| fold_space(it)).collect(),
        must_not: raw.must_not.iter().map(|it| fold_space(it)).collect(),
        fields: fields(raw.fields, &mut faults),
    };
    match (raw.page, raw.html) {
        (None, Some(html)) => case.html = html.into_inner().into_bytes(),
        (Some(page), None) => case.take_page(path, &page, &mut faults),
        _ => faults.push(
            0..0,
            "a case needs `page`, a file beside it, or `html`".to_owned(),
        ),
    }
    faults.into_faults(case)
}

fn address(given: &Spanned<String>, faults: &mut Diagnostics<'_>) -> Option<Url> {
    let url = Url::parse(given.get_ref()).ok();
    if url.is_none() {
        let message = format!("`url`: {:?} is no web address", given.get_ref());
        faults.push(given.span(), message);
    }
    url
}

/// Fields are those of the record.
fn fields(
    given: BTreeMap<Spanned<String>, toml::Value>,
    faults: &mut Diagnostics<'_>,
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
            faults.push(name.span(), message);
        }
        let value = match value {
            // TOML has days of its own.
            toml::Value::Datetime(day) => Value::from(day.to_string()),
            value => serde_json::to_value(value).unwrap_or_default(),
        };
        fields.insert(name.into_inner(), value);
    }
    fields
}

impl Case {
    fn take_page(&mut self, case: &Path, page: &Spanned<PathBuf>, faults: &mut Diagnostics<'_>) {
        let path = case.with_file_name(page.get_ref());
        match input::pages(vec![path], MAX_BYTES).next() {
            Some(Ok(page)) => {
                self.url = self.url.take().or(page.url);
                self.html = page.bytes;
            }
            Some(Err(error)) => faults.push(page.span(), format!("`page`: {}", error.reason)),
            None => faults.push(page.span(), "`page` holds no page".to_owned()),
        }
    }

    /// Runs the case; what it returns is what is wrong. A page without a day falls under the rules
    /// of `now`.
    pub fn run(&self, book: &RuleBook, now: i64) -> Vec<CaseFailure> {
        let at_host = || Url::parse(&format!("https://{}/", self.folder)).ok();
        // Without an address the host's rules hold all the same.
        let place = self.url.clone().or_else(at_host);
        let source = book
            .has_source(&self.folder)
            .then_some(self.folder.as_str());
        let rules = book.for_page(source, place.as_ref(), self.fetched_at.unwrap_or(now));
        let input = Input::new(&self.html).with_url(self.url.as_ref());
        let explanation = Extractor::new(Options::default()).explain(&input, &rules);
        let mut faults = Vec::new();
        if !explanation.extraction.verdict.is_article() {
            faults.push(CaseFailure::NoArticle(explanation.extraction.verdict));
        }
        faults.extend(self.look_for_phrases(&explanation));
        faults.extend(self.compare_fields(&explanation.extraction.article));
        faults
    }

    fn look_for_phrases(&self, explanation: &Explanation) -> Vec<CaseFailure> {
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

    fn compare_fields(&self, article: &Article) -> Vec<CaseFailure> {
        let record = serde_json::to_value(article).unwrap_or_default();
        let wrong = self.fields.iter().filter_map(|(name, expected)| {
            let found = record.get(name).cloned().unwrap_or_default();
            (!agrees(expected, &found)).then(|| CaseFailure::Field {
                name: name.clone(),
                expected: expected.clone(),
                found,
            })
        });
        wrong.collect()
    }
}

/// A day agrees with any time of it.
fn agrees(expected: &Value, found: &Value) -> bool {
    let is_day = |text: &str| text.len() == 10 && text.as_bytes()[4] == b'-';
    match (expected.as_str(), found.as_str()) {
        (Some(day), Some(time)) if is_day(day) => time.starts_with(day),
        _ => expected == found,
    }
}
