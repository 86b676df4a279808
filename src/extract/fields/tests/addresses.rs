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

#[test]
fn the_lead_image_is_no_logo_where_the_page_states_another() {
    let figure = "<h1>Night ferry</h1><figure><img src='data:image/gif;base64,R0' \
        data-src=/ferry-1200.jpg width=1200></figure>";
    let image =
        |head: &str, body: &str| fields_at(Some(PAGE), &format!("<head>{head}</head>{body}")).image;
    let logo = "<meta property=og:image content=/img/logo.png>";
    let linked = |image: &str| {
        format!(
            r#"<script type="application/ld+json">{{"@type": "NewsArticle", "headline": "Night ferry",
            "image": {image}, "publisher": {{"logo": {{"url": "/brand/paper.png"}}}}}}</script>"#
        )
    };
    for (head, body, expected) in [
        (logo.to_owned(), figure, Some("/ferry-1200.jpg")),
        (
            logo.to_owned(),
            "<h1>Night ferry</h1>",
            Some("/img/logo.png"),
        ),
        (
            format!("{logo}{}", linked(r#"["/a.jpg", "/b.jpg"]"#)),
            figure,
            Some("/a.jpg"),
        ),
        (
            format!("{logo}{}", linked(r#"{"@id": "/files/c.jpg"}"#)),
            figure,
            Some("/files/c.jpg"),
        ),
        (
            linked(r#"{"@type": "ImageObject", "url": ["/brand/paper.png"]}"#),
            figure,
            Some("/ferry-1200.jpg"),
        ),
        (
            "<meta property=og:image content=/logo.png><meta property=og:image content=/d.jpg>"
                .to_owned(),
            "",
            Some("/d.jpg"),
        ),
        (
            "<link rel=image_src href=/e.jpg>".to_owned(),
            "",
            Some("/e.jpg"),
        ),
        (
            "<meta property=og:image content=/t/1x1.gif>".to_owned(),
            "",
            None,
        ),
        (
            "<meta property=og:image content='data:image/png;base64,x'>".to_owned(),
            "",
            None,
        ),
        (
            String::new(),
            "<h1>Night ferry</h1><img src=/icon.png><aside><figure><img src=/x.jpg></figure></aside>",
            None,
        ),
    ] {
        let expected = expected.map(|it| format!("https://paper.example{it}"));
        assert_eq!(image(&head, body), expected, "{head}{body}");
    }
}

#[test]
fn sections_and_keywords_name_subjects() {
    let stated = |section: &str, tags: &[&str]| {
        let tags: String = tags
            .iter()
            .map(|it| format!("<meta property=article:tag content='{it}'>"))
            .collect();
        let html = format!(
            "<head><meta property=og:site_name content='The Harbour Post'><meta name=author content='Ada Quill'>\
             <meta property=article:section content='{section}'>{tags}\
             <script type=application/ld+json>{{\"@type\": \"Article\", \"headline\": \"Night ferry\",\
             \"articleSection\": \"Sea\"}}</script></head><h1>Night ferry</h1>"
        );
        let fields = fields_at(Some(PAGE), &html);
        (fields.section.unwrap_or_default(), fields.tags)
    };
    for generic in [
        "News",
        "HOME",
        "Nyheter",
        "ニュース",
        "news_news",
        "The Harbour Post",
        "Ada Quill",
        "Night ferry",
        "tags",
    ] {
        assert_eq!(stated(generic, &[]).0, "Sea", "{generic}");
    }
    assert_eq!(stated("news/local/crime", &[]).0, "crime");
    let (section, tags) = stated(
        "Ports",
        &[
            "Ferries",
            "ferries",
            "Ports",
            "The Harbour Post",
            "Ada Quill",
            "Articles by Ada Quill",
            "News",
            "WC: 100-200",
            "Night",
        ],
    );
    assert_eq!(section, "Ports");
    assert_eq!(tags, ["Ferries", "Night"]);
}
