//! Empty stores for tests: in files, or on a server where the tests are run for it (`NEWSPRINT_TEST_STORE=postgres`).

#[path = "../../tests/support/database.rs"]
#[allow(
    dead_code,
    unreachable_pub,
    reason = "integration tests use the rest of it"
)]
pub(crate) mod database;
pub(crate) mod statements;

use std::cell::RefCell;
use std::path::{Path, PathBuf};

use self::database::{TestDatabase, is_on_server};
use crate::location::StoreLocation;
use crate::store::sql::SqlStore;

thread_local! {
    /// The databases of the test of this thread, each with the file that it stands for. They go with the thread.
    static DATABASES: RefCell<Vec<(PathBuf, TestDatabase)>> = const { RefCell::new(Vec::new()) };
}

/// The store of a test: this file, or a database that stands for it until the test ends.
pub(crate) fn location(path: &Path) -> StoreLocation {
    if !is_on_server() {
        return path.into();
    }
    DATABASES.with_borrow_mut(|databases| {
        let known = databases.iter().find(|(of, _)| of == path);
        let url = known.map(|(_, database)| database.url());
        let url = url.unwrap_or_else(|| {
            let new = TestDatabase::create().unwrap();
            let url = new.url();
            databases.push((path.to_owned(), new));
            url
        });
        url.parse().unwrap()
    })
}

/// A new store of a test, which goes with it.
pub(crate) async fn empty() -> SqlStore {
    if !is_on_server() {
        let nowhere = Path::new("no-such-folder/newsprint.db");
        return SqlStore::scratch(nowhere).await.unwrap();
    }
    let database = TestDatabase::create().unwrap();
    let location: StoreLocation = database.url().parse().unwrap();
    let path = PathBuf::from(database.name());
    DATABASES.with_borrow_mut(|databases| databases.push((path, database)));
    SqlStore::open(location).await.unwrap()
}

/// A store, and what it stands in.
pub(crate) struct Opened {
    pub(crate) store: SqlStore,
    _folder: tempfile::TempDir,
    _database: Option<TestDatabase>,
}

/// An empty store in a file, and one on a server where there is one for tests.
pub(crate) async fn stores() -> Vec<Opened> {
    let folder = tempfile::tempdir().unwrap();
    let store = SqlStore::open(folder.path().join("a.db")).await.unwrap();
    let mut stores = vec![Opened {
        store,
        _folder: folder,
        _database: None,
    }];
    if let Some(database) = TestDatabase::create() {
        let location: StoreLocation = database.url().parse().unwrap();
        stores.push(Opened {
            store: SqlStore::open(location).await.unwrap(),
            _folder: tempfile::tempdir().unwrap(),
            _database: Some(database),
        });
    }
    stores
}
