//! Canonical addresses, dedup keys and sites.

use super::*;
use proptest::prelude::*;

fn form(url: &str) -> String {
    canonical(&Url::parse(url).unwrap()).into()
}

#[test]
fn one_page_has_one_canonical_form() {
    for (written, expected) in [
        (
            "HTTP://Example.ORG.:80/a/../b/./c#d",
            "http://example.org/b/c",
        ),
        ("https://u:p@example.org/", "https://example.org/"),
        (
            "https://example.org/%7ejoe/%c3%a4%2fb",
            "https://example.org/~joe/%C3%A4%2Fb",
        ),
        (
            "https://example.org/a?utm_source=x&id=7&fbclid=y",
            "https://example.org/a?id=7",
        ),
        (
            "https://example.org/a?UTM_Source=x",
            "https://example.org/a",
        ),
        ("https://example.org/a?", "https://example.org/a"),
        (
            "https://example.org/a?b=2&a=1&&",
            "https://example.org/a?b=2&a=1",
        ),
        (
            "https://example.org/a;jsessionid=5F?x=1",
            "https://example.org/a?x=1",
        ),
        (
            "https://example.org/(S(lit3py55t21z5v55vlm25s55))/a.aspx",
            "https://example.org/a.aspx",
        ),
        (
            "https://example.org/news/(X(1)S(abc))/7;SID=9?x=1",
            "https://example.org/news/7?x=1",
        ),
        (
            "https://example.org/a;phpsessid=1/b",
            "https://example.org/a/b",
        ),
        (
            "https://example.org/(s(x))/a(b))",
            "https://example.org/(s(x))/a(b))",
        ),
        ("https://example.org/(S(abc))", "https://example.org/"),
        ("https://example.org/a/?p=12", "https://example.org/a/?p=12"),
        ("https://example.org../a", "https://example.org/a"),
        (
            "https://example.org/a/(S(x));sid=1",
            "https://example.org/a",
        ),
        ("https://example.org/100%", "https://example.org/100%"),
        ("https://example.org/%%330", "https://example.org/%%330"),
        ("https://example.org/%4%31", "https://example.org/%4%31"),
        ("https://example.org/ä", "https://example.org/%C3%A4"),
    ] {
        assert_eq!(form(written), expected, "{written}");
    }
}

#[test]
fn views_lead_back_to_their_page() {
    for view in [
        "https://example.org/2026/ferry-sails-again/amp/",
        "https://example.org/2026/ferry-sails-again/amp",
        "https://example.org/2026/ferry-sails-again/print",
        "https://example.org/2026/ferry-sails-again?amp",
        "https://example.org/2026/ferry-sails-again?amp=1&utm_source=x",
        "https://example.org/2026/ferry-sails-again?outputType=amp",
        "https://example.org/2026/ferry-sails-again?view=print",
    ] {
        assert_eq!(form(view), "https://example.org/2026/ferry-sails-again");
    }
    for page in [
        "https://example.org/print/",
        "https://example.org/news/print/",
        "https://example.org/a?view=list",
        "https://example.org/a?amp=12",
    ] {
        assert_eq!(form(page), page);
    }
}

#[test]
fn urls_of_one_page_share_a_key_and_other_pages_do_not() {
    let key = |url: &str| dedup_key(&Url::parse(url).unwrap());
    let page = key("https://example.org/a/b");
    for same in [
        "http://www.example.org/a/b/",
        "https://EXAMPLE.org:443/a/./b#c",
        "https://example.org/a/b/index.html",
        "https://example.org/a/b?utm_source=x",
    ] {
        assert_eq!(key(same), page, "{same}");
    }
    for other in [
        "https://news.example.org/a/b",
        "https://example.org/a/b?p=2",
        "https://example.org:8080/a/b",
        "https://example.org/a/b.html",
        "https://example.org/a/bindex.html",
    ] {
        assert_ne!(key(other), page, "{other}");
    }
    assert_eq!(key("https://example.org/"), key("http://example.org"));
}

#[test]
fn parameters_that_choose_content_stay() {
    for name in [
        "id", "p", "page", "article", "v", "lang", "q", "ref", "s", "story",
    ] {
        let url = format!("https://example.org/?{name}=1");
        assert_eq!(form(&url), url);
    }
}

#[test]
fn sites_are_told_apart_by_their_registrable_domain() {
    let same = |a: &str, b: &str| same_site(&Url::parse(a).unwrap(), &Url::parse(b).unwrap());
    assert!(same(
        "https://news.example.co.uk/",
        "https://www.example.co.uk/x"
    ));
    assert!(!same("https://a.co.uk/", "https://b.co.uk/"));
    assert!(!same("https://a.blogspot.com/", "https://b.blogspot.com/"));
    assert!(same("http://127.0.0.1:8000/", "http://127.0.0.1:9000/"));
    assert!(!same("http://127.0.0.1/", "http://127.0.0.2/"));
    assert!(same("http://paper.example/", "http://paper.example/a"));
}

#[test]
fn an_id_is_sixteen_digits_of_the_address() {
    let id = id(&Url::parse("https://example.org/a").unwrap());
    assert_eq!(id.len(), 16);
    assert!(id.bytes().all(|byte| byte.is_ascii_hexdigit()));
}

/// The canonical form by setting every part, whether it changes or not.
fn by_setting_every_part(url: &Url) -> Url {
    let mut url = url.clone();
    url.set_fragment(None);
    if let Some(host) = url.host_str().filter(|host| host.ends_with('.')) {
        let host = host.trim_end_matches('.').to_owned();
        let _ = url.set_host(Some(&host));
    }
    let _ = url.set_username("");
    let _ = url.set_password(None);
    let path = without_sessions(&normal_escapes(url.path())).into_owned();
    url.set_path(&path);
    let path = without_view(url.path()).to_owned();
    url.set_path(&path);
    let query = url.query().map(|query| {
        let drops = |pair: &&str| pair.is_empty() || tracks(pair) || names_view(pair);
        let kept = query.split('&').filter(|pair| !drops(pair));
        kept.map(normal_escapes).collect::<Vec<_>>().join("&")
    });
    url.set_query(query.as_deref().filter(|query| !query.is_empty()));
    url
}

/// Parts of addresses that mean something, and some that do not.
fn parts() -> impl Strategy<Value = String> {
    const KNOWN: &[&str] = &[
        "/",
        "/",
        "/",
        "//",
        ".",
        "..",
        "%2e",
        "%41",
        "%e4",
        "%C3%A4",
        "%",
        "%4",
        ";sid=1",
        ";jsessionid=a",
        "(S(abc))",
        "(",
        ")",
        "?",
        "&",
        "=",
        "=1",
        "utm_source=x",
        "UTM_Medium",
        "fbclid=1",
        "amp",
        "amp=1",
        "view=print",
        "id=7",
        "print",
        "ferry-sails-again",
        "index.html",
        "#",
        "@",
        "\\",
        "ä",
        " ",
        "'",
        "a",
        "News",
    ];
    prop_oneof![
        4 => prop::sample::select(KNOWN).prop_map(str::to_owned),
        1 => "[a-zA-Z0-9%;=&?#./~_:@()-]{1,3}",
    ]
}

proptest! {
    #[test]
    fn only_what_changes_has_to_be_set(
        start in prop::sample::select(vec![
            "https://Example.org", "http://example.org.", "https://u:p@example.org:8080", "https://u@www.example.org:443",
            "http://127.0.0.1", "http://[::1]:80", "mailto:", "data:", "foo://host", "file://",
        ]),
        rest in prop::collection::vec(parts(), 0..12),
    ) {
        if let Ok(url) = Url::parse(&format!("{start}/{}", rest.concat())) {
            prop_assert_eq!(canonical(&url), by_setting_every_part(&url));
        }
        if let Ok(url) = Url::parse(&format!("{start}{}", rest.concat())) {
            prop_assert_eq!(canonical(&url), by_setting_every_part(&url));
        }
    }

    #[test]
    fn the_form_of_a_form_is_itself(rest in "[a-zA-Z0-9%;=&?#./~_:@-]{0,60}") {
        if let Ok(url) = Url::parse(&format!("https://Example.org/{rest}")) {
            let once = canonical(&url);
            prop_assert_eq!(canonical(&once), once);
        }
    }
}
