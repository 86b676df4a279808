//! The index in PostgreSQL: a `tsvector` of each article with a GIN index over them. Vectors and queries are written here, word
//! for word; no dictionary of the server reads them. Words have letters, digits and marks alone.
//!
//! The server thinks a test of one vector cheap, and for a frequent word reads all of them. So words are looked up with
//! every way but the index switched off.

use std::collections::HashMap;
use std::fmt::Write as _;

use super::fts5::NewEntry;
use super::{MOST_RANKED, Question, RANKED_AMONG, bound, language_tag, main_language, stored};
use crate::search::{Document, Field, SearchQuery, Term};
use crate::store::sql::database::{self, Connection, Value, listed, query, query_as, rows_of};
use crate::store::sql::{Engine, SqlStore};

/// Positions between two fields: no phrase goes from one into the next.
const GAP: usize = 2;

/// The newest entries, at most so many.
pub(super) async fn newest(
    store: &SqlStore,
    question: &Question<'_>,
    most: u32,
) -> Result<Vec<i64>, database::Error> {
    let (matches, values) = matches(question);
    let newest = format!(
        "SELECT entry FROM ({matches}) AS found ORDER BY entry DESC LIMIT ${}",
        values.len() + 1
    );
    let newest = bound(query_as::<(i64,)>(newest), values).bind(most);
    let rows = fetch(store, question, newest).await?;
    Ok(rows.into_iter().map(|(entry,)| entry).collect())
}

/// The entries that say most of what is searched for, the best first.
pub(super) async fn best(
    store: &SqlStore,
    question: &Question<'_>,
) -> Result<Vec<i64>, database::Error> {
    let (matches, values) = matches(question);
    let next = values.len() + 1;
    let best = format!(
        "SELECT entry FROM ({matches} ORDER BY entry DESC LIMIT ${next}) AS found
         ORDER BY ts_rank('{{0.1, 0.2, 0.4, 1.0}}', words, CAST($1 AS tsquery), 1) DESC, entry DESC LIMIT ${}",
        next + 1
    );
    let best = bound(query_as::<(i64,)>(best), values)
        .bind(RANKED_AMONG)
        .bind(MOST_RANKED);
    let rows = fetch(store, question, best).await?;
    Ok(rows.into_iter().map(|(entry,)| entry).collect())
}

/// How many entries there are; so many are counted at most.
pub(super) async fn count(
    store: &SqlStore,
    question: &Question<'_>,
    most: u64,
) -> Result<i64, database::Error> {
    let (others, values) = others(question);
    let count = format!(
        "SELECT COUNT(*) FROM (SELECT 1 FROM search_words WHERE {}{others} LIMIT ${}) AS counted",
        test(question.query, 1),
        values.len() + 1
    );
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let count = bound(query_as::<(i64,)>(count), values).bind(most);
    let rows = fetch(store, question, count).await?;
    Ok(rows.first().map_or(0, |(count,)| *count))
}

/// Asks the index of words, if words are searched for.
async fn fetch(
    store: &SqlStore,
    question: &Question<'_>,
    asked: database::Query<(i64,)>,
) -> Result<Vec<(i64,)>, database::Error> {
    let Engine::Postgres(server) = &store.engine else {
        return Ok(Vec::new());
    };
    if question.query.required.is_empty() {
        return asked.fetch_all(store.readers()).await;
    }
    let mut reading = server.by_bitmap().await?;
    let rows = asked.fetch_all(&mut *reading).await?;
    reading.commit().await?;
    Ok(rows)
}

/// The entries that are found with their words, and the values for it. The first is the query.
///
/// Where the index does not know enough, as of a phrase, the vectors of those that it names are read one after the other,
/// the newest first: whoever wants twenty reads little more than twenty.
fn matches(question: &Question<'_>) -> (String, Vec<Value>) {
    let (others, mut values) = others(question);
    let Some(candidates) = candidates(question.query) else {
        let test = test(question.query, 1);
        let all = format!("SELECT entry, words FROM search_words WHERE {test}{others}");
        return (all, values);
    };
    values.push(Value::from(candidates));
    let candidate = test(question.query, values.len());
    let lazily = format!(
        "SELECT named.entry, read.words
         FROM (SELECT entry FROM search_words WHERE {candidate}{others} ORDER BY entry DESC) AS named
             CROSS JOIN LATERAL (SELECT words FROM search_words
                                 WHERE search_words.entry = named.entry AND {} OFFSET 0) AS read",
        test(question.query, 1)
    );
    (lazily, values)
}

/// The test of an entry's words by the value of this number.
fn test(query: &SearchQuery, value: usize) -> String {
    match query.is_without_words() {
        true => format!("CAST(${value} AS TEXT) = ''"),
        false => format!("words @@ CAST(${value} AS tsquery)"),
    }
}

/// What else must hold of an entry, each after an `AND`, and the values for it. The first is the query.
fn others(question: &Question<'_>) -> (String, Vec<Value>) {
    let query = question.query;
    let mut values = vec![Value::from(expression(query))];
    let mut all = String::new();
    let mut add = |condition: &str, value: Value| {
        values.push(value);
        let condition = condition.replace('?', &format!("${}", values.len()));
        let _ = write!(all, " AND {condition}");
    };
    // A list reads entries in their order. With words, the server would read all entries of a span that is no bound, and
    // test each of them, while it has no statistics.
    let (first, last) = question.entries;
    if query.required.is_empty() || first > 0 {
        add("entry >= ?", Value::from(first));
    }
    if query.required.is_empty() || last < i64::MAX {
        add("entry <= ?", Value::from(last));
    }
    if let Some(sources) = &question.sources {
        add("source = ANY(?)", listed(sources));
    }
    if !query.languages.is_empty() {
        let tags = query.languages.iter().map(|it| language_tag(it));
        add(
            "(language = ANY(?) OR main_language = ANY(?))",
            tags.collect(),
        );
    }
    if let Some(kind) = query.kind {
        add("kind = ?", Value::from(kind.name()));
    }
    if question.last < i64::MAX {
        add("seq <= ?", Value::from(question.last));
    }
    let conditions = ["fetched_at >= ?", "fetched_at < ?"];
    for (condition, value) in conditions.into_iter().zip(stored(query)) {
        if value != Value::Int(None) {
            add(condition, value);
        }
    }
    (all, values)
}

/// The question in the server's language; empty where it asks for no words.
fn expression(query: &SearchQuery) -> String {
    let excluded: Vec<&Term> = query.excluded.iter().collect();
    joined(&query.required, &excluded, true)
}

/// The question as far as the index can answer it, which knows whether an article has a word and not where: holds wherever
/// the question holds. `None` where that is all of it, or nothing.
fn candidates(query: &SearchQuery) -> Option<String> {
    let is_known = |term: &Term| term.words.len() == 1 && term.field != Some(Field::Text);
    let mut all = query.required.iter().flatten().chain(&query.excluded);
    if query.required.is_empty() || all.all(is_known) {
        return None;
    }
    let excluded: Vec<&Term> = query.excluded.iter().filter(|it| is_known(it)).collect();
    Some(joined(&query.required, &excluded, false))
}

/// Terms in the server's language, with the places of their words or without.
fn joined(required: &[Vec<Term>], excluded: &[&Term], with_places: bool) -> String {
    let required = required.iter().map(|group| {
        let terms: Vec<String> = group.iter().map(|it| term(it, with_places)).collect();
        format!("({})", terms.join(" | "))
    });
    let excluded = excluded
        .iter()
        .map(|it| format!("!({})", term(it, with_places)));
    let all: Vec<String> = required.chain(excluded).collect();
    all.join(" & ")
}

fn term(term: &Term, with_places: bool) -> String {
    let last = term.words.len().saturating_sub(1);
    let words = term.words.iter().enumerate().map(|(at, word)| {
        let star = if term.is_prefix && at == last {
            "*"
        } else {
            ""
        };
        let weight = if with_places && term.field == Some(Field::Text) {
            "D"
        } else {
            ""
        };
        let colon = if star.len() + weight.len() > 0 {
            ":"
        } else {
            ""
        };
        format!(
            "'{}{word}'{colon}{star}{weight}",
            term.field.map_or("", letter)
        )
    });
    let words: Vec<String> = words.collect();
    let by = if with_places { " <-> " } else { " & " };
    format!("({})", words.join(by))
}

/// What stands before a word of this field alone. The text is nearly all there is: its words have a weight of their own.
fn letter(field: Field) -> &'static str {
    match field {
        Field::Title => "h:",
        Field::Author => "a:",
        Field::Tag => "t:",
        Field::Section => "s:",
        Field::Text => "",
    }
}

/// The words of an article as the text of a `tsvector`.
fn vector(document: &Document) -> String {
    let fields = [
        (Field::Title, &document.title, 'A'),
        (Field::Author, &document.authors, 'B'),
        (Field::Tag, &document.tags, 'B'),
        (Field::Section, &document.section, 'C'),
        (Field::Text, &document.text, 'D'),
    ];
    let mut places: HashMap<String, String> = HashMap::new();
    let mut position = 0;
    for (field, words, weight) in fields {
        for word in words {
            position += 1;
            let mut add = |word: String| {
                let places = places.entry(word).or_default();
                let comma = if places.is_empty() { ':' } else { ',' };
                let _ = write!(places, "{comma}{position}{weight}");
            };
            add(word.clone());
            if field != Field::Text {
                add(format!("{}{word}", letter(field)));
            }
        }
        position += GAP;
    }
    let mut vector = String::new();
    for (word, places) in places {
        let _ = write!(vector, "'{word}'{places} ");
    }
    vector
}

/// Takes these articles out of the index.
pub(super) async fn remove(
    connection: &mut Connection,
    seqs: Value,
) -> Result<(), database::Error> {
    query("DELETE FROM search_words WHERE seq IN (SELECT value FROM each($1))")
        .bind(seqs)
        .execute(connection)
        .await
        .map(|_| ())
}

/// Puts new entries into the index.
pub(super) async fn add(
    connection: &mut Connection,
    entries: &[NewEntry],
) -> Result<(), database::Error> {
    let rows = entries.iter().map(|it| -> Vec<serde_json::Value> {
        vec![
            it.entry.into(),
            it.seq.into(),
            it.source.into(),
            it.language.as_str().into(),
            main_language(&it.language).into(),
            it.kind.name().into(),
            it.fetched_at.into(),
            vector(&it.document).into(),
        ]
    });
    query(
        "INSERT INTO search_words (entry, seq, source, language, main_language, kind, fetched_at, words)
         SELECT CAST(each_row.value ->> 0 AS BIGINT), CAST(each_row.value ->> 1 AS BIGINT),
                CAST(each_row.value ->> 2 AS BIGINT), each_row.value ->> 3, each_row.value ->> 4,
                each_row.value ->> 5, CAST(each_row.value ->> 6 AS BIGINT), CAST(each_row.value ->> 7 AS tsvector)
         FROM each_row($1)",
    )
    .bind(rows_of(rows))
    .execute(connection)
    .await
    .map(|_| ())
}

/// Empties the index.
pub(super) async fn clear(connection: &mut Connection) -> Result<(), database::Error> {
    query("DELETE FROM search_words")
        .execute(connection)
        .await
        .map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stand_in_quotes_whatever_they_mean_to_the_server() {
        let query = SearchQuery::parse("a|b OR not* title:\"c & d\" text:ee* -'x'");
        assert_eq!(
            expression(&query),
            "(('a' <-> 'b') | ('not':*)) & (('h:c' <-> 'h:d')) & (('ee':*D)) & !(('x'))"
        );
    }

    #[test]
    fn candidates_are_all_that_the_index_cannot_tell_apart() {
        let of = |text: &str| candidates(&SearchQuery::parse(text));
        assert_eq!(of(""), None);
        assert_eq!(of("-\"a b\""), None);
        assert_eq!(of("ferry title:strike har* -rain"), None);
        assert_eq!(
            of("ferry \"a b\" -rain").as_deref(),
            Some("(('ferry')) & (('a' & 'b')) & !(('rain'))")
        );
        // What is left out only together, or only in the text, may stand apart or elsewhere.
        assert_eq!(of("ferry -\"a b\" -text:c").as_deref(), Some("(('ferry'))"));
        assert_eq!(of("text:a").as_deref(), Some("(('a'))"));
    }

    #[test]
    fn a_vector_has_every_place_of_a_word_and_those_of_its_field() {
        let document = Document {
            title: vec!["ferry".to_owned()],
            text: vec!["the".to_owned(), "ferry".to_owned()],
            ..Document::default()
        };
        let vector = vector(&document);
        let mut words: Vec<&str> = vector.split_whitespace().collect();
        words.sort_unstable();
        assert_eq!(words, ["'ferry':1A,11D", "'h:ferry':1A", "'the':10D"]);
    }
}
