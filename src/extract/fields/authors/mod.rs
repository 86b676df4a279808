//! Names out of bylines: 'By', roles, places, dates, addresses and handles go, lists are parted.
//! What is not clearly a name is left out: an empty field is better than a wrong one.

mod placeholder_names;
mod words;

use crate::limits::Limits;

use crate::extract::fields::field;
use crate::extract::fields::line_prefixes::LinePrefixes;
use placeholder_names::{ORGANISATIONS, PLACEHOLDERS, ROLES};
use words::{CHECKERS, CLEAR_LEADS, ENDS, IN_ORGANISATIONS, LABELS, LEADS, PARTICLES, SEPARATORS};

/// Longer names are sentences.
const NAME_CHARS: usize = 70;
/// Names have no more words; agencies and organisations come near it.
const NAME_WORDS: usize = 8;
/// The name of a person has no more.
const FULL_WORDS: usize = 5;
/// Past this many characters a byline is a paragraph.
const BYLINE_CHARS: usize = 600;

/// Where a byline comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    /// A field for authors: what it holds is meant as names.
    Stated,
    /// Visible text, which may hold other words.
    Seen,
}

/// Cleans names as a page or a selector gives them: one name each, each once.
pub(super) fn clean<S: AsRef<str>>(raw: &[S], origin: Origin) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let mut seen = std::collections::HashSet::new();
    for byline in raw.iter().take(Limits::DEFAULT.list_items) {
        for name in split(byline.as_ref(), origin) {
            if names.len() < Limits::DEFAULT.list_items && seen.insert(field::plain(&name)) {
                names.push(name);
            }
        }
    }
    names
}

/// The names of people alone, where there are any: papers and agencies stand beside them as whom they
/// work for.
pub(super) fn without_organisations(mut names: Vec<String>) -> Vec<String> {
    let is_organisation = |name: &str| {
        field::plain(name)
            .split(' ')
            .any(|word| ORGANISATIONS.contains(&word))
    };
    if names
        .iter()
        .any(|it| it.contains(' ') && !is_organisation(it))
    {
        names.retain(|name| !is_organisation(name));
    }
    names
}

/// The names, or the first other list that says the same and more: machines are often told one of
/// several authors, a first name or a handle. Further names are taken where they are stated; those
/// that stand about in the page are of others who worked on the text.
pub(super) fn fullest(
    names: Vec<String>,
    mut others: impl Iterator<Item = (Vec<String>, Origin)>,
) -> Vec<String> {
    let says_more = |(other, origin): &(Vec<String>, Origin)| {
        let says = |name: &String| other.iter().any(|it| is_fuller(it, name));
        let is_known = |name: &String| names.contains(name);
        (*origin == Origin::Stated || other.len() == names.len())
            && other.iter().all(|it| is_known(it) || is_full(it))
            && !other.iter().all(is_known)
            && names.iter().all(says)
    };
    let more = others.find(says_more);
    more.map_or(names, |(more, _)| more)
}

/// True for a first name and more, each word but particles with a capital letter.
pub(super) fn is_full(name: &str) -> bool {
    let is_letter = |c: char| c.is_alphabetic() || matches!(c, '.' | '-' | '\'' | '’');
    let is_word = |word: &str| {
        (word.starts_with(char::is_uppercase) || PARTICLES.contains(&word))
            && word.chars().all(is_letter)
    };
    let words = name.split(' ').count();
    (2..=FULL_WORDS).contains(&words)
        && name.split(' ').all(is_word)
        && !has_role(&field::plain(name))
}

/// True where `name` is `short` or says more of it: a name behind the first name, or the words of a
/// handle.
fn is_fuller(name: &str, short: &str) -> bool {
    let (name, short) = (field::plain(name), field::plain(short));
    let is_first = || {
        name.strip_prefix(&short)
            .is_some_and(|it| it.starts_with(' '))
    };
    name == short || (!short.contains(' ') && (is_first() || name.replace(' ', "") == short))
}

/// The name behind a label with a colon (`Author: Ada Ferry`); an empty one where the label stands
/// alone and the name in what follows.
pub(super) fn after_label(line: &str) -> Option<&str> {
    let (label, rest) = line.split_once([':', '：'])?;
    let label = label.trim();
    let is_label = label.len() <= 24 && LABELS.contains(&label.to_lowercase().as_str());
    is_label.then(|| rest.trim())
}

/// `Ferry, Ada` as `Ada Ferry`: scholarly pages state one author so in each element (Highwire's
/// `citation_author`).
pub(super) fn turned(raw: &str) -> String {
    match raw.split_once(',') {
        Some((last, first)) if !first.contains(',') && !last.trim().contains(' ') => {
            format!("{} {}", first.trim(), last.trim())
        }
        _ => raw.to_owned(),
    }
}

/// The names in one byline.
fn split(byline: &str, origin: Origin) -> Vec<String> {
    let Some(line) = field::clean(byline) else {
        return Vec::new();
    };
    if line.chars().count() > BYLINE_CHARS {
        return Vec::new();
    }
    let line = without_brackets(&without_addresses(&line));
    let mut parts: Vec<&str> = parts(without_checkers(without_leads(&line)));
    if origin == Origin::Seen {
        keep_named(&mut parts);
    }
    let alone = parts.len() == 1;
    let names = parts
        .into_iter()
        .enumerate()
        .filter(|(place, part)| *place == 0 || !is_credential(part))
        .filter_map(|(_, part)| name(part, alone))
        .filter(|name| origin == Origin::Stated || !is_phrase(name));
    names.collect()
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

/// Leaves the parts that are announced as names: not what stands before a 'by' of its own, nor what
/// begins with 'in' and goes on, which are sections and places.
fn keep_named(parts: &mut Vec<&str>) {
    if let Some(by) = parts
        .iter()
        .position(|part| part.trim().len() < 5 && is_lead(part))
    {
        parts.drain(..=by);
    }
    if let Some(place) = parts
        .iter()
        .skip(1)
        .position(|part| after_lead(part.trim(), "in").is_some())
    {
        parts.truncate(place + 1);
    }
}

/// One part of a byline as a name, if it is one.
fn name(part: &str, alone: bool) -> Option<String> {
    let part = without_end(without_label(without_leads(part)));
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
        && !PLACEHOLDERS.contains(&plain.as_str())
        && !is_lead(&plain)
        && !name.contains(['→', '©', '{', '}', '='])
        && !is_slug(name)
        && !has_stray_digits(name)
        && (alone || !has_role(&plain));
    is_name.then(|| name.to_owned())
}

/// Two letters, or one that is a word by itself.
fn has_enough_letters(name: &str) -> bool {
    let letters = name.chars().filter(|c| c.is_alphabetic()).count();
    letters >= 2 || name.chars().any(|c| c as u32 > 0x2E80)
}

/// Digits stand in handles (`reader99`) and in the names of organisations (`Radio1 News`), behind letters;
/// elsewhere in names of several words they are dates.
fn has_stray_digits(name: &str) -> bool {
    let begins = |word: &str| {
        let first = word.chars().find(|c| c.is_alphanumeric());
        first.is_some_and(|c| c.is_ascii_digit())
    };
    let digits = name.chars().filter(char::is_ascii_digit).count();
    let is_time = begins(name) && !name.contains(char::is_lowercase);
    let is_date = name.contains(' ') && name.split(' ').any(begins);
    digits > 0 && (is_date || name.contains([':', '.']) || digits > 4 || is_time)
}

/// True for words that end in lower case, such as `5 mins read`, or have words in lower case between
/// them that stand in no name: `Police found the Body`.
fn is_phrase(name: &str) -> bool {
    let mut words = name.split(' ');
    let last = words
        .next_back()
        .and_then(|word| word.chars().find(|c| c.is_alphabetic()));
    let is_foreign = |word: &str| {
        word.starts_with(char::is_lowercase)
            && !PARTICLES.contains(&word)
            && !IN_ORGANISATIONS.contains(&word)
    };
    name.contains(' ')
        && name.contains(char::is_uppercase)
        && (last.is_some_and(char::is_lowercase) || words.any(is_foreign))
}

/// True for `ada-quill` and `page.author`: a piece of an address, the name of a field.
fn is_slug(name: &str) -> bool {
    name.contains(['-', '_', '.']) && !name.contains(' ') && !name.contains(char::is_uppercase)
}

/// True for `MD`, `RDN` or `E-RYT 200` behind a name. Agencies are written so too, but alone.
fn is_credential(part: &str) -> bool {
    const AGENCIES: &[&str] = &[
        "AFP", "AP", "DPA", "EFE", "ANSA", "PTI", "TASS", "APA", "SDA", "PAP", "NTB", "TT",
    ];
    let part = part.trim();
    let letters = part.chars().filter(|c| c.is_alphabetic());
    let is_short = part.chars().count() <= 9 && !part.contains(char::is_lowercase);
    is_short && letters.count() >= 2 && part.is_ascii() && !AGENCIES.contains(&part)
}

fn has_role(plain: &str) -> bool {
    plain.split(' ').any(|word| ROLES.contains(&word))
}

/// `text` without the words that introduce a name.
fn without_leads(text: &str) -> &str {
    let mut rest = without_glued_by(text.trim());
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

/// `Interview: Ada Quill` without what the name did: no name has a colon.
fn without_label(text: &str) -> &str {
    match text.rsplit_once([':', '：']) {
        Some((_, rest)) if rest.chars().any(char::is_alphabetic) => rest.trim_start(),
        _ => text,
    }
}

/// `ByAda Quill`, where the markup had a gap: the rest after 'By'.
fn without_glued_by(text: &str) -> &str {
    match text.strip_prefix("By") {
        Some(rest) if rest.starts_with(char::is_uppercase) && rest.contains(' ') => rest,
        _ => text,
    }
}

/// True where `text` is nothing but what stands before a name.
pub(super) fn is_lead(text: &str) -> bool {
    let lower = text.trim().trim_end_matches([':', '：']).to_lowercase();
    LEADS.contains(&lower.as_str())
}

/// True for a line that begins with a clear lead and goes on with a capital letter or ends with one
/// word (`by ada`), or is the lead.
pub(super) fn begins_byline(line: &str) -> bool {
    let line = line.trim();
    let head = line.get(..line.floor_char_boundary(40)).unwrap_or(line);
    let own = head.trim_end_matches(':').to_lowercase();
    let names = |rest: &str| {
        rest.starts_with(char::is_uppercase) || (!rest.is_empty() && !rest.contains(' '))
    };
    CLEAR_LEADS.contains(&own.as_str()) && is_lead(head)
        || CLEAR_LEADS
            .iter()
            .any(|lead| after_lead(head, lead).is_some_and(names))
}

/// True for a line that begins with a clear lead of several words, such as 'Written by'.
pub(super) fn begins_long_byline(line: &str) -> bool {
    const PREFIXES: LinePrefixes = LinePrefixes::new(CLEAR_LEADS);
    let line = line.trim_start();
    let mut leads = CLEAR_LEADS.iter().filter(|lead| lead.contains(' '));
    PREFIXES.find(line).is_some()
        && leads.any(|lead| after_lead(line, lead).is_some())
        && begins_byline(line)
}

/// What follows 'by' within a line: `24 December 2023 by Ada Quill`.
pub(super) fn after_by(line: &str) -> Option<&str> {
    let by = [" by ", " By ", " von ", " par ", " por "];
    let (_, rest) = by.iter().find_map(|word| line.split_once(word))?;
    rest.starts_with(char::is_uppercase).then_some(rest)
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
    (after_space.len() < rest.len() && !after_space.is_empty()).then_some(after_space)
}

/// `text` up to who else worked on the article.
fn without_checkers(text: &str) -> &str {
    let lower = text.to_ascii_lowercase();
    let end = CHECKERS.iter().filter_map(|it| lower.find(it)).min();
    end.and_then(|at| text.get(..at)).unwrap_or(text)
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
            ' ' if kept.ends_with(' ') => {}
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
    fn what_is_seen_and_reads_like_prose_is_no_name() {
        let seen = |line| clean(&[line], Origin::Seen);
        for prose in ["Police found the Body", "Von Mask über Mask", "5 mins read"] {
            assert_eq!(seen(prose), Vec::<String>::new(), "{prose}");
        }
        for name in [
            "Ludwig van der Berg",
            "Ministry of the Sea",
            "bell hooks",
            "Ada Quill",
        ] {
            assert_eq!(seen(name), [name]);
        }
    }

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
            ("December 22, 2023", vec![]),
            ("ByAda Quill", vec!["Ada Quill"]),
            ("ada-quill", vec![]),
            ("Written by", vec![]),
            ("Interview: Ada Quill", vec!["Ada Quill"]),
            ("Ada Quill, MD, RDN", vec!["Ada Quill"]),
            ("admin", vec![]),
            ("page.head.author", vec![]),
            ("6:35AM", vec![]),
            ("Ada (Addie) Quill", vec!["Ada Quill"]),
            (
                "By Ada Quill, DVM. Reviewed by Ben Harrow",
                vec!["Ada Quill"],
            ),
            ("reader99", vec!["reader99"]),
            ("Associated Press", vec!["Associated Press"]),
            ("Di Ana Costa", vec!["Di Ana Costa"]),
            ("Byron Lane", vec!["Byron Lane"]),
            ("王小明", vec!["王小明"]),
            ("Radio1 News", vec!["Radio1 News"]),
            ("Ada Quill, +55 more", vec!["Ada Quill"]),
            ("capital | von | Ada Quill", vec!["Ada Quill"]),
            ("By Ada Quill, in Sea, Ferries · 24 Dec", vec!["Ada Quill"]),
            ("Recipe by Ada Quill | 5 mins read", vec!["Ada Quill"]),
            ("Ein Artikel von Ada Quill", vec!["Ada Quill"]),
        ] {
            assert_eq!(clean(&[byline], Origin::Seen), expected, "{byline}");
        }
    }

    #[test]
    fn papers_and_bodies_give_way_to_people() {
        let owned = |names: &[&str]| names.iter().map(|&it| it.to_owned()).collect::<Vec<_>>();
        for (names, people) in [
            (vec!["Ada Quill", "The Ferry Press"], vec!["Ada Quill"]),
            (vec!["Ada Quill", "Ferry Times"], vec!["Ada Quill"]),
            (
                vec!["Ferry Times", "Harbour News"],
                vec!["Ferry Times", "Harbour News"],
            ),
            (
                vec!["Ada Quill", "Ben Harrow"],
                vec!["Ada Quill", "Ben Harrow"],
            ),
        ] {
            assert_eq!(without_organisations(owned(&names)), people);
        }
    }

    #[test]
    fn what_says_the_same_and_more_is_taken() {
        let list = |names: &str| names.split(", ").map(str::to_owned).collect::<Vec<_>>();
        for (names, other, origin, fullest_one) in [
            ("adaquill", "Ada Quill", Origin::Seen, "Ada Quill"),
            ("Ada", "Ada van Quill", Origin::Seen, "Ada van Quill"),
            ("Ada", "Ada in Berlin", Origin::Seen, "Ada"),
            (
                "Ada Quill",
                "Ada Quill, Ben Harrow",
                Origin::Stated,
                "Ada Quill, Ben Harrow",
            ),
            (
                "Ada Quill",
                "Ada Quill, Ben Harrow",
                Origin::Seen,
                "Ada Quill",
            ),
            (
                "Ada Quill",
                "Ben Harrow, Cy Moss",
                Origin::Stated,
                "Ada Quill",
            ),
        ] {
            let others = [(list(other), origin)].into_iter();
            assert_eq!(
                fullest(list(names), others),
                list(fullest_one),
                "{names} {other}"
            );
        }
    }

    #[test]
    fn each_name_stands_once() {
        assert_eq!(
            clean(&["By Ada Quill", "ADA QUILL"], Origin::Seen),
            ["Ada Quill"]
        );
    }

    #[test]
    fn ten_thousand_names_are_bounded() {
        let many: Vec<String> = (0..10_000)
            .map(|n| format!("Ada Quill{}", "x".repeat(n % 30)))
            .collect();
        assert!(clean(&many, Origin::Stated).len() <= Limits::DEFAULT.list_items);
        assert!(clean(&[many.join(", ")], Origin::Stated).is_empty());
    }

    proptest! {
        #[test]
        fn no_byline_makes_the_splitter_panic(line in "(?s).{0,80}|(By |von |[A-Zİß][a-zé]{1,8}|, | and |\\(|\\)|@|:| ){0,12}") {
            for name in clean(&[line], Origin::Seen) {
                prop_assert!(name.chars().count() <= NAME_CHARS);
                prop_assert!(!name.contains('@'));
            }
        }
    }
}
