//! The language, as a BCP 47 tag. Pages declare it in many forms (`en_US`, `DE-de`, `pt-br, en`), and
//! some declare the wrong one: a text that is clearly in another language comes first.

mod codes;
mod detect;

use crate::extract::fields::candidate::{Candidate, Source};
use crate::extract::fields::meta;
use crate::extract::fields::sources::PageSources;

/// The source of a language that was detected.
const TEXT: Source<'static> = Source::Place("the text");
/// `<html lang>`.
const HTML_LANG: Source<'static> = Source::Place("<html lang>");

/// What the text and the page say, in order of trust. `detected` is the language of a text that
/// contradicts the page.
pub(super) fn candidates<'p>(
    page: &'p PageSources<'_>,
    detected: Option<&'p str>,
) -> impl Iterator<Item = Candidate<'p>> {
    let text = detected.into_iter();
    let text = text.map(|it| Candidate::borrowed(TEXT, it));
    let html = page.scan.language.into_iter();
    let html = html.map(|it| Candidate::borrowed(HTML_LANG, it));
    text.chain(html)
        .chain(page.metas(meta::LANGUAGE))
        .chain(page.json_ld("inLanguage", &page.linked.language))
}

/// The first candidate that the page declares and that names a language.
pub(super) fn declared(page: &PageSources<'_>) -> Option<String> {
    candidates(page, None).find_map(|it| normalise(&it.value))
}

/// The language of a page whose text is known: the one it declares, unless the text is clearly in
/// another.
pub(in crate::extract) fn of_page(declared: Option<&str>, text: &str) -> Option<String> {
    let detected = detect::contradicting(declared, text);
    detected.or(declared).map(str::to_owned)
}

/// The first readable tag of `raw`: language in lower case, script capitalised, region in upper
/// case; other subtags are dropped. `None` where it names no language.
fn normalise(raw: &str) -> Option<String> {
    let first = raw.split([',', ';', ' ']).find(|it| !it.is_empty())?;
    let mut subtags = first.split(['-', '_']);
    let language = subtags.next()?.to_ascii_lowercase();
    let is_language = (2..=3).contains(&language.len()) && is_alphabetic(&language);
    if !is_language || matches!(language.as_str(), "und" | "mul" | "zxx" | "xx") {
        return None;
    }
    let mut tag = language;
    for subtag in subtags.take(3) {
        match subtag.len() {
            4 if is_alphabetic(subtag) => {
                tag.push('-');
                tag.push_str(&subtag[..1].to_ascii_uppercase());
                tag.push_str(&subtag[1..].to_ascii_lowercase());
            }
            2 if is_alphabetic(subtag) => {
                tag.push('-');
                tag.push_str(&subtag.to_ascii_uppercase());
                break;
            }
            3 if subtag.bytes().all(|byte| byte.is_ascii_digit()) => {
                tag.push('-');
                tag.push_str(subtag);
                break;
            }
            _ => break,
        }
    }
    Some(tag)
}

fn is_alphabetic(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_take_the_form_of_bcp_47() {
        for (raw, tag) in [
            ("en", Some("en")),
            ("EN_us", Some("en-US")),
            ("zh-hans-cn", Some("zh-Hans-CN")),
            ("es-419", Some("es-419")),
            ("pt-br, en", Some("pt-BR")),
            ("de-DE-1996", Some("de-DE")),
            ("english", None),
            ("und", None),
            ("{{lang}}", None),
            ("ä", None),
            ("", None),
        ] {
            assert_eq!(normalise(raw).as_deref(), tag, "{raw}");
        }
    }
}
