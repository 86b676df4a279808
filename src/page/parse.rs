//! Text to tree: html5ever's tokenizer and tree builder, filling `scraper`'s tree. Between the two
//! stands a sieve that drops what no stage reads (comments, styles, scripts but data, drawings)
//! before a node is made for it, and the sink counts the builder's steps, so that a hostile page
//! costs no more than a large one.

use std::borrow::Cow;
use std::cell::{Cell, Ref, RefCell};
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{
    BufferQueue, EndTag, StartTag, Tag, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};
use html5ever::tree_builder::{
    ElementFlags, NodeOrText, QuirksMode, TreeBuilder, TreeBuilderOpts, TreeSink,
};
use html5ever::{Attribute, LocalName, QualName, TokenizerResult, local_name};
use scraper::{Html, HtmlTreeSink};

use crate::limits::Limits;

/// The page is fed in slices of this many bytes, with the budget checked in between.
const SLICE_BYTES: usize = 16 << 10;

type NodeId = <HtmlTreeSink as TreeSink>::Handle;

/// A tree, and whether all of the page is in it.
#[derive(Debug)]
pub struct Parsed {
    /// The tree.
    pub html: Html,
    /// A limit was met: containers were flattened or the rest of the page was left out.
    pub truncated: bool,
}

/// Parses a page within `limits`. Never fails.
pub fn parse(text: &str, limits: &Limits) -> Parsed {
    let (html, complete) = feed(text, limits, usize::MAX);
    if complete {
        return Parsed {
            html,
            truncated: false,
        };
    }
    let (html, _) = feed(text, limits, limits.nesting);
    Parsed {
        html,
        truncated: true,
    }
}

fn feed(text: &str, limits: &Limits, nesting: usize) -> (Html, bool) {
    let sink = CountingSink::new(HtmlTreeSink::new(Html::new_document()));
    let options = TreeBuilderOpts {
        scripting_enabled: false,
        ..TreeBuilderOpts::default()
    };
    let sieve = Sieve::new(TreeBuilder::new(sink, options), nesting);
    let tokenizer = Tokenizer::new(sieve, TokenizerOpts::default());
    let queue = BufferQueue::default();
    let whole = StrTendril::from_slice(text);
    let mut complete = true;
    let mut at = 0;
    while at < text.len() {
        let end = next_cut(text, at);
        // A page fits into the 32 bits of a tendril's lengths: bodies are bounded far below.
        let (Ok(offset), Ok(length)) = (u32::try_from(at), u32::try_from(end - at)) else {
            complete = false;
            break;
        };
        queue.push_back(whole.subtendril(offset, length));
        while !matches!(tokenizer.feed(&queue), TokenizerResult::Done) {}
        if !tokenizer.sink.builder.sink.is_within(limits) {
            complete = false;
            break;
        }
        at = tokenizer.sink.end_of_dropped(text, end);
    }
    tokenizer.end();
    (tokenizer.sink.builder.sink.finish(), complete)
}

/// What begins the elements whose content may be passed over unread.
static RAW: LazyLock<Option<AhoCorasick>> =
    LazyLock::new(|| finder(&["<script", "<style", "<svg"]));
/// What ends them.
static SCRIPT_END: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| finder(&["</script"]));
static STYLE_END: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| finder(&["</style"]));
static DRAWING_END: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| finder(&["</svg"]));
/// What drawings don't hold: where one of these comes before the end, the drawing was never closed
/// or holds a page's own elements, and is read through.
static NOT_DRAWN: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    finder(&[
        "<svg",
        "<div",
        "<p>",
        "<p ",
        "<span",
        "<br",
        "<h1",
        "<h2",
        "<h3",
        "<h4",
        "<ul",
        "<ol",
        "<li",
        "<table",
        "<img",
        "<body",
        "<b>",
        "<i>",
        "<em",
        "<strong",
        "<font",
        "<foreignobject",
    ])
});

fn finder(patterns: &[&str]) -> Option<AhoCorasick> {
    AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .build(patterns)
        .ok()
}

/// Where the slice that begins at `at` ends: after the next tag that may begin an element to pass
/// over, and after [`SLICE_BYTES`] at the latest.
fn next_cut(text: &str, at: usize) -> usize {
    let latest = text.floor_char_boundary(at + SLICE_BYTES).max(at + 1);
    let latest = text.ceil_char_boundary(latest);
    let tag = RAW.as_ref().and_then(|raw| raw.find(&text[at..latest]));
    let Some(tag) = tag else { return latest };
    let start = at + tag.end();
    match text[start..].find('>') {
        Some(length) if length < SLICE_BYTES => start + length + 1,
        _ => latest,
    }
}

/// Drops tokens on their way from the tokenizer to the tree builder.
struct Sieve {
    builder: TreeBuilder<NodeId, CountingSink>,
    /// The element whose content is being dropped.
    inside: RefCell<Option<LocalName>>,
    /// Containers open as the tags go by; exact enough to bound nesting.
    depth: Cell<usize>,
    nesting: usize,
    /// Containers whose start tag was dropped for nesting too deep.
    flattened: RefCell<Vec<LocalName>>,
    /// For each template that is open, whether it is a shadow root.
    templates: RefCell<Vec<bool>>,
}

impl Sieve {
    fn new(builder: TreeBuilder<NodeId, CountingSink>, nesting: usize) -> Self {
        Sieve {
            builder,
            inside: RefCell::new(None),
            depth: Cell::new(0),
            nesting,
            flattened: RefCell::default(),
            templates: RefCell::default(),
        }
    }

    /// The state the tokenizer must take if the content of this start tag is to be dropped.
    fn drops(&self, tag: &Tag) -> Option<TokenSinkResult<NodeId>> {
        match tag.name {
            local_name!("script") if !holds_data(tag) => {
                Some(TokenSinkResult::RawData(RawKind::ScriptData))
            }
            local_name!("style") => Some(TokenSinkResult::RawData(RawKind::Rawtext)),
            local_name!("svg") if !tag.self_closing => Some(TokenSinkResult::Continue),
            _ => None,
        }
    }

    /// From where to read on after `at`: inside a script, a style sheet or a drawing that is being dropped,
    /// from its end tag, so that nothing in between is read at all.
    fn end_of_dropped(&self, text: &str, at: usize) -> usize {
        let inside = self.inside.borrow();
        let Some(name) = inside.as_ref() else {
            return at;
        };
        let is_drawing = *name == local_name!("svg");
        let end = match *name {
            local_name!("script") => &*SCRIPT_END,
            local_name!("style") => &*STYLE_END,
            _ if is_drawing => &*DRAWING_END,
            _ => return at,
        };
        let Some(found) = end.as_ref().and_then(|end| end.find(&text[at..])) else {
            return at;
        };
        let content = &text[at..at + found.start()];
        let is_plain = || NOT_DRAWN.as_ref().is_some_and(|it| !it.is_match(content));
        if is_drawing && !is_plain() {
            return at;
        }
        at + found.start()
    }

    /// Ends the dropping at the element's end tag, or, in a drawing, at a tag that can't be part
    /// of one. True where the token is to be dropped.
    fn is_dropped(&self, token: &Token) -> bool {
        let mut inside = self.inside.borrow_mut();
        let Some(name) = inside.as_ref() else {
            return false;
        };
        match token {
            Token::TagToken(tag) if tag.kind == EndTag && tag.name == *name => {
                *inside = None;
                true
            }
            Token::TagToken(tag)
                if *name == local_name!("svg") && tag.kind == StartTag && breaks_out(&tag.name) =>
            {
                *inside = None;
                false
            }
            Token::EOFToken => false,
            _ => true,
        }
    }

    /// A declarative shadow root is shown, unlike other templates (HTML 4.12.3): it becomes a `div`.
    fn open_shadow(&self, tag: &mut Tag) {
        if tag.name != local_name!("template") {
            return;
        }
        let mut templates = self.templates.borrow_mut();
        let is_shadow = match tag.kind {
            StartTag => {
                let says = |attr: &Attribute| &*attr.name.local == "shadowrootmode";
                templates.push(tag.attrs.iter().any(says));
                templates.last().copied()
            }
            EndTag => templates.pop(),
        };
        if is_shadow == Some(true) {
            tag.name = local_name!("div");
        }
    }

    /// True where a container's tag is to be left out because it is nested too deep.
    fn is_flattened(&self, tag: &Tag) -> bool {
        if self.nesting == usize::MAX || tag.self_closing || !nests(&tag.name) {
            return false;
        }
        let depth = self.depth.get();
        let mut flattened = self.flattened.borrow_mut();
        match tag.kind {
            StartTag if depth >= self.nesting => {
                flattened.push(tag.name.clone());
                true
            }
            StartTag => {
                self.depth.set(depth + 1);
                false
            }
            EndTag if flattened.last() == Some(&tag.name) => {
                flattened.pop();
                true
            }
            EndTag => {
                self.depth.set(depth.saturating_sub(1));
                false
            }
        }
    }
}

impl TokenSink for Sieve {
    type Handle = NodeId;

    fn process_token(&self, mut token: Token, line: u64) -> TokenSinkResult<NodeId> {
        if self.is_dropped(&token) {
            return TokenSinkResult::Continue;
        }
        if let Token::TagToken(tag) = &mut token {
            self.open_shadow(tag);
        }
        match &token {
            Token::CommentToken(_) | Token::ParseError(_) => return TokenSinkResult::Continue,
            Token::TagToken(tag) => {
                if self.is_flattened(tag) {
                    return TokenSinkResult::Continue;
                }
                if tag.kind == StartTag
                    && let Some(state) = self.drops(tag)
                {
                    *self.inside.borrow_mut() = Some(tag.name.clone());
                    return state;
                }
            }
            _ => {}
        }
        self.builder.process_token(token, line)
    }

    fn end(&self) {
        self.builder.end();
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        self.builder
            .adjusted_current_node_present_but_not_in_html_namespace()
    }
}

/// True for scripts that are JSON-LD. Other data that scripts hold is read only where the page has no
/// text, and then straight from the source.
fn holds_data(tag: &Tag) -> bool {
    tag.attrs.iter().any(|attr| {
        attr.name.local == local_name!("type")
            && attr.value.to_ascii_lowercase().contains("ld+json")
    })
}

/// True for the start tags that end foreign content (HTML 13.2.6.5), and for a second drawing.
fn breaks_out(name: &LocalName) -> bool {
    matches!(
        &**name,
        "b" | "big"
            | "blockquote"
            | "body"
            | "br"
            | "center"
            | "code"
            | "dd"
            | "div"
            | "dl"
            | "dt"
            | "em"
            | "embed"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "head"
            | "hr"
            | "i"
            | "img"
            | "li"
            | "listing"
            | "menu"
            | "meta"
            | "nobr"
            | "ol"
            | "p"
            | "pre"
            | "ruby"
            | "s"
            | "small"
            | "span"
            | "strong"
            | "strike"
            | "sub"
            | "sup"
            | "table"
            | "tt"
            | "u"
            | "ul"
            | "var"
            | "article"
            | "section"
            | "main"
    )
}

/// True for elements that can hold others, but `p`, which is often left unclosed.
fn nests(name: &LocalName) -> bool {
    !matches!(
        &**name,
        "p" | "html"
            | "head"
            | "body"
            | "br"
            | "hr"
            | "img"
            | "input"
            | "meta"
            | "link"
            | "base"
            | "source"
            | "track"
            | "wbr"
            | "col"
            | "embed"
            | "area"
            | "param"
            | "script"
            | "style"
    )
}

/// `scraper`'s sink with a count of the tree builder's steps and of the nodes made.
struct CountingSink {
    sink: HtmlTreeSink,
    steps: Cell<u64>,
    nodes: Cell<usize>,
}

impl CountingSink {
    fn new(sink: HtmlTreeSink) -> Self {
        CountingSink {
            sink,
            steps: Cell::new(0),
            nodes: Cell::new(0),
        }
    }

    fn is_within(&self, limits: &Limits) -> bool {
        self.steps.get() <= limits.parse_steps && self.nodes.get() <= limits.nodes
    }

    fn step(&self) {
        self.steps.set(self.steps.get() + 1);
    }

    fn node(&self) {
        self.nodes.set(self.nodes.get() + 1);
    }
}

impl TreeSink for CountingSink {
    type Handle = NodeId;
    type Output = Html;
    type ElemName<'a> = Ref<'a, QualName>;

    fn finish(self) -> Html {
        self.sink.finish()
    }

    fn parse_error(&self, _: Cow<'static, str>) {}

    fn get_document(&self) -> NodeId {
        self.sink.get_document()
    }

    fn elem_name<'a>(&'a self, target: &'a NodeId) -> Ref<'a, QualName> {
        self.step();
        self.sink.elem_name(target)
    }

    fn create_element(&self, name: QualName, attrs: Vec<Attribute>, flags: ElementFlags) -> NodeId {
        self.node();
        self.sink.create_element(name, attrs, flags)
    }

    fn create_comment(&self, text: StrTendril) -> NodeId {
        self.sink.create_comment(text)
    }

    fn create_pi(&self, target: StrTendril, data: StrTendril) -> NodeId {
        self.sink.create_pi(target, data)
    }

    fn append(&self, parent: &NodeId, child: NodeOrText<NodeId>) {
        if matches!(child, NodeOrText::AppendText(_)) {
            self.node();
        }
        self.sink.append(parent, child);
    }

    fn append_based_on_parent_node(
        &self,
        element: &NodeId,
        prev_element: &NodeId,
        child: NodeOrText<NodeId>,
    ) {
        self.sink
            .append_based_on_parent_node(element, prev_element, child);
    }

    fn append_doctype_to_document(&self, name: StrTendril, public: StrTendril, system: StrTendril) {
        self.sink.append_doctype_to_document(name, public, system);
    }

    fn get_template_contents(&self, target: &NodeId) -> NodeId {
        self.sink.get_template_contents(target)
    }

    fn same_node(&self, x: &NodeId, y: &NodeId) -> bool {
        self.step();
        self.sink.same_node(x, y)
    }

    fn set_quirks_mode(&self, mode: QuirksMode) {
        self.sink.set_quirks_mode(mode);
    }

    fn append_before_sibling(&self, sibling: &NodeId, new_node: NodeOrText<NodeId>) {
        self.sink.append_before_sibling(sibling, new_node);
    }

    fn add_attrs_if_missing(&self, target: &NodeId, attrs: Vec<Attribute>) {
        self.sink.add_attrs_if_missing(target, attrs);
    }

    fn remove_from_parent(&self, target: &NodeId) {
        self.sink.remove_from_parent(target);
    }

    fn reparent_children(&self, node: &NodeId, new_parent: &NodeId) {
        self.sink.reparent_children(node, new_parent);
    }
}

#[cfg(test)]
mod tests {
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

    #[test]
    fn the_page_is_fed_whole_across_slices() {
        let html = format!("<p>{}</p>", "ä".repeat(10_000));
        assert_eq!(texts(&html).chars().count(), 10_000);
    }
}
