//! A flood of addresses, and a visit that can't be stored, cost other sources and other visits nothing.

#![cfg(feature = "crawl")]
#![allow(clippy::unwrap_used)]

mod support;

use newsprint::VisitOutcome;
use newsprint::crawl::{self, CancellationToken, Options, Silent, SourceSummary, Summary};
use newsprint::store;
use sqlx::{Connection, SqliteConnection};
use support::{Newsroom, Reply};

/// A site whose robots.txt names sitemaps on subdomains, each with some pages that hold nothing.
fn hostile(room: &Newsroom, maps: usize, pages: usize) {
    let mut robots = "User-agent: *\nAllow: /\n".to_owned();
    for map in 0..maps {
        let host = format!("m{map}.hog.test");
        robots.push_str(&format!("Sitemap: http://{host}/map.xml\n"));
        let url = |number| format!("<url><loc>http://{host}/news/night-{number}</loc></url>");
        let urls: String = (0..pages).map(url).collect();
        let map = Reply::xml(&format!("<urlset>{urls}</urlset>"));
        room.server.may(&format!("{host}/map.xml"), map);
        for number in 0..pages {
            let reply = Reply::html("<html><body><p>Nothing.</p></body></html>");
            room.server
                .may(&format!("{host}/news/night-{number}"), reply);
        }
    }
    room.server.may("hog.test/robots.txt", Reply::text(&robots));
    room.server.may(
        "hog.test/",
        Reply::html("<html><body><p>Nothing.</p></body></html>"),
    );
}

fn row<'a>(summary: &'a Summary, source: &str) -> &'a SourceSummary {
    let mut rows = summary.sources.iter();
    rows.find(|row| row.name == source).unwrap()
}

#[tokio::test]
async fn a_source_with_many_hosts_leaves_others_their_share_of_the_tasks() {
    for (first, second) in [("hog", "zz"), ("zz", "hog")] {
        let mut room = Newsroom::open();
        room.crawl.concurrency = 2;
        hostile(&room, 14, 3);
        room.site("zz.test", 6);
        for name in [first, second] {
            room.source(name, &[&format!("http://{name}.test/")]);
        }
        let options = Options {
            clock: room.clock.clone(),
            max_pages: Some(20),
            ..Options::default()
        };
        let (config, stop) = (room.config(), CancellationToken::new());
        let summary = crawl::run(&config, &options, &stop, &Silent).await.unwrap();
        let articles = row(&summary, "zz").articles();
        assert!(articles >= 3, "{articles} articles where {first} is first");
    }
}

#[tokio::test]
async fn a_visit_that_cannot_be_stored_costs_no_other_and_is_made_again() {
    for table in ["articles", "pages"] {
        let mut room = Newsroom::open();
        room.site("daily.test", 6);
        room.source("daily", &["http://daily.test/"]);
        let path = room.config().store.location;
        store::open(&path).await.unwrap().close().await;
        let url = format!("sqlite:{path}");
        let mut connection = SqliteConnection::connect(&url).await.unwrap();
        let column = match table {
            "articles" => "record",
            _ => "url",
        };
        let refuse = format!(
            "CREATE TRIGGER refuse BEFORE INSERT ON {table} WHEN NEW.{column} LIKE '%/three-long%'
             BEGIN SELECT RAISE(ABORT, 'refused'); END"
        );
        sqlx::raw_sql(sqlx::AssertSqlSafe(refuse))
            .execute(&mut connection)
            .await
            .unwrap();
        let summary = room.pass().await;
        let daily = row(&summary, "daily");
        assert_eq!(daily.articles(), 5, "{table}");
        assert_eq!(daily.outcomes.get(&VisitOutcome::Panic), Some(&1));
        let reason: String = sqlx::query_scalar("SELECT reason FROM urls WHERE outcome = 'panic'")
            .fetch_one(&mut connection)
            .await
            .unwrap();
        assert!(
            reason.starts_with("what was read could not be stored"),
            "{reason}"
        );
        sqlx::raw_sql("DROP TRIGGER refuse")
            .execute(&mut connection)
            .await
            .unwrap();
        connection.close().await.unwrap();
        assert_eq!(row(&room.pass_after(120).await, "daily").articles(), 1);
    }
}
