//! A site corrected by pointing, over HTTP, as a browser without scripts does it; and that nothing of an explained page
//! is markup on the desk's.

#![cfg(feature = "serve")]
#![allow(clippy::unwrap_used)]

mod support;

use std::fs;

use newsprint::store::{self, Filter};
use support::{Desk, Newsroom, Reply, page, story};

const CRUFT: &str = "Your harbour, your paper: the Daily is printed on the quay.";
/// Attacks that an explained page carries in its title, its text and its classes.
const ATTACKS: [&str; 3] = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(2)>",
    "' onmouseover='alert(3)",
];

/// A page as it came.
struct Shown {
    status: u16,
    location: Option<String>,
    html: String,
}

async fn get(desk: &Desk, path: &str) -> Shown {
    shown(
        desk.get(path)
            .header("accept", "text/html")
            .send()
            .await
            .unwrap(),
    )
    .await
}

/// Sends a form with the token that the page at `from` carries.
async fn post(desk: &Desk, from: &str, path: &str, fields: &[(&str, &str)]) -> Shown {
    let page = get(desk, from).await.html;
    let (_, rest) = page.split_once("name=\"form_token\" value=\"").unwrap();
    let token = rest.split_once('"').unwrap().0;
    let mut body = url::form_urlencoded::Serializer::new(String::new());
    body.extend_pairs(fields).append_pair("form_token", token);
    let request = desk
        .post(path)
        .header("accept", "text/html")
        .header("origin", &desk.origin);
    let request = request.header("content-type", "application/x-www-form-urlencoded");
    shown(request.body(body.finish()).send().await.unwrap()).await
}

/// The page to which work leads once it is done.
async fn done(desk: &Desk, started: &Shown) -> String {
    assert_eq!(started.status, 303, "{}", started.html);
    let job = started.location.clone().unwrap();
    loop {
        let page = get(desk, &job).await;
        if let Some(location) = page.location {
            return location;
        }
        assert!(page.html.contains("<progress"), "{}", page.html);
        tokio::task::yield_now().await;
    }
}

async fn shown(response: reqwest::Response) -> Shown {
    let location = response.headers().get("location");
    Shown {
        status: response.status().as_u16(),
        location: location.map(|it| it.to_str().unwrap().to_owned()),
        html: response.text().await.unwrap(),
    }
}

/// A source of three stories that end with the same line, and of a page that is refused.
async fn crawled() -> Newsroom {
    let mut room = Newsroom::open();
    let mut links = String::new();
    for number in 1..=3 {
        let path = format!("/news/night-{}", 10_000 + number);
        links.push_str(&format!("<a href={path}>A long night in town {number}</a>"));
        let html = page("A long night", &format!("{}\n\n{CRUFT}", story(number)));
        let html = html.replace(
            &format!("<p>{CRUFT}"),
            &format!("<p class='house-line'>{CRUFT}"),
        );
        room.server
            .on(&format!("daily.test{path}"), Reply::html(&html));
    }
    let lost = "<html lang=en><title>Tables of the tides</title><div class=tides><p>High at six.</p></div></html>";
    links.push_str("<a href=/news/tables-of-the-tides>The tables of the tides for the week</a>");
    room.server
        .on("daily.test/news/tables-of-the-tides", Reply::html(lost));
    room.server.on("daily.test/", Reply::html(&links));
    room.source("daily", &["http://daily.test/"]);
    assert_eq!(room.pass().await.articles(), 3);
    room
}

/// The ids of the articles.
async fn ids(room: &Newsroom) -> Vec<String> {
    let store = store::open(room.location()).await.unwrap();
    let mut articles = store.articles(Filter::default());
    let mut ids = Vec::new();
    while let Some(article) = articles.next().await.unwrap() {
        ids.push(article.id);
    }
    store.close().await;
    ids
}

/// The number of the block with this text, by its link.
fn block_of(html: &str, text: &str) -> usize {
    let before = html.split_once(text).unwrap().0;
    let (_, id) = before.rsplit_once("id=\"b").unwrap();
    id.split_once('"').unwrap().0.parse().unwrap()
}

#[tokio::test]
async fn a_site_is_corrected_by_pointing_and_taken_back() {
    let room = crawled().await;
    let id = ids(&room).await.remove(0);
    let desk = Desk::open(&room).await;
    let rules = room.dir.path().join("rules");
    let view = format!("/articles/{id}/explain");
    let explained = get(&desk, &view).await;
    assert_eq!(explained.status, 200);
    let number = block_of(&explained.html, CRUFT);
    assert!(
        explained
            .html
            .contains(&format!("{view}?block={number}#correct"))
    );

    // Pointed at, it has proposals; tried on the stored pages, they have effects.
    let pointed = format!("{view}?block={number}");
    let html = get(&desk, &pointed).await.html;
    assert!(
        html.contains("<code><bdi>p.house-line</bdi></code>"),
        "{html}"
    );
    assert!(!html.contains("Of 3 stored pages"), "{html}");
    let block = number.to_string();
    let fields = [("block", block.as_str()), ("as", "strip")];
    let started = post(&desk, &pointed, &format!("{view}/try"), &fields).await;
    let tried = done(&desk, &started).await;
    let tried_page = tried.split('#').next().unwrap().to_owned();
    let html = get(&desk, &tried_page).await.html;
    assert!(
        html.contains("3 articles would change, 3 paragraphs would go"),
        "{html}"
    );
    assert!(!rules.exists());

    // Chosen, it is written with a case, and said so.
    let chosen = [fields[0], fields[1], ("css", "p.house-line")];
    let applied = post(&desk, &tried_page, &format!("{view}/apply"), &chosen).await;
    assert_eq!(applied.status, 303, "{}", applied.html);
    let written = fs::read_to_string(rules.join("sites/daily.test.toml")).unwrap();
    assert!(written.contains("strip = \"p.house-line\""), "{written}");
    let after = applied.location.unwrap();
    let html = get(&desk, &after).await.html;
    assert!(
        html.contains("Written into") && html.contains("Undo"),
        "{html}"
    );
    assert!(html.contains("strip p.house-line"), "{html}");

    // Stored pages follow once they are extracted again.
    let started = post(&desk, &after, "/sources/daily/reextract", &[]).await;
    let changed = done(&desk, &started).await;
    let html = get(&desk, &changed).await.html;
    assert!(
        html.contains("3 texts changed") && html.contains(CRUFT),
        "{html}"
    );

    // Taken back, once.
    let html = get(&desk, &after).await.html;
    let (_, undo) = html.split_once("action=\"/corrections/").unwrap();
    let undo = format!("/corrections/{}", undo.split_once('"').unwrap().0);
    let undone = post(&desk, &after, &undo, &[]).await;
    assert_eq!(undone.status, 303, "{}", undone.html);
    assert!(!rules.exists());
    assert_eq!(post(&desk, &after, &undo, &[]).await.status, 404);

    // One that does not do what it is meant to is not written.
    let wrong = [fields[0], fields[1], ("css", "nav")];
    let refused = post(&desk, &pointed, &format!("{view}/apply"), &wrong).await;
    assert_eq!(refused.status, 422);
    assert!(!rules.exists());
    desk.stop().await;
}

#[tokio::test]
async fn a_lost_page_is_explained_by_its_address_and_corrected_too() {
    let room = crawled().await;
    let desk = Desk::open(&room).await;
    let found = get(
        &desk,
        "/explain?url=http://daily.test/news/tables-of-the-tides",
    )
    .await;
    assert_eq!(found.status, 303);
    let view = found.location.unwrap();
    let html = get(&desk, &view).await.html;
    let number = block_of(&html, "High at six.");
    let html = get(&desk, &format!("{view}?block={number}&as=article"))
        .await
        .html;
    assert!(html.contains("div.tides"), "{html}");
    assert_eq!(
        get(&desk, "/explain?url=http://daily.test/other")
            .await
            .status,
        404
    );
    assert_eq!(get(&desk, "/pages/999999/explain").await.status, 404);
    assert_eq!(get(&desk, "/articles/none/explain").await.status, 404);
    desk.stop().await;
}

#[tokio::test]
async fn without_its_raw_page_an_article_says_so_and_read_only_offers_nothing() {
    let room = crawled().await;
    let id = ids(&room).await.remove(0);
    let desk = Desk::with(&room, |it| it.read_only = true).await;
    let view = format!("/articles/{id}/explain");
    let html = get(&desk, &format!("{view}?block=1")).await.html;
    assert!(
        html.contains("Correct a block") && !html.contains("method=\"post\""),
        "{html}"
    );
    desk.stop().await;
    room.run("DELETE FROM pages").await;
    let desk = Desk::open(&room).await;
    let gone = get(&desk, &view).await;
    assert_eq!(gone.status, 200);
    assert!(
        gone.html.contains("not kept any more") && gone.html.contains(CRUFT),
        "{}",
        gone.html
    );
    desk.stop().await;
}

#[tokio::test]
async fn nothing_of_an_explained_page_is_markup() {
    let mut room = Newsroom::open();
    let escaped = ATTACKS.map(|it| it.replace('<', "&lt;"));
    let html = page(
        &escaped.join(" "),
        &format!("{}\n\n{}", story(1), escaped.join("\n\n")),
    );
    let html = html.replace(
        "<article>",
        "<article class='x\"><script>alert(4)</script>' id='\"><img'>\u{200f}",
    );
    room.server
        .on("daily.test/news/night-10001", Reply::html(&html));
    room.server.on(
        "daily.test/",
        Reply::html("<a href=/news/night-10001>A long night in the town</a>"),
    );
    room.source("daily", &["http://daily.test/"]);
    room.pass().await;
    let id = ids(&room).await.remove(0);
    let desk = Desk::open(&room).await;
    let view = format!("/articles/{id}/explain");
    let html = get(&desk, &view).await.html;
    let blocks = html.matches("class=\"point\"").count();
    assert!(blocks > 5);
    for number in 0..blocks {
        for key in ["strip", "keep", "article", "title"] {
            let html = get(&desk, &format!("{view}?block={number}&as={key}"))
                .await
                .html;
            for markup in ["<script>alert", "<img", "onmouseover='alert", "\u{200f}"] {
                let at = html
                    .find(markup)
                    .map(|at| html[at..].chars().take(80).collect::<String>());
                // Between tags, quotes are text.
                let is_text = markup.starts_with("on");
                assert!(at.is_none() || is_text, "{at:?}");
            }
        }
    }
    // What is not a number, a key or a block is refused or has no panel.
    assert_eq!(get(&desk, &format!("{view}?block=x")).await.status, 400);
    assert_eq!(
        get(&desk, &format!("{view}?block=1&as=next_page"))
            .await
            .status,
        400
    );
    assert_eq!(get(&desk, &format!("{view}?block=99999")).await.status, 200);
    desk.stop().await;
}
