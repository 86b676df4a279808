//! What sites state about the use of their pages, and which of it binds a crawl with a purpose. Text in, a
//! decision out; no network. What each statement means stands in one place: [`STATEMENTS`], which
//! `docs/rights.md` explains.

mod fields;
pub mod rsl;
mod scan;
mod statements;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fmt;

use crate::article::Rights;

pub use statements::{Row, STATEMENTS, Statement};

/// What a crawl, or an export, is for: the key `purpose` of `[rights]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum Purpose {
    /// To keep texts, to read and to study them.
    #[default]
    Archive,
    /// To find pages and lead people to them, with short excerpts.
    Search,
    /// To be read by a model while it answers: retrieval, summaries.
    AiInput,
    /// To train or to tune a model.
    AiTrain,
}

impl Purpose {
    /// Every purpose, in the order of the documentation.
    pub const ALL: [Purpose; 4] = [
        Purpose::Archive,
        Purpose::Search,
        Purpose::AiInput,
        Purpose::AiTrain,
    ];

    /// The name in `config.toml` and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Purpose::Archive => "archive",
            Purpose::Search => "search",
            Purpose::AiInput => "ai-input",
            Purpose::AiTrain => "ai-train",
        }
    }

    /// The purpose of that name, if there is one.
    pub fn from_name(name: &str) -> Option<Purpose> {
        Purpose::ALL.into_iter().find(|it| it.name() == name)
    }
}

/// Statements of a site that apply to a page and stand outside of its markup: in robots.txt and headers, and in
/// the licence files that these and the page name. Each is in the form of the record's field of that name.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Signals {
    /// `Content-Signal`.
    pub content_signal: Option<String>,
    /// `Content-Usage` (AIPREF).
    pub content_usage: Option<String>,
    /// The terms of RSL licences, as [`rsl::Licences`] writes them.
    pub rsl: Option<String>,
}

impl Signals {
    /// Both together: all that either states holds.
    #[must_use]
    pub fn and(self, other: Signals) -> Signals {
        Signals {
            content_signal: joined(self.content_signal, other.content_signal),
            content_usage: joined(self.content_usage, other.content_usage),
            rsl: joined(self.rsl, other.rsl),
        }
    }
}

/// Two statements of one kind, the first one first; what both say is said once.
pub fn joined(one: Option<String>, other: Option<String>) -> Option<String> {
    match (one, other) {
        (Some(one), Some(other)) if one == other => Some(one),
        (Some(one), Some(other)) => Some(format!("{one}, {other}")),
        (one, other) => one.or(other),
    }
}

/// For whom opt-outs are read: the purpose, and the product token by which a site may address the crawler.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reader {
    /// What the pages are for.
    pub purpose: Purpose,
    /// `newsprint` of `newsprint/0.1 (+https://…)`; empty for nobody in particular.
    pub token: String,
}

impl Reader {
    /// A reader with this purpose that names itself so in its `User-Agent` header.
    pub fn new(purpose: Purpose, user_agent: &str) -> Reader {
        Reader {
            purpose,
            token: product_token(user_agent).to_owned(),
        }
    }

    /// The first statement of a page that forbids the purpose, if one does.
    pub fn forbidden_by(&self, rights: &Rights) -> Option<OptOut> {
        let stated = fields::Stated::of(rights, &self.token);
        let binding = STATEMENTS
            .iter()
            .filter(|row| row.binds.contains(&self.purpose));
        let mut holding =
            binding.filter(|row| stated.says(row.statement) && !stated.lifts(row, self.purpose));
        holding.next().map(|row| OptOut {
            statement: row.statement,
            purpose: self.purpose,
        })
    }

    /// True where a reservation of text and data mining forbids the purpose: then a site is asked for its file of
    /// them, and not where the answer changes nothing.
    pub fn asks_for_reservations(&self) -> bool {
        let mut rows = STATEMENTS.iter();
        rows.any(|row| row.statement == Statement::Tdm && row.binds.contains(&self.purpose))
    }
}

/// The purposes that an export is for, and what was left out since its site forbids one of them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Required {
    readers: Vec<Reader>,
    left_out: BTreeMap<Statement, u64>,
}

impl Required {
    /// All of these purposes, each once, for a crawler that names itself so; none forbids nothing.
    pub fn new(purposes: &[Purpose], user_agent: &str) -> Required {
        let mut readers: Vec<Reader> = Vec::new();
        for purpose in purposes {
            if readers.iter().all(|it| it.purpose != *purpose) {
                readers.push(Reader::new(*purpose, user_agent));
            }
        }
        Required {
            readers,
            left_out: BTreeMap::new(),
        }
    }

    /// True where nothing that is stated forbids any of the purposes; otherwise the article is counted as left out.
    pub fn allow(&mut self, rights: &Rights) -> bool {
        let mut readers = self.readers.iter();
        match readers.find_map(|it| it.forbidden_by(rights)) {
            Some(opt_out) => {
                *self.left_out.entry(opt_out.statement).or_default() += 1;
                false
            }
            None => true,
        }
    }

    /// How many were left out by which statement, those that stopped most first.
    pub fn left_out(&self) -> Vec<(Statement, u64)> {
        let mut counts: Vec<_> = self
            .left_out
            .iter()
            .map(|(it, count)| (*it, *count))
            .collect();
        counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        counts
    }
}

/// The product token of a user agent, by which sites address it: `newsprint` of `newsprint/0.1 (+https://…)`
/// (RFC 9309, 2.2.1).
pub fn product_token(user_agent: &str) -> &str {
    let user_agent = user_agent.trim_start();
    let length = user_agent
        .bytes()
        .take_while(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'-' | b'_'))
        .count();
    &user_agent[..length]
}

/// A statement of a site that forbids a purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OptOut {
    /// What the site states.
    pub statement: Statement,
    /// What it forbids.
    pub purpose: Purpose,
}

/// How a reason begins that an opt-out gives, and what stands after the statement.
const REASON: [&str; 2] = ["refused: ", " for purpose "];

impl OptOut {
    /// The statement that a reason in the store names, if an opt-out gave it.
    pub fn statement_of(reason: &str) -> Option<&str> {
        let rest = reason.strip_prefix(REASON[0])?;
        Some(rest.split_once(REASON[1])?.0)
    }
}

impl fmt::Display for OptOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [begin, purpose] = REASON;
        let statement = self.statement.name();
        write!(f, "{begin}{statement}{purpose}{}", self.purpose.name())
    }
}
