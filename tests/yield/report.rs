//! What became of each article, in words that say what to look at.

use std::collections::BTreeMap;
use std::fmt::Write;

use newsprint::store::{self, AddressFilter};
use newsprint::{Article, VisitOutcome};
use sqlx::{Connection, Row, SqliteConnection};

use crate::pages::SERVICE_PAGES;
use crate::sites::{Filed, Site};
use crate::support::Newsroom;

/// Requests for an article at most: one, and four more where it fails.
const VISITS: usize = 5;

/// What the store knows of an address.
#[derive(Debug, Default)]
struct Known {
    outcome: String,
    reason: String,
    attempts: i64,
    due: Option<i64>,
}

/// A line for each article that is not stored as it was filed, and for each page that should not
/// have been.
pub(crate) async fn problems(room: &Newsroom, sites: &[Site]) -> String {
    let known = known(room).await;
    let mut stored: BTreeMap<String, Vec<Article>> = BTreeMap::new();
    for article in room.written() {
        let url = article.url.as_deref().unwrap_or_default();
        stored.entry(key(url)).or_default().push(article);
    }
    let mut problems = String::new();
    for site in sites {
        let mut lines = Vec::new();
        for filed in &site.articles {
            let url = site.url(filed);
            let found = stored.remove(&url).unwrap_or_default();
            if let Some(problem) = problem(filed, &found) {
                let known = known.get(&url);
                lines.push(format!(
                    "  {url} ({}): {problem}; {}",
                    told(filed),
                    state(known)
                ));
            }
        }
        if !lines.is_empty() {
            let troubles = site.troubles;
            let _ = writeln!(
                problems,
                "{}: {} of 20; passes {troubles:?}\n{}",
                site.name,
                lines.len(),
                lines.join("\n")
            );
        }
    }
    for (url, articles) in stored {
        let of = articles
            .iter()
            .map(|it| it.source.as_deref().unwrap_or_default());
        let _ = writeln!(
            problems,
            "stored, and no article: {url} {:?}",
            of.collect::<Vec<_>>()
        );
    }
    let exported = room.exported().await;
    let expected = sites
        .iter()
        .flat_map(|it| &it.articles)
        .filter(|it| it.gone.is_none());
    let expected = expected.count();
    if exported != expected {
        let _ = writeln!(
            problems,
            "the store holds {exported} articles, not {expected}"
        );
    }
    problems
}

fn problem(filed: &Filed, found: &[Article]) -> Option<String> {
    match found {
        [] if filed.gone.is_some() => None,
        [] => Some("not stored".to_owned()),
        [..] if filed.gone.is_some() => Some("stored, though it is gone".to_owned()),
        [one] if one.text == filed.text() => None,
        [one] => Some(format!(
            "text\n--- filed\n{}\n--- got\n{}\n---",
            filed.text(),
            one.text
        )),
        more => Some(format!("written {} times", more.len())),
    }
}

/// How the article was made.
fn told(filed: &Filed) -> String {
    format!(
        "found in pass {}, {} words, faults {:?}, {:?}",
        filed.pass,
        filed.text().split_whitespace().count(),
        filed.faults,
        filed.wrapping
    )
}

fn state(known: Option<&Known>) -> String {
    match known {
        None => "never named".to_owned(),
        Some(it) => format!(
            "{} ({}), {} attempts, {}",
            it.outcome,
            it.reason,
            it.attempts,
            it.due
                .map_or_else(|| "given up".to_owned(), |at| format!("due at {at}"))
        ),
    }
}

/// An address without what belongs to the second half of a visit.
fn key(url: &str) -> String {
    url.trim_end_matches("fresh=1")
        .trim_end_matches(['?', '&'])
        .to_owned()
}

async fn known(room: &Newsroom) -> BTreeMap<String, Known> {
    let path = format!("sqlite:{}", room.config().store.location);
    let mut connection = SqliteConnection::connect(&path).await.unwrap();
    let rows = sqlx::query(
        "SELECT CASE WHEN path LIKE '/%' THEN 'https://' || host || path
                     WHEN path LIKE ':/%' THEN 'http://' || host || SUBSTR(path, 2)
                     ELSE path END,
                outcome, reason, attempts, due_at
         FROM urls JOIN hosts ON hosts.id = host_id WHERE kind = 0",
    );
    let rows = rows.fetch_all(&mut connection).await.unwrap();
    rows.into_iter()
        .map(|row| {
            let known = Known {
                outcome: row
                    .get::<Option<String>, _>(1)
                    .unwrap_or_else(|| "not visited".to_owned()),
                reason: row.get::<Option<String>, _>(2).unwrap_or_default(),
                attempts: row.get(3),
                due: row.get(4),
            };
            (row.get(0), known)
        })
        .collect()
}

/// Holds the requests for articles to their number.
pub(crate) fn requests(room: &Newsroom, sites: &[Site]) {
    let mut asked: BTreeMap<String, usize> = BTreeMap::new();
    for hit in room.server.hits() {
        if !hit.headers.contains_key("cookie") {
            *asked
                .entry(format!("http://{}{}", hit.host, hit.path))
                .or_default() += 1;
        }
    }
    for site in sites {
        for filed in &site.articles {
            let url = site.url(filed);
            let visits = asked.get(&url).copied().unwrap_or(0);
            assert!(
                visits <= VISITS,
                "{url}: {visits} requests; {}",
                told(filed)
            );
        }
    }
}

/// Holds the list of lost addresses (`newsprint pages --lost`) to what is gone: each with its cause,
/// and no other article.
pub(crate) async fn lost(room: &Newsroom, sites: &[Site]) {
    let store = store::open(&room.config().store.location).await.unwrap();
    let mut listed = store.addresses(AddressFilter {
        lost: true,
        ..AddressFilter::default()
    });
    let mut lost = BTreeMap::new();
    while let Some(address) = listed.next().await.unwrap() {
        lost.insert(address.url.clone(), address);
    }
    for site in sites {
        for filed in &site.articles {
            let url = site.url(filed);
            let listed = lost.remove(&url);
            let Some(status) = filed.gone else {
                assert!(listed.is_none(), "{url} is not lost: {listed:?}");
                continue;
            };
            let listed = listed.unwrap_or_else(|| panic!("{url} is not listed as lost"));
            let reason = listed.reason.clone().unwrap_or_default();
            assert_eq!(listed.outcome, Some(VisitOutcome::Http4xx), "{listed:?}");
            assert_eq!(listed.status, Some(status), "{listed:?}");
            assert!(reason.contains(&status.to_string()), "{listed:?}");
            assert_eq!(listed.next_visit, None, "{listed:?}");
        }
    }
    // Notices and lists may be looked at, and are no articles.
    for (url, listed) in lost {
        let path = url.splitn(4, '/').nth(3).unwrap_or_default();
        let is_service = SERVICE_PAGES.contains(&format!("/{path}").as_str());
        assert!(
            is_service && listed.outcome == Some(VisitOutcome::NotArticle),
            "{listed:?}"
        );
    }
}
