//! What sort of page this is, and whether it holds an article.

pub mod page_features;
pub mod stand_in;

use std::fmt;

use crate::article::Kind;
use crate::extract::classify::page_features::PageScore;
use crate::extract::decide::body::Body;
use crate::extract::fields::Fields;
use crate::extract::segment::blocks::Blocks;
use crate::page::text::word_count;
use crate::page::{Page, Tag};
use crate::verdict::Verdict;

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
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Classification {
    /// The kind of page.
    pub kind: Kind,
    /// Whether it is an article, and what it is if not.
    pub verdict: Verdict,
    /// What that rests on.
    pub why: VerdictReason,
    /// Words of the text found.
    pub words: usize,
}

/// What a judgement rests on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum VerdictReason {
    /// Nothing speaks against it; how probably it is an article by the look of the page as a whole,
    /// 0 to 1, where that was asked.
    Article(Option<f32>),
    /// There is no text.
    NoText,
    /// It says what pages say that stand in an article's place.
    StandIn,
    /// It is a front page, declares itself a list, or is made of links.
    Index,
    /// It has so many words, where this many are asked for.
    TooFewWords(usize, usize),
    /// By its look as a whole it is an article with this probability, 0 to 1; that is too little.
    PageScore(f32),
}

impl fmt::Display for VerdictReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            VerdictReason::Article(None) => f.write_str("it has an article's text"),
            VerdictReason::Article(Some(look)) => write!(
                f,
                "it has an article's text, and as a whole looks like one by {look:.2}"
            ),
            VerdictReason::NoText => f.write_str("there is no text"),
            VerdictReason::StandIn => f.write_str("it says what such pages say (rules/pages.toml)"),
            VerdictReason::Index => {
                f.write_str("it is a front page, says it is a list, or is made of links")
            }
            VerdictReason::TooFewWords(words, least) => {
                write!(
                    f,
                    "of its text {words} words are left; an article has {least}"
                )
            }
            VerdictReason::PageScore(look) => write!(
                f,
                "as a whole it looks like an article by {look:.2}; {LIKELY} is the least"
            ),
        }
    }
}

/// What a page is classified by.
#[derive(Debug, Clone, Copy)]
pub struct PageEvidence<'p, 'a> {
    /// The page.
    pub page: &'p Page<'a>,
    /// Its blocks.
    pub blocks: &'p Blocks,
    /// Which of them are the article.
    pub body: &'p Body,
    /// What it states.
    pub fields: &'p Fields,
    /// The text found.
    pub text: &'p str,
    /// The model's score of the page as a whole, where it was asked for.
    pub score: Option<PageScore>,
    /// The text of any page was asked for, so that only a page without text has none.
    pub any_kind: bool,
}

/// Judges a page by what it declares, by what was found on it and by its page score.
pub fn classify(evidence: &PageEvidence<'_, '_>) -> Classification {
    let PageEvidence {
        page,
        blocks,
        body,
        fields,
        text,
        score,
        ..
    } = *evidence;
    let Page { input, tree, .. } = page;
    let shape = Shape::of(blocks, text);
    let kind = body.kind.unwrap_or_else(|| kind(evidence, &shape));
    let is_declared = fields.declared_kind.is_some_and(Kind::is_article);
    let says_so = is_declared || tree.elements(Tag::Article).count() == 1;
    let enough = if says_so {
        DECLARED_WORDS
    } else {
        ARTICLE_WORDS
    };
    let other = stand_in::stand_in(&stand_in::StandInEvidence {
        bytes: input.bytes,
        tree,
        title: fields.title.as_deref(),
        is_declared,
        access: fields.access,
        blocks,
        body,
        words: shape.words,
    });
    let (verdict, why) = if let Some(other) = other {
        (other, VerdictReason::StandIn)
    } else if shape.words == 0 && shape.all_chars < BLANK {
        (Verdict::Empty, VerdictReason::NoText)
    } else if kind == Kind::Index {
        (Verdict::Index, VerdictReason::Index)
    } else if shape.words < enough {
        (
            Verdict::NotArticle,
            VerdictReason::TooFewWords(shape.words, enough),
        )
    } else if let Some(score) = score.filter(|it| looks_like_another(kind, it)) {
        (Verdict::NotArticle, VerdictReason::PageScore(score.article))
    } else {
        (
            Verdict::Article,
            VerdictReason::Article(score.map(|it| it.article)),
        )
    };
    let kind = match verdict {
        Verdict::Article | Verdict::Index | Verdict::Empty | Verdict::PaywallStub => kind,
        _ => Kind::Other,
    };
    let has_none = evidence.any_kind && text.is_empty();
    let (verdict, why) = if has_none && why != VerdictReason::StandIn {
        (Verdict::Empty, VerdictReason::NoText)
    } else {
        (verdict, why)
    };
    Classification {
        kind,
        verdict,
        why,
        words: shape.words,
    }
}

/// True where the model, which knows enough of the page's words, takes it for a shop's, a forum's, a
/// list or any other page without an article. It was not taught live blogs, galleries and videos.
fn looks_like_another(kind: Kind, look: &PageScore) -> bool {
    let is_known = matches!(kind, Kind::Article | Kind::Other);
    is_known && look.known_words >= ENOUGH_WORDS && look.article < LIKELY
}

fn kind(evidence: &PageEvidence<'_, '_>, shape: &Shape) -> Kind {
    let PageEvidence {
        page, fields, text, ..
    } = *evidence;
    let front = page
        .input
        .url
        .is_some_and(|url| url.path() == "/" && url.query().is_none());
    let declared = fields.declared_kind;
    if declared == Some(Kind::Index) || (front && declared != Some(Kind::LiveBlog)) {
        return Kind::Index;
    }
    if let Some(kind) = declared {
        return kind;
    }
    let articles = page.tree.elements(Tag::Article).count();
    let chars = text.chars().filter(|it| !it.is_whitespace()).count();
    let is_thin = chars * 4 < shape.all_chars;
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
    /// Those of all blocks.
    all_chars: usize,
    /// Those of all links.
    link_chars: usize,
}

impl Shape {
    fn of(blocks: &Blocks, text: &str) -> Shape {
        Shape {
            words: word_count(text),
            all_chars: blocks.list.iter().map(|block| block.chars).sum(),
            link_chars: blocks.list.iter().map(|block| block.link_chars).sum(),
        }
    }
}
