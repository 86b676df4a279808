//! Lines of the page that name its authors without being marked as a byline.

use crate::extract::fields::names::{self, NameContext};
use crate::extract::fields::sources::{AFTER_LABEL, LINE_CHARS, PageSources};
use crate::extract::fields::visible;
use crate::page::{Id, Tag};

/// What separates a date from a name in one line.
const BETWEEN: [char; 6] = ['|', '-', '–', '—', '·', '•'];

/// A short line near the headline that begins with 'By', or goes on so after a date.
pub(super) fn after_by(page: &PageSources<'_>, headline: Option<Id>) -> Option<String> {
    let reader = page.date_reader();
    page.near(headline?).find_map(|node| {
        let text = page.tree.own_text(node)?;
        if names::begins_byline(text) {
            return byline_at(page, node);
        }
        page.date_line(node, reader)?;
        let line = page.line(page.tree.parent(node))?;
        names::after_by(&line).map(str::to_owned)
    })
}

/// The name at the end of a short line near the headline that is otherwise a date.
pub(super) fn after_date(page: &PageSources<'_>, headline: Option<Id>) -> Option<String> {
    let reader = page.date_reader();
    page.near(headline?).find_map(|node| {
        let text = page.tree.own_text(node)?.trim_end();
        let (_, name) = text.rsplit_once(BETWEEN)?;
        let name = name.trim_start();
        page.date_line(node, reader)?;
        names::is_full(name).then(|| name.to_owned())
    })
}

/// A short line, anywhere, that begins with 'Written by' or other words that begin nothing but a
/// byline; `None` where several such lines name different people, as teasers do.
pub(super) fn after_written_by(page: &PageSources<'_>, _headline: Option<Id>) -> Option<String> {
    let mut lines = (0..page.tree.len()).filter_map(|node| {
        let text = page.tree.own_text(node)?;
        names::begins_long_byline(text).then(|| byline_at(page, node))?
    });
    let line = lines.next()?;
    let read = |line: &str| names::clean(&[line], NameContext::VisibleText, page.limits);
    let first = read(&line);
    lines.all(|it| read(&it) == first).then_some(line)
}

/// A short line, anywhere, that begins with 'Author:'; the last resort.
pub(super) fn after_label(page: &PageSources<'_>, _headline: Option<Id>) -> Option<String> {
    let is_short = |name: &str| name.chars().count() <= LINE_CHARS;
    let tree = page.tree;
    (0..tree.len()).find_map(|node| {
        let rest = names::after_label(tree.own_text(node)?)?;
        if !rest.is_empty() {
            return Some(rest.to_owned()).filter(|it| is_short(it));
        }
        let next = node + 1..tree.len().min(node + AFTER_LABEL);
        let mut texts = next.into_iter().filter_map(|node| tree.own_text(node));
        let name = texts.find(|it| !it.trim().is_empty())?;
        Some(name.to_owned()).filter(|it| is_short(it))
    })
}

/// A name alone in a paragraph that is set to the right, as under a letter; `None` where there are
/// several.
pub(super) fn signature(page: &PageSources<'_>, _headline: Option<Id>) -> Option<String> {
    let paragraphs = page.tree.elements(Tag::P);
    let mut names = paragraphs
        .filter(|&node| is_set_right(page, node))
        .filter_map(|node| visible::short_text(page.tree, node, LINE_CHARS))
        .filter(|line| names::is_full(line));
    let name = names.next()?;
    names.next().is_none().then_some(name)
}

fn is_set_right(page: &PageSources<'_>, node: Id) -> bool {
    let style = page.tree.attr(node, "style").unwrap_or_default();
    let align = style.split_once("text-align").map(|(_, rest)| rest);
    let value = align.or(page.tree.attr(node, "align")).unwrap_or_default();
    let value = value.trim_start_matches([':', ' ']);
    value
        .get(..5)
        .is_some_and(|it| it.eq_ignore_ascii_case("right"))
}

/// The line of a node that begins a byline. 'By' may stand alone, with the name in the next element.
fn byline_at(page: &PageSources<'_>, node: Id) -> Option<String> {
    let line = page.tree.parent(node);
    let is_alone = names::is_lead(&page.tree.text(line));
    page.line(if is_alone {
        page.tree.parent(line)
    } else {
        line
    })
}
