//! Pages that stand in for an article, and articles that speak of such pages.

use super::*;
use crate::extract::{Extractor, Options};
use crate::page::Input;

const LINE: &str = "The council voted on Tuesday to plant two hundred limes along the quay, \
    ending a quarrel that had lasted, by the mayor's count, for nine years.";

fn verdict(html: &str) -> Verdict {
    let input = Input::new(html.as_bytes());
    Extractor::default().extract(&input).verdict
}

#[test]
fn the_file_can_be_read_and_is_in_lower_case() {
    let file: File = toml::from_str(include_str!("../../../../rules/pages.toml")).unwrap();
    for group in [
        &file.challenge,
        &file.consent,
        &file.login,
        &file.missing,
        &file.paywall,
    ] {
        let signs = group.titles.iter().chain(&group.phrases);
        for sign in signs.chain(&group.buttons).chain(&group.marks) {
            assert_eq!(*sign, sign.to_lowercase());
        }
    }
}

/// `fixtures/stand-ins/OUTCOME/`: pages of services, papers and content systems; under
/// `stored` articles on such things, with banners and checks of their own.
#[test]
fn pages_that_stand_in_for_an_article_are_recognised() {
    let mut pages = 0;
    for folder in std::fs::read_dir("fixtures/stand-ins").unwrap() {
        let folder = folder.unwrap();
        let name = folder.file_name().into_string().unwrap();
        for page in std::fs::read_dir(folder.path()).unwrap() {
            let path = page.unwrap().path();
            let html = std::fs::read_to_string(&path).unwrap();
            assert_eq!(verdict(&html).name(), name, "{}", path.display());
            pages += 1;
        }
    }
    assert!(pages > 60);
}

#[test]
fn the_number_of_partners_hides_no_wall() {
    for (language, lines) in [
        (
            "de",
            [
                "Wir und unsere 234 Partner verarbeiten Daten.",
                "Mit Werbung weiterlesen",
            ],
        ),
        (
            "en",
            ["We and our 1,042 partners store data.", "Accept all"],
        ),
        (
            "fr",
            [
                "Nous et nos 87 partenaires utilisons des cookies.",
                "Gestion des cookies",
            ],
        ),
    ] {
        let [text, button] = lines;
        let html = format!(
            "<html lang={language}><title>Gazette</title><div><p>{text}</p>\
             <button>Accept all</button><button>{button}</button></div>"
        );
        let with_title = html.replace("Gazette", "Before you continue");
        assert_eq!(verdict(&with_title), Verdict::ConsentWall, "{language}");
    }
}

#[test]
fn a_check_without_text_is_no_empty_page_whoever_asks() {
    let html = "<script>window._cf_chl_opt={}</script>";
    let options = Options {
        any_kind: true,
        ..Options::default()
    };
    let input = Input::new(html.as_bytes());
    let extraction = Extractor::new(options).extract(&input);
    assert_eq!(extraction.verdict, Verdict::Challenge);
}

#[test]
fn articles_that_speak_of_such_pages_are_articles() {
    let story = |headline: &str| {
        let paragraphs = format!("<p>{LINE}</p>").repeat(1)
            + &(0..8)
                .map(|at| format!("<p>{LINE} It was vote number {at}.</p>"))
                .collect::<String>();
        format!(
            "<meta property=og:type content=article><title>{headline}</title><article>\
             <h1>{headline}</h1>{paragraphs}</article><p>Subscribe to continue reading</p>\
             <p>We value your privacy. Accept all. Reject all.</p>"
        )
    };
    for headline in [
        "404 people were rescued from the night ferry",
        "Access denied: how the harbour shut out the press",
        "Page not found: the lost leaf of the codex",
    ] {
        assert_eq!(verdict(&story(headline)), Verdict::Article, "{headline}");
    }
}
