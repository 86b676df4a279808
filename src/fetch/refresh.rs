//! Pages that send a browser on after some seconds: `<meta http-equiv=refresh>` and the `Refresh` header.
//! Within five seconds that is a redirect, unless the page has a text of its own; news pages also
//! reload themselves every few minutes.

use url::Url;

use crate::fetch::exchange::HttpResponse;
use crate::limits::Limits;
use crate::page::sniff;
use crate::page::text::word_count;
use crate::page::tree::{Id, Tree};
use crate::page::{Document, Input, Tag, base_url};

/// A page that waits longer is there to be read.
const MAX_SECONDS: u64 = 5;
/// Words in paragraphs that make a text of its own.
const OWN_WORDS: usize = 100;
/// Words of a page that is empty but for a line or two.
const BARE_WORDS: usize = 40;

/// Where a page sends its readers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Refresh {
    /// To another address.
    To(Url),
    /// To the same address again, from a page that holds next to nothing: worth following only where
    /// something has changed, such as a cookie.
    Again(Url),
}

/// Where a page sends its readers at once, if it does.
pub(super) fn refresh(page: &HttpResponse, url: &Url, limits: &Limits) -> Option<Refresh> {
    let header = page.refresh().and_then(|value| target(&value));
    let start = &page.body[..page.body.len().min(limits.refresh_bytes)];
    if header.is_none() && !sniff::contains(start, b"http-equiv") {
        return None;
    }
    let content_type = page.content_type();
    let input = Input::new(start)
        .with_url(url)
        .with_content_type(content_type.as_deref());
    let document = Document::parse(&input, limits);
    let tree = document.page().tree;
    let words = Words::of(&tree);
    if words.paragraphs >= OWN_WORDS {
        return None;
    }
    let is_bare = words.all < BARE_WORDS;
    let target = header.or_else(|| in_markup(&tree, is_bare))?;
    let mut to = base_url(&tree, Some(url))?.join(target.trim()).ok()?;
    to.set_fragment(None);
    let is_page = |url: &Url| matches!(url.scheme(), "http" | "https");
    match to == *url {
        true => is_bare.then_some(Refresh::Again(to)),
        false => (is_page(&to) && to.as_str().len() <= limits.url_chars).then_some(Refresh::To(to)),
    }
}

/// The target of the first refresh in the markup. One in a `noscript` is for browsers without scripts, and
/// counts on pages that hold nothing else.
fn in_markup(tree: &Tree<'_>, is_bare: bool) -> Option<String> {
    let applies = |meta: &Id| {
        let is_refresh = tree
            .attr(*meta, "http-equiv")
            .is_some_and(|it| it.trim().eq_ignore_ascii_case("refresh"));
        is_refresh
            && !is_within(tree, *meta, Tag::Template)
            && (is_bare || !is_within(tree, *meta, Tag::Noscript))
    };
    let mut metas = tree.elements(Tag::Meta).filter(applies);
    metas.find_map(|meta| target(tree.attr(meta, "content")?))
}

fn is_within(tree: &Tree<'_>, id: Id, tag: Tag) -> bool {
    tree.ancestors(id).any(|above| tree.tag(above) == tag)
}

/// The address in `5; url=/next`, empty for the same page; `None` where the wait is too long, or where it
/// is no such value (HTML 4.2.5.3, shared declarative refresh steps).
fn target(value: &str) -> Option<String> {
    let value = value.trim_start();
    let digits = value.len() - value.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (seconds, rest) = value.split_at(digits);
    if seconds.is_empty() && !rest.starts_with('.') {
        return None;
    }
    let seconds = if seconds.is_empty() {
        0
    } else {
        seconds.parse().unwrap_or(u64::MAX)
    };
    if seconds > MAX_SECONDS {
        return None;
    }
    let rest = rest.trim_start_matches(|c: char| c == '.' || c.is_ascii_digit());
    let separator = |c: char| c == ';' || c == ',' || c.is_whitespace();
    if !rest.is_empty() && !rest.starts_with(separator) {
        return None;
    }
    Some(address(rest.trim_start_matches(separator)).to_owned())
}

/// The address in `url='/next'`, with and without name and quotes.
fn address(text: &str) -> &str {
    let named = text
        .get(..3)
        .filter(|name| name.eq_ignore_ascii_case("url"));
    let value = named.and_then(|_| text[3..].trim_start().strip_prefix('='));
    let value = value.map_or(text, str::trim_start);
    match value.chars().next() {
        Some(quote @ ('"' | '\'')) => value[1..].split(quote).next().unwrap_or_default(),
        _ => value.trim_end(),
    }
}

/// How much there is to read.
#[derive(Debug, Default)]
struct Words {
    all: usize,
    paragraphs: usize,
}

impl Words {
    fn of(tree: &Tree<'_>) -> Words {
        let mut words = Words::default();
        let mut skipped = 0;
        for id in 0..tree.len() {
            if id < skipped {
                continue;
            }
            match tree.tag(id) {
                Tag::Head | Tag::Noscript | Tag::Script | Tag::Style | Tag::Template => {
                    skipped = tree.end(id);
                }
                Tag::P => words.paragraphs += word_count(&tree.text(id)),
                Tag::Text => words.all += word_count(tree.own_text(id).unwrap_or_default()),
                _ => {}
            }
        }
        words
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_read_as_browsers_read_them() {
        for (value, expected) in [
            ("0; url=/next", Some("/next")),
            ("0;URL='/next'", Some("/next")),
            ("5;url=\"/next\"", Some("/next")),
            (" 3 , Url = /next ", Some("/next")),
            ("0;/next", Some("/next")),
            ("0 /next", Some("/next")),
            ("1.5; url=/next", Some("/next")),
            (".5; url=/next", Some("/next")),
            ("0;url='/unclosed", Some("/unclosed")),
            ("0; urls/1", Some("urls/1")),
            ("0", Some("")),
            ("2;", Some("")),
            ("6; url=/next", None),
            ("300", None),
            ("99999999999999999999999; url=/x", None),
            ("0x; url=/next", None),
            ("url=/next", None),
            ("", None),
        ] {
            assert_eq!(target(value).as_deref(), expected, "{value}");
        }
    }
}
