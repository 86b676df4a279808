//! What holds of every page, whatever is on it.

use newsprint::article::{Article, Block};
use newsprint::extract::Extractor;
use newsprint::page::Input;
use proptest::prelude::*;

/// An element with text and perhaps children; enough to make pages of any shape.
#[derive(Debug, Clone)]
enum Node {
    Text,
    Element(&'static str, &'static str, Vec<Node>),
}

const TAGS: [&str; 15] = [
    "div",
    "p",
    "section",
    "article",
    "ul",
    "li",
    "h2",
    "table",
    "tr",
    "td",
    "blockquote",
    "aside",
    "span",
    "b",
    "a",
];
/// Those of them that stand in a line of text, where space is seen.
const INLINE: [&str; 3] = ["span", "b", "a"];
const CLASSES: [&str; 6] = ["", "article-body", "share", "related", "comment", "caption"];

/// Words that stand nowhere else: each text node is different from every other.
fn words(number: usize) -> String {
    let word = |at: usize| format!("w{number}x{at}");
    let count = 3 + number % 17;
    (0..count).map(word).collect::<Vec<_>>().join(" ") + "."
}

fn node() -> impl Strategy<Value = Node> {
    let leaf = Just(Node::Text);
    leaf.prop_recursive(5, 40, 5, |inner| {
        let tags = prop::sample::select(&TAGS[..]);
        let classes = prop::sample::select(&CLASSES[..]);
        (tags, classes, prop::collection::vec(inner, 0..5))
            .prop_map(|(tag, class, children)| Node::Element(tag, class, children))
    })
}

/// How a page is written down.
#[derive(Debug, Clone, Copy, Default)]
struct Style {
    comments: bool,
    space: bool,
    attributes_turned: bool,
}

fn write(node: &Node, style: Style, next: &mut usize, out: &mut String) {
    match node {
        Node::Text => {
            *next += 1;
            out.push_str(&words(*next));
        }
        Node::Element(tag, class, children) => {
            let (a, b) = (format!(" class=\"{class}\""), " data-x=\"1\"");
            let attributes = if style.attributes_turned {
                format!("{b}{a}")
            } else {
                format!("{a}{b}")
            };
            out.push_str(&format!("<{tag}{attributes}>"));
            for child in children {
                if style.comments {
                    out.push_str("<!-- a note -->");
                }
                if style.space && may_be_spaced(tag, child) {
                    out.push_str("\n  ");
                }
                write(child, style, next, out);
            }
            out.push_str(&format!("</{tag}>"));
        }
    }
}

/// Space before a child changes nothing, unless it stands in a line of text, or the parser moves stray text out of a table, to where
/// the space parts it from other text (HTML 13.2.6.4.9).
fn may_be_spaced(tag: &str, child: &Node) -> bool {
    const TABLES: [&str; 3] = ["table", "tr", "td"];
    let Node::Element(inner, ..) = child else {
        return false;
    };
    let is_seen = INLINE.contains(&tag) || INLINE.contains(inner);
    !is_seen && !TABLES.contains(&tag) && !TABLES.contains(inner)
}

fn page(nodes: &[Node], style: Style) -> String {
    let mut body = String::new();
    let mut next = 0;
    for node in nodes {
        write(node, style, &mut next, &mut body);
    }
    format!("<!doctype html><html><body><h1>w0x0</h1>{body}</body></html>")
}

fn extract(html: &str) -> (String, Vec<Block>) {
    let article = record(html);
    (article.text, article.blocks.unwrap_or_default())
}

fn record(html: &str) -> Article {
    let extractor = Extractor::builder()
        .any_kind(true)
        .blocks(true)
        .markdown(true)
        .build();
    extractor.extract(&Input::new(html.as_bytes())).article
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 96,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn each_word_of_the_page_comes_out_at_most_once(nodes in prop::collection::vec(node(), 1..8)) {
        let html = page(&nodes, Style::default());
        let article = record(&html);
        let blocks = article.blocks.unwrap_or_default();
        let in_blocks = blocks.iter().map(|it| it.text.as_str()).collect::<Vec<_>>().join("\n");
        for whole in [&article.text, &article.markdown.unwrap_or_default(), &in_blocks] {
            let mut seen: Vec<&str> = whole.split(|c: char| !c.is_alphanumeric()).filter(|it| !it.is_empty()).collect();
            let all = seen.len();
            seen.sort_unstable();
            seen.dedup();
            prop_assert_eq!(seen.len(), all);
            prop_assert!(seen.iter().all(|word| html.contains(word)));
        }
    }

    #[test]
    fn no_word_of_the_page_is_lost_between_the_blocks(nodes in prop::collection::vec(node(), 1..8)) {
        let mut count = 0;
        let mut body = String::new();
        nodes.iter().for_each(|it| write(it, Style::default(), &mut count, &mut body));
        let (_, blocks) = extract(&page(&nodes, Style::default()));
        let all = blocks.iter().map(|it| it.text.as_str()).collect::<Vec<_>>().join(" ");
        for number in 1..=count {
            let last = words(number);
            let last = last.rsplit(' ').next().unwrap_or_default();
            prop_assert!(all.contains(last), "{} in {}", last, all);
        }
    }

    #[test]
    fn comments_space_and_the_order_of_attributes_change_nothing(nodes in prop::collection::vec(node(), 1..8)) {
        let plain = extract(&page(&nodes, Style::default()));
        for style in [
            Style { comments: true, ..Style::default() },
            Style { space: true, ..Style::default() },
            Style { attributes_turned: true, ..Style::default() },
        ] {
            prop_assert_eq!(&plain, &extract(&page(&nodes, style)), "{:?}", style);
        }
    }

    #[test]
    fn the_same_page_gives_the_same_record(nodes in prop::collection::vec(node(), 1..8)) {
        let html = page(&nodes, Style::default());
        prop_assert_eq!(record(&html), record(&html));
    }

    #[test]
    fn the_same_bytes_give_the_same_record(bytes in prop::collection::vec(any::<u8>(), 0..2000)) {
        let input = Input::new(&bytes);
        let extractor = Extractor::default();
        prop_assert_eq!(extractor.extract(&input), Extractor::default().extract(&input));
    }
}
