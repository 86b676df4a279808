//! Error answers often show a page, and often it is a bot check: what stands there is named like the same
//! page with status 200.

use crate::extract::Extractor;
use crate::fetch::FetchError;
use crate::verdict::{Verdict, VisitOutcome};

/// What the page of an error answer is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StandIn {
    /// How the visit ends: as a bot check or consent wall, or as the status says.
    pub(crate) outcome: VisitOutcome,
    /// The status and what stands there, in one line.
    pub(crate) reason: String,
}

/// Plain refusals of web servers, in words that bot checks use too.
const PLAIN_REFUSALS: [&[u8]; 2] = [b"permission to access this resource", b"on this server"];

/// What the page of an error answer is, where it is a bot check, a wall or a script shell. Takes the time
/// of an extraction.
pub(crate) fn on_error_page(extractor: &Extractor, error: &FetchError) -> Option<StandIn> {
    let page = error.page()?;
    let extraction = extractor.extract(&page.input(&error.url));
    let note = extraction.note?;
    let outcome = match extraction.verdict {
        Verdict::Challenge if is_plain_refusal(&page.body) => return None,
        Verdict::Challenge | Verdict::ConsentWall => extraction.verdict.into(),
        Verdict::Empty | Verdict::NotArticle if note.starts_with("a script") => error.into(),
        _ => return None,
    };
    let reason = format!("{}: {note}", error.kind);
    Some(StandIn { outcome, reason })
}

/// True for the page that a web server itself sends with 403. Akamai's has a reference number.
fn is_plain_refusal(body: &[u8]) -> bool {
    let text = body.to_ascii_lowercase();
    let has = |words: &[u8]| memchr::memmem::find(&text, words).is_some();
    PLAIN_REFUSALS.iter().any(|words| has(words)) && !has(b"reference #") && !has(b"reference&#32;")
}
