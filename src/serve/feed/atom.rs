//! An Atom document (RFC 4287) of articles, with links to its other parts (RFC 5005).

use std::borrow::Cow;
use std::io;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use crate::article::Article;
use crate::output::body_html;
use crate::wording::times::{millis, rfc3339, stated};

/// What a document says.
#[derive(Debug)]
pub(super) struct Feed<'a> {
    /// The same for all parts of a feed, on whatever machine.
    pub(super) id: String,
    pub(super) title: String,
    /// Its address.
    pub(super) itself: String,
    /// The address of the part with older articles.
    pub(super) next: Option<String>,
    /// What the server is called, without a slash at the end.
    pub(super) base: String,
    /// Unix milliseconds.
    pub(super) updated: i64,
    pub(super) articles: &'a [Article],
}

type Out = Writer<Vec<u8>>;

impl Feed<'_> {
    /// The document.
    ///
    /// # Errors
    /// Fails as writing to memory may: not at all.
    pub(super) fn document(&self) -> io::Result<Vec<u8>> {
        let mut out = Writer::new(Vec::new());
        out.write_event(Event::Decl(BytesDecl::new("1.0", Some("utf-8"), None)))?;
        out.create_element("feed")
            .with_attribute(("xmlns", "http://www.w3.org/2005/Atom"))
            .write_inner_content(|out| self.content(out))?;
        Ok(out.into_inner())
    }

    fn content(&self, out: &mut Out) -> io::Result<()> {
        text(out, "id", &self.id)?;
        text(out, "title", &self.title)?;
        text(out, "updated", &time(self.updated))?;
        out.create_element("generator")
            .with_attribute(("version", env!("CARGO_PKG_VERSION")))
            .write_text_content(BytesText::new("newsprint"))?;
        link(out, "self", "application/atom+xml", &self.itself)?;
        if let Some(next) = &self.next {
            link(out, "next", "application/atom+xml", next)?;
        }
        // Articles without authors have this one (RFC 4287, 4.1.1).
        let source = self.articles.iter().find_map(|it| it.source.as_deref());
        author(out, source.unwrap_or("newsprint"))?;
        self.articles.iter().try_for_each(|it| self.entry(out, it))
    }

    fn entry(&self, out: &mut Out, article: &Article) -> io::Result<()> {
        let entry = out.create_element("entry");
        let language = article.language.as_deref().map(xml);
        let entry = match &language {
            Some(language) => entry.with_attribute(("xml:lang", &**language)),
            None => entry,
        };
        entry.write_inner_content(|out| {
            text(out, "id", &format!("urn:newsprint:article:{}", article.id))?;
            text(
                out,
                "title",
                article.title.as_deref().unwrap_or("(without a headline)"),
            )?;
            let fetched = article.fetched_at.as_deref().and_then(millis);
            text(out, "updated", &time(fetched.unwrap_or(0)))?;
            if let Some(at) = article.published.as_deref().and_then(stated) {
                text(out, "published", &time(at))?;
            }
            article.authors.iter().try_for_each(|it| author(out, it))?;
            if let Some(url) = &article.canonical_url {
                link(out, "alternate", "text/html", url)?;
            }
            let page = format!("{}/articles/{}", self.base, article.id);
            link(out, "related", "text/html", &page)?;
            let categories = article.section.iter().chain(&article.tags);
            categories
                .into_iter()
                .try_for_each(|it| category(out, it))?;
            if let Some(summary) = &article.description {
                text(out, "summary", summary)?;
            }
            out.create_element("content")
                .with_attribute(("type", "html"))
                .write_text_content(BytesText::new(&xml(&body_html(article))))?;
            Ok(())
        })?;
        Ok(())
    }
}

fn text(out: &mut Out, name: &'static str, value: &str) -> io::Result<()> {
    let element = out.create_element(name);
    element.write_text_content(BytesText::new(&xml(value)))?;
    Ok(())
}

fn author(out: &mut Out, name: &str) -> io::Result<()> {
    let author = out.create_element("author");
    author.write_inner_content(|out| text(out, "name", name))?;
    Ok(())
}

fn category(out: &mut Out, term: &str) -> io::Result<()> {
    let category = out.create_element("category");
    category
        .with_attribute(("term", &*xml(term)))
        .write_empty()?;
    Ok(())
}

fn link(out: &mut Out, relation: &str, media_type: &str, url: &str) -> io::Result<()> {
    out.create_element("link")
        .with_attributes([
            ("rel", relation),
            ("type", media_type),
            ("href", &*xml(url)),
        ])
        .write_empty()?;
    Ok(())
}

/// A time of which there is none is the beginning of all.
fn time(millis: i64) -> String {
    rfc3339(millis).unwrap_or_else(|| "1970-01-01T00:00:00Z".to_owned())
}

/// The text without characters that XML cannot hold, not even escaped (XML 1.0, 2.2).
fn xml(text: &str) -> Cow<'_, str> {
    let is_held = |char: char| matches!(char, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
    if text.chars().all(is_held) {
        Cow::Borrowed(text)
    } else {
        text.chars().filter(|it| is_held(*it)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::discover::feed;
    use crate::limits::Limits;

    fn document(articles: &[Article]) -> String {
        let feed = Feed {
            id: "urn:newsprint:feed:1".to_owned(),
            title: "a <b> & \"c\"".to_owned(),
            itself: "http://localhost/feed.xml?q=a&limit=1".to_owned(),
            next: Some("http://localhost/feed.xml?cursor=2".to_owned()),
            base: "http://localhost".to_owned(),
            updated: 1_000_000_000_000,
            articles,
        };
        String::from_utf8(feed.document().unwrap()).unwrap()
    }

    #[test]
    fn what_a_page_says_cannot_leave_its_element() {
        let attack =
            "]]></title></entry><script>alert(1)</script>&lt;\u{0}\u{1b}\u{ffff}x\" rel=\"";
        let article = Article {
            id: "0123456789abcdef".to_owned(),
            title: Some(attack.to_owned()),
            authors: vec![attack.to_owned()],
            tags: vec![attack.to_owned()],
            description: Some(attack.to_owned()),
            language: Some(attack.to_owned()),
            canonical_url: Some("https://daily.test/1?a=\"><b>".to_owned()),
            text: attack.to_owned(),
            ..Article::default()
        };
        let document = document(&[article]);
        assert!(!document.contains("<script"), "{document}");
        assert_eq!(document.matches("<entry").count(), 1);
        assert_eq!(document.matches("</entry>").count(), 1);
        assert!(!document.contains(['\u{0}', '\u{1b}', '\u{ffff}']));
    }

    #[test]
    fn our_own_reader_of_feeds_reads_it() {
        let article = Article {
            id: "0123456789abcdef".to_owned(),
            title: Some("Ferry & bridge".to_owned()),
            canonical_url: Some("https://daily.test/1?a=1&b=2".to_owned()),
            published: Some("2026-11-24".to_owned()),
            fetched_at: Some("2026-11-24T08:00:00Z".to_owned()),
            text: "One <b>.\n\nTwo.".to_owned(),
            ..Article::default()
        };
        let document = document(&[article]);
        assert!(
            document.contains("&lt;p&gt;One &amp;lt;b&amp;gt;.&lt;/p&gt;"),
            "{document}"
        );
        assert!(document.contains("<published>2026-11-24T00:00:00Z</published>"));
        let base = "http://localhost/feed.xml".parse().unwrap();
        let read = feed(document.as_bytes(), None, &base, &Limits::DEFAULT).unwrap();
        assert!(!read.is_damaged, "{document}");
        let [entry] = &read.entries[..] else {
            panic!("{document}");
        };
        assert_eq!(entry.url.as_str(), "https://daily.test/1?a=1&b=2");
        assert_eq!(entry.title.as_deref(), Some("Ferry & bridge"));
        assert_eq!(entry.published, Some(1_795_478_400_000));
    }
}
