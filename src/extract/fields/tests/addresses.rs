//! Addresses that a page states: the base they are relative to, and which are believed.

use super::*;
use ::url::Url;

fn fields_at(address: Option<&str>, html: &str) -> Fields {
    let url = address.map(|it| Url::parse(it).unwrap());
    let input = Input::new(html.as_bytes()).with_url(url.as_ref());
    let document = Document::parse(&input, &Limits::DEFAULT);
    collect(&document.page(), &SiteRules::default())
}

const PAGE: &str = "https://paper.example/sea/ferry";

/// A page with relative addresses, below a `<base>`.
fn relative(base: &str) -> String {
    format!(
        "<head><base href='{base}'><link rel=canonical href='sea/night-ferry'>\
         <meta property=og:image content='pictures/ferry.jpg'></head><h1>Night ferry</h1>"
    )
}

#[test]
fn relative_addresses_are_relative_to_the_base() {
    for (base, address, canonical, image) in [
        (
            "/",
            PAGE,
            "https://paper.example/sea/night-ferry",
            "https://paper.example/pictures/ferry.jpg",
        ),
        (
            "https://www.paper.example/en/",
            PAGE,
            "https://www.paper.example/en/sea/night-ferry",
            "https://www.paper.example/en/pictures/ferry.jpg",
        ),
    ] {
        let found = fields_at(Some(address), &relative(base));
        assert_eq!(found.canonical.unwrap().as_str(), canonical);
        assert_eq!(found.image.as_deref(), Some(image));
    }
    let saved = fields_at(None, &relative("https://paper.example/"));
    assert_eq!(saved.canonical.unwrap().path(), "/sea/night-ferry");
    assert_eq!(
        saved.image.as_deref(),
        Some("https://paper.example/pictures/ferry.jpg")
    );
}

#[test]
fn a_foreign_base_does_not_move_the_canonical_url_to_its_site() {
    for base in [
        "https://evil.example/",
        "//evil.example/x/",
        "javascript:alert(1)",
        "data:text/html,x",
    ] {
        let found = fields_at(Some(PAGE), &relative(base));
        let canonical = found.canonical.unwrap();
        assert_eq!(
            canonical.as_str(),
            "https://paper.example/sea/sea/night-ferry",
            "{base}"
        );
    }
}
