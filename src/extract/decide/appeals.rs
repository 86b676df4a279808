//! A site's appeals inside its articles: sign up for the newsletter, follow the channel, get the app. They are
//! short paragraphs with a link, recognised by their words (`rules/appeals.toml`): what is offered, and an
//! imperative.

use std::sync::LazyLock;

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

/// True for a short paragraph with a link that offers something of the site and asks to take it.
pub(super) fn is_appeal(view: &PageView<'_, '_>, block: usize) -> bool {
    let at = &view.blocks.list[block];
    if at.links == 0 || at.chars > CHARS || !matches!(at.role, Role::Paragraph | Role::List) {
        return false;
    }
    let text = view.blocks.text(block).to_lowercase();
    let has = |words: &[String]| words.iter().any(|word| has_word(&text, word));
    has(&WORDS.asks) && has(&WORDS.offers)
}

/// True where a word, or one that begins with it, is in a text in lower case.
fn has_word(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        !before.is_some_and(|c| c.is_alphanumeric() && !is_unspaced(c))
    })
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
        assert!(has_word("our newsletters, daily", "newsletter"));
        assert!(!has_word("he was redonated", "donate"));
        assert!(has_word("请订阅电子报", "订阅"));
    }
}
