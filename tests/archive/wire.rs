//! The bytes that a server gets and sends, next to those that are recorded.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use newsprint::Url;
use newsprint::config::NetworkSettings;
use newsprint::fetch::{BoxFuture, Exchanged, Fetcher, Recorder, Request};

use crate::support::settings;

#[derive(Debug, Default)]
struct Kept(Mutex<Vec<Exchanged>>);

impl Recorder for Kept {
    fn record(&self, exchanged: Exchanged) -> BoxFuture<'_, ()> {
        self.0.lock().unwrap().push(exchanged);
        Box::pin(async {})
    }
}

/// Gets one page of a server that answers with these bytes: what it was sent, and what was recorded.
async fn exchange(answer: &'static [u8]) -> (Vec<u8>, Exchanged) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let served = std::thread::spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        let (mut reader, mut sent) = (BufReader::new(&stream), Vec::new());
        while !sent.ends_with(b"\r\n\r\n") {
            reader.read_until(b'\n', &mut sent).unwrap();
        }
        (&stream).write_all(answer).unwrap();
        sent
    });
    let mut crawl = settings();
    crawl.respect_robots = false;
    let network = NetworkSettings {
        allow_private: true,
        ..NetworkSettings::default()
    };
    let kept = Arc::new(Kept::default());
    let fetcher = Fetcher::new(&crawl, &network)
        .unwrap()
        .recorded_by(Arc::<Kept>::clone(&kept));
    let url = Url::parse(&format!("http://{address}/news/1?page=2")).unwrap();
    let etag = Some("\"one\"".to_owned());
    let request = Request::page(url).with_validators(etag, None);
    let _ = fetcher.get(&request).await;
    let sent = served.join().unwrap();
    let exchanged = kept.0.lock().unwrap().remove(0);
    (sent, exchanged)
}

#[tokio::test]
async fn request_and_response_are_recorded_as_they_went_over_the_wire() {
    let answer = b"HTTP/1.1 200 OK\r\nServer: Paper\r\nSet-Cookie: a=1\r\nX-Words: caf\xe9\r\n\
                   Content-Type: text/html\r\nContent-Length: 12\r\n\r\n<p>Hello</p>";
    let (sent, exchanged) = exchange(answer).await;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert_eq!(text(&exchanged.request), text(&sent));
    let (head, body) = answer.split_at(answer.len() - 12);
    let lower: Vec<u8> = head.to_ascii_lowercase();
    assert_eq!(exchanged.response.to_ascii_lowercase(), lower);
    assert_eq!(exchanged.body, body);
    assert_eq!((exchanged.status, exchanged.cut), (200, None));
    assert_eq!(exchanged.peer, "127.0.0.1".parse().ok());
}

#[tokio::test]
async fn chunks_are_joined_and_their_header_says_nothing_of_the_body() {
    let answer =
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n\
                   8\r\n<p>Hello\r\n4\r\n</p>\r\n0\r\n\r\n";
    let (_, exchanged) = exchange(answer).await;
    assert_eq!(exchanged.body, b"<p>Hello</p>");
    let head = String::from_utf8(exchanged.response).unwrap();
    assert!(
        head.contains("\r\nx-crawler-transfer-encoding: chunked\r\n"),
        "{head}"
    );
}
