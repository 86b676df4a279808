//! What a browser shows of a page's article is what it shows of our HTML, and of our Markdown. Needs Debian's
//! `chromium`; skips with a message where it is absent.

#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used, clippy::print_stdout)]

use std::fs;
use std::path::Path;
use std::process::Command;

use newsprint::extract::Extractor;
use newsprint::page::Input;
use pulldown_cmark::{Options, Parser, html};
use url::Url;

const CHROMIUM: &str = "/usr/bin/chromium";

const OPENING: &str = "<p>The harbour office planted two hundred limes along the old quay on Monday, after eleven \
    years of <b>planning</b> and a long <a href='/quarrel'>quarrel [sic]</a> with the port.</p>\
    <p>The herons came back on Tuesday, which nobody had foreseen, and stood along the quay in a row as if they had \
    been planted with the limes.</p>";
const END: &str = "<p>The limes were grown at the nursery of the town, where another two hundred of them wait for \
    the second half of the quay, to be planted in the spring.</p>";

/// Parts of articles, each a layout of its own.
const PARTS: [(&str, &str); 9] = [
    (
        "tables",
        "<table><caption>Limes by year</caption><thead><tr><th>Year</th><th colspan=2>Limes | benches</th></tr>\
         </thead><tr><th rowspan=2>2024</th><td>10</td><td>a<br>b</td></tr><tr><td>11</td><td><b>9</b></td></tr>\
         <tr><td>2025</td><td></td><td>8</td></tr></table>",
    ),
    (
        "lists",
        "<ol start=3><li>Two hundred limes<ul><li>of which ten died<ol type=a><li>one by hand</li></ol></li></ul></li>\
         <li value=7><p>Nine benches</p><p>of oak</p></li><li>Herons</li></ol><ul><li>Another list</li></ul>",
    ),
    (
        "a countdown",
        "<ol reversed><li>Three herons</li><li>Two limes</li><li>One bench</li></ol>",
    ),
    (
        "definitions",
        "<dl><dt>Lime</dt><dd>A tree of the quay that herons like.</dd><dt>Heron</dt><dd>A bird.</dd></dl>",
    ),
    (
        "code",
        "<pre><code class=language-sh>dig --deep \\\n    --here `pwd` ```\n</code></pre><p>Type <code>q | `r`</code> \
         to end it.</p>",
    ),
    (
        "quotes",
        "<blockquote><p>They were here before us, and they will be here.</p><ul><li>When the benches go, they \
         stay</li></ul></blockquote><blockquote><p>We shall see about that in the spring.</p></blockquote>",
    ),
    (
        "prose that looks like markup",
        "<p>1. no item<br># no heading<br>- no item<br>---<br>a | b<br>--- | ---<br>&gt; no quote, *nor* this, \
         __init__, &lt;b&gt;, &amp;amp;, [x](y), ![z], `c`, ~~d~~, C:\\temp.</p>",
    ),
    (
        "emphasis",
        "<p>un<b>frigging</b>believable, a <b>“long”</b>winded, <b>「港」</b>の船, <b>bold <i>both</i></b><i>it</i>, \
         <b> spaced </b>out, H<sub>2</sub>O and <del>ten</del> nine.</p>",
    ),
    (
        "other scripts",
        "<p dir=rtl>عادت البلشونات إلى الميناء يوم <b>الثلاثاء</b>، كما قال المكتب.</p><p lang=ja>港の<b>船</b>が来た。次の<a href=/x>船</a>も来る。</p>",
    ),
];

#[test]
fn a_browser_shows_our_html_and_markdown_as_it_shows_the_page() {
    if !Path::new(CHROMIUM).exists() {
        println!("skipped: there is no {CHROMIUM}");
        return;
    }
    let url = Url::parse("https://news.example.org/limes").unwrap();
    let extractor = Extractor::builder()
        .any_kind(true)
        .markdown(true)
        .html(true)
        .build();
    let mut views = String::new();
    for (_, part) in PARTS {
        let shown = format!("{OPENING}{part}{END}");
        let page = format!(
            "<html lang=en><title>Limes</title><article><h1>Limes</h1>{shown}</article></html>"
        );
        let article = extractor
            .extract(&Input::new(page.as_bytes()).with_url(Some(&url)))
            .article;
        let options =
            Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_FOOTNOTES;
        let mut of_markdown = String::new();
        html::push_html(
            &mut of_markdown,
            Parser::new_ext(&article.markdown.unwrap(), options),
        );
        for view in [shown, article.html.unwrap(), of_markdown] {
            views.push_str(&format!("<div class=view>{view}</div>"));
        }
    }
    let texts = inner_texts(&views);
    assert_eq!(texts.len(), PARTS.len() * 3);
    for ((name, _), texts) in PARTS.iter().zip(texts.chunks(3)) {
        assert_eq!(lines(&texts[1]), lines(&texts[0]), "HTML of {name}");
        assert_eq!(lines(&texts[2]), lines(&texts[0]), "Markdown of {name}");
    }
}

/// What a browser shows of each view.
fn inner_texts(views: &str) -> Vec<String> {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("views.html");
    let script = "const texts = [...document.querySelectorAll('.view')].map(it => it.innerText);\
                  document.body.textContent = btoa(unescape(encodeURIComponent(JSON.stringify(texts))))";
    let page =
        format!("<!doctype html><meta charset=utf-8><body>{views}<script>{script}</script></body>");
    fs::write(&file, page).unwrap();
    let profile = format!("--user-data-dir={}", dir.path().join("profile").display());
    let ran = Command::new(CHROMIUM)
        .args([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
        ])
        .args([
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            &profile,
        ])
        .arg("--dump-dom")
        .arg(Url::from_file_path(&file).unwrap().as_str())
        .output()
        .unwrap();
    let dom = String::from_utf8(ran.stdout).unwrap();
    let body = dom.split("<body>").nth(1).unwrap_or(dom.as_str());
    let encoded = body.split("</body>").next().unwrap_or_default().trim();
    serde_json::from_slice(&decoded(encoded)).unwrap()
}

/// Base64 to bytes.
fn decoded(text: &str) -> Vec<u8> {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD
        .decode(text)
        .unwrap()
}

/// The lines that are not blank, white space folded.
fn lines(text: &str) -> Vec<String> {
    let folded = text
        .lines()
        .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    folded.filter(|line| !line.is_empty()).collect()
}
