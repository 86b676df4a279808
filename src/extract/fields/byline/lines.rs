//! Lines of the page that name its authors without being marked as a byline.

use std::collections::HashSet;

use foldhash::fast::RandomState;

use crate::extract::fields::byline::is_of_full_names;
use crate::extract::fields::dates::{DateReader, Line};
use crate::extract::fields::names::{self, NameContext};
use crate::extract::fields::sources::{AFTER_LABEL, LINE_CHARS, PageSources};
use crate::extract::fields::{texts, visible};
use crate::page::tree::fold_space;
use crate::page::{Id, Tag};

/// What separates a date from a name in one line.
const BETWEEN: [char; 6] = ['|', '-', '–', '—', '·', '•'];

/// A text of so many bytes belongs to the article; bylines stand above it.
const PROSE_BYTES: usize = 300;
/// Elements within a paragraph around its text.
const INLINE: usize = 4;
/// Marks that set what stands before them apart from a byline.
const APART: [char; 9] = ['|', '-', '–', '—', '·', '•', '/', ':', ','];
/// What stands between a label and a name in lines of credits.
const CREDIT_MARKS: [char; 5] = [':', '：', '／', '＝', '/'];

/// A short line near the headline that begins with 'By', or goes on so after a date.
pub(super) fn after_by(page: &PageSources<'_>, headline: Option<Id>) -> Option<String> {
    let reader = page.date_reader();
    page.near(headline?).find_map(|node| {
        let text = page.tree.own_text(node)?;
        if names::begins_byline(text) {
            let line = by_line(page, node, text);
            return line.or_else(|| after_head(&byline_at(page, node)?, reader));
        }
        page.date_line(node, reader)?;
        after_head(&page.line(page.tree.parent(node))?, reader)
    })
}

/// A short line between the headline and the text that begins with 'By'.
pub(super) fn under_headline(page: &PageSources<'_>, headline: Option<Id>) -> Option<String> {
    between_headline_and_text(page, headline?).find_map(|node| {
        let text = page.tree.own_text(node)?;
        names::begins_byline(text).then(|| by_line(page, node, text))?
    })
}

/// The nodes after the headline, up to the first long text.
fn between_headline_and_text(page: &PageSources<'_>, headline: Id) -> impl Iterator<Item = Id> {
    let is_prose = |node: Id| {
        let text = page.tree.own_text(node);
        text.is_some_and(|it| it.len() > PROSE_BYTES)
    };
    let under = page.near(headline).take_while(move |&node| node > headline);
    under.take_while(move |&node| !is_prose(node))
}

/// The line of a node that begins with 'By', where the line begins there and is no prose.
fn by_line(page: &PageSources<'_>, node: Id, text: &str) -> Option<String> {
    let line = byline_at(page, node)?;
    let is_own = line.starts_with(&fold_space(text)) && !names::reads_like_prose(&line);
    is_own.then_some(line)
}

/// What follows 'by' where nothing but a date, or something that a mark sets apart, stands before it.
/// In 'The plan was signed on Monday by Mayor Ferry' the word belongs to the sentence.
fn after_head(line: &str, reader: DateReader) -> Option<String> {
    let name = names::after_by(line)?;
    let head = &line[..line.len() - name.len()];
    let (before, _) = head.trim_end().rsplit_once(' ')?;
    let is_apart = || before.trim_end().ends_with(APART);
    let is_known =
        |word: &String| Line::is_around_a_date(word) || names::LEAD_WORDS.contains(word.as_str());
    let is_date = || reader.line(before).words.iter().all(is_known);
    ((is_apart() || is_date()) && !names::reads_like_prose(name)).then(|| name.to_owned())
}

/// A paragraph, anywhere, that holds a lead and a full name and nothing else; `None` where several
/// such paragraphs name different people, as teasers do.
pub(super) fn only_after_by(page: &PageSources<'_>, _headline: Option<Id>) -> Option<String> {
    let mut lines = page.texts().that_may_be(texts::BYLINE).filter_map(|node| {
        let text = page.tree.own_text(node)?;
        let is_line = names::begins_byline(text) && is_in_paragraph(page, node);
        let line = is_line.then(|| byline_at(page, node))??;
        (names::begins_byline(&line) && names::is_announced(&line)).then_some(line)
    });
    let first = lines.next()?;
    lines.all(|it| it == first).then_some(first)
}

fn is_in_paragraph(page: &PageSources<'_>, node: Id) -> bool {
    let mut above = page.tree.ancestors(node).take(INLINE);
    above.any(|it| page.tree.tag(it) == Tag::P)
}

/// The name at the end of a short line near the headline that is otherwise a date, or before a role
/// and the date.
pub(super) fn after_date(page: &PageSources<'_>, headline: Option<Id>) -> Option<String> {
    let reader = page.date_reader();
    page.near(headline?).find_map(|node| {
        let text = page.tree.own_text(node)?.trim();
        let (_, last) = text.rsplit_once(BETWEEN)?;
        let (first, _) = text.split_once(BETWEEN)?;
        page.date_line(node, reader)?;
        let mut names = [last.trim_start(), first.trim_end()].into_iter();
        names.find(|it| names::is_full(it)).map(str::to_owned)
    })
}

/// A short line, anywhere, that begins with 'Written by' or other words that begin nothing but a
/// byline; `None` where several such lines name different people, as teasers do.
pub(super) fn after_written_by(page: &PageSources<'_>, _headline: Option<Id>) -> Option<String> {
    let mut lines = page.texts().that_may_be(texts::BYLINE).filter_map(|node| {
        let text = page.tree.own_text(node)?;
        let line = names::begins_long_byline(text).then(|| byline_at(page, node))??;
        line.starts_with(&fold_space(text)).then_some(line)
    });
    let line = lines.next()?;
    let read = |line: &str| names::clean(&[line], NameContext::VisibleText, page.limits);
    let first = read(&line);
    lines.all(|it| read(&it) == first).then_some(line)
}

/// A line at the end of an article that names its reporter: a Korean name with a mail address, or a
/// name and a desk in brackets. `None` where several such lines name different people.
pub(super) fn closing_line(page: &PageSources<'_>, headline: Option<Id>) -> Option<String> {
    let nodes = page.texts().that_may_be(texts::CLOSING);
    let nodes = nodes.skip_while(|&node| node < headline.unwrap_or_default());
    let mut lines = nodes.filter_map(|node| {
        let text = page.tree.own_text(node)?;
        let next = || next_text(page, node).unwrap_or_default();
        names::closing_name(text, next)
    });
    let first = lines.next()?;
    let second = lines.find(|it| *it != first);
    second.is_none().then_some(first)
}

/// The text that follows a node's own.
fn next_text<'p>(page: &PageSources<'p>, node: Id) -> Option<&'p str> {
    let next = node + 1..page.tree.len().min(node + AFTER_LABEL);
    let mut texts = next.into_iter().filter_map(|node| page.tree.own_text(node));
    texts.find(|it| !it.trim().is_empty())
}

/// A short line under the headline that holds credits and nothing else, or a line anywhere after it that says
/// who wrote the text.
pub(super) fn credits(page: &PageSources<'_>, headline: Option<Id>) -> Option<String> {
    let own = headline.and_then(|headline| {
        // The line around a node is that of its siblings, too, but for a lead, whose name is elsewhere.
        let mut read: HashSet<Id, RandomState> = HashSet::default();
        between_headline_and_text(page, headline).find_map(|node| {
            let around = page.tree.parent(node);
            if !read.insert(around) && !is_lead(page, around) {
                return None;
            }
            let line = byline_at(page, node)?;
            let is_line = line.len() <= LINE_CHARS * 3 && names::begins_with_credits(&line);
            let names = || names::clean(&[&line], NameContext::VisibleText, page.limits);
            (is_line && is_of_full_names(&names())).then_some(line)
        })
    });
    let nodes = headline.unwrap_or_default()..page.tree.len();
    let mut after = nodes
        .into_iter()
        .filter_map(|node| page.tree.own_text(node));
    let has_mark = |text: &str| {
        let is_mark = |byte| matches!(byte, b':' | b'/');
        text.bytes().any(is_mark) || !text.is_ascii() && text.contains(CREDIT_MARKS)
    };
    let is_line =
        |text: &&str| text.len() <= LINE_CHARS * 3 && has_mark(text) && names::names_writers(text);
    own.or_else(|| after.find(is_line).map(str::to_owned))
}

/// A short line, anywhere, that begins with 'Author:'; the last resort.
pub(super) fn after_label(page: &PageSources<'_>, _headline: Option<Id>) -> Option<String> {
    let is_short = |name: &str| name.chars().count() <= LINE_CHARS;
    let tree = page.tree;
    page.texts()
        .that_may_be(texts::AUTHOR_LABEL)
        .find_map(|node| {
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
    if !is_lead(page, line) {
        return page.line(line);
    }
    page.line(page.tree.parent(line)).or_else(|| {
        let name = next_text(page, node)?.trim();
        let lead = page.tree.own_text(node)?.trim();
        names::is_full(name).then(|| format!("{lead} {name}"))
    })
}

/// True for an element whose text introduces a name and is nothing else.
fn is_lead(page: &PageSources<'_>, element: Id) -> bool {
    let nodes = element..page.tree.end(element);
    let texts = nodes.filter_map(|node| page.tree.own_text(node));
    names::may_be_lead(texts) && names::is_lead(&page.tree.text(element))
}
