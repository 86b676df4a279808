//! Whole pages through the extractor: what a reader of the text gets.

mod addresses;

use super::*;
use crate::article::{Article, Kind, Role};
use crate::extract::pipeline::Stage;
use crate::extract::segment::blocks::Blocks;
use crate::extract::segment::marks::Marks;
use crate::limits::Limits;
use crate::page::Document;
use crate::verdict::Verdict;

fn extraction(html: &str, options: Options) -> Extraction {
    Extractor::new(options).extract(&Input::new(html.as_bytes()))
}

fn article(html: &str) -> Article {
    extraction(html, Options::default()).article
}

fn page(body: &str) -> String {
    format!(
        "<!doctype html><html lang=en><head><title>Limes for the quay | The Harbour Post</title>\
         <meta property=og:type content=article></head><body>{body}</body></html>"
    )
}

const FIRST: &str = "The council voted on Tuesday to plant two hundred limes along the quay, \
    ending a quarrel that had lasted, by the mayor's count, for nine years and four elections.";
const SECOND: &str = "Planting will begin in March, the parks office said, and the first benches \
    are to stand in the shade of the trees before the end of the summer after next.";
const THIRD: &str = "The old poplars, which lost three limbs in the storm of January, will be \
    felled one by one so that the herons, who nest in them, can move at their own pace.";

/// An old layout: the text and its frame in one cell, parted by line breaks.
#[test]
fn a_cell_of_an_old_layout_gives_its_article_and_nothing_of_its_frame() {
    let html = page(&format!(
        "<table><tr><td><a href=/>Home</a><br><a href=/city>City</a></td><td>\
         <div class=breadcrumb><a href=/>Home</a> » <a href=/city>City</a> » Limes for the quay</div>\
         <h1>Limes for the quay</h1><h2>Limes for the quay</h2>\
         <div><a href=/p>print</a> <a href=/d>dictionary</a> <a href=/p>print</a></div>\
         {FIRST}<br><br>{SECOND}<br><br>{THIRD}\
         <div id=socialcomment><h3>Comments</h3><p>You must log in to comment.</p>\
         <form><input><button>Log in</button></form></div></td></tr></table>"
    ));
    assert_eq!(article(&html).text, [FIRST, SECOND, THIRD].join("\n\n"));
}

/// A page for wide and for narrow screens.
#[test]
fn what_a_page_says_twice_is_told_once() {
    let text = format!("<p>{FIRST}</p><p>{SECOND}</p><p>So it is.</p>");
    let html = page(&format!(
        "<article><h1>Limes for the quay</h1>{text}<p>{THIRD}</p>{text}</article>"
    ));
    let expected = [FIRST, SECOND, "So it is.", THIRD, "So it is."];
    assert_eq!(article(&html).text, expected.join("\n\n"));
}

#[test]
fn words_neither_glue_nor_split() {
    let html = page(&format!(
        "<article><h1>Limes for the quay</h1><p>{FIRST}</p>\
         <p><span>R</span>eady<br>Create&nbsp;it: H<sub>2</sub>O, co&shy;operate, \
         <b>2</b><sup>nd</sup> <i>edition</i>, said <a href=/x>the&#32;office</a>.</p>\
         <p><ruby>港<rp>(</rp><rt>みなと</rt><rp>)</rp></ruby>の<b>船</b>が
            来た。</p><p>{SECOND}</p></article>"
    ));
    let text = article(&html).text;
    assert!(
        text.contains("Ready\nCreate it: H2O, cooperate, 2nd edition, said the office."),
        "{text}"
    );
    assert!(text.contains("港の船が来た。"), "{text}");
}

#[test]
fn a_table_of_data_gives_rows_and_one_for_layout_paragraphs() {
    let rows = |attributes: &str, cells: [[&str; 2]; 3]| {
        let row = |[a, b]: [&str; 2]| format!("<tr><td>{a}</td><td>{b}</td></tr>");
        format!("<table {attributes}>{}</table>", cells.map(row).concat())
    };
    let counted = [["Limes", "200"], ["Benches", "9"], ["Herons", "some"]];
    let html = page(&format!(
        "<article><h1>Limes for the quay</h1><p>{FIRST}</p>{}{}{}</article>",
        rows("", counted),
        rows("role=presentation", counted),
        rows("", [[FIRST, SECOND], [SECOND, THIRD], [THIRD, FIRST]]),
    ));
    let options = Options {
        blocks: true,
        ..Options::default()
    };
    let blocks = extraction(&html, options).article.blocks.unwrap();
    let of = |role: Role| blocks.iter().filter(move |it| it.role == role);
    let table: Vec<&str> = of(Role::Table).map(|it| it.text.as_str()).collect();
    assert_eq!(table, ["Limes | 200", "Benches | 9", "Herons | some"]);
    let paragraphs = of(Role::Paragraph).filter(|it| it.text != "Limes for the quay");
    assert_eq!(paragraphs.count(), 1 + 6 + 6);
}

#[test]
fn what_a_reader_does_not_see_is_not_there() {
    let html = page(&format!(
        "<article><h1>Limes for the quay</h1><p>{FIRST}</p><p hidden>Ghost one of the page.</p>\
         <p style='display: none'>Ghost two of the page.</p><template><p>Ghost three.</p></template>\
         <p>{SECOND} <span class=sr-only>Ghost four</span></p><script>var ghost = 5</script>\
         <p>{THIRD}</p></article>"
    ));
    let text = article(&html).text;
    assert!(!text.to_lowercase().contains("ghost"), "{text}");
    assert!(text.ends_with(THIRD), "{text}");
}

#[test]
fn a_shadow_root_is_shown_and_another_template_is_not() {
    let html = page(&format!(
        "<story-body><template shadowrootmode=open><article><h1>Limes for the quay</h1><p>{FIRST}</p>\
         <template><p>Ghost of a card.</p></template><p>{SECOND}</p><p>{THIRD}</p></article></template></story-body>"
    ));
    assert_eq!(article(&html).text, [FIRST, SECOND, THIRD].join("\n\n"));
}

/// What a crawl meets once in a while must not hold it up: bounded work, whatever the size.
#[test]
fn a_page_of_five_mebibytes_is_extracted() {
    let paragraphs =
        (0..(5 << 20) / 340).map(|n| format!("<p>In ward {n}, too: {FIRST} {SECOND}</p>\n"));
    let body: String = paragraphs.collect();
    let text = article(&page(&format!("<article><h1>Limes</h1>{body}</article>"))).text;
    assert!(
        text.len() > body.len() / 2,
        "{} of {}",
        text.len(),
        body.len()
    );
}

#[test]
fn roles_choose_the_text() {
    let html = page(&format!(
        "<article><h1>Limes for the quay</h1><p>{FIRST}</p><h2>The herons</h2>\
         <p>{SECOND}</p><ul><li>Two hundred limes</li><li>Nine benches</li></ul>\
         <blockquote><p>They were here before us, and they will be here when the last of the \
         benches has gone.</p></blockquote><p>{THIRD}</p></article>"
    ));
    let all = article(&html).text;
    for part in [
        "The herons",
        "Two hundred limes",
        "They were here before us, and",
    ] {
        assert!(all.contains(part), "{part} in {all}");
    }
    let options = Options {
        include: vec![Role::Paragraph],
        ..Options::default()
    };
    let paragraphs = extraction(&html, options).article.text;
    assert_eq!(paragraphs, [FIRST, SECOND, THIRD].join("\n\n"));
}

#[test]
fn markdown_keeps_the_form_and_html_nothing_that_runs() {
    let html = page(&format!(
        "<article><h1>Limes for the quay</h1><p>{FIRST}</p><h2>The herons</h2>\
         <p onclick=alert(1)>{SECOND} <a href='javascript:alert(1)'>Read</a> <b>it</b> \
         <a href=https://example.org/a>there</a>, &lt;b&gt;.</p>\
         <ol><li>Two hundred limes</li><li>Nine benches</li></ol><p>{THIRD}</p></article>"
    ));
    let options = Options {
        markdown: true,
        html: true,
        ..Options::default()
    };
    let article = extraction(&html, options).article;
    let markdown = article.markdown.unwrap();
    for part in [
        "## The herons",
        "**it**",
        "[there](https://example.org/a)",
        "1. Two hundred limes",
    ] {
        assert!(markdown.contains(part), "{part} in {markdown}");
    }
    let html = article.html.unwrap();
    assert!(html.contains("<h2>The herons</h2>") && html.contains("&lt;b&gt;"));
    for danger in ["onclick", "javascript:", "<script"] {
        assert!(!html.contains(danger) && !markdown.contains(danger));
    }
}

#[test]
fn a_truncated_page_gives_what_is_there() {
    let html = page(&format!("<article><h1>Limes</h1><p>{FIRST}</p><p>{SECOND}"));
    let cut = &html[..html.len() - 30];
    assert!(article(cut).text.starts_with(FIRST));
}

#[test]
fn deep_nests_and_empty_pages_are_no_trouble() {
    let deep = format!(
        "{}<p>{FIRST}</p>{}",
        "<div>".repeat(50_000),
        "</div>".repeat(50_000)
    );
    let extraction = extraction(&page(&deep), Options::default());
    assert!(
        extraction.article.text.contains("two hundred limes")
            || extraction
                .article
                .warnings
                .contains(&"truncated".to_owned())
    );
    for (html, verdict) in [("", Verdict::Empty), ("<html></html>", Verdict::Empty)] {
        let empty = self::extraction(html, Options::default());
        assert_eq!((empty.verdict, empty.article.text.as_str()), (verdict, ""));
    }
}

#[test]
fn the_entries_of_a_live_blog_keep_their_times() {
    let entry = |time: &str, text: &str| {
        format!(
            "<div class=entry><time datetime=2026-11-15T{time}Z>{time}</time><p>{text}</p></div>"
        )
    };
    let html = format!(
        "<html lang=en><head><title>Limes: as it happened</title><script type='application/ld+json'>\
         {{\"@type\": \"LiveBlogPosting\", \"headline\": \"Limes: as it happened\"}}</script></head>\
         <body><nav><a href=/>Home</a> 12:00</nav><article><h1>Limes: as it happened</h1>{}{}{}</article>\
         <footer>Updated 13:00</footer></body></html>",
        entry("21:40", FIRST),
        entry("20:55", SECOND),
        entry("19:10", THIRD),
    );
    let article = extraction(
        &html,
        Options {
            markdown: true,
            ..Options::default()
        },
    )
    .article;
    assert_eq!(article.kind, Kind::LiveBlog);
    let expected = format!("21:40\n{FIRST}\n\n20:55\n{SECOND}\n\n19:10\n{THIRD}");
    assert_eq!(article.text, expected);
    assert!(article.markdown.unwrap().contains("**20:55**\n\n"));
}

#[test]
fn a_live_blog_that_is_only_called_so_is_one_where_it_has_entries() {
    let page = |title: &str, entries: usize| {
        let texts = [FIRST, SECOND, THIRD].into_iter().take(entries);
        let entry = |(at, text)| format!("<div class=post><p>1{at}:30</p><p>{text}</p></div>");
        let entries: String = texts.enumerate().map(entry).collect();
        let html = format!("<title>{title}</title><article><h1>{title}</h1>{entries}</article>");
        extraction(&html, Options::default()).article
    };
    let article = page("Limes for the quay: live updates", 3);
    assert_eq!(article.kind, Kind::LiveBlog);
    let start = format!("10:30\n{FIRST}\n\n11:30\n{SECOND}");
    assert!(article.text.starts_with(&start), "{}", article.text);
    assert_eq!(page("Limes: live updates", 2).kind, Kind::Article);
    assert_eq!(
        page("Limes for the quay, hour by hour", 3).kind,
        Kind::Article
    );
}

#[test]
fn how_long_ago_and_at_what_time_are_two_words() {
    let time = "<time datetime=2026-11-15T21:40Z><span>2 hours ago</span>21:40</time>";
    let entry = |text: &str| format!("<div>{time}<p>{text}</p></div>");
    let html = format!(
        "<script type='application/ld+json'>{{\"@type\": \"LiveBlogPosting\"}}</script>\
         <article><h1>Limes</h1>{}{}{}</article>",
        entry(FIRST),
        entry(SECOND),
        entry(THIRD)
    );
    let text = extraction(&html, Options::default()).article.text;
    assert!(text.starts_with("2 hours ago 21:40\n"), "{text}");
}

#[test]
fn the_captions_of_a_gallery_are_its_text_in_order() {
    let figures: String = [FIRST, SECOND, THIRD]
        .map(|text| format!("<figure><img src=/a.jpg><figcaption>{text}</figcaption></figure>"))
        .concat();
    let declared = "<script type='application/ld+json'>{\"@type\": \"ImageGallery\", \
                    \"headline\": \"The quay in pictures\"}</script>";
    let gallery = |head: &str, url: Option<&str>| {
        let html = format!("{head}<h1>The quay in pictures</h1>{figures}");
        let url = url.map(|it| Url::parse(it).unwrap());
        let input = Input::new(html.as_bytes()).with_url(url.as_ref());
        Extractor::default().extract(&input)
    };
    let called = Some("https://daily.test/gallery/the-quay");
    for extraction in [gallery(declared, None), gallery("", called)] {
        assert_eq!(extraction.verdict, Verdict::Article, "{}", extraction.why);
        assert_eq!(extraction.article.kind, Kind::Gallery);
        let expected = format!("{FIRST}\n\n{SECOND}\n\n{THIRD}");
        assert_eq!(extraction.article.text, expected);
        assert!(extraction.article.quality > 0.0);
    }
    // Its headline calls it one, too.
    assert_eq!(gallery("", None).article.kind, Kind::Gallery);
    let vote = |number: usize| format!("<p>{FIRST} It was vote number {number} of the year.</p>");
    let story: String = (0..9).map(vote).collect();
    let illustrated = gallery(&format!("<h1>The quay</h1>{story}"), called);
    assert_ne!(illustrated.article.kind, Kind::Gallery);
}

#[test]
fn a_page_of_two_hundred_thousand_blocks_is_cut() {
    let page = "<p>x".repeat(200_000);
    let input = Input::new(page.as_bytes());
    let document = Document::parse(&input, &Limits::DEFAULT);
    let page = document.page();
    let marks = Marks::new(&page.tree, &rules::BUILT_IN, &SiteRules::default());
    let blocks = Blocks::new(&page.tree, &rules::BUILT_IN, &marks, page.limits.blocks);
    assert_eq!(blocks.list.len(), Limits::DEFAULT.blocks);
    assert!(blocks.truncated);
}

#[test]
fn an_extractor_keeps_to_its_own_limits() {
    let html = format!("<article><p>{FIRST}</p><p>{SECOND}</p><p>{THIRD}</p></article>");
    let input = Input::new(html.as_bytes());
    let limits = Limits {
        blocks: 2,
        ..Limits::DEFAULT
    };
    let whole = Extractor::default().extract(&input).article;
    let cut = Extractor::builder().limits(limits).build().extract(&input);
    assert!(whole.text.ends_with(THIRD) && !whole.warnings.contains(&"truncated".to_owned()));
    assert_eq!(cut.article.text, [FIRST, SECOND].join("\n\n"));
    assert_eq!(cut.article.warnings, ["truncated"]);
}

#[test]
fn a_stopped_extraction_returns_nothing_and_one_that_goes_on_the_whole_record() {
    let html = page(&format!(
        "<article><h1>Limes</h1><p>{FIRST}<p>{SECOND}</article>"
    ));
    let (extractor, input) = (Extractor::default(), Input::new(html.as_bytes()));
    let stopped_after = |answers: usize| {
        let asked = std::cell::Cell::new(0);
        let go_on = || asked.replace(asked.get() + 1) < answers;
        let extraction = extractor.extract_while(&input, &SiteRules::default(), &go_on);
        (extraction, asked.get())
    };
    let (whole, questions) = stopped_after(usize::MAX);
    assert_eq!(whole, Ok(extractor.extract(&input)));
    assert!(questions > Stage::ALL.len(), "{questions}");
    for answers in 0..questions {
        assert_eq!(stopped_after(answers), (Err(Stopped), answers + 1));
    }
}
