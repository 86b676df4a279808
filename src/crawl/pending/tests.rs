mod part_files;

use std::fs;
use std::time::Duration;

use super::*;
use crate::article::Article;
use crate::config::Format;
use crate::frontier::{
    self, AnsweredVisit, Due, Frontier, Pass, ReadArticle, Reading, Schedule, Storage, UrlKind,
    Visit, VisitResult,
};
use crate::output::{Finished, article_file};
use crate::store::tests::location;
use crate::verdict::VisitOutcome;

/// A format whose file is valid only once its footer is written.
#[derive(Debug)]
struct WithFooter {
    path: PathBuf,
    buffered: Vec<Record>,
}

impl Writer for WithFooter {
    fn write(&mut self, batch: &[Record], _: &Marks) -> Result<Vec<Written>, OutputError> {
        self.buffered.extend_from_slice(batch);
        Ok(Vec::new())
    }

    fn finish(&mut self) -> Finished {
        let ids: Vec<&str> = self.buffered.iter().map(|it| &*it.article.id).collect();
        fs::write(&self.path, format!("{}\nfooter", ids.join(" "))).unwrap();
        let records = self.buffered.drain(..).map(|it| it.seq).collect();
        Finished {
            written: vec![Written {
                records,
                ..Written::default()
            }],
            failed: None,
        }
    }

    fn completes_at_finish(&self) -> bool {
        true
    }
}

/// A store in this folder that has these articles, which are not in any file.
async fn store_of(dir: &Path, name: &str, ids: &[&str]) -> Arc<dyn Store> {
    let schedule = Schedule::new(Duration::ZERO, Duration::ZERO);
    let Storage { store, frontier } = frontier::open(location(&dir.join(name)), schedule)
        .await
        .unwrap();
    add(&*frontier, name, ids).await;
    store
}

/// Stores these articles.
async fn add(frontier: &dyn Frontier, name: &str, ids: &[&str]) {
    for id in ids {
        let mut visit = visit(id);
        if let VisitResult::Answered(answered) = &mut visit.result
            && let Some(read) = &mut answered.reading.article
        {
            read.article.title = Some(name.to_owned());
            read.article.text = "word ".repeat(500);
        }
        frontier.finish(&pass(), visit).await.unwrap();
    }
}

/// Which records the one file has, as store and id, sorted.
fn lines_of(folder: &Path) -> Vec<(String, String)> {
    let path = folder.join("source/undated.jsonl");
    let text = fs::read_to_string(path).unwrap();
    let read = |line: &str| {
        let read: Article = serde_json::from_str(line).unwrap();
        (read.title.unwrap(), read.id)
    };
    let mut lines: Vec<_> = text.lines().map(read).collect();
    lines.sort();
    lines
}

fn output_to(folder: &Path) -> PendingOutput {
    PendingOutput::new(format(Format::Jsonl).files(folder, None), Some(folder))
}

const IDS: [&str; 3] = ["1111111111111111", "2222222222222222", "3333333333333333"];

/// Each of these records once.
fn once(names: &[&str]) -> Vec<(String, String)> {
    let each = |name: &&str| IDS.map(|id| ((*name).to_owned(), id.to_owned()));
    names.iter().flat_map(each).collect()
}

#[tokio::test]
async fn what_another_store_has_written_after_a_kill_is_left() {
    // Killed before the first byte, amid a line, and before the end was noted.
    for kept in [0, 700, usize::MAX] {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("articles");
        let killed = store_of(dir.path(), "a", &IDS).await;
        let other = store_of(dir.path(), "b", &IDS).await;
        let output = output_to(&folder);
        let records = killed.unwritten(0, BATCH).await.unwrap().into_iter();
        let batch: Arc<[Record]> = records
            .map(|it| Record {
                seq: it.seq,
                article: it.article,
            })
            .collect();
        let marks = output.marks(&*killed, &batch).await.unwrap();
        let written = output.run(move |writer| writer.write(&batch, &marks));
        written.await.unwrap();
        let path = folder.join("source/undated.jsonl");
        let bytes = fs::read(&path).unwrap();
        fs::write(&path, &bytes[..kept.min(bytes.len())]).unwrap();

        output_to(&folder).write_all(&*other, 2).await.unwrap();
        for _ in 0..2 {
            output_to(&folder).write_all(&*killed, 2).await.unwrap();
            assert_eq!(lines_of(&folder), once(&["a", "b"]), "{kept} bytes");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn stores_that_write_to_one_folder_at_once_keep_all_their_lines() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("articles");
    let names = ["a", "b", "c", "d"];
    let mut tasks = tokio::task::JoinSet::new();
    for name in names {
        let (store, output) = (store_of(dir.path(), name, &IDS).await, output_to(&folder));
        tasks.spawn(async move { output.write_all(&*store, 2).await.unwrap().count });
    }
    assert_eq!(tasks.join_all().await, [3; 4]);
    assert_eq!(lines_of(&folder), once(&names));
}

#[tokio::test]
async fn a_folder_that_another_holds_is_named_with_its_holder_and_written_to_later() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("articles");
    let store = store_of(dir.path(), "a", &IDS).await;
    let held = lock(&folder).unwrap();
    let mut output = output_to(&folder);
    output.wait = Duration::ZERO;
    assert_eq!(output.write_some(&*store, 2).await.unwrap().count, 0);
    let error = output.write_all(&*store, 2).await.unwrap_err();
    let reason = std::error::Error::source(&error).unwrap().to_string();
    assert!(reason.contains("articles for some time"), "{reason}");
    #[cfg(target_os = "linux")]
    assert!(
        reason.contains(&format!("(process {})", std::process::id())),
        "{reason}"
    );
    drop(held);
    assert_eq!(output.write_all(&*store, 2).await.unwrap().count, 3);
    assert_eq!(lines_of(&folder), once(&["a"]));
}

#[tokio::test]
async fn a_file_that_cannot_be_written_stops_none_of_the_others() {
    for name in [Format::Jsonl, Format::Text] {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("articles");
        let store = store_of(dir.path(), "a", &IDS).await;
        // A folder has the name of the file that is to be written first.
        let mut writer = format(name).files(&folder, None);
        let first = store.unwritten(0, 1).await.unwrap().remove(0).article;
        let path = match name {
            Format::Jsonl => folder.join("source/undated.jsonl"),
            _ => folder.join("source").join(article_file(&first, "txt")),
        };
        fs::create_dir_all(&path).unwrap();
        let record = |seq, source: &str| Record {
            seq,
            article: Article {
                source: Some(source.to_owned()),
                ..first.clone()
            },
        };
        let batch = [record(1, ""), record(2, "other")];
        let written = writer.write(&batch, &Marks::new()).unwrap();
        let records: Vec<i64> = written.into_iter().flat_map(|it| it.records).collect();
        assert_eq!(records, [2]);
        let error = writer.finish().failed.unwrap();
        assert!(error.to_string().contains("source"), "{error}");
        assert!(writer.finish().failed.is_none());
    }
}

fn pass() -> Pass {
    Pass {
        owner: String::new(),
        token: None,
        started: 1,
        since: 1,
        sources: Vec::new(),
    }
}

/// A visit that brought the article with this id.
fn visit(id: &str) -> Visit {
    let article = Article {
        id: id.to_owned(),
        content_hash: id.to_owned(),
        ..Article::default()
    };
    let reading = Reading {
        article: Some(Box::new(ReadArticle {
            article,
            ..ReadArticle::default()
        })),
        ..Reading::new(VisitOutcome::Stored, None)
    };
    Visit {
        due: Due {
            id: 0,
            ..Due::of_test(UrlKind::Page, "https://example.org/", "")
        },
        at: 1,
        result: VisitResult::Answered(AnsweredVisit {
            status: 200,
            etag: None,
            last_modified: None,
            archived: None,
            reading,
        }),
    }
}

#[tokio::test]
async fn a_format_with_a_footer_is_written_at_the_end_and_noted_only_then() {
    let dir = tempfile::tempdir().unwrap();
    let schedule = Schedule::new(Duration::ZERO, Duration::ZERO);
    let storage = frontier::open(location(&dir.path().join("store.db")), schedule).await;
    let Storage { store, frontier } = storage.unwrap();
    for id in ["a", "b", "c"] {
        frontier.finish(&pass(), visit(id)).await.unwrap();
    }
    let path = dir.path().join("articles.footed");
    let writer = WithFooter {
        path: path.clone(),
        buffered: Vec::new(),
    };
    let output = PendingOutput::new(Box::new(writer), None);
    assert_eq!(output.write_some(&*store, 2).await.unwrap().count, 0);
    assert!(!path.exists());
    assert_eq!(store.unwritten(0, 9).await.unwrap().len(), 3);
    assert_eq!(output.write_all(&*store, 2).await.unwrap().count, 3);
    assert_eq!(fs::read_to_string(&path).unwrap(), "a b c\nfooter");
    assert!(store.unwritten(0, 9).await.unwrap().is_empty());
}
