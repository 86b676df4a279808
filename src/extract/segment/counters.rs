//! The numbers of slides before their captions: `1 / 5`, `2 of 7`.

use std::collections::{HashMap, HashSet};

use foldhash::fast::RandomState;

use crate::extract::segment::structural::{Found, Layout};
use crate::page::text::trim;
use crate::page::{Id, Tag};

/// The rule that marks a counter.
const RULE: &str = "slide-counters";
/// A counter has at most so many bytes of text.
const BYTES: usize = 24;
/// Fewer counters with one total may be scores or dates.
const FEWEST: usize = 3;
/// No gallery has more slides.
const MOST_SLIDES: u32 = 400;

/// Finds the counters of a page: at least three that count to the same total, one up from another.
pub(super) fn find(layout: &Layout<'_, '_>, found: &mut Vec<Found>) {
    let tree = layout.tree;
    let mut by_total: HashMap<u32, Vec<(u32, Id)>, RandomState> = HashMap::default();
    for id in 1..tree.len() {
        let may_be = matches!(
            tree.tag(id),
            Tag::Span | Tag::Small | Tag::B | Tag::Strong | Tag::Em | Tag::I | Tag::Div | Tag::P
        );
        let bytes = if may_be { layout.of(id).all } else { 0 };
        if (3..=BYTES).contains(&bytes)
            && begins_with_digit(layout, id)
            && let Some((number, total)) = counter(&tree.text(id))
            && opens(layout, id)
        {
            by_total.entry(total).or_default().push((number, id));
        }
    }
    let first = found.len();
    for (total, counters) in by_total {
        let numbers: HashSet<u32> = counters.iter().map(|it| it.0).collect();
        if numbers.len() >= FEWEST && total as usize >= numbers.len() {
            found.extend(counters.into_iter().map(|(_, id)| (id, RULE)));
        }
    }
    found[first..].sort_unstable();
}

fn begins_with_digit(layout: &Layout<'_, '_>, id: Id) -> bool {
    let mut texts = layout
        .tree
        .descendants(id)
        .filter_map(|it| layout.tree.own_text(it));
    let text = texts.find(|it| !trim(it).is_empty()).unwrap_or_default();
    let text = text.trim_start().trim_start_matches(['(', '[']);
    text.starts_with(|c: char| c.is_ascii_digit())
}

/// True where text follows in the same element, and none comes before.
fn opens(layout: &Layout<'_, '_>, id: Id) -> bool {
    let parent = layout.tree.parent(id);
    layout.between(parent, id).all == 0
}

/// The number and the total of a counter: digits, a slash or one short word, digits.
fn counter(text: &str) -> Option<(u32, u32)> {
    const BETWEEN: [&str; 16] = [
        "/", "|", "of", "von", "sur", "de", "di", "van", "av", "af", "z", "ze", "из", "з", "από",
        "／",
    ];
    let text = text.trim().trim_matches(|c: char| !c.is_alphanumeric());
    let digits = |c: char| c.is_ascii_digit();
    let (number, rest) = text.split_at(text.find(|c| !digits(c))?);
    let at = rest.rfind(|c| !digits(c))?;
    let at = at + rest[at..].chars().next()?.len_utf8();
    let (between, total) = rest.split_at(at);
    let is_between = BETWEEN.contains(&between.trim().to_lowercase().as_str());
    let (number, total): (u32, u32) = (number.parse().ok()?, total.parse().ok()?);
    (is_between && (1..=total).contains(&number) && total <= MOST_SLIDES).then_some((number, total))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_counter_is_a_number_and_a_total() {
        for (text, expected) in [
            ("1 / 5", Some((1, 5))),
            ("2 of 7", Some((2, 7))),
            ("(3/12)", Some((3, 12))),
            ("4 von 9", Some((4, 9))),
            ("7 / 2", None),
            ("3 men of 12", None),
            ("2026", None),
        ] {
            assert_eq!(counter(text), expected, "{text}");
        }
    }
}
