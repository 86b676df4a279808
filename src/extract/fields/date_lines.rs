//! Lines of text that state dates, with what each is by its label; and the dates that are none of the
//! article's: in a sentence, in a container outside the article, on the card of another story.

use std::cell::OnceCell;
use std::collections::HashSet;

use crate::extract::fields::dates::{self, DateReader, DateTime, Dated, Line, Role};
use crate::extract::fields::names::LEAD_WORDS;
use crate::extract::fields::sources::{LINE_CHARS, PageSources};
use crate::extract::fields::{texts, visible};
use crate::page::{Id, Tag, Tree};

/// The label of a date is within so many nodes before it…
const BEFORE_DATE: usize = 4;
/// …and has no more characters.
pub(super) const LABEL_CHARS: usize = 30;
/// A text with so many words that no line of dates and names has is a sentence…
const SENTENCE_WORDS: usize = 5;
/// …or so many, where it begins with the label of a date…
const LABELLED_WORDS: usize = 6;
/// …or so many, where it ends as a sentence does…
const CLOSED_WORDS: usize = 2;
/// …or so many of a script that does not separate them.
const SPACELESS_WORDS: usize = 10;
/// Characters of a script without spaces that count as a word.
const WORD_CHARS: usize = 3;
/// A card has no more nodes…
const CARD_NODES: usize = 80;
/// …and is within so many elements around its date.
const CARD_DEPTH: usize = 5;
/// A link with so many words is a headline.
const HEADLINE_WORDS: usize = 5;
/// Text of so many bytes is no teaser's.
const TEASER_CHARS: usize = 500;
/// Elements around a date whose text is read…
const AROUND: usize = 8;
/// …and so many of their children on either side of it.
const SIBLINGS: usize = 40;

/// How sentences begin that say when the article was published.
const PUBLISHED_SENTENCES: [&str; 14] = [
    "this entry was posted",
    "this post was",
    "this article was",
    "this story was",
    "dieser artikel wurde",
    "dieser beitrag wurde",
    "dieser eintrag wurde",
    "cet article a été publié",
    "cette entrée a été publiée",
    "esta entrada fue publicada",
    "este artículo fue publicado",
    "questo articolo è stato pubblicato",
    "dit bericht is geplaatst",
    "ten wpis został opublikowany",
];

impl PageSources<'_> {
    /// The dates of a line, or the date with which a paragraph opens, each with what its label says. A label
    /// may stand before the node.
    pub(super) fn dated_line(&self, node: Id, reader: DateReader) -> Vec<Dated> {
        let Some(text) = self
            .tree
            .own_text(node)
            .filter(|it| may_open_or_be_date(it))
        else {
            return Vec::new();
        };
        let is_line = text.len() <= LINE_CHARS * 4 && text.trim().chars().count() <= LINE_CHARS;
        let mut dated = if is_line {
            reader.dated(text)
        } else {
            Vec::new()
        };
        if let Some(first) = dated.first_mut().filter(|it| it.role == Role::Unsaid) {
            first.role = self.label_before(node).unwrap_or(Role::Unsaid);
        }
        let is_sentence = || !dated.is_empty() && self.is_in_sentence(node, reader);
        if !is_line || is_sentence() {
            let opening = reader.before_mark(text).map(|date| Dated {
                date,
                role: Role::Unsaid,
            });
            return opening.into_iter().collect();
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
        let label = label.trim();
        let is_label = label.len() <= LABEL_CHARS * 4
            && label.chars().count() <= LABEL_CHARS
            && !label.chars().any(char::is_numeric);
        is_label.then(|| dates::announced(label))?
    }

    /// The short lines of the page that begin with the label of a date, or have one before them.
    pub(super) fn announced_lines(&self) -> &[Id] {
        self.announced_lines.get_or_init(|| {
            let nodes = self.texts().that_may_be(texts::DATE_LABEL | texts::DATE);
            nodes.filter(|it| self.is_announced_line(*it)).collect()
        })
    }

    /// True for a short line that begins with the label of a date, or a date with one before it.
    pub(super) fn is_announced_line(&self, node: Id) -> bool {
        let line = self.tree.own_text(node);
        line.filter(|it| it.len() <= LINE_CHARS * 4)
            .is_some_and(|line| {
                dates::begins_with_label(line)
                    || dates::may_state_date(line) && self.label_before(node).is_some()
            })
    }

    /// True for a node that belongs to something else than the article under the headline.
    pub(super) fn is_elsewhere(&self, node: Id, headline: Option<Id>, reader: DateReader) -> bool {
        self.scan.visible.is_outside(node, headline) || self.is_on_card(node, headline, reader)
    }

    /// True for a node on the card of another story.
    pub(super) fn is_on_card(&self, node: Id, headline: Option<Id>, reader: DateReader) -> bool {
        self.card_around(node, headline, reader).is_some()
    }

    /// True for a node on one of several cards.
    pub(super) fn is_on_card_of_many(
        &self,
        node: Id,
        headline: Option<Id>,
        reader: DateReader,
    ) -> bool {
        let card = self.card_around(node, headline, reader);
        card.is_some_and(|it| has_twin(self.tree, it))
    }

    /// The card of another story around a node: an element of few nodes with a heading or a long link, and
    /// without the article's headline.
    fn card_around(&self, node: Id, headline: Option<Id>, reader: DateReader) -> Option<Id> {
        let headline = headline?;
        let tree = self.tree;
        let around = tree.ancestors(node).take(CARD_DEPTH);
        let small = around.take_while(|&it| {
            let (start, end) = (it, tree.end(it));
            end - start <= CARD_NODES && !(start <= headline && headline < end)
        });
        // A paragraph with a link is no card.
        let mut small = small.filter(|it| tree.tag(*it) != Tag::P);
        let cards = CardFinder {
            page: self,
            headline,
            title: OnceCell::new(),
            reader,
        };
        let is_card = small.find_map(|it| Some((cards.is_card(it, node)?, it)));
        is_card.filter(|(is_card, _)| *is_card).map(|(_, it)| it)
    }

    /// True for a node within a caption, a quote or a sentence: the text around it, up to its block or line breaks, is one.
    pub(super) fn is_in_sentence(&self, node: Id, reader: DateReader) -> bool {
        let tree = self.tree;
        let mut around = tree.ancestors(node).take(AROUND);
        // A caption with a heading is the head of the article, laid over its picture.
        let has_heading = |it| tree.children(it).any(|it| is_heading(tree, it));
        if around
            .any(|it| matches!(tree.tag(it), Tag::Figcaption | Tag::Blockquote) && !has_heading(it))
        {
            return true;
        }
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
        is_sentence(&text, reader)
    }
}

/// False for most texts that are no line with a date and begin with none, without reading them.
pub(super) fn may_open_or_be_date(text: &str) -> bool {
    let is_short = text.len() <= LINE_CHARS * 4;
    (is_short || text.trim_start().starts_with(char::is_numeric)) && dates::may_state_date(text)
}

/// Adds the text that an element itself has on the line of one of its children.
fn text_around(tree: &Tree<'_>, element: Id, child: Id, text: &mut String) {
    let children: Vec<Id> = tree.children(element).collect();
    let place = children.partition_point(|it| *it < child);
    let is_break = |it: &&Id| tree.tag(**it) == Tag::Br || tree.tag(**it).is_block();
    let before = children[..place].iter().rev();
    let before: Vec<&Id> = before
        .take_while(|it| !is_break(it))
        .take(SIBLINGS)
        .collect();
    let after = children.iter().skip(place + 1);
    let after = after.take_while(|it| !is_break(it)).take(SIBLINGS);
    let own = |id: &Id| tree.own_text(*id);
    let opening: Vec<&str> = before.into_iter().rev().filter_map(own).collect();
    let inner = std::mem::take(text);
    for piece in opening
        .into_iter()
        .chain([inner.as_str()])
        .chain(after.filter_map(own))
    {
        text.push_str(piece);
        text.push(' ');
    }
}

/// What is known of the article whose page is searched for cards.
struct CardFinder<'l> {
    page: &'l PageSources<'l>,
    /// The headline.
    headline: Id,
    /// Its text, once it was asked for.
    title: OnceCell<String>,
    reader: DateReader,
}

impl CardFinder<'_> {
    /// Whether an element is a card around a date; `None` where it has neither a title nor prose. A heading that
    /// links to another page is a title. So is a long link, where the element has a sibling of its kind.
    fn is_card(&self, element: Id, date: Id) -> Option<bool> {
        let tree = self.page.tree;
        let (mut is_titled, mut has_link, mut chars) = (false, false, 0);
        for node in element..tree.end(element) {
            match tree.tag(node) {
                Tag::A if !tree.is_within(date, node) && self.leads_away(node) => {
                    let is_title = tree.ancestors(node).take(2).any(|it| is_heading(tree, it));
                    is_titled |= is_title;
                    has_link = has_link || !is_title && self.is_headline(node);
                }
                Tag::Text => {
                    chars += tree.text_bytes(node);
                    if chars > TEASER_CHARS {
                        return Some(false);
                    }
                }
                _ if is_heading(tree, node) && !tree.is_within(date, node) => {
                    let mut around = tree.ancestors(node).take(3);
                    is_titled |= around.any(|it| tree.tag(it) == Tag::A && self.leads_away(it));
                }
                _ => {}
            }
        }
        (is_titled || has_link && has_twin(tree, element)).then_some(true)
    }

    /// True for a link to another page.
    fn leads_away(&self, link: Id) -> bool {
        let href = self.page.tree.attr(link, "href").unwrap_or_default().trim();
        let is_own = self.page.url().is_some_and(|url| {
            let path = href.split(['?', '#']).next().unwrap_or_default();
            path.ends_with(url.path()) && url.path().len() > 1
        });
        let is_same_title = || {
            let text = visible::short_text(self.page.tree, link, LINE_CHARS * 4);
            text.is_some_and(|it| it.trim() == self.title())
        };
        !href.is_empty() && !href.starts_with(['#', '?']) && !is_own && !is_same_title()
    }

    fn title(&self) -> &str {
        let title = self.title.get_or_init(|| {
            let title = visible::short_text(self.page.tree, self.headline, LINE_CHARS * 4);
            title.unwrap_or_default()
        });
        title.trim()
    }

    /// True for a link with the words of a headline; an author's page has a name.
    fn is_headline(&self, link: Id) -> bool {
        let tree = self.page.tree;
        let text = visible::short_text(tree, link, LINE_CHARS * 2).unwrap_or_default();
        let words = || text.split(|c: char| !c.is_ascii_alphabetic());
        if text.is_ascii() && words().filter(|it| !it.is_empty()).count() < HEADLINE_WORDS {
            return false;
        }
        let Words { names, others, .. } = Words::of(&text, self.reader);
        let is_author = tree.attr(link, "href").is_some_and(visible::is_author_page);
        names + others >= HEADLINE_WORDS && !is_author
    }
}

fn is_heading(tree: &Tree<'_>, node: Id) -> bool {
    tree.tag(node).heading_level().is_some()
}

/// True for an element with a sibling of the same tag and class.
fn has_twin(tree: &Tree<'_>, element: Id) -> bool {
    let siblings = tree.children(tree.parent(element)).take(SIBLINGS * 2);
    let mut others = siblings.filter(|it| *it != element);
    others.any(|it| tree.tag(it) == tree.tag(element) && tree.class(it) == tree.class(element))
}

/// True for a sentence: more words than a line of dates, names and labels has.
pub(super) fn is_sentence(text: &str, reader: DateReader) -> bool {
    let text = text.trim();
    let Words {
        others, spaceless, ..
    } = Words::of(text, reader);
    let words = others - spaceless;
    let is_closed = text.ends_with(['.', '!', '?', '。', '؟', '।']);
    let is_labelled = dates::begins_with_label(text) || says_published(text);
    words >= LABELLED_WORDS
        || spaceless >= SPACELESS_WORDS
        || !is_labelled && (words >= SENTENCE_WORDS || is_closed && others >= CLOSED_WORDS)
}

fn says_published(text: &str) -> bool {
    let begins = |phrase: &str| {
        let mut lower = text.chars().flat_map(char::to_lowercase);
        phrase.chars().all(|c| lower.next() == Some(c))
    };
    PUBLISHED_SENTENCES.iter().any(|it| begins(it))
}

/// How many words a text has besides dates, labels and what may stand around them.
struct Words {
    /// Those that begin with a capital letter, and may be names.
    names: usize,
    /// The others.
    others: usize,
    /// Of those, in scripts that do not separate words.
    spaceless: usize,
}

impl Words {
    fn of(text: &str, reader: DateReader) -> Words {
        let capital = |it: &&str| {
            let first = it.chars().find(|c| c.is_alphanumeric());
            first.is_some_and(char::is_uppercase)
        };
        let capitals = text.split_whitespace().filter(capital);
        let capitals: HashSet<String> = capitals.flat_map(dates::words_of).collect();
        let (mut names, mut thirds, mut spaceless) = (0, 0, 0);
        for word in reader.line(text).words {
            let Some(first) = word.chars().next() else {
                continue;
            };
            if Line::is_around_a_date(&word) || LEAD_WORDS.contains(word.as_str()) {
                continue;
            }
            if is_spaceless(first) {
                spaceless += word.chars().count();
            } else if capitals.contains(&word) {
                names += 1;
            } else {
                // Names are not told from other words where there are no capital letters.
                thirds += if first.is_lowercase() { 3 } else { 2 };
            }
        }
        let spaceless = spaceless / WORD_CHARS;
        Words {
            names,
            others: thirds / 3 + spaceless,
            spaceless,
        }
    }
}

/// True for a letter of a script that does not separate words.
fn is_spaceless(c: char) -> bool {
    matches!(c, '\u{E00}'..='\u{EFF}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{17FF}'
        | '\u{3040}'..='\u{30FF}' | '\u{3400}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7A3}')
}
