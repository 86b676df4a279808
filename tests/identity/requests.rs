//! What goes over the wire with every request.

use std::collections::BTreeSet;
use std::fs;
use std::net::SocketAddr;
use std::path::Path;

use newsprint::Url;
use newsprint::config::{AgentForm, Config, CrawlSettings, NetworkSettings};
use newsprint::crawl::{self, CancellationToken, Options, Silent};
use newsprint::fetch::{Fetcher, Request};
use newsprint::identity::{Signer, SigningKey};

use crate::message;
use crate::support::{
    NIGHTS, NOW, Newsroom, Reply, Server, front, page, settings, story, with_input,
};
use crate::verifier::{from_base64, verify};

/// RFC 9421, B.1.4.
const KEY: &str = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ+DYvh6SEqVTm50DFtMDoQikTmiCqirVv9mWG9qfSnF\n\
                   -----END PRIVATE KEY-----\n";
const SECRET: &str = "n4Ni+HpISpVObnQMW0wOhCKROaIKqKtW/2ZYb2p9KcU";
const PUBLIC: &str = "JrQLj5P_89iXES9-vFgrIy29clF9CC_oPPsw3c5D0bs";
const KEY_ID: &str = "poqkLGiymh_W0uP6PZFw-dvez3QJT5SolqXBCW38r0U";
const SECOND: i64 = NOW / 1000;

fn signer(form: AgentForm) -> Signer {
    let directory = Url::parse("https://bot.daily.news").unwrap();
    Signer::new(SigningKey::parse(KEY).unwrap(), &directory, form).with_clock(|| SECOND)
}

fn signing(crawl: &CrawlSettings, network: &NetworkSettings, form: AgentForm) -> Fetcher {
    Fetcher::signing(crawl, network, Some(signer(form))).unwrap()
}

async fn get(fetcher: &Fetcher, url: &str) {
    let got = fetcher.get(&Request::page(Url::parse(url).unwrap())).await;
    got.unwrap_or_else(|error| panic!("{error}"));
}

/// Checks that every request that came is signed for its own host, once, and for a short time.
fn all_are_signed(server: &Server) {
    let (mut nonces, public) = (BTreeSet::new(), from_base64(PUBLIC));
    for hit in server.hits() {
        let place = format!("{}{}", hit.host, hit.path);
        let signed =
            verify(&message(&hit), "sig1", &public).unwrap_or_else(|why| panic!("{place}: {why}"));
        assert_eq!(signed.components[0], "\"@authority\"", "{place}");
        assert!(
            signed.components[1].starts_with("\"signature-agent\""),
            "{place}"
        );
        assert_eq!(signed.text("keyid"), KEY_ID);
        assert_eq!(signed.text("alg"), "ed25519");
        assert_eq!(signed.text("tag"), "web-bot-auth");
        assert_eq!(
            (signed.number("created"), signed.number("expires")),
            (SECOND, SECOND + 60)
        );
        assert_eq!(from_base64(signed.text("nonce")).len(), 64);
        assert!(
            nonces.insert(signed.text("nonce").to_owned()),
            "{place}: a nonce comes twice"
        );
        let elsewhere = verifier_says_of_another_host(&hit, &public);
        assert!(
            elsewhere.is_err(),
            "{place}: the signature fits another host"
        );
    }
    assert!(!nonces.is_empty());
}

fn verifier_says_of_another_host(hit: &crate::support::Hit, public: &[u8]) -> Result<(), String> {
    let mut elsewhere = message(hit);
    elsewhere.authority = "other.test".to_owned();
    verify(&elsewhere, "sig1", public).map(drop)
}

#[tokio::test]
async fn every_hop_every_try_and_robots_txt_are_signed_for_their_own_host() {
    let server = Server::start();
    server
        .on(
            "daily.test/robots.txt",
            Reply::redirect("http://cdn.test/robots.txt"),
        )
        .on(
            "cdn.test/robots.txt",
            Reply::text("User-agent: *\nAllow: /\n"),
        )
        .on("daily.test/", Reply::hang_up())
        .on("daily.test/", Reply::status(503))
        .on("daily.test/", Reply::redirect("http://www.daily.test/a"))
        .on("www.daily.test/a", Reply::html("<p>Hello</p>"));
    let crawl = CrawlSettings {
        retries: 2,
        ..settings()
    };
    let fetcher = signing(&crawl, &server.network(), AgentForm::Dictionary);
    get(&fetcher, "http://daily.test/").await;
    assert_eq!(server.paths("daily.test"), ["/robots.txt", "/", "/", "/"]);
    assert_eq!(server.paths("www.daily.test"), ["/robots.txt", "/a"]);
    assert_eq!(server.paths("cdn.test"), ["/robots.txt"]);
    for hit in server.hits() {
        assert_eq!(
            hit.headers["signature-agent"],
            "sig1=\"https://bot.daily.news\""
        );
        assert!(
            hit.headers["signature-input"]
                .starts_with("sig1=(\"@authority\" \"signature-agent\";key=\"sig1\");")
        );
    }
    all_are_signed(&server);
}

#[tokio::test]
async fn the_authority_is_in_lower_case_and_names_a_port_only_where_it_is_unusual() {
    let server = Server::start();
    server.may("daily.test/a", Reply::html("<p>Hello</p>"));
    let address: SocketAddr = server.address;
    let mut network = server.network();
    network
        .resolve
        .insert(("daily.test".to_owned(), 8080), address);
    network.allow_private = true;
    server.may(&format!("{}/a", address.ip()), Reply::html("<p>Hello</p>"));
    let fetcher = signing(&settings(), &network, AgentForm::Dictionary);
    for (url, authority) in [
        ("http://DAILY.test:80/a", "daily.test".to_owned()),
        ("http://daily.TEST:8080/a", "daily.test:8080".to_owned()),
        (
            &format!("http://ada:secret@{address}/a"),
            address.to_string(),
        ),
    ] {
        server.forget_hits();
        get(&fetcher, url).await;
        for hit in server.hits() {
            assert_eq!(hit.headers["host"], authority, "{url}");
        }
        all_are_signed(&server);
    }
}

#[tokio::test]
async fn signature_agent_is_a_string_where_the_settings_say_so() {
    let server = Server::start();
    server.on("daily.test/a", Reply::html("<p>Hello</p>"));
    let fetcher = signing(&settings(), &server.network(), AgentForm::String);
    get(&fetcher, "http://daily.test/a").await;
    for hit in server.hits() {
        assert_eq!(hit.headers["signature-agent"], "\"https://bot.daily.news\"");
        assert!(
            hit.headers["signature-input"]
                .starts_with("sig1=(\"@authority\" \"signature-agent\");")
        );
    }
    all_are_signed(&server);
}

#[tokio::test]
async fn from_goes_with_every_request_and_nothing_is_stated_unasked() {
    for from in [None, Some("crawler@daily.news".to_owned())] {
        let server = Server::start();
        server
            .on("daily.test/a", Reply::redirect("http://www.daily.test/a"))
            .on("www.daily.test/a", Reply::html("<p>Hello</p>"));
        let crawl = CrawlSettings {
            from: from.clone(),
            ..settings()
        };
        get(
            &Fetcher::new(&crawl, &server.network()).unwrap(),
            "http://daily.test/a",
        )
        .await;
        let hits = server.hits();
        assert_eq!(hits.len(), 4);
        for hit in hits {
            assert_eq!(
                hit.headers.get("from"),
                from.as_ref(),
                "{}{}",
                hit.host,
                hit.path
            );
            assert!(
                !hit.headers.keys().any(|name| name.starts_with("signature")),
                "{hit:?}"
            );
        }
    }
}

/// A site with two articles, and a configuration that signs.
fn newsroom() -> (Newsroom, Config) {
    let mut room = Newsroom::open();
    room.server.may("daily.test/", front(&NIGHTS[..2]));
    for (number, night) in (1..).zip(&NIGHTS[..2]) {
        let html = page(&format!("Night {number}"), &story(number));
        room.server
            .may(&format!("daily.test{night}"), Reply::html(&html));
    }
    room.source("daily", &["http://daily.test/"]);
    let key = room.dir.path().join("identity.pem");
    fs::write(&key, KEY).unwrap();
    let mut config = room.config();
    config.identity.key = Some(key);
    config.identity.directory = Url::parse("https://bot.daily.news").ok();
    config.crawl.from = Some("crawler@daily.news".to_owned());
    (room, config)
}

async fn pass(room: &Newsroom, config: &Config) {
    let options = Options {
        clock: room.clock.clone(),
        ..Options::default()
    };
    crawl::run(config, &options, &CancellationToken::new(), &Silent)
        .await
        .unwrap();
}

#[tokio::test]
async fn a_crawl_signs_all_of_its_requests_by_its_clock() {
    let (room, config) = newsroom();
    pass(&room, &config).await;
    assert!(room.asked().contains(&"daily.test/robots.txt".to_owned()));
    assert!(room.asked().contains(&format!("daily.test{}", NIGHTS[1])));
    all_are_signed(&room.server);
    assert!(
        room.server
            .hits()
            .iter()
            .all(|hit| hit.headers["from"] == "crawler@daily.news")
    );
}

#[tokio::test]
async fn a_key_that_cannot_be_read_stops_a_crawl_before_anything_is_fetched() {
    let (room, mut config) = newsroom();
    config.identity.key = Some(room.dir.path().join("missing.pem"));
    let options = Options {
        clock: room.clock.clone(),
        ..Options::default()
    };
    let refused = crawl::run(&config, &options, &CancellationToken::new(), &Silent).await;
    assert!(
        refused
            .unwrap_err()
            .to_string()
            .contains("cannot be signed")
    );
    assert_eq!(room.asked(), Vec::<String>::new());
}

/// The bytes of every file below a folder.
fn files(dir: &Path, bytes: &mut Vec<(String, Vec<u8>)>) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, bytes);
        } else if !path.ends_with("identity.pem") {
            bytes.push((path.display().to_string(), fs::read(&path).unwrap()));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_key_is_in_no_log_no_archive_and_no_other_file() {
    let (room, _) = newsroom();
    let dir = room.dir.path();
    let settings = "[identity]\nkey = 'identity.pem'\ndirectory = 'https://bot.daily.news'\n[output]\nwarc = 'warc'\n";
    fs::write(dir.join("config.toml"), room.config_file() + settings).unwrap();
    let ran = crate::run(dir, "crawl -vvv");
    assert_eq!(ran.code, 0, "{}", ran.err);
    let mut written = vec![("the log".to_owned(), (ran.out + &ran.err).into_bytes())];
    files(dir, &mut written);
    let mut signatures = 0;
    for (name, bytes) in &mut written {
        if name.ends_with(".gz") {
            let mut unpacked = Vec::new();
            std::io::Read::read_to_end(
                &mut flate2::read::MultiGzDecoder::new(bytes.as_slice()),
                &mut unpacked,
            )
            .unwrap();
            *bytes = unpacked;
        }
        let text = String::from_utf8_lossy(bytes);
        signatures += text.matches("signature-input: sig1=").count();
        let seed = from_base64(SECRET);
        let hex: String = seed.iter().map(|byte| format!("{byte:02x}")).collect();
        for secret in [
            SECRET,
            &SECRET.replace('+', "-").replace('/', "_"),
            "MC4CAQAwBQ",
            &hex,
            &format!("{seed:?}"),
        ] {
            assert!(!text.contains(secret), "{name} has the key");
        }
        assert!(
            !bytes.windows(32).any(|it| it == seed),
            "{name} has the key"
        );
    }
    // What was sent is archived as it was sent.
    assert_eq!(signatures, room.server.hits().len());
    assert!(!format!("{:?}", signer(AgentForm::Dictionary)).contains(SECRET));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_independent_library_accepts_what_is_sent() {
    let Some(python) = std::env::var_os("NEWSPRINT_TEST_PYTHON") else {
        eprintln!(
            "skipped: NEWSPRINT_TEST_PYTHON is not set; `.ci/python` prints what it should be"
        );
        return;
    };
    let (room, config) = newsroom();
    pass(&room, &config).await;
    let hits = room.server.hits();
    let requests = hits.iter().map(|hit| {
        let url = format!("http://{}{}", hit.headers["host"], hit.path);
        serde_json::json!({"url": url, "headers": hit.headers})
    });
    let input = serde_json::json!({"public": PUBLIC, "now": SECOND, "requests": requests.collect::<Vec<_>>()});
    let mut command = std::process::Command::new(python);
    command.arg("tests/identity/verify.py");
    let ran = with_input(&mut command, input.to_string().as_bytes());
    assert_eq!(
        (ran.code, ran.out.trim()),
        (0, hits.len().to_string().as_str()),
        "{}",
        ran.err
    );
}
