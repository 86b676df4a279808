//! How good the text is likely to be, and what is doubtful about it: the F1 that the scores of the
//! blocks predict, calibrated by what training measured.

use crate::article::Role;
use crate::extract::decide::body::{BlockVerdict, Body};
use crate::extract::model::Model;
use crate::extract::segment::blocks::Blocks;

/// The F1 to expect of captions alone: galleries have not been measured.
const UNMEASURED: f64 = 0.5;

/// A dropped block before the text may be its lede if it has at least this many characters…
const LEDE_CHARS: usize = 80;
/// …and this score.
const LEDE_SCORE: f32 = 0.3;

/// The F1 to expect of the text, 0 to 1: the probable share of correct text in what was kept and in
/// what should have been kept, calibrated on pages that the model had not seen.
pub fn quality(blocks: &Blocks, body: &Body, model: &Model) -> f64 {
    let (mut right, mut kept, mut wanted) = (0.0f32, 0.0f32, 0.0f32);
    for (block, verdict) in body.verdicts.iter().enumerate() {
        let chars = blocks.list[block].chars as f32;
        let likely = body.scores[block] * chars;
        match verdict {
            BlockVerdict::Kept(_) if body.roles[block] == Role::Caption => {}
            BlockVerdict::Kept(_) => {
                right += likely;
                kept += chars;
                wanted += likely;
            }
            BlockVerdict::Score
            | BlockVerdict::Links
            | BlockVerdict::Phrase
            | BlockVerdict::Byline => wanted += likely,
            _ => {}
        }
    }
    if kept <= 0.0 {
        return if body.has_text() { UNMEASURED } else { 0.0 };
    }
    let measured = model.calibrated(2.0 * right / (kept + wanted));
    (f64::from(measured) * 100.0).round() / 100.0
}

/// Warnings about the text.
pub fn warnings(blocks: &Blocks, body: &Body) -> Vec<&'static str> {
    let is_text = |block: &usize| body.roles[*block] != Role::Caption;
    let mut warnings = Vec::new();
    let Some(first) = body.kept().find(is_text) else {
        return warnings;
    };
    let lede = (0..first).any(|block| {
        body.verdicts[block] == BlockVerdict::Score
            && body.scores[block] >= LEDE_SCORE
            && blocks.list[block].chars >= LEDE_CHARS
    });
    if lede {
        warnings.push("lede_missing");
    }
    let last = body.kept().rfind(is_text);
    if last.is_some_and(|block| breaks_off(blocks.text(block))) {
        warnings.push("truncated");
    }
    warnings
}

/// True for a text that ends in an ellipsis, as teasers do.
fn breaks_off(text: &str) -> bool {
    let end = text.trim_end_matches([']', ')', ' ']);
    end.ends_with('…') || end.ends_with("...")
}

#[cfg(test)]
mod tests {
    use crate::article::Article;

    fn article(html: &str) -> Article {
        crate::extract::extract(html.as_bytes(), None).article
    }

    const FIRST: &str = "The council voted on Tuesday to plant two hundred limes along the quay, \
        ending a quarrel that had lasted, by the mayor's count, for nine years.";

    fn page(end: &str) -> String {
        format!(
            "<meta property=og:type content=article><article><h1>Limes for the quay</h1><p>{FIRST}</p>\
             <p>Planting will begin in March, the parks office said, and the first benches are to \
             stand in the shade of the trees before the end of the summer after next.</p>\
             <p>The old poplars, which lost three limbs in the storm of January, will be felled{end}</p></article>"
        )
    }

    #[test]
    fn a_plain_article_promises_much_and_a_text_that_breaks_off_says_so() {
        let whole = article(&page(" one by one."));
        assert!(whole.quality > 0.9, "{}", whole.quality);
        assert!(whole.warnings.is_empty(), "{:?}", whole.warnings);
        let cut = article(&page(" one by one and..."));
        assert_eq!(cut.warnings, ["truncated"]);
    }

    #[test]
    fn text_from_a_page_s_data_is_marked() {
        let html = format!(
            "<meta property=og:type content=article><div id=root></div><script>window.__PRELOADED_STATE__ = \
             {{\"story\": [{{\"text\": \"{FIRST}\"}}, {{\"text\": \"{FIRST} Twice.\"}}, {{\"text\": \"{FIRST} Thrice.\"}}]}}</script>"
        );
        let article = article(&html);
        assert!(article.text.starts_with(FIRST), "{}", article.text);
        assert_eq!(article.warnings, ["text_from_data"]);
    }
}
