//! The nodes of all blocks, and which of them is the page's article.

use std::collections::HashMap;

use serde_json::Value;

use crate::article::Access;
use crate::extract::fields::field_text;
use crate::extract::fields::json_ld::types::{NodeClass, class, has_type, kind};
use crate::extract::fields::json_ld::values::{Object, access, keywords, many, text};
use crate::extract::fields::json_ld::{LinkedData, PageNames, url_key};
use crate::limits::Limits;

/// Keys that lead from a node to nodes of the same page.
const INWARD: [&str; 3] = ["@graph", "mainEntity", "mainEntityOfPage"];
/// Nodes of one page that are read.
const NODES: usize = 20_000;
/// Lists within lists of authors are read to this depth.
const NESTING: usize = 4;
/// A page with more articles than this, none of which names it, is a list.
const FEW_ARTICLES: usize = 2;

/// The nodes of all blocks.
#[derive(Debug)]
pub(super) struct Graph<'v> {
    nodes: Vec<&'v Object>,
    by_id: HashMap<&'v str, &'v Object>,
    limits: &'v Limits,
}

impl<'v> Graph<'v> {
    pub(super) fn new(limits: &'v Limits) -> Graph<'v> {
        Graph {
            nodes: Vec::new(),
            by_id: HashMap::new(),
            limits,
        }
    }

    /// Adds a value and the nodes that it leads to. The parser bounds the depth (128).
    pub(super) fn add(&mut self, value: &'v Value) {
        match value {
            Value::Array(items) => items.iter().for_each(|item| self.add(item)),
            Value::Object(object) if self.nodes.len() < NODES => {
                self.nodes.push(object);
                if object.len() > 1
                    && let Some(id) = object.get("@id").and_then(Value::as_str)
                {
                    self.by_id.entry(id).or_insert(object);
                }
                for key in INWARD {
                    if let Some(inner) = object.get(key) {
                        self.add(inner);
                    }
                }
            }
            _ => {}
        }
    }

    /// What the nodes state about this page: its article first, then the page itself, then the site.
    pub(super) fn describe(&self, page: &PageNames) -> LinkedData {
        let main = self.main(page);
        let mut data = main.map(|node| self.article(node)).unwrap_or_default();
        let pages = self.nodes.iter();
        for node in pages.filter(|it| class(it) == Some(NodeClass::Page)) {
            self.add_page(&mut data, node);
        }
        if data.breadcrumbs.is_empty() {
            let list = self.nodes.iter().find(|it| has_type(it, "breadcrumblist"));
            let names = list.map(|list| self.breadcrumb_names(list));
            data.breadcrumbs = names.unwrap_or_default();
        }
        let sites = ["website", "newsmediaorganization", "organization"];
        let sites = sites.iter().filter_map(|name| {
            let site = self.nodes.iter().find(|it| has_type(it, name))?;
            text(site.get("name"))
        });
        data.sites = sites.collect();
        if data.publisher.is_none() {
            data.publisher = data.sites.first().cloned();
        }
        data
    }

    /// Fills in what a page's node states and nothing has stated yet.
    fn add_page(&self, data: &mut LinkedData, node: &'v Object) {
        let fill = |field: &mut Option<String>, key: &str| {
            if field.is_none() {
                *field = text(node.get(key));
            }
        };
        fill(&mut data.page_published, "datePublished");
        fill(&mut data.page_modified, "dateModified");
        fill(&mut data.language, "inLanguage");
        fill(&mut data.description, "description");
        if data.access_of_parts.is_none() {
            let of_page = node.get("isAccessibleForFree").and_then(access);
            data.access_of_parts = self.access_of_parts(node.get("hasPart")).or(of_page);
        }
        data.kind = data.kind.or_else(|| kind(node));
        if data.breadcrumbs.is_empty() {
            data.breadcrumbs = self.breadcrumbs(node.get("breadcrumb"));
        }
    }

    /// The article of the page: the node of the highest class that identifies the page best; none
    /// where several articles are listed and none identifies it.
    fn main(&self, page: &PageNames) -> Option<&'v Object> {
        let mut best: Option<(&'v Object, (bool, NodeClass, u8))> = None;
        let mut articles = 0;
        for &node in &self.nodes {
            let Some(class) = class(node).filter(|&it| it > NodeClass::Page) else {
                continue;
            };
            articles += usize::from(class == NodeClass::Article);
            let match_score = self.match_score(node, page);
            // A video that identifies the page is still part of an article that doesn't.
            let rank = (
                class == NodeClass::Article || match_score > 0,
                class,
                match_score,
            );
            if best.is_none_or(|(_, highest)| rank > highest) {
                best = Some((node, rank));
            }
        }
        let (node, (_, class, match_score)) = best?;
        let is_listed = articles > FEW_ARTICLES && match_score == 0;
        let is_loose = class == NodeClass::Media && match_score == 0;
        (!is_listed && !is_loose).then_some(node)
    }

    /// How strongly a node identifies the page: by URL, by headline.
    fn match_score(&self, node: &Object, page: &PageNames) -> u8 {
        let keys = ["url", "@id", "mainEntityOfPage"];
        let mut known = keys.iter().filter_map(|key| {
            let value = node.get(*key)?;
            let url = value.as_str().or_else(|| {
                let inner = value.as_object()?;
                inner.get("@id").or_else(|| inner.get("url"))?.as_str()
            })?;
            Some(url_key(url))
        });
        let by_url = known.any(|key| !key.is_empty() && page.urls.contains(&key));
        let headline = text(node.get("headline")).or_else(|| text(node.get("name")));
        let by_headline = headline.is_some_and(|headline| {
            let head: String = headline.chars().take(self.limits.field_chars).collect();
            let clean = field_text::clean(&head, self.limits);
            let plain = clean.map(|it| field_text::plain(&it)).unwrap_or_default();
            !plain.is_empty() && page.titles.iter().any(|title| title.starts_with(&plain))
        });
        u8::from(by_url) * 2 + u8::from(by_headline) * 2
    }

    fn article(&self, node: &'v Object) -> LinkedData {
        let get = |key: &str| node.get(key);
        let authors = self.names(node);
        let organisations = self.organisations(node);
        LinkedData {
            organisations,
            headline: text(get("headline")).or_else(|| text(get("name"))),
            description: text(get("description")),
            authors,
            published: text(get("datePublished"))
                .or_else(|| text(get("uploadDate")))
                .or_else(|| text(get("dateCreated"))),
            modified: text(get("dateModified")),
            section: text(get("articleSection")),
            tags: keywords(get("keywords"), self.limits.list_items),
            images: self.images(node),
            publisher: get("publisher").and_then(|it| self.name(it)),
            logo: self.logo(get("publisher")),
            language: text(get("inLanguage")),
            access: get("isAccessibleForFree").and_then(access),
            access_of_parts: self.access_of_parts(get("hasPart")),
            body: text(get("articleBody")),
            kind: kind(node),
            ..LinkedData::default()
        }
    }

    /// Who may read the parts of an article: one that is paid for makes it an article that is.
    fn access_of_parts(&self, parts: Option<&'v Value>) -> Option<Access> {
        let parts = many(parts).take(self.limits.list_items);
        let parts = parts.filter_map(|it| {
            let own = it.as_object()?;
            let part = self.resolve(own).unwrap_or(own);
            // Articles and pictures of a collection say nothing about the text.
            let is_other = class(part).is_some() || has_type(part, "imageobject");
            part.get("isAccessibleForFree")
                .filter(|_| !is_other)
                .and_then(access)
        });
        parts.max_by_key(|it| match it {
            Access::Free => 0,
            Access::Metered => 1,
            Access::Paywalled => 2,
        })
    }

    /// The authors that are organisations.
    fn organisations(&self, node: &'v Object) -> Vec<String> {
        let authors = many(node.get("author")).take(self.limits.list_items);
        let organisations = authors.filter(|it| {
            let object = it.as_object();
            let node = object.map(|own| self.resolve(own).unwrap_or(own));
            node.is_some_and(|it| {
                has_type(it, "organization") || has_type(it, "newsmediaorganization")
            })
        });
        organisations.filter_map(|it| self.name(it)).collect()
    }

    /// The names of the authors, each as its node states it.
    fn names(&self, node: &'v Object) -> Vec<String> {
        let mut names = Vec::new();
        for key in ["author", "creator"] {
            if let Some(value) = node.get(key) {
                self.add_names(value, NESTING, &mut names);
            }
            if !names.is_empty() {
                break;
            }
        }
        names
    }

    /// Adds the names of persons and organisations: strings, nodes, references, lists of these.
    fn add_names(&self, value: &'v Value, nesting: usize, names: &mut Vec<String>) {
        if nesting == 0 || names.len() >= self.limits.list_items {
            return;
        }
        match value {
            Value::Array(items) => {
                for item in items {
                    self.add_names(item, nesting - 1, names);
                }
            }
            Value::Object(object) => {
                // A list, a role that a person plays, a node with several names.
                let mut inner = ["@list", "@set", "author", "creator"].into_iter();
                let inner = inner.find_map(|key| object.get(key));
                let several = object.get("name").filter(|it| it.is_array());
                match (self.name(value), several, inner) {
                    (_, Some(several), _) => self.add_names(several, nesting - 1, names),
                    (Some(name), ..) => names.push(name),
                    (None, None, Some(inner)) => self.add_names(inner, nesting - 1, names),
                    _ => {}
                }
            }
            _ => names.extend(self.name(value)),
        }
    }

    /// The name of a person or an organisation: a string, a node, or a reference to one.
    fn name(&self, value: &Value) -> Option<String> {
        match value {
            Value::String(name) => {
                let referred = self.by_id.get(name.as_str());
                let referred = referred.and_then(|it| text(it.get("name")));
                Some(referred.unwrap_or_else(|| name.clone()))
            }
            Value::Array(items) => items.iter().find_map(|item| self.name(item)),
            Value::Object(object) => {
                let own = text(object.get("name")).or_else(|| {
                    let given = text(object.get("givenName"))?;
                    Some(format!("{given} {}", text(object.get("familyName"))?))
                });
                own.or_else(|| text(self.resolve(object)?.get("name")))
            }
            _ => None,
        }
    }

    /// The addresses of an article's pictures: the main ones, then thumbnails.
    fn images(&self, node: &'v Object) -> Vec<String> {
        let keys = ["image", "primaryImageOfPage", "thumbnailUrl", "thumbnail"];
        let values = keys.iter().flat_map(|key| many(node.get(*key)));
        let urls = values.filter_map(|it| self.image_url(it));
        urls.take(self.limits.list_items).collect()
    }

    /// The address of a picture: a string, a node, a reference to one, or the first of several.
    fn image_url(&self, value: &Value) -> Option<String> {
        let url = |it: &Object| text(it.get("url")).or_else(|| text(it.get("contentUrl")));
        match value {
            Value::String(url) => Some(url.clone()),
            Value::Array(items) => items.iter().find_map(|item| self.image_url(item)),
            Value::Object(object) => {
                let stated = url(object).or_else(|| url(self.resolve(object)?));
                // The `@id` of a picture that is described nowhere is its address.
                stated.or_else(|| {
                    let id = object.get("@id")?.as_str()?;
                    let is_file = id.rsplit('/').next().is_some_and(|name| name.contains('.'));
                    (is_file && !id.contains('#')).then(|| id.to_owned())
                })
            }
            _ => None,
        }
    }

    /// The picture of a publisher.
    fn logo(&self, publisher: Option<&Value>) -> Option<String> {
        let own = publisher?.as_object()?;
        let node = self.resolve(own).unwrap_or(own);
        self.image_url(node.get("logo")?)
    }

    /// The node that an object refers to by its `@id`.
    fn resolve(&self, object: &Object) -> Option<&'v Object> {
        self.by_id.get(object.get("@id")?.as_str()?).copied()
    }

    fn breadcrumbs(&self, value: Option<&Value>) -> Vec<String> {
        let Some(list) = value.and_then(Value::as_object) else {
            return Vec::new();
        };
        self.breadcrumb_names(self.resolve(list).unwrap_or(list))
    }

    fn breadcrumb_names(&self, list: &Object) -> Vec<String> {
        many(list.get("itemListElement"))
            .take(self.limits.list_items)
            .filter_map(|it| {
                let item = it.as_object()?;
                text(item.get("name")).or_else(|| text(item.get("item")?.get("name")))
            })
            .collect()
    }
}
