//! The words by which markup says what an element holds: a byline, a date, something outside the
//! article. All are data; one search finds all of them in a name.

use std::sync::LazyLock;

use crate::extract::rules::needles::Needles;
use crate::limits::Limits;
use crate::page::Tree;

/// What a word in a class, an id or a test id means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u16)]
pub(super) enum Meaning {
    /// The name of an author, and nothing else.
    AuthorName = 1,
    /// A byline, perhaps with more in it.
    Byline = 2,
    /// Something about authors other than a byline.
    NoByline = 4,
    /// A date of publication.
    Published = 8,
    /// A date of change.
    Modified = 16,
    /// Some date.
    Date = 32,
    /// A container outside the article, where a name begins with the word.
    Aside = 64,
    /// The full name on a card (microformats' hCard): the class `fn`, as a whole word.
    CardName = 128,
    /// A container outside the article: a part of the class begins with the word.
    AsideClass = 256,
}

/// The words and their meanings. A word counts anywhere in a name.
const WORDS: &[(Meaning, &[&str])] = &[
    (
        Meaning::AuthorName,
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
        Meaning::Byline,
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
            "journalist",
            "reporter",
            "skribent",
            "periodista",
            "jornalista",
            "giornalista",
            "penulis",
            "by-line",
            "by_line",
        ],
    ),
    (
        Meaning::NoByline,
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
            "-job",
            "_job",
            "job-",
            "job_",
            "jobtitle",
            "position",
            "authority",
            "thumb",
            "box-wrap",
        ],
    ),
    (
        Meaning::Published,
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
    (Meaning::Modified, &["updat", "modif", "aktualis", "revis"]),
    (
        Meaning::Date,
        &[
            "date", "time", "datum", "fecha", "byline", "meta", "posted", "author", "info",
        ],
    ),
    (
        Meaning::Aside,
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

static WORD_FINDER: LazyLock<Needles> =
    LazyLock::new(|| Needles::new(WORDS.iter().flat_map(|(_, words)| *words)));

/// The meaning of each word of [`WORD_FINDER`].
static MEANINGS: LazyLock<Vec<Meaning>> = LazyLock::new(|| {
    let each = WORDS
        .iter()
        .map(|(meaning, words)| std::iter::repeat_n(*meaning, words.len()));
    each.flatten().collect()
});

/// URL paths of author pages.
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

static AUTHOR_PATH_FINDER: LazyLock<Needles> = LazyLock::new(|| Needles::new(AUTHOR_PATHS));

/// Beginnings of names that make a container part of the article, whatever else they say. Page
/// builders call everything a widget.
const OF_ARTICLE: &[&str] = &["post", "entry", "article", "story", "elementor-widget"];

/// The words for a container outside the article.
static ASIDES: LazyLock<Vec<&str>> = LazyLock::new(|| {
    let asides = WORDS
        .iter()
        .filter(|(meaning, _)| *meaning == Meaning::Aside);
    asides
        .flat_map(|(_, words)| words.iter().copied())
        .collect()
});

/// What each of a page's classes means.
#[derive(Debug, Default)]
pub(super) struct ClassMeanings {
    pub(super) of_class: Vec<u16>,
}

impl ClassMeanings {
    /// Reads the page's classes, each once. Names longer than the limit have no meaning.
    pub(super) fn of(tree: &Tree<'_>, limits: &Limits) -> ClassMeanings {
        let of_class = |class: &&str| {
            let words = class.split_ascii_whitespace();
            // Where there are many, short ones are made by tools.
            let few = words.clone().take(3).count() < 3;
            let whole = words.map(|word| match word {
                "fn" => Meaning::CardName as u16,
                "by" if few => Meaning::Byline as u16,
                _ => 0,
            });
            let meanings = meanings_of(class, limits);
            // Another name of the element may have such a word where this one was not read.
            let may_begin =
                meanings & Meaning::Aside as u16 != 0 || class.len() > limits.field_chars;
            let aside = if may_begin && names_aside(class) {
                Meaning::AsideClass as u16
            } else {
                0
            };
            whole.fold(meanings | aside, |all, one| all | one)
        };
        ClassMeanings {
            of_class: tree.classes().iter().map(of_class).collect(),
        }
    }
}

/// What the words in a name mean, as the sum of their [`Meaning`]s.
pub(super) fn meanings_of(name: &str, limits: &Limits) -> u16 {
    if name.len() > limits.field_chars {
        return 0;
    }
    let mut meanings = 0;
    WORD_FINDER.each_in(name.as_bytes(), |_, word| meanings |= MEANINGS[word] as u16);
    meanings
}

/// True where a part of a name begins with a word for a container outside the article.
pub(super) fn names_aside(name: &str) -> bool {
    let begins = |part: &str, word: &str| {
        part.get(..word.len())
            .is_some_and(|it| it.eq_ignore_ascii_case(word))
    };
    name.split_ascii_whitespace().take(40).any(|whole| {
        let mut parts = whole.split(|c: char| !c.is_ascii_alphanumeric());
        !OF_ARTICLE.iter().any(|own| begins(whole, own))
            && parts.any(|part| ASIDES.iter().any(|word| begins(part, word)))
    })
}

/// True for the URL of an author's page.
pub(in crate::extract::fields) fn is_author_page(href: &str) -> bool {
    AUTHOR_PATH_FINDER.is_in(href.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_found_wherever_it_stands_in_a_name() {
        for (meaning, words) in WORDS {
            for word in *words {
                for name in [format!("x{word}"), format!("é-{}_x", word.to_uppercase())] {
                    let meanings = meanings_of(&name, &Limits::DEFAULT);
                    assert!(meanings & *meaning as u16 != 0, "{name}");
                }
            }
        }
        for other in ["", "d", "main-column", "é"] {
            assert_eq!(meanings_of(other, &Limits::DEFAULT), 0, "{other}");
        }
    }

    #[test]
    fn author_pages_are_known_by_their_folders() {
        for href in [
            "/author/ada",
            "https://quay.example/x/By/ada-quill",
            "/team/",
        ] {
            assert!(is_author_page(href), "{href}");
        }
        for href in ["/author", "author/ada", "/authority/ada", "/nearby/ada", ""] {
            assert!(!is_author_page(href), "{href}");
        }
    }
}
