//! The headline in a title: without the site's name, sections and slogans.

use crate::extract::fields::field_text;
use crate::extract::fields::title::agreement::words;

/// What separates the headline from the site's name. Longer ones first: ` - ` also ends ` -- `.
const SEPARATORS: &[&str] = &[
    " | ", " - ", " – ", " — ", " :: ", " : ", " » ", " « ", " · ", " • ", " / ", " ‹ ", " › ",
    " > ", " < ", " │ ", " ~ ", " -- ", ": ", "｜", "|", "ㅣ", "丨", "_",
];
/// Segments of one title that may name the site.
const SITE_SEGMENTS: usize = 3;
/// What also separates the headline from sections and slogans, and occurs in no headline.
const BARS: &[&str] = &[" | ", " │ ", "｜", "ㅣ", "丨"];
/// What precedes a bar is a headline from so many words.
const HEADLINE_WORDS: usize = 4;

/// True where the text is nothing but a name of the site.
pub(in crate::extract::fields) fn is_site_name(text: &str, sites: &[String]) -> bool {
    let plain = field_text::plain(text).replace(' ', "");
    sites.contains(&plain)
}

/// The headline in a title or a heading: without the site's name, sections and slogans.
pub(super) fn headline_in(title: &str, sites: &[String]) -> String {
    before_bar(without_site(title, sites)).to_owned()
}

/// `title` without the site's name at its end or its start.
fn without_site<'t>(title: &'t str, sites: &[String]) -> &'t str {
    let mut title = title;
    for _ in 0..SITE_SEGMENTS {
        let mut shorter = SEPARATORS.iter();
        let Some(rest) = shorter.find_map(|it| without_segment(title, it, sites)) else {
            break;
        };
        title = rest;
    }
    title
}

/// `title` up to its first bar, where that is a headline.
fn before_bar(title: &str) -> &str {
    let heads = BARS.iter().filter_map(|bar| Some(title.split_once(bar)?.0));
    let shortest = heads.min_by_key(|head| head.len()).map(str::trim);
    shortest
        .filter(|head| words(&field_text::plain(head)).len() >= HEADLINE_WORDS)
        .unwrap_or(title)
}

/// `title` without its last or its first segment, if that names the site.
fn without_segment<'t>(title: &'t str, separator: &str, sites: &[String]) -> Option<&'t str> {
    let last = title
        .rsplit_once(separator)
        .filter(|(_, tail)| names_site(tail, sites));
    let first = || {
        title
            .split_once(separator)
            .filter(|(head, _)| names_site(head, sites))
    };
    let rest = last
        .map(|(head, _)| head)
        .or_else(|| first().map(|(_, tail)| tail))?
        .trim();
    (!rest.is_empty()).then_some(rest)
}

/// True for the site's name, also where either is a little longer: an article before it, a domain's
/// ending, a word for the edition.
fn names_site(segment: &str, sites: &[String]) -> bool {
    let segment = field_text::plain(segment).replace(' ', "");
    sites.iter().any(|site| {
        let (short, long) = if segment.len() < site.len() {
            (&segment, site)
        } else {
            (site, &segment)
        };
        let is_near = short.chars().count() >= 4 && long.len() <= short.len() * 2 + 4;
        short == long
            || (is_near && (long.starts_with(short.as_str()) || long.ends_with(short.as_str())))
    })
}
