//! The words of a sentence: none is torn out because of the name of an element in it, none that readers do
//! not see comes in, and none is glued to its neighbour.

use newsprint::extract::Extractor;
use newsprint::page::Input;
use proptest::prelude::*;

const FIRST: &str = "The council voted on Tuesday to plant two hundred limes along the quay, ending a \
    quarrel that had lasted, by the mayor's count, for nine years and four elections.";
const LAST: &str = "The old poplars, which lost three limbs in the storm of January, will be felled one by \
    one so that the herons, who nest in them, can move at their own pace.";

const ONE: &str = "Planting will begin in March, the parks office said, and the first benches are to stand in \
    the shade of the trees before the end of the summer after next.";
const TWO: &str = "Anglers asked for a gap between the third tree and the fourth, where the perch gather in \
    the evening, and the gardeners have promised to leave them one.";
const THREE: &str = "Nobody has counted the letters that came in, but the clerk filled two baskets with them \
    and carried both up the stairs herself on the day of the vote.";
const FOUR: &str = "What becomes of the benches of iron that stand there now is not settled yet; a school in \
    the old town would like to have them for its yard.";

fn extract(html: &str) -> (String, String) {
    let extractor = Extractor::builder().any_kind(true).markdown(true).build();
    let article = extractor.extract(&Input::new(html.as_bytes())).article;
    (article.text, article.markdown.unwrap_or_default())
}

fn page(head: &str, body: &str) -> String {
    format!(
        "<!doctype html><html lang=en><head><title>Limes for the quay</title>\
         <meta property=og:type content=article>{head}</head><body><article><h1>Limes for the quay</h1>\
         <p>{FIRST}</p>{body}<p>{LAST}</p></article></body></html>"
    )
}

/// The text between the first and the last paragraph.
fn between(html: &str) -> String {
    let (text, _) = extract(html);
    let middle = text
        .strip_prefix(FIRST)
        .and_then(|it| it.strip_suffix(LAST));
    assert!(middle.is_some(), "{text}");
    middle.unwrap_or_default().trim().to_owned()
}

fn shown(body: &str) -> String {
    between(&page("", body))
}

#[test]
fn no_name_of_an_element_takes_words_out_of_a_sentence() {
    for tag in [
        "a class=inline-link href=/x",
        "a class=related-link href=/x",
        "a class=ad-link href=/x",
        "a rel=author href=/x",
        "a class='affiliate sponsored' href=/x",
        "time datetime=2026-06-04",
        "span class=tooltip",
        "span class=tag",
        "span class=share",
        "span class=author",
        "span class=comment",
        "b class=promo",
        "em class=caption",
        "span class=credit",
        "button class=glossary",
        "label",
        "span aria-hidden=true",
    ] {
        let name = tag.split(' ').next().unwrap();
        let body = format!(
            "<p>Both drawings of the quay hang in the library until <{tag}>early summer</{name}>, when the \
             meeting of the council is held.</p>"
        );
        assert_eq!(
            shown(&body),
            "Both drawings of the quay hang in the library until early summer, when the meeting of the \
             council is held.",
            "{tag}"
        );
    }
}

#[test]
fn marked_words_stay_at_both_ends_of_a_paragraph() {
    for (start, end) in [
        ("<a class=inline-link href=/x>", "</a>"),
        ("<span class=author>", "</span>"),
    ] {
        let body = format!(
            "<p>{start}Ilse Varga{end} has kept the lock for nineteen years and lives in the brick house \
             near the {start}weir{end}.</p><p>She said that the last word of the town on the trees was a \
             {start}reprieve{end}</p>"
        );
        let expected = "Ilse Varga has kept the lock for nineteen years and lives in the brick house near \
            the weir.\n\nShe said that the last word of the town on the trees was a reprieve";
        assert_eq!(shown(&body), expected);
    }
}

#[test]
fn what_stands_alone_in_a_line_is_judged_by_its_name() {
    for line in [
        "<a class=share href=/s>Share</a> <a class=share href=/t>Tweet</a>",
        "<a class=share-link href=/s>Share</a> <a class=share-link href=/m>Mail</a> <a class=share-link \
         href=/p>Print</a>",
    ] {
        assert_eq!(shown(&format!("<p>{line}</p><p>{ONE}</p>")), ONE, "{line}");
    }
}

#[test]
fn text_that_only_screen_readers_read_goes() {
    let styles = [
        "style='border:0;clip:rect(0 0 0 0);height:1px;overflow:hidden;position:absolute'",
        "style='position:absolute;left:-9999px'",
        "style='clip-path:inset(50%);position:absolute'",
        "style='display:inline-block;text-indent:-9999px'",
        "style=font-size:0",
        "style=opacity:0",
        "style=visibility:hidden",
        "hidden",
        "class=sr-only",
        "class=sr_only",
        "class=srOnly",
        "class=a11y-hidden",
        "class=govuk-visually-hidden",
        "class=u-visually-hidden",
        "class=VisuallyHidden-sc-1abc",
        "class=css-9f3k-VisuallyHidden",
        "class=element-invisible",
        "class='show-for-sr'",
    ];
    for style in styles {
        let body = format!(
            "<p>The river authority <a href=/x>said on Monday<span {style}>, opens new tab</span></a> that \
             it had set aside money (for the limes <i {style}>ghost</i>) and for benches <b {style}>ghost</b>.</p>"
        );
        let expected = "The river authority said on Monday that it had set aside money (for the limes) and \
            for benches.";
        assert_eq!(shown(&body), expected, "{style}");
    }
}

#[test]
fn the_page_s_own_style_sheet_says_what_is_hidden() {
    let body = "<p>The river authority said on Monday<span class=q7x>, opens new tab</span> that it had set \
        aside money for the limes and for the benches.</p>";
    let expected = "The river authority said on Monday that it had set aside money for the limes and for \
        the benches.";
    for rule in [
        ".q7x{clip:rect(0 0 0 0);position:absolute}",
        "p{color:red}\n.k, .q7x { position: absolute; left: -9999px }",
    ] {
        assert_eq!(
            between(&page(&format!("<style>{rule}</style>"), body)),
            expected
        );
    }
    let kept = between(&page("<style>.q7x{color:red}</style>", body));
    assert!(kept.contains("opens new tab"), "{kept}");
}

#[test]
fn a_drop_cap_with_a_twin_gives_one_whole_word() {
    let rest =
        "crews of the island ferries went back to work on Wednesday after the company agreed.";
    for cap in [
        "<span class=cap aria-hidden=true>T</span><span class=sr-only>T</span>he",
        "<span aria-hidden=true>T</span><span class=sr-only>The</span>",
        "<span class=sr-only>The</span><span aria-hidden=true>T</span><span aria-hidden=true>he</span>",
        "<span class=dropcap aria-hidden=true><b>T</b></span><span aria-hidden=true>he</span><span \
         class=visually-hidden>The</span>",
        "<span class=drop-cap>T</span>he",
    ] {
        assert_eq!(
            shown(&format!("<p>{cap} {rest}</p>")),
            format!("The {rest}"),
            "{cap}"
        );
    }
}

#[test]
fn of_two_forms_of_a_formula_one_is_printed() {
    let math = "<math><semantics><mrow><mi>F</mi><mo>=</mo><mi>m</mi><mi>a</mi></mrow><annotation \
        encoding=application/x-tex>F = m a</annotation></semantics></math>";
    for formula in [
        format!(
            "<span class=katex><span class=katex-mathml>{math}</span><span class=katex-html \
                 aria-hidden=true><span>F</span><span>=</span><span>ma</span></span></span>"
        ),
        format!(
            "<mjx-container><mjx-math aria-hidden=true>F=ma</mjx-math><mjx-assistive-mml>{math}\
                 </mjx-assistive-mml></mjx-container>"
        ),
        format!(
            "<span class=MathJax_Preview>F=ma</span><span class=MathJax><nobr aria-hidden=true>F=ma\
                 </nobr><span class=MJX_Assistive_MathML>{math}</span></span>"
        ),
        math.to_owned(),
    ] {
        let body = format!(
            "<p>In this book the force {formula} is what every lock keeper knows by heart.</p>"
        );
        let expected = "In this book the force F=ma is what every lock keeper knows by heart.";
        assert_eq!(shown(&body), expected, "{formula}");
    }
}

#[test]
fn signs_of_links_to_headings_and_icons_are_no_words() {
    for sign in [
        "<a class=anchor href=#next aria-hidden=true>#</a>",
        "<a href=#next>¶</a>",
        "<a class=headerlink href=#next>Permalink</a>",
        "<span class=mw-editsection>[<a href=/edit>edit</a>]</span>",
        "<button>Copy link</button>",
    ] {
        let body = format!("<h2 id=next>What comes next {sign}</h2><p>{FIRST} So it was.</p>");
        assert_eq!(
            shown(&body),
            format!("What comes next\n\n{FIRST} So it was."),
            "{sign}"
        );
    }
    let body = "<p>The river authority said on <a href=https://e.example>Monday<span aria-hidden=true>↗</span>\
        </a> that it had set money aside. <a href=#ref1>↩</a></p>";
    assert_eq!(
        shown(body),
        "The river authority said on Monday that it had set money aside."
    );
}

#[test]
fn an_anchor_that_is_never_closed_is_no_link() {
    for open in ["<a name=top>", "<a id=top class=anchor>"] {
        assert_eq!(
            shown(&format!("{open}<p>{ONE}</p><p>{TWO}</p>")),
            format!("{ONE}\n\n{TWO}")
        );
    }
    let paragraphs = format!("<p>{ONE}</p><p>{TWO}</p><p>{THREE}</p><p>{FOUR}</p>");
    let expected = paragraphs
        .replace("</p><p>", "\n\n")
        .replace("<p>", "")
        .replace("</p>", "");
    assert_eq!(shown(&format!("<a href=/quay>{paragraphs}</a>")), expected);
    assert_eq!(
        shown(&format!("<div><a href=/quay>{paragraphs}</div>")),
        expected
    );
}

#[test]
fn a_heading_that_is_never_closed_makes_no_headlines() {
    let paragraphs = [FIRST, LAST, FIRST, LAST].map(|it| format!("{it} And on."));
    for (open, separator) in [
        ("<h1>Quay", "<p>"),
        ("<h2>Quay", "<p>"),
        ("<h2>Quay", "<br><br>"),
    ] {
        let html = format!(
            "<html lang=en><title>Limes for the quay</title><body><div>{open}{separator}{}</div></body></html>",
            paragraphs.join(separator)
        );
        let (text, markdown) = extract(&html);
        for paragraph in &paragraphs[..2] {
            assert!(text.contains(paragraph), "{open} {separator}: {text}");
        }
        assert!(!markdown.contains(&format!("# {FIRST}")), "{markdown}");
    }
}

#[test]
fn type_of_the_whole_page_is_no_emphasis() {
    let paragraphs = [FIRST, LAST]
        .map(|it| format!("<p>{it} And so on.</p>"))
        .concat();
    for tag in ["b", "em"] {
        let html = format!(
            "<html lang=en><title>Limes for the quay</title><body><article><h1>Limes for the quay</h1>\
             <{tag}>{paragraphs}{}</article></body></html>",
            paragraphs.replace("And so on", "That is all")
        );
        let (_, markdown) = extract(&html);
        assert!(
            markdown.contains(FIRST) && !markdown.contains('*'),
            "{tag}: {markdown}"
        );
    }
}

#[test]
fn titles_and_lists_of_choices_are_not_printed() {
    let body = "<title>Old title</title><p>The drawings hang in the library <select><option>May<option>June\
        </select> until the meeting of the council is held in summer.</p>";
    let expected =
        "The drawings hang in the library until the meeting of the council is held in summer.";
    assert_eq!(shown(body), expected);
}

#[test]
fn elements_that_style_lays_out_as_blocks_are_paragraphs() {
    let (one, two) = (ONE, TWO);
    for tag in [
        "span class=block",
        "span class=d-block",
        "span style=display:block",
        "span style='display: flex'",
        "span",
        "x-paragraph",
        "story-p class=p",
    ] {
        let name = tag.split(' ').next().unwrap();
        let body = format!("<div><{tag}>{one}</{name}><{tag}>{two}</{name}></div>");
        assert_eq!(shown(&body), format!("{one}\n\n{two}"), "{tag}");
    }
}

#[test]
fn a_class_name_of_blocks_parts_no_sentence() {
    for class in ["block", "d-block"] {
        let body = format!(
            "<div>The drawings of the quay hang in the library until <span class={class}>the meeting</span> of \
             the council is held in summer.</div>"
        );
        let expected = "The drawings of the quay hang in the library until the meeting of the council is \
            held in summer.";
        assert_eq!(shown(&body), expected, "{class}");
    }
}

#[test]
fn a_division_in_a_line_stays_in_its_line() {
    let body = "<div>The drawings hang in the library <div style=display:inline>until the meeting</div> of \
        the council is held in summer, the clerk said.</div>";
    let expected = "The drawings hang in the library until the meeting of the council is held in summer, \
        the clerk said.";
    assert_eq!(shown(body), expected);
}

#[test]
fn texts_that_only_style_separates_are_separated() {
    let body = "<p><span>They sat on chairs.</span><span>Astronomers had expected a dozen visitors that \
        night.</span> H<sub>2</sub>O, <b>T</b>he, <span>chair</span>s, i<b>Phone</b>.</p>";
    let expected = "They sat on chairs. Astronomers had expected a dozen visitors that night. H2O, The, \
        chairs, iPhone.";
    assert_eq!(shown(body), expected);
    let (_, markdown) = extract(&page("", body));
    assert!(markdown.contains("chairs. Astronomers"), "{markdown}");
}

/// Elements, and whether readers see them.
const INLINE: [(&str, bool); 16] = [
    ("span", true),
    ("b class=tag", true),
    ("a href=/x class=related-link", true),
    ("a href=/x class=share-link", true),
    ("time", true),
    ("span class=author", true),
    ("i class=ad-link", true),
    ("span class=tooltip", true),
    ("em class=comment-count", true),
    ("a rel=author href=/y", true),
    ("span class='btn-x promo newsletter'", true),
    ("span aria-hidden=true", true),
    ("span class=sr-only", false),
    ("span hidden", false),
    ("b style=display:none", false),
    ("span class=VisuallyHidden-x", false),
];

fn word(number: usize) -> String {
    const LETTERS: [&str; 10] = ["ka", "lo", "mi", "nu", "re", "sa", "ti", "vo", "xe", "zu"];
    number
        .to_string()
        .bytes()
        .map(|digit| LETTERS[usize::from(digit - b'0')])
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 64,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn every_word_that_readers_see_in_a_paragraph_is_in_the_text_once(
        elements in proptest::collection::vec((0..INLINE.len(), 1usize..4), 1..8),
    ) {
        let (mut html, mut plain, mut number) = (String::new(), Vec::new(), 100);
        for (kind, count) in elements {
            let (tag, is_shown) = INLINE[kind];
            let name = tag.split(' ').next().unwrap();
            let words: Vec<String> = (number..number + count).map(word).collect();
            let free = word(number + count);
            number += count + 1;
            html.push_str(&format!("<{tag}>{}</{name}> {free} ", words.join(" ")));
            if is_shown {
                plain.extend(words);
            }
            plain.push(free);
        }
        let end = "so that in the end of it all the herons of the quay could move at their own pace.";
        let body = format!("<p>On the quay {html}{end}</p>");
        prop_assert_eq!(shown(&body), format!("On the quay {} {}", plain.join(" "), end));
    }

    #[test]
    fn a_class_on_an_inline_element_changes_no_word(
        class in proptest::sample::select(&["share", "related", "tag", "author", "comment", "date", "promo",
            "ad-link", "tooltip", "caption", "credit", "newsletter", "btn", "nav", "footer", "popup"][..]),
        at in 0usize..12, length in 1usize..4,
    ) {
        let words: Vec<&str> = FIRST.split(' ').collect();
        let line = |class: &str| {
            let inner = words[at..at + length].join(" ");
            let (before, after) = (words[..at].join(" "), words[at + length..].join(" "));
            page("", &format!("<p>{before} <span{class}>{inner}</span> {after} So it was.</p>"))
        };
        prop_assert_eq!(extract(&line("")).0, extract(&line(&format!(" class={class}"))).0);
    }
}

#[test]
fn an_article_in_an_element_that_is_called_a_menu_is_kept() {
    let links: String = (0..40)
        .map(|it| {
            format!(
                "<li><a href=/n/{it}>The council votes on tree number {it} of the quay</a></li>"
            )
        })
        .collect();
    let body = format!("<p>{ONE}</p><p>{TWO}</p><p>{THREE}</p>");
    let expected = format!("{ONE}\n\n{TWO}\n\n{THREE}");
    for wrapper in ["div class=nav", "nav", "div role=navigation"] {
        let name = wrapper.split(' ').next().unwrap();
        let html = format!(
            "<html lang=en><title>Limes for the quay</title><body><{wrapper}><h1>Limes for the quay</h1>{body}\
             </{name}><div class=more><ul>{links}</ul></div></body></html>"
        );
        assert_eq!(extract(&html).0, expected, "{wrapper}");
    }
}
