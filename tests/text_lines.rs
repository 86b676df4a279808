//! What stands in a text and is none of it: dates, bylines, notices, credits, notes on authors, pull quotes. And
//! what looks like them and is text.

use newsprint::article::{Article, Role};
use newsprint::extract::{Extractor, Options};
use newsprint::page::Input;

const FIRST: &str = "The harbour council voted on Monday to plant two hundred limes along the old quay, four \
    years after the storm that broke the poplars.";
const SECOND: &str = "“We have waited for shade since the winter of the flood,” said Mira Tolland, who has mended \
    nets on the quay for thirty years.";
const THIRD: &str = "Planting begins in March. The parks office has asked every household on the quay to water one \
    tree through its first summer.";
const FOURTH: &str = "The benches are to stand in the shade of the trees before the end of the summer after next, if \
    the trees agree to grow.";

/// A page with these pieces of markup between its paragraphs.
fn page(body: &str) -> String {
    format!(
        "<!doctype html><html lang=en><head><title>Limes for the quay</title>\
         <meta property=og:type content=article><meta name=author content=\"Ada Quill\">\
         <meta property=article:published_time content=2026-05-11T08:30:00+02:00></head>\
         <body><main><article><h1>Limes for the quay</h1>{body}</article></main></body></html>"
    )
}

fn article(html: &str) -> Article {
    let options = Options::default();
    Extractor::new(options)
        .extract(&Input::new(html.as_bytes()))
        .article
}

fn text(body: &str) -> String {
    article(&page(body)).text
}

fn paragraphs(texts: &[&str]) -> String {
    texts.iter().map(|it| format!("<p>{it}</p>")).collect()
}

fn whole() -> String {
    [FIRST, SECOND, THIRD, FOURTH].join("\n\n")
}

/// Each piece stands once above the text and once below, and leaves no word.
#[test]
fn lines_of_dates_and_names_are_no_text() {
    for line in [
        "<div class=x3><time datetime=2026-05-11>11 May 2026</time></div>",
        "<p><i>By Ada Quill, May 11, 2026</i></p>",
        "<p>Published 11 May 2026, 10:15</p>",
        "<div>Updated: May 12, 2026 at 9:40 am</div>",
        "<p>Veröffentlicht am Montag, 11. Mai 2026, 10:15 Uhr</p>",
        "<p>Publié le 11 mai 2026 à 10h15</p>",
        "<p>Опубликовано 11 мая 2026</p>",
        "<p>発行：2026年5月11日</p>",
        "<span class=q>4 min read</span>",
        "<div class=q>Lesezeit: 4 Minuten</div>",
        "<p>2 hours ago</p>",
    ] {
        let body = paragraphs(&[FIRST, SECOND, THIRD, FOURTH]);
        assert_eq!(text(&format!("{line}{body}")), whole(), "above: {line}");
        assert_eq!(text(&format!("{body}{line}")), whole(), "below: {line}");
    }
}

#[test]
fn a_dateline_and_the_dates_of_a_chronology_are_text() {
    let dateline = format!("KELL, May 11 (Island Post) — {FIRST}");
    let body = paragraphs(&[&dateline, SECOND, THIRD]);
    assert_eq!(text(&body), [&dateline, SECOND, THIRD].join("\n\n"));
    let dates = ["4 March 2024", "19 June 2025", "2 April 2026"];
    let entries = dates.iter().zip([SECOND, THIRD, FOURTH]);
    let chronology: String = entries
        .map(|(date, entry)| format!("<p><b>{date}</b></p><p>{entry}</p>"))
        .collect();
    let got = text(&format!("<p>{FIRST}</p>{chronology}"));
    for date in dates {
        assert!(got.contains(date), "{date}: {got}");
    }
}

#[test]
fn notices_of_reuse_and_of_where_a_text_first_stood_go() {
    for line in [
        "This copy is for your personal, non-commercial use only.",
        "<em>This article was originally published at The Lantern. Republished with permission.</em>",
        "Originally published on lantern.example.org",
        "<i>Dieser Artikel erschien zuerst in der Hafenpost.</i>",
        "Cet article a été publié initialement dans La Lanterne.",
        "Перепечатка материалов запрещена.",
    ] {
        let body = paragraphs(&[FIRST, SECOND, THIRD, FOURTH]);
        assert_eq!(text(&format!("{body}<p>{line}</p>")), whole(), "{line}");
    }
    let sentence = "This story was first published by a printer on the quay in 1811, and nobody believed it then.";
    let body = paragraphs(&[FIRST, sentence, SECOND, THIRD]);
    assert!(text(&body).contains(sentence));
}

#[test]
fn credits_and_captions_without_a_figure_have_the_role_of_captions() {
    for caption in [
        "<p><img src=/a.jpg><br><small>The limes in May. Photo: Henk Ruys / Island Post</small></p>",
        "<div style=\"text-align:center\"><img src=/a.jpg><div style=\"font-size:11px\">The limes. (Henk Ruys)</div></div>",
        "<p>Foto: Henk Ruys/dpa</p>",
        "<p>▲ 부두의 라임 나무. 사진=연합뉴스</p>",
        "<center><img src=/a.jpg><br><i>The limes in their first spring</i></center>",
        "<p>The limes have come! pic.twitter.com/a1B2c3D4</p>",
    ] {
        let (above, below) = (paragraphs(&[FIRST, SECOND]), paragraphs(&[THIRD, FOURTH]));
        assert_eq!(
            text(&format!("{above}{caption}{below}")),
            whole(),
            "{caption}"
        );
    }
    let mut options = Options::default();
    options.include = vec![Role::Caption];
    options.any_kind = true;
    let html = page(&format!(
        "{}<p>Photo: Henk Ruys / Island Post</p>{}",
        paragraphs(&[FIRST, SECOND]),
        paragraphs(&[THIRD, FOURTH])
    ));
    let found = Extractor::new(options).extract(&Input::new(html.as_bytes()));
    assert_eq!(found.article.text, "Photo: Henk Ruys / Island Post");
}

#[test]
fn what_the_author_is_goes_where_it_is_set_apart() {
    for bio in [
        "<p><em>Ada Quill is a staff writer at The Harbour Post.</em></p>",
        "<hr><p>Ada Quill writes about trees.</p>",
        "<div class=x9>Ada Quill ist Redakteurin der Hafenpost.</div>",
    ] {
        let body = paragraphs(&[FIRST, SECOND, THIRD, FOURTH]);
        assert_eq!(text(&format!("{body}{bio}")), whole(), "{bio}");
    }
    let last = "<p>Mira Tolland is seventy and has never planted a tree.</p>";
    let got = text(&format!("{}{last}", paragraphs(&[FIRST, SECOND, THIRD])));
    assert!(got.ends_with("planted a tree."), "{got}");
}

#[test]
fn pull_quotes_are_told_once() {
    for quote in [
        "<aside class=pullquote><p>We have waited for shade since the winter of the flood</p></aside>",
        "<blockquote class=\"quote-box\"><p>„We have waited for shade since the winter of the flood“</p>\
         <cite>Mira Tolland</cite></blockquote>",
        "<div class=Zitat_k3><span>We have waited for shade since the winter of the flood!</span></div>",
        "<div class=x1><div class=x2>We have waited for shade since the winter of the flood</div></div>",
    ] {
        let (above, below) = (paragraphs(&[FIRST, SECOND]), paragraphs(&[THIRD, FOURTH]));
        assert_eq!(text(&format!("{above}{quote}{below}")), whole(), "{quote}");
    }
}

#[test]
fn a_quote_that_the_text_discusses_and_a_refrain_stay() {
    let quote = "Every tree on the quay belongs to whoever waters it.";
    let after =
        format!("“{quote}” That sentence, lawyers say, will keep the court busy for years.");
    let body = format!(
        "<p>{FIRST}</p><blockquote><p>{quote}</p></blockquote>{}",
        paragraphs(&[&after, SECOND, THIRD])
    );
    assert!(
        text(&body).contains(&format!("{quote}\n\n")),
        "{}",
        text(&body)
    );
    let refrain = "And the limes along the quay were green";
    let song = paragraphs(&[FIRST, refrain, SECOND, refrain, THIRD, refrain]);
    assert_eq!(text(&song).matches(refrain).count(), 3);
}

/// A Chinese or Japanese character says as much as a word: a whole paragraph below a picture is text, even if
/// its last sentence credits the picture.
#[test]
fn a_paragraph_below_a_picture_that_ends_with_a_credit_is_text() {
    let paragraph = "港務委員會星期一決定，沿著舊碼頭種下兩百棵椴樹，四年前的那場暴風雨折斷了這裡所有的白楊，\
        從那以後夏天的石板地就再也沒有過一片陰影。在這裡補了三十年漁網的老人說，自從那年冬天的大水以後，\
        他們就一直在等待樹蔭，現在終於等到了。種植工作將從三月開始，公園管理處請碼頭上的每戶人家在第一個夏天\
        為一棵樹澆水，長椅要等樹長大以後才會放到樹下。 港務局記者王大明攝";
    let body = format!(
        "<img src=/quay.jpg><p>{paragraph}</p>{}",
        paragraphs(&[FIRST, SECOND, THIRD, FOURTH])
    );
    assert!(text(&body).contains(paragraph));
    let caption = "港務委員會的委員在舊碼頭看椴樹的樹苗。 港務局記者王大明攝";
    let body = format!(
        "{}<img src=/quay.jpg><p>{caption}</p>{}",
        paragraphs(&[FIRST, SECOND]),
        paragraphs(&[THIRD])
    );
    assert!(!text(&body).contains(caption));
}
