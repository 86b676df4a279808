//! The filter between tokenizer and tree builder: drops tokens that no stage reads (styles, scripts that hold
//! no data, drawings) before a node is made for them, turns shadow roots into ordinary elements, and
//! flattens elements that are nested too deep.

use std::cell::{Cell, RefCell};
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, PatternID};
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{EndTag, StartTag, Tag, Token, TokenSink, TokenSinkResult};
use html5ever::tree_builder::TreeBuilder;
use html5ever::{Attribute, LocalName, local_name};

use crate::page::formatting::{Formatting, is_formatting};
use crate::page::sheets::ClippedClasses;
use crate::page::sink::{CountingSink, NodeId};

/// The end tag of a drawing, and start tags that drawings do not contain: where one of these comes first, the
/// drawing was never closed or contains elements of the page, and is not skipped. One search for all of
/// them, so that no page is searched to its end again and again.
static DRAWING: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .build([
            "</svg",
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
        .ok()
});
const DRAWING_END: PatternID = PatternID::ZERO;

/// Drops tokens on their way from the tokenizer to the tree builder.
pub struct Sieve {
    /// Receives the other tokens.
    pub builder: TreeBuilder<NodeId, CountingSink>,
    /// The element whose content is being dropped.
    inside: RefCell<Option<LocalName>>,
    /// A drawing has just begun to be dropped.
    drawing: Cell<bool>,
    /// Open containers, counted by tags; exact enough to limit the nesting.
    depth: Cell<usize>,
    nesting: usize,
    /// Containers whose start tag was dropped for nesting too deep.
    flattened: RefCell<Vec<LocalName>>,
    /// For each open template, whether it is a shadow root.
    templates: RefCell<Vec<bool>>,
    /// What the dropped style sheets hide.
    pub clipped: RefCell<ClippedClasses>,
    formatting: Formatting,
}

impl Sieve {
    /// A sieve that drops the tags of containers nested deeper than this.
    pub fn new(builder: TreeBuilder<NodeId, CountingSink>, nesting: usize) -> Self {
        Sieve {
            builder,
            inside: RefCell::new(None),
            drawing: Cell::new(false),
            depth: Cell::new(0),
            nesting,
            flattened: RefCell::default(),
            templates: RefCell::default(),
            clipped: RefCell::default(),
            formatting: Formatting::default(),
        }
    }

    /// The state for the tokenizer where the content of this start tag is to be dropped.
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

    /// How many bytes of `rest` to skip: after the start tag of a dropped drawing, everything up to its end
    /// tag, unless it was never closed or contains elements of the page.
    pub fn skippable(&self, rest: &str) -> usize {
        if !self.drawing.take() {
            return 0;
        }
        let end = DRAWING.as_ref().and_then(|it| it.find(rest));
        end.filter(|it| it.pattern() == DRAWING_END)
            .map_or(0, |it| it.start())
    }

    /// True where the token is to be dropped. Dropping ends at the element's end tag or, in a drawing, at a
    /// tag that cannot be part of one.
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
            Token::CharacterTokens(text) if *name == local_name!("style") => {
                self.clipped.borrow_mut().read(text);
                true
            }
            Token::EOFToken => false,
            _ => true,
        }
    }

    /// Makes a declarative shadow root a `div`, because it is shown, unlike other templates (HTML 4.12.3).
    fn open_shadow(&self, tag: &mut Tag) {
        if tag.name != local_name!("template") {
            return;
        }
        let mut templates = self.templates.borrow_mut();
        let is_shadow = match tag.kind {
            StartTag => {
                let is_mode = |attr: &Attribute| &*attr.name.local == "shadowrootmode";
                templates.push(tag.attrs.iter().any(is_mode));
                templates.last().copied()
            }
            EndTag => templates.pop(),
        };
        if is_shadow == Some(true) {
            tag.name = local_name!("div");
        }
    }

    /// True where a container's tag is to be dropped because it is nested too deep.
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
                if is_formatting(&tag.name) {
                    self.formatting.charge(tag, &self.builder);
                }
                if tag.kind == StartTag
                    && let Some(state) = self.drops(tag)
                {
                    *self.inside.borrow_mut() = Some(tag.name.clone());
                    self.drawing.set(tag.name == local_name!("svg"));
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

/// True for JSON-LD scripts. Data in other scripts is read only where the page has no text, and then from the
/// source.
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

/// True for elements that can contain others, except `p`, which is often not closed.
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
