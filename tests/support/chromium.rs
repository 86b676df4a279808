//! A running Chromium, as the `render` of a source names it. Needs Debian's `chromium`.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;
use url::Url;

/// A browser that waits at its DevTools port.
pub struct Chromium {
    child: Child,
    pub port: u16,
    _profile: TempDir,
}

impl Chromium {
    /// `None`, with a message, where there is none to start.
    pub fn start() -> Option<Chromium> {
        let program = Path::new("/usr/bin/chromium");
        if !program.exists() {
            println!("skipped: there is no /usr/bin/chromium");
            return None;
        }
        let profile = tempfile::tempdir().unwrap();
        let mut child = Command::new(program)
            .args([
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--no-first-run",
            ])
            .args([
                "--disable-background-networking",
                "--disable-component-update",
            ])
            .args(["--disable-sync", "--remote-debugging-port=0"])
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let started = lines.find_map(|line| {
            let line = line.ok()?;
            let (_, address) = line.split_once("DevTools listening on ")?;
            Url::parse(address.trim()).ok()?.port()
        });
        // What it complains of would fill the pipe.
        std::thread::spawn(move || lines.for_each(drop));
        Some(Chromium {
            child,
            port: started.unwrap(),
            _profile: profile,
        })
    }

    /// Its address, as in the settings.
    pub fn address(&self) -> Url {
        Url::parse(&format!("ws://127.0.0.1:{}", self.port)).unwrap()
    }

    /// Its tabs, workers and whatever else runs in it for a page, by address.
    pub fn targets(&self) -> Vec<String> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        write!(
            stream,
            "GET /json/list HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
        )
        .unwrap();
        let mut answer = BufReader::new(stream);
        let (mut head, mut length) = (String::new(), 0);
        while !head.ends_with("\r\n\r\n") {
            let start = head.len();
            assert!(answer.read_line(&mut head).unwrap() > 0, "{head}");
            let line = head[start..].to_ascii_lowercase();
            if let Some(stated) = line.strip_prefix("content-length:") {
                length = stated.trim().parse().unwrap();
            }
        }
        let mut body = vec![0; length];
        answer.read_exact(&mut body).unwrap();
        let targets: Vec<Value> = serde_json::from_slice(&body).unwrap();
        let urls = targets
            .iter()
            .map(|it| it["url"].as_str().unwrap().to_owned());
        let mut urls: Vec<String> = urls.filter(|it| !it.starts_with("chrome://")).collect();
        urls.sort();
        urls
    }

    /// Ends it at once.
    pub fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        self.kill();
    }
}
