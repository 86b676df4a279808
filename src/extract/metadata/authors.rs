//! Names out of bylines: 'By', roles, places, dates, addresses and handles go, lists are parted.
//! What is not clearly a name is left out: an empty field is better than a wrong one.

use crate::limits::Limits;

use super::field;

/// Longer names are sentences.
const NAME_CHARS: usize = 70;
/// Names have no more words; agencies and offices come near it.
const NAME_WORDS: usize = 8;
/// Past this many characters a byline is a paragraph.
const BYLINE_CHARS: usize = 600;

/// What stands before a name, in lower case: 'by' and its like, labels before a colon or a space.
const LEADS: &[&str] = &[
    "by",
    "von",
    "par",
    "por",
    "di",
    "da",
    "door",
    "av",
    "af",
    "de la redacción de",
    "przez",
    "od",
    "pubblicato da",
    "published by",
    "written by",
    "posted by",
    "reported by",
    "story by",
    "words by",
    "text by",
    "article by",
    "reviewed by",
    "authored by",
    "submitted by",
    "created by",
    "medically reviewed by",
    "report by",
    "analysis by",
    "opinion by",
    "ein beitrag von",
    "ein kommentar von",
    "eine analyse von",
    "ein gastbeitrag von",
    "kommentar von",
    "gastbeitrag von",
    "beitrag von",
    "geschrieben von",
    "verfasst von",
    "veröffentlicht von",
    "text von",
    "aus",
    "escrito por",
    "publicado por",
    "redigé par",
    "rédigé par",
    "publié par",
    "écrit par",
    "propos recueillis par",
    "scritto da",
    "a cura di",
    "geschreven door",
    "skrevet av",
    "skriven av",
    "napisał",
    "автор",
    "текст",
    "oleh",
    "yazan",
    "tekst",
    "text",
    "author",
    "authors",
    "autor",
    "autoren",
    "autorin",
    "autores",
    "autora",
    "auteur",
    "auteurs",
    "autore",
    "autori",
    "författare",
    "forfatter",
    "kirjoittaja",
    "penulis",
    "reporter",
    "writer",
    "editor",
    "redaktion",
    "red",
    "foto",
    "about the author",
    "created",
    "作者",
    "記者",
    "记者",
    "文",
    "author name",
    "posted",
    "published",
    "guest post by",
    "guest blog by",
    "blog by",
    "post author",
    "byline",
    "contributed by",
];

/// Leads that are also a word of names or of agencies: dropped only before a colon.
const LABELS_ONLY: &[&str] = &[
    "da",
    "di",
    "aus",
    "text",
    "tekst",
    "текст",
    "author",
    "authors",
    "autor",
    "autoren",
    "autorin",
    "autores",
    "autora",
    "auteur",
    "auteurs",
    "autore",
    "autori",
    "författare",
    "forfatter",
    "kirjoittaja",
    "penulis",
    "reporter",
    "writer",
    "editor",
    "redaktion",
    "red",
    "foto",
    "created",
    "作者",
    "記者",
    "记者",
    "文",
    "author name",
    "posted",
    "published",
    "od",
    "post author",
    "byline",
    "yazan",
    "автор",
];

/// What parts two names. Words are told from names by the spaces around them.
const SEPARATORS: &[&str] = &[
    ",", ";", "|", "•", "·", "、", "，", "/", "\n", " and ", " And ", " AND ", " & ", " und ",
    " et ", " y ", " e ", " och ", " og ", " en ", " ja ", " ve ", " dan ", " и ", " та ", " i ",
    " with ", " - ", " – ", " — ", " + ",
];

/// What ends a name: what follows tells where the author is, for whom, or how to reach them.
const ENDS: &[&str] = &[
    " for the ",
    " for daily",
    " in ",
    " aus ",
    " at ",
    " | ",
    " via ",
    " on ",
    " updated",
    " published",
    " last updated",
    " contributor",
    " posted",
    " about ",
    " of the ",
    " für ",
    " from ",
    " reports",
    " is a ",
    " is an ",
    " is the ",
];

/// Words of roles and desks. A part of a byline that holds one and is not the only part is no name.
const ROLES: &[&str] = &[
    "editor",
    "editors",
    "reporter",
    "reporters",
    "correspondent",
    "correspondents",
    "writer",
    "columnist",
    "contributor",
    "contributing",
    "journalist",
    "producer",
    "chief",
    "senior",
    "director",
    "manager",
    "founder",
    "ceo",
    "president",
    "author",
    "photographer",
    "analyst",
    "freelance",
    "fellow",
    "professor",
    "redakteur",
    "redakteurin",
    "redaktion",
    "redaktor",
    "korrespondent",
    "korrespondentin",
    "journalistin",
    "volontärin",
    "volontär",
    "leiter",
    "leiterin",
    "chefredakteur",
    "autor",
    "autorin",
    "redactor",
    "redactora",
    "periodista",
    "corresponsal",
    "rédacteur",
    "rédactrice",
    "journaliste",
    "correspondant",
    "correspondante",
    "giornalista",
    "redattore",
    "jornalista",
    "repórter",
    "redacteur",
    "verslaggever",
    "journalista",
    "dziennikarz",
    "корреспондент",
    "журналист",
    "digital",
    "md",
    "phd",
    "rd",
    "mph",
    "rn",
    "mba",
    "dr",
];

/// Whole values that name nobody.
const NOBODY: &[&str] = &[
    "admin",
    "administrator",
    "anonymous",
    "unknown",
    "null",
    "undefined",
    "none",
    "author",
    "authors",
    "guest",
    "user",
    "editor",
    "root",
    "default",
    "n a",
    "na",
    "test",
    "webmaster",
    "by",
    "von",
    "staff",
    "name",
    "read more",
    "more",
    "follow",
    "share",
    "home",
    "autor",
    "nan",
    "false",
    "true",
    "no author",
    "contributor",
    "view all posts",
    "more from author",
    "subscribe",
    "details",
    "about",
    "about us",
    "contact",
    "email",
    "e mail",
    "twitter",
    "facebook",
    "linkedin",
    "instagram",
    "comments",
    "comment",
    "byline",
    "super user",
    "website",
    "articles",
    "posts",
    "view profile",
    "profile",
    "bio",
    "author archive",
    "see all",
    "all posts",
    "published",
    "updated",
    "posted",
    "reviewed",
    "fact checked",
    "advertisement",
    "post author",
    "author name",
    "jr",
    "sr",
];

/// Cleans names as a page or a selector gives them: one name each, each once.
pub(super) fn clean<S: AsRef<str>>(raw: &[S]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let mut seen = std::collections::HashSet::new();
    for byline in raw.iter().take(Limits::DEFAULT.list_items) {
        for name in split(byline.as_ref()) {
            if names.len() < Limits::DEFAULT.list_items && seen.insert(field::plain(&name)) {
                names.push(name);
            }
        }
    }
    names
}

/// The names in one byline.
fn split(byline: &str) -> Vec<String> {
    let Some(line) = field::clean(byline) else {
        return Vec::new();
    };
    if line.chars().count() > BYLINE_CHARS {
        return Vec::new();
    }
    let line = without_brackets(&without_addresses(&line));
    let parts: Vec<&str> = parts(without_leads(&line));
    let alone = parts.len() == 1;
    parts
        .into_iter()
        .filter_map(|part| name(part, alone))
        .collect()
}

/// `line` cut at every separator.
fn parts(line: &str) -> Vec<&str> {
    let mut parts = vec![line];
    for separator in SEPARATORS {
        if line.contains(separator) {
            parts = parts
                .into_iter()
                .flat_map(|part| part.split(separator))
                .collect();
        }
    }
    parts.retain(|part| part.chars().any(char::is_alphanumeric));
    parts
}

/// One part of a byline as a name, if it is one.
fn name(part: &str, alone: bool) -> Option<String> {
    let part = without_leads(part);
    let part = without_end(part);
    let name = part.trim_matches(|c: char| {
        c.is_whitespace()
            || matches!(
                c,
                ':' | '-' | '–' | '—' | '*' | '"' | '“' | '”' | '„' | '~' | '_' | '>' | '<' | '#'
            )
    });
    let plain = field::plain(name);
    let words = plain.split(' ').count();
    let is_name = !plain.is_empty()
        && name.chars().count() <= NAME_CHARS
        && words <= NAME_WORDS
        && has_enough_letters(name)
        && !NOBODY.contains(&plain.as_str())
        && !has_stray_digits(name)
        && (alone || !has_role(&plain));
    is_name.then(|| name.to_owned())
}

/// Two letters, or one that is a word by itself.
fn has_enough_letters(name: &str) -> bool {
    let letters = name.chars().filter(|c| c.is_alphabetic()).count();
    letters >= 2 || name.chars().any(|c| c as u32 > 0x2E80)
}

/// Digits stand in handles (`reader99`), not in names of several words: there they are dates.
fn has_stray_digits(name: &str) -> bool {
    let digits = name.chars().filter(char::is_ascii_digit).count();
    digits > 0 && (name.contains([' ', ':', '.']) || digits > 4)
}

fn has_role(plain: &str) -> bool {
    plain.split(' ').any(|word| ROLES.contains(&word))
}

/// `text` without the words that introduce a name.
fn without_leads(text: &str) -> &str {
    let mut rest = text.trim();
    // 'Text: By …' has two; no byline has more than a few.
    for _ in 0..3 {
        match LEADS
            .iter()
            .filter_map(|lead| after_lead(rest, lead))
            .min_by_key(|it| it.len())
        {
            Some(after) => rest = after,
            None => break,
        }
    }
    rest
}

fn after_lead<'a>(text: &'a str, lead: &str) -> Option<&'a str> {
    let mut chars = text.char_indices();
    for expected in lead.chars() {
        let (_, c) = chars.next()?;
        if !c.to_lowercase().eq([expected]) {
            return None;
        }
    }
    let rest = chars.as_str();
    let after_space = rest.trim_start();
    if let Some(named) = after_space.strip_prefix([':', '：']) {
        return Some(named.trim_start());
    }
    let is_word = after_space.len() < rest.len() && !LABELS_ONLY.contains(&lead);
    (is_word && !after_space.is_empty()).then_some(after_space)
}

/// `text` up to what tells more than the name.
fn without_end(text: &str) -> &str {
    let lower = text.to_lowercase();
    // Lower case may have another length; then nothing is cut.
    if lower.len() != text.len() {
        return text;
    }
    let end = ENDS
        .iter()
        .filter_map(|end| lower.find(end))
        .filter(|&at| lower[..at].contains(' '))
        .min();
    end.and_then(|at| text.get(..at)).unwrap_or(text)
}

/// `text` without e-mail addresses, web addresses and handles.
fn without_addresses(text: &str) -> String {
    let is_address = |word: &&str| {
        let word = word.to_ascii_lowercase();
        word.contains('@') || word.contains("://") || word.starts_with("www.")
    };
    let kept: Vec<&str> = text.split(' ').filter(|word| !is_address(word)).collect();
    kept.join(" ")
}

/// `text` without what stands in brackets, which may be nested or never closed.
fn without_brackets(text: &str) -> String {
    let mut depth = 0_usize;
    let mut kept = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '(' | '[' | '（' => depth += 1,
            ')' | ']' | '）' => depth = depth.saturating_sub(1),
            _ if depth == 0 => kept.push(c),
            _ => {}
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_byline_gives_its_names() {
        for (byline, expected) in [
            ("By Ada Quill", vec!["Ada Quill"]),
            (
                "BY ADA QUILL AND BEN HARROW",
                vec!["ADA QUILL", "BEN HARROW"],
            ),
            (
                "Ada Quill, Ben Harrow and Cy Moss",
                vec!["Ada Quill", "Ben Harrow", "Cy Moss"],
            ),
            (
                "Von Ada Quill und Ben Harrow",
                vec!["Ada Quill", "Ben Harrow"],
            ),
            ("Par Ada Quill avec AFP", vec!["Ada Quill avec AFP"]),
            (
                "Por Ada Quill y Ben Harrow",
                vec!["Ada Quill", "Ben Harrow"],
            ),
            ("Written by: Ada Quill", vec!["Ada Quill"]),
            ("Автор: Анна Перова", vec!["Анна Перова"]),
            (
                "Ada Quill, Senior Political Correspondent",
                vec!["Ada Quill"],
            ),
            ("Ada Quill | ada@example.org", vec!["Ada Quill"]),
            ("By Ada Quill (Reuters) Updated 10:15", vec!["Ada Quill"]),
            ("Ada Quill in Berlin", vec!["Ada Quill"]),
            ("https://example.org/ada @adaquill", vec![]),
            ("December 22, 2023", vec!["December"]),
            ("admin", vec![]),
            ("reader99", vec!["reader99"]),
            ("Associated Press", vec!["Associated Press"]),
            ("Di Ana Costa", vec!["Di Ana Costa"]),
            ("Byron Lane", vec!["Byron Lane"]),
            ("王小明", vec!["王小明"]),
        ] {
            assert_eq!(clean(&[byline]), expected, "{byline}");
        }
    }

    #[test]
    fn each_name_stands_once() {
        assert_eq!(clean(&["By Ada Quill", "ADA QUILL"]), ["Ada Quill"]);
    }

    #[test]
    fn ten_thousand_names_are_bounded() {
        let many: Vec<String> = (0..10_000)
            .map(|n| format!("Ada Quill{}", "x".repeat(n % 30)))
            .collect();
        assert!(clean(&many).len() <= Limits::DEFAULT.list_items);
        assert!(clean(&[many.join(", ")]).is_empty());
    }

    proptest! {
        #[test]
        fn no_byline_makes_the_splitter_panic(line in "(?s).{0,80}|(By |von |[A-Zİß][a-zé]{1,8}|, | and |\\(|\\)|@|:| ){0,12}") {
            for name in clean(&[line]) {
                prop_assert!(name.chars().count() <= NAME_CHARS);
                prop_assert!(!name.contains('@'));
            }
        }
    }
}
