//! Recognises a site's pages about itself (legal notices, privacy, contact, 'about us') by headline and
//! address. The words are data, in `rules/legal.toml`; what they count for is decided by the evidence.

use std::collections::HashSet;
use std::sync::LazyLock;

use serde::Deserialize;
use url::Url;

use crate::page::text::plain;

/// Segments of the address of a page near the site's root.
const NEAR_ROOT: usize = 2;
/// What a headline may hold beyond one of the titles, in letters: 'Privacy policy of the Gazette'.
const LONGER_TITLE: usize = 12;
/// Shorter titles must be the whole headline.
const DISTINCTIVE: usize = 12;

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(rename = "about")]
    _about: String,
    titles: Vec<String>,
    segments: HashSet<String>,
}

struct Legal {
    /// Letters and digits alone.
    titles: HashSet<String>,
    segments: HashSet<String>,
}

static LEGAL: LazyLock<Legal> = LazyLock::new(|| {
    // The file is compiled in and tested; a broken one would know no such page.
    let file: File = toml::from_str(include_str!("../../../rules/legal.toml")).unwrap_or_default();
    Legal {
        titles: file.titles.iter().map(|it| plain(it)).collect(),
        segments: file.segments,
    }
});

/// How many of two things say that this is such a page: its headline, and its address near the site's root.
pub fn signs(title: Option<&str>, url: Option<&Url>) -> usize {
    usize::from(title.is_some_and(is_title)) + usize::from(url.is_some_and(is_address))
}

fn is_title(title: &str) -> bool {
    let title = plain(title);
    let is_start = |known: &String| {
        let Some(rest) = title.strip_prefix(known.as_str()) else {
            return false;
        };
        known.chars().count() >= DISTINCTIVE && rest.chars().count() <= LONGER_TITLE
    };
    LEGAL.titles.contains(&title) || LEGAL.titles.iter().any(is_start)
}

fn is_address(url: &Url) -> bool {
    let segments = url.path_segments().into_iter().flatten();
    let segments: Vec<&str> = segments
        .filter(|it| !it.is_empty())
        .take(NEAR_ROOT + 1)
        .collect();
    let Some(last) = segments.last().filter(|_| segments.len() <= NEAR_ROOT) else {
        return false;
    };
    let name = last.split_once('.').map_or(*last, |(name, _)| name);
    let name = name.to_ascii_lowercase().replace('_', "-");
    LEGAL.segments.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(url: &str) -> bool {
        signs(None, Url::parse(url).ok().as_ref()) == 1
    }

    #[test]
    fn the_file_can_be_read_and_is_in_lower_case() {
        let file: File = toml::from_str(include_str!("../../../rules/legal.toml")).unwrap();
        assert!(file.titles.len() > 200 && file.segments.len() > 100);
        for text in file.titles.iter().chain(&file.segments) {
            assert_eq!(*text, text.to_lowercase());
        }
    }

    #[test]
    fn headlines_of_articles_on_such_pages_are_not_theirs() {
        for title in [
            "Privacy policy",
            "Datenschutzerklärung",
            "Политика конфиденциальности",
            "プライバシーポリシー",
        ] {
            assert!(is_title(title), "{title}");
        }
        for title in [
            "Privacy policy of a toy maker let strangers listen in, court finds",
            "About a boy who rowed to France",
            "Contact lost with the night ferry",
            "Datenschutz: Bußgeld gegen Hafenbetreiber",
        ] {
            assert!(!is_title(title), "{title}");
        }
    }

    #[test]
    fn addresses_count_near_the_root_alone() {
        assert!(address("https://a.example/privacy-policy"));
        assert!(address("https://a.example/de/impressum.html"));
        assert!(!address("https://a.example/2026/11/24/privacy"));
        assert!(!address(
            "https://a.example/news/privacy-policy-of-a-toy-maker"
        ));
    }
}
