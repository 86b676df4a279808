//! Files that cannot grow, and passes that are killed.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::super::{Done, PendingOutput};
use super::{IDS, add};
use crate::config::Format;
use crate::frontier::{self, Schedule, Storage};
use crate::output::format;
use crate::store::tests::location;

/// A store in this folder that has these articles.
async fn storage_of(dir: &Path, name: &str, ids: &[&str]) -> Storage {
    let schedule = Schedule::new(Duration::ZERO, Duration::ZERO);
    let storage = frontier::open(location(&dir.join(name)), schedule)
        .await
        .unwrap();
    add(&*storage.frontier, name, ids).await;
    storage
}

fn owned(ids: &[&str]) -> Vec<String> {
    ids.iter().map(|&id| id.to_owned()).collect()
}

/// The ids in all part files of the folder, sorted, and the number of files.
fn parts_of(folder: &Path) -> (Vec<String>, usize) {
    let files: Vec<PathBuf> = fs::read_dir(folder.join("source"))
        .unwrap()
        .map(|it| it.unwrap().path())
        .collect();
    let mut ids = Vec::new();
    for file in &files {
        let text = fs::read_to_string(file).unwrap();
        ids.extend(text.lines().skip(1).map(|line| line[..16].to_owned()));
    }
    ids.sort();
    (ids, files.len())
}

fn parts_to(folder: &Path) -> PendingOutput {
    PendingOutput::new(format(Format::Csv).files(folder, None), Some(folder))
}

#[tokio::test]
async fn a_part_file_that_a_killed_pass_completed_and_nobody_noted_is_written_again() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("articles");
    let Storage { store, .. } = storage_of(dir.path(), "a", &IDS[..2]).await;
    // Killed between the file's name and the note that it is written.
    let killed = parts_to(&folder);
    let (_, lock) = killed
        .write_pending(&*store, 2, &mut Done::default())
        .await
        .unwrap();
    let finished = killed.run(|writer| Ok(writer.finish())).await.unwrap();
    assert_eq!(finished.written.len(), 1);
    drop(lock);
    assert_eq!(parts_of(&folder), (owned(&IDS[..2]), 1));

    // Another store writes into the folder meanwhile.
    let Storage { store: other, .. } = storage_of(dir.path(), "b", &IDS[2..]).await;
    parts_to(&folder).write_all(&*other, 2).await.unwrap();
    for _ in 0..2 {
        parts_to(&folder).write_all(&*store, 2).await.unwrap();
        assert_eq!(parts_of(&folder).0, IDS, "each of both stores once");
    }
}

#[tokio::test]
async fn a_part_file_that_was_taken_away_is_not_written_again() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("articles");
    let Storage { store, frontier } = storage_of(dir.path(), "a", &IDS[..1]).await;
    parts_to(&folder).write_all(&*store, 2).await.unwrap();
    assert_eq!(parts_of(&folder), (vec![IDS[0].to_owned()], 1));
    fs::remove_file(folder.join("source/undated.1.csv")).unwrap();
    add(&*frontier, "a", &IDS[1..2]).await;
    // Its name is free again, and what is killed under it is found.
    let killed = parts_to(&folder);
    let (_, lock) = killed
        .write_pending(&*store, 2, &mut Done::default())
        .await
        .unwrap();
    killed.run(|writer| Ok(writer.finish())).await.unwrap();
    drop(lock);
    add(&*frontier, "a", &IDS[2..]).await;
    parts_to(&folder).write_all(&*store, 2).await.unwrap();
    assert_eq!(parts_of(&folder), (owned(&IDS[1..]), 1));
}

#[tokio::test]
async fn changed_part_files_are_left_as_they_are() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("articles");
    let Storage { store, frontier } = storage_of(dir.path(), "a", &IDS[..1]).await;
    parts_to(&folder).write_all(&*store, 2).await.unwrap();
    let file = folder.join("source/undated.1.csv");
    fs::write(&file, "mine").unwrap();
    add(&*frontier, "a", &IDS[1..]).await;
    parts_to(&folder).write_all(&*store, 2).await.unwrap();
    assert_eq!(fs::read_to_string(&file).unwrap(), "mine");
    assert_eq!(parts_of(&folder), (owned(&IDS[1..]), 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn stores_that_write_part_files_to_one_folder_at_once_lose_none() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("articles");
    let mut tasks = tokio::task::JoinSet::new();
    for name in ["a", "b", "c", "d"] {
        let Storage { store, .. } = storage_of(dir.path(), name, &IDS).await;
        let output = parts_to(&folder);
        tasks.spawn(async move { output.write_all(&*store, 2).await.unwrap().count });
    }
    assert_eq!(tasks.join_all().await, [3; 4]);
    let each = IDS.iter().flat_map(|&id| [id; 4]);
    assert_eq!(parts_of(&folder), (each.map(str::to_owned).collect(), 4));
}
