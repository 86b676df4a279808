//! The role of a block, according to the elements around it.

use std::collections::HashMap;

use foldhash::fast::RandomState;

use crate::article::Role;
use crate::page::{Id, Tag, Tree};

/// Nodes of a list item that are searched for paragraphs.
const ITEM_NODES: usize = 400;
/// A heading that holds more bytes of text was not closed where it ends.
const HEADING_BYTES: usize = 500;
/// The longest first line of such an element that is its heading, in characters.
const HEADING_CHARS: usize = 200;

/// Finds the roles of a page's blocks.
pub(super) struct Roles<'t, 'a> {
    pub(super) tree: &'t Tree<'a>,
    /// Headings that hold more than a heading, each with its first text.
    swallowing: HashMap<Id, Option<Id>, RandomState>,
    /// An element that gives the blocks directly inside no role: most blocks of a page have one parent.
    plain: Option<Id>,
}

impl<'t, 'a> Roles<'t, 'a> {
    pub(super) fn new(tree: &'t Tree<'a>) -> Self {
        Roles {
            tree,
            swallowing: HashMap::default(),
            plain: None,
        }
    }

    /// The role and the level of a block that begins at `first`; the nearest element decides.
    pub(super) fn of(&mut self, owner: Id, first: Id, chars: usize) -> (Role, u8) {
        let tree = self.tree;
        let mut is_plain = true;
        for id in std::iter::once(owner).chain(tree.ancestors(owner)) {
            if id != owner && self.plain == Some(id) {
                return (Role::Paragraph, 0);
            }
            let tag = tree.tag(id);
            if let Some(level) = tag.heading_level() {
                if self.heads(id, first, chars) {
                    return (Role::Heading, level);
                }
                is_plain = false;
            }
            match tag {
                // An item of several paragraphs is a container.
                Tag::Li if holds_paragraphs(tree, id) => {}
                Tag::Li | Tag::Dt | Tag::Dd => return (Role::List, list_depth(tree, id)),
                Tag::Blockquote => return (Role::Quote, 0),
                Tag::Figcaption => return (Role::Caption, 0),
                Tag::Pre => return (Role::Code, 0),
                Tag::Tr if id == owner => return (Role::Table, 0),
                Tag::Article | Tag::Main | Tag::Section | Tag::Body | Tag::Table => {
                    is_plain &= id != owner;
                    break;
                }
                _ => {}
            }
        }
        if is_plain {
            self.plain = Some(tree.parent(owner));
        }
        (Role::Paragraph, 0)
    }

    /// True where a block is (part of) the heading that an element around it says it is. Of a heading that
    /// was never closed only the first text is one.
    fn heads(&mut self, heading: Id, first: Id, chars: usize) -> bool {
        let tree = self.tree;
        let begins = self.swallowing.entry(heading).or_insert_with(|| {
            let mut texts = tree.descendants(heading).filter_map(|id| {
                let bytes = tree.text_bytes(id);
                (bytes > 0).then_some((id, bytes))
            });
            let (begins, mut bytes) = texts.next()?;
            let is_long = texts.any(|(_, more)| {
                bytes += more;
                bytes > HEADING_BYTES
            });
            (is_long || bytes > HEADING_BYTES).then_some(begins)
        });
        begins.is_none_or(|begins| first == begins && chars <= HEADING_CHARS)
    }
}

fn holds_paragraphs(tree: &Tree<'_>, item: Id) -> bool {
    let is_paragraph = |&id: &Id| tree.tag(id) == Tag::P;
    let near = tree.descendants(item).take(ITEM_NODES);
    near.filter(is_paragraph).nth(2).is_some()
}

fn list_depth(tree: &Tree<'_>, item: Id) -> u8 {
    let lists = tree
        .ancestors(item)
        .filter(|&id| matches!(tree.tag(id), Tag::Ul | Tag::Ol | Tag::Dl));
    u8::try_from(lists.count()).unwrap_or(u8::MAX)
}

#[cfg(test)]
mod tests {
    use crate::article::Role;
    use crate::extract::rules::{BUILT_IN, site::SiteRules};
    use crate::extract::segment::blocks::Blocks;
    use crate::extract::segment::marks::Marks;
    use crate::limits::Limits;
    use crate::page::{Document, Input};

    fn roles(html: &str) -> Vec<Role> {
        let document = Document::parse(&Input::new(html.as_bytes()), &Limits::DEFAULT);
        let tree = document.page().tree;
        let marks = Marks::new(&tree, &BUILT_IN, &SiteRules::new(Vec::new()));
        let blocks = Blocks::new(&tree, &BUILT_IN, &marks, 100);
        blocks.list.iter().map(|block| block.role).collect()
    }

    #[test]
    fn what_one_block_shows_of_its_parent_holds_for_the_next() {
        use Role::{Heading, List, Paragraph, Quote, Table};
        let quoted = "<blockquote><section>One</section><p>Two</p><p>Three</p></blockquote>";
        assert_eq!(roles(quoted), [Paragraph, Quote, Quote]);
        let text =
            "<div><p>One</p><h2>Two</h2><p>Three</p><ul><li>Four</ul><div><p>Five</p></div></div>";
        assert_eq!(
            roles(text),
            [Paragraph, Heading, Paragraph, List, Paragraph]
        );
        let table = "<table><tr><td>a<td>b<tr><td>c<td>d</table><p>Two</p>";
        assert_eq!(roles(table), [Table, Table, Paragraph]);
    }
}
