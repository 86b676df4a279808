//! The language of the text itself, for pages that declare none or one that their text contradicts.

use crate::extract::fields::language::codes::CODES;

/// Characters that are read to detect a language…
const SAMPLE_CHARS: usize = 500;
/// …of which so many must be letters.
const MIN_LETTERS: usize = 200;
/// Languages too similar to say that a text contradicts what its page declares.
const RELATED: [&[&str]; 5] = [
    &["no", "nb", "nn", "da"],
    &["hr", "sr", "bs", "sh"],
    &["id", "ms", "jv"],
    &["es", "gl", "ca", "pt"],
    &["hi", "mr", "ne"],
];

/// The commonest words of the languages that most pages are in. They are frequent in a text in that
/// language, and rare in others.
const COMMON: [(&str, &[&str]); 10] = [
    ("en", &["the", "and", "of", "that", "was", "with", "for"]),
    (
        "de",
        &[
            "und", "der", "nicht", "mit", "sich", "auch", "eine", "dem", "von", "den",
        ],
    ),
    (
        "fr",
        &[
            "les", "des", "est", "dans", "une", "du", "pour", "qui", "et",
        ],
    ),
    ("es", &["el", "los", "las", "del", "y", "una", "con"]),
    (
        "it",
        &[
            "il", "di", "che", "della", "per", "una", "con", "gli", "sono",
        ],
    ),
    (
        "pt",
        &["o", "os", "do", "da", "que", "uma", "com", "para", "não"],
    ),
    (
        "nl",
        &[
            "de", "het", "een", "van", "en", "dat", "niet", "voor", "met",
        ],
    ),
    (
        "sv",
        &["och", "att", "det", "som", "för", "inte", "med", "är"],
    ),
    (
        "pl",
        &["w", "i", "na", "się", "z", "że", "nie", "do", "jest"],
    ),
    (
        "ru",
        &["в", "и", "на", "что", "не", "с", "по", "как", "это"],
    ),
];
/// At least one word in so many is one of them.
const ONE_IN: usize = 12;

/// The language that the text is clearly in, where the page declares none or another.
pub(super) fn contradicting(declared: Option<&str>, text: &str) -> Option<&'static str> {
    let (head, rest) = text.split_at(start_of(text, SAMPLE_CHARS));
    let language = declared.and_then(|tag| tag.split('-').next());
    if language.is_some_and(|it| is_clearly_in(it, head)) {
        return None;
    }
    let detected = language_of(head)?;
    let Some(language) = language else {
        return Some(detected);
    };
    let is_known = CODES.iter().any(|&(_, code)| code == language);
    let is_related = RELATED
        .iter()
        .any(|group| group.contains(&language) && group.contains(&detected));
    let is_contradicted = is_known && language != detected && !is_related;
    // A quotation or an error message may open a text; one that goes on differently proves nothing.
    let goes_on =
        || language_of(&rest[..start_of(rest, SAMPLE_CHARS)]).is_none_or(|it| it == detected);
    (is_contradicted && goes_on()).then_some(detected)
}

/// True where the language's commonest words are frequent in the text: then its language is clear
/// without counting trigrams.
fn is_clearly_in(language: &str, text: &str) -> bool {
    let Some((_, common)) = COMMON.iter().find(|(code, _)| *code == language) else {
        return false;
    };
    let (mut found, mut words) = (0, 0);
    for word in text.split_whitespace() {
        words += 1;
        found += usize::from(common.iter().any(|it| word.eq_ignore_ascii_case(it)));
    }
    found > 0 && found * ONE_IN >= words
}

/// The language of a text by its script and its trigrams, where they are reliable.
fn language_of(text: &str) -> Option<&'static str> {
    if text.chars().filter(|c| c.is_alphabetic()).count() < MIN_LETTERS {
        return None;
    }
    let detected = whatlang::detect(text).filter(whatlang::Info::is_reliable)?;
    let code = detected.lang().code();
    let known = CODES.iter().find(|(long, _)| *long == code)?;
    Some(known.1)
}

/// Where the character with that number begins.
fn start_of(text: &str, number: usize) -> usize {
    text.char_indices()
        .nth(number)
        .map_or(text.len(), |it| it.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_shows_its_language_where_the_page_declares_none_or_another() {
        let german = "Die Nachtfähre ist nach elf Jahren wieder in See gestochen. Am Kai standen \
                      viele Menschen, die sich noch an die letzte Fahrt erinnern konnten, und die \
                      Kapitänin begrüßte jeden von ihnen. Die Überfahrt dauert sechs Stunden, und \
                      an Bord gibt es wieder eine Kantine mit warmem Essen für alle Gäste.";
        assert_eq!(contradicting(None, german), Some("de"));
        assert_eq!(contradicting(Some("en-US"), german), Some("de"));
        assert_eq!(contradicting(Some("de-AT"), german), None);
        // Low German can't be detected.
        assert_eq!(contradicting(Some("nds"), german), None);
        assert_eq!(contradicting(None, "Die Fähre"), None);
    }

    #[test]
    fn a_language_is_clear_by_its_commonest_words() {
        let english = "The night ferry put to sea again, and most of the town was on the quay.";
        let danish = "Natfærgen er igen stukket til søs, og på kajen stod mange mennesker, som \
                      stadig kunne huske den sidste tur.";
        assert!(is_clearly_in("en", english));
        assert!(!is_clearly_in("de", english) && !is_clearly_in("de", danish));
        assert!(!is_clearly_in("da", danish) && !is_clearly_in("en", ""));
    }

    #[test]
    fn related_languages_do_not_contradict_each_other() {
        let danish = "Natfærgen er igen stukket til søs efter elleve år. På kajen stod mange \
                      mennesker, som stadig kunne huske den sidste tur, og kaptajnen hilste på \
                      dem alle sammen. Overfarten tager seks timer, og ombord er der igen en \
                      kantine med varm mad til alle gæster, som vil blive ombord hele natten.";
        assert_eq!(contradicting(Some("nb"), danish), None);
    }
}
