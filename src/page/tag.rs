//! The tags of elements, one byte each.

use std::collections::HashMap;
use std::sync::LazyLock;

use foldhash::fast::RandomState;

macro_rules! tags {
    ($($variant:ident = $name:literal,)*) => {
        /// The tag of an element, as far as any stage distinguishes it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[repr(u8)]
        #[allow(missing_docs)] // Each is the element of that name.
        pub enum Tag {
            $($variant,)*
            /// The document, and template contents.
            Root,
            /// A text node.
            Text,
            /// Any other element.
            Other,
        }

        /// By name: a `match` would compare a name with one after another.
        static BY_NAME: LazyLock<HashMap<&'static str, Tag, RandomState>> =
            LazyLock::new(|| HashMap::from_iter([$(($name, Tag::$variant),)*]));

        impl Tag {
            /// The tag of a lower-case element name.
            pub fn from_name(name: &str) -> Tag {
                BY_NAME.get(name).copied().unwrap_or(Tag::Other)
            }
        }
    };
}

tags! {
    A = "a", Abbr = "abbr", Address = "address", Amp = "amp-img", Article = "article",
    Aside = "aside", Audio = "audio", B = "b", Base = "base", Blockquote = "blockquote", Body = "body", Br = "br",
    Button = "button", Center = "center", Cite = "cite", Code = "code", Dd = "dd", Del = "del",
    Details = "details", Dialog = "dialog", Div = "div", Dl = "dl", Dt = "dt", Em = "em",
    Fieldset = "fieldset", Figcaption = "figcaption", Figure = "figure", Font = "font",
    Footer = "footer", Form = "form", H1 = "h1", H2 = "h2", H3 = "h3", H4 = "h4", H5 = "h5",
    H6 = "h6", Head = "head", Header = "header", Hgroup = "hgroup", Hr = "hr", Html = "html",
    I = "i", Iframe = "iframe", Img = "img", Input = "input", Ins = "ins", Label = "label",
    Legend = "legend", Li = "li", Link = "link", Main = "main", Mark = "mark", Menu = "menu",
    Meta = "meta", Nav = "nav", Noscript = "noscript", Object = "object", Ol = "ol",
    Option = "option", P = "p", Picture = "picture", Pre = "pre", Q = "q", Rp = "rp", Rt = "rt",
    Ruby = "ruby", S = "s", Script = "script", Search = "search", Section = "section",
    Select = "select", Small = "small", Source = "source", Span = "span", Strong = "strong",
    Style = "style", Sub = "sub", Summary = "summary", Sup = "sup", Svg = "svg", Table = "table",
    Tbody = "tbody", Td = "td", Template = "template", Textarea = "textarea", Tfoot = "tfoot",
    Th = "th", Thead = "thead", Time = "time", Title = "title", Tr = "tr", U = "u", Ul = "ul",
    Video = "video", Wbr = "wbr",
}

impl Tag {
    /// True for elements that begin a new line by default (HTML 15.3).
    pub fn is_block(self) -> bool {
        use Tag::*;
        matches!(
            self,
            Root | Html
                | Head
                | Body
                | Address
                | Article
                | Aside
                | Blockquote
                | Center
                | Dd
                | Details
                | Dialog
                | Div
                | Dl
                | Dt
                | Fieldset
                | Figcaption
                | Figure
                | Footer
                | Form
                | H1
                | H2
                | H3
                | H4
                | H5
                | H6
                | Header
                | Hgroup
                | Hr
                | Legend
                | Li
                | Main
                | Menu
                | Nav
                | Noscript
                | Ol
                | Option
                | P
                | Pre
                | Search
                | Section
                | Summary
                | Table
                | Tbody
                | Td
                | Tfoot
                | Th
                | Thead
                | Title
                | Tr
                | Ul
                | Template
        )
    }

    /// The level of a heading, 1 to 6.
    pub fn heading_level(self) -> Option<u8> {
        match self {
            Tag::H1 => Some(1),
            Tag::H2 => Some(2),
            Tag::H3 => Some(3),
            Tag::H4 => Some(4),
            Tag::H5 => Some(5),
            Tag::H6 => Some(6),
            _ => None,
        }
    }
}
