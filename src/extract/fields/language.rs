//! Language tags as pages write them (`en_US`, `DE-de`, `pt-br, en`) in the form of BCP 47, and the
//! language of the text itself where a page declares none or one that its text contradicts.

/// Letters that are read to tell a language; fewer than [`TELLING`] tell none.
const READ: usize = 500;
const TELLING: usize = 200;
/// Languages so near to each other that a text does not contradict what its page declares.
const KIN: [&[&str]; 5] = [
    &["no", "nb", "nn", "da"],
    &["hr", "sr", "bs", "sh"],
    &["id", "ms", "jv"],
    &["es", "gl", "ca", "pt"],
    &["hi", "mr", "ne"],
];

/// Words that a text in these languages, which most pages are in, keeps saying, and one in another
/// does not.
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
/// One word of so many is one of them at least.
const ONE_IN: usize = 12;

/// What the page declares, unless its text is plainly in another language.
pub(in crate::extract) fn detect(declared: Option<String>, text: &str) -> Option<String> {
    let (head, rest) = text.split_at(start_of(text, READ));
    let language = declared.as_deref().and_then(|tag| tag.split('-').next());
    if language.is_some_and(|it| is_plainly(it, head)) {
        return declared;
    }
    let Some(heard) = of_text(head) else {
        return declared;
    };
    let Some(language) = language else {
        return Some(heard.to_owned());
    };
    let is_known = CODES.iter().any(|&(_, code)| code == language);
    let is_kin = KIN
        .iter()
        .any(|kin| kin.contains(&language) && kin.contains(&heard));
    let is_contradicted = is_known && language != heard && !is_kin;
    // A quotation or a program's complaint may open a text; what goes on otherwise proves nothing.
    let goes_on = || of_text(&rest[..start_of(rest, READ)]).is_none_or(|later| later == heard);
    if is_contradicted && goes_on() {
        Some(heard.to_owned())
    } else {
        declared
    }
}

/// True where the text keeps saying the language's commonest words: what it is written in is then
/// clear before its trigrams are counted.
fn is_plainly(language: &str, text: &str) -> bool {
    let Some((_, common)) = COMMON.iter().find(|(code, _)| *code == language) else {
        return false;
    };
    let (mut said, mut words) = (0, 0);
    for word in text.split_whitespace() {
        words += 1;
        said += usize::from(common.iter().any(|it| word.eq_ignore_ascii_case(it)));
    }
    said > 0 && said * ONE_IN >= words
}

/// The language of a text by its script and its trigrams, where they leave no doubt.
fn of_text(text: &str) -> Option<&'static str> {
    if text.chars().filter(|c| c.is_alphabetic()).count() < TELLING {
        return None;
    }
    let told = whatlang::detect(text).filter(whatlang::Info::is_reliable)?;
    let code = told.lang().code();
    let known = CODES.iter().find(|(long, _)| *long == code)?;
    Some(known.1)
}

/// Where the character of that place begins.
fn start_of(text: &str, place: usize) -> usize {
    text.char_indices().nth(place).map_or(text.len(), |it| it.0)
}

/// ISO 639-3 in ISO 639-1, which BCP 47 prefers.
const CODES: &[(&str, &str)] = &[
    ("afr", "af"),
    ("aka", "ak"),
    ("amh", "am"),
    ("ara", "ar"),
    ("aze", "az"),
    ("bel", "be"),
    ("ben", "bn"),
    ("bul", "bg"),
    ("cat", "ca"),
    ("ces", "cs"),
    ("cmn", "zh"),
    ("cym", "cy"),
    ("dan", "da"),
    ("deu", "de"),
    ("ell", "el"),
    ("eng", "en"),
    ("epo", "eo"),
    ("est", "et"),
    ("fin", "fi"),
    ("fra", "fr"),
    ("guj", "gu"),
    ("heb", "he"),
    ("hin", "hi"),
    ("hrv", "hr"),
    ("hun", "hu"),
    ("hye", "hy"),
    ("ind", "id"),
    ("ita", "it"),
    ("jav", "jv"),
    ("jpn", "ja"),
    ("kan", "kn"),
    ("kat", "ka"),
    ("khm", "km"),
    ("kor", "ko"),
    ("lav", "lv"),
    ("lit", "lt"),
    ("mal", "ml"),
    ("mar", "mr"),
    ("mkd", "mk"),
    ("mya", "my"),
    ("nep", "ne"),
    ("nld", "nl"),
    ("nob", "no"),
    ("ori", "or"),
    ("pan", "pa"),
    ("pes", "fa"),
    ("pol", "pl"),
    ("por", "pt"),
    ("ron", "ro"),
    ("rus", "ru"),
    ("sin", "si"),
    ("slk", "sk"),
    ("slv", "sl"),
    ("sna", "sn"),
    ("spa", "es"),
    ("srp", "sr"),
    ("swe", "sv"),
    ("tam", "ta"),
    ("tel", "te"),
    ("tgl", "tl"),
    ("tha", "th"),
    ("tuk", "tk"),
    ("tur", "tr"),
    ("ukr", "uk"),
    ("urd", "ur"),
    ("uzb", "uz"),
    ("vie", "vi"),
    ("yid", "yi"),
    ("zul", "zu"),
];

/// The first readable tag of `raw`: language in lower case, script capitalised, region in upper
/// case; other subtags are dropped. `None` where it names no language.
pub(super) fn normalise(raw: &str) -> Option<String> {
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
    fn a_text_tells_its_language_where_the_page_is_silent_or_wrong() {
        let german = "Die Nachtfähre ist nach elf Jahren wieder in See gestochen. Am Kai standen \
                      viele Menschen, die sich noch an die letzte Fahrt erinnern konnten, und die \
                      Kapitänin begrüßte jeden von ihnen. Die Überfahrt dauert sechs Stunden, und \
                      an Bord gibt es wieder eine Kantine mit warmem Essen für alle Gäste.";
        let heard = |declared: Option<&str>| detect(declared.map(str::to_owned), german);
        assert_eq!(heard(None).as_deref(), Some("de"));
        assert_eq!(heard(Some("en-US")).as_deref(), Some("de"));
        assert_eq!(heard(Some("de-AT")).as_deref(), Some("de-AT"));
        // Low German is none that can be heard.
        assert_eq!(heard(Some("nds")).as_deref(), Some("nds"));
        assert_eq!(
            crate::extract::fields::language::detect(None, "Die Fähre"),
            None
        );
    }

    #[test]
    fn a_language_is_plain_by_the_words_it_keeps_saying() {
        let english = "The night ferry put to sea again, and most of the town was on the quay.";
        let danish = "Natfærgen er igen stukket til søs, og på kajen stod mange mennesker, som \
                      stadig kunne huske den sidste tur.";
        assert!(is_plainly("en", english));
        assert!(!is_plainly("de", english) && !is_plainly("de", danish));
        assert!(!is_plainly("da", danish) && !is_plainly("en", ""));
    }

    #[test]
    fn kin_do_not_contradict_each_other() {
        let danish = "Natfærgen er igen stukket til søs efter elleve år. På kajen stod mange \
                      mennesker, som stadig kunne huske den sidste tur, og kaptajnen hilste på \
                      dem alle sammen. Overfarten tager seks timer, og ombord er der igen en \
                      kantine med varm mad til alle gæster, som vil blive ombord hele natten.";
        assert_eq!(detect(Some("nb".to_owned()), danish).as_deref(), Some("nb"));
    }

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
