//! What a page says about its article: title, authors, dates, section, tags, language, image,
//! canonical address, access and opt-outs, from JSON-LD, `<meta>` and visible markup.

use url::Url;

use crate::article::{Access, Kind, Rights};
use crate::page::Tree;

/// The fields of a page, each `None` or empty where the page does not say.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Metadata {
    /// The headline, without the site's name.
    pub title: Option<String>,
    /// The meta description or JSON-LD's.
    pub description: Option<String>,
    /// One name each.
    pub authors: Vec<String>,
    /// RFC 3339, or a day alone.
    pub published: Option<String>,
    /// RFC 3339, or a day alone.
    pub modified: Option<String>,
    /// The section of the paper.
    pub section: Option<String>,
    /// Keywords.
    pub tags: Vec<String>,
    /// BCP 47.
    pub language: Option<String>,
    /// The site's name.
    pub site_name: Option<String>,
    /// Absolute URL.
    pub image: Option<String>,
    /// `rel=canonical`, absolute, where it plausibly names this article.
    pub canonical: Option<Url>,
    /// What the page says of paying.
    pub access: Option<Access>,
    /// Opt-outs.
    pub rights: Rights,
    /// The kind that the markup declares (JSON-LD `@type`, `og:type`); `None` where it is silent.
    pub declared_kind: Option<Kind>,
    /// JSON-LD's `articleBody`, where the page has one.
    pub article_body: Option<String>,
    /// `<base href>`, absolute.
    pub base: Option<Url>,
    /// Doubts, such as `date_from_url`.
    pub warnings: Vec<&'static str>,
}

/// Collects the fields. `x_robots_tag` holds the header's values, joined by commas.
pub fn collect(_tree: &Tree<'_>, _url: Option<&Url>, _x_robots_tag: Option<&str>) -> Metadata {
    Metadata::default()
}

/// Cleans names as a page or a selector gives them: one name each.
pub fn authors(raw: &[String]) -> Vec<String> {
    raw.to_vec()
}

/// Reads a date in any spelling: RFC 3339, or a day alone.
pub fn date(_raw: &str, _language: Option<&str>) -> Option<String> {
    None
}
