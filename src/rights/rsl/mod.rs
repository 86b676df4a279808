//! Really Simple Licensing (RSL 1.0, rslstandard.org/rsl): licence files, where pages name them, and what licences
//! permit. Where the specification leaves a doubt, the reading that protects the site is taken.

mod of_page;
mod terms;
#[cfg(test)]
mod tests;

use url::Url;

use crate::rights::scan::{Piece, Pieces};
use terms::{Term, values};

pub use of_page::{OfPage, linked};
pub use terms::{Licence, Licences, Terms};

/// The media type of licence files.
pub const MEDIA_TYPE: &str = "application/rsl+xml";
/// Bytes of a licence file that are read.
pub const MAX_BYTES: usize = 256 << 10;
/// Licence files that are read for one page.
pub const MAX_FILES: usize = 4;
/// Contents and licences of a file. What has more cannot be weighed, and counts as unread.
const MAX_CONTENTS: usize = 1_000;
const MAX_LICENCES: usize = 16;
/// Bytes of the terms of a page.
const MAX_TEXT: usize = 2_048;

/// A licence file: which pages it is about, and its terms for them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LicenceFile {
    /// What it covers; `None` where it is too large to be weighed.
    contents: Option<Vec<Content>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Content {
    /// A path, a path with wildcards, or a full address.
    pattern: String,
    licences: Vec<Licence>,
}

impl LicenceFile {
    /// Reads a file; `None` if it is none, such as a page that says 'not found'.
    pub fn parse(text: &str) -> Option<LicenceFile> {
        let mut contents: Vec<Content> = Vec::new();
        let (mut is_rsl, mut term, mut is_inside) = (false, None, false);
        for piece in Pieces::of(text) {
            match piece {
                Piece::Open {
                    name,
                    attributes,
                    is_closed,
                } => {
                    let of = |key: &str| {
                        let mut all = attributes.iter();
                        all.find(|(name, _)| name == key)
                            .map(|(_, value)| value.as_str())
                    };
                    match name.as_str() {
                        "rsl" => is_rsl = true,
                        "content" if contents.len() >= MAX_CONTENTS => {
                            return Some(LicenceFile { contents: None });
                        }
                        "content" => contents.push(Content {
                            pattern: of("url").unwrap_or_default().trim().to_owned(),
                            licences: Vec::new(),
                        }),
                        "license" => {
                            is_inside = !is_closed;
                            if let Some(content) = contents.last_mut() {
                                content.licences.push(Licence::default());
                            }
                        }
                        "permits" | "prohibits" | "payment" if is_inside => {
                            let kind = of("type").unwrap_or_default();
                            let begun = Term::begin(&name, kind);
                            if let Some(open) = term.take() {
                                add(&mut contents, open);
                            }
                            match is_closed || name == "payment" {
                                true => add(&mut contents, begun),
                                false => term = Some(begun),
                            }
                        }
                        _ => {}
                    }
                }
                Piece::Text(text) => {
                    if let Some(term) = &mut term {
                        term.values.extend(values(text));
                    }
                }
                Piece::Close(name) => match name.as_str() {
                    "permits" | "prohibits" => {
                        if let Some(term) = term.take() {
                            add(&mut contents, term);
                        }
                    }
                    "license" => is_inside = false,
                    _ => {}
                },
            }
        }
        if let Some(term) = term {
            add(&mut contents, term);
        }
        let is_small = |it: &Content| it.licences.len() <= MAX_LICENCES;
        let contents = Some(contents).filter(|it| it.iter().all(is_small));
        is_rsl.then_some(LicenceFile { contents })
    }

    /// The terms for a page: those of the content that names it most closely, and of all that do so as closely.
    /// `None` where the file is about other pages.
    pub fn terms(&self, page: &Url) -> Option<Terms> {
        let Some(contents) = &self.contents else {
            return Some(Terms::Unread);
        };
        let covering = || contents.iter().filter(|it| covers(&it.pattern, page));
        let closest = covering().map(|it| it.pattern.len()).max()?;
        let closest = covering().filter(|it| it.pattern.len() == closest);
        let licences: Vec<Licence> = closest.flat_map(|it| it.licences.iter().cloned()).collect();
        let length: usize = licences.iter().map(|it| it.to_string().len()).sum();
        match licences.is_empty() {
            true => None,
            false if length > MAX_TEXT => Some(Terms::Unread),
            false => Some(Terms::Licences(licences)),
        }
    }
}

fn add(contents: &mut [Content], term: Term) {
    let content = contents.last_mut();
    if let Some(licence) = content.and_then(|it| it.licences.last_mut()) {
        licence.0.push(term);
    }
}

/// True where the pattern of a content covers a page: a path as robots.txt has them, or a full address.
fn covers(pattern: &str, page: &Url) -> bool {
    let path = &page[url::Position::BeforePath..url::Position::AfterQuery];
    let Some((_, address)) = pattern.split_once("://") else {
        return pattern.is_empty() || matches(pattern, path);
    };
    let (host, prefix) = address.split_at(address.find('/').unwrap_or(address.len()));
    let bare = |host: &str| {
        let host = host.to_ascii_lowercase();
        host.strip_prefix("www.").unwrap_or(&host).to_owned()
    };
    let own = &page[url::Position::BeforeHost..url::Position::AfterPort];
    let is_host = |own: &str| matches(&format!("{}$", bare(host)), own);
    (is_host(own) || is_host(&bare(own))) && matches(prefix, path)
}

/// True where a text begins as the pattern says: `*` is any run of characters, `$` at the end is the end.
pub(crate) fn matches(pattern: &str, text: &str) -> bool {
    let (pattern, is_whole) = match pattern.strip_suffix('$') {
        Some(pattern) => (pattern, true),
        None => (pattern, false),
    };
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else {
        return false;
    };
    let parts: Vec<&str> = parts.collect();
    let Some((last, middle)) = parts.split_last() else {
        return !is_whole || rest.is_empty();
    };
    for part in middle {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    match is_whole {
        true => rest.ends_with(last),
        false => rest.contains(last),
    }
}
