//! Files in folders of their own.

use super::*;

/// 2026-11-27, in unix milliseconds.
const BEGUN: i64 = 1_795_737_600_000;

fn settings(folder: &Path) -> ArchiveSettings {
    ArchiveSettings {
        folder: folder.to_owned(),
        file_size: 2_000,
        host: "web-1".to_owned(),
        machine: "mill".to_owned(),
        user_agent: "paper/1.0 (+https://paper.test/bot)".to_owned(),
        obeys_robots: true,
    }
}

fn member(text: &str) -> Vec<u8> {
    let mut member = Vec::new();
    Record::new("metadata", RecordId::new(), 0)
        .block("text/plain", [text.as_bytes(), &[]])
        .pack(&mut member);
    member
}

/// The names in a folder, without their times.
fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| {
            let name = entry.unwrap().file_name().into_string().unwrap();
            name.strip_prefix("newsprint-20261127000000-")
                .unwrap()
                .to_owned()
        })
        .collect();
    names.sort();
    names
}

fn members(folder: &Path) -> Vec<u64> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    let count = |path: &PathBuf| {
        let mut file = File::open(path).unwrap();
        let (whole, members) = whole_members(&mut file).unwrap();
        assert_eq!(whole, file.metadata().unwrap().len());
        members
    };
    paths.iter().map(count).collect()
}

#[test]
fn a_file_is_complete_at_its_size_and_at_the_end() {
    let dir = tempfile::tempdir().unwrap();
    let mut files = Files::open(settings(dir.path())).unwrap();
    assert_eq!(names(dir.path()), [""; 0], "nothing was fetched");
    let large: String = (0..2_000_u32).map(|it| (it * it).to_string()).collect();
    for text in [large.as_str(), "small"] {
        files.append(&member(text), BEGUN).unwrap();
        files.sync().unwrap();
    }
    let expected = ["00001-web-1.warc.gz", "00002-web-1.warc.gz.open"];
    assert_eq!(names(dir.path()), expected);
    files.finish().unwrap();
    let expected = ["00001-web-1.warc.gz", "00002-web-1.warc.gz"];
    assert_eq!(names(dir.path()), expected);
    assert_eq!(members(dir.path()), [2, 2]);
}

/// Everything but the end of the last record survives, wherever the process was killed.
#[test]
fn what_a_killed_process_left_is_cut_to_whole_records() {
    let dir = tempfile::tempdir().unwrap();
    let (one, two) = (member("one"), member("two"));
    let mut files = Files::open(settings(dir.path())).unwrap();
    files.append(&one, BEGUN).unwrap();
    files.append(&two, BEGUN).unwrap();
    let left = files.current.take().unwrap();
    drop(left.file);
    let open = open_name(&left.path);
    let whole = fs::read(&open).unwrap();
    fs::remove_file(&open).unwrap();
    let first = whole.len() - two.len();
    for torn in (0..whole.len()).step_by(7).chain([whole.len()]) {
        fs::write(&open, &whole[..torn]).unwrap();
        Files::open(settings(dir.path())).unwrap();
        let kept = fs::read(&left.path).unwrap_or_default();
        let expected = match torn {
            torn if torn == whole.len() => whole.len(),
            torn if torn >= first => first,
            _ => 0,
        };
        assert_eq!(kept.len(), expected, "{torn}");
        assert!(!open.exists());
        let _ = fs::remove_file(&left.path);
    }
    // Zeros stand where a file system had no time to write.
    fs::write(&open, [&whole[..first], &[0; 4096]].concat()).unwrap();
    Files::open(settings(dir.path())).unwrap();
    assert_eq!(fs::read(&left.path).unwrap(), whole[..first]);
}

#[test]
fn a_file_that_another_process_is_writing_is_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    let mut files = Files::open(settings(dir.path())).unwrap();
    files.append(&member("one"), BEGUN).unwrap();
    let mut second = Files::open(settings(dir.path())).unwrap();
    second.append(&member("two"), BEGUN).unwrap();
    files.append(&member("three"), BEGUN).unwrap();
    let left = |host: &str| {
        let settings = ArchiveSettings {
            host: host.to_owned(),
            ..settings(dir.path())
        };
        left_open(&settings).unwrap().len()
    };
    assert_eq!((left("web-1"), left("1"), left("web")), (2, 0, 0));
    files.finish().unwrap();
    second.finish().unwrap();
    let mut members = members(dir.path());
    members.sort_unstable();
    assert_eq!(members, [2, 3]);
}

#[test]
fn the_operator_is_named_by_the_user_agent() {
    let url = "https://example.org/newsprint";
    assert_eq!(contact(&format!("newsprint/0.1 (+{url})")), Some(url));
    assert_eq!(contact("newsprint/0.1"), None);
}

#[test]
fn what_another_worker_of_the_machine_left_is_completed_and_nothing_of_other_machines() {
    let settings = settings(Path::new(""));
    for ours in ["web-1", "mill", "mill-2", "mill-17"] {
        assert!(is_ours(ours, &settings), "{ours}");
    }
    for anothers in ["web-2", "web", "1", "mill-a", "mill2", "windmill"] {
        assert!(!is_ours(anothers, &settings), "{anothers}");
    }
}
