//! Pages that hold nothing but data, in the forms of many frameworks and editors.

mod properties;
mod trees;

use serde_json::{Value, json};

use self::trees::{markup, trees};

use crate::article::Article;
use crate::extract::Extractor;
use crate::page::Input;

const TITLE: &str = "Limes for the old quay";
const ONE: &str = "The council voted on Tuesday to plant two hundred limes along the old quay.";
const TWO: &str = "Planting will begin in March, the parks office said, when the ice has gone.";
const THREE: &str =
    "“Nobody will miss the poplars,” said Oda Lind, who has swept the quay for nine years.";
const HEAD: &str = "What the trees cost";

/// What every form of the article reads as.
fn whole() -> String {
    format!(
        "{ONE}\n\n{HEAD}\n\n{TWO}\n\nNobody objected.\n\nlimes for shade\nhazels for the birds\n\n{THREE}"
    )
}

fn article(body: &str) -> Article {
    let html = format!(
        "<!DOCTYPE html><html lang=en><head><meta charset=utf-8><title>{TITLE}</title><meta property=og:type content=article>\
         </head><body><div id=root><h1>{TITLE}</h1></div>{body}</body></html>"
    );
    let extractor = Extractor::builder().markdown(true).html(true).build();
    extractor.extract(&Input::new(html.as_bytes())).article
}

/// A page whose article has this body, beside other articles.
fn next_page(body: Value) -> Article {
    let other = format!("{TWO} {ONE} {TWO} {ONE}");
    let state = json!({"props": {"pageProps": {
        "latest": [{"title": "Another story entirely", "url": "/news/another", "body": [{"type": "paragraph", "text": other}]}],
        "story": {"title": TITLE, "url": "/news/limes", "summary": "Two hundred limes are planted.", "body": body},
    }}});
    article(&format!(
        "<script id=__NEXT_DATA__ type=application/json>{state}</script>"
    ))
}

#[test]
fn trees_of_rich_text_read_as_the_article_they_are() {
    let mut wrong = Vec::new();
    for (name, body) in trees() {
        let article = next_page(body);
        if article.text != whole() || !article.warnings.iter().any(|it| it == "text_from_data") {
            wrong.push(format!(
                "== {name} {:?}\n{}",
                article.warnings, article.text
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn markdown_and_html_keep_headings_lists_quotes_and_links() {
    for (name, body) in trees()
        .into_iter()
        .filter(|(name, _)| matches!(*name, "portable text" | "slate" | "contentful"))
    {
        let article = next_page(body);
        let markdown = article.markdown.unwrap_or_default();
        for part in [
            &format!("## {HEAD}") as &str,
            "- limes for shade\n- hazels",
            "> “Nobody",
            "two hundred",
            "](https://a.example/x)",
        ] {
            assert!(markdown.contains(part), "{name}: {part}\n{markdown}");
        }
        let html = article.html.unwrap_or_default();
        assert!(
            html.contains("<h2>What")
                && html.contains("<li>limes")
                && html.contains("<blockquote>"),
            "{html}"
        );
    }
}

#[test]
fn ranges_of_a_text_become_its_markup() {
    let text = format!("😀 {ONE}");
    let at = text.encode_utf16().count() - "two hundred limes along the old quay.".len();
    let end = at + "two hundred".len();
    for first in [
        json!({"type": "paragraph", "text": text, "spans": [{"start": at, "end": end, "type": "hyperlink", "data": {"url": "https://a.example/x"}}]}),
        json!({"type": "P", "text": text, "markups": [{"start": at, "end": end, "type": "A", "href": "https://a.example/x"}]}),
    ] {
        let article = next_page(json!([first, {"type": "paragraph", "text": TWO}]));
        let markdown = article.markdown.unwrap_or_default();
        assert!(
            markdown.contains("plant [two hundred](https://a.example/x) limes"),
            "{markdown}"
        );
    }
    let draft = json!({"blocks": [
        {"type": "unstyled", "text": text, "inlineStyleRanges": [{"offset": at, "length": end - at, "style": "BOLD"}, {"offset": 0, "length": 900, "style": "ITALIC"}]},
        {"type": "unstyled", "text": TWO, "inlineStyleRanges": []},
    ], "entityMap": {}});
    let html = next_page(draft).html.unwrap_or_default();
    assert!(
        html.contains("two hundred</strong>") || html.contains("two hundred</em></strong>"),
        "{html}"
    );
}

/// The places where frameworks put data, each with a story in it.
#[allow(clippy::too_many_lines)] // It is a table.
fn places() -> Vec<(&'static str, String)> {
    let story = json!({"story": {"title": TITLE, "slug": "limes-for-the-quay", "body": markup()}});
    let json = story.to_string();
    let quoted = Value::String(json.clone()).to_string();
    let attribute = json.replace('&', "&amp;").replace('"', "&quot;");
    let island = json!({"story": [0, {"title": [0, TITLE], "body": [0, markup()]}]});
    let flat = json!([["ShallowReactive", 1], {"data": 2}, {"story": 3}, {"title": 4, "body": 5}, TITLE, markup()]);
    let stream = json!([{"_1": 2}, "loaderData", {"_3": 4}, "story", {"_5": 6, "_7": 8}, "title", TITLE, "body", markup()]);
    let stream = Value::String(stream.to_string() + "\n").to_string();
    let node = |tag: &str, children: Value| json!(["$", tag, null, {"className": "c", "children": children}]);
    let rows = json!(["$", "article", null, {"children": [
        node("p", json!(ONE)), node("h2", json!(HEAD)), node("p", json!(TWO)), node("p", json!("Nobody objected.")),
        node("ul", json!([node("li", json!("limes for shade")), node("li", json!("hazels for the birds"))])),
        node("blockquote", json!(node("p", json!(THREE))))]}]);
    let flight = |rows: &str| {
        let (head, tail) = rows.split_at(rows.floor_char_boundary(rows.len() / 2));
        [head, tail]
            .map(|chunk| format!("<script>self.__next_f.push([1,{}])</script>", json!(chunk)))
            .concat()
    };
    let text_row = format!(
        "3:T{:x},{}0:[\"$\",\"main\",null,{{\"children\":[\"$\",\"div\",null,{{\"dangerouslySetInnerHTML\":{{\"__html\":\"$3\"}}}}]}}]\n",
        markup().len(),
        markup()
    );
    let script = |code: String| format!("<script>{code}</script>");
    vec![
        (
            "a data script",
            format!("<script type=\"application/json\" data-x>{json}</script>"),
        ),
        (
            "a data script in upper case",
            format!("<SCRIPT TYPE=\"application/json\">{json}</SCRIPT>"),
        ),
        (
            "an assignment",
            script(format!("window.__PRELOADED_STATE__ = {json};window.x=1")),
        ),
        ("a name of its own", script(format!("var appData={json}"))),
        (
            "a parsed string",
            script(format!("window.__INITIAL_STATE__=JSON.parse({quoted})")),
        ),
        (
            "a string",
            script(format!("window.__INITIAL_DATA__={quoted};")),
        ),
        (
            "literals",
            script(format!(
                "window.App={{state:{{n:void 0,on:!0,story:{json},f:function(a){{return a}}}},}}"
            )),
        ),
        (
            "a called function",
            script(format!(
                "window.__NUXT__=(function(a,b){{return {{layout:\"x\",data:[{{story:{{title:a,body:b}}}}]}}}}({},{}))",
                json!(TITLE),
                json!(markup())
            )),
        ),
        (
            "numbered values",
            format!("<script type=\"application/json\" id=\"__NUXT_DATA__\">{flat}</script>"),
        ),
        (
            "SvelteKit",
            script(format!(
                "{{__sveltekit_1={{base:\"\"}};Promise.all([import(\"./a.js\")]).then(([kit, app]) => {{kit.start(app, element, {{node_ids: [0, 2],data: [null,{{type:\"data\",data:{json},uses:{{}}}}],form: null,error: null}});}});}}"
            )),
        ),
        (
            "Angular",
            format!(
                "<script id=\"ng-state\" type=\"application/json\">{}</script>",
                json.replace('<', "\\u003C")
            ),
        ),
        (
            "Angular, once",
            format!(
                "<script id=\"app-state\" type=\"application/json\">{}</script>",
                json.replace('&', "&a;")
                    .replace('"', "&q;")
                    .replace('<', "&l;")
                    .replace('>', "&g;")
            ),
        ),
        (
            "an island",
            format!(
                "<astro-island props=\"{}\"></astro-island>",
                island
                    .to_string()
                    .replace('&', "&amp;")
                    .replace('"', "&quot;")
            ),
        ),
        (
            "Inertia",
            format!("<div id=app data-page=\"{attribute}\"></div>"),
        ),
        (
            "React Router",
            script(format!(
                "window.__reactRouterContext.streamController.enqueue({stream});"
            )),
        ),
        (
            "server components",
            flight(&format!(
                "1:\"$Sreact.fragment\"\n0:{{\"b\":\"x\",\"f\":[\"$L4\"]}}\n4:{rows}\n"
            )),
        ),
        (
            "server components, as data",
            flight(&format!("1:I[5,[],\"\"]\n0:[\"$\",\"$L1\",null,{json}]\n")),
        ),
        ("server components, with text", flight(&text_row)),
    ]
}

#[test]
fn the_places_of_many_frameworks_are_read() {
    let mut wrong = Vec::new();
    for (name, body) in places() {
        let article = article(&body);
        if article.text != whole() {
            wrong.push(format!("== {name} {:?}\n{}", article.quality, article.text));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_body_of_linked_data_keeps_its_paragraphs_and_no_entities() {
    let filler = format!("{ONE} {TWO} {ONE} {TWO}");
    for body in [
        format!("{filler}\n\n&ldquo;Yes,&rdquo; she said &amp; left.\n\n{filler} Twice."),
        format!(
            "<p>{filler}</p><p>&ldquo;Yes,&rdquo; she said &amp; left.</p><p>{filler} Twice.</p>"
        ),
        format!(
            "&lt;p&gt;{filler}&lt;/p&gt;&lt;p&gt;&amp;ldquo;Yes,&amp;rdquo; she said &amp;amp; left.&lt;/p&gt;&lt;p&gt;{filler} Twice.&lt;/p&gt;"
        ),
    ] {
        let data = json!({"@context": "https://schema.org", "@type": "NewsArticle", "headline": TITLE, "articleBody": body});
        let article = article(&format!(
            "<script type=\"application/ld+json\">{data}</script>"
        ));
        assert_eq!(
            article.text,
            format!("{filler}\n\n“Yes,” she said & left.\n\n{filler} Twice."),
            "{body}"
        );
    }
}

#[test]
fn a_tree_with_paragraphs_is_better_than_a_body_in_one_line() {
    let tree = json!([{"type": "paragraph", "text": ONE}, {"type": "paragraph", "text": TWO}, {"type": "paragraph", "text": THREE}]);
    let data = json!({"@type": "NewsArticle", "headline": TITLE, "articleBody": format!("{ONE} {TWO} {THREE}")});
    let page = format!(
        "<script type=\"application/ld+json\">{data}</script><script type=\"application/json\">{}</script>",
        json!({"story": {"title": TITLE, "body": tree}})
    );
    assert_eq!(article(&page).text, format!("{ONE}\n\n{TWO}\n\n{THREE}"));
}

#[test]
fn parts_of_sentences_in_an_unknown_form_are_refused() {
    let parts = |text: &str| -> Vec<Value> {
        let words: Vec<&str> = text.split_inclusive(", ").collect();
        words.iter().map(|it| json!({"w": {"v": it}})).collect()
    };
    let long =
        "when the ice has gone from the harbour and the ferries sail twice a day again. Then, ";
    let body: Vec<Value> = (0..4)
        .flat_map(|_| parts(&format!("{}{TWO} {long}", long.repeat(2))))
        .collect();
    let found = article(&format!(
        "<script type=\"application/json\">{}</script>",
        json!({"story": {"title": TITLE, "odd": body}})
    ));
    assert_eq!(found.text, "");
    assert!(found.warnings.iter().all(|it| it != "text_from_data"));
}

#[test]
fn quality_is_lower_where_the_text_was_guessed() {
    let stated =
        next_page(json!([{"type": "paragraph", "text": ONE}, {"type": "paragraph", "text": TWO}]));
    let strings = json!({"story": {"title": TITLE, "odd": [{"t": ONE}, {"t": TWO}, {"t": THREE}]}});
    let guessed = article(&format!(
        "<script type=\"application/json\">{strings}</script>"
    ));
    assert_eq!(guessed.text, format!("{ONE}\n\n{TWO}\n\n{THREE}"));
    assert!(
        guessed.quality < stated.quality,
        "{} {}",
        guessed.quality,
        stated.quality
    );
}

#[test]
fn notices_comments_and_other_stories_are_not_taken_for_the_article() {
    let long = format!("{ONE} {TWO} {THREE}");
    for state in [
        json!({"config": {"ajax": "/x", "_": {"title": "Data and cookies", "intro": long}}}),
        json!({"consentBanner": {"first": format!("<p>{long}</p><p>{long}</p>")}}),
        json!({"story": {"title": TITLE, "comments": [{"body": format!("<p>{long}</p><p>{long}</p>")}]}}),
        json!({"story": {"title": TITLE, "relatedStories": [{"type": "paragraph", "text": long}]}}),
    ] {
        let found = article(&format!("<script>var settings={state}</script>"));
        assert_eq!(found.text, "", "{state}");
    }
}

#[test]
fn what_is_no_data_is_left_alone() {
    for body in [
        "<script>window.__NUXT__=(function(a){return {a:a}}(1))</script>".to_owned(),
        "<script>__NEXT_DATA__ = {\"a\": </script>".to_owned(),
        format!("<script>__STATE__={}</script>", "[".repeat(100_000)),
        format!("<script>{}</script>", "x={a:(".repeat(50_000)),
        format!("<div data-x='{}'></div>", "{\"a\":".repeat(50_000)),
        "<script".to_owned(),
        format!("<script>throw new Error(\"{ONE} {TWO}\")</script>"),
    ] {
        assert_eq!(article(&body).text, "", "{}", &body[..body.len().min(80)]);
    }
}
