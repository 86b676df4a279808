//! How addresses number the pages of one article.

/// Parameters that number the pages of one article.
pub(crate) const PAGE_PARAMETERS: [&str; 8] = [
    "page", "paged", "p", "pg", "pagina", "pagine", "seite", "sida",
];

/// The number of one of an article's pages: one or two digits.
pub(crate) fn page_number(text: &str) -> Option<u32> {
    let is_number = (1..=2).contains(&text.len()) && text.bytes().all(|it| it.is_ascii_digit());
    is_number.then(|| text.parse().ok()).flatten()
}

/// The last segment of a path.
pub(crate) fn last_segment(path: &str) -> &str {
    let path = path.trim_end_matches('/');
    path.rsplit('/').next().unwrap_or_default()
}
