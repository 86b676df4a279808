//! Inline markup around far more than its tag can mean, as where a tag was never closed: a link around the
//! article is none, nor is the type that most of a page is set in an emphasis.

use std::collections::HashSet;

use crate::extract::segment::blocks::Blocks;
use crate::page::{Id, Tag, Tree};

/// A link around this much text, in bytes…
const LINK_BYTES: usize = 900;
/// …in this many pieces of prose is none.
const LINK_PROSE: usize = 3;
/// The least length of a piece of prose, in bytes.
const PROSE_BYTES: usize = 80;
/// A page with this many characters or more…
const ENOUGH_CHARS: usize = 1000;
/// …of which this share has one type, is set in it.
const MOST: f64 = 0.7;

/// The links around so much prose that they are none. Parsers repeat a link that is not closed in each
/// block below it: links to one address that follow each other count together.
pub(super) fn links_around_prose(tree: &Tree<'_>) -> HashSet<Id> {
    let mut found = HashSet::new();
    let mut run = Run::default();
    let mut id = 0;
    while id < tree.len() {
        let is_link = tree.tag(id) == Tag::A;
        let Some(href) = is_link.then(|| tree.attr(id, "href")).flatten() else {
            id += 1;
            continue;
        };
        if run.href != Some(href) {
            run.end(&mut found);
            run.href = Some(href);
        }
        run.add(tree, id);
        id = tree.end(id);
    }
    run.end(&mut found);
    found
}

/// Links to one address that follow each other.
#[derive(Default)]
struct Run<'p> {
    href: Option<&'p str>,
    links: Vec<Id>,
    bytes: usize,
    prose: usize,
}

impl Run<'_> {
    fn add(&mut self, tree: &Tree<'_>, link: Id) {
        self.links.push(link);
        for id in tree.descendants(link) {
            let bytes = tree.text_bytes(id);
            self.bytes += bytes;
            self.prose += usize::from(bytes >= PROSE_BYTES);
            // A link in a link to elsewhere, which only misnested markup has.
            if tree.tag(id) == Tag::A {
                self.links.push(id);
            }
        }
    }

    fn end(&mut self, found: &mut HashSet<Id>) {
        if self.bytes >= LINK_BYTES && self.prose >= LINK_PROSE {
            found.extend(self.links.drain(..));
        }
        *self = Run::default();
    }
}

/// Takes back the emphasis of a page that is set in bold type or in italics as a whole.
pub(super) fn drop_type_of_most(blocks: &mut Blocks) {
    let (mut chars, mut strong, mut emphasis) = (0, 0, 0);
    for block in &blocks.list {
        chars += block.chars;
        strong += block.strong_chars;
        emphasis += block.emphasis_chars;
    }
    if chars < ENOUGH_CHARS {
        return;
    }
    let is_most = |part: usize| part as f64 > chars as f64 * MOST;
    (blocks.all_strong, blocks.all_emphasis) = (is_most(strong), is_most(emphasis));
    for block in &mut blocks.list {
        if blocks.all_strong {
            block.strong_chars = 0;
        }
        if blocks.all_emphasis {
            block.emphasis_chars = 0;
        }
    }
}
