//! Authors of whole pages: which of several sources names them, and which lines name nobody.

use super::*;

const TEXT: &str = "<p>The ferry sailed at six with forty crates of milk.";

fn authors(body: &str) -> Vec<String> {
    fields(&format!("{HEADLINE}{body}{TEXT}")).authors
}

fn linked(author: &str) -> String {
    format!(
        r#"<script type="application/ld+json">{{"@type": "NewsArticle",
           "headline": "Night ferry sails again", "author": {author}}}</script>"#
    )
}

#[test]
fn prose_that_goes_on_with_by_names_nobody() {
    for line in [
        "<p>The plan was signed <a href=/s>on Monday</a> by Mayor Ada Feld, who keeps two goats.</p>",
        "<p>The quay was <b>opened</b> by Ada Quill, whose mother built it.</p>",
        "<p>Das Haus wurde <i>am Montag</i> von Ada Quill, die zwei Ziegen hält, eröffnet.</p>",
        "<p>Signed on Tuesday by Governor Ben Harrow.</p>",
        "<p>By Monday the river had risen and the old mill was closed.</p>",
        "<p>A novel, <i>The Quay</i>, written by Ada Quill, sold well that year.</p>",
    ] {
        assert_eq!(authors(line), Vec::<String>::new(), "{line}");
    }
}

#[test]
fn a_line_that_begins_with_by_still_names_the_author() {
    for line in [
        "<div class=sc-3>By <a class=sc-4 href=/by/aq>Ada Quill</a></div>",
        "<div><span class=x1>By</span><span class=x2>Ada Quill</span></div>",
        "<p><a href=/n>News</a> | <span>By Ada Quill</span></p>",
        "<p>11 May 2026 by Ada Quill</p>",
        "<div>Submitted by <a href=/users/ada>Ada Quill</a> on Sat, 01/14/2012 - 05:20</div>",
        "<p>Verfasst von: <strong>Ada Quill</strong> | 31. Dezember 2008</p>",
        "<div class=by>By Ada Quill</div>",
        "<p>\n  By\n   Ada   Quill  </p>",
        "<p>Ada Quill | Senior Writer | July 2, 2025</p>",
    ] {
        assert_eq!(authors(line), ["Ada Quill"], "{line}");
    }
}

#[test]
fn a_korean_line_of_name_and_mail_closes_the_article() {
    for line in [
        "<p>홍길동 기자 hong@example.com</p>",
        "<p>홍길동 기자 <a href='mailto:hong@example.com'>hong@example.com</a></p>",
        "<p>홍길동 hong@example.com</p>",
        "<p>배는 여섯 시에 떠났다고 말했다. 홍길동 기자 hong@example.com</p>",
        "<p>한강일보 홍길동 선임기자 (hong@example.com)</p>",
        "<p>/홍길동 기자 hong@example.com</p>",
    ] {
        let page = format!("{HEADLINE}{TEXT}{line}");
        assert_eq!(fields(&page).authors, ["홍길동"], "{line}");
    }
    for line in [
        "<p>문의: 고객센터 help@example.com</p>",
        "<p>홍길동 기자는 말했다</p>",
    ] {
        let page = format!("{HEADLINE}{TEXT}{line}");
        assert_eq!(fields(&page).authors, Vec::<String>::new(), "{line}");
    }
}

#[test]
fn a_reporter_in_brackets_closes_the_article() {
    for (line, author) in [
        ("（田の川支局・岸本まり）", "岸本まり"),
        ("（记者 张小明）", "张小明"),
        ("【岸本まり記者】", "岸本まり"),
    ] {
        let page = format!("{HEADLINE}{TEXT}<p>{line}</p>");
        assert_eq!(fields(&page).authors, [author], "{line}");
    }
    // A heading of a box, and a box beside the reporter's line.
    for (lines, authors) in [
        ("<h3>作者简介</h3>", Vec::new()),
        ("<p>（记者 张小明）</p><h3>记者手记</h3>", vec!["张小明"]),
    ] {
        let page = format!("{HEADLINE}{TEXT}{lines}");
        assert_eq!(fields(&page).authors, authors, "{lines}");
    }
}

#[test]
fn a_line_of_credits_under_the_headline_needs_no_mark_of_a_byline() {
    for (line, author) in [
        ("Text Ada Quill Foto Ben Harrow", "Ada Quill"),
        ("Teksti Ada Quill, kuvat Ben Harrow", "Ada Quill"),
        ("取材・文／岸本まり　写真／田中一", "岸本まり"),
        ("글 홍길동 · 사진 김철수", "홍길동"),
        ("Haber: Ada Quill", "Ada Quill"),
        ("記者：岸本まり", "岸本まり"),
    ] {
        let page = format!("{HEADLINE}<p>{line}</p>{TEXT}");
        assert_eq!(fields(&page).authors, [author], "{line}");
    }
    for line in [
        "Story: a ferry that never sailed",
        "Text and photos of the ferry are welcome",
        "Foto Ben Harrow",
        "Report: Harbour",
    ] {
        let page = format!("{HEADLINE}<p>{line}</p>{TEXT}");
        assert_eq!(fields(&page).authors, Vec::<String>::new(), "{line}");
    }
}

#[test]
fn a_line_of_credits_names_the_writers() {
    for (line, author) in [
        ("<p>来源：清溪日报 作者：林小舟 编辑：钱明</p>", "林小舟"),
        (
            "<p class=byline>Tekst: Ada Quill Foto: Ben Harrow</p>",
            "Ada Quill",
        ),
        (
            "<p class=author>取材・文／岸本まり　写真／田中一</p>",
            "岸本まり",
        ),
    ] {
        assert_eq!(authors(line), [author], "{line}");
    }
    assert_eq!(authors("<p>（责任编辑：钱明）</p>"), Vec::<String>::new());
}

#[test]
fn an_organisation_stands_only_where_no_person_does() {
    let publisher = "<meta name=author content='Condé Nast'>";
    assert_eq!(authors(publisher), ["Condé Nast"]);
    let own = "<meta property=article:author content='Ada Quill'>";
    assert_eq!(authors(&format!("{publisher}{own}")), ["Ada Quill"]);
    let staff = "<meta name=author content='Ledger Staff'>";
    let seen = "<p>By <a rel=author href=/author/ada>Ada Quill</a></p>";
    assert_eq!(authors(&format!("{staff}{seen}")), ["Ada Quill"]);
    let mixed = linked(
        r#"[{"@type": "Organization", "name": "Quay Daily"}, {"@type": "Person", "name": "Ada Quill"}]"#,
    );
    assert_eq!(authors(&mixed), ["Ada Quill"]);
    let korean = format!(
        "<meta name=author content='Hangang News'>{HEADLINE}{TEXT}<p>홍길동 기자 hong@example.com</p>"
    );
    assert_eq!(fields(&korean).authors, ["홍길동"]);
    let agency = linked(r#"{"@type": "Organization", "name": "AFP"}"#);
    assert_eq!(authors(&agency), ["AFP"]);
}

#[test]
fn linked_data_names_authors_in_many_forms() {
    for (author, names) in [
        (
            r#""Ada Quill and Ben Harrow""#,
            vec!["Ada Quill", "Ben Harrow"],
        ),
        (
            r#"[null, {"name": "Ada Quill"}, "Ben Harrow"]"#,
            vec!["Ada Quill", "Ben Harrow"],
        ),
        (
            r#"{"@list": [{"name": "Ada Quill"}, {"name": "Ben Harrow"}]}"#,
            vec!["Ada Quill", "Ben Harrow"],
        ),
        (
            r#"{"@type": "Person", "name": ["Ada Quill", "Ben Harrow"]}"#,
            vec!["Ada Quill", "Ben Harrow"],
        ),
        (
            r#"{"@type": "Role", "author": {"@type": "Person", "name": "Ada Quill"}}"#,
            vec!["Ada Quill"],
        ),
        (
            r#""Ada Quill, translated by Ben Harrow""#,
            vec!["Ada Quill"],
        ),
        (
            r#"{"givenName": "Ada", "familyName": "Quill"}"#,
            vec!["Ada Quill"],
        ),
        ("null", vec![]),
        ("[[[[[[[[\"Ada Quill\"]]]]]]]]", vec![]),
    ] {
        assert_eq!(authors(&linked(author)), names, "{author}");
    }
    let referred = r##"<script type="application/ld+json">{"@graph": [
        {"@type": "NewsArticle", "headline": "Night ferry sails again", "author": {"@id": "#ada"}},
        {"@type": "Person", "@id": "#ada", "name": "Ada Quill"}]}</script>"##;
    assert_eq!(authors(referred), ["Ada Quill"]);
}

#[test]
fn who_uploaded_the_text_gives_way_to_whom_the_page_announces() {
    let uploader = "<meta name=author content='Cy Moss'>";
    let seen = "<p>By <em>Ada Quill</em></p>";
    assert_eq!(authors(&format!("{uploader}{seen}")), ["Ada Quill"]);
    let second_label = "<meta name=twitter:label2 content='Written by'><meta name=twitter:data2 content='Ada Quill'>";
    assert_eq!(authors(second_label), ["Ada Quill"]);
    let first_name = "<meta name=author content='Ada'>";
    assert_eq!(authors(&format!("{first_name}{seen}")), ["Ada Quill"]);
    let other = "<p>By <em>Ada Quill Senior Reporter</em></p>";
    let full = "<meta name=author content='Ada M. Quill'>";
    assert_eq!(authors(&format!("{full}{other}")), ["Ada M. Quill"]);
}

#[test]
fn authors_of_other_stories_are_not_the_article_s() {
    let own = "<div class=byline><a rel=author href=/author/ada>Ada Quill</a> <a href=https://social.example/@ada>@ada</a> / <time>4 days ago</time></div>";
    let river = "<ul class=river><li><h3>Trams</h3><div class=byline><a rel=author href=/author/ben>Ben Harrow</a></div></li><li><h3>Salt</h3><div class=byline><a rel=author href=/author/cy>Cy Moss</a></div></li></ul>";
    let page = format!("{HEADLINE}{own}{}{river}", TEXT.repeat(20));
    assert_eq!(fields(&page).authors, ["Ada Quill"]);
}
