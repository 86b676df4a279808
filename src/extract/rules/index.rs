//! Matches many selectors at once, as browsers do: each is filed under the id, class, attribute substring
//! or tag of its rightmost compound. An element looks up only its own names, and only selectors that
//! say more than that name are matched in full.

use std::collections::HashMap;
use std::ops::Range;

use foldhash::fast::RandomState;

use crate::extract::rules::needles::Needles;
use crate::extract::rules::selector_key::{Key, attributes_of, key_of, split_list};
use crate::page::select::{Caches, Selector};
use crate::page::{AttrNames, Id, Tag, Tree};

/// A selector that cannot be parsed.
#[derive(Debug, thiserror::Error)]
#[error("`{selector}` is not a CSS selector that can be matched: {reason}")]
pub struct SelectorError {
    /// The selector as written.
    pub selector: String,
    /// The parser's message.
    pub reason: String,
}

/// Parses one selector.
pub fn parse(selector: &str) -> Result<Selector, SelectorError> {
    Selector::parse(selector).map_err(|error| SelectorError {
        selector: selector.to_owned(),
        reason: error.to_string(),
    })
}

/// A selector in the index.
#[derive(Debug)]
struct Entry {
    /// The caller's number for it, such as the index of a rule.
    value: usize,
    source: String,
    /// `None` where the key alone decides.
    selector: Option<Selector>,
    /// Attributes without which an element does not match.
    attributes: AttrNames,
}

/// Indexes of entries by name.
type ByName = HashMap<String, Vec<usize>, RandomState>;

/// Selectors by the names of their rightmost compound.
#[derive(Debug, Default)]
pub struct Index {
    entries: Vec<Entry>,
    ids: ByName,
    classes: ByName,
    tags: ByTag,
    /// `[class*=x]` and `[id*=x]`: one search in both attributes.
    substrings: Needles,
    by_substring: Vec<Vec<usize>>,
    attributes: ByName,
    /// The names in `attributes`, and `id`.
    names: AttrNames,
    rest: Vec<usize>,
}

/// Indexes of entries by element.
#[derive(Debug, Default)]
struct ByTag {
    /// By the tag's number.
    known: Vec<Vec<usize>>,
    /// Of elements whose tag is [`Tag::Other`].
    others: ByName,
}

impl ByTag {
    fn file(&mut self, name: String, entry: usize) {
        let tag = Tag::from_name(&name);
        if tag == Tag::Other {
            self.others.entry(name).or_default().push(entry);
            return;
        }
        let number = tag as usize;
        if self.known.len() <= number {
            self.known.resize(number + 1, Vec::new());
        }
        self.known[number].push(entry);
    }

    fn of(&self, tag: Tag, name: &str) -> &[usize] {
        let found = match tag {
            Tag::Other => self.others.get(name),
            _ => self.known.get(tag as usize),
        };
        found.map_or(&[], Vec::as_slice)
    }
}

impl Index {
    /// Files the selectors, each with the caller's number. Selectors that cannot be parsed are left out.
    pub fn compile(selectors: &[(String, usize)]) -> Index {
        let mut index = Index {
            names: AttrNames::of("id"),
            ..Index::default()
        };
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
                    attributes: attributes_of(part),
                });
                index.file(key, entry, &mut needles);
            }
        }
        index.substrings = Needles::new(&needles);
        index
    }

    fn file(&mut self, key: Key, entry: usize, needles: &mut Vec<String>) {
        match key {
            Key::Id(name) => self.ids.entry(name).or_default().push(entry),
            Key::Class(name) => self.classes.entry(name).or_default().push(entry),
            Key::Tag(name) => self.tags.file(name, entry),
            Key::Attribute(name) => {
                self.names = self.names.with(AttrNames::of(&name));
                self.attributes.entry(name).or_default().push(entry);
            }
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

    /// The selectors without a key, which are tried on every element.
    pub fn unkeyed(&self) -> Vec<&str> {
        self.rest
            .iter()
            .map(|&entry| self.entries[entry].source.as_str())
            .collect()
    }

    /// A matcher for one page. Looks up each distinct class value of the page once.
    pub fn on<'i, 't>(&'i self, tree: &'t Tree<'t>) -> PageMatcher<'i, 't> {
        let mut page = PageMatcher {
            index: self,
            tree,
            candidates: Vec::new(),
            of_class: Vec::new(),
            caches: Caches::default(),
        };
        if self.entries.is_empty() {
            return page;
        }
        for value in tree.classes() {
            let start = page.candidates.len();
            for class in value.split_ascii_whitespace() {
                page.candidates
                    .extend(self.classes.get(class).into_iter().flatten());
            }
            self.each_of_substrings(value, |entry| page.candidates.push(entry));
            page.of_class.push(start..page.candidates.len());
        }
        page
    }

    /// Calls `found` with the entries filed under a substring of this class or id.
    fn each_of_substrings(&self, value: &str, mut found: impl FnMut(usize)) {
        for (_, needle) in self.substrings.all_by_ends(value.as_bytes()) {
            let entries = &self.by_substring[needle];
            entries.iter().for_each(|&entry| found(entry));
        }
    }
}

/// An [`Index`] applied to one page.
#[derive(Debug)]
pub struct PageMatcher<'i, 't> {
    index: &'i Index,
    tree: &'t Tree<'t>,
    /// Entries that the page's classes lead to, and the range of them by class.
    candidates: Vec<usize>,
    of_class: Vec<Range<usize>>,
    caches: Caches,
}

impl<'i> PageMatcher<'i, '_> {
    /// Calls `found` with the number of every selector that matches the element.
    pub fn matches(&self, id: Id, mut found: impl FnMut(usize)) {
        self.entries(id, |entry| found(entry.value));
    }

    /// The first selector with this number that matches the element.
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
        let name = self.tree.name(id).filter(|_| !index.entries.is_empty());
        let Some(name) = name else {
            return;
        };
        let names = self.tree.attr_names(id);
        let mut try_one = |entry: usize| {
            let entry = &index.entries[entry];
            if names.may_hold(entry.attributes) && self.confirms(entry, id) {
                found(entry);
            }
        };
        let filed = |file: &'i ByName, name: &str| file.get(name).into_iter().flatten().copied();
        let by_tag = index.tags.of(self.tree.tag(id), name);
        by_tag.iter().copied().for_each(&mut try_one);
        if let Some(class) = self.tree.class(id) {
            let candidates = &self.candidates[self.of_class[class].clone()];
            candidates.iter().copied().for_each(&mut try_one);
        }
        if names.may_share(index.names) {
            for (name, value) in self.tree.attrs(id) {
                if name == "id" {
                    filed(&index.ids, value).for_each(&mut try_one);
                    index.each_of_substrings(value, &mut try_one);
                }
                if index.names.may_hold(AttrNames::of(name)) {
                    filed(&index.attributes, name).for_each(&mut try_one);
                }
            }
        }
        index.rest.iter().copied().for_each(&mut try_one);
    }

    fn confirms(&self, entry: &Entry, id: Id) -> bool {
        let selector = entry.selector.as_ref();
        selector.is_none_or(|it| it.matches(self.tree, id, &self.caches))
    }
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
            let selector = scraper::Selector::parse(source).unwrap();
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
