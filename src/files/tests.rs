use std::fs::{self, File};
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::time::{Duration, SystemTime};

use super::*;

#[test]
fn what_a_killed_process_left_is_deleted_and_nothing_else() {
    let dir = tempfile::tempdir().unwrap();
    let old = SystemTime::now() - Duration::from_secs(7200);
    for (name, time) in [
        (".newsprint-aBcD.part", old),
        (".newsprint-new.part", SystemTime::now()),
        ("2026-11-27.part", old),
        ("article.txt", old),
    ] {
        let file = File::create(dir.path().join(name)).unwrap();
        file.set_modified(time).unwrap();
    }
    symlink("article.txt", dir.path().join(".newsprint-link.part")).unwrap();
    remove_leftovers(dir.path());
    let left = fs::read_dir(dir.path()).unwrap().count();
    assert_eq!(left, 4);
    assert!(!dir.path().join(".newsprint-aBcD.part").exists());
}

#[test]
fn a_replaced_file_keeps_its_mode_and_a_link_is_replaced_by_a_new_one() {
    let dir = tempfile::tempdir().unwrap();
    let (file, link) = (dir.path().join("file"), dir.path().join("link"));
    fs::write(&file, "old").unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o604)).unwrap();
    replace(&file, b"new", Access::Group).unwrap();
    assert_eq!(fs::metadata(&file).unwrap().mode() & 0o777, 0o604);
    symlink("file", &link).unwrap();
    replace(&link, b"own", Access::Private).unwrap();
    assert_eq!(fs::read_to_string(&file).unwrap(), "new");
    let own = fs::symlink_metadata(&link).unwrap();
    assert!(own.is_file() && own.mode() & 0o777 == 0o600);
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 2);
}

#[test]
fn a_name_leads_through_links_to_its_file_be_it_there_or_not() {
    let dir = tempfile::tempdir().unwrap();
    let real = fs::canonicalize(dir.path()).unwrap();
    fs::create_dir(real.join("disk")).unwrap();
    symlink("disk", real.join("folder")).unwrap();
    symlink("folder/there", real.join("link")).unwrap();
    for exists in [false, true] {
        if exists {
            fs::write(real.join("disk/there"), "").unwrap();
        }
        for name in ["link", "folder/there", "disk/../folder/./there"] {
            assert_eq!(resolve(&real.join(name)).unwrap(), real.join("disk/there"));
        }
    }
    symlink("round", real.join("about")).unwrap();
    symlink("about", real.join("round")).unwrap();
    assert!(resolve(&real.join("round")).is_err());
    assert!(resolve(&real.join("gone/file")).is_err());
}
