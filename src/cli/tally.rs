//! What became of the inputs of `fetch` and `extract`, and the exit code that follows.

use newsprint::article::Article;
use newsprint::extract::Extraction;
use newsprint::verdict::Verdict;

use super::Exit;
use super::printer::Printer;

/// What became of one page.
#[derive(Debug)]
pub(crate) enum Page {
    /// It holds an article.
    Article(Box<Article>),
    /// It was read, and holds none.
    Nothing(Verdict),
    /// It could not be had.
    Failed {
        /// Why, in one line.
        reason: String,
        /// Our own policy kept us from it.
        refused: bool,
    },
}

impl Page {
    /// A failure that is nobody's policy.
    pub(crate) fn failed(reason: impl Into<String>) -> Page {
        Page::Failed {
            reason: reason.into(),
            refused: false,
        }
    }

    /// A fault of our own on this page.
    pub(crate) fn panicked() -> Page {
        Page::failed("reading the page failed by a fault of newsprint; please report it")
    }

    /// The article, where there is one, or where the text of any page was asked for.
    pub(crate) fn of(extraction: Extraction) -> Page {
        let Extraction {
            article, verdict, ..
        } = extraction;
        if verdict.is_article() || !article.text.is_empty() {
            Page::Article(Box::new(article))
        } else {
            Page::Nothing(verdict)
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
    /// `several`: the inputs may be more than one page, so that a single failure is not all.
    pub(crate) fn new(several: bool) -> Tally {
        Tally {
            several,
            articles: 0,
            empty: 0,
            failed: 0,
            refused: 0,
        }
    }

    /// Counts a page, says on standard error why it brought nothing, or gives its article.
    pub(crate) fn count(
        &mut self,
        name: &str,
        page: Page,
        printer: &Printer,
    ) -> Option<Box<Article>> {
        match page {
            Page::Article(article) => {
                self.articles += 1;
                return Some(article);
            }
            Page::Nothing(verdict) => {
                self.empty += 1;
                printer.error(&format!("{name}: {}", explain(verdict)));
            }
            Page::Failed { reason, refused } => {
                self.failed += 1;
                self.refused += u64::from(refused);
                printer.error(&format!("{name}: {reason}"));
            }
        }
        None
    }

    /// The exit code. Of several pages, one that holds no article is no failure.
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

/// Why a page that was read holds no article.
fn explain(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Index => {
            "a front or section page, not an article; --any-kind prints its text all the same"
        }
        Verdict::NotArticle => "holds no article; --any-kind prints its text all the same",
        Verdict::ConsentWall => "a consent wall stands in place of the page",
        Verdict::Challenge => "a bot check answered in place of the page",
        Verdict::Soft404 => "a `not found` page that answered 200",
        Verdict::PaywallStub => "only the first lines of an article for subscribers",
        Verdict::Empty => "holds no text; perhaps scripts fill the page",
        _ => "holds no article",
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
                "article" => Page::Article(Box::default()),
                "nothing" => Page::Nothing(Verdict::Index),
                _ => Page::Failed {
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
