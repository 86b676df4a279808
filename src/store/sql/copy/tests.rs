//! Copies between files, and to a server and back where there is one for tests.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::path::Path;

use super::*;
use crate::location::StoreLocation;
use crate::store::sql::database::{Cell, Connection, Kind, query_as, query_scalar, run};
use crate::store::tests::database::TestDatabase;

/// Columns that one engine alone has, and whose values mean nothing in another store.
const OF_ONE_ENGINE: [(&str, &str); 3] = [
    ("articles", "change"),
    ("articles", "added_in"),
    ("articles", "worker"),
];
/// Tables that are not copied: of the index of words, which is made anew, FTS5 has several.
const NOT_COPIED: [&str; 12] = [
    "_sqlx_migrations",
    "copy_progress",
    "health_windows",
    "search_entries",
    "search_position",
    "search_sources",
    "search_words",
    "search_words_config",
    "search_words_data",
    "search_words_docsize",
    "search_words_idx",
    "workers",
];
/// Rows of most tables.
const FEW: i64 = 30;
/// More rows than are read at a time.
const MANY: i64 = 2_100;

type Columns = BTreeMap<String, BTreeSet<String>>;

fn file(dir: &tempfile::TempDir, name: &str) -> StoreLocation {
    dir.path().join(name).into()
}

fn listed() -> Columns {
    tables::all()
        .map(|table| {
            let names = table.columns.iter().map(|(name, _)| (*name).to_owned());
            (table.name.to_owned(), names.collect())
        })
        .collect()
}

/// The columns of a store, without those that are not copied.
async fn columns_of(store: &SqlStore, sql: &'static str) -> Columns {
    let rows: Vec<(String, String)> = query_as(sql).fetch_all(store.readers()).await.unwrap();
    let mut columns = Columns::new();
    for (table, column) in rows {
        let is_own = OF_ONE_ENGINE.contains(&(table.as_str(), column.as_str()));
        if !is_own && !NOT_COPIED.contains(&table.as_str()) {
            columns.entry(table).or_default().insert(column);
        }
    }
    columns
}

/// The primary key of each table, its columns in their order, separated by spaces.
async fn keys_of(store: &SqlStore, sql: &'static str) -> BTreeMap<String, String> {
    let rows: Vec<(String, String)> = query_as(sql).fetch_all(store.readers()).await.unwrap();
    let is_copied = |table: &str| !NOT_COPIED.contains(&table);
    rows.into_iter()
        .filter(|(table, _)| is_copied(table))
        .collect()
}

fn listed_keys() -> BTreeMap<String, String> {
    tables::all()
        .map(|table| {
            let key = table.columns.iter().take(table.key);
            let key: Vec<&str> = key.map(|(name, _)| *name).collect();
            (table.name.to_owned(), key.join(" "))
        })
        .collect()
}

#[tokio::test]
async fn the_list_has_every_column_of_sqlite() {
    let dir = tempfile::tempdir().unwrap();
    let store = SqlStore::open(file(&dir, "a.db")).await.unwrap();
    let sql = "SELECT t.name, c.name FROM sqlite_master AS t, pragma_table_info(t.name) AS c
         WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%'";
    assert_eq!(columns_of(&store, sql).await, listed());
    let sql = "SELECT name, group_concat(column, ' ') FROM (
             SELECT t.name AS name, c.name AS column
             FROM sqlite_master AS t, pragma_table_info(t.name) AS c
             WHERE t.type = 'table' AND c.pk > 0 ORDER BY t.name, c.pk) GROUP BY name";
    assert_eq!(keys_of(&store, sql).await, listed_keys());
}

#[tokio::test]
async fn the_list_has_every_column_of_postgresql() {
    let Some(database) = TestDatabase::create() else {
        return;
    };
    let location: StoreLocation = database.url().parse().unwrap();
    let store = SqlStore::open(location).await.unwrap();
    let sql =
        "SELECT CAST(table_name AS TEXT), CAST(column_name AS TEXT) FROM information_schema.columns
         WHERE table_schema = 'public'";
    assert_eq!(columns_of(&store, sql).await, listed());
    let sql = "SELECT CAST(c.relname AS TEXT), string_agg(a.attname, ' ' ORDER BY array_position(i.indkey, a.attnum))
         FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indrelid
         JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = ANY(i.indkey)
         WHERE i.indisprimary AND c.relnamespace = 'public'::regnamespace GROUP BY c.relname";
    assert_eq!(keys_of(&store, sql).await, listed_keys());
    store.close().await;
}

/// Some value of a column of a row.
fn cell(kind: Kind, row: i64, column: usize) -> Cell {
    match kind {
        // Numbers of all sizes, which are read in their order, below zero, too.
        Kind::Int => Cell::Int(row - 7),
        // Texts in another order than that of the rows.
        Kind::Text | Kind::LongText => Cell::Text(format!("{}é{row}.{column}", row % 10)),
        Kind::Bytes => Cell::Bytes(vec![row.to_le_bytes()[0]; 40]),
    }
}

fn rows_of(table: &Table) -> i64 {
    match table.name {
        "text_bands" => MANY,
        _ => FEW,
    }
}

/// A store with rows in each table: nulls, numbers below zero and more rows than are read at a time.
async fn filled(location: &StoreLocation) -> SqlStore {
    let store = SqlStore::open(location).await.unwrap();
    let nullable = "SELECT t.name, c.name FROM sqlite_master AS t, pragma_table_info(t.name) AS c
         WHERE t.type = 'table' AND c.\"notnull\" = 0 AND c.pk = 0";
    let nullable = columns_of(&store, nullable).await;
    let mut writing = store.begin().await.unwrap();
    for table in tables::all() {
        let rows = (0..rows_of(table)).map(|row| {
            let columns = table.columns.iter().enumerate();
            let cells = columns.map(|(at, (name, kind))| {
                let is_null = nullable
                    .get(table.name)
                    .is_some_and(|it| it.contains(*name));
                match is_null && row % 3 == 0 {
                    true => Cell::Null,
                    false => cell(*kind, row, at),
                }
            });
            Cells(cells.collect())
        });
        let rows = rows.collect();
        table.insert(&mut *writing, rows).await.unwrap();
    }
    writing.commit().await.unwrap();
    store
}

async fn change(store: &SqlStore, sql: &'static str) {
    let mut writing = store.begin().await.unwrap();
    run(&mut *writing, sql).await.unwrap();
    writing.commit().await.unwrap();
}

/// Copies all of it.
async fn copied(from: &StoreLocation, to: &StoreLocation) -> Result<Vec<TableCopy>, CopyError> {
    copy(from, to, &mut |_| ControlFlow::Continue(())).await
}

/// Copies until so many batches are copied or compared.
async fn stopped_after(batches: usize, from: &StoreLocation, to: &StoreLocation) {
    let mut left = batches;
    let mut on_progress = |_| {
        left = left.saturating_sub(1);
        match left {
            0 => ControlFlow::Break(()),
            _ => ControlFlow::Continue(()),
        }
    };
    let stopped = copy(from, to, &mut on_progress).await;
    assert!(matches!(stopped, Err(CopyError::Stopped)));
}

fn assert_equal(tables: &[TableCopy], repaired: u64) {
    for table in tables {
        assert!(table.is_equal(), "{table:?}");
    }
    let all: u64 = tables.iter().map(|it| it.repaired).sum();
    assert_eq!(all, repaired);
    assert_eq!(tables.len(), tables::all().count());
}

#[tokio::test]
async fn a_copy_to_a_server_and_back_is_equal() {
    let Some(database) = TestDatabase::create_empty() else {
        return;
    };
    let dir = tempfile::tempdir().unwrap();
    let (first, last) = (file(&dir, "first.db"), file(&dir, "last.db"));
    let server = database.url().parse().unwrap();
    filled(&first).await.close().await;
    let there = copied(&first, &server).await.unwrap();
    assert_equal(&there, 0);
    let bands = there.iter().find(|it| it.table == "text_bands").unwrap();
    assert_eq!(bands.original.rows, MANY.unsigned_abs());
    assert_eq!(copied(&server, &last).await.unwrap(), there);
}

#[tokio::test]
async fn rows_that_come_after_a_copy_to_a_server_have_new_numbers() {
    let Some(database) = TestDatabase::create() else {
        return;
    };
    let dir = tempfile::tempdir().unwrap();
    let server = database.url().parse().unwrap();
    filled(&file(&dir, "a.db")).await.close().await;
    copied(&file(&dir, "a.db"), &server).await.unwrap();
    let store = SqlStore::open(&server).await.unwrap();
    let id: i64 = query_scalar("INSERT INTO hosts (host) VALUES ('new.test') RETURNING id")
        .fetch_one(store.readers())
        .await
        .unwrap();
    assert_eq!(id, FEW - 7);
    store.close().await;
}

#[tokio::test]
async fn nuls_are_replaced_on_a_server_and_counted() {
    let Some(database) = TestDatabase::create() else {
        return;
    };
    let dir = tempfile::tempdir().unwrap();
    let (from, to) = (file(&dir, "a.db"), database.url().parse().unwrap());
    let store = SqlStore::open(&from).await.unwrap();
    change(
        &store,
        "INSERT INTO revisions VALUES ('a', 1, 0, 'x' || char(0) || 'y'), ('b', 1, 0, 'x')",
    )
    .await;
    store.close().await;
    let tables = copied(&from, &to).await.unwrap();
    assert_equal(&tables, 0);
    let with_nuls = tables.iter().filter(|it| it.nuls > 0);
    let with_nuls: Vec<_> = with_nuls.map(|it| (it.table, it.nuls)).collect();
    assert_eq!(with_nuls, [("revisions", 1)]);
}

#[tokio::test]
async fn a_copy_that_was_stopped_goes_on_and_takes_what_has_changed() {
    let dir = tempfile::tempdir().unwrap();
    let mut targets = vec![(file(&dir, "copy.db"), None)];
    if let Some(database) = TestDatabase::create() {
        targets.push((database.url().parse().unwrap(), Some(database)));
    }
    for (number, (to, _database)) in targets.iter().enumerate() {
        let from = file(&dir, &format!("{number}.db"));
        let store = filled(&from).await;
        stopped_after(15, &from, to).await;
        let refused = SqlStore::open(to).await;
        assert!(matches!(refused, Err(StoreError::Unfinished { .. })));
        let refused = SqlStore::open_read_only(to).await;
        assert!(matches!(refused, Err(StoreError::Unfinished { .. })));
        // A row is gone, its unique key is another's, two are new, one is another.
        change(
            &store,
            "DELETE FROM pages WHERE id = 5;
             UPDATE pages SET url = '2é12.1' WHERE id = 4;
             DELETE FROM hosts WHERE id = 9;
             INSERT INTO hosts (id, host) VALUES (-50, '6é16.1'), (9000, 'new.test');
             UPDATE sources SET limits = 'others' WHERE source = '4é14.0'",
        )
        .await;
        store.close().await;
        let tables = copied(&from, to).await.unwrap();
        assert_equal(&tables, 6);
        let opened = SqlStore::open(to).await.unwrap();
        opened.close().await;
    }
}

#[tokio::test]
async fn a_copy_goes_on_wherever_it_was_stopped() {
    let dir = tempfile::tempdir().unwrap();
    let from = file(&dir, "from.db");
    filled(&from).await.close().await;
    for batches in [1, 2, 13, 14, 20, 21, 55] {
        let to = file(&dir, &format!("{batches}.db"));
        stopped_after(batches, &from, &to).await;
        assert_equal(&copied(&from, &to).await.unwrap(), 0);
    }
}

#[tokio::test]
async fn a_store_is_not_copied_into_another_nor_into_itself_nor_while_it_is_used() {
    let dir = tempfile::tempdir().unwrap();
    let [a, b, c] = ["a.db", "b.db", "c.db"].map(|name| file(&dir, name));
    let store = SqlStore::open(&a).await.unwrap();
    change(&store, "INSERT INTO source_ids (name) VALUES ('a')").await;
    store.close().await;
    let other = file(&dir, "x/../a.db");
    std::fs::create_dir(dir.path().join("x")).unwrap();
    let same = copied(&a, &other).await;
    assert!(matches!(same, Err(CopyError::Same { .. })), "{same:?}");
    assert_equal(&copied(&a, &b).await.unwrap(), 0);
    let occupied = copied(&a, &b).await;
    assert!(matches!(occupied, Err(CopyError::Occupied { .. })));
    let missing = copied(&file(&dir, "none.db"), &c).await;
    assert!(matches!(
        missing,
        Err(CopyError::Store(StoreError::Missing { .. }))
    ));
    stopped_after(1, &a, &c).await;
    let other = copied(&b, &c).await;
    assert!(matches!(other, Err(CopyError::OtherCopy { .. })));
    for locked in [&a, &c] {
        let held = lock(locked).await.unwrap();
        let used = copied(&a, &c).await;
        assert!(matches!(used, Err(CopyError::Lock(_))), "{used:?}");
        drop(held);
    }
    assert_equal(&copied(&a, &c).await.unwrap(), 0);
}

#[tokio::test]
async fn large_rows_are_read_a_few_at_a_time() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.db");
    let store = SqlStore::open(Path::new(&path)).await.unwrap();
    change(
        &store,
        "INSERT INTO robots (origin, file, expires_at) VALUES
             ('a', zeroblob(12000000), 0), ('b', zeroblob(3000000), 0), ('c', zeroblob(3000000), 0),
             ('d', zeroblob(20000000), 0), ('e', NULL, 0)",
    )
    .await;
    let table = tables::all().find(|it| it.name == "robots").unwrap();
    let mut reading = Reading::of(table, None);
    let mut batches = Vec::new();
    loop {
        let rows = reading.next(store.readers()).await.unwrap();
        if rows.is_empty() {
            break;
        }
        batches.push(rows.len());
    }
    assert_eq!(batches, [2, 1, 1, 1]);
}

#[tokio::test]
async fn a_dry_run_on_a_server_works_on_a_copy_in_a_file() {
    let Some(database) = TestDatabase::create() else {
        return;
    };
    let dir = tempfile::tempdir().unwrap();
    let (file, server) = (
        file(&dir, "a.db"),
        database.url().parse::<StoreLocation>().unwrap(),
    );
    filled(&file).await.close().await;
    copied(&file, &server).await.unwrap();
    let scratch = SqlStore::scratch(&server).await.unwrap();
    for table in &ADDRESSES {
        let count = table.count(scratch.readers()).await.unwrap();
        assert_eq!(count, FEW, "{}", table.name);
    }
    let leased = "SELECT COUNT(*) FROM hosts WHERE lease_until <> 0 OR lease_owner IS NOT NULL";
    let leased: i64 = query_scalar(leased)
        .fetch_one(scratch.readers())
        .await
        .unwrap();
    assert_eq!(leased, 0);
    let mut writing = scratch.begin().await.unwrap();
    assert!(matches!(*writing, Connection::SqliteShared(_)));
    run(&mut *writing, "DELETE FROM urls").await.unwrap();
    writing.commit().await.unwrap();
    let original = SqlStore::open(&server).await.unwrap();
    let urls = tables::all().next().unwrap();
    assert_eq!(urls.count(original.readers()).await.unwrap(), FEW);
    original.close().await;
}
