//! `<meta>` elements by name: OpenGraph, `article:*`, Dublin Core, Parsely, Sailthru, Twitter cards,
//! Highwire's `citation_*`, microdata. The lists of names are in order of trust.

use std::collections::HashMap;

use crate::limits::Limits;

/// `<meta>` elements of one page that are read.
const ELEMENTS: usize = 2_000;

/// Titles: those made for sharing first, since they are the headline alone; page titles carry more.
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

/// The date of publication, the unambiguous names first.
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

/// Some date of the page; the names don't say of what.
pub(super) const DATED: &[&str] = &[
    "dc.date",
    "dcterms.date",
    "date",
    "ptime",
    "timestamp",
    "release_date",
];

/// The date of modification.
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

/// The standfirst or a substitute.
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

/// The name of the site, after `og:site_name` and JSON-LD.
pub(super) const SITE_NAME: &[&str] = &[
    "application-name",
    "apple-mobile-web-app-title",
    "dc.publisher",
    "publisher",
    "citation_journal_title",
];

/// The language, where `<html lang>` is missing.
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
    /// Adds an element with these attributes.
    pub(super) fn add(
        &mut self,
        attributes: impl Iterator<Item = (&'a str, &'a str)>,
        limits: &Limits,
    ) {
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
            if self.count < ELEMENTS && name.len() <= limits.field_chars {
                self.count += 1;
                let name = name.trim().to_ascii_lowercase();
                self.by_name.entry(name).or_default().push(content);
            }
        }
    }

    /// Every content of the names with its name, in the order of the names.
    pub(super) fn all<'m>(
        &'m self,
        names: &'static [&'static str],
    ) -> impl Iterator<Item = (&'static str, &'a str)> + use<'m, 'a> {
        names.iter().flat_map(|&name| {
            let contents = self.contents(name).iter();
            contents.map(move |&content| (name, content))
        })
    }

    /// The contents of one name.
    pub(super) fn contents(&self, name: &str) -> &[&'a str] {
        self.by_name.get(name).map_or(&[], Vec::as_slice)
    }

    /// The first content of one name.
    pub(super) fn get(&self, name: &str) -> Option<&'a str> {
        self.contents(name).first().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_in_the_order_of_trust_whatever_their_case() {
        let mut metas = Metas::default();
        metas.add(
            [("name", "Date"), ("content", "2023-12-24")].into_iter(),
            &Limits::DEFAULT,
        );
        metas.add(
            [
                ("content", "2023-12-22"),
                ("property", "article:Published_Time"),
            ]
            .into_iter(),
            &Limits::DEFAULT,
        );
        metas.add(
            [("property", "og:title"), ("content", " ")].into_iter(),
            &Limits::DEFAULT,
        );
        let dates: Vec<_> = metas.all(PUBLISHED).collect();
        assert_eq!(dates, [("article:published_time", "2023-12-22")]);
        let vague: Vec<_> = metas.all(DATED).collect();
        assert_eq!(vague, [("date", "2023-12-24")]);
        assert_eq!(metas.all(TITLE).next(), None);
    }

    #[test]
    fn no_more_elements_are_kept_than_the_bound() {
        let mut metas = Metas::default();
        for _ in 0..ELEMENTS * 2 {
            metas.add(
                [("name", "author"), ("content", "x")].into_iter(),
                &Limits::DEFAULT,
            );
        }
        assert_eq!(metas.all(AUTHORS).count(), ELEMENTS);
    }
}
