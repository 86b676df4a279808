//! What to do about pages that end so.

use crate::verdict::VisitOutcome;

/// Of a source none of whose entry points could be read…
pub(super) const UNREACHABLE: &str = "none of its front pages, feeds and sitemaps could be read";
/// …and of one where robots.txt is the cause.
pub(super) const DISALLOWED: &str = "robots.txt forbids all of its front pages, feeds and sitemaps; ask the site for \
                                     permission, or let `newsprint discover` find addresses that it allows";

/// Of pages that the browser did not show.
pub(super) fn not_rendered(count: u64, reason: Option<&str>) -> String {
    let pages = if count == 1 { "page" } else { "pages" };
    let why = reason.unwrap_or(
        "`newsprint pages --lost --outcome not_rendered` says why; what failed is tried again by itself",
    );
    format!("{count} {pages} could not be shown in the browser that `render` names: {why}")
}

/// Of a front page, feed or sitemap in whose place something else answers.
pub(super) fn walled(url: &str, outcome: VisitOutcome, reason: Option<&str>) -> String {
    let what = reason.unwrap_or(answer(outcome));
    let (name, advice) = (outcome.name(), wall_advice(outcome));
    format!("{url} cannot be read ({name}): {what}; {advice}")
}

/// Where opt-outs forbid all of it.
pub(super) const OPTED_OUT: &str = "the site states that none of its front pages, feeds and sitemaps is for the `purpose` \
                                    of [rights]; `newsprint pages --outcome opt_out` shows by which statement";

/// What answers in place of a page.
fn answer(outcome: VisitOutcome) -> &'static str {
    match outcome {
        VisitOutcome::Challenge => "a bot check",
        VisitOutcome::ConsentWall => "a consent wall",
        VisitOutcome::Soft404 => "'page not found'",
        VisitOutcome::PaywallStub => "a paywall",
        VisitOutcome::Empty => "a page without text",
        _ => "another page",
    }
}

/// One word for a front page, feed or sitemap in whose place that answers.
pub(super) fn wall(outcome: VisitOutcome) -> &'static str {
    match outcome {
        VisitOutcome::Empty => "empty",
        VisitOutcome::Soft404 => "not found",
        _ => "walled",
    }
}

/// What to do about what answers in place of a front page, feed or sitemap.
fn wall_advice(outcome: VisitOutcome) -> &'static str {
    match outcome {
        VisitOutcome::Challenge => {
            "a feed, a sitemap or a slower `requests_per_second` may get through"
        }
        VisitOutcome::ConsentWall => {
            "a feed, a sitemap or another front page may have no such question"
        }
        _ => "let `newsprint discover` find other addresses",
    }
}

/// What to check where pages end so.
pub(super) fn advice(outcome: VisitOutcome) -> &'static str {
    match outcome {
        VisitOutcome::Challenge => {
            "the site turns programs away; a slower `requests_per_second` or its feeds may get through"
        }
        VisitOutcome::ConsentWall => {
            "the site asks for consent first; its feeds, or another address without the question, may help"
        }
        VisitOutcome::PaywallStub => "only subscribers get the text",
        VisitOutcome::Empty => {
            "their text is probably filled in by scripts; look for a feed with `newsprint discover`, or name a browser \
             (`render`)"
        }
        VisitOutcome::Http4xx => {
            "open one in a browser: if it is there, the site turns programs away (see `user_agent`)"
        }
        VisitOutcome::Robots => "the site's robots.txt disallows them",
        VisitOutcome::OptOut => {
            "the site states that they are not for the `purpose` of [rights]; `newsprint pages --outcome opt_out` shows how"
        }
        VisitOutcome::OtherLanguage => "check the source's `language`",
        VisitOutcome::NotRendered => "check the browser that the source's `render` names",
        VisitOutcome::MovedAway => "the site has probably moved; check its addresses",
        VisitOutcome::TooLarge => "check `max_body`",
        VisitOutcome::NotHtml => "check `include` and `exclude`",
        VisitOutcome::NotArticle => {
            "see why with `newsprint explain`; `select.article` or `min_words` may fix it"
        }
        _ => "see `newsprint pages --lost`",
    }
}
