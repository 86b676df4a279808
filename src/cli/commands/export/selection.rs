//! Which articles `export` prints beyond what the store selects: by the date of publication, by what their sites allow, and
//! all revisions instead of the newest.

use anyhow::Result;
use newsprint::article::Article;
use newsprint::rights::Required;
use newsprint::store::{Filter, Store};

use crate::cli::args::ExportArgs;
use crate::cli::counts::counted;
use crate::cli::exit::UsageError;
use crate::cli::times;

/// A period: from its beginning until before its end.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Period {
    since: Option<i64>,
    until: Option<i64>,
}

impl Period {
    /// The period between two arguments of these names.
    fn of(since: Option<i64>, until: Option<i64>, names: [&str; 2]) -> Result<Period, UsageError> {
        if let (Some(begin), Some(end)) = (since, until)
            && begin >= end
        {
            let [since, until] = names;
            return Err(UsageError(format!(
                "{since} is not before {until}, so that nothing lies between them; exchange or correct them"
            )));
        }
        Ok(Period { since, until })
    }

    fn contains(self, at: i64) -> bool {
        self.since.is_none_or(|since| at >= since) && self.until.is_none_or(|until| at < until)
    }

    fn is_bounded(self) -> bool {
        self.since.is_some() || self.until.is_some()
    }
}

/// What is printed, and how much was.
#[derive(Debug)]
pub(super) struct Selection {
    fetched: Period,
    published: Period,
    sources: Vec<String>,
    all_revisions: bool,
    required: Required,
    is_required: bool,
    printed: u64,
    undated: u64,
}

impl Selection {
    /// What the arguments select.
    pub(super) fn of(
        args: &ExportArgs,
        user_agent: &str,
        now: i64,
    ) -> Result<Selection, UsageError> {
        let millis = |time: Option<times::TimeArg>| time.map(|it| it.millis(now));
        Ok(Selection {
            fetched: Period::of(
                millis(args.since),
                millis(args.until),
                ["--since", "--until"],
            )?,
            published: Period::of(
                millis(args.published_since),
                millis(args.published_until),
                ["--published-since", "--published-until"],
            )?,
            sources: args.sources.clone(),
            all_revisions: args.revisions,
            required: Required::new(&args.require, user_agent),
            is_required: !args.require.is_empty(),
            printed: 0,
            undated: 0,
        })
    }

    /// What the store selects of it. An article whose newest revision is too new may have one that is not.
    pub(super) fn filter(&self) -> Filter {
        Filter {
            since: self.fetched.since,
            until: self.fetched.until.filter(|_| !self.all_revisions),
            sources: self.sources.clone(),
            ..Filter::default()
        }
    }

    /// The revisions to print of an article.
    pub(super) async fn revisions(
        &mut self,
        store: &dyn Store,
        newest: Article,
    ) -> Result<Vec<Article>> {
        let mut revisions = if self.all_revisions && newest.revision > 1 {
            store.revisions(&newest.id).await?
        } else {
            vec![newest]
        };
        revisions.retain(|it| self.takes(it));
        Ok(revisions)
    }

    /// True if the article is to be printed, which is counted.
    pub(super) fn takes(&mut self, article: &Article) -> bool {
        let fetched = article.fetched_at.as_deref().and_then(times::millis);
        if self.all_revisions && !fetched.is_none_or(|at| self.fetched.contains(at)) {
            return false;
        }
        let is_taken = match article.published.as_deref().and_then(times::stated) {
            _ if !self.published.is_bounded() => true,
            Some(at) => self.published.contains(at),
            None => {
                self.undated += 1;
                false
            }
        };
        let is_taken = is_taken && self.required.allow(&article.rights);
        self.printed += u64::from(is_taken);
        is_taken
    }

    /// What is worth knowing afterwards.
    pub(super) fn notes(&self) -> String {
        let mut notes = String::new();
        if self.undated > 0 {
            let (articles, verb) = (
                counted(self.undated, "article"),
                if self.undated == 1 { "states" } else { "state" },
            );
            notes = format!("{articles} {verb} no date of publication, left out\n");
        }
        let left_out = self.required.left_out();
        if !left_out.is_empty() {
            let all = left_out.iter().map(|(_, count)| count).sum();
            let by = left_out
                .iter()
                .map(|(statement, count)| format!("{} {count}", statement.name()));
            let by: Vec<String> = by.collect();
            let (all, by) = (counted(all, "article"), by.join(", "));
            notes.push_str(&format!("{all} left out by opt-outs: {by}\n"));
        }
        let flags = [
            (self.fetched.since.is_some(), "--since"),
            (self.fetched.until.is_some(), "--until"),
            (self.published.since.is_some(), "--published-since"),
            (self.published.until.is_some(), "--published-until"),
            (!self.sources.is_empty(), "--source"),
            (self.is_required, "--require"),
        ];
        let given: Vec<&str> = flags
            .iter()
            .filter(|(is_given, _)| *is_given)
            .map(|(_, flag)| *flag)
            .collect();
        if self.printed == 0 {
            let why = match given[..] {
                [] => "the store has no articles".to_owned(),
                _ => format!("no article of the store matches {}", given.join(" ")),
            };
            notes = format!("{notes}nothing exported: {why}\n");
        }
        notes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn selection(published: [&str; 2]) -> Selection {
        let millis = |day: &str| times::stated(day);
        let [since, until] = published.map(millis);
        Selection {
            fetched: Period::default(),
            published: Period { since, until },
            sources: Vec::new(),
            all_revisions: false,
            required: Required::default(),
            is_required: false,
            printed: 0,
            undated: 0,
        }
    }

    fn published(date: &str) -> Article {
        Article {
            published: Some(date.to_owned()).filter(|it| !it.is_empty()),
            ..Article::default()
        }
    }

    #[test]
    fn a_period_holds_its_beginning_and_not_its_end() {
        let mut selection = selection(["2026-11-01", "2026-12-01"]);
        for (date, expected) in [
            ("2026-11-01", true),
            ("2026-11-01T00:30:00+01:00", false),
            ("2026-11-30T23:59:59", true),
            ("2026-12-01T00:59:00+01:00", true),
            ("2026-12-01", false),
            ("", false),
        ] {
            assert_eq!(selection.takes(&published(date)), expected, "{date}");
        }
        let notes = "1 article states no date of publication, left out\n";
        assert_eq!(selection.notes(), notes);
    }

    #[test]
    fn an_empty_range_is_reported_with_the_flags_that_made_it() {
        let mut selection = selection(["2026-11-01", ""]);
        assert!(!selection.takes(&published("2026-10-01")));
        let notes = "nothing exported: no article of the store matches --published-since\n";
        assert_eq!(selection.notes(), notes);
        let error = Period::of(Some(2), Some(2), ["--since", "--until"]).unwrap_err();
        assert!(
            error
                .to_string()
                .starts_with("--since is not before --until")
        );
    }
}
