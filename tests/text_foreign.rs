//! Other articles on the page of an article: cards, appended articles, promotion inside the text, copies.
//! The text holds the article, the whole of it, and none of them.

#![allow(clippy::unwrap_used, clippy::panic)]

use newsprint::extract::Extractor;
use newsprint::page::Input;

const TITLE: &str = "Limes for the old quay";
const BODY: [&str; 5] = [
    "The harbour office planted two hundred limes along the old quay on Monday, after eleven years of planning \
     and a long quarrel with the port.",
    "The herons came back on Tuesday, which nobody had foreseen, and stood along the quay in a row as if they had \
     been planted with the limes.",
    "The limes were grown at the nursery of the town, where another two hundred of them wait for the second half \
     of the quay, to be planted in the spring.",
    "Ten of the trees died in the first winter, the harbour office said, and were replaced by the gardeners of \
     the town before anybody had noticed it.",
    "The port has asked for a wall between the trees and its cranes. The town council is to vote on it in June, \
     and nobody expects the wall to be built.",
];
const OTHERS: [(&str, &str); 3] = [
    (
        "Ferry crews draw lots for winter shifts",
        "Crews of the island ferries went back to work on Wednesday after the company agreed to draw the winter \
         shifts by lot, and not to give them to the last to join.",
    ),
    (
        "Night bakers may sleep on Sundays",
        "Bakers of the upper town need not light their ovens on Saturday night any longer, a court ruled, since \
         the law that made them was repealed with the guilds.",
    ),
    (
        "Weir to be rebuilt after the flood",
        "Engineers begin to rebuild the old weir in August, four months after a flood tore away a third of its \
         gates and left the pond of the mill without any water.",
    ),
];

fn paragraphs() -> Vec<String> {
    BODY.iter().map(|text| format!("<p>{text}</p>")).collect()
}

fn page(main: &str) -> String {
    format!(
        "<!doctype html><html lang=en><head><title>{TITLE} | The Harbour Post</title>\
         <link rel=canonical href=https://post.example/2026/limes></head><body>\
         <header><a href=/>The Harbour Post</a></header><main>{main}</main></body></html>"
    )
}

/// An article with this inside its text, and this after it.
fn article(inside: &str, after: &str) -> String {
    let [a, b, c, d, e] = paragraphs().try_into().unwrap();
    page(&format!(
        "<div class=a1><h1 class=a2>{TITLE}</h1><div class=a3>By <a href=/by/ilona>Ilona Brandt</a></div>\
         <div class=a4>{a}{b}{inside}{c}{d}{e}</div></div>{after}"
    ))
}

/// The text, whatever the page is taken for: these pages state nothing about themselves.
fn text(html: &str) -> String {
    let input = Input::new(html.as_bytes());
    let extractor = Extractor::builder().any_kind(true).build();
    extractor.extract(&input).article.text
}

fn lines(html: &str) -> Vec<String> {
    let text = text(html);
    text.lines()
        .filter(|it| !it.is_empty())
        .map(str::to_owned)
        .collect()
}

#[track_caller]
fn is_article_alone(html: &str) {
    assert_eq!(lines(html), BODY);
}

fn cards(card: impl Fn(usize, &str, &str) -> String) -> String {
    let cards = OTHERS.iter().enumerate();
    cards
        .map(|(at, (title, excerpt))| card(at, title, excerpt))
        .collect()
}

#[test]
fn cards_after_the_text_are_left_out_whatever_their_classes_are() {
    let dated = cards(|at, title, excerpt| {
        format!(
            "<div class=q{at}><a href=/2026/{at}><h3>{title}</h3></a><p>{excerpt}</p><span>By Henk Ruys</span>\
             <span>May {at}, 2026</span></div>"
        )
    });
    let whole = cards(|at, title, excerpt| {
        format!(
            "<a class=k href=/2026/{at}><img src=/{at}.jpg><h3>{title}</h3><p>{excerpt}</p></a>"
        )
    });
    let cut = cards(|at, title, excerpt| {
        format!(
            "<li><a href=/2026/{at}><img src=/{at}.jpg></a><b>{title}</b><br>{excerpt} …<a href=/2026/{at}>\
             more</a></li>"
        )
    });
    let articles = cards(|at, title, excerpt| {
        format!(
            "<article><h2><a href=https://post.example/2026/{at}>{title}</a></h2><time>9.5.2026</time>\
             <div>{excerpt}</div><a href=https://post.example/2026/{at}>Weiterlesen</a></article>"
        )
    });
    let announced = cards(|at, title, excerpt| {
        format!("<div><h4><a href=/2026/{at}>{title}</a></h4><p>{excerpt}</p></div>")
    });
    for after in [
        format!("<div class=g0>{dated}</div>"),
        format!("<div class=g0><div class=g1>{whole}</div></div>"),
        format!("<ul class=g0>{cut}</ul>"),
        format!("<section>{articles}</section>"),
        format!("<div><div><h2>Mehr zum Thema</h2></div><div>{announced}</div></div>"),
        format!("<div><p>Читайте также</p><div>{announced}</div></div>"),
        format!("<section><h3>相关阅读</h3>{announced}</section>"),
    ] {
        is_article_alone(&article("", &after));
    }
}

#[test]
fn excerpts_below_linked_headings_of_one_parent_go_with_a_heading_that_announces_them() {
    for heading in ["Read next", "Lees ook", "อ่านเพิ่มเติม"] {
        let flat = cards(|at, title, excerpt| {
            format!("<h3><a href=/2026/{at}>{title}</a></h3><p>{excerpt}</p>")
        });
        is_article_alone(&article(
            "",
            &format!("<div><h2>{heading}</h2>{flat}</div>"),
        ));
    }
}

#[test]
fn a_box_of_other_articles_inside_the_text_is_left_out() {
    let links: String = OTHERS
        .iter()
        .enumerate()
        .map(|(at, (title, _))| {
            format!("<li><strong>Quay: </strong><a href=/2026/{at}>{title}</a></li>")
        })
        .collect();
    for heading in ["", "<h2>Don't miss:</h2>", "<p><b>Leia também</b></p>"] {
        let html = article(&format!("<div>{heading}<ul>{links}</ul></div>"), "");
        let text = lines(&html);
        assert!(
            BODY.iter().all(|it| text.contains(&(*it).to_owned())),
            "{text:?}"
        );
        assert!(
            !text.iter().any(|it| it.contains("Ferry")),
            "{heading}: {text:?}"
        );
    }
}

#[test]
fn a_list_that_is_the_article_stays() {
    let said = "It opens at six, says the owner, and the first cup is on the house for those who come by boat. The \
        cakes are her mother's, and so is the clock, which has stopped. There is a bench for dogs.";
    let named: String = (1..=6)
        .map(|at| {
            format!(
                "<div class=item><h2><a href=/cafes/{at}>Cafe number {at} on the quay</a></h2>\
                 <a href=/cafes/{at}><img src=/{at}.jpg></a><p>Number {at}. {said}</p></div>"
            )
        })
        .collect();
    let shops: String = (1..=6)
        .map(|at| {
            format!(
                "<div class=item><h2><a href=https://shop{at}.example/>Lamp number {at} for the desk</a></h2>\
                 <p>Number {at}. {said}</p><p>Updated May {at}, 2026</p></div>"
            )
        })
        .collect();
    for items in [named, shops] {
        let html = page(&format!(
            "<article><h1>{TITLE}</h1><p>{}</p><p>{}</p>{items}</article>",
            BODY[0], BODY[1]
        ));
        let text = text(&html);
        for at in 1..=6 {
            assert!(text.contains(&format!("Number {at}. It opens")), "{text}");
        }
    }
}

#[test]
fn the_next_article_on_the_page_is_left_out() {
    let body: String = paragraphs().concat();
    let (title, first) = OTHERS[0];
    let other = format!("<p>{first}</p><p>{}</p><p>{}</p>", OTHERS[1].1, OTHERS[2].1);
    let own = format!(
        "<article data-url=/2026/limes><header><h1>{TITLE}</h1><p class=byline>By Ilona Brandt</p></header>{body}</article>"
    );
    let siblings = format!(
        "{own}<article data-url=/2026/ferry><header><h1>{title}</h1><p class=byline>By Henk Ruys</p></header>{other}</article>"
    );
    let divs = format!(
        "<div class=x><h1>{TITLE}</h1><p class=date><time>11 May 2026</time></p>{body}</div>\
         <div class=more><div class=y><h1>{title}</h1><time>9 May 2026</time>{other}</div></div>"
    );
    let linked = format!(
        "{own}<article><h2><a href=/2026/ferry>{title}</a></h2><time>9 May 2026</time>{other}</article>"
    );
    let flat = format!(
        "<h1>{TITLE}</h1><p class=date><time>11 May 2026</time></p>{body}<h1><a href=/2026/ferry>{title}</a></h1>\
         <time>9 May 2026</time>{other}"
    );
    let above = format!(
        "<article><h1><a href=/2026/ferry>{title}</a></h1><time>9 May 2026</time><p>{first}</p></article>{own}"
    );
    for main in [siblings, divs, linked, flat, above] {
        is_article_alone(&page(&main));
    }
}

#[test]
fn parts_of_an_article_stay() {
    let chapters: String = OTHERS
        .iter()
        .map(|(title, said)| format!("<article><h2>{title}</h2><p>{said}</p></article>"))
        .collect();
    let entries: String = OTHERS
        .iter()
        .enumerate()
        .map(|(at, (title, said))| {
            format!(
                "<article id=e{at}><time>2{at}:40</time><h2><a href=#e{at}>{title}</a></h2><p>{said}</p></article>"
            )
        })
        .collect();
    let first = format!(
        "<h1>{TITLE}</h1><p>{}</p><p>{}</p><p>{}</p>",
        BODY[0], BODY[1], BODY[2]
    );
    for parts in [chapters, entries] {
        let text = text(&page(&format!("<div>{first}{parts}</div>")));
        for (_, said) in OTHERS {
            assert!(text.contains(said), "{text}");
        }
    }
}

#[test]
fn lines_that_point_to_other_articles_are_left_out() {
    for line in [
        "<p>Read also: <a href=/2026/1>Ferry crews draw lots for winter shifts</a></p>",
        "<p><strong>DON'T MISS:</strong><br><a href=/2026/1>Ferry crews draw lots for winter shifts [VIDEO]</a><br>\
         <a href=/2026/2>Night bakers may sleep on Sundays, a court rules after eleven years [ANALYSIS]</a><br>\
         <a href=/2026/3>Weir to be rebuilt after the flood that left the pond of the mill dry [MAP]</a></p>",
        "<p>WARNING: <a href=/2026/1>Ferries to stop for the whole of the winter</a></p>",
        "<p><b><a href=/2026/1>FERRY CREWS DRAW LOTS FOR WINTER SHIFTS</a></b></p>",
        "<p>Siehe auch: <a href=/2026/1>Fähren losen die Schichten des Winters aus</a></p>",
        "<p>ЧИТАЙТЕ ТАКЖЕ: <a href=/2026/1>Паромы разыграют зимние смены по жребию</a></p>",
        "<p>相关阅读：<a href=/2026/1>渡轮船员抽签决定冬季班次</a></p>",
        "<p>อ่านเพิ่มเติม: <a href=/2026/1>ลูกเรือจับสลากกะฤดูหนาว</a></p>",
        "<p>اقرأ أيضا: <a href=/2026/1>طواقم العبارات تسحب القرعة على نوبات الشتاء</a></p>",
        "<h3>Don't Miss:</h3><ul><li>The rich move north. <a href=https://ad.example/1>Here is how you can live \
         there</a> for less.</li><li>This <a href=https://ad.example/2>new company</a> lets you own a quay.</li></ul>",
    ] {
        is_article_alone(&article(line, ""));
    }
}

#[test]
fn links_of_the_text_itself_stay() {
    for (line, said) in [
        (
            "<p><a href=/2026/wall>The three members who want the wall had still not said on Friday who is to pay \
             for it, though the council had asked them twice.</a></p>",
            "The three members who want the wall",
        ),
        (
            "<p>Read also what the herons wrote: that is how the mayor ends her letter, which <a href=/letter>can be \
             read in full</a> at the library.</p>",
            "that is how the mayor ends her letter",
        ),
        (
            "<h2><a href=/2026/nursery>The nursery of the town</a></h2><p>It grew the limes from cuttings of one \
             tree that stood in front of the customs house until the war.</p>",
            "The nursery of the town",
        ),
        (
            "<p>WARNING: the quay is slippery when it is wet, the harbour office says, and <a href=/map>the map</a> \
             shows where the rails end.</p>",
            "the quay is slippery",
        ),
    ] {
        let text = text(&article(line, ""));
        assert!(text.contains(said), "{text}");
    }
}

#[test]
fn a_copy_for_other_screens_is_left_out_even_with_small_differences() {
    let body: String = paragraphs().concat();
    let copy = body
        .replace("on Monday", "last Monday")
        .replace("the port", "the old port")
        .replace("in June", "in early June");
    let both = format!("<div class=s1>{body}</div><div class=s2>{copy}</div>");
    let wrapped =
        format!("<div class=s1><div>{body}</div></div><section class=s2>{copy}</section>");
    for copies in [both, wrapped] {
        is_article_alone(&page(&format!("<h1>{TITLE}</h1>{copies}")));
    }
}

#[test]
fn an_article_may_repeat_a_paragraph_with_a_difference() {
    let again = BODY[0].replace("Monday", "Tuesday");
    let html = article(&format!("<p>{again}</p>"), "");
    assert!(text(&html).contains(&again));
}

#[test]
fn appeals_of_the_site_inside_the_text_are_left_out() {
    for appeal in [
        "<p>Like what you read? <a href=/nl>Sign up for our newsletter</a> and never miss a tree.</p>",
        "<p><i>Sie mögen den Tag kurz und knapp? Dann melden Sie sich zum <a href=/nl>Newsletter</a> an.</i></p>",
        "<p>Подпишитесь на <a href=https://t.me/post>наш канал</a>, чтобы не пропустить главное.</p>",
        "<p>Suscríbete al <a href=/nl>boletín</a> de la redacción y recíbelo cada mañana.</p>",
    ] {
        is_article_alone(&article(appeal, ""));
    }
    let said = "The mayor writes a newsletter, which eleven of the two thousand people who get it \
        <a href=/letter>have read to the end</a>, as she admits herself.";
    assert!(text(&article(&format!("<p>{said}</p>"), "")).contains("eleven of the two thousand"));
}

#[test]
fn lines_that_end_the_page_are_no_part_of_the_text() {
    for end in [
        "<p>© 2026 The Harbour Post. All rights reserved. No part of this page may be printed elsewhere.</p>",
        "<p>При использовании материалов ссылка на «Вестник гавани» обязательна, сообщает редакция.</p><p>Наверх</p>",
        "<p>凡本网注明来源的作品，版权均属于港口日报，未经授权不得转载或以其他方式使用上述作品。</p>",
        "<p>Riproduzione riservata © Il Giornale del Porto, via del Molo 11</p><p>Torna su</p>",
    ] {
        let [a, b, c, d, e] = paragraphs().try_into().unwrap();
        is_article_alone(&page(&format!(
            "<article><h1>{TITLE}</h1>{a}{b}{c}{d}{e}{end}</article>"
        )));
    }
    let said = "Copyright law is on the side of the herons, the mayor said, and on that of those who feed them.";
    assert!(text(&article(&format!("<p>{said}</p>"), "")).contains(said));
}
