//! Which node is the page's article, and how its values are read.

use super::*;

fn read(blocks: &[&str], page: &PageNames) -> LinkedData {
    super::read(blocks, page, &Limits::DEFAULT)
}

fn of(block: &str) -> LinkedData {
    read(&[block], &PageNames::default())
}

#[test]
fn an_article_is_found_in_a_graph_with_its_author_by_reference() {
    let data = of(r##"{"@context": "https://schema.org", "@graph": [
        {"@type": "WebSite", "name": "The Daily Ferry"},
        {"@type": "WebPage", "datePublished": "2023-12-01", "breadcrumb": {"@id": "#way"}},
        {"@type": ["Article", "NewsArticle"], "headline": "Ferry returns",
         "author": {"@id": "#ada"}, "datePublished": "2023-12-22T10:15:00Z",
         "keywords": ["ships", "night"], "isAccessibleForFree": "False"},
        {"@type": "Person", "@id": "#ada", "name": "Ada Quill"},
        {"@type": "BreadcrumbList", "@id": "#way", "itemListElement": [
            {"position": 1, "name": "Home"}, {"position": 2, "item": {"name": "Sea"}}]}
    ]}"##);
    assert_eq!(data.headline.as_deref(), Some("Ferry returns"));
    assert_eq!(data.authors, ["Ada Quill"]);
    assert_eq!(data.published.as_deref(), Some("2023-12-22T10:15:00Z"));
    assert_eq!(data.page_published.as_deref(), Some("2023-12-01"));
    assert_eq!(data.publisher.as_deref(), Some("The Daily Ferry"));
    assert_eq!(data.tags, ["ships", "night"]);
    assert_eq!(data.access, Some(Access::Paywalled));
    assert_eq!(data.breadcrumbs, ["Home", "Sea"]);
    assert_eq!(data.kind, Some(Kind::Article));
}

#[test]
fn of_several_articles_the_one_that_names_the_page_is_taken() {
    let block = r#"[{"@type": "NewsArticle", "headline": "Another", "url": "https://a.example/x"},
        {"@type": "NewsArticle", "headline": "Ours", "mainEntityOfPage": {"@id": "https://www.a.example/y/?u=1"}},
        {"@type": "NewsArticle", "headline": "A third", "url": "https://a.example/z"}]"#;
    let page = PageNames {
        urls: vec![url_key("https://a.example/y")],
        titles: Vec::new(),
    };
    assert_eq!(read(&[block], &page).headline.as_deref(), Some("Ours"));
    assert_eq!(
        of(block).headline,
        None,
        "a list of articles that are not this page's"
    );
}

#[test]
fn a_video_is_the_page_s_subject_only_where_it_names_the_page() {
    let video = r#"{"@type": "VideoObject", "name": "The ferry at night"}"#;
    let titles = vec!["the ferry at night".to_owned()];
    let page = PageNames {
        urls: Vec::new(),
        titles,
    };
    assert_eq!(read(&[video], &page).kind, Some(Kind::Video));
    assert_eq!(of(video).kind, None);
    let article = r#"{"@type": "NewsArticle", "headline": "Ferry returns"}"#;
    assert_eq!(read(&[video, article], &page).kind, Some(Kind::Article));
}

#[test]
fn lists_of_articles_are_declared_by_their_type() {
    assert_eq!(of(r#"{"@type": "CollectionPage"}"#).kind, Some(Kind::Index));
    assert_eq!(
        of(r#"{"@type": "LiveBlogPosting"}"#).kind,
        Some(Kind::LiveBlog)
    );
    assert_eq!(of(r#"{"@type": "WebPage"}"#).kind, None);
}

#[test]
fn blocks_past_the_limits_are_passed_over() {
    let large = format!(
        r#"{{"@type": "Article", "headline": "{}"}}"#,
        "x".repeat(Limits::DEFAULT.json_ld_bytes)
    );
    assert_eq!(of(&large), LinkedData::default());
    let many = vec!["{}"; Limits::DEFAULT.json_ld_blocks];
    let last = r#"{"@type": "Article", "headline": "Late"}"#;
    let blocks: Vec<&str> = many.into_iter().chain([last]).collect();
    assert_eq!(read(&blocks, &PageNames::default()).headline, None);
}

#[test]
fn odd_values_are_read_as_far_as_they_make_sense() {
    let data = of(
        r#"{"@type": "http://schema.org/Article", "headline": ["One"], "author": [
        "Ada Quill", {"name": ["Ben Harrow"]}, {"givenName": "Cy", "familyName": "Moss"}, 7, null],
        "image": [{"@type": "ImageObject", "contentUrl": "/a.jpg"}], "datePublished": 1703240130,
        "articleSection": ["Sea", "Land"], "keywords": "ships, night"}"#,
    );
    assert_eq!(data.headline.as_deref(), Some("One"));
    assert_eq!(data.authors, ["Ada Quill", "Ben Harrow", "Cy Moss"]);
    assert_eq!(data.images, ["/a.jpg"]);
    assert_eq!(data.published.as_deref(), Some("1703240130"));
    assert_eq!(data.section.as_deref(), Some("Sea"));
}

#[test]
fn who_may_read_the_parts_is_who_may_read_the_article() {
    let parts = |article: &str| of(article).access_of_parts;
    for paid in [
        r#"{"@type": "NewsArticle", "hasPart": {"@type": "WebPageElement", "isAccessibleForFree": "False"}}"#,
        r#"{"@type": "NewsArticle", "hasPart": [{"isAccessibleForFree": true}, {"isAccessibleForFree": [false]}]}"#,
        r##"{"@graph": [{"@type": "Article", "hasPart": {"@id": "#b"}},
            {"@type": "WebPageElement", "@id": "#b", "isAccessibleForFree": "http://schema.org/False"}]}"##,
        r#"{"@graph": [{"@type": "Article", "headline": "x"},
            {"@type": "WebPage", "hasPart": {"@type": ["WebPageElement"], "isAccessibleForFree": "no"}}]}"#,
    ] {
        assert_eq!(parts(paid), Some(Access::Paywalled), "{paid}");
    }
    let free = r#"{"@type": "Article", "hasPart": [{"isAccessibleForFree": "True", "cssSelector": ".a"}]}"#;
    assert_eq!(parts(free), Some(Access::Free));
    let metered = r#"{"@type": "Article", "hasPart": [{"isAccessibleForFree": "Metered"}]}"#;
    assert_eq!(parts(metered), Some(Access::Metered));
    let others = r#"{"@type": "Article", "hasPart": [{"@type": "NewsArticle", "isAccessibleForFree": false}, 7]}"#;
    assert_eq!(parts(others), None);
}

/// A list of `count` people, and an article after them.
fn large_graph(count: usize, article: &str) -> String {
    let people = (0..count).map(|at| {
        let next = (at + 1) % count;
        format!(r##"{{"@type": "Person", "@id": "#{at}", "name": {{"@id": "#{next}"}}, "knows": {{"@id": "#{next}"}}}},"##)
    });
    format!(
        r#"{{"@graph": [{} {article}]}}"#,
        people.collect::<String>()
    )
}

#[test]
fn an_article_is_found_behind_ten_thousand_nodes_and_references_in_circles_end() {
    let article = r##"{"@type": "NewsArticle", "@id": "#a", "headline": "Ferry returns", "author": {"@id": "#7"},
        "publisher": {"@id": "#a"}, "image": {"@id": "#a"}, "hasPart": {"@id": "#a"}, "mainEntityOfPage": {"@id": "#a"}}"##;
    let data = of(&large_graph(10_000, article));
    assert_eq!(data.headline.as_deref(), Some("Ferry returns"));
    assert!(data.images.is_empty());
    assert_eq!(data.authors.len(), 1, "a reference is followed once");
}

#[test]
fn a_graph_in_a_graph_is_read_to_a_depth_that_no_page_needs() {
    let nested = |depth: usize| {
        let open = r#"{"@graph": [{"@type": "Thing"}, "#.repeat(depth);
        let article = r#"{"@type": "Article", "headline": "Inside"}"#;
        let outer = r#"{"@type": "Article", "headline": "Outside"}"#;
        format!("[{open}{article}{}, {outer}]", "]}".repeat(depth))
    };
    assert_eq!(of(&nested(20)).headline.as_deref(), Some("Inside"));
    assert_eq!(of(&nested(10_000)).headline.as_deref(), Some("Outside"));
    let cut = r#"{"@graph": [{"@type": "Article", "headline": "Cut"}, "#.repeat(10_000);
    assert_eq!(
        of(&cut).headline,
        None,
        "many articles, none of them this page's"
    );
}
