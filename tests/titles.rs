//! Titles of pages of our own: the headline, without the site's name, its sections and its slogans, in
//! many languages, and whole.

#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used)]

use std::sync::Arc;

use newsprint::extract::site_memory::SiteMemory;
use newsprint::extract::{Extraction, Extractor, SiteRules};
use newsprint::page::Input;
use proptest::prelude::*;
use url::Url;

const TEXT: &str = "<p>The night ferry sailed again on Monday after eleven years in dock, with four hundred \
    passengers and a brass band on board, the harbour office said.</p><p>It came back before the evening tide, \
    and the mayor, who had lost a bet about it, paid for the lemonade of all who waited on the quay.</p>";

fn page(head: &str, body: &str) -> String {
    format!("<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>")
}

/// The title of a page at an address of the host.
fn title_at(url: Option<&str>, head: &str, body: &str) -> Option<String> {
    let url = url.map(|url| Url::parse(url).unwrap());
    let extractor = Extractor::builder().any_kind(true).build();
    let html = page(head, body);
    let input = Input::new(html.as_bytes()).with_url(url.as_ref());
    extractor.extract(&input).article.title
}

fn title(head: &str, body: &str) -> Option<String> {
    title_at(None, head, body)
}

#[test]
fn the_site_s_name_goes_at_either_end_whatever_separates_it() {
    for stated in [
        "Ferry sails again | Quay Gazette",
        "Ferry sails again - Quay Gazette",
        "Ferry sails again – Quay Gazette",
        "Ferry sails again — The Quay Gazette",
        "Ferry sails again · Quay Gazette",
        "Ferry sails again • Quay Gazette",
        "Ferry sails again » Quay Gazette",
        "Ferry sails again ‹ Quay Gazette",
        "Ferry sails again / Quay Gazette",
        "Ferry sails again ~ Quay Gazette",
        "Ferry sails again :: Quay Gazette",
        "Ferry sails again＿Quay Gazette",
        "Ferry sails again｜Quay Gazette",
        "Quay Gazette: Ferry sails again",
        "Quay Gazette | Ferry sails again",
        "Quay Gazette - Ferry sails again - quay-gazette.example",
    ] {
        let head = format!("<title>{stated}</title>");
        let found = title_at(Some("https://quay-gazette.example/2026/ferry"), &head, TEXT);
        assert_eq!(found.as_deref(), Some("Ferry sails again"), "{stated}");
    }
}

#[test]
fn a_name_that_holds_a_separator_goes_as_a_whole() {
    let head = "<title>Night ferry sails again - Boats - Life in Quay</title>\
                <meta property=og:site_name content='Boats - Life in Quay'>";
    assert_eq!(
        title(head, TEXT).as_deref(),
        Some("Night ferry sails again")
    );
    let head = "<title>2gull | Comedy | Satire: Night ferry sails again</title>\
                <meta name=application-name content='2gull | Comedy | Satire'>";
    assert_eq!(
        title(head, TEXT).as_deref(),
        Some("Night ferry sails again")
    );
}

#[test]
fn a_page_without_an_address_names_its_site_by_logo_notice_and_links() {
    for (stated, around) in [
        (
            "渡轮停航十一年后复航_码头新闻网",
            "<img src=/logo.png alt='码头新闻网'>",
        ),
        (
            "渡轮停航十一年后复航-《码头新闻》",
            "<div>版权所有 2026 《码头新闻》社</div>",
        ),
        (
            "渡轮停航十一年后复航 - 本地 - 码头网",
            "<a href=/>码头网</a> &gt; <a href=/local>本地</a>",
        ),
        (
            "Паром снова ходит ночью - Набережная.Ру",
            "<div>© 2026 Набережная.Ру</div>",
        ),
        (
            "Το νυχτερινό πλοίο επιστρέφει | Τοπικά | Προκυμαία",
            "<ul><li><a href=/t>Τοπικά</a><li><a href=/>Προκυμαία</a></ul>",
        ),
        (
            "Night ferry sails again - insequay",
            "<p>Copyright 2026 insequay</p>",
        ),
    ] {
        let body = format!("{around}<div>{TEXT}</div>");
        let found = title(&format!("<title>{stated}</title>"), &body).unwrap();
        let headline = stated.split(['_', '-', '|']).next().unwrap().trim();
        assert_eq!(found, headline, "{stated}");
    }
}

#[test]
fn the_line_that_shows_the_headline_decides_where_nothing_names_the_site() {
    for (stated, headline) in [
        (
            "ΠΡΟΚΥΜΑΙΑ : Το νυχτερινό πλοίο επιστρέφει",
            "Το νυχτερινό πλοίο επιστρέφει",
        ),
        ("渡轮停航十一年后复航--国内频道", "渡轮停航十一年后复航"),
        (
            "Boat club - Night ferry sails again at last - Press - News",
            "Night ferry sails again at last",
        ),
        ("渡輪停航十一年後 復航 - 台灣電視", "渡輪停航十一年後 復航"),
    ] {
        let body = format!(
            "<table><tr><td><font size=4>{headline}</font><br><br>{TEXT}</td></tr></table>"
        );
        let found = title(&format!("<title>{stated}</title>"), &body);
        assert_eq!(found.as_deref(), Some(headline), "{stated}");
    }
}

#[test]
fn what_belongs_to_the_headline_is_kept() {
    let url = Some("https://quay-gazette.example/2026/ferry");
    for stated in [
        "Night ferry - the full story of eleven years",
        "Returns: the ferry nobody wanted",
        "The Quay Gazette view on the night ferry",
        "Ferry 2 – Quay 1: a match report",
    ] {
        let head = format!(
            "<title>{stated} | Quay Gazette</title><meta property=og:title content='{stated}'>"
        );
        let body = format!("<h1>{stated}</h1>{TEXT}");
        assert_eq!(title_at(url, &head, &body).as_deref(), Some(stated));
        assert_eq!(title(&head, &body).as_deref(), Some(stated));
    }
    // A colon is no separator where readers see it, even after the site's name.
    let body = format!("<h1>Ferry: what we know</h1>{TEXT}");
    let head = "<title>Ferry: what we know</title>";
    let found = title_at(Some("https://ferry.example/a/b"), head, &body);
    assert_eq!(found.as_deref(), Some("Ferry: what we know"));
}

#[test]
fn a_kicker_inside_the_heading_is_told_by_what_the_page_states() {
    let stated = "<title>Dome opens to the village | Ledger</title><meta property=og:title content='Dome opens to the village'>";
    for heading in [
        "<h1><span>Astronomy</span><span>Dome opens to the village</span></h1>",
        "<h1><small>astronomy</small>Dome opens to the village</h1>",
        "<h1><a href=/science>Astronomy</a><br>Dome opens to the village</h1>",
        "<h1><span class=k>Astronomy</span> <b>Dome opens to the village</b></h1>",
        "<h1>Dome opens to the village<div>photo: A. Lind</div></h1>",
    ] {
        let found = title(stated, &format!("{heading}{TEXT}"));
        assert_eq!(
            found.as_deref(),
            Some("Dome opens to the village"),
            "{heading}"
        );
    }
    let stated = "<title>המצפה נפתח לתושבי הכפר</title>";
    let heading = "<h1><span>מדע</span><span>המצפה נפתח לתושבי הכפר</span></h1>";
    let found = title(stated, &format!("{heading}{TEXT}"));
    assert_eq!(found.as_deref(), Some("המצפה נפתח לתושבי הכפר"));
    // All stated titles have it: it is the beginning of the headline.
    let stated = "<title>Report: Dome opens to the village</title>";
    let heading = "<h1><b>Report:</b> Dome opens to the village</h1>";
    let found = title(stated, &format!("{heading}{TEXT}"));
    assert_eq!(found.as_deref(), Some("Report: Dome opens to the village"));
}

#[test]
fn the_signs_between_the_parts_of_a_heading_are_those_of_the_stated_title() {
    let head = "<title>Harbour: Night ferry sails again</title>";
    let body = format!("<h1><span>Harbour</span> <span>Night ferry sails again</span></h1>{TEXT}");
    assert_eq!(
        title(head, &body).as_deref(),
        Some("Harbour: Night ferry sails again")
    );
}

#[test]
fn a_generic_title_yields_to_the_only_heading() {
    for generic in [
        "News",
        "Home",
        "Startseite",
        "Actualités",
        "Noticias",
        "Новости",
        "新闻",
        "ニュース",
        "뉴스",
        "أخبار",
        "Haberler",
        "Quay Gazette",
        "Untitled Document",
        "Ειδήσεις",
    ] {
        let head =
            format!("<title>{generic}</title><meta property=og:site_name content='Quay Gazette'>");
        let body = format!("<h1>Night ferry sails again</h1>{TEXT}");
        assert_eq!(
            title(&head, &body).as_deref(),
            Some("Night ferry sails again"),
            "{generic}"
        );
    }
    // A heading that is a link to the front page is the site's name.
    let body = format!(
        "<h1><a href='https://gulls.example/'>Gulls of Quay</a></h1><h2>Night ferry sails again</h2>{TEXT}"
    );
    let found = title(
        "<title>Gulls of Quay » Night ferry sails again</title>",
        &body,
    );
    assert_eq!(found.as_deref(), Some("Night ferry sails again"));
    let body =
        format!("<article><h2>Night ferry sails again</h2>{TEXT}</article><h3>Read next</h3>");
    let found = title("<title>News</title>", &body);
    assert_eq!(found.as_deref(), Some("Night ferry sails again"));
    // A kicker is known by its class where no stated title is a headline.
    let body =
        format!("<h1><span class=article-kicker>Sea</span> Night ferry sails again</h1>{TEXT}");
    let found = title("<title>Home</title>", &body);
    assert_eq!(found.as_deref(), Some("Night ferry sails again"));
    // Two words that no heading has are the site's, or a section's.
    let body = format!("<h1>Why the night ferry sails again</h1>{TEXT}");
    assert_eq!(
        title("<title>The Island</title>", &body).as_deref(),
        Some("Why the night ferry sails again")
    );
}

#[test]
fn a_shortened_title_yields_to_the_whole_one() {
    let whole = "Night ferry sails again after eleven years in dock, with brass band and four hundred passengers";
    for short in [
        "Night ferry sails again after eleven years in dock, with…",
        "Night ferry sails again after eleven years in dock, with brass band and four hund",
        "Night ferry sails again after eleven ...",
    ] {
        let head = format!(
            "<meta property=og:title content='{short}'><title>{whole} | Quay Gazette</title>"
        );
        let url = Some("https://quay-gazette.example/2026/ferry");
        assert_eq!(
            title_at(url, &head, TEXT).as_deref(),
            Some(whole),
            "{short}"
        );
        let head = format!("<meta property=og:title content='{short}'>");
        let body = format!("<h1>{whole}</h1>{TEXT}");
        assert_eq!(
            title_at(url, &head, &body).as_deref(),
            Some(whole),
            "{short}"
        );
    }
}

#[test]
fn a_heading_at_the_end_of_a_row_of_links_is_not_the_one_that_readers_see() {
    let head = "<title>Ferry timetable 2026: when does it sail?</title><meta property=og:title content='Night ferry sails again'>";
    for row in [
        "<nav class=crumbs><a href=/>Home</a> <a href=/sea>Sea</a> <h1>Ferry timetable 2026: when does it sail?</h1></nav>",
        "<ol class=breadcrumb><li><a href=/sea>Sea</a></li><li><h1>Ferry timetable 2026: when does it sail?</h1></li></ol>",
        "<div><a href=/sea/>Sea</a> | <a href=/sea/boats/>Boats</a> | <h1>Ferry timetable 2026: when does it sail?</h1></div>",
    ] {
        let body = format!("{row}<article><h2>Night ferry sails again</h2>{TEXT}</article>");
        assert_eq!(
            title(head, &body).as_deref(),
            Some("Night ferry sails again"),
            "{row}"
        );
        // Where no other heading is stated, it is the headline.
        let found = title(head, &format!("{row}<article>{TEXT}</article>"));
        assert_eq!(
            found.as_deref(),
            Some("Ferry timetable 2026: when does it sail?"),
            "{row}"
        );
    }
}

#[test]
fn a_heading_that_the_title_holds_beats_the_section_s() {
    let head = "<title>Test finds cancer of the cervix earlier - Health - Quay</title>";
    let body =
        format!("<h1>Health Center</h1><h2>Test finds cancer of the cervix earlier</h2>{TEXT}");
    assert_eq!(
        title(head, &body).as_deref(),
        Some("Test finds cancer of the cervix earlier")
    );
    let head =
        "<title>Ferry isn't fantastic, says Gemma - Boats &amp; Quays, Sea - quay.example</title>";
    let body = format!(
        "<h1><a href=/>Quay Post</a></h1><h1>Ferry isn't fantastic, says model Gemma</h1>{TEXT}"
    );
    assert_eq!(
        title(head, &body).as_deref(),
        Some("Ferry isn't fantastic, says model Gemma")
    );
}

#[test]
fn entities_escaped_twice_and_case_are_as_the_page_shows_them() {
    let head = "<title>Fish &amp;amp; chips &amp;#8211; &amp;quot;hot&amp;quot;</title>";
    assert_eq!(title(head, TEXT).as_deref(), Some("Fish & chips – \"hot\""));
    let body = format!("<h1>NIGHT FERRY SAILS AGAIN</h1>{TEXT}");
    let found = title("<title>Night ferry sails again</title>", &body);
    assert_eq!(found.as_deref(), Some("NIGHT FERRY SAILS AGAIN"));
}

#[test]
fn a_title_of_emoji_is_none() {
    assert_eq!(title("<title>🎉🗞️ | 🚢</title>", TEXT), None);
    let found = title("<title>🎉 Night ferry sails again 🚢 | Sea</title>", TEXT).unwrap();
    assert!(found.contains("Night ferry sails again"), "{found}");
}

/// A page of a host on which nothing names the site.
fn article(number: usize, title: &str) -> String {
    let names = [
        "Oda Lind",
        "Tam Verrill",
        "Jo Ferran",
        "Mila Brandt",
        "Arne Holt",
        "Ines Carvell",
    ];
    let name = names[number % names.len()];
    let text: String = (0..6)
        .map(|line| {
            format!(
                "<p>In the year {} {name} counted {} boats at pier {line}, and wrote to the harbour office that \
                 number {} had lost its anchor for the {}th time since she moved to house {number}.</p>",
                1800 + number * 7 + line,
                number * 31 + line,
                number * 17 + line * 3,
                number + line + 2
            )
        })
        .collect();
    page(
        &format!("<title>{title}</title><meta property=og:type content=article>"),
        &format!("<div class=story>{text}</div>"),
    )
}

/// An article, extracted with this memory.
fn read(memory: &SiteMemory, number: usize, title: &str) -> Extraction {
    let url = Url::parse(&format!("https://k.example/news/story-{number}")).unwrap();
    let extractor = Extractor::builder()
        .any_kind(true)
        .memory(memory.clone())
        .build();
    let html = article(number, title);
    extractor.extract(&Input::new(html.as_bytes()).with_url(&url))
}

/// The memory of so many articles, as a store returns it.
fn learned(count: usize, title: &dyn Fn(usize) -> String) -> SiteMemory {
    let mut memory = SiteMemory::default();
    for number in 0..count {
        let extraction = read(&SiteMemory::default(), number, &title(number));
        memory.learn(&extraction.fingerprint);
    }
    SiteMemory::from_bytes(&memory.to_bytes()).unwrap()
}

/// What the memory of so many articles makes of the title of the next.
fn remembered(count: usize, title: &dyn Fn(usize) -> String) -> String {
    let extraction = read(&learned(count, title), count, &title(count));
    extraction.article.title.unwrap()
}

#[test]
fn what_the_other_titles_of_a_site_end_or_begin_with_goes() {
    let headline = |number: usize| format!("{number} boats lost their anchors");
    let ends: [&dyn Fn(usize) -> String; 4] = [
        &|number| format!("{} - Pier Eleven", headline(number)),
        &|number| format!("{} - Sea - Pier Eleven", headline(number)),
        &|number| format!("PIER ELEVEN : {}", headline(number)),
        &|number| format!("Pier Eleven：{}", headline(number)),
    ];
    for title in ends {
        assert_eq!(remembered(8, title), headline(8));
        // Two others say too little.
        assert_eq!(remembered(2, title), title(2));
    }
}

#[test]
fn an_end_with_another_name_or_number_is_another_one() {
    let by_name = |number: usize| format!("Boats lost their anchors - day {number}");
    assert_eq!(remembered(8, &by_name), by_name(8));
    // One in four titles of the site ends so.
    let some = |number: usize| match number % 4 {
        0 => format!("{number} boats lost their anchors - in pictures"),
        _ => format!("{number} boats lost their anchors"),
    };
    assert_eq!(remembered(16, &some), some(16));
}

#[test]
fn an_end_that_readers_see_in_the_heading_stays() {
    let mut memory = SiteMemory::default();
    let with_heading = |number: usize| {
        let title = format!("{number} boats lost their anchors - in pictures");
        article(number, &title).replace(
            "<div class=story>",
            &format!("<div class=story><h1>{title}</h1>"),
        )
    };
    for number in 0..9 {
        let url = Url::parse(&format!("https://k.example/news/story-{number}")).unwrap();
        let html = with_heading(number);
        let extractor = Extractor::default().with_memory(Arc::new(memory.clone()));
        let extraction = extractor.extract(&Input::new(html.as_bytes()).with_url(&url));
        let title = extraction.article.title.unwrap();
        assert_eq!(
            title,
            format!("{number} boats lost their anchors - in pictures")
        );
        memory.learn(&extraction.fingerprint);
    }
}

/// What `explain` prints as the source of the title.
fn source(html: &str, memory: SiteMemory) -> String {
    let url = Url::parse("https://k.example/news/story-99").unwrap();
    let extractor = Extractor::builder().any_kind(true).memory(memory).build();
    let input = Input::new(html.as_bytes()).with_url(&url);
    let explained = extractor.explain(&input, &SiteRules::default());
    let title = explained.fields.into_iter().find(|it| it.field == "title");
    title.and_then(|it| it.source).unwrap()
}

#[test]
fn explain_shows_what_was_cut_off_and_why() {
    let of = |head: &str, body: &str| source(&page(head, body), SiteMemory::default());
    let found = of(
        "<title>Ferry sails again - Quay</title><meta property=og:site_name content=Quay>",
        TEXT,
    );
    assert_eq!(found, "<title>, without \"Quay\" (the site's name)");
    let found = of("<title>Ferry sails again after years | Sea</title>", TEXT);
    assert_eq!(found, "<title>, without \"Sea\" (after a bar)");
    let found = of(
        "<title>Ferry sails again - Kell</title>",
        &format!("{TEXT}<p>© 2026 Kell</p>"),
    );
    assert_eq!(found, "<title>, without \"Kell\" (copyright notice)");
    let found = of(
        "<title>Ferry sails again - Sea</title>",
        &format!("<a href=/sea>Sea</a>{TEXT}"),
    );
    assert_eq!(found, "<title>, without \"Sea\" (a link of the page)");
    let found = of(
        "<title>KELL : Ferry sails again</title>",
        &format!("<div>Ferry sails again</div>{TEXT}"),
    );
    assert_eq!(
        found,
        "<title>, without \"KELL\" (the page shows the rest alone)"
    );
    let body = format!("<h1><i>Sea</i> <b>Night ferry sails again</b></h1>{TEXT}");
    let found = of("<title>Night ferry sails again</title>", &body);
    assert_eq!(found, "heading, without \"sea\" (no stated title has it)");
    let title = |number: usize| format!("{number} boats lost their anchors - Pier Eleven");
    let memory = learned(8, &title);
    let found = source(&article(99, &title(99)), memory);
    assert_eq!(
        found,
        "<title>, without \"Pier Eleven\" (seen in 8 of 8 pages)"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_title_is_a_part_of_what_the_page_states(
        stated in "[a-zäø北京 |:_»🎉—-]{0,60}",
        name in "[a-z北 |-]{0,12}",
    ) {
        let head = format!("<title>{stated}</title><meta property=og:site_name content='{name}'>");
        let found = title(&head, TEXT);
        if let Some(found) = found {
            prop_assert!(found.contains(char::is_alphanumeric), "{found}");
            let folded = stated.split_whitespace().collect::<Vec<_>>().join(" ");
            prop_assert!(folded.contains(&found), "{found} of {stated}");
        }
    }
}
