//! Lines that begin like a byline and are prose: `By Monday the river had risen`, and those that go on
//! about the person: `by Mayor Feld, who keeps two goats`.

use crate::extract::fields::names::words::{IN_ORGANISATIONS, PARTICLES};

/// A byline has no more words in lower case than this, those of names and organisations aside.
const MAX_LOWER: usize = 5;
/// Words that open a relative clause after a comma.
const RELATIVES: &[&str] = &[
    ", who ",
    ", whose ",
    ", whom ",
    ", which ",
    ", that ",
    ", der ",
    ", die ",
    ", das ",
    ", dessen ",
    ", deren ",
    ", qui ",
    ", dont ",
    ", que ",
    ", quien ",
    ", cuyo ",
    ", cuya ",
    ", che ",
    ", il quale ",
    ", la quale ",
    ", wie ",
    ", som ",
    ", joka ",
    ", który ",
    ", która ",
    ", którego ",
    ", který ",
    ", aki ",
    ", akinek ",
    ", care ",
    ", koji ",
    ", koja ",
    ", который ",
    ", которая ",
    ", которого ",
    ", який ",
    ", яка ",
    ", ο οποίος ",
    ", η οποία ",
    ", που ",
];

/// True for a sentence.
pub(in crate::extract::fields) fn reads_like_prose(line: &str) -> bool {
    let line = line.trim();
    let lower = line.split(' ').filter(|it| is_foreign_to_names(it)).count();
    let is_sentence = line.ends_with(['.', '!', '?']) && lower > 2;
    is_sentence || lower > MAX_LOWER || RELATIVES.iter().any(|it| line.contains(it))
}

/// True for a word in lower case that stands in no name of a person or an organisation.
pub(super) fn is_foreign_to_names(word: &str) -> bool {
    word.starts_with(char::is_lowercase)
        && !PARTICLES.contains(&word)
        && !IN_ORGANISATIONS.contains(&word)
}
