//! File names that are safe on every system, made from titles and source names.

use std::path::{Path, PathBuf};

use crate::article::Article;

/// Maximum number of characters in a slug.
const SLUG_CHARS: usize = 60;

/// `YYYY-MM-DD-slug-id.extension`, with the day of publication, or else of the fetch.
pub fn article_file(article: &Article, extension: &str) -> String {
    let stated = article
        .published
        .as_deref()
        .or(article.fetched_at.as_deref());
    let day = stated.map_or("undated", day);
    let slug = slug(article.title.as_deref().unwrap_or_default());
    let id = if article.id.is_empty() {
        &article.content_hash
    } else {
        &article.id
    };
    let parts = [day, slug.as_str(), id.as_str()];
    let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    format!("{}.{extension}", parts.join("-"))
}

/// The folder of a file that many articles share, and its name without the extension: `DIR/SOURCE` and `DAY`, or
/// `DAY.WORKER` where there are several workers.
pub(super) fn shared_file(
    dir: &Path,
    article: &Article,
    worker: Option<&str>,
) -> (PathBuf, String) {
    let day = day(article.fetched_at.as_deref().unwrap_or_default());
    let name = match worker {
        Some(worker) => format!("{day}.{worker}"),
        None => day.to_owned(),
    };
    let source = article.source.as_deref().unwrap_or_default();
    (dir.join(folder(source)), name)
}

/// The day of an RFC 3339 date, or `undated`.
pub fn day(date: &str) -> &str {
    let day = date.get(..10).unwrap_or_default();
    let is_day = day.bytes().enumerate().all(|(at, byte)| match at {
        4 | 7 => byte == b'-',
        _ => byte.is_ascii_digit(),
    });
    if is_day && day.len() == 10 {
        day
    } else {
        "undated"
    }
}

/// A name for a folder: letters and digits of any script and hyphens, never a device name of Windows
/// (`con`, `nul`) or a hidden file.
pub(super) fn folder(name: &str) -> String {
    const DEVICES: [&str; 6] = ["con", "prn", "aux", "nul", "com", "lpt"];
    let slug = slug(name);
    let stem = slug.trim_end_matches(char::is_numeric);
    match slug.as_str() {
        "" => "source".to_owned(),
        _ if DEVICES.contains(&stem) => format!("{slug}-source"),
        _ => slug,
    }
}

fn slug(text: &str) -> String {
    let mut slug = String::new();
    for c in text.chars().flat_map(char::to_lowercase) {
        if c.is_alphanumeric() {
            slug.push(c);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
        if slug.chars().count() >= SLUG_CHARS {
            break;
        }
    }
    // Most file systems limit names to 255 bytes.
    while slug.len() > 3 * SLUG_CHARS {
        slug.pop();
    }
    slug.trim_end_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_names_become_plain_ones() {
        assert_eq!(folder("../../etc/passwd"), "etc-passwd");
        assert_eq!(folder("C:\\x:y*?"), "c-x-y");
        assert_eq!(folder("CON"), "con-source");
        assert_eq!(folder("com1"), "com1-source");
        assert_eq!(folder("LPT²"), "lpt²-source");
        assert_eq!(folder("..."), "source");
        assert_eq!(folder("Вечерний маяк"), "вечерний-маяк");
        assert!(folder(&"長".repeat(500)).len() <= 180);
    }

    #[test]
    fn an_articles_file_has_its_day_its_headline_and_its_id() {
        let article = Article {
            id: "0011223344556677".into(),
            title: Some("Night ferry: back / again?".into()),
            published: Some("2026-11-23T10:00:00+01:00".into()),
            ..Article::default()
        };
        assert_eq!(
            article_file(&article, "md"),
            "2026-11-23-night-ferry-back-again-0011223344556677.md"
        );
    }

    #[test]
    fn a_day_is_a_day_or_nothing() {
        assert_eq!(day("2026-11-23T10:00:00Z"), "2026-11-23");
        assert_eq!(day("../../x/yz"), "undated");
        assert_eq!(day("2026"), "undated");
    }
}
