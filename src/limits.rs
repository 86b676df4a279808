//! Every bound in the program, in one place. Pages, feeds and hosts may be hostile; each of these
//! numbers keeps one of them from costing unbounded memory or time. Bounds that users of the command
//! may change are keys of `config.toml` instead.

use std::time::Duration;

/// The bounds on what is read, parsed and stored.
///
/// Take the defaults and change what you need:
///
/// ```
/// let mut limits = newsprint::Limits::default();
/// limits.nodes = 20_000;
/// let extractor = newsprint::Extractor::builder().limits(limits).build();
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Steps of the tree builder through its stack of open elements on one page. Ordinary pages
    /// take some thousands; deep nesting makes them quadratic. Past it the page is parsed again
    /// with containers nested deeper than [`Limits::nesting`] left out.
    pub parse_steps: u64,
    /// Elements nested deeper than this are flattened on pages that exceed
    /// [`Limits::parse_steps`]. Browsers stop at 512.
    pub nesting: usize,
    /// Elements of one page; the rest of the page is not read. The largest news pages have some 15,000.
    pub nodes: usize,
    /// Attributes of all elements of one page; the rest of the page is not read. The largest news pages have
    /// some 50,000. Unclosed formatting elements are made anew in every paragraph, with all of theirs.
    pub attributes: usize,
    /// Blocks of text of one page, some 1 KB of features each; the rest of the page is left out. The
    /// largest news pages have some 3,000.
    pub blocks: usize,
    /// Bytes of one JSON-LD block; larger ones are passed over.
    pub json_ld_bytes: usize,
    /// JSON-LD blocks of one page.
    pub json_ld_blocks: usize,
    /// Characters of a title, a name, a tag or any other field but the text.
    pub field_chars: usize,
    /// Names or tags in one record.
    pub list_items: usize,
    /// Bytes of one feed.
    pub feed_bytes: usize,
    /// Bytes of one sitemap, decompressed (sitemaps.org: 50 MiB).
    pub sitemap_bytes: usize,
    /// Addresses of one sitemap (sitemaps.org: 50,000).
    pub sitemap_urls: usize,
    /// Levels of sitemap indexes.
    pub sitemap_depth: u8,
    /// Bytes of robots.txt that are read (RFC 9309, 2.5: at least 500 KiB).
    pub robots_bytes: usize,
    /// Bytes of the page that an error answer shows, which may be a bot check.
    pub error_page_bytes: usize,
    /// Bytes of a page in which a `<meta http-equiv=refresh>` is looked for.
    pub refresh_bytes: usize,
    /// Links taken from one page.
    pub page_links: usize,
    /// Pages of one article, with the first.
    pub joined_pages: usize,
    /// Characters of an address; longer ones are passed over.
    pub url_chars: usize,
    /// Bytes of one record of a WARC file; the payload of larger ones is cut.
    pub warc_record_bytes: usize,
    /// Time for reading one fetched or stored page, feed or sitemap; what takes longer is given up. Zero reads
    /// none. The largest news pages take some tenths of a second. An [`Extractor`](crate::Extractor) alone has
    /// no clock and keeps to the other bounds.
    pub read_time: Duration,
    /// Time for showing one page in a browser, the requests of its scripts at the pace of their hosts included; what
    /// stands there then is read.
    pub render_time: Duration,
    /// Requests of the scripts of one page that a browser shows; more are refused.
    pub render_requests: usize,
    /// Bytes that the scripts of one page are given, decompressed; when they have had so many, more requests are
    /// refused.
    pub render_bytes: usize,
}

impl Limits {
    /// The bounds that the program runs with; a caller may set others.
    pub const DEFAULT: Limits = Limits {
        parse_steps: 20_000_000,
        nesting: 256,
        nodes: 80_000,
        attributes: 1_000_000,
        blocks: 10_000,
        json_ld_bytes: 2 << 20,
        json_ld_blocks: 64,
        field_chars: 2_000,
        list_items: 100,
        feed_bytes: 10 << 20,
        sitemap_bytes: 50 << 20,
        sitemap_urls: 50_000,
        sitemap_depth: 3,
        robots_bytes: 500 << 10,
        error_page_bytes: 256 << 10,
        refresh_bytes: 256 << 10,
        page_links: 5_000,
        joined_pages: 10,
        url_chars: 2_000,
        warc_record_bytes: 32 << 20,
        read_time: Duration::from_secs(30),
        render_time: Duration::from_secs(60),
        render_requests: 100,
        render_bytes: 30 << 20,
    };
}

impl Default for Limits {
    fn default() -> Self {
        Limits::DEFAULT
    }
}
