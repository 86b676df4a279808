//! The desk's pages to read and search, over HTTP: an article with all that is known of it, what a search finds, and
//! the files that it gives.

#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used)]

mod support;

use std::time::Duration;

use newsprint::Article;
use newsprint::config::Format;
use newsprint::output::{format, to_string};
use newsprint::store::{self, Filter};
use reqwest::Response;
use reqwest::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use support::{Desk, Newsroom, Reply, front, newsprint, page, story};

const HOUR: u64 = 60;
const CORRECTION: &str = "Correction: the ferry was late by two hours, the harbour master said.";

/// A story with all that a text may have.
fn rich() -> String {
    let text = story(1);
    let paragraphs: Vec<String> = text
        .split("\n\n")
        .map(|it| format!("<p>{it}</p>"))
        .collect();
    let head = "<!DOCTYPE html><html lang=en><head><title>The ferry sails again - The Daily</title>\
        <meta property=og:type content=article><meta property=og:title content='The ferry sails again'>\
        <script type=application/ld+json>{\"@type\":\"NewsArticle\",\"headline\":\"The ferry sails again\",\
        \"author\":{\"@type\":\"Person\",\"name\":\"Ada Lindholm\"},\"datePublished\":\"2026-11-20T09:30:00+01:00\",\
        \"articleSection\":\"Harbour\"}</script></head><body><article><h1>The ferry sails again</h1>";
    let middle = "<h2>What the council said</h2><ul><li>The first of the two quays is open to all again today</li>\
        <li>The second of the two quays is closed until the end of the winter</li></ul>\
        <blockquote><p>We have waited for the ferry for more than three long and cold winters.</p></blockquote>\
        <figure><img src=/boat.jpg alt='The ferry at the quay' width=800 height=600></figure>\
        <p>The timetable is <a href='https://ferry.test/times?a=1&amp;b=2'>at the office of the line</a>, and the \
        captain has said that it is kept in any weather, on any day.</p>\
        <table><tr><th>Day</th><th>Passengers</th></tr><tr><td>Monday</td><td>120</td></tr>\
        <tr><td>Tuesday</td><td>140</td></tr></table>";
    format!(
        "{head}{}{middle}{}</article></body></html>",
        paragraphs[..3].concat(),
        paragraphs[3..].concat()
    )
}

/// A page that tries what it can.
fn hostile() -> String {
    let title = "&lt;script&gt;alert(1)&lt;/script&gt; \u{202e}mirrored &quot;onmouseover=alert(2)";
    let text = story(7).replace("\n\n", " &lt;img src=x onerror=alert(3)&gt;\n\n");
    let page = page("HEADLINE", &text).replace("HEADLINE", title);
    let link = "<p>The council of the harbour <a href='javascript:alert(4)'>has the whole of the report</a> and the \
        ferry line has none of it \u{202e}at all, as the officials of the village said on Monday.</p></article>";
    page.replace("</article>", link)
}

/// A newsroom of two sources with what the tests are about, crawled once.
async fn crawled() -> Newsroom {
    let mut room = Newsroom::open();
    let paths = [
        "/news/the-ferry-sails-again-today",
        "/news/what-the-hostile-page-has-tried",
        "/news/the-arabic-story-of-the-day",
    ];
    room.server.may("daily.test/", front(&paths));
    room.server.may(
        "daily.test/news/the-ferry-sails-again-today",
        Reply::html(&rich()),
    );
    room.server.may(
        "daily.test/news/what-the-hostile-page-has-tried",
        Reply::html(&hostile()),
    );
    let arabic = "قال مجلس المدينة يوم الاثنين إن العبارة ستعود إلى الإبحار كل يوم بعد شتاء طويل وبارد في الميناء القديم. ";
    let arabic = vec![arabic.repeat(3); 4].join("\n\n");
    let arabic = page("العبارة تعود إلى الميناء", &arabic).replace("lang=en", "lang=ar");
    room.server.may(
        "daily.test/news/the-arabic-story-of-the-day",
        Reply::html(&arabic),
    );
    room.server.may(
        "weekly.test/",
        front(&["/news/one-long-night-in-the-harbour"]),
    );
    let copy = page(
        "The ferry is back",
        &format!("{}\n\n{CORRECTION}", story(2)),
    );
    room.server.may(
        "weekly.test/news/one-long-night-in-the-harbour",
        Reply::html(&copy),
    );
    room.server.may(
        "weekly.test/news/two-long-nights-in-the-harbour",
        Reply::html(&page("Night two", &story(2))),
    );
    room.source("daily", &["http://daily.test/"]);
    room.source("weekly", &["http://weekly.test/"]);
    room.crawl.refetch_articles = Some(Duration::from_secs(6 * 3600));
    room.pass().await;
    room.index().await;
    room
}

async fn articles(room: &Newsroom) -> Vec<Article> {
    let store = store::open(room.location()).await.unwrap();
    let mut articles = store.articles(Filter::default());
    let mut all = Vec::new();
    while let Some(article) = articles.next().await.unwrap() {
        all.push(article);
    }
    all
}

/// The article whose headline contains this.
async fn article(room: &Newsroom, title: &str) -> Article {
    let mut articles = articles(room).await.into_iter();
    articles
        .find(|it| it.title.as_deref().unwrap_or_default().contains(title))
        .unwrap()
}

/// True where the page has all of these.
fn assert_has(page: &str, parts: &[&str]) {
    for part in parts {
        assert!(page.contains(part), "{part} is not in {page}");
    }
}

/// Nothing of a page that was fetched is markup that can do anything.
fn assert_harmless(page: &str) {
    for markup in [
        "<script>",
        "<img",
        "href=\"javascript:",
        " onerror=alert(3)>",
        "\u{202e}",
        "\"onmouseover",
    ] {
        assert!(!page.contains(markup), "{markup} is in {page}");
    }
    assert_eq!(page.matches("<script").count(), 1, "only our own");
}

#[tokio::test]
async fn an_article_is_shown_as_it_was_read_with_what_is_known_of_it() {
    let room = crawled().await;
    let id = article(&room, "sails again").await.id;
    let desk = Desk::open(&room).await;
    let page = desk.page(&format!("/articles/{id}")).await;
    assert_has(
        &page,
        &[
            "<h1 lang=\"en\" dir=\"ltr\"><bdi>The ferry sails again</bdi></h1>",
            "<time datetime=\"2026-11-20T09:30:00+01:00\">20 November 2026, 09:30 (UTC+01:00)</time>",
            "Ada Lindholm",
            "<a href=\"/sources/daily\">",
            "<h2>What the council said</h2>",
            "<li>The first of the two quays",
            "<blockquote>",
            "<th>Passengers</th>",
            "<a href=\"https://ferry.test/times?a=1&amp;b=2\" rel=\"noreferrer noopener nofollow\">at the office",
            "<a href=\"http://daily.test/boat.jpg\" rel=\"noreferrer noopener nofollow\">Picture: The ferry at the quay</a>",
            "from <bdi>json-ld ",
            "Raw page</dt><dd>kept, fetched <time",
            &format!("/articles/{id}/explain"),
            &format!("/api/articles/{id}\""),
            "<strong>Revision 1</strong>",
        ],
    );
    assert!(!page.contains("today's rules read"), "{page}");
    let arabic = article(&room, "العبارة").await.id;
    let page = desk.page(&format!("/articles/{arabic}")).await;
    assert_has(
        &page,
        &[
            "<h1 lang=\"ar\" dir=\"rtl\">",
            "<div class=\"text\" lang=\"ar\" dir=\"rtl\">",
        ],
    );
    for path in [
        "/articles/0000",
        &format!("/articles/{id}?revision=7"),
        "/articles/0000.md",
    ] {
        let answer = desk
            .get(path)
            .header("accept", "text/html")
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), 404, "{path}");
    }
    desk.stop().await;
}

#[tokio::test]
async fn revisions_are_read_and_compared() {
    let room = crawled().await;
    let changed = rich().replace("</article>", &format!("<p>{CORRECTION}</p></article>"));
    let changed = changed.replace("more than three long", "more than four long");
    room.server.change(
        "daily.test/news/the-ferry-sails-again-today",
        Reply::html(&changed),
    );
    room.pass_after(6 * HOUR + 1).await;
    let id = article(&room, "sails again").await.id;
    let desk = Desk::open(&room).await;
    let newest = desk.page(&format!("/articles/{id}")).await;
    assert_has(
        &newest,
        &[
            CORRECTION,
            "<strong>Revision 2</strong>",
            "?revision=2&amp;compare=1",
        ],
    );
    let first = desk.page(&format!("/articles/{id}?revision=1")).await;
    assert_has(
        &first,
        &[
            "This is revision 1 of 2",
            "three long",
            "today's rules read another text in it",
        ],
    );
    assert!(!first.contains(CORRECTION));
    let compared = desk
        .page(&format!("/articles/{id}?revision=2&compare=1"))
        .await;
    assert_has(
        &compared,
        &[
            "Changes from revision 1 to revision 2",
            &format!("<p><ins>{CORRECTION}</ins></p>"),
            "<del>three </del><ins>four </ins>",
            "paragraphs unchanged</summary>",
        ],
    );
    desk.stop().await;
}

#[tokio::test]
async fn an_article_without_its_raw_page_is_read_from_the_record() {
    let room = crawled().await;
    room.run("DELETE FROM pages").await;
    let id = article(&room, "sails again").await.id;
    let desk = Desk::open(&room).await;
    let page = desk.page(&format!("/articles/{id}")).await;
    assert_has(
        &page,
        &[
            "<p>The first of the two quays",
            "no longer kept",
            "Ada Lindholm",
        ],
    );
    assert!(!page.contains("json-ld"));
    desk.stop().await;
}

#[tokio::test]
async fn a_very_long_article_is_shown_whole() {
    let mut room = Newsroom::open();
    let path = "/news/the-longest-night-in-the-harbour";
    let text: Vec<String> = (0..450).map(story).collect();
    room.server.may("daily.test/", front(&[path]));
    let reply = Reply::html(&page("The longest night", &text.join("\n\n")));
    room.server.may(&format!("daily.test{path}"), reply);
    room.source("daily", &["http://daily.test/"]);
    room.pass().await;
    let stored = article(&room, "longest").await;
    let desk = Desk::open(&room).await;
    let shown = desk.page(&format!("/articles/{}", stored.id)).await;
    let paragraphs = stored.text.split("\n\n").count();
    assert!(paragraphs > 2_000, "{paragraphs}");
    assert_eq!(shown.matches("<p>The ").count(), paragraphs);
    assert_has(&shown, &["it is too large to be read again here"]);
    desk.stop().await;
}

#[tokio::test]
async fn articles_of_nearly_the_same_text_name_each_other() {
    let mut room = crawled().await;
    room.server.may(
        "monthly.test/",
        front(&["/news/two-long-nights-in-the-harbour"]),
    );
    let copy = page("Night two", &story(2));
    room.server.may(
        "monthly.test/news/two-long-nights-in-the-harbour",
        Reply::html(&copy),
    );
    room.source("monthly", &["http://monthly.test/"]);
    room.pass_after(1).await;
    let (one, other) = (
        article(&room, "ferry is back").await.id,
        article(&room, "Night two").await.id,
    );
    let desk = Desk::open(&room).await;
    for (id, other) in [(&one, &other), (&other, &one)] {
        let page = desk.page(&format!("/articles/{id}")).await;
        assert_has(
            &page,
            &[
                "Nearly the same text",
                &format!("<a href=\"/articles/{other}\">"),
            ],
        );
    }
    desk.stop().await;
}

#[tokio::test]
async fn nothing_of_a_hostile_page_is_markup_on_any_page() {
    let room = crawled().await;
    let changed = hostile().replace("mirrored", "mirrored twice");
    room.server.change(
        "daily.test/news/what-the-hostile-page-has-tried",
        Reply::html(&changed),
    );
    room.pass_after(6 * HOUR + 1).await;
    room.index().await;
    let id = article(&room, "alert(1)").await.id;
    let desk = Desk::open(&room).await;
    let attack = "%22%3E%3Cscript%3Ealert(5)%3C/script%3E";
    for path in [
        format!("/articles/{id}"),
        format!("/articles/{id}?compare=1"),
        "/search".to_owned(),
        "/search?q=alert".to_owned(),
        format!(
            "/search?q={attack}&source={attack}&language={attack}&after={attack}&order={attack}"
        ),
    ] {
        let page = desk.page(&path).await;
        assert_harmless(&page);
        assert!(
            path.contains("%22")
                || page.contains("&lt;script&gt;alert(1)")
                || page.contains("alert(1)"),
            "{path}"
        );
    }
    desk.stop().await;
}

#[tokio::test]
async fn an_article_is_had_as_a_file_of_the_output_formats() {
    let room = crawled().await;
    let stored = article(&room, "sails again").await;
    let desk = Desk::open(&room).await;
    let get = async |end: &str| {
        desk.get(&format!("/articles/{}{end}", stored.id))
            .send()
            .await
            .unwrap()
    };
    let answer = get(".txt").await;
    assert_eq!(answer.headers()[CONTENT_TYPE], "text/plain; charset=utf-8");
    let named = answer.headers()[CONTENT_DISPOSITION]
        .to_str()
        .unwrap()
        .to_owned();
    assert!(
        named.contains(&format!(
            "2026-11-20-the-ferry-sails-again-{}.txt",
            stored.id
        )),
        "{named}"
    );
    assert_eq!(
        answer.text().await.unwrap(),
        to_string(&stored, format(Format::Text))
    );
    let markdown = get(".md").await.text().await.unwrap();
    assert_has(
        &markdown,
        &[
            "title: \"The ferry sails again\"",
            "## What the council said",
            "| Monday | 120 |",
        ],
    );
    desk.stop().await;
}

/// A newsroom of 24 articles.
async fn archive() -> Newsroom {
    let mut room = Newsroom::open();
    for host in ["a.test", "bb.test", "ccc.test", "dddd.test"] {
        room.site(host, 6);
        room.source(host, &[&format!("http://{host}/")]);
    }
    room.pass().await;
    room
}

/// The ids of the articles that a page lists.
fn listed(page: &str) -> Vec<String> {
    let links = page.split("<a href=\"/articles/").skip(1);
    links
        .map(|it| it.split('"').next().unwrap().to_owned())
        .collect()
}

/// The page with this path, once the server has indexed all.
async fn indexed(desk: &Desk, path: &str) -> String {
    loop {
        let page = desk.page(path).await;
        if !page.contains("being brought up to date") {
            return page;
        }
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn the_server_indexes_articles_and_lists_them_page_by_page() {
    let room = archive().await;
    let desk = Desk::open(&room).await;
    let redirect = desk
        .get("/articles")
        .header("accept", "text/html")
        .send()
        .await
        .unwrap();
    assert_eq!(redirect.headers()["location"], "/search");
    let first = indexed(&desk, "/search").await;
    assert_has(&first, &["<h1>Articles</h1>", "24 articles", "Next page"]);
    let next = first
        .split("href=\"/search?cursor=")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap();
    let second = desk.page(&format!("/search?cursor={next}")).await;
    assert!(second.contains("First page") && !second.contains("Next page"));
    let mut ids = [listed(&first), listed(&second)].concat();
    ids.sort();
    ids.dedup();
    assert_eq!((ids.len(), listed(&first).len()), (24, 20));
    let bad = desk
        .get("/search?cursor=x")
        .header("accept", "text/html")
        .send()
        .await
        .unwrap();
    assert_eq!(bad.status(), 400);
    desk.stop().await;
}

#[tokio::test]
async fn a_search_finds_words_by_source_language_and_date() {
    let room = crawled().await;
    let desk = Desk::open(&room).await;
    let found = async |query: &str| {
        let page = indexed(&desk, &format!("/search?{query}")).await;
        (listed(&page).len(), page)
    };
    let (count, page) = found("q=%22council+said%22+quays").await;
    assert_eq!(count, 1, "{page}");
    assert_has(
        &page,
        &[
            "<h1>Search</h1>",
            "1 article",
            "The ferry sails again",
            "<mark>quays</mark>",
            "value=\"&#34;council said&#34; quays\"",
        ],
    );
    for (query, count) in [
        ("q=title:ferry&source=weekly", 1),
        ("q=title:ferry&source=nobody", 0),
        ("language=ar", 1),
        ("q=ferry&language=ar", 0),
        ("after=2026-11-20&before=2026-11-21", 1),
        ("after=2026-11-21&before=2026-11-20", 0),
        ("q=title:ferry&order=newest", 2),
        ("q=zeppelin", 0),
    ] {
        let (found, page) = found(query).await;
        assert_eq!(found, count, "{query}: {page}");
    }
    let (_, page) = found("q=colour:red&before=soon").await;
    assert_has(
        &page,
        &["names no field", "“soon” is no day", "Nothing found"],
    );
    desk.stop().await;
}

async fn lines(answer: Response) -> Vec<String> {
    let text = answer.text().await.unwrap();
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    lines.sort();
    lines
}

#[tokio::test]
async fn exports_are_the_records_that_the_command_exports() {
    let room = archive().await;
    room.index().await;
    let desk = Desk::open(&room).await;
    let command = newsprint(room.dir.path())
        .args(["export", "--source", "bb.test"])
        .output()
        .unwrap();
    let mut expected: Vec<String> = String::from_utf8(command.stdout)
        .unwrap()
        .lines()
        .map(str::to_owned)
        .collect();
    expected.sort();
    assert_eq!(expected.len(), 6);
    let path = "/search/export?source=bb.test&format=";
    let answer = desk.get(&format!("{path}jsonl")).send().await.unwrap();
    assert_eq!(answer.headers()[CONTENT_TYPE], "application/x-ndjson");
    assert_eq!(
        answer.headers()[CONTENT_DISPOSITION],
        "attachment; filename=\"articles.jsonl\""
    );
    let text = answer.text().await.unwrap();
    let records: Vec<Article> = text
        .lines()
        .map(|it| serde_json::from_str(it).unwrap())
        .collect();
    let mut seen: Vec<String> = text.lines().map(str::to_owned).collect();
    seen.sort();
    assert_eq!(seen, expected);
    for name in [Format::Csv, Format::Parquet] {
        let (mut bytes, mut encoder) = (Vec::new(), format(name).encoder(true));
        records
            .iter()
            .for_each(|it| encoder.write(it, &mut bytes).unwrap());
        encoder.finish(&mut bytes).unwrap();
        let answer = desk
            .get(&format!("{path}{}", name.name()))
            .send()
            .await
            .unwrap();
        assert_eq!(answer.bytes().await.unwrap(), bytes, "{}", name.name());
    }
    let everything = desk
        .get("/search/export?format=jsonl")
        .send()
        .await
        .unwrap();
    assert_eq!(lines(everything).await.len(), 24);
    let none = desk.get("/search/export?format=exe").send().await.unwrap();
    assert_eq!(none.status(), 400);
    desk.stop().await;
}
