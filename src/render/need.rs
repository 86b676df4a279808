//! Which pages a browser is to show: those that hold no text, and scripts.

use crate::extract::{Extraction, VerdictReason};
use crate::verdict::Verdict;

/// True for a page without an article, because scripts would write its text. Whatever else stands in an article's
/// place, a bot check, a wall, a log-in form or 'not found', is what the site wants to show.
pub(crate) fn is_made_by_scripts(extraction: &Extraction, page: &[u8]) -> bool {
    let lacks_text = matches!(
        (extraction.verdict, extraction.why),
        (Verdict::Empty, _)
            | (
                Verdict::NotArticle,
                VerdictReason::NoText | VerdictReason::TooFewWords(..)
            )
    );
    lacks_text && has_script(page)
}

/// True for markup with a script that is no data.
fn has_script(page: &[u8]) -> bool {
    const TAG: &[u8] = b"<script";
    let mut rest = page;
    while let Some(at) = find(rest, TAG) {
        rest = rest.get(at + TAG.len()..).unwrap_or_default();
        let end = rest.iter().position(|&it| it == b'>');
        let (tag, after) = rest.split_at(end.unwrap_or(rest.len()));
        rest = after;
        if find(tag, b"json").is_none() {
            return true;
        }
    }
    false
}

/// Where ASCII letters of any case stand first.
fn find(text: &[u8], word: &[u8]) -> Option<usize> {
    let mut windows = text.windows(word.len());
    windows.position(|it| it.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::extract;

    fn is_made(page: &str) -> bool {
        let page = page.as_bytes();
        is_made_by_scripts(&extract(page, None), page)
    }

    /// With time that grows with the square of the tags, this would take minutes.
    #[test]
    fn tags_that_never_end_are_read_once() {
        let page = "<script".repeat(100_000) + "json";
        assert!(!has_script(page.as_bytes()));
    }

    #[test]
    fn shells_are_shown_and_nothing_else() {
        assert!(is_made(
            "<title>Daily</title><div id=root></div><script src=/app.js></script>"
        ));
        assert!(is_made(
            "<h1>Harbour open again</h1><p>Loading…</p><SCRIPT>load()</SCRIPT>"
        ));
        assert!(!is_made("<title>Daily</title><div id=root></div>"));
        let data = "<title>Daily</title><script type=\"application/ld+json\">{}</script>";
        assert!(!is_made(data));
        let challenge = "<title>Just a moment...</title><script>window._cf_chl_opt={}</script>\
                         <p>Checking your browser before accessing daily.test.";
        assert!(!is_made(challenge));
        let missing =
            "<title>404 Not Found</title><h1>Page not found</h1><script src=/a.js></script>";
        assert!(!is_made(missing));
        let story = "The harbour was open again on Monday, officials said. ".repeat(40);
        assert!(!is_made(&format!(
            "<article><h1>Harbour</h1><p>{story}</p></article><script src=/a.js></script>"
        )));
    }
}
