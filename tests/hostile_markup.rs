//! Whatever a page holds is text in what is written of it: two independent renderers of Markdown, and a parser of
//! HTML, find no markup that is not ours, no address that runs, and the words of the record. No string of a record
//! has control characters.

#![allow(clippy::unwrap_used, clippy::panic)]

use newsprint::article::Article;
use newsprint::config::Format;
use newsprint::extract::Extractor;
use newsprint::output::{format, to_string};
use newsprint::page::Input;
use proptest::prelude::*;
use pulldown_cmark::Options;
use scraper::{Html, Node};
use url::Url;

const LEDE: &str = "The harbour office planted two hundred limes along the old quay on Monday, after eleven years of \
    planning and a long quarrel with the port.";
const LAST: &str = "The limes were grown at the nursery of the town, where another two hundred of them wait for the \
    second half of the quay, to be planted in the spring.";

/// Where a text of the page may stand; `%` is the text.
const PLACES: [&str; 23] = [
    "<p>%</p>",
    "<p>The herons %</p>",
    "<p>The herons<br>%<br>% came back.</p>",
    "<p>The <b>%</b> came <i>back %</i>%</p>",
    "<p>See <a href='/a?q=`&amp;[b](c)'>%</a> and <code>a %</code>.</p>",
    "<p>See <a href='mailto:a`b<c>@d.example?[x](y)'>here</a> and <code>%`</code>%</p>",
    "<p><code>`</code><code>%</code>% <code>``%</code></p>",
    "<p>H<sub>%</sub>O and <sup>%</sup></p>",
    "<p><sup><br>%</sup></p>",
    "<p><sub>%<br></sub><br>%</p>",
    "<h2>The herons %</h2><p>They came back to the old quay on Tuesday.</p>",
    "<ul><li>%</li><li><p>%</p><p>% and others</p></li><li>Herons<ol><li>%</li></ol></li></ul>",
    "<blockquote><p>% they said of the herons.</p><pre>%</pre></blockquote>",
    "<pre>%</pre>",
    "<pre><code class='language-%'>one\n%\n\n% two\n</code></pre>",
    "<ul><li>Herons of the quay:<pre>%\n\n%</pre></li><li>Limes of the old quay</li></ul>",
    "<table><tr><th>Limes</th><th>%</th></tr><tr><td>%</td><td><code>%</code></td></tr>\
     <tr><td><code>a\\|%</code></td><td>9 \\</td></tr></table>",
    "<figure><img src='/limes.jpg' alt='%' width=600><figcaption>% <small class=credit>%</small></figcaption></figure>",
    "<dl><dt>Lime %</dt><dd>% a tree of the quay that herons like.</dd></dl>",
    "<p>Herons<sup><a href='#n1'>1</a></sup> came back to the quay.</p><ol><li id=n1>% a note.</li></ol>",
    "<p><del>%</del><s>% herons</s></p>",
    "<p>At http://x<code>%</code> and www.y.example<b>%</b> or ftp://z%`%` www.z.example<a href=/x>%</a>, https://y<i><b>%</b></i></p>",
    "<p>%</p><p>%</p>",
];

/// What pages may write into them.
const TEXTS: [&str; 30] = [
    "<script>alert(1)</script>",
    "```\n<script>alert(1)</script>\n```",
    "\r```\r<script>alert(1)</script>\r",
    "a\r\r<script>alert(1)</script>",
    "~~~\n<img src=x onerror=alert(1)>",
    "`<script>alert(1)</script>`",
    "`` ` <svg onload=alert(1)> ```",
    "<img src=x onerror=alert(1)>",
    "<iframe srcdoc='x'>",
    "</code></pre><script>alert(1)</script>",
    "[a](javascript:alert(1))",
    "![a](data:text/html,<script>alert(1)</script>)",
    "<javascript:alert(1)>",
    "<vbscript:x>",
    "[a]: javascript:alert(1)\n\n[a]",
    "](javascript:alert(1))",
    "| a |\n|---|\n| <script>alert(1)</script> |",
    "a \\| b \\\\| <b onclick=x>c</b>",
    "<!-- a --><script>alert(1)</script>",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?php x ?>",
    "&lt;script&gt;alert(1)&#60;/script&#62;",
    "> <script>\n# <b>\n- <i>\n1. <u>\n---",
    "    <script>alert(1)</script>",
    "[^1]: <script>alert(1)</script> [^1]",
    "\u{1b}[31mred\u{1b}]0;title\u{7}\u{9b}2J\u{85}\u{7f}\u{b}\u{c}\u{8}end",
    "\u{202e}<script>\u{2066}\u{200b}\u{feff}alert(1)\u{2028}</script>",
    "*<b>* _<i>_ **<s>** ~~<u>~~ <",
    "http://x<script>alert(1)</script> WWW.y`<b>`<i>",
    "see:https://x/`<svg onload=alert(1)>`*<u>*\\<s>",
];

/// `text` as text of a page or of an attribute: every sign that means something, and every control, by its number.
fn escaped(text: &str) -> String {
    let escape = |c: char| match c {
        'a'..='z' | 'A'..='Z' | '0'..='9' | ' ' => c.to_string(),
        // HTML reads these numbers as windows-1252.
        '\u{80}'..='\u{9f}' => c.to_string(),
        c => format!("&#{};", u32::from(c)),
    };
    text.chars().map(escape).collect()
}

fn page(body: &str, title: &str) -> String {
    format!(
        "<!doctype html><html lang=en><head><meta charset=utf-8><title>{title} | The Harbour Post</title></head>\
         <body><article><h1>{title}</h1><p>{LEDE}</p>{body}<p>{LAST}</p></article></body></html>"
    )
}

fn extract(html: &str) -> Article {
    let url = Url::parse("https://news.example.org/2026/limes").unwrap();
    let extractor = Extractor::builder()
        .markdown(true)
        .html(true)
        .images(true)
        .links(true)
        .blocks(true)
        .any_kind(true)
        .build();
    extractor
        .extract(&Input::new(html.as_bytes()).with_url(Some(&url)))
        .article
}

/// The Markdown as each renderer shows it, raw HTML and all schemes allowed.
fn rendered(markdown: &str) -> [(&'static str, String); 2] {
    let mut cmark = String::new();
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_TASKLISTS;
    pulldown_cmark::html::push_html(
        &mut cmark,
        pulldown_cmark::Parser::new_ext(markdown, options),
    );
    let gfm = markdown::Options {
        // A bare address is a link of the web with or without its escapes.
        parse: markdown::ParseOptions {
            constructs: markdown::Constructs {
                gfm_autolink_literal: false,
                ..markdown::Constructs::gfm()
            },
            ..markdown::ParseOptions::gfm()
        },
        compile: markdown::CompileOptions {
            allow_dangerous_html: true,
            allow_dangerous_protocol: true,
            gfm_tagfilter: false,
            ..markdown::CompileOptions::gfm()
        },
    };
    let gfm = markdown::to_html_with_options(markdown, &gfm).unwrap();
    [("pulldown-cmark", cmark), ("markdown", gfm)]
}

/// The Markdown with the addresses of its text cut out as GitHub cuts them: up to a space or `<`, with the
/// backslashes and backticks before it. Code and links that begin before an address are left.
fn without_bare_addresses(markdown: &str) -> String {
    let mut out = String::new();
    let mut rest = markdown;
    while let Some(c) = rest.chars().next() {
        let end_of =
            |end: &str, from: usize| rest[from..].find(end).map(|at| from + at + end.len());
        let starts = |prefix: &str| {
            rest.get(..prefix.len())
                .is_some_and(|it| it.eq_ignore_ascii_case(prefix))
        };
        let taken = if c == '\\' {
            1 + rest[1..].chars().next().map_or(0, char::len_utf8)
        } else if c == '`' {
            let run = rest.len() - rest.trim_start_matches('`').len();
            let mut at = run;
            loop {
                let Some(next) = rest[at..].find('`') else {
                    break run;
                };
                let start = at + next;
                let length = rest.len() - start - rest[start..].trim_start_matches('`').len();
                at = start + length;
                if length == run {
                    break at;
                }
            }
        } else if starts("](") {
            end_of(")", 2).unwrap_or(2)
        } else if ["<http", "<mailto"].iter().any(|it| starts(it)) {
            end_of(">", 1).unwrap_or(1)
        } else if ["http://", "https://", "ftp://", "www."]
            .iter()
            .any(|it| starts(it))
        {
            let end = rest.find(|c: char| c == '<' || c.is_whitespace());
            out.push('x');
            rest = &rest[end.unwrap_or(rest.len())..];
            continue;
        } else {
            c.len_utf8()
        };
        out.push_str(&rest[..taken]);
        rest = &rest[taken..];
    }
    out
}

/// What a document of HTML has that could run: elements that are none of ours, and addresses that are none of the
/// web.
fn dangers(html: &str) -> Vec<String> {
    const OURS: &str = " html head body h1 h2 h3 h4 h5 h6 p br hr ul ol li dl dt dd blockquote footer pre code em \
        strong del sup sub a img figure figcaption small table caption thead tbody tr th td section div input article \
        title meta link ";
    const ATTRIBUTES: &str = " href src alt title class id start reversed type value colspan rowspan align style \
        lang dir charset rel aria-describedby aria-label data-footnote-ref data-footnote-backref \
        data-footnotes checked disabled ";
    let document = Html::parse_document(html);
    let mut dangers = Vec::new();
    for node in document.root_element().descendants() {
        match node.value() {
            Node::Element(element) => {
                if !OURS.contains(&format!(" {} ", element.name())) {
                    dangers.push(format!("<{}>", element.name()));
                }
                for (name, value) in element.attrs() {
                    let scheme = value.split(':').next().unwrap_or_default();
                    let is_address = matches!(name, "href" | "src");
                    let is_plain =
                        value.starts_with('#') || ["http", "https", "mailto"].contains(&scheme);
                    if !ATTRIBUTES.contains(&format!(" {name} ")) || is_address && !is_plain {
                        dangers.push(format!("{name}={value}"));
                    }
                }
            }
            Node::Comment(_) | Node::ProcessingInstruction(_) => {
                dangers.push("a comment".to_owned());
            }
            _ => {}
        }
    }
    dangers
}

/// The letters, digits and signs of a text, without those that only lay it out.
fn words(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_whitespace() && *c != '|')
        .collect()
}

fn text_of(html: &str) -> String {
    words(
        &Html::parse_document(html)
            .root_element()
            .text()
            .collect::<String>(),
    )
}

/// Every string of the record.
fn strings(record: &serde_json::Value, found: &mut Vec<String>) {
    match record {
        serde_json::Value::String(text) => found.push(text.clone()),
        serde_json::Value::Array(items) => items.iter().for_each(|it| strings(it, found)),
        serde_json::Value::Object(items) => items.values().for_each(|it| strings(it, found)),
        _ => {}
    }
}

fn has_no_controls(article: &Article) -> Result<(), String> {
    let mut found = Vec::new();
    strings(&serde_json::to_value(article).unwrap(), &mut found);
    match found
        .into_iter()
        .find(|it| it.contains(|c: char| c.is_control() && !matches!(c, '\n' | '\t')))
    {
        Some(text) => Err(format!("a control in {text:?}")),
        None => Ok(()),
    }
}

/// Checks what is made of a page, in each format.
fn check(article: &Article, has_pictures: bool) -> Result<(), String> {
    has_no_controls(article)?;
    let alone = Article {
        markdown: None,
        html: None,
        ..article.clone()
    };
    for (record, is_whole) in [(article, !has_pictures), (&alone, true)] {
        let document = to_string(record, format(Format::Markdown));
        let body = document.splitn(3, "---\n").nth(2).unwrap();
        let expected = words(&format!(
            "{}{}",
            record.title.as_deref().unwrap_or_default(),
            record.text
        ));
        for (name, html) in rendered(body) {
            let dangers = dangers(&html);
            if !dangers.is_empty() {
                return Err(format!("{name}: {dangers:?} in\n{body}\n→\n{html}"));
            }
            let shown = text_of(&html);
            if is_whole && shown != expected {
                return Err(format!(
                    "{name}: {shown}\nfor {expected}\nin\n{body}\n→\n{html}"
                ));
            }
        }
        let github = without_bare_addresses(body);
        for (name, html) in rendered(&github) {
            let dangers = dangers(&html);
            if !dangers.is_empty() {
                return Err(format!(
                    "{name}, as GitHub: {dangers:?} in\n{body}\n→\n{html}"
                ));
            }
        }
        let html = to_string(record, format(Format::Html));
        let dangers = dangers(&html);
        if !dangers.is_empty() {
            return Err(format!("HTML: {dangers:?} in\n{html}"));
        }
    }
    Ok(())
}

/// Markdown shows the alternative text, captions and the signs of notes beside the text, and styles some words.
fn is_shown_otherwise(place: &str) -> bool {
    ["<figure", "#n1"].iter().any(|it| place.contains(it))
}

#[test]
fn no_text_of_a_page_is_markup_in_two_renderers() {
    for places in PLACES.chunks(5) {
        let body = places.join("\n");
        for text in TEXTS {
            let article = extract(&page(
                &body.replace('%', &escaped(text)),
                "Limes for the quay",
            ));
            if let Err(error) = check(&article, is_shown_otherwise(&body)) {
                panic!("{body} with {text:?}: {error}");
            }
        }
    }
}

#[test]
fn no_headline_is_markup_in_two_renderers() {
    for text in TEXTS
        .into_iter()
        .chain(["C#", "# #", "a \\#", "1. a", "- ---"])
    {
        let title = escaped(&format!("Limes {text}"));
        let article = extract(&page("", &title));
        check(&article, true).unwrap();
        let typed = Article {
            title: Some(format!("Limes {text}")),
            text: text.to_owned(),
            ..Article::default()
        };
        // Also where front matter is not known as such.
        let document = to_string(&typed, format(Format::Markdown));
        for (name, html) in rendered(&document) {
            let dangers = dangers(&html);
            assert!(dangers.is_empty(), "{name}: {dangers:?} in {document}");
        }
    }
}

#[test]
fn what_the_data_of_a_page_says_is_text_too() {
    for text in TEXTS {
        let body = format!("{LEDE}\n\n{text}\n\n{LAST} {LEDE} {text}");
        let data = serde_json::json!({
            "@context": "https://schema.org",
            "@type": "NewsArticle",
            "headline": format!("Limes {text}"),
            "description": text,
            "articleSection": text,
            "keywords": [text, "limes"],
            "author": {"@type": "Person", "name": format!("Ada {text}")},
            "image": ["javascript:alert(1)", "data:text/html,x"],
            "url": "javascript:alert(1)",
            "articleBody": body,
        });
        let data = data.to_string().replace("</", "<\\/");
        let html = format!(
            "<html lang=en><head><meta charset=utf-8><title>Limes</title>\
             <link rel=canonical href='javascript:alert(1)'><script type='application/ld+json'>{data}</script></head>\
             <body><div id=app></div></body></html>"
        );
        let article = extract(&html);
        assert!(
            article.text.contains("two hundred limes"),
            "{}",
            article.text
        );
        if let Err(error) = check(&article, true) {
            panic!("{text:?}: {error}");
        }
    }
}

#[test]
fn front_matter_is_one_document_whatever_stands_in_it() {
    for text in
        TEXTS
            .into_iter()
            .chain(["\n---\n", "a\u{2028}---\u{2029}b", "\u{9b}\u{feff}\u{7f}"])
    {
        let article = Article {
            title: Some(text.to_owned()),
            source: Some(text.to_owned()),
            authors: vec![text.to_owned()],
            ..Article::default()
        };
        let document = to_string(&article, format(Format::Markdown));
        let head = document.split("\n---\n").next().unwrap();
        let is_hidden = |c: char| {
            c.is_control() && c != '\n'
                || matches!(c, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
        };
        assert!(!head.contains(is_hidden), "{head:?}");
        assert_eq!(head.lines().count(), 4, "{head}");
        for line in head.lines().skip(1) {
            let (_, value) = line.split_once(": ").unwrap();
            let value: serde_json::Value = serde_json::from_str(value).unwrap();
            let value = value.as_str().map_or_else(|| value[0].as_str(), Some);
            assert_eq!(value, Some(text));
        }
    }
}

/// Texts of the signs that mean something to renderers, to terminals and to us.
fn signs() -> impl Strategy<Value = String> {
    let sign = prop::sample::select(vec![
        "`",
        "``",
        "```",
        "~~~",
        "<",
        ">",
        "<script>",
        "</script>",
        "<b onclick=x>",
        "javascript:",
        "[",
        "](",
        ")",
        "!",
        "\\",
        "|",
        "\n",
        "\n\n",
        "\r",
        "    ",
        "- ",
        "> ",
        "# ",
        "1. ",
        "---",
        "[^1]",
        "]: ",
        "*",
        "_",
        "~~",
        "&lt;",
        "&",
        "#",
        ";",
        "<!--",
        "-->",
        "<?",
        "\u{1b}",
        "\u{9b}",
        "\u{85}",
        "\u{2028}",
        "\u{202e}",
        "a",
        "heron",
        " ",
        "9",
        ".",
        "=",
        ":",
        "\t",
        "www.",
        "http://x",
    ]);
    prop::collection::vec(sign, 1..12).prop_map(|signs| signs.concat())
}

/// So many take a few seconds; `PROPTEST_CASES` asks for others.
fn cases() -> u32 {
    let asked = std::env::var("PROPTEST_CASES").ok();
    asked.and_then(|it| it.parse().ok()).unwrap_or(60)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_signs_of_a_page_are_markup(place in prop::sample::select(PLACES.to_vec()), text in signs(), other in signs()) {
        let filled: String = place
            .split('%')
            .enumerate()
            .map(|(at, part)| match at {
                0 => part.to_owned(),
                at => format!("{}{part}", escaped(if at % 2 == 1 { &text } else { &other })),
            })
            .collect();
        let article = extract(&page(&filled, "Limes for the quay"));
        let checked = check(&article, is_shown_otherwise(place));
        prop_assert!(checked.is_ok(), "{place} with {text:?} and {other:?}: {}", checked.unwrap_err());
    }
}
