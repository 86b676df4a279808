//! Pitches for newsletters: a field for an address, and around it the heading and the sentences that ask for it.

use crate::extract::segment::structural::{Found, Layout};
use crate::page::{Id, Tag, Tree};

/// The rule that marks a pitch.
const RULE: &str = "mail-fields";
/// A pitch has at most so many bytes of text…
const MOST: usize = 700;
/// …and this share of the page's text.
const SHARE: f64 = 0.2;
/// Elements above a field that are looked at.
const LEVELS: usize = 8;
/// Fields of one page that are looked at.
const FIELDS: usize = 40;

/// Finds the pitches of a page.
pub(super) fn find(layout: &Layout<'_, '_>, found: &mut Vec<Found>) {
    let tree = layout.tree;
    let fields = tree
        .elements(Tag::Input)
        .filter(|&id| asks_for_mail(tree, id));
    for field in fields.take(FIELDS) {
        found.extend(pitch(layout, field).map(|id| (id, RULE)));
    }
}

/// True for a field that asks for an address, and for nothing else, as a search would.
fn asks_for_mail(tree: &Tree<'_>, id: Id) -> bool {
    let is = |name: &str, value: &str| {
        let own = tree.attr(id, name).unwrap_or_default();
        own.eq_ignore_ascii_case(value)
    };
    let says_mail = |name: &str| {
        let own = tree.attr(id, name).unwrap_or_default().to_ascii_lowercase();
        own.contains("email") || own.contains("e-mail") || own.contains("correo")
    };
    is("type", "email") || is("type", "text") && (says_mail("name") || says_mail("placeholder"))
}

/// The largest element around the field that holds little else: a box, not the text around it.
fn pitch(layout: &Layout<'_, '_>, field: Id) -> Option<Id> {
    let tree = layout.tree;
    let most = (layout.of(0).all as f64 * SHARE) as usize;
    let mut around = None;
    for id in tree.ancestors(field).take(LEVELS) {
        let is_box = matches!(
            tree.tag(id),
            Tag::Form
                | Tag::Fieldset
                | Tag::Div
                | Tag::Section
                | Tag::Aside
                | Tag::P
                | Tag::Label
                | Tag::Span
                | Tag::Figure
                | Tag::Other
        );
        let amount = layout.of(id);
        if !is_box || amount.all > MOST.min(most) || amount.headlines > 0 {
            break;
        }
        if holds_fields_of_a_comment(tree, id) {
            return None;
        }
        around = Some(id);
        // A box with a sentence of its own is whole.
        if amount.prose > 0 && tree.tag(id) != Tag::Form {
            break;
        }
    }
    around
}

/// True for a form with a field for text: for comments, or to write to the editors.
fn holds_fields_of_a_comment(tree: &Tree<'_>, id: Id) -> bool {
    tree.descendants(id).any(|it| tree.tag(it) == Tag::Textarea)
}
