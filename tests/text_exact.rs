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

/// What stands around the text of an article with this headline.
fn limes(body: &str) -> String {
    let head = "<title>Limes for the quay | The Harbour Post</title>";
    page(head, &format!("<h1>Limes for the quay</h1>{body}"))
}

#[test]
fn a_sentence_below_the_headline_stays_where_a_byline_parts_it_from_the_text() {
    let text = paragraphs(&[FIRST, SECOND, THIRD, FOURTH]);
    let byline = "<div><a href=/ada>Ada Quill</a></div><div>May 11, 2026</div>";
    for (sentence, markup) in [
        ("It was about time.", "<p>It was about time.</p>"),
        (
            "You can plant two hundred trees without a quarrel.",
            "<div class=mt-4>You can plant two hundred trees without a quarrel.</div>",
        ),
        (
            "Schatten für den Kai, endlich…",
            "<h3>Schatten für den Kai, endlich…</h3>",
        ),
    ] {
        let html = limes(&format!("{markup}{byline}<div>{text}</div>"));
        is_text(&html, &[sentence, FIRST, SECOND, THIRD, FOURTH]);
    }
}

#[test]
fn a_notice_below_the_headline_is_no_standfirst() {
    let text = paragraphs(&[FIRST, SECOND, THIRD, FOURTH]);
    for notice in [
        "As an Amazon Associate, I earn from qualifying purchases.",
        "We may earn a commission from links on this page.",
        "Dieser Artikel enthält Affiliate-Links zu Händlern.",
    ] {
        for html in [
            limes(&format!("<p>{notice}</p><div>May 11, 2026</div>{text}")),
            limes(&format!("{text}<p>{notice}</p>")),
        ] {
            is_text(&html, &[FIRST, SECOND, THIRD, FOURTH]);
        }
    }
}

#[test]
fn a_heading_above_a_list_of_the_text_stays() {
    let items = [
        "Two hundred limes are planted along the old quay, from March on.",
        "Every household on the quay waters one tree through its first summer.",
    ];
    let list: String = items.iter().map(|it| format!("<li>{it}</li>")).collect();
    let text = paragraphs(&[FIRST, SECOND, THIRD, FOURTH]);
    for heading in ["Takeaways", "Auf einen Blick", "Lo esencial"] {
        let html = limes(&format!(
            "<div class=m><h4>{heading}</h4><ul>{list}</ul></div><div class=x>{text}</div>"
        ));
        is_text(
            &html,
            &[heading, items[0], items[1], FIRST, SECOND, THIRD, FOURTH],
        );
    }
}

#[test]
fn names_alone_above_the_first_paragraph_are_a_byline() {
    for line in [
        "<p>Mohloai Mpesi</p>",
        "<p><strong>ADA QUILL and Jan de Wit</strong></p>",
        "<p>Ada Quill/Mira O’Dowd</p>",
    ] {
        let html = limes(&format!(
            "{line}{}",
            paragraphs(&[FIRST, SECOND, THIRD, FOURTH])
        ));
        is_text(&html, &[FIRST, SECOND, THIRD, FOURTH]);
    }
    for line in ["Dear Reader,", "Old Quay", "The Limes Of The Quay"] {
        let html = limes(&paragraphs(&[line, FIRST, SECOND, THIRD, FOURTH]));
        is_text(&html, &[line, FIRST, SECOND, THIRD, FOURTH]);
    }
}

#[test]
fn appeals_go_without_a_link_too_and_reports_on_appeals_stay() {
    for appeal in [
        "<p>Want more harbour news? Sign up for the free newsletter of the Post, and get the tides into your inbox.</p>",
        "<p>Follow the Harbour Post on Facebook and Twitter for the latest news of the tides.</p>",
        "<p>Lust auf mehr vom Kai? Dann abonniere den Newsletter des Hafens!</p>",
        "<p>[All news of the quay stands in our <a href=/n>free evening newsletter</a>.]</p>",
    ] {
        let (above, below) = (paragraphs(&[FIRST, SECOND]), paragraphs(&[THIRD, FOURTH]));
        is_text(
            &limes(&format!("{above}{appeal}{below}")),
            &[FIRST, SECOND, THIRD, FOURTH],
        );
    }
    for report in [
        "The council asked everybody on the quay to sign up for its newsletter, which counts the trees.",
        "Thousands follow the trees on Facebook, where each of them has a page of its own since the spring.",
    ] {
        is_text(
            &limes(&paragraphs(&[FIRST, report, THIRD, FOURTH])),
            &[FIRST, report, THIRD, FOURTH],
        );
    }
}

#[test]
fn placeholders_that_no_plugin_has_filled_are_no_text() {
    for code in [
        "[gallery ids=4,5]",
        "[ad#top-2]",
        "[/caption]",
        "[newsletter_form]",
    ] {
        let html = limes(&paragraphs(&[FIRST, SECOND, code, THIRD, FOURTH]));
        is_text(&html, &[FIRST, SECOND, THIRD, FOURTH]);
    }
    let html = limes(&paragraphs(&[FIRST, "[sic]", THIRD, FOURTH]));
    is_text(&html, &[FIRST, "[sic]", THIRD, FOURTH]);
}

#[test]
fn a_message_that_the_page_hides_is_no_text() {
    let message = "Here is the latest of the harbour for Thursday: two ships wait for the tide, the crane is repaired, \
        and the herons are back on the quay.";
    let text = paragraphs(&[FIRST, SECOND, THIRD, FOURTH]);
    for hidden in [
        format!("<div style=\"display:none\"><p>{message}</p></div>"),
        format!("<div class=detail-text style=\"display: none\">{message}</div>"),
    ] {
        let html = limes(&format!("{hidden}<div class=x>{text}</div>"));
        is_text(&html, &[FIRST, SECOND, THIRD, FOURTH]);
    }
}

#[test]
fn a_box_of_facts_between_the_paragraphs_stays_and_one_of_links_goes() {
    let facts = [
        "A lime grows for three hundred years, and takes another three hundred to wither.",
        "Its blossom is picked in June and July, and keeps for a year if it is dry and dark.",
        "In the towns of the coast, half of the trees along the streets are limes.",
    ];
    let (above, below) = (paragraphs(&[FIRST, SECOND]), paragraphs(&[THIRD, FOURTH]));
    let list: String = facts.iter().map(|it| format!("<li>{it}</li>")).collect();
    for aside in [
        format!("<aside class=w><h3>Facts about limes</h3><ul>{list}</ul></aside>"),
        format!(
            "<aside><div><h4>Facts about limes</h4>{}</div></aside>",
            paragraphs(&facts)
        ),
    ] {
        let html = limes(&format!("<div class=x>{above}{aside}{below}</div>"));
        is_text(
            &html,
            &[
                FIRST,
                SECOND,
                "Facts about limes",
                facts[0],
                facts[1],
                facts[2],
                THIRD,
                FOURTH,
            ],
        );
    }
    let links: String = facts
        .iter()
        .map(|it| format!("<li><a href=/x>{it}</a></li>"))
        .collect();
    let html = limes(&format!(
        "<div class=x>{above}<aside><ul>{links}</ul></aside>{below}</div>"
    ));
    is_text(&html, &[FIRST, SECOND, THIRD, FOURTH]);
}

#[test]
fn a_standfirst_is_known_by_names_in_one_word() {
    let text = paragraphs(&[FIRST, SECOND, THIRD, FOURTH]);
    for class in [
        "styles_articleDek__Icz5H",
        "ContentHeaderDek-bIqFFZ",
        "article__subdeck",
    ] {
        let line = "Two hundred trees for the old quay, and not a drop of water";
        let html = limes(&format!(
            "<div class=caption><div class={class}>{line}</div></div><div class=x>{text}</div>"
        ));
        is_text(&html, &[line, FIRST, SECOND, THIRD, FOURTH]);
    }
}

#[test]
fn numbered_entries_stay_where_a_picture_is_all_of_the_last_one() {
    let entry = |number: usize, name: &str, text: &str| {
        format!("<h2>{number}. {name}</h2><p><img src=/{number}.jpg></p>{text}")
    };
    let below = |text: &str| paragraphs(&[text]);
    for close in [
        "",
        "<div class=related><h2>Read next</h2><a href=/x>Poplars</a></div>",
    ] {
        let html = limes(&format!(
            "<div class=x>{}{}{}{}</div>{close}",
            entry(1, "The old lime", &below(FIRST)),
            entry(2, "The herons", &below(SECOND)),
            entry(3, "The first summer", &below(THIRD)),
            entry(4, "The bench", ""),
        ));
        is_text(
            &html,
            &[
                "1. The old lime",
                FIRST,
                "2. The herons",
                SECOND,
                "3. The first summer",
                THIRD,
                "4. The bench",
            ],
        );
    }
}

#[test]
fn a_note_stays_where_its_sign_stands_in_the_text() {
    let called = "Mira*, who has mended nets on the quay for thirty years, has waited for shade since the winter of the flood.";
    for note in ["*Name changed", "* Le prénom a été modifié."] {
        let html = limes(&format!(
            "<div class=x>{}<div>Picture: Harbour Post</div><p>{note}</p></div>",
            paragraphs(&[FIRST, called, THIRD, FOURTH])
        ));
        is_text(&html, &[FIRST, called, THIRD, FOURTH, note]);
    }
}

#[test]
fn what_stands_below_the_article_under_a_heading_of_something_else_goes() {
    let text = paragraphs(&[FIRST, SECOND, THIRD, FOURTH]);
    let appeal = "Online journalism costs money, because good reporting takes time and people who write, check facts and \
        lead interviews.";
    for below in [
        format!(
            "<div class=support><h4><a href=/s>Support our work!</a></h4><div class=q><p>{appeal}</p></div></div>"
        ),
        format!(
            "<div class=help-us><h4><a href=/s>Support our work!</a></h4><div class=q><p>{appeal}</p></div></div>"
        ),
        format!(
            "<div class=k3><div class=t><h5><a href=/s>Your job market of the harbour</a></h5></div>\
             <div class=q>{appeal}</div></div>"
        ),
    ] {
        let html = limes(&format!("<div class=x>{text}</div>{below}"));
        is_text(&html, &[FIRST, SECOND, THIRD, FOURTH]);
    }
}

#[test]
fn a_line_that_announces_links_goes_with_them() {
    let text = paragraphs(&[FIRST, SECOND, THIRD, FOURTH]);
    let cards = "<div><a href=/a><img src=/a.jpg></a><a href=/a>The oak that outlived its town</a></div>\
        <div><a href=/b><img src=/b.jpg></a><a href=/b>Ten poplars that never fell in a storm</a></div>";
    let list = "<ul class=related-links><li><a href=/a>The oak that outlived its town</a></li>\
        <li><a href=/b>Ten poplars that never fell in a storm</a></li></ul>";
    for line in [
        "Now, see some more of our favourite trees:",
        "Mehr zum Thema finden Sie auch in unserem Baumcheck:",
    ] {
        for links in [cards, list] {
            let html = limes(&format!("{text}<p>{line}</p>{links}"));
            is_text(&html, &[FIRST, SECOND, THIRD, FOURTH]);
        }
    }
}
