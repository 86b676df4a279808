//! `explain --html` in a browser: it loads without a complaint, its legend filters, reasons come by
//! keyboard, it fits a phone, and nothing of the explained page runs. Needs Debian's `chromium` and
//! `chromium-driver`; skips with a message where they are absent.

#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::json;

mod support;

use support::Browser;

/// A page that would take over whatever shows it, around an article.
fn hostile() -> String {
    let paragraphs: String = (1..=5)
        .map(|n| {
            format!(
                "<p onclick=\"pwned=1\">Paragraph {n}: the ferry left the old harbour on Monday with \
                 four hundred passengers, a brass band and the mayor on board, the harbour office \
                 said, and it came back before the evening tide.</p>"
            )
        })
        .collect();
    format!(
        "<html lang=en><head><title>&lt;img src=x onerror=pwned=2&gt; The ferry returns</title>\
         <meta property=og:type content=article><meta name=author content='\"><script>pwned=3</script>'>\
         <style>body {{ display: none }}</style><script>pwned = 4; document.title = 'x'</script></head>\
         <body><nav><a href='javascript:pwned=5'>Home</a></nav><article><h1>The ferry returns</h1>\
         {paragraphs}<p>&lt;script&gt;pwned = 6&lt;/script&gt; &lt;img src=x onerror=pwned=7&gt; stood \
         written on the hull in letters as tall as a man, said the harbour office on Monday.</p>\
         <div class=share-buttons>Share it \u{200f}now</div><p>Advertisement</p></article>\
         <script>pwned = 8</script></body></html>"
    )
}

/// How many blocks with this class are to be seen.
fn seen(browser: &Browser, class: &str) -> u64 {
    let script = format!(
        "return [...document.querySelectorAll('.block{class}')]\
         .filter(it => getComputedStyle(it).display != 'none').length"
    );
    browser.eval(&script).as_u64().unwrap()
}

/// The page that explains the hostile one.
fn explained(dir: &Path) -> PathBuf {
    fs::write(dir.join("page.html"), hostile()).unwrap();
    let ran = Command::new(env!("CARGO_BIN_EXE_newsprint"))
        .current_dir(dir)
        .args(["explain", "--html", "why.html", "page.html"])
        .output()
        .unwrap();
    assert!(ran.status.success(), "{ran:?}");
    assert!(ran.stdout.is_empty());
    dir.join("why.html")
}

#[test]
fn the_page_that_explains_works_in_a_browser_and_nothing_of_the_other_runs() {
    let Some(browser) = Browser::start() else {
        return;
    };
    let dir = tempfile::tempdir().unwrap();
    browser.open_file(&explained(dir.path()));
    assert_eq!(browser.complaints(), json!([]));

    let title = browser.eval("return document.title");
    assert!(
        title.as_str().unwrap().contains("The ferry returns"),
        "{title}"
    );
    assert_eq!(browser.eval("return typeof window.pwned"), "undefined");
    let live = "return document.querySelectorAll(\
                'script, img, a, iframe, form, link, [onclick], [onerror], [style]').length";
    assert_eq!(browser.eval(live), 0);
    let text = "return document.querySelector('ol').textContent";
    let text = browser.eval(text);
    assert!(
        text.as_str()
            .unwrap()
            .contains("<script>pwned = 6</script>")
    );
    assert!(text.as_str().unwrap().contains("U+200F"));

    // The legend filters, and shows how many blocks there are.
    let (kept, rule) = (seen(&browser, ".t-kept"), seen(&browser, ".t-rule"));
    assert!(kept >= 6 && rule >= 1, "{kept} {rule}");
    let stated = "return +document.querySelector('label.t-kept b').textContent";
    assert_eq!(browser.eval(stated), kept);
    browser.click("label.t-rule");
    assert_eq!(
        (seen(&browser, ".t-kept"), seen(&browser, ".t-rule")),
        (kept, 0)
    );
    browser.click("label.t-kept");
    assert_eq!(
        (seen(&browser, ".t-kept"), seen(&browser, ".t-rule")),
        (0, 0)
    );
    browser.press("#c-rule", " ");
    browser.click("label.t-kept");
    assert_eq!(
        (seen(&browser, ".t-kept"), seen(&browser, ".t-rule")),
        (kept, rule)
    );

    // A reason comes by keyboard: from the legend's last switch, Tab leads to the first block.
    let shown = "return getComputedStyle(document.querySelector('.block .why')).display";
    assert_eq!(browser.eval(shown), "none");
    browser.press("fieldset label:last-of-type input", "\u{e004}");
    let first = "return document.activeElement == document.querySelector('.block')";
    assert_eq!(browser.eval(first), true);
    assert_eq!(browser.eval(shown), "block");

    // It fits a phone.
    browser.post("/window/rect", &json!({"width": 500, "height": 800}));
    let fits = "document.body.style.maxWidth = '360px'; \
                return document.documentElement.scrollWidth <= innerWidth";
    assert_eq!(browser.eval(fits), true);
    assert_eq!(browser.complaints(), json!([]));
}
