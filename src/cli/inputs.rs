//! The inputs of a command: addresses as typed, and lists of addresses or paths in a file.

use std::fs;
use std::io::{self, BufRead, IsTerminal, Read};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use url::Url;

use super::exit::UsageError;

/// Reads an address as people type it; without a scheme, it is https.
pub(crate) fn web_address(text: &str) -> Result<Url, &'static str> {
    const EXPECTED: &str = "expected a web address such as https://news.example.org/a; to read files, use `newsprint extract`";
    let scheme = text.split_once("://").map(|(scheme, _)| scheme);
    let whole = if scheme.is_some_and(|it| it.bytes().all(|byte| byte.is_ascii_alphanumeric())) {
        text.to_owned()
    } else {
        format!("https://{text}")
    };
    let url = Url::parse(&whole).map_err(|_| EXPECTED)?;
    // Without a scheme, `name@host` is an e-mail address.
    let has_scheme = whole == text;
    let web = matches!(url.scheme(), "http" | "https") && (has_scheme || url.username().is_empty());
    if web { Ok(url) } else { Err(EXPECTED) }
}

/// What was typed, without the user name and the password in it, to be shown.
pub(crate) fn without_login(typed: &str) -> String {
    match web_address(typed) {
        Ok(mut url) if !url.username().is_empty() || url.password().is_some() => {
            // Both fail only on addresses that can hold neither.
            let _ = url.set_username("");
            let _ = url.set_password(None);
            url.into()
        }
        _ => typed.to_owned(),
    }
}

/// True where standard input is to be read, as nothing else is named.
///
/// # Errors
/// It is a terminal, or has nothing: then something is to be named. `what` is that, and `command` reads a pipe.
pub(crate) fn reads_pipe(what: &str, command: &str) -> Result<(), UsageError> {
    let message = if io::stdin().is_terminal() {
        format!("name {what}, or pipe a page in: `curl -s URL | newsprint {command} --url URL`")
    } else if io::stdin().lock().fill_buf().is_ok_and(<[u8]>::is_empty) {
        format!("standard input is empty; name {what}, or pipe a page in")
    } else {
        return Ok(());
    };
    Err(UsageError(message))
}

/// The lines of a list, without blank lines and lines that begin with `#`. `-` is standard input.
pub(crate) fn lines(path: &Path) -> Result<Vec<String>> {
    let mut bytes = Vec::new();
    let read = if path == Path::new("-") {
        io::stdin().lock().read_to_end(&mut bytes).map(|_| ())
    } else {
        fs::read(path).map(|read| bytes = read)
    };
    read.with_context(|| format!("cannot read the list {}", path.display()))?;
    // A byte order mark may name another encoding, and stands between the lists that one is made of.
    let (text, _, _) = encoding_rs::UTF_8.decode(&bytes);
    Ok(text
        .split(['\n', '\r'])
        .map(|line| line.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}'))
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(str::to_owned)
        .collect())
}

/// The paths with their patterns (`*`, `?`, `[…]`, `**`) expanded, as a shell does it: in quotes, in a list and on
/// Windows no shell has. A path that exists is none, and one that nothing matches stays, to be reported.
pub(crate) fn expanded(paths: impl IntoIterator<Item = PathBuf>) -> Vec<PathBuf> {
    let expand = |path: PathBuf| {
        let found = path
            .to_str()
            .filter(|it| it.contains(['*', '?', '[']) && !path.exists());
        let found = found.and_then(|it| glob::glob(it).ok());
        let found: Vec<_> = found.into_iter().flatten().flatten().collect();
        if found.is_empty() { vec![path] } else { found }
    };
    paths.into_iter().flat_map(expand).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_without_a_scheme_is_https() {
        for (typed, expected) in [
            ("http://example.org/a", "http://example.org/a"),
            ("example.org/a", "https://example.org/a"),
            ("localhost:8080/a", "https://localhost:8080/a"),
            (
                "example.org/?to=http://b",
                "https://example.org/?to=http://b",
            ),
        ] {
            let read = web_address(typed).map(String::from);
            assert_eq!(read.as_deref(), Ok(expected), "{typed}");
        }
    }

    #[test]
    fn what_is_no_web_address_is_refused() {
        for typed in [
            "",
            "file:///etc/passwd",
            "ftp://example.org/",
            "mailto:a@b.example",
            "a b",
        ] {
            assert!(web_address(typed).is_err(), "{typed}");
        }
    }

    #[test]
    fn a_password_is_no_part_of_what_is_shown() {
        for (typed, shown) in [
            ("https://me:secret@example.org/a", "https://example.org/a"),
            ("example.org/a", "example.org/a"),
            ("no address", "no address"),
        ] {
            assert_eq!(without_login(typed), shown);
        }
    }

    #[test]
    fn patterns_are_expanded_and_other_paths_stay() {
        let dir = tempfile::tempdir().unwrap();
        for name in ["b.warc", "a.warc", "a.html", "x[1].warc"] {
            fs::write(dir.path().join(name), "").unwrap();
        }
        let expand = |name: &str| -> Vec<String> {
            let found = expanded([dir.path().join(name)]);
            let names = found
                .iter()
                .map(|it| it.file_name().unwrap().to_string_lossy().into());
            names.collect()
        };
        assert_eq!(expand("?.warc"), ["a.warc", "b.warc"]);
        assert_eq!(expand("*.none"), ["*.none"]);
        assert_eq!(expand("x[1].warc"), ["x[1].warc"]);
        assert_eq!(expand("none.html"), ["none.html"]);
    }

    #[test]
    fn a_list_has_one_input_a_line() {
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(file.path(), "a.example\r\n\n# not this\n  b.example \n").unwrap();
        assert_eq!(lines(file.path()).unwrap(), ["a.example", "b.example"]);
    }

    #[test]
    fn a_byte_order_mark_is_no_part_of_the_first_line_and_names_the_encoding() {
        let text = "\u{feff}a.example\r\n\u{feff}b.example\r\n";
        let utf16 = || text.encode_utf16();
        let (little, big) = (
            utf16().flat_map(u16::to_le_bytes),
            utf16().flat_map(u16::to_be_bytes),
        );
        for bytes in [text.as_bytes().to_vec(), little.collect(), big.collect()] {
            let file = tempfile::NamedTempFile::new().unwrap();
            fs::write(file.path(), bytes).unwrap();
            assert_eq!(lines(file.path()).unwrap(), ["a.example", "b.example"]);
        }
    }

    #[test]
    fn a_comment_after_a_byte_order_mark_is_a_comment_and_old_line_ends_end_lines() {
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(file.path(), "\u{feff}# first\ra.example\rb.example").unwrap();
        assert_eq!(lines(file.path()).unwrap(), ["a.example", "b.example"]);
    }
}
