//! Why a block was kept or dropped, in words. This is the only place where verdicts are put into words, for
//! the record and for `explain`.

use serde::Serialize;

use crate::extract::decide::body::{BlockVerdict, Body, KeepReason};
use crate::extract::features::PageView;
use crate::extract::rules::Mark;
use crate::extract::rules::site::SiteRules;

/// The kind of reason, as in the legend of `explain`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// Part of the article.
    Kept,
    /// A field of the record: headline, author, date.
    Field,
    /// A built-in rule.
    Rule,
    /// A user's selector.
    Selector,
    /// A boilerplate phrase.
    Phrase,
    /// Mostly links.
    Links,
    /// Seen in other articles of the site.
    Memory,
    /// Another article on the same page, or a line that points to one.
    Other,
    /// The model's score.
    Score,
    /// Said before on the same page.
    Repeat,
    /// A heading without text below it.
    Heading,
}

impl Cause {
    /// Every cause, in the order of a legend.
    pub const ALL: [Cause; 11] = [
        Cause::Kept,
        Cause::Field,
        Cause::Rule,
        Cause::Selector,
        Cause::Phrase,
        Cause::Links,
        Cause::Memory,
        Cause::Other,
        Cause::Score,
        Cause::Repeat,
        Cause::Heading,
    ];

    /// Its name, one word.
    pub fn name(self) -> &'static str {
        match self {
            Cause::Kept => "kept",
            Cause::Field => "field",
            Cause::Rule => "rule",
            Cause::Selector => "selector",
            Cause::Phrase => "phrase",
            Cause::Links => "links",
            Cause::Memory => "memory",
            Cause::Other => "other",
            Cause::Score => "score",
            Cause::Repeat => "repeat",
            Cause::Heading => "heading",
        }
    }
}

/// Why one block was kept or dropped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reason {
    /// The kind of reason.
    pub cause: Cause,
    /// The reason in words.
    pub reason: String,
    /// The file with the rule or the selector.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
}

/// Why a block was kept or dropped.
pub fn reason(view: &PageView<'_, '_>, site: &SiteRules, body: &Body, block: usize) -> Reason {
    let plain = |cause, reason: &str| Reason {
        cause,
        reason: reason.to_owned(),
        file: None,
    };
    let scored = |cause| plain(cause, &format!("score {:.2}", body.scores[block]));
    match body.verdicts[block] {
        BlockVerdict::Kept(keep_reason) => kept(keep_reason, site, body, scored(Cause::Kept)),
        BlockVerdict::Rule(mark) => by_mark(view, site, mark),
        BlockVerdict::Phrase => Reason {
            file: Some("rules/phrases.toml".to_owned()),
            ..plain(Cause::Phrase, &phrase(view, block))
        },
        BlockVerdict::Outside => match body.container.and_then(|by| site.selector(by)) {
            Some(by) => Reason {
                file: Some(by.place.to_string()),
                ..plain(Cause::Selector, &format!("outside article {}", by.css))
            },
            None => plain(Cause::Selector, "outside the article selector"),
        },
        BlockVerdict::Headline => plain(Cause::Field, "headline"),
        BlockVerdict::Byline => plain(Cause::Field, "byline or date"),
        BlockVerdict::Biography => plain(Cause::Field, "about the author"),
        BlockVerdict::Links => plain(Cause::Links, "mostly links"),
        BlockVerdict::Seen(seen) => plain(
            Cause::Memory,
            &format!("seen in {} of {} pages", seen.count, seen.of),
        ),
        BlockVerdict::OtherArticle => plain(Cause::Other, "another article on this page"),
        BlockVerdict::Appeal => Reason {
            file: Some("rules/appeals.toml".to_owned()),
            ..plain(Cause::Phrase, "appeal of the site")
        },
        BlockVerdict::Pointer => plain(Cause::Other, "points to another article"),
        BlockVerdict::Score => scored(Cause::Score),
        BlockVerdict::Repeat => plain(Cause::Repeat, "said before on this page"),
        BlockVerdict::Quoted => plain(Cause::Repeat, "pull quote: repeats a sentence"),
        BlockVerdict::ForeignSection => plain(Cause::Other, "under a heading of something else"),
        BlockVerdict::EmptyHeading => plain(Cause::Heading, "heading without text"),
    }
}

fn kept(keep_reason: KeepReason, site: &SiteRules, body: &Body, scored: Reason) -> Reason {
    let by_selector = |index: Option<u16>, what: &str| {
        let by = index.and_then(|index| site.selector(index));
        Reason {
            reason: format!("{what} {}", by.map_or("selector", |by| &by.css)),
            file: by.map(|by| by.place.to_string()),
            ..scored.clone()
        }
    };
    let words = match keep_reason {
        KeepReason::Score => return scored,
        KeepReason::Selector(index) => return by_selector(Some(index), "keep"),
        KeepReason::Container => return by_selector(body.container, "inside article"),
        KeepReason::Run => "goes on with a long run of text",
        KeepReason::Heading => "heading of the text below",
        KeepReason::FactBox => "box of facts in the text",
        KeepReason::Note => "note to the text",
        KeepReason::Standfirst => "standfirst",
        KeepReason::Lede => "says what the description says",
        KeepReason::Attribution => "who said the quote",
        KeepReason::Caption => "caption",
        KeepReason::Entry => "time of an entry",
    };
    Reason {
        reason: words.to_owned(),
        ..scored
    }
}

fn by_mark(view: &PageView<'_, '_>, site: &SiteRules, mark: Mark) -> Reason {
    match mark {
        Mark::Rule(rule) => {
            let rule = &view.rules.rules[usize::from(rule)];
            let group = rule.group.name();
            Reason {
                cause: Cause::Rule,
                reason: format!("rule {} ({group})", rule.name),
                file: Some(format!("rules/{group}.toml")),
            }
        }
        Mark::Site(index) | Mark::Kept(index) => {
            let by = site.selector(index);
            Reason {
                cause: Cause::Selector,
                reason: format!("strip {}", by.map_or("selector", |by| &by.css)),
                file: by.map(|by| by.place.to_string()),
            }
        }
        Mark::Free => Reason {
            cause: Cause::Rule,
            reason: "a rule".to_owned(),
            file: None,
        },
    }
}

fn phrase(view: &PageView<'_, '_>, block: usize) -> String {
    match view.rules.phrases.find(view.blocks.text(block)) {
        Some(name) => format!("phrase {name}"),
        None => "boilerplate phrase".to_owned(),
    }
}
