//! A web server for tests, on loopback: many hosts on one port, distinguished by the `Host` header,
//! and answers of every sort, broken ones too. It keeps a log of the requests. When it is dropped,
//! it fails the test if a request was unexpected or an expected one never came.
//!
//! ```ignore
//! let server = Server::start();
//! server.on("daily.test/", Reply::html("<p>Hello</p>"));
//! let fetcher = Fetcher::new(&CrawlSettings::default(), &server.network()).unwrap();
//! // … http://daily.test/ now leads here …
//! assert_eq!(server.paths("daily.test"), ["/robots.txt", "/"]);
//! ```

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::Child;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use newsprint::config::NetworkSettings;
use newsprint::discover::{USUAL_FEEDS, USUAL_SITEMAPS};

/// Bytes that are sent at once where a body has no end.
const BLOCK: usize = 8 << 10;

/// The server; it answers until the test's process ends.
pub struct Server {
    pub address: SocketAddr,
    state: Arc<Mutex<State>>,
    asked: Arc<Condvar>,
}

#[derive(Default)]
struct State {
    /// By host and path (with query).
    replies: BTreeMap<String, Replies>,
    hits: Vec<Hit>,
    /// Requests that nothing was set up for.
    unexpected: Vec<String>,
    /// Paths that may be missing on any host.
    missing: Vec<String>,
    /// Hosts that answer every request by a function.
    sites: BTreeMap<String, Answer>,
    /// Requests being answered, by host.
    busy: BTreeMap<String, usize>,
}

/// What a whole host answers.
type Answer = Arc<dyn Fn(&Hit) -> Reply + Send + Sync>;

/// What is answered to the first request, the second…; the last is repeated.
#[derive(Default)]
struct Replies {
    replies: Vec<Reply>,
    /// How many of them must be requested still.
    outstanding: usize,
}

/// A request as it arrived.
#[derive(Debug, Clone)]
pub struct Hit {
    pub host: String,
    /// Path and query.
    pub path: String,
    /// By name in lower case.
    pub headers: BTreeMap<String, String>,
    pub at: Instant,
    /// No other request to this host was being answered.
    pub alone: bool,
}

/// An answer. Made by one of the constructors, then changed by the other methods.
#[derive(Debug, Clone)]
pub struct Reply {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    manner: Manner,
}

/// How an answer is sent.
#[derive(Debug, Clone, Copy)]
enum Manner {
    AtOnce,
    After(Duration),
    Drip {
        bytes: usize,
        pause: Duration,
    },
    Cut {
        bytes: usize,
    },
    Never,
    HangUp,
    /// The body is all that is sent: no status, no headers.
    Raw,
    /// The body, again and again.
    Endless,
}

impl Reply {
    pub fn new(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Reply {
        let reply = Reply {
            status,
            headers: Vec::new(),
            body: body.into(),
            manner: Manner::AtOnce,
        };
        match content_type {
            "" => reply,
            content_type => reply.header("Content-Type", content_type),
        }
    }

    pub fn html(body: &str) -> Reply {
        Reply::new(200, "text/html; charset=utf-8", body)
    }

    pub fn text(body: &str) -> Reply {
        Reply::new(200, "text/plain", body)
    }

    pub fn xml(body: &str) -> Reply {
        Reply::new(200, "application/xml", body)
    }

    /// A status with no more than a line of text.
    pub fn status(status: u16) -> Reply {
        Reply::new(status, "text/html", format!("<p>{status}</p>"))
    }

    pub fn redirect(location: &str) -> Reply {
        Reply::status(302).header("Location", location)
    }

    /// A few bytes of gzip that unpack to so many MiB of spaces.
    pub fn bomb(mebibytes: usize) -> Reply {
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        for _ in 0..mebibytes {
            packer.write_all(&vec![b' '; 1 << 20]).unwrap();
        }
        let body = packer.finish().unwrap();
        Reply::new(200, "text/html", body).header("Content-Encoding", "gzip")
    }

    /// These bytes and nothing else, whatever they mean.
    pub fn raw(bytes: impl Into<Vec<u8>>) -> Reply {
        Reply::new(200, "", bytes).sent(Manner::Raw)
    }

    /// This piece of a body, without end and as fast as it is taken.
    pub fn endless(piece: &str) -> Reply {
        Reply::html(piece).sent(Manner::Endless)
    }

    pub fn header(mut self, name: &str, value: &str) -> Reply {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// With another content type; with none where it is empty.
    pub fn content_type(mut self, content_type: &str) -> Reply {
        self.headers.retain(|(name, _)| name != "Content-Type");
        match content_type {
            "" => self,
            content_type => self.header("Content-Type", content_type),
        }
    }

    /// With an `ETag` that changes with the body.
    pub fn with_etag(self) -> Reply {
        let mut hasher = DefaultHasher::new();
        self.body.hash(&mut hasher);
        let tag = format!("\"{:x}\"", hasher.finish());
        self.header("ETag", &tag)
    }

    /// Compressed as `deflate` without the zlib header, as some servers do.
    pub fn deflated(mut self) -> Reply {
        let mut packer =
            flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::fast());
        packer.write_all(&self.body).unwrap();
        self.body = packer.finish().unwrap();
        self.header("Content-Encoding", "deflate")
    }

    /// Sent after a while.
    pub fn after(self, pause: Duration) -> Reply {
        self.sent(Manner::After(pause))
    }

    /// Sent a few bytes at a time.
    pub fn drip(self, bytes: usize, pause: Duration) -> Reply {
        self.sent(Manner::Drip { bytes, pause })
    }

    /// The connection breaks off after so many bytes of the body.
    pub fn cut(self, bytes: usize) -> Reply {
        self.sent(Manner::Cut { bytes })
    }

    /// Never sent; the connection stays open until the client gives up.
    pub fn never() -> Reply {
        Reply::status(200).sent(Manner::Never)
    }

    /// The connection is closed without an answer.
    pub fn hang_up() -> Reply {
        Reply::status(200).sent(Manner::HangUp)
    }

    fn sent(mut self, manner: Manner) -> Reply {
        self.manner = manner;
        self
    }

    fn head(&self) -> String {
        let headers = self
            .headers
            .iter()
            .map(|(name, value)| format!("{name}: {value}\r\n"));
        format!(
            "HTTP/1.1 {} Status\r\n{}Content-Length: {}\r\nConnection: close\r\n\r\n",
            self.status,
            headers.collect::<String>(),
            self.body.len()
        )
    }

    fn send(&self, mut stream: TcpStream) -> std::io::Result<()> {
        match self.manner {
            Manner::Raw => stream.write_all(&self.body),
            Manner::Endless => {
                stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")?;
                // By the piece, the server would be what is slow.
                let many = self.body.repeat(BLOCK.div_ceil(self.body.len().max(1)));
                loop {
                    stream.write_all(&many)?;
                }
            }
            Manner::Never => {
                let mut rest = Vec::new();
                stream.read_to_end(&mut rest).map(|_| ())
            }
            Manner::HangUp => Ok(()),
            Manner::AtOnce | Manner::After(_) => {
                stream.write_all(&[self.head().as_bytes(), &self.body].concat())
            }
            Manner::Cut { bytes } => {
                stream.write_all(&[self.head().as_bytes(), &self.body[..bytes]].concat())
            }
            Manner::Drip { bytes, pause } => {
                stream.write_all(self.head().as_bytes())?;
                for piece in self.body.chunks(bytes) {
                    stream.write_all(piece)?;
                    std::thread::sleep(pause);
                }
                Ok(())
            }
        }
    }
}

impl Server {
    /// Starts a server on a free port.
    pub fn start() -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let state = Arc::new(Mutex::new(State::default()));
        let asked = Arc::new(Condvar::new());
        let shared = (Arc::clone(&state), Arc::clone(&asked));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (state, asked) = shared.clone();
                std::thread::spawn(move || serve(&stream, &state, &asked));
            }
        });
        Server {
            address,
            state,
            asked,
        }
    }

    /// Starts a server for sites that are crawled: a front page that names neither feeds nor
    /// sitemaps has them looked for at the usual paths.
    pub fn for_crawls() -> Server {
        let server = Server::start();
        server.may_miss(&USUAL_FEEDS).may_miss(&USUAL_SITEMAPS);
        server
    }

    /// Expects a request for a host and path (`daily.test/news?page=2`), and answers it like this.
    /// Given several times, the answers follow one another, each of them is expected, and the last
    /// is repeated. Hosts without a robots.txt answer 404 to it; so does everything else, and
    /// fails the test.
    pub fn on(&self, address: &str, reply: Reply) -> &Server {
        let mut state = self.state.lock().unwrap();
        let replies = state.replies.entry(address.to_owned()).or_default();
        replies.replies.push(reply);
        replies.outstanding += 1;
        drop(state);
        self
    }

    /// Answers a host and path like this where it is requested, which the test does not expect.
    pub fn may(&self, address: &str, reply: Reply) -> &Server {
        let mut state = self.state.lock().unwrap();
        let replies = state.replies.entry(address.to_owned()).or_default();
        replies.replies.push(reply);
        drop(state);
        self
    }

    /// Answers every request for a host by a function; none of them is unexpected.
    pub fn site(&self, host: &str, answer: impl Fn(&Hit) -> Reply + Send + Sync + 'static) {
        let mut state = self.state.lock().unwrap();
        state.sites.insert(host.to_owned(), Arc::new(answer));
    }

    /// Requests for these paths are no mistake on any host, and are answered with 404.
    pub fn may_miss(&self, paths: &[&str]) -> &Server {
        let mut state = self.state.lock().unwrap();
        state.missing.extend(paths.iter().map(|&it| it.to_owned()));
        drop(state);
        self
    }

    /// Settings by which port 80 of every host given so far leads here.
    pub fn network(&self) -> NetworkSettings {
        let state = self.state.lock().unwrap();
        let hosts = state
            .replies
            .keys()
            .filter_map(|address| address.split('/').next())
            .chain(state.sites.keys().map(String::as_str));
        NetworkSettings {
            resolve: hosts
                .map(|host| ((host.to_owned(), 80), self.address))
                .collect(),
            ..NetworkSettings::default()
        }
    }

    /// What was asked, in order.
    pub fn hits(&self) -> Vec<Hit> {
        self.state.lock().unwrap().hits.clone()
    }

    /// Expects another request for a host and path, and answers like this from now on.
    pub fn change(&self, address: &str, reply: Reply) {
        let mut state = self.state.lock().unwrap();
        let before = state.replies.entry(address.to_owned()).or_default();
        let outstanding = before.outstanding;
        *before = Replies {
            replies: vec![reply],
            outstanding: 1,
        };
        assert_eq!(outstanding, 0, "{address} changes before it was requested");
    }

    /// Waits until so many requests have come, all in all; false where they don't within a minute.
    pub fn wait_for_hits(&self, count: usize) -> bool {
        let state = self.state.lock().unwrap();
        let few = |state: &mut State| state.hits.len() < count;
        let waited = self
            .asked
            .wait_timeout_while(state, Duration::from_secs(60), few);
        !waited.unwrap().1.timed_out()
    }

    /// Waits until so many more requests have come.
    pub fn wait_for_more_hits(&self, count: usize) {
        let before = self.state.lock().unwrap().hits.len();
        assert!(self.wait_for_hits(before + count), "no more requests");
    }

    /// Waits until so many requests have come, all in all, or until a client has ended.
    pub fn wait_for_hits_of(&self, client: &mut Child, count: usize) {
        let ended = |client: &mut Child| client.try_wait().unwrap().is_some();
        let mut state = self.state.lock().unwrap();
        while state.hits.len() < count && !ended(client) {
            let pause = Duration::from_millis(50);
            state = self.asked.wait_timeout(state, pause).unwrap().0;
        }
    }

    /// Forgets what was asked so far.
    pub fn forget_hits(&self) {
        self.state.lock().unwrap().hits.clear();
    }

    /// The paths that were asked of one host, in order.
    pub fn paths(&self, host: &str) -> Vec<String> {
        let hits = self.hits().into_iter().filter(|hit| hit.host == host);
        hits.map(|hit| hit.path).collect()
    }

    /// What went otherwise than the test expects, a line each.
    fn faults(&self) -> Vec<String> {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let unexpected = state.unexpected.iter();
        let unexpected = unexpected.map(|address| format!("unexpected request: {address}"));
        let outstanding = state.replies.iter().filter(|(_, it)| it.outstanding > 0);
        let outstanding = outstanding.map(|(address, replies)| {
            let count = replies.outstanding;
            format!("expected request never came ({count} more): {address}")
        });
        unexpected.chain(outstanding).collect()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // A test that fails already has better to say.
        if std::thread::panicking() {
            return;
        }
        let faults = self.faults();
        let some = &faults[..faults.len().min(20)];
        assert!(
            faults.is_empty(),
            "{} faults:\n{}",
            faults.len(),
            some.join("\n")
        );
    }
}

fn serve(stream: &TcpStream, state: &Mutex<State>, asked: &Condvar) {
    let Some(hit) = read_request(stream) else {
        // TLS, say: there is none here.
        let _ = stream
            .try_clone()
            .and_then(|stream| Reply::status(400).send(stream));
        return;
    };
    let host = hit.host.clone();
    let reply = state.lock().unwrap().receive(hit);
    asked.notify_all();
    if let Manner::After(pause) = reply.manner {
        std::thread::sleep(pause);
    }
    // From here on the client may be done before we are, and rightly come back.
    *state.lock().unwrap().busy.entry(host).or_default() -= 1;
    // A client that gives up is what some tests are about.
    let _ = stream.try_clone().and_then(|stream| reply.send(stream));
}

fn read_request(stream: &TcpStream) -> Option<Hit> {
    let mut lines = BufReader::new(stream).lines();
    let first = lines.next()?.ok()?;
    let path = first.split(' ').nth(1)?.to_owned();
    let headers: BTreeMap<String, String> = lines
        .map_while(Result::ok)
        .take_while(|line| !line.is_empty())
        .filter_map(|line| {
            let (name, value) = line.split_once(':')?;
            Some((name.to_ascii_lowercase(), value.trim().to_owned()))
        })
        .collect();
    let host = headers.get("host")?.split(':').next()?.to_owned();
    Some(Hit {
        host,
        path,
        headers,
        at: Instant::now(),
        alone: true,
    })
}

impl Replies {
    fn next(&mut self) -> Reply {
        self.outstanding = self.outstanding.saturating_sub(1);
        if self.replies.len() > 1 {
            self.replies.remove(0)
        } else {
            self.replies[0].clone()
        }
    }
}

impl State {
    fn receive(&mut self, mut hit: Hit) -> Reply {
        let address = format!("{}{}", hit.host, hit.path);
        let busy = self.busy.entry(hit.host.clone()).or_default();
        hit.alone = *busy == 0;
        *busy += 1;
        let may_be_missing = hit.path == "/robots.txt" || self.missing.contains(&hit.path);
        let answer = self.sites.get(&hit.host).map(|answer| answer(&hit));
        self.hits.push(hit);
        let reply = match (answer, self.replies.get_mut(&address)) {
            (_, Some(replies)) => replies.next(),
            (Some(reply), None) => reply,
            (None, None) => {
                if !may_be_missing {
                    self.unexpected.push(address);
                }
                Reply::status(404)
            }
        };
        let etag = reply.headers.iter().find(|(name, _)| name == "ETag");
        let held = self
            .hits
            .last()
            .and_then(|hit| hit.headers.get("if-none-match"));
        match etag {
            Some((_, etag)) if held == Some(etag) => Reply::new(304, "", "").header("ETag", etag),
            _ => reply,
        }
    }
}
