//! Feeds, whole and damaged.

use super::*;
use proptest::prelude::*;

fn read(text: &[u8]) -> Result<Feed, DiscoverError> {
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
        let found = read(bytes).unwrap().entries;
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
    assert_eq!(
        read(&bytes).unwrap().entries[0].title.as_deref(),
        Some("Паром")
    );
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

fn addresses(text: &str) -> Vec<String> {
    let feed = read(text.as_bytes()).unwrap();
    let paths = feed.entries.iter().map(|it| it.url.as_str());
    paths
        .map(|it| it.replace("https://paper.example", ""))
        .collect()
}

/// A feed of three items; the second has this in place of its title.
fn rss(second: &str) -> String {
    let item = |inner: &str, path: &str| {
        format!("<item>{inner}<link>https://paper.example/{path}</link><guid>{path}</guid></item>")
    };
    format!(
        "<?xml version='1.0'?><rss version='2.0'><channel><title>P</title>{}{}{}</channel></rss>",
        item("<title>One</title>", "1"),
        item(second, "2"),
        item("<title><![CDATA[Three]]></title>", "3"),
    )
}

#[test]
fn one_damaged_item_does_not_cost_the_others() {
    for second in [
        "<title>Fish < chips</title>",
        "<title>Ferry <3 harbour</title>",
        "<title>a<b</title>",
        "<title>Ferry & tide &nbsp; &foo; R&D</title>",
        "<title>Ferry",
        "<title>Ferry</title><description><p>text <b>bold</description>",
        "<title>Ferry</title><description>text & more",
        "<title><![CDATA[Ferry</title>",
        "<title>Ferry</title><enclosure url=x.mp3 url='y'>",
        "<title>Ferry</title><!-- a comment",
        "<title>Ferry</title></category>",
        "<title>Ferry\u{b}\u{0}</title>",
    ] {
        assert_eq!(addresses(&rss(second)), ["/1", "/2", "/3"], "{second}");
    }
    let unclosed = rss("").replace("</guid></item><item><title><!", "</guid><item><title><!");
    assert_eq!(addresses(&unclosed), ["/1", "/2", "/3"]);
    let atom = |second: &str| {
        format!(
            "<feed xmlns='http://www.w3.org/2005/Atom'><entry><title>One</title><link href='/1'/></entry>\
             <entry>{second}<link href=\"/2?a=1&b=2\"></entry><entry><link rel='alternate' href='/3'/></entry></feed>"
        )
    };
    for second in [
        "<title>Fish & chips</title>",
        "<title>Fish",
        "<title>a < b</title>",
    ] {
        assert_eq!(
            addresses(&atom(second)),
            ["/1", "/2?a=1&b=2", "/3"],
            "{second}"
        );
    }
}

#[test]
fn the_caller_learns_that_a_feed_is_damaged() {
    let is_damaged = |text: &str| read(text.as_bytes()).unwrap().is_damaged;
    assert!(!is_damaged(&rss("<title>Two &amp; &nbsp;</title>")));
    for second in [
        "<title>a < b</title>",
        "<title>Two",
        "<title>Fish & chips</title>",
    ] {
        assert!(is_damaged(&rss(second)), "{second}");
    }
    assert!(is_damaged(&rss("").replace("</channel></rss>", "")));
    assert!(is_damaged(&format!("<b>Warning</b>: x{}", rss(""))));
}

#[test]
fn a_feed_that_breaks_off_gives_what_is_whole() {
    let whole = rss("<title>Two</title>");
    for cut in [
        "</link><guid>3",
        "3</link><guid>3",
        "<![CDATA[Three",
        "hree]]>",
    ] {
        let at = whole.find(cut).unwrap();
        assert_eq!(addresses(&whole[..at]), ["/1", "/2"], "{cut}");
    }
    let at = whole.rfind("<guid>").unwrap();
    assert_eq!(addresses(&whole[..at]), ["/1", "/2", "/3"]);
    let json = r#"{"version":"https:\/\/jsonfeed.org\/version\/1","items":[{"id":1,"url":"/1"},
        {"id":2,"url":"/2","title":"Two"},{"id":3,"url":"/3","#;
    assert_eq!(addresses(json), ["/1", "/2"]);
    assert!(read(json.as_bytes()).unwrap().is_damaged);
    let broken = json.replace("\"Two\"", "Two\"") + "\"title\":\"Three\"}]}";
    assert_eq!(addresses(&broken), ["/1", "/3"]);
}

#[test]
fn what_stands_before_the_feed_and_its_version_do_not_matter() {
    let whole = rss("<title>Two</title>");
    for text in [
        format!(
            "<br />\n<b>Warning</b>:  Undefined index in <b>/a.php</b> on line <b>3</b><br />\n{whole}"
        ),
        format!("Notice: x < y & z\n\n{whole}"),
        format!("\u{feff}\n  {whole}"),
        format!("<!-- made by hand -->{whole}"),
        whole.replace("<rss version='2.0'>", "<rss>"),
        whole.replace("2.0", "2.0.1"),
        whole.replace("2.0", "0.94"),
        whole
            .replace("item", "ITEM")
            .replace("link>", "LINK>")
            .replace("rss", "RSS"),
        whole.replace("item", "Item").replace("link>", "Link>"),
        whole.replace("https://paper.example/", "paper.example/"),
        whole.replace("https://", "//"),
    ] {
        assert_eq!(addresses(&text), ["/1", "/2", "/3"], "{text}");
    }
}

#[test]
fn gzip_that_no_header_declares_is_read_also_if_it_breaks_off() {
    use std::io::Write;
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(rss("").as_bytes()).unwrap();
    let bytes = encoder.finish().unwrap();
    assert_eq!(read(&bytes).unwrap().entries.len(), 3);
    let cut = read(&bytes[..bytes.len() - 9]).unwrap();
    assert!(cut.entries.len() >= 2 && cut.is_damaged);
}

#[test]
fn the_address_for_readers_is_taken() {
    let item = |inner: &str| {
        format!(
            "<rss xmlns:atom='http://www.w3.org/2005/Atom' xmlns:r='urn:rdf'><item>{inner}</item></rss>"
        )
    };
    for inner in [
        "<link>https://feeds.example/~r/1</link><feedburner:origLink>/1</feedburner:origLink>",
        "<pheedo:origLink>/1</pheedo:origLink><link>https://feeds.example/~r/1</link>",
        "<atom:link href='/1'/>",
        "<atom:link rel='self' href='/api/1'/><atom:link rel='alternate' href='/1'/>",
        "<link/><guid>https://paper.example/1</guid>",
        "<link/><guid isPermaLink='true'>https://paper.example/1</guid>",
        "<media:group><media:title>x</media:title><link>/x</link></media:group><link>/1</link>",
    ] {
        assert_eq!(addresses(&item(inner)), ["/1"], "{inner}");
    }
    let about = "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/'>\
        <channel rdf:about='/'><items/></channel><item rdf:about='https://paper.example/1'><title>One</title></item></rdf:RDF>";
    assert_eq!(addresses(about), ["/1"]);
    for links in [
        "<link type='application/json' href='/1.json'/><link type='text/html' href='/1'/>",
        "<link rel='alternate' type='application/activity+json' href='/1.json'/><link href='/1'/>",
        "<link rel='enclosure' href='/1.mp3'/><id>https://paper.example/1</id>",
        "<link rel='self' href='/1.atom'/><link rel='alternate' type='application/xhtml+xml' href='/1'/>",
    ] {
        let atom =
            format!("<feed xmlns='http://www.w3.org/2005/Atom'><entry>{links}</entry></feed>");
        assert_eq!(addresses(&atom), ["/1"], "{links}");
    }
    let base = "<feed xmlns='http://www.w3.org/2005/Atom' xml:base='/news/'><entry xml:base='b/'><link href='1'/></entry></feed>";
    assert_eq!(addresses(base), ["/news/b/1"]);
}

#[test]
fn hostile_feeds_are_read_in_bounded_time() {
    let start = std::time::Instant::now();
    for piece in [
        "<![CDATA[",
        "<!--",
        "<?",
        "<!",
        "<a>",
        "<item>",
        "<item><title>",
        "<",
        "&",
        "</a>",
        "<a b='",
        "{",
    ] {
        let _ = read(format!("<rss>{}", piece.repeat(30_000)).as_bytes());
        let _ = read(piece.repeat(30_000).as_bytes());
    }
    let json = format!(
        "{{\"version\":\"jsonfeed.org\",\"items\":[{}",
        "{\"a\":x},".repeat(100_000)
    );
    let _ = read(json.as_bytes());
    assert!(start.elapsed().as_secs() < 20);
}

#[test]
fn a_feed_of_a_hundred_thousand_damaged_items_stays_within_its_limits_and_says_so() {
    let limits = Limits {
        sitemap_urls: 1_000,
        ..Limits::DEFAULT
    };
    let base = Url::parse("https://paper.example/feed").unwrap();
    let xml = format!(
        "<rss><channel>{}",
        "<item><link>/a & b<title>x < y".repeat(100_000)
    );
    let json = format!(
        "{{\"version\":\"https://jsonfeed.org/version/1.1\",\"items\":[{}",
        "{\"url\":\"/a\"},{\"url\":nothing},".repeat(100_000)
    );
    for text in [&xml, &json] {
        let feed = feed(text.as_bytes(), None, &base, &limits).unwrap();
        assert!(
            feed.is_damaged && feed.entries.len() <= 1_000,
            "{}",
            &text[..60]
        );
    }
    let feed_of = |items: usize| {
        let text = format!(
            "<rss><channel>{}</channel></rss>",
            "<item><link>/a</link></item>".repeat(items)
        );
        feed(text.as_bytes(), None, &base, &limits).unwrap()
    };
    assert!(feed_of(1_001).truncated && !feed_of(1_000).truncated);
    let large = vec![b' '; limits.feed_bytes + 1];
    assert!(feed(&large, None, &base, &limits).is_err());
}
