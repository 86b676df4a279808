//! Text to tree: our own tokenizer and html5ever's tree builder, which fills `scraper`'s tree. A sieve
//! between the two drops tokens that no stage reads before a node is made for them, and the sink counts
//! the builder's steps, so that a hostile page costs no more than a large one.

use ego_tree::Tree;
use html5ever::tokenizer::{Token, TokenSink};
use html5ever::tree_builder::{TreeBuilder, TreeBuilderOpts, TreeSink};
use scraper::{Html, HtmlTreeSink, Node};

use crate::limits::Limits;
use crate::page::sieve::Sieve;
use crate::page::sink::CountingSink;
use crate::page::tokens::Tokens;

/// The bytes of a page for each of its nodes, about.
const BYTES_OF_NODE: usize = 64;
/// Room is made for no more nodes than this ahead.
const MOST_EXPECTED: usize = 1 << 14;

/// A tree, and whether all of the page is in it.
#[derive(Debug)]
pub struct Parsed {
    /// The tree.
    pub html: Html,
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
    let sieve = sieve(nesting, text.len() / BYTES_OF_NODE);
    let mut tokens = Tokens::new(text);
    let mut complete = true;
    while complete && tokens.step(&sieve) {
        tokens.skip(sieve.skippable(tokens.rest()));
        complete = sieve.builder.sink.is_within(limits);
    }
    let _ = sieve.process_token(Token::EOFToken, 1);
    sieve.end();
    Parsed {
        html: sieve.builder.sink.finish(),
        truncated: !complete,
        clipped: sieve.clipped.into_inner().into_names(),
    }
}

/// Prepares for a page of about so many nodes.
fn sieve(nesting: usize, nodes: usize) -> Sieve {
    let mut html = Html::new_document();
    html.tree = Tree::with_capacity(Node::Document, nodes.min(MOST_EXPECTED));
    let sink = CountingSink::new(HtmlTreeSink::new(html));
    let options = TreeBuilderOpts {
        scripting_enabled: false,
        ..TreeBuilderOpts::default()
    };
    Sieve::new(TreeBuilder::new(sink, options), nesting)
}

#[cfg(test)]
mod growth_tests;
#[cfg(test)]
mod tests {
    use html5ever::TokenizerResult;
    use html5ever::tendril::StrTendril;
    use html5ever::tokenizer::{BufferQueue, Tokenizer, TokenizerOpts};
    use proptest::prelude::*;

    use super::*;

    fn texts(html: &str) -> String {
        let parsed = parse(html, &Limits::DEFAULT);
        parsed.html.root_element().text().collect()
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
        let parsed = parse(
            "<body><noscript><img src=a.jpg></noscript>",
            &Limits::DEFAULT,
        );
        let selector = scraper::Selector::parse("noscript img").unwrap();
        assert_eq!(parsed.html.root_element().select(&selector).count(), 1);
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
            let text: String = parsed.html.root_element().text().collect();
            assert!(text.contains("the article"), "{tag}");
        }
    }

    /// The tree by our tokenizer, with nothing skipped.
    fn by_us(text: &str) -> Html {
        let sieve = sieve(usize::MAX, 0);
        let mut tokens = Tokens::new(text);
        while tokens.step(&sieve) {}
        let _ = sieve.process_token(Token::EOFToken, 1);
        sieve.builder.sink.finish()
    }

    /// The tree by html5ever's own tokenizer, through the same sieve.
    fn by_html5ever(text: &str) -> Html {
        let tokenizer = Tokenizer::new(sieve(usize::MAX, 0), TokenizerOpts::default());
        let queue = BufferQueue::default();
        queue.push_back(StrTendril::from_slice(text));
        while !matches!(tokenizer.feed(&queue), TokenizerResult::Done) {}
        tokenizer.end();
        tokenizer.sink.builder.sink.finish()
    }

    /// Odd pieces of markup: each breaks off, or opens something that another may close.
    const PIECES: &[&str] = &[
        "text ",
        "a < b",
        "a<",
        "<",
        ">",
        "/",
        "=",
        "\"",
        "'",
        "</",
        "</>",
        "</ x>",
        "<?php x ?>",
        "<!x>",
        "<!",
        "<!--",
        "-->",
        "--!>",
        "<!-->",
        "<!--->",
        "<!-- a -- b -->",
        "<![CDATA[",
        "]]>",
        "<!doctype html>",
        "<!DOCTYPE html PUBLIC \"-//W3C//DTD HTML 3.2//EN\">",
        "<!doctype",
        "<p>",
        "<P CLASS=A>",
        "</p>",
        "</P a=b>",
        "<p/>",
        "<br/ >",
        "<div",
        "<div a",
        "<div a=",
        " a=b/c>",
        " a='>'>",
        " b=\"<p>\"",
        " c = 'x' d=y e",
        " =f=g",
        " a=1 a=2 A=3>",
        "<a href=?a=1&copy=2>",
        "<a\thref='?a&amp;b&lt'\n>",
        "</a>",
        "&amp;",
        "&amp",
        "&copyx",
        "&notit;",
        "&#x41;",
        "&#",
        "&#x;",
        "&#150;",
        "&",
        "&a",
        "\r\n",
        "\r",
        "\n",
        "ä",
        "<table>",
        "<td>",
        "</table>",
        "<title>",
        "</title>",
        "</TITLE >",
        "<textarea>",
        "\n",
        "</textarea",
        "<script>",
        "</script>",
        "</script",
        "<script type=application/ld+json>",
        "<style>",
        "</style>",
        "</style/>",
        "<svg>",
        "</svg>",
        "<path d=m/>",
        "<math>",
        "<mi>",
        "</math>",
        "<template shadowrootmode=open>",
        "</template>",
        "<pre>",
        "<xmp>",
        "</xmp>",
        "<plaintext>",
        "<select>",
        "<option>",
        "<noscript>",
        "</noscript>",
        "<iframe>",
        "</iframe>",
        "<b>",
        "</b>",
        "<i>",
        "</i>",
        "<frameset>",
        "<body c=d>",
        "<html e=f>",
    ];

    proptest! {
        #[test]
        fn the_tree_is_the_one_that_html5ever_reads(
            pieces in proptest::collection::vec(proptest::sample::select(PIECES), 0..16),
        ) {
            let page = pieces.concat();
            let (ours, theirs) = (by_us(&page), by_html5ever(&page));
            prop_assert_eq!(ours.html(), theirs.html());
            prop_assert_eq!(ours.quirks_mode, theirs.quirks_mode);
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
        let selector = scraper::Selector::parse("p").unwrap();
        let element = parsed.html.select(&selector).next().unwrap();
        assert_eq!(element.value().attrs().count(), 256);
        assert_eq!(element.value().attr("a0"), Some("b"));
    }
}
