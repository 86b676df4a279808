//! However tags follow each other, the tree is the one that html5ever and `scraper` make of the page. Each byte is a
//! piece of markup, of those that no stage drops before the tree is built.
#![no_main]

use html5ever::ParseOpts;
use html5ever::driver::parse_document;
use html5ever::tendril::TendrilSink;
use libfuzzer_sys::fuzz_target;
use newsprint::limits::Limits;
use newsprint::page::{Data, Document, Input, Tree};
use scraper::{Html, HtmlTreeSink, Node};

const PIECES: &[&str] = &[
    "text", " ", "\n", "&amp;", "&notin", "<p>", "</p>", "<p a=1>", "<div>", "<div a=1 b=2>", "</div>", "<b>", "<b a=1>",
    "<b b=2 a=1>", "<b a=1 b=2>", "</b>", "<i>", "<i A=1 c='&lt;'>", "</i>", "<a href=/x>", "<a>", "</a>",
    "<font color=red>", "<font x=y>", "</font>", "<nobr>", "</nobr>", "<table>", "<table a=1>", "</table>", "<tr>", "</tr>",
    "<td>", "<th a=1>", "</td>", "<tbody>", "</tbody>", "<caption>", "</caption>", "<colgroup>", "<col a=1>", "<select>",
    "</select>", "<option>", "<option a=1>", "<optgroup>", "<input>", "<input type=hidden a=1>", "<form>", "<form a=1>",
    "</form>", "<button>", "</button>", "<template>", "<template a=1>", "</template>", "<math>", "</math>", "<mi>",
    "<mi a=1>", "</mi>", "<annotation-xml encoding='text/html'>", "<annotation-xml>", "</annotation-xml>", "<svg/>",
    "<frameset>", "<frame>", "</frameset>", "<html a=1>", "<html b=2 a=3>", "<body a=1>", "<body b=2 a=3>", "</body>",
    "</html>", "<head>", "</head>", "<title>", "</title>", "<textarea>", "</textarea>", "<pre>", "</pre>", "<li>", "</li>",
    "<ul>", "</ul>", "<dl>", "<dt>", "<dd>", "</dl>", "<h1>", "</h2>", "<br a=1>", "</br>", "<hr>", "<img a=1>",
    "<image a=1>", "<applet>", "</applet>", "<object>", "</object>", "<noscript>", "</noscript>", "<iframe>", "</iframe>",
    "<plaintext>", "<ruby>", "<rt>", "<section>", "</section>", "<span a=1>", "</span>", "<meta a=1>", "<link a=1>",
    "<x-y a=1>", "</x-y>", "<xmp>", "</xmp>", "<center>", "<!doctype html>",
];

/// The most pieces of a page: fewer than what a limit of the parser cuts.
const MOST: usize = 2_000;

/// A node: its depth, its name or text, its attributes.
type Line = (usize, String, Vec<(String, String)>);

fn ours(tree: &Tree<'_>) -> Vec<Line> {
    let line = |id| {
        let depth = tree.ancestors(id).count();
        let name = match tree.data(id) {
            Data::Root => "contents".to_owned(),
            Data::Text(text) => format!("'{text}"),
            Data::Element(name) => format!("<{name}"),
        };
        let pair = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
        (depth, name, tree.attrs(id).map(pair).collect())
    };
    (1..tree.len()).map(line).collect()
}

fn theirs(html: &Html) -> Vec<Line> {
    let nodes = html.tree.root().descendants().skip(1);
    let lines = nodes.filter_map(|node| {
        let depth = node.ancestors().count();
        let pair = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
        match node.value() {
            Node::Text(text) => Some((depth, format!("'{}", &**text), Vec::new())),
            Node::Fragment => Some((depth, "contents".to_owned(), Vec::new())),
            Node::Element(it) => Some((depth, format!("<{}", it.name()), it.attrs().map(pair).collect())),
            _ => None,
        }
    });
    lines.collect()
}

fuzz_target!(|bytes: &[u8]| {
    let pieces = bytes.iter().take(MOST);
    let page: String = pieces.map(|it| PIECES[usize::from(*it) % PIECES.len()]).collect();
    let mut options = ParseOpts::default();
    options.tree_builder.scripting_enabled = false;
    let expected = parse_document(HtmlTreeSink::new(Html::new_document()), options).one(page.as_str());
    // A charset that the header states, so that the page is read as it is.
    let input = Input::new(page.as_bytes()).with_content_type("text/html; charset=utf-8");
    let document = Document::parse(&input, &Limits::DEFAULT);
    let read = document.page();
    assert!(read.truncated || ours(&read.tree) == theirs(&expected), "{page}");
});
