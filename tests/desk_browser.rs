//! The desk in a browser, driven as a person would: adding a source, correcting a site by pointing, searching, reading.
//! Every page loads without a complaint and without a request to elsewhere, fits a phone, and can be used by those who
//! see little or have no mouse. Needs Debian's `chromium` and `chromium-driver`; skips with a message where they are
//! absent. Accessibility is checked by axe-core, where `NEWSPRINT_TEST_AXE` names its file; pictures for the
//! documentation are written to the folder that `NEWSPRINT_PICTURES` names.

#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::panic)]

mod support;

use std::fs;
use std::path::PathBuf;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use support::{Browser, Desk, NIGHTS, Newsroom, Reply, page, story};

/// A line below every story of the site, which no general rule knows.
const HOUSE_LINE: &str = "Your harbour, your paper: the Daily is printed on the quay.";
/// The key that sends a form.
const ENTER: &str = "\u{e007}";
/// Of a phone, in pixels.
const PHONE: (u32, u32) = (390, 844);
const WINDOW: (u32, u32) = (1200, 900);

/// A source of so many articles that was crawled, and a site that is no source yet.
async fn newsroom(articles: usize) -> Newsroom {
    let mut room = Newsroom::with_store(None);
    room.site("weekly.test", 4);
    for path in [
        "/feed",
        "/rss",
        "/feed.xml",
        "/sitemap.xml",
        "/news-sitemap.xml",
    ] {
        room.server
            .may(&format!("weekly.test{path}"), Reply::status(404));
    }
    let mut links = NIGHTS[..articles].to_vec();
    links.push("/news/a-page-that-is-gone-for-good");
    room.server.may("daily.test/", support::front(&links));
    room.server.may(
        "daily.test/news/a-page-that-is-gone-for-good",
        Reply::status(410),
    );
    for (number, path) in (0..).zip(&NIGHTS[..articles]) {
        let text = format!("{}\n\n{HOUSE_LINE}", story(number));
        let html = page(&format!("Night {number} in the harbour"), &text);
        let html = html.replace(
            &format!("<p>{HOUSE_LINE}"),
            &format!("<p class='house-line'>{HOUSE_LINE}"),
        );
        room.server
            .may(&format!("daily.test{path}"), Reply::html(&html));
    }
    room.source("daily", &["http://daily.test/"]);
    room.pass().await;
    room
}

/// A person at a desk.
struct Reader {
    browser: Browser,
    desk: Desk,
    axe: Option<String>,
    pictures: Option<PathBuf>,
}

impl Reader {
    fn new(browser: Browser, desk: Desk) -> Reader {
        let axe = std::env::var("NEWSPRINT_TEST_AXE").ok();
        let axe = axe.and_then(|file| fs::read_to_string(file).ok());
        if axe.is_none() {
            println!("accessibility is not checked: NEWSPRINT_TEST_AXE names no file");
        }
        browser.resize(WINDOW.0, WINDOW.1);
        Reader {
            browser,
            desk,
            axe,
            pictures: std::env::var_os("NEWSPRINT_PICTURES").map(PathBuf::from),
        }
    }

    fn open(&self, path: &str) {
        self.browser.open(&format!("{}{path}", self.desk.origin));
    }

    fn path(&self) -> String {
        let path = self
            .browser
            .eval("return location.pathname + location.search");
        path.as_str().unwrap().to_owned()
    }

    /// Waits until the work that a form has started is done, and its page shown.
    fn wait_for_job(&self) {
        self.browser
            .wait_until("return !location.pathname.startsWith('/jobs/')");
    }

    /// The index is filled beside the server's other work: asks again until something is found.
    fn wait_for_hits(&self) {
        for _ in 0..500 {
            if self
                .browser
                .eval("return document.querySelector('.hits a') != null")
                == true
            {
                return;
            }
            self.browser.post("/refresh", &json!({}));
        }
        panic!("nothing is found at {}", self.path());
    }

    /// Nothing went wrong on the pages since, and nobody else was asked for anything.
    fn check(&self, page: &str) {
        assert_eq!(self.browser.complaints(), json!([]), "{page}");
        let foreign = self.browser.requests().into_iter();
        let foreign: Vec<String> = foreign
            .filter(|it| {
                // The browser begins with a page of its own.
                let own = [
                    self.desk.origin.as_str(),
                    "data:",
                    "chrome:",
                    "chrome-untrusted:",
                ];
                !own.iter().any(|own| it.starts_with(own))
            })
            .collect();
        assert_eq!(foreign, [""; 0], "{page}");
    }

    /// The page as seen on a wide screen and on a phone, by day and by night.
    fn check_looks(&self, page: &str) {
        for scheme in ["light", "dark"] {
            let media = json!({"features": [{"name": "prefers-color-scheme", "value": scheme}]});
            self.browser.command("Emulation.setEmulatedMedia", &media);
            self.check_access(page, scheme);
            self.picture(page, scheme);
        }
        let (width, height) = PHONE;
        let phone =
            json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": true});
        self.browser
            .command("Emulation.setDeviceMetricsOverride", &phone);
        let wide = "return document.documentElement.scrollWidth - innerWidth";
        assert!(
            self.browser.eval(wide).as_i64().unwrap() <= 0,
            "{page} is wider than a phone"
        );
        self.check_access(page, "phone");
        self.picture(page, "phone");
        self.browser
            .command("Emulation.clearDeviceMetricsOverride", &json!({}));
        self.browser
            .command("Emulation.setEmulatedMedia", &json!({"features": []}));
        self.check(page);
    }

    /// What axe-core finds that keeps somebody from using the page.
    fn check_access(&self, page: &str, look: &str) {
        let Some(axe) = &self.axe else {
            return;
        };
        self.browser.eval(axe);
        let found = self.browser.eval_later(
            "axe.run(document, {resultTypes: ['violations']}).then(it => done(it.violations\
             .filter(it => ['serious', 'critical'].includes(it.impact))\
             .map(it => it.id + ': ' + it.nodes.slice(0, 3).map(it => it.html).join(' '))))",
        );
        assert_eq!(found, json!([]), "{page}, {look}");
    }

    fn picture(&self, page: &str, look: &str) {
        let Some(folder) = &self.pictures else {
            return;
        };
        let bytes = STANDARD.decode(self.browser.picture()).unwrap();
        fs::create_dir_all(folder).unwrap();
        fs::write(folder.join(format!("{page}-{look}.png")), bytes).unwrap();
    }

    /// The first link that an element holds, as a path.
    fn link(&self, css: &str) -> String {
        let link = self.browser.eval(&format!(
            "return document.querySelector({css:?})?.getAttribute('href')"
        ));
        link.as_str()
            .unwrap_or_else(|| panic!("no {css} on {}", self.path()))
            .to_owned()
    }
}

/// Somebody at the desk of the newsroom; `None`, with a message, where there is no browser.
async fn reader(room: &Newsroom) -> Option<Reader> {
    let browser = Browser::start()?;
    Some(Reader::new(browser, Desk::open(room).await))
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_is_whole_on_any_screen_by_day_and_by_night() {
    let room = newsroom(6).await;
    let Some(reader) = reader(&room).await else {
        return;
    };
    reader.open("/search?q=harbour");
    reader.wait_for_hits();
    let article = reader.link(".hits a");
    reader.open(&format!("{article}/explain"));
    let block = reader.link(".block .point");
    for (name, path) in [
        ("sources", "/"),
        ("add", "/add-source"),
        ("source", "/sources/daily?outcome=http_4xx"),
        ("search", "/search?q=harbour"),
        ("article", article.as_str()),
        ("explain", &format!("{article}/explain")),
        ("correct", &block),
    ] {
        reader.open(path);
        reader.check_looks(name);
    }
    reader.desk.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_source_is_added_by_its_address() {
    let room = newsroom(6).await;
    let Some(reader) = reader(&room).await else {
        return;
    };
    let before = fs::read_to_string(&reader.desk.config_file).unwrap();
    let before = format!("# Two papers of the harbour\n{before}");
    fs::write(&reader.desk.config_file, &before).unwrap();
    reader.open("/");
    reader.browser.click("a[href='/add-source']");
    reader
        .browser
        .type_into("#address", &format!("http://weekly.test/{ENTER}"));
    reader.wait_for_job();
    let shown = reader.browser.text("main");
    assert!(shown.contains("What happened in the harbour"), "{shown}");
    reader.check_looks("proposal");
    reader.browser.click("button.main");
    reader
        .browser
        .wait_until("return location.pathname.startsWith('/sources/weekly')");
    let after = fs::read_to_string(&reader.desk.config_file).unwrap();
    assert!(after.starts_with(&before), "{after}");
    assert!(after.contains("http://weekly.test/"), "{after}");
    reader.check("the new source");

    // Once more, and it is gone.
    reader.browser.click(".note button");
    reader.browser.wait_until("return location.pathname == '/'");
    assert_eq!(
        fs::read_to_string(&reader.desk.config_file).unwrap(),
        before
    );
    reader.check("undone");
    reader.desk.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_site_is_corrected_by_pointing_at_a_block() {
    // Of more pages, the site's memory would know the line.
    let room = newsroom(3).await;
    let Some(reader) = reader(&room).await else {
        return;
    };
    reader.open("/search?q=quay");
    reader.wait_for_hits();
    reader.browser.click(".hits a");
    assert!(reader.browser.text(".read .text").contains(HOUSE_LINE));
    let article = reader.path();
    reader.browser.click(".actions a[href$='/explain']");

    // The block is found by what it says, and chosen with the keyboard.
    let block = reader.browser.eval(&format!(
        "return [...document.querySelectorAll('.block')].find(it => it.innerText.includes({HOUSE_LINE:?})).id"
    ));
    let block = block.as_str().unwrap();
    reader.browser.press(&format!("#{block} .point"), ENTER);
    reader
        .browser
        .wait_until("return location.search.includes('block=')");
    reader.browser.click("#correct form[action$='/try'] button");
    reader.browser.wait_until(
        "return document.querySelector('#correct form[action$=\"/apply\"] button.main') != null",
    );
    let effect = reader.browser.text("#correct .proposals li");
    assert!(effect.contains("house-line"), "{effect}");
    reader.check_looks("effects");
    reader
        .browser
        .click("#correct form[action$='/apply'] button.main");
    reader
        .browser
        .wait_until("return document.querySelector('.note') != null");
    let rules = room.dir.path().join("rules/sites/daily.test.toml");
    assert!(fs::read_to_string(&rules).unwrap().contains("house-line"));

    // The stored pages are extracted again.
    reader.browser.click("form[action$='/reextract'] button");
    reader.browser.wait_until("return document.querySelector('del') != null && !location.pathname.startsWith('/jobs/') && !location.search.includes('block=')");
    let sum = reader.browser.text("main");
    assert!(sum.contains(HOUSE_LINE), "{sum}");
    reader.open(&article);
    assert!(!reader.browser.text(".read .text").contains(HOUSE_LINE));
    reader.check("corrected");
    reader.desk.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_archive_is_searched_and_read_with_the_keyboard() {
    let room = newsroom(6).await;
    let Some(reader) = reader(&room).await else {
        return;
    };
    reader.open("/");
    reader.browser.press("body", "/");
    assert_eq!(
        reader.browser.eval("return document.activeElement.id"),
        "find"
    );
    reader
        .browser
        .type_into("#find", &format!("\"night 3\"{ENTER}"));
    reader
        .browser
        .wait_until("return location.pathname == '/search'");
    reader.wait_for_hits();
    assert_eq!(
        reader
            .browser
            .eval("return document.querySelectorAll('.hits > li').length"),
        1
    );
    reader.browser.press(".hits a", ENTER);
    reader
        .browser
        .wait_until("return location.pathname.startsWith('/articles/')");
    assert_eq!(reader.browser.text("h1"), "Night 3 in the harbour");
    let text = reader.browser.text(".read .text");
    let stored = room
        .written()
        .into_iter()
        .find(|it| it.title.as_deref() == Some("Night 3 in the harbour"));
    let stored = stored.unwrap().text;
    let paragraphs = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(paragraphs(&text), paragraphs(&stored));
    // On paper, the article is alone.
    reader
        .browser
        .command("Emulation.setEmulatedMedia", &json!({"media": "print"}));
    let seen = "return [...document.querySelectorAll('nav, form, .screen, header.top')].filter(it => it.offsetParent).length";
    assert_eq!(reader.browser.eval(seen), Value::from(0));
    reader.check("reading");
    reader.desk.stop().await;
}
