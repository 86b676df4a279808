//! Finds threads of readers' comments where an article stands outside them. Selectors cannot: many sites
//! generate their class names, and a thread may be longer than its article.

mod words;

use crate::extract::segment::structural::{Found, Layout};
use crate::extract::segment::threads::words::{Naming, naming};
use crate::page::{Id, Tag, Tree};

/// A page has an article if it has this much prose before the comments, in bytes.
const ARTICLE: usize = 160;

/// Marks the threads of a page.
pub(super) fn find(layout: &Layout<'_, '_>, found: &mut Vec<Found>) {
    let tree = layout.tree;
    let namings = Namings::new(tree);
    let mut end = 0;
    for id in 0..tree.len() {
        if id < end || namings.of(tree, id) != Naming::Sure || !is_container(tree.tag(id)) {
            continue;
        }
        let own = layout.of(id);
        // What holds the headline is a wrapper.
        if layout.between(0, id).prose >= ARTICLE && own.headlines == 0 && own.all > 0 {
            found.push((id, "named-thread"));
            end = tree.end(id);
        }
    }
}

/// How surely the id and the class of each element name comments.
struct Namings {
    of_class: Vec<Naming>,
}

impl Namings {
    fn new(tree: &Tree<'_>) -> Namings {
        let mut buffer = String::new();
        let classes = tree.classes().iter();
        Namings {
            of_class: classes.map(|class| naming(class, &mut buffer)).collect(),
        }
    }

    fn of(&self, tree: &Tree<'_>, id: Id) -> Naming {
        let class = tree.class(id).map_or(Naming::None, |it| self.of_class[it]);
        let own = tree.attr(id, "id").map(|it| naming(it, &mut String::new()));
        class.max(own.unwrap_or(Naming::None))
    }
}

/// True for elements that sites put a thread into.
fn is_container(tag: Tag) -> bool {
    tag.is_block() && !matches!(tag, Tag::Root | Tag::Html | Tag::Body | Tag::Main | Tag::P)
}
