//! Pages that scripts make, shown in a browser. Needs Debian's `chromium`; each test says so where there is none.

#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used)]

mod support;

use std::fs;
use std::time::Duration;

use newsprint::article::Article;
use newsprint::crawl::{
    self, CancellationToken, Options, ReextractOptions, Silent, Summary, reextract,
};
use newsprint::store::{self, AddressFilter, Filter};
use newsprint::{Limits, VisitOutcome};
use support::{Chromium, Newsroom, Reply, Server, front, newsprint, page, story};
use url::Url;

/// The text of every story here ends with this, which no other page has.
const LAST: &str = "So it went until the morning.";
/// What a page has that a script fills.
const SHELL: &str = "<!DOCTYPE html><title>Night in the harbour</title><div id=root>Loading…</div>";
/// Fills it with the story in `story`.
const FILL: &str = "document.querySelector('#root').innerHTML = '<article><h1>Night in the harbour</h1>' + \
                    story.split('\\n\\n').map(it => `<p>${it}</p>`).join('') + '</article>';";
const ONE: &str = "/news/one-long-night-in-the-harbour";
const TWO: &str = "/news/two-long-nights-in-the-harbour";
const THREE: &str = "/news/three-long-nights-in-the-harbour";

fn text(number: u64) -> String {
    format!("{}\n\n{LAST}", story(number))
}

/// A page whose script does this.
fn shell(script: &str) -> Reply {
    Reply::html(&format!("{SHELL}<script type=module>{script}</script>"))
}

/// A script whose author has hidden the text well: no reader without a browser finds it.
fn hidden(number: u64) -> String {
    let codes: Vec<String> = text(number)
        .chars()
        .map(|it| (it as u32 + 7).to_string())
        .collect();
    format!(
        "const story = [{}].map(it => String.fromCharCode(it - 7)).join(''); {FILL}",
        codes.join(",")
    )
}

/// A room with one source whose front page links here, and a browser.
fn room(links: &[&str]) -> Option<(Newsroom, Chromium)> {
    let chromium = Chromium::start()?;
    let mut room = Newsroom::open();
    room.server.may("daily.test/", front(links));
    let address = chromium.address();
    room.source("daily", &["http://daily.test/"]).render = Some(address);
    Some((room, chromium))
}

async fn stored(room: &Newsroom) -> Vec<Article> {
    let store = store::open(&room.config().store.location).await.unwrap();
    let mut articles = store.articles(Filter::default());
    let mut all = Vec::new();
    while let Some(article) = articles.next().await.unwrap() {
        all.push(article);
    }
    all.sort_by(|a, b| a.url.cmp(&b.url));
    all
}

async fn reason(room: &Newsroom, path: &str) -> String {
    let store = store::open(&room.config().store.location).await.unwrap();
    let mut addresses = store.addresses(AddressFilter::default());
    while let Some(address) = addresses.next().await.unwrap() {
        if address.url.ends_with(path) {
            return address.reason.unwrap_or_default();
        }
    }
    String::new()
}

async fn pass_with(room: &Newsroom, limits: Limits) -> Summary {
    let options = Options {
        clock: room.clock.clone(),
        limits,
        ..Options::default()
    };
    let stop = CancellationToken::new();
    crawl::run(&room.config(), &options, &stop, &Silent)
        .await
        .unwrap()
}

fn is_rendered(article: &Article) -> bool {
    article.warnings.iter().any(|it| it == "rendered")
}

#[tokio::test]
async fn pages_that_scripts_make_are_stored_with_their_text() {
    let Some((mut room, chromium)) = room(&[ONE, TWO, THREE]) else {
        return;
    };
    let tabs = chromium.targets();
    let fetched = format!("const story = await (await fetch('/api/1.json')).json(); {FILL}");
    let json = serde_json::to_string(&text(1)).unwrap();
    room.server
        .on(&format!("daily.test{ONE}"), shell(&fetched))
        .on(
            "daily.test/api/1.json",
            Reply::new(200, "application/json", json),
        )
        .on(&format!("daily.test{TWO}"), shell(&hidden(2)))
        .on(
            &format!("daily.test{THREE}"),
            Reply::html(&format!(
                "{SHELL}<link rel=stylesheet href=/style.css><img src=/picture.png>\
                <script src=http://cdn.test/app.js></script>"
            )),
        )
        .on(
            "cdn.test/app.js",
            Reply::new(200, "text/javascript", hidden(3)),
        );
    room.source("cdn", &["http://cdn.test/"]).start.clear();
    let summary = room.pass().await;
    assert_eq!(summary.articles(), 3, "{}", reason(&room, ONE).await);
    let articles = stored(&room).await;
    for article in &articles {
        assert!(article.text.ends_with(LAST), "{}", article.text);
        assert!(is_rendered(article), "{:?}", article.warnings);
        assert_eq!(article.title.as_deref(), Some("Night in the harbour"));
    }
    // Whatever was asked, it was us who asked: each page once, with our name.
    let hits = room.server.hits();
    let agent = &room.crawl.user_agent;
    assert!(
        hits.iter()
            .all(|hit| hit.headers.get("user-agent") == Some(agent))
    );
    assert!(hits.iter().all(|hit| hit.alone));
    let robots = hits
        .iter()
        .filter(|hit| hit.path == "/robots.txt" && hit.host == "cdn.test");
    assert_eq!(robots.count(), 1);
    assert_eq!(chromium.targets(), tabs);

    // What is stored is the page as it was shown.
    room.server.forget_hits();
    let again = ReextractOptions {
        clock: room.clock.clone(),
        ..ReextractOptions::default()
    };
    reextract(&room.config(), &again, |source| {
        assert!(source.is_nothing(), "{source:?}");
        Ok::<_, crawl::CrawlError>(())
    })
    .await
    .unwrap();
    assert!(stored(&room).await.iter().all(is_rendered));
    assert!(room.server.hits().is_empty());
}

#[tokio::test]
async fn a_page_with_its_text_and_a_page_that_refuses_it_are_not_shown() {
    let links = [ONE, TWO, THREE];
    let mut room = Newsroom::open();
    room.server.on("daily.test/", front(&links));
    // Nobody listens there: whatever would be shown ends as not rendered.
    let nobody = Url::parse("ws://127.0.0.1:9").unwrap();
    room.source("daily", &["http://daily.test/"]).render = Some(nobody);
    let plain = page("Night in the harbour", &text(1));
    let script = "<script src=/app.js></script>";
    let challenge = "<title>Just a moment...</title><p>Checking your browser before accessing daily.test.\
                     <script>window._cf_chl_opt={}</script>";
    let missing =
        format!("<title>Page not found</title><h1>404</h1><p>Page not found.</p>{script}");
    room.server
        .on(
            &format!("daily.test{ONE}"),
            Reply::html(&format!("{plain}{script}")),
        )
        .on(&format!("daily.test{TWO}"), Reply::html(challenge))
        .on(&format!("daily.test{THREE}"), Reply::html(&missing));
    let outcomes = &room.pass().await.sources[0].outcomes;
    assert_eq!(outcomes[&VisitOutcome::Stored], 1, "{outcomes:?}");
    assert_eq!(outcomes[&VisitOutcome::Challenge], 1, "{outcomes:?}");
    assert_eq!(outcomes[&VisitOutcome::Soft404], 1, "{outcomes:?}");
}

#[tokio::test]
async fn without_a_browser_pages_wait_for_it_and_all_else_goes_on() {
    let mut room = Newsroom::open();
    room.server
        .may("daily.test/", front(&[ONE, TWO]))
        .may(&format!("daily.test{ONE}"), shell(&hidden(1)))
        .on(
            &format!("daily.test{TWO}"),
            Reply::html(&page("Night two", &text(2))),
        );
    let nobody = Url::parse("ws://127.0.0.1:9").unwrap();
    room.source("daily", &["http://daily.test/"]).render = Some(nobody);
    let summary = room.pass().await;
    let source = &summary.sources[0];
    assert_eq!(source.outcomes[&VisitOutcome::Stored], 1);
    assert_eq!(source.outcomes[&VisitOutcome::NotRendered], 1);
    let why = reason(&room, ONE).await;
    assert!(
        why.starts_with("no browser answers at ws://127.0.0.1:9"),
        "{why}"
    );
    assert!(
        why.contains("chromium --headless --remote-debugging-port=9 "),
        "{why}"
    );
    let health: Vec<String> = source
        .health_issues
        .iter()
        .map(ToString::to_string)
        .collect();
    assert!(
        health
            .iter()
            .any(|it| it.contains("1 page could not be shown in the browser")),
        "{health:?}"
    );

    // The browser is there: the page is tried again by itself, and nothing is wrong any more.
    let Some(chromium) = Chromium::start() else {
        return;
    };
    room.sources[0].render = Some(chromium.address());
    let summary = room.pass_after(60 * 24).await;
    assert_eq!(summary.articles(), 1);
    let health: Vec<String> = summary.sources[0]
        .health_issues
        .iter()
        .map(ToString::to_string)
        .collect();
    assert!(
        health.iter().all(|it| !it.contains("browser")),
        "{health:?}"
    );
}

#[tokio::test]
async fn what_robots_txt_forbids_is_not_fetched_for_a_script_either() {
    let Some((room, _chromium)) = room(&[ONE]) else {
        return;
    };
    let fetched = format!(
        "const story = await (await fetch('http://api.test/private/1.json')).json(); {FILL}"
    );
    room.server
        .on(&format!("daily.test{ONE}"), shell(&fetched))
        .may(
            "api.test/robots.txt",
            Reply::text("User-agent: *\nDisallow: /private/"),
        );
    let summary = room.pass().await;
    assert_eq!(summary.articles(), 0);
    assert_eq!(room.server.paths("api.test"), ["/robots.txt"]);
    let why = reason(&room, ONE).await;
    assert!(
        why.contains("1 of 1 requests of its scripts failed") && why.contains("robots.txt"),
        "{why}"
    );
}

#[tokio::test]
async fn a_front_page_that_scripts_make_leads_to_articles() {
    let Some((room, chromium)) = room(&[]) else {
        return;
    };
    let links = format!(
        "document.body.innerHTML = '<h2><a href={ONE}>What happened in the harbour last night</a></h2>'"
    );
    room.server.change("daily.test/", shell(&links));
    room.server.on(
        &format!("daily.test{ONE}"),
        Reply::html(&page("Night one", &text(1))),
    );
    assert_eq!(room.pass().await.articles(), 1);
    drop(chromium);

    // Without its browser it is said what is missing.
    let summary = room.pass_after(60 * 24).await;
    assert_eq!(
        summary.sources[0].failures[0].outcome,
        VisitOutcome::NotRendered
    );
}

#[tokio::test]
async fn scripts_without_end_are_ended_and_the_page_is_read_as_it_is() {
    let Some((room, chromium)) = room(&[ONE, TWO]) else {
        return;
    };
    let endless = format!("{}; for (;;) {{}}", hidden(1));
    let polls = format!(
        "{}; setInterval(() => fetch('/poll?' + Math.random()), 10)",
        hidden(2)
    );
    room.server
        .on(&format!("daily.test{ONE}"), shell(&endless))
        .on(&format!("daily.test{TWO}"), shell(&polls));
    let tabs = chromium.targets();
    let answers = |hit: &support::Hit| match hit.path.as_str() {
        path if path.starts_with("/poll") => Reply::text("nothing new"),
        _ => Reply::status(404),
    };
    room.server.site("daily.test", answers);
    let mut limits = Limits::default();
    limits.render_time = Duration::from_secs(4);
    limits.render_requests = 7;
    let summary = pass_with(&room, limits).await;
    assert_eq!(
        summary.articles(),
        2,
        "{} | {}",
        reason(&room, ONE).await,
        reason(&room, TWO).await
    );
    let polled = room.server.paths("daily.test");
    assert_eq!(
        polled.iter().filter(|it| it.starts_with("/poll")).count(),
        7
    );
    assert_eq!(chromium.targets(), tabs);
}

#[test]
fn fetch_and_explain_show_the_page_in_the_browser_of_its_source() {
    let Some(chromium) = Chromium::start() else {
        return;
    };
    let server = Server::start();
    server.may(&format!("daily.test{ONE}"), shell(&hidden(1)));
    let dir = tempfile::tempdir().unwrap();
    let config = |render: &str| {
        let text = format!(
            "[network.resolve]\n\"daily.test:80\" = \"{}\"\n[[source]]\nname = \"daily\"\n\
             start = [\"http://daily.test/\"]\nrender = {render:?}\n",
            server.address
        );
        fs::write(dir.path().join("config.toml"), text).unwrap();
    };
    let url = format!("http://daily.test{ONE}");
    let run = |command: &str| -> support::Ran {
        let mut program = newsprint(dir.path());
        program
            .args([command, &url, "--format", "json"])
            .output()
            .unwrap()
            .into()
    };
    config(chromium.address().as_str());
    let fetched = run("fetch");
    let record: serde_json::Value = serde_json::from_str(&fetched.out).unwrap();
    assert!(
        record["text"].as_str().unwrap().ends_with(LAST),
        "{}",
        fetched.out
    );
    assert!(record["warnings"].to_string().contains("rendered"));
    assert!(run("explain").out.contains(LAST));

    config("");
    assert_eq!(run("fetch").code, 4);
    config("ws://127.0.0.1:9");
    let away = run("fetch");
    assert!(
        away.code != 0 && away.err.contains("no browser answers"),
        "{}",
        away.err
    );
}

#[tokio::test]
async fn shadow_trees_are_read_where_they_stand_and_scripts_are_fetched_once_for_all_pages() {
    let Some((room, _chromium)) = room(&[ONE, TWO]) else {
        return;
    };
    // The host's own words stand between those of its shadow tree.
    let shadow = "document.querySelector('#root').innerHTML = '<article><h1>Night in the harbour</h1><x-text></x-text></article>';
        const host = document.querySelector('x-text'), all = story.split('\\n\\n').map(it => `<p>${it}</p>`);
        host.innerHTML = all[1];
        host.attachShadow({mode: 'open'}).innerHTML = all[0] + '<slot></slot>' + all.slice(2).join('');";
    let app = format!("export const show = (story) => {{ {shadow} }}");
    let app = Reply::new(200, "text/javascript", app).header("Cache-Control", "max-age=600");
    room.server.on("daily.test/app.js", app);
    for (number, path) in [(1, ONE), (2, TWO)] {
        let hidden = hidden(number).replace(FILL, "");
        let script = format!("import {{ show }} from '/app.js'; {hidden}; show(story)");
        room.server.on(&format!("daily.test{path}"), shell(&script));
    }
    assert_eq!(
        room.pass().await.articles(),
        2,
        "{}",
        reason(&room, ONE).await
    );
    let texts: Vec<String> = stored(&room).await.into_iter().map(|it| it.text).collect();
    assert_eq!(texts, [text(1), text(2)]);
    let asked = room.server.paths("daily.test");
    assert_eq!(asked.iter().filter(|it| *it == "/app.js").count(), 1);
}
