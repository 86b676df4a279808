//! A kicker, a counter or a line below the headline inside the heading's element, recognised because the
//! titles that the page states for machines leave it out.

use crate::extract::fields::field_text;
use crate::extract::fields::title::agreement;
use crate::extract::fields::title::choice::Stated;
use crate::extract::fields::title::segments::Segments;
use crate::extract::fields::title::site_suffix::{Cut, Why};
use crate::extract::fields::visible::Heading;

/// The signs that stated titles put between the parts of a heading.
const SIGNS: &[char] = &[':', '：', '-', '–', '—', '|', '｜'];
/// How the first sentence of a headline ends.
const SENTENCE_ENDS: &[char] = &['?', '!', '.', '…', '？', '！', '。', '؟'];

/// The part of a heading's text that the page states as its title, and what was cut off for it. The
/// whole text where no stated title is its end or one of its parts, or where more are the whole.
pub(super) fn without(
    heading: &Heading,
    text: &str,
    stated: &[Stated<'_>],
) -> (String, Option<Cut>) {
    let plain = field_text::plain(text);
    let is_one_piece = heading.parts.len() <= 1;
    let whole = stated.iter().find(|it| it.plain == plain);
    if is_one_piece && (whole.is_some() || stated.iter().any(|it| is_uncut(it, &plain))) {
        return (text.to_owned(), None);
    }
    let is_part = |title: &&str| {
        let it = field_text::plain(title);
        it != plain
            && (agreement::is_end(&it, &plain) || is_run(heading, &it))
            && !(is_one_piece && is_second_sentence(title, text))
            && votes(stated, &plain, &it) <= stated.iter().filter(|one| one.plain == it).count()
    };
    let mut titles = stated.iter().map(|it| it.text.as_str());
    let stated_in_segments: Vec<Segments<'_>> =
        stated.iter().map(|it| Segments::of(&it.text)).collect();
    let mut heads = stated_in_segments.iter().flat_map(Segments::heads);
    // The beginning of a stated title may be what a headline ends with by chance.
    let mut is_head = |title: &&str| whole.is_none() && !is_one_piece && is_part(title);
    let part = titles.find(is_part).or_else(|| heads.find(&mut is_head));
    match part {
        Some(part) => {
            let text = cut_off(&plain, &field_text::plain(part));
            (
                part.to_owned(),
                Some(Cut {
                    text,
                    why: Why::Kicker,
                }),
            )
        }
        None => match whole {
            Some(_) => (with_signs(text, whole), None),
            None => by_class(heading, text),
        },
    }
}

/// A heading's text without the parts that a class calls a kicker, where no stated title decides.
fn by_class(heading: &Heading, text: &str) -> (String, Option<Cut>) {
    let (kicker, rest) = heading
        .parts
        .split_at(heading.kicker_parts.min(heading.parts.len()));
    if kicker.is_empty() || rest.is_empty() {
        return (text.to_owned(), None);
    }
    let why = Why::KickerClass;
    let text = kicker.join(" ");
    (rest.join(" "), Some(Cut { text, why }))
}

/// True for a stated title that was the whole heading before its beginning was taken for the site's name.
fn is_uncut(stated: &Stated<'_>, heading: &str) -> bool {
    let before = heading
        .strip_suffix(stated.plain.as_str())
        .map(str::trim_end);
    before.is_some_and(|it| {
        stated
            .cuts
            .iter()
            .any(|cut| field_text::plain(&cut.text) == it)
    })
}

/// How many stated titles are the whole heading: not those that separate the part from the rest as
/// they do a section.
fn votes(stated: &[Stated<'_>], whole: &str, part: &str) -> usize {
    let separates = |title: &str| {
        let segments = Segments::of(title);
        let all = segments.len();
        let mut certain = (1..all).filter(|&at| segments.is_certain(at));
        certain.any(|at| field_text::plain(segments.slice(at, all)) == part)
    };
    let whole = stated.iter().filter(|it| it.plain == whole);
    whole.filter(|it| !separates(&it.text)).count()
}

/// True where a heading has a sentence before the title: no kicker, but the beginning of the headline.
fn is_second_sentence(title: &str, heading: &str) -> bool {
    let before = heading.strip_suffix(title).map(str::trim_end);
    before.is_some_and(|it| it.ends_with(SENTENCE_ENDS))
}

/// A heading's text; the stated title of the same words where it has the signs that the parts of the heading lack.
fn with_signs(text: &str, whole: Option<&Stated<'_>>) -> String {
    let signs = |text: &str| text.matches(SIGNS).count();
    let stated = whole.map(|it| it.text.as_str());
    stated
        .filter(|it| signs(it) > signs(text))
        .unwrap_or(text)
        .to_owned()
}

/// True where the parts at the beginning or at the end of a heading make a title in plain form.
fn is_run(heading: &Heading, title: &str) -> bool {
    if heading.parts.len() <= 1 || !agreement::says_enough(title) {
        return false;
    }
    let compact = |text: &str| field_text::plain(text).replace(' ', "");
    let title = title.replace(' ', "");
    let parts: Vec<String> = heading.parts.iter().map(|it| compact(it)).collect();
    let is_title = |parts: &mut dyn Iterator<Item = &String>| {
        let mut rest = Some(title.as_str());
        for part in parts {
            rest = rest.and_then(|it| it.strip_prefix(part.as_str()));
        }
        rest == Some("")
    };
    (1..parts.len())
        .any(|at| is_title(&mut parts[..at].iter()) || is_title(&mut parts[at..].iter()))
}

/// What `plain` has besides `title`.
fn cut_off(plain: &str, title: &str) -> String {
    let rest = plain
        .strip_suffix(title)
        .or_else(|| plain.strip_prefix(title));
    rest.unwrap_or_default().trim().to_owned()
}
