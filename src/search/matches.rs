//! Where the words of a query stand in a text.

use std::ops::Range;

use super::query::{Field, SearchQuery, Term};
use super::words::{Word, words};

/// A place of the text that the query asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Match {
    /// Which of the query's terms it is.
    pub(super) term: usize,
    /// Where it stands, in bytes.
    pub(super) range: Range<usize>,
}

/// The places in a text of this field that the query asks for, in their order.
pub(super) fn matches(text: &str, field: Field, query: &SearchQuery) -> Vec<Match> {
    let terms: Vec<&Term> = query.required.iter().flatten().collect();
    let of_field = |term: &Term| term.field.is_none_or(|it| it == field);
    if !terms.iter().any(|term| of_field(term)) {
        return Vec::new();
    }
    let words = words(text);
    let mut found = Vec::new();
    for (at, _) in words.iter().enumerate() {
        let rest = words.get(at..).unwrap_or_default();
        for (number, term) in terms.iter().enumerate() {
            let range = of_field(term).then(|| begins(rest, term, text)).flatten();
            found.extend(range.map(|range| Match {
                term: number,
                range,
            }));
        }
    }
    found
}

/// Where the term stands, if the words begin with it.
fn begins(words: &[Word], term: &Term, text: &str) -> Option<Range<usize>> {
    let found = words.get(..term.words.len())?;
    let last = term.words.len().checked_sub(1)?;
    let pairs = found.iter().zip(&term.words).enumerate();
    let fits = |(at, (word, wanted)): (usize, (&Word, &String))| {
        let goes_on = at == last && term.is_prefix && word.text.starts_with(wanted.as_str());
        goes_on || word.text == *wanted
    };
    if !pairs.into_iter().all(fits) {
        return None;
    }
    let (first, end) = (found.first()?, found.last()?);
    let wanted = term.words.last()?;
    // Of a pair, the first character may be all that is asked for.
    let is_half = wanted.chars().nth(1).is_none() && end.text.chars().count() == 2;
    let shown = text.get(end.start..end.end)?;
    let half = shown.chars().next().filter(|_| is_half).map(char::len_utf8);
    Some(first.start..half.map_or(end.end, |half| end.start + half))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found<'t>(text: &'t str, query: &str) -> Vec<&'t str> {
        let matches = matches(text, Field::Text, &SearchQuery::parse(query));
        matches.into_iter().map(|it| &text[it.range]).collect()
    }

    #[test]
    fn words_phrases_and_beginnings_are_found_as_they_are_written() {
        let text = "The Night Férry left. A night train and ferries too.";
        assert_eq!(found(text, "ferry night"), ["Night", "Férry", "night"]);
        assert_eq!(found(text, "\"night ferry\""), ["Night Férry"]);
        assert_eq!(found(text, "fer*"), ["Férry", "ferries"]);
        assert_eq!(found(text, "title:ferry -night"), [""; 0]);
        assert_eq!(found("昨日の東京都庁", "東京都"), ["東京都"]);
        assert_eq!(found("昨日の東京都庁", "都"), ["都"]);
    }
}
