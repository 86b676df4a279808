//! Links and icons that say nothing: the `#` and `¶` that link to a heading, the arrow that leads back from
//! a footnote, the arrow after a link to another site.

use crate::page::{Id, Tag, Tree};

/// Nodes inside a sign.
const NODES: usize = 8;
/// Characters of a sign: `[#]`, `↩︎`.
const CHARS: usize = 4;
/// The longest label of a link to a heading, in bytes: 'Link to this section'.
const LABEL_BYTES: usize = 40;
/// Nodes of a heading that are searched for text besides the label.
const HEADING_NODES: usize = 60;
/// How far up a heading is looked for.
const REACH: usize = 4;

/// True for an element that is a sign and no word.
pub(super) fn is_sign(tree: &Tree<'_>, id: Id) -> bool {
    let tag = tree.tag(id);
    if !matches!(tag, Tag::A | Tag::Span | Tag::I | Tag::B | Tag::Sup) || tree.end(id) - id > NODES
    {
        return false;
    }
    if tag == Tag::A {
        let leads_here = tree.attr(id, "href").is_some_and(|href| href.contains('#'));
        let is_anchor = says(tree, id, is_anchor);
        let heading = || heading_of(tree, id);
        is_anchor && (leads_here || heading().is_some())
            || leads_here && heading().is_some_and(|heading| is_label(tree, id, heading))
    } else {
        tree.attr(id, "aria-hidden") == Some("true") && says(tree, id, is_arrow)
    }
}

/// True for an inline element that is nothing but a number, before or after all other text of its parent.
pub(super) fn is_number_at_edge(tree: &Tree<'_>, id: Id) -> bool {
    if tree.tag(id).is_block() || tree.end(id) - id > NODES || !says(tree, id, is_numeral) {
        return false;
    }
    let is_text = |&it: &Id| tree.text_bytes(it) > 0;
    let parent = tree.parent(id);
    let is_first = || !(parent + 1..id).take(NODES).any(|it| is_text(&it));
    let is_last = || {
        !(tree.end(id)..tree.end(parent))
            .take(NODES)
            .any(|it| is_text(&it))
    };
    is_first() || is_last()
}

fn is_numeral(c: char) -> bool {
    c.is_ascii_digit() || matches!(c, '(' | ')' | '.' | ',' | 'K' | 'k')
}

/// True where an element has text, and all of it is such characters.
fn says(tree: &Tree<'_>, id: Id, is_sign: fn(char) -> bool) -> bool {
    let mut count = 0;
    let texts = tree.descendants(id).filter_map(|it| tree.own_text(it));
    for c in texts.flat_map(str::chars).filter(|c| !c.is_whitespace()) {
        count += 1;
        if !is_sign(c) || count > CHARS {
            return false;
        }
    }
    count > 0
}

fn is_anchor(c: char) -> bool {
    is_arrow(c)
        || matches!(
            c,
            '#' | '¶' | '§' | '∞' | '^' | '[' | ']' | '⚓' | '\u{1F517}'
        )
}

/// Arrows, geometric shapes and the private use of icon fonts.
fn is_arrow(c: char) -> bool {
    matches!(c,
        '\u{2190}'..='\u{21FF}' | '\u{25A0}'..='\u{25FF}' | '\u{2900}'..='\u{297F}'
        | '\u{2B00}'..='\u{2BFF}' | '\u{E000}'..='\u{F8FF}' | '\u{FE0E}' | '\u{FE0F}' | '›' | '‹' | '»' | '#' | '¶')
}

fn heading_of(tree: &Tree<'_>, id: Id) -> Option<Id> {
    let mut near = tree.ancestors(id).take(REACH);
    near.find(|&it| tree.tag(it).heading_level().is_some())
}

/// True for 'Permalink' and the like: a link whose class says so, in a heading that says more.
fn is_label(tree: &Tree<'_>, id: Id, heading: Id) -> bool {
    const NAMES: [&str; 5] = [
        "anchor",
        "permalink",
        "headerlink",
        "hash-link",
        "heading-link",
    ];
    let class = tree.attr(id, "class").unwrap_or_default();
    if !NAMES.iter().any(|name| class.contains(name)) {
        return false;
    }
    let bytes = |it: Id| tree.text_bytes(it);
    let own: usize = tree.descendants(id).map(bytes).sum();
    let mut others = tree.descendants(heading).take(HEADING_NODES);
    own <= LABEL_BYTES && others.any(|it| !tree.is_within(it, id) && bytes(it) > 0)
}
