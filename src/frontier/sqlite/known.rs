//! The pages that a batch of addresses names: those that are known, found by one statement, and those
//! that are new.

use std::collections::HashMap;

use sqlx::{FromRow, SqliteConnection};

use super::keys::old_page_key;
use super::named::Naming;
use super::takeover::Owners;
use crate::frontier::FoundUrl;
use crate::verdict::AddressEvidence;

/// A page that is known by the address named or another of the same page.
#[derive(Debug, FromRow)]
pub(super) struct KnownPage {
    pub(super) id: i64,
    pub(super) url: String,
    spelling: String,
    pub(super) source: String,
    pub(super) attempts: u32,
    pub(super) status: Option<u16>,
    evidence: Option<String>,
    pub(super) outcome: Option<String>,
    due_at: Option<i64>,
    stored_at: Option<i64>,
    hint: Option<i64>,
    published: Option<i64>,
}

impl KnownPage {
    pub(super) fn is_stored(&self) -> bool {
        self.stored_at.is_some()
    }

    pub(super) fn is_waiting_or_stored(&self) -> bool {
        self.due_at.is_some() || self.stored_at.is_some()
    }

    pub(super) fn evidence(&self) -> AddressEvidence {
        let name = self.evidence.as_deref();
        name.map(AddressEvidence::from_name).unwrap_or_default()
    }
}

/// The pages that a batch names and that are known, by their keys.
#[derive(Debug)]
pub(super) struct KnownPages(HashMap<String, Vec<KnownPage>>);

impl KnownPages {
    /// Those of these addresses, which have these keys.
    pub(super) async fn of(
        connection: &mut SqliteConnection,
        found: &[FoundUrl],
        keys: &[String],
    ) -> Result<KnownPages, sqlx::Error> {
        let old = found.iter().filter_map(|it| old_page_key(&it.url));
        let keys = keys.iter().cloned().chain(old);
        let pages: Vec<KnownPage> = sqlx::query_as(
            "SELECT id, url, spelling, source, attempts, status, evidence, outcome, due_at, stored_at,
                    hint, published
             FROM urls WHERE spelling IN (SELECT value FROM json_each($1)) AND kind = 'page'
             ORDER BY id",
        )
        .bind(serde_json::Value::from_iter(keys).to_string())
        .fetch_all(&mut *connection)
        .await?;
        let mut known: HashMap<String, Vec<KnownPage>> = HashMap::new();
        for page in pages {
            known.entry(page.spelling.clone()).or_default().push(page);
        }
        Ok(KnownPages(known))
    }

    /// Those that are the same page as this address.
    pub(super) fn get(&self, found: &FoundUrl, key: &str) -> Vec<&KnownPage> {
        if self.0.is_empty() {
            return Vec::new();
        }
        let old = old_page_key(&found.url).and_then(|old| self.0.get(&old));
        let pages = self.0.get(key).into_iter().chain(old);
        pages.flatten().collect()
    }
}

/// A page that is not known.
#[derive(Debug)]
pub(super) struct NewPage {
    pub(super) key: String,
    pub(super) found: FoundUrl,
}

impl NewPage {
    /// The bytes of its address.
    pub(super) fn bytes(&self) -> u64 {
        self.found.url.as_str().len() as u64
    }

    /// Takes from another address of the same page what this one lacks.
    pub(super) fn merge(&mut self, other: &FoundUrl) {
        let found = &mut self.found;
        found.hint = found.hint.or(other.hint);
        found.published = found.published.or(other.published);
        found.evidence = found.evidence.max(other.evidence);
    }
}

/// What was not known of a page: its evidence, its date, and its date of publication, by its id.
type News = (i64, Option<&'static str>, Option<i64>, Option<i64>);

/// What a batch says of pages that are known.
#[derive(Debug, Default)]
pub(super) struct NamedAgain {
    ids: Vec<i64>,
    news: Vec<News>,
    /// Whose sites the pages are on.
    pub(super) owners: Owners,
}

impl NamedAgain {
    pub(super) fn add(&mut self, page: &KnownPage, found: &FoundUrl) {
        let evidence = page.evidence().max(found.evidence);
        let is_news = page.evidence.as_deref() != evidence.name()
            || (page.hint.is_none() && found.hint.is_some())
            || (page.published.is_none() && found.published.is_some());
        if is_news {
            self.news
                .push((page.id, evidence.name(), found.hint, found.published));
        }
        self.ids.push(page.id);
    }

    /// Notes that the visit names them.
    pub(super) async fn store(
        self,
        connection: &mut SqliteConnection,
        naming: &Naming<'_>,
    ) -> Result<(), sqlx::Error> {
        for (id, evidence, hint, published) in self.news {
            sqlx::query(
                "UPDATE urls SET evidence = $2, hint = COALESCE(hint, $3),
                     published = COALESCE(published, $4)
                 WHERE id = $1",
            )
            .bind(id)
            .bind(evidence)
            .bind(hint)
            .bind(published)
            .execute(&mut *connection)
            .await?;
        }
        if self.ids.is_empty() {
            return Ok(());
        }
        sqlx::query(
            "UPDATE urls SET named_at = $2, named_by = $3
             WHERE id IN (SELECT value FROM json_each($1))",
        )
        .bind(serde_json::Value::from(self.ids).to_string())
        .bind(naming.visit.at)
        .bind(naming.visit.due.id)
        .execute(connection)
        .await
        .map(|_| ())
    }
}
