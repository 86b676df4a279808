//! Several workers on one store: they share the hosts, store each article once, and go by the clock of the server.
//! Without a server (`NEWSPRINT_TEST_POSTGRES`) there is nothing to test.

#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used)]

mod support;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use newsprint::crawl::{self, CancellationToken, Clock, Event, Options, Progress, Silent, Summary};
use newsprint::store::{self, AddressFilter};
use support::{Newsroom, TestDatabase};
use tokio::sync::Notify;

const HOUR: i64 = 3_600_000;

/// One pass of a worker whose machine's clock is off by so many milliseconds.
async fn pass(room: &Newsroom, off_by: i64) -> Summary {
    pass_with(room, off_by, &Silent).await
}

async fn pass_with(room: &Newsroom, off_by: i64, progress: &dyn Progress) -> Summary {
    let mut config = room.config();
    config.output.dir = None;
    let options = Options {
        clock: Clock::off_by(off_by),
        ..Options::default()
    };
    crawl::run(&config, &options, &CancellationToken::new(), progress)
        .await
        .unwrap()
}

fn room(database: TestDatabase) -> Newsroom {
    let mut room = Newsroom::with_store(Some(database));
    room.crawl.concurrency = 3;
    for site in 0..8 {
        let host = format!("site-{site}{}.test", "x".repeat(site));
        room.site(&host, 6);
        room.source(&format!("source-{site}"), &[&format!("http://{host}/")]);
    }
    room
}

#[tokio::test]
async fn workers_with_wrong_clocks_share_a_crawl_and_store_each_article_once() {
    let Some(database) = TestDatabase::create() else {
        return;
    };
    let room = room(database);
    let (one, two, three) =
        tokio::join!(pass(&room, 0), pass(&room, HOUR), pass(&room, -24 * HOUR));
    let stored = |summary: &Summary| -> u64 {
        let outcomes = summary.sources.iter().flat_map(|it| &it.outcomes);
        outcomes.map(|(_, count)| count).sum()
    };
    assert_eq!(stored(&one) + stored(&two) + stored(&three), 48);
    assert_eq!(room.exported().await, 48);
    let mut asked: BTreeMap<String, u32> = BTreeMap::new();
    for address in room.asked() {
        *asked.entry(address).or_default() += 1;
    }
    let pages = asked
        .iter()
        .filter(|(address, _)| address.contains("/news/"));
    let pages: Vec<u32> = pages.map(|(_, count)| *count).collect();
    assert_eq!(pages, [1; 48]);

    // Nothing was planned or noted by a clock that is an hour or a day off.
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let now = i64::try_from(now.as_millis()).unwrap();
    let store = store::open(&room.location()).await.unwrap();
    let all = AddressFilter::default();
    let addresses = store.addresses_after(&all, 0, 1_000).await.unwrap();
    for address in addresses {
        let visited = address.last_visit.unwrap();
        assert!((visited - now).abs() < HOUR / 2, "{}", address.url);
    }
    // Entry points were visited just now: nothing is due for a worker whose clock is ahead.
    room.server.forget_hits();
    pass(&room, HOUR / 30).await;
    assert!(room.asked().is_empty(), "{:?}", room.asked());
    store.close().await;
}

/// Comes after some visits.
#[derive(Default)]
struct Death {
    visits: AtomicU32,
    comes: Notify,
}

impl Progress for Death {
    fn event(&self, event: &Event<'_>) {
        if matches!(event, Event::Visited { .. })
            && self.visits.fetch_add(1, Ordering::Relaxed) == 9
        {
            self.comes.notify_one();
        }
    }
}

/// A worker is killed in the middle: what it had is visited by another once its lease is over.
#[tokio::test]
async fn the_hosts_of_a_worker_that_was_killed_are_taken_over() {
    let Some(database) = TestDatabase::create() else {
        return;
    };
    let room = room(database);
    let death = Death::default();
    tokio::select! {
        ended = pass_with(&room, 0, &death) => panic!("{ended:?}"),
        () = death.comes.notified() => {}
    }
    // Its leases are over sooner here than a minute later.
    let database = room.database.as_ref().unwrap();
    database
        .run("UPDATE hosts SET lease_until = LEAST(lease_until, 1) WHERE lease_until <> 0")
        .await;
    pass(&room, 0).await;
    assert_eq!(room.exported().await, 48);
}

/// Every connection is cut again and again while two workers crawl.
#[tokio::test]
async fn connections_that_are_cut_lose_nothing_and_repeat_nothing() {
    let Some(database) = TestDatabase::create() else {
        return;
    };
    let room = room(database);
    let cuts = async {
        for _ in 0..12 {
            let cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                       WHERE datname = current_database() AND pid <> pg_backend_pid()";
            room.database.as_ref().unwrap().run(cut).await;
        }
    };
    tokio::join!(pass(&room, 0), pass(&room, 0), cuts);
    assert_eq!(room.exported().await, 48);
    let asked = room.asked();
    let pages = asked.iter().filter(|it| it.contains("/news/"));
    assert_eq!(pages.count(), 48);
}
