//! Both engines, with the same articles: what one finds, the other finds too.

use super::*;
use crate::article::{Article, Kind};
use crate::canonical;
use crate::location::StoreLocation;
use crate::store::sql::database::run;
use crate::store::sql::revisions::rewrite_article;
use crate::store::tests::{Opened, stores};
use crate::store::{Rewrite, Store, Unindexed};

const DAY: i64 = 86_400_000;

/// An article of `number` days after the first, with this text.
fn article(number: i64, title: &str, text: &str) -> Article {
    let url = format!("https://daily.test/{number}");
    Article {
        id: canonical::id(&url.parse().unwrap()),
        source: Some("The Daily".to_owned()),
        title: Some(title.to_owned()),
        published: Some(format!("2026-01-{:02}T10:00:00Z", number + 1)),
        language: Some("en-GB".to_owned()),
        url: Some(url.clone()),
        final_url: Some(url.clone()),
        canonical_url: Some(url),
        content_hash: canonical::digest(text.as_bytes()),
        text: text.to_owned(),
        ..Article::default()
    }
}

async fn put(store: &SqlStore, article: Article, fetched_at: i64) {
    let mut writing = store.begin().await.unwrap();
    let rewrite = Rewrite {
        article,
        missed_selectors: None,
        fetched_at,
    };
    rewrite_article(&mut writing, rewrite, fetched_at)
        .await
        .unwrap();
    writing.commit().await.unwrap();
}

/// Indexes so many articles. On a server, one is not there before each transaction has ended that began before its own,
/// of other tests, too.
async fn index(store: &SqlStore, articles: u64) {
    let mut indexed = 0;
    while indexed < articles {
        indexed += store.index_articles(1_000).await.unwrap().articles;
    }
    assert_eq!(indexed, articles);
    let nothing = store.index_articles(1_000).await.unwrap();
    assert_eq!(nothing.articles, 0);
}

/// The numbers of what a query finds, as they stand in the addresses.
async fn found(store: &SqlStore, query: &SearchQuery) -> Vec<i64> {
    let page = (store as &dyn Store)
        .search(query, None, 100)
        .await
        .unwrap();
    assert_eq!(page.total, Total::Exactly(page.hits.len() as u64));
    let number = |url: Option<String>| url.unwrap().rsplit('/').next().unwrap().parse().unwrap();
    page.hits.into_iter().map(|hit| number(hit.url)).collect()
}

async fn asked(store: &SqlStore, text: &str) -> Vec<i64> {
    found(store, &SearchQuery::parse(text)).await
}

fn library() -> Vec<Article> {
    let mut articles = vec![
        article(
            0,
            "Ferry returns",
            "The night ferry sailed again. Nobody waited for the train.",
        ),
        article(
            1,
            "Harbour strike",
            "Dockers of the harbour went on strike. A ferry waited.",
        ),
        article(
            2,
            "Café Zürich opens",
            "Guests drink Œuvre tea at night, near and or not far.",
        ),
        article(
            3,
            "東京都の発表",
            "昨日、東京都庁で発表された。渡輪は停航した。",
        ),
        article(4, "학교에서", "한국의 학교에서 축제가 열렸다."),
        article(5, "ข่าว", "ประเทศไทยมีฝนตก"),
        article(6, "हिन्दी समाचार", "दिल्ली में आज बारिश हुई।"),
        article(
            7,
            "Rock 'n' roll\0",
            "C:\\ferries\\* said \"quote\" 10:30 <script>alert(1)</script>",
        ),
    ];
    articles[1].authors = vec!["Ana Ferry".to_owned()];
    articles[1].tags = vec!["sea port".to_owned()];
    articles[1].section = Some("Economy".to_owned());
    articles[2].source = Some("Le Phare".to_owned());
    articles[2].language = Some("fr".to_owned());
    articles[3].language = Some("ja".to_owned());
    articles[5].kind = Kind::Gallery;
    articles[6].published = None;
    articles[6].fetched_at = Some("2026-01-07T10:00:00Z".to_owned());
    articles
}

async fn filled() -> Vec<Opened> {
    let stores = stores().await;
    for Opened { store, .. } in &stores {
        for (number, article) in library().into_iter().enumerate() {
            put(store, article, i64::try_from(number).unwrap() * DAY).await;
        }
        index(store, 8).await;
    }
    stores
}

/// Every statement of a search runs; for the test of their plans.
pub(crate) async fn story(store: SqlStore) {
    for number in 0..3 {
        put(&store, article(number, "Ferry", "The night ferry."), 0).await;
    }
    index(&store, 3).await;
    for text in [
        "",
        "ferry",
        "-x",
        "\"night ferry\" source:daily language:en",
    ] {
        for order in [Order::Newest, Order::Relevance] {
            let query = SearchQuery {
                order,
                ..SearchQuery::parse(text)
            };
            (&store as &dyn Store)
                .search(&query, None, 2)
                .await
                .unwrap();
        }
    }
    let id = article(1, "", "").id;
    store.near_duplicates(&id, 5).await.unwrap();
}

#[tokio::test]
async fn a_query_finds_the_same_on_both_engines() {
    for Opened { store, .. } in filled().await {
        for (query, expected) in [
            ("", &[7, 6, 5, 4, 3, 2, 1, 0][..]),
            ("ferry", &[1, 0]),
            ("FERRY night", &[0]),
            ("\"night ferry\"", &[0]),
            ("\"ferry night\"", &[]),
            ("ferr*", &[7, 1, 0]),
            ("ferry -harbour", &[0]),
            ("-ferry", &[7, 6, 5, 4, 3, 2]),
            ("train OR strike", &[1, 0]),
            ("ferry OR cafe night", &[2, 0]),
            ("title:ferry", &[0]),
            ("title:ferr* -author:ana", &[0]),
            ("author:ferry", &[1]),
            ("author:\"ana ferry\"", &[1]),
            ("tag:port section:economy", &[1]),
            ("tag:economy", &[]),
            ("text:ferry", &[1, 0]),
            ("text:returns", &[]),
            ("\"returns the\"", &[]),
            ("zurich", &[2]),
            ("oeuvre", &[2]),
            ("\"near and or not far\"", &[2]),
            ("near AND or NOT", &[2]),
            ("source:\"le phare\"", &[2]),
            ("source:daily", &[]),
            ("ferry source:\"The Daily\" source:\"Le Phare\"", &[1, 0]),
            ("language:en night", &[0]),
            ("language:en-gb train", &[0]),
            ("language:en-us train", &[]),
            ("language:ja", &[3]),
            ("after:2026-01-02 before:2026-01-04", &[2, 1]),
            ("ferry after:2026-01-02", &[1]),
            ("before:2026-01-01", &[]),
            ("after:2026-01-07 before:2026-01-08", &[6]),
            ("東京都", &[3]),
            ("東京", &[3]),
            ("京都庁", &[3]),
            ("都", &[3]),
            ("京東", &[]),
            ("停航", &[3]),
            ("학교", &[4]),
            ("ไทย", &[5]),
            ("दिल्ली", &[6]),
            ("all", &[]),
            ("s1", &[]),
            ("\"10:30\"", &[7]),
            ("script alert", &[7]),
        ] {
            assert_eq!(
                asked(&store, query).await,
                expected,
                "{query} in {}",
                store.location()
            );
        }
    }
}

#[tokio::test]
async fn filters_of_a_caller_hold_with_the_words() {
    for Opened { store, .. } in filled().await {
        let gallery = SearchQuery {
            kind: Some(Kind::Gallery),
            ..SearchQuery::default()
        };
        assert_eq!(found(&store, &gallery).await, [5]);
        let stored = TimeRange {
            since: Some(DAY),
            until: Some(3 * DAY),
        };
        let night = SearchQuery {
            stored,
            ..SearchQuery::parse("night")
        };
        assert_eq!(found(&store, &night).await, [2]);
        let days = SearchQuery {
            stored,
            ..SearchQuery::default()
        };
        assert_eq!(found(&store, &days).await, [2, 1]);
    }
}

#[tokio::test]
async fn hostile_queries_are_only_words() {
    let million = "\"ferry* OR -".repeat(100_000);
    for Opened { store, .. } in filled().await {
        for text in [
            "'; DROP TABLE articles; --",
            "\0\0 \u{0} \\ ' '' \" \"\" * ** :* <-> & | ! ()",
            "NEAR(ferry train, 2) {title} : x ^ferry + -filters:all",
            "ferry:*A & !train | 'x':1A \\'",
            "(((((((((((((((((((ferry",
            "\u{202e}\u{feff}e\u{301}\u{301}",
            "%s {} $1 ?1 :1",
            &million,
        ] {
            for order in [Order::Newest, Order::Relevance] {
                let query = SearchQuery {
                    order,
                    ..SearchQuery::parse(text)
                };
                let page = (&store as &dyn Store).search(&query, None, 10).await;
                assert!(page.is_ok(), "{page:?}");
            }
        }
        assert_eq!(asked(&store, "").await.len(), 8);
    }
}

#[tokio::test]
async fn the_index_follows_what_changes() {
    for Opened { store, .. } in filled().await {
        let mut changed = article(0, "Ferry returns", "The night tram sailed again, late.");
        changed.published = Some("2026-02-01".to_owned());
        put(&store, changed, 40 * DAY).await;
        assert_eq!(asked(&store, "\"night ferry\"").await, [0]);
        index(&store, 1).await;
        assert_eq!(asked(&store, "\"night ferry\"").await, [0; 0]);
        assert_eq!(asked(&store, "\"night tram\"").await, [0]);
        assert_eq!(asked(&store, "").await, [0, 7, 6, 5, 4, 3, 2, 1]);
        let after = SearchQuery::parse("after:2026-01-15");
        assert_eq!(found(&store, &after).await, [0]);
    }
}

#[tokio::test]
async fn by_relevance_headlines_come_first_and_pages_do_not_move() {
    for Opened { store, .. } in stores().await {
        let many = "ferry and other boats of the sea ".repeat(3);
        for number in 0..25 {
            put(
                &store,
                article(number, "Boats", &format!("{many} {number}")),
                0,
            )
            .await;
        }
        put(&store, article(25, "Ferry", "The ferry is back."), 0).await;
        put(
            &store,
            article(
                26,
                "News",
                &format!("{} ferry", "Other words here. ".repeat(60)),
            ),
            0,
        )
        .await;
        index(&store, 27).await;
        let query = SearchQuery {
            order: Order::Relevance,
            ..SearchQuery::parse("ferry")
        };
        let first = store.find(&query, None, 10).await.unwrap();
        assert_eq!(first.articles[0].article.title.as_deref(), Some("Ferry"));
        put(&store, article(27, "Ferry ferry", "Ferry."), 0).await;
        index(&store, 1).await;
        let mut read: Vec<i64> = first.articles.iter().map(|it| it.seq).collect();
        let mut after = first.next;
        while after.is_some() {
            let page = store.find(&query, after, 10).await.unwrap();
            read.extend(page.articles.iter().map(|it| it.seq));
            after = page.next;
        }
        assert_eq!(read.len(), 27);
        assert_eq!(read.last(), Some(&27));
        read.sort_unstable();
        read.dedup();
        assert_eq!(read.len(), 27);
    }
}

#[tokio::test]
async fn pages_go_on_where_they_ended_while_articles_are_added() {
    for Opened { store, .. } in filled().await {
        let query = SearchQuery::default();
        let first = store.find(&query, None, 3).await.unwrap();
        let seqs =
            |found: &FoundArticles| found.articles.iter().map(|it| it.seq).collect::<Vec<_>>();
        assert_eq!(seqs(&first), [8, 7, 6]);
        put(&store, article(20, "New", "A new one."), 0).await;
        index(&store, 1).await;
        let second = store.find(&query, first.next, 3).await.unwrap();
        assert_eq!(seqs(&second), [5, 4, 3]);
        let last = store.find(&query, second.next, 3).await.unwrap();
        assert_eq!((seqs(&last), last.next), (vec![2, 1], None));
        let all = (&store as &dyn Store).found(SearchQuery::parse("ferry"));
        let mut all = all;
        let mut count = 0;
        while all.next().await.unwrap().is_some() {
            count += 1;
        }
        assert_eq!(count, 2);
    }
}

#[tokio::test]
async fn those_who_index_at_the_same_time_index_each_article_once() {
    for Opened { store, .. } in stores().await {
        for number in 0..90 {
            put(
                &store,
                article(number % 28, "Ferry", &format!("Ferry {number}")),
                0,
            )
            .await;
        }
        let mut indexed = 0;
        while indexed < 28 {
            let (one, two) = tokio::join!(store.index_articles(99), store.index_articles(99));
            indexed += one.unwrap().articles + two.unwrap().articles;
        }
        assert_eq!(indexed, 28);
        assert_eq!(asked(&store, "ferry").await.len(), 28);
    }
}

#[tokio::test]
async fn articles_that_wait_for_a_transaction_are_said_to_be_left() {
    for Opened { store, .. } in stores().await {
        let Engine::Postgres(_) = &store.engine else {
            continue;
        };
        let mut under_way = store.begin().await.unwrap();
        run(&mut *under_way, "SELECT pg_current_xact_id()")
            .await
            .unwrap();
        put(&store, article(1, "Ferry", "The ferry."), 0).await;
        let step = store.index_articles(10).await.unwrap();
        assert_eq!((step.articles, step.left), (0, Unindexed::HeldBack));
        under_way.commit().await.unwrap();
        index(&store, 1).await;
    }
}

#[tokio::test]
async fn a_position_of_another_database_begins_the_index_again() {
    for Opened { store, .. } in filled().await {
        let other = "UPDATE search_position SET position = 'newsprint-cursor-1 other 7 7'";
        run(store.readers(), other).await.unwrap();
        index(&store, 8).await;
        assert_eq!(asked(&store, "ferry").await, [1, 0]);
    }
}

#[tokio::test]
async fn a_copy_is_indexed_anew_and_a_store_that_is_read_is_searched_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let place = |name: &str| StoreLocation::from(folder.path().join(name));
    let store = SqlStore::open(place("a.db")).await.unwrap();
    put(&store, library().remove(0), 0).await;
    index(&store, 1).await;
    store.close().await;
    let carry_on = &mut |_| std::ops::ControlFlow::Continue(());
    crate::store::copy(&place("a.db"), &place("b.db"), carry_on)
        .await
        .unwrap();

    let read_only = SqlStore::open_read_only(place("b.db")).await.unwrap();
    let nothing = read_only.index_articles(10).await.unwrap();
    assert!(nothing.left == Unindexed::Nothing && nothing.articles == 0);
    assert_eq!(asked(&read_only, "ferry").await, [0; 0]);
    read_only.close().await;
    let copy = SqlStore::open(place("b.db")).await.unwrap();
    index(&copy, 1).await;
    copy.close().await;
    let read_only = SqlStore::open_read_only(place("b.db")).await.unwrap();
    assert_eq!(asked(&read_only, "ferry").await, [0]);
    read_only.close().await;
}

#[tokio::test]
async fn articles_that_are_nearly_the_same_are_found() {
    let text: String = (0..200).map(|it| format!("word{it} ")).collect();
    for Opened { store, .. } in stores().await {
        put(&store, article(0, "One", &text), 0).await;
        put(&store, article(1, "Two", &format!("Corrected: {text}")), 0).await;
        put(&store, article(2, "Three", &text), 0).await;
        put(&store, article(3, "Other", "Something else."), 0).await;
        let id = article(0, "", "").id;
        let near = store.near_duplicates(&id, 9).await.unwrap();
        let titles: Vec<&str> = near
            .iter()
            .filter_map(|it| it.article.article.title.as_deref())
            .collect();
        assert_eq!(titles, ["Three", "Two"]);
        assert!((near[0].similarity, near[1].similarity > 0.9) == (1.0, true));
        assert_eq!(store.near_duplicates(&id, 1).await.unwrap().len(), 1);
        assert_eq!(store.near_duplicates("none", 9).await.unwrap(), []);
        let one = store.article(&id).await.unwrap().unwrap();
        assert_eq!(one.article.title.as_deref(), Some("One"));
        assert_eq!(store.article("none").await.unwrap(), None);
    }
}

#[test]
fn entries_are_in_the_order_of_time_and_have_their_article() {
    let entries = [
        entry(-5_000, 7),
        entry(0, 8),
        entry(1_999, 3),
        entry(2_000, 1),
        entry(i64::MAX, 2),
    ];
    assert!(entries.is_sorted());
    assert!(entries.iter().all(|it| *it >= 0));
    assert_eq!(entries.map(seq_of), [7, 8, 3, 1, 2]);
}
