//! Counts the results of `fetch` and `extract`, for the exit code, and names the pages without an article.

use std::collections::BTreeMap;

use newsprint::article::Article;
use newsprint::extract::Extraction;
use newsprint::fetch::FetchError;
use newsprint::input::{InputError, InputErrorKind};
use newsprint::verdict::{Verdict, VisitOutcome};
use serde::Serialize;
use serde_json::json;

use super::Exit;
use super::printer::Printer;

/// The outcome of what can't be read at all.
const UNREADABLE: &str = "unreadable";

/// The result for one page.
#[derive(Debug)]
pub(crate) enum PageResult {
    /// It contains an article.
    Article(Box<Article>),
    /// It contains none, or could not be fetched or read.
    Missing(Missing),
}

/// Why there is no article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Missing {
    /// The outcome, as in a crawl; `bad_address` and `unreadable` for what never was a visit.
    outcome: &'static str,
    /// Why, in one line.
    reason: String,
    /// The HTTP status.
    status: Option<u16>,
    cause: Cause,
}

/// What a missing article means for the exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cause {
    /// The page was read and contains no article.
    NoArticle,
    /// The page could not be fetched or read.
    Failed,
    /// Policy forbids the page: robots.txt, a blocked address, a limit.
    Refused,
}

/// A line of the report for a page without an article. Records have no `outcome`.
#[derive(Debug, Serialize)]
struct ReportLine<'a> {
    url: Option<&'a str>,
    source: Option<&'a str>,
    outcome: &'a str,
    reason: &'a str,
    status: Option<u16>,
}

/// The names of a page: its address, and where it was read from.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct PageName<'a> {
    pub(crate) url: Option<&'a str>,
    pub(crate) source: Option<&'a str>,
}

impl PageResult {
    /// What a list names is no address.
    pub(crate) fn bad_address(reason: impl Into<String>) -> PageResult {
        PageResult::missing("bad_address", reason, Cause::Failed)
    }

    /// A file can't be read.
    pub(crate) fn unreadable(reason: impl Into<String>) -> PageResult {
        PageResult::missing(UNREADABLE, reason, Cause::Failed)
    }

    /// A file, or a page of an archive, can't be read.
    pub(crate) fn of_input(error: InputError) -> PageResult {
        let (outcome, cause) = match error.kind {
            InputErrorKind::Damaged => ("damaged", Cause::Failed),
            InputErrorKind::TooLarge => (VisitOutcome::TooLarge.name(), Cause::Failed),
            InputErrorKind::NotHtml => (VisitOutcome::NotHtml.name(), Cause::NoArticle),
            _ => (UNREADABLE, Cause::Failed),
        };
        PageResult::missing(outcome, error.reason, cause)
    }

    /// The extractor crashed on a page.
    pub(crate) fn panicked() -> PageResult {
        let reason = "newsprint crashed on this page; please report this bug";
        PageResult::missing(VisitOutcome::Panic.name(), reason, Cause::Failed)
    }

    /// The extractor takes too long on a page.
    pub(crate) fn too_long(reason: impl Into<String>) -> PageResult {
        PageResult::missing(VisitOutcome::Panic.name(), reason, Cause::Failed)
    }

    /// A page can't be fetched.
    pub(crate) fn failed(error: &FetchError) -> PageResult {
        let cause = if error.is_refusal() {
            Cause::Refused
        } else {
            Cause::Failed
        };
        let outcome = VisitOutcome::from(error).name();
        PageResult::missing(outcome, error.kind.to_string(), cause).with_status(error.status())
    }

    /// Something else stands in the page's place.
    pub(crate) fn stand_in(outcome: VisitOutcome, reason: String, status: u16) -> PageResult {
        let was_fetched = (200..300).contains(&status) && outcome != VisitOutcome::Redirects;
        let cause = if was_fetched {
            Cause::NoArticle
        } else {
            Cause::Failed
        };
        PageResult::missing(outcome.name(), reason, cause).with_status(Some(status))
    }

    /// The article, if there is one or if the text of any page was asked for.
    pub(crate) fn of(extraction: Extraction) -> PageResult {
        let Extraction {
            article,
            verdict,
            note,
            ..
        } = extraction;
        if verdict.is_article() || !article.text.is_empty() {
            return PageResult::Article(Box::new(article));
        }
        let reason = note.unwrap_or_else(|| explain(verdict).to_owned());
        let page = PageResult::missing(verdict.name(), reason, Cause::NoArticle);
        page.with_status(article.status)
    }

    fn missing(outcome: &'static str, reason: impl Into<String>, cause: Cause) -> PageResult {
        PageResult::Missing(Missing {
            outcome,
            reason: reason.into(),
            status: None,
            cause,
        })
    }

    fn with_status(self, status: Option<u16>) -> PageResult {
        match self {
            PageResult::Missing(missing) => PageResult::Missing(Missing { status, ..missing }),
            article => article,
        }
    }
}

impl Missing {
    /// The line of the report, with its end.
    pub(crate) fn line(&self, name: PageName<'_>) -> String {
        let line = ReportLine {
            url: name.url,
            source: name.source,
            outcome: self.outcome,
            reason: &self.reason,
            status: self.status,
        };
        // Strings and numbers can't fail to be written.
        serde_json::to_string(&line).unwrap_or_default() + "\n"
    }
}

/// Counts pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Tally {
    several: bool,
    articles: u64,
    empty: u64,
    failed: u64,
    refused: u64,
    /// Pages of archives that were read and hold no article.
    passed: u64,
    /// Those without an article, by outcome.
    missing: BTreeMap<&'static str, u64>,
}

impl Tally {
    /// `several`: there may be more than one page, so that one failure does not decide the exit code.
    pub(crate) fn new(several: bool) -> Tally {
        Tally {
            several,
            articles: 0,
            empty: 0,
            failed: 0,
            refused: 0,
            passed: 0,
            missing: BTreeMap::new(),
        }
    }

    /// Pages with an article.
    pub(crate) fn articles(&self) -> u64 {
        self.articles
    }

    /// Pages without an article, by outcome.
    pub(crate) fn missing(&self) -> &BTreeMap<&'static str, u64> {
        &self.missing
    }

    /// True if something could not be read at all.
    pub(crate) fn is_unreadable(&self) -> bool {
        self.missing.contains_key(UNREADABLE)
    }

    /// Adds what another one counted.
    pub(crate) fn add(&mut self, other: Tally) {
        self.articles += other.articles;
        self.empty += other.empty;
        self.failed += other.failed;
        self.refused += other.refused;
        self.passed += other.passed;
        for (outcome, count) in other.missing {
            *self.missing.entry(outcome).or_default() += count;
        }
    }

    /// Counts a page of an archive, which holds pages of every kind: those that were read and hold no article do
    /// not make the run one that is done in part, and are reported only if they should be named.
    pub(crate) fn count_of_archive(
        &mut self,
        name: &str,
        page: PageResult,
        is_named: bool,
        printer: &Printer,
    ) -> Result<Box<Article>, Missing> {
        match page {
            PageResult::Missing(missing) if missing.cause == Cause::NoArticle => {
                self.passed += 1;
                *self.missing.entry(missing.outcome).or_default() += 1;
                if is_named {
                    printer.error(&format!("{name}: {}", missing.reason));
                }
                Err(missing)
            }
            page => self.count(name, page, printer),
        }
    }

    /// Counts a page. Returns its article, or reports on standard error why there is none.
    pub(crate) fn count(
        &mut self,
        name: &str,
        page: PageResult,
        printer: &Printer,
    ) -> Result<Box<Article>, Missing> {
        let missing = match page {
            PageResult::Article(article) => {
                self.articles += 1;
                tracing::info!(page = name, words = article.word_count, "article");
                return Ok(article);
            }
            PageResult::Missing(missing) => missing,
        };
        match missing.cause {
            Cause::NoArticle => self.empty += 1,
            Cause::Failed => self.failed += 1,
            Cause::Refused => {
                self.failed += 1;
                self.refused += 1;
            }
        }
        *self.missing.entry(missing.outcome).or_default() += 1;
        printer.warning_with(
            &format!("{name}: {}", missing.reason),
            json!({ "page": name, "outcome": missing.outcome, "status": missing.status }),
        );
        Err(missing)
    }

    /// The exit code. Of several pages, each without an article makes the job one that is done in part.
    pub(crate) fn exit(&self) -> Exit {
        match (self.articles, self.empty, self.failed) {
            (_, 0, 0) => Exit::Done,
            (0, 0, _) if !self.several && self.refused > 0 => Exit::Refused,
            (0, 0, _) if self.passed > 0 => Exit::Partial,
            (0, 0, _) => Exit::Failed,
            (0, _, 0) if !self.several => Exit::NoArticle,
            _ => Exit::Partial,
        }
    }
}

/// Why a page that was read contains no article, where the page itself says no more.
fn explain(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Index => {
            "a front or section page, not an article; use --any-kind to print its text anyway"
        }
        _ => "contains no article; use --any-kind to print its text anyway",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn result(page: &str) -> PageResult {
        match page {
            "article" => PageResult::Article(Box::default()),
            "nothing" => PageResult::missing("index", "", Cause::NoArticle),
            "refused" => PageResult::missing("robots", "", Cause::Refused),
            _ => PageResult::bad_address(""),
        }
    }

    fn exit(several: bool, pages: &[&str]) -> Exit {
        let mut tally = Tally::new(several);
        for page in pages {
            let _ = tally.count("page", result(page), &Printer::new(true));
        }
        tally.exit()
    }

    #[test]
    fn one_page_says_what_became_of_it() {
        assert_eq!(exit(false, &["article"]), Exit::Done);
        assert_eq!(exit(false, &["nothing"]), Exit::NoArticle);
        assert_eq!(exit(false, &["refused"]), Exit::Refused);
        assert_eq!(exit(false, &["failed"]), Exit::Failed);
    }

    #[test]
    fn several_pages_are_done_done_in_part_or_not_at_all() {
        assert_eq!(exit(true, &[]), Exit::Done);
        assert_eq!(exit(true, &["article", "article"]), Exit::Done);
        assert_eq!(exit(true, &["article", "nothing"]), Exit::Partial);
        assert_eq!(exit(true, &["article", "failed"]), Exit::Partial);
        assert_eq!(exit(true, &["nothing", "failed"]), Exit::Partial);
        assert_eq!(exit(true, &["nothing", "nothing"]), Exit::Partial);
        assert_eq!(exit(true, &["failed", "refused"]), Exit::Failed);
    }

    #[test]
    fn of_an_archive_damage_alone_makes_the_run_one_that_is_done_in_part() {
        let exit = |pages: &[&str]| {
            let mut tally = Tally::new(true);
            for page in pages {
                let _ = tally.count_of_archive("a", result(page), false, &Printer::new(true));
            }
            tally.exit()
        };
        assert_eq!(exit(&["article", "nothing"]), Exit::Done);
        assert_eq!(exit(&["nothing"]), Exit::Done);
        assert_eq!(exit(&["article", "failed"]), Exit::Partial);
        assert_eq!(exit(&["nothing", "failed"]), Exit::Partial);
        assert_eq!(exit(&["failed"]), Exit::Failed);
    }

    #[test]
    fn a_line_of_the_report_names_the_page_the_outcome_and_the_reason() {
        let page = PageResult::stand_in(VisitOutcome::Challenge, "a \"check\"".to_owned(), 403);
        let PageResult::Missing(missing) = page else {
            panic!("an article");
        };
        let name = PageName {
            url: Some("https://daily.test/1"),
            source: None,
        };
        assert_eq!(
            missing.line(name),
            "{\"url\":\"https://daily.test/1\",\"source\":null,\"outcome\":\"challenge\",\
             \"reason\":\"a \\\"check\\\"\",\"status\":403}\n"
        );
    }
}
