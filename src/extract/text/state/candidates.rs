//! Texts in a page's data that may be its article: trees of rich text, strings of markup, and strings that stand
//! in one place. Which of them is the page's own is decided by the headline and the address of the object around
//! them, then by how much prose there is.

mod prose;

use std::collections::HashMap;

use serde_json::{Map, Value};

use crate::extract::text::state::candidates::prose::{Prose, is_prose, is_whole};
use crate::extract::text::state::literal;
use crate::extract::text::state::rich_text::{RichText, is_document, is_rich};
use crate::extract::text::state::strings;
use crate::page::text::plain;

/// Levels of nesting that are searched.
const DEPTH: usize = 60;
/// Markup of one candidate is cut at this many bytes.
const MOST_BYTES: usize = 2 << 20;
/// Strings that hold JSON are read within each other this often.
const NESTED_STRINGS: u8 = 2;
/// Shorter names say too little to compare.
const NAME_LETTERS: usize = 8;
/// A text with this share of the words of the best may be better, if it is a tree.
const ABOUT_AS_LONG: f64 = 0.85;

/// How a text is found, the surest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Structure {
    /// A tree of rich text.
    Tree,
    /// One string with markup, or with lines.
    Markup,
    /// Strings of the same place, each taken for a paragraph.
    Strings,
}

/// Whose text it is, by the object around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Owner {
    /// It has the headline or the address of this page.
    ThisPage,
    /// Nothing says.
    Unknown,
    /// It has another headline.
    OtherPage,
}

/// A text that may be the article.
#[derive(Debug)]
pub(super) struct Candidate {
    pub(super) markup: String,
    pub(super) structure: Structure,
    pub(super) owner: Owner,
    prose: Prose,
}

impl Candidate {
    pub(super) fn new(markup: String, structure: Structure, owner: Owner) -> Candidate {
        Candidate {
            prose: Prose::of(&markup),
            markup,
            structure,
            owner,
        }
    }

    fn weight(&self) -> f64 {
        let trust = match self.owner {
            Owner::ThisPage => 3.0,
            Owner::Unknown => 1.0,
            Owner::OtherPage => 0.2,
        };
        self.prose.words as f64 * trust
    }

    /// True for a text, not a notice: a single paragraph that nothing calls this page's may be anything.
    fn is_text(&self) -> bool {
        let is_sure = self.owner == Owner::ThisPage || self.structure == Structure::Tree;
        self.prose.words > 0 && (is_sure || self.prose.paragraphs > 1)
    }
}

/// The names by which a page's own object is known.
#[derive(Debug, Default)]
pub(super) struct PageNames {
    /// Headlines in plain form.
    pub(super) titles: Vec<String>,
    /// The last parts of its addresses' paths.
    pub(super) slugs: Vec<String>,
}

/// The strings of one place.
struct Group<'v> {
    owner: Owner,
    strings: Vec<&'v str>,
}

/// The strings of a value: prose by its place, and what holds a value itself.
#[derive(Default)]
struct Strings<'v> {
    groups: Vec<Group<'v>>,
    /// The number of a place's group.
    by_place: HashMap<u64, usize>,
    inner: Vec<(Owner, &'v str)>,
}

impl<'v> Strings<'v> {
    fn add(&mut self, text: &'v str, at: Spot) {
        let new = self.groups.len();
        let group = *self.by_place.entry(at.place).or_insert(new);
        if group == new {
            self.groups.push(Group {
                owner: at.owner,
                strings: Vec::new(),
            });
        }
        self.groups[group].strings.push(text);
    }
}

/// Collects candidates from values.
pub(super) struct Search<'n> {
    names: &'n PageNames,
    pub(super) found: Vec<Candidate>,
    budget: usize,
    /// Objects with a headline and an address that were entered.
    documents: usize,
}

impl<'n> Search<'n> {
    /// A search that visits at most `budget` values.
    pub(super) fn new(names: &'n PageNames, budget: usize) -> Search<'n> {
        Search {
            names,
            found: Vec::new(),
            budget,
            documents: 0,
        }
    }

    /// Adds what a value holds.
    pub(super) fn add(&mut self, value: &Value) {
        self.add_nested(value, Owner::Unknown, NESTED_STRINGS);
    }

    fn add_nested(&mut self, value: &Value, owner: Owner, nested: u8) {
        let mut strings = Strings::default();
        let at = Spot {
            owner,
            place: 0,
            depth: 0,
        };
        self.visit(value, at, &mut strings);
        for group in &strings.groups {
            self.add_group(group);
        }
        if nested == 0 {
            return;
        }
        for (owner, text) in strings.inner {
            if let Some(value) = literal::value(text, self.budget) {
                self.add_nested(&value, owner, nested - 1);
            }
        }
    }

    fn visit<'v>(&mut self, value: &'v Value, at: Spot, strings: &mut Strings<'v>) {
        if at.depth > DEPTH || self.budget == 0 {
            return;
        }
        self.budget -= 1;
        match value {
            Value::String(text) => {
                let head = text.trim_start();
                if head.len() > 200 && head.starts_with(['{', '[']) {
                    strings.inner.push((at.owner, text));
                } else if is_prose(text) {
                    strings.add(text, at);
                }
            }
            Value::Array(items) if is_rich(items) && self.add_tree(items, at.owner) => {}
            Value::Array(items) => {
                for item in items {
                    self.visit(item, at.below(), strings);
                }
            }
            Value::Object(fields) => {
                let at = self.enter(fields, at);
                for (key, field) in fields.iter().filter(|(key, _)| !is_silent(key)) {
                    self.visit(field, at.at_key(key), strings);
                }
            }
            _ => {}
        }
    }

    /// Adds a tree, unless it holds no prose.
    fn add_tree(&mut self, items: &[Value], owner: Owner) -> bool {
        let mut text = RichText::new(self.budget);
        text.list(items);
        self.budget = text.budget;
        let candidate = Candidate::new(text.markup, Structure::Tree, owner);
        let is_text = candidate.prose.words > 0;
        if is_text {
            self.found.push(candidate);
        }
        is_text
    }

    fn add_group(&mut self, group: &Group<'_>) {
        let strings = &group.strings;
        let is_paragraph =
            |it: &&&str| strings::is_markup(it) || it.contains("\n\n") || is_whole(it);
        let whole = strings.iter().filter(is_paragraph).count();
        // Parts of sentences are no paragraphs.
        if whole * 5 < strings.len() * 4 {
            return;
        }
        let mut markup = String::new();
        let mut last = "";
        for &text in strings.iter().filter(|it| it.len() < MOST_BYTES) {
            if text != last && markup.len() < MOST_BYTES {
                markup.push_str(&strings::blocks(text));
                last = text;
            }
        }
        let structure = if strings.len() == 1 {
            Structure::Markup
        } else {
            Structure::Strings
        };
        self.found
            .push(Candidate::new(markup, structure, group.owner));
    }

    /// Enters an object. What stands in two documents is never one text.
    fn enter(&mut self, fields: &Map<String, Value>, at: Spot) -> Spot {
        let owner = self.owner(fields).unwrap_or(at.owner);
        let place = if is_document(fields) {
            self.documents += 1;
            step(at.place, &self.documents.to_le_bytes())
        } else {
            at.place
        };
        Spot {
            owner,
            place,
            depth: at.depth + 1,
        }
    }

    /// Whose an object is, if its fields say so.
    fn owner(&self, fields: &Map<String, Value>) -> Option<Owner> {
        let titles = [
            "title",
            "headline",
            "headlines",
            "name",
            "seoTitle",
            "heading",
        ];
        let titles: Vec<String> = titles
            .iter()
            .filter_map(|key| name_of(fields.get(*key)?))
            .map(plain)
            .collect();
        let is_title = |own: &String| {
            own.len() >= NAME_LETTERS
                && self
                    .names
                    .titles
                    .iter()
                    .any(|title| title.starts_with(own) || own.starts_with(title))
        };
        let addresses = [
            "slug",
            "url",
            "uri",
            "path",
            "link",
            "permalink",
            "canonical_url",
            "canonicalUrl",
            "website_url",
            "current",
        ];
        let is_address = addresses
            .iter()
            .filter_map(|key| name_of(fields.get(*key)?))
            .any(|address| {
                let slug = slug_of(address);
                slug.len() >= NAME_LETTERS && self.names.slugs.iter().any(|it| it == slug)
            });
        if is_address || titles.iter().any(is_title) {
            return Some(Owner::ThisPage);
        }
        let is_other = !self.names.titles.is_empty()
            && is_document(fields)
            && titles.iter().any(|it| it.len() >= NAME_LETTERS);
        is_other.then_some(Owner::OtherPage)
    }

    /// The text that is most probably the article: that of this page, then the longest, and of texts that are
    /// about as long the one whose paragraphs are surest.
    pub(super) fn best(self) -> Option<Candidate> {
        let texts = self.found.iter().filter(|it| it.is_text());
        let best = texts.map(Candidate::weight).fold(0.0, f64::max);
        let near = self.found.into_iter();
        let near = near.filter(|it| it.is_text() && it.weight() >= best * ABOUT_AS_LONG);
        near.min_by(|a, b| {
            a.structure
                .cmp(&b.structure)
                .then(b.prose.words.cmp(&a.prose.words))
        })
    }
}

/// Parts of the names of what is text, and no article's.
const SILENT_KEYS: [&str; 15] = [
    "consent",
    "cookie",
    "gdpr",
    "privacy",
    "i18n",
    "translation",
    "message",
    "label",
    "disclaimer",
    "comment",
    "related",
    "recommend",
    "newsletter",
    "footer",
    "legal",
];

/// True for the name of what holds texts of the site, of readers or of other articles.
fn is_silent(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    SILENT_KEYS.iter().any(|part| key.contains(part))
}

/// Where a value stands.
#[derive(Clone, Copy)]
struct Spot {
    owner: Owner,
    /// A hash of the keys that lead to it; positions in lists don't count.
    place: u64,
    depth: usize,
}

impl Spot {
    fn below(self) -> Spot {
        Spot {
            depth: self.depth + 1,
            ..self
        }
    }

    fn at_key(self, key: &str) -> Spot {
        Spot {
            place: step(self.place, key.as_bytes()),
            ..self.below()
        }
    }
}

/// FNV-1a over one more key.
fn step(place: u64, key: &[u8]) -> u64 {
    let start = (place ^ 0xcbf2_9ce4_8422_2325).wrapping_mul(0x0100_0000_01b3);
    key.iter().fold(start, |hash, &byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// A name: a string, or the first string of an object such as `{"rendered": "A title"}`.
fn name_of(value: &Value) -> Option<&str> {
    match value {
        Value::String(name) => Some(name),
        Value::Object(fields) => fields.values().find_map(Value::as_str),
        _ => None,
    }
}

/// The last part of an address's path, without an extension.
pub(super) fn slug_of(address: &str) -> &str {
    let path = address.split(['?', '#']).next().unwrap_or_default();
    let last = path
        .trim_end_matches('/')
        .rsplit('/')
        .next()
        .unwrap_or_default();
    last.split('.').next().unwrap_or_default()
}
