//! One article, as data: the trees of editors and content systems.

use serde_json::{Value, json};

use super::{HEAD, ONE, THREE, TWO};

/// The article in the trees of editors and content systems. A paragraph is in parts, with emphasis and a link.
#[allow(clippy::too_many_lines)] // It is a table.
pub(super) fn trees() -> Vec<(&'static str, Value)> {
    let (start, end) = ONE.split_at(ONE.find("two").unwrap_or(0));
    let (mid, end) = end.split_at("two hundred".len());
    let span = |text: &str| json!({"_type": "span", "text": text, "marks": []});
    let block = |style: &str, text: &str| json!({"_type": "block", "style": style, "children": [span(text)]});
    let bullet = |text: &str| json!({"_type": "block", "style": "normal", "listItem": "bullet", "level": 1, "children": [span(text)]});
    let slate = |kind: &str, text: &str| json!({"type": kind, "children": [{"text": text}]});
    let draft = |kind: &str, text: &str| json!({"key": "a1", "type": kind, "text": text, "depth": 0, "inlineStyleRanges": [], "entityRanges": []});
    let doc =
        |kind: &str, text: &str| json!({"type": kind, "content": [{"type": "text", "text": text}]});
    let rich = |kind: &str, text: &str| json!({"nodeType": kind, "data": {}, "content": [{"nodeType": "text", "value": text, "marks": []}]});
    let lexical = |kind: &str, text: &str| json!({"type": kind, "version": 1, "children": [{"type": "text", "text": text, "format": 0}]});
    let wp = |name: &str, text: &str| json!({"name": name, "attributes": {"content": text}, "innerBlocks": []});
    let prismic = |kind: &str, text: &str| json!({"type": kind, "text": text, "spans": []});
    let dast = |kind: &str, text: &str| json!({"type": kind, "children": [{"type": "span", "value": text}]});
    vec![
        (
            "portable text",
            json!([
            {"_type": "block", "style": "normal", "markDefs": [{"_key": "k1", "_type": "link", "href": "https://a.example/x"}],
             "children": [span(start), {"_type": "span", "text": mid, "marks": ["strong", "k1"]}, span(end)]},
            block("h2", HEAD), {"_type": "image", "asset": {"_ref": "image-1"}, "alt": "The quay"}, block("normal", TWO),
            block("normal", "Nobody objected."), bullet("limes for shade"), bullet("hazels for the birds"), block("blockquote", THREE)]),
        ),
        (
            "slate",
            json!([
            {"type": "paragraph", "children": [{"text": start}, {"type": "link", "url": "https://a.example/x", "children": [{"text": mid, "bold": true}]}, {"text": end}]},
            slate("heading-two", HEAD), slate("paragraph", TWO), slate("paragraph", "Nobody objected."),
            {"type": "bulleted-list", "children": [slate("list-item", "limes for shade"), slate("list-item", "hazels for the birds")]},
            slate("block-quote", THREE)]),
        ),
        (
            "draft",
            json!({"blocks": [
            draft("unstyled", ONE), draft("header-two", HEAD), draft("unstyled", TWO), draft("unstyled", "Nobody objected."),
            draft("unordered-list-item", "limes for shade"), draft("unordered-list-item", "hazels for the birds"),
            draft("atomic", " "), draft("blockquote", THREE)], "entityMap": {}}),
        ),
        (
            "arc",
            json!([
            {"type": "text", "content": format!("{start}<b>{mid}</b>{end}")}, {"type": "header", "level": 2, "content": HEAD},
            {"type": "text", "content": TWO}, {"type": "interstitial_link", "content": "Read also this other story now.", "url": "/x"},
            {"type": "text", "content": "Nobody objected."},
            {"type": "list", "list_type": "unordered", "items": [{"type": "text", "content": "limes for shade"}, {"type": "text", "content": "hazels for the birds"}]},
            {"type": "quote", "content_elements": [{"type": "text", "content": THREE.replace('“', "&ldquo;").replace('”', "&rdquo;")}]}]),
        ),
        (
            "gutenberg",
            json!([
            wp("core/paragraph", &format!("{start}<a href=\"https://a.example/x\">{mid}</a>{end}")), wp("core/heading", HEAD),
            wp("core/paragraph", TWO), wp("core/paragraph", "Nobody objected."),
            {"name": "core/list", "attributes": {}, "innerBlocks": [wp("core/list-item", "limes for shade"), wp("core/list-item", "hazels for the birds")]},
            {"name": "core/quote", "attributes": {}, "innerBlocks": [wp("core/paragraph", THREE)]}]),
        ),
        (
            "gutenberg, parsed",
            json!([
            {"blockName": "core/paragraph", "attrs": {}, "innerBlocks": [], "innerHTML": format!("\n<p>{ONE}</p>\n")},
            {"blockName": "core/heading", "attrs": {}, "innerBlocks": [], "innerHTML": format!("<h2>{HEAD}</h2>")},
            {"blockName": "core/paragraph", "attrs": {}, "innerBlocks": [], "innerHTML": format!("<p>{TWO}</p>")},
            {"blockName": "core/paragraph", "attrs": {}, "innerBlocks": [], "innerHTML": "<p>Nobody objected.</p>"},
            {"blockName": "core/list", "attrs": {}, "innerBlocks": [], "innerHTML": "<ul><li>limes for shade</li><li>hazels for the birds</li></ul>"},
            {"blockName": "core/quote", "attrs": {}, "innerBlocks": [], "innerHTML": format!("<blockquote><p>{THREE}</p></blockquote>")}]),
        ),
        (
            "prosemirror",
            json!({"type": "doc", "content": [
            {"type": "paragraph", "content": [{"type": "text", "text": start}, {"type": "text", "text": mid, "marks": [{"type": "bold"}, {"type": "link", "attrs": {"href": "https://a.example/x"}}]}, {"type": "text", "text": end}]},
            {"type": "heading", "attrs": {"level": 2}, "content": [{"type": "text", "text": HEAD}]}, doc("paragraph", TWO), doc("paragraph", "Nobody objected."),
            {"type": "bullet_list", "content": [{"type": "list_item", "content": [doc("paragraph", "limes for shade")]}, {"type": "list_item", "content": [doc("paragraph", "hazels for the birds")]}]},
            {"type": "blockquote", "content": [doc("paragraph", THREE)]}]}),
        ),
        (
            "lexical",
            json!({"root": {"type": "root", "children": [
            {"type": "paragraph", "children": [{"type": "text", "text": start, "format": 0}, {"type": "text", "text": mid, "format": 1}, {"type": "text", "text": end, "format": 0}]},
            {"type": "heading", "tag": "h2", "children": [{"type": "text", "text": HEAD}]}, lexical("paragraph", TWO), lexical("paragraph", "Nobody objected."),
            {"type": "list", "listType": "bullet", "tag": "ul", "children": [lexical("listitem", "limes for shade"), lexical("listitem", "hazels for the birds")]},
            lexical("quote", THREE)]}}),
        ),
        (
            "contentful",
            json!({"nodeType": "document", "data": {}, "content": [
            {"nodeType": "paragraph", "content": [{"nodeType": "text", "value": start, "marks": []}, {"nodeType": "hyperlink", "data": {"uri": "https://a.example/x"}, "content": [{"nodeType": "text", "value": mid, "marks": [{"type": "bold"}]}]}, {"nodeType": "text", "value": end, "marks": []}]},
            rich("heading-2", HEAD), rich("paragraph", TWO), {"nodeType": "embedded-asset-block", "data": {"target": {}}, "content": []}, rich("paragraph", "Nobody objected."),
            {"nodeType": "unordered-list", "content": [{"nodeType": "list-item", "content": [rich("paragraph", "limes for shade")]}, {"nodeType": "list-item", "content": [rich("paragraph", "hazels for the birds")]}]},
            {"nodeType": "blockquote", "content": [rich("paragraph", THREE)]}, {"nodeType": "hr", "content": []}]}),
        ),
        (
            "editor.js",
            json!({"time": 1, "version": "2.28", "blocks": [
            {"id": "a", "type": "paragraph", "data": {"text": format!("{start}<b>{mid}</b>{end}")}}, {"type": "header", "data": {"text": HEAD, "level": 2}},
            {"type": "paragraph", "data": {"text": TWO}}, {"type": "paragraph", "data": {"text": "Nobody objected."}},
            {"type": "list", "data": {"style": "unordered", "items": ["limes for shade", {"content": "hazels for the birds", "items": []}]}},
            {"type": "quote", "data": {"text": THREE, "caption": ""}}]}),
        ),
        (
            "prismic",
            json!([
            {"type": "paragraph", "text": ONE, "spans": [{"start": 3, "end": 9, "type": "strong"}]}, prismic("heading2", HEAD), prismic("paragraph", TWO),
            prismic("paragraph", "Nobody objected."), prismic("list-item", "limes for shade"), prismic("list-item", "hazels for the birds"), prismic("quote", THREE)]),
        ),
        (
            "dast",
            json!({"schema": "dast", "document": {"type": "root", "children": [
            {"type": "paragraph", "children": [{"type": "span", "value": start}, {"type": "link", "url": "https://a.example/x", "children": [{"type": "span", "value": mid, "marks": ["strong"]}]}, {"type": "span", "value": end}]},
            {"type": "heading", "level": 2, "children": [{"type": "span", "value": HEAD}]}, dast("paragraph", TWO), dast("paragraph", "Nobody objected."),
            {"type": "list", "style": "bulleted", "children": [{"type": "listItem", "children": [dast("paragraph", "limes for shade")]}, {"type": "listItem", "children": [dast("paragraph", "hazels for the birds")]}]},
            {"type": "blockquote", "children": [dast("paragraph", THREE)]}]}}),
        ),
        (
            "elements as data",
            json!({"type": "minimark", "value": [
            ["p", {}, start, ["strong", {}, mid], end], ["h2", {"id": "x"}, HEAD], ["p", {}, TWO], ["p", {}, "Nobody objected."],
            ["ul", {}, ["li", {}, "limes for shade"], ["li", {}, "hazels for the birds"]], ["blockquote", {}, ["p", {}, THREE]]]}),
        ),
        (
            "models within models",
            json!([{"type": "text", "model": {"blocks": [
            {"type": "paragraph", "model": {"text": ONE, "blocks": [{"type": "fragment", "model": {"text": start}}, {"type": "urlLink", "model": {"text": mid, "locator": "https://a.example/x", "blocks": [{"type": "fragment", "model": {"text": mid}}]}}, {"type": "fragment", "model": {"text": end}}]}},
            {"type": "subheadline", "model": {"blocks": [{"type": "fragment", "model": {"text": HEAD}}]}},
            {"type": "paragraph", "model": {"text": TWO}}, {"type": "paragraph", "model": {"text": "Nobody objected."}},
            {"type": "unorderedList", "model": {"blocks": [{"type": "listItem", "model": {"blocks": [{"type": "paragraph", "model": {"text": "limes for shade"}}]}}, {"type": "listItem", "model": {"blocks": [{"type": "paragraph", "model": {"text": "hazels for the birds"}}]}}]}},
            {"type": "blockquote", "model": {"blocks": [{"type": "paragraph", "model": {"text": THREE}}]}}]}},
            {"type": "image", "model": {"blocks": [{"type": "caption", "model": {"text": "The quay in the winter, seen from the ferry."}}]}}]),
        ),
        (
            "slices",
            json!([{"slice_type": "rich_text", "primary": {"text": [
            prismic("paragraph", ONE), prismic("heading2", HEAD), prismic("paragraph", TWO), prismic("paragraph", "Nobody objected."),
            prismic("list-item", "limes for shade"), prismic("list-item", "hazels for the birds"), prismic("quote", THREE)]}, "items": []}]),
        ),
        ("markup", Value::String(markup())),
        (
            "markup, escaped",
            Value::String(markup().replace('<', "&lt;").replace('>', "&gt;")),
        ),
        (
            "markdown",
            Value::String(format!(
                "{ONE}\n\n## {HEAD}\n\n{TWO}\n\nNobody objected.\n\n- limes for shade\n- hazels for the birds\n\n> {THREE}\n"
            )),
        ),
    ]
}

pub(super) fn markup() -> String {
    format!(
        "<p>{ONE}</p><h2>{HEAD}</h2><p>{TWO}</p><p>Nobody objected.</p>\
         <ul><li>limes for shade</li><li>hazels for the birds</li></ul><blockquote><p>{THREE}</p></blockquote>"
    )
}
