//! Picture credits, recognised by their words: `Photo: Ada Quill / Island Post`, `(Foto: dpa)`, `사진=연합뉴스`. The
//! words are data, in `rules/credits.toml`.

use std::collections::HashSet;

use foldhash::fast::RandomState;
use serde::Deserialize;

/// A credit has at most this many words after its label…
const WORDS: usize = 8;
/// …and this many characters in all.
const CHARS: usize = 110;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Pack {
    #[serde(rename = "about")]
    _about: String,
    labels: Vec<String>,
    short: Vec<String>,
    by: Vec<String>,
    agencies: Vec<String>,
    signs: Vec<String>,
    tails: Vec<String>,
}

type Set = HashSet<String, RandomState>;

/// The words of credits.
#[derive(Debug, Default)]
pub struct Credits {
    labels: Set,
    short: Set,
    by: Vec<String>,
    agencies: Set,
    signs: Vec<String>,
    tails: Vec<String>,
    /// The most words of a label.
    longest: usize,
}

/// What a text has of a credit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Credit {
    /// It is nothing else.
    Whole,
    /// It ends with a credit that its label announces.
    End,
    /// It ends with a name or an agency in brackets.
    Brackets,
}

impl Credits {
    pub(super) fn built_in() -> Credits {
        match toml::from_str::<Pack>(include_str!("../../../rules/credits.toml")) {
            Ok(pack) => Credits::compile(pack),
            // The pack is compiled in and tested; a broken one finds nothing.
            Err(error) => {
                tracing::error!("rules/credits.toml: {error}");
                Credits::default()
            }
        }
    }

    fn compile(pack: Pack) -> Credits {
        let words = |label: &String| label.split(' ').count();
        Credits {
            longest: pack.labels.iter().map(words).max().unwrap_or_default(),
            labels: pack.labels.into_iter().collect(),
            short: pack.short.into_iter().collect(),
            by: pack.by,
            agencies: pack.agencies.into_iter().collect(),
            signs: pack.signs,
            tails: pack.tails,
        }
    }

    /// What the text has of a credit.
    pub fn find(&self, text: &str) -> Option<Credit> {
        let text = text.trim();
        let bare = text.trim_matches(is_bracket).trim();
        if bare.chars().nth(CHARS).is_none() && self.is_whole(&bare.to_lowercase()) {
            return Some(Credit::Whole);
        }
        let lower;
        let tail = if text.is_ascii() {
            lower = text[text.len().saturating_sub(CHARS * 2)..].to_ascii_lowercase();
            lower.as_str()
        } else {
            lower = text.to_lowercase();
            &lower[lower.ceil_char_boundary(lower.len().saturating_sub(CHARS * 2))..]
        };
        let starts = tail.char_indices().filter(|&(_, c)| ends_text(c));
        let ends = starts.map(|(at, c)| {
            tail[at + c.len_utf8()..]
                .trim_start()
                .trim_end_matches(is_bracket)
        });
        if ends.into_iter().any(|end| self.is_labelled(end))
            || self.is_glued(tail)
            || self.has_tail(tail)
        {
            return Some(Credit::End);
        }
        self.ends_in_brackets(text).then_some(Credit::Brackets)
    }

    /// True for a text that begins with a sign that points at the picture above or beside it.
    pub fn points_at_picture(&self, text: &str) -> bool {
        self.signs
            .iter()
            .any(|sign| text.starts_with(sign.as_str()))
    }

    fn is_whole(&self, text: &str) -> bool {
        text.chars().count() <= CHARS && (self.is_labelled(text) || self.is_agencies(text))
    }

    /// True for a label and what it announces.
    fn is_labelled(&self, text: &str) -> bool {
        if text.chars().count() > CHARS {
            return false;
        }
        if let Some(rest) = text.strip_prefix('©').or(text.strip_prefix('ⓒ')) {
            return is_name(rest);
        }
        let marks = |c: char| matches!(c, ':' | '：' | '=' | '＝' | '©' | 'ⓒ' | '|' | '/' | '／');
        if let Some((label, rest)) = text.split_once(marks)
            && self.labels.contains(label.trim_end().trim_end_matches('.'))
        {
            return is_name(rest);
        }
        self.is_labelled_by_words(text)
    }

    /// True for `Photo by Ada Quill`, `fot. Jan Ruys`.
    fn is_labelled_by_words(&self, text: &str) -> bool {
        let ends = text.char_indices().filter(|(_, c)| matches!(c, ' ' | '.'));
        ends.take(self.longest).any(|(at, c)| {
            let (label, rest) = (&text[..at], text[at + 1..].trim_start());
            if c == '.' {
                return self.short.contains(label) && is_name(rest);
            }
            let after_by = |by: &String| rest.strip_prefix(by.as_str())?.strip_prefix([' ', ':']);
            self.labels.contains(label) && self.by.iter().filter_map(after_by).any(is_name)
        })
    }

    /// True for `…문을 열었다사진=연합뉴스`: scripts without capitals put no mark before the label.
    fn is_glued(&self, tail: &str) -> bool {
        let Some((before, name)) = tail.rsplit_once(['=', '＝']) else {
            return false;
        };
        let starts = before
            .char_indices()
            .rev()
            .take(8)
            .filter(|(_, c)| *c as u32 > 0x2E80);
        is_name(name)
            && starts
                .into_iter()
                .any(|(at, _)| self.labels.contains(before[at..].trim_end()))
    }

    /// True for `（王申 摄）` and `资料图`, which stand after the name or without one.
    fn has_tail(&self, text: &str) -> bool {
        let text = text.trim_end_matches(is_bracket);
        self.tails.iter().any(|tail| text.ends_with(tail.as_str()))
    }

    /// True for agencies alone: `AFP/Getty Images`.
    fn is_agencies(&self, text: &str) -> bool {
        let parts = text.split(['/', ',', '|', '–', '—', '+', '&']);
        let parts = parts.flat_map(|part| part.split(" via "));
        let mut count = 0;
        let all = parts.map(str::trim).all(|part| {
            count += 1;
            self.agencies.contains(part.trim_matches(is_bracket))
        });
        all && count > 0
    }

    /// True where the text ends with a short name or an agency in brackets.
    fn ends_in_brackets(&self, text: &str) -> bool {
        let text = text.trim_end_matches('.');
        let Some(inner) = text.strip_suffix([')', ']', '）']) else {
            return false;
        };
        let Some((before, name)) = inner.rsplit_once(['(', '[', '（']) else {
            return false;
        };
        let has_capitals = name
            .split([' ', '/'])
            .filter(|word| !word.is_empty())
            .all(|word| word.starts_with(char::is_uppercase) || word.len() <= 3);
        let is_person = has_capitals && (2..=5).contains(&name.split([' ', '/']).count());
        let has_digits = name.contains(|c: char| c.is_ascii_digit());
        !before.trim().is_empty()
            && !has_digits
            && (is_person || self.is_agencies(&name.to_lowercase()))
    }
}

/// True for what ends the text before a credit.
fn ends_text(c: char) -> bool {
    matches!(
        c,
        '.' | '!' | '?' | '"' | '\'' | '(' | '[' | '|' | '/' | '-' | '\n' | ')' | ']' | ','
    ) || !c.is_ascii()
        && matches!(
            c,
            '…' | '”'
                | '“'
                | '»'
                | '’'
                | '（'
                | '［'
                | '【'
                | '–'
                | '—'
                | '·'
                | '•'
                | '。'
                | '！'
                | '？'
                | '」'
        )
}

fn is_bracket(c: char) -> bool {
    matches!(
        c,
        '(' | ')' | '[' | ']' | '（' | '）' | '［' | '］' | '【' | '】' | '<' | '>' | '/' | ' '
    )
}

/// True for the few words that name a photographer, an agency or a source.
fn is_name(text: &str) -> bool {
    let text = text.trim();
    let words = text.split_whitespace().count();
    let has_sentence = text.contains(". ") && words > 4 || text.contains(['?', '!', ':']);
    (1..=WORDS).contains(&words) && !has_sentence && text.chars().count() <= 80
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credits_are_found_in_many_languages() {
        let credits = Credits::built_in();
        for whole in [
            "Photo: Henk Ruys / Island Post",
            "(Foto: dpa)",
            "[사진=연합뉴스]",
            "Image: Getty",
            "Fot. Jan Ruys/PAP",
            "Photo by Henk Ruys",
            "Фото: Пресс-служба порта",
            "写真：岸本まり",
            "AFP/Getty Images",
            "© Henk Ruys",
        ] {
            assert_eq!(credits.find(whole), Some(Credit::Whole), "{whole}");
        }
        for end in [
            "The first boat leaves the quay. Photo: Henk Ruys / Island Post",
            "Das Wehr im Mai. (Foto: Ilse Varga)",
            "▲ 페리가 항구를 떠나고 있다. 사진=연합뉴스",
            "La barca lascia il molo | Foto: Ansa",
            "1月16日，获奖者集体合影。新华社发（王申 摄）",
        ] {
            assert_eq!(credits.find(end), Some(Credit::End), "{end}");
        }
        let brackets = "A brass tag of 1952. (Henk Ruys)";
        assert_eq!(credits.find(brackets), Some(Credit::Brackets));
    }

    #[test]
    fn sentences_are_no_credits() {
        let credits = Credits::built_in();
        for text in [
            "Photo: the council asked every household on the quay to send in one picture of the old limes.",
            "The picture was sold at auction.",
            "Images of the weir were shown to the council on Monday",
            "Foto ist alles, was er wollte.",
            "The weir was built in 1952 (see above).",
        ] {
            assert_eq!(credits.find(text), None, "{text}");
        }
    }
}
