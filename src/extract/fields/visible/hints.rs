//! The attributes of an element, and how clearly they mark it as a byline, a date or a container
//! outside the article.

use crate::extract::fields::visible::words::{
    ClassMeanings, Meaning, is_author_page, meanings_of, names_aside,
};
use crate::limits::Limits;
use crate::page::{AttrNames, Id, Tag, Tree};

/// Elements that hold the whole page or no visible text: never a byline or a date.
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

/// The attributes that are read, but the class.
const OTHER_NAMES: AttrNames = AttrNames::of("itemprop")
    .with(AttrNames::of("rel"))
    .with(AttrNames::of("href"))
    .with(AttrNames::of("id"))
    .with(AttrNames::of("data-testid"))
    .with(AttrNames::of("data-component"))
    .with(AttrNames::of("datetime"))
    .with(AttrNames::of("content"))
    .with(AttrNames::of("title"))
    .with(AttrNames::of("pubdate"));
/// All of them.
const NAMES: AttrNames = OTHER_NAMES.with(AttrNames::of("class"));

/// What classes call the line above a headline.
const KICKERS: &[&str] = &[
    "kicker",
    "strapline",
    "overline",
    "eyebrow",
    "dachzeile",
    "topline",
    "pretitle",
    "pre-title",
    "volanta",
    "antetitulo",
    "cintillo",
    "occhiello",
    "surtitre",
    "spitzmarke",
];

/// The attributes of an element that say what it holds.
#[derive(Debug, Default)]
pub(super) struct Hints<'a> {
    itemprop: &'a str,
    rel: &'a str,
    href: &'a str,
    /// The machine-readable form of what the element shows: `content`, `datetime`, an abbreviation's
    /// title.
    pub(super) stated: Option<&'a str>,
    pubdate: bool,
    /// Class, id, test id.
    names: [&'a str; 3],
    meanings: u16,
}

impl<'a> Hints<'a> {
    /// The hints of an element; `None` where it has none. `classes` says what the page's classes mean.
    pub(super) fn of(
        tree: &Tree<'a>,
        id: Id,
        classes: &ClassMeanings,
        limits: &Limits,
    ) -> Option<Hints<'a>> {
        let mut hints = Hints::default();
        let class = tree.class(id);
        let names = tree.attr_names(id);
        if !names.may_share(NAMES) {
            return None;
        }
        // Most elements have a class and nothing else, and its value is known.
        if !names.may_share(OTHER_NAMES) {
            let class = class?;
            hints.names[0] = tree.classes()[class];
            hints.meanings = classes.of_class[class];
            return Some(hints);
        }
        let mut any = false;
        for (key, value) in tree.attrs(id) {
            let place = match key {
                "itemprop" => &mut hints.itemprop,
                "rel" => &mut hints.rel,
                "href" if value.len() <= limits.url_chars => &mut hints.href,
                "class" => &mut hints.names[0],
                "id" => &mut hints.names[1],
                "data-testid" | "data-component" => &mut hints.names[2],
                "datetime" | "content" => {
                    hints.stated = Some(value).filter(|it| !it.trim().is_empty());
                    any = true;
                    continue;
                }
                "title" if tree.tag(id) == Tag::Abbr => {
                    hints.stated = Some(value);
                    any = true;
                    continue;
                }
                "pubdate" => {
                    hints.pubdate = true;
                    continue;
                }
                _ => continue,
            };
            any = true;
            *place = value;
        }
        let of_class = class.map_or(0, |class| classes.of_class[class]);
        let others = hints.names[1..].iter().filter(|it| !it.is_empty());
        let others = others.map(|name| meanings_of(name, limits));
        hints.meanings = others.fold(of_class, |all, some| all | some);
        any.then_some(hints)
    }

    fn has(&self, meaning: Meaning) -> bool {
        self.meanings & meaning as u16 != 0
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

    /// True for a class by which papers mark the line above a headline.
    pub(super) fn names_kicker(&self) -> bool {
        names_kicker(self.names[0])
    }

    /// True for a container outside the article. A footer inside an article belongs to it.
    pub(super) fn is_aside(&self, tag: Tag, in_article: bool) -> bool {
        match tag {
            Tag::Nav | Tag::Aside => true,
            Tag::Footer => !in_article,
            Tag::Div | Tag::Section | Tag::Ul | Tag::Ol | Tag::Li | Tag::Form => {
                self.has(Meaning::Aside)
                    && (self.has(Meaning::AsideClass) || names_aside(self.names[1]))
            }
            _ => false,
        }
    }

    /// True where none of the element's names and attributes means anything.
    fn is_plain(&self, tag: Tag) -> bool {
        self.meanings == 0 && self.itemprop.is_empty() && self.rel.is_empty() && tag != Tag::A
    }

    /// How clearly an element is marked as the byline; higher is clearer.
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
        if self.has(Meaning::AuthorName) && !self.has(Meaning::NoByline) {
            return Some(4);
        }
        if self.has(Meaning::CardName)
            || (self.has(Meaning::Byline) && !self.has(Meaning::NoByline))
        {
            return Some(3);
        }
        (tag == Tag::A && is_author_page(self.href)).then_some(2)
    }

    /// How clearly an element is marked as a date, and whether as that of a modification.
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
        let published = self.has(Meaning::Published);
        let modified = self.has(Meaning::Modified) && !published;
        let strength = match tag {
            Tag::Time if self.pubdate || published => 4,
            Tag::Time => 3,
            _ if published => 2,
            _ if self.has(Meaning::Date) || modified => 1,
            _ => return None,
        };
        Some((strength, modified))
    }
}

/// True for classes by which papers mark the line above a headline.
pub(super) fn names_kicker(classes: &str) -> bool {
    let classes = classes.to_ascii_lowercase();
    KICKERS.iter().any(|it| classes.contains(it))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::{Document, Input};

    /// The strengths of the first element of a tag.
    fn strengths(html: &str, tag: Tag) -> (Option<u8>, Option<(u8, bool)>, bool) {
        let input = Input::new(html.as_bytes());
        let document = Document::parse(&input, &Limits::DEFAULT);
        let tree = document.page().tree;
        let limits = &Limits::DEFAULT;
        let id = tree.elements(tag).next().unwrap();
        let hints =
            Hints::of(&tree, id, &ClassMeanings::of(&tree, limits), limits).unwrap_or_default();
        (
            hints.byline_strength(tag),
            hints.date_strength(tag),
            hints.is_aside(tag, false),
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
    fn dates_of_modification_differ_from_those_of_publication() {
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
    fn containers_outside_the_article_are_known_by_how_their_names_begin() {
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
