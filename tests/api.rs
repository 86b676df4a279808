//! The JSON API of `newsprint serve`: what it answers, that its description holds, and that an error says what to do.

#![cfg(feature = "serve")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stderr)]

#[allow(dead_code)]
#[path = "../src/schema/check.rs"]
mod check;
mod support;

use reqwest::header::{
    ACCEPT, CONTENT_TYPE, ETAG, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED, LINK,
};
use reqwest::{Method, RequestBuilder, Response};
use serde_json::Value;
use support::{Desk, NIGHTS, Newsroom, Reply, page, story};

/// A newsroom with a source of three articles after a pass, served.
struct Api {
    room: Newsroom,
    desk: Desk,
    client: reqwest::Client,
}

impl Api {
    async fn open() -> Api {
        let mut room = Newsroom::open();
        room.source("daily", &["http://daily.test/"]);
        let mut links = NIGHTS[..3].to_vec();
        links.push("/news/gone-with-the-tide-of-the-harbour");
        // The first answer of the front page; those of the site follow.
        room.server.may("daily.test/", support::front(&links));
        room.site("daily.test", 3);
        let gone = "daily.test/news/gone-with-the-tide-of-the-harbour";
        room.server.may(gone, Reply::status(404));
        room.pass().await;
        Api::of(room).await
    }

    async fn of(room: Newsroom) -> Api {
        room.index().await;
        Api {
            desk: Desk::with(&room, |settings| settings.config.crawl.max_body = 100_000).await,
            client: reqwest::Client::builder().no_proxy().build().unwrap(),
            room,
        }
    }

    fn ask(&self, method: Method, path: &str) -> RequestBuilder {
        self.client
            .request(method, format!("{}{path}", self.desk.origin))
    }

    async fn get(&self, path: &str) -> Response {
        self.ask(Method::GET, path).send().await.unwrap()
    }

    /// The answer to this, which is all right.
    async fn object(&self, path: &str) -> Value {
        let answer = self.get(path).await;
        assert_eq!(answer.status(), 200, "{path}");
        assert_eq!(answer.headers()[CONTENT_TYPE], "application/json", "{path}");
        answer_object(answer).await
    }

    async fn extract(&self, query: &str, page: impl Into<reqwest::Body>) -> Response {
        self.extract_as(query, "text/html; charset=utf-8", page)
            .await
    }

    async fn extract_as(
        &self,
        query: &str,
        media_type: &str,
        page: impl Into<reqwest::Body>,
    ) -> Response {
        let request = self.ask(Method::POST, &format!("/extract{query}"));
        let request = request.header(CONTENT_TYPE, media_type);
        request.body(page).send().await.unwrap()
    }
}

async fn answer_object(answer: Response) -> Value {
    serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap()
}

/// The problem that an answer states, with this status.
async fn problem(answer: Response, status: u16) -> Value {
    assert_eq!(answer.headers()[CONTENT_TYPE], "application/problem+json");
    assert_eq!(answer.status(), status);
    let problem = answer_object(answer).await;
    assert_eq!(problem["status"], status);
    problem
}

fn detail(problem: &Value) -> &str {
    problem["detail"].as_str().unwrap()
}

/// The schema of the answers 200 to a path.
fn schema(path: &str) -> String {
    let path = path.replace('/', "~1");
    format!("/paths/{path}/get/responses/200/content/application~1json/schema")
}

#[tokio::test]
async fn every_answer_is_as_the_document_says() {
    let api = Api::open().await;
    let text = api.get("/api/openapi.json").await.text().await.unwrap();
    let document: Value = serde_json::from_str(&text).unwrap();
    let id = api.room.written()[0].id.clone();
    let mut paths: Vec<&String> = document["paths"].as_object().unwrap().keys().collect();
    paths.retain(|it| !["/extract", "/fetch"].contains(&it.as_str()));
    assert!(paths.len() >= 8, "{paths:?}");
    for path in paths {
        let asked = path.replace("{id}", &id).replace("{name}", "daily");
        let object = api.object(&format!("/api{asked}")).await;
        let operation = &document["paths"][path]["get"]["responses"]["200"];
        let place = match operation["$ref"].as_str() {
            Some(place) => format!("{}/content/application~1json/schema", &place[1..]),
            None => schema(path),
        };
        let faults = check::faults_at(&text, &place, &object);
        assert_eq!(faults, Vec::<String>::new(), "{path}: {object:#}");
        if path != "/openapi.json" {
            assert_eq!(api.object(&asked).await, object, "{path}");
        }
    }
    let record = "/components/responses/Record/content/application~1json/schema";
    let story = page("Ferry returns", &story(7));
    let extracted = answer_object(api.extract("?with=links,blocks,html", story).await).await;
    let fetched = api
        .object(&format!("/fetch?url=http://daily.test{}", NIGHTS[0]))
        .await;
    for object in [extracted, fetched] {
        assert_eq!(
            check::faults_at(&text, record, &object),
            Vec::<String>::new()
        );
    }
}

/// Requests that cannot be answered, with the status and a part of what is said.
const BAD_REQUESTS: [(&str, &str, u16, &str); 21] = [
    ("GET", "/api/nothing", 404, ""),
    (
        "GET",
        "/articles/0000000000000000",
        404,
        "/search gives the ids",
    ),
    (
        "GET",
        "/articles/%00'\"<script>",
        404,
        "/search gives the ids",
    ),
    (
        "GET",
        "/articles/0000000000000000/revisions",
        404,
        "/search gives the ids",
    ),
    ("GET", "/sources/nobody", 404, "/sources lists those"),
    ("DELETE", "/api/pages", 405, "takes another method"),
    ("POST", "/api/sources", 405, "takes another method"),
    ("GET", "/pages?limit=0", 400, "a number from 1 to 1000"),
    (
        "GET",
        "/pages?cursor=x",
        400,
        "give the `next` of an answer back",
    ),
    (
        "GET",
        "/pages?outcome=lost",
        400,
        "known are stored, unchanged",
    ),
    (
        "GET",
        "/pages?sauce=daily",
        400,
        "known are source, outcome",
    ),
    (
        "GET",
        "/sources?cursor=nobody",
        400,
        "begin again without `cursor`",
    ),
    ("GET", "/sources?since=soon", 400, "or an age (24h)"),
    ("GET", "/search?order=best", 400, "relevance or newest"),
    (
        "GET",
        "/search?cursor=%27",
        400,
        "give the `next` of an answer back",
    ),
    ("GET", "/fetch", 400, "give the address of the page"),
    ("GET", "/fetch?url=daily.test", 400, "start with https://"),
    (
        "GET",
        "/fetch?url=file:///etc/passwd",
        400,
        "start with https://",
    ),
    (
        "GET",
        "/fetch?url=http://daily.test/&format=csv",
        400,
        "expected json, text",
    ),
    (
        "GET",
        "/fetch?url=http://daily.test/&with=all",
        400,
        "expected blocks, markdown",
    ),
    ("POST", "/extract", 400, "the body is empty"),
];

#[tokio::test]
async fn an_error_is_a_problem_that_says_what_to_do() {
    let api = Api::open().await;
    let text = api.get("/api/openapi.json").await.text().await.unwrap();
    for (method, path, status, says) in BAD_REQUESTS {
        let method: Method = method.parse().unwrap();
        let problem = problem(api.ask(method, path).send().await.unwrap(), status).await;
        assert!(detail(&problem).contains(says), "{path}: {problem:#}");
        let faults = check::faults_at(&text, "/components/schemas/Problem", &problem);
        assert_eq!(faults, Vec::<String>::new(), "{path}");
    }
}

#[tokio::test]
async fn a_page_is_extracted_as_it_is_sent() {
    let room = Newsroom::open();
    let api = Api::of(room).await;
    let text = "Паром снова вышел в море после одиннадцати лет. ".repeat(20);
    let html = format!(
        "<html><head><title>Паром</title></head><body><article><h1>Паром вернулся</h1><p>{text}</p></article></body></html>"
    );
    let bytes = encoding_rs::WINDOWS_1251.encode(&html).0.into_owned();
    let media_type = "text/html; charset=windows-1251";
    let answer = api
        .extract_as("?url=https://daily.test/1", media_type, bytes)
        .await;
    let record = answer_object(answer).await;
    assert_eq!(record["title"], "Паром вернулся");
    assert_eq!(record["url"], "https://daily.test/1");

    let markdown = api.extract("?format=markdown", html.clone()).await;
    assert_eq!(
        markdown.headers()[CONTENT_TYPE],
        "text/markdown; charset=utf-8"
    );
    assert!(markdown.text().await.unwrap().contains("# Паром вернулся"));

    let large = "x".repeat(100_001);
    let too_large = problem(api.extract("", large).await, 413).await;
    assert!(
        detail(&too_large).contains("[crawl] max_body"),
        "{too_large}"
    );

    let form = api
        .extract_as("", "application/x-www-form-urlencoded", html)
        .await;
    let form = problem(form, 415).await;
    assert!(detail(&form).contains("Content-Type: text/html"), "{form}");

    let hours =
        "The desk is open on weekdays from nine to five, and closed on Sundays and holidays.";
    let short =
        format!("<html><body><h1>Opening hours</h1><p>{hours}</p><p>{hours}</p></body></html>");
    let nothing = problem(api.extract("", short.clone()).await, 422).await;
    assert!(nothing["outcome"].is_string(), "{nothing}");
    let any = answer_object(api.extract("?any_kind", short).await).await;
    assert!(
        any["text"]
            .as_str()
            .unwrap()
            .starts_with("The desk is open"),
        "{any}"
    );
    assert_eq!(api.room.server.hits().len(), 0);
}

#[tokio::test]
async fn a_page_is_fetched_as_politely_as_in_a_crawl_and_not_stored() {
    let room = Newsroom::open();
    let closed = "User-agent: *\nDisallow: /private\n";
    room.server.on("daily.test/robots.txt", Reply::text(closed));
    room.server.on("daily.test/gone", Reply::status(410));
    room.server
        .on("daily.test/1", Reply::html(&page("Ferry", &story(1))));
    let api = Api::of(room).await;
    let record = api.object("/fetch?url=http://daily.test/1").await;
    assert_eq!(
        (&record["title"], &record["status"]),
        (&"Ferry".into(), &200.into())
    );
    for (url, status, outcome) in [
        ("http://daily.test/private/1", 403, "robots"),
        ("http://127.0.0.1:9/", 403, "blocked_address"),
        (
            "http://169.254.169.254/latest/meta-data",
            403,
            "blocked_address",
        ),
        ("http://daily.test/gone", 502, "http_4xx"),
    ] {
        let problem = problem(api.get(&format!("/fetch?url={url}")).await, status).await;
        assert_eq!(problem["outcome"], outcome, "{problem}");
    }
    let asked = api.room.server.paths("daily.test");
    assert_eq!(asked, ["/robots.txt", "/1", "/gone"]);
    assert_eq!(
        api.object("/pages").await["pages"],
        Value::from(Vec::<Value>::new())
    );
}

#[tokio::test]
async fn a_client_that_has_an_answer_is_told_so() {
    let api = Api::open().await;
    for path in ["/pages", "/sources", "/articles", "/openapi.json"] {
        let path = &format!("/api{path}");
        let first = api.get(path).await;
        let tag = first.headers()[ETAG].clone();
        let length = first.content_length();
        let again = api.ask(Method::GET, path).header(IF_NONE_MATCH, &tag);
        let again = again.send().await.unwrap();
        assert_eq!(
            (again.status().as_u16(), &again.headers()[ETAG]),
            (304, &tag)
        );
        assert_eq!(again.bytes().await.unwrap().len(), 0);
        let head = api.ask(Method::HEAD, path).send().await.unwrap();
        assert_eq!((head.status().as_u16(), &head.headers()[ETAG]), (200, &tag));
        let stated = head.headers()["content-length"].to_str().unwrap();
        assert_eq!(stated.parse().ok(), length, "{path}");
    }
    let before = api.get("/api/sources").await.headers()[ETAG].clone();
    api.room.pass_after(60 * 24).await;
    let after = api.ask(Method::GET, "/api/sources");
    let after = after.header(IF_NONE_MATCH, &before).send().await.unwrap();
    assert_eq!(after.status(), 200);
}

#[tokio::test]
async fn a_long_list_comes_in_parts_and_each_item_once() {
    let api = Api::open().await;
    let whole = api.object("/api/pages").await;
    let mut path = "/api/pages?limit=2".to_owned();
    let mut items = Vec::new();
    loop {
        let answer = api.get(&path).await;
        let link = answer
            .headers()
            .get(LINK)
            .map(|it| it.to_str().unwrap().to_owned());
        let part = answer_object(answer).await;
        items.extend(part["pages"].as_array().unwrap().clone());
        let Some(next) = part["next_url"].as_str() else {
            assert_eq!((link, &part["next"]), (None, &Value::Null));
            break;
        };
        assert_eq!(link.unwrap(), format!("<{next}>; rel=\"next\""));
        assert_eq!(part["pages"].as_array().unwrap().len(), 2);
        path = next.to_owned();
    }
    assert_eq!(Value::from(items), whole["pages"]);
    let lost = api.object("/pages?lost&outcome=http_4xx").await;
    assert_eq!(lost["pages"].as_array().unwrap().len(), 1);
    assert_eq!(
        lost["pages"][0]["url"],
        "http://daily.test/news/gone-with-the-tide-of-the-harbour"
    );
}

#[tokio::test]
async fn an_article_has_its_record_and_its_revisions() {
    let api = Api::open().await;
    let written = api.room.written();
    for article in &written {
        let record = api.object(&format!("/articles/{}", article.id)).await;
        assert_eq!(record, serde_json::to_value(article).unwrap());
        let revisions = api
            .object(&format!("/articles/{}/revisions", article.id))
            .await;
        assert_eq!(revisions["revisions"].as_array().unwrap().len(), 1);
        let first = revisions["revisions"][0]["url"].as_str().unwrap();
        assert_eq!(api.object(first).await, record);
    }
    let path = format!("/articles/{}?revision=2", written[0].id);
    let none = problem(api.get(&path).await, 404).await;
    assert!(detail(&none).contains("the newest is 1"), "{none}");
    let browser = api
        .ask(Method::GET, "/api/sources")
        .header(ACCEPT, "text/html");
    let browser = browser.send().await.unwrap();
    assert_eq!(browser.headers()[CONTENT_TYPE], "application/json");
}

/// The entries of a feed, by our own reader.
fn entries(feed: &[u8], address: &str) -> Vec<newsprint::discover::CandidateUrl> {
    let base = address.parse().unwrap();
    let limits = newsprint::Limits::DEFAULT;
    let feed = newsprint::discover::feed(feed, None, &base, &limits).unwrap();
    assert!(!feed.is_damaged);
    feed.entries
}

#[tokio::test]
async fn the_archive_is_a_feed_of_full_texts_in_parts() {
    let api = Api::open().await;
    let written = api.room.written();
    let mut path = "/feed.xml?source=daily&limit=2".to_owned();
    let mut found = Vec::new();
    loop {
        let answer = api.get(&path).await;
        assert_eq!(
            answer.headers()[CONTENT_TYPE],
            "application/atom+xml; charset=utf-8"
        );
        let feed = answer.text().await.unwrap();
        found.extend(entries(feed.as_bytes(), "http://localhost/feed.xml"));
        for article in written.iter().filter(|it| feed.contains(&it.id)) {
            let first = article.text.lines().next().unwrap();
            assert!(
                feed.contains(&format!("&lt;p&gt;{first}&lt;/p&gt;")),
                "{feed}"
            );
        }
        let next = feed.split("<link rel=\"next\"").nth(1);
        let Some(next) = next.and_then(|it| it.split("href=\"").nth(1)) else {
            break;
        };
        let next = next.split('"').next().unwrap().replace("&amp;", "&");
        path = next.strip_prefix(&api.desk.origin).unwrap().to_owned();
    }
    let mut urls: Vec<String> = found.iter().map(|it| it.url.to_string()).collect();
    urls.sort();
    let mut expected: Vec<_> = written
        .iter()
        .filter_map(|it| it.canonical_url.clone())
        .collect();
    expected.sort();
    assert_eq!(urls, expected);
    let none = api
        .get("/feed.xml?source=weekly")
        .await
        .text()
        .await
        .unwrap();
    assert!(!none.contains("<entry"), "{none}");
}

#[tokio::test]
async fn a_feed_reader_that_has_a_feed_is_told_so() {
    let api = Api::open().await;
    let first = api.get("/feed.xml").await;
    let (tag, date) = (&first.headers()[ETAG], &first.headers()[LAST_MODIFIED]);
    for (name, value) in [(IF_NONE_MATCH, tag), (IF_MODIFIED_SINCE, date)] {
        let again = api.ask(Method::GET, "/feed.xml").header(name, value);
        assert_eq!(again.send().await.unwrap().status(), 304);
    }
    let other = api
        .ask(Method::GET, "/feed.xml")
        .header(IF_NONE_MATCH, "\"other\"");
    let other = other.header(IF_MODIFIED_SINCE, date).send().await.unwrap();
    assert_eq!(other.status(), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn feedparser_reads_the_feed() {
    let Some(python) = std::env::var_os("NEWSPRINT_TEST_PYTHON") else {
        eprintln!(
            "skipped: NEWSPRINT_TEST_PYTHON is not set; `.ci/python` prints what it should be"
        );
        return;
    };
    let mut room = Newsroom::open();
    room.source("daily", &["http://daily.test/"]);
    let headline = "Ferry & <b>bridge</b> \u{1f6a2} ]]>";
    let escaped = headline.replace('&', "&amp;").replace('<', "&lt;");
    let html = page(&escaped, &story(1));
    room.server.may("daily.test/", support::front(&NIGHTS[..1]));
    room.server
        .may(&format!("daily.test{}", NIGHTS[0]), Reply::html(&html));
    room.pass().await;
    let api = Api::of(room).await;
    let feed = api.get("/feed.xml").await.bytes().await.unwrap();
    let mut command = std::process::Command::new(python);
    command.arg("-c").arg(
        "import feedparser, json, sys\n\
         feed = feedparser.parse(sys.stdin.buffer.read())\n\
         entry = feed.entries[0]\n\
         print(json.dumps([bool(feed.bozo), feed.version, feed.feed.id, entry.id, entry.title, entry.link,\n\
         entry.updated, entry.content[0].value]))",
    );
    let ran = support::with_input(&mut command, &feed);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let read: Value = serde_json::from_str(&ran.out).unwrap();
    let article = api.room.written().remove(0);
    assert_eq!((&read[0], &read[1]), (&false.into(), &"atom10".into()));
    assert_eq!(read[3], format!("urn:newsprint:article:{}", article.id));
    // It takes titles without a type as text, and sanitises what it gives.
    assert_eq!(read[4].as_str(), article.title.as_deref());
    assert_eq!(read[5].as_str(), article.canonical_url.as_deref());
    assert_eq!(read[6].as_str(), article.fetched_at.as_deref());
    assert_eq!(read[7].as_str().unwrap().matches("<p>").count(), 5);
}

#[tokio::test]
async fn articles_are_listed_and_searched_in_parts() {
    let api = Api::open().await;
    let ids = |list: &Value| -> Vec<String> {
        let articles = list["articles"].as_array().unwrap().iter();
        articles
            .map(|it| it["id"].as_str().unwrap().to_owned())
            .collect()
    };
    let all = api.object("/articles").await;
    let mut expected: Vec<_> = api.room.written().into_iter().map(|it| it.id).collect();
    let mut listed = ids(&all);
    expected.sort();
    listed.sort();
    assert_eq!(listed, expected);
    assert_eq!(
        (&all["total"], &all["total_is_exact"]),
        (&3.into(), &true.into())
    );
    for order in ["newest", "relevance"] {
        let mut path = format!("/api/search?q=title:night&order={order}&limit=2");
        let mut found = Vec::new();
        loop {
            let part = api.object(&path).await;
            found.extend(ids(&part));
            let Some(next) = part["next_url"].as_str() else {
                break;
            };
            path = next.to_owned();
        }
        found.sort();
        assert_eq!(found, expected, "{order}");
    }
    let one = api.object("/search?q=%22Night%202%20in%22").await;
    assert_eq!(one["total"], 1);
    let none = api.object("/search?q=night&source=weekly").await;
    assert_eq!(none["articles"], Value::from(Vec::<Value>::new()));
    let none = api.object("/articles?language=fi").await;
    assert_eq!(none["total"], 0);
    let later = api.object("/articles?since=2100-01-01").await;
    assert_eq!(later["total"], 0);
}
