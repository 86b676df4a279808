//! The tree is the one that html5ever's own tokenizer and `scraper`'s sink make of a page, however odd its markup.

use std::cell::RefCell;
use std::fmt::Write;

use html5ever::driver::parse_document;
use html5ever::tendril::{StrTendril, TendrilSink};
use html5ever::tokenizer::{
    BufferQueue, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};
use html5ever::{ParseOpts, TokenizerResult};
use proptest::prelude::*;
use scraper::{Html, HtmlTreeSink, Node, Selector};

use super::*;
use crate::page::attributes::Attr;
use crate::page::nodes::NodeId;
use crate::page::select;
use crate::page::tokens::{Content, Receiver};
use crate::page::{Data, Id, Tree};
use markup::{MOVED, PIECES, SELECTORS};

mod markup;

/// A node of an outline.
pub(super) enum Piece<'a> {
    Element(&'a str, Vec<(String, &'a str)>),
    Text(&'a str),
    /// The contents of a template.
    Contents,
}

/// Writes a node as html5lib's tests do.
pub(super) fn write(outline: &mut String, depth: usize, piece: Piece<'_>) {
    let indent = "  ".repeat(depth);
    match piece {
        Piece::Text(text) => writeln!(outline, "| {indent}\"{text}\"").unwrap(),
        Piece::Contents => writeln!(outline, "| {indent}content").unwrap(),
        Piece::Element(name, mut attributes) => {
            writeln!(outline, "| {indent}<{name}>").unwrap();
            attributes.sort();
            for (name, value) in attributes {
                writeln!(outline, "| {indent}  {name}=\"{value}\"").unwrap();
            }
        }
    }
}

/// Our tree.
pub(super) fn ours(parsed: &Parsed) -> String {
    let tree = Tree::new(parsed);
    let mut outline = String::new();
    for id in 1..tree.len() {
        let depth = tree.ancestors(id).count() - 1;
        let attributes = tree.attrs(id).map(|(name, value)| (name.to_owned(), value));
        let piece = match tree.data(id) {
            Data::Root => Piece::Contents,
            Data::Text(text) => Piece::Text(text),
            Data::Element(name) => Piece::Element(name, attributes.collect()),
        };
        write(&mut outline, depth, piece);
    }
    outline
}

/// `scraper`'s tree. Names of attributes that the builder adjusts in drawings and formulas stand as the page has
/// them.
fn theirs(html: &Html) -> String {
    let mut outline = String::new();
    for node in html.tree.root().descendants().skip(1) {
        let piece = match node.value() {
            Node::Text(text) => Piece::Text(text),
            Node::Fragment => Piece::Contents,
            Node::Element(element) => {
                let attributes = element.attrs.iter().map(|(name, value)| {
                    let prefix = name.prefix.iter().map(|it| format!("{it}:"));
                    let name: String = prefix.chain([name.local.to_string()]).collect();
                    (name.to_ascii_lowercase(), &**value)
                });
                Piece::Element(element.name(), attributes.collect())
            }
            _ => continue,
        };
        write(&mut outline, node.ancestors().count() - 1, piece);
    }
    outline
}

fn by_scraper(text: &str) -> Html {
    let mut options = ParseOpts::default();
    options.tree_builder.scripting_enabled = false;
    parse_document(HtmlTreeSink::new(Html::new_document()), options).one(text)
}

/// Hands the tokens of html5ever's tokenizer to our sieve.
struct Adapter<'s> {
    sieve: Sieve<'s>,
    source: &'s Source,
    /// What does not come out of a page that is read.
    odd: RefCell<Vec<Token>>,
}

impl TokenSink for Adapter<'_> {
    type Handle = NodeId;

    fn process_token(&self, token: Token, _: u64) -> TokenSinkResult<NodeId> {
        match token {
            Token::TagToken(mut tag) => {
                let span = |text: &str| self.source.make(|made| made.push_str(text));
                let attributes = std::mem::take(&mut tag.attrs).into_iter();
                let attributes: Vec<_> = attributes
                    .map(|it| Attr {
                        name: span(&it.name.local),
                        value: span(&it.value),
                    })
                    .collect();
                match self.sieve.tag(tag, &attributes) {
                    Content::Markup => {}
                    Content::Raw(kind) => return TokenSinkResult::RawData(kind),
                    Content::Plain => return TokenSinkResult::Plaintext,
                }
            }
            Token::CharacterTokens(text) => self.sieve.text(text),
            Token::DoctypeToken(doctype) => self.sieve.doctype(doctype),
            Token::CommentToken(_) | Token::ParseError(_) | Token::EOFToken => {}
            odd => self.odd.borrow_mut().push(odd),
        }
        TokenSinkResult::Continue
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        self.sieve.is_foreign()
    }
}

/// The tree by html5ever's tokenizer, our sieve and our sink.
fn by_html5ever_s_tokenizer(text: &str) -> Parsed {
    parsed(text, |source, sieve| {
        let adapter = Adapter {
            sieve,
            source,
            odd: RefCell::default(),
        };
        let tokenizer = Tokenizer::new(adapter, TokenizerOpts::default());
        let queue = BufferQueue::default();
        queue.push_back(StrTendril::from_slice(text));
        while !matches!(tokenizer.feed(&queue), TokenizerResult::Done) {}
        tokenizer.end();
        let Adapter { sieve, odd, .. } = tokenizer.sink;
        assert!(odd.borrow().is_empty());
        sieve
    })
}

/// The tree by our tokenizer, with nothing skipped.
fn by_us(text: &str) -> Parsed {
    parsed(text, |source, sieve| {
        let mut tokens = Tokens::new(source);
        while tokens.step(&sieve) {}
        sieve
    })
}

/// The tree of a page of which `read` puts every token through the sieve.
fn parsed(text: &str, read: impl for<'s> FnOnce(&'s Source, Sieve<'s>) -> Sieve<'s>) -> Parsed {
    let source = Source::new(text);
    let sieve = read(&source, sieve(&source, usize::MAX));
    sieve.end();
    let (nodes, attributes) = sieve.builder.sink.finish();
    Parsed {
        texts: source.finish(),
        nodes,
        attributes,
        truncated: false,
        clipped: Vec::new(),
    }
}

proptest! {
    #[test]
    fn the_tokens_are_those_of_html5ever(
        pieces in proptest::collection::vec(proptest::sample::select(PIECES), 0..16),
    ) {
        let page = pieces.concat();
        prop_assert_eq!(ours(&by_us(&page)), ours(&by_html5ever_s_tokenizer(&page)));
    }

    #[test]
    fn the_tree_is_the_one_of_scraper(
        pieces in proptest::collection::vec(proptest::sample::select(MOVED), 0..40),
    ) {
        let page = pieces.concat();
        let parsed = parse(&page, &Limits::DEFAULT);
        prop_assert_eq!(ours(&parsed), theirs(&by_scraper(&page)));
    }

    #[test]
    fn selectors_match_what_they_match_in_scraper_s_tree(
        pieces in proptest::collection::vec(proptest::sample::select(MOVED), 0..40),
    ) {
        let page = pieces.concat();
        let parsed = parse(&page, &Limits::DEFAULT);
        let (tree, html) = (Tree::new(&parsed), by_scraper(&page));
        let elements: Vec<Id> = (0..tree.len()).filter(|&id| tree.name(id).is_some()).collect();
        let descendants = html.tree.root().descendants();
        let expected: Vec<_> = descendants.filter_map(scraper::ElementRef::wrap).collect();
        prop_assert_eq!(elements.len(), expected.len());
        for selector in SELECTORS {
            let (ours, theirs) = (select::Selector::parse(selector).unwrap(), Selector::parse(selector).unwrap());
            let caches = select::Caches::default();
            for (&id, element) in elements.iter().zip(&expected) {
                prop_assert_eq!(ours.matches(&tree, id, &caches), theirs.matches(element), "{}", selector);
            }
        }
    }
}
