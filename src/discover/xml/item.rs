//! The items of a feed or sitemap and what stands in them.

use std::borrow::Cow;

/// A part of the text, which is copied only where it is written otherwise there.
pub(super) type Text<'a> = Cow<'a, str>;
/// An attribute: its name with prefix in lower case, and its value.
pub(super) type Attribute<'a> = (Text<'a>, Text<'a>);

/// An element inside an item.
#[derive(Debug, Default)]
pub(in crate::discover) struct Field<'a> {
    /// The local name in lower case.
    pub(in crate::discover) name: Text<'a>,
    /// True if it is in the namespace of the item.
    pub(in crate::discover) is_core: bool,
    /// The address of its namespace, or an undeclared prefix.
    pub(in crate::discover) namespace: Text<'a>,
    pub(super) attributes: Vec<Attribute<'a>>,
    pub(in crate::discover) text: Text<'a>,
    /// False if the document broke off in it.
    pub(in crate::discover) is_whole: bool,
    /// The place of the element around it, unless that is the item.
    pub(super) around: Option<usize>,
    /// False if another element ended it.
    pub(super) has_end: bool,
}

impl Field<'_> {
    pub(in crate::discover) fn attribute(&self, name: &str) -> Option<&str> {
        value(&self.attributes, name).map(|it| &**it)
    }
}

/// An item of a feed or sitemap.
#[derive(Debug, Default)]
pub(in crate::discover) struct Item<'a> {
    pub(in crate::discover) name: Text<'a>,
    pub(super) attributes: Vec<Attribute<'a>>,
    pub(super) fields: Vec<Field<'a>>,
    /// The values of `xml:base` of the item and the elements around it, outermost first.
    pub(in crate::discover) bases: Vec<Text<'a>>,
}

impl<'a> Item<'a> {
    pub(in crate::discover) fn attribute(&self, name: &str) -> Option<&str> {
        value(&self.attributes, name).map(|it| &**it)
    }

    /// Finds each field's parent. An element without an end of its own holds nothing: what follows it belongs
    /// to the element around it.
    pub(super) fn set_parents(&mut self) {
        for at in 0..self.fields.len() {
            let mut around = self.fields[at].around;
            while let Some(outer) = around.filter(|it| !self.fields[*it].has_end) {
                around = self.fields[outer].around;
            }
            self.fields[at].around = around;
        }
    }

    /// The local name of the element around a field.
    pub(in crate::discover) fn parent(&self, field: &Field<'a>) -> &str {
        field.around.map_or(&self.name, |it| &self.fields[it].name)
    }

    /// The whole fields, in any element of the item.
    pub(in crate::discover) fn whole(&self) -> impl Iterator<Item = &Field<'a>> {
        self.fields.iter().filter(|it| it.is_whole)
    }

    /// The whole fields that are directly in the item, in any namespace.
    pub(in crate::discover) fn direct(&self) -> impl Iterator<Item = &Field<'a>> {
        self.whole().filter(|it| self.parent(it) == self.name)
    }

    /// Those of a name in the item's namespace.
    pub(in crate::discover) fn own(&self, name: &str) -> impl Iterator<Item = &Field<'a>> {
        self.direct()
            .filter(move |it| it.is_core && it.name == name)
    }
}

pub(super) fn value<'s, 'a>(attributes: &'s [Attribute<'a>], name: &str) -> Option<&'s Text<'a>> {
    let found = attributes.iter().find(|(known, _)| known == name);
    found.map(|(_, value)| value)
}
