//! Texts of cards: how wide they are, dates, cut ends, and where links lead.

use memchr::memchr_iter;

use crate::page::text::{is_unspaced, solid_chars};

/// The longest date with a time and a place.
const DATE: u32 = 40;
/// The shortest text that is worth cutting.
const EXCERPT: u32 = 30;

/// The width of a text: letters without white space. A character of a script without spaces between words is
/// as wide as three letters.
pub(super) fn width(text: &str) -> u32 {
    if text.is_ascii() {
        return solid_chars(text) as u32;
    }
    let wide = |c: char| match c {
        _ if c.is_whitespace() => 0,
        _ if is_unspaced(c) => 3,
        _ => 1,
    };
    text.chars().map(wide).sum()
}

/// What a link leads to, without its place on the page and what counts visits; `None` for a link that leads to
/// no page.
pub(super) fn target(href: &str) -> Option<&str> {
    let href = href.trim();
    let end = href.find('#').unwrap_or(href.len());
    let end = visits(&href[..end]).unwrap_or(end);
    let target = href[..end].trim_end_matches(['?', '&', '/']);
    let (scheme, _) = target.split_once(':').unwrap_or(("", ""));
    let is_page = matches!(scheme, "" | "http" | "https") || scheme.contains(['/', '?']);
    (is_page && !target.is_empty()).then_some(target)
}

/// Where the parameters that count visits begin. Addresses have fewer underscores than letters.
fn visits(href: &str) -> Option<usize> {
    let href = href.as_bytes();
    let mut names = memchr_iter(b'_', href).filter_map(|at| at.checked_sub(3));
    names.find(|&at| href[at..].starts_with(b"utm_"))
}

/// The host of an absolute address.
pub(super) fn host(address: &str) -> Option<&str> {
    let (_, rest) = address
        .split_once("//")
        .filter(|(scheme, _)| matches!(*scheme, "" | "http:" | "https:"))?;
    let host = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    Some(host.strip_prefix("www.").unwrap_or(host))
}

/// True where one host is the other, or below it.
pub(super) fn is_same_site(one: &str, other: &str) -> bool {
    let is_below = |host: &str, site: &str| {
        host.strip_suffix(site)
            .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    };
    let (one, other) = (
        one.strip_prefix("m.").unwrap_or(one),
        other.strip_prefix("m.").unwrap_or(other),
    );
    is_below(one, other) || is_below(other, one)
}

/// True for a date or a time of day, and little else.
pub(super) fn is_date(text: &str, width: u32) -> bool {
    if !(4..=DATE).contains(&width) || !text.contains(|c: char| c.is_ascii_digit()) {
        return false;
    }
    let mut numbers = [0usize; 5];
    let (mut count, mut has_year) = (0, false);
    for number in text
        .split(|c: char| !c.is_ascii_digit())
        .filter(|it| !it.is_empty())
    {
        has_year |= number.len() == 4 && (number.starts_with("19") || number.starts_with("20"));
        if let Some(slot) = numbers.get_mut(count) {
            *slot = number.len();
        }
        count += 1;
    }
    let is_clock =
        count == 2 && numbers[1] == 2 && numbers[0] <= 2 && text.contains([':', '.', 'h']);
    let is_day = count >= 3 && numbers[..3].iter().all(|&it| matches!(it, 1 | 2 | 4));
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    (has_year && count <= 5 || is_clock || is_day) && letters <= 24
}

/// True for a text that is cut short.
pub(super) fn is_cut(text: &str, width: u32) -> bool {
    let end = text.trim_end_matches([']', ')', '»', ' ', '\u{a0}']);
    width >= EXCERPT && (end.ends_with('…') || end.ends_with("..."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_distinguished_from_texts_with_numbers() {
        for date in [
            "06.03.2016",
            "May 9, 2026",
            "2026年5月11日 8:30",
            "14:05",
            "05/04 10:11",
        ] {
            assert!(is_date(date, width(date)), "{date}");
        }
        for other in [
            "Nine lives",
            "Page 4",
            "3,000 of 4,000 voters in twenty towns",
            "Top 10",
        ] {
            assert!(!is_date(other, width(other)), "{other}");
        }
    }

    #[test]
    fn a_link_leads_to_a_page_or_nowhere() {
        assert_eq!(target(" /a/b?utm_source=x#top"), Some("/a/b"));
        assert_eq!(target("a.php?id=4"), Some("a.php?id=4"));
        assert_eq!(target("/a_b?x=_1&utm_id=2"), Some("/a_b?x=_1"));
        for none in ["#top", "", "javascript:void(0)", "mailto:a@example.org"] {
            assert_eq!(target(none), None, "{none}");
        }
        assert_eq!(host("https://www.example.org/a"), Some("example.org"));
        assert_eq!(host("/a//b"), None);
    }
}
