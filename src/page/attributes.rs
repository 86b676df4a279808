//! The attributes of a page's tags, apart from the tree: each tag's are a list with a number. The tree builder
//! reads hardly any of them. So a list passes it by or goes through it as one attribute without a name, whose
//! value is the list's number, and neither the builder nor the tree copies names or values.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::hash::BuildHasher;
use std::ops::Range;

use foldhash::fast::FixedState;
use html5ever::tendril::StrTendril;
use html5ever::{Attribute, LocalName, QualName, local_name, ns};

use crate::page::source::{Source, Span};

/// The most attributes of one element, over all of its tags; the others are dropped, because each is compared
/// with those before it.
pub const MOST_ATTRIBUTES: usize = 256;

/// An attribute as the page has it, its name in lower case.
#[derive(Debug, Clone, Copy)]
pub struct Attr {
    pub name: Span,
    pub value: Span,
}

/// The number of a list; [`NO_LIST`] where there are no attributes.
pub type List = u32;

/// The number of no list.
pub const NO_LIST: List = u32::MAX;

/// All lists of a page.
#[derive(Debug, Default)]
pub struct Attributes {
    all: Vec<Attr>,
    lists: Vec<Range<u32>>,
    /// By a hash of their attributes, the lists of formatting elements.
    shared: HashMap<u64, List, FixedState>,
}

impl Attributes {
    /// Every attribute of every list.
    pub fn all(&self) -> &[Attr] {
        &self.all
    }

    /// The places of a list's attributes among all.
    pub fn range(&self, list: List) -> Range<usize> {
        let range = self.lists.get(list as usize);
        range.map_or(0..0, |it| it.start as usize..it.end as usize)
    }

    /// The attributes of a list.
    pub fn of(&self, list: List) -> &[Attr] {
        &self.all[self.range(list)]
    }

    /// Adds a list.
    pub fn add(&mut self, attributes: &[Attr]) -> List {
        if attributes.is_empty() {
            return NO_LIST;
        }
        let place = |it: usize| u32::try_from(it).unwrap_or(u32::MAX);
        let start = place(self.all.len());
        self.all.extend_from_slice(attributes);
        self.lists.push(start..place(self.all.len()));
        place(self.lists.len() - 1)
    }

    /// Forgets a list that no element took, if it is the last one: tags that make no element cost no memory.
    pub fn forget(&mut self, list: List) {
        if list as usize + 1 == self.lists.len()
            && let Some(range) = self.lists.pop()
        {
            self.all.truncate(range.start as usize);
        }
    }

    /// Adds the list of a formatting element. Equal lists get the same number, because the builder keeps only three
    /// such elements with equal attributes (HTML 13.2.4.3), in any order.
    pub fn add_shared(&mut self, attributes: &[Attr], source: &Source) -> List {
        if attributes.is_empty() {
            return NO_LIST;
        }
        let hash = hash(attributes, source);
        let known = self.shared.get(&hash).copied();
        if let Some(list) = known.filter(|&it| are_equal(self.of(it), attributes, source)) {
            return list;
        }
        let list = self.add(attributes);
        self.shared.insert(hash, list);
        list
    }

    /// The list of an element to which the attributes of another tag are added, as far as it does not have them and
    /// has room.
    pub fn merge(&mut self, list: List, more: List, source: &Source) -> List {
        let mut held = self.of(list).to_vec();
        let room = MOST_ATTRIBUTES.saturating_sub(held.len());
        held.sort_by(|a, b| order(a.name, b.name, source));
        let is_new = |it: &&Attr| {
            let found = held.binary_search_by(|held| order(held.name, it.name, source));
            found.is_err()
        };
        let new = self.of(more).iter().take(room).filter(is_new);
        let new: Vec<Attr> = new.copied().collect();
        if new.is_empty() {
            return list;
        }
        held.extend(new);
        self.add(&held)
    }
}

fn order(a: Span, b: Span, source: &Source) -> Ordering {
    source.read(a, |a| source.read(b, |b| a.cmp(b)))
}

fn hash(attributes: &[Attr], source: &Source) -> u64 {
    let hash = |span: Span| source.read(span, |it| FixedState::default().hash_one(it));
    // A sum, in which the order does not show.
    attributes.iter().fold(0, |sum: u64, it| {
        sum.wrapping_add(hash(it.name) ^ hash(it.value).rotate_left(32))
    })
}

fn is_equal(a: Span, b: Span, source: &Source) -> bool {
    a == b || source.read(a, |a| source.read(b, |b| a == b))
}

fn are_equal(a: &[Attr], b: &[Attr], source: &Source) -> bool {
    let is_same =
        |a: &Attr, b: &Attr| is_equal(a.name, b.name, source) && is_equal(a.value, b.value, source);
    a.len() == b.len() && a.iter().all(|a| b.iter().any(|b| is_same(a, b)))
}

/// Bits of a list's number that a character holds.
const BITS: u32 = 15;
/// Every number of so many bits is a character above this one.
const FIRST_CHARACTER: u32 = 0x20;

/// What stands for a list on its way through the builder. No attribute of a page has an empty name.
pub fn ticket(list: List) -> Attribute {
    let character = |bits: u32| {
        let number = FIRST_CHARACTER + (bits & ((1 << BITS) - 1));
        char::from_u32(number).unwrap_or_default()
    };
    // The lower bits first; few pages need the others.
    let mut value = StrTendril::from_char(character(list));
    if list >> BITS != 0 {
        value.push_char(character(list >> BITS));
    }
    Attribute {
        name: QualName::new(None, ns!(), local_name!("")),
        value,
    }
}

/// The number of the list that came out of the builder.
pub fn list_of(attributes: &[Attribute]) -> List {
    let Some(ticket) = attributes.first().filter(|it| it.name.local.is_empty()) else {
        return NO_LIST;
    };
    let bits = ticket
        .value
        .chars()
        .map(|it| u32::from(it) - FIRST_CHARACTER);
    bits.rev().fold(0, |list, bits| list << BITS | bits)
}

/// The attributes that the builder does read, besides the ticket.
pub fn read_by_builder(tag: &LocalName) -> &'static [&'static str] {
    match *tag {
        local_name!("input") => &["type"],
        local_name!("font") => &["color", "face", "size"],
        local_name!("annotation-xml") => &["encoding"],
        _ => &[],
    }
}

/// True for elements that the builder makes for a tag of their own alone, and whose attributes it does not look at:
/// those pass it by, without a ticket.
pub fn pass_by(tag: &LocalName) -> bool {
    matches!(
        *tag,
        local_name!("div")
            | local_name!("span")
            | local_name!("li")
            | local_name!("p")
            | local_name!("img")
            | local_name!("ul")
            | local_name!("h1")
            | local_name!("h2")
            | local_name!("h3")
            | local_name!("h4")
            | local_name!("section")
            | local_name!("article")
            | local_name!("figure")
            | local_name!("source")
            | local_name!("link")
            | local_name!("meta")
            | local_name!("time")
            | local_name!("button")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_s_number_survives_the_way_through_the_builder() {
        for list in [0, 1, 0x7FFF, 0x8000, 123_456_789, (1 << 30) - 1] {
            assert_eq!(list_of(&[ticket(list)]), list);
        }
        assert_eq!(list_of(&[]), NO_LIST);
    }

    #[test]
    fn equal_lists_of_formatting_elements_have_one_number_in_any_order() {
        let source = Source::new("ab");
        let (a, b) = (source.span(0, 1), source.span(1, 2));
        let again = source.make(|made| made.push('a'));
        let attr = |name, value| Attr { name, value };
        let mut attributes = Attributes::default();
        let mut add = |it: Vec<Attr>| attributes.add_shared(&it, &source);
        let first = add(vec![attr(a, b), attr(b, b)]);
        assert_eq!(add(vec![attr(b, b), attr(again, b)]), first);
        assert_ne!(add(vec![attr(b, b), attr(a, a)]), first);
        assert_eq!(add(vec![]), NO_LIST);
    }

    #[test]
    fn only_the_last_list_is_forgotten() {
        let source = Source::new("ab");
        let (name, value) = (source.span(0, 1), source.span(1, 2));
        let mut attributes = Attributes::default();
        let lists = [0; 3].map(|_| attributes.add(&[Attr { name, value }]));
        attributes.forget(NO_LIST);
        attributes.forget(lists[1]);
        assert_eq!(attributes.all().len(), 3);
        attributes.forget(lists[2]);
        assert_eq!(attributes.all().len(), 2);
        assert_eq!(attributes.add(&[Attr { name, value }]), lists[2]);
    }

    #[test]
    fn an_element_takes_what_it_lacks_of_another_tag() {
        let source = Source::new("abc");
        let attr = |name: usize, value: usize| Attr {
            name: source.span(name, name + 1),
            value: source.span(value, value + 1),
        };
        let mut attributes = Attributes::default();
        let list = attributes.add(&[attr(0, 0)]);
        let more = attributes.add(&[attr(0, 1), attr(1, 2)]);
        let merged = attributes.merge(list, more, &source);
        let values: Vec<_> = attributes.of(merged).iter().map(|it| it.value).collect();
        assert_eq!(values, [source.span(0, 1), source.span(2, 3)]);
        assert_eq!(attributes.merge(merged, more, &source), merged);
        assert_eq!(attributes.merge(NO_LIST, list, &source), list + 2 + 1);
    }
}
