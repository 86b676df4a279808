//! Headers and cookies as configured: what is refused, what is read, and that no value is ever shown.

use std::path::Path;

use jiff::Timestamp;

use super::jar::{Jar, JarError, read};
use crate::config::{Config, ConfigError, Credentials, Diagnostic};

/// In every value of these tests.
const SECRET: &str = "hunter2";

fn problems(lines: &str) -> Vec<String> {
    let text = format!("[[source]]\nname = \"a\"\nstart = [\"https://a.test/\"]\n{lines}\n");
    match Config::parse(&text, Path::new("config.toml")) {
        Ok(_) => Vec::new(),
        Err(ConfigError::Invalid(found)) => found.iter().map(Diagnostic::to_string).collect(),
        Err(error) => panic!("{error}"),
    }
}

#[test]
fn what_would_break_http_is_refused_with_the_fix_and_without_the_value() {
    for (lines, expected) in [
        (
            "headers = { Host = 'hunter2' }",
            "config.toml:4:13: the header `Host` cannot be set here: HTTP itself",
        ),
        ("headers = { content-length = 'hunter2' }", "remove it"),
        (
            "headers = { USER-AGENT = 'hunter2' }",
            "`user_agent` in [crawl]",
        ),
        (
            "headers = { If-None-Match = 'hunter2' }",
            "whether a page has changed",
        ),
        ("headers = { Accept-Encoding = 'hunter2' }", "decompress"),
        (
            "headers = { 'X A' = 'hunter2' }",
            "is not the name of a header",
        ),
        (
            "headers = { X = 'hunter2', x = 'hunter2' }",
            "names \"x\" twice",
        ),
        (
            "headers = { X = \"hunter2\\r\\nHost: b\" }",
            "config.toml:4:17: the value of the header `X` has a line break",
        ),
        ("headers = { X = ' ' }", "is empty"),
        (
            "headers = { X = ['hunter2'] }",
            "must be a text in quotes, or where it stands: { env = ",
        ),
        (
            "headers = { X = { vault = 'hunter2' } }",
            "must be a text in quotes",
        ),
        (
            "headers = { X = { env = 'hunter2', file = 'b' } }",
            "must be a text in quotes",
        ),
        (
            "headers = 'Authorization: hunter2'",
            "config.toml:4:11: `headers` must be a table; write headers = {",
        ),
        (
            "headers = ['Authorization: hunter2']",
            "`headers` must be a table",
        ),
        (
            "cookies = 'sid=hunter2'",
            "`cookies` must be a table; write cookies = {",
        ),
        ("cookies = { sid = 'hunter2; b=1' }", "has a `;`"),
        (
            "cookies = { 'a b' = 'hunter2' }",
            "is not the name of a cookie",
        ),
        (
            "cookies = { sid = 12345 }",
            "the value of the cookie `sid` must be a text in quotes",
        ),
        ("cookies = { sid = true }", "must be a text"),
        (
            "cookie_jar = ['cookies.txt']",
            "`cookie_jar` must be one text",
        ),
        (
            "cookie = { sid = 'hunter2' }",
            "unknown key `cookie`; did you mean `cookies`?",
        ),
    ] {
        let found = problems(lines);
        assert_eq!(found.len(), 1, "{lines}: {found:?}");
        assert!(found[0].contains(expected), "{lines}: {found:?}");
        assert!(!found[0].contains(SECRET), "{lines}: {found:?}");
    }
}

/// The values of the source of this configuration in a folder.
fn credentials(folder: &Path, lines: &str) -> Result<Credentials, ConfigError> {
    let file = folder.join("config.toml");
    let text = format!("[[source]]\nname = \"a\"\nstart = [\"https://www.a.test/\"]\n{lines}\n");
    std::fs::write(&file, text).unwrap();
    let config = Config::load(&file).unwrap();
    let now = Timestamp::from_second(1_800_000_000).unwrap();
    let read = config.sources[0].credentials(now)?;
    assert!(
        !format!("{config:?} {read:?}").contains(SECRET),
        "{config:?}"
    );
    Ok(read.unwrap_or_default())
}

#[test]
fn values_come_from_the_configuration_the_environment_and_files() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("token"), "Bearer hunter2\n").unwrap();
    // Every process has this variable.
    let read = credentials(
        dir.path(),
        "headers = { Authorization = { file = 'token' }, X-Path = { env = 'PATH' }, Cookie = 'a=1; b=hunter2' }\n\
         [source.cookies]\nb = '2'",
    );
    let read = read.unwrap();
    assert_eq!(read.headers[0].1.expose(), "Bearer hunter2");
    assert_eq!(read.headers[1].1.expose(), std::env::var("PATH").unwrap());
    let cookies = read
        .cookies
        .iter()
        .map(|it| format!("{}={}", it.name, it.value.expose()));
    assert_eq!(cookies.collect::<Vec<_>>(), ["a=1", "b=2"]);
    assert_eq!(credentials(dir.path(), "").unwrap(), Credentials::default());
}

#[test]
fn what_is_not_there_is_named_with_its_line() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("empty"), "\n").unwrap();
    for (lines, expected) in [
        (
            "headers = { X = { env = 'NEWSPRINT_NO_SUCH' } }",
            "config.toml:4:17: the header `X` is to come from the environment, and the variable NEWSPRINT_NO_SUCH is not set",
        ),
        (
            "cookies = { sid = { file = 'gone' } }",
            "config.toml:4:19: the cookie `sid` cannot be read from ",
        ),
        (
            "cookies = { sid = { file = 'empty' } }",
            "the value of the cookie `sid` is empty",
        ),
        (
            "cookie_jar = 'gone.txt'",
            "config.toml:4:14: `cookie_jar`: cannot read ",
        ),
        ("cookie_jar = '.'", "it is not a file"),
    ] {
        let error = credentials(dir.path(), lines).unwrap_err().to_string();
        assert!(error.contains(expected), "{lines}: {error}");
    }
}

const HOUR_AHEAD: &str = "1800003600";

fn jar(lines: &str) -> Result<Jar, JarError> {
    read(lines, &["www.a.test".to_owned()], 1_800_000_000)
}

fn names(lines: &str) -> Vec<String> {
    let jar = jar(lines).unwrap();
    jar.cookies.into_iter().map(|it| it.name).collect()
}

#[test]
fn a_jar_is_read_as_curl_and_browsers_write_it() {
    let text = format!(
        "# Netscape HTTP Cookie File\r\n\r\n\
         .a.test\tTRUE\t/\tTRUE\t{HOUR_AHEAD}\tall\thunter2\r\n\
         #HttpOnly_www.a.test\tFALSE\t/news\tFALSE\t0\tsession\tx=y\n\
         a.test\tFALSE\t/\tfalse\t{HOUR_AHEAD}.5\tbare\t1\n\
         www.a.test\tFALSE\t/\tFALSE\t0\tnone\n\
         .b.test\tTRUE\t/\tFALSE\t0\tother\tü\n\
         www.a.test\tFALSE\t/\tFALSE\t1700000000\told\t1\n"
    );
    assert_eq!(names(&text), ["all", "session", "bare", "none"]);
    let found = jar(&text).unwrap();
    assert_eq!(found.expired_at, Some(1_700_000_000));
    let all = &found.cookies[0];
    assert!(all.secure && all.is_for_host("x.a.test") && !all.is_for_host("xa.test"));
    let session = &found.cookies[1];
    assert!(!session.is_for_host("a.test") && !session.is_for_host("x.www.a.test"));
    assert!(session.is_for_path("/news/1") && !session.is_for_path("/newsroom"));
    assert_eq!(session.value.expose(), "x=y");
    assert!(!format!("{found:?}").contains(SECRET));
    assert_eq!(jar("").unwrap(), Jar::default());
}

#[test]
fn a_malformed_jar_is_named_with_the_line() {
    let good = "www.a.test\tFALSE\t/\tFALSE\t0\tsid\thunter2\n";
    for (line, expected) in [
        ("www.a.test FALSE / FALSE 0 sid hunter2", "this line has 1"),
        (
            "www.a.test\tFALSE\t/\tFALSE\t0\tsid\thunter2\tmore",
            "this line has 8",
        ),
        (
            "www.a.test\tperhaps\t/\tFALSE\t0\tsid\thunter2",
            "second field must be TRUE or FALSE",
        ),
        ("www.a.test\tFALSE\t/\t1\t0\tsid\thunter2", "fourth field"),
        (
            "www.a.test\tFALSE\t/\tFALSE\ttomorrow\tsid\thunter2",
            "fifth field must be a time",
        ),
        ("\tFALSE\t/\tFALSE\t0\tsid\thunter2", "name of a host"),
        (
            "www.a.test\tFALSE\t/\tFALSE\t0\tsid\thunter2ü",
            "another character that HTTP does not allow",
        ),
        (
            "www.a.test\tFALSE\t/\tFALSE\t0\t\thunter2",
            "is not the name of a cookie",
        ),
    ] {
        let error = jar(&format!("# cookies\n{good}{line}\n")).unwrap_err();
        assert_eq!(error.line, 3, "{line}");
        assert!(error.problem.contains(expected), "{error:?}");
        assert!(!error.problem.contains(SECRET), "{error:?}");
    }
    let json = jar("[{\"name\": \"sid\"}]").unwrap_err();
    assert!(
        json.problem
            .contains("export the cookies again in Netscape's format")
    );
}

#[test]
fn a_jar_whose_cookies_have_all_expired_is_told_from_one_without_any() {
    let dir = tempfile::tempdir().unwrap();
    let expired = |text: &str| {
        std::fs::write(dir.path().join("cookies.txt"), text).unwrap();
        credentials(dir.path(), "cookie_jar = 'cookies.txt'")
            .unwrap()
            .expired
    };
    let old = "a.test\tTRUE\t/\tFALSE\t1700000000\told\t1\n";
    let said = expired(old).unwrap();
    assert!(
        said.ends_with("cookies.txt have expired, the last one on 2023-11-14"),
        "{said}"
    );
    assert_eq!(
        expired(&format!("{old}a.test\tTRUE\t/\tFALSE\t0\tnew\t1\n")),
        None
    );
    assert_eq!(
        expired("b.test\tTRUE\t/\tFALSE\t1700000000\told\t1\n"),
        None
    );
}
