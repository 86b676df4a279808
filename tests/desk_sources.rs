//! The desk's pages of sources over HTTP: the list, one source, and adding one.

#![cfg(feature = "serve")]
#![allow(clippy::unwrap_used)]

mod support;

use std::fs;

use newsprint::config::Config;
use newsprint::serve::status_page;
use newsprint::store;
use support::{Desk, Newsroom, Reply, front};

/// Names that would do something on a page that does not escape them.
const HOSTILE: [&str; 4] = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "a/b?c#d & 'e'",
    "日刊 gnp",
];

/// A newsroom whose source has so many articles and as many pages that are gone.
async fn crawled(name: &str) -> Newsroom {
    let mut room = Newsroom::open();
    room.site("daily.test", 3);
    let gone = [
        "/news/the-first-page-that-is-gone",
        "/news/the-second-page-that-is-gone",
    ];
    let links: Vec<&str> = support::NIGHTS[..3].iter().chain(&gone).copied().collect();
    room.server.change("daily.test/", front(&links));
    for path in gone {
        room.server
            .may(&format!("daily.test{path}"), Reply::status(410));
    }
    room.source(name, &["http://daily.test/"]);
    room.pass().await;
    room
}

/// The path of a source's page.
fn path(name: &str) -> String {
    let encoded: String = url::form_urlencoded::byte_serialize(name.as_bytes()).collect();
    format!("/sources/{}", encoded.replace('+', "%20"))
}

#[tokio::test]
async fn the_list_shows_each_source_and_is_filtered_and_sorted_without_a_script() {
    let mut room = crawled("daily").await;
    room.server.on("down.test/", Reply::status(500));
    room.source("down", &["http://down.test/"]);
    room.pass_after(30).await;
    let desk = Desk::open(&room).await;
    let page = desk.page("/").await;
    for part in [
        "2 sources, 1 needs attention",
        "href=\"/sources/daily\"",
        "5 / 5",
        "3 / 3",
        "2 / 2",
        "unreachable",
        "none of its front pages, feeds and sitemaps could be read",
        "3 articles, today",
    ] {
        assert!(page.contains(part), "{part}\n{page}");
    }
    let ill = desk.page("/?show=attention").await;
    assert!(ill.contains("/sources/down") && !ill.contains("\"/sources/daily\""));
    let named = desk.page("/?q=DAI").await;
    assert!(named.contains("/sources/daily") && !named.contains("\"/sources/down\""));
    assert!(
        named.contains("/?sort=lost&#38;q=DAI"),
        "links keep the choice: {named}"
    );
    let place = |page: &str, name: &str| page.find(&format!("\"/sources/{name}\"")).unwrap();
    let sorted = desk.page("/?sort=health").await;
    assert!(place(&sorted, "down") < place(&sorted, "daily"));
    let sorted = desk.page("/?sort=lost").await;
    assert!(place(&sorted, "daily") < place(&sorted, "down"));
    let none = desk.page("/?q=%3Cscript%3E").await;
    assert!(none.contains("No source is among these") && !none.contains("<script>"));
    desk.stop().await;
}

#[tokio::test]
async fn a_source_shows_its_pages_by_outcome_and_tries_them_again() {
    let room = crawled("daily").await;
    let desk = Desk::open(&room).await;
    let page = desk.page("/sources/daily").await;
    for part in [
        "http_4xx",
        "Try all 2 again",
        "the-second-page-that-is-gone",
        "410",
        "not asked again",
        "With a title",
    ] {
        assert!(page.contains(part), "{part}\n{page}");
    }
    let stored = desk.page("/sources/daily?outcome=stored").await;
    assert!(stored.contains("/articles/") && stored.contains("Night 1 in the harbour"));
    assert!(!stored.contains("Try all"));
    let (_, rest) = page.split_once("name=\"page\" value=\"").unwrap();
    let id = rest.split('"').next().unwrap();
    let retry = async |fields: &[(&str, &str)]| {
        let answer = desk.send("/sources/daily/retry", fields).await;
        assert_eq!(answer.status(), 303);
        let to = answer.headers()["location"].to_str().unwrap().to_owned();
        desk.page(&to).await
    };
    let one = retry(&[("outcome", "http_4xx"), ("page", id)]).await;
    assert!(
        one.contains("1 page is due") && one.contains("asked again with the next crawl"),
        "{one}"
    );
    let other = retry(&[("outcome", "http_4xx")]).await;
    assert!(other.contains("1 page is due"), "{other}");
    let none = retry(&[("outcome", "http_4xx")]).await;
    assert!(none.contains("Nothing is tried again"), "{none}");
    for (path, fields, status) in [
        ("/sources/daily/retry", [("outcome", "no such")], 400),
        ("/sources/weekly/retry", [("outcome", "http_4xx")], 404),
    ] {
        assert_eq!(desk.send(path, &fields).await.status(), status);
    }
    let asked = room.pass_after(1).await;
    assert_eq!(
        asked.lost().values().sum::<u64>(),
        2,
        "they were asked for again"
    );
    desk.stop().await;
}

#[tokio::test]
async fn lists_of_pages_go_on_where_they_ended() {
    let mut room = Newsroom::open();
    let links: Vec<String> = (0..130)
        .map(|it| format!("/news/the-long-night-number-{it}"))
        .collect();
    let links: Vec<&str> = links.iter().map(String::as_str).collect();
    room.server.on("daily.test/", front(&links));
    for (number, link) in (0..).zip(&links) {
        let html = support::page(&format!("Night {number}"), &support::story(number));
        room.server
            .may(&format!("daily.test{link}"), Reply::html(&html));
    }
    room.source("daily", &["http://daily.test/"]);
    let stored = usize::try_from(room.pass().await.articles()).unwrap();
    assert!(stored > 100, "{stored}");
    let desk = Desk::open(&room).await;
    let count = |page: &str| page.matches("href=\"/articles/").count();
    let first = desk.page("/sources/daily?outcome=stored").await;
    assert_eq!(count(&first), 100);
    let (_, rest) = first.split_once("&amp;before=").unwrap();
    let before = rest.split('#').next().unwrap();
    let second = format!("/sources/daily?outcome=stored&before={before}");
    let second = desk.page(&second).await;
    assert_eq!(count(&second), stored - 100);
    assert!(!second.contains("&amp;before=") && second.contains("The newest"));
    desk.stop().await;
}

#[tokio::test]
async fn whatever_a_source_is_called_stays_text() {
    for name in HOSTILE {
        let room = crawled(name).await;
        let desk = Desk::open(&room).await;
        for path in [
            "/".to_owned(),
            path(name),
            format!("{}?outcome=%3Cscript%3E&before=1", path(name)),
        ] {
            let page = desk.page(&path).await;
            assert!(
                !page.contains("<script>") && !page.contains("<img"),
                "{path}: {page}"
            );
            assert!(page.contains("/sources/"), "{path}");
        }
        desk.stop().await;
    }
}

#[tokio::test]
async fn a_source_called_like_a_page_of_the_desk_has_its_own_page() {
    let room = crawled("add").await;
    let desk = Desk::open(&room).await;
    let page = desk.page(&path("add")).await;
    assert!(page.contains("action=\"/sources/add/retry\""), "{page}");
    desk.stop().await;
}

/// A site with a feed, a section and a menu.
fn site(room: &Newsroom) {
    let feed = "<rss version=\"2.0\"><channel><title>t</title><item>\
                <title>Ferry &lt;script&gt;alert(1)&lt;/script&gt; back</title>\
                <link>http://new.test/news/ferry-is-back-today</link></item></channel></rss>";
    let page = "<html lang=en><head><link rel=alternate type=application/rss+xml href=/feed></head><body>\
                <nav><a href=/about-us>About <b>us</b></a></nav>\
                <h2><a href=/news/ferry-is-back-today>What happened in the harbour last night</a></h2>\
                <h2><a href=/news/ferry-is-gone-again>What happened in the harbour this morning</a></h2></body></html>";
    room.server
        .may("new.test/", Reply::html(page))
        .may("new.test/about-us", Reply::status(404))
        .may("new.test/feed", Reply::xml(feed));
}

/// Looks at an address, and gives where its proposal is, or the page of the failure.
async fn look(desk: &Desk, address: &str) -> Result<String, String> {
    let answer = desk.send("/add-source", &[("address", address)]).await;
    assert_eq!(answer.status(), 303);
    let job = answer.headers()["location"].to_str().unwrap().to_owned();
    loop {
        let answer = desk
            .get(&job)
            .header("accept", "text/html")
            .send()
            .await
            .unwrap();
        if answer.status() == 303 {
            return Ok(answer.headers()["location"].to_str().unwrap().to_owned());
        }
        let page = answer.text().await.unwrap();
        if !page.contains("<progress") {
            return Err(page);
        }
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_source_is_added_as_it_was_shown_and_taken_out_again() {
    let room = crawled("daily").await;
    site(&room);
    let before = format!("# Mine\n{}# The end\n", room.config_file());
    let file = room.dir.path().join("config.toml");
    fs::write(&file, &before).unwrap();
    let desk = Desk::open(&room).await;
    let proposal = look(&desk, "http://new.test/").await.unwrap();
    let page = desk.page(&proposal).await;
    for part in [
        "value=\"new-test\"",
        "feeds = [&#34;http://new.test/feed&#34;]",
        "Ferry &#60;script&#62;alert(1)",
        "1 link a service page by its address",
        "language = &#34;en&#34;",
    ] {
        assert!(page.contains(part), "{part}\n{page}");
    }
    assert!(!page.contains("<script>alert"));
    assert_eq!(
        fs::read_to_string(&file).unwrap(),
        before,
        "looking changes nothing"
    );
    for (name, problem) in [
        ("daily", "there is a source named `daily` already"),
        (" ", "a source needs a name"),
        ("new\u{202e}tset", "invisible characters"),
    ] {
        let refused = desk.send(&proposal, &[("name", name)]).await;
        assert_eq!(refused.status(), 200);
        let refused = refused.text().await.unwrap();
        assert!(
            refused.contains(problem) || refused.contains(&problem.replace('`', "&#96;")),
            "{refused}"
        );
    }
    let name = "New <b>\"Daily\"</b>";
    let added = desk.send(&proposal, &[("name", name)]).await;
    assert_eq!(added.status(), 303);
    let to = added.headers()["location"].to_str().unwrap().to_owned();
    let shown = desk.page(&to).await;
    assert!(
        shown.contains("is in the configuration") && !shown.contains("<b>"),
        "{shown}"
    );
    let text = fs::read_to_string(&file).unwrap();
    assert!(text.starts_with(&before), "{text}");
    let config = Config::load(&file).unwrap();
    assert_eq!(config.sources[1].name, name);
    assert_eq!(config.sources[1].feeds[0].as_str(), "http://new.test/feed");
    assert!(desk.page("/").await.contains("2 sources"));

    let undone = desk.send(&format!("{}/undo", path(name)), &[]).await;
    assert_eq!(undone.status(), 303);
    assert_eq!(fs::read_to_string(&file).unwrap(), before);
    assert!(desk.page("/").await.contains("1 source,"));
    let again = desk.send(&format!("{}/undo", path(name)), &[]).await;
    assert_eq!(again.status(), 409);
    desk.stop().await;
}

#[tokio::test]
async fn what_cannot_be_looked_at_is_said() {
    let room = crawled("daily").await;
    room.server
        .may(
            "robots.test/robots.txt",
            Reply::text("User-agent: *\nDisallow: /\n"),
        )
        .may("bare.test/", Reply::html("<p>Hello</p>"));
    let desk = Desk::open(&room).await;
    let refused = look(&desk, "http://robots.test/").await.unwrap_err();
    assert!(refused.contains("robots.txt"), "{refused}");
    let private = look(&desk, "http://169.254.169.254/latest")
        .await
        .unwrap_err();
    assert!(private.contains("169.254.169.254"), "{private}");
    let bare = look(&desk, "http://bare.test/").await.unwrap();
    assert!(
        desk.page(&bare)
            .await
            .contains("No feeds, sitemaps or links to articles")
    );
    let typed = desk
        .send("/add-source", &[("address", "javascript:alert(1)")])
        .await;
    assert!(
        typed
            .text()
            .await
            .unwrap()
            .contains("not an address of the web")
    );
    let gone = desk
        .get("/add-source/999")
        .header("accept", "text/html")
        .send()
        .await
        .unwrap();
    assert_eq!(gone.status(), 404);
    desk.stop().await;
}

#[tokio::test]
async fn who_adds_a_source_hears_that_no_crawl_starts_without_a_contact() {
    let room = crawled("daily").await;
    site(&room);
    let desk = Desk::open(&room).await;
    let form = desk.page("/add-source").await;
    assert!(form.contains("No crawl starts yet."), "{form}");
    assert!(form.contains("(+https://YOUR-SITE/bot)"), "{form}");
    // A site on this machine is crawled all the same.
    let proposal = look(&desk, "http://new.test/").await.unwrap();
    assert!(!desk.page(&proposal).await.contains("No crawl starts yet."));
    let contact = "[crawl]\nuser_agent = \"mybot (+https://daily.news/bot)\"\n";
    let text = room.config_file().replace("[crawl]\n", contact);
    fs::write(&desk.config_file, text).unwrap();
    assert!(
        !desk
            .page("/add-source")
            .await
            .contains("No crawl starts yet.")
    );
    desk.stop().await;
}

#[tokio::test]
async fn nothing_is_added_or_tried_again_where_nothing_may_be_changed() {
    let room = crawled("daily").await;
    let desk = Desk::with(&room, |settings| settings.read_only = true).await;
    for path in ["/", "/sources/daily", "/add-source"] {
        assert!(!desk.page(path).await.contains("method=\"post\""), "{path}");
    }
    let before = fs::read_to_string(&desk.config_file).unwrap();
    for path in ["/add-source", "/sources/daily/retry", "/sources/daily/undo"] {
        let sent = desk.post(path).header("accept", "text/html").send().await;
        assert_eq!(sent.unwrap().status(), 403, "{path}");
    }
    assert_eq!(fs::read_to_string(&desk.config_file).unwrap(), before);
    desk.stop().await;
}

#[tokio::test]
async fn a_source_that_robots_txt_forbids_is_called_so_in_the_file_of_status() {
    let mut room = Newsroom::open();
    room.server.on(
        "daily.test/robots.txt",
        Reply::text("User-agent: *\nDisallow: /\n"),
    );
    room.source("the <daily>", &["http://daily.test/"]);
    room.pass().await;
    let store = store::open_read_only(&room.config().store.location)
        .await
        .unwrap();
    let names = ["the <daily>".to_owned()];
    let page = status_page(&*store, &room.config(), &names, room.clock.now())
        .await
        .unwrap();
    assert!(
        page.contains("blocked by robots.txt") && !page.contains("unreachable"),
        "{page}"
    );
    assert!(page.contains("the &#60;daily&#62;") && !page.contains("<daily>"));
    for needs in ["src=", "<script", "url(", "<link", "@import"] {
        assert!(!page.contains(needs), "a file stands alone: {needs}");
    }
    assert!(page.contains("name=\"viewport\"") && page.contains("max-width: 40rem"));
}
