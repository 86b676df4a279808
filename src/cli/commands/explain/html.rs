//! `explain` as one HTML page: the page's text in order, each block coloured by its verdict, with its
//! reason on hover and focus. The page has no scripts and no external resources: the legend filters by
//! style sheet alone, which the content security policy names by its hash. Everything from the explained
//! page is escaped, and characters that could deceive are made visible.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use newsprint::extract::explain::{Contribution, ExplainedBlock, Explanation};
use newsprint::extract::fields::FieldExplanation;
use newsprint::extract::reason::Cause;
use newsprint::extract::render::escape_html;
use sha2::{Digest, Sha256};

const STYLE: &str = include_str!("page.css");

/// The HTML page. `address` is that of the explained page.
pub(super) fn page(explanation: &Explanation, address: &str) -> String {
    let article = &explanation.extraction.article;
    let title = article.title.as_deref().unwrap_or("Untitled page");
    let mut out = String::new();
    // Writing to a string can't fail.
    let _ = write!(
        out,
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; \
         style-src 'sha256-{}'; base-uri 'none'; form-action 'none'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n\
         <title>{}: why each block was kept or dropped</title>\n<style>{STYLE}</style>\n</head>\n\
         <body>\n<header>\n<p class=\"mark\">newsprint explain</p>\n<h1>{}</h1>\n\
         <p class=\"address\">{}</p>\n",
        STANDARD.encode(Sha256::digest(STYLE)),
        escape_html(&visible(title)),
        shown(title),
        shown(address),
    );
    push_sums(&mut out, explanation);
    push_fields(&mut out, &explanation.fields);
    out.push_str("</header>\n<main>\n");
    push_legend(&mut out, &explanation.blocks);
    out.push_str("<ol>\n");
    for (number, block) in explanation.blocks.iter().enumerate() {
        push_block(&mut out, number, block);
    }
    let _ = write!(
        out,
        "</ol>\n</main>\n<footer>Made by {}. Point at a block, or press Tab to reach it, to read why it \
         was kept or dropped.</footer>\n</body>\n</html>\n",
        escape_html(&article.extractor)
    );
    out
}

fn push_sums(out: &mut String, explanation: &Explanation) {
    let article = &explanation.extraction.article;
    let kept = explanation.blocks.iter().filter(|it| it.kept).count();
    let kept = format!("{kept} of {}", explanation.blocks.len());
    let doubts = article.warnings.join(", ");
    out.push_str("<ul class=\"sums\">");
    for (value, name) in [
        (explanation.extraction.verdict.name(), "verdict"),
        (&article.word_count.to_string(), "words"),
        (&format!("{:.2}", article.quality), "expected F1"),
        (&kept, "blocks kept"),
        (&doubts, "in doubt"),
    ] {
        if !value.is_empty() {
            let _ = write!(out, "<li><b>{}</b> {name}</li>", escape_html(value));
        }
    }
    let why = explanation.extraction.why.to_string();
    let _ = write!(
        out,
        "</ul>\n<p>Reason for the verdict: {}.</p>\n",
        escape_html(&why)
    );
}

fn push_fields(out: &mut String, fields: &[FieldExplanation]) {
    out.push_str("<details><summary>Fields, their sources and rejected candidates</summary><dl>\n");
    for field in fields {
        let value = field.value.as_deref().map_or("–".to_owned(), shown);
        let _ = write!(out, "<dt>{}</dt><dd>{value}", field.field);
        match &field.source {
            Some(source) => {
                let _ = write!(out, "<small>from {}</small>", shown(source));
            }
            None if field.value.is_some() => {
                out.push_str("<small>combined from several sources</small>");
            }
            None => {}
        }
        for candidate in &field.rejected {
            let _ = write!(
                out,
                "<small>not <s>{}</s> ({})</small>",
                shown(&candidate.value),
                shown(&candidate.source)
            );
        }
        out.push_str("</dd>\n");
    }
    out.push_str("</dl></details>\n");
}

/// A switch for each cause that occurs, with its count.
fn push_legend(out: &mut String, blocks: &[ExplainedBlock]) {
    out.push_str("<fieldset><legend>Show blocks by cause</legend>\n");
    for cause in Cause::ALL {
        let count = blocks.iter().filter(|it| it.why.cause == cause).count();
        if count > 0 {
            let name = cause.name();
            let _ = writeln!(
                out,
                "<label class=\"t-{name}\"><input type=\"checkbox\" id=\"c-{name}\" checked><i></i>{} \
                 <b>{count}</b></label>",
                label(cause)
            );
        }
    }
    out.push_str("</fieldset>\n");
}

/// The label of a cause in the legend.
fn label(cause: Cause) -> &'static str {
    match cause {
        Cause::Kept => "kept",
        Cause::Field => "headline, byline",
        Cause::Rule => "rule",
        Cause::Selector => "your selector",
        Cause::Phrase => "phrase",
        Cause::Links => "links",
        Cause::Memory => "site memory",
        Cause::Other => "another article",
        Cause::Score => "score",
        Cause::Repeat => "repeated",
        Cause::Heading => "empty heading",
    }
}

fn push_block(out: &mut String, number: usize, block: &ExplainedBlock) {
    let state = if block.kept { "kept" } else { "gone" };
    let _ = write!(
        out,
        "<li class=\"block {state} t-{} r-{}\" tabindex=\"0\" aria-describedby=\"w{number}\"><p>{}</p>\
         <span class=\"tag\">{}</span><div class=\"why\" id=\"w{number}\" role=\"tooltip\"><b>{}: {}</b>",
        block.why.cause.name(),
        block.role.name(),
        shown(&block.text),
        shown(&block.why.reason),
        if block.kept { "Kept" } else { "Dropped" },
        shown(&block.why.reason),
    );
    if let Some(file) = &block.why.file {
        let _ = write!(out, ", {}", shown(file));
    }
    if let Some(selector) = &block.selector {
        let _ = write!(out, ": <code>{}</code>", shown(selector));
    }
    if !block.features.is_empty() {
        let _ = write!(
            out,
            "<small>score <meter min=\"0\" max=\"1\" value=\"{0:.2}\"></meter> {0:.2}</small><div class=\"passes\">",
            block.score
        );
        push_pulls(out, &block.features, 1, "first pass: the block by itself");
        push_pulls(
            out,
            &block.features,
            2,
            "second pass: with the blocks around it",
        );
        out.push_str("</div>");
    }
    out.push_str("</div></li>\n");
}

fn push_pulls(out: &mut String, pulls: &[Contribution], pass: u8, name: &str) {
    let mut pulls = pulls.iter().filter(|it| it.pass == pass).peekable();
    if pulls.peek().is_none() {
        return;
    }
    let _ = write!(out, "<div><small>{name}</small><table>");
    for pull in pulls {
        let way = if pull.pull > 0.0 { "up" } else { "down" };
        let _ = write!(
            out,
            "<tr><td>{}</td><td>{}</td><td class=\"{way}\">{:+.2}</td></tr>",
            pull.feature, pull.value, pull.pull
        );
    }
    out.push_str("</table></div>");
}

/// Text of the explained page as markup: isolated from the text direction around it, with deceptive
/// characters shown as code points.
fn shown(text: &str) -> String {
    let mut out = String::from("<bdi>");
    let mut plain = String::new();
    for c in text.chars() {
        if is_deceptive(c) {
            out.push_str(&escape_html(&std::mem::take(&mut plain)));
            let _ = write!(out, "<span class=\"sign\">U+{:04X}</span>", u32::from(c));
        } else {
            plain.push(c);
        }
    }
    out.push_str(&escape_html(&plain));
    out.push_str("</bdi>");
    out
}

/// The same as plain text.
fn visible(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        if is_deceptive(c) {
            let _ = write!(out, "[U+{:04X}]", u32::from(c));
        } else {
            out.push(c);
        }
    }
    out
}

/// Control characters except line breaks, marks that change the direction of text, invisible spaces and
/// tags. Joiners are allowed: some scripts need them.
fn is_deceptive(c: char) -> bool {
    c.is_control() && c != '\n'
        || matches!(c, '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use newsprint::extract::{Extractor, SiteRules};
    use newsprint::page::Input;

    use super::*;

    fn explained(html: &str) -> String {
        let extractor = Extractor::builder().any_kind(true).build();
        let input = Input::new(html.as_bytes());
        let explanation = extractor.explain(&input, &SiteRules::default());
        page(&explanation, "page.html")
    }

    #[test]
    fn nothing_of_the_page_is_markup() {
        let page = explained(
            "<title>&lt;img src=x onerror=alert(1)&gt;</title><p>&lt;script&gt;alert(2)&lt;/script&gt; \
             &lt;a href=\"javascript:alert(3)\"&gt; &quot;' onmouseover='alert(4)</p>\
             <style>p{}</style><script>alert(5)</script>",
        );
        let body = page.split_once("</head>").unwrap().1;
        for markup in ["<script", "<img", "<a ", "alert(5)", "<style"] {
            assert!(!body.contains(markup), "{markup}");
        }
        assert!(body.contains("&lt;script&gt;alert(2)"));
        assert!(page.contains("default-src 'none'"));
        assert_eq!(page.matches("<script").count(), 0);
        assert_eq!(page.matches("<style>").count(), 1);
    }

    #[test]
    fn signs_that_turn_or_hide_text_are_shown_by_their_numbers() {
        let page = explained(
            "<title>a\u{200f}b</title><p>one \u{202e}owt\u{202c} \u{7}three \u{200f}four \u{e0041}</p>",
        );
        for c in ['\u{202e}', '\u{202c}', '\u{7}', '\u{200f}', '\u{e0041}'] {
            assert!(!page.contains(c), "{c:?}");
        }
        assert!(page.contains("<span class=\"sign\">U+200F</span>four"));
        assert!(page.contains("<span class=\"sign\">U+E0041</span>"));
        assert_eq!(visible("a\u{202e}b"), "a[U+202E]b");
    }

    #[test]
    fn every_cause_has_a_colour_and_a_switch() {
        for cause in Cause::ALL {
            let name = cause.name();
            assert!(STYLE.contains(&format!(".t-{name} {{")), "{name}");
            assert!(
                STYLE.contains(&format!("#c-{name}:not(:checked)) .block.t-{name}")),
                "{name}"
            );
        }
    }
}
