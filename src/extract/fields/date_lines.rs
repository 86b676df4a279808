//! Lines of text that state dates, with what each is by its label; and the dates that are none of the
//! article's: in a sentence, in a container outside the article, on the card of another story.

use crate::extract::fields::dates::{self, DateReader, DateTime, Dated, Line, Role};
use crate::extract::fields::names::LEAD_WORDS;
use crate::extract::fields::sources::{LINE_CHARS, PageSources};
use crate::extract::fields::visible;
use crate::page::{Id, Tag, Tree};

/// The label of a date is within so many nodes before it…
const BEFORE_DATE: usize = 4;
/// …and has no more characters.
pub(super) const LABEL_CHARS: usize = 30;
/// A text with so many words that no line of dates and names has is a sentence…
const SENTENCE_WORDS: usize = 4;
/// …or so many, where it begins with the label of a date…
const LABELLED_WORDS: usize = 6;
/// …or so many, where it ends as a sentence does.
const CLOSED_WORDS: usize = 2;
/// Characters of a script without spaces that count as a word.
const WORD_CHARS: usize = 3;
/// A card has no more nodes…
const CARD_NODES: usize = 80;
/// …and is within so many elements around its date.
const CARD_DEPTH: usize = 6;
/// A link with so many words is a headline.
const HEADLINE_WORDS: usize = 5;
/// A text of so many characters is no teaser's.
const TEASER_CHARS: usize = 400;
/// Elements around a date whose text is read…
const AROUND: usize = 8;
/// …and so many of their children on either side of it.
const SIBLINGS: usize = 40;

impl PageSources<'_> {
    /// The dates of a line, or the date with which a paragraph opens, each with what its label says. A label
    /// may stand before the node.
    pub(super) fn dated_line(&self, node: Id, reader: DateReader) -> Vec<Dated> {
        let Some(text) = self.tree.own_text(node) else {
            return Vec::new();
        };
        if !text.chars().any(char::is_numeric) {
            return Vec::new();
        }
        let is_line =
            text.len() <= LINE_CHARS * 4 && text.trim().chars().count() <= LINE_CHARS;
        if !is_line {
            let opening = reader.before_mark(text);
            let unsaid = opening.map(|date| Dated {
                date,
                role: Role::Unsaid,
            });
            return unsaid.into_iter().collect();
        }
        let mut dated = reader.dated(text);
        if let Some(first) = dated.first_mut().filter(|it| it.role == Role::Unsaid) {
            first.role = self.label_before(node).unwrap_or(Role::Unsaid);
        }
        if !dated.is_empty() && self.is_in_sentence(node) {
            return Vec::new();
        }
        dated
    }

    /// The first date of a line.
    pub(super) fn date_line(&self, node: Id, reader: DateReader) -> Option<DateTime> {
        self.dated_line(node, reader).first().map(|it| it.date)
    }

    /// What the short text just before a node announces.
    pub(super) fn label_before(&self, node: Id) -> Option<Role> {
        let before = (node.saturating_sub(BEFORE_DATE)..node).rev();
        let mut before = before.filter_map(|it| self.tree.own_text(it));
        let label = before.find(|it| !it.trim().is_empty())?;
        let is_label = label.trim().chars().count() <= LABEL_CHARS
            && !label.chars().any(char::is_numeric);
        is_label.then(|| dates::announced(label))?
    }

    /// True for a node that belongs to something else than the article under the headline.
    pub(super) fn is_elsewhere(&self, node: Id, headline: Option<Id>) -> bool {
        self.scan.visible.is_outside(node, headline) || self.is_on_card(node, headline)
    }

    /// True for a node on the card of another story: an element of few nodes with a heading or a long link,
    /// and without the article's headline.
    pub(super) fn is_on_card(&self, node: Id, headline: Option<Id>) -> bool {
        let Some(headline) = headline else {
            return false;
        };
        let tree = self.tree;
        let around = tree.ancestors(node).take(CARD_DEPTH);
        let mut small = around.take_while(|&it| {
            let (start, end) = (it, tree.end(it));
            end - start <= CARD_NODES && !(start <= headline && headline < end)
        });
        small
            .find_map(|it| card(tree, it, node))
            .unwrap_or(false)
    }

    /// True for a node within a sentence: the text around it, up to its block or line breaks, is one.
    pub(super) fn is_in_sentence(&self, node: Id) -> bool {
        let tree = self.tree;
        let mut text = tree.own_text(node).unwrap_or_default().to_owned();
        let mut inner = node;
        for around in tree.ancestors(node).take(AROUND) {
            if tree.tag(inner).is_block() {
                break;
            }
            if text.len() > LINE_CHARS * 8 {
                return true;
            }
            text_around(tree, around, inner, &mut text);
            inner = around;
        }
        is_sentence(&text)
    }
}

/// Adds the text that an element itself has on the line of one of its children.
fn text_around(tree: &Tree<'_>, element: Id, child: Id, text: &mut String) {
    let children: Vec<Id> = tree.children(element).collect();
    let place = children.partition_point(|it| *it < child);
    let is_break = |it: &&Id| tree.tag(**it) == Tag::Br;
    let before = children[..place].iter().rev();
    let before: Vec<&Id> = before.take_while(|it| !is_break(it)).take(SIBLINGS).collect();
    let after = children.iter().skip(place + 1);
    let after = after.take_while(|it| !is_break(it)).take(SIBLINGS);
    let own = |id: &Id| tree.own_text(*id);
    let opening: Vec<&str> = before.into_iter().rev().filter_map(own).collect();
    let inner = std::mem::take(text);
    for piece in opening.into_iter().chain([inner.as_str()]).chain(after.filter_map(own)) {
        text.push_str(piece);
        text.push(' ');
    }
}

/// Whether an element is a card around a date; `None` where it has neither a title nor prose.
fn card(tree: &Tree<'_>, element: Id, date: Id) -> Option<bool> {
    let mut is_titled = false;
    for node in element..tree.end(element) {
        match tree.tag(node) {
            Tag::H1 | Tag::H2 | Tag::H3 | Tag::H4 | Tag::H5 | Tag::H6 => {
                // A date that is a heading itself is no card's.
                is_titled |= !tree.is_within(date, node);
            }
            Tag::A => {
                let text = visible::short_text(tree, node, LINE_CHARS * 2).unwrap_or_default();
                is_titled |= text.split_whitespace().nth(HEADLINE_WORDS - 1).is_some();
            }
            Tag::Text if tree.text_bytes(node) > TEASER_CHARS => return Some(false),
            _ => {}
        }
    }
    is_titled.then_some(true)
}

/// True for a sentence: more words than a line of dates, names and labels has. Words that begin with a capital
/// letter may be names.
pub(super) fn is_sentence(text: &str) -> bool {
    let text = text.trim();
    let (mut words, mut spaceless) = (0, 0);
    for word in text.split_whitespace() {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric());
        let Some(first) = word.chars().next() else {
            continue;
        };
        if first.is_uppercase() || !first.is_alphabetic() && !word.chars().any(is_spaceless) {
            continue;
        }
        let unknown = || {
            let mut parts = dates::words_of(word);
            parts.any(|it| !Line::is_around_a_date(&it) && !dates::is_month(&it) && !LEAD_WORDS.contains(it.as_str()))
        };
        if word.chars().any(is_spaceless) {
            let parts = dates::words_of(word);
            let parts = parts.filter(|it| !Line::is_around_a_date(it));
            spaceless += parts.map(|it| it.chars().count()).sum::<usize>();
        } else if unknown() {
            // Names are not told from other words where there are no capital letters.
            words += if first.is_lowercase() { 3 } else { 2 };
        }
    }
    let words = words / 3 + spaceless / WORD_CHARS;
    let is_closed = text.ends_with(['.', '!', '?', '。', '؟', '।']);
    let is_labelled = dates::begins_with_label(text);
    words >= LABELLED_WORDS
        || !is_labelled && (words >= SENTENCE_WORDS || is_closed && words >= CLOSED_WORDS)
}

/// True for a letter of a script that does not separate words.
fn is_spaceless(c: char) -> bool {
    matches!(c, '\u{E00}'..='\u{EFF}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{17FF}'
        | '\u{3040}'..='\u{30FF}' | '\u{3400}'..='\u{9FFF}')
}
