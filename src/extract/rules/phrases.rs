//! Boilerplate that only its words give away: 'Advertisement', 'Read more: …', 'Log in to
//! comment'. Phrases are data, in `rules/phrases.toml`; a phrase drops a whole short block, never a
//! part of one.

use aho_corasick::{AhoCorasick, Anchored, Input, MatchKind, StartKind};
use serde::Deserialize;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Pack {
    #[serde(rename = "about")]
    _about: String,
    phrase: Vec<Raw>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    name: String,
    /// The block is one of these, up to case and closing punctuation.
    #[serde(default)]
    is: Vec<String>,
    /// The block starts with one of these and is at most `chars` long.
    #[serde(default)]
    starts: Vec<String>,
    #[serde(default = "default_chars")]
    chars: usize,
}

fn default_chars() -> usize {
    200
}

/// The compiled phrases.
#[derive(Debug)]
pub struct Phrases {
    names: Vec<String>,
    /// Per pattern: its phrase, whether the block must end there, and the longest block it may drop.
    patterns: Vec<(usize, bool, usize)>,
    automaton: Option<AhoCorasick>,
}

impl Phrases {
    pub(super) fn built_in() -> Phrases {
        match toml::from_str::<Pack>(include_str!("../../../rules/phrases.toml")) {
            Ok(pack) => Phrases::compile(pack.phrase),
            // The pack is compiled in and tested; a broken one drops nothing.
            Err(error) => {
                tracing::error!("rules/phrases.toml: {error}");
                Phrases::compile(Vec::new())
            }
        }
    }

    fn compile(raw: Vec<Raw>) -> Phrases {
        let mut phrases = Phrases {
            names: Vec::new(),
            patterns: Vec::new(),
            automaton: None,
        };
        let mut needles = Vec::new();
        for phrase in raw {
            let at = phrases.names.len();
            for (list, whole) in [(&phrase.is, true), (&phrase.starts, false)] {
                for needle in list {
                    needles.push(needle.to_lowercase());
                    phrases.patterns.push((at, whole, phrase.chars));
                }
            }
            phrases.names.push(phrase.name);
        }
        phrases.automaton = AhoCorasick::builder()
            .match_kind(MatchKind::Standard)
            .start_kind(StartKind::Anchored)
            .build(needles)
            .ok();
        phrases
    }

    /// The name of the phrase that makes this block boilerplate, if one does.
    pub fn find(&self, block: &str) -> Option<&str> {
        let automaton = self.automaton.as_ref()?;
        let lower = block.to_lowercase();
        let lower = lower.trim_start_matches(|c: char| !c.is_alphanumeric());
        let length = block.chars().count();
        let input = Input::new(lower).anchored(Anchored::Yes);
        automaton
            .try_find_overlapping_iter(input)
            .ok()?
            .find(|hit| {
                let (_, whole, chars) = self.patterns[hit.pattern().as_usize()];
                let tail = &lower[hit.end()..];
                length <= chars
                    && if whole {
                        is_over(tail)
                    } else {
                        is_word_end(lower, hit.end())
                    }
            })
            .map(|hit| self.names[self.patterns[hit.pattern().as_usize()].0].as_str())
    }
}

fn is_over(tail: &str) -> bool {
    !tail.contains(char::is_alphanumeric)
}

fn is_word_end(text: &str, at: usize) -> bool {
    let before = text[..at].chars().next_back().is_some_and(is_spaced);
    let after = text[at..].chars().next().is_some_and(is_spaced);
    !(before && after)
}

/// Letters and digits of scripts that part words by spaces.
fn is_spaced(c: char) -> bool {
    c.is_alphanumeric() && !crate::page::text::is_unspaced(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn phrases() -> Phrases {
        Phrases::compile(vec![
            Raw {
                name: "ad".into(),
                is: vec!["Advertisement".into()],
                starts: vec![],
                chars: 200,
            },
            Raw {
                name: "more".into(),
                is: vec![],
                starts: vec!["Read more".into()],
                chars: 40,
            },
        ])
    }

    #[test]
    fn a_whole_block_is_known_whatever_its_case_and_marks() {
        assert_eq!(phrases().find("— ADVERTISEMENT —"), Some("ad"));
        assert_eq!(phrases().find("Advertisement rules were eased"), None);
    }

    #[test]
    fn a_start_counts_for_short_blocks_and_whole_words() {
        assert_eq!(phrases().find("Read more: Ferry returns"), Some("more"));
        assert_eq!(phrases().find("Read moreover"), None);
        assert_eq!(
            phrases().find("Read more about it in the long report that follows here"),
            None
        );
    }
}
