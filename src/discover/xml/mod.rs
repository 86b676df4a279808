//! The items of a feed or sitemap out of XML that may be damaged: stray `&` and `<`, elements that are not
//! closed, text before the XML, an end that is missing. One damaged item does not cost the others.

mod stray;

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::escape::{resolve_html5_entity, resolve_predefined_entity, unescape_with};
use quick_xml::events::{BytesRef, BytesStart, Event};

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

/// An attribute: its name with prefix in lower case, and its value.
type Attribute = (String, String);

/// An element inside an item.
#[derive(Debug, Default)]
pub(super) struct Field {
    /// The local name in lower case.
    pub(super) name: String,
    /// The local name of the element around it.
    pub(super) parent: String,
    /// True if it is in the namespace of the item.
    pub(super) is_core: bool,
    /// The address of its namespace, or an undeclared prefix.
    pub(super) namespace: String,
    pub(super) attributes: Vec<Attribute>,
    pub(super) text: String,
    /// False if the document broke off in it.
    pub(super) is_whole: bool,
    /// The place of the element around it, unless that is the item.
    around: Option<usize>,
    /// False if another element ended it.
    has_end: bool,
}

impl Field {
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        value(&self.attributes, name)
    }
}

/// An item of a feed or sitemap.
#[derive(Debug, Default)]
pub(super) struct Item {
    pub(super) name: String,
    pub(super) attributes: Vec<Attribute>,
    pub(super) fields: Vec<Field>,
    /// The values of `xml:base` of the item and the elements around it, outermost first.
    pub(super) bases: Vec<String>,
}

impl Item {
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        value(&self.attributes, name)
    }

    /// Names each field's parent. An element without an end of its own holds nothing: what follows it belongs
    /// to the element around it.
    fn set_parents(&mut self) {
        for at in 0..self.fields.len() {
            let mut around = self.fields[at].around;
            while let Some(outer) = around.filter(|it| !self.fields[*it].has_end) {
                around = self.fields[outer].around;
            }
            let parent = around.map_or(&self.name, |outer| &self.fields[outer].name);
            self.fields[at].parent = parent.clone();
        }
    }

    /// The whole fields that are directly in the item, in any namespace.
    pub(super) fn direct(&self) -> impl Iterator<Item = &Field> {
        let fields = self.fields.iter();
        fields.filter(|it| it.is_whole && it.parent == self.name)
    }

    /// Those of a name in the item's namespace.
    pub(super) fn own<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Field> {
        self.direct()
            .filter(move |it| it.is_core && it.name == name)
    }
}

fn value<'a>(attributes: &'a [Attribute], name: &str) -> Option<&'a str> {
    let found = attributes.iter().find(|(known, _)| known == name);
    found.map(|(_, value)| value.as_str())
}

/// Calls `take` with each item until it returns false. Returns whether something had to be repaired or is
/// missing; `None` if no element is one of `roots`.
pub(super) fn items(
    text: &str,
    roots: &[&str],
    names: &Names,
    mut take: impl FnMut(Item) -> bool,
) -> Option<bool> {
    let start = root_start(text, roots)?;
    let before = text[..start].trim();
    let is_first = before.is_empty() || before.starts_with("<?") || before.starts_with("<!");
    let (text, strayed) = stray::escaped(&text[start..]);
    let mut reader = Reader::from_str(&text);
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_dangling_amp = true;
    config.allow_unmatched_ends = true;
    config.expand_empty_elements = true;
    let mut walk = Walk {
        names,
        open: Vec::new(),
        item: None,
        skipped: 0,
        is_damaged: strayed || !is_first,
    };
    let mut goes_on = true;
    while goes_on {
        let done = match reader.read_event() {
            Ok(Event::Start(tag)) => walk.start(&tag),
            Ok(Event::End(tag)) => walk.end(&lower_local(tag.name().as_ref())),
            Ok(Event::Text(piece)) => {
                // Entities come as events of their own.
                walk.is_damaged |= piece.contains('&');
                walk.text(&piece)
            }
            Ok(Event::CData(piece)) => walk.text(&piece),
            Ok(Event::GeneralRef(name)) => walk.text(&character(&name)),
            Ok(Event::Eof) => break,
            Ok(_) => None,
            Err(_) => {
                walk.is_damaged = true;
                break;
            }
        };
        goes_on &= done.is_none_or(&mut take);
    }
    if goes_on && !walk.open.is_empty() {
        walk.is_damaged = true;
        walk.item.take().map(|mut item| {
            item.set_parents();
            take(item)
        });
    }
    Some(walk.is_damaged)
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
        if roots.contains(&name.as_str()) {
            return Some(start);
        }
        if matches!(name.as_str(), "html" | "head" | "body") {
            return None;
        }
        at = start + 1 + skipped;
    }
    None
}

/// The name without its prefix in lower case.
fn lower_local(name: &str) -> String {
    let local = name.rsplit(':').next().unwrap_or_default();
    local.to_ascii_lowercase()
}

/// The character of an entity: those of XML and HTML, and character references.
fn character(name: &BytesRef<'_>) -> Cow<'static, str> {
    if let Ok(Some(c)) = name.resolve_char_ref() {
        return c.to_string().into();
    }
    match entity(name) {
        Some(text) => text.into(),
        None => format!("&{};", name.as_ref()).into(),
    }
}

fn entity(name: &str) -> Option<&'static str> {
    resolve_predefined_entity(name).or_else(|| resolve_html5_entity(name))
}

fn attributes(tag: &BytesStart<'_>) -> Vec<Attribute> {
    let mut attributes = tag.html_attributes();
    let read = attributes.with_checks(false).flatten().take(ATTRIBUTES);
    read.map(|it| {
        let value = match unescape_with(&it.value, entity) {
            Ok(value) => value.into_owned(),
            // A stray `&`.
            Err(_) => it.value.replace("&amp;", "&"),
        };
        (it.key.as_ref().to_ascii_lowercase(), value)
    })
    .collect()
}

/// An element whose end has not come yet.
struct Open {
    name: String,
    namespace: String,
    attributes: Vec<Attribute>,
    /// Its place among the item's fields.
    field: Option<usize>,
}

/// The state of the reading.
struct Walk<'a> {
    names: &'a Names,
    open: Vec<Open>,
    /// The item that is being read.
    item: Option<Item>,
    /// Open elements beyond [`DEPTH`].
    skipped: usize,
    is_damaged: bool,
}

impl Walk<'_> {
    /// Opens an element; an item that it ends is returned.
    fn start(&mut self, tag: &BytesStart<'_>) -> Option<Item> {
        let name = lower_local(tag.name().as_ref());
        let attributes = attributes(tag);
        let namespace = self.namespace(tag, &attributes);
        let done = self.close_unended(&name, &namespace);
        if self.open.len() >= DEPTH {
            self.skipped += 1;
            return done;
        }
        let mut field = None;
        if self.item.is_some() {
            field = self.add_field(&name, &namespace, &attributes);
        } else if self.names.items.contains(&name.as_str()) {
            let outer = self
                .open
                .iter()
                .filter_map(|it| value(&it.attributes, "xml:base"));
            let own = value(&attributes, "xml:base");
            self.item = Some(Item {
                name: name.clone(),
                bases: outer.chain(own).map(str::to_owned).collect(),
                attributes: attributes.clone(),
                fields: Vec::new(),
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
        name: &str,
        namespace: &str,
        attributes: &[Attribute],
    ) -> Option<usize> {
        let around = self.item_depth()?;
        let is_core = namespace == self.open[around].namespace || namespace.is_empty();
        let parent = self.open.last()?.field;
        let fields = &mut self.item.as_mut()?.fields;
        if fields.len() >= FIELDS {
            return None;
        }
        fields.push(Field {
            name: name.to_owned(),
            around: parent,
            is_core,
            namespace: namespace.to_owned(),
            attributes: attributes.to_vec(),
            ..Field::default()
        });
        Some(fields.len() - 1)
    }

    /// Ends elements that the start of another shows to have no end of their own: an item at the start of
    /// the next, a title at the start of the link.
    fn close_unended(&mut self, name: &str, namespace: &str) -> Option<Item> {
        let around = self.item_depth()?;
        let is_same = |open: &Open| open.namespace == namespace;
        if self.names.items.contains(&name) && is_same(&self.open[around]) {
            self.is_damaged = true;
            return self.close(around);
        }
        let leaves = self.names.leaves;
        let inner = self.open.get(around + 1)?;
        let is_leaf = leaves.contains(&inner.name.as_str()) && is_same(inner);
        if is_leaf && leaves.contains(&name) && is_same(&self.open[around]) {
            self.close(around + 1);
            self.is_damaged = true;
        }
        None
    }

    /// Ends the innermost element of this name and those in it.
    fn end(&mut self, name: &str) -> Option<Item> {
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
    fn close(&mut self, at: usize) -> Option<Item> {
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
        self.open
            .iter()
            .position(|it| items.contains(&it.name.as_str()))
    }

    /// The text of an element; a title includes the text of the elements in it.
    fn text(&mut self, piece: &str) -> Option<Item> {
        let innermost = self.open.last().and_then(|it| it.field);
        let around = self.item_depth()?;
        let title = self.open.get(around + 1).filter(|it| it.name == "title");
        let title = title
            .and_then(|it| it.field)
            .filter(|it| Some(*it) != innermost);
        let fields = &mut self.item.as_mut()?.fields;
        for at in innermost.into_iter().chain(title) {
            let text = &mut fields[at].text;
            if text.len() + piece.len() <= TEXT {
                text.push_str(piece);
            }
        }
        None
    }

    /// The namespace of a start tag, by the declarations around it.
    fn namespace(&self, tag: &BytesStart<'_>, attributes: &[Attribute]) -> String {
        let name = tag.name().as_ref().to_ascii_lowercase();
        let prefix = name.split_once(':').map(|(prefix, _)| prefix);
        let declaration = prefix.map_or_else(|| "xmlns".to_owned(), |it| format!("xmlns:{it}"));
        let around = self.open.iter().rev().map(|it| &it.attributes[..]);
        std::iter::once(attributes)
            .chain(around)
            .find_map(|attributes| value(attributes, &declaration))
            .map_or_else(|| prefix.unwrap_or_default().to_owned(), str::to_owned)
    }
}
