//! The items of a feed or sitemap out of XML that may be damaged: stray `&` and `<`, elements that are not
//! closed, text before the XML, an end that is missing. One damaged item does not cost the others.

mod item;
mod pieces;

use std::borrow::Cow;

use quick_xml::escape::{resolve_html5_entity, resolve_predefined_entity, unescape_with};
use quick_xml::events::BytesRef;
use quick_xml::events::attributes::Attributes;

use item::{Attribute, Text, value};
use pieces::{Piece, Pieces, StartTag};

pub(super) use item::{Field, Item};

/// Deeper elements are passed over; their text counts as their parents'.
const DEPTH: usize = 32;
/// The most elements of one item, and attributes of one element, that are read.
const FIELDS: usize = 400;
const ATTRIBUTES: usize = 32;
/// The root element starts within so many bytes.
const PREFACE: usize = 64 << 10;
/// The most bytes of one field's text that are read.
const TEXT: usize = 8_000;

/// The names that the damaged parts of a document are told by, in lower case and without prefixes.
pub(super) struct Names {
    /// The elements that hold the items.
    pub(super) items: &'static [&'static str],
    /// Elements of an item that hold no others of these names.
    pub(super) leaves: &'static [&'static str],
}

/// Calls `take` with each item until it returns false. Returns whether something had to be repaired or is
/// missing; `None` if no element is one of `roots`.
pub(super) fn items<'a>(
    text: &'a str,
    roots: &[&str],
    names: &Names,
    mut take: impl FnMut(&Item<'a>) -> bool,
) -> Option<bool> {
    let start = root_start(text, roots)?;
    let before = text[..start].trim();
    let is_first = before.is_empty() || before.starts_with("<?") || before.starts_with("<!");
    let mut pieces = Pieces::of(&text[start..]);
    let mut walk = Walk {
        names,
        open: Vec::new(),
        item: None,
        fields: Vec::new(),
        skipped: 0,
        is_damaged: !is_first,
    };
    while let Some(piece) = pieces.next() {
        let done = match piece {
            Piece::Start(tag) => walk.start(tag),
            Piece::End(name) => walk.end(&lower_local(name)),
            Piece::Text(piece) => walk.text(Cow::Borrowed(piece)),
            Piece::Reference(name) => walk.text(character(name)),
        };
        let Some(item) = done else {
            continue;
        };
        if !take(&item) {
            return Some(walk.is_damaged || pieces.is_damaged);
        }
        walk.reuse(item.fields);
    }
    if let Some(mut item) = walk.item.take() {
        item.set_parents();
        take(&item);
    }
    let is_cut_off = !walk.open.is_empty();
    Some(walk.is_damaged || pieces.is_damaged || is_cut_off)
}

/// Where the root element starts. Before it may stand what a server printed by mistake, but no page.
pub(super) fn root_start(text: &str, roots: &[&str]) -> Option<usize> {
    let text = &text[..text.floor_char_boundary(PREFACE)];
    let mut at = 0;
    while let Some(found) = text[at..].find('<') {
        let start = at + found;
        let rest = &text[start + 1..];
        let skipped = match rest.strip_prefix("!--") {
            Some(comment) => comment.find("-->").unwrap_or(0),
            None => 0,
        };
        let end = rest.find(|c: char| c.is_whitespace() || matches!(c, '>' | '/' | '<'));
        let name = lower_local(&rest[..end?]);
        if roots.contains(&&*name) {
            return Some(start);
        }
        if matches!(&*name, "html" | "head" | "body") {
            return None;
        }
        at = start + 1 + skipped;
    }
    None
}

/// The name without its prefix in lower case.
fn lower_local(name: &str) -> Text<'_> {
    // Names are short, and each stands at two tags: a plain loop is the fastest.
    let prefix = name.bytes().rposition(|it| it == b':');
    lower(prefix.map_or(name, |at| &name[at + 1..]))
}

fn lower(name: &str) -> Text<'_> {
    if name.bytes().any(|it| it.is_ascii_uppercase()) {
        name.to_ascii_lowercase().into()
    } else {
        name.into()
    }
}

/// The character of an entity: those of XML and HTML, and character references.
fn character(name: &str) -> Text<'static> {
    if let Ok(Some(c)) = BytesRef::new(name).resolve_char_ref() {
        return c.to_string().into();
    }
    match entity(name) {
        Some(text) => text.into(),
        None => format!("&{name};").into(),
    }
}

fn entity(name: &str) -> Option<&'static str> {
    resolve_predefined_entity(name).or_else(|| resolve_html5_entity(name))
}

fn attributes<'a>(tag: &StartTag<'a>) -> Vec<Attribute<'a>> {
    let Some((content, name)) = tag.with_attributes() else {
        return Vec::new();
    };
    let mut attributes = Attributes::html(content, name);
    let read = attributes.with_checks(false).flatten().take(ATTRIBUTES);
    read.map(|it| (lower(it.key.0), unescaped(it.value)))
        .collect()
}

fn unescaped(value: Text<'_>) -> Text<'_> {
    if !value.contains('&') {
        return value;
    }
    match unescape_with(&value, entity) {
        Ok(text) => text.into_owned().into(),
        // A stray `&`.
        Err(_) => value.replace("&amp;", "&").into(),
    }
}

/// An element whose end has not come yet.
struct Open<'a> {
    name: Text<'a>,
    namespace: Text<'a>,
    attributes: Vec<Attribute<'a>>,
    /// Its place among the item's fields.
    field: Option<usize>,
}

/// The state of the reading.
struct Walk<'a, 'n> {
    names: &'n Names,
    open: Vec<Open<'a>>,
    /// The item that is being read.
    item: Option<Item<'a>>,
    /// Room for the fields of the next one.
    fields: Vec<Field<'a>>,
    /// Open elements beyond [`DEPTH`].
    skipped: usize,
    is_damaged: bool,
}

impl<'a> Walk<'a, '_> {
    /// Uses the room of an item that is done with: a sitemap has tens of thousands.
    fn reuse(&mut self, mut fields: Vec<Field<'a>>) {
        fields.clear();
        self.fields = fields;
    }

    /// Opens an element; an item that it ends is returned.
    fn start(&mut self, tag: StartTag<'a>) -> Option<Item<'a>> {
        let name = lower_local(tag.name());
        let attributes = attributes(&tag);
        let namespace = self.namespace(tag.name(), &attributes);
        let done = self.close_unended(&name, &namespace);
        if self.open.len() >= DEPTH {
            self.skipped += 1;
            return done;
        }
        let mut field = None;
        if self.item.is_some() {
            field = self.add_field(&name, &namespace, &attributes);
        } else if self.names.items.contains(&&*name) {
            let around = self.open.iter().map(|it| &it.attributes);
            let bases = around.chain([&attributes]);
            let bases = bases.filter_map(|it| value(it, "xml:base")).cloned();
            self.item = Some(Item {
                name: name.clone(),
                bases: bases.collect(),
                attributes: attributes.clone(),
                fields: std::mem::take(&mut self.fields),
            });
        }
        self.open.push(Open {
            name,
            namespace,
            attributes,
            field,
        });
        done
    }

    fn add_field(
        &mut self,
        name: &Text<'a>,
        namespace: &Text<'a>,
        attributes: &[Attribute<'a>],
    ) -> Option<usize> {
        let around = self.item_depth()?;
        let is_core = *namespace == self.open[around].namespace || namespace.is_empty();
        let parent = self.open.last()?.field;
        let fields = &mut self.item.as_mut()?.fields;
        if fields.len() >= FIELDS {
            return None;
        }
        fields.push(Field {
            name: name.clone(),
            around: parent,
            is_core,
            namespace: namespace.clone(),
            attributes: attributes.to_vec(),
            ..Field::default()
        });
        Some(fields.len() - 1)
    }

    /// Ends elements that the start of another shows to have no end of their own: an item at the start of
    /// the next, a title at the start of the link.
    fn close_unended(&mut self, name: &str, namespace: &str) -> Option<Item<'a>> {
        let around = self.item_depth()?;
        let is_same = |open: &Open<'_>| open.namespace == namespace;
        if self.names.items.contains(&name) && is_same(&self.open[around]) {
            self.is_damaged = true;
            return self.close(around);
        }
        let leaves = self.names.leaves;
        let inner = self.open.get(around + 1)?;
        let is_leaf = leaves.contains(&&*inner.name) && is_same(inner);
        if is_leaf && leaves.contains(&name) && is_same(&self.open[around]) {
            self.close(around + 1);
            self.is_damaged = true;
        }
        None
    }

    /// Ends the innermost element of this name and those in it.
    fn end(&mut self, name: &str) -> Option<Item<'a>> {
        if self.skipped > 0 && !self.names.items.contains(&name) {
            self.skipped -= 1;
            return None;
        }
        let Some(at) = self.open.iter().rposition(|it| it.name == name) else {
            self.is_damaged = true;
            return None;
        };
        self.is_damaged |= at + 1 < self.open.len();
        self.close(at)
    }

    /// Ends the elements from `at` on, and returns the item if it is one of them.
    fn close(&mut self, at: usize) -> Option<Item<'a>> {
        self.skipped = 0;
        let ends_item = self.item_depth().is_some_and(|around| at <= around);
        for (depth, open) in self.open.drain(at..).enumerate() {
            if let (Some(item), Some(field)) = (&mut self.item, open.field) {
                item.fields[field].is_whole = true;
                item.fields[field].has_end = depth == 0 && !ends_item;
            }
        }
        let mut item = self.item.take_if(|_| ends_item)?;
        item.set_parents();
        Some(item)
    }

    fn item_depth(&self) -> Option<usize> {
        self.item.as_ref()?;
        let items = self.names.items;
        self.open.iter().position(|it| items.contains(&&*it.name))
    }

    /// The text of an element; a title includes the text of the elements in it.
    fn text(&mut self, piece: Text<'a>) -> Option<Item<'a>> {
        let innermost = self.open.last().and_then(|it| it.field);
        let around = self.item_depth()?;
        let title = self.open.get(around + 1).filter(|it| it.name == "title");
        let title = title
            .and_then(|it| it.field)
            .filter(|it| Some(*it) != innermost);
        let fields = &mut self.item.as_mut()?.fields;
        for at in innermost.into_iter().chain(title) {
            let text = &mut fields[at].text;
            if text.len() + piece.len() > TEXT {
                continue;
            }
            if text.is_empty() {
                *text = piece.clone();
            } else {
                text.to_mut().push_str(&piece);
            }
        }
        None
    }

    /// The namespace of a start tag, by the declarations around it.
    fn namespace(&self, name: &'a str, attributes: &[Attribute<'a>]) -> Text<'a> {
        let prefix = name.split_once(':').map(|(prefix, _)| lower(prefix));
        let declares = |attribute: &&Attribute<'a>| match &prefix {
            None => attribute.0 == "xmlns",
            Some(prefix) => attribute.0.strip_prefix("xmlns:") == Some(&**prefix),
        };
        let around = self.open.iter().rev().map(|it| &it.attributes[..]);
        let declaration = std::iter::once(attributes)
            .chain(around)
            .find_map(|attributes| attributes.iter().find(declares));
        match declaration {
            Some((_, namespace)) => namespace.clone(),
            None => prefix.unwrap_or_default(),
        }
    }
}
