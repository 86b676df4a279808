//! What keeps a served archive safe: who may call it and by which name, what forms have to carry, how much a client may
//! ask for, and what every answer says to browsers.

#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod support;

use newsprint::serve::{ServeError, Server};
use reqwest::header::{HeaderMap, HeaderValue};
use serde_json::Value;
use support::{Desk, Newsroom};

/// A server over an empty archive, and the folder of that.
async fn desk() -> (Newsroom, Desk) {
    let room = Newsroom::with_store(None);
    let desk = Desk::open(&room).await;
    (room, desk)
}

fn headers(all: &[(&'static str, &'static str)]) -> HeaderMap {
    let pairs = all.iter().map(|(name, value)| {
        let name = reqwest::header::HeaderName::from_static(name);
        (name, HeaderValue::from_static(value))
    });
    pairs.collect()
}

async fn status(desk: &Desk, path: &str, all: &[(&'static str, &'static str)]) -> u16 {
    let request = desk.get(path).headers(headers(all));
    request.send().await.unwrap().status().as_u16()
}

#[tokio::test]
async fn a_server_answers_to_its_own_names_alone() {
    let (_room, desk) = desk().await;
    for (host, expected) in [
        ("localhost", 200),
        ("localhost:8765", 200),
        ("[::1]:8765", 200),
        ("rebound.evil.test", 421),
        ("localhost.evil.test:8765", 421),
        ("192.0.2.7", 421),
    ] {
        assert_eq!(
            status(&desk, "/", &[("host", host)]).await,
            expected,
            "{host}"
        );
    }
    desk.stop().await;
    let room = Newsroom::with_store(None);
    let named = Desk::with(&room, |it| it.hosts = vec!["desk.example.org".to_owned()]).await;
    assert_eq!(
        status(&named, "/", &[("host", "desk.example.org:80")]).await,
        200
    );
    named.stop().await;
}

#[tokio::test]
async fn whoever_can_be_reached_from_elsewhere_asks_for_a_token() {
    let room = Newsroom::with_store(None);
    let token = "0123456789abcdef";
    let desk = Desk::with(&room, |it| it.token = Some(token.to_owned())).await;
    let asked = desk.get("/").send().await.unwrap();
    assert_eq!(asked.status(), 401);
    let challenge = asked.headers()["www-authenticate"].to_str().unwrap();
    assert!(challenge.starts_with("Basic realm="), "{challenge}");
    assert_eq!(asked.headers()["content-type"], "application/problem+json");
    for (name, expected) in [
        ("Bearer 0123456789abcdef", 200),
        ("bearer 0123456789abcdef", 200),
        ("Basic dXNlcjowMTIzNDU2Nzg5YWJjZGVm", 200),
        ("Bearer 0123456789abcdeg", 401),
        ("Bearer ", 401),
        ("Basic !", 401),
        ("0123456789abcdef", 401),
    ] {
        assert_eq!(
            status(&desk, "/", &[("authorization", name)]).await,
            expected,
            "{name}"
        );
    }
    desk.stop().await;

    let settings = |listen: &str, token: Option<&str>| newsprint::serve::Settings {
        config: room.config(),
        config_file: room.dir.path().join("config.toml"),
        listen: listen.parse().unwrap(),
        token: token.map(str::to_owned),
        hosts: Vec::new(),
        read_only: false,
        clock: room.clock.clone(),
    };
    let open = Server::bind(settings("0.0.0.0:0", None)).await.unwrap_err();
    assert!(matches!(open, ServeError::NoToken(_)), "{open}");
    let short = Server::bind(settings("127.0.0.1:0", Some("short")))
        .await
        .unwrap_err();
    assert!(matches!(short, ServeError::ShortToken(5)), "{short}");
}

#[tokio::test]
async fn what_changes_something_comes_from_our_own_forms() {
    let (_room, desk) = desk().await;
    let form = "application/x-www-form-urlencoded";
    let post = |body: String, all: &[(&'static str, &'static str)]| {
        let request = desk.post("/jobs/1/stop").headers(headers(all));
        request.header("content-type", form).body(body).send()
    };
    let token = desk.form_token().await;
    let ours = format!("form_token={token}");
    // There is no such job; the form is let through.
    assert_eq!(post(ours.clone(), &[]).await.unwrap().status(), 404);
    assert_eq!(post(String::new(), &[]).await.unwrap().status(), 403);
    assert_eq!(
        post("form_token=".to_owned(), &[]).await.unwrap().status(),
        403
    );
    assert_eq!(post(format!("{ours}0"), &[]).await.unwrap().status(), 403);
    for foreign in [
        ("origin", "http://evil.test"),
        ("origin", "null"),
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
    ] {
        let answer = post(ours.clone(), &[foreign]).await.unwrap();
        assert_eq!(answer.status(), 403, "{foreign:?}");
    }
    let large = format!("{ours}&a={}", "a".repeat(1 << 20));
    assert_eq!(post(large, &[]).await.unwrap().status(), 413);
    desk.stop().await;

    let room = Newsroom::with_store(None);
    let desk = Desk::with(&room, |it| it.read_only = true).await;
    let refused = desk.post("/jobs/1/stop").body(ours).send().await.unwrap();
    let refused: Value = serde_json::from_str(&refused.text().await.unwrap()).unwrap();
    assert_eq!(refused["status"], 403);
    assert!(refused["detail"].as_str().unwrap().contains("--read-only"));
    desk.stop().await;
}

#[tokio::test]
async fn every_answer_has_its_headers_and_every_error_its_form() {
    let (_room, desk) = desk().await;
    for path in ["/", "/assets/desk.css", "/nothing", "/jobs/77", "/jobs/%00"] {
        let answer = desk.get(path).send().await.unwrap();
        let headers = answer.headers();
        let policy = headers["content-security-policy"].to_str().unwrap();
        assert!(policy.starts_with("default-src 'none'; "), "{path}");
        assert!(!policy.contains("unsafe"), "{path}");
        assert_eq!(headers["x-content-type-options"], "nosniff", "{path}");
        assert_eq!(headers["referrer-policy"], "no-referrer", "{path}");
    }
    let problem = desk.get("/nothing?a=b").send().await.unwrap();
    assert_eq!(problem.status(), 404);
    assert_eq!(
        problem.headers()["content-type"],
        "application/problem+json"
    );
    let problem: Value = serde_json::from_str(&problem.text().await.unwrap()).unwrap();
    assert_eq!(
        (&problem["status"], &problem["instance"]),
        (&404.into(), &"/nothing".into())
    );
    let page = desk
        .get("/nothing")
        .header("accept", "text/html")
        .send()
        .await
        .unwrap();
    assert_eq!(page.status(), 404);
    assert!(page.text().await.unwrap().contains("<h1>Not Found</h1>"));
    let method = desk
        .post("/assets/desk.css")
        .body(format!("form_token={}", desk.form_token().await));
    let method = method.send().await.unwrap();
    assert_eq!(
        (method.status().as_u16(), &method.headers()["allow"]),
        (405, &HeaderValue::from_static("GET,HEAD"))
    );
    desk.stop().await;
}

/// A client that asks too much waits, and others don't.
#[tokio::test]
async fn a_client_may_ask_so_much() {
    let (_room, desk) = desk().await;
    let mut refused = None;
    for _ in 0..200 {
        let answer = desk.get("/api/fetch").send().await.unwrap();
        if answer.status() == 429 {
            refused = Some(answer);
            break;
        }
    }
    let refused = refused.expect("fifty at once are the most");
    assert_eq!(refused.headers()["retry-after"], "1");
    assert_eq!(status(&desk, "/", &[]).await, 200);
    desk.stop().await;
}

/// The configuration is read again when it changes; while it has errors, it is used as it was.
#[tokio::test]
async fn a_change_of_the_settings_is_seen_and_an_error_in_them_shown() {
    let mut room = Newsroom::with_store(None);
    room.source("daily", &["http://daily.test/"]);
    let desk = Desk::open(&room).await;
    let before = std::fs::read_to_string(&desk.config_file).unwrap();
    let write = |text: &str, second: u64| {
        std::fs::write(&desk.config_file, text).unwrap();
        let at = std::time::UNIX_EPOCH + std::time::Duration::from_secs(2_000_000_000 + second);
        let file = std::fs::File::options()
            .write(true)
            .open(&desk.config_file)
            .unwrap();
        file.set_modified(at).unwrap();
    };
    write(
        &format!("{before}\n[[source]]\nname = \"<b>\"\nstart = [\"http://b.test/\"]\n"),
        1,
    );
    let page = desk.page("/").await;
    assert!(
        page.contains("daily") && page.contains("&#60;b&#62;"),
        "{page}"
    );
    write(&format!("{before}\nnonsense = 1\n"), 2);
    let page = desk.page("/").await;
    assert!(
        page.contains("nonsense") && page.contains("&#60;b&#62;"),
        "{page}"
    );
    write(&before, 3);
    let page = desk.page("/").await;
    assert!(
        !page.contains("nonsense") && !page.contains("&#60;b&#62;"),
        "{page}"
    );
    desk.stop().await;
}
