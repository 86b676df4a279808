//! Articles that were refused for a guess, and pages that must stay refused.

use std::sync::Arc;

use newsprint::extract::{SelectorLayer, SiteRules};
use newsprint::page::Input;
use newsprint::selectors::{SelectorKey, UserSelector};
use newsprint::{AddressEvidence, Extractor, Verdict};

/// News in brief: 50 words, in a plain layout that says nothing of what it is.
fn brief() -> String {
    "<title>Bridge shut until Friday - Quay Gazette</title>\
     <div class=col><h2>Bridge shut until Friday</h2><div class=txt><p>The swing bridge at Osier Lock stays shut \
     until Friday, the harbour board said. A barge had struck its eastern pier on Monday night. Nobody was \
     hurt. Divers found no crack, but the bearings must be cleaned. Walkers may use the ferry, which costs \
     nothing meanwhile.</p></div></div>"
        .to_owned()
}

fn verdict(html: &str, evidence: AddressEvidence, rules: &SiteRules) -> Verdict {
    let input = Input::new(html.as_bytes()).with_evidence(evidence);
    Extractor::default().extract_with(&input, rules).verdict
}

fn select_article(css: &str) -> SiteRules {
    let selector = UserSelector {
        key: SelectorKey::Article,
        css: css.to_owned(),
        place: Arc::from("config.toml:1"),
    };
    SiteRules::new(vec![Arc::new(SelectorLayer::compile(&[selector]))])
}

#[test]
fn news_in_brief_is_an_article_where_a_feed_names_it() {
    let rules = SiteRules::default();
    for (evidence, expected) in [
        (AddressEvidence::Feed, Verdict::Article),
        (AddressEvidence::NewsSitemap, Verdict::Article),
        (AddressEvidence::Sitemap, Verdict::NotArticle),
        (AddressEvidence::Link, Verdict::NotArticle),
        (AddressEvidence::Unknown, Verdict::NotArticle),
    ] {
        assert_eq!(
            verdict(&brief(), evidence, &rules),
            expected,
            "{evidence:?}"
        );
    }
}

#[test]
fn news_in_brief_is_an_article_where_the_source_says_so() {
    let link = AddressEvidence::Link;
    assert_eq!(
        verdict(&brief(), link, &select_article(".txt")),
        Verdict::Article
    );
    let least = |words| SiteRules::default().with_min_words(Some(words));
    assert_eq!(verdict(&brief(), link, &least(40)), Verdict::Article);
    assert_eq!(verdict(&brief(), link, &least(55)), Verdict::NotArticle);
    // What a feed names is not held to it.
    assert_eq!(
        verdict(&brief(), AddressEvidence::Feed, &least(55)),
        Verdict::Article
    );
}
