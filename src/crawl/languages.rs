//! Whether an article is in the language that its source wants.

use crate::crawl::plan::CompiledSource;

/// Codes by which pages name what is one language for a source: Norwegian and Chinese with their
/// written and spoken forms, and old codes.
const SAME_LANGUAGE: [(&str, &str); 8] = [
    ("no", "nb"),
    ("no", "nn"),
    ("zh", "cmn"),
    ("zh", "yue"),
    ("he", "iw"),
    ("id", "in"),
    ("fil", "tl"),
    ("kau", "kr"),
];

/// The source's language and the article's, where both are known and differ.
pub(super) fn other_language(plan: &CompiledSource, found: Option<&str>) -> Option<String> {
    let (wanted, found) = (plan.source.language.as_deref()?, found?);
    let primary = |tag: &str| {
        tag.split(['-', '_'])
            .next()
            .unwrap_or_default()
            .to_ascii_lowercase()
    };
    let differs = !is_same_language(&primary(wanted), &primary(found));
    differs.then(|| format!("the article is in `{found}`, the source wants `{wanted}`"))
}

fn is_same_language(one: &str, other: &str) -> bool {
    let known = |pair| SAME_LANGUAGE.contains(&pair);
    one == other || known((one, other)) || known((other, one))
}

#[cfg(test)]
mod tests {
    use super::is_same_language;

    #[test]
    fn codes_of_one_language_are_no_difference() {
        for (wanted, found) in [
            ("no", "nb"),
            ("nb", "no"),
            ("no", "nn"),
            ("he", "iw"),
            ("en", "en"),
        ] {
            assert!(is_same_language(wanted, found), "{wanted} {found}");
        }
        for (wanted, found) in [("nb", "nn"), ("no", "da"), ("en", "de")] {
            assert!(!is_same_language(wanted, found), "{wanted} {found}");
        }
    }
}
