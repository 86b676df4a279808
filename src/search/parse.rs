//! Reads queries as people write them.

use super::document::millis;
use super::pieces::{Piece, next_piece};
use super::query::{Field, SearchQuery, Term, TimeRange};
use super::words::words;

/// Characters of a query that are read.
const CHARACTERS: usize = 1_000;
/// Terms of a query.
const TERMS: usize = 32;
/// Words of a phrase.
const WORDS: usize = 32;
/// Letters before `*`: what begins with one letter is a large part of all words.
const PREFIX: usize = 2;

pub(super) fn parse(text: &str) -> SearchQuery {
    let mut parsing = Parsing::default();
    let mut rest = match text.char_indices().nth(CHARACTERS) {
        Some((end, _)) => {
            parsing.note(format!("Only the first {CHARACTERS} characters were read."));
            text.get(..end).unwrap_or_default()
        }
        None => text,
    };
    while let Some((piece, after)) = next_piece(rest) {
        rest = after;
        if parsing.terms == TERMS {
            parsing.note(format!("Only the first {TERMS} terms were searched."));
            break;
        }
        parsing.take(&piece);
    }
    parsing.end_or();
    parsing.query
}

/// A query that is being read.
#[derive(Default)]
struct Parsing {
    query: SearchQuery,
    terms: usize,
    /// `OR` was read after a term, and waits for another.
    after_or: bool,
    /// The last piece was a term that `OR` may follow.
    after_term: bool,
}

impl Parsing {
    fn note(&mut self, note: String) {
        if !self.query.notes.contains(&note) {
            self.query.notes.push(note);
        }
    }

    fn take(&mut self, piece: &Piece<'_>) {
        if piece.is_open {
            self.note(
                "A quotation mark has no second one; the phrase ends with the query.".to_owned(),
            );
        }
        if piece.whole == "OR" && !piece.is_excluded && !piece.is_quoted {
            if self.after_term {
                (self.after_or, self.after_term) = (true, false);
            } else {
                self.note("OR stands between two words; this one was left out.".to_owned());
            }
            return;
        }
        if let Some(name) = piece.name
            && !piece.is_excluded
            && self.filter(name, piece.value)
        {
            self.end_or();
            self.after_term = false;
            return;
        }
        self.term(piece);
    }

    /// Notes that nothing came after `OR`.
    fn end_or(&mut self) {
        if std::mem::take(&mut self.after_or) {
            self.note("OR stands between two words; this one was left out.".to_owned());
        }
    }

    /// Takes in a filter, if it is one that can be read.
    fn filter(&mut self, name: &str, value: &str) -> bool {
        let value = value.trim();
        match name.to_lowercase().as_str() {
            _ if value.is_empty() => false,
            "source" => {
                self.query.sources.push(value.to_owned());
                true
            }
            "language" | "lang" => {
                self.query.languages.push(value.to_owned());
                true
            }
            "after" | "before" => self.date(name, value),
            _ => false,
        }
    }

    fn date(&mut self, name: &str, value: &str) -> bool {
        let Some(time) = start_of(value) else {
            self.note(format!(
                "“{value}” is no date such as 2026-01-31; it was searched as words."
            ));
            return false;
        };
        let TimeRange { since, until } = &mut self.query.published;
        match name.to_lowercase().as_str() {
            "after" => *since = Some(since.map_or(time, |known| known.max(time))),
            _ => *until = Some(until.map_or(time, |known| known.min(time))),
        }
        true
    }

    fn term(&mut self, piece: &Piece<'_>) {
        let named = piece.name.map(str::to_lowercase);
        let field = Field::ALL
            .into_iter()
            .find(|it| Some(it.name()) == named.as_deref());
        let field = field.filter(|_| !piece.value.is_empty());
        let value = if field.is_some() {
            piece.value
        } else {
            piece.whole
        };
        if field.is_none() && piece.is_quoted && piece.name.is_none() {
            return self.add(piece, None, piece.value);
        }
        if let (None, Some(name), false) = (field, piece.name, piece.value.is_empty()) {
            let is_known =
                ["after", "before", "http", "https"].contains(&name.to_lowercase().as_str());
            if !is_known {
                self.note(format!(
                    "“{name}:” names no field; it was searched as a word."
                ));
            }
        }
        self.add(piece, field, value);
    }

    fn add(&mut self, piece: &Piece<'_>, field: Option<Field>, value: &str) {
        let Some(term) = self.term_of(field, value) else {
            return;
        };
        self.terms += 1;
        if piece.is_excluded {
            self.end_or();
            self.after_term = false;
            self.query.excluded.push(term);
            return;
        }
        self.after_term = true;
        match self.query.required.last_mut() {
            Some(group) if std::mem::take(&mut self.after_or) => group.push(term),
            _ => self.query.required.push(vec![term]),
        }
    }

    fn term_of(&mut self, field: Option<Field>, value: &str) -> Option<Term> {
        let mut found = words(value);
        if found.len() > WORDS {
            self.note(format!(
                "Only the first {WORDS} words of a phrase were searched."
            ));
            found.truncate(WORDS);
        }
        let last = found.last()?;
        let mut is_prefix = value.ends_with('*') && !last.is_single;
        if is_prefix && last.text.chars().count() < PREFIX {
            self.note(format!(
                "“*” needs {PREFIX} letters before it; it was left out."
            ));
            is_prefix = false;
        }
        if last.is_single {
            // Of a run, the pairs say all; a single character may be followed by others.
            let is_alone = !ends_pair(&found);
            is_prefix = is_alone;
            if !is_alone {
                found.pop();
            }
        }
        let words = found.into_iter().map(|it| it.text).collect();
        Some(Term {
            field,
            words,
            is_prefix,
        })
    }
}

/// True where the last word is the last character of the pair before it.
fn ends_pair(words: &[super::Word]) -> bool {
    let [.., pair, last] = words else {
        return false;
    };
    pair.end == last.end && !pair.is_single
}

/// The first millisecond of a year, a month or a day in UTC, or a time.
fn start_of(date: &str) -> Option<i64> {
    match date.len() {
        4 => millis(&format!("{date}-01-01")),
        7 => millis(&format!("{date}-01")),
        _ => millis(date),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A query in one line, as it was understood.
    fn read(text: &str) -> String {
        let query = SearchQuery::parse(text);
        let term = |term: &Term| {
            let field = term
                .field
                .map_or(String::new(), |it| format!("{}:", it.name()));
            let star = if term.is_prefix { "*" } else { "" };
            format!("{field}{}{star}", term.words.join("+"))
        };
        let groups = query.required.iter().map(|group| {
            let terms: Vec<String> = group.iter().map(term).collect();
            terms.join("|")
        });
        let excluded = query.excluded.iter().map(|it| format!("-{}", term(it)));
        let sources = query.sources.iter().map(|it| format!("source={it}"));
        let languages = query.languages.iter().map(|it| format!("language={it}"));
        let all = groups.chain(excluded).chain(sources).chain(languages);
        all.collect::<Vec<_>>().join(" ")
    }

    fn notes(text: &str) -> usize {
        SearchQuery::parse(text).notes.len()
    }

    #[test]
    fn a_query_is_read_as_it_is_meant() {
        for (text, meant) in [
            ("", ""),
            ("Ferry  harbour", "ferry harbour"),
            ("\"night ferry\" -strike", "night+ferry -strike"),
            (
                "ferry OR boat OR \"night train\" port",
                "ferry|boat|night+train port",
            ),
            ("harb* title:\"Ferry re*\"", "harb* title:ferry+re*"),
            ("\"night fer\"*", "night+fer*"),
            (
                "title:ferry author:Ali tag:sea section:News",
                "title:ferry author:ali tag:sea section:news",
            ),
            (
                "source:\"Le Phare\" language:fr été",
                "ete source=Le Phare language=fr",
            ),
            ("e-mail don't", "e+mail don+t"),
            ("“night ferry”", "night+ferry"),
            ("or and not near", "or and not near"),
            ("-\"a b\" -- - x", "x -a+b"),
            ("title:", "title"),
        ] {
            assert_eq!(read(text), meant, "{text}");
        }
    }

    #[test]
    fn a_run_without_spaces_is_a_phrase_of_pairs() {
        assert_eq!(read("東京都"), "東京+京都");
        assert_eq!(read("東京"), "東京");
        assert_eq!(read("都"), "都*");
        assert_eq!(read("今年2024"), "今年+年+2024");
        assert_eq!(read("2024年"), "2024+年*");
    }

    #[test]
    fn dates_are_a_range() {
        let query = SearchQuery::parse("after:1970-01-02 before:1970-02 after:1970");
        assert_eq!(query.published.since, Some(86_400_000));
        assert_eq!(query.published.until, Some(31 * 86_400_000));
        assert!(query.is_without_words() && query.notes.is_empty());
    }

    #[test]
    fn what_cannot_be_read_is_words_with_a_note() {
        for (text, meant) in [
            ("after:soon", "after+soon"),
            ("colour:red", "colour+red"),
            ("OR ferry", "ferry"),
            ("ferry OR", "ferry"),
            ("\"night ferry", "night+ferry"),
            ("f*", "f"),
            ("-source:x", "-source+x"),
        ] {
            assert_eq!(read(text), meant, "{text}");
            assert_eq!(notes(text), 1, "{text}");
        }
        for text in ["https://a.test/x", "10:30", "C:", "ferry -- \0 *"] {
            assert_eq!(notes(text), 0, "{text}");
        }
    }

    #[test]
    fn a_query_without_end_is_cut() {
        let query = SearchQuery::parse(&"ab ".repeat(400_000));
        assert_eq!((query.required.len(), query.notes.len()), (TERMS, 2));
        let query = SearchQuery::parse(&format!("\"{}\"", "a ".repeat(400)));
        assert_eq!(query.required[0][0].words.len(), WORDS);
    }

    proptest! {
        #[test]
        fn any_text_is_a_bounded_query(text in "([-\"*: a-c東\\PC]|OR|title:|after:|source:){0,60}") {
            let query = SearchQuery::parse(&text);
            let terms = query.required.iter().flatten().chain(&query.excluded);
            for term in terms {
                prop_assert!(!term.words.is_empty() && term.words.len() <= WORDS);
                prop_assert!(term.words.iter().all(|it| !it.contains(['"', '\'', '\\', ' '])));
            }
            prop_assert!(query.required.iter().all(|it| !it.is_empty()));
        }
    }
}
