//! The index in SQLite: a table of FTS5 that holds words and no texts. A query becomes an expression of FTS5's language, in
//! which each word stands in quotes; words have letters, digits and marks alone.

use super::{MOST_RANKED, Question, RANKED_AMONG, SEQ_MASK, bound, language_tag, stored};
use crate::article::Kind;
use crate::search::{Document, Term};
use crate::store::sql::SqlStore;
use crate::store::sql::database::{self, Connection, Value, query, query_as, rows_of};

/// The word of the column `filters` that every article has.
const ALL: &str = "all";

/// What must hold of an article besides its words. The values `$4` and `$5` bound when it was fetched, and `$6` its number.
macro_rules! holds {
    () => {
        " AND rowid >= $2 AND rowid <= $3
          AND ($4 IS NULL OR (SELECT fetched_at FROM articles WHERE seq = search_words.rowid & 1073741823) >= $4)
          AND ($5 IS NULL OR (SELECT fetched_at FROM articles WHERE seq = search_words.rowid & 1073741823) < $5)
          AND rowid & 1073741823 <= $6 "
    };
}
const _: () = assert!(SEQ_MASK == 1_073_741_823);

/// The newest entries, at most so many.
pub(super) async fn newest(
    store: &SqlStore,
    question: &Question<'_>,
    most: u32,
) -> Result<Vec<i64>, database::Error> {
    let newest = query_as::<(i64,)>(concat!(
        "SELECT rowid FROM search_words WHERE search_words MATCH $1",
        holds!(),
        "ORDER BY rowid DESC LIMIT $7"
    ));
    let rows = bound(newest, values(question))
        .bind(most)
        .fetch_all(store.readers())
        .await?;
    Ok(rows.into_iter().map(|(entry,)| entry).collect())
}

/// The entries that say most of what is searched for, the best first.
pub(super) async fn best(
    store: &SqlStore,
    question: &Question<'_>,
) -> Result<Vec<i64>, database::Error> {
    let oldest = query_as::<(i64,)>(concat!(
        "SELECT rowid FROM search_words WHERE search_words MATCH $1",
        holds!(),
        "ORDER BY rowid DESC LIMIT 1 OFFSET $7"
    ));
    let oldest = bound(oldest, values(question)).bind(RANKED_AMONG - 1);
    let oldest = oldest.fetch_optional(store.readers()).await?;
    let mut among = question.clone();
    among.entries.0 = oldest.map_or(among.entries.0, |(entry,)| entry);
    let best = query_as::<(i64,)>(concat!(
        "SELECT rowid FROM search_words WHERE search_words MATCH $1",
        holds!(),
        "ORDER BY bm25(search_words, 8.0, 4.0, 4.0, 2.0, 1.0, 0.0), rowid DESC LIMIT $7"
    ));
    let rows = bound(best, values(&among))
        .bind(MOST_RANKED)
        .fetch_all(store.readers())
        .await?;
    Ok(rows.into_iter().map(|(entry,)| entry).collect())
}

/// How many entries there are; so many are counted at most.
pub(super) async fn count(
    store: &SqlStore,
    question: &Question<'_>,
    most: u64,
) -> Result<i64, database::Error> {
    let count = query_as::<(i64,)>(concat!(
        "SELECT COUNT(*) FROM (SELECT 1 FROM search_words WHERE search_words MATCH $1",
        holds!(),
        "LIMIT $7) AS counted"
    ));
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let (count,) = bound(count, values(question))
        .bind(most)
        .fetch_one(store.readers())
        .await?;
    Ok(count)
}

fn values(question: &Question<'_>) -> Vec<Value> {
    let [since, until] = stored(question.query);
    vec![
        Value::from(expression(question)),
        Value::from(question.entries.0),
        Value::from(question.entries.1),
        since,
        until,
        Value::from(question.last),
    ]
}

/// The question in FTS5's language.
fn expression(question: &Question<'_>) -> String {
    let query = question.query;
    let words = query
        .required
        .iter()
        .map(|group| format!("(- filters : ({}))", any(group)));
    let sources = question.sources.as_ref().map(|numbers| {
        let words: Vec<String> = numbers.iter().map(|it| source_word(*it)).collect();
        filter(&words)
    });
    let languages = (!query.languages.is_empty()).then(|| {
        let words: Vec<String> = query
            .languages
            .iter()
            .map(|it| language_word(&language_tag(it)))
            .collect();
        filter(&words)
    });
    let kind = query.kind.map(|kind| filter(&[kind_word(kind)]));
    let mut all: Vec<String> = words.chain(sources).chain(languages).chain(kind).collect();
    if all.is_empty() {
        all.push(filter(&[ALL.to_owned()]));
    }
    let all = all.join(" AND ");
    if query.excluded.is_empty() {
        return all;
    }
    format!("({all}) NOT (- filters : ({}))", any(&query.excluded))
}

fn any(terms: &[Term]) -> String {
    let terms: Vec<String> = terms.iter().map(term).collect();
    terms.join(" OR ")
}

fn term(term: &Term) -> String {
    let field = term
        .field
        .map_or(String::new(), |it| format!("{} : ", it.name()));
    let star = if term.is_prefix { " *" } else { "" };
    format!("{field}\"{}\"{star}", term.words.join(" "))
}

fn filter(words: &[String]) -> String {
    let words: Vec<String> = words.iter().map(|it| format!("\"{it}\"")).collect();
    format!("(filters : ({}))", words.join(" OR "))
}

fn source_word(number: i64) -> String {
    format!("s{number}")
}

fn language_word(tag: &str) -> String {
    let letters: String = tag.chars().filter(char::is_ascii_alphanumeric).collect();
    format!("l{letters}")
}

fn kind_word(kind: Kind) -> String {
    format!("k{}", kind.name().replace('_', ""))
}

/// An article as it goes into the index.
#[derive(Debug)]
pub(super) struct NewEntry {
    pub(super) entry: i64,
    pub(super) seq: i64,
    pub(super) source: i64,
    /// Its language tag, in lower case.
    pub(super) language: String,
    pub(super) kind: Kind,
    pub(super) fetched_at: i64,
    pub(super) document: Document,
}

impl NewEntry {
    fn filters(&self) -> String {
        let main = super::main_language(&self.language);
        let mut words = vec![
            ALL.to_owned(),
            source_word(self.source),
            kind_word(self.kind),
            language_word(main),
        ];
        if main != self.language {
            words.push(language_word(&self.language));
        }
        words.join(" ")
    }

    fn row(&self) -> Vec<serde_json::Value> {
        let document = &self.document;
        let fields = [
            &document.title,
            &document.authors,
            &document.tags,
            &document.section,
            &document.text,
        ];
        let mut row = vec![self.entry.into()];
        row.extend(fields.map(|words| words.join(" ").into()));
        row.push(self.filters().into());
        row
    }
}

/// Takes these articles out of the index.
pub(super) async fn remove(
    connection: &mut Connection,
    seqs: Value,
) -> Result<(), database::Error> {
    query(
        "DELETE FROM search_words
         WHERE rowid IN (SELECT entry FROM search_entries WHERE seq IN (SELECT value FROM each($1)))",
    )
    .bind(seqs)
    .execute(connection)
    .await
    .map(|_| ())
}

/// Puts new entries into the index. In their order, one part of the index is made of all.
pub(super) async fn add(
    connection: &mut Connection,
    entries: &[NewEntry],
) -> Result<(), database::Error> {
    let of_articles = entries.iter().map(|it| vec![it.seq, it.entry]);
    query(
        "INSERT OR REPLACE INTO search_entries (seq, entry)
         SELECT each_row.value ->> 0, each_row.value ->> 1 FROM each_row($1)",
    )
    .bind(rows_of(of_articles))
    .execute(&mut *connection)
    .await?;
    query(
        "INSERT INTO search_words (rowid, title, author, tag, section, text, filters)
         SELECT each_row.value ->> 0, each_row.value ->> 1, each_row.value ->> 2, each_row.value ->> 3,
                each_row.value ->> 4, each_row.value ->> 5, each_row.value ->> 6
         FROM each_row($1)",
    )
    .bind(rows_of(entries.iter().map(NewEntry::row)))
    .execute(connection)
    .await
    .map(|_| ())
}

/// Empties the index.
pub(super) async fn clear(connection: &mut Connection) -> Result<(), database::Error> {
    query("INSERT INTO search_words (search_words) VALUES ('delete-all')")
        .execute(&mut *connection)
        .await?;
    query("DELETE FROM search_entries")
        .execute(connection)
        .await
        .map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::SearchQuery;

    fn written(text: &str, sources: Option<Vec<i64>>) -> String {
        let query = SearchQuery::parse(text);
        expression(&Question {
            query: &query,
            sources,
            entries: (0, 9),
            last: 9,
        })
    }

    #[test]
    fn words_stand_in_quotes_whatever_they_mean_to_fts5() {
        assert_eq!(
            written("near OR not* title:\"a) b\" -\"and\"", None),
            "((- filters : (\"near\" OR \"not\" *)) AND (- filters : (title : \"a b\"))) NOT (- filters : (\"and\"))"
        );
        assert_eq!(
            written("language:pt-BR", Some(vec![1, 2])),
            "(filters : (\"s1\" OR \"s2\")) AND (filters : (\"lptbr\"))"
        );
        assert_eq!(
            written("-x", None),
            "((filters : (\"all\"))) NOT (- filters : (\"x\"))"
        );
    }
}
