//! Pages that turn a browser against us or against others, and browsers that do. Needs Debian's `chromium`; each test
//! says so where there is none.

#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used, clippy::print_stdout)]

mod support;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use newsprint::crawl::{self, CancellationToken, Options, Silent, Summary};
use newsprint::store::{self, AddressFilter};
use newsprint::{Limits, VisitOutcome};
use support::{Chromium, Newsroom, Reply, front, story};
use url::Url;

const ONE: &str = "/news/one-long-night-in-the-harbour";
const LAST: &str = "So it went until the morning.";

/// A server that nobody may reach: it counts who does, over TCP and UDP.
struct Forbidden {
    port: u16,
    reached: Arc<AtomicUsize>,
}

impl Forbidden {
    fn start() -> Forbidden {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let datagrams = UdpSocket::bind(("127.0.0.1", port)).unwrap();
        let reached = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&reached);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                counted.fetch_add(1, Ordering::SeqCst);
                let mut line = String::new();
                let _ = BufReader::new(&stream).read_line(&mut line);
                println!("reached by {line:?}");
                let _ = (&stream).write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            }
        });
        let counted = Arc::clone(&reached);
        std::thread::spawn(move || {
            while let Ok((length, _)) = datagrams.recv_from(&mut [0; 2048]) {
                counted.fetch_add(1, Ordering::SeqCst);
                println!("reached by a datagram of {length} bytes");
            }
        });
        Forbidden { port, reached }
    }
}

/// A page that tries all there is to reach a place, and then shows a story.
fn attempts(port: u16) -> String {
    let markup = "
        <link rel=preconnect href=//HOST/><link rel=dns-prefetch href=//HOST/><link rel=prefetch href=//HOST/a>
        <link rel=preload as=image href=//HOST/b><link rel=preload as=fetch crossorigin href=//HOST/c>
        <link rel=modulepreload href=//HOST/d.js><link rel=stylesheet href=//HOST/e.css><link rel=icon href=//HOST/f.ico>
        <link rel=manifest href=//HOST/g.json><link rel=prerender href=//HOST/h>
        <style>@import '//HOST/i.css'; @font-face { font-family: f; src: url(//HOST/j.woff) }
            body { font-family: f; background: url(//HOST/k.png) }</style>
        <script type=speculationrules>{\"prefetch\": [{\"urls\": [\"http://HOST/l\"]}],
            \"prerender\": [{\"urls\": [\"http://HOST/m\"]}]}</script>
        <img src=//HOST/n.png><picture><source srcset=//HOST/o.png><img src=//HOST/p.png></picture>
        <video src=//HOST/q.mp4 poster=//HOST/r.png autoplay></video><audio src=//HOST/s.mp3 autoplay></audio>
        <iframe src=//HOST/t></iframe><iframe srcdoc='<img src=//HOST/u.png><script src=//HOST/v.js></script>'></iframe>
        <iframe sandbox=allow-scripts srcdoc='<script>fetch(\"//HOST/w\")</script>'></iframe>
        <embed src=//HOST/x><object data=//HOST/y></object><script src=//HOST/z.js></script>
        <script src=file:///etc/passwd></script><iframe src=file:///etc/passwd></iframe>
        <form id=form action=//HOST/aa method=post><input name=a></form><a id=ping href='#' ping=//HOST/ab>x</a>
        <a id=download href=//HOST/ac download>x</a><a id=window target=_blank href=//HOST/ad>x</a>";
    let script = "
        const tried = async (attempt) => { try { await attempt() } catch {} };
        const all = [
            () => fetch('//HOST/ba', {mode: 'no-cors'}), () => fetch('//HOST/bb', {method: 'POST', body: 'x', keepalive: true}),
            () => { const x = new XMLHttpRequest(); x.open('GET', '//HOST/bc'); x.send() },
            () => navigator.sendBeacon('//HOST/bd', 'x'), () => new WebSocket('ws://HOST/be'),
            () => new EventSource('//HOST/bf'), () => new Worker(URL.createObjectURL(new Blob(['fetch(\"http://HOST/bg\")']))),
            () => new SharedWorker(URL.createObjectURL(new Blob(['fetch(\"http://HOST/bh\")']))),
            () => navigator.serviceWorker.register('/sw.js'), () => import('//HOST/bi.js'),
            () => window.open('//HOST/bj'), () => window.open('javascript:fetch(\"http://HOST/bk\")'),
            () => document.querySelector('#form').submit(), () => document.querySelector('#ping').click(),
            () => document.querySelector('#download').click(), () => document.querySelector('#window').click(),
            () => new WebTransport('https://HOST/bl'),
            async () => {
                const rtc = (w) => {
                    const peer = new w.RTCPeerConnection({iceServers: [{urls: 'stun:HOST'}, {urls: 'turn:HOST?transport=tcp',
                        username: 'a', credential: 'b'}]});
                    peer.createDataChannel('x');
                    return peer.createOffer().then(it => peer.setLocalDescription(it));
                };
                await tried(() => rtc(window));
                const frame = document.createElement('iframe');
                document.body.append(frame);
                await tried(() => rtc(frame.contentWindow));
                await tried(() => frame.contentWindow.fetch('http://HOST/bm'));
                await tried(() => new frame.contentWindow.WebSocket('ws://HOST/bn'));
            },
            () => { const image = new Image(); image.src = 'http://HOST/bo.png' },
            () => navigator.geolocation.getCurrentPosition(() => {}), () => alert('a'), () => prompt('b'), () => print(),
            () => { onbeforeunload = () => 'c' }, () => { location = 'http://HOST/bp' },
        ];
        for (const attempt of all) await tried(attempt);
        document.body.innerHTML = STORY;";
    let story = format!("{}\n\n{LAST}", story(1));
    let story: String = story
        .split("\n\n")
        .map(|it| format!("<p>{it}</p>"))
        .collect();
    let story = format!("<article><h1>Night in the harbour</h1>{story}</article>");
    let script = script.replace("STORY", &serde_json::to_string(&story).unwrap());
    let page = format!(
        "<!DOCTYPE html><title>Night in the harbour</title>{markup}<script type=module>{script}</script>"
    );
    page.replace("HOST", &format!("127.0.0.1:{port}"))
}

/// A room whose one article is this, in a browser at this address.
fn room(article: Reply, browser: Url) -> Newsroom {
    let mut room = Newsroom::open();
    room.server
        .may("daily.test/", front(&[ONE]))
        .may(&format!("daily.test{ONE}"), article);
    room.source("daily", &["http://daily.test/"]).render = Some(browser);
    room
}

async fn pass(room: &Newsroom, seconds: u64) -> Summary {
    let mut limits = Limits::default();
    limits.render_time = Duration::from_secs(seconds);
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

async fn reason(room: &Newsroom) -> String {
    let store = store::open(&room.config().store.location).await.unwrap();
    let mut addresses = store.addresses(AddressFilter::default());
    while let Some(address) = addresses.next().await.unwrap() {
        if address.url.ends_with(ONE) {
            return address.reason.unwrap_or_default();
        }
    }
    String::new()
}

#[tokio::test]
async fn a_page_reaches_nothing_but_what_we_fetch_for_it() {
    let Some(chromium) = Chromium::start() else {
        return;
    };
    let forbidden = Forbidden::start();
    let tabs = chromium.targets();
    let room = room(Reply::html(&attempts(forbidden.port)), chromium.address());
    let summary = pass(&room, 30).await;
    let why = reason(&room).await;
    assert_eq!(summary.articles(), 1, "{why}");
    assert!(room.written()[0].text.ends_with(LAST));
    assert_eq!(chromium.targets(), tabs);
    let asked = room.server.paths("daily.test");
    let known = ["/robots.txt", "/", ONE];
    let other: Vec<_> = asked
        .iter()
        .filter(|it| !known.contains(&it.as_str()) && !is_usual(it))
        .collect();
    assert!(other.is_empty(), "{other:?}");
    assert_eq!(forbidden.reached.load(Ordering::SeqCst), 0);
}

/// True for the places where feeds and sitemaps are looked for.
fn is_usual(path: &str) -> bool {
    let usual = newsprint::discover::USUAL_FEEDS.iter();
    usual
        .chain(&newsprint::discover::USUAL_SITEMAPS)
        .any(|it| *it == path)
}

#[tokio::test]
async fn a_page_without_end_is_cut_and_one_that_leaves_or_crashes_is_an_outcome() {
    let Some(chromium) = Chromium::start() else {
        return;
    };
    let tabs = chromium.targets();
    let words = "The harbour was open again on Monday, officials said on the quay. ".repeat(4);
    let fill = format!(
        "const p = `<p>{words}</p>`; document.body.innerHTML = `<article><h1>Night</h1>${{p.repeat(30000)}}</article>`"
    );
    let deep = "let at = document.body; for (let i = 0; i < 100000; i += 1) at = at.appendChild(document.createElement('b'))";
    for (script, outcomes) in [
        (fill.as_str(), &[VisitOutcome::Stored][..]),
        (
            deep,
            &[
                VisitOutcome::Empty,
                VisitOutcome::NotArticle,
                VisitOutcome::NotRendered,
            ],
        ),
        (
            "location = 'about:blank'",
            &[VisitOutcome::Empty, VisitOutcome::NotArticle],
        ),
        (
            "location = '/elsewhere'",
            &[VisitOutcome::Empty, VisitOutcome::NotArticle],
        ),
        (
            "document.title = '\\u{1b}[31m\\ud800'; alert('\\u{1b}[2J')",
            &[VisitOutcome::Empty, VisitOutcome::NotArticle],
        ),
    ] {
        let html = format!("<!DOCTYPE html><title>Night</title><body><script>{script}</script>");
        let room = room(Reply::html(&html), chromium.address());
        let summary = pass(&room, 25).await;
        let ended: Vec<_> = summary.sources[0].outcomes.keys().collect();
        let why = reason(&room).await;
        assert!(
            outcomes.iter().any(|it| ended == [it]),
            "{script:.40}: {ended:?}: {why}"
        );
        assert!(!why.contains(char::is_control), "{why:?}");
        if ended == [&VisitOutcome::Stored] {
            assert!(
                room.written()[0]
                    .warnings
                    .iter()
                    .any(|it| it == "truncated")
            );
        }
        assert_eq!(chromium.targets(), tabs);
    }
}

/// Something at a DevTools port that answers the first request with this, and then with these messages.
fn impostor(version: Vec<u8>, messages: Vec<Vec<u8>>) -> Url {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let (version, messages) = (version.clone(), messages.clone());
            std::thread::spawn(move || answer(&stream, &version, &messages));
        }
    });
    Url::parse(&format!("ws://127.0.0.1:{port}")).unwrap()
}

fn answer(mut stream: &TcpStream, version: &[u8], messages: &[Vec<u8>]) {
    let mut key = None;
    for line in BufReader::new(stream).lines().map_while(Result::ok) {
        if line.is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_once(": ")
            && name.eq_ignore_ascii_case("sec-websocket-key")
        {
            key = Some(value.to_owned());
        }
    }
    let Some(key) = key else {
        let _ = stream.write_all(version);
        return;
    };
    let accept = accept_of(&key);
    let head = format!(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {accept}\r\n\r\n"
    );
    let _ = stream.write_all(head.as_bytes());
    for message in messages {
        let _ = stream.write_all(message);
    }
    // Open, and silent.
    let _ = stream.read_to_end(&mut Vec::new());
}

/// `Sec-WebSocket-Accept` (RFC 6455, 4.2.2).
fn accept_of(key: &str) -> String {
    use base64::Engine;
    use sha1::Digest;
    let digest =
        sha1::Sha1::digest(format!("{key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11").as_bytes());
    base64::engine::general_purpose::STANDARD.encode(digest)
}

/// A text message of a server (RFC 6455, 5.2).
fn message(text: &str) -> Vec<u8> {
    let length = u16::try_from(text.len()).unwrap().to_be_bytes();
    [&[0x81, 126, length[0], length[1]], text.as_bytes()].concat()
}

#[tokio::test]
async fn a_browser_that_lies_ends_the_page_with_a_reason() {
    let shell =
        || Reply::html("<title>Night</title><div id=root></div><script src=/app.js></script>");
    let version = |path: &str| {
        let body = format!("{{\"webSocketDebuggerUrl\": \"ws://x.test{path}\"}}");
        format!(
            "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        )
        .into_bytes()
    };
    // A message that claims to be longer than anything.
    let huge = [
        &[0x81, 127, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff][..],
        b"x",
    ]
    .concat();
    let events = vec![message("{\"method\": \"x\", \"params\": {}}"); 1_500];
    for (browser, expected) in [
        (
            impostor(b"SSH-2.0-x\r\n".to_vec(), vec![]),
            "DevTools protocol",
        ),
        (impostor(version("/\r\nX: y"), vec![]), "no browser answers"),
        (
            impostor(version("/b"), vec![message("[]")]),
            "not understood",
        ),
        (
            impostor(version("/b"), vec![message("{\"id\": 1, \"result\": {}}")]),
            "not understood",
        ),
        (impostor(version("/b"), vec![huge]), "not understood"),
        (impostor(version("/b"), events), "events without end"),
        (
            impostor(version("/b"), vec![vec![0x88, 0]]),
            "closed the connection",
        ),
        (impostor(version("/b"), vec![]), "it says nothing for 10s"),
    ] {
        let room = room(shell(), browser);
        let summary = pass(&room, 5).await;
        let why = reason(&room).await;
        assert_eq!(
            summary.sources[0].outcomes.get(&VisitOutcome::NotRendered),
            Some(&1),
            "{expected}: {why}"
        );
        assert!(why.contains(expected), "{expected}: {why}");
    }
}
