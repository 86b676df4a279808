//! Which of the addresses found are fetched, and what a redirect may lead to.

use super::*;

fn url(text: &str) -> Url {
    Url::parse(text).unwrap()
}

fn due(kind: UrlKind, address: &str) -> Due {
    Due::of_test(kind, address, "paper")
}

fn candidates(urls: &[&str]) -> Vec<CandidateUrl> {
    let candidate = |text: &&str| CandidateUrl {
        url: url(text),
        title: None,
        dated: text.contains("old").then_some(999),
        published: None,
    };
    urls.iter().map(candidate).collect()
}

fn plan(source: &Source) -> CompiledSource {
    CompiledSource::new(source, &[], Arc::default(), Some(1_000))
}

fn named_by(plan: &CompiledSource, due: &Due, urls: &[&str]) -> Vec<String> {
    let found = candidates(urls);
    plan.learn(due, &due.url, &found);
    let pages = plan.pages(found, due, &due.url).into_iter();
    let pages = pages.filter(|page| !page.too_old);
    pages.map(|page| page.url.path().to_owned()).collect()
}

fn wanted(source: Source, urls: &[&str]) -> Vec<String> {
    let front = due(UrlKind::Start, "https://www.paper.example/");
    named_by(&plan(&source), &front, urls)
}

fn source() -> Source {
    Source {
        start: vec![url("https://www.paper.example/")],
        ..Source::default()
    }
}

#[test]
fn a_link_must_match_one_include_and_no_exclude() {
    let source = Source {
        include: vec!["/news/**".into(), "https://blog.paper.example/*".into()],
        exclude: vec!["/news/video/**".into()],
        ..source()
    };
    let urls = [
        "https://paper.example/news/a/b",
        "https://paper.example/news/video/c",
        "https://paper.example/sport/d",
        "https://blog.paper.example/e",
    ];
    assert_eq!(wanted(source, &urls), ["/news/a/b", "/e"]);
}

#[test]
fn old_pages_and_other_sites_are_skipped() {
    let urls = [
        "https://paper.example/a",
        "https://paper.example/old",
        "https://other.example/b",
    ];
    assert_eq!(wanted(source(), &urls), ["/a"]);
}

#[test]
fn feeds_of_the_settings_may_lead_anywhere() {
    let feed = "https://feeds.example/x";
    let alone = Source {
        feeds: vec![url(feed)],
        ..Source::default()
    };
    let with_start = Source {
        feeds: vec![url(feed)],
        ..source()
    };
    let urls = ["https://one.example/a", "https://two.example/b"];
    for source in [alone, with_start] {
        let found = named_by(&plan(&source), &due(UrlKind::Feed, feed), &urls);
        assert_eq!(found, ["/a", "/b"]);
    }
}

#[test]
fn feeds_that_are_found_lead_to_own_and_sister_sites_and_where_most_items_lie() {
    let feed = due(UrlKind::Feed, "https://paper.example/feed");
    let plan = plan(&source());
    let urls = [
        "https://paper.example/a",
        "https://paper.news/b",
        "https://third.example/c",
    ];
    assert_eq!(named_by(&plan, &feed, &urls), ["/a", "/b"]);
    let urls = [
        "https://other.example/d",
        "https://www.other.example/e",
        "https://paper.example/f",
    ];
    assert_eq!(named_by(&plan, &feed, &urls), ["/d", "/e", "/f"]);
    // It is the source's own from now on, also for a redirect.
    let page = due(UrlKind::Page, "https://paper.example/a");
    assert_eq!(plan.refuses(&page, &url("https://other.example/a")), None);
}

#[test]
fn a_sitemap_that_is_found_does_not_lead_to_other_sites() {
    let map = due(UrlKind::Sitemap, "https://paper.example/map.xml");
    let urls = ["https://other.example/a", "https://paper.co.uk/b"];
    assert_eq!(named_by(&plan(&source()), &map, &urls), ["/b"]);
}

#[test]
fn a_start_page_that_has_moved_takes_the_source_along() {
    let plan = plan(&source());
    let front = due(UrlKind::Start, "https://www.paper.example/");
    let arrived = url("https://herald.example/");
    assert_eq!(plan.learn(&front, &arrived, &[]), ["herald.example"]);
    let found = candidates(&["https://herald.example/a", "https://other.example/b"]);
    assert_eq!(plan.pages(found, &front, &arrived).len(), 1);
    let said = plan.moved(&front, &arrived).unwrap();
    assert_eq!(
        said,
        "moved to https://herald.example/: put this address into `start`"
    );
    let www = url("https://paper.example/start");
    assert_eq!(plan.moved(&front, &www), None);
}

#[test]
fn a_redirect_is_held_against_the_filters_at_its_end() {
    let source = Source {
        include: vec!["https://www.paper.example/news/**".into()],
        exclude: vec!["/video/**".into(), "/news/video/**".into()],
        ..source()
    };
    let plan = plan(&source);
    let page = due(UrlKind::Page, "https://www.paper.example/news/a");
    for (arrived, expected) in [
        ("https://www.paper.example/news/b", None),
        ("http://m.paper.example/news/b", None),
        ("https://m.paper.example/news/a?utm_source=x", None),
        ("https://amp.paper.example/news/a", None),
        ("https://www.paper.test/news/b", None),
        ("https://other.example/news/a", Some("another site")),
        (
            "https://www.paper.example/news/video/a",
            Some("/news/video/**"),
        ),
        ("https://www.paper.example/sport/a", Some("no `include`")),
    ] {
        let refused = plan.refuses(&page, &url(arrived));
        match (refused, expected) {
            (None, None) => (),
            (Some(reason), Some(expected)) => assert!(reason.contains(expected), "{reason}"),
            other => panic!("{arrived}: {other:?}"),
        }
    }
}

#[test]
fn an_item_of_a_feed_of_the_settings_may_be_redirected_anywhere() {
    let source = Source {
        feeds: vec![url("https://feeds.example/x")],
        ..source()
    };
    let plan = plan(&source);
    let item = Due {
        evidence: AddressEvidence::Feed,
        ..due(UrlKind::Page, "https://short.example/1")
    };
    assert_eq!(plan.refuses(&item, &url("https://other.example/a")), None);
}

#[test]
fn include_names_links_unless_it_matches_a_whole_site() {
    let standing = |include: &[&str], address: &str| {
        let source = Source {
            include: include.iter().map(|&it| it.to_owned()).collect(),
            exclude: vec!["/news/video/**".into()],
            ..source()
        };
        let page = url("https://www.paper.example/");
        plan(&source).standing(&page.join(address).unwrap(), &page)
    };
    for (include, address, expected) in [
        (&["/news/*"][..], "/news/1", Standing::Named),
        (&["/news/*"], "/sport/1", Standing::NotIncluded),
        (&["/news/**"], "/news/video/1", Standing::Excluded),
        (&["/*"], "/ferry", Standing::Named),
        (&["/**"], "/ferry", Standing::Open),
        (&["https://www.paper.example/**"], "/ferry", Standing::Open),
        (&["/**", "/news/*"], "/news/1", Standing::Named),
        (&[], "/ferry", Standing::Open),
        (&[], "https://blog.paper.example/1", Standing::Open),
        (
            &["/news/*"],
            "https://a.example/news/1",
            Standing::OtherSite,
        ),
    ] {
        assert_eq!(
            standing(include, address),
            expected,
            "{include:?} {address}"
        );
    }
}
