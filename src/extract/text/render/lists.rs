//! The numbers of lists: `start`, `value`, `reversed` and `type`, as HTML 4.4.5 counts.

use crate::page::{Id, Tag, Tree};

/// Numbers beyond this are not the page's intent; CommonMark allows nine digits.
const GREATEST: i64 = 999_999_999;

/// How the items of a list are numbered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Numbering {
    /// The value of `type`: `1`, `a`, `A`, `i` or `I`.
    pub(super) style: char,
    /// The numbers count down.
    pub(super) reversed: bool,
}

/// How a list is numbered, and the number of each of its items.
pub(super) fn numbers(tree: &Tree<'_>, list: Id) -> (Option<Numbering>, Vec<(Id, i64)>) {
    if tree.tag(list) != Tag::Ol {
        return (None, Vec::new());
    }
    let items = || tree.children(list).filter(|&id| tree.tag(id) == Tag::Li);
    let reversed = tree.attr(list, "reversed").is_some();
    let style = tree
        .attr(list, "type")
        .and_then(|it| it.trim().chars().next());
    let count = i64::try_from(items().count()).unwrap_or(GREATEST);
    let start = tree.attr(list, "start").and_then(number);
    let mut next = start.unwrap_or(if reversed { count } else { 1 });
    let number_of = |item: Id| {
        let value = tree.attr(item, "value").and_then(number).unwrap_or(next);
        next = if reversed { value - 1 } else { value + 1 };
        (item, value)
    };
    let numbering = Numbering {
        style: style.filter(|it| "aAiI".contains(*it)).unwrap_or('1'),
        reversed,
    };
    (Some(numbering), items().map(number_of).collect())
}

fn number(text: &str) -> Option<i64> {
    let number = text.trim().parse::<i64>().ok();
    number.filter(|it| (-GREATEST..=GREATEST).contains(it))
}
