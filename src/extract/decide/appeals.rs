//! A site's appeals inside its articles: sign up for the newsletter, follow the channel, get the app. They are
//! short paragraphs with a link, recognised by their words (`rules/appeals.toml`): what is offered, and an
//! imperative.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use serde::Deserialize;

use crate::article::Role;
use crate::extract::features::PageView;
use crate::page::text::is_unspaced;

/// A longer paragraph says something else too.
const CHARS: usize = 300;

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    #[serde(rename = "about")]
    _about: String,
    offers: Vec<String>,
    asks: Vec<String>,
}

static WORDS: LazyLock<Words> = LazyLock::new(|| {
    // The file is compiled in and tested; a broken one drops nothing.
    toml::from_str(include_str!("../../../rules/appeals.toml")).unwrap_or_default()
});

/// Finds all words in one walk: those that ask first, then those that offer.
static SEARCH: LazyLock<Option<AhoCorasick>> =
    LazyLock::new(|| AhoCorasick::new(WORDS.asks.iter().chain(&WORDS.offers)).ok());

/// True for a short paragraph with a link that offers something of the site and asks to take it.
pub(super) fn is_appeal(view: &PageView<'_, '_>, block: usize) -> bool {
    let at = &view.blocks.list[block];
    if at.links == 0 || at.chars > CHARS || !matches!(at.role, Role::Paragraph | Role::List) {
        return false;
    }
    asks_and_offers(&view.blocks.text(block).to_lowercase())
}

/// True where a text in lower case has a word of both kinds, or words that begin with them.
fn asks_and_offers(text: &str) -> bool {
    let Some(search) = SEARCH.as_ref() else {
        return false;
    };
    let (mut asks, mut offers) = (false, false);
    search.find_overlapping_iter(text).any(|it| {
        if begins_word(text, it.start()) {
            let is_ask = it.pattern().as_usize() < WORDS.asks.len();
            asks |= is_ask;
            offers |= !is_ask;
        }
        asks && offers
    })
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
        let all = WORDS.offers.iter().chain(&WORDS.asks);
        let upper: Vec<_> = all.filter(|it| **it != it.to_lowercase()).collect();
        assert!(upper.is_empty(), "{upper:?}");
    }

    #[test]
    fn a_word_begins_at_the_beginning_of_a_word() {
        assert!(asks_and_offers("sign up for our newsletters"));
        assert!(!asks_and_offers("resign up for our newsletters"));
        assert!(begins_word("请订阅电子报", "请".len()));
        assert!(!begins_word("he was redonated", "he was re".len()));
    }
}
