//! Proposals on pages of our own: names that last and names that do not, odd characters, lists, tables, fields.

use super::*;
use crate::extract::{Extractor, SelectorLayer, SiteRules};
use crate::page::{Document, Input};
use crate::selectors::SelectorSet;
use url::Url;

const PARTS: [&str; 5] = [
    "The council voted on Tuesday to plant two hundred limes along the quay, ending a quarrel that had lasted, by \
     the mayor's count, for nine years and four elections.",
    "Planting will begin in March, the parks office said, and the first benches are to stand in the shade of the \
     trees before the end of the summer after next.",
    "The old poplars, which lost three limbs in the storm of January, will be felled one by one so that the herons, \
     who nest in them, can move at their own pace.",
    "Nobody spoke against the plan in the end, though the owner of the kiosk asked who would sweep the leaves, and \
     was told that the harbour would, as it always had.",
    "The limes come from a nursery two valleys away, where they have been growing for eleven years in rows that the \
     council walked along on a wet morning in October.",
];

/// An article with something between its paragraphs.
fn page(between: &str) -> String {
    let [a, b, c, d, e] = PARTS;
    format!(
        "<html lang=en><head><title>Limes for the quay</title><meta property=og:type content=article></head><body>\
         <main><div class=story><h1>Limes for the quay</h1><p class=by><span class=author>Ada Quill</span>, \
         <time datetime=2026-03-01>1 March</time></p><p>{a}</p><p>{b}</p>{between}<p>{c}</p><p>{d}</p>\
         <p>{e}</p></div></main></body></html>"
    )
}

/// The proposals for the block that begins so.
fn proposals(html: &str, start: &str, key: SelectorKey) -> Vec<Proposal> {
    let url = Url::parse("https://daily.test/news/limes-for-the-quay").unwrap();
    let extractor = Extractor::builder().any_kind(true).build();
    let input = Input::new(html.as_bytes()).with_url(&url);
    let document = Document::parse(&input, extractor.limits());
    let page = document.page();
    let explanation = extractor.explain_page(&page, &SiteRules::default());
    let found = explanation
        .blocks
        .iter()
        .position(|it| it.text.starts_with(start));
    let block = found.unwrap_or_else(|| panic!("no block {start:?} in {:#?}", explanation.blocks));
    let proposals = propose(&page, &explanation, block, key);
    for proposal in &proposals {
        let selector = Selector::parse(&proposal.css).unwrap();
        let caches = Caches::default();
        let all = 0..page.tree.len();
        assert!(
            all.into_iter()
                .any(|id| selector.matches(&page.tree, id, &caches)),
            "{proposal:?}"
        );
        assert!(proposal.blocks > 0, "{proposal:?}");
    }
    proposals
}

fn css(proposals: &[Proposal]) -> Vec<&str> {
    proposals.iter().map(|it| it.css.as_str()).collect()
}

const JUNK: &str = "The harbour paper is printed on the quay each morning, and the quay is where it is read, by those \
                    who unload the boats and by those who only watch.";

/// The text with these selectors.
fn text(html: &str, selectors: &[(SelectorKey, &str)]) -> String {
    let set = SelectorSet::of(selectors, "mine.toml:1");
    let rules = SiteRules::new(vec![std::sync::Arc::new(SelectorLayer::compile(
        &set.selectors,
    ))]);
    let extractor = Extractor::builder().any_kind(true).build();
    extractor
        .extract_with(&Input::new(html.as_bytes()), &rules)
        .article
        .text
}

#[test]
fn the_narrowest_lasting_name_comes_first_and_does_what_it_says() {
    let html = page(&format!(
        "<p class='css-1x2y3z house-line' id=p-4711>{JUNK}</p>"
    ));
    let found = proposals(&html, JUNK, SelectorKey::Strip);
    assert_eq!(found[0].css, "p.house-line");
    assert_eq!(
        (found[0].blocks, found[0].others, found[0].doubt),
        (1, 0, None)
    );
    assert_eq!(found[0].words, "each <p> with the class “house-line”");
    // Every paragraph of the story, which is said; and the generated names last or not at all.
    let all = found.iter().find(|it| it.css == "div.story > p").unwrap();
    assert!(all.others >= 4, "{all:?}");
    let doubted: Vec<bool> = found.iter().map(|it| it.doubt.is_some()).collect();
    assert!(doubted.is_sorted(), "{found:#?}");
    assert!(found.len() <= MOST);

    assert!(text(&html, &[]).contains(JUNK));
    let stripped = text(&html, &[(SelectorKey::Strip, &found[0].css)]);
    assert!(
        !stripped.contains(JUNK) && stripped.contains(PARTS[4]),
        "{stripped}"
    );
}

#[test]
fn where_there_are_only_generated_names_they_are_proposed_with_a_doubt() {
    let html = page(&format!("<p class=css-1x2y3z>{JUNK}</p>"));
    let found = proposals(&html, JUNK, SelectorKey::Strip);
    let generated = found.iter().find(|it| it.css == "p.css-1x2y3z").unwrap();
    assert_eq!(generated.doubt, Some(Doubt::Generated));
}

#[test]
fn names_of_odd_characters_are_escaped() {
    for (attribute, expected) in [
        ("class='md:mt-2/3'", "p.md\\:mt-2\\/3"),
        ("id='2nd.line'", "#\\32 nd\\.line"),
        ("class='été'", "p.été"),
        ("data-component='a\"b]'", "p[data-component=\"a\\\"b]\"]"),
        ("class='-' id='--x'", "#--x"),
    ] {
        let html = page(&format!("<p {attribute}>{JUNK}</p>"));
        let found = proposals(&html, JUNK, SelectorKey::Strip);
        assert!(
            css(&found).contains(&expected),
            "{attribute}: {:?}",
            css(&found)
        );
    }
}

#[test]
fn of_a_box_the_whole_is_offered_and_lists_and_tables_are_found() {
    let list = format!(
        "<ul class=house-list><li>{JUNK}<li>{} and so on it goes, day after day</ul>",
        PARTS[0]
    );
    let found = proposals(&page(&list), JUNK, SelectorKey::Strip);
    let whole = found.iter().find(|it| it.css == "ul.house-list").unwrap();
    assert_eq!(whole.blocks, 2, "{found:#?}");
    let table = format!(
        "<table class=house-table><tr><td>{JUNK}<td>1<tr><td>Second row of it<td>2</table>"
    );
    let found = proposals(&page(&table), JUNK, SelectorKey::Strip);
    assert!(
        css(&found).iter().any(|it| it.contains("house-table")),
        "{found:#?}"
    );
    // Inline elements around the text are none of the paragraph: the selector holds all of it.
    let inline =
        format!("<p class=house-line><b class=x>{JUNK}</b> More at the <i class=y>kiosk</i>.</p>");
    let found = proposals(&page(&inline), JUNK, SelectorKey::Strip);
    assert_eq!(found[0].css, "p.house-line");
    assert!(
        css(&found)
            .iter()
            .all(|it| !it.contains(".x") && !it.contains(".y")),
        "{found:#?}"
    );
}

#[test]
fn what_was_dropped_is_kept_by_its_own_element_or_by_the_article() {
    let html = page(&format!(
        "<div class='promo house-note'><p>{JUNK}</p></div>"
    ));
    let found = proposals(&html, JUNK, SelectorKey::Keep);
    assert!(
        css(&found).iter().any(|it| it.contains("house-note")),
        "{found:#?}"
    );
    let kept = text(&html, &[(SelectorKey::Keep, &found[0].css)]);
    assert!(kept.contains(JUNK));
    let found = proposals(&html, JUNK, SelectorKey::Article);
    assert_eq!(found[0].css, "div.story", "{found:#?}");
}

#[test]
fn a_byline_has_its_author_and_its_date() {
    let html = page("");
    let found = proposals(&html, "Ada Quill", SelectorKey::Authors);
    assert!(css(&found).contains(&"span.author"), "{found:#?}");
    let found = proposals(&html, "1 March", SelectorKey::Published);
    assert!(css(&found).contains(&"time"), "{found:#?}");
    let found = proposals(&html, "Limes for", SelectorKey::Title);
    assert!(css(&found).contains(&"div.story > h1"), "{found:#?}");
    // A block that the page does not have.
    let extractor = Extractor::default();
    let input = Input::new(html.as_bytes());
    let document = Document::parse(&input, extractor.limits());
    let page = document.page();
    let explanation = extractor.explain_page(&page, &SiteRules::default());
    assert!(propose(&page, &explanation, 10_000, SelectorKey::Strip).is_empty());
}
