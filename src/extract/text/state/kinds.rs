//! What nodes of rich text are, by the names that editors and content systems give them: one table for Portable
//! Text, Slate, Draft.js, Arc, Gutenberg, ProseMirror, Lexical, Contentful, Editor.js, Prismic, DatoCMS, the BBC's
//! and others' models, and elements of HTML as data.

use serde_json::{Map, Value};

/// What a node of rich text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NodeKind {
    Paragraph,
    /// Of this level; 0 where the node's fields say it.
    Heading(u8),
    Quote,
    List(ListKind),
    /// An item; of lists without an element around them, the kind of list.
    Item(ListKind),
    Code,
    Table,
    Row,
    Cell,
    HeaderCell,
    /// A paragraph to some, a part of one to others.
    Text,
    /// Markup of any kind.
    Markup,
    Link,
    Inline(&'static str),
    LineBreak,
    Image,
    /// Holds others, and says nothing of its own.
    Container,
    /// No part of the text: media, advertising, references to other pages.
    Dropped,
}

/// The kind of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ListKind {
    Bullets,
    Numbers,
    /// Not stated.
    Open,
}

impl NodeKind {
    /// True for what stands within a line.
    pub(super) fn is_inline(self) -> bool {
        matches!(
            self,
            NodeKind::Text | NodeKind::Link | NodeKind::Inline(_) | NodeKind::LineBreak
        )
    }

    /// True for a node with a text of its own.
    pub(super) fn is_text(self) -> bool {
        !matches!(
            self,
            NodeKind::Container | NodeKind::Dropped | NodeKind::Image
        )
    }
}

/// The fields that say what a node is, the most telling first.
const KIND_KEYS: [&str; 14] = [
    "nodeType",
    "_type",
    "type",
    "blockName",
    "tagName",
    "tag",
    "name",
    "__typename",
    "slice_type",
    "kind",
    "component",
    "acf_fc_layout",
    "blockType",
    "element",
];

/// What a node is; `None` where none of its fields says so.
pub(super) fn kind_of(fields: &Map<String, Value>) -> Option<NodeKind> {
    let list = fields.get("listItem").and_then(Value::as_str);
    if let Some(list) = list.filter(|it| !it.is_empty()) {
        return Some(NodeKind::Item(if list.starts_with("num") {
            ListKind::Numbers
        } else {
            ListKind::Bullets
        }));
    }
    let named = KIND_KEYS
        .iter()
        .filter_map(|key| fields.get(*key)?.as_str());
    let mut is_named = false;
    for name in named {
        // Portable Text calls everything a block; its style says more.
        if name == "block" {
            let style = fields.get("style").and_then(Value::as_str);
            return Some(style.and_then(of_name).unwrap_or(NodeKind::Paragraph));
        }
        if let Some(kind) = of_name(name) {
            return Some(kind);
        }
        is_named = true;
    }
    // A leaf of text needs no name.
    let is_leaf = !is_named
        && fields.get("text").is_some_and(Value::is_string)
        && fields.len() <= 6
        && !fields.contains_key("title")
        && !fields.contains_key("url");
    is_leaf.then_some(NodeKind::Text)
}

/// What an element of HTML is. To editors a header is a heading; in HTML it is what stands above a text.
pub(super) fn of_tag(tag: &str) -> Option<NodeKind> {
    match tag {
        "header" | "title" => Some(NodeKind::Dropped),
        _ => of_name(tag),
    }
}

/// Parts of names that say nothing: `core/paragraph`, `TextBlockElement`.
const SUFFIXES: [&str; 9] = [
    "block",
    "element",
    "node",
    "component",
    "slice",
    "module",
    "inline",
    "entity",
    "record",
];
/// Parts of the names of what is no text.
const DROPPED: [&str; 25] = [
    "related",
    "promo",
    "newsletter",
    "advert",
    "teaser",
    "recirc",
    "share",
    "comment",
    "byline",
    "subscri",
    "embed",
    "gallery",
    "video",
    "audio",
    "podcast",
    "player",
    "tweet",
    "twitter",
    "instagram",
    "youtube",
    "iframe",
    "interstitial",
    "product",
    "readmore",
    "footnote",
];

/// What a name means.
pub(super) fn of_name(name: &str) -> Option<NodeKind> {
    let last = name.rsplit(['.', '/']).next().unwrap_or(name);
    if last.len() > 40 {
        return None;
    }
    let squashed: String = last
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect();
    let squashed = squashed
        .strip_prefix("core")
        .filter(|it| it.len() > 1)
        .unwrap_or(&squashed);
    let mut bare = squashed;
    loop {
        if let Some(kind) = of_word(bare) {
            return Some(kind);
        }
        let shorter = SUFFIXES.iter().find_map(|suffix| bare.strip_suffix(suffix));
        match shorter {
            Some(shorter) if !shorter.is_empty() => bare = shorter,
            _ => break,
        }
    }
    if DROPPED.iter().any(|part| squashed.contains(part))
        || matches!(squashed, "ad" | "ads" | "adslot")
    {
        return Some(NodeKind::Dropped);
    }
    let is_text = squashed.ends_with("text")
        || squashed.ends_with("paragraph")
        || squashed.starts_with("richtext");
    is_text.then_some(NodeKind::Markup)
}

fn of_word(word: &str) -> Option<NodeKind> {
    use ListKind::{Bullets, Numbers, Open};
    Some(match word {
        "paragraph" | "p" | "para" | "unstyled" | "normal" | "lead" | "intro" | "ingress"
        | "standfirst" => NodeKind::Paragraph,
        "text" | "span" | "fragment" | "leaf" | "string" => NodeKind::Text,
        "html" | "rawhtml" | "richtext" | "wysiwyg" | "markdown" | "freeform" | "copy"
        | "prose" | "bodytext" | "classic" => NodeKind::Markup,
        "heading" | "header" | "headline" | "headings" | "subheadline" | "subheading"
        | "subhead" | "subheader" | "subtitle" | "intertitle" | "crosshead" | "crossheading"
        | "crossheader" | "title" => NodeKind::Heading(0),
        "h1" | "heading1" | "header1" | "headerone" | "headingone" => NodeKind::Heading(1),
        "h2" | "heading2" | "header2" | "headertwo" | "headingtwo" => NodeKind::Heading(2),
        "h3" | "heading3" | "header3" | "headerthree" | "headingthree" => NodeKind::Heading(3),
        "h4" | "heading4" | "header4" | "headerfour" | "headingfour" => NodeKind::Heading(4),
        "h5" | "heading5" | "header5" | "headerfive" | "headingfive" => NodeKind::Heading(5),
        "h6" | "heading6" | "header6" | "headersix" | "headingsix" => NodeKind::Heading(6),
        "quote" | "blockquote" | "bq" | "pullquote" | "pq" | "quotation" => NodeKind::Quote,
        "list" | "lists" => NodeKind::List(Open),
        "ul" | "bulletlist" | "bulletedlist" | "unorderedlist" => NodeKind::List(Bullets),
        "ol" | "orderedlist" | "numberedlist" | "numberlist" => NodeKind::List(Numbers),
        "li" | "listitem" => NodeKind::Item(Open),
        "uli" | "unorderedlistitem" | "bulletlistitem" | "bulletedlistitem" | "bullet" => {
            NodeKind::Item(Bullets)
        }
        "oli" | "olistitem" | "orderedlistitem" | "numberedlistitem" | "numberlistitem" => {
            NodeKind::Item(Numbers)
        }
        "code" | "codeblock" | "pre" | "preformatted" => NodeKind::Code,
        "table" => NodeKind::Table,
        "tr" | "tablerow" => NodeKind::Row,
        "td" | "tablecell" => NodeKind::Cell,
        "th" | "tableheader" | "tableheadercell" | "tableheadcell" => NodeKind::HeaderCell,
        "link" | "a" | "hyperlink" | "entryhyperlink" | "assethyperlink" | "autolink"
        | "urllink" | "url" => NodeKind::Link,
        "strong" | "b" | "bold" => NodeKind::Inline("strong"),
        "em" | "i" | "italic" | "emphasis" | "italics" => NodeKind::Inline("em"),
        "inlinecode" => NodeKind::Inline("code"),
        "sub" | "subscript" => NodeKind::Inline("sub"),
        "sup" | "superscript" => NodeKind::Inline("sup"),
        "u" | "s" | "underline" | "strike" | "mark" | "small" | "abbr" | "cite" | "time"
        | "mention" | "q" => NodeKind::Inline("span"),
        "br" | "hardbreak" | "linebreak" | "softbreak" | "break" => NodeKind::LineBreak,
        "image" | "img" | "figure" | "picture" | "photo" | "embeddedasset" | "upload" => {
            NodeKind::Image
        }
        "doc" | "document" | "root" | "div" | "section" | "article" | "main" | "body" | "group"
        | "column" | "columns" | "layout" | "container" | "thead" | "tbody" | "tfoot"
        | "tablehead" | "tablebody" | "listitemcontent" | "lic" | "stack" | "wrapper"
        | "content" | "block" => NodeKind::Container,
        "hr" | "divider" | "separator" | "delimiter" | "thematicbreak" | "horizontalrule"
        | "horizontalline" | "spacer" | "script" | "style" | "iframe" | "media" | "atomic"
        | "nav" | "aside" | "footer" | "form" | "button" | "svg" | "oembedresponse"
        | "referent" | "custom" | "infobox" | "factbox" | "author" | "tag" | "tags" => {
            NodeKind::Dropped
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_table_reads_the_names_of_many_systems() {
        for (name, kind) in [
            ("core/paragraph", NodeKind::Paragraph),
            ("CoreParagraph", NodeKind::Paragraph),
            ("ParagraphBlock", NodeKind::Paragraph),
            ("header-two", NodeKind::Heading(2)),
            ("Heading2Block", NodeKind::Heading(2)),
            ("heading-3", NodeKind::Heading(3)),
            (
                "model.dotcomrendering.pageElements.TextBlockElement",
                NodeKind::Text,
            ),
            ("bullet_list", NodeKind::List(ListKind::Bullets)),
            ("o-list-item", NodeKind::Item(ListKind::Numbers)),
            ("table-header-cell", NodeKind::HeaderCell),
            ("block-rich_text", NodeKind::Markup),
            ("entry-hyperlink", NodeKind::Link),
            ("interstitial_link", NodeKind::Dropped),
            ("embedded-entry-block", NodeKind::Dropped),
            ("RelatedArticlesBlock", NodeKind::Dropped),
        ] {
            assert_eq!(of_name(name), Some(kind), "{name}");
        }
        assert_eq!(of_name("story"), None);
    }
}
