use super::*;

fn source(name: &str, host: &str) -> NewSource {
    NewSource {
        name: name.to_owned(),
        start: vec![Url::parse(&format!("https://{host}/")).unwrap()],
        feeds: Vec::new(),
        sitemaps: Vec::new(),
        language: None,
    }
}

/// A file with this text, and its folder.
fn file(text: &str) -> (tempfile::TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("config.toml");
    fs::write(&path, text).unwrap();
    (dir, path)
}

fn text(path: &Path) -> String {
    fs::read_to_string(path).unwrap()
}

/// What the file is with the source `new`; without it, it is as before.
fn added(before: &str) -> String {
    let (_dir, path) = file(before);
    ConfigFile::read(&path)
        .unwrap()
        .add(&source("new", "new.test"))
        .unwrap();
    let after = text(&path);
    ConfigFile::read(&path)
        .unwrap()
        .remove_added("new")
        .unwrap();
    assert_eq!(text(&path).trim_end(), before.trim_end());
    after
}

const BLOCK: &str = "[[source]]\nname = \"new\"\nstart = [\"https://new.test/\"]\n";

#[test]
fn a_source_stands_at_the_end_and_all_else_stays() {
    let before = "# Mine\n[crawl] # slow\nretries=1   # few\n\n# The daily\n[[source]] # one\nname = \"a\"\t# its name\n\
                  start = [ # front\n   \"https://a.test/\", # all\n]\n[source.select]\nstrip = '.x' # off\n\n# The end\n";
    assert_eq!(added(before), format!("{before}\n{BLOCK}"));
    assert_eq!(added(""), BLOCK);
    assert_eq!(
        added("# Nothing yet\n"),
        format!("# Nothing yet\n\n{BLOCK}")
    );
    let no_break = "[[source]]\nname = \"a\"\nfeeds = [\"https://a.test/f\"]";
    assert_eq!(added(no_break), format!("{no_break}\n\n{BLOCK}"));
    assert_eq!(
        added(&format!("{no_break} # a")),
        format!("{no_break} # a\n\n{BLOCK}")
    );
}

#[test]
fn sources_in_the_middle_stay_together() {
    let sources = "[[source]]\nname = \"a\"\nfeeds = [\"https://a.test/f\"]\n[[source.select]]\nstrip = \".x\"\n# old\n\n";
    let rest = "# Files\n# of the day\n[output]\ndir = \"\"\n";
    assert_eq!(
        added(&format!("{sources}{rest}")),
        format!("{sources}{BLOCK}\n{rest}")
    );
    // A comment directly above a table belongs to that.
    let source = "[[source]]\nname = \"a\"\nfeeds = [\"https://a.test/f\"]\n";
    let rest = "# Files\n[output]\ndir = \"\"";
    assert_eq!(
        added(&format!("{source}{rest}")),
        format!("{source}\n{BLOCK}{rest}")
    );
}

#[test]
fn the_style_is_that_of_the_file() {
    let before = "[[source]]\nname=\"a\"\nfeeds=[\n\t\"https://a.test/f\"\n]\n";
    let (_dir, path) = file(before);
    let mut new = source("new", "new.test");
    new.start.push(Url::parse("https://new.test/city").unwrap());
    let config = ConfigFile::read(&path).unwrap();
    let block = config.preview(&new).unwrap();
    assert_eq!(
        block,
        "[[source]]\nname=\"new\"\nstart=[\n\t\"https://new.test/\",\n\t\"https://new.test/city\",\n]\n"
    );
    config.add(&new).unwrap();
    assert_eq!(text(&path), format!("{before}\n{block}"));
}

#[test]
fn line_breaks_and_the_mark_at_the_beginning_stay() {
    let before = "\u{feff}[crawl]\r\nretries = 1\r\n\r\n[[source]]\r\nname = \"a\"\r\nfeeds = [\"https://a.test/f\"]\r\n";
    assert_eq!(
        added(before),
        format!("{before}\r\n{}", BLOCK.replace('\n', "\r\n"))
    );
}

#[test]
fn a_list_of_sources_gets_one_more() {
    let new = "{ name = \"new\", start = [\"https://new.test/\"] }";
    assert_eq!(
        added("source = []\n[crawl]\n"),
        format!("source = [{new}]\n[crawl]\n")
    );
    let a = "{name=\"a\",feeds=[\"https://a.test/f\"]}";
    assert_eq!(
        added(&format!("source = [{a}] # all\n")),
        format!("source = [{a}, {new}] # all\n")
    );
    assert_eq!(
        added(&format!("source = [\n    {a}, # the first\n]\n")),
        format!("source = [\n    {a},\n    {new}, # the first\n]\n")
    );
}

#[test]
fn what_pages_choose_stays_text() {
    for name in [
        "<script>alert(1)</script>",
        "a\"]\n",
        "\"]\n[store]\nurl = \"x",
        "日刊 'n' \\\"",
        "a#b = c",
    ] {
        let (_dir, path) = file("[store]\nurl = \"sqlite:mine.db\"\n");
        let mut new = source(name, "new.test");
        new.feeds = vec![Url::parse("https://new.test/f?a=\"]%0A[store]#'''").unwrap()];
        new.language = Some("en".to_owned());
        match ConfigFile::read(&path).unwrap().add(&new) {
            Ok(()) => {
                let config = Config::parse(&text(&path), &path).unwrap();
                assert_eq!(NewSource::from(&config.sources[0]), new);
                assert_eq!(config.store.location, "sqlite:mine.db".parse().unwrap());
            }
            Err(error) => {
                assert!(
                    name.contains('\n') && matches!(error, EditError::BadName(_)),
                    "{error}"
                );
                assert_eq!(text(&path), "[store]\nurl = \"sqlite:mine.db\"\n");
            }
        }
    }
}

#[test]
fn what_is_there_already_is_not_added() {
    let before = "[[source]]\nname = \"a\"\nfeeds = [\"https://a.test/\"]\n";
    let (_dir, path) = file(before);
    let config = ConfigFile::read(&path).unwrap();
    let same_name = config.add(&source("a", "b.test")).unwrap_err();
    assert!(matches!(same_name, EditError::NameTaken(_)));
    let same_address = config.add(&source("b", "a.test")).unwrap_err().to_string();
    assert_eq!(
        same_address,
        "the source `a` begins at https://a.test/ already"
    );
    let mut bad = source("b", "b.test");
    bad.language = Some("no such".to_owned());
    assert!(matches!(config.add(&bad), Err(EditError::Invalid(_))));
    assert_eq!(text(&path), before);
}

#[test]
fn a_file_that_someone_changed_stays_theirs() {
    let (_dir, path) = file("# one\n");
    let config = ConfigFile::read(&path).unwrap();
    fs::write(&path, "# two\n").unwrap();
    let error = config.add(&source("new", "new.test")).unwrap_err();
    assert!(matches!(error, EditError::Changed(_)), "{error}");
    assert_eq!(text(&path), "# two\n");
    fs::remove_file(&path).unwrap();
    assert!(matches!(
        config.add(&source("new", "new.test")),
        Err(EditError::Changed(_))
    ));
    assert!(!path.exists());
    // And one that is not there is made.
    ConfigFile::read(&path)
        .unwrap()
        .add(&source("new", "new.test"))
        .unwrap();
    assert_eq!(text(&path), BLOCK);
}

#[test]
fn only_what_was_added_is_taken_out() {
    let (_dir, path) = file("");
    ConfigFile::read(&path)
        .unwrap()
        .add(&source("new", "new.test"))
        .unwrap();
    let changed = text(&path).replace("start =", "max_depth = 2\nstart =");
    fs::write(&path, &changed).unwrap();
    for name in ["new", "other"] {
        let error = ConfigFile::read(&path)
            .unwrap()
            .remove_added(name)
            .unwrap_err();
        assert!(matches!(error, EditError::Altered(_)), "{error}");
    }
    let more = format!("{}\n{BLOCK}min_words = 9\n", BLOCK.replace("new", "old"));
    fs::write(&path, &more).unwrap();
    let error = ConfigFile::read(&path)
        .unwrap()
        .remove_added("new")
        .unwrap_err();
    assert!(matches!(error, EditError::Altered(_)), "{error}");
    assert_eq!(text(&path), more);
}

#[test]
fn a_file_with_problems_is_left_as_it_is() {
    let (_dir, path) = file("[crawl]\nretrys = 1\n");
    let error = ConfigFile::read(&path).unwrap_err().to_string();
    assert!(
        error.contains("config.toml:2:1: unknown key `retrys`"),
        "{error}"
    );
}

#[cfg(unix)]
#[test]
fn links_and_files_that_may_not_be_written_are_refused() {
    use std::os::unix::fs::symlink;
    let (dir, path) = file("");
    let link = dir.path().join("link.toml");
    symlink(&path, &link).unwrap();
    assert!(matches!(ConfigFile::read(&link), Err(EditError::Link(_))));
    assert!(matches!(
        ConfigFile::read(dir.path()),
        Err(EditError::Unreadable { .. })
    ));
    let mut permissions = fs::metadata(&path).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&path, permissions).unwrap();
    let error = ConfigFile::read(&path)
        .unwrap()
        .add(&source("new", "new.test"))
        .unwrap_err();
    assert!(matches!(error, EditError::Unwritable { .. }), "{error}");
    assert_eq!(text(&path), "");
}
