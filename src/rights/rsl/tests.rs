//! Licence files, and where they are named.

use url::Url;

use super::*;

fn page(url: &str) -> Url {
    Url::parse(url).unwrap()
}

fn terms(file: &str, url: &str) -> String {
    let file = LicenceFile::parse(file).unwrap();
    let mut all = Licences::default();
    if let Some(terms) = file.terms(&page(url)) {
        all.add(&page("https://a.test/l"), terms);
    }
    all.to_string().replace("<https://a.test/l> ", "")
}

#[test]
fn a_licence_file_is_read_for_the_pages_it_names() {
    let file = r#"<?xml version="1.0"?><!-- <content url="/"> -->
        <rsl xmlns="https://rslstandard.org/rsl">
          <content url="/"><license><prohibits type="usage">ai-train</prohibits></license></content>
          <content url="/open/*"><license><permits>all</permits><payment type="free"/></license></content>
          <rsl:content url='https://www.a.test/paid/'><rsl:license>
            <rsl:permits type="usage"><![CDATA[search, ai-input]]></rsl:permits>
            <rsl:payment type="crawl"><amount currency="USD">0.01</amount></rsl:payment>
          </rsl:license><license><permits type=user>education</permits></license></rsl:content>
          <content url="https://*.b.test/*.pdf$"><license></license></content>
        </rsl>"#;
    for (url, expected) in [
        ("https://a.test/news/1", "prohibits usage ai-train"),
        ("https://a.test/open/1", "permits usage all; payment free"),
        (
            "https://a.test/paid/1",
            "permits usage search ai-input; payment crawl | permits user education",
        ),
        ("https://c.test/paid/1", "prohibits usage ai-train"),
        ("https://www.b.test/a/x.pdf", "permits usage all"),
        ("https://www.b.test/a/x.pdfx", "prohibits usage ai-train"),
    ] {
        assert_eq!(terms(file, url), expected, "{url}");
    }
    assert_eq!(
        terms(
            "<rsl><content url='/x'><license/></content></rsl>",
            "https://a.test/y"
        ),
        ""
    );
    assert_eq!(LicenceFile::parse("<html><p>Not found</p></html>"), None);
}

#[test]
fn what_is_too_large_to_weigh_is_unread() {
    let contents = "<content url='/'><license/></content>".repeat(1_001);
    assert_eq!(
        terms(&format!("<rsl>{contents}</rsl>"), "https://a.test/"),
        "unread"
    );
    let licences = "<license/>".repeat(17);
    let file = format!("<rsl><content url='/'>{licences}</content></rsl>");
    assert_eq!(terms(&file, "https://a.test/"), "unread");
}

#[test]
fn licences_are_the_same_after_they_were_written() {
    let text = "<https://a.test/l.xml> permits usage search; payment free | prohibits usage all, \
                <inline> prohibits usage ai-train, <https://b.test/> unread";
    let licences = Licences::parse(text);
    assert_eq!(licences.to_string(), text);
    assert!(licences.has(&page("https://b.test/")));
    let mut none = Licences::default();
    assert_eq!(none.text(), None);
    none.add(&page("https://a.test/"), Terms::Unread);
    assert_eq!(none.text().as_deref(), Some("<https://a.test/> unread"));
}

#[test]
fn pages_and_headers_name_licences() {
    let markup = r#"<html><head><script>var a = "<b";</script><!-- <link rel=license type=application/rsl+xml href=/no> -->
        <link href="/license.xml?a=1&amp;b=2" rel="nofollow License" type="application/rsl+xml; charset=utf-8">
        <link rel="license" href="https://creativecommons.org/licenses/by/4.0/">
        <script type="application/rsl+xml"><rsl><content url="/"><license>
        <prohibits type="usage">ai-train</prohibits></license></content></rsl></script>"#;
    let found = OfPage::of(markup.as_bytes(), &page("https://a.test/news/1"));
    assert_eq!(found.files, [page("https://a.test/license.xml?a=1&b=2")]);
    assert_eq!(
        found.inline.to_string(),
        "<inline> prohibits usage ai-train"
    );
    let plain = OfPage::of(b"<link rel=license href=/x>", &page("https://a.test/"));
    assert_eq!(plain, OfPage::default());
    let header = r#"</a>; rel="next", </l.xml>; rel="license"; type="application/rsl+xml", <ftp://x/>; rel=license"#;
    let files = linked(header, &page("https://a.test/x/y"));
    assert_eq!(files, [page("https://a.test/l.xml")]);
}

#[test]
fn markup_of_any_kind_is_read_without_a_fault() {
    for text in [
        "<",
        "<a",
        "<a =",
        "<a = b",
        "<a b='",
        "<!--",
        "<![CDATA[",
        "</",
        "<a/b/c",
        "<é",
        "<a\u{0}b=é>",
        "<<<>",
        "<rsl><license><permits>x",
        "<rsl><content><license><permits>a<permits>b</permits>",
    ] {
        let _ = LicenceFile::parse(text);
        let _ = OfPage::of(
            format!("rsl+xml {text}").as_bytes(),
            &page("https://a.test/"),
        );
        let _ = Licences::parse(text).to_string();
    }
}
