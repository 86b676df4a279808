//! A site's appeals inside its articles: sign up for the newsletter, follow the channel, get the app. They are
//! short paragraphs, recognised by their words (`rules/appeals.toml`): what is offered, and an imperative. Without
//! a link the imperative begins a sentence; what stands in square brackets needs none.

use std::ops::Range;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::article::Role;
use crate::extract::features::PageView;
use crate::extract::rules::needles::Needles;
use crate::page::text::is_unspaced;

/// A longer paragraph says something else too.
const CHARS: usize = 340;
/// A word before the imperative is no longer: 'Then subscribe to …'.
const ADVERB: usize = 4;

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    #[serde(rename = "about")]
    _about: String,
    offers: Vec<String>,
    asks: Vec<String>,
    opens: Vec<String>,
}

static WORDS: LazyLock<Words> = LazyLock::new(|| {
    // The file is compiled in and tested; a broken one drops nothing.
    toml::from_str(include_str!("../../../rules/appeals.toml")).unwrap_or_default()
});

/// Finds all words in one walk: those that ask first, then those that open a block, then those that offer.
static SEARCH: LazyLock<Needles> = LazyLock::new(|| {
    let words = WORDS.asks.iter().chain(&WORDS.opens);
    Needles::new(words.chain(&WORDS.offers))
});

/// True for a short paragraph that offers something of the site and asks to take it.
pub(super) fn is_appeal(view: &PageView<'_, '_>, block: usize) -> bool {
    let at = &view.blocks.list[block];
    if at.chars > CHARS || !matches!(at.role, Role::Paragraph | Role::List | Role::Quote) {
        return false;
    }
    let text = view.blocks.text(block);
    // The search ignores the case of ASCII letters.
    let found = if text.is_ascii() {
        Found::in_text(text)
    } else {
        Found::in_text(&text.to_lowercase())
    };
    let is_note = text.starts_with('[') && text.ends_with(']');
    found.offers && (found.commands || found.asks && at.links > 0 || is_note && at.links > 0)
}

/// What a text in lower case says. A word counts at its beginning.
#[derive(Debug, Default)]
struct Found {
    /// It names what sites offer.
    offers: bool,
    /// It has an imperative…
    asks: bool,
    /// …that begins a sentence.
    commands: bool,
}

impl Found {
    fn in_text(text: &str) -> Found {
        let mut found = Found::default();
        let (asks, opens) = (WORDS.asks.len(), WORDS.opens.len());
        SEARCH.each_in(text.as_bytes(), |Range { start, .. }, word| {
            if !begins_word(text, start) {
                return;
            }
            match word {
                word if word < asks => {
                    found.asks = true;
                    found.commands |= begins_sentence(text, start);
                }
                word if word < asks + opens => found.commands |= start == 0,
                _ => found.offers = true,
            }
        });
        found
    }
}

/// True where a sentence begins, or has one short word before.
fn begins_sentence(text: &str, at: usize) -> bool {
    const ENDS: [char; 12] = [
        '.', '!', '?', ':', '…', '–', '—', '。', '！', '？', '：', '؟',
    ];
    let is_start = |before: &str| before.is_empty() || before.ends_with(ENDS);
    let before = text[..at].trim_end();
    let last = before.split_whitespace().next_back().unwrap_or_default();
    let rest = before[..before.len() - last.len()].trim_end();
    is_start(before) || last.chars().count() <= ADVERB && is_start(rest)
}

fn begins_word(text: &str, at: usize) -> bool {
    let before = text[..at].chars().next_back();
    !before.is_some_and(|c| c.is_alphanumeric() && !is_unspaced(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_are_read_and_in_lower_case() {
        assert!(WORDS.offers.len() > 50 && WORDS.asks.len() > 80);
        assert!(WORDS._about.contains("ust never catch"));
        let all = WORDS.offers.iter().chain(&WORDS.asks).chain(&WORDS.opens);
        let upper: Vec<_> = all.filter(|it| **it != it.to_lowercase()).collect();
        assert!(upper.is_empty(), "{upper:?}");
    }

    fn asks_and_offers(text: &str) -> bool {
        let found = Found::in_text(text);
        found.asks && found.offers
    }

    #[test]
    fn a_word_begins_at_the_beginning_of_a_word() {
        assert!(asks_and_offers("sign up for our newsletters"));
        assert!(!asks_and_offers("resign up for our newsletters"));
        assert!(begins_word("请订阅电子报", "请".len()));
        assert!(!begins_word("he was redonated", "he was re".len()));
    }

    #[test]
    fn a_command_begins_a_sentence() {
        for (text, is_command) in [
            ("want more? sign up for our newsletter", true),
            ("lust auf mehr? dann abonniere meinen newsletter", true),
            ("follow the harbour post on facebook", true),
            ("she told readers to sign up for the newsletter", false),
            ("many follow the harbour post on facebook", false),
        ] {
            let found = Found::in_text(text);
            assert_eq!(found.commands, is_command, "{text}");
            assert!(found.offers, "{text}");
        }
    }
}
