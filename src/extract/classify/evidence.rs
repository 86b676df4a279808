//! The evidence for and against an article, summed up. Each sign has a number of points, and together
//! they decide; the learned page score may only tip what the rest leaves open, and the less so the fewer
//! of the page's words it knows.

use std::fmt;

use url::Url;

use crate::article::{Kind, Role};
use crate::extract::classify::legal;
use crate::extract::classify::page_features::PageScore;
use crate::extract::classify::structure::Structure;
use crate::extract::decide::body::Body;
use crate::extract::features::Words;
use crate::extract::fields::Fields;
use crate::extract::segment::blocks::Blocks;
use crate::page::{Page, Tag};

/// Without any sign, a page is no article.
const START: f32 = -1.0;
/// Points for each unit of the page score's log odds…
const SCORE_POINTS: f32 = 2.0;
/// …which count up to this, either way…
const SCORE_ODDS: f32 = 2.0;
/// …and what a page owes whose score says nothing: where words are known, more is asked of the rest.
const SCORE_OWED: f32 = 1.5;
/// The page score counts only where the model knows this many of the page's words (classes, labels,
/// texts). Real pages have hundreds.
const ENOUGH_WORDS: usize = 120;
/// It counts nothing where the model knows at most this share of the page's words, as in a language that
/// it was not trained on, and in full from the second share on.
const KNOWN_SHARE: [f32; 2] = [0.35, 0.55];
/// An article of this many words is no brief.
const BRIEF: usize = 60;

macro_rules! signs {
    ($($(#[$doc:meta])* $variant:ident = $points:literal $words:literal,)*) => {
        /// A sign for or against an article.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Sign {
            $($(#[$doc])* $variant,)*
        }

        impl Sign {
            /// Every sign.
            pub const ALL: &[Sign] = &[$(Sign::$variant,)*];

            /// What it counts.
            pub fn points(self) -> f32 {
                match self { $(Sign::$variant => $points,)* }
            }

            fn words(self) -> &'static str {
                match self { $(Sign::$variant => $words,)* }
            }
        }
    };
}

signs! {
    /// At least 1,500 letters of prose.
    MuchProse = 1.0 "much prose",
    /// Three tenths of the text outside links is prose of the article.
    ProsePrevails = 1.0 "a large part of the page is its prose",
    /// Six tenths are.
    HardlyElse = 1.0 "hardly anything else is on the page",
    /// Half of the prose stands in one element.
    OnePlace = 2.0 "the prose stands in one place",
    /// Eight tenths of it do.
    OnlyPlace = 1.0 "and nowhere else",
    /// The page's title repeats the heading above the text.
    Headline = 1.0 "its title is the headline",
    /// It has a publication date.
    Published = 1.0 "a publication date",
    /// It names its authors.
    Authors = 1.0 "a byline",
    /// A date or a byline stands near the headline.
    Dated = 2.0 "date or byline by the headline",
    /// The markup declares an article.
    Declared = 1.0 "declared as an article",
    /// The address ends in four words or more.
    Slug = 1.0 "a headline in the address",
    /// The address has a day or a month above the name of the page: that of a post or of news.
    DatedAddress = 1.0 "a date in the address",
    /// Exactly one `article` element.
    OneArticle = 1.0 "one article element",
    /// The markup declares a list, a product, a contact page.
    DeclaredOther = -4.0 "declared as something else",
    /// Dates and names between its paragraphs.
    Thread = -4.0 "dates and names between the paragraphs, as in a thread",
    /// Amounts of money.
    Prices = -1.0 "prices",
    /// Headings that are links.
    Cards = -1.0 "more linked headings than paragraphs",
    /// Three paragraphs or more, and most of all, stand right below headings that are links.
    Teasers = -3.0 "its paragraphs stand below linked headings",
    /// More than half of the page is links.
    Links = -1.0 "mostly links",
    /// A tenth of the text is listings.
    Listings = -2.0 "listings of code",
    /// A legal notice, 'about us', contact…
    Legal = -10.0 "a legal or contact page by its title or address",
    /// …which may also be the subject of an article.
    LegalSubject = -1.0 "the title of a legal or contact page",
    /// Fewer words than most articles.
    Brief = -1.0 "few words",
}

/// The signs found on a page, and its page score.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Evidence {
    /// A bit for each sign, in the order of [`Sign::ALL`].
    signs: u32,
    score: Option<PageScore>,
}

/// What the evidence is gathered from.
#[derive(Debug, Clone, Copy)]
pub struct Observed<'p, 'a> {
    /// The page.
    pub page: &'p Page<'a>,
    /// Its blocks.
    pub blocks: &'p Blocks,
    /// Their words.
    pub block_words: &'p Words,
    /// Which of them are the article.
    pub body: &'p Body,
    /// What the page states.
    pub fields: &'p Fields,
    /// Words of the article's text.
    pub words: usize,
}

impl Evidence {
    /// Gathers the signs of a page.
    pub fn of(seen: &Observed<'_, '_>, score: Option<PageScore>) -> Evidence {
        let mut evidence = Evidence { signs: 0, score };
        evidence.note_text(seen);
        evidence.note_statements(seen);
        evidence
    }

    fn note(&mut self, sign: Sign, holds: bool) {
        if holds {
            self.signs |= 1 << sign as u32;
        }
    }

    /// True where this sign was found.
    pub fn has(&self, sign: Sign) -> bool {
        self.signs & 1 << sign as u32 != 0
    }

    /// True for a headline that the page's title repeats, and a date.
    pub fn is_dated_news(&self) -> bool {
        self.has(Sign::Headline) && (self.has(Sign::Published) || self.has(Sign::Dated))
    }

    fn note_text(&mut self, seen: &Observed<'_, '_>) {
        let it = Structure::of(seen.page, seen.blocks, seen.block_words, seen.body);
        let is_some = it.prose >= 300;
        self.note(Sign::MuchProse, it.prose >= 1_500);
        self.note(Sign::ProsePrevails, it.prose * 10 > it.unlinked * 3);
        self.note(Sign::HardlyElse, it.prose * 10 > it.unlinked * 6);
        self.note(Sign::OnePlace, is_some && it.in_one_place * 2 >= it.prose);
        self.note(
            Sign::OnlyPlace,
            is_some && it.in_one_place * 10 >= it.prose * 8,
        );
        self.note(Sign::Headline, it.has_headline);
        self.note(Sign::Dated, it.is_dated);
        // Below a declared article they are those of comments.
        let is_article = seen.fields.declared_kind == Some(Kind::Article);
        let is_thread = it.posts >= 3.max(it.paragraphs.div_ceil(4));
        self.note(Sign::Thread, is_thread && !is_article);
        self.note(
            Sign::Prices,
            it.prices >= 3 && it.prices * 3 >= it.paragraphs,
        );
        self.note(Sign::Cards, it.cards >= 10 && it.cards > it.paragraphs);
        self.note(
            Sign::Teasers,
            it.teasers >= 3 && it.teasers * 2 > it.paragraphs,
        );
        self.note(Sign::Links, it.links * 2 > it.all);
        self.note(Sign::Listings, is_of_code(seen));
        self.note(Sign::Brief, seen.words < BRIEF);
    }

    fn note_statements(&mut self, seen: &Observed<'_, '_>) {
        let fields = seen.fields;
        let (dated, signed) = (fields.published.is_some(), !fields.authors.is_empty());
        self.note(Sign::Published, dated);
        self.note(Sign::Authors, signed);
        let declared = fields.declared_kind;
        self.note(Sign::Declared, declared == Some(Kind::Article));
        let is_other = matches!(declared, Some(Kind::Index | Kind::Other));
        self.note(Sign::DeclaredOther, is_other);
        let url = fields.canonical.as_ref().or(seen.page.input.url);
        let mut segments = url.and_then(Url::path_segments).into_iter().flatten();
        let slug = segments.rfind(|it| !it.is_empty());
        let words = slug.map_or(0, |it| it.split('-').count());
        self.note(Sign::Slug, words >= 4);
        self.note(Sign::DatedAddress, url.is_some_and(has_date));
        let articles = seen.page.tree.elements(Tag::Article).take(2).count();
        self.note(Sign::OneArticle, articles == 1);
        let legal = legal::signs(fields.title.as_deref(), seen.page.input.url.or(url));
        // News of a privacy policy has a date and an author; a policy has at most a date.
        let is_news = dated && signed && legal < 2;
        self.note(Sign::Legal, legal > 0 && !is_news);
        self.note(Sign::LegalSubject, legal > 0 && is_news);
    }

    /// The points of the signs, without the page score.
    pub fn of_signs(&self) -> f32 {
        let found = Sign::ALL.iter().filter(|sign| self.has(**sign));
        START + found.map(|sign| sign.points()).sum::<f32>()
    }

    /// The points of the page score; the fewer the less of the page the model knows.
    fn of_score(&self) -> f32 {
        let Some(score) = self.score.filter(|it| it.known_words >= ENOUGH_WORDS) else {
            return 0.0;
        };
        let [none, all] = KNOWN_SHARE;
        let trust = ((score.known_share - none) / (all - none)).clamp(0.0, 1.0);
        let odds = (score.article / (1.0 - score.article)).ln();
        trust * (SCORE_POINTS * odds.clamp(-SCORE_ODDS, SCORE_ODDS) - SCORE_OWED)
    }

    /// All points.
    pub fn points(&self) -> f32 {
        self.of_signs() + self.of_score()
    }

    /// True where the evidence is for an article.
    pub fn is_for(&self) -> bool {
        self.points() >= 0.0
    }
}

/// True for an address such as `/2026/05/limes`: a year, a month, and a name further down.
fn has_date(url: &Url) -> bool {
    let path: Vec<&str> = url.path_segments().into_iter().flatten().collect();
    let number = |it: &str, digits: &[usize]| {
        let is_number = digits.contains(&it.len()) && it.bytes().all(|c| c.is_ascii_digit());
        is_number.then(|| it.parse::<u16>().ok()).flatten()
    };
    path.windows(2).enumerate().any(|(at, pair)| {
        let year = number(pair[0], &[4]).is_some_and(|it| (1990..2100).contains(&it));
        let month = number(pair[1], &[1, 2]).is_some_and(|it| (1..=12).contains(&it));
        let mut below = path[at + 2..].iter().copied();
        let is_list = |it: &str| it.starts_with("index") || it.starts_with("page");
        year && month && below.any(|it| it.contains(char::is_alphabetic) && !is_list(it))
    })
}

/// True where a tenth of the text is code.
fn is_of_code(seen: &Observed<'_, '_>) -> bool {
    let chars = |code: bool| {
        let kept = seen.body.kept();
        let kept = kept.filter(|&it| !code || seen.body.roles[it] == Role::Code);
        kept.map(|it| seen.blocks.list[it].chars).sum::<usize>()
    };
    chars(true) * 10 > chars(false)
}

impl fmt::Display for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:+.1} points", self.points())?;
        for (lead, is_for) in [("; for an article: ", true), ("; against: ", false)] {
            let found = Sign::ALL.iter().filter(|it| self.has(**it));
            let mut lead = lead;
            for sign in found.filter(|it| (it.points() > 0.0) == is_for) {
                write!(f, "{lead}{} ({:+.0})", sign.words(), sign.points())?;
                lead = ", ";
            }
        }
        if let Some(score) = self.score {
            write!(
                f,
                "; page score {:.2} ({:+.1})",
                score.article,
                self.of_score()
            )?;
        }
        Ok(())
    }
}
