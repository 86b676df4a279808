//! Opt-outs that sites state: each form, for each purpose, on a made site; how they are counted, and what happens when
//! a site takes one back.

#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use std::collections::BTreeMap;
use std::fs;

use newsprint::article::Article;
use newsprint::rights::Purpose;
use newsprint::store::{self, Address, AddressFilter, Filter};
use newsprint::{Client, VisitOutcome};
use serde_json::Value;
use support::{Newsroom, Ran, Reply, front, is_of_sqlite_alone, newsprint, page, story};
use url::Url;

/// The page of each site that states something, and its path.
const STORY: &str = "/news/one-long-night-in-the-harbour";

/// How a site states an opt-out for the pages below `/news/`.
struct Form {
    /// Also the name of its host.
    name: &'static str,
    /// What states it.
    place: Place,
    /// What it is called in reasons, for archive, search, ai-input and ai-train; empty where it does not bind.
    binds: [&'static str; 4],
    /// The field of the record's `rights` that has it, and how it begins there.
    field: (&'static str, &'static str),
}

enum Place {
    Robots(&'static str),
    /// A file at a path of the host that robots.txt names, or that has a fixed place.
    File(&'static str, &'static str, &'static str),
    Header(&'static str, &'static str),
    /// A header or an element that names the file at `/license.xml`.
    Linked(Option<&'static str>, &'static str, &'static str),
    Head(&'static str),
}

const NO_TRAINING: &str = "<rsl xmlns=\"https://rslstandard.org/rsl\"><content url=\"/news/*\"><license>\
     <prohibits type=\"usage\">ai-train</prohibits></license></content></rsl>";
const NOTHING: &str = "<rsl xmlns=\"https://rslstandard.org/rsl\"><content url=\"/news/\"><license>\
     <prohibits type=\"usage\">all</prohibits></license></content></rsl>";
const LINK: &str = "<link rel=license type=application/rsl+xml href=/license.xml>";
const RSL_HEADER: &str = "</license.xml>; rel=\"license\"; type=\"application/rsl+xml\"";

const fn form(
    name: &'static str,
    place: Place,
    binds: [&'static str; 4],
    field: (&'static str, &'static str),
) -> Form {
    Form {
        name,
        place,
        binds,
        field,
    }
}

#[rustfmt::skip]
const FORMS: &[Form] = {
    use Place::{File, Head, Header, Linked, Robots};
    const TRAIN: [&str; 4] = ["", "", "", "Content-Signal ai-train=no"];
    const USAGE: [&str; 4] = ["", "", "", "Content-Usage train-ai=n"];
    const RSL: [&str; 4] = ["", "", "", "RSL without ai-train"];
    const TDM: [&str; 4] = ["", "tdm-reservation 1", "tdm-reservation 1", "tdm-reservation 1"];
    const NO_AI: [&str; 4] = ["", "", "noai", "noai"];
    const LICENCE: (&str, &str) = ("rsl", "<http");
    &[
        form("silent", Head(""), ["", "", "", ""], ("", "")),
        form("signal-robots", Robots("Content-Signal: /news/ search=yes, ai-train=no"), TRAIN, ("content_signal", "search=yes, ai-train=no")),
        form("signal-header", Header("Content-Signal", "ai-train=no"), TRAIN, ("content_signal", "ai-train=no")),
        form("signal-search", Header("Content-Signal", "search=no, ai-input=no"),
            ["", "Content-Signal search=no", "Content-Signal ai-input=no", ""], ("content_signal", "search=no, ai-input=no")),
        form("usage-robots", Robots("Content-Usage: / train-ai=y\nContent-Usage: /news/ train-ai=n"), USAGE, ("content_usage", "train-ai=n")),
        form("usage-header", Header("Content-Usage", "train-ai=n"), USAGE, ("content_usage", "train-ai=n")),
        form("rsl-robots", File("/license.xml", "License: /license.xml", NO_TRAINING), RSL, LICENCE),
        form("rsl-all", File("/license.xml", "License: /license.xml", NOTHING), ["RSL prohibits all"; 4], LICENCE),
        form("rsl-header", Linked(Some(RSL_HEADER), "", NO_TRAINING), RSL, LICENCE),
        form("rsl-link", Linked(None, LINK, NO_TRAINING), RSL, LICENCE),
        form("rsl-link-all", Linked(None, LINK, NOTHING), ["RSL prohibits all"; 4], LICENCE),
        form("rsl-inline", Head("<script type=application/rsl+xml><rsl><content url=/><license><prohibits type=usage>ai-train</prohibits></license></content></rsl></script>"), RSL, ("rsl", "<inline> prohibits usage ai-train")),
        form("rsl-missing", Head("<link rel=license type=application/rsl+xml href=/none.xml>"), ["", "", "", ""], ("", "")),
        form("tdm-file", File("/.well-known/tdmrep.json", "", "[{\"location\": \"/news/*\", \"tdm-reservation\": 1}]"), TDM, ("", "")),
        form("tdm-header", Header("TDM-Reservation", "1"), TDM, ("tdm_reservation", "1")),
        form("tdm-meta", Head("<meta name=tdm-reservation content=1>"), TDM, ("tdm_reservation", "1")),
        form("noai-meta", Head("<meta name=robots content='index, noai'>"), NO_AI, ("robots_meta", "index, noai")),
        form("noai-header", Header("X-Robots-Tag", "noai, noimageai"), NO_AI, ("ai_policy", "noai, noimageai")),
        form("noai-ours", Header("X-Robots-Tag", "newsprint: noai"), NO_AI, ("robots_meta", "newsprint: noai")),
        form("noai-others", Header("X-Robots-Tag", "otherbot: noai"), ["", "", "", ""], ("robots_meta", "otherbot: noai")),
        form("noindex", Head("<meta name=robots content=noindex>"), ["", "noindex", "noindex", ""], ("robots_meta", "noindex")),
        form("noarchive", Header("X-Robots-Tag", "noarchive"), ["", "", "noarchive", "noarchive"], ("robots_meta", "noarchive")),
        form("policy", Head("<meta name=ai-policy content=disallow>"), ["", "", "ai-policy", "ai-policy"], ("ai_policy", "disallow")),
    ]
};

impl Form {
    fn host(&self) -> String {
        format!("{}.test", self.name)
    }

    /// True where it is known before the page is fetched.
    fn is_early(&self) -> bool {
        matches!(self.place, Place::Robots(_) | Place::File(..))
    }

    /// Serves the site.
    fn serve(&self, room: &Newsroom, number: u64) {
        let (host, mut robots, mut head) = (self.host(), String::new(), "");
        let mut headers = Vec::new();
        let mut file = None;
        match self.place {
            Place::Robots(lines) => robots = format!("User-agent: *\nDisallow: /closed\n{lines}\n"),
            Place::File(path, line, text) => {
                robots = format!("User-agent: *\nDisallow:\n{line}\n");
                file = Some((path, text));
            }
            Place::Header(name, value) => headers.push((name, value)),
            Place::Linked(header, element, text) => {
                headers.extend(header.map(|value| ("Link", value)));
                head = element;
                file = Some(("/license.xml", text));
            }
            Place::Head(element) => head = element,
        }
        let html = page(&format!("Night {number}"), &story(number));
        let html = html.replacen("</head>", &format!("{head}</head>"), 1);
        let mut reply = Reply::html(&html);
        for (name, value) in headers {
            reply = reply.header(name, value);
        }
        room.server.may(&format!("{host}{STORY}"), reply);
        room.server.may(&format!("{host}/"), front(&[STORY]));
        room.server
            .may(&format!("{host}/robots.txt"), Reply::text(&robots));
        if let Some((path, text)) = file {
            room.server.may(&format!("{host}{path}"), Reply::text(text));
        }
    }
}

/// A newsroom with a source for each of these forms.
fn room(purpose: Purpose, forms: &[&Form]) -> Newsroom {
    let mut room = Newsroom::open();
    room.purpose = purpose;
    room.server
        .may_miss(&["/.well-known/tdmrep.json", "/none.xml"]);
    for (number, form) in (1..).zip(forms) {
        form.serve(&room, number);
        room.source(form.name, &[&format!("http://{}/", form.host())]);
    }
    room
}

/// The form of that name.
fn named(name: &str) -> &'static Form {
    FORMS.iter().find(|form| form.name == name).unwrap()
}

/// The story of each source, as the store knows its address.
async fn stories(room: &Newsroom) -> BTreeMap<String, Address> {
    let store = store::open(&room.config().store.location).await.unwrap();
    let mut addresses = store.addresses(AddressFilter::default());
    let mut stories = BTreeMap::new();
    while let Some(address) = addresses.next().await.unwrap() {
        if address.url.ends_with(STORY) {
            stories.insert(address.source.clone(), address);
        }
    }
    store.close().await;
    stories
}

async fn articles(room: &Newsroom) -> BTreeMap<String, Article> {
    let store = store::open(&room.config().store.location).await.unwrap();
    let mut found = store.articles(Filter::default());
    let mut articles = BTreeMap::new();
    while let Some(article) = found.next().await.unwrap() {
        articles.insert(article.source.clone().unwrap(), article);
    }
    store.close().await;
    articles
}

#[tokio::test]
async fn each_form_withholds_what_its_purposes_forbid_and_nothing_else() {
    for (column, purpose) in Purpose::ALL.into_iter().enumerate() {
        let forms: Vec<&Form> = FORMS.iter().collect();
        let room = room(purpose, &forms);
        room.pass().await;
        let (stories, articles) = (stories(&room).await, articles(&room).await);
        let kept = room.raw_pages().await;
        for form in FORMS {
            let (name, statement) = (form.name, form.binds[column]);
            let case = format!("{name} for {}", purpose.name());
            let story = &stories[name];
            let was_asked = room.server.paths(&form.host()).contains(&STORY.to_owned());
            if statement.is_empty() {
                assert_eq!(
                    story.outcome,
                    Some(VisitOutcome::Stored),
                    "{case}: {:?}",
                    story.reason
                );
                let rights = serde_json::to_value(&articles[name].rights).unwrap();
                let (field, begins) = form.field;
                let stated = rights[field].as_str().unwrap_or_default();
                assert!(stated.starts_with(begins), "{case}: {rights}");
                let has_unread = rights["rsl"].to_string().contains("unread");
                assert!(!has_unread, "{case}: {rights}");
                continue;
            }
            assert_eq!(story.outcome, Some(VisitOutcome::OptOut), "{case}");
            let reason = format!("refused: {statement} for purpose {}", purpose.name());
            assert_eq!(story.reason.as_deref(), Some(reason.as_str()), "{case}");
            assert!(story.is_lost && story.next_visit.is_some(), "{case}");
            assert_eq!(was_asked, !form.is_early(), "{case}");
            assert!(!articles.contains_key(name), "{case}");
            let page = format!("{}{STORY}", form.host());
            assert!(kept.iter().all(|url| !url.contains(&page)), "{case}");
        }
        assert_eq!(stories.len(), FORMS.len());
    }
}

#[tokio::test]
async fn a_file_is_asked_for_once_and_kept_with_robots_txt() {
    let forms = [named("rsl-link"), named("tdm-file")];
    let room = room(Purpose::Search, &forms);
    room.pass().await;
    let asked = |host: &str, path: &str| {
        let paths = room.server.paths(host);
        paths.iter().filter(|it| *it == path).count()
    };
    assert_eq!(asked("rsl-link.test", "/license.xml"), 1);
    assert_eq!(asked("tdm-file.test", "/.well-known/tdmrep.json"), 1);
    room.pass_after(60).await;
    assert_eq!(asked("rsl-link.test", "/license.xml"), 0);
    assert_eq!(asked("tdm-file.test", "/.well-known/tdmrep.json"), 0);
}

#[tokio::test]
async fn a_licence_that_cannot_be_read_forbids_what_needs_one() {
    let form = Form {
        name: "broken",
        place: Place::Linked(None, LINK, ""),
        binds: ["", "", "", ""],
        field: ("rsl", "<http"),
    };
    for (purpose, expected) in [
        (Purpose::Archive, VisitOutcome::Stored),
        (Purpose::Search, VisitOutcome::OptOut),
    ] {
        let room = room(purpose, &[&form]);
        room.server
            .change("broken.test/license.xml", Reply::status(500));
        room.pass().await;
        let story = &stories(&room).await["broken"];
        assert_eq!(story.outcome, Some(expected), "{:?}", story.reason);
    }
}

/// A page that names a licence at an address inside the network does not lead there.
#[tokio::test]
async fn a_licence_leads_nowhere_that_a_page_may_not() {
    let head = "<link rel=license type=application/rsl+xml href=http://127.0.0.1:9/license.xml>\
                <link rel=license type=application/rsl+xml href=http://169.254.169.254/l.xml>";
    let form = Form {
        name: "outward",
        place: Place::Head(head),
        binds: ["", "", "", ""],
        field: ("", ""),
    };
    let room = room(Purpose::Archive, &[&form]);
    room.pass().await;
    let rights = &articles(&room).await["outward"].rights;
    let stated = rights.rsl.as_deref().unwrap();
    let expected = "<http://127.0.0.1:9/license.xml> unread, <http://169.254.169.254/l.xml> unread";
    assert_eq!(stated, expected);
}

#[tokio::test]
async fn pages_come_in_once_the_site_takes_its_opt_out_back() {
    let forms = [
        named("signal-robots"),
        named("noai-meta"),
        named("rsl-robots"),
    ];
    let room = room(Purpose::AiTrain, &forms);
    room.pass().await;
    assert!(articles(&room).await.is_empty());
    for (number, form) in (1..).zip(forms) {
        let (host, story) = (form.host(), Reply::html(&page("Night", &story(number))));
        room.server
            .change(&format!("{host}/robots.txt"), Reply::text(""));
        room.server.change(&format!("{host}{STORY}"), story);
    }
    for _ in 0..3 {
        room.pass_after(25 * 60).await;
    }
    assert_eq!(articles(&room).await.len(), 3, "{:?}", stories(&room).await);
}

#[tokio::test]
async fn another_purpose_makes_them_due_at_once() {
    let forms = [named("noai-meta"), named("signal-robots")];
    let mut room = room(Purpose::AiTrain, &forms);
    room.pass().await;
    assert!(articles(&room).await.is_empty());
    room.purpose = Purpose::Search;
    room.pass_after(10).await;
    assert_eq!(articles(&room).await.len(), 2);
}

#[tokio::test]
async fn reextract_keeps_what_was_stated_outside_of_the_page() {
    let forms = [named("signal-robots"), named("rsl-link")];
    let room = room(Purpose::Archive, &forms);
    room.pass().await;
    let before = articles(&room).await;
    let options = newsprint::crawl::ReextractOptions::default();
    let report = |it: newsprint::crawl::Differences| {
        assert_eq!((it.pages, it.same), (1, 1), "{it:?}");
        Ok::<(), newsprint::crawl::CrawlError>(())
    };
    newsprint::crawl::reextract(&room.config(), &options, report)
        .await
        .unwrap();
    let rights = |articles: &BTreeMap<String, Article>| {
        let all = articles.values().map(|it| it.rights.clone());
        all.collect::<Vec<_>>()
    };
    assert_eq!(rights(&articles(&room).await), rights(&before));
    assert_eq!(
        before["rsl-link"].rights.rsl.as_deref(),
        Some("<http://rsl-link.test/license.xml> prohibits usage ai-train")
    );
}

/// The program, in the folder of a room.
fn run(room: &Newsroom, line: &str) -> Ran {
    let dir = room.dir.path();
    fs::write(dir.join("config.toml"), room.config_file()).unwrap();
    let mut command = newsprint(dir);
    command
        .args(line.split_whitespace())
        .output()
        .unwrap()
        .into()
}

#[tokio::test]
async fn status_counts_what_is_withheld_by_statement() {
    let forms = [named("signal-header"), named("silent")];
    let room = room(Purpose::AiTrain, &forms);
    room.pass().await;
    let status = run(&room, "status --since 2000-01-01 --source signal-header");
    let line = "signal-header: 1 page is withheld by opt-outs: Content-Signal ai-train=no 1\n";
    assert!(status.out.contains(line), "{}{}", status.out, status.err);
    assert!(status.out.contains("opt_out 1"), "{}", status.out);
    let json = run(&room, "status --since 2000-01-01 --format json");
    let rows: Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!(
        rows[0]["withheld"],
        serde_json::json!({"Content-Signal ai-train=no": 1})
    );
    assert_eq!(rows[1]["withheld"], serde_json::json!({}));
    let pages = run(&room, "pages --outcome opt_out --format jsonl");
    assert!(
        pages
            .out
            .contains("refused: Content-Signal ai-train=no for purpose ai-train")
    );
}

#[tokio::test]
async fn an_export_leaves_out_what_is_not_for_its_purposes() {
    if is_of_sqlite_alone("the program reads the store's file") {
        return;
    }
    let forms = [
        "silent",
        "signal-header",
        "usage-robots",
        "noindex",
        "rsl-link",
    ]
    .map(named);
    let room = room(Purpose::Archive, &forms);
    room.pass().await;
    for (require, names, note) in [
        (
            "archive",
            vec![
                "noindex",
                "rsl-link",
                "signal-header",
                "silent",
                "usage-robots",
            ],
            "",
        ),
        (
            "ai-train",
            vec!["noindex", "silent"],
            "3 articles left out by opt-outs: Content-Signal ai-train=no 1, Content-Usage train-ai=n 1, RSL without ai-train 1\n",
        ),
        (
            "search",
            vec!["rsl-link", "signal-header", "silent", "usage-robots"],
            "1 article left out by opt-outs: noindex 1\n",
        ),
        (
            "search,ai-train",
            vec!["silent"],
            "4 articles left out by opt-outs: ",
        ),
    ] {
        let ran = run(&room, &format!("export --require {require}"));
        let mut sources: Vec<String> = ran
            .records()
            .iter()
            .map(|it| it["source"].as_str().unwrap().to_owned())
            .collect();
        sources.sort();
        assert_eq!(sources, names, "{require}");
        assert!(ran.err.contains(note), "{require}: {}", ran.err);
        assert_eq!(
            ran.err.is_empty(),
            note.is_empty(),
            "{require}: {}",
            ran.err
        );
    }
    let unknown = run(&room, "export --require ai-trian");
    assert_eq!(unknown.code, 2);
    for name in ["archive", "search", "ai-input", "ai-train"] {
        assert!(unknown.err.contains(name), "{}", unknown.err);
    }
    let none = run(&room, "export --require search,ai-train --source noindex");
    assert!(
        none.err
            .contains("no article of the store matches --source --require"),
        "{}",
        none.err
    );
}

#[tokio::test]
async fn fetch_obeys_the_purpose_of_the_settings() {
    for (name, expected) in [("noai-header", 5), ("signal-robots", 5), ("silent", 0)] {
        let room = room(Purpose::AiTrain, &[named(name)]);
        let ran = run(&room, &format!("fetch http://{name}.test{STORY}"));
        assert_eq!(ran.code, expected, "{name}: {}", ran.err);
        assert_eq!(ran.out.is_empty(), expected == 5, "{name}");
        assert_eq!(
            ran.err.contains("for purpose ai-train"),
            expected == 5,
            "{name}: {}",
            ran.err
        );
    }
}

#[tokio::test]
async fn a_client_has_a_purpose_of_its_own() {
    let room = room(Purpose::Archive, &[named("noai-meta")]);
    let url = Url::parse(&format!("http://noai-meta.test{STORY}")).unwrap();
    let client = |purpose| {
        Client::builder()
            .config(&room.config())
            .purpose(purpose)
            .build()
            .unwrap()
    };
    let article = client(Purpose::Archive).article(&url).await.unwrap();
    assert_eq!(article.rights.ai_policy.as_deref(), Some("noai"));
    let refused = client(Purpose::AiInput).article(&url).await.unwrap_err();
    assert!(
        refused
            .to_string()
            .ends_with("refused: noai for purpose ai-input"),
        "{refused}"
    );
}
