//! Words of roles around names: `Senior Reporter Ada Quill`, `Ada Quill, Ph.D.`, `корреспондент
//! Анна Перова`.

use crate::extract::fields::names::placeholder_names::{
    LEADING_ROLES, QUALIFIERS, ROLE_BEGINNINGS, ROLES, TITLES, UPPER_TITLES,
};

/// A name before or after a role has so many words at least.
const NAME_WORDS: usize = 2;

/// First words of the names of offices: `The Ledger editors`.
const ARTICLES: &[&str] = &[
    "the", "die", "der", "das", "la", "le", "les", "el", "los", "il", "de",
];

/// True where a text in plain form contains the word of a role.
pub(super) fn has_role(plain: &str) -> bool {
    let mut words = plain.split(' ');
    words.any(|word| ROLES.contains(&word) || LEADING_ROLES.contains(&word))
        || ROLE_BEGINNINGS.iter().any(|it| plain.starts_with(it))
}

/// `part` without the words of roles before and after the name; the whole where hardly anything else
/// is left, which may be the name of an office. `None` for academic titles alone: `Ph.D.`.
pub(super) fn without_roles(part: &str) -> Option<&str> {
    let part = without_glued_role(part);
    let words: Vec<Word<'_>> = Word::all(part).collect();
    let mut end = words.len();
    if words.len() == 1 && !TITLES.contains(&words[0].plain.as_str()) {
        return Some(part);
    }
    let is_capitals = !part.contains(char::is_lowercase);
    while end > 0 && words[end - 1].is_title() && !(is_capitals && end > 1) {
        end -= 1;
    }
    if let Some(role) = role_after_name(&words[..end]) {
        end = role;
    }
    let start = roles_before_name(&words[..end]);
    let (first, last) = (words[..end].get(start)?, words[..end].last()?);
    part.get(first.start..last.start + last.text.len())
}

/// `Ada QuillStaff Writer`, where the markup had a gap, without the role.
fn without_glued_role(part: &str) -> &str {
    let mut before = None;
    for (at, c) in part.char_indices() {
        let is_gap = c.is_uppercase() && before.is_some_and(char::is_lowercase);
        if is_gap && part[..at].contains(' ') {
            let mut role = Word::all(&part[at..]).peekable();
            if role.peek().is_some() && role.all(|it| it.is_near_role()) {
                return &part[..at];
            }
        }
        before = Some(c);
    }
    part
}

/// Where the words of a role begin after a name: `Ada Quill Political Correspondent`.
fn role_after_name(words: &[Word<'_>]) -> Option<usize> {
    let has_role = words.iter().skip(NAME_WORDS).any(Word::is_leading_role);
    let is_role_from = |&at: &usize| words[at..].iter().all(Word::is_near_role);
    let role = (NAME_WORDS..words.len()).find(is_role_from);
    let is_office = words
        .first()
        .is_some_and(|it| ARTICLES.contains(&it.plain.as_str()));
    role.filter(|&at| !is_office && has_role && !words[..at].iter().any(Word::is_near_role))
}

/// How many words of roles stand before a name: `Senior Reporter Ada Quill`.
fn roles_before_name(words: &[Word<'_>]) -> usize {
    let roles = words.iter().take_while(|it| it.is_near_role()).count();
    let is_leading = words[..roles].iter().any(Word::is_leading_role);
    if is_leading && words.len() - roles >= NAME_WORDS {
        roles
    } else {
        0
    }
}

/// A word of a part, as it stands there and in lower case without marks: `Ph.D.` as `phd`.
struct Word<'p> {
    start: usize,
    text: &'p str,
    plain: String,
}

impl<'p> Word<'p> {
    fn all(part: &'p str) -> impl Iterator<Item = Word<'p>> {
        let mut at = 0;
        let words = part.split(' ').map(move |text| {
            let start = at;
            at += text.len() + 1;
            let letters = text.chars().filter(|c| c.is_alphanumeric());
            let plain = letters.flat_map(char::to_lowercase).collect();
            Word { start, text, plain }
        });
        words.filter(|it| !it.text.is_empty())
    }

    fn is_title(&self) -> bool {
        TITLES.contains(&self.plain.as_str()) || UPPER_TITLES.contains(&self.text)
    }

    fn is_leading_role(&self) -> bool {
        LEADING_ROLES.contains(&self.plain.as_str())
    }

    fn is_role(&self) -> bool {
        self.is_leading_role() || ROLES.contains(&self.plain.as_str())
    }

    fn is_near_role(&self) -> bool {
        self.is_role() || QUALIFIERS.contains(&self.plain.as_str())
    }
}
