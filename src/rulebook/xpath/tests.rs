//! XPath as people write it, and the equivalent CSS.

use super::*;

#[test]
fn what_has_a_css_equivalent_is_converted() {
    for (xpath, css) in [
        ("//article", "article"),
        ("//div[@id='story']", "div#story"),
        ("//div[@id='story 1']/p", "div[id=\"story 1\"] > p"),
        ("//div[@class='a b']//p", "div[class=\"a b\"] p"),
        ("//*[contains(@class, 'promo')]", "[class*=\"promo\"]"),
        ("//a[starts-with(@href, '/tag/')]", "a[href^=\"/tag/\"]"),
        (
            "//p[contains(concat(' ', normalize-space(@class), ' '), ' lead ')]",
            "p.lead",
        ),
        ("//ul[@class and not(@id='x')]", "ul[class]:not(#x)"),
        ("//div[@id='a' or @id='b']/p", "div#a > p, div#b > p"),
        ("//h1 | //h2[2]", "h1, h2:nth-of-type(2)"),
        ("//td/*[last()]", "td > :last-child"),
        ("/html/body/div", "html > body > div"),
        (
            "//meta[@property='og:title']/@content",
            "meta[property=\"og:title\"][content]",
        ),
        ("//h1/text()", "h1"),
        ("//figure[.//img]", "figure:has(img)"),
        ("//h2/following-sibling::p", "h2 ~ p"),
        ("//a[@rel!='next']", "a[rel]:not([rel=\"next\"])"),
    ] {
        assert_eq!(
            to_css(xpath, false).map(|it| it.join(", ")),
            Ok(css.to_owned()),
            "{xpath}"
        );
    }
}

#[test]
fn the_first_of_all_is_enough_where_only_the_first_counts() {
    assert_eq!(
        to_css("(//time[@datetime])[1]", true),
        Ok(vec!["time[datetime]".to_owned()])
    );
    assert!(to_css("(//time)[1]", false).is_err());
}

#[test]
fn what_has_none_gets_a_reason() {
    for (xpath, reason) in [
        ("//p[contains(text(), 'Read')]", "not text"),
        ("//p[contains(., 'Read')]", "not text"),
        ("//b/..", "`..`"),
        ("//b/ancestor::div", "`ancestor::`"),
        ("//div[@class='x'][1]", "other conditions"),
        ("//h2/following-sibling::p[1]", "other conditions"),
        ("//p[string-length(.) > 3]", "no CSS equivalent"),
        ("//p[@a", "not closed"),
        ("//p[@a='b]", "not closed"),
        ("", "selects no element"),
        ("//", "not a plain name"),
        ("/p", "must begin with /html"),
        ("//a[@x=$y]", "not a quoted string"),
    ] {
        let error = to_css(xpath, false).unwrap_err();
        assert!(error.contains(reason), "{xpath}: {error}");
    }
}

#[test]
fn hostile_paths_end_soon() {
    let deep = format!("//a{}", "[a".repeat(5_000));
    assert!(to_css(&deep, false).is_err());
    let deep = format!("//a{}{}", "[a".repeat(5_000), "]".repeat(5_000));
    assert!(to_css(&deep, false).is_err());
    let wide = format!("//a{}", "[@a or @b]".repeat(40));
    assert!(to_css(&wide, false).is_err());
}
