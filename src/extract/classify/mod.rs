//! Classifies a page: which kind of page it is, and whether it holds an article.

pub(super) mod note;
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
use crate::verdict::{AddressEvidence, Verdict};

/// Words that an article needs, unless its markup says that it is one: by a declared kind, or by exactly
/// one `article` element.
const ARTICLE_WORDS: usize = 60;
/// Words that a page needs whose markup says that it is an article.
const DECLARED_WORDS: usize = 15;

/// Pages with a lower page score are not articles. An article lost costs more than a page too many: 0.3
/// finds 99.9 % of the articles of news sites and 95 % of those of any site (docs/evaluation.md).
const LEAST_SCORE: f32 = 0.3;
/// The page score counts only where the model knows this many of the page's words (classes, labels,
/// texts). Real pages have hundreds.
const ENOUGH_WORDS: usize = 120;
/// A page with fewer characters is blank.
const BLANK: usize = 20;

/// What a page is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Classification {
    /// The kind of page.
    pub kind: Kind,
    /// Whether it is an article, and what it is if not.
    pub verdict: Verdict,
    /// The reason for the verdict.
    pub why: VerdictReason,
    /// Words of the article's text.
    pub words: usize,
}

/// The reason for a verdict.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum VerdictReason {
    /// The text is that of an article. Holds the page score, 0 to 1, if the page was scored.
    Article(Option<f32>),
    /// There is no text.
    NoText,
    /// The text is that of a page that stands in for an article, such as a consent wall.
    StandIn,
    /// A front page, a page that declares itself a list, or a page of links.
    Index,
    /// The text has this many words; an article needs the second number.
    TooFewWords(usize, usize),
    /// The page score, 0 to 1, is too low.
    PageScore(f32),
}

impl fmt::Display for VerdictReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            VerdictReason::Article(None) => f.write_str("it has an article's text"),
            VerdictReason::Article(Some(score)) => {
                write!(f, "it has an article's text; page score {score:.2}")
            }
            VerdictReason::NoText => f.write_str("there is no text"),
            VerdictReason::StandIn => {
                f.write_str("its text is typical of such pages (rules/pages.toml)")
            }
            VerdictReason::Index => f.write_str(
                "it is a front page, declares itself a list, or consists mostly of links",
            ),
            VerdictReason::TooFewWords(words, needed) => {
                let plural = if *words == 1 { "" } else { "s" };
                write!(
                    f,
                    "its text has {words} word{plural}; an article needs {needed}"
                )
            }
            VerdictReason::PageScore(score) => {
                write!(f, "page score {score:.2}; an article needs {LEAST_SCORE}")
            }
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
    /// Which of the blocks are the article.
    pub body: &'p Body,
    /// What the page states.
    pub fields: &'p Fields,
    /// The article's text.
    pub text: &'p str,
    /// The model's score of the page as a whole, where it was asked for.
    pub score: Option<PageScore>,
    /// What named the page's address.
    pub address: AddressEvidence,
    /// The fewest words of an article, where the page's source sets a number.
    pub min_words: Option<usize>,
    /// The caller wants the text of any page, so that only a page without text counts as empty.
    pub any_kind: bool,
}

/// Classifies a page by what it declares, by its text and by its page score.
pub fn classify(evidence: &PageEvidence<'_, '_>) -> Classification {
    let amounts = TextAmounts::new(evidence.blocks, evidence.text);
    let kind = evidence.body.kind;
    let kind = kind.unwrap_or_else(|| kind_of(evidence, &amounts));
    let (mut verdict, mut why) = verdict_on(evidence, kind, &amounts);
    let kind = match verdict {
        Verdict::Article | Verdict::Index | Verdict::Empty | Verdict::PaywallStub => kind,
        _ => Kind::Other,
    };
    let has_none = evidence.any_kind && evidence.text.is_empty();
    if has_none && why != VerdictReason::StandIn {
        (verdict, why) = (Verdict::Empty, VerdictReason::NoText);
    }
    Classification {
        kind,
        verdict,
        why,
        words: amounts.words,
    }
}

/// The verdict on a page of this kind.
fn verdict_on(
    evidence: &PageEvidence<'_, '_>,
    kind: Kind,
    amounts: &TextAmounts,
) -> (Verdict, VerdictReason) {
    let PageEvidence {
        page,
        blocks,
        body,
        fields,
        score,
        ..
    } = *evidence;
    let words = amounts.words;
    let is_declared = fields.declared_kind.is_some_and(Kind::is_article);
    let other = stand_in::stand_in(&stand_in::StandInEvidence {
        bytes: page.input.bytes,
        tree: &page.tree,
        title: fields.title.as_deref(),
        is_declared,
        access: fields.access,
        blocks,
        body,
        words,
    });
    if let Some(other) = other {
        return (other, VerdictReason::StandIn);
    }
    if words == 0 && amounts.all_chars < BLANK {
        return (Verdict::Empty, VerdictReason::NoText);
    }
    if kind == Kind::Index {
        return (Verdict::Index, VerdictReason::Index);
    }
    let needed = needed_words(evidence, is_declared);
    if words < needed {
        let why = VerdictReason::TooFewWords(words, needed);
        return (Verdict::NotArticle, why);
    }
    match score {
        Some(_) if evidence.address.names_article() => article(score),
        Some(score) if is_too_low(kind, &score) => {
            (Verdict::NotArticle, VerdictReason::PageScore(score.article))
        }
        _ => article(score),
    }
}

fn article(score: Option<PageScore>) -> (Verdict, VerdictReason) {
    let score = score.map(|it| it.article);
    (Verdict::Article, VerdictReason::Article(score))
}

/// The fewest words that make this page an article. What a feed or the source's own `article` selector
/// names may be news in brief.
fn needed_words(evidence: &PageEvidence<'_, '_>, is_declared: bool) -> usize {
    let is_named = evidence.address.names_article() || evidence.body.container.is_some();
    let is_marked = is_declared || evidence.page.tree.elements(Tag::Article).count() == 1;
    match evidence.min_words {
        Some(min_words) if !is_named => min_words,
        _ if is_named || is_marked => DECLARED_WORDS,
        _ => ARTICLE_WORDS,
    }
}

/// True where the model knows enough of the page's words and does not take it for an article. It was not
/// trained on live blogs, galleries and videos.
fn is_too_low(kind: Kind, score: &PageScore) -> bool {
    let is_trained = matches!(kind, Kind::Article | Kind::Other);
    is_trained && score.known_words >= ENOUGH_WORDS && score.article < LEAST_SCORE
}

/// The kind of page, by what it declares, its address and its share of links.
fn kind_of(evidence: &PageEvidence<'_, '_>, amounts: &TextAmounts) -> Kind {
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
    let is_thin = chars * 4 < amounts.all_chars;
    let is_list = amounts.link_chars * 2 > amounts.all_chars;
    if is_thin && is_list && (articles > 5 || amounts.words < 150) {
        Kind::Index
    } else {
        Kind::Article
    }
}

/// How much text there is.
struct TextAmounts {
    /// Words of the article's text.
    words: usize,
    /// Characters of all blocks.
    all_chars: usize,
    /// Characters of all links.
    link_chars: usize,
}

impl TextAmounts {
    fn new(blocks: &Blocks, text: &str) -> TextAmounts {
        TextAmounts {
            words: word_count(text),
            all_chars: blocks.list.iter().map(|block| block.chars).sum(),
            link_chars: blocks.list.iter().map(|block| block.link_chars).sum(),
        }
    }
}
