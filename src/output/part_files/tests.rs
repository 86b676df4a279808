use super::*;
use crate::config::Format;
use crate::output::format;
use crate::output::writer::Known;

fn record(seq: i64, source: &str) -> Record {
    Record {
        seq,
        article: Article {
            id: format!("{seq:016}"),
            source: Some(source.to_owned()),
            fetched_at: Some("2026-11-27T10:00:00Z".to_owned()),
            ..Article::default()
        },
    }
}

fn files(dir: &Path, worker: Option<&str>) -> PartFiles {
    PartFiles::new(dir, format(Format::Csv), worker)
}

/// What a store knows that was told what the writer is going to do, and nothing else.
fn marks(begun: &[Begun]) -> Marks {
    let known = |it: &Begun| {
        let known = Known {
            length: it.length,
            ..Known::default()
        };
        (it.file.clone(), known)
    };
    begun.iter().map(known).collect()
}

/// Writes records as a pass does, and gives what the writer reports, with its records and file names.
fn written(writer: &mut PartFiles, batch: &[Record]) -> Vec<(String, Vec<i64>)> {
    let marks = marks(&writer.appends_to(batch).unwrap());
    let mut written = writer.write(batch, &marks).unwrap();
    let finished = writer.finish();
    assert!(finished.failed.is_none());
    written.extend(finished.written);
    written.into_iter().map(named).collect()
}

fn named(written: Written) -> (String, Vec<i64>) {
    let mark = written.mark.unwrap();
    let data = fs::metadata(&mark.file).unwrap();
    assert_eq!(data.len(), mark.length);
    let name = mark.file.file_name().unwrap().to_str().unwrap();
    (name.to_owned(), written.records)
}

#[test]
fn each_pass_has_a_file_for_each_source_and_day() {
    let dir = tempfile::tempdir().unwrap();
    let mut writer = files(dir.path(), None);
    let batch = [record(1, "a"), record(2, "b"), record(3, "a")];
    let first = "2026-11-27.1.csv".to_owned();
    assert_eq!(
        written(&mut writer, &batch),
        [(first.clone(), vec![1, 3]), (first, vec![2])]
    );
    let second = "2026-11-27.2.csv".to_owned();
    assert_eq!(written(&mut writer, &[record(4, "a")]), [(second, vec![4])]);
    assert_eq!(fs::read_dir(dir.path().join("a")).unwrap().count(), 2);
}

#[test]
fn each_worker_counts_its_own_files() {
    let dir = tempfile::tempdir().unwrap();
    for worker in ["web-2", "7"] {
        let mut writer = files(dir.path(), Some(worker));
        let first = format!("2026-11-27.{worker}.1.csv");
        assert_eq!(written(&mut writer, &[record(1, "a")]), [(first, vec![1])]);
    }
    let first = "2026-11-27.1.csv".to_owned();
    let mut writer = files(dir.path(), None);
    assert_eq!(written(&mut writer, &[record(1, "a")]), [(first, vec![1])]);
}

#[test]
fn nothing_stands_under_the_name_of_a_file_before_it_is_complete() {
    let dir = tempfile::tempdir().unwrap();
    let mut writer = files(dir.path(), None);
    let batch = [record(1, "a")];
    let begun = writer.appends_to(&batch).unwrap();
    let reported = writer.write(&batch, &marks(&begun)).unwrap();
    assert!(reported.is_empty() && !begun[0].file.exists());
    writer.finish();
    assert!(begun[0].file.exists());
}

#[test]
fn much_is_written_before_the_end() {
    let dir = tempfile::tempdir().unwrap();
    let mut writer = files(dir.path(), None);
    writer.most_bytes = 3 * RECORD_BYTES;
    let mut names = Vec::new();
    for seq in 1..=7 {
        let batch = [record(seq, "a")];
        let marks = marks(&writer.appends_to(&batch).unwrap());
        names.extend(writer.write(&batch, &marks).unwrap().into_iter().map(named));
    }
    let file = |number: u64| format!("2026-11-27.{number}.csv");
    assert_eq!(names, [(file(1), vec![1, 2, 3]), (file(2), vec![4, 5, 6])]);
    let last: Vec<_> = writer.finish().written.into_iter().map(named).collect();
    assert_eq!(last, [(file(3), vec![7])]);
}

#[test]
fn a_file_that_nobody_noted_is_replaced_and_every_other_is_left() {
    let dir = tempfile::tempdir().unwrap();
    for seq in 1..=3 {
        written(&mut files(dir.path(), None), &[record(seq, "a")]);
    }
    let mut writer = files(dir.path(), None);
    let batch = [record(2, "a"), record(9, "a")];
    let mut marks = marks(&writer.appends_to(&batch).unwrap());
    let left = dir.path().join("a/2026-11-27.2.csv");
    marks.insert(left, Known::default());
    writer.write(&batch, &marks).unwrap();
    let names: Vec<_> = writer.finish().written.into_iter().map(named).collect();
    assert_eq!(names, [("2026-11-27.2.csv".to_owned(), vec![2, 9])]);
    assert_eq!(fs::read_dir(dir.path().join("a")).unwrap().count(), 3);
}

#[test]
fn a_folder_that_cannot_be_written_keeps_none_of_the_others() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("a"), "in the way").unwrap();
    let mut writer = files(dir.path(), None);
    let batch = [record(1, "a"), record(2, "b")];
    let marks = marks(&writer.appends_to(&batch).unwrap());
    writer.write(&batch, &marks).unwrap();
    let finished = writer.finish();
    assert!(matches!(finished.failed, Some(OutputError::Write { .. })));
    assert_eq!(named(finished.written.into_iter().next().unwrap()).1, [2]);
}
