//! An explained page as HTML: its text in order, each block coloured by its verdict, with its reason on hover and
//! focus. The legend filters by style sheet alone. The desk shows it with a link at each block, and
//! `newsprint explain --html` writes it to a file ([`file`]) without scripts, links and external resources, whose
//! content security policy names its style by its hash.

mod subject;
mod view;

use askama::Template;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use crate::extract::explain::Explanation;
use crate::serve::foreign::{Foreign, visible};
pub(crate) use subject::Subject;
pub(crate) use view::View;

/// The style of blocks, on the desk and in a file.
pub(crate) const STYLE: &str = include_str!("../assets/explain.css");
/// The style of a file besides.
const FILE_STYLE: &str = include_str!("../assets/explain_file.css");

#[derive(Template)]
#[template(path = "explain_file.html")]
struct File<'e> {
    view: View<'e>,
    style: String,
    hash: String,
    title: String,
    address: Foreign<'e>,
}

/// An explained page as one file. `address` is that of the page.
///
/// # Errors
/// Fails where there is no memory for it.
pub fn file(explanation: &Explanation, address: &str) -> Result<String, askama::Error> {
    let view = View::of(explanation);
    let style = format!("{FILE_STYLE}{STYLE}");
    File {
        hash: STANDARD.encode(Sha256::digest(&style)),
        title: visible(view.title),
        address: Foreign(address),
        view,
        style,
    }
    .render()
}

#[cfg(test)]
mod tests {
    use crate::extract::reason::Cause;
    use crate::extract::{Extractor, SiteRules};
    use crate::page::Input;

    use super::*;

    fn explained(html: &str) -> String {
        let extractor = Extractor::builder().any_kind(true).build();
        let input = Input::new(html.as_bytes());
        let explanation = extractor.explain(&input, &SiteRules::default());
        file(&explanation, "page.html").unwrap()
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
