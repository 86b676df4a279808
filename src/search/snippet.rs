//! The part of a text that shows why it was found.

use std::ops::Range;

use super::matches::{Match, matches};
use super::query::{Field, SearchQuery};

/// Characters of a snippet.
const WIDTH: usize = 200;
/// Characters before the first match.
const BEFORE: usize = 50;
/// Characters by which an end may move to stand between words.
const MOVED: usize = 20;

/// A part of a text: what was searched for, or what stands between.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// The text. It is a page's: whoever shows it escapes it.
    pub text: String,
    /// It is what was searched for.
    pub is_match: bool,
}

/// About 200 characters of an article's text around as much of what was searched for as stands together; its beginning
/// where nothing of it is in the text. An ellipsis stands where something was left out.
pub fn snippet(text: &str, query: &SearchQuery) -> Vec<Part> {
    let matches = matches(text, Field::Text, query);
    let shown = window(text, &matches);
    let mut parts = parts(text, shown.clone(), &matches);
    for part in &mut parts {
        part.text = with_single_spaces(&part.text);
    }
    if shown.start > 0 {
        parts.insert(0, plain("… "));
    }
    if shown.end < text.trim_end().len() {
        parts.push(plain(" …"));
    }
    parts
}

/// The whole of a field with what was searched for marked.
pub fn highlighted(text: &str, field: Field, query: &SearchQuery) -> Vec<Part> {
    parts(text, 0..text.len(), &matches(text, field, query))
}

fn plain(text: &str) -> Part {
    Part {
        text: text.to_owned(),
        is_match: false,
    }
}

/// The part of the text that shows most terms, and of several the first.
fn window(text: &str, matches: &[Match]) -> Range<usize> {
    let places: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
    let number = |byte: usize| places.partition_point(|at| *at < byte);
    let byte = |number: usize| places.get(number).copied().unwrap_or(text.len());
    let mut best: Option<(usize, &Match)> = None;
    for (at, first) in matches.iter().enumerate() {
        let end = byte(number(first.range.start) + WIDTH - BEFORE);
        let near = matches.get(at..).unwrap_or_default().iter();
        let mut terms: Vec<usize> = near
            .take_while(|it| it.range.end <= end)
            .map(|it| it.term)
            .collect();
        terms.sort_unstable();
        terms.dedup();
        if best.is_none_or(|(most, _)| terms.len() > most) {
            best = Some((terms.len(), first));
        }
    }
    let Some((_, first)) = best else {
        return 0..between_words(
            text,
            byte(WIDTH),
            byte(WIDTH.saturating_sub(MOVED)),
            text.len(),
        );
    };
    let from = number(first.range.start).saturating_sub(BEFORE);
    let start = match from {
        0 => 0,
        from => after_space(text, byte(from), byte(from + MOVED).min(first.range.start)),
    };
    let end = byte(number(start) + WIDTH);
    let least = first.range.end.max(byte(number(start) + WIDTH - MOVED));
    start..between_words(text, end.max(first.range.end), least, text.len())
}

/// The first place after a space in this part of the text, or its beginning.
fn after_space(text: &str, from: usize, to: usize) -> usize {
    let part = text.get(from..to).unwrap_or_default();
    let space = part.char_indices().find(|(_, c)| c.is_whitespace());
    space.map_or(from, |(at, c)| from + at + c.len_utf8())
}

/// The last place before a space that is not after `most`, if it is not before `least` either.
fn between_words(text: &str, most: usize, least: usize, whole: usize) -> usize {
    if most >= whole {
        return whole;
    }
    let part = text.get(least.min(most)..most).unwrap_or_default();
    let space = part.rfind(char::is_whitespace);
    space.map_or(most, |at| least.min(most) + at)
}

fn parts(text: &str, shown: Range<usize>, matches: &[Match]) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut at = shown.start;
    let mut add = |range: Range<usize>, is_match: bool| {
        let text = text.get(range).filter(|it| !it.is_empty());
        parts.extend(text.map(|text| Part {
            text: text.to_owned(),
            is_match,
        }));
    };
    for found in matches {
        let (start, end) = (found.range.start.max(at), found.range.end.min(shown.end));
        if start < end {
            add(at..start, false);
            add(start..end, true);
            at = end;
        }
    }
    add(at..shown.end, false);
    parts
}

/// The text in one line.
fn with_single_spaces(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if !c.is_whitespace() {
            out.push(c);
        } else if !out.ends_with(' ') {
            out.push(' ');
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A snippet with what was searched for in brackets.
    fn marked(text: &str, query: &str) -> String {
        let parts = snippet(text, &SearchQuery::parse(query));
        let show = |part: &Part| match part.is_match {
            true => format!("[{}]", part.text),
            false => part.text.clone(),
        };
        parts.iter().map(show).collect()
    }

    #[test]
    fn a_short_text_is_shown_whole() {
        assert_eq!(
            marked("The night ferry\n\nsails.", "ferry OR sails"),
            "The night [ferry] [sails]."
        );
        assert_eq!(marked("<b>ferry</b>", "ferry"), "<b>[ferry]</b>");
        assert_eq!(marked("", "ferry"), "");
    }

    #[test]
    fn of_a_long_text_the_place_is_shown_where_most_terms_stand() {
        let filler = "word ".repeat(100);
        let text = format!("{filler}ferry {filler}the night ferry sails {filler}");
        let shown = marked(&text, "ferry night");
        assert!(
            shown.starts_with("… word") && shown.ends_with("word …"),
            "{shown}"
        );
        assert!(shown.contains("the [night] [ferry] sails"), "{shown}");
        assert!(shown.chars().count() < WIDTH + 10, "{shown}");
        let nothing = marked(&text, "title:ferry");
        assert!(nothing.starts_with("word") && nothing.ends_with("word …"));
    }

    #[test]
    fn matches_that_overlap_are_marked_once() {
        assert_eq!(
            marked("night ferry sails", "\"night ferry\" \"ferry sails\""),
            "[night ferry][ sails]"
        );
        assert_eq!(marked("東京都庁", "東京 京都"), "[東京][都]庁");
    }

    proptest! {
        #[test]
        fn any_text_has_a_snippet(text in "([a-c東京é ]|\\PC){0,400}", query in "[a-c東京 *\"]{0,9}") {
            let parts = snippet(&text, &SearchQuery::parse(&query));
            let length: usize = parts.iter().map(|it| it.text.chars().count()).sum();
            prop_assert!(length <= 2 * WIDTH);
            let whole: String = highlighted(&text, Field::Text, &SearchQuery::parse(&query))
                .into_iter().map(|it| it.text).collect();
            prop_assert_eq!(whole, text);
        }
    }
}
