//! What stands in the place of a front page: a wall, a page for scripts alone, nothing. A page that puts
//! headlines forward is a front page, whatever else is on it. What no phrase names is known by what is
//! missing: links, and text.

use url::Url;

use crate::canonical::same_site;
use crate::discover::{Links, PassReason};
use crate::extract::Extraction;
use crate::page::text::word_count;
use crate::page::{Page, Tag};
use crate::verdict::{Verdict, VisitOutcome};

/// A page with so many links to articles is a front page, whatever else it says.
const FRONT_LINKS: usize = 2;
/// One that says 'not found' may list what others read, but no more than this.
const MOST_READ: usize = 12;
/// A page without a link to an article, with fewer words and no more links to its own site than the next
/// number, is no front page.
const FEW_WORDS: usize = 150;
const FEW_LINKS: usize = 5;
/// A page with scripts and fewer words is filled by them.
const SHELL_WORDS: usize = 40;
/// Words of the page that a reason quotes.
const QUOTED: usize = 12;

/// What a front page is judged by.
#[derive(Debug, Clone, Copy)]
pub(super) struct FrontPage<'a> {
    /// The page's links.
    pub(super) links: &'a Links,
    /// What the page would be as an article.
    pub(super) verdict: Verdict,
    /// Its words.
    pub(super) words: usize,
    /// It has scripts.
    pub(super) has_scripts: bool,
    /// Its bytes.
    pub(super) bytes: usize,
    /// How it begins.
    pub(super) quote: &'a str,
    /// Where it is, if that is another site than was asked.
    pub(super) moved_to: Option<&'a Url>,
}

/// How the visit to a front page ends, and why; there is a reason for [`VisitOutcome::Index`] too where
/// no link is followed.
pub(super) fn end_of(page: &FrontPage<'_>) -> (VisitOutcome, Option<String>) {
    let followed = page.links.pages.len();
    if let Some((outcome, what, most)) = stand_in(page.verdict)
        && followed < most
    {
        return (outcome, Some(format!("{what} in place of the front page")));
    }
    if followed > 0 {
        return (VisitOutcome::Index, None);
    }
    let has_feed = !page.links.feeds.is_empty();
    match missing(page) {
        Some((outcome, reason)) if !has_feed => (outcome, Some(reason)),
        Some((_, reason)) => {
            let reason = format!("{reason}; the feed that it declares is used");
            (VisitOutcome::Index, Some(reason))
        }
        None => (VisitOutcome::Index, Some(none_followed(page.links))),
    }
}

/// How the visit to such a page ends, what it is, and the number of links that it has fewer of.
pub(super) fn stand_in(verdict: Verdict) -> Option<(VisitOutcome, &'static str, usize)> {
    let (what, most) = match verdict {
        Verdict::Challenge => ("a bot check", FRONT_LINKS),
        Verdict::ConsentWall => ("a cookie or consent wall", FRONT_LINKS),
        Verdict::Soft404 => ("a page that says 'not found'", MOST_READ),
        _ => return None,
    };
    Some((verdict.into(), what, most))
}

/// What stands there instead of a page with links, where it is not much.
fn missing(page: &FrontPage<'_>) -> Option<(VisitOutcome, String)> {
    let is_own = |(_, reason): &(_, PassReason)| !matches!(reason, PassReason::OtherSite);
    let own_links = page.links.passed_over().filter(is_own).count();
    if let Some(to) = page.moved_to {
        let reason = format!("redirected to {to}, which has no links to articles");
        return Some((VisitOutcome::Soft404, reason));
    }
    if own_links > FEW_LINKS || page.words >= FEW_WORDS {
        return None;
    }
    let reason = if page.has_scripts && page.words < SHELL_WORDS {
        "scripts make its content, and its markup has no links to articles; give feeds or sitemaps \
         in the settings, or a browser (`render`)"
            .to_owned()
    } else if page.words == 0 {
        format!("the page is empty ({} bytes)", page.bytes)
    } else {
        format!("no links to articles; the page says \"{}\"", page.quote)
    };
    Some((VisitOutcome::Empty, reason))
}

/// Why none of a page's links is followed.
fn none_followed(links: &Links) -> String {
    match links.judged.len() {
        0 => "it has no links".to_owned(),
        count => format!(
            "none of its {count} links is followed; `newsprint discover` shows why, and `include` names \
             those to follow"
        ),
    }
}

impl<'a> FrontPage<'a> {
    /// Judges a page that was extracted as if it were an article. `opening` receives how it begins.
    pub(super) fn new(
        page: &'a Page<'_>,
        extraction: &Extraction,
        links: &'a Links,
        opening: &'a mut Opening,
    ) -> FrontPage<'a> {
        *opening = Opening::of(page);
        FrontPage {
            links,
            verdict: extraction.verdict,
            words: opening.words,
            has_scripts: has_script(page.input.bytes),
            bytes: page.input.bytes.len(),
            quote: &opening.quote,
            moved_to: None,
        }
    }

    /// True for a page that ended so because scripts would have written its links: it is no wall, has scripts, little
    /// text, and nothing to follow.
    pub(super) fn is_made_by_scripts(&self, outcome: VisitOutcome) -> bool {
        let is_open = matches!(outcome, VisitOutcome::Index | VisitOutcome::Empty);
        let leads_nowhere = self.links.pages.is_empty() && self.links.feeds.is_empty();
        is_open && leads_nowhere && self.has_scripts && self.words < FEW_WORDS
    }

    /// The same with the address that was asked: the page may have moved to another site.
    pub(super) fn asked_at(self, asked: &Url, arrived: &'a Url) -> FrontPage<'a> {
        FrontPage {
            moved_to: Some(arrived).filter(|it| !same_site(asked, it)),
            ..self
        }
    }
}

/// How a page begins, and how many words it has.
#[derive(Debug, Default)]
pub(super) struct Opening {
    words: usize,
    quote: String,
}

impl Opening {
    fn of(page: &Page<'_>) -> Opening {
        let tree = &page.tree;
        let mut opening = Opening::default();
        let mut at = 0;
        while at < tree.len() {
            // What is shown where scripts are off says nothing of the page.
            let is_hidden = matches!(
                tree.tag(at),
                Tag::Noscript | Tag::Script | Tag::Style | Tag::Template | Tag::Title
            );
            if is_hidden {
                at = tree.end(at);
                continue;
            }
            if let Some(text) = tree.own_text(at) {
                opening.add(text);
            }
            at += 1;
        }
        if opening.quote.is_empty()
            && let Some(title) = tree.elements(Tag::Title).next()
        {
            let title = tree.text(title);
            let words: Vec<&str> = title.split_whitespace().take(QUOTED).collect();
            opening.quote = words.join(" ");
        }
        opening
    }

    fn add(&mut self, text: &str) {
        self.words += word_count(text);
        let quoted = self.quote.split_whitespace().count();
        for word in text.split_whitespace().take(QUOTED.saturating_sub(quoted)) {
            if !self.quote.is_empty() {
                self.quote.push(' ');
            }
            self.quote
                .extend(word.chars().take(40).filter(|it| !it.is_control()));
        }
    }
}

/// True for a page with scripts, which its tree does not hold.
fn has_script(bytes: &[u8]) -> bool {
    let tag = b"<script";
    bytes
        .windows(tag.len())
        .any(|it| it.eq_ignore_ascii_case(tag))
}
