//! The Markdown and the HTML of any page, rendered: nothing in them is active.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use newsprint::extract::Extractor;
use newsprint::page::Input;
use pulldown_cmark::{Event, Parser, Tag};

/// The tags that Markdown has no marks for.
const TAGS: [&str; 7] = ["<br>", "<sup>", "</sup>", "<sub>", "</sub>", "<code>", "</code>"];

fn is_active(address: &str) -> bool {
    let address: String = address.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect();
    let address = address.to_ascii_lowercase();
    ["javascript:", "vbscript:", "data:"].iter().any(|scheme| address.starts_with(scheme))
}

static EXTRACTOR: LazyLock<Extractor> =
    LazyLock::new(|| Extractor::builder().markdown(true).html(true).any_kind(true).build());

fuzz_target!(|bytes: &[u8]| {
    let article = EXTRACTOR.extract(&Input::new(bytes)).article;
    for event in Parser::new(&article.markdown.unwrap_or_default()) {
        match event {
            Event::Html(html) | Event::InlineHtml(html) => {
                assert!(TAGS.contains(&html.trim()), "HTML in Markdown: {html}");
            }
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                assert!(!is_active(&dest_url), "{dest_url}");
            }
            _ => {}
        }
    }
    let is_control = |c: char| c.is_control() && !matches!(c, '\n' | '\t');
    assert!(!article.text.contains(is_control), "{:?}", article.text);
});
