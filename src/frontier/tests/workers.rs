//! Several workers on one database: hosts are leased once, what they find and read at once is stored once, and a server
//! that went away is asked again.

use crate::store::tests::database::{TestDatabase, is_on_server};
use crate::store::{AddressFilter, Filter};

use super::*;

/// Two workers on one new database, where there is a server.
async fn workers() -> Option<(TestDatabase, Storage, Storage)> {
    let database = TestDatabase::create()?;
    let [one, two] = [open_at(&database).await, open_at(&database).await];
    Some((database, one, two))
}

async fn open_at(database: &TestDatabase) -> Storage {
    let location: crate::location::StoreLocation = database.url().parse().unwrap();
    open(location, schedule()).await.unwrap()
}

/// How many addresses the store knows.
async fn known(storage: &Storage) -> usize {
    let all = AddressFilter::default();
    let known = storage.store.addresses_after(&all, 0, 1_000).await;
    known.unwrap().len()
}

/// The pass as a claim made it.
fn claimed_by(pass: &Pass, claim: &Claim) -> Pass {
    Pass {
        token: Some(claim.token),
        ..pass.clone()
    }
}

/// A host for each of two workers, where a front page is due.
async fn claims(one: &Storage, two: &Storage) -> [(Pass, Claim); 2] {
    let fronts = ["https://a.test/", "https://b.test/"];
    let seeds = [seed("daily", &fronts)];
    one.frontier.seed(&seeds, NOW).await.unwrap();
    let (left, right) = (pass("a", NOW, &["daily"]), pass("b", NOW, &["daily"]));
    let first = one.frontier.claim(&left, NOW).await.unwrap().unwrap();
    let second = two.frontier.claim(&right, NOW).await.unwrap().unwrap();
    [
        (claimed_by(&left, &first), first),
        (claimed_by(&right, &second), second),
    ]
}

#[tokio::test]
async fn a_host_that_was_given_back_is_not_leased_again_by_a_late_renewal() {
    let storage = with_front("https://daily.test/").await;
    let frontier = &storage.frontier;
    let (one, two) = (pass("a", NOW, &["daily"]), pass("b", NOW, &["daily"]));
    let first = frontier.claim(&one, NOW).await.unwrap().unwrap();
    let one = claimed_by(&one, &first);
    let held = Held {
        host: first.host.clone(),
        owner: one.owner.clone(),
        token: first.token,
    };
    frontier.release(&one, &first.host).await.unwrap();
    let lost = frontier.renew(std::slice::from_ref(&held), NOW).await;
    assert_eq!(lost.unwrap(), [held]);
    assert!(frontier.claim(&two, NOW).await.unwrap().is_some());
}

#[tokio::test]
async fn who_lost_a_host_can_store_nothing_there() {
    let storage = with_front("https://daily.test/").await;
    let frontier = &storage.frontier;
    let (one, two) = (pass("a", NOW, &["daily"]), pass("b", NOW, &["daily"]));
    let first = frontier.claim(&one, NOW).await.unwrap().unwrap();
    let one = claimed_by(&one, &first);
    let later = NOW + 16 * MINUTE;
    let second = frontier.claim(&two, later).await.unwrap().unwrap();
    assert_eq!(second.token, first.token + 1);

    let found = names(&[page("https://daily.test/late", None)]);
    let late = Visit {
        due: first.due[0].clone(),
        at: later,
        result: found,
    };
    let refused = frontier.finish(&one, late.clone()).await;
    assert!(
        matches!(refused, Err(StoreError::LeaseLost { .. })),
        "{refused:?}"
    );
    assert_eq!(known(&storage).await, 1);
    let held = Held {
        host: first.host.clone(),
        owner: one.owner.clone(),
        token: first.token,
    };
    let lost = frontier.renew(std::slice::from_ref(&held), later).await;
    assert_eq!(lost.unwrap(), [held]);
    frontier.postpone(&one, &first.due[0]).await.unwrap();
    frontier.release(&one, &first.host).await.unwrap();
    assert_eq!(frontier.claim(&one, later).await.unwrap(), None);

    let two = claimed_by(&two, &second);
    let finished = frontier.finish(&two, late).await.unwrap();
    assert_eq!(finished.new_pages, 1);
}

/// The same owner, as where two machines give their processes the same name.
#[tokio::test]
async fn an_older_claim_of_the_same_owner_counts_no_more() {
    let storage = with_front("https://daily.test/").await;
    let frontier = &storage.frontier;
    let owner = pass("a", NOW, &["daily"]);
    let first = frontier.claim(&owner, NOW).await.unwrap().unwrap();
    let later = NOW + 16 * MINUTE;
    frontier.claim(&owner, later).await.unwrap().unwrap();
    let one = claimed_by(&owner, &first);
    let late = visit(&first.due[0], later, VisitOutcome::Index);
    assert!(frontier.finish(&one, late).await.is_err());
}

#[tokio::test]
async fn workers_that_claim_at_once_get_each_host_once() {
    let Some((_database, one, two)) = workers().await else {
        return;
    };
    let fronts: Vec<String> = (0..24).map(|it| format!("https://s{it}.test/")).collect();
    let fronts: Vec<&str> = fronts.iter().map(String::as_str).collect();
    one.frontier
        .seed(&[seed("daily", &fronts)], NOW)
        .await
        .unwrap();
    let mut tasks = tokio::task::JoinSet::new();
    for number in 0..8 {
        let storage = if number % 2 == 0 { &one } else { &two };
        let frontier = Arc::clone(&storage.frontier);
        tasks.spawn(async move {
            let pass = pass(&number.to_string(), NOW, &["daily"]);
            let mut hosts = Vec::new();
            while let Some(claim) = frontier.claim(&pass, NOW).await.unwrap() {
                hosts.push(claim.host);
            }
            hosts
        });
    }
    let mut hosts: Vec<String> = tasks.join_all().await.into_iter().flatten().collect();
    hosts.sort_unstable();
    let all = hosts.len();
    hosts.dedup();
    assert_eq!((all, hosts.len()), (24, 24));
    let idle = pass("x", NOW, &["daily"]);
    let free = one.frontier.next_free(&idle, NOW).await.unwrap();
    assert!(free.unwrap() > NOW);
}

#[tokio::test]
async fn pages_that_two_workers_find_at_once_are_stored_once() {
    let Some((_database, one, two)) = workers().await else {
        return;
    };
    let [(left, first), (right, second)] = claims(&one, &two).await;
    for round in 0..10 {
        let urls = (0..40).map(|it| format!("https://h{}.test/{round}/{it}", it % 5));
        let mut found: Vec<FoundUrl> = urls.map(|url| page(&url, None)).collect();
        let [there, back] = [&first, &second].map(|claim| {
            found.reverse();
            Visit {
                due: claim.due[0].clone(),
                at: NOW + round,
                result: names(&found),
            }
        });
        let (there, back) = tokio::join!(
            one.frontier.finish(&left, there),
            two.frontier.finish(&right, back)
        );
        assert_eq!(there.unwrap().new_pages + back.unwrap().new_pages, 40);
    }
    assert_eq!(known(&one).await, 402);
}

/// An article at this address.
fn article_at(url: &str, text: &str) -> VisitResult {
    let url = Url::parse(url).unwrap();
    let article = Article {
        id: crate::canonical::id(&url),
        url: Some(url.to_string()),
        final_url: Some(url.to_string()),
        canonical_url: Some(url.to_string()),
        source: Some("daily".to_owned()),
        text: text.to_owned(),
        word_count: 200,
        content_hash: crate::canonical::digest(text.as_bytes()),
        ..Article::default()
    };
    answered(Reading {
        article: Some(Box::new(ReadArticle {
            article,
            ..ReadArticle::default()
        })),
        ..Reading::new(VisitOutcome::Stored, None)
    })
}

#[tokio::test]
async fn of_a_text_that_two_workers_read_at_once_one_is_the_duplicate() {
    let Some((_database, one, two)) = workers().await else {
        return;
    };
    let [(left, first), (right, second)] = claims(&one, &two).await;
    for round in 0..10 {
        let words: Vec<String> = (0..200).map(|it| format!("word{it}of{round}")).collect();
        let text = words.join(" ");
        let [there, back] = [(&first, "a"), (&second, "b")].map(|(claim, host)| Visit {
            due: claim.due[0].clone(),
            at: NOW + round,
            result: article_at(&format!("https://{host}.test/{round}"), &text),
        });
        let (there, back) = tokio::join!(
            one.frontier.finish(&left, there),
            two.frontier.finish(&right, back)
        );
        let mut outcomes = [there.unwrap().outcome, back.unwrap().outcome];
        outcomes.sort_by_key(|it| *it == VisitOutcome::Duplicate);
        assert_eq!(outcomes, [VisitOutcome::Stored, VisitOutcome::Duplicate]);
    }
    // The same article at once.
    let [there, back] = [&first, &second].map(|claim| Visit {
        due: claim.due[0].clone(),
        at: NOW,
        result: article_at("https://c.test/one", "one short text"),
    });
    let (there, back) = tokio::join!(
        one.frontier.finish(&left, there),
        two.frontier.finish(&right, back)
    );
    let outcomes = [there.unwrap().outcome, back.unwrap().outcome];
    assert!(outcomes.contains(&VisitOutcome::Unchanged), "{outcomes:?}");
    let stored = one.store.articles_after(&Filter::default(), 0, 100).await;
    assert_eq!(stored.unwrap().len(), 21);
}

#[tokio::test]
async fn connections_that_were_cut_are_made_anew_and_nothing_is_done_twice() {
    let Some((database, one, _two)) = workers().await else {
        return;
    };
    let seeds = [seed("daily", &["https://a.test/"])];
    one.frontier.seed(&seeds, NOW).await.unwrap();
    let cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
               WHERE datname = current_database() AND pid <> pg_backend_pid()";
    database.run(cut).await;
    let mut pass = pass("a", NOW, &["daily"]);
    let claim = one.frontier.claim(&pass, NOW).await.unwrap().unwrap();
    pass = claimed_by(&pass, &claim);
    database.run(cut).await;
    let visit = Visit {
        due: claim.due[0].clone(),
        at: NOW,
        result: names(&[page("https://a.test/one", None)]),
    };
    let finished = one.frontier.finish(&pass, visit).await.unwrap();
    assert_eq!(finished.new_pages, 1);
    database.run(cut).await;
    assert!(one.store.now().await.unwrap().is_some());
}

#[tokio::test]
async fn a_worker_with_older_settings_seeds_a_source_no_more() {
    let Some((_database, one, two)) = workers().await else {
        return;
    };
    let settings = |text: &str, generation: Option<i64>| Seed {
        settings: text.to_owned(),
        generation,
        ..seed("daily", &["https://a.test/"])
    };
    let first = one.frontier.seed(&[settings("old", None)], NOW).await;
    let own = first.unwrap().generations.get("daily").copied();
    // A person changes the settings and starts a worker by them, with one more source.
    let newer = [settings("new", None), seed("weekly", &["https://b.test/"])];
    let second = two.frontier.seed(&newer, NOW).await.unwrap();
    assert!(second.generations.get("daily").copied() > own);
    let again = one.frontier.seed(&[settings("old", own)], NOW).await;
    let again = again.unwrap();
    assert_eq!(again.outdated, ["daily"]);
    assert!(again.changed.is_empty());
    let again = two.frontier.seed(&newer, NOW).await.unwrap();
    assert!(again.changed.is_empty() && again.outdated.is_empty());
    // The same settings are no older ones.
    let same = one.frontier.seed(&[settings("new", own)], NOW).await;
    assert!(same.unwrap().outdated.is_empty());
}

#[tokio::test]
async fn a_host_that_another_worker_has_just_had_counts_as_asked_when_it_is_claimed() {
    let storage = with_front("https://daily.test/").await;
    let frontier = &storage.frontier;
    let [one, other] = ["one", "other"].map(|owner| pass(owner, NOW, &["daily"]));
    let claim = frontier.claim(&one, NOW).await.unwrap().unwrap();
    let held = claimed_by(&one, &claim);
    let front = claim.due.into_iter().next().unwrap();
    let found = [page("https://daily.test/a", None)];
    let read = Visit {
        due: front,
        at: NOW + 10,
        result: names(&found),
    };
    frontier.finish(&held, read).await.unwrap();
    frontier.release(&held, &claim.host).await.unwrap();
    let claim = frontier.claim(&other, NOW + 15).await.unwrap().unwrap();
    let asked_at = NOW + if is_on_server() { 15 } else { 10 };
    assert_eq!((claim.visited_at, claim.is_own), (Some(asked_at), false));
}

/// A pass knows the pace of a host itself for as long as no other has had it, by whichever of its tasks.
#[tokio::test]
async fn a_host_is_a_passes_own_until_another_has_had_it() {
    let storage = with_front("https://daily.test/").await;
    let frontier = &storage.frontier;
    let mut seen = Vec::new();
    for owner in ["one-5-1", "one-5-2", "other-5-2", "one-5-3"] {
        let pass = pass(owner, NOW, &["daily"]);
        let claim = frontier.claim(&pass, NOW).await.unwrap().unwrap();
        let held = claimed_by(&pass, &claim);
        frontier.release(&held, &claim.host).await.unwrap();
        seen.push(claim.is_own);
    }
    assert_eq!(seen, [false, true, false, false]);
}
