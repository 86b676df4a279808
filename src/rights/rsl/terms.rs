//! The terms of licences: what they permit, and how a record writes them.

use std::fmt;

use url::Url;

use crate::rights::Purpose;

/// Values of a term, and characters of each.
const MAX_VALUES: usize = 32;
const MAX_VALUE: usize = 40;

/// One licence: its terms, all of which hold. Of several licences anyone may choose one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Licence(pub(super) Vec<Term>);

/// One of its terms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Term {
    /// `permits`, `prohibits` or `payment`.
    pub(super) verb: String,
    /// Of what: `usage`, `user`, `geo`; of a payment, its type.
    pub(super) kind: String,
    pub(super) values: Vec<String>,
}

impl Term {
    pub(super) fn begin(verb: &str, kind: &str) -> Term {
        let default = match verb {
            "payment" => "free",
            _ => "usage",
        };
        let kind = values(kind).next();
        Term {
            verb: verb.to_owned(),
            kind: kind.unwrap_or_else(|| default.to_owned()),
            values: Vec::new(),
        }
    }

    fn is(&self, verb: &str, kind: &str) -> bool {
        self.verb == verb && self.kind == kind
    }

    fn names(&self, usages: &[&str]) -> bool {
        self.values.iter().any(|it| usages.contains(&it.as_str()))
    }
}

/// The words of a list, of which only short plain ones are kept.
pub(super) fn values(text: &str) -> impl Iterator<Item = String> {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    let words = text.split(|c: char| c.is_whitespace() || c == ',');
    let words = words.filter(move |it| !it.is_empty() && it.len() <= MAX_VALUE);
    words
        .filter(move |it| it.chars().all(plain))
        .take(MAX_VALUES)
        .map(str::to_ascii_lowercase)
}

/// The usages that a purpose falls under, the names of earlier drafts too.
fn usages(purpose: Purpose) -> &'static [&'static str] {
    match purpose {
        Purpose::Archive => &["all"],
        Purpose::Search => &["search", "all"],
        Purpose::AiInput => &["ai-input", "ai-use", "ai-summarize", "ai-all", "all"],
        Purpose::AiTrain => &["ai-train", "train-ai", "train-genai", "ai-all", "all"],
    }
}

impl Licence {
    /// True where the licence does not give this use away: it prohibits it, permits only others, asks for money, or
    /// is for certain users or places, among which we cannot count ourselves.
    fn forbids(&self, purpose: Purpose) -> bool {
        let mut terms = self.0.iter();
        let (usages, mut has_list, mut is_listed) = (usages(purpose), false, false);
        let refuses = terms.any(|term| {
            let of_usage = term.kind == "usage";
            match term.verb.as_str() {
                "prohibits" if of_usage => {
                    term.names(usages) || purpose == Purpose::AiInput && term.names(&["ai-index"])
                }
                "permits" if of_usage => {
                    has_list = true;
                    is_listed |= term.names(usages);
                    false
                }
                "payment" => !matches!(term.kind.as_str(), "free" | "attribution"),
                _ => true,
            }
        });
        refuses || has_list && !is_listed
    }

    fn prohibits_all(&self) -> bool {
        let mut terms = self.0.iter();
        terms.any(|term| term.is("prohibits", "usage") && term.names(&["all"]))
    }
}

/// What a licence file says of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Terms {
    /// It was not read.
    Unread,
    /// It is not there, or about other pages.
    Silent,
    /// One of these may be chosen.
    Licences(Vec<Licence>),
}

/// The licences of a page by the files that state them, all of which hold. As a text, the form of the record:
/// `<https://news.example.org/license.xml> permits usage search; prohibits usage ai-train`, the licences of a file
/// separated by `|`, files by commas, `<inline>` for what stands in the page itself.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Licences(pub(super) Vec<(String, Terms)>);

impl Licences {
    /// What stands in the page itself.
    pub(super) const INLINE: &str = "inline";

    /// The licences in a record's form.
    pub fn parse(text: &str) -> Licences {
        let files = text.split('<').skip(1);
        Licences(files.filter_map(file_of).collect())
    }

    /// Those that say something.
    #[must_use]
    pub fn stated(mut self) -> Licences {
        self.0.retain(|(_, terms)| *terms != Terms::Silent);
        self
    }

    /// Adds what a file says of a page.
    pub fn add(&mut self, file: &Url, terms: Terms) {
        self.0.push((file.to_string(), terms));
    }

    /// True where a file was asked for what it says.
    pub fn has(&self, file: &Url) -> bool {
        self.0.iter().any(|(name, _)| name == file.as_str())
    }

    /// The text for the record; `None` where nothing is stated.
    pub fn text(&self) -> Option<String> {
        (!self.0.is_empty()).then(|| self.to_string())
    }

    pub(in crate::rights) fn are_unread(&self) -> bool {
        self.0.iter().any(|(_, terms)| *terms == Terms::Unread)
    }

    pub(in crate::rights) fn prohibit_all(&self) -> bool {
        self.hold(Licence::prohibits_all)
    }

    pub(in crate::rights) fn forbid(&self, purpose: Purpose) -> bool {
        self.hold(|licence| licence.forbids(purpose))
    }

    /// True where this holds for all licences of a file.
    fn hold(&self, forbids: impl Fn(&Licence) -> bool) -> bool {
        self.0.iter().any(|(_, terms)| match terms {
            Terms::Unread | Terms::Silent => false,
            Terms::Licences(licences) => licences.iter().all(&forbids),
        })
    }
}

fn file_of(text: &str) -> Option<(String, Terms)> {
    let (name, terms) = text.split_once('>')?;
    let terms = terms.trim().trim_end_matches(',').trim_end();
    match terms {
        "unread" => return Some((name.to_owned(), Terms::Unread)),
        "silent" => return Some((name.to_owned(), Terms::Silent)),
        _ => {}
    }
    let term = |text: &str| {
        let mut words = text.split_ascii_whitespace().map(str::to_owned);
        Some(Term {
            verb: words.next()?,
            kind: words.next()?,
            values: words.collect(),
        })
    };
    let licences = terms.split('|');
    let licences = licences.map(|it| Licence(it.split(';').filter_map(term).collect()));
    Some((name.to_owned(), Terms::Licences(licences.collect())))
}

impl fmt::Display for Licences {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, (name, terms)) in self.0.iter().enumerate() {
            let comma = if at > 0 { ", " } else { "" };
            write!(f, "{comma}<{name}> ")?;
            match terms {
                Terms::Unread => f.write_str("unread")?,
                Terms::Silent => f.write_str("silent")?,
                Terms::Licences(licences) => {
                    for (at, licence) in licences.iter().enumerate() {
                        let bar = if at > 0 { " | " } else { "" };
                        write!(f, "{bar}{licence}")?;
                    }
                }
            }
        }
        Ok(())
    }
}

impl fmt::Display for Licence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str("permits usage all");
        }
        for (at, term) in self.0.iter().enumerate() {
            let semicolon = if at > 0 { "; " } else { "" };
            write!(f, "{semicolon}{} {}", term.verb, term.kind)?;
            for value in &term.values {
                write!(f, " {value}")?;
            }
        }
        Ok(())
    }
}
