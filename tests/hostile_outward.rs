//! Nothing that a page says leads inwards: not by a proxy, which looks names up where the guard cannot see it, and
//! not by what the user wrote into `network.resolve` for addresses of their own.

#![cfg(feature = "crawl")]
#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use newsprint::config::{NetworkSettings, Source};
use newsprint::crawl::{self, CancellationToken, Options, Silent};
use newsprint::fetch::{FetchError, Fetcher, Request, Response};
use newsprint::verdict::VisitOutcome;
use support::{Newsroom, Reply, Server, settings, story};
use url::Url;

/// A proxy that answers every request itself: `/to?URL` with a redirect there, the robots.txt of the host
/// `robots.example.org` with one inwards, and everything else with a page.
struct Proxy {
    address: SocketAddr,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Proxy {
    fn start(serve: fn(TcpStream, &Mutex<Vec<String>>) -> Option<()>) -> Proxy {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let shared = Arc::clone(&asked);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let asked = Arc::clone(&shared);
                std::thread::spawn(move || serve(stream, &asked));
            }
        });
        Proxy { address, asked }
    }

    fn network(&self, scheme: &str) -> NetworkSettings {
        NetworkSettings {
            proxy: Url::parse(&format!("{scheme}://{}", self.address)).ok(),
            ..NetworkSettings::default()
        }
    }

    /// The hosts that it was asked for, each once.
    fn hosts(&self) -> Vec<String> {
        let mut hosts = self.asked.lock().unwrap().clone();
        hosts.dedup();
        hosts
    }
}

/// The first line of a request, after its headers were read.
fn request_line(reader: &mut BufReader<&TcpStream>) -> Option<String> {
    let mut first = String::new();
    reader.read_line(&mut first).ok().filter(|read| *read > 0)?;
    let mut line = String::new();
    while reader.read_line(&mut line).ok()? > 2 {
        line.clear();
    }
    Some(first)
}

fn answer(mut stream: &TcpStream, host: &str, path: &str) -> Option<()> {
    let (head, body) = match path {
        "/robots.txt" if host == "robots.example.org" => (
            "302 Found\r\nLocation: http://intranet/robots.txt".to_owned(),
            "",
        ),
        "/robots.txt" => ("404 Not Found".to_owned(), ""),
        path => match path.split_once("/to?") {
            Some((_, to)) => (format!("302 Found\r\nLocation: {to}"), ""),
            None => (
                "200 OK".to_owned(),
                "<html><p>A page of the proxy.</p></html>",
            ),
        },
    };
    let length = body.len();
    let answer = format!(
        "HTTP/1.1 {head}\r\nContent-Type: text/html\r\nContent-Length: {length}\r\n\r\n{body}"
    );
    stream.write_all(answer.as_bytes()).ok()
}

fn http(stream: TcpStream, asked: &Mutex<Vec<String>>) -> Option<()> {
    let mut reader = BufReader::new(&stream);
    while let Some(line) = request_line(&mut reader) {
        let target = line.split(' ').nth(1)?;
        if line.starts_with("CONNECT") {
            asked
                .lock()
                .unwrap()
                .push(target.rsplit_once(':')?.0.to_owned());
            return (&stream)
                .write_all(b"HTTP/1.1 502 Bad Gateway\r\n\r\n")
                .ok();
        }
        let url = Url::parse(target).ok()?;
        let host = url.host_str()?.to_owned();
        let path = url
            .as_str()
            .splitn(4, '/')
            .nth(3)
            .map(|path| format!("/{path}"))?;
        asked.lock().unwrap().push(host.clone());
        answer(&stream, &host, &path)?;
    }
    Some(())
}

fn socks(stream: TcpStream, asked: &Mutex<Vec<String>>) -> Option<()> {
    let mut reader = BufReader::new(&stream);
    let mut read = |length: usize| {
        let mut bytes = vec![0; length];
        reader.read_exact(&mut bytes).ok().map(|()| bytes)
    };
    let methods = read(2)?[1];
    read(methods.into())?;
    (&stream).write_all(&[5, 0]).ok()?;
    let kind = read(4)?[3];
    let host = match kind {
        1 => read(4)?
            .iter()
            .map(u8::to_string)
            .collect::<Vec<_>>()
            .join("."),
        3 => {
            let length = read(1)?[0];
            String::from_utf8(read(length.into())?).ok()?
        }
        _ => "another kind of address".to_owned(),
    };
    read(2)?;
    asked.lock().unwrap().push(host.clone());
    (&stream).write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0]).ok()?;
    while let Some(line) = request_line(&mut reader) {
        answer(&stream, &host, line.split(' ').nth(1)?)?;
    }
    Some(())
}

fn proxies() -> [(Proxy, &'static str); 3] {
    [
        (Proxy::start(http), "http"),
        (Proxy::start(socks), "socks5h"),
        (Proxy::start(socks), "socks5"),
    ]
}

fn fetcher(network: &NetworkSettings) -> Fetcher {
    Fetcher::new(&settings(), network).unwrap()
}

async fn get(fetcher: &Fetcher, url: &str) -> Result<Response, FetchError> {
    fetcher.get(&Request::page(Url::parse(url).unwrap())).await
}

async fn outcome(fetcher: &Fetcher, url: &str) -> VisitOutcome {
    VisitOutcome::from(&get(fetcher, url).await.unwrap_err())
}

const INWARD: [&str; 14] = [
    "http://intranet/",
    "https://intranet/",
    "http://wiki.internal/",
    "http://printer.local:8080/",
    "http://api.default.svc/",
    "http://api.default.svc.cluster.local/",
    "http://nas.lan./",
    "http://tv.home.arpa/",
    "http://10.0.0.1.nip.io/",
    "https://169-254-169-254.sslip.io/",
    "http://localhost/",
    "http://10.0.0.1/",
    "http://[::ffff:127.0.0.1]/",
    "http://127.0.0.1../",
];

#[tokio::test]
async fn no_inward_name_goes_to_a_proxy() {
    for (proxy, scheme) in proxies() {
        let fetcher = fetcher(&proxy.network(scheme));
        for url in INWARD {
            let outcome = outcome(&fetcher, url).await;
            assert_eq!(outcome, VisitOutcome::BlockedAddress, "{scheme}: {url}");
        }
        assert_eq!(proxy.hosts(), [""; 0], "{scheme}");
    }
}

#[tokio::test]
async fn no_redirect_leads_inwards_by_a_proxy() {
    for (proxy, scheme) in proxies() {
        let fetcher = fetcher(&proxy.network(scheme));
        for url in INWARD {
            let outcome = outcome(&fetcher, &format!("http://8.8.8.8/to?{url}")).await;
            assert_eq!(outcome, VisitOutcome::BlockedAddress, "{scheme}: {url}");
        }
        assert_eq!(proxy.hosts(), ["8.8.8.8"], "{scheme}");
    }
    let (proxy, scheme) = &proxies()[0];
    let fetcher = fetcher(&proxy.network(scheme));
    let outcome = outcome(&fetcher, "http://robots.example.org/a").await;
    assert_eq!(outcome, VisitOutcome::BlockedAddress);
    assert_eq!(proxy.hosts(), ["robots.example.org"]);
}

#[tokio::test]
async fn public_names_and_addresses_are_fetched_by_a_private_proxy() {
    for (proxy, scheme) in proxies() {
        let fetcher = fetcher(&proxy.network(scheme));
        let mut urls = vec!["http://8.8.8.8/a", "http://8.8.4.4/to?http://8.8.8.8/b"];
        if scheme != "socks5" {
            // Nobody but the proxy knows these.
            urls.extend(["http://no-such-host.example.org/a", "http://paper.onion/a"]);
        }
        for url in urls {
            let response = get(&fetcher, url).await.unwrap();
            assert!(response.body.starts_with(b"<html>"), "{scheme}: {url}");
        }
    }
}

#[tokio::test]
async fn what_is_allowed_goes_to_the_proxy_whatever_its_name() {
    for (proxy, scheme) in proxies().into_iter().take(2) {
        let network = NetworkSettings {
            allow_private: true,
            ..proxy.network(scheme)
        };
        for url in [
            "http://intranet/",
            "http://wiki.internal/",
            "http://10.0.0.1/",
        ] {
            assert!(
                get(&fetcher(&network), url).await.is_ok(),
                "{scheme}: {url}"
            );
        }
    }
}

/// Two servers, each for its own hosts, both by entries of `network.resolve`.
fn two_servers() -> (Server, Server, NetworkSettings) {
    let (outer, inner) = (Server::for_crawls(), Server::for_crawls());
    let home = Reply::redirect("http://inner.test/secret");
    outer
        .may("outer.test/a", home)
        .may(
            "outer.test/refresh",
            Reply::html("<meta http-equiv=refresh content='0;url=http://inner.test/secret'>"),
        )
        .may(
            "outer.test/twice",
            Reply::redirect("http://alias.test/twice"),
        )
        .may(
            "alias.test/twice",
            Reply::redirect("http://inner.test/secret"),
        )
        .may(
            "robots.test/robots.txt",
            Reply::redirect("http://inner.test/robots.txt"),
        )
        .may("robots.test/a", Reply::html("<p>A page.</p>"));
    inner
        .may("inner.test/secret", Reply::html("<p>A secret.</p>"))
        .may(
            "inner.test/b",
            Reply::redirect("http://www.inner.test/secret"),
        )
        .may("www.inner.test/secret", Reply::html("<p>A secret.</p>"));
    let mut network = outer.network();
    network.resolve.extend(inner.network().resolve);
    (outer, inner, network)
}

#[tokio::test]
async fn a_redirect_of_another_site_makes_no_use_of_a_resolve_entry() {
    let (_outer, inner, network) = two_servers();
    let fetcher = fetcher(&network);
    for url in [
        "http://outer.test/a",
        "http://outer.test/refresh",
        "http://outer.test/twice",
        "http://robots.test/a",
    ] {
        let error = get(&fetcher, url).await.unwrap_err();
        assert_eq!(
            VisitOutcome::from(&error),
            VisitOutcome::BlockedAddress,
            "{url}"
        );
        assert!(
            error
                .to_string()
                .contains("[network] resolve leads inner.test:80 to"),
            "{error}"
        );
    }
    assert!(inner.hits().is_empty());
}

#[tokio::test]
async fn a_resolve_entry_holds_for_what_the_user_typed_and_for_its_site() {
    let (_outer, _inner, network) = two_servers();
    let fetcher = fetcher(&network);
    for url in [
        "http://inner.test/secret",
        "http://inner.test/b",
        "http://www.inner.test/secret",
    ] {
        assert!(get(&fetcher, url).await.is_ok(), "{url}");
    }
    let network = NetworkSettings {
        allow_private: true,
        ..network
    };
    assert!(
        get(&self::fetcher(&network), "http://outer.test/a")
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn a_feed_makes_no_use_of_a_resolve_entry_for_another_site() {
    let room = Newsroom::open();
    let inner = Server::for_crawls();
    let secret = support::page("A night at the quay", &story(1));
    inner.may("inner.test/news/a-night-at-the-quay", Reply::html(&secret));
    let item = "<item><title>A night</title><link>http://inner.test/news/a-night-at-the-quay</link></item>";
    let feed = format!("<rss version='2.0'><channel><title>The feed</title>{item}</channel></rss>");
    room.server.may("outer.test/rss", Reply::xml(&feed));
    for (own, articles) in [("http://outer.test/rss", 0), ("http://inner.test/news/", 1)] {
        let mut config = room.config();
        config.store.location = room.dir.path().join(format!("{articles}.db")).into();
        config.network.resolve.extend(inner.network().resolve);
        config.sources = vec![Source {
            name: "outer".to_owned(),
            feeds: ["http://outer.test/rss", own]
                .map(|it| Url::parse(it).unwrap())
                .into(),
            ..Source::default()
        }];
        inner.may("inner.test/news/", Reply::status(404));
        let options = Options {
            clock: room.clock.clone(),
            ..Options::default()
        };
        let stop = CancellationToken::new();
        let summary = crawl::run(&config, &options, &stop, &Silent).await.unwrap();
        assert_eq!(summary.articles(), articles, "{own}");
        let is_reached = inner.hits().iter().any(|hit| hit.path != "/robots.txt");
        assert_eq!(is_reached, articles > 0, "{own}");
    }
}
