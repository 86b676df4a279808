//! Recognises pages that stand in for an article: bot checks, consent walls, 'page not found', the first
//! lines of an article for subscribers. Their phrases are data, in `rules/pages.toml`; how much of a page
//! they must be is decided here.

#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::article::Access;
use crate::extract::decide::body::Body;
use crate::extract::rules::needles::Needles;
use crate::extract::segment::blocks::Blocks;
use crate::page::{Tag, Tree};
use crate::verdict::Verdict;

/// A page with more characters outside links than this, without white space, is no bot check and no error
/// page…
const SHORT: usize = 4_000;
/// …and with more than this no consent wall, which may name hundreds of partners.
const WALL: usize = 20_000;
/// A text of more words is an article, whatever else the page says.
const MANY_WORDS: usize = 600;
/// In a text of more words, the title alone proves nothing.
const FEW_WORDS: usize = 150;
/// A text of fewer words may be that of an error page or of an unnamed bot check.
const SCARCE_WORDS: usize = 40;
/// The most words of a stub.
const STUB_WORDS: usize = 120;
/// A title may have this many characters more than the sign that it contains.
const LONGER_TITLE: usize = 24;
/// Shorter signs, in bytes, must be the whole title, because headlines contain them too.
const DISTINCTIVE: usize = 8;
/// Phrases that make a consent wall, and how many do where there is little other text.
const WALL_PHRASES: usize = 3;
const FEW_WALL_PHRASES: usize = 2;
/// A request to subscribe is at most this many blocks below the text.
const BELOW: usize = 8;
/// Longer lines are no buttons.
const BUTTON_BYTES: usize = 60;
/// A block with a larger share of links is a teaser.
const TEASER: f64 = 0.5;

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(rename = "about")]
    _about: String,
    challenge: Phrases,
    consent: Phrases,
    login: Phrases,
    missing: Phrases,
    paywall: Phrases,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Phrases {
    #[serde(rename = "about", default)]
    _about: String,
    titles: Vec<String>,
    #[serde(default)]
    phrases: Vec<String>,
    #[serde(default)]
    buttons: Vec<String>,
    #[serde(default)]
    marks: Vec<String>,
}

/// The signs of one kind of page: titles, phrases, whole lines, and strings in the page's source.
#[derive(Debug)]
struct Signs {
    titles: Vec<String>,
    phrases: Needles,
    buttons: Vec<String>,
    marks: Needles,
}

impl From<Phrases> for Signs {
    fn from(group: Phrases) -> Signs {
        Signs {
            phrases: Needles::new(group.phrases),
            marks: Needles::new(group.marks),
            titles: group.titles,
            buttons: group.buttons,
        }
    }
}

impl Signs {
    /// True where one of these titles is such a page's.
    fn is_title(&self, titles: &[String]) -> bool {
        let matches = |title: &String, sign: &String| {
            title == sign
                || (sign.len() >= DISTINCTIVE
                    && title.chars().count() <= sign.chars().count() + LONGER_TITLE
                    && title.contains(sign.as_str()))
        };
        let is_sign = |title| self.titles.iter().any(|sign| matches(title, sign));
        titles.iter().any(is_sign)
    }

    /// How many different phrases occur in these texts.
    fn count<'t>(&self, texts: impl Iterator<Item = &'t str>) -> usize {
        let mut found = vec![false; self.phrases.count()];
        for text in texts {
            // The search ignores the case of ASCII letters.
            let text = if text.is_ascii() {
                Cow::Borrowed(text)
            } else {
                Cow::Owned(plain(text))
            };
            let uncounted = without_numbers(&text);
            for text in [Some(&*text), uncounted.as_deref()].into_iter().flatten() {
                for phrase in self.phrases.apart_in(text.as_bytes()) {
                    found[phrase] = true;
                }
            }
        }
        found.into_iter().filter(|it| *it).count()
    }

    /// How many of these lines are those of buttons.
    fn count_buttons<'t>(&self, lines: impl Iterator<Item = &'t str>) -> usize {
        let short = lines.filter(|line| line.len() <= BUTTON_BYTES);
        short
            .filter(|line| self.buttons.contains(&plain(line)))
            .count()
    }

    /// True where one of the marks is in the page's source.
    fn is_marked(&self, source: &[u8]) -> bool {
        self.marks.is_in(source)
    }
}

/// A text without the numbers in it ('we and our 812 partners'); `None` where there are none.
fn without_numbers(text: &str) -> Option<String> {
    let is_number = |word: &&str| {
        word.bytes()
            .all(|it| it.is_ascii_digit() || it == b'.' || it == b',')
    };
    let has_any = text.split(' ').any(|it| is_number(&it) && !it.is_empty());
    has_any.then(|| {
        let words: Vec<&str> = text.split(' ').filter(|it| !is_number(it)).collect();
        words.join(" ")
    })
}

/// Lower case, with typewriter apostrophes.
fn plain(text: &str) -> String {
    text.to_lowercase().replace('’', "'")
}

#[derive(Debug)]
struct StandIns {
    challenge: Signs,
    consent: Signs,
    login: Signs,
    missing: Signs,
    paywall: Signs,
}

static STAND_INS: LazyLock<StandIns> = LazyLock::new(|| {
    // The file is compiled in and tested; a broken one would know no such page.
    let file: File = toml::from_str(include_str!("../../../rules/pages.toml")).unwrap_or_default();
    StandIns {
        challenge: file.challenge.into(),
        consent: file.consent.into(),
        login: file.login.into(),
        missing: file.missing.into(),
        paywall: file.paywall.into(),
    }
});

/// What a stand-in is recognised by.
#[derive(Debug, Clone, Copy)]
pub struct StandInEvidence<'p, 'a> {
    /// The page's source.
    pub bytes: &'p [u8],
    /// The page's nodes.
    pub tree: &'p Tree<'a>,
    /// The article's title.
    pub title: Option<&'p str>,
    /// The page declares itself an article.
    pub is_declared: bool,
    /// Whether the page says that it may be read without paying.
    pub access: Option<Access>,
    /// The page's blocks.
    pub blocks: &'p Blocks,
    /// The verdicts on them.
    pub body: &'p Body,
    /// Words of the article's text.
    pub words: usize,
}

/// The kind of stand-in that the page is, if it is one.
pub fn stand_in(page: &StandInEvidence<'_, '_>) -> Option<Verdict> {
    let blocks = page.blocks.list.iter();
    let chars: usize = blocks
        .map(|it| it.chars.saturating_sub(it.link_chars))
        .sum();
    if chars > WALL || page.words > MANY_WORDS {
        return None;
    }
    let known = &*STAND_INS;
    let titles = page.titles();
    let is_few = page.words <= FEW_WORDS;
    if is_few && chars <= SHORT {
        if page.is_check(&known.challenge, &titles, chars) {
            return Some(Verdict::Challenge);
        }
        if page.is_missing(&known.missing, &titles) {
            return Some(Verdict::Soft404);
        }
    }
    if page.is_wall(&known.consent, &titles, is_few) {
        return Some(Verdict::ConsentWall);
    }
    let is_closed =
        (is_few && page.asks_to_log_in(&known.login, &titles)) || page.is_stub(&known.paywall);
    is_closed.then_some(Verdict::PaywallStub)
}

impl<'p> StandInEvidence<'p, '_> {
    /// The title and the main headings, or else the first heading.
    fn titles(&self) -> Vec<String> {
        let blocks = 0..self.blocks.list.len();
        let tag = |block: usize| self.tree.tag(self.blocks.list[block].owner);
        let main = |block: &usize| tag(*block) == Tag::H1;
        let mut headings: Vec<usize> = blocks.clone().filter(main).collect();
        if headings.is_empty() {
            let smaller = |block: &usize| matches!(tag(*block), Tag::H2 | Tag::H3);
            headings.extend(blocks.clone().find(smaller));
        }
        let headings = headings.into_iter().map(|block| self.blocks.text(block));
        let all = self.title.into_iter().chain(headings);
        all.map(|it| plain(it.trim_matches(['.', '!', ' '])))
            .collect()
    }

    fn texts(&self) -> impl Iterator<Item = &'p str> {
        let blocks = self.blocks;
        (0..blocks.list.len()).map(|block| blocks.text(block))
    }

    fn kept(&self) -> impl Iterator<Item = &'p str> {
        let blocks = self.blocks;
        self.body.kept().map(|block| blocks.text(block))
    }

    fn is_check(&self, signs: &Signs, titles: &[String], chars: usize) -> bool {
        let phrases = signs.count(self.texts());
        let is_scarce = self.words < SCARCE_WORDS;
        phrases > 1
            || ((phrases == 1 || is_scarce) && signs.is_title(titles))
            || (is_scarce && (phrases == 1 && chars < SHORT / 8 || signs.is_marked(self.bytes)))
    }

    fn is_missing(&self, signs: &Signs, titles: &[String]) -> bool {
        let says_so = || {
            let list = &self.blocks.list;
            let own = (0..list.len()).filter(|&it| list[it].link_density() < TEASER);
            signs.count(own.map(|block| self.blocks.text(block))) > 0
        };
        signs.is_title(titles) || (self.words < SCARCE_WORDS && !self.is_declared && says_so())
    }

    fn is_wall(&self, signs: &Signs, titles: &[String], is_few: bool) -> bool {
        let least = if is_few {
            FEW_WALL_PHRASES
        } else {
            WALL_PHRASES
        };
        let asked = || signs.count(self.texts()) + signs.count_buttons(self.texts());
        signs.count(self.kept()) >= least
            || (is_few && signs.is_title(titles) && asked() > 0)
            || (self.words < SCARCE_WORDS && !self.is_declared && asked() >= WALL_PHRASES)
    }

    /// True for a page that is headed 'Log in' and asks for a password. Many an article's page has such a
    /// form somewhere, but another headline.
    fn asks_to_log_in(&self, signs: &Signs, titles: &[String]) -> bool {
        let is_password = |id| {
            let kind = self.tree.attr(id, "type");
            kind.is_some_and(|it| it.eq_ignore_ascii_case("password"))
        };
        signs.is_title(titles) && self.tree.elements(Tag::Input).any(is_password)
    }

    /// True for the first lines of an article with a request to pay below them, and for a paid page with
    /// next to no text.
    fn is_stub(&self, signs: &Signs) -> bool {
        let kept: Vec<usize> = self.body.kept().collect();
        let Some(last) = kept.last() else {
            return false;
        };
        let end = self.blocks.list.len().min(last + 1 + BELOW);
        let near = kept.iter().copied().chain(last + 1..end);
        let asks = || signs.count(near.map(|block| self.blocks.text(block))) > 0;
        let is_paid = self.access == Some(Access::Paywalled);
        (is_paid && self.words < SCARCE_WORDS) || (self.words <= STUB_WORDS && asks())
    }
}
