//! Classifies a page: which kind of page it is, and whether it holds an article.

mod evidence;
mod legal;
pub(super) mod note;
pub mod page_features;
pub mod stand_in;
mod structure;

use std::fmt;

use crate::article::Kind;
use crate::extract::classify::evidence::{Observed, Sign};
use crate::extract::classify::page_features::PageScore;
use crate::extract::decide::body::Body;
use crate::extract::features::Words;
use crate::extract::fields::Fields;
use crate::extract::segment::blocks::Blocks;
use crate::page::text::{solid_chars, word_count};
use crate::page::{Page, Tag};
use crate::verdict::{AddressEvidence, Verdict};

pub use evidence::Evidence;

/// Words that an article needs of which nothing says that it is one.
const ARTICLE_WORDS: usize = 60;
/// Words that news needs whose headline is the page's title and that has a date or a byline.
const NEWS_WORDS: usize = 30;
/// Words that a page needs whose markup declares an article or has exactly one `article` element, or which
/// a feed or the source's own selector names as one.
const DECLARED_WORDS: usize = 15;
/// Points of signs that a page of links needs without a dated headline: short news stands on such pages.
const LIST_POINTS: f32 = 3.0;
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
    /// The evidence is for an article; `None` where the page's kind or its data is enough.
    Article(Option<Evidence>),
    /// What named the page's address, or the source's own `article` selector, says that it is one.
    Named(AddressEvidence),
    /// There is no text.
    NoText,
    /// The text is that of a page that stands in for an article, such as a consent wall.
    StandIn,
    /// A front page, or a page that declares itself a list.
    Index,
    /// A page of links, with little evidence of an article.
    Links(Evidence),
    /// The text has this many words; an article needs the second number.
    TooFewWords(usize, usize),
    /// The evidence is against an article.
    Against(Evidence),
}

impl fmt::Display for VerdictReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            VerdictReason::Article(None) => f.write_str("it has an article's text"),
            VerdictReason::Article(Some(evidence)) => {
                write!(f, "it has an article's text; {evidence}")
            }
            VerdictReason::Named(AddressEvidence::Feed) => {
                f.write_str("it has text, and a feed names it as an article")
            }
            VerdictReason::Named(AddressEvidence::NewsSitemap) => {
                f.write_str("it has text, and a news sitemap names it as an article")
            }
            VerdictReason::Named(_) => {
                f.write_str("the source's `article` selector finds an article's text")
            }
            VerdictReason::NoText => f.write_str("there is no text"),
            VerdictReason::StandIn => {
                f.write_str("its text is typical of such pages (rules/pages.toml)")
            }
            VerdictReason::Index => f.write_str("it is a front page or declares itself a list"),
            VerdictReason::Links(evidence) => write!(f, "it consists mostly of links; {evidence}"),
            VerdictReason::TooFewWords(words, needed) => {
                let plural = if *words == 1 { "" } else { "s" };
                write!(
                    f,
                    "its text has {words} word{plural}; an article needs {needed}"
                )
            }
            VerdictReason::Against(evidence) => {
                write!(f, "too little says that it is an article: {evidence}")
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
    /// Their words.
    pub words: &'p Words,
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

/// Classifies a page by what named it, what it declares, its text, its layout and its page score.
pub fn classify(evidence: &PageEvidence<'_, '_>) -> Classification {
    let amounts = TextAmounts::new(evidence.blocks, evidence.text);
    let kind = evidence.body.kind.unwrap_or_else(|| kind_of(evidence));
    let (mut verdict, mut why) = verdict_on(evidence, kind, &amounts);
    let kind = match verdict {
        Verdict::Article | Verdict::Empty | Verdict::PaywallStub if kind == Kind::Index => {
            Kind::Article
        }
        Verdict::Article | Verdict::Empty | Verdict::PaywallStub => kind,
        Verdict::Index => Kind::Index,
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
    let words = amounts.words;
    if let Some(other) = stand_in_of(evidence, words) {
        return (other, VerdictReason::StandIn);
    }
    if words == 0 && amounts.all_chars < BLANK {
        return (Verdict::Empty, VerdictReason::NoText);
    }
    if kind == Kind::Index && is_front(evidence) {
        return (Verdict::Index, VerdictReason::Index);
    }
    let observed = Observed {
        page: evidence.page,
        blocks: evidence.blocks,
        block_words: evidence.words,
        body: evidence.body,
        fields: evidence.fields,
        words,
    };
    let found = Evidence::of(&observed, evidence.score);
    let is_list = kind == Kind::Index || (kind == Kind::Article && amounts.is_list(evidence));
    let is_acquitted = !is_list || found.is_dated_news() || found.of_signs() >= LIST_POINTS;
    let is_named = is_named(evidence);
    let needed = needed_words(evidence, &found);
    if words < needed {
        return if is_list && !is_named {
            (Verdict::Index, list_reason(kind, found))
        } else {
            let why = VerdictReason::TooFewWords(words, needed);
            (Verdict::NotArticle, why)
        };
    }
    if is_named && (kind != Kind::Index || is_acquitted) {
        return (Verdict::Article, VerdictReason::Named(evidence.address));
    }
    // The evidence is that of texts; and a page that scripts fill has no layout to judge by.
    let is_judged = matches!(kind, Kind::Article | Kind::Other | Kind::Index);
    if !is_judged || (evidence.score.is_none() && !is_list) {
        return (Verdict::Article, VerdictReason::Article(None));
    }
    if is_acquitted && found.is_for() {
        (Verdict::Article, VerdictReason::Article(Some(found)))
    } else if is_list {
        (Verdict::Index, list_reason(kind, found))
    } else {
        (Verdict::NotArticle, VerdictReason::Against(found))
    }
}

fn list_reason(kind: Kind, found: Evidence) -> VerdictReason {
    if kind == Kind::Index {
        VerdictReason::Index
    } else {
        VerdictReason::Links(found)
    }
}

/// What stands in the article's place, if anything does.
fn stand_in_of(evidence: &PageEvidence<'_, '_>, words: usize) -> Option<Verdict> {
    let fields = evidence.fields;
    stand_in::stand_in(&stand_in::StandInEvidence {
        bytes: evidence.page.input.bytes,
        tree: &evidence.page.tree,
        title: fields.title.as_deref(),
        is_declared: fields.declared_kind.is_some_and(Kind::is_article),
        access: fields.access,
        blocks: evidence.blocks,
        body: evidence.body,
        words,
    })
}

/// True where the site itself, or the user by an `article` selector, says that the page is an article.
fn is_named(evidence: &PageEvidence<'_, '_>) -> bool {
    evidence.address.names_article() || evidence.body.container.is_some()
}

/// The fewest words that make this page an article. What a feed or the source's own `article` selector
/// names may be news in brief.
fn needed_words(evidence: &PageEvidence<'_, '_>, found: &Evidence) -> usize {
    if is_named(evidence) {
        return DECLARED_WORDS;
    }
    if let Some(min_words) = evidence.min_words {
        return min_words;
    }
    let is_declared = evidence.fields.declared_kind.is_some_and(Kind::is_article);
    let is_signed = found.has(Sign::Headline) && found.has(Sign::Authors);
    let is_news = found.is_dated_news() || is_signed || found.has(Sign::DatedAddress);
    if is_declared || found.has(Sign::OneArticle) {
        DECLARED_WORDS
    } else if is_news {
        NEWS_WORDS
    } else {
        ARTICLE_WORDS
    }
}

/// The kind of page, by what it declares and its address.
fn kind_of(evidence: &PageEvidence<'_, '_>) -> Kind {
    let declared = evidence.fields.declared_kind;
    if is_front(evidence) && declared != Some(Kind::LiveBlog) {
        return Kind::Index;
    }
    declared.unwrap_or(Kind::Article)
}

/// True for the address of a front page.
fn is_front(evidence: &PageEvidence<'_, '_>) -> bool {
    let url = evidence.page.input.url;
    url.is_some_and(|url| url.path() == "/" && url.query().is_none())
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

    /// True where the page consists of links, and its text is a small part of it. What declares itself an
    /// article is not asked.
    fn is_list(&self, evidence: &PageEvidence<'_, '_>) -> bool {
        let is_linked = self.link_chars * 2 > self.all_chars;
        let is_thin = || solid_chars(evidence.text) * 4 < self.all_chars;
        let articles = || evidence.page.tree.elements(Tag::Article).count();
        evidence.fields.declared_kind.is_none()
            && is_linked
            && (self.words < 150 || articles() > 5)
            && is_thin()
    }
}
