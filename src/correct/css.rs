//! CSS selectors for one element of a page, each with what it matches in words.

use cssparser::{serialize_identifier, serialize_string};

use super::names::{Doubt, doubt};
use crate::page::{Id, Tag, Tree};

/// Attributes that say what an element is; their values are names.
const ATTRIBUTES: [&str; 13] = [
    "itemprop",
    "rel",
    "role",
    "property",
    "data-testid",
    "data-test",
    "data-test-id",
    "data-qa",
    "data-component",
    "data-module",
    "data-type",
    "data-block",
    "data-name",
];
/// Longer values of attributes are no names.
const LONGEST_VALUE: usize = 40;
/// Classes of an element that are tried.
const CLASSES: usize = 6;
/// How far up a name is searched for an element that has none.
const HEIGHT: usize = 5;
/// Elements on the way from such a name that are written out.
const STEPS: usize = 3;
/// Elements that say by themselves what they are.
const SPEAKING: [&str; 10] = [
    "article",
    "aside",
    "footer",
    "header",
    "main",
    "nav",
    "figure",
    "figcaption",
    "form",
    "time",
];

/// A selector that matches an element, among others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Form {
    /// The selector.
    pub(super) css: String,
    /// What it matches: `each <p> with the class “x”`.
    pub(super) words: String,
    /// How well it says what it means: 0 is best.
    pub(super) rank: u8,
    /// Why it may not last.
    pub(super) doubt: Option<Doubt>,
}

/// Selectors for elements of one page.
#[derive(Debug, Clone, Copy)]
pub(super) struct Forms<'t> {
    pub(super) tree: &'t Tree<'t>,
    /// The path of the page's address.
    pub(super) path: &'t str,
}

impl Forms<'_> {
    /// Selectors that match an element.
    pub(super) fn of(&self, id: Id) -> Vec<Form> {
        let Some(tag) = self.tree.name(id) else {
            return Vec::new();
        };
        let mut forms = self.named(id, tag);
        forms.extend(self.combined(id, tag));
        forms.extend(self.placed(id, tag));
        if SPEAKING.contains(&tag) {
            forms.push(Form {
                css: tag.to_owned(),
                words: format!("each <{tag}>"),
                rank: 5,
                doubt: None,
            });
        }
        forms
    }

    /// By its id, by one of its classes, by an attribute.
    fn named(&self, id: Id, tag: &str) -> Vec<Form> {
        let mut forms = Vec::new();
        if let Some(own) = self.tree.attr(id, "id").filter(|it| is_name(it)) {
            forms.push(Form {
                css: format!("#{}", identifier(own)),
                words: format!("the element with the id “{own}”"),
                rank: 0,
                doubt: doubt(own, self.path),
            });
        }
        forms.extend(self.classes(id).into_iter().map(|class| Form {
            css: format!("{}.{}", identifier(tag), identifier(class)),
            words: format!("each <{tag}> with the class “{class}”"),
            rank: 1,
            doubt: doubt(class, self.path),
        }));
        for name in ATTRIBUTES {
            let value = self.tree.attr(id, name);
            if let Some(value) = value.filter(|it| is_name(it) && it.len() <= LONGEST_VALUE) {
                forms.push(Form {
                    css: format!("{}[{name}={}]", identifier(tag), string(value)),
                    words: format!("each <{tag}> whose {name} is “{value}”"),
                    rank: 2,
                    doubt: doubt(value, self.path),
                });
            }
        }
        forms
    }

    /// By two classes that last, where one alone may match too much.
    fn combined(&self, id: Id, tag: &str) -> Option<Form> {
        let classes = self.classes(id);
        let mut lasting = classes.iter().filter(|it| doubt(it, self.path).is_none());
        let (one, other) = (lasting.next()?, lasting.next()?);
        Some(Form {
            css: format!(
                "{}.{}.{}",
                identifier(tag),
                identifier(one),
                identifier(other)
            ),
            words: format!("each <{tag}> with the classes “{one}” and “{other}”"),
            rank: 3,
            doubt: None,
        })
    }

    /// By its place below an element that has a name which lasts.
    fn placed(&self, id: Id, tag: &str) -> Vec<Form> {
        let Some((height, hook)) = self.hook(id) else {
            return Vec::new();
        };
        let inside = |last: &str| {
            if height > STEPS {
                return format!("{} {last}", hook.css);
            }
            let between: Vec<Id> = self.tree.ancestors(id).take(height - 1).collect();
            let between = between.iter().rev().filter_map(|it| self.tree.name(*it));
            let steps = between.map(identifier).chain([last.to_owned()]);
            format!("{} > {}", hook.css, steps.collect::<Vec<_>>().join(" > "))
        };
        let whose = |what: String| match height {
            1 => format!("{what} directly in {}", hook.words),
            _ => format!("{what} in {}", hook.words),
        };
        let placed = |last: &str, what: String, rank| Form {
            css: inside(last),
            words: whose(what),
            rank,
            doubt: None,
        };
        let name = identifier(tag);
        let mut forms = vec![placed(&name, format!("each <{tag}>"), 6)];
        for (is_at, place, words) in [
            (self.is_last(id), "last-child", "at the end"),
            (self.is_first(id), "first-child", "at the beginning"),
        ] {
            if is_at {
                let what = format!("a <{tag}> {words}");
                forms.push(placed(&format!("{name}:{place}"), what, 7));
            }
        }
        let classes = self.classes(id);
        if let Some(class) = classes
            .into_iter()
            .find(|it| doubt(it, self.path).is_none())
        {
            forms.push(Form {
                css: format!("{} {name}.{}", hook.css, identifier(class)),
                words: format!("each <{tag}> with the class “{class}” in {}", hook.words),
                rank: 4,
                doubt: None,
            });
        }
        forms
    }

    /// The nearest element above that has a name which lasts, and how far up it is.
    fn hook(&self, id: Id) -> Option<(usize, Form)> {
        let above = self.tree.ancestors(id).take(HEIGHT).enumerate();
        let mut named = above.filter_map(|(at, above)| {
            let tag = self.tree.name(above)?;
            let named = self
                .named(above, tag)
                .into_iter()
                .find(|it| it.doubt.is_none());
            let speaks = SPEAKING.contains(&tag).then(|| Form {
                css: tag.to_owned(),
                words: format!("{}{tag}>", article_of(tag)),
                rank: 5,
                doubt: None,
            });
            Some((at + 1, named.or(speaks)?))
        });
        named.next()
    }

    fn classes(&self, id: Id) -> Vec<&str> {
        let class = self
            .tree
            .class(id)
            .and_then(|at| self.tree.classes().get(at));
        let names = class.into_iter().flat_map(|it| it.split_ascii_whitespace());
        names.filter(|it| is_name(it)).take(CLASSES).collect()
    }

    fn is_last(&self, id: Id) -> bool {
        self.siblings(id).last() == Some(id)
    }

    fn is_first(&self, id: Id) -> bool {
        self.siblings(id).next() == Some(id)
    }

    /// The elements with the same parent.
    fn siblings(&self, id: Id) -> impl Iterator<Item = Id> + '_ {
        let children = self.tree.children(self.tree.parent(id));
        children.filter(|it| self.tree.name(*it).is_some())
    }
}

/// `a <` or `an <`.
fn article_of(tag: &str) -> &'static str {
    if tag.starts_with(['a', 'e', 'i', 'o', 'u']) {
        "an <"
    } else {
        "a <"
    }
}

/// True for what can be written and read as a name.
fn is_name(name: &str) -> bool {
    !name.trim().is_empty() && !name.chars().any(|c| c.is_control() || c.is_whitespace())
}

/// A name as CSS writes it: characters that mean something there are escaped.
fn identifier(name: &str) -> String {
    let mut css = String::new();
    // Writing to a string can't fail.
    let _ = serialize_identifier(name, &mut css);
    css
}

fn string(value: &str) -> String {
    let mut css = String::new();
    let _ = serialize_string(value, &mut css);
    css
}

/// The element that holds all these nodes, the lowest one.
pub(super) fn around(tree: &Tree<'_>, nodes: &[Id]) -> Option<Id> {
    let (first, last) = (*nodes.first()?, *nodes.last()?);
    let mut above = tree.ancestors(first);
    above.find(|id| tree.is_within(last, *id) && tree.name(*id).is_some())
}

/// An element and those above it, up to the page's body.
pub(super) fn upward<'t>(tree: &'t Tree<'_>, id: Id) -> impl Iterator<Item = Id> + 't {
    let chain = std::iter::once(id).chain(tree.ancestors(id));
    chain.take_while(|id| {
        tree.name(*id).is_some() && !matches!(tree.tag(*id), Tag::Body | Tag::Html)
    })
}
