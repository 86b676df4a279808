//! Fields of whole pages: which source is taken, what `explain` shows of the others, and what hostile
//! pages can't do.

mod addresses;
mod authors;

use std::sync::Arc;

use super::*;
use crate::extract::SelectorLayer;
use crate::limits::Limits;
use crate::page::{Document, Input};
use crate::selectors::{SelectorKey, SelectorSet};

fn fields(html: &str) -> Fields {
    let input = Input::new(html.as_bytes());
    let document = Document::parse(&input, &Limits::DEFAULT);
    collect(&document.page(), &SiteRules::default())
}

fn published(head: &str, body: &str) -> Option<String> {
    fields(&format!(
        "<html lang=en><head>{head}</head><body>{body}</body></html>"
    ))
    .published
}

const HEADLINE: &str = "<h1>Night ferry sails again</h1>";

#[test]
fn one_instant_for_both_is_that_of_the_modification() {
    let linked = |published: &str| {
        format!(
            r#"<script type="application/ld+json">{{"@type": "NewsArticle",
               "headline": "Night ferry sails again", "datePublished": "{published}",
               "dateModified": "2025-06-24T08:10:11Z"}}</script>"#
        )
    };
    let seen = format!("{HEADLINE}<p class=date>August 25, 2024</p>");
    let both = linked("2025-06-24T08:10:11Z");
    assert_eq!(published(&both, &seen).as_deref(), Some("2024-08-25"));
    let first = linked("2024-08-20T08:10:11Z");
    let stated = Some("2024-08-20T08:10:11Z");
    assert_eq!(published(&first, &seen).as_deref(), stated);
    // A date of another story, below one that confirms the stated one.
    let confirmed = format!("<time>June 24, 2025</time>{seen}");
    let stated = Some("2025-06-24T08:10:11Z");
    assert_eq!(published(&both, &confirmed).as_deref(), stated);
}

#[test]
fn an_earlier_day_labelled_as_that_of_publication_wins_over_the_stated_one() {
    let linked = r#"<script type="application/ld+json">{"@type": "NewsArticle",
        "headline": "Night ferry sails again", "datePublished": "2025-08-21"}</script>"#;
    let read = |line: &str| published(linked, &format!("{HEADLINE}{line}<p>Text.</p>"));
    let stated = Some("2025-08-21");
    assert_eq!(
        read("<p>Published 26 April 2023</p>").as_deref(),
        Some("2023-04-26")
    );
    assert_eq!(read("<p>Published 26 August 2025</p>").as_deref(), stated);
    assert_eq!(read("<p>26 April 2023</p>").as_deref(), stated);
}

#[test]
fn the_only_day_of_a_page_is_its_own() {
    let far = "<p>The ferry.</p>".repeat(200);
    let read = |end: &str| published("", &format!("{HEADLINE}{far}{end}"));
    let day = "<p>3 May 2026</p>";
    assert_eq!(read(day).as_deref(), Some("2026-05-03"));
    assert_eq!(read(&day.repeat(2)).as_deref(), Some("2026-05-03"));
    assert_eq!(read(&format!("{day}<p>4 May 2026</p>")), None);
    assert_eq!(
        read("<p>The ferry that sank on 3 May 2026 is to be raised, the owners say.</p>"),
        None
    );
}

#[test]
fn a_day_announced_as_an_update_alone_gets_a_warning() {
    let read = |line: &str| {
        let it = fields(&format!("<html lang=en>{HEADLINE}{line}<p>Text.</p>"));
        (it.published, it.modified, it.warnings)
    };
    let day = Some("2026-05-03".to_owned());
    let doubt = vec!["published_from_update"];
    for line in [
        "<p>Updated 3 May 2026</p>",
        "<div class=date>Last modified: 3 May 2026</div>",
        "<span>Mis à jour le</span> <time>3 May 2026</time>",
    ] {
        assert_eq!(
            read(line),
            (day.clone(), day.clone(), doubt.clone()),
            "{line}"
        );
    }
    let both = "<p>Published 1 May 2026</p><p>Updated 3 May 2026</p>";
    let (published, _, warnings) = read(both);
    assert_eq!(published.as_deref(), Some("2026-05-01"));
    assert_eq!(warnings, Vec::<&str>::new());
}

#[test]
fn a_date_near_the_headline_wins_over_a_vague_meta_name() {
    let vague = "<meta name=date content=2022-01-21>";
    let plain = "<meta property=article:published_time content=2022-01-21>";
    let near = format!("{HEADLINE}<time datetime=2022-01-27>27 January</time>");
    assert_eq!(published(vague, &near).as_deref(), Some("2022-01-27"));
    assert_eq!(published(plain, &near).as_deref(), Some("2022-01-21"));
    let far = format!(
        "{HEADLINE}{}<time datetime=2022-01-27>x1</time>",
        "<p>x".repeat(200)
    );
    assert_eq!(published(vague, &far).as_deref(), Some("2022-01-21"));
}

#[test]
fn a_headline_stated_for_an_author_is_none() {
    let page = format!("<meta name=author content='Night ferry sails again'>{HEADLINE}");
    assert!(fields(&page).authors.is_empty());
    let page = format!("<meta name=author content='Ada Quill'>{HEADLINE}");
    assert_eq!(fields(&page).authors, ["Ada Quill"]);
}

#[test]
fn a_byline_may_stand_in_an_aside_under_the_headline() {
    let byline = "<aside><a rel=author href=/profile/ada>Ada Quill</a></aside>";
    assert_eq!(
        fields(&format!("{HEADLINE}{byline}")).authors,
        ["Ada Quill"]
    );
    let far = format!("{HEADLINE}{}{byline}", "<p>x".repeat(200));
    assert!(fields(&far).authors.is_empty());
    let above = "<aside class=post-author>Ada Quill</aside>";
    assert_eq!(fields(&format!("{above}{HEADLINE}")).authors, ["Ada Quill"]);
}

#[test]
fn a_line_worded_like_a_byline_names_the_authors() {
    for (line, author) in [
        ("<p>by ada", "ada"),
        (
            "<p>By\n        <b>Ada Quill</b>\n        on the quay",
            "Ada Quill",
        ),
        (
            "<dl><dt>Author<i>:</i></dt><dd>Ada Quill</dd></dl>",
            "Ada Quill",
        ),
        ("<p>24 December 2023 13:30 by Ada Quill", "Ada Quill"),
        ("<p>24.12.2023 von <a href=/x>Ada Quill</a>", "Ada Quill"),
    ] {
        let page = format!("{HEADLINE}<div>{line}</div><p>The ferry sailed.");
        assert_eq!(fields(&page).authors, [author], "{line}");
    }
    let far = format!("{HEADLINE}{}", "<p>The ferry sailed.".repeat(100));
    let end = format!("{far}<h3>Written by Ada Quill</h3>");
    assert_eq!(fields(&end).authors, ["Ada Quill"]);
    assert!(
        fields(&format!("{far}<h3>By Ada Quill</h3>"))
            .authors
            .is_empty()
    );
    let two = format!("{end}<h3>Written by Ben Harrow</h3>");
    assert!(fields(&two).authors.is_empty());
}

#[test]
fn a_name_after_a_date_near_the_headline_is_the_author_s() {
    let read = |line: &str| fields(&format!("<html lang=de><p>{line}</p>{HEADLINE}")).authors;
    assert_eq!(read("04.02.2022 | 13:10 Uhr | Ada Quill"), ["Ada Quill"]);
    assert_eq!(read("25.10.2022 - Ada Quill"), ["Ada Quill"]);
    for line in ["25.10.2022 - Politik", "Tag 1 - Ada Quill"] {
        assert_eq!(read(line), Vec::<String>::new(), "{line}");
    }
}

#[test]
fn a_name_set_to_the_right_signs_the_text() {
    let signed = "<p style='color: red; text-align:right;'><b>Ada Quill</b></p>";
    let page = format!("<meta name=author content='The Ferry Press'>{HEADLINE}<p>It sailed.");
    assert_eq!(fields(&page).authors, ["The Ferry Press"]);
    let site = format!("<meta property=og:site_name content='The Ferry Press'>{page}");
    assert_eq!(fields(&format!("{site}{signed}")).authors, ["Ada Quill"]);
    for other in [
        "<p align=right>See you on the quay</p>",
        "<p align=left>Ada Quill</p>",
    ] {
        assert_eq!(
            fields(&format!("{site}{other}")).authors,
            ["The Ferry Press"]
        );
    }
    let two = format!("{site}{signed}<p align=right>Ben Harrow</p>");
    assert_eq!(fields(&two).authors, ["The Ferry Press"]);
}

#[test]
fn a_heading_that_nearly_agrees_with_a_stated_title_shows_where_the_article_begins() {
    let head = "<meta property=og:title content='Night ferry sails again at last'>";
    let body = "<h2>Harbour</h2><b>1 May 2021</b><h2>Night ferry sails again today</h2>";
    let page = format!("{body}<p>24 December 2023");
    assert_eq!(published(head, &page).as_deref(), Some("2023-12-24"));
}

#[test]
fn a_paragraph_under_a_small_headline_may_open_with_the_date() {
    let text = "The ferry sailed at night, and all of the town stood on the quay to see it. ";
    let body = format!(
        "<h4>Night ferry sails again</h4><p>27.1.2022 - {}",
        text.repeat(3)
    );
    let head = "<title>Night ferry sails again</title>";
    assert_eq!(published(head, &body).as_deref(), Some("2022-01-27"));
}

#[test]
fn the_url_decides_in_which_order_numbers_are_read() {
    let page = "<html lang=de><h1>Night ferry sails again</h1><p class=date>10/03/2023</p>";
    for (path, day) in [
        ("2023/october/03/ferry", "2023-10-03"),
        ("ferry", "2023-03-10"),
    ] {
        let url = Url::parse(&format!("https://news.example/{path}")).unwrap();
        let input = Input::new(page.as_bytes()).with_url(&url);
        let document = Document::parse(&input, &Limits::DEFAULT);
        let found = collect(&document.page(), &SiteRules::default());
        assert_eq!(found.published.as_deref(), Some(day), "{path}");
    }
}

#[test]
fn impossible_days_are_ignored() {
    for date in [
        "9999-01-01",
        "2024-01-32",
        "2023-02-29",
        "0000-00-00",
        "32 January 2024",
    ] {
        let head = format!("<meta property=article:published_time content='{date}'>");
        assert_eq!(published(&head, HEADLINE), None, "{date}");
    }
}

#[test]
fn hostile_pages_are_bounded_and_cleaned() {
    let block =
        r#"<script type="application/ld+json">{"@type": "NewsArticle", "headline": "x"}</script>"#;
    let huge = format!(
        r#"<script type="application/ld+json">{{"@type": "NewsArticle", "headline": "{}"}}</script>"#,
        "long ".repeat(600_000)
    );
    let authors = (0..10_000).map(|n| format!(r#"{{"name": "Ada Quill{}"}}"#, "x".repeat(n % 40)));
    let authors = authors.collect::<Vec<_>>().join(",");
    let many = format!(
        r#"<script type="application/ld+json">{{"@type": "NewsArticle", "author": [{authors}]}}</script>"#
    );
    let title = format!("<h1>\u{202E}{}\0\u{200B}</h1>", "title ".repeat(20_000));
    for html in [block.repeat(1_000), huge, many, title] {
        let found = fields(&html);
        let title = found.title.unwrap_or_default();
        assert!(title.chars().count() <= Limits::DEFAULT.field_chars);
        assert!(!title.contains(['\u{202E}', '\0', '\u{200B}']));
        assert!(found.authors.len() <= Limits::DEFAULT.list_items);
    }
}

/// The field's source, and the sources of what was rejected.
fn sources(html: &str, rules: &SiteRules, field: &str) -> (String, Vec<String>) {
    let input = Input::new(html.as_bytes());
    let document = Document::parse(&input, &Limits::DEFAULT);
    let page = document.page();
    let mut explained = explain(&page, rules, &collect(&page, rules), None).into_iter();
    let field = explained.find(|it| it.field == field).unwrap();
    let rejected = field.rejected.into_iter().map(|it| it.source);
    (field.source.unwrap_or_default(), rejected.collect())
}

#[test]
fn explain_lists_the_candidates_in_the_order_of_the_decision() {
    let page = format!(
        r#"<html><title>Night ferry sails again | Ferry Post</title>
        <meta name=description content='By meta'>
        <meta name=section content='Sea'><meta property=og:image content=https://a.example/meta.jpg>
        <meta property=article:published_time content=2026-05-03><meta name=date content=2026-05-01>
        <script type="application/ld+json">{{"@type": "NewsArticle",
        "headline": "Night ferry sails again", "description": "By JSON-LD",
        "articleSection": "Harbour", "image": "https://a.example/linked.jpg", "datePublished": "2026-05-04"}}</script>
        {HEADLINE}<p>By Ada Quill</p><time datetime=2026-05-02>2 May</time>"#
    );
    for (field, source, rejected) in [
        (
            "description",
            "meta description",
            &["json-ld description"][..],
        ),
        ("section", "meta section", &["json-ld articleSection"]),
        ("image", "meta og:image", &["json-ld image"]),
        ("title", "json-ld headline", &["<title>"]),
        ("authors", "line that begins with 'By'", &[]),
        (
            "published",
            "json-ld datePublished",
            &["meta article:published_time", "visible", "meta date"],
        ),
    ] {
        let (taken, others) = sources(&page, &SiteRules::default(), field);
        assert_eq!(taken, source, "{field}");
        assert_eq!(others, rejected, "{field}");
    }
}

#[test]
fn what_a_selector_finds_is_the_first_candidate_and_changes_no_other_field() {
    let html = format!(
        "<html lang=en><meta name=description content='By meta'>\
         <meta property=article:published_time content=2026-05-03>{HEADLINE}\
         <p class=mine>Mine</p><b>3 April 2026</b><i>Ben Harrow</i>"
    );
    let selectors = [
        (SelectorKey::Title, ".mine"),
        (SelectorKey::Description, ".none, .mine"),
        (SelectorKey::Published, "b"),
        (SelectorKey::Modified, "b"),
        (SelectorKey::Authors, "i"),
        (SelectorKey::Section, ".none"),
    ];
    let set = SelectorSet::of(&selectors, "mine.toml:1");
    let layer = SelectorLayer::compile(&set.selectors);
    let rules = SiteRules::new(vec![Arc::new(layer)]);
    let input = Input::new(html.as_bytes());
    let document = Document::parse(&input, &Limits::DEFAULT);
    let found = collect(&document.page(), &rules);
    let day = Some("2026-04-03".to_owned());
    assert_eq!(
        found,
        Fields {
            title: Some("Mine".to_owned()),
            description: Some("Mine".to_owned()),
            published: day.clone(),
            modified: day,
            authors: vec!["Ben Harrow".to_owned()],
            ..fields(&html)
        }
    );
    let (taken, others) = sources(&html, &rules, "description");
    assert_eq!(taken, "selector .none, .mine (mine.toml:1)");
    assert_eq!(others, ["meta description"]);
    let (taken, others) = sources(&html, &rules, "published");
    assert_eq!(taken, "selector b (mine.toml:1)");
    assert_eq!(others, ["meta article:published_time"]);
}
