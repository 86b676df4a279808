//! Text of neighbouring elements that no space separates in the source, though style sheets do on the
//! screen: `<span>said.</span><span>The mayor`, `<time>10:15</time>The mayor`. Where the characters show
//! that two texts are no one word, a space belongs between them; in doubt there is none, because a word
//! must not be split: `<b>T</b>he`, `H<sub>2</sub>O`, `i<b>Phone</b>`.

use crate::page::text::is_unspaced;
use crate::page::{Id, Tag, Tree};

/// A word in front of a full stop has at least this many letters; `U.S.` and initials are none.
const WORD: usize = 2;
/// Both parts of a heading have at least this many letters.
const HEADING_PART: usize = 3;
/// How far up a heading is looked for.
const REACH: usize = 4;

/// True where a space belongs between two text nodes that follow each other in one line.
pub fn needs_space(tree: &Tree<'_>, before: Id, after: Id) -> bool {
    let (Some(left), Some(right)) = (tree.own_text(before), tree.own_text(after)) else {
        return false;
    };
    let (Some(last), Some(first)) = (left.chars().next_back(), right.chars().next()) else {
        return false;
    };
    if last.is_whitespace() || first.is_whitespace() || is_unspaced(last) || is_unspaced(first) {
        return false;
    }
    if is_in_one_time(tree, before, after) {
        return true;
    }
    if !opens_word(right) || is_raised(tree, before, after) {
        return false;
    }
    ends_sentence(left)
        || ends_time(tree, before, left)
        || ends_upper_case(left)
        || is_in_heading(tree, after) && are_parts(tree, before, after, left, right)
}

/// True for two parts of one `<time>`, which style sheets separate: `<span>2 hours ago</span>07:02`.
fn is_in_one_time(tree: &Tree<'_>, one: Id, other: Id) -> bool {
    let parent = tree.parent(other);
    let near = [parent, tree.parent(parent)];
    let time = near.into_iter().find(|&it| tree.tag(it) == Tag::Time);
    time.is_some_and(|it| tree.is_within(one, it))
}

/// True where a text begins with a word in title case, perhaps in quotation marks: not `JS`, not `com`.
fn opens_word(text: &str) -> bool {
    let mut chars = text
        .trim_start_matches(['“', '„', '«', '"', '‘', '\'', '(', '¿', '¡'])
        .chars();
    let is_capital = chars.next().is_some_and(char::is_uppercase);
    is_capital && chars.next().is_some_and(|c| c.is_lowercase() || c == ' ')
}

fn is_raised(tree: &Tree<'_>, before: Id, after: Id) -> bool {
    [before, after]
        .iter()
        .any(|&id| matches!(tree.tag(tree.parent(id)), Tag::Sub | Tag::Sup))
}

fn ends_sentence(text: &str) -> bool {
    let inner = text.trim_end_matches(['"', '”', '“', '»', '’', '\'', ')', ']']);
    let stripped = inner.trim_end_matches(['.', '!', '?', '…', ':', ';']);
    stripped.len() < inner.len()
        && (inner.ends_with(['!', '?', '…', ':', ';']) || letters_at_end(stripped) >= WORD)
}

/// True where the text ends in a time of day, a year, or a number that is a `<time>`.
fn ends_time(tree: &Tree<'_>, node: Id, text: &str) -> bool {
    let start = text
        .rfind(|c: char| !c.is_ascii_digit() && !matches!(c, ':' | '.' | '/' | '-'))
        .map_or(0, |at| {
            at + text[at..].chars().next().map_or(1, char::len_utf8)
        });
    let number = &text[start..];
    if !number.ends_with(|c: char| c.is_ascii_digit()) {
        return false;
    }
    let is_year = number.len() == 4 && number.starts_with(['1', '2']) && start > 0;
    number.contains([':', '.', '/', '-']) || is_year || tree.tag(tree.parent(node)) == Tag::Time
}

fn ends_upper_case(text: &str) -> bool {
    let upper = text.chars().rev().take_while(|c| c.is_uppercase()).count();
    upper >= HEADING_PART && upper == letters_at_end(text)
}

fn letters_at_end(text: &str) -> usize {
    text.chars().rev().take_while(|c| c.is_alphabetic()).count()
}

fn is_in_heading(tree: &Tree<'_>, node: Id) -> bool {
    let mut near = tree.ancestors(node).take(REACH);
    near.any(|id| tree.tag(id).heading_level().is_some())
}

/// True where an element with a whole word ends between the two, and another begins or a text of several
/// words follows.
fn are_parts(tree: &Tree<'_>, before: Id, after: Id, left: &str, right: &str) -> bool {
    let letters = letters_at_end(left);
    let ends = tree.end(tree.parent(before)) <= after;
    let begins = tree.parent(after) > before;
    ends && letters >= HEADING_PART && (begins || letters > HEADING_PART && right.contains(' '))
}

#[cfg(test)]
mod tests {
    use crate::limits::Limits;
    use crate::page::{Document, Input, Tag};

    fn text(html: &str) -> String {
        let document = Document::parse(&Input::new(html.as_bytes()), &Limits::DEFAULT);
        let tree = document.page().tree;
        let body = tree.elements(Tag::Body).next().unwrap();
        tree.text(body)
    }

    #[test]
    fn elements_that_style_sheets_separate_are_separated() {
        for (html, shown) in [
            (
                "<span>on chairs.</span><span>Astronomers came",
                "on chairs. Astronomers came",
            ),
            ("<i>“Never!”</i><b>“Why?” she", "“Never!” “Why?” she"),
            ("<time>10:15</time>The mayor", "10:15 The mayor"),
            ("<span>11 May 2026</span>The mayor", "11 May 2026 The mayor"),
            ("<time><i>2 hours ago</i>07:02</time>", "2 hours ago 07:02"),
            (
                "<h1><span>Astronomy</span><span>Dome opens</span></h1>",
                "Astronomy Dome opens",
            ),
            (
                "<h2><i>Astronomy</i>Dome opens</h2>",
                "Astronomy Dome opens",
            ),
            ("<b>LONDON</b>The mayor", "LONDON The mayor"),
            ("<span>Ни слова.</span><span>Мэр ушёл", "Ни слова. Мэр ушёл"),
        ] {
            assert_eq!(text(html), shown);
        }
    }

    #[test]
    fn no_word_is_split() {
        for html in [
            "<b>T</b>he mayor",
            "<span>chair</span>s",
            "H<sub>2</sub>O",
            "CO<sub>2</sub>Emissions",
            "i<b>Phone</b>",
            "<h1>i<b>Phone</b></h1>",
            "<b>U.</b><b>S.</b>",
            "Node.<b>js</b>",
            "<b>港の船が来た。</b><b>市長",
            "<b>2</b>Pac",
            "<i>Mc</i><b>Donald</b>",
            "<h2><i>Mc</i><b>Donald</b></h2>",
        ] {
            let plain = html.replace("<h1>", "").replace("<h2>", "");
            let words: String = plain
                .split('<')
                .map(|it| it.split_once('>').map_or(it, |(_, text)| text))
                .collect();
            assert_eq!(text(html), words);
        }
    }
}
