//! One walk over the tree that collects everything the fields are read from. Decides nothing.

use crate::extract::fields::meta::Metas;
use crate::extract::fields::visible::Visible;
use crate::limits::Limits;
use crate::page::{Tag, Tree};

/// What a page contains for its fields, still as the page wrote it.
#[derive(Debug)]
pub(super) struct Scan<'p> {
    pub(super) metas: Metas<'p>,
    pub(super) visible: Visible<'p>,
    /// Blocks of JSON-LD.
    pub(super) json_ld: Vec<&'p str>,
    /// The first `<title>`.
    pub(super) title: Option<String>,
    /// `<html lang>`.
    pub(super) language: Option<&'p str>,
    /// `<link rel=canonical>`, in order.
    pub(super) canonical: Vec<&'p str>,
    /// `<link rel=image_src>` and microdata's `image`, in order.
    pub(super) images: Vec<&'p str>,
    /// The first `<link rel=next>`.
    pub(super) next: Option<&'p str>,
    pub(super) limits: &'p Limits,
}

impl<'p> Scan<'p> {
    /// Walks over the tree.
    pub(super) fn of(tree: &Tree<'p>, limits: &'p Limits) -> Scan<'p> {
        let mut scan = Scan {
            metas: Metas::default(),
            visible: Visible::new(tree, limits),
            json_ld: Vec::new(),
            title: None,
            language: None,
            canonical: Vec::new(),
            images: Vec::new(),
            next: None,
            limits,
        };
        for id in 0..tree.len() {
            match tree.tag(id) {
                Tag::Text | Tag::Root => {}
                Tag::Meta => {
                    scan.metas.add(tree.attrs(id), limits);
                    scan.visible.add(tree, id);
                }
                Tag::Script => scan.script(tree, id),
                Tag::Link => scan.link(tree, id),
                Tag::Title if scan.title.is_none() => scan.title = Some(tree.text(id)),
                Tag::Html => scan.language = tree.attr(id, "lang").or(tree.attr(id, "xml:lang")),
                _ => scan.visible.add(tree, id),
            }
        }
        scan
    }

    fn script(&mut self, tree: &Tree<'p>, id: usize) {
        let kind = tree.attr(id, "type").unwrap_or_default();
        let is_json_ld = kind.to_ascii_lowercase().contains("ld+json");
        if is_json_ld && self.json_ld.len() < self.limits.json_ld_blocks {
            self.json_ld
                .extend(tree.descendants(id).find_map(|it| tree.own_text(it)));
        }
    }

    fn link(&mut self, tree: &Tree<'p>, id: usize) {
        let rel = tree.attr(id, "rel").unwrap_or_default();
        let is = |name: &str| {
            rel.split_ascii_whitespace()
                .any(|it| it.eq_ignore_ascii_case(name))
        };
        if is("canonical") && self.canonical.len() < self.limits.list_items {
            self.canonical.extend(tree.attr(id, "href"));
        }
        if is("next") && self.next.is_none() {
            self.next = tree.attr(id, "href");
        }
        let is_image = is("image_src") || tree.attr(id, "itemprop") == Some("image");
        if is_image && self.images.len() < self.limits.list_items {
            self.images.extend(tree.attr(id, "href"));
        }
    }
}
