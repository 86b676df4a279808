//! The pages that a batch of addresses names: those that are known, found by one statement, and those
//! that are new.

use std::collections::{BTreeSet, HashMap};

use url::Url;

use super::named::Naming;
use super::takeover::Owners;
use crate::canonical::dedup_key;
use crate::frontier::FoundUrl;
use crate::store::sql::database::{self, Connection, FromRow, Int, listed};
use crate::store::sql::{PageKey, Stored, address};
use crate::verdict::AddressEvidence;

/// A page that is known by the address named or another of the same page.
#[derive(Debug, FromRow)]
pub(super) struct KnownPage {
    pub(super) id: i64,
    pub(super) url: String,
    key: i64,
    pub(super) source: String,
    #[sqlx(try_from = "i64")]
    pub(super) attempts: u32,
    status: Option<Int<u16>>,
    evidence: Option<Int<u8>>,
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
        AddressEvidence::from_code(self.evidence.map(|it| it.0))
    }

    /// The HTTP status of the last answer.
    pub(super) fn status(&self) -> Option<u16> {
        self.status.map(|it| it.0)
    }

    /// True where this address leads to the page. Others may have the same key.
    fn is_page_of(&self, found: &FoundUrl, key: &PageKey) -> bool {
        let is_same_page = |url: &Url| dedup_key(url) == key.text;
        self.url == found.url.as_str() || Url::parse(&self.url).is_ok_and(|url| is_same_page(&url))
    }
}

/// The pages that a batch names and that are known, by their keys.
#[derive(Debug)]
pub(super) struct KnownPages(HashMap<i64, Vec<KnownPage>>);

impl KnownPages {
    /// Those with these keys.
    pub(super) async fn of(
        connection: &mut Connection,
        keys: &[PageKey],
    ) -> Result<KnownPages, database::Error> {
        // Two addresses of a batch may have one key.
        let keys: BTreeSet<i64> = keys.iter().map(|key| key.hash).collect();
        let pages: Vec<KnownPage> = database::query_as(concat!(
            "SELECT urls.id, ",
            address!("hosts.host", "urls.path"),
            " AS url, urls.key, source_ids.name AS source, attempts, status, evidence, outcome, due_at,
                    stored_at, hint, published
             FROM each($1) CROSS JOIN urls ON urls.key = each.value
                 CROSS JOIN hosts ON hosts.id = urls.host_id
                 CROSS JOIN source_ids ON source_ids.id = urls.source_id
             WHERE kind = 0"
        ))
        .bind(listed(keys))
        .fetch_all(&mut *connection)
        .await?;
        let mut known: HashMap<i64, Vec<KnownPage>> = HashMap::new();
        for page in pages {
            known.entry(page.key).or_default().push(page);
        }
        for pages in known.values_mut() {
            pages.sort_by_key(|page| page.id);
        }
        Ok(KnownPages(known))
    }

    /// True where there are some with this key.
    pub(super) fn has(&self, key: &PageKey) -> bool {
        self.0.contains_key(&key.hash)
    }

    /// Those that are the same page as this address, which has this key.
    pub(super) fn get(&self, found: &FoundUrl, key: &PageKey) -> Vec<&KnownPage> {
        let pages = self.0.get(&key.hash).into_iter().flatten();
        pages.filter(|page| page.is_page_of(found, key)).collect()
    }
}

/// A page that is not known.
#[derive(Debug)]
pub(super) struct NewPage {
    pub(super) key: PageKey,
    pub(super) stored: Stored,
    pub(super) found: FoundUrl,
}

impl NewPage {
    /// The bytes that its row has for the address.
    pub(super) fn bytes(&self) -> u64 {
        self.stored.path.len() as u64
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
type News = (i64, Option<u8>, Option<i64>, Option<i64>);

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
        let is_news = page.evidence.map(|it| it.0) != evidence.code()
            || (page.hint.is_none() && found.hint.is_some())
            || (page.published.is_none() && found.published.is_some());
        if is_news {
            self.news
                .push((page.id, evidence.code(), found.hint, found.published));
        }
        self.ids.push(page.id);
    }

    /// Notes that the visit names them.
    pub(super) async fn store(
        self,
        connection: &mut Connection,
        naming: &Naming<'_>,
    ) -> Result<(), database::Error> {
        for (id, evidence, hint, published) in self.news {
            database::query(
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
        database::query(
            "UPDATE urls SET named_at = $2, named_by = $3
             WHERE id IN (SELECT value FROM each($1))",
        )
        .bind(listed(self.ids))
        .bind(naming.visit.at)
        .bind(naming.visit.due.id)
        .execute(connection)
        .await
        .map(|_| ())
    }
}
