//! The numbers that represent tags, roles, rule groups, page kinds, characters and
//! kinds of words. A trained model splits on these numbers, so each is written out here, apart from
//! the enums: a variant inserted in the middle moves none of them. Give a new variant the next free
//! number and train again.
//!
//! [`digest`] covers every number. The model file states the digest that it was trained with, and no
//! model is loaded whose digest differs.

use crate::article::{Kind, Role};
use crate::canonical;
use crate::extract::rules::{Group, Mark, Rules};
use crate::page::Tag;

/// The names and numbers of one encoding.
type Codes = [(&'static str, u8)];

/// Makes the function that encodes an enum, and the table of its codes. The match is exhaustive: a
/// new variant does not compile before it has a number.
macro_rules! codes {
    ($(#[$doc:meta])* $function:ident, $table:ident, $type:ident {
        $($variant:ident = $code:literal $name:literal,)*
    }) => {
        const $table: &Codes = &[$(($name, $code),)*];

        $(#[$doc])*
        pub fn $function(value: $type) -> u8 {
            match value {
                $($type::$variant => $code,)*
            }
        }
    };
}

codes! {
    /// The code of an element's tag.
    tag, TAGS, Tag {
        A = 0 "a", Abbr = 1 "abbr", Address = 2 "address", Amp = 3 "amp-img",
        Article = 4 "article", Aside = 5 "aside", Audio = 6 "audio", B = 7 "b", Base = 8 "base",
        Blockquote = 9 "blockquote", Body = 10 "body", Br = 11 "br", Button = 12 "button",
        Center = 13 "center", Cite = 14 "cite", Code = 15 "code", Dd = 16 "dd", Del = 17 "del",
        Details = 18 "details", Dialog = 19 "dialog", Div = 20 "div", Dl = 21 "dl", Dt = 22 "dt",
        Em = 23 "em", Fieldset = 24 "fieldset", Figcaption = 25 "figcaption",
        Figure = 26 "figure", Font = 27 "font", Footer = 28 "footer", Form = 29 "form",
        H1 = 30 "h1", H2 = 31 "h2", H3 = 32 "h3", H4 = 33 "h4", H5 = 34 "h5", H6 = 35 "h6",
        Head = 36 "head", Header = 37 "header", Hgroup = 38 "hgroup", Hr = 39 "hr",
        Html = 40 "html", I = 41 "i", Iframe = 42 "iframe", Img = 43 "img", Input = 44 "input",
        Ins = 45 "ins", Label = 46 "label", Legend = 47 "legend", Li = 48 "li", Link = 49 "link",
        Main = 50 "main", Mark = 51 "mark", Menu = 52 "menu", Meta = 53 "meta", Nav = 54 "nav",
        Noscript = 55 "noscript", Object = 56 "object", Ol = 57 "ol", Option = 58 "option",
        P = 59 "p", Picture = 60 "picture", Pre = 61 "pre", Q = 62 "q", Rp = 63 "rp",
        Rt = 64 "rt", Ruby = 65 "ruby", S = 66 "s", Script = 67 "script", Search = 68 "search",
        Section = 69 "section", Select = 70 "select", Small = 71 "small", Source = 72 "source",
        Span = 73 "span", Strong = 74 "strong", Style = 75 "style", Sub = 76 "sub",
        Summary = 77 "summary", Sup = 78 "sup", Svg = 79 "svg", Table = 80 "table",
        Tbody = 81 "tbody", Td = 82 "td", Template = 83 "template", Textarea = 84 "textarea",
        Tfoot = 85 "tfoot", Th = 86 "th", Thead = 87 "thead", Time = 88 "time",
        Title = 89 "title", Tr = 90 "tr", U = 91 "u", Ul = 92 "ul", Video = 93 "video",
        Wbr = 94 "wbr", Root = 95 "#root", Text = 96 "#text", Other = 97 "#other",
    }
}

codes! {
    /// The code of a block's role.
    role, ROLES, Role {
        Standfirst = 0 "standfirst",
        Heading = 1 "heading",
        Paragraph = 2 "paragraph",
        List = 3 "list",
        Quote = 4 "quote",
        Table = 5 "table",
        Code = 6 "code",
        Caption = 7 "caption",
        Entry = 8 "entry",
    }
}

codes! {
    /// The code of a rule's group.
    group, GROUPS, Group {
        Hidden = 0 "hidden",
        Navigation = 1 "navigation",
        Share = 2 "share",
        Comments = 3 "comments",
        Related = 4 "related",
        Promo = 5 "promo",
        Consent = 6 "consent",
        Ads = 7 "ads",
        Byline = 8 "byline",
        Caption = 9 "caption",
        Footer = 10 "footer",
        Controls = 11 "controls",
        Site = 12 "site",
    }
}

codes! {
    /// The code of a page's kind.
    page_kind, KINDS, Kind {
        Article = 0 "article",
        LiveBlog = 1 "live_blog",
        Gallery = 2 "gallery",
        Video = 3 "video",
        Index = 4 "index",
        Other = 5 "other",
    }
}

/// What words are hashed with, so that equal words of different kinds have different weights.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WordKind {
    /// A word of any text, before it is counted as one of the kinds below.
    Plain,
    /// In the class, id or role of an element around a block.
    ElementName,
    /// At the start or the end of a block.
    Edge,
    /// In the heading above a block.
    Heading,
    /// Two words in a row at the start or the end of a block.
    Pair,
    /// Anywhere in a block.
    Inside,
    /// In a short block of the page.
    PageLabel,
    /// In a long block of the page.
    PageText,
    /// In a class or an id anywhere on the page.
    PageName,
    /// In the path of the page's address.
    PagePath,
    /// A type that the page declares.
    PageType,
}

codes! {
    /// The byte that words of this kind are hashed with.
    word_kind, WORD_KINDS, WordKind {
        Plain = b't' "plain",
        ElementName = b'c' "element name",
        Edge = b'e' "edge",
        Heading = b'u' "heading",
        Pair = b'p' "pair",
        Inside = b'w' "inside",
        PageLabel = b's' "page label",
        PageText = b'l' "page text",
        PageName = b'k' "page name",
        PagePath = b'a' "page path",
        PageType = b'j' "page type",
    }
}

/// Added to the group of a rule, so that 0 is left for elements that no rule marks.
const RULE: u8 = 1;
/// Added for a rule that is certain.
const CERTAIN: u8 = 20;
/// An element that a source's own selectors strip.
const STRIPPED_BY_SOURCE: u8 = 40;
/// An element that a source's own selectors keep.
const KEPT_BY_SOURCE: f32 = -1.0;
/// Added to the code of a declared kind, so that 0 is left for pages that declare none.
const DECLARED: u8 = 1;
const OFFSETS: &Codes = &[
    ("rule", RULE),
    ("certain", CERTAIN),
    ("stripped by source", STRIPPED_BY_SOURCE),
    ("declared", DECLARED),
];

/// The code of what the rules say about an element.
pub fn mark(mark: Mark, rules: &Rules) -> f32 {
    match mark {
        Mark::Free => 0.0,
        Mark::Kept(_) => KEPT_BY_SOURCE,
        Mark::Site(_) => f32::from(STRIPPED_BY_SOURCE),
        Mark::Rule(rule) => {
            let rule = &rules.rules[usize::from(rule)];
            let certain = if rule.certain { CERTAIN } else { 0 };
            f32::from(RULE + group(rule.group) + certain)
        }
    }
}

/// The code of a kind that a page may declare; 0 where it declares none.
pub fn declared_kind(declared: Option<Kind>) -> u8 {
    declared.map_or(0, |declared| DECLARED + page_kind(declared))
}

/// The code of a character that a block begins or ends with.
pub fn character(c: char) -> u8 {
    match c {
        '\0' => 0,
        _ if c.is_lowercase() => 1,
        _ if c.is_uppercase() => 2,
        _ if c.is_alphabetic() => 3,
        _ if c.is_numeric() => 4,
        '.' | '。' => 5,
        '!' | '?' | '！' | '？' => 6,
        ':' | '：' => 7,
        ',' | ';' | '、' => 8,
        '…' => 9,
        '"' | '“' | '”' | '„' | '«' | '»' | '\'' | '‘' | '’' | '「' | '」' => 10,
        '(' | '[' | '（' | '【' => 11,
        ')' | ']' | '）' | '】' => 12,
        '-' | '–' | '—' => 13,
        '•' | '*' | '·' | '▪' | '►' | '▶' | '→' | '>' | '›' => 14,
        '|' | '/' | '#' | '@' | '©' => 15,
        _ => 16,
    }
}

/// Every mark that [`character`] names, and one character of each class.
const CHARACTERS: &str = "\0aA中1.。!?！？:：,;、…\"“”„«»'‘’「」([（【)]）】-–—•*·▪►▶→>›|/#@©%";

/// A digest of every code in this file: what a model must have been trained with.
pub fn digest() -> String {
    let tables: [(&str, &Codes); 6] = [
        ("tag", TAGS),
        ("role", ROLES),
        ("group", GROUPS),
        ("kind", KINDS),
        ("word", WORD_KINDS),
        ("offset", OFFSETS),
    ];
    digest_of(&tables)
}

fn digest_of(tables: &[(&str, &Codes)]) -> String {
    let mut lines = String::new();
    for (table, codes) in tables {
        for (name, code) in *codes {
            lines.push_str(&format!("{table} {name} {code}\n"));
        }
    }
    for c in CHARACTERS.chars() {
        lines.push_str(&format!("character {c} {}\n", character(c)));
    }
    lines.push_str(&format!("kept by source {KEPT_BY_SOURCE}\n"));
    canonical::digest(lines.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The digest of the tables with the tags' table replaced.
    fn with_tags(tags: &Codes) -> String {
        digest_of(&[
            ("tag", tags),
            ("role", ROLES),
            ("group", GROUPS),
            ("kind", KINDS),
            ("word", WORD_KINDS),
            ("offset", OFFSETS),
        ])
    }

    #[test]
    fn a_tag_inserted_or_renumbered_changes_the_digest() {
        assert_eq!(with_tags(TAGS), digest());
        let mut inserted = TAGS.to_vec();
        inserted.insert(40, ("canvas", 40));
        for (_, code) in &mut inserted[41..] {
            *code += 1;
        }
        assert_ne!(with_tags(&inserted), digest());
        let mut appended = TAGS.to_vec();
        appended.push(("canvas", 200));
        assert_ne!(with_tags(&appended), digest());
        let mut swapped = TAGS.to_vec();
        (swapped[3].1, swapped[4].1) = (swapped[4].1, swapped[3].1);
        assert_ne!(with_tags(&swapped), digest());
    }

    #[test]
    fn no_two_values_of_one_encoding_share_a_code() {
        for codes in [TAGS, ROLES, GROUPS, KINDS, WORD_KINDS] {
            let mut numbers: Vec<u8> = codes.iter().map(|(_, code)| *code).collect();
            numbers.sort_unstable();
            numbers.dedup();
            assert_eq!(numbers.len(), codes.len());
        }
    }

    #[test]
    fn codes_of_rules_do_not_meet_those_of_sources() {
        let most = GROUPS.iter().map(|(_, code)| *code).max().unwrap();
        assert!(RULE + most < CERTAIN && RULE + most + CERTAIN < STRIPPED_BY_SOURCE);
    }
}
