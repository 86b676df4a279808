//! The base URL of a page: what every relative address on it is resolved against.

use url::Url;

use crate::page::{Tag, Tree};

/// The document base URL (HTML 2.4.3): the first `<base href>`, resolved against the page's URL, or else
/// the page's URL. A base that is no web address, as `data:` and `javascript:`, counts for nothing.
pub fn base_url(tree: &Tree<'_>, page: Option<&Url>) -> Option<Url> {
    let stated = tree
        .elements(Tag::Base)
        .find_map(|base| tree.attr(base, "href"));
    let stated = stated.and_then(|href| {
        let href = href.trim();
        match page {
            Some(page) => page.join(href),
            None => Url::parse(href),
        }
        .ok()
    });
    stated
        .filter(|base| matches!(base.scheme(), "http" | "https") && base.host_str().is_some())
        .or_else(|| page.cloned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::Limits;
    use crate::page::{Document, Input};

    fn base(html: &str, page: Option<&str>) -> Option<String> {
        let page = page.map(|it| Url::parse(it).unwrap());
        let input = Input::new(html.as_bytes()).with_url(page.as_ref());
        let document = Document::parse(&input, &Limits::DEFAULT);
        base_url(&document.page().tree, page.as_ref()).map(String::from)
    }

    #[test]
    fn the_first_base_with_an_address_counts() {
        let page = Some("https://paper.example/sea/ferry");
        for (html, expected) in [
            ("<p>x", "https://paper.example/sea/ferry"),
            (
                "<base target=_blank><base href=/a/><base href=/b/>",
                "https://paper.example/a/",
            ),
            (
                "<body><p>x</p><base href=' //cdn.example/x '>",
                "https://cdn.example/x",
            ),
            ("<base href=''>", "https://paper.example/sea/ferry"),
        ] {
            assert_eq!(base(html, page).as_deref(), Some(expected), "{html}");
        }
        let saved = base("<base href='https://paper.example/'>", None);
        assert_eq!(saved.as_deref(), Some("https://paper.example/"));
        assert_eq!(base("<base href='/a/'>", None), None);
    }

    #[test]
    fn a_base_that_is_no_web_address_counts_for_nothing() {
        let page = "https://paper.example/sea/ferry";
        for href in [
            "javascript:alert(1)",
            "data:text/html,x",
            "http://",
            "file:///etc/",
            "mailto:a@b.example",
        ] {
            let html = format!("<base href='{href}'><p>x");
            assert_eq!(base(&html, Some(page)).as_deref(), Some(page), "{href}");
            assert_eq!(base(&html, None), None, "{href}");
        }
    }
}
