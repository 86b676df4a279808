//! The filter between tokenizer and tree builder: drops tokens that no stage reads (styles, scripts that hold
//! no data, drawings) before a node is made for them, turns shadow roots into ordinary elements, and
//! flattens elements that are nested too deep.

use std::cell::{Cell, RefCell};
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, PatternID};
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{Doctype, EndTag, StartTag, Tag, Token, TokenSink, TokenSinkResult};
use html5ever::tree_builder::TreeBuilder;
use html5ever::{Attribute, LocalName, QualName, local_name, ns};

use crate::page::attributes::{Attr, List, NO_LIST, pass_by, read_by_builder, ticket};
use crate::page::formatting::{Formatting, is_formatting};
use crate::page::sheets::ClippedClasses;
use crate::page::sink::{Handle, Sink};
use crate::page::source::Span;
use crate::page::tokens::{Content, Receiver};

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
pub struct Sieve<'s> {
    /// Receives the other tokens.
    pub builder: TreeBuilder<Handle, Sink<'s>>,
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

impl<'s> Sieve<'s> {
    /// A sieve that drops the tags of containers nested deeper than this.
    pub fn new(builder: TreeBuilder<Handle, Sink<'s>>, nesting: usize) -> Self {
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

    /// What the content of this start tag is, where it is to be dropped.
    fn drops(&self, tag: &Tag, attributes: &[Attr]) -> Option<Content> {
        match tag.name {
            local_name!("script") if !self.holds_data(attributes) => {
                Some(Content::Raw(RawKind::ScriptData))
            }
            local_name!("style") => Some(Content::Raw(RawKind::Rawtext)),
            local_name!("svg") if !tag.self_closing => Some(Content::Markup),
            _ => None,
        }
    }

    /// True for JSON-LD scripts. Data in other scripts is read only where the page has no text, and then from the
    /// source.
    fn holds_data(&self, attributes: &[Attr]) -> bool {
        let is_type = |it: &&Attr| self.reads(it.name, |name| name == "type");
        let mut types = attributes.iter().filter(is_type);
        types.any(|it| self.reads(it.value, |it| it.to_ascii_lowercase().contains("ld+json")))
    }

    fn reads(&self, span: Span, read: impl FnOnce(&str) -> bool) -> bool {
        self.builder.sink.source.read(span, read)
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

    /// True where the tag is to be dropped. Dropping ends at the element's end tag or, in a drawing, at a tag that
    /// cannot be part of one.
    fn is_dropped(&self, tag: &Tag) -> bool {
        let mut inside = self.inside.borrow_mut();
        let Some(name) = inside.as_ref() else {
            return false;
        };
        if tag.kind == EndTag && tag.name == *name {
            *inside = None;
            return true;
        }
        let is_outside =
            *name == local_name!("svg") && tag.kind == StartTag && breaks_out(&tag.name);
        if is_outside {
            *inside = None;
        }
        !is_outside
    }

    /// Makes a declarative shadow root a `div`, because it is shown, unlike other templates (HTML 4.12.3).
    fn open_shadow(&self, tag: &mut Tag, attributes: &[Attr]) {
        if tag.name != local_name!("template") {
            return;
        }
        let mut templates = self.templates.borrow_mut();
        let is_shadow = match tag.kind {
            StartTag => {
                let is_mode = |it: &Attr| self.reads(it.name, |name| name == "shadowrootmode");
                templates.push(attributes.iter().any(is_mode));
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

    /// Keeps a start tag's attributes and gives the builder the ticket for them, with those that it reads. The list
    /// that may be forgotten where the builder makes no element.
    fn keep_attributes(&self, tag: &mut Tag, attributes: &[Attr]) -> List {
        let sink = &self.builder.sink;
        let is_formatting = is_formatting(&tag.name);
        let list = if is_formatting {
            sink.attributes
                .borrow_mut()
                .add_shared(attributes, sink.source)
        } else {
            sink.attributes.borrow_mut().add(attributes)
        };
        if is_formatting {
            self.formatting.charge(&tag.name, list, &self.builder);
        }
        if attributes.is_empty() {
            return NO_LIST;
        }
        if pass_by(&tag.name) {
            *sink.aside.borrow_mut() = Some((tag.name.clone(), list));
        } else {
            tag.attrs = self.of_builder(&tag.name, list, attributes);
        }
        // The list of a formatting element may serve another.
        if is_formatting { NO_LIST } else { list }
    }

    fn of_builder(&self, tag: &LocalName, list: List, attributes: &[Attr]) -> Vec<Attribute> {
        let mut of_builder = vec![ticket(list)];
        let read = read_by_builder(tag);
        for attribute in attributes.iter().filter(|_| !read.is_empty()) {
            let source = self.builder.sink.source;
            source.read(attribute.name, |name| {
                if read.contains(&name) {
                    let name = QualName::new(None, ns!(), name.into());
                    let value = source.read(attribute.value, StrTendril::from_slice);
                    of_builder.push(Attribute { name, value });
                }
            });
        }
        of_builder
    }

    /// Takes the end of the page.
    pub fn end(&self) {
        let _ = self.builder.process_token(Token::EOFToken, 1);
        self.builder.end();
    }
}

impl Receiver for Sieve<'_> {
    fn text(&self, text: StrTendril) {
        match &*self.inside.borrow() {
            None => {
                let _ = self.builder.process_token(Token::CharacterTokens(text), 1);
            }
            Some(local_name!("style")) => self.clipped.borrow_mut().read(&text),
            Some(_) => {}
        }
    }

    fn tag(&self, mut tag: Tag, attributes: &[Attr]) -> Content {
        if self.is_dropped(&tag) {
            return Content::Markup;
        }
        self.open_shadow(&mut tag, attributes);
        if self.is_flattened(&tag) {
            return Content::Markup;
        }
        if tag.kind == EndTag && is_formatting(&tag.name) {
            self.formatting.charge_end(&self.builder);
        }
        let mut list = NO_LIST;
        if tag.kind == StartTag {
            if let Some(content) = self.drops(&tag, attributes) {
                self.drawing.set(tag.name == local_name!("svg"));
                *self.inside.borrow_mut() = Some(tag.name);
                return content;
            }
            list = self.keep_attributes(&mut tag, attributes);
        }
        let sink = &self.builder.sink;
        let nodes = sink.node_count.get();
        let result = self.builder.process_token(Token::TagToken(tag), 1);
        sink.aside.take();
        if sink.node_count.get() == nodes {
            sink.attributes.borrow_mut().forget(list);
        }
        match result {
            TokenSinkResult::RawData(kind) => Content::Raw(kind),
            TokenSinkResult::Plaintext => Content::Plain,
            _ => Content::Markup,
        }
    }

    fn doctype(&self, doctype: Doctype) {
        if self.inside.borrow().is_none() {
            let _ = self.builder.process_token(Token::DoctypeToken(doctype), 1);
        }
    }

    fn is_foreign(&self) -> bool {
        self.builder
            .adjusted_current_node_present_but_not_in_html_namespace()
    }
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
