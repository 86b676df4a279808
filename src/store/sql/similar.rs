//! What is stored of an article already, and what is similar to it: all by one question to the database.

use super::articles::{NewArticle, Row, decode};
use super::database::{self, Connection, Value, listed};
use crate::article::Article;
use crate::store::policy::placement::{MOST_COMPARED, can_be_duplicate, first_duplicate};
use crate::store::policy::similarity::Shingles;

/// The article with an id, and the number that a new one gets.
macro_rules! stored_and_next {
    () => {
        "SELECT CAST(0 AS BIGINT) AS question, seq, fetched_at, id, record
         FROM articles WHERE id = $1
         UNION ALL SELECT 4, next_number(articles, seq), 0, '', ''"
    };
}

/// These, and those whose pages state its canonical URL, with the same text or one that is similar; the first with the same
/// text; and those with a similar text.
const SIMILAR: &str = concat!(
    stored_and_next!(),
    " UNION ALL SELECT question, seq, fetched_at, id, record FROM (
        SELECT CAST(1 AS BIGINT) AS question, seq, fetched_at, id, record,
               CASE WHEN content_hash = $2 THEN 0 ELSE 1 END AS rank
        FROM articles WHERE stated_id = $1
          AND (content_hash = $2 OR seq IN (
               SELECT seq FROM text_bands WHERE band IN (SELECT value FROM each($3))))
        ORDER BY rank, seq LIMIT $4) AS stated
    UNION ALL SELECT question, seq, fetched_at, id, record FROM (
        SELECT CAST(2 AS BIGINT) AS question, seq, fetched_at, id, '' AS record FROM articles
        WHERE content_hash = $2 ORDER BY seq LIMIT 1) AS same
    UNION ALL SELECT question, seq, fetched_at, id, record FROM (
        SELECT CAST(3 AS BIGINT) AS question, seq, fetched_at, id, record
        FROM articles WHERE seq IN (
            SELECT seq FROM text_bands WHERE band IN (SELECT value FROM each($3))
            GROUP BY seq ORDER BY COUNT(*) DESC, seq LIMIT $4)
        ORDER BY seq) AS near"
);

/// Stored articles that a new one may be.
#[derive(Debug, Default)]
pub(super) struct Similar {
    /// Those whose page states the same canonical URL, with the same text or one that is similar.
    pub(super) stated: Vec<Article>,
    /// The id of the first with the same text.
    same: Option<String>,
    /// The ids and records of those with a similar text.
    near: Vec<(String, String)>,
    /// The number of the article if it is new.
    pub(super) next_seq: i64,
}

impl Similar {
    /// Those that an article may be, and the one that is stored under its id.
    pub(super) async fn to(
        connection: &mut Connection,
        article: &Article,
        shingles: Option<&Shingles>,
    ) -> Result<(Option<Row>, Similar), database::Error> {
        let question = if can_be_duplicate(article) {
            let bands =
                shingles.map_or(Value::Ints(Vec::new()), |it| listed(it.bands().as_slice()));
            database::query_as(SIMILAR)
                .bind(&article.id)
                .bind(&article.content_hash)
                .bind(bands)
                .bind(MOST_COMPARED)
        } else {
            database::query_as(stored_and_next!()).bind(&article.id)
        };
        let rows: Vec<(i64, i64, i64, String, String)> = question.fetch_all(connection).await?;
        let (mut stored, mut similar) = (None, Similar::default());
        for (question, seq, fetched_at, id, json) in rows {
            match question {
                0 => stored = Some(Row::new(seq, fetched_at, json)?),
                1 => similar.stated.push(decode(&json)?),
                2 => similar.same = Some(id),
                3 => similar.near.push((id, json)),
                _ => similar.next_seq = seq,
            }
        }
        Ok((stored, similar))
    }

    /// The id of the first article with this text, or nearly.
    pub(super) fn original(self, new: &NewArticle<'_>) -> Option<String> {
        let texts = self.near.into_iter();
        let texts = texts.map(|(id, record)| (id, text(&record)));
        let near = || first_duplicate(new.shingles?, texts);
        self.same.or_else(near)
    }
}

/// The text of a record; empty where it can't be read.
fn text(record: &str) -> String {
    #[derive(Default, serde::Deserialize)]
    struct Text {
        text: String,
    }
    serde_json::from_str::<Text>(record)
        .unwrap_or_default()
        .text
}
