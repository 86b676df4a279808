//! Who waits for the one connection that writes.

use std::time::Duration;

use crate::store::sql::SqlStore;

#[tokio::test]
async fn whoever_waits_to_write_waits_for_a_turn_and_not_for_a_time() {
    let dir = tempfile::tempdir().unwrap();
    let store = SqlStore::open(&dir.path().join("newsprint.db"))
        .await
        .unwrap();
    let first = store.begin().await.unwrap();
    let waiting: Vec<_> = (0..3)
        .map(|_| {
            let store = store.clone();
            tokio::spawn(async move {
                store
                    .begin()
                    .await?
                    .commit()
                    .await
                    .map_err(|it| store.fault(it))
            })
        })
        .collect();
    tokio::task::yield_now().await;
    tokio::time::pause();
    tokio::time::advance(Duration::from_secs(24 * 3600)).await;
    tokio::time::resume();
    assert!(waiting.iter().all(|it| !it.is_finished()));
    first.commit().await.unwrap();
    for task in waiting {
        task.await.unwrap().unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn new_stores_are_opened_by_tasks_of_their_own() {
    let dir = tempfile::tempdir().unwrap();
    let opening: Vec<_> = (0..24)
        .map(|number| dir.path().join(format!("{number}.db")))
        .map(|path| tokio::spawn(async move { SqlStore::open(&path).await }))
        .collect();
    for opened in opening {
        opened.await.unwrap().unwrap();
    }
}
