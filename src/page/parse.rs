//! Text to tree: our own tokenizer and html5ever's tree builder, which fills vectors of nodes and attributes.
//! A sieve between the two drops tokens that no stage reads before a node is made for them, and the sink counts
//! the builder's steps, so that a hostile page costs no more than a large one.

use html5ever::tree_builder::{TreeBuilder, TreeBuilderOpts, TreeSink};

use crate::limits::Limits;
use crate::page::attributes::Attributes;
use crate::page::nodes::Nodes;
use crate::page::sieve::Sieve;
use crate::page::sink::Sink;
use crate::page::source::{Source, Texts};
use crate::page::tokens::Tokens;

/// The bytes of a page for each of its nodes, about.
const BYTES_OF_NODE: usize = 64;
/// Room is made for no more nodes than this ahead.
const MOST_EXPECTED: usize = 1 << 14;

/// A parsed page: its nodes, their attributes, and the texts of both.
#[derive(Debug)]
pub struct Parsed {
    pub(super) texts: Texts,
    pub(super) nodes: Nodes,
    pub(super) attributes: Attributes,
    /// A limit was reached: containers were flattened, or the rest of the page was left out.
    pub truncated: bool,
    /// The classes that the page's style sheets clip or move off the screen.
    pub clipped: Vec<String>,
}

/// Parses a page within `limits`. Never fails.
pub fn parse(text: &str, limits: &Limits) -> Parsed {
    let whole = feed(text, limits, usize::MAX);
    if !whole.truncated {
        return whole;
    }
    // Frees the first tree before the second is made.
    drop(whole);
    Parsed {
        truncated: true,
        ..feed(text, limits, limits.nesting)
    }
}

fn feed(text: &str, limits: &Limits, nesting: usize) -> Parsed {
    let source = Source::new(text);
    let sieve = sieve(&source, nesting);
    let complete = read(&source, &sieve, limits);
    sieve.end();
    let clipped = sieve.clipped.take().into_names();
    let (nodes, attributes) = sieve.builder.sink.finish();
    Parsed {
        texts: source.finish(),
        nodes,
        attributes,
        truncated: !complete,
        clipped,
    }
}

/// Reads a page as far as the limits allow; true where that is all of it.
fn read<'s>(source: &'s Source, sieve: &Sieve<'s>, limits: &Limits) -> bool {
    let mut tokens = Tokens::new(source);
    let mut complete = true;
    while complete && tokens.step(sieve) {
        tokens.skip(sieve.skippable(tokens.rest()));
        complete = sieve.builder.sink.is_within(limits);
    }
    complete
}

fn sieve(source: &Source, nesting: usize) -> Sieve<'_> {
    let expected = source.page().len() / BYTES_OF_NODE;
    let sink = Sink::new(source, expected.min(MOST_EXPECTED));
    let options = TreeBuilderOpts {
        scripting_enabled: false,
        ..TreeBuilderOpts::default()
    };
    Sieve::new(TreeBuilder::new(sink, options), nesting)
}

#[cfg(test)]
mod growth_tests;
#[cfg(test)]
mod html5lib_tests;
#[cfg(test)]
mod oracle_tests;
#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::{Document, Input, Tag, Tree};

    fn texts(html: &str) -> String {
        let parsed = parse(html, &Limits::DEFAULT);
        text_of(&parsed)
    }

    fn text_of(parsed: &Parsed) -> String {
        let tree = Tree::new(parsed);
        (0..tree.len()).filter_map(|id| tree.own_text(id)).collect()
    }

    #[test]
    fn styles_comments_drawings_and_scripts_are_left_out_but_data_stays() {
        let html = "<p>a<style>p{}</style><!-- c --><svg><title>t</title><path/></svg>b\
            <script>if (1 < 2) { x('</p>') }</script>c\
            <script type='application/ld+json'>{\"a\": \"<b>\"}</script>d";
        assert_eq!(texts(html), "abc{\"a\": \"<b>\"}d");
    }

    #[test]
    fn a_drawing_without_an_end_does_not_swallow_the_page() {
        assert_eq!(texts("<svg><path d=m0><p>the article</p>"), "the article");
    }

    #[test]
    fn pictures_inside_noscript_are_elements() {
        let page = Input::new(b"<body><noscript><img src=a.jpg></noscript>");
        let document = Document::parse(&page, &Limits::DEFAULT);
        let tree = document.page().tree;
        let image = tree.elements(Tag::Img).next().unwrap();
        assert_eq!(tree.tag(tree.parent(image)), Tag::Noscript);
    }

    #[test]
    fn fifty_thousand_nested_tags_end_flat_with_the_text_kept() {
        for (tag, truncated) in [("div", true), ("ul><li", true), ("b", false)] {
            let html = format!("{}<p>the article</p>", format!("<{tag}>").repeat(50_000));
            let parsed = parse(
                &html,
                &Limits {
                    parse_steps: 1_000_000,
                    ..Limits::DEFAULT
                },
            );
            assert_eq!(parsed.truncated, truncated, "{tag}");
            assert!(text_of(&parsed).contains("the article"), "{tag}");
        }
    }

    #[test]
    fn the_character_nul_is_dropped() {
        assert_eq!(texts("<\0p>a\0b<i\0d>c"), "abc");
    }

    #[test]
    fn of_a_hundred_thousand_attributes_the_first_are_kept() {
        let many: String = (0..100_000).map(|it| format!(" a{it}=b")).collect();
        let parsed = parse(&format!("<p{many}>the article"), &Limits::DEFAULT);
        let tree = Tree::new(&parsed);
        let element = tree.elements(Tag::P).next().unwrap();
        assert_eq!(tree.attrs(element).count(), 256);
        assert_eq!(tree.attr(element, "a0"), Some("b"));
    }
}
