//! Counts the results of `fetch` and `extract`, for the exit code.

use newsprint::article::Article;
use newsprint::extract::Extraction;
use newsprint::verdict::Verdict;

use super::Exit;
use super::printer::Printer;

/// The result for one page.
#[derive(Debug)]
pub(crate) enum PageResult {
    /// It contains an article.
    Article(Box<Article>),
    /// It was read and contains no article.
    Nothing(Verdict),
    /// It could not be fetched or read.
    Failed {
        /// Why, in one line.
        reason: String,
        /// True if policy forbids the page: robots.txt, a blocked address, a limit.
        refused: bool,
    },
}

impl PageResult {
    /// A failure that is not a refusal.
    pub(crate) fn failed(reason: impl Into<String>) -> PageResult {
        PageResult::Failed {
            reason: reason.into(),
            refused: false,
        }
    }

    /// The failure of a page on which the extractor panicked.
    pub(crate) fn panicked() -> PageResult {
        PageResult::failed("newsprint crashed on this page; please report this bug")
    }

    /// The article, if there is one or if the text of any page was asked for.
    pub(crate) fn of(extraction: Extraction) -> PageResult {
        let Extraction {
            article, verdict, ..
        } = extraction;
        if verdict.is_article() || !article.text.is_empty() {
            PageResult::Article(Box::new(article))
        } else {
            PageResult::Nothing(verdict)
        }
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
        }
    }

    /// Counts a page. Returns its article, or reports on standard error why there is none.
    pub(crate) fn count(
        &mut self,
        name: &str,
        page: PageResult,
        printer: &Printer,
    ) -> Option<Box<Article>> {
        match page {
            PageResult::Article(article) => {
                self.articles += 1;
                return Some(article);
            }
            PageResult::Nothing(verdict) => {
                self.empty += 1;
                printer.error(&format!("{name}: {}", explain(verdict)));
            }
            PageResult::Failed { reason, refused } => {
                self.failed += 1;
                self.refused += u64::from(refused);
                printer.error(&format!("{name}: {reason}"));
            }
        }
        None
    }

    /// The exit code. A page without an article is not a failure if there are several pages.
    pub(crate) fn exit(&self) -> Exit {
        match (self.articles, self.empty, self.failed) {
            (_, _, 0) if self.articles > 0 || self.empty == 0 => Exit::Done,
            (0, _, 0) => Exit::NoArticle,
            (0, 0, _) if !self.several && self.refused > 0 => Exit::Refused,
            (0, 0, _) => Exit::Failed,
            _ => Exit::Partial,
        }
    }
}

/// Why a page that was read contains no article.
fn explain(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Index => {
            "a front or section page, not an article; use --any-kind to print its text anyway"
        }
        Verdict::NotArticle => "contains no article; use --any-kind to print its text anyway",
        Verdict::ConsentWall => "the site answered with a consent wall",
        Verdict::Challenge => "the site answered with a bot check",
        Verdict::Soft404 => "a \"not found\" page with status 200",
        Verdict::PaywallStub => "only the beginning of an article for subscribers",
        Verdict::Empty => "contains no text; scripts may load it in a browser",
        _ => "contains no article",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exit(several: bool, pages: &[&str]) -> Exit {
        let mut tally = Tally::new(several);
        let quiet = Printer::new(true);
        for &page in pages {
            let page = match page {
                "article" => PageResult::Article(Box::default()),
                "nothing" => PageResult::Nothing(Verdict::Index),
                _ => PageResult::Failed {
                    reason: String::new(),
                    refused: page == "refused",
                },
            };
            tally.count("page", page, &quiet);
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
        assert_eq!(exit(true, &["article", "nothing"]), Exit::Done);
        assert_eq!(exit(true, &["article", "failed"]), Exit::Partial);
        assert_eq!(exit(true, &["nothing", "failed"]), Exit::Partial);
        assert_eq!(exit(true, &["nothing", "nothing"]), Exit::NoArticle);
        assert_eq!(exit(true, &["failed", "refused"]), Exit::Failed);
    }
}
