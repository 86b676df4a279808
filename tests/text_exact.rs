//! The whole text and nothing else: which headings are the headline, and which short blocks between
//! paragraphs belong to them.

#![allow(clippy::unwrap_used)]

use newsprint::extract::Extractor;
use newsprint::page::Input;

const FIRST: &str = "The harbour council voted on Monday to plant two hundred limes along the old quay, four \
    years after the storm that broke the poplars.";
const SECOND: &str = "“We have waited for shade since the winter of the flood,” said Mira Tolland, who has mended \
    nets on the quay for thirty years.";
const THIRD: &str = "Planting begins in March. The parks office has asked every household on the quay to water one \
    tree through its first summer.";
const FOURTH: &str = "The benches are to stand in the shade of the trees before the end of the summer after next, if \
    the trees agree to grow.";

/// A page with this in its head, and this in its article.
fn page(head: &str, body: &str) -> String {
    format!(
        "<!doctype html><html lang=en><head>{head}<meta property=og:type content=article>\
         <meta property=article:published_time content=2026-05-11T08:30:00+02:00></head>\
         <body><header><a href=/>The Harbour Post</a></header><main><article>{body}</article></main></body></html>"
    )
}

fn paragraphs(texts: &[&str]) -> String {
    texts.iter().map(|it| format!("<p>{it}</p>")).collect()
}

#[track_caller]
fn is_text(html: &str, lines: &[&str]) {
    let input = Input::new(html.as_bytes());
    let extractor = Extractor::builder().any_kind(true).build();
    let text = extractor.extract(&input).article.text;
    let found: Vec<&str> = text.lines().filter(|it| !it.is_empty()).collect();
    assert_eq!(found, lines);
}

/// Sites state one title for search engines, another for sharing, and show a third.
#[test]
fn a_heading_above_the_text_that_says_any_title_of_the_page_is_the_headline() {
    let body = paragraphs(&[FIRST, SECOND, THIRD, FOURTH]);
    let head = "<title>Limes for the quay: what the council decided | The Harbour Post</title>\
         <meta property=og:title content=\"Two hundred limes: Why the old quay is to have shade again\">";
    for shown in [
        "<h2>Two hundred limes: Why the old quay is to have shade again</h2>",
        "<h2><span>Harbour council</span> <span>Two hundred limes: Why the old quay is to have shade again</span></h2>",
        "<div><h2>Two hundred limes</h2><h3>Why the old quay is to have shade again</h3></div>",
        "<header><h3>Two hundred limes – why the old quay is to have shade again</h3></header>",
    ] {
        let heading = "<h1>Limes for the quay: what the council decided</h1>";
        let html = page(head, &format!("{heading}{shown}{body}"));
        is_text(&html, &[FIRST, SECOND, THIRD, FOURTH]);
    }
}

#[test]
fn a_subhead_that_says_a_title_within_the_text_stays() {
    let head = "<title>Limes for the quay | The Harbour Post</title>\
         <meta property=og:title content=\"The shade that the quay has waited for\">";
    let (above, below) = (paragraphs(&[FIRST, SECOND]), paragraphs(&[THIRD, FOURTH]));
    let heading = "<h2>The shade that the quay has waited for</h2>";
    let html = page(
        head,
        &format!("<h1>Limes for the quay</h1>{above}{heading}{below}"),
    );
    let subhead = "The shade that the quay has waited for";
    is_text(&html, &[FIRST, SECOND, subhead, THIRD, FOURTH]);
}

/// Some editors offer headings of the first level only.
#[test]
fn headings_of_the_first_level_within_the_text_are_subheads() {
    let head = "<title>Limes for the quay | The Harbour Post</title>";
    for tag in ["h1", "h1 class=has-text", "h1 id=s2"] {
        let (above, between, below) = (
            paragraphs(&[FIRST, SECOND]),
            paragraphs(&[THIRD]),
            paragraphs(&[FOURTH]),
        );
        let html = page(
            head,
            &format!(
                "<h1>Limes for the quay</h1>{above}<{tag}>Planting in March</h1>{between}<{tag}>Benches</h1>{below}"
            ),
        );
        is_text(
            &html,
            &[FIRST, SECOND, "Planting in March", THIRD, "Benches", FOURTH],
        );
    }
}

#[test]
fn the_headline_is_no_subhead_where_the_page_repeats_it() {
    let head = "<title>Limes for the quay | The Harbour Post</title>";
    let (above, below) = (paragraphs(&[FIRST, SECOND]), paragraphs(&[THIRD, FOURTH]));
    let html = page(
        head,
        &format!("<h1>Limes for the quay</h1>{above}<h1>Limes for the quay</h1>{below}"),
    );
    is_text(&html, &[FIRST, SECOND, THIRD, FOURTH]);
}

/// A post of a blog: no date, no author, and few words; but an address as posts have.
#[test]
fn a_date_in_the_address_speaks_for_an_article() {
    let html = format!(
        "<!doctype html><html lang=en><head><title>Harbour Notes</title></head><body><div><a href=/>Harbour Notes</a>\
         </div><div><p>{FIRST}</p><p>{THIRD}</p></div></body></html>"
    );
    let is_article = |address: &str| {
        let url = address.parse().unwrap();
        let input = Input::new(html.as_bytes()).with_url(Some(&url));
        Extractor::default().extract(&input).verdict.is_article()
    };
    assert!(is_article(
        "https://notes.example/2026/05/limes-for-the-quay/"
    ));
    assert!(is_article("https://notes.example/blog/2026/5/11/limes"));
    assert!(!is_article("https://notes.example/limes/"));
    assert!(!is_article("https://notes.example/2026/05/index.html"));
    assert!(!is_article("https://notes.example/2026/77/limes"));
}
