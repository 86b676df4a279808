//! What is prose: sentences, as against code, addresses, labels and links.

use crate::extract::text::state::strings;
use crate::page::text::word_count;

/// Paragraphs of fewer words don't show that a text is prose.
const SENTENCE_WORDS: usize = 8;
/// A string of this many words is prose.
const PROSE_WORDS: usize = 12;

/// True for sentences, and for markup that holds some; false for code, addresses and lists of keys.
pub(super) fn is_prose(text: &str) -> bool {
    let text = text.trim();
    let is_script =
        text.starts_with(['{', '[']) || text.contains("function(") || text.starts_with("http");
    !is_script
        && text.contains(['.', '!', '?', '。', '।', '؟', '！', '？'])
        && word_count(text) >= PROSE_WORDS
}

/// True for a text that begins and ends as a sentence does.
pub(super) fn is_whole(text: &str) -> bool {
    let text = text.trim();
    let first = text.chars().find(|c| c.is_alphanumeric());
    strings::ends_sentence(text) && !first.is_some_and(char::is_lowercase)
}

/// How much prose there is.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Prose {
    /// Words in paragraphs, without links.
    pub(super) words: usize,
    pub(super) paragraphs: usize,
}

impl Prose {
    /// The prose in markup.
    pub(super) fn of(markup: &str) -> Prose {
        const INLINE: [&str; 16] = [
            "a", "b", "i", "em", "strong", "span", "code", "sub", "sup", "u", "s", "mark", "small",
            "abbr", "time", "q",
        ];
        let mut prose = Prose::default();
        let mut in_link = false;
        let mut parts = markup.split('<');
        let mut paragraph = parts.next().map_or(0, word_count);
        for part in parts {
            let (tag, text) = part.split_once('>').unwrap_or((part, ""));
            let name = tag.trim_start_matches('/');
            let name = &name[..name
                .find(|c: char| !c.is_ascii_alphanumeric())
                .unwrap_or(name.len())];
            if name == "a" {
                in_link = !tag.starts_with('/');
            } else if !INLINE.contains(&name) {
                prose.add(paragraph);
                paragraph = 0;
            }
            paragraph += if in_link { 0 } else { word_count(text) };
        }
        prose.add(paragraph);
        prose
    }

    fn add(&mut self, words: usize) {
        if words >= SENTENCE_WORDS {
            self.words += words;
            self.paragraphs += 1;
        }
    }
}
