//! Which of several titles is the headline.

use super::*;
use crate::page::{Document, Input};

fn heading(text: &str, is_main: bool) -> Heading {
    Heading {
        node: 7,
        text: text.to_owned(),
        is_main,
        is_marked: false,
        parts: Vec::new(),
        kicker_parts: 0,
        is_in_breadcrumb: false,
        is_home_link: false,
        article: None,
    }
}

fn title(linked: &str, page: &str, headings: &[Heading]) -> Option<String> {
    let sites = ["dailyferry".to_owned(), "dailyferryexample".to_owned()];
    let titles = [
        (Source::JsonLd("headline"), linked),
        (Source::Place("<title>"), page),
    ];
    let titles = titles.map(|(source, text)| stated(Candidate::borrowed(source, text)));
    let headings = headings.iter().map(|heading| {
        let title = Title {
            text: Cow::Borrowed(heading.text.as_str()),
            heading: Some(heading),
        };
        Candidate::new(Source::Place("heading"), title)
    });
    let candidates = titles.into_iter().chain(headings);
    let document = Document::parse(&Input::new(b""), &Limits::DEFAULT);
    choose(candidates, &sites, &document.page().tree, &Limits::DEFAULT).text
}

#[test]
fn the_headline_that_readers_see_is_taken_where_a_stated_one_agrees() {
    let seen = [
        heading("The Daily Ferry", true),
        heading("Night ferry sails again after eleven years", true),
    ];
    assert_eq!(
        title(
            "Night ferry sails again",
            "Night ferry sails again | Daily Ferry",
            &seen
        )
        .as_deref(),
        Some("Night ferry sails again after eleven years")
    );
}

#[test]
fn a_heading_of_another_text_loses() {
    let seen = [heading("Most read this week", true), heading("Sea", true)];
    assert_eq!(
        title("Night ferry sails again", "Daily Ferry", &seen).as_deref(),
        Some("Night ferry sails again")
    );
}

#[test]
fn only_the_site_s_name_is_cut_from_the_end() {
    for (page, expected) in [
        ("Ferry returns - The Daily Ferry", "Ferry returns"),
        ("Daily Ferry: Ferry returns", "Ferry returns"),
        (
            "Ferry returns | Sea | dailyferry.example",
            "Ferry returns | Sea",
        ),
        ("Ferry returns - at last", "Ferry returns - at last"),
        ("Returns: the ferry", "Returns: the ferry"),
    ] {
        assert_eq!(title("", page, &[]).as_deref(), Some(expected), "{page}");
    }
}

#[test]
fn a_kicker_that_the_page_itself_leaves_out_is_cut() {
    let seen = [heading("Sea traffic Night ferry sails again", true)];
    assert_eq!(
        title("Night ferry sails again", "", &seen).as_deref(),
        Some("Night ferry sails again")
    );
}

#[test]
fn a_heading_that_stands_twice_or_names_the_site_is_one_without_it() {
    let seen = [
        heading("The ferry is back | Daily Ferry", true),
        heading("The ferry is back", true),
    ];
    // One lone heading, which need not say much of what the page states.
    let chosen = title("Night sailings resume as the ferry returns", "", &seen);
    assert_eq!(chosen.as_deref(), Some("The ferry is back"));
}

#[test]
fn a_label_in_the_heading_s_own_words_that_the_page_states_too_is_kept() {
    let mut seen = [heading("Report: Night ferry sails again", true)];
    let page = "Report: Night ferry sails again | Daily Ferry";
    let chosen = |seen: &[Heading]| title("Night ferry sails again", page, seen);
    assert_eq!(
        chosen(&seen).as_deref(),
        Some("Report: Night ferry sails again")
    );
    seen[0].parts = ["Report:", "Night ferry sails again"]
        .map(str::to_owned)
        .to_vec();
    assert_eq!(chosen(&seen).as_deref(), Some("Night ferry sails again"));
}

#[test]
fn a_smaller_heading_is_taken_where_it_is_a_part_of_the_page_s_title() {
    let seen = [
        heading("Other news of today", false),
        heading("Night ferry sails again", false),
    ];
    assert_eq!(
        title("", "Night ferry sails again | All about ships", &seen).as_deref(),
        Some("Night ferry sails again")
    );
}
