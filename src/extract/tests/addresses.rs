//! The addresses and the id of a record.

use super::*;
use crate::page::Input;
use url::Url;

fn record(html: &str, url: Option<&str>) -> Article {
    let url = url.map(|it| Url::parse(it).unwrap());
    let input = Input::new(html.as_bytes()).with_url(url.as_ref());
    Extractor::new(Options::default()).extract(&input).article
}

#[test]
fn a_page_without_an_address_is_known_by_its_text() {
    let first = record(&page(&format!("<p>{FIRST}<p>{SECOND}")), None);
    assert!(first.url.is_none() && first.final_url.is_none() && first.canonical_url.is_none());
    assert_eq!(first.id, first.content_hash);
    let json = serde_json::to_value(&first).unwrap();
    assert!(json["url"].is_null() && json["canonical_url"].is_null());
    let second = record(&page(&format!("<p>{THIRD}<p>{SECOND}")), None);
    assert_ne!(first.id, second.id);
    // The id of a text is that of the text, however the page is written.
    let third = record(
        &page(&format!("<div>{FIRST}</div>\n<div>{SECOND}</div>")),
        None,
    );
    assert_eq!(first.id, third.id);
    let (empty, other) = (record("<p>", None), record("<br>", None));
    assert_ne!(empty.id, other.id, "without a text the bytes count");
}

#[test]
fn the_next_page_is_found_by_its_address_and_the_next_article_is_not() {
    let text = format!("<h1>Limes for the quay</h1><p>{FIRST}<p>{SECOND}<p>{THIRD}");
    let next = |links: &str| {
        let url = Url::parse("https://paper.example/sea/limes-for-the-quay").unwrap();
        let html = page(&format!("{text}{links}"));
        let input = Input::new(html.as_bytes()).with_url(&url);
        let found = Extractor::new(Options::default()).extract(&input).next_page;
        found.map(String::from)
    };
    let second = "https://paper.example/sea/limes-for-the-quay?page=2";
    for link in [
        "<link rel=next href='?page=2'>",
        "<a rel='nofollow next' href='/sea/limes-for-the-quay?page=2#text'>Turn over</a>",
        "<a href='?page=2'>Nächste Seite »</a>",
        "<p>1 <a href='?page=2'>2</a> <a href='?page=3'>3</a>",
        "<a href='?page=2' aria-label='Next page'>›</a>",
    ] {
        assert_eq!(next(link).as_deref(), Some(second), "{link}");
    }
    for link in [
        "<link rel=next href='/sea/herons-move-again'><a rel=next href='/sea/herons-2'>Next</a>",
        "<a href='?page=2'>All comments</a>",
        "<a href='https://other.example/sea/limes-for-the-quay?page=2'>Next page</a>",
    ] {
        assert_eq!(next(link), None, "{link}");
    }
}

#[test]
fn an_address_that_a_page_states_or_was_fetched_from_is_the_id() {
    let stated = "<link rel=canonical href=https://paper.example/ferry>";
    let found = record(&format!("{stated}{}", page("<p>The ferry.")), None);
    assert_eq!(found.url, None);
    assert_eq!(
        found.canonical_url.as_deref(),
        Some("https://paper.example/ferry")
    );
    let fetched = record(&page("<p>The ferry."), Some("https://paper.example/ferry"));
    assert_eq!(fetched.url.as_deref(), Some("https://paper.example/ferry"));
    assert_eq!(fetched.id, found.id);
}
