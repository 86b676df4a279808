//! A browser under a driver's command. Needs Debian's `chromium` and `chromium-driver`.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;

/// How long an answer of the driver may take.
const MAX_WAIT: Duration = Duration::from_secs(60);

/// A browser under a driver's command (WebDriver, W3C).
pub struct Browser {
    driver: Child,
    port: u16,
    session: String,
    _profile: TempDir,
}

impl Browser {
    /// `None`, with a message, where there is none to start.
    pub fn start() -> Option<Browser> {
        let find = |name: &str| {
            let path = PathBuf::from("/usr/bin").join(name);
            path.exists().then_some(path)
        };
        let (Some(chromium), Some(driver)) = (find("chromium"), find("chromedriver")) else {
            println!("skipped: there is no /usr/bin/chromium or no /usr/bin/chromedriver");
            return None;
        };
        let mut driver = Command::new(driver);
        let mut driver = driver
            .arg("--port=0")
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(driver.stdout.take().unwrap()).lines();
        let started = lines.find_map(|line| {
            let line = line.ok()?;
            let (_, port) = line.split_once("started successfully on port ")?;
            port.trim_end_matches('.').parse().ok()
        });
        let profile = tempfile::tempdir().unwrap();
        let mut browser = Browser {
            driver,
            port: started.unwrap(),
            session: String::new(),
            _profile: profile,
        };
        let profile = format!("--user-data-dir={}", browser._profile.path().display());
        let asked = json!({"capabilities": {"alwaysMatch": {
            "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"},
            "goog:chromeOptions": {"binary": chromium, "args": [
                "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                "--disable-background-networking", "--disable-component-update", "--disable-sync",
                "--window-size=1100,900", profile,
            ]},
        }}});
        let session = browser.ask("POST", "/session", &asked);
        browser.session = format!("/session/{}", session["sessionId"].as_str().unwrap());
        Some(browser)
    }

    fn ask(&self, method: &str, path: &str, body: &Value) -> Value {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        let body = body.to_string();
        let path = format!("{}{path}", self.session);
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
            body.len()
        )
        .unwrap();
        // The driver keeps its connections open, whatever it is asked.
        stream.set_read_timeout(Some(MAX_WAIT)).unwrap();
        let mut answer = BufReader::new(stream);
        let (mut head, mut length) = (String::new(), 0);
        while !head.ends_with("\r\n\r\n") {
            let start = head.len();
            assert!(answer.read_line(&mut head).unwrap() > 0, "{path}: {head}");
            let line = head[start..].to_ascii_lowercase();
            if let Some(stated) = line.strip_prefix("content-length:") {
                length = stated.trim().parse().unwrap();
            }
        }
        let mut body = vec![0; length];
        answer.read_exact(&mut body).unwrap();
        let mut body: Value = serde_json::from_slice(&body).unwrap();
        assert!(head.starts_with("HTTP/1.1 200"), "{path}: {body}");
        body["value"].take()
    }

    pub fn post(&self, path: &str, body: &Value) -> Value {
        self.ask("POST", path, body)
    }

    /// Goes to an address, and waits until the page is there.
    pub fn open(&self, url: &str) {
        self.post("/url", &json!({"url": url}));
    }

    pub fn open_file(&self, page: &Path) {
        self.open(url::Url::from_file_path(page).unwrap().as_str());
    }

    /// Types text into a field, after what is there.
    pub fn type_into(&self, css: &str, text: &str) {
        let path = format!("{}/value", self.element(css));
        self.post(&path, &json!({"text": text}));
    }

    /// The text that is to be seen of the first element that matches; empty where there is none.
    pub fn text(&self, css: &str) -> String {
        let script = format!("return document.querySelector({css:?})?.innerText ?? ''");
        self.eval(&script).as_str().unwrap().to_owned()
    }

    /// Waits until a script says something that is true.
    pub fn wait_until(&self, script: &str) {
        // A page that is left in the meantime takes its timers along: the question is put again.
        for _ in 0..3_000 {
            if self.eval(script) == true {
                return;
            }
        }
        let shown = self.eval("return location.href + '\\n' + document.body.innerText");
        panic!(
            "this did not come about: {script}\n{}",
            shown.as_str().unwrap()
        );
    }

    /// What a script of ours says once it calls `done`.
    pub fn eval_later(&self, script: &str) -> Value {
        let script = format!("const done = arguments[0]; {script}");
        self.post("/execute/async", &json!({"script": script, "args": []}))
    }

    /// A command of the browser's own protocol.
    pub fn command(&self, name: &str, parameters: &Value) -> Value {
        let body = json!({"cmd": name, "params": parameters});
        self.post("/goog/cdp/execute", &body)
    }

    /// A picture of the page as it is seen, as PNG in Base64.
    pub fn picture(&self) -> String {
        self.ask("GET", "/screenshot", &json!({}))
            .as_str()
            .unwrap()
            .to_owned()
    }

    /// The window's size in pixels.
    pub fn resize(&self, width: u32, height: u32) {
        self.post("/window/rect", &json!({"width": width, "height": height}));
    }

    /// The addresses that the browser has asked for since the last look.
    pub fn requests(&self) -> Vec<String> {
        let log = self.post("/se/log", &json!({"type": "performance"}));
        let entries = log.as_array().unwrap().iter();
        let messages = entries.filter_map(|it| {
            let message: Value = serde_json::from_str(it["message"].as_str()?).ok()?;
            let message = &message["message"];
            let is_request = message["method"] == "Network.requestWillBeSent";
            let url = message["params"]["request"]["url"].as_str()?;
            is_request.then(|| url.to_owned())
        });
        messages.collect()
    }

    /// What a script of ours, not of the page, says.
    pub fn eval(&self, script: &str) -> Value {
        self.post("/execute/sync", &json!({"script": script, "args": []}))
    }

    fn element(&self, css: &str) -> String {
        let found = self.post("/element", &json!({"using": "css selector", "value": css}));
        let id = found.as_object().unwrap().values().next().unwrap();
        format!("/element/{}", id.as_str().unwrap())
    }

    pub fn click(&self, css: &str) {
        self.post(&format!("{}/click", self.element(css)), &json!({}));
    }

    /// Goes to an element and presses a key there.
    pub fn press(&self, css: &str, key: &str) {
        self.eval(&format!("document.querySelector({css:?}).focus()"));
        let keys = json!({"actions": [{"type": "key", "id": "keys", "actions": [
            {"type": "keyDown", "value": key}, {"type": "keyUp", "value": key},
        ]}]});
        self.post("/actions", &keys);
    }

    /// Complaints since the last look.
    pub fn complaints(&self) -> Value {
        self.post("/se/log", &json!({"type": "browser"}))
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // The browser outlives its driver unless it is ended, also when the test has failed.
        if let Ok(mut stream) = TcpStream::connect(("127.0.0.1", self.port)) {
            let _ = stream.set_read_timeout(Some(MAX_WAIT));
            let _ = write!(
                stream,
                "DELETE {} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n",
                self.session
            );
            let _ = stream.read(&mut [0; 16]);
        }
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}
