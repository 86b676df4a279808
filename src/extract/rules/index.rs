//! Selectors, found as browsers find them: each is filed under the id, class, attribute substring
//! or tag of its rightmost compound, an element asks only for the files that bear its names, and
//! only what is more than that name is matched in full.

use std::collections::HashMap;
use std::ops::Range;

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use foldhash::fast::RandomState;
use scraper::{ElementRef, Selector};

use crate::page::{Id, Tree};

/// A selector that scraper can't parse.
#[derive(Debug, thiserror::Error)]
#[error("`{selector}` is not a CSS selector that can be matched: {reason}")]
pub struct SelectorError {
    /// The selector as written.
    pub selector: String,
    /// What the parser says.
    pub reason: String,
}

/// Parses one selector.
pub fn parse(selector: &str) -> Result<Selector, SelectorError> {
    Selector::parse(selector).map_err(|error| SelectorError {
        selector: selector.to_owned(),
        reason: error.to_string(),
    })
}

/// A filed selector.
#[derive(Debug)]
struct Entry {
    /// What the caller files it under: a rule's place.
    value: usize,
    source: String,
    /// `None` where the key alone decides.
    selector: Option<Selector>,
}

/// The entries filed under each name.
type File = HashMap<String, Vec<usize>, RandomState>;

/// Selectors by the names of their rightmost compound.
#[derive(Debug, Default)]
pub struct Index {
    entries: Vec<Entry>,
    ids: File,
    classes: File,
    tags: File,
    /// `[class*=x]` and `[id*=x]`: one automaton over both attributes.
    substrings: Option<AhoCorasick>,
    by_substring: Vec<Vec<usize>>,
    attributes: File,
    rest: Vec<usize>,
}

/// The name a selector is filed under, and whether that name is all there is to it.
#[derive(Debug, PartialEq, Eq)]
enum Key {
    Id(String),
    Class(String),
    Tag(String),
    Substring(String),
    Attribute(String),
    None,
}

impl Index {
    /// Files the selectors; those that don't parse are left out.
    pub fn compile(selectors: &[(String, usize)]) -> Index {
        let mut index = Index::default();
        let mut needles: Vec<String> = Vec::new();
        for (source, value) in selectors {
            let Ok(selector) = parse(source) else {
                continue;
            };
            for part in split_list(source) {
                let (key, whole) = key_of(part);
                let entry = index.entries.len();
                let alone = whole && split_list(source).len() == 1;
                index.entries.push(Entry {
                    value: *value,
                    source: source.clone(),
                    selector: (!alone).then(|| selector.clone()),
                });
                index.file(key, entry, &mut needles);
            }
        }
        index.substrings = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .kind(Some(AhoCorasickKind::DFA))
            .build(&needles)
            .ok();
        index
    }

    fn file(&mut self, key: Key, entry: usize, needles: &mut Vec<String>) {
        match key {
            Key::Id(name) => self.ids.entry(name).or_default().push(entry),
            Key::Class(name) => self.classes.entry(name).or_default().push(entry),
            Key::Tag(name) => self.tags.entry(name).or_default().push(entry),
            Key::Attribute(name) => self.attributes.entry(name).or_default().push(entry),
            Key::Substring(needle) => {
                let at = needles.iter().position(|known| *known == needle);
                let at = at.unwrap_or_else(|| {
                    needles.push(needle);
                    self.by_substring.push(Vec::new());
                    needles.len() - 1
                });
                self.by_substring[at].push(entry);
            }
            Key::None => self.rest.push(entry),
        }
    }

    /// The selectors that are filed under no name and so are tried on every element.
    pub fn unkeyed(&self) -> Vec<&str> {
        self.rest
            .iter()
            .map(|&entry| self.entries[entry].source.as_str())
            .collect()
    }

    /// The index as it meets one page: what the page's classes ask for is looked up once each.
    pub fn on<'i, 't>(&'i self, tree: &'t Tree<'t>) -> PageMatcher<'i, 't> {
        let mut page = PageMatcher {
            index: self,
            tree,
            asked: Vec::new(),
            of_class: Vec::new(),
        };
        if self.entries.is_empty() {
            return page;
        }
        for value in tree.classes() {
            let start = page.asked.len();
            for class in value.split_ascii_whitespace() {
                page.asked
                    .extend(self.classes.get(class).into_iter().flatten());
            }
            self.each_of_substrings(value, |entry| page.asked.push(entry));
            page.of_class.push(start..page.asked.len());
        }
        page
    }

    /// Calls `found` with the entries filed under a part of this class or id.
    fn each_of_substrings(&self, value: &str, mut found: impl FnMut(usize)) {
        let hits = self.substrings.iter();
        for hit in hits.flat_map(|automaton| automaton.find_overlapping_iter(value)) {
            let entries = &self.by_substring[hit.pattern().as_usize()];
            entries.iter().for_each(|&entry| found(entry));
        }
    }

    fn confirms(&self, entry: usize, element: ElementRef<'_>) -> bool {
        self.entries[entry]
            .selector
            .as_ref()
            .is_none_or(|selector| selector.matches(&element))
    }
}

/// An [`Index`] and the page whose elements ask it.
#[derive(Debug)]
pub struct PageMatcher<'i, 't> {
    index: &'i Index,
    tree: &'t Tree<'t>,
    /// Entries that classes ask for, and by class which of them.
    asked: Vec<usize>,
    of_class: Vec<Range<usize>>,
}

impl<'i> PageMatcher<'i, '_> {
    /// Calls `found` with the value of every selector that matches the element.
    pub fn matches(&self, id: Id, mut found: impl FnMut(usize)) {
        self.entries(id, |entry| found(entry.value));
    }

    /// The selector, of those of this value, that matches the element.
    pub fn selector(&self, id: Id, value: usize) -> Option<&'i str> {
        let mut first: Option<&str> = None;
        self.entries(id, |entry| {
            if entry.value == value {
                first.get_or_insert(&entry.source);
            }
        });
        first
    }

    fn entries(&self, id: Id, mut found: impl FnMut(&'i Entry)) {
        let index = self.index;
        let element = self.tree.element(id);
        let Some(element) = element.filter(|_| !index.entries.is_empty()) else {
            return;
        };
        let mut try_one = |entry: usize| {
            if index.confirms(entry, element) {
                found(&index.entries[entry]);
            }
        };
        let filed = |file: &'i File, name: &str| file.get(name).into_iter().flatten().copied();
        filed(&index.tags, element.value().name()).for_each(&mut try_one);
        if let Some(class) = self.tree.class(id) {
            let asked = &self.asked[self.of_class[class].clone()];
            asked.iter().copied().for_each(&mut try_one);
        }
        for (name, value) in self.tree.attrs(id) {
            if name == "id" {
                filed(&index.ids, value).for_each(&mut try_one);
                index.each_of_substrings(value, &mut try_one);
            }
            filed(&index.attributes, name).for_each(&mut try_one);
        }
        index.rest.iter().copied().for_each(&mut try_one);
    }
}

/// The parts of a selector list, split at its top-level commas.
fn split_list(source: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut start = 0;
    for (at, depth, byte) in scan(source) {
        if byte == b',' && depth == 0 {
            parts.push(source[start..at].trim());
            start = at + 1;
        }
    }
    parts.push(source[start..].trim());
    parts
}

/// The bytes of a selector with the depth of brackets they stand at; quoted text is deeper.
fn scan(source: &str) -> impl Iterator<Item = (usize, usize, u8)> + '_ {
    let mut depth = 0usize;
    let mut quote = None;
    source.bytes().enumerate().map(move |(at, byte)| {
        match (quote, byte) {
            (Some(open), _) if open == byte => quote = None,
            (Some(_), _) => return (at, usize::MAX, byte),
            (None, b'"' | b'\'') => quote = Some(byte),
            (None, b'(' | b'[') => depth += 1,
            (None, b')' | b']') => depth = depth.saturating_sub(1),
            _ => {}
        }
        let closing = usize::from(matches!(byte, b')' | b']'));
        (at, depth + closing, byte)
    })
}

/// The rightmost compound's best name: id before class before attribute before tag.
fn key_of(selector: &str) -> (Key, bool) {
    let start = scan(selector)
        .filter(|(_, depth, byte)| *depth == 0 && matches!(byte, b' ' | b'>' | b'+' | b'~'))
        .map(|(at, ..)| at + 1)
        .last()
        .unwrap_or(0);
    let compound = &selector[start..];
    let names = simple_parts(compound);
    let whole = start == 0 && names.len() == 1;
    let pick = |sign: char| {
        names
            .iter()
            .find(|part| part.starts_with(sign))
            .map(|part| part[1..].to_owned())
    };
    if let Some(id) = pick('#') {
        return (Key::Id(id), whole);
    }
    if let Some(class) = pick('.') {
        return (Key::Class(class), whole);
    }
    let attributes = names.iter().filter(|part| part.starts_with('['));
    if let Some(needle) = attributes.clone().find_map(|part| substring(part)) {
        return (Key::Substring(needle), false);
    }
    let tag = names
        .first()
        .filter(|part| part.starts_with(|c: char| c.is_ascii_alphabetic()));
    if let Some(tag) = tag {
        return (Key::Tag(tag.to_ascii_lowercase()), whole);
    }
    if let Some(name) = attributes.clone().find_map(|part| attribute_name(part)) {
        return (Key::Attribute(name), false);
    }
    (Key::None, false)
}

/// `div.a[b=c]:not(.d)` as `div`, `.a`, `[b=c]`, `:not(.d)`.
fn simple_parts(compound: &str) -> Vec<&str> {
    let mut starts: Vec<usize> = scan(compound)
        .filter(|(_, depth, byte)| {
            (*depth == 0 && matches!(byte, b'#' | b'.' | b':')) || (*depth == 1 && *byte == b'[')
        })
        .map(|(at, ..)| at)
        .collect();
    if starts.first() != Some(&0) {
        starts.insert(0, 0);
    }
    starts.push(compound.len());
    starts
        .windows(2)
        .map(|pair| &compound[pair[0]..pair[1]])
        .filter(|part| !part.is_empty())
        .collect()
}

fn attribute_name(part: &str) -> Option<String> {
    let name = part.strip_prefix('[')?;
    let end = name.find(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '_'))?;
    Some(name[..end].to_ascii_lowercase())
}

/// The text that `[class*=text]`, `^=`, `$=` or `~=` looks for in a class or an id.
fn substring(part: &str) -> Option<String> {
    let name = attribute_name(part)?;
    if !matches!(name.as_str(), "class" | "id") {
        return None;
    }
    let (_, value) = part.split_once('=')?;
    let value = value.trim_end_matches(']').trim();
    let value = value.strip_suffix(" i").unwrap_or(value).trim();
    let value = value.trim_matches(|c| c == '"' || c == '\'');
    (!value.is_empty()).then(|| value.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::Limits;
    use crate::page::{Document, Input};

    fn matched(selectors: &[&str], html: &str) -> Vec<(usize, String)> {
        let listed: Vec<_> = selectors
            .iter()
            .enumerate()
            .map(|(at, s)| ((*s).to_owned(), at))
            .collect();
        let index = Index::compile(&listed);
        let input = Input::new(html.as_bytes());
        let document = Document::parse(&input, &Limits::DEFAULT);
        let tree = document.page().tree;
        let mut found = Vec::new();
        let page = index.on(&tree);
        for id in 0..tree.len() {
            page.matches(id, |value| found.push((value, tree.text(id))));
        }
        found
    }

    #[test]
    fn a_selector_is_filed_under_the_best_name_of_its_last_part() {
        let key = |selector| key_of(selector);
        assert_eq!(key(".a"), (Key::Class("a".into()), true));
        assert_eq!(key("nav"), (Key::Tag("nav".into()), true));
        assert_eq!(key("div > p.a#b"), (Key::Id("b".into()), false));
        assert_eq!(
            key("[class*='Share' i]"),
            (Key::Substring("share".into()), false)
        );
        assert_eq!(
            key("div[class^=ad-]"),
            (Key::Substring("ad-".into()), false)
        );
        assert_eq!(
            key("[role=navigation]"),
            (Key::Attribute("role".into()), false)
        );
        assert_eq!(key("a:not(.b > c)"), (Key::Tag("a".into()), false));
        assert_eq!(
            key("a [title='x y']"),
            (Key::Attribute("title".into()), false)
        );
        assert_eq!(key("*"), (Key::None, false));
    }

    #[test]
    fn one_walk_finds_what_each_selector_alone_would_find() {
        let html =
            "<div id=a class='x share-bar'><p class=x>1</p><nav>2</nav></div><p role=note>3</p>";
        let selectors = [
            "#a",
            ".x",
            "nav",
            "[class*=share]",
            "div > p",
            "[role=note]",
            "p.x, nav",
            ":root",
        ];
        let mut found = matched(&selectors, html);
        let document = scraper::Html::parse_document(html);
        let mut expected = Vec::new();
        for (at, source) in selectors.iter().enumerate() {
            let selector = parse(source).unwrap();
            for element in document.root_element().select(&selector) {
                expected.push((at, element.text().collect::<Vec<_>>().join(" ")));
            }
            if *source == ":root" {
                expected.push((at, "1 2 3".into()));
            }
        }
        found.sort();
        expected.sort();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_selector_that_does_not_parse_is_named() {
        let error = parse("div[").unwrap_err();
        assert!(error.to_string().contains("`div[`"));
    }
}
