//! What readers see: headlines, bylines and dates in the markup, each with how plainly it is marked
//! as one and where it stands. What stands in navigation, comments or teasers beside the article
//! speaks of something else.

use crate::limits::Limits;
use crate::page::{Id, Tag, Tree, tree::fold_space};

/// Mentions of one sort that are kept.
const MENTIONS: usize = 200;
/// A byline or a date with more characters is something else.
const MENTION_CHARS: usize = 160;
/// Nodes looked at for the text of one mention.
const MENTION_NODES: usize = 400;
/// Mentions this many nodes apart belong to one byline.
const ONE_BYLINE: usize = 24;

/// Beginnings of the words, in class and id, of containers that stand beside the article.
const ASIDES: &[&str] = &[
    "comment",
    "disqus",
    "related",
    "sidebar",
    "footer",
    "recommend",
    "popular",
    "trending",
    "teaser",
    "recirc",
    "widget",
    "readmore",
    "mostread",
    "newsletter",
    "promo",
    "navigation",
    "respond",
    "latest",
];

/// A byline or a date in the page.
#[derive(Debug, Clone)]
pub(super) struct Mention {
    /// Where it stands.
    pub(super) node: Id,
    /// What it says.
    pub(super) text: String,
    /// How plainly it is marked: higher is plainer.
    pub(super) strength: u8,
    /// The container beside the article that it stands in, as a range of nodes.
    aside: Option<(Id, Id)>,
    /// The `<article>` that it stands in.
    article: Option<(Id, Id)>,
}

/// What the walk has found.
#[derive(Debug, Default)]
pub(super) struct Visible {
    /// `<h1>`, or what is marked as the headline, in order.
    pub(super) headings: Vec<(Id, String)>,
    bylines: Vec<Mention>,
    published: Vec<Mention>,
    modified: Vec<Mention>,
    asides: Vec<(Id, Id)>,
    articles: Vec<(Id, Id)>,
}

/// The attributes of an element that tell what it holds.
#[derive(Debug, Default)]
struct Marks<'a> {
    itemprop: &'a str,
    rel: &'a str,
    href: &'a str,
    datetime: &'a str,
    content: &'a str,
    pubdate: bool,
    /// Class, id and test id.
    names: [&'a str; 3],
}

impl<'a> Marks<'a> {
    fn of(tree: &Tree<'a>, id: Id) -> Marks<'a> {
        let mut marks = Marks::default();
        for (key, value) in tree.attrs(id) {
            match key {
                "itemprop" => marks.itemprop = value,
                "rel" => marks.rel = value,
                "href" => marks.href = value,
                "datetime" => marks.datetime = value,
                "content" => marks.content = value,
                "pubdate" => marks.pubdate = true,
                "class" => marks.names[0] = value,
                "id" => marks.names[1] = value,
                "data-testid" | "data-component" => marks.names[2] = value,
                _ => {}
            }
        }
        marks
    }

    /// True where a name holds one of the words.
    fn names_hold(&self, words: &[&str]) -> bool {
        self.names
            .iter()
            .any(|name| words.iter().any(|word| contains_ignoring_case(name, word)))
    }

    fn has_property(&self, property: &str) -> bool {
        self.itemprop
            .split_ascii_whitespace()
            .any(|it| it.eq_ignore_ascii_case(property))
    }
}

fn contains_ignoring_case(text: &str, word: &str) -> bool {
    let (text, word) = (text.as_bytes(), word.as_bytes());
    text.len() >= word.len()
        && text.len() <= Limits::DEFAULT.field_chars
        && text
            .windows(word.len())
            .any(|it| it.eq_ignore_ascii_case(word))
}

impl Visible {
    /// Takes in one element. Elements come in document order.
    pub(super) fn add(&mut self, tree: &Tree<'_>, id: Id) {
        let tag = tree.tag(id);
        self.leave(id);
        let marks = Marks::of(tree, id);
        let span = (id, tree.end(id));
        if is_aside(tag, &marks) {
            self.asides.push(span);
        } else if tag == Tag::Article {
            self.articles.push(span);
        }
        let is_heading = tag == Tag::H1 || marks.has_property("headline");
        if is_heading && self.headings.len() < MENTIONS {
            let limit = Limits::DEFAULT.field_chars;
            if let Some(text) = short_text(tree, id, limit).filter(|it| !it.is_empty()) {
                self.headings.push((id, text));
            }
        }
        if let Some(strength) = byline_strength(tag, &marks) {
            let text = if marks.content.is_empty() {
                byline_text(tree, id)
            } else {
                Some(marks.content.to_owned())
            };
            let mention = self.mention(id, text, strength);
            keep(&mut self.bylines, mention);
        }
        self.add_date(tree, id, tag, &marks);
    }

    fn add_date(&mut self, tree: &Tree<'_>, id: Id, tag: Tag, marks: &Marks<'_>) {
        let Some((strength, modified)) = date_strength(tag, marks) else {
            return;
        };
        let stated = [marks.datetime, marks.content]
            .into_iter()
            .find(|it| !it.is_empty());
        let text = stated
            .map(str::to_owned)
            .or_else(|| short_text(tree, id, MENTION_CHARS));
        let text = text.filter(|it| it.chars().any(char::is_numeric));
        let mention = self.mention(id, text, strength);
        let list = if modified {
            &mut self.modified
        } else {
            &mut self.published
        };
        keep(list, mention);
    }

    /// Forgets the containers that end before `id`.
    fn leave(&mut self, id: Id) {
        while self.asides.last().is_some_and(|&(_, end)| end <= id) {
            self.asides.pop();
        }
        while self.articles.last().is_some_and(|&(_, end)| end <= id) {
            self.articles.pop();
        }
    }

    fn mention(&self, node: Id, text: Option<String>, strength: u8) -> Option<Mention> {
        Some(Mention {
            node,
            text: text.filter(|it| !it.is_empty())?,
            strength,
            aside: self.asides.last().copied(),
            article: self.articles.last().copied(),
        })
    }

    /// The bylines of the article under `headline`, the plainest and nearest first, those that
    /// stand together as one group.
    pub(super) fn bylines(&self, headline: Option<Id>) -> Vec<Vec<&str>> {
        let mut groups: Vec<(u8, Id, Vec<&str>)> = Vec::new();
        for mention in self.bylines.iter().filter(|it| it.belongs_to(headline)) {
            match groups.iter_mut().rev().find(|it| it.0 == mention.strength) {
                Some((_, last, group)) if mention.node - *last <= ONE_BYLINE => {
                    *last = mention.node;
                    group.push(&mention.text);
                }
                _ => groups.push((mention.strength, mention.node, vec![&mention.text])),
            }
        }
        groups.sort_by_key(|&(strength, node, _)| {
            (
                std::cmp::Reverse(strength),
                headline.map_or(node, |at| node.abs_diff(at)),
            )
        });
        groups.into_iter().map(|(_, _, group)| group).collect()
    }

    /// Dates of publication, the plainest and nearest first.
    pub(super) fn published(&self, headline: Option<Id>) -> Vec<&Mention> {
        ranked(&self.published, headline)
    }

    /// Dates of change, likewise.
    pub(super) fn modified(&self, headline: Option<Id>) -> Vec<&Mention> {
        ranked(&self.modified, headline)
    }
}

fn keep(list: &mut Vec<Mention>, mention: Option<Mention>) {
    if list.len() < MENTIONS {
        list.extend(mention);
    }
}

fn ranked(mentions: &[Mention], headline: Option<Id>) -> Vec<&Mention> {
    let mut mine: Vec<&Mention> = mentions
        .iter()
        .filter(|it| it.belongs_to(headline))
        .collect();
    mine.sort_by_key(|it| {
        let distance = headline.map_or(it.node, |at| it.node.abs_diff(at));
        (std::cmp::Reverse(it.strength), distance)
    });
    mine
}

impl Mention {
    /// True unless it stands in a container beside the article, or in another article than the
    /// headline's.
    fn belongs_to(&self, headline: Option<Id>) -> bool {
        let holds = |(start, end): (Id, Id)| headline.is_some_and(|at| start <= at && at < end);
        self.aside.is_none_or(holds)
            && (headline.is_none() || self.article.is_none_or(|it| holds(it) || is_long(it)))
    }
}

/// An `<article>` of so many nodes is no teaser: headlines also stand above it.
fn is_long((start, end): (Id, Id)) -> bool {
    end - start > 100
}

fn is_aside(tag: Tag, marks: &Marks<'_>) -> bool {
    match tag {
        Tag::Nav | Tag::Footer | Tag::Aside => true,
        Tag::Div | Tag::Section | Tag::Ul | Tag::Ol | Tag::Li | Tag::Form => {
            marks.names[..2].iter().any(|name| {
                name.split(|c: char| !c.is_ascii_alphanumeric())
                    .take(40)
                    .any(|word| {
                        ASIDES.iter().any(|aside| {
                            word.get(..aside.len())
                                .is_some_and(|it| it.eq_ignore_ascii_case(aside))
                        })
                    })
            })
        }
        _ => false,
    }
}

/// How plainly an element is marked as the byline.
fn byline_strength(tag: Tag, marks: &Marks<'_>) -> Option<u8> {
    if matches!(
        tag,
        Tag::Body
            | Tag::Html
            | Tag::Meta
            | Tag::Link
            | Tag::Script
            | Tag::Img
            | Tag::Article
            | Tag::Main
    ) {
        return None;
    }
    if marks.has_property("author") || marks.has_property("creator") {
        return Some(5);
    }
    if marks
        .rel
        .split_ascii_whitespace()
        .any(|it| it.eq_ignore_ascii_case("author"))
    {
        return Some(4);
    }
    let misleads = [
        "comment", "bio", "avatar", "image", "photo", "img", "icon", "social", "share", "follow",
        "related", "role", "title", "desc", "count", "date", "time", "label", "more", "email",
        "about", "twitter",
    ];
    if marks.names.iter().all(|it| it.is_empty()) || marks.names_hold(&misleads) {
        return is_author_link(tag, marks).then_some(2);
    }
    if marks.names_hold(&[
        "author-name",
        "author_name",
        "authorname",
        "byline-name",
        "byline__name",
        "byline_name",
        "author__name",
        "fn n",
        "autor-name",
        "byline-author",
        "byline__author",
        "author-link",
        "author__link",
    ]) {
        return Some(4);
    }
    if marks.names_hold(&[
        "byline",
        "author",
        "autor",
        "auteur",
        "autore",
        "verfasser",
        "forfatter",
    ]) {
        return Some(3);
    }
    is_author_link(tag, marks).then_some(2)
}

fn is_author_link(tag: Tag, marks: &Marks<'_>) -> bool {
    const PATHS: &[&str] = &[
        "/author/",
        "/authors/",
        "/autor/",
        "/autoren/",
        "/auteur/",
        "/autores/",
        "/byline/",
        "/profile/",
        "/staff/",
        "/journalist/",
        "/contributor/",
        "/contributors/",
        "/columnist/",
        "/by/",
    ];
    tag == Tag::A
        && PATHS
            .iter()
            .any(|path| contains_ignoring_case(marks.href, path))
}

/// How plainly an element is marked as a date, and whether as that of a change.
fn date_strength(tag: Tag, marks: &Marks<'_>) -> Option<(u8, bool)> {
    if matches!(
        tag,
        Tag::Body
            | Tag::Html
            | Tag::Meta
            | Tag::Link
            | Tag::Script
            | Tag::Img
            | Tag::Article
            | Tag::Main
    ) {
        return None;
    }
    if marks.has_property("dateModified") {
        return Some((5, true));
    }
    if ["datePublished", "dateCreated", "uploadDate"]
        .iter()
        .any(|it| marks.has_property(it))
    {
        return Some((5, false));
    }
    let modified = marks.names_hold(&["updat", "modif", "aktualis", "revis"]);
    let published = marks.names_hold(&[
        "publish",
        "pubdate",
        "posted",
        "created",
        "entry-date",
        "post-date",
        "article-date",
        "article__date",
    ]);
    let strength = match tag {
        Tag::Time if marks.pubdate || (published && !modified) => 4,
        Tag::Time => 3,
        _ if published => 2,
        _ if marks.names_hold(&[
            "date", "time", "datum", "fecha", "data-", "byline", "dateline", "meta", "posted",
        ]) =>
        {
            1
        }
        _ => return None,
    };
    Some((strength, modified && !published))
}

/// The text below a node, folded; `None` where it is longer than `limit` characters.
pub(super) fn short_text(tree: &Tree<'_>, id: Id, limit: usize) -> Option<String> {
    let mut text = String::new();
    for node in (id..tree.end(id)).take(MENTION_NODES.max(limit)) {
        match tree.own_text(node) {
            Some(piece) if piece.len() > limit * 8 && piece.trim().len() > limit * 8 => {
                return None;
            }
            Some(piece) => text.push_str(piece),
            None if tree.tag(node).is_block() || tree.tag(node) == Tag::Br => text.push(' '),
            None => {}
        }
        if text.len() > limit * 16 {
            return None;
        }
    }
    let folded = fold_space(&text);
    (folded.chars().count() <= limit).then_some(folded)
}

/// The text of a byline: the name marked inside it, else its own; blocks part names.
fn byline_text(tree: &Tree<'_>, id: Id) -> Option<String> {
    let name = tree
        .descendants(id)
        .take(MENTION_NODES)
        .find(|&node| tree.attr(node, "itemprop").is_some_and(|it| it == "name"));
    if let Some(name) = name {
        let content = tree.attr(name, "content").map(str::to_owned);
        return content.or_else(|| short_text(tree, name, MENTION_CHARS));
    }
    let mut lines = String::new();
    for node in (id..tree.end(id)).take(MENTION_NODES) {
        match tree.own_text(node) {
            Some(piece) => lines.push_str(&fold_edges(piece)),
            None if tree.tag(node).is_block() || tree.tag(node) == Tag::Br => lines.push('|'),
            None => {}
        }
        if lines.len() > MENTION_CHARS * 8 {
            return None;
        }
    }
    (lines.chars().count() <= MENTION_CHARS).then_some(lines)
}

/// `text` with white space folded, one space kept at either end where there was some.
fn fold_edges(text: &str) -> String {
    let folded = fold_space(text);
    let before = if text.starts_with(char::is_whitespace) {
        " "
    } else {
        ""
    };
    let after = if text.ends_with(char::is_whitespace) {
        " "
    } else {
        ""
    };
    if folded.is_empty() {
        before.to_owned()
    } else {
        format!("{before}{folded}{after}")
    }
}
