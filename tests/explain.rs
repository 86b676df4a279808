//! `explain --html` in a browser: it loads without a complaint, its legend filters, reasons come by
//! keyboard, it fits a phone, and nothing of the explained page runs. Needs Debian's `chromium` and
//! `chromium-driver`; skips with a message where they are absent.

#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used, clippy::print_stdout)]

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;

/// A page that would take over whatever shows it, around an article.
fn hostile() -> String {
    let paragraphs: String = (1..=5)
        .map(|n| {
            format!(
                "<p onclick=\"pwned=1\">Paragraph {n}: the ferry left the old harbour on Monday with \
                 four hundred passengers, a brass band and the mayor on board, the harbour office \
                 said, and it came back before the evening tide.</p>"
            )
        })
        .collect();
    format!(
        "<html lang=en><head><title>&lt;img src=x onerror=pwned=2&gt; The ferry returns</title>\
         <meta property=og:type content=article><meta name=author content='\"><script>pwned=3</script>'>\
         <style>body {{ display: none }}</style><script>pwned = 4; document.title = 'x'</script></head>\
         <body><nav><a href='javascript:pwned=5'>Home</a></nav><article><h1>The ferry returns</h1>\
         {paragraphs}<p>&lt;script&gt;pwned = 6&lt;/script&gt; &lt;img src=x onerror=pwned=7&gt; stood \
         written on the hull in letters as tall as a man, said the harbour office on Monday.</p>\
         <div class=share-buttons>Share it \u{200f}now</div><p>Advertisement</p></article>\
         <script>pwned = 8</script></body></html>"
    )
}

/// How long an answer of the driver may take.
const MAX_WAIT: Duration = Duration::from_secs(60);

/// A browser under a driver's command (WebDriver, W3C).
struct Browser {
    driver: Child,
    port: u16,
    session: String,
    _profile: TempDir,
}

impl Browser {
    /// `None`, with a message, where there is none to start.
    fn start() -> Option<Browser> {
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
            "goog:loggingPrefs": {"browser": "ALL"},
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

    fn post(&self, path: &str, body: &Value) -> Value {
        self.ask("POST", path, body)
    }

    fn open(&self, page: &Path) {
        let url = url::Url::from_file_path(page).unwrap();
        self.post("/url", &json!({"url": url.as_str()}));
    }

    /// What a script of ours, not of the page, says.
    fn eval(&self, script: &str) -> Value {
        self.post("/execute/sync", &json!({"script": script, "args": []}))
    }

    fn element(&self, css: &str) -> String {
        let found = self.post("/element", &json!({"using": "css selector", "value": css}));
        let id = found.as_object().unwrap().values().next().unwrap();
        format!("/element/{}", id.as_str().unwrap())
    }

    fn click(&self, css: &str) {
        self.post(&format!("{}/click", self.element(css)), &json!({}));
    }

    /// Goes to an element and presses a key there.
    fn press(&self, css: &str, key: &str) {
        self.eval(&format!("document.querySelector({css:?}).focus()"));
        let keys = json!({"actions": [{"type": "key", "id": "keys", "actions": [
            {"type": "keyDown", "value": key}, {"type": "keyUp", "value": key},
        ]}]});
        self.post("/actions", &keys);
    }

    /// Complaints since the last look.
    fn complaints(&self) -> Value {
        self.post("/se/log", &json!({"type": "browser"}))
    }

    /// How many blocks with this class are to be seen.
    fn seen(&self, class: &str) -> u64 {
        let script = format!(
            "return [...document.querySelectorAll('.block{class}')]\
             .filter(it => getComputedStyle(it).display != 'none').length"
        );
        self.eval(&script).as_u64().unwrap()
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

/// The page that explains the hostile one.
fn explained(dir: &Path) -> PathBuf {
    fs::write(dir.join("page.html"), hostile()).unwrap();
    let ran = Command::new(env!("CARGO_BIN_EXE_newsprint"))
        .current_dir(dir)
        .args(["explain", "--html", "why.html", "page.html"])
        .output()
        .unwrap();
    assert!(ran.status.success(), "{ran:?}");
    assert!(ran.stdout.is_empty());
    dir.join("why.html")
}

#[test]
fn the_page_that_explains_works_in_a_browser_and_nothing_of_the_other_runs() {
    let Some(browser) = Browser::start() else {
        return;
    };
    let dir = tempfile::tempdir().unwrap();
    browser.open(&explained(dir.path()));
    assert_eq!(browser.complaints(), json!([]));

    let title = browser.eval("return document.title");
    assert!(
        title.as_str().unwrap().contains("The ferry returns"),
        "{title}"
    );
    assert_eq!(browser.eval("return typeof window.pwned"), "undefined");
    let live = "return document.querySelectorAll(\
                'script, img, a, iframe, form, link, [onclick], [onerror], [style]').length";
    assert_eq!(browser.eval(live), 0);
    let text = "return document.querySelector('ol').textContent";
    let text = browser.eval(text);
    assert!(
        text.as_str()
            .unwrap()
            .contains("<script>pwned = 6</script>")
    );
    assert!(text.as_str().unwrap().contains("U+200F"));

    // The legend filters, and shows how many blocks there are.
    let (kept, rule) = (browser.seen(".t-kept"), browser.seen(".t-rule"));
    assert!(kept >= 6 && rule >= 1, "{kept} {rule}");
    let stated = "return +document.querySelector('label.t-kept b').textContent";
    assert_eq!(browser.eval(stated), kept);
    browser.click("label.t-rule");
    assert_eq!(
        (browser.seen(".t-kept"), browser.seen(".t-rule")),
        (kept, 0)
    );
    browser.click("label.t-kept");
    assert_eq!((browser.seen(".t-kept"), browser.seen(".t-rule")), (0, 0));
    browser.press("#c-rule", " ");
    browser.click("label.t-kept");
    assert_eq!(
        (browser.seen(".t-kept"), browser.seen(".t-rule")),
        (kept, rule)
    );

    // A reason comes by keyboard: from the legend's last switch, Tab leads to the first block.
    let shown = "return getComputedStyle(document.querySelector('.block .why')).display";
    assert_eq!(browser.eval(shown), "none");
    browser.press("fieldset label:last-of-type input", "\u{e004}");
    let first = "return document.activeElement == document.querySelector('.block')";
    assert_eq!(browser.eval(first), true);
    assert_eq!(browser.eval(shown), "block");

    // It fits a phone.
    browser.post("/window/rect", &json!({"width": 500, "height": 800}));
    let fits = "document.body.style.maxWidth = '360px'; \
                return document.documentElement.scrollWidth <= innerWidth";
    assert_eq!(browser.eval(fits), true);
    assert_eq!(browser.complaints(), json!([]));
}
