//! What sort of page this is, whether it holds an article, and how sure the extractor is of it.

use url::Url;

use super::blocks::Blocks;
use super::body::Body;
use super::metadata::Metadata;
use crate::article::{Kind, Role};
use crate::outcome::Outcome;
use crate::page::text::word_count;
use crate::page::{Tag, Tree};

/// A page needs this many words to be an article, unless its markup says that it is one: by a
/// declared kind, or by holding one `article` element and no second.
const ARTICLE_WORDS: usize = 60;
/// A page that says it is an article needs this many.
const DECLARED_WORDS: usize = 15;

/// The judgement on a page.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Judgement {
    /// The kind of page.
    pub kind: Kind,
    /// [`Outcome::Stored`] for an article, else why it is none.
    pub verdict: Outcome,
    /// 0 to 1.
    pub quality: f64,
}

/// Judges a page by what it declares and by what was found on it.
pub fn judge(
    tree: &Tree<'_>,
    blocks: &Blocks,
    body: &Body,
    fields: &Metadata,
    url: Option<&Url>,
    text: &str,
) -> Judgement {
    let words = word_count(text);
    let share = link_share(blocks);
    let quality = quality(words, body);
    let kind = kind(fields, url, words, share, text_words(blocks), tree);
    let says_so = fields.declared_kind.is_some_and(Kind::is_article)
        || tree.elements(Tag::Article).count() == 1;
    let enough = if says_so {
        DECLARED_WORDS
    } else {
        ARTICLE_WORDS
    };
    let verdict = if words == 0 && page_is_blank(blocks) {
        Outcome::Empty
    } else if kind == Kind::Index {
        Outcome::Index
    } else if words < enough {
        Outcome::NotArticle
    } else {
        Outcome::Stored
    };
    let kind = if verdict == Outcome::NotArticle {
        Kind::Other
    } else {
        kind
    };
    Judgement {
        kind,
        verdict,
        quality,
    }
}

fn kind(
    fields: &Metadata,
    url: Option<&Url>,
    words: usize,
    links: f64,
    all_words: usize,
    tree: &Tree<'_>,
) -> Kind {
    let front = url.is_some_and(|url| url.path() == "/" && url.query().is_none());
    let declared = fields.declared_kind;
    if declared == Some(Kind::Index) || (front && declared != Some(Kind::LiveBlog)) {
        return Kind::Index;
    }
    if let Some(kind) = declared {
        return kind;
    }
    let articles = tree.elements(Tag::Article).count();
    let thin = words * 4 < all_words;
    if thin && links > 0.5 && (articles > 5 || words < 150) {
        Kind::Index
    } else {
        Kind::Article
    }
}

/// The share of the page's characters that are links.
fn link_share(blocks: &Blocks) -> f64 {
    let (all, links) = blocks.list.iter().fold((0, 0), |(all, links), block| {
        (all + block.chars, links + block.link_chars)
    });
    links as f64 / f64::from(u32::try_from(all.max(1)).unwrap_or(u32::MAX))
}

fn text_words(blocks: &Blocks) -> usize {
    (0..blocks.list.len())
        .map(|block| word_count(blocks.text(block)))
        .sum()
}

fn page_is_blank(blocks: &Blocks) -> bool {
    blocks.list.iter().map(|block| block.chars).sum::<usize>() < 20
}

/// More text, of which more was kept, in more paragraphs, is surer.
fn quality(words: usize, body: &Body) -> f64 {
    let paragraphs = body
        .kept()
        .filter(|&block| body.roles[block] == Role::Paragraph)
        .count();
    let length = (words as f64 / 200.0).min(1.0);
    let parts = (paragraphs as f64 / 4.0).min(1.0);
    let score = 0.4 * length + 0.2 * parts + 0.4 * body.share.clamp(0.0, 1.0);
    if words == 0 {
        0.0
    } else {
        (score * 100.0).round() / 100.0
    }
}
