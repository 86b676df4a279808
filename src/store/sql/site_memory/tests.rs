use super::*;
use crate::extract::site_memory::VERSION;
use crate::store::Store;
use crate::store::sql::database;
use crate::store::tests::location;

const HOST: &str = "daily.test";

async fn open(dir: &tempfile::TempDir) -> SqlStore {
    let path = dir.path().join("newsprint.db");
    SqlStore::open(location(&path)).await.unwrap()
}

/// What a page teaches that has a text of its own and an appeal that all pages have.
fn fingerprint(page: usize) -> PageFingerprint {
    let page = page as u64;
    let mut bytes = vec![VERSION];
    for count in [2, 0_u32] {
        bytes.extend(count.to_le_bytes());
    }
    bytes.extend(page.to_le_bytes());
    for (text, letters) in [(1_000 + page, 400), (7, 40_u32)] {
        for hash in [text, text + 1_000_000, 9] {
            bytes.extend(hash.to_le_bytes());
        }
        bytes.extend((letters << 1 | 1).to_le_bytes());
    }
    PageFingerprint::from_bytes(&bytes).unwrap()
}

async fn add(store: &SqlStore, page: usize) {
    let mut transaction = store.begin().await.unwrap();
    let learned = learn(HOST, &fingerprint(page));
    learned.execute(&mut *transaction).await.unwrap();
    transaction.commit().await.unwrap();
}

/// The fingerprints that are stored, and the length of the stored memory.
async fn stored(store: &SqlStore) -> (i64, i64) {
    database::query_as(
        "SELECT (SELECT COUNT(fingerprint) FROM site_memory_news),
                COALESCE((SELECT CAST(LENGTH(memory) AS BIGINT) FROM site_memory), 0)",
    )
    .fetch_one(store.readers())
    .await
    .unwrap()
}

#[tokio::test]
async fn a_memory_is_the_same_whether_it_is_kept_read_again_or_written_each_time() {
    let dir = tempfile::tempdir().unwrap();
    let kept = open(&dir).await;
    let mut expected = SiteMemory::default();
    for page in 0..2 * MOST_NEWS + 3 {
        add(&kept, page).await;
        assert!(expected.learn(&fingerprint(page)));
        assert_eq!(*find(&kept, HOST).await.unwrap(), expected, "{page}");
        let other = open(&dir).await;
        assert_eq!(*find(&other, HOST).await.unwrap(), expected, "{page}");
        other.close().await;
    }
    let (news, bytes) = stored(&kept).await;
    assert_eq!((news, bytes > 0), (3, true));
}

#[tokio::test]
async fn what_was_added_when_a_process_was_killed_is_learned_by_the_next() {
    let dir = tempfile::tempdir().unwrap();
    let first = open(&dir).await;
    for page in 0..3 {
        add(&first, page).await;
    }
    // Nobody has read the memory, let alone written it.
    assert_eq!(stored(&first).await.1, 0);
    let next = open(&dir).await;
    assert_eq!(find(&next, HOST).await.unwrap().articles(), 3);
}

#[tokio::test]
async fn what_another_process_has_written_is_read_again() {
    let dir = tempfile::tempdir().unwrap();
    let (one, other) = (open(&dir).await, open(&dir).await);
    add(&one, 0).await;
    assert_eq!(find(&one, HOST).await.unwrap().articles(), 1);
    for page in 1..=MOST_NEWS {
        add(&other, page).await;
    }
    let all = find(&other, HOST).await.unwrap();
    assert_eq!(stored(&other).await.0, 0);
    assert_eq!(find(&one, HOST).await.unwrap(), all);
    add(&one, 99).await;
    let all = find(&one, HOST).await.unwrap();
    assert_eq!(find(&other, HOST).await.unwrap(), all);
    assert_eq!(all.articles() as usize, MOST_NEWS + 2);
}

#[tokio::test]
async fn what_is_rolled_back_is_not_learned() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(&dir).await;
    let mut transaction = store.begin().await.unwrap();
    let learned = learn(HOST, &fingerprint(1));
    learned.execute(&mut *transaction).await.unwrap();
    drop(transaction);
    add(&store, 2).await;
    let memory = find(&store, HOST).await.unwrap();
    assert_eq!(memory.others(&fingerprint(2)), 0);
    assert_eq!(memory.articles(), 1);
}
