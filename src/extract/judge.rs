//! What sort of page this is, and whether it holds an article.

use url::Url;

use super::blocks::Blocks;
use super::body::Body;
use super::features::PageLook;
use super::metadata::Metadata;
use super::rules::stand_in::stand_in;
use crate::article::Kind;
use crate::outcome::Outcome;
use crate::page::text::word_count;
use crate::page::{Tag, Tree};

/// A page needs this many words to be an article, unless its markup says that it is one: by a
/// declared kind, or by holding one `article` element and no second.
const ARTICLE_WORDS: usize = 60;
/// A page that says it is an article needs this many.
const DECLARED_WORDS: usize = 15;

/// The model calls a page another's below this. An article lost costs more than a page too many:
/// at 0.3 it finds 99.9 % of the articles of news sites and 95 % of those of any site
/// (docs/evaluation.md).
const LIKELY: f32 = 0.3;
/// It is believed on pages of which it knows so many words: classes, labels, texts. Real pages have
/// hundreds.
const ENOUGH_WORDS: usize = 120;
/// A page with fewer characters is blank.
const BLANK: usize = 20;

/// The judgement on a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Judgement {
    /// The kind of page.
    pub kind: Kind,
    /// [`Outcome::Stored`] for an article, else why it is none.
    pub verdict: Outcome,
}

/// What a page is judged by.
#[derive(Debug, Clone, Copy)]
pub struct Page<'p, 'a> {
    /// Its nodes.
    pub tree: &'p Tree<'a>,
    /// Its blocks.
    pub blocks: &'p Blocks,
    /// What became of them.
    pub body: &'p Body,
    /// What it states.
    pub fields: &'p Metadata,
    /// Its address.
    pub url: Option<&'p Url>,
    /// The text found.
    pub text: &'p str,
    /// What the model says of the page as a whole, where it was asked.
    pub look: Option<PageLook>,
}

/// Judges a page by what it declares, by what was found on it and by how it looks.
pub fn judge(page: &Page<'_, '_>) -> Judgement {
    let Page {
        tree,
        blocks,
        body,
        fields,
        url,
        text,
        look,
    } = *page;
    let shape = Shape::of(blocks, text);
    let kind = kind(fields, url, &shape, tree);
    let says_so = fields.declared_kind.is_some_and(Kind::is_article)
        || tree.elements(Tag::Article).count() == 1;
    let enough = if says_so {
        DECLARED_WORDS
    } else {
        ARTICLE_WORDS
    };
    let verdict = if shape.words == 0 && shape.all_chars < BLANK {
        Outcome::Empty
    } else if let Some(other) = stand_in(fields.title.as_deref(), blocks, body, shape.words) {
        other
    } else if kind == Kind::Index {
        Outcome::Index
    } else if shape.words < enough || looks_like_another(kind, look) {
        Outcome::NotArticle
    } else {
        Outcome::Stored
    };
    let kind = match verdict {
        Outcome::Stored | Outcome::Index | Outcome::Empty | Outcome::PaywallStub => kind,
        _ => Kind::Other,
    };
    Judgement { kind, verdict }
}

/// True where the model, which knows enough of the page's words, takes it for a shop's, a forum's, a
/// list or any other page without an article. It was not taught live blogs, galleries and videos.
fn looks_like_another(kind: Kind, look: Option<PageLook>) -> bool {
    let is_known = matches!(kind, Kind::Article | Kind::Other);
    is_known && look.is_some_and(|it| it.known_words >= ENOUGH_WORDS && it.article < LIKELY)
}

fn kind(fields: &Metadata, url: Option<&Url>, shape: &Shape, tree: &Tree<'_>) -> Kind {
    let front = url.is_some_and(|url| url.path() == "/" && url.query().is_none());
    let declared = fields.declared_kind;
    if declared == Some(Kind::Index) || (front && declared != Some(Kind::LiveBlog)) {
        return Kind::Index;
    }
    if let Some(kind) = declared {
        return kind;
    }
    let articles = tree.elements(Tag::Article).count();
    let is_thin = shape.chars * 4 < shape.all_chars;
    let is_list = shape.link_chars * 2 > shape.all_chars;
    if is_thin && is_list && (articles > 5 || shape.words < 150) {
        Kind::Index
    } else {
        Kind::Article
    }
}

/// How much text there is, and where.
struct Shape {
    /// Words of the article's text.
    words: usize,
    /// Its characters but white space.
    chars: usize,
    /// Those of all blocks.
    all_chars: usize,
    /// Those of all links.
    link_chars: usize,
}

impl Shape {
    fn of(blocks: &Blocks, text: &str) -> Shape {
        Shape {
            words: word_count(text),
            chars: text.chars().filter(|it| !it.is_whitespace()).count(),
            all_chars: blocks.list.iter().map(|block| block.chars).sum(),
            link_chars: blocks.list.iter().map(|block| block.link_chars).sum(),
        }
    }
}
