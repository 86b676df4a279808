//! RSS, Atom and JSON feeds, read by `feed-rs`.

use url::Url;

use crate::discover::{CandidateUrl, DiscoverError, resolve};
use crate::limits::Limits;
use crate::page::decode::decode;
use crate::page::tree::fold_space;

/// Parses an RSS, Atom or JSON feed. Entries without an address are skipped.
///
/// # Errors
/// Fails if the bytes are not a feed, or are more than [`Limits::feed_bytes`].
pub fn feed(
    bytes: &[u8],
    content_type: Option<&str>,
    base: &Url,
    limits: &Limits,
) -> Result<Vec<CandidateUrl>, DiscoverError> {
    if bytes.len() > limits.feed_bytes {
        return Err(DiscoverError::TooLarge(limits.feed_bytes));
    }
    let decoded = decode(bytes, content_type, Some(base));
    let text = without_declaration(decoded.text.trim_start());
    let feed = feed_rs::parser::Builder::new()
        .base_uri(Some(base.as_str()))
        .build()
        .parse(text.as_bytes())
        .map_err(DiscoverError::Feed)?;
    Ok(feed
        .entries
        .iter()
        .filter_map(|entry| candidate(entry, base, limits))
        .collect())
}

/// Removes the XML declaration: the text is decoded already, and another encoding would mislead the parser.
fn without_declaration(text: &str) -> &str {
    match text
        .strip_prefix("<?xml")
        .and_then(|rest| rest.split_once("?>"))
    {
        Some((_, rest)) => rest,
        None => text,
    }
}

fn candidate(entry: &feed_rs::model::Entry, base: &Url, limits: &Limits) -> Option<CandidateUrl> {
    let alternate = |link: &&feed_rs::model::Link| {
        link.rel.as_deref().is_none_or(|rel| rel == "alternate") && !link.href.is_empty()
    };
    let link = entry
        .links
        .iter()
        .find(alternate)
        .or_else(|| entry.links.first());
    let written = link.map(|link| link.href.as_str()).or_else(|| {
        // In RSS, the permalink is often given only as the id.
        Some(entry.id.as_str()).filter(|id| id.starts_with("http"))
    })?;
    Some(CandidateUrl {
        url: resolve(base, written, limits)?,
        title: entry.title.as_ref().map(|title| fold_space(&title.content)),
        dated: entry
            .published
            .or(entry.updated)
            .map(|date| date.timestamp_millis()),
        published: entry.published.map(|date| date.timestamp_millis()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &[u8]) -> Result<Vec<CandidateUrl>, DiscoverError> {
        let base = Url::parse("https://paper.example/feed").unwrap();
        feed(text, None, &base, &Limits::DEFAULT)
    }

    #[test]
    fn rss_atom_and_json_feeds_give_addresses_titles_and_dates() {
        let rss = br#"<?xml version="1.0"?><rss version="2.0"><channel><title>P</title><item>
            <title>Ferry &amp; tide</title><link>/news/ferry?utm_source=rss</link>
            <pubDate>Mon, 23 Nov 2026 10:00:00 +0100</pubDate></item></channel></rss>"#;
        let atom = br#"<feed xmlns="http://www.w3.org/2005/Atom"><id>x</id><title>P</title>
            <updated>2026-11-23T09:00:00Z</updated><entry><id>y</id><title>Ferry &amp; tide</title>
            <link rel="self" href="https://paper.example/api/1"/>
            <link href="https://paper.example/news/ferry"/>
            <published>2026-11-23T09:00:00Z</published></entry></feed>"#;
        let json = br#"{"version":"https://jsonfeed.org/version/1.1","title":"P","items":[
            {"id":"1","url":"https://paper.example/news/ferry","title":"Ferry & tide",
             "date_published":"2026-11-23T10:00:00+01:00"}]}"#;
        for bytes in [&rss[..], &atom[..], &json[..]] {
            let found = read(bytes).unwrap();
            assert_eq!(found.len(), 1);
            assert_eq!(found[0].url.as_str(), "https://paper.example/news/ferry");
            assert_eq!(found[0].title.as_deref(), Some("Ferry & tide"));
            assert_eq!(found[0].published, Some(1_795_424_400_000));
        }
    }

    #[test]
    fn a_feed_in_a_legacy_encoding_is_decoded_first() {
        let rss = "<?xml version=\"1.0\" encoding=\"windows-1251\"?><rss version=\"2.0\"><channel>\
            <title>П</title><item><title>Паром</title><link>https://p.example/a</link></item>\
            </channel></rss>";
        let bytes = encoding_rs::WINDOWS_1251.encode(rss).0;
        assert_eq!(read(&bytes).unwrap()[0].title.as_deref(), Some("Паром"));
    }

    #[test]
    fn what_is_not_a_feed_is_an_error() {
        assert!(read(b"<html><body>moved</body></html>").is_err());
        assert!(read(b"").is_err());
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = read(&bytes);
            let _ = read(&[b"<rss version=\"2.0\"><channel><item>", &bytes[..]].concat());
        }
    }
}
