//! Markdown and HTML as a reader would paste them: tables, lists, notes, code, links and pictures keep their
//! form, Markdown reads back as the text of the record, and a browser shows the HTML as it shows the page.

#![allow(clippy::unwrap_used, clippy::panic)]

use newsprint::article::{Article, Image, Link, Role};
use newsprint::extract::Extractor;
use newsprint::page::Input;
use proptest::prelude::*;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use url::Url;

const FIRST: &str = "The harbour office planted two hundred limes along the old quay on Monday, after eleven years of \
    planning and a long quarrel with the port.";
const SECOND: &str = "The herons came back on Tuesday, which nobody had foreseen, and stood along the quay in a row \
    as if they had been planted with the limes.";
const THIRD: &str = "The limes were grown at the nursery of the town, where another two hundred of them wait for the \
    second half of the quay, to be planted in the spring.";
const FOURTH: &str = "Ten of the trees died in the first winter, the harbour office said, and were replaced by the \
    gardeners of the town before anybody had noticed it.";

fn page(body: &str) -> String {
    format!(
        "<!doctype html><html lang=en><head><title>Limes for the quay | The Harbour Post</title>\
         <meta property=og:type content=article></head><body><article><h1>Limes for the quay</h1>\
         <p>{FIRST}</p><p>{SECOND}</p>{body}<p>{THIRD}</p><p>{FOURTH}</p></article></body></html>"
    )
}

/// The record of a page with this in the middle of its article.
fn record(body: &str) -> Article {
    extract(&page(body))
}

fn extract(html: &str) -> Article {
    let url = Url::parse("https://news.example.org/2026/limes").unwrap();
    let extractor = Extractor::builder()
        .markdown(true)
        .html(true)
        .images(true)
        .links(true)
        .any_kind(true)
        .build();
    extractor
        .extract(&Input::new(html.as_bytes()).with_url(Some(&url)))
        .article
}

/// What stands between the second and the third paragraph.
fn middle<'t>(whole: &'t str, separator: &str) -> &'t str {
    let start = whole.find(SECOND).unwrap() + SECOND.len();
    let end = whole.find(THIRD).unwrap();
    let end = end
        - whole[..end]
            .chars()
            .rev()
            .take_while(|c| "<p>".contains(*c))
            .count();
    whole[start..end]
        .strip_prefix(separator)
        .unwrap()
        .trim_end()
}

fn markdown(body: &str) -> String {
    let markdown = record(body).markdown.unwrap();
    middle(&markdown, "\n\n").to_owned()
}

fn html(body: &str) -> String {
    let html = record(body).html.unwrap();
    middle(&html, "</p>\n").to_owned()
}

#[track_caller]
fn shows(body: &str, expected: &str) {
    assert_eq!(markdown(body), expected, "{body}");
}

#[test]
fn spans_of_a_table_are_expanded_and_heads_kept() {
    let table = "<table><caption>Limes by year</caption><thead><tr><th>Year</th><th colspan=2>Limes | benches</th>\
        <th></th></tr></thead><tr><th rowspan=2>2024</th><td>10</td><td>a<br>b</td><td></td></tr>\
        <tr><td>11</td><td><a href=/x>x</a></td><td></td></tr><tr><td></td><td>12</td><td></td><td></td></tr></table>";
    shows(
        table,
        "Limes by year\n\n\
         | Year | Limes \\| benches |  |  |\n\
         | --- | --- | --- | --- |\n\
         | **2024** | 10 | a<br>b |  |\n\
         |  | 11 | [x](https://news.example.org/x) |  |\n\
         |  | 12 |  |  |",
    );
    assert_eq!(
        html(table),
        "<table>\n<caption>Limes by year</caption>\n<thead>\n\
         <tr><th>Year</th><th colspan=\"2\">Limes | benches</th><th></th></tr>\n</thead>\n<tbody>\n\
         <tr><th rowspan=\"2\">2024</th><td>10</td><td>a<br>\nb</td><td></td></tr>\n\
         <tr><td>11</td><td><a href=\"https://news.example.org/x\">x</a></td><td></td></tr>\n\
         <tr><td></td><td>12</td><td></td><td></td></tr>\n</tbody>\n</table>"
    );
}

#[test]
fn a_table_without_heads_has_an_empty_one_and_a_bold_row_is_one() {
    let rows = |first: &str| {
        format!(
            "<table><tr>{first}</tr><tr><td>Benches</td><td>9</td></tr><tr><td>Herons</td><td>2</td></tr></table>"
        )
    };
    shows(
        &rows("<td>Limes</td><td>200</td>"),
        "|  |  |\n| --- | --- |\n| Limes | 200 |\n| Benches | 9 |\n| Herons | 2 |",
    );
    shows(
        &rows("<td><b>What</b></td><td><p><strong>How many</strong></p></td>"),
        "| What | How many |\n| --- | --- |\n| Benches | 9 |\n| Herons | 2 |",
    );
}

#[test]
fn hostile_spans_are_bounded() {
    let spans = "<table><tr><td colspan=999999999 rowspan=999999999>Limes</td><td>1</td></tr>\
        <tr><td colspan=-1>Herons</td><td>2</td></tr><tr><td rowspan=0 colspan=x>Benches</td><td>3</td></tr></table>";
    let markdown = markdown(spans);
    assert!(markdown.len() < 5_000, "{}", markdown.len());
    for word in ["Limes", "Herons", "Benches"] {
        assert_eq!(markdown.matches(word).count(), 1, "{word}");
    }
    let cells = "<td colspan=1000>x1</td>".repeat(1_000);
    let wide = format!("<table>{}</table>", format!("<tr>{cells}</tr>").repeat(20));
    assert!(record(&wide).markdown.unwrap().len() < 2_000_000);
}

#[test]
fn lists_keep_their_depth_numbers_and_blocks() {
    shows(
        "<ul><li>Two hundred limes<ul><li>of which ten died<ol><li>one by hand</li></ol></li></ul></li><li>Nine \
         benches</li></ul>",
        "- Two hundred limes\n  - of which ten died\n    1. one by hand\n- Nine benches",
    );
    // A list that is a child of a list.
    shows(
        "<ol><li>Two hundred limes</li><ol><li>of which ten died</li></ol><li>Nine benches</li></ol>",
        "1. Two hundred limes\n   1. of which ten died\n2. Nine benches",
    );
    shows(
        "<ol><li>Dig a hole.<pre><code class=language-sh>dig --deep</code></pre></li><li><p>Plant the lime.</p>\
         <p>Water it.</p></li></ol>",
        "1. Dig a hole.\n\n   ```sh\n   dig --deep\n   ```\n\n2. Plant the lime.\n\n   Water it.",
    );
    shows(
        "<ul><li>Limes of the quay</li></ul><ul><li>Herons of the quay</li></ul>",
        "- Limes of the quay\n\n* Herons of the quay",
    );
}

#[test]
fn numbers_of_lists_are_those_that_a_browser_shows() {
    shows(
        "<ol start=5><li>Two hundred limes</li><li>Nine benches</li></ol>",
        "5. Two hundred limes\n6. Nine benches",
    );
    shows(
        "<ol><li>Two hundred limes</li><li value=7>Nine benches</li><li>Herons</li></ol>",
        "1. Two hundred limes\n7) Nine benches\n8) Herons",
    );
    let countdown =
        "<ol reversed><li>Two hundred limes</li><li>Nine benches</li><li>Herons</li></ol>";
    shows(
        countdown,
        "3. Two hundred limes\n2) Nine benches\n1. Herons",
    );
    assert!(
        html(countdown)
            .starts_with("<ol start=\"3\" reversed>\n<li>Two hundred limes</li>\n<li>Nine")
    );
    assert!(
        html("<ol type=a start=3><li>Two hundred limes</li><li>Nine benches</li></ol>")
            .starts_with("<ol start=\"3\" type=\"a\">\n")
    );
}

#[test]
fn terms_stand_above_their_definitions() {
    let terms = "<dl><dt>Lime</dt><dd>A tree of the quay that herons like.</dd><dt><b>Heron</b></dt><dd>A bird.</dd></dl>";
    shows(
        terms,
        "- **Lime**\n  - A tree of the quay that herons like.\n- **Heron**\n  - A bird.",
    );
    assert!(html(terms).starts_with("<dl>\n<dt>Lime</dt>\n<dd>A tree"));
}

#[test]
fn a_list_for_layout_is_no_list() {
    let cards: String = ["one", "two", "three"]
        .map(|n| format!("<li><h2>Part {n} of the quay</h2><p>{n} {SECOND}</p><p>{n} {THIRD}</p><p>{n} {FOURTH}</p></li>"))
        .concat();
    let html = format!("<article><h1>Limes</h1><p>{FIRST}</p><ul>{cards}</ul></article>");
    let markdown = extract(&html).markdown.unwrap();
    assert!(
        !markdown.contains("\n- ") && !markdown.contains("  "),
        "{markdown}"
    );
}

#[test]
fn references_to_notes_are_footnotes() {
    let noted = |reference: &str, back: &str| {
        format!(
            "<p>{FIRST}</p><p>The port had planned otherwise{reference}, as everybody on the quay knew by then, and it \
             said so in its minutes.</p><h2>Notes</h2><ol><li id=fn1>The minutes of the port authority of 2015, page \
             12, which the office keeps.{back}</li></ol>"
        )
    };
    let notes = [
        noted("<sup id=ref1><a href='#fn1'>1</a></sup>", ""),
        noted(
            "<a href='#fn1'><sup>[1]</sup></a>",
            " <a href='#ref1'>↩</a>",
        ),
        noted(
            "<a href='https://news.example.org/2026/limes#fn1'>[1]</a>",
            "",
        ),
    ];
    for page in notes {
        let html = format!("<article><h1>Limes</h1><p>{SECOND}</p><p>{THIRD}</p>{page}</article>");
        let article = extract(&html);
        let markdown = article.markdown.unwrap();
        assert!(markdown.contains("planned otherwise[^1], as"), "{markdown}");
        assert!(markdown.ends_with("\n\n[^1]: The minutes of the port authority of 2015, page 12, which the office keeps."), "{markdown}");
        let html = article.html.unwrap();
        assert!(
            html.contains("otherwise<sup><a href=\"#fn-1\">1</a></sup>, as"),
            "{html}"
        );
        assert!(
            html.contains("<li id=\"fn-1\" value=\"1\">The minutes"),
            "{html}"
        );
    }
}

#[test]
fn what_leads_to_no_note_stays_a_link_or_text() {
    shows(
        "<p>It grew by 10<sup>2</sup> in a year, <a href='#top'>said the office</a><sup><a href='/n#1'>1</a></sup>.</p>",
        "It grew by 10<sup>2</sup> in a year, [said the office](https://news.example.org/2026/limes#top)\
         <sup>[1](https://news.example.org/n#1)</sup>.",
    );
}

#[test]
fn code_keeps_its_language_and_its_lines() {
    for (open, close) in [
        ("<pre><code class='language-python'>", "</code></pre>"),
        (
            "<div class='highlight highlight-source-python'><pre>",
            "</pre></div>",
        ),
        ("<pre data-lang=python>", "</pre>"),
        ("<pre class='brush: python'>", "</pre>"),
        (
            "<div class='sourceCode'><pre class='sourceCode python'><code>",
            "</code></pre></div>",
        ),
        ("<pre><code class='hljs python'>", "</code></pre>"),
    ] {
        let body = format!("{open}    def f(x):\n        return '```' + x\n{close}");
        shows(
            &body,
            "````python\n    def f(x):\n        return '```' + x\n````",
        );
    }
    shows("<pre>plant --lime *\n</pre>", "```\nplant --lime *\n```");
    shows(
        "<p>Type <code>a `b` | c</code> or <kbd>q</kbd> to end the program of the harbour office.</p>",
        "Type ``a `b` | c`` or `q` to end the program of the harbour office.",
    );
}

#[test]
fn emphasis_is_such_that_markdown_shows_it() {
    for (inner, expected) in [
        ("un<b>frigging</b>believable", "un**frigging**believable"),
        ("a<b> bold </b>word", "a **bold** word"),
        ("a <b>“long”</b>winded one", "a “**long**”winded one"),
        ("<b>「港」</b>の船", "「**港**」の船"),
        ("<b>bold <i>both</i></b> ends", "**bold *both*** ends"),
        ("<b>a</b><b>b</b> and <i><i>c</i></i>", "**ab** and *c*"),
        ("<b>…</b>so", "…so"),
        (
            "<a href=/x><b>bold</b> link</a>",
            "[**bold** link](https://news.example.org/x)",
        ),
        (
            "<b>see <a href=/x>this</a> now</b>",
            "**see [this](https://news.example.org/x) now**",
        ),
        (
            "H<sub>2</sub>O on the 2<sup>nd</sup>",
            "H<sub>2</sub>O on the 2<sup>nd</sup>",
        ),
        ("<del>ten</del> nine", "~~ten~~ nine"),
    ] {
        shows(
            &format!("<p>On the quay {inner}, said the harbour office of the town.</p>"),
            &format!("On the quay {expected}, said the harbour office of the town."),
        );
    }
}

#[test]
fn prose_is_no_markup() {
    shows(
        "<p>1. no item of the list<br># no heading at all<br>- no item<br>---<br>> no quote<br>=====<br>+ plus<br>\
         2026) year<br>-5 degrees<br>#quay</p>",
        "1\\. no item of the list  \n\\# no heading at all  \n\\- no item  \n\\---  \n\\> no quote  \n\\=====  \n\
         \\+ plus  \n2026\\) year  \n-5 degrees  \n#quay",
    );
    shows(
        "<p>Of 5 * 3 and *three*, snake_case and _one_, a [link](x), wow!<a href=/x>x</a>, &lt;b&gt; &lt; 5, &amp;copy; \
         AT&amp;T, C:\\temp and `tick`.</p>",
        "Of 5 * 3 and \\*three\\*, snake_case and \\_one\\_, a \\[link\\](x), wow\\![x](https://news.example.org/x), \
         \\<b> < 5, \\&copy; AT&T, C:\\\\temp and \\`tick\\`.",
    );
    shows(
        "<h2>Learning C #</h2><p>It is not hard to learn the language of the harbour.</p>",
        "## Learning C \\#\n\nIt is not hard to learn the language of the harbour.",
    );
}

#[test]
fn links_are_absolute_and_of_the_web() {
    shows(
        "<p>The <a href='/a(b)'>quarrel [sic]</a>, the <a href='javascript:alert(1)'>button</a>, the \
         <a href='data:text/html,x'>data</a> and <a href='https://example.org/x'>https://example.org/x</a> of the port.</p>",
        "The [quarrel \\[sic\\]](<https://news.example.org/a(b)>), the button, the data and <https://example.org/x> of \
         the port.",
    );
    // A link around a paragraph, and one around the whole body.
    shows(
        &format!("<a href=/whole><p>{FIRST} Again.</p></a>"),
        &format!("[{FIRST} Again.](https://news.example.org/whole)"),
    );
    let body = format!(
        "<a name=top href=/x><p>{FIRST}</p><p>{SECOND}</p><p>{THIRD}</p><p>{FOURTH}</p></a>"
    );
    let markdown = extract(&format!("<article><h1>Limes</h1>{body}</article>"))
        .markdown
        .unwrap();
    assert!(!markdown.contains("]("), "{markdown}");
}

#[test]
fn levels_of_headings_have_no_gaps() {
    let body = format!(
        "<h3>The herons of the quay</h3><p>{FOURTH} One.</p><h5>Their nests</h5><p>{FOURTH} Two.</p>\
         <h3>The limes of the quay</h3>"
    );
    let markdown = markdown(&body);
    let headings: Vec<&str> = markdown.lines().filter(|it| it.starts_with('#')).collect();
    assert_eq!(
        headings,
        [
            "## The herons of the quay",
            "### Their nests",
            "## The limes of the quay"
        ]
    );
}

#[test]
fn quotes_hold_what_they_hold() {
    let quote = "<blockquote><p>They were here before us, and they will be here.</p><ul><li>When the benches go, they \
        stay</li></ul></blockquote><blockquote><p>We shall see about that, in the spring of the year.</p></blockquote>";
    shows(
        quote,
        "> They were here before us, and they will be here.\n>\n> - When the benches go, they stay\n\n\
         > We shall see about that, in the spring of the year.",
    );
}

fn image(src: &str, alt: &str, caption: &str, credit: &str) -> Image {
    let some = |text: &str| Some(text.to_owned()).filter(|it| !it.is_empty());
    Image {
        src: format!("https://news.example.org{src}"),
        alt: some(alt),
        caption: some(caption),
        credit: some(credit),
    }
}

#[test]
fn pictures_stand_in_their_places_with_caption_and_credit() {
    let body = "<figure><img src=/pics/heron.jpg alt='A heron'><figcaption>A heron on the quay. <span class=credit>\
        Photo: Ada Ferry</span></figcaption></figure>";
    let article = record(body);
    let expected = image(
        "/pics/heron.jpg",
        "A heron",
        "A heron on the quay.",
        "Ada Ferry",
    );
    assert_eq!(article.images.unwrap(), [expected]);
    assert_eq!(
        middle(&article.markdown.unwrap(), "\n\n"),
        "![A heron](https://news.example.org/pics/heron.jpg)  \n*A heron on the quay.* (Ada Ferry)"
    );
    assert_eq!(
        middle(&article.html.unwrap(), "</p>\n"),
        "<figure>\n<img src=\"https://news.example.org/pics/heron.jpg\" alt=\"A heron\">\n\
         <figcaption>A heron on the quay. <small>Ada Ferry</small></figcaption>\n</figure>"
    );
    for (caption, before, credit) in [
        ("A heron (Foto: Bo Quay)", "A heron", "Bo Quay"),
        (
            "A heron. © Bo Quay / Harbour Press",
            "A heron.",
            "Bo Quay / Harbour Press",
        ),
        ("Credit: Bo Quay", "", "Bo Quay"),
        ("At the quay: two herons", "At the quay: two herons", ""),
        (
            "Two herons came back. (Harbour Press)",
            "Two herons came back.",
            "Harbour Press",
        ),
        ("Two herons (of ten)", "Two herons (of ten)", ""),
        (
            "Herons | Bildquelle: Bo Quay (Harbour Press)",
            "Herons",
            "Bo Quay (Harbour Press)",
        ),
        ("Credits: Bo Quay;", "", "Bo Quay"),
        (
            "İ\u{212A}İ\u{212A}\u{212A} foto: Bo Quay",
            "İ\u{212A}İ\u{212A}\u{212A} foto: Bo Quay",
            "",
        ),
    ] {
        let body = format!("<figure><img src=/p/h.jpg><figcaption>{caption}</figcaption></figure>");
        assert_eq!(
            record(&body).images.unwrap(),
            [image("/p/h.jpg", "", before, credit)],
            "{caption}"
        );
    }
}

#[test]
fn pictures_that_load_late_have_their_real_address() {
    for (markup, src) in [
        (
            "<img src='data:image/gif;base64,R0lG' data-src=/p/h.jpg>",
            "/p/h.jpg",
        ),
        (
            "<img src=/img/blank.gif data-original=/p/h.jpg>",
            "/p/h.jpg",
        ),
        (
            "<img src=/img/1x1.png data-srcset='/p/h-4.jpg 400w, /p/h,12.jpg 1200w, /p/h-8.jpg 800w'>",
            "/p/h,12.jpg",
        ),
        (
            "<picture><source srcset='/p/h-2.webp 2x, /p/h.webp'><img alt=''></picture>",
            "/p/h-2.webp",
        ),
        (
            "<div><img class=lazy><noscript><img src=/p/h.jpg></noscript></div>",
            "/p/h.jpg",
        ),
        (
            "<div><img data-src=/p/h.jpg><noscript><img src=/p/other.jpg></noscript></div>",
            "/p/h.jpg",
        ),
        (
            "<img src='/p/h.jpg?w=80'><img src='/p/h.jpg?w=900'>",
            "/p/h.jpg?w=80",
        ),
        (
            "<amp-img src=/p/h.jpg width=900 height=600></amp-img>",
            "/p/h.jpg",
        ),
    ] {
        let images = record(&format!("<figure>{markup}</figure>"))
            .images
            .unwrap();
        assert_eq!(images, [image(src, "", "", "")], "{markup}");
    }
}

#[test]
fn what_is_no_picture_of_the_story_is_left_out() {
    for markup in [
        "<img src=/p.gif width=1 height=1>",
        "<img src=/i/icon.png class=icon>",
        "<img src='javascript:alert(1)'>",
        "<img src='data:image/png;base64,xx'>",
        "<div class=author-box><img src=/ada.jpg><a href=/ada>By Ada Ferry</a></div>",
        "<div class=related><a href=/other><img src=/other.jpg></a><a href=/other>Herons in the news today</a></div>",
        "<figure><a href=/other><img src=/other.jpg></a><figcaption><a href=/other>Herons in the news</a></figcaption></figure>",
        "<div hidden><img src=/hidden.jpg></div>",
    ] {
        assert_eq!(record(markup).images.unwrap(), [], "{markup}");
    }
    let html = page("").replace("</body>", "<footer><img src=/foot.jpg></footer></body>");
    let html = html.replace(
        "<article>",
        "<header><img src=/head.jpg></header><article><img src=/lead.jpg>",
    );
    let article = extract(&html);
    assert_eq!(article.images.unwrap(), [image("/lead.jpg", "", "", "")]);
    assert!(
        article
            .markdown
            .unwrap()
            .starts_with("![](https://news.example.org/lead.jpg)\n\n")
    );
}

#[test]
fn links_are_listed_in_order() {
    let article = record(
        "<p>The <a href=/a>port <b>authority</b></a> of the <a href='#x'>quay</a> said nothing, again.</p>",
    );
    let link = |href: &str, text: &str| Link {
        href: href.to_owned(),
        text: text.to_owned(),
    };
    assert_eq!(
        article.links.unwrap(),
        [
            link("https://news.example.org/a", "port authority"),
            link("https://news.example.org/2026/limes#x", "quay"),
        ]
    );
    let plain = Extractor::default()
        .extract(&Input::new(page("").as_bytes()))
        .article;
    assert!(plain.links.is_none() && plain.images.is_none());
}

#[test]
fn captions_are_text_where_they_are_asked_for() {
    let body = "<figure><img src=/p/h.jpg><figcaption>A heron of the quay, on Monday</figcaption></figure>";
    let roles = Role::DEFAULT.into_iter().chain([Role::Caption]);
    let extractor = Extractor::builder().include(roles).markdown(true).build();
    let article = extractor
        .extract(&Input::new(page(body).as_bytes()))
        .article;
    assert!(
        article
            .text
            .contains("\n\nA heron of the quay, on Monday\n\n")
    );
    assert!(
        article
            .markdown
            .unwrap()
            .contains("\n\nA heron of the quay, on Monday\n\n")
    );
}

/// The text of Markdown as a reader sees it: words only, without the marks of lists and notes.
fn read_back(markdown: &str) -> String {
    let options =
        Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_FOOTNOTES;
    let mut text = String::new();
    for event in Parser::new_ext(markdown, options) {
        match event {
            Event::Text(words) | Event::Code(words) => text.push_str(&words),
            Event::End(
                TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Link,
            )
            | Event::Start(Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Link { .. }) => {
            }
            Event::InlineHtml(tag) if !tag.starts_with("<br") => {}
            _ => text.push(' '),
        }
    }
    words(&text)
}

/// Words without the separators of cells.
fn words(text: &str) -> String {
    text.split_whitespace()
        .filter(|it| *it != "|")
        .collect::<Vec<_>>()
        .join(" ")
}

/// Inline markup with text that looks like Markdown.
fn inline() -> impl Strategy<Value = String> {
    let words = prop::sample::select(
        &[
            "lime",
            " lime ",
            "*",
            "**",
            "_",
            "a_b",
            " _x_ ",
            "`",
            "``",
            "[",
            "](x)",
            "![",
            "!",
            "&lt;",
            "&lt;b&gt;",
            "&amp;amp;",
            "&amp;",
            "\\",
            "~",
            "~~x~~",
            "#",
            "# ",
            "- ",
            "1. ",
            "+ ",
            "=",
            "---",
            "| ",
            "a|b",
            ":--",
            "“",
            "”",
            "…",
            " ",
            "港",
            "。",
            "فارسی",
            " (",
            ")",
            "2026",
            "<br>",
            "x y",
            ".",
            "https://example.org/a_b",
            "$5",
            "é",
            "&nbsp;",
            "\u{301}",
            "🎣",
            "<br># ",
            "<br>- ",
            "<br>3. ",
            "<br>| - |<br>",
            "<br>===<br>",
        ][..],
    );
    let leaf = words.prop_map(str::to_owned);
    leaf.prop_recursive(4, 24, 6, |inner| {
        let tags = prop::sample::select(
            &[
                "b",
                "i",
                "a href='/x(1)'",
                "code",
                "sup",
                "sub",
                "del",
                "span",
                "em",
            ][..],
        );
        (tags, prop::collection::vec(inner, 1..6)).prop_map(|(tag, inner)| {
            let name = tag.split(' ').next().unwrap_or_default();
            format!("<{tag}>{}</{name}>", inner.concat())
        })
    })
}

fn line() -> impl Strategy<Value = String> {
    prop::collection::vec(inline(), 1..8).prop_map(|it| it.concat())
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 64,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    /// Whatever the text and its markup, Markdown reads back as the text, and so do the words of the HTML.
    #[test]
    fn markdown_reads_back_as_the_text(
        lines in prop::collection::vec(line(), 6..7),
    ) {
        let [a, b, c, d, e, f] = &lines[..] else { panic!() };
        let html = page(&format!(
            "<p>The quay {a} lime</p><ul><li>{b} heron<ol start=3><li>{c} bench</li></ol></li></ul>\
             <blockquote><p>{d} said</p></blockquote><h2>Of {e}</h2><p>{FOURTH} 2</p>\
             <table><tr><th>{f}</th><th>b x</th></tr><tr><td>c x</td><td>{a}</td></tr></table>"
        ));
        let article = extract(&html);
        let markdown = article.markdown.unwrap();
        prop_assert_eq!(read_back(&markdown), words(&article.text), "{}", markdown);
        prop_assert_eq!(words_of_html(&article.html.unwrap()), words(&article.text));
    }
}

/// The text of our HTML.
fn words_of_html(html: &str) -> String {
    let fragment = scraper::Html::parse_fragment(html);
    let mut text = String::new();
    for node in fragment.root_element().descendants() {
        match node.value() {
            scraper::Node::Text(words) => text.push_str(words),
            scraper::Node::Element(element)
                if ["p", "li", "td", "th", "tr", "h2", "h3", "br", "ol", "ul"]
                    .contains(&element.name()) =>
            {
                text.push(' ');
            }
            _ => {}
        }
    }
    words(&text)
}
