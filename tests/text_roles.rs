//! Text that must not be lost: headings by level, ledes, list items in labels, questions in buttons, quotes with
//! their names, galleries.

use newsprint::article::{Article, Kind, Role};
use newsprint::extract::{Extractor, Options};
use newsprint::page::Input;

const FIRST: &str = "The harbour council voted on Monday to plant two hundred limes along the old quay, four \
    years after the storm that broke the poplars.";
const SECOND: &str = "“We have waited for shade since the winter of the flood,” said Mira Tolland, who has mended \
    nets on the quay for thirty years.";
const THIRD: &str = "Planting begins in March. The parks office has asked every household on the quay to water one \
    tree through its first summer.";

fn page(head: &str, body: &str) -> String {
    format!(
        "<!doctype html><html lang=en><head><title>Limes for the quay</title>\
         <meta property=og:type content=article>{head}</head>\
         <body><main><article><h1>Limes for the quay</h1>{body}</article></main></body></html>"
    )
}

fn article(html: &str) -> Article {
    Extractor::default()
        .extract(&Input::new(html.as_bytes()))
        .article
}

fn without_standfirst(html: &str) -> String {
    let mut options = Options::default();
    options.include.retain(|role| *role != Role::Standfirst);
    Extractor::new(options)
        .extract(&Input::new(html.as_bytes()))
        .article
        .text
}

#[test]
fn a_heading_needs_text_before_the_next_of_its_level_or_a_higher_one() {
    let related = "<div class=related><ul><li><a href=/1>One more</a></li><li><a href=/2>And one</a></li></ul></div>";
    let html = page(
        "",
        &format!(
            "<p>{FIRST}</p><h2>Part one</h2><h3>The vote</h3><p>{SECOND}</p><h2>More on limes</h2>{related}\
         <h2>Part two</h2><p>{THIRD}</p><h2>Read on</h2>{related}"
        ),
    );
    let text = article(&html).text;
    let expected = [FIRST, "Part one", "The vote", SECOND, "Part two", THIRD].join("\n\n");
    assert_eq!(text, expected);
}

#[test]
fn a_lede_that_the_description_repeats_is_no_standfirst() {
    let description = format!("<meta name=description content=\"{FIRST}\">");
    for body in [
        format!("<p>{FIRST}</p><p>{SECOND}</p><p>{THIRD}</p>"),
        format!(
            "<div class=b><p class=\"x1 first\">{FIRST}</p><p class=x1>{SECOND}</p><p class=x1>{THIRD}</p></div>"
        ),
        format!(
            "<section><div><p>{FIRST}</p></div><div><p>{SECOND}</p></div><div><p>{THIRD}</p></div></section>"
        ),
    ] {
        let html = page(&description, &body);
        assert!(without_standfirst(&html).starts_with(FIRST), "{body}");
    }
    for body in [
        format!("<h2 class=x0>{FIRST}</h2><div class=b><p>{SECOND}</p><p>{THIRD}</p></div>"),
        format!("<div class=x0>{FIRST}</div><div class=b><p>{SECOND}</p><p>{THIRD}</p></div>"),
        format!("<p class=standfirst>{FIRST}</p><p>{SECOND}</p><p>{THIRD}</p>"),
    ] {
        let html = page(&description, &body);
        assert_eq!(
            without_standfirst(&html),
            [SECOND, THIRD].join("\n\n"),
            "{body}"
        );
        assert!(article(&html).text.starts_with(FIRST), "{body}");
    }
}

#[test]
fn entries_that_can_be_ticked_off_are_a_list() {
    for item in [
        "<label><input type=checkbox> <span>{}</span></label>",
        "<input type=checkbox id=a><label for=a>{}</label>",
    ] {
        let items = ["120 g of lime flowers", "4 dl of water", "a pinch of salt"];
        let list: String = items
            .iter()
            .map(|it| format!("<li>{}</li>", item.replace("{}", it)))
            .collect();
        let html = page(
            "",
            &format!(
                "<p>{FIRST}</p><h2>Ingredients</h2><ul>{list}</ul><h2>Method</h2><p>{SECOND}</p><p>{THIRD}</p>"
            ),
        );
        let text = article(&html).text;
        assert!(text.contains(&items.join("\n")), "{text}");
    }
    let poll = "<form><ul><li><label><input type=radio> Yes, plant more limes</label></li>\
        <li><label><input type=radio> No, plant poplars</label></li></ul><button>Vote</button></form>";
    let html = page(
        "",
        &format!("<p>{FIRST}</p><p>{SECOND}</p>{poll}<p>{THIRD}</p>"),
    );
    assert_eq!(article(&html).text, [FIRST, SECOND, THIRD].join("\n\n"));
}

#[test]
fn the_questions_of_an_accordion_stay_with_their_answers() {
    let (one, two) = (
        "When will the limes be planted?",
        "Who waters the limes in summer?",
    );
    for (open, close) in [
        ("<h3><button aria-expanded=false>", "</button></h3>"),
        (
            "<button aria-controls=panel aria-expanded=false>",
            "</button>",
        ),
    ] {
        let html = page(
            "",
            &format!(
                "<p>{FIRST}</p><div class=faq><div>{open}{one}{close}<div><p>{SECOND}</p></div></div>\
             <div>{open}{two}{close}<div><p>{THIRD}</p></div></div></div>"
            ),
        );
        assert_eq!(
            article(&html).text,
            [FIRST, one, SECOND, two, THIRD].join("\n\n"),
            "{open}"
        );
    }
    let html = page(
        "",
        &format!(
            "<p>{FIRST}</p><details><summary>{one}</summary><p>{SECOND}</p></details>\
         <details><summary>{two}</summary><p>{THIRD}</p></details>"
        ),
    );
    assert_eq!(
        article(&html).text,
        [FIRST, one, SECOND, two, THIRD].join("\n\n")
    );
}

#[test]
fn a_quote_keeps_the_name_of_who_said_it() {
    let said = "We were afraid of cold feet and got warm ones, and the council should bring its own chair.";
    for quote in [
        format!(
            "<blockquote><p>{said}</p><footer>— <cite>Pavel Orlik, night guard</cite></footer></blockquote>"
        ),
        format!("<blockquote><p>{said}</p><cite>— Pavel Orlik, night guard</cite></blockquote>"),
        format!(
            "<figure class=quote><blockquote><p>{said}</p></blockquote><figcaption>— Pavel Orlik, night guard</figcaption></figure>"
        ),
        format!("<blockquote><p>{said}</p><p>— Pavel Orlik, night guard</p></blockquote>"),
    ] {
        let html = page(
            "",
            &format!("<p>{FIRST}</p><p>{SECOND}</p>{quote}<p>{THIRD}</p>"),
        );
        let expected =
            format!("{FIRST}\n\n{SECOND}\n\n{said}\n— Pavel Orlik, night guard\n\n{THIRD}");
        assert_eq!(article(&html).text, expected, "{quote}");
    }
}

#[test]
fn the_captions_of_a_gallery_are_its_text() {
    let captions = [
        "The first limes reach the quay at eight, wrapped in wet sacks against the wind.",
        "The baker’s son counts them twice while his sister holds the ladder for the mayor.",
        "A queue of ninety leaves little room for the goat, who eats the first leaf.",
        "The last hole is dug at half past two; somebody has left a scarf in it.",
    ];
    for (title, count) in [
        ("Four pictures of a quay turning green", " / 4"),
        ("In pictures: the quay turns green", " of 4"),
    ] {
        let slides: String = captions.iter().enumerate().map(|(at, it)| {
            format!("<figure><img src=/{at}.jpg><figcaption><span class=n>{}{count}</span> {it}</figcaption></figure>", at + 1)
        }).collect();
        let html = format!(
            "<!doctype html><html lang=en><head><title>{title}</title><meta property=og:type content=article>\
             <meta property=article:published_time content=2026-05-11T08:30:00+02:00></head>\
             <body><main><article><h1>{title}</h1><time datetime=2026-05-11>11 May 2026</time>\
             <p class=standfirst>The harbour council planted its limes on Friday. Our photographer stayed.</p><div class=gallery>{slides}</div></article></main></body></html>"
        );
        let found = article(&html);
        assert_eq!(found.kind, Kind::Gallery, "{title}");
        assert!(
            found.text.ends_with(&captions.join("\n\n")),
            "{title}: {}",
            found.text
        );
    }
}

#[test]
fn the_question_of_an_interview_may_be_asked_twice() {
    let question = "If you could have one more summer on the quay, what would you do with it?";
    let html = page(
        "",
        &format!(
            "<p>{FIRST}</p><p><b>{question}</b></p><p>{SECOND}</p><p><b>{question}</b></p><p>{THIRD}</p>"
        ),
    );
    assert_eq!(
        article(&html).text,
        [FIRST, question, SECOND, question, THIRD].join("\n\n")
    );
}

#[test]
fn a_headline_that_the_description_repeats_is_no_standfirst() {
    for description in [
        "Limes for the quay, where the storm broke the poplars",
        "Two hundred limes for the old quay of the harbour",
    ] {
        let html = page(
            &format!("<meta name=description content='{description}'>"),
            &format!("<p>{FIRST}</p><p>{SECOND}</p>"),
        )
        .replace("Limes for the quay<", &format!("{description}<"));
        assert_eq!(article(&html).text, [FIRST, SECOND].join("\n\n"));
    }
}
