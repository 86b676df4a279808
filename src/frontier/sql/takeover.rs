//! Gives pages, and articles, to the source whose site they are on.

use std::collections::HashMap;

use url::Url;

use super::known::KnownPage;
use super::named::Naming;
use crate::article::Article;
use crate::frontier::FoundUrl;
use crate::frontier::policy::intake::assumed_date;
use crate::frontier::policy::takeover::{Claimant, Homes, PageOwner, Standing, Takeover, takeover};
use crate::store::sql::database::{self, Connection, FromRow};
use crate::store::sql::{address, adopt, given, source_id, source_of};
use crate::verdict::VisitOutcome;

/// The homes of sources, looked up once for each batch.
#[derive(Debug, Default)]
pub(super) struct Owners(HashMap<String, Owner>);

/// A source as the settings have it.
#[derive(Debug)]
struct Owner {
    position: Option<i64>,
    homes: Homes,
}

impl Owners {
    /// The source with what this address is to it.
    pub(super) async fn claimant(
        &mut self,
        connection: &mut Connection,
        source: &str,
        url: &Url,
    ) -> Result<Claimant, database::Error> {
        if !self.0.contains_key(source) {
            let owner = Owner::of(connection, source).await?;
            self.0.insert(source.to_owned(), owner);
        }
        let owner = self.0.get(source);
        Ok(Claimant {
            source: source.to_owned(),
            position: owner.and_then(|it| it.position),
            standing: owner.map_or(Standing::Named, |it| it.homes.standing(url)),
        })
    }
}

impl Owner {
    async fn of(connection: &mut Connection, source: &str) -> Result<Owner, database::Error> {
        let position: Option<Option<i64>> =
            database::query_scalar("SELECT position FROM sources WHERE source = $1")
                .bind(source)
                .fetch_optional(&mut *connection)
                .await?;
        let position = position.flatten();
        if position.is_none() {
            return Ok(Owner {
                position,
                homes: Homes::default(),
            });
        }
        let entry_points: Vec<String> = database::query_scalar(concat!(
            "SELECT ",
            address!("hosts.host", "path"),
            " FROM urls CROSS JOIN hosts ON hosts.id = urls.host_id
             WHERE kind <> 0 AND given = $2 AND due_at IS NOT NULL AND urls.source_id = ",
            source_id!("$1"),
        ))
        .bind(source)
        .bind(given::CONFIGURED)
        .fetch_all(&mut *connection)
        .await?;
        let learned = database::query_scalar("SELECT site FROM source_sites WHERE source = $1")
            .bind(source)
            .fetch_all(connection)
            .await?;
        Ok(Owner {
            position,
            homes: Homes::new(&entry_points, learned),
        })
    }
}

/// What became of a page so far.
#[derive(FromRow)]
struct Row {
    #[sqlx(try_from = "i64")]
    visits: u32,
    outcome: Option<String>,
    refused_by: Option<String>,
    is_waiting: bool,
    is_stored: bool,
}

/// Gives a page of another source that a visit names to the visit's source, where it belongs there; see
/// [`takeover`].
pub(super) async fn take_over(
    connection: &mut Connection,
    naming: &Naming<'_>,
    page: &KnownPage,
    found: &FoundUrl,
    owners: &mut Owners,
) -> Result<(), database::Error> {
    let by = &naming.visit.due.source;
    let row: Option<Row> = database::query_as(concat!(
        "SELECT visits, outcome, refused_by, due_at IS NOT NULL AS is_waiting,
                (stored_at IS NOT NULL OR article IS NOT NULL) AS is_stored
         FROM urls WHERE id = $1 AND source_id = ",
        source_id!("$2"),
    ))
    .bind(page.id)
    .bind(&page.source)
    .fetch_optional(&mut *connection)
    .await?;
    let Some(row) = row else {
        return Ok(());
    };
    let refused_by = row.refused_by.as_deref().unwrap_or("[]");
    let owner = PageOwner {
        by: owners
            .claimant(connection, &page.source, &found.url)
            .await?,
        outcome: row.outcome.as_deref().and_then(VisitOutcome::from_name),
        refused_by: serde_json::from_str(refused_by).unwrap_or_default(),
        visits: row.visits,
        is_waiting: row.is_waiting,
        is_stored: row.is_stored,
    };
    let claimant = owners.claimant(connection, by, &found.url).await?;
    match takeover(&owner, &claimant) {
        Takeover::Stays => Ok(()),
        Takeover::Moves => {
            database::query(concat!(
                "UPDATE urls SET source_id = ",
                source_id!("$2"),
                " WHERE id = $1"
            ))
            .bind(page.id)
            .bind(by)
            .execute(connection)
            .await?;
            Ok(())
        }
        Takeover::MovesAndIsDue => {
            let mut refused_by = owner.refused_by;
            if owner.visits > 0 {
                refused_by.push(page.source.clone());
            }
            let refused_by = (!refused_by.is_empty()).then(|| refused_by.as_slice().into());
            begin_anew(connection, naming, (page, found), refused_by).await
        }
    }
}

/// Gives a page to the visit's source as if that had found it first: nothing that another source said of
/// it, and nothing that became of it there, is left but that it did not want it.
async fn begin_anew(
    connection: &mut Connection,
    naming: &Naming<'_>,
    (page, found): (&KnownPage, &FoundUrl),
    refused_by: Option<serde_json::Value>,
) -> Result<(), database::Error> {
    let due = &naming.visit.due;
    let refused_by = refused_by.map(|it| it.to_string());
    database::query(concat!(
        "UPDATE urls SET source_id = ",
        source_id!("$2"),
        ", due_at = $3, attempts = 0, visits = 0, visited_at = NULL,
             outcome = NULL, status = NULL, reason = NULL, etag = NULL, last_modified = NULL,
             depth = $4, hint = $5, published = $6, evidence = $7, found_at = $8, named_at = $8,
             named_by = $9,
             refused_by = $10
         WHERE id = $1"
    ))
    .bind(page.id)
    .bind(&due.source)
    .bind(naming.pass.since)
    .bind(found.depth)
    .bind(assumed_date(found, naming.visit.at))
    .bind(found.published)
    .bind(found.evidence.code())
    .bind(naming.visit.at)
    .bind(due.id)
    .bind(refused_by)
    .execute(&mut *connection)
    .await?;
    // The page that was kept is judged by this source's settings from now on.
    database::query("UPDATE pages SET source = $2, judged_by = NULL WHERE url = $1")
        .bind(&page.url)
        .bind(&due.source)
        .execute(connection)
        .await
        .map(|_| ())
}

/// Gives an article that is stored under another source to this one, where it is more its own, with what
/// this one's settings make of it. True where it is.
pub(super) async fn adopt_article(
    connection: &mut Connection,
    source: &str,
    article: &mut Article,
) -> Result<bool, database::Error> {
    let (Some(url), Some(owner)) = (
        article.parsed_final_url(),
        source_of(connection, &article.id).await?,
    ) else {
        return Ok(false);
    };
    if owner == source {
        return Ok(false);
    }
    let mut owners = Owners::default();
    let owner = owners.claimant(connection, &owner, &url).await?;
    let by = owners.claimant(connection, source, &url).await?;
    let is_adopted = by.standing > owner.standing;
    if is_adopted {
        adopt(connection, article).await?;
    }
    Ok(is_adopted)
}
