//! Which words of a line belong to its sentences. Rules match inline elements by their names, and a name
//! says little about a link, a `<time>` or a `<span>` in the middle of a sentence: taking it out would tear
//! the sentence. So only what readers do not see and what users strip always goes. Other marked elements
//! go where they stand alone between line breaks, or where they are laid out as boxes at the edge of a
//! container's text: `<div><span class=byline>…</span>The mayor…`.

use crate::extract::rules::{Group, Rules};
use crate::extract::segment::marks::Marks;
use crate::page::text::word_count;
use crate::page::{Id, Tag, Tree};

/// A line with no more words than this outside of marked elements, and fewer than inside, is labels:
/// 'Posted on', 'By'.
const LABEL_WORDS: usize = 2;
/// The longest caption of a button, in words.
const BUTTON_WORDS: usize = 4;

/// What a run of inline content consists of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ItemKind {
    Text,
    /// A line break.
    Break,
    /// The end of a table cell.
    Cell,
    /// A block in a table cell, which shows as a space.
    Gap,
}

/// One node of a run, and what is open around it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Item {
    pub node: Id,
    pub kind: ItemKind,
    pub link: Option<Id>,
    pub strong: bool,
    pub emphasis: bool,
    /// The outermost inline element around it that a rule marks.
    pub marked: Option<Id>,
    /// The inline element around it that is no part of the text.
    pub gone: Option<Id>,
    /// Something was left out between it and the item before it.
    pub after_gap: bool,
}

/// A run of inline content in one block-level element.
pub(super) struct Line<'l, 'a> {
    pub tree: &'l Tree<'a>,
    pub rules: &'l Rules,
    pub marks: &'l Marks,
    pub owner: Id,
    pub is_row: bool,
}

/// What becomes of the items of one element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    InSentence,
    /// A block of its own.
    Apart(Id),
    /// A block of its own, and not even a gap in the text.
    Gone(Id),
    /// The word that follows says it.
    Twin,
}

impl Line<'_, '_> {
    /// The run as blocks.
    pub(super) fn parts(&self, run: &[Item]) -> Vec<Vec<Item>> {
        let places = self.places(run);
        let (mut before, mut main, mut after) = (Vec::new(), vec![Vec::new()], Vec::new());
        let mut last = Place::InSentence;
        let (mut has_gap, mut has_text) = (false, false);
        for (&(mut item), place) in run.iter().zip(places) {
            match place {
                Place::InSentence => {
                    has_text |= item.kind == ItemKind::Text;
                    item.after_gap = std::mem::take(&mut has_gap);
                    if let Some(part) = main.last_mut() {
                        part.push(item);
                    }
                }
                Place::Twin => {}
                Place::Apart(_) | Place::Gone(_) => {
                    has_gap = true;
                    let list: &mut Vec<Vec<Item>> = if has_text { &mut after } else { &mut before };
                    match list.last_mut().filter(|_| last == place) {
                        Some(part) => part.push(item),
                        None => list.push(vec![item]),
                    }
                }
            }
            last = place;
        }
        before.append(&mut main);
        before.append(&mut after);
        before
    }

    fn places(&self, run: &[Item]) -> Vec<Place> {
        let mut places: Vec<Place> = run
            .iter()
            .map(|item| item.gone.map_or(Place::InSentence, Place::Gone))
            .collect();
        let mut start = 0;
        while start < run.len() {
            let length = run[start..]
                .iter()
                .position(|it| it.kind == ItemKind::Break);
            let end = length.map_or(run.len(), |length| start + length);
            self.place_line(&run[start..end], &mut places[start..end]);
            start = end + 1;
        }
        self.keep_twins(run, &mut places);
        places
    }

    /// Decides about the marked elements of one line.
    fn place_line(&self, line: &[Item], places: &mut [Place]) {
        let is_free = |item: &Item| item.marked.is_none() && item.gone.is_none();
        let free: usize = line
            .iter()
            .filter(|it| is_free(it))
            .map(|it| self.words(it))
            .sum();
        let mut at = 0;
        while at < line.len() {
            let marked = line[at].marked;
            let length = line[at..].iter().position(|it| it.marked != marked);
            let end = length.map_or(line.len(), |length| at + length);
            if let Some(element) = marked
                && line[at..end].iter().any(|it| self.shown(it).is_some())
                && (free == 0 || !self.is_in_sentence(line, at..end, element))
            {
                for (item, place) in line[at..end].iter().zip(&mut places[at..end]) {
                    if item.gone.is_none() {
                        *place = Place::Apart(element);
                    }
                }
            }
            at = end;
        }
    }

    fn words(&self, item: &Item) -> usize {
        match item.kind {
            ItemKind::Text => self.tree.own_text(item.node).map_or(0, word_count),
            _ => 0,
        }
    }

    /// True for a marked element that is part of the sentences around it.
    fn is_in_sentence(&self, line: &[Item], range: std::ops::Range<usize>, element: Id) -> bool {
        let before = self.text_before(&line[..range.start]);
        let after = self.text_after(&line[range.end..]);
        if self.is_control(element) {
            let words: usize = line[range].iter().map(|it| self.words(it)).sum();
            let has_letters = words > 0 && self.has_letters(element);
            return has_letters
                && before.is_some_and(|before| !ends_sentence(before))
                && after.is_some_and(|after| {
                    goes_on(after) || words <= BUTTON_WORDS && !opens_sentence(after)
                });
        }
        if self.is_counter(element) && (before.is_none() || after.is_none()) {
            return false;
        }
        if self.is_row || !self.may_hold_boxes() {
            return true;
        }
        let own = line[range.start..range.end].iter();
        let last = own.rev().find_map(|it| self.shown(it));
        match (before, after) {
            (Some(before), None) => !ends_sentence(before) || last.is_some_and(ends_sentence),
            (None, Some(after)) => {
                !self.is_label(element) || !opens_sentence(after) || last.is_some_and(ends_sentence)
            }
            _ => true,
        }
    }

    fn text_before(&self, items: &[Item]) -> Option<&str> {
        items.iter().rev().find_map(|it| self.shown(it))
    }

    fn text_after(&self, items: &[Item]) -> Option<&str> {
        items.iter().find_map(|it| self.shown(it))
    }

    /// The text of an item that readers see.
    fn shown(&self, item: &Item) -> Option<&str> {
        let is_text = item.kind == ItemKind::Text && item.gone.is_none();
        let own = self.tree.own_text(item.node).filter(|_| is_text)?.trim();
        (!own.is_empty()).then_some(own)
    }

    fn has_letters(&self, element: Id) -> bool {
        let mut texts = self
            .tree
            .descendants(element)
            .filter_map(|id| self.tree.own_text(id));
        texts.any(|text| text.contains(char::is_alphabetic))
    }

    /// Buttons, labels and fields.
    fn is_control(&self, element: Id) -> bool {
        self.marks.is_certain(element, self.rules)
            && self.marks.group(element, self.rules) != Some(Group::Navigation)
    }

    /// The number of comments or shares.
    fn is_counter(&self, element: Id) -> bool {
        let group = self.marks.group(element, self.rules);
        matches!(group, Some(Group::Share | Group::Comments)) && !self.has_letters(element)
    }

    /// Names that lines around a text have: bylines, dates, tools.
    fn is_label(&self, element: Id) -> bool {
        matches!(
            self.marks.group(element, self.rules),
            Some(
                Group::Byline
                    | Group::Share
                    | Group::Navigation
                    | Group::Comments
                    | Group::Caption
                    | Group::Controls
            )
        )
    }

    /// Elements that hold both text and boxes; others hold text.
    fn may_hold_boxes(&self) -> bool {
        !matches!(
            self.tree.tag(self.owner),
            Tag::P
                | Tag::Li
                | Tag::Dt
                | Tag::Dd
                | Tag::Blockquote
                | Tag::Pre
                | Tag::Tr
                | Tag::Summary
        ) && self.tree.tag(self.owner).heading_level().is_none()
    }

    /// A drop cap that only the eye sees, with the whole word for screen readers behind it, of which no rest
    /// follows: the word stays, the letter goes.
    fn keep_twins(&self, run: &[Item], places: &mut [Place]) {
        for at in 1..run.len() {
            if run[at].gone.is_none() || run[at - 1].gone.is_some() {
                continue;
            }
            let (letter, word) = (self.shown(&run[at - 1]), self.tree.own_text(run[at].node));
            let (Some(letter), Some(word)) = (letter, word.map(str::trim)) else {
                continue;
            };
            let rest = run[at + 1..].iter().find(|it| it.kind == ItemKind::Text);
            let rest = rest
                .and_then(|it| self.tree.own_text(it.node))
                .unwrap_or(" ");
            let is_cap = letter.chars().count() == 1 && letter.chars().all(char::is_alphabetic);
            let is_word =
                word.len() > letter.len() && word.starts_with(letter) && !word.contains(' ');
            if is_cap
                && is_word
                && !rest.starts_with(char::is_alphabetic)
                && is_for_the_eye(self.tree, run[at - 1].node)
            {
                places[at - 1] = Place::Twin;
                places[at] = Place::InSentence;
            }
        }
    }
}

fn is_for_the_eye(tree: &Tree<'_>, node: Id) -> bool {
    let mut near = tree.ancestors(node).take(3);
    near.any(|id| tree.attr(id, "aria-hidden") == Some("true"))
}

/// True where a rule marks a part of a run; else it is one block.
pub(super) fn has_marks(run: &[Item]) -> bool {
    run.iter()
        .any(|item| item.marked.is_some() || item.gone.is_some())
}

/// True for a line of labels: names, dates and places around the text, with few words between them.
pub(super) fn is_labels(tree: &Tree<'_>, items: &[Item]) -> bool {
    if items.iter().all(|item| item.marked.is_none()) {
        return false;
    }
    let (mut free, mut marked, mut last) = (0, 0, "");
    for item in items.iter().filter(|it| it.kind == ItemKind::Text) {
        let own = tree.own_text(item.node).unwrap_or_default();
        let words = word_count(own);
        if item.marked.is_some() {
            marked += words;
        } else {
            free += words;
        }
        if !own.trim().is_empty() {
            last = own;
        }
    }
    free <= LABEL_WORDS && free < marked && !ends_sentence(last.trim())
}

fn ends_sentence(text: &str) -> bool {
    text.trim_end_matches(|c: char| {
        c.is_whitespace()
            || matches!(
                c,
                '"' | '”' | '“' | '»' | '’' | '\'' | ')' | ']' | '」' | '』'
            )
    })
    .ends_with(['.', '!', '?', '。', '！', '？', '…', '؟', '।', '۔'])
}

/// True for a text that goes on with a sentence: a small letter, a comma.
fn goes_on(text: &str) -> bool {
    text.starts_with(|c: char| {
        c.is_lowercase()
            || matches!(
                c,
                ',' | '.' | ';' | ':' | ')' | '?' | '!' | '…' | '’' | '—' | '–' | '-'
            )
    })
}

/// True for a text that begins like a sentence; scripts without capitals leave it open.
fn opens_sentence(text: &str) -> bool {
    let opening = |c: char| matches!(c, '"' | '“' | '„' | '«' | '‘' | '¿' | '¡' | '「' | '(');
    text.trim_start_matches(opening)
        .starts_with(|c: char| c.is_uppercase() || c.is_numeric())
}
