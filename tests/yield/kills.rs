//! The program, killed again and again while the twelve sites answer faults: what it has found by
//! the end is whole.

use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::faults::{OF_HOSTS, Trouble};
use crate::prose::Random;
use crate::report::problems;
use crate::sites::{PASSES, Site, sites};
use crate::support::{Newsroom, crawl, integrity, newsprint, text};
use crate::world;

/// Kills in each of the five passes, before it runs to its end.
const KILLS: usize = 3;
/// Passes after the last.
const TRIES: usize = 3;

#[tokio::test(flavor = "multi_thread")]
async fn a_crawl_killed_amid_faults_ends_with_every_article_whole_and_once() {
    let mut room = Newsroom::open();
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let now = i64::try_from(since.as_millis()).unwrap();
    let sites: Vec<Site> = sites(5, now, false, false)
        .into_iter()
        .map(prompt)
        .collect();
    let now = world::serve(&mut room, &sites);
    room.crawl.recheck = Duration::from_millis(1);
    room.crawl.recheck_max = room.crawl.recheck;
    let dir = room.dir.path();
    fs::write(dir.join("config.toml"), room.config_file()).unwrap();

    let mut random = Random::new(20_261_126);
    for pass in 0..PASSES {
        now.lock().unwrap().pass = pass;
        for _ in 0..KILLS {
            let before = room.server.hits().len();
            let mut child = crawl(dir);
            let more = 1 + random.below(40);
            room.server.wait_for_hits_of(&mut child, before + more);
            child.kill().unwrap();
            child.wait().unwrap();
            assert_eq!(integrity(dir).await, "ok");
            retry(dir);
        }
        to_its_end(dir);
    }
    for _ in 0..TRIES {
        to_its_end(dir);
    }

    assert_eq!(integrity(dir).await, "ok");
    let problems = problems(&room, &sites).await;
    assert!(problems.is_empty(), "{problems}");
    let mut written: Vec<String> = room.written().into_iter().filter_map(|it| it.url).collect();
    let mut kept = room.raw_pages().await;
    kept.retain(|url| written.contains(url));
    kept.sort();
    written.sort();
    assert_eq!(kept, written, "each with its page");
}

/// A site whose troubles pass at once: this test can't move the clock over the hours for which a
/// failing host or front page is left alone.
fn prompt(mut site: Site) -> Site {
    for trouble in &mut site.troubles {
        if matches!(trouble, Trouble::Outage | Trouble::Entry(_)) {
            *trouble = Trouble::None;
        }
    }
    for filed in &mut site.articles {
        filed.faults.retain(|fault| !OF_HOSTS.contains(fault));
    }
    site
}

/// A crawl that is not killed; then, all that failed is due.
fn to_its_end(dir: &Path) {
    let ended = crawl(dir).wait_with_output().unwrap();
    let code = ended.status.code();
    assert!(matches!(code, Some(0 | 3)), "{}", text(&ended));
    retry(dir);
}

/// Makes due what has failed, so that the test need not wait for hours.
fn retry(dir: &Path) {
    let retried = newsprint(dir)
        .args(["pages", "--lost", "--retry"])
        .output()
        .unwrap();
    assert!(retried.status.success(), "{}", text(&retried));
}
