//! The words by which markup says what an element holds: a byline, a date, something beside the
//! article. All are data; one automaton looks for all of them in one pass over a name.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind};

use crate::limits::Limits;
use crate::page::{Id, Tag, Tree};

/// What a word in a class, an id or a test id speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
enum Sense {
    /// The name of an author, and nothing else.
    AuthorName = 1,
    /// A byline, perhaps with more in it.
    Byline = 2,
    /// Something about authors that is no byline.
    NoByline = 4,
    /// A date of publication.
    Published = 8,
    /// A date of change.
    Modified = 16,
    /// Some date.
    Date = 32,
    /// A container beside the article, where a word begins with it.
    Aside = 64,
    /// The full name on a card (microformats' hCard): the class `fn`, and nothing but the class.
    CardName = 128,
}

/// The words and their senses. A word counts wherever it stands in a name.
const WORDS: &[(Sense, &[&str])] = &[
    (
        Sense::AuthorName,
        &[
            "author-name",
            "author_name",
            "authorname",
            "author__name",
            "author-link",
            "author__link",
            "author_link",
            "autor-name",
            "byline-name",
            "byline__name",
            "byline_name",
            "byline-author",
            "byline__author",
            "post-author",
            "entry-author",
        ],
    ),
    (
        Sense::Byline,
        &[
            "byline",
            "author",
            "autor",
            "auteur",
            "autore",
            "verfasser",
            "forfatter",
            "vcard",
            "redakteur",
            "writer",
            "writtenby",
            "written-by",
            "postedby",
            "posted-by",
            "wrote-by",
            "wrote_by",
        ],
    ),
    (
        Sense::NoByline,
        &[
            "comment",
            "bio",
            "avatar",
            "image",
            "photo",
            "img",
            "icon",
            "social",
            "share",
            "follow",
            "related",
            "role",
            "title",
            "desc",
            "count",
            "label",
            "more",
            "email",
            "about",
            "twitter",
            "job",
            "position",
            "authority",
            "thumb",
            "box-wrap",
        ],
    ),
    (
        Sense::Published,
        &[
            "publish",
            "pubdate",
            "posted",
            "created",
            "entry-date",
            "post-date",
            "postdate",
            "article-date",
            "article__date",
            "article_date",
            "post__date",
            "post_date",
            "date-header",
            "news-date",
            "blog-date",
        ],
    ),
    (Sense::Modified, &["updat", "modif", "aktualis", "revis"]),
    (
        Sense::Date,
        &[
            "date", "time", "datum", "fecha", "byline", "meta", "posted", "author", "info",
        ],
    ),
    (
        Sense::Aside,
        &[
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
        ],
    ),
];

static WORD_FINDER: LazyLock<Option<AhoCorasick>> =
    LazyLock::new(|| finder(WORDS.iter().flat_map(|(_, words)| words.iter().copied())));

/// The sense of each pattern of [`WORD_FINDER`].
static SENSES: LazyLock<Vec<Sense>> = LazyLock::new(|| {
    let each = WORDS
        .iter()
        .map(|(sense, words)| std::iter::repeat_n(*sense, words.len()));
    each.flatten().collect()
});

/// Paths of addresses that lead to an author's page.
const AUTHOR_PATHS: &[&str] = &[
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
    "/people/",
    "/team/",
    "/redaktion/",
    "/reporter/",
    "/reporters/",
    "/newsteam/",
];

static PATH_FINDER: LazyLock<Option<AhoCorasick>> =
    LazyLock::new(|| finder(AUTHOR_PATHS.iter().copied()));

fn finder<'w>(words: impl Iterator<Item = &'w str>) -> Option<AhoCorasick> {
    AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .kind(Some(AhoCorasickKind::DFA))
        .build(words)
        .ok()
}

/// Beginnings of names that make a container one of the article, whatever else they say. To a page
/// builder whatever it places is a widget.
const OF_ARTICLE: &[&str] = &["post", "entry", "article", "story", "elementor-widget"];

/// Elements that hold the whole page or nothing that is read: no byline, no date.
const UNFIT: &[Tag] = &[
    Tag::Body,
    Tag::Html,
    Tag::Meta,
    Tag::Link,
    Tag::Script,
    Tag::Img,
    Tag::Article,
    Tag::Main,
    Tag::Head,
    Tag::Form,
    Tag::Input,
    Tag::Button,
];

/// The attributes of an element that tell what it holds.
#[derive(Debug, Default)]
pub(super) struct Marks<'a> {
    itemprop: &'a str,
    rel: &'a str,
    href: &'a str,
    /// A machine's form of what the element shows: `content`, `datetime`, an abbreviation's title.
    pub(super) stated: Option<&'a str>,
    pubdate: bool,
    /// Class, id, test id.
    names: [&'a str; 3],
    senses: u8,
}

impl<'a> Marks<'a> {
    /// The marks of an element; `None` where it has none. `senses` is what the page's classes speak
    /// of.
    pub(super) fn of(tree: &Tree<'a>, id: Id, senses: &Senses) -> Option<Marks<'a>> {
        let mut marks = Marks::default();
        let mut any = false;
        for (key, value) in tree.attrs(id) {
            let place = match key {
                "itemprop" => &mut marks.itemprop,
                "rel" => &mut marks.rel,
                "href" => &mut marks.href,
                "class" => &mut marks.names[0],
                "id" => &mut marks.names[1],
                "data-testid" | "data-component" => &mut marks.names[2],
                "datetime" | "content" => {
                    marks.stated = Some(value).filter(|it| !it.trim().is_empty());
                    any = true;
                    continue;
                }
                "title" if tree.tag(id) == Tag::Abbr => {
                    marks.stated = Some(value);
                    any = true;
                    continue;
                }
                "pubdate" => {
                    marks.pubdate = true;
                    continue;
                }
                _ => continue,
            };
            any = true;
            *place = value;
        }
        let of_class = tree.class(id).map_or(0, |class| senses.of_class[class]);
        let others = marks.names[1..].iter().map(|name| senses_of(name));
        marks.senses = others.fold(of_class, |all, some| all | some);
        any.then_some(marks)
    }

    fn has(&self, sense: Sense) -> bool {
        self.senses & sense as u8 != 0
    }

    /// True where `itemprop` names the property.
    pub(super) fn has_property(&self, property: &str) -> bool {
        !self.itemprop.is_empty()
            && self
                .itemprop
                .split_ascii_whitespace()
                .any(|it| it.eq_ignore_ascii_case(property))
    }

    /// True for a class by which blogs mark the headline of a post (microformats' hAtom).
    pub(super) fn names_headline(&self) -> bool {
        let mut classes = self.names[0].split_ascii_whitespace();
        classes.any(|it| matches!(it, "entry-title" | "post-title" | "p-name"))
    }

    /// True for a container beside the article. A footer inside an article is the article's own.
    pub(super) fn is_aside(&self, tag: Tag, in_article: bool) -> bool {
        match tag {
            Tag::Nav | Tag::Aside => true,
            Tag::Footer => !in_article,
            Tag::Div | Tag::Section | Tag::Ul | Tag::Ol | Tag::Li | Tag::Form => {
                self.has(Sense::Aside) && self.names[..2].iter().any(|name| names_aside(name))
            }
            _ => false,
        }
    }

    /// True where nothing in the element's names and attributes speaks of anything.
    fn is_plain(&self, tag: Tag) -> bool {
        self.senses == 0 && self.itemprop.is_empty() && self.rel.is_empty() && tag != Tag::A
    }

    /// How plainly an element is marked as the byline, higher is plainer.
    pub(super) fn byline_strength(&self, tag: Tag) -> Option<u8> {
        if self.is_plain(tag) || UNFIT.contains(&tag) {
            return None;
        }
        if self.has_property("author") || self.has_property("creator") {
            return Some(5);
        }
        let mut relations = self.rel.split_ascii_whitespace();
        if relations.any(|it| it.eq_ignore_ascii_case("author")) {
            return Some(4);
        }
        if self.has(Sense::AuthorName) && !self.has(Sense::NoByline) {
            return Some(4);
        }
        if self.has(Sense::CardName) || (self.has(Sense::Byline) && !self.has(Sense::NoByline)) {
            return Some(3);
        }
        let leads_to_author = tag == Tag::A
            && self.href.len() <= Limits::DEFAULT.url_chars
            && PATH_FINDER
                .as_ref()
                .is_some_and(|it| it.is_match(self.href));
        leads_to_author.then_some(2)
    }

    /// How plainly an element is marked as a date, and whether as that of a change.
    pub(super) fn date_strength(&self, tag: Tag) -> Option<(u8, bool)> {
        if UNFIT.contains(&tag) {
            return None;
        }
        if self.has_property("dateModified") {
            return Some((5, true));
        }
        let properties = ["datePublished", "dateCreated", "uploadDate"];
        if properties.iter().any(|it| self.has_property(it)) {
            return Some((5, false));
        }
        let published = self.has(Sense::Published);
        let modified = self.has(Sense::Modified) && !published;
        let strength = match tag {
            Tag::Time if self.pubdate || published => 4,
            Tag::Time => 3,
            _ if published => 2,
            _ if self.has(Sense::Date) || modified => 1,
            _ => return None,
        };
        Some((strength, modified))
    }
}

/// What each of a page's classes speaks of.
#[derive(Debug, Default)]
pub(super) struct Senses {
    of_class: Vec<u8>,
}

impl Senses {
    /// Reads the page's classes, each once.
    pub(super) fn of(tree: &Tree<'_>) -> Senses {
        let of_class = |class: &&str| {
            let mut words = class.split_ascii_whitespace();
            let card_name = words.any(|it| it == "fn").then_some(Sense::CardName as u8);
            senses_of(class) | card_name.unwrap_or(0)
        };
        Senses {
            of_class: tree.classes().iter().map(of_class).collect(),
        }
    }
}

fn senses_of(name: &str) -> u8 {
    if name.is_empty() || name.len() > Limits::DEFAULT.field_chars {
        return 0;
    }
    let Some(finder) = WORD_FINDER.as_ref() else {
        return 0;
    };
    finder.find_overlapping_iter(name).fold(0, |senses, found| {
        senses | SENSES[found.pattern().as_usize()] as u8
    })
}

/// True where a part of a name begins with a word for a container beside the article.
fn names_aside(name: &str) -> bool {
    let begins = |part: &str, word: &str| {
        part.get(..word.len())
            .is_some_and(|it| it.eq_ignore_ascii_case(word))
    };
    let asides = WORDS.iter().filter(|(sense, _)| *sense == Sense::Aside);
    let asides: Vec<&str> = asides
        .flat_map(|(_, words)| words.iter().copied())
        .collect();
    name.split_ascii_whitespace().take(40).any(|whole| {
        let mut parts = whole.split(|c: char| !c.is_ascii_alphanumeric());
        !OF_ARTICLE.iter().any(|own| begins(whole, own))
            && parts.any(|part| asides.iter().any(|word| begins(part, word)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::{Document, Input};

    /// What the strengths are for the first element of a tag.
    fn strengths(html: &str, tag: Tag) -> (Option<u8>, Option<(u8, bool)>, bool) {
        let input = Input::new(html.as_bytes());
        let document = Document::parse(&input, &Limits::DEFAULT);
        let tree = document.page().tree;
        let id = tree.elements(tag).next().unwrap();
        let marks = Marks::of(&tree, id, &Senses::of(&tree)).unwrap_or_default();
        (
            marks.byline_strength(tag),
            marks.date_strength(tag),
            marks.is_aside(tag, false),
        )
    }

    #[test]
    fn plainer_marks_of_a_byline_are_stronger() {
        for (html, strength) in [
            ("<a itemprop=author>x</a>", Some(5)),
            ("<a rel='nofollow author'>x</a>", Some(4)),
            ("<a class=Author-Name>x</a>", Some(4)),
            ("<a class='c-byline big'>x</a>", Some(3)),
            ("<a href=/author/ada>x</a>", Some(2)),
            ("<a class=comment-author>x</a>", None),
            ("<a class=link>x</a>", None),
        ] {
            assert_eq!(strengths(html, Tag::A).0, strength, "{html}");
        }
    }

    #[test]
    fn dates_of_change_are_told_from_those_of_publication() {
        for (html, strength) in [
            ("<time itemprop=datePublished>x</time>", Some((5, false))),
            ("<time class=updated>x</time>", Some((3, true))),
            ("<time class='published updated'>x</time>", Some((4, false))),
            ("<time datetime=x>x</time>", Some((3, false))),
            ("<time>x</time>", Some((3, false))),
        ] {
            assert_eq!(strengths(html, Tag::Time).1, strength, "{html}");
        }
    }

    #[test]
    fn containers_beside_the_article_are_known_by_words_that_begin_with_them() {
        for (html, aside) in [
            ("<div class='site-footer dark'>x</div>", true),
            ("<div id=comments>x</div>", true),
            ("<div class=post-footer>x</div>", false),
            ("<div class=widget-area>x</div>", true),
            ("<div class='elementor-widget'>x</div>", false),
            ("<div class=interrelated>x</div>", false),
        ] {
            assert_eq!(strengths(html, Tag::Div).2, aside, "{html}");
        }
    }
}
