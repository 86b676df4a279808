//! What `explain` reports of a page, and what users' own selectors do to it.

use std::fs;
use std::sync::Arc;

use super::*;
use crate::extract::decide::reason::Cause;
use crate::extract::{Options, SelectorLayer};
use crate::selectors::{SelectorKey, SelectorSet};

const FIRST: &str = "The council voted on Tuesday to plant two hundred limes along the quay, \
    ending a quarrel that had lasted, by the mayor's count, for nine years and four elections.";
const SECOND: &str = "Planting will begin in March, the parks office said, and the first benches \
    are to stand in the shade of the trees before the end of the summer after next.";
const THIRD: &str = "The old poplars, which lost three limbs in the storm of January, will be \
    felled one by one so that the herons, who nest in them, can move at their own pace.";
const BELL: &str = "Ring the bell of the parks office for a map of the trees.";

fn page() -> String {
    format!(
        "<html lang=en><head><title>Limes for the quay | The Harbour Post</title>\
         <meta property=og:type content=article><meta name=author content='A. Desk'></head><body>\
         <nav><a href=/>Home</a></nav><div id=story><h1>Limes for the quay</h1>\
         <p class=byline><span>Ada Quill</span></p><p>{FIRST}</p><p class=promo-box>{SECOND}</p>\
         <p>{THIRD}</p><p class=odd>{BELL}</p><div class=share-buttons>Tell a friend</div>\
         <p>Advertisement</p></div></body></html>"
    )
}

/// Selectors that stand in `mine.toml`.
fn rules(selectors: &[(SelectorKey, &str)]) -> SiteRules {
    let set = SelectorSet::of(selectors, "mine.toml:1");
    SiteRules::new(vec![Arc::new(SelectorLayer::compile(&set.selectors))])
}

fn explain(html: &str, site: &SiteRules) -> Explanation {
    let input = Input::new(html.as_bytes());
    Extractor::default().explain(&input, site)
}

/// The reason for the block that begins so.
fn why<'e>(explanation: &'e Explanation, start: &str) -> &'e ExplainedBlock {
    let mut blocks = explanation.blocks.iter();
    blocks.find(|it| it.text.starts_with(start)).unwrap()
}

fn reported(block: &ExplainedBlock) -> (bool, Cause, &str, Option<&str>) {
    let why = &block.why;
    (block.kept, why.cause, &why.reason, why.file.as_deref())
}

#[test]
fn a_users_selectors_win_over_the_rules_and_are_named() {
    let site = rules(&[
        (SelectorKey::Article, "#story"),
        (SelectorKey::Strip, ".odd"),
        (SelectorKey::Keep, ".promo-box"),
    ]);
    let explanation = explain(&page(), &site);
    let text = &explanation.extraction.article.text;
    assert_eq!(*text, [FIRST, SECOND, THIRD].join("\n\n"));
    for (start, expected) in [
        (
            FIRST,
            (
                true,
                Cause::Kept,
                "inside article #story",
                Some("mine.toml:1"),
            ),
        ),
        (
            SECOND,
            (true, Cause::Kept, "keep .promo-box", Some("mine.toml:1")),
        ),
        (
            BELL,
            (false, Cause::Selector, "strip .odd", Some("mine.toml:1")),
        ),
    ] {
        assert_eq!(reported(why(&explanation, start)), expected);
    }
}

#[test]
fn blocks_outside_the_article_selector_are_reported_as_such() {
    let html = format!("<p>{FIRST}</p><div class=body><p>{SECOND}</p><p>{THIRD}</p></div>");
    let explanation = explain(
        &html,
        &rules(&[
            (SelectorKey::Article, ".none"),
            (SelectorKey::Article, ".body"),
        ]),
    );
    let expected = (
        false,
        Cause::Selector,
        "outside article .body",
        Some("mine.toml:1"),
    );
    assert_eq!(reported(why(&explanation, FIRST)), expected);
}

#[test]
fn a_built_in_rule_is_reported_with_its_file_and_the_selector_that_found_it() {
    let explanation = explain(&page(), &SiteRules::default());
    let share = why(&explanation, "Tell a friend");
    let expected = (
        false,
        Cause::Rule,
        "rule share-buttons (share)",
        Some("rules/share.toml"),
    );
    assert_eq!(reported(share), expected);
    assert_eq!(share.selector.as_deref(), Some("[class*=share-b i]"));
    let ad = reported(why(&explanation, "Advertisement"));
    let expected = (
        false,
        Cause::Phrase,
        "phrase ad label",
        Some("rules/phrases.toml"),
    );
    assert_eq!(ad, expected);
}

#[test]
fn a_score_is_reported_with_the_features_that_moved_it() {
    let explanation = explain(&page(), &SiteRules::default());
    let first = why(&explanation, FIRST);
    assert!(first.why.reason.starts_with("score 0.9"), "{first:?}");
    let passes: Vec<u8> = first.features.iter().map(|it| it.pass).collect();
    assert!(passes.contains(&1) && passes.contains(&2), "{passes:?}");
    let second = first.features.iter().filter(|it| it.pass == 2);
    assert!(second.map(|it| it.pull).sum::<f64>() > 0.0);
}

#[test]
fn selectors_that_leave_no_text_give_way_with_a_warning() {
    for all in [
        &[(SelectorKey::Strip, "#story")][..],
        &[(SelectorKey::Strip, "p")],
        &[(SelectorKey::Article, ".share-buttons")],
    ] {
        let explanation = explain(&page(), &rules(all));
        let article = &explanation.extraction.article;
        assert!(article.text.contains(FIRST), "{all:?}: {}", article.text);
        assert!(article.warnings.contains(&"rules_took_all".to_owned()));
    }
    let some = explain(&page(), &rules(&[(SelectorKey::Strip, ".odd")]));
    assert_eq!(some.extraction.article.warnings, Vec::<String>::new());
}

#[test]
fn a_field_that_a_selector_fills_says_so_and_keeps_what_else_was_stated() {
    let site = rules(&[
        (SelectorKey::Authors, ".none"),
        (SelectorKey::Authors, ".byline span"),
    ]);
    let explanation = explain(&page(), &site);
    assert_eq!(explanation.extraction.article.authors, ["Ada Quill"]);
    let mut fields = explanation.fields.iter();
    let authors = fields.find(|it| it.field == "authors").unwrap();
    assert_eq!(authors.value.as_deref(), Some("Ada Quill"));
    let source = authors.source.as_deref();
    assert_eq!(source, Some("selector .byline span (mine.toml:1)"));
    assert_eq!(authors.rejected[0].value, "A. Desk");
}

fn field<'e>(explanation: &'e Explanation, name: &str) -> &'e FieldExplanation {
    let mut fields = explanation.fields.iter();
    fields.find(|it| it.field == name).unwrap()
}

#[test]
fn an_unmarked_author_and_date_are_reported_with_the_words_that_gave_them_away() {
    let page = "<h1>Limes for the quay</h1><div>By Ada Quill</div><div>Published: 3 May 2026</div>";
    let explanation = explain(&format!("{page}<p>{FIRST}</p>"), &SiteRules::default());
    let authors = field(&explanation, "authors");
    assert_eq!(authors.value.as_deref(), Some("Ada Quill"));
    let source = authors.source.as_deref();
    assert_eq!(source, Some("line that begins with 'By'"));
    let published = field(&explanation, "published");
    assert_eq!(published.value.as_deref(), Some("2026-05-03"));
    let source = published.source.as_deref();
    assert_eq!(source, Some("line that says 'published'"));
}

#[test]
fn a_detected_language_is_reported_as_the_text_s() {
    let silent = format!("<h1>Limes for the quay</h1><p>{FIRST}</p><p>{SECOND}</p>");
    let explanation = explain(&silent, &SiteRules::default());
    let language = field(&explanation, "language");
    assert_eq!(language.value, explanation.extraction.article.language);
    assert_eq!(language.source.as_deref(), Some("the text"));
    let wrong = format!("<html lang=de>{silent}");
    let explanation = explain(&wrong, &SiteRules::default());
    let language = field(&explanation, "language");
    assert_eq!(language.value.as_deref(), Some("en"));
    assert_eq!(language.rejected[0].source, "<html lang>");
}

#[test]
fn access_is_reported_with_its_source() {
    let paid = "<meta property=article:content_tier content=locked>";
    let explanation = explain(&format!("{paid}<p>{FIRST}</p>"), &SiteRules::default());
    let access = field(&explanation, "access");
    assert_eq!(access.value.as_deref(), Some("paywalled"));
    let source = access.source.as_deref();
    assert_eq!(source, Some("meta article:content_tier"));
}

#[test]
fn opt_outs_are_reported_with_their_sources_where_there_are_any() {
    let page = format!("<meta name=robots content='index, noai'><p>{FIRST}</p>");
    let input = Input {
        bytes: page.as_bytes(),
        tdm_reservation: Some("1"),
        ..Input::default()
    };
    let explanation = Extractor::default().explain(&input, &SiteRules::default());
    let of = |name: &str| {
        let field = field(&explanation, name);
        let parts = (field.value.as_deref(), field.source.as_deref());
        format!("{} from {}", parts.0.unwrap(), parts.1.unwrap())
    };
    assert_eq!(of("rights.robots_meta"), "index, noai from meta robots");
    assert_eq!(of("rights.ai_policy"), "noai from meta robots");
    let reserved = "1 from header TDM-Reservation";
    assert_eq!(of("rights.tdm_reservation"), reserved);
    let silent = explain(&format!("<p>{FIRST}</p>"), &SiteRules::default());
    assert!(
        silent
            .fields
            .iter()
            .all(|it| !it.field.starts_with("rights"))
    );
}

#[test]
fn a_verdict_states_its_reason() {
    let why = |page: &str| {
        explain(page, &SiteRules::default())
            .extraction
            .why
            .to_string()
    };
    let article = why(&format!(
        "<h1>Limes</h1><p>{FIRST}</p><p>{SECOND}</p><p>{THIRD}</p>"
    ));
    assert!(article.starts_with("it has an article's text"), "{article}");
    assert_eq!(why(""), "there is no text");
    let few = why("<p>The ferry put to sea again on a fine morning.</p>");
    assert!(few.ends_with("an article needs 60"), "{few}");
}

/// There is one path: whatever is explained is what was decided.
#[test]
fn explaining_a_page_changes_nothing_of_it() {
    let mut pages = 0;
    for site in fs::read_dir("fixtures/newsroom").unwrap() {
        for file in fs::read_dir(site.unwrap().path()).unwrap() {
            let path = file.unwrap().path();
            if path.extension().is_none_or(|it| it != "html") {
                continue;
            }
            let bytes = fs::read(&path).unwrap();
            let input = Input::new(&bytes);
            let options = Options {
                blocks: true,
                ..Options::default()
            };
            let extractor = Extractor::new(options);
            let explanation = extractor.explain(&input, &SiteRules::default());
            assert_eq!(
                explanation.extraction,
                extractor.extract(&input),
                "{path:?}"
            );
            let blocks = explanation.extraction.article.blocks.unwrap();
            for (block, explained) in blocks.iter().zip(&explanation.blocks) {
                assert_eq!(block.dropped.is_none(), explained.kept, "{explained:?}");
                let dropped = (!explained.kept).then_some(&explained.why.reason);
                assert_eq!(block.dropped.as_ref(), dropped);
            }
            pages += 1;
        }
    }
    assert!(pages >= 20);
}

/// Twelve paragraphs of our own, as an agency's story runs on: short and long, with quotes.
const STORY: [&str; 12] = [
    "The river council praised its “steadily growing” friendship with the upper towns in a notice \
     pinned up on Thursday, on the day on which the charter of the locks was signed eighteen years ago.",
    "In a long notice read out at the toll house, the council said that its chair valued the towns \
     and showed “great interest” in more traffic.",
    "Noting that the year was the seventieth since the first lock opened, the notice went on that it \
     was the council’s aim to deepen ties in a way that met the “demands of the season.”",
    "The notice did not say what those demands were, but held that the prospects were “bright.”",
    "Thursday was eighteen years to the day since the charter was signed on the bridge by the old \
     chair and the mayor of the upper town.",
    "On his first visit to the lower towns the mayor had met the chair, and the two had agreed to keep \
     the locks open in every season. They also agreed that neither would sign with a third town any \
     paper that lessened the other’s right to the water, and to build up trade, the mills and the \
     schools on both banks.",
    "The notice came as the council reached out to its oldest neighbours while talks with the sea port \
     went on. People on the quay see in it a move to win grain, credit and, above all, standing.",
    "The port’s master, Ansel Brook, visited the toll house on 31 May and met the chair, two weeks \
     before she was to speak with the head of the sea port on the island.",
    "At a recent meeting of the master and the council’s clerk, Rhea Holm, the notice said without \
     naming a day, both held “deep talks” on how to come to “results that can be touched” this year.",
    "The master’s deputy led a party to the toll house on Wednesday to see the clerks of the council, \
     though nobody would say what they were to talk about or whether they hoped to meet the chair.",
    "One matter may be whether the chair will come to the fair of the eastern towns, which runs for \
     three days from 11 September.",
    "The guild confirmed that its own head was asked to the fair but would not say whether a meeting of \
     the three was in the making.",
];

/// The layout of an old paper whose article cell holds a crumb trail, its headline twice, tools and
/// a comment widget.
fn old_layout() -> String {
    let path = "fixtures/newsroom/daily-lantern.example/kim-festival.html";
    let bytes = fs::read(path).unwrap();
    let page = String::from_utf8_lossy(&bytes).into_owned();
    let start = page.find("<font face=\"Georgia\">").unwrap();
    let end = start + page[start..].find("</font>").unwrap();
    let story = STORY.join("<br><br>\n");
    format!(
        "{}<font face=\"Georgia\">{story}{}",
        &page[..start],
        &page[end..]
    )
    .replace("charset=windows-1252", "charset=utf-8")
}

#[test]
fn an_old_layout_gives_its_twelve_paragraphs_and_a_cause_for_every_line_that_is_none() {
    let explanation = explain(&old_layout(), &SiteRules::default());
    let article = &explanation.extraction.article;
    let title = "Lantern festival to return to the old river market";
    assert_eq!(article.title.as_deref(), Some(title));
    assert_eq!(article.text, STORY.join("\n\n"));
    for (start, cause, reason) in [
        ("Home > National", Cause::Links, "mostly links"),
        (
            "print dictionary print",
            Cause::Rule,
            "rule print-and-tools (share)",
        ),
        (title, Cause::Field, "headline"),
        ("2026-11-12", Cause::Rule, "rule dates (byline)"),
        (
            "Log in to Twitter",
            Cause::Rule,
            "rule comment-services (comments)",
        ),
        (
            "Social comment?",
            Cause::Rule,
            "rule comment-services (comments)",
        ),
        ("lock icon", Cause::Rule, "rule comment-services (comments)"),
        (
            "To write comments",
            Cause::Rule,
            "rule comment-services (comments)",
        ),
        (
            "Standards Board Policy",
            Cause::Rule,
            "rule comment-services (comments)",
        ),
    ] {
        let block = why(&explanation, start);
        assert!(!block.kept);
        assert_eq!(
            (block.why.cause, block.why.reason.as_str()),
            (cause, reason),
            "{start}"
        );
    }
}

/// The same lines with no name that gives them away: their words do.
#[test]
fn an_old_layout_without_telling_names_gives_the_same() {
    let bare = old_layout()
        .replace(" id=\"socialcomment\"", "")
        .replace(" class=\"article-tools\"", "")
        .replace(" class=\"path\"", "");
    let explanation = explain(&bare, &SiteRules::default());
    assert_eq!(explanation.extraction.article.text, STORY.join("\n\n"));
}

/// Names that only hold the letters of a service's: `sticky` (`cky-`), `trusted`, `coral-reefs`.
#[test]
fn names_that_sound_like_a_service_are_left_to_the_scorer() {
    let html = page().replace(
        &format!("<p>{THIRD}</p>"),
        &format!(
            "<h3 class=sticky-heading>Whose bell?</h3><p>{THIRD}</p>\
             <h3 id=trusted-gardeners>By trusted hands</h3><p>{SECOND} Twice.</p>\
             <h3 id=coral-reefs>Coral and limes</h3><p>{THIRD} Twice.</p>"
        ),
    );
    let explanation = explain(&html, &SiteRules::default());
    for start in ["Whose bell", "By trusted", "Coral and"] {
        let block = why(&explanation, start);
        assert!(!block.features.is_empty(), "{start}: {}", block.why.reason);
    }
}
