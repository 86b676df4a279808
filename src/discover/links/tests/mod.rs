//! Which links of a page are followed.

mod layouts;

use super::*;
use crate::page::{Document, Input};

fn found(html: &str) -> Links {
    let base = Url::parse("https://paper.example/").unwrap();
    let input = Input::new(html.as_bytes());
    let document = Document::parse(&input, &Limits::DEFAULT);
    links(&document.page().tree, &base, &Limits::DEFAULT)
}

fn paths(html: &str) -> Vec<String> {
    found(html)
        .pages
        .iter()
        .map(|page| page.url.path().to_owned())
        .collect()
}

#[test]
fn headlines_are_followed_and_the_frame_is_not() {
    let html = "<nav><a href=/politics>Politics</a><a href=/about>About us</a></nav>
        <h2><a href=/news/night-ferry-sails-again>Night ferry sails again</a></h2>
        <a href=/2026/11/23/tide>Tide</a>
        <a href=/tag/ferry-boats-and-ships>Ferry boats and more of them</a>
        <a href=/pictures/a-very-long-slug-here.jpg>Picture of the ferry at night</a>
        <a href=https://other.example/a-long-slug-of-words>Elsewhere there was news too</a>
        <a rel=nofollow href=/ad-for-a-very-long-cruise>A cruise you will never forget</a>
        <a href='mailto:a@b'>Write to us about the ferry</a>
        <a href='javascript:void(0)'>Open the long menu of things</a>
        <footer><a href=/privacy-policy>Privacy policy of this site</a></footer>";
    assert_eq!(
        paths(html),
        ["/news/night-ferry-sails-again", "/2026/11/23/tide"]
    );
}

#[test]
fn sections_are_the_short_paths_of_the_menus() {
    let html = "<header><a href=/>Home</a><a href=/politics/>Politics</a>
        <a href=/world/asia>Asia</a><a href=/politics/>Politics</a><a href=/login>Log in</a>
        <a href=/news/night-ferry-sails-again>Night ferry</a><a href=/app.apk>App</a>
        <a href=https://shop.paper.example/books>Books</a></header>
        <p><a href=/harbour>the harbour</a></p>";
    let base = Url::parse("https://www.paper.example/").unwrap();
    let input = Input::new(html.as_bytes());
    let document = Document::parse(&input, &Limits::DEFAULT);
    let found = sections(&document.page().tree, &base, &Limits::DEFAULT);
    let paths: Vec<&str> = found.iter().map(|it| it.url.path()).collect();
    assert_eq!(paths, ["/politics/", "/world/asia"]);
}

#[test]
fn scripts_without_hyphens_and_spaces_count_too() {
    let html = "<h3><a href='/news/%D0%BF%D0%B0%D1%80%D0%BE%D0%BC-%D0%B2%D1%8B%D1%88%D0%B5%D0%BB'>Паром вышел</a></h3>
        <a href=/articles/20261123001>夜のフェリーが再び出航</a>";
    assert_eq!(paths(html).len(), 2);
}

#[test]
fn one_address_is_listed_once_with_its_best_text() {
    let html = "<a href='/a-b-c-d-1234?utm_medium=x'><img></a><h2><a href=/a-b-c-d-1234#x>Ferry sails again today</a></h2>";
    let links = found(html);
    assert_eq!(links.pages.len(), 1);
    assert_eq!(
        links.pages[0].title.as_deref(),
        Some("Ferry sails again today")
    );
}

#[test]
fn feeds_are_found_and_base_and_nofollow_are_respected() {
    let html = "<base href=https://paper.example/de/><meta name=robots content='noindex, NoFollow'>
        <link rel=alternate type=application/rss+xml href=feed.xml>
        <link rel=alternate type=application/rss+xml href=/a/comments/feed>
        <h2><a href=ein-langer-name-1234>Eine lange Schlagzeile hier</a></h2>";
    let links = found(html);
    assert_eq!(links.feeds[0].as_str(), "https://paper.example/de/feed.xml");
    assert_eq!(links.feeds.len(), 1);
    assert!(links.pages.is_empty());
}

#[test]
fn a_base_that_is_no_web_address_is_passed_over() {
    let list = |base: &str| {
        found(&format!(
            "<base href='{base}'><link rel=alternate type=application/rss+xml href=feed.xml>
             <h2><a href=/night-ferry-sails-again-1234>Night ferry sails again after years</a></h2>"
        ))
    };
    for base in ["javascript:void(0)", "data:text/html,x", "http://", ""] {
        let links = list(base);
        assert_eq!(
            links.feeds[0].as_str(),
            "https://paper.example/feed.xml",
            "{base}"
        );
        assert_eq!(links.pages.len(), 1, "{base}");
    }
    assert!(
        list("https://evil.example/").pages.is_empty(),
        "links to another site"
    );
}

#[test]
fn a_number_in_a_parameter_of_the_front_page_names_an_article() {
    let html = "<a href='/?p=1201'>Ferry</a><h3><a href='/?id=7'>Harbour</a></h3>
        <a href='https://paper.example?story=88'>Tide</a><a href='/?articleID=5&amp;lang=de'>Fog</a>
        <a href='/?cat=3'>Politics</a><a href='/?page=1201'>Older</a><a href='/?s=ferry'>Search</a>
        <a href='/?p=12&amp;feed=rss2'>Feed</a><a href='/?p=about'>About</a><a href='/?lang=de'>Deutsch</a>
        <nav><a href='/?p=2'>About us</a></nav><a href='/'>Home</a>";
    let mut queries: Vec<_> = found(html)
        .pages
        .iter()
        .map(|page| page.url.query().unwrap().to_owned())
        .collect();
    queries.sort();
    assert_eq!(
        queries,
        ["articleID=5&lang=de", "id=7", "p=1201", "story=88"]
    );
}

#[test]
fn feeds_are_known_by_types_and_by_links_to_them() {
    for html in [
        "<link rel=alternate type=text/xml href=/f.xml>",
        "<link rel=alternate type=application/rdf+xml href=/f.xml>",
        "<link rel='ALTERNATE' type='Application/RSS+XML; charset=utf-8' href=/f.xml>",
        "<link rel=feed href=/f.xml>",
        "<link rel=alternate type=application/rss+xml href=feed://paper.example/f.xml>",
        "<a href=/f.xml>RSS</a>",
        "<a href=/f.xml>Subscribe to our <b>RSS</b> feed</a>",
        "<a href=feed:https://paper.example/f.xml>Subscribe</a>",
    ] {
        let feeds = found(html).feeds;
        let feeds: Vec<_> = feeds.iter().map(Url::as_str).collect();
        assert_eq!(feeds, ["https://paper.example/f.xml"], "{html}");
    }
    for href in [
        "/rss.xml",
        "/rss",
        "/news/feed/",
        "/politics.rss",
        "/?feed=rss2",
        "/feeds/news.xml",
        "https://feeds.paper.example/news.atom",
        "https://feeds.example/paper",
    ] {
        assert_eq!(
            found(&format!("<a href='{href}'><img></a>")).feeds.len(),
            1,
            "{href}"
        );
    }
    for html in [
        "<link rel=alternate type=text/xml+oembed href=/oembed.xml>",
        "<link rel=alternate type=application/json+oembed href=/embed>",
        "<link rel=stylesheet type=text/xml href=/style.xml>",
        "<link rel=alternate hreflang=de href=/de>",
        "<a href=/news/how-to-feed-a-cat>How to feed a cat</a>",
        "<a href=/sitemap.xml>Sitemap</a>",
        "<a href=/comments/feed>Comments</a>",
        "<a href=https://other.example/rss.xml>RSS</a>",
    ] {
        assert!(found(html).feeds.is_empty(), "{html}");
    }
}

fn decisions(html: &str, standing: &dyn Fn(&Url) -> Standing) -> Vec<(String, LinkDecision)> {
    let base = Url::parse("https://paper.example/").unwrap();
    let input = Input::new(html.as_bytes());
    let document = Document::parse(&input, &Limits::DEFAULT);
    let links = links_of_source(&document.page().tree, &base, &Limits::DEFAULT, standing);
    let judged = links.judged.into_iter();
    judged
        .map(|it| (it.url.path().to_owned(), it.decision))
        .collect()
}

#[test]
fn each_link_has_a_reason() {
    use FollowReason::{Headline, LooksLikeArticle};
    use PassReason::{FrontPage, Menu, NoHeadline, Nofollow, NotPage, OtherSite, Service, Trap};
    let html = "<nav><a href=/politics>Politics</a></nav>
        <h2><a href=/n/1>Ferry sails again</a></h2>
        <a href=/2026/11/23/tide>Tide</a> <a href=/harbour>Harbour</a> <a href=/>Home</a>
        <a href=/login>Log in to read more of this paper</a> <a href=/map.pdf>The whole map as a file</a>
        <a href=https://other.example/a-b-c-d>Elsewhere there was news too</a>
        <a rel=nofollow href=/cruise>A cruise</a> <a href=/a/a/a/>Again</a>
        <a href='/{{ url }}'>Title</a>";
    let open = |url: &Url| match url.host_str() {
        Some("paper.example") => Standing::Open,
        _ => Standing::OtherSite,
    };
    let expected = [
        ("/politics", LinkDecision::PassedOver(Menu)),
        ("/n/1", LinkDecision::Followed(Headline)),
        ("/2026/11/23/tide", LinkDecision::Followed(LooksLikeArticle)),
        ("/harbour", LinkDecision::PassedOver(NoHeadline)),
        ("/", LinkDecision::PassedOver(FrontPage)),
        ("/login", LinkDecision::PassedOver(Service)),
        ("/map.pdf", LinkDecision::PassedOver(NotPage)),
        ("/a-b-c-d", LinkDecision::PassedOver(OtherSite)),
        ("/cruise", LinkDecision::PassedOver(Nofollow)),
        ("/a/a/a/", LinkDecision::PassedOver(Trap)),
        ("/%7B%7B%20url%20%7D%7D", LinkDecision::PassedOver(NotPage)),
    ];
    let expected = expected.map(|(path, decision)| (path.to_owned(), decision));
    assert_eq!(decisions(html, &open), expected);
}

#[test]
fn what_include_names_is_followed_and_what_exclude_names_is_not() {
    let html = "<nav><a href=/news/a>A</a></nav><footer><a rel=nofollow href=/tag/b>B</a></footer>
        <a href=/news/c.jpg>C</a> <a href=/news/x/x/x/>X</a>
        <h2><a href=/d>A long headline of a story</a></h2><a href=/e><img></a>
        <h2><a href=/f>Another long headline of a story</a></h2>";
    let standing = |url: &Url| match url.path() {
        "/d" => Standing::NotIncluded,
        "/f" => Standing::Excluded,
        _ => Standing::Named,
    };
    let followed = LinkDecision::Followed(FollowReason::Included);
    let passed = LinkDecision::PassedOver;
    let expected = [
        ("/news/a", followed),
        ("/tag/b", followed),
        ("/news/c.jpg", passed(PassReason::NotPage)),
        ("/news/x/x/x/", passed(PassReason::Trap)),
        ("/d", passed(PassReason::NotIncluded)),
        ("/e", followed),
        ("/f", passed(PassReason::Excluded)),
    ];
    let expected = expected.map(|(path, decision)| (path.to_owned(), decision));
    assert_eq!(decisions(html, &standing), expected);
}

#[test]
fn a_page_that_forbids_to_follow_its_links_says_why_there_are_none() {
    let html = "<meta name=robots content=nofollow><h2><a href=/a>A headline of a story</a></h2>";
    let reason = LinkDecision::PassedOver(PassReason::PageForbids);
    assert_eq!(found(html).judged[0].decision, reason);
    assert_eq!(found(html).passed_over().count(), 1);
}

#[test]
fn labels_stand_for_texts_that_are_empty_cut_or_shared() {
    let html = "<div class=a><a href=/1 title='Ferry sails again tonight'>Ferry sails…</a></div>
        <div class=a><a href=/2 aria-label='Council plants limes again'>More</a></div>
        <div class=a><a href=/3><img alt='School opens late today'></a></div>
        <div class=a><a href=/4 title='Open this link'>More</a></div>
        <div class=a><a href=/5 title='Tooltip of a link'>Storm hits the coast</a></div>";
    let titles: Vec<_> = found(html)
        .judged
        .into_iter()
        .map(|it| it.title.unwrap())
        .collect();
    let expected = [
        "Ferry sails again tonight",
        "Council plants limes again",
        "School opens late today",
        "Open this link",
        "Storm hits the coast",
    ];
    assert_eq!(titles, expected);
}

#[test]
fn names_of_sections_and_links_in_running_text_are_no_headlines() {
    let line = "The harbour office said on Monday that nobody had been hurt.";
    let html = format!(
        "<nav><a href=/city>City</a><a href=/arts>Arts and Culture</a></nav>
         <section><h2><a href=/city>City</a></h2><ul><li><h3><a href=/1>Ferry sails again tonight</a></h3></li>
         <li><h3><a href=/2>Limes on the quay</a></h3></li></ul></section>
         <section><h2><a href=/arts>Arts and Culture</a></h2><ul><li><h3><a href=/3>A quiet film</a></h3></li>
         <li><h3><a href=/4>The last opera of all</a></h3></li></ul></section>
         <div><p>{line} <a href=/5>three old boats</a> {line}</p><p>{line} <a href=/6>the new bridge</a></p>
         <p>{line} See <a href=/7>the harbour map</a>.</p></div>"
    );
    let mut followed = paths(&html);
    followed.sort();
    assert_eq!(followed, ["/1", "/2", "/3", "/4"]);
}

#[test]
fn hostile_markup_takes_no_more_time_than_its_length() {
    // One address thousands of times, ever deeper; thousands of siblings; a text of one huge block.
    let same = "<div><a href=/a><img>x</a>".repeat(5_000);
    let siblings: String = (0..5_000)
        .map(|n| format!("<li><a href=/{n}>a b c {n}</a>"))
        .collect();
    let block: String = (0..5_000)
        .map(|n| format!("word <a href=/b{n}>a b c</a> "))
        .collect();
    for html in [same, siblings, format!("<p>{block}</p>")] {
        assert!(found(&html).judged.len() <= 4 * Limits::DEFAULT.page_links);
    }
}
