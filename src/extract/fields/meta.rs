//! `<meta>` elements by name: OpenGraph, `article:*`, Dublin Core, Parsely, Sailthru, Twitter cards,
//! Highwire's `citation_*`, microdata. The lists of names say which is believed first.

use std::collections::HashMap;

use crate::limits::Limits;

/// `<meta>` elements of one page that are kept.
const ELEMENTS: usize = 2_000;

/// Titles: made for sharing first, since they are the headline; page titles carry more.
pub(super) const TITLE: &[&str] = &[
    "og:title",
    "twitter:title",
    "parsely-title",
    "sailthru.title",
    "citation_title",
    "dc.title",
    "dcterms.title",
    "headline",
    "hdl",
    "title",
];

/// When the article was published, the names that mean nothing else first.
pub(super) const PUBLISHED: &[&str] = &[
    "article:published_time",
    "datepublished",
    "og:article:published_time",
    "article:published",
    "og:published_time",
    "parsely-pub-date",
    "sailthru.date",
    "cxenseparse:recs:publishtime",
    "citation_publication_date",
    "citation_online_date",
    "dc.date.issued",
    "dcterms.issued",
    "dcterms.created",
    "dc.date.created",
    "publish-date",
    "publish_date",
    "publishdate",
    "published_time",
    "publication_date",
    "publicationdate",
    "date.published",
    "article.published",
    "pubdate",
    "pubdt",
    "originalpublicationdate",
    "datecreated",
    "created",
    "article_date_original",
    "article:post_date",
    "shareaholic:article_published_time",
    "bt:pubdate",
    "rbpubdate",
    "prism.publicationdate",
    "weibo:article:create_at",
    "displaydate",
    "published",
    "published-date",
    "published_date",
    "publisheddate",
    "article:publish_date",
    "publication-date",
    "post_date",
    "citation_date",
    "video:release_date",
    "og:pubdate",
];

/// Some day of the page; of which event, the names do not say.
pub(super) const DATED: &[&str] = &[
    "dc.date",
    "dcterms.date",
    "date",
    "ptime",
    "timestamp",
    "release_date",
];

/// When it was changed.
pub(super) const MODIFIED: &[&str] = &[
    "article:modified_time",
    "datemodified",
    "og:article:modified_time",
    "og:updated_time",
    "article:modified",
    "article:updated_time",
    "dcterms.modified",
    "dc.date.modified",
    "lastmod",
    "last-modified",
    "last_modified",
    "modified",
    "updated_time",
    "utime",
    "revision_date",
    "date.modified",
    "updated",
];

/// Authors: names made for a machine first; `article:author` is often an address.
pub(super) const AUTHORS: &[&str] = &[
    "parsely-author",
    "sailthru.author",
    "citation_author",
    "byl",
    "article:author_name",
    "author",
    "article:author",
    "og:article:author",
    "dc.creator",
    "dcterms.creator",
    "dc.creator.author",
    "cxenseparse:author",
    "byline",
    "authors",
    "creator",
    "shareaholic:article_author_name",
    "rbauthors",
    "og:author",
    "book:author",
    "author_name",
    "auth",
];

/// The section of the paper.
pub(super) const SECTION: &[&str] = &[
    "article:section",
    "og:article:section",
    "parsely-section",
    "articlesection",
    "sailthru.section",
    "section",
    "cxenseparse:section",
    "article.section",
    "category",
    "dc.subject",
];

/// Keywords.
pub(super) const TAGS: &[&str] = &[
    "article:tag",
    "og:article:tag",
    "news_keywords",
    "parsely-tags",
    "sailthru.tags",
    "keywords",
    "dc.subject",
    "video:tag",
];

/// The standfirst or what stands in for it.
pub(super) const DESCRIPTION: &[&str] = &[
    "description",
    "og:description",
    "twitter:description",
    "sailthru.description",
    "dc.description",
    "dcterms.description",
    "dcterms.abstract",
];

/// The lead image.
pub(super) const IMAGE: &[&str] = &[
    "og:image:secure_url",
    "og:image",
    "og:image:url",
    "twitter:image",
    "twitter:image:src",
    "sailthru.image.full",
    "image",
    "thumbnail",
];

/// The name of the site.
pub(super) const SITE_NAME: &[&str] = &[
    "og:site_name",
    "application-name",
    "apple-mobile-web-app-title",
    "dc.publisher",
    "publisher",
    "citation_journal_title",
];

/// The language, where `<html lang>` is silent.
pub(super) const LANGUAGE: &[&str] = &[
    "content-language",
    "og:locale",
    "dc.language",
    "dcterms.language",
    "language",
    "inlanguage",
];

/// The contents of a page's `<meta>` elements, by lower-case name.
#[derive(Debug, Default)]
pub(super) struct Metas<'a> {
    by_name: HashMap<String, Vec<&'a str>>,
    count: usize,
}

impl<'a> Metas<'a> {
    /// Takes in one element by its attributes.
    pub(super) fn add(&mut self, attributes: impl Iterator<Item = (&'a str, &'a str)>) {
        let mut names = Vec::new();
        let mut content = None;
        for (key, value) in attributes {
            match key {
                "name" | "property" | "itemprop" | "http-equiv" => names.push(value),
                "content" => content = Some(value),
                "value" if content.is_none() => content = Some(value),
                _ => {}
            }
        }
        let Some(content) = content.filter(|it| !it.trim().is_empty()) else {
            return;
        };
        for name in names {
            if self.count < ELEMENTS && name.len() <= Limits::DEFAULT.field_chars {
                self.count += 1;
                let name = name.trim().to_ascii_lowercase();
                self.by_name.entry(name).or_default().push(content);
            }
        }
    }

    /// Every content of the names, in the order of the names.
    pub(super) fn all(&self, names: &[&str]) -> impl Iterator<Item = &'a str> {
        names
            .iter()
            .filter_map(|name| self.by_name.get(*name))
            .flatten()
            .copied()
    }

    /// The contents of the first of the names that the page has.
    pub(super) fn first(&self, names: &[&str]) -> &[&'a str] {
        names
            .iter()
            .find_map(|name| self.by_name.get(*name))
            .map_or(&[], Vec::as_slice)
    }

    /// The first content of one name.
    pub(super) fn get(&self, name: &str) -> Option<&'a str> {
        self.by_name.get(name)?.first().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_in_the_order_of_trust_whatever_their_case() {
        let mut metas = Metas::default();
        metas.add([("name", "Date"), ("content", "2023-12-24")].into_iter());
        metas.add(
            [
                ("content", "2023-12-22"),
                ("property", "article:Published_Time"),
            ]
            .into_iter(),
        );
        metas.add([("property", "og:title"), ("content", " ")].into_iter());
        let dates: Vec<&str> = metas.all(PUBLISHED).collect();
        assert_eq!(dates, ["2023-12-22"]);
        let vague: Vec<&str> = metas.all(DATED).collect();
        assert_eq!(vague, ["2023-12-24"]);
        assert!(metas.first(TITLE).is_empty());
    }

    #[test]
    fn no_more_elements_are_kept_than_the_bound() {
        let mut metas = Metas::default();
        for _ in 0..ELEMENTS * 2 {
            metas.add([("name", "author"), ("content", "x")].into_iter());
        }
        assert_eq!(metas.first(AUTHORS).len(), ELEMENTS);
    }
}
