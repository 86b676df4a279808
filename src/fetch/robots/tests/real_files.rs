//! Files as they are served: in any encoding, mistyped, within a page, with statements of other standards.

use super::*;

/// What it shows, the bytes, paths that stay open, paths that are closed.
type File = (
    &'static str,
    &'static [u8],
    &'static [&'static str],
    &'static [&'static str],
);

/// What real files look like.
const BYTES: &[File] = &[
    (
        "UTF-16 with a mark",
        b"\xff\xfeU\0s\0e\0r\0-\0a\0g\0e\0n\0t\0:\0*\0\n\0D\0i\0s\0a\0l\0l\0o\0w\0:\0/\0x\0\n\0",
        &["/y"],
        &["/x"],
    ),
    (
        "UTF-16, the other way round, without a mark",
        b"\0U\0s\0e\0r\0-\0a\0g\0e\0n\0t\0:\0*\0\n\0D\0i\0s\0a\0l\0l\0o\0w\0:\0/\0x",
        &["/y"],
        &["/x"],
    ),
    (
        "Latin-1 closes a path in both encodings",
        b"User-agent: *\nDisallow: /caf\xe9 # caf\xe9",
        &["/cafe"],
        &["/caf%E9", "/café"],
    ),
    (
        "Latin-1 opens it as it is written",
        b"User-agent: *\nDisallow: /\nAllow: /caf\xe9",
        &["/caf%E9"],
        &["/café"],
    ),
    (
        "no-break spaces around names and values",
        b"\xc2\xa0User-agent\xc2\xa0:\xc2\xa0*\nDisallow:\xc2\xa0/x\xc2\xa0\nDisallow\xa0: /z",
        &["/y"],
        &["/x", "/z"],
    ),
    (
        "characters of no width",
        "User\u{200b}-agent: \u{feff}*\n\u{feff}Dis\u{ad}allow: \u{2060}/x\u{200d}".as_bytes(),
        &["/y"],
        &["/x", "/xy"],
    ),
    ("only CR", b"User-agent: *\rDisallow: /x\rDisallow: /z\r", &["/y"], &["/x", "/z"]),
    (
        "other ends of lines",
        "User-agent: *\u{2028}Disallow: /x\u{85}Disallow: /z\u{c}Disallow: /w".as_bytes(),
        &["/y"],
        &["/x", "/z", "/w"],
    ),
    (
        "a dash and a colon that are none",
        "User\u{2010}agent\u{ff1a} *\nDisallow\u{ff1a} /x_y".as_bytes(),
        &["/y", "/x-y"],
        &["/x_y"],
    ),
    ("typos", b"Useragent: *\nDissallow: /a\ndisalow: /b\nUSER AGENT: b\nDIASLLOW: /c", &["/c"], &["/a", "/b"]),
    ("no colon keeps its path", b"User_agent: *\nDisallow /a_b", &["/a-b"], &["/a_b"]),
    (
        "a page around it",
        b"<!DOCTYPE html><html><body><pre>User-agent: *<br>Disallow: /x<br/>\nDisallow: /a&amp;b</pre></body></html>",
        &["/y"],
        &["/x", "/a&b"],
    ),
    (
        "a star after the beginning of our name",
        b"User-agent: news*\nDisallow: /x\nUser-agent: *\nDisallow: /y",
        &["/y"],
        &["/x"],
    ),
    (
        "a star after another name",
        b"User-agent: newz*\nDisallow: /x\nUser-agent: *\nDisallow: /y",
        &["/x"],
        &["/y"],
    ),
];

#[test]
fn files_of_any_encoding_mean_what_they_say() {
    for (name, file, open, closed) in BYTES {
        assert_paths(name, &robots(file), open, closed);
    }
}

/// With time that grows with the square of the blanks, this would take minutes.
#[test]
fn a_line_of_blanks_is_read_once() {
    let file = format!("User-agent: *\n{}Disallow: /x\n", " ".repeat(400_000));
    let robots = robots(file.as_bytes());
    assert!(!allows(&robots, "/x") && allows(&robots, "/y"));
}

#[test]
fn what_pages_may_be_used_for_is_stated_by_the_group_that_counts() {
    let file = "Content-Signal: use=full\nUser-agent: otherbot\nContent-Signal: ai-train=yes\n\
                User-agent: *\nAllow: /\nContent-Signal: search=yes, ai-train=no # all\n\
                content-usage: / train-ai=n\nContent-Usage: /open/ train-ai=y\nContent-Usage: /open/ search=n\n\
                License: /license.xml\nLicense: ftp://news.test/x\nUser-agent: c\nContent-Usage: /open/x bots=n";
    let robots = robots(file);
    let signals = |path: &str| robots.signals(&address("https://news.test").join(path).unwrap());
    let stated = |path: &str| signals(path).content_usage;
    assert_eq!(
        signals("/a").content_signal.as_deref(),
        Some("use=full, search=yes, ai-train=no")
    );
    assert_eq!(stated("/a").as_deref(), Some("train-ai=n"));
    assert_eq!(stated("/open/x").as_deref(), Some("train-ai=y, search=n"));
    assert_eq!(
        robots.licences(),
        [address("https://news.test/license.xml")]
    );
    let own = self::robots(
        "User-agent: *\nContent-Signal: ai-train=no\nUser-agent: NewsPrint\nDisallow: /x",
    );
    assert_eq!(
        own.signals(&address("https://news.test/")),
        Signals::default()
    );
}
