//! Why a correction is not made, or not taken back.

use std::io;
use std::path::{Path, PathBuf};

use crate::config::ConfigError;
use crate::crawl::CrawlError;
use crate::files::Refusal;
use crate::rulebook::case::CaseFailure;

/// A correction could not be measured, written or taken back.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CorrectError {
    /// The configuration reads no rules by host.
    #[error("[rules] has dir = \"\", so that rules by host are not read; name a folder there")]
    NoFolder,
    /// The page's address has no host that rules could be named after.
    #[error(
        "{0:?} is no host that a file of rules can be named after; write the selector under [source.select]"
    )]
    NoHost(String),
    /// The selector stands in the file already.
    #[error("{} has the selector already; it has no effect on this block, try another", path.display())]
    AlreadyThere {
        /// The file of rules.
        path: PathBuf,
    },
    /// The file of rules is no TOML, or its `select` is no table.
    #[error("{} cannot be changed: {reason}; correct it by hand first", path.display())]
    NotRules {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The rules or the configuration would not be valid.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The page, saved as a case, does not come out as it should.
    #[error("the selector does not do on this page what it is meant to: {}", failure_words(.0))]
    CaseFails(Vec<CaseFailure>),
    /// A file can't be read or written.
    #[error("cannot write {}: {reason}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        reason: io::Error,
    },
    /// A file was changed since the correction, which can't be taken back without losing that change.
    #[error("{} was changed since; take the selector out of it by hand", path.display())]
    Changed {
        /// The file.
        path: PathBuf,
    },
    /// What a selector would change can't be found out.
    #[error(transparent)]
    Crawl(#[from] CrawlError),
}

impl CorrectError {
    /// A file that can't be written, and why.
    pub(super) fn file(path: &Path, reason: impl Into<io::Error>) -> CorrectError {
        CorrectError::File {
            path: path.to_owned(),
            reason: reason.into(),
        }
    }

    /// A link where only a file of our own may stand.
    pub(super) fn link(path: &Path) -> CorrectError {
        CorrectError::file(path, Refusal::Link)
    }
}

fn failure_words(failures: &[CaseFailure]) -> String {
    let words = failures.iter().map(|failure| match failure {
        CaseFailure::NoArticle(verdict) => format!("the page is no article ({})", verdict.name()),
        CaseFailure::Missing { phrase, .. } => format!("{phrase:?} is not in the text"),
        CaseFailure::Present { phrase, .. } => format!("{phrase:?} is still in the text"),
        CaseFailure::Field { name, found, .. } => format!("`{name}` is {found}"),
    });
    words.collect::<Vec<_>>().join("; ")
}
