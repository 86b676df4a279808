//! A title in segments: 'Headline | Section | Site'. Which signs separate them, in any script, and how
//! surely each does.

use crate::page::text::is_unspaced;

/// A title has no more segments; the last one holds the rest.
const MAX_SEGMENTS: usize = 12;

/// How surely a sign in a title is a separator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Separator {
    /// A bar, which no headline contains.
    Bar,
    /// A dash, a dot or an arrow between spaces. Headlines contain them, too.
    Spaced,
    /// A dash without spaces, next to a character of a script without spaces.
    Dense,
    /// A colon, which nearly always belongs to the headline.
    Colon,
    /// A colon between spaces, as French sets it.
    SpacedColon,
}

/// The segments of a title, in order, and what separates them.
#[derive(Debug)]
pub(in crate::extract) struct Segments<'t> {
    title: &'t str,
    bounds: Vec<(usize, usize)>,
    separators: Vec<Separator>,
}

impl<'t> Segments<'t> {
    /// Takes a title apart. Empty segments are none.
    pub(in crate::extract) fn of(title: &'t str) -> Segments<'t> {
        let mut segments = Segments {
            title,
            bounds: Vec::new(),
            separators: Vec::new(),
        };
        let (mut start, mut pending, mut skip) = (0, None, 0);
        let mut before = None;
        for (at, c) in title.char_indices() {
            if at >= skip
                && segments.bounds.len() + 1 < MAX_SEGMENTS
                && let Some((length, kind)) = separator(before, &title[at..])
            {
                if segments.push(start, at, pending) {
                    pending = Some(kind);
                } else {
                    pending = pending.or(Some(kind));
                }
                skip = at + length;
                start = skip;
            }
            before = Some(c);
        }
        segments.push(start, title.len(), pending);
        segments
    }

    /// Adds the segment between two places, unless it has no letter or digit.
    fn push(&mut self, start: usize, end: usize, before: Option<Separator>) -> bool {
        let text = &self.title[start..end];
        if !text.contains(char::is_alphanumeric) {
            return false;
        }
        let start = start + (text.len() - text.trim_start().len());
        let end = start + text.trim().len();
        if !self.bounds.is_empty() {
            self.separators.extend(before);
        }
        self.bounds.push((start, end));
        true
    }

    /// Number of segments.
    pub(in crate::extract) fn len(&self) -> usize {
        self.bounds.len()
    }

    /// The text from one segment to before another, with the separators between them.
    pub(in crate::extract) fn slice(&self, from: usize, to: usize) -> &'t str {
        &self.title[self.bounds[from].0..self.bounds[to - 1].1]
    }

    /// True where something else than a colon separates a segment from the one before it.
    pub(in crate::extract) fn is_certain(&self, segment: usize) -> bool {
        let before = self.before(segment);
        before.is_some_and(|it| !matches!(it, Separator::Colon | Separator::SpacedColon))
    }

    /// The beginnings of the title that end before a segment, where something else than a colon separates it.
    pub(super) fn heads(&self) -> impl Iterator<Item = &'t str> {
        let ends = (1..self.len()).filter(|&at| self.is_certain(at));
        ends.map(|at| self.slice(0, at))
    }

    /// What separates a segment from the one before it.
    pub(super) fn before(&self, segment: usize) -> Option<Separator> {
        self.separators.get(segment.checked_sub(1)?).copied()
    }
}

/// The separator with which `rest` begins: its length with the signs it consists of, and its kind.
fn separator(before: Option<char>, rest: &str) -> Option<(usize, Separator)> {
    let first = rest.chars().next().filter(|&c| is_sign(c))?;
    let signs = rest.find(|c| !is_sign(c) && c != ' ').unwrap_or(rest.len());
    let signs = rest[..signs].trim_end();
    let after = rest[signs.len()..].chars().next();
    let is_space = |c: Option<char>| c.is_none_or(char::is_whitespace);
    let is_spaced = is_space(before) && is_space(after);
    let is_dense = |c: Option<char>| c.is_some_and(is_wide);
    let is_beside_wide = is_dense(before) || is_dense(after);
    let kind = match first {
        '|' | '｜' | '│' | '‖' | '¦' | '＿' | 'ㅣ' | '丨' => Separator::Bar,
        '_' if is_spaced || is_beside_wide || before.is_some_and(char::is_alphabetic) => {
            Separator::Bar
        }
        ':' | '：' | '∶' if signs.starts_with("::") => Separator::Bar,
        ':' | '：' if is_spaced => Separator::SpacedColon,
        ':' if is_space(after) => Separator::Colon,
        '：' | '∶' => Separator::Colon,
        '_' | ':' => return None,
        _ if is_spaced => Separator::Spaced,
        '-' | '–' | '—' | '―' | '－' | '〉' | '~' | '～' if is_beside_wide => {
            Separator::Dense
        }
        _ if first == '-' && signs.starts_with("--") => Separator::Spaced,
        _ => return None,
    };
    Some((signs.len(), kind))
}

fn is_sign(c: char) -> bool {
    matches!(
        c,
        '|' | '｜'
            | '│'
            | '‖'
            | '¦'
            | 'ㅣ'
            | '丨'
            | '_'
            | '＿'
            | '-'
            | '–'
            | '—'
            | '―'
            | '−'
            | '－'
            | '‐'
            | ':'
            | '：'
            | '∶'
            | '·'
            | '•'
            | '・'
            | '∙'
            | '⋅'
            | '●'
            | '»'
            | '«'
            | '‹'
            | '›'
            | '>'
            | '<'
            | '〉'
            | '/'
            | '~'
            | '～'
            | '→'
    )
}

/// True for characters of scripts without spaces, and for their brackets.
fn is_wide(c: char) -> bool {
    is_unspaced(c)
        || matches!(
            c,
            '《' | '》' | '「' | '」' | '『' | '』' | '【' | '】' | '（' | '）' | '！' | '？'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(title: &str) -> Vec<&str> {
        let segments = Segments::of(title);
        (0..segments.len())
            .map(|at| segments.slice(at, at + 1))
            .collect()
    }

    #[test]
    fn separators_of_all_scripts_part_a_title() {
        for (title, segments) in [
            (
                "Ferry returns | Sea | Quay Post",
                &["Ferry returns", "Sea", "Quay Post"][..],
            ),
            ("Ferry returns – Quay Post", &["Ferry returns", "Quay Post"]),
            (
                "渡轮复航_图片频道_码头网",
                &["渡轮复航", "图片频道", "码头网"],
            ),
            ("渡轮复航-《码头网》", &["渡轮复航", "《码头网》"]),
            ("码头网--财富--渡轮复航", &["码头网", "财富", "渡轮复航"]),
            ("フェリー再開｜埠頭新聞", &["フェリー再開", "埠頭新聞"]),
            ("페리 복귀 : 부두일보", &["페리 복귀", "부두일보"]),
            (
                "Quay Post // » Ferry returns",
                &["Quay Post", "Ferry returns"],
            ),
            ("Quay::Ferry returns", &["Quay", "Ferry returns"]),
            ("A :: B ‹ C › D · E", &["A", "B", "C", "D", "E"]),
        ] {
            assert_eq!(parts(title), segments, "{title}");
        }
    }

    #[test]
    fn signs_inside_words_are_none() {
        for title in [
            "Ex-mayor's 3-1 win",
            "AC/DC at 10:30",
            "2019-2021",
            "CO₂~neutral",
            "x<y",
        ] {
            assert_eq!(parts(title), [title]);
        }
        assert_eq!(parts("- | -"), [""; 0]);
        assert_eq!(parts("🗞️ | 🎉"), [""; 0]);
    }
}
