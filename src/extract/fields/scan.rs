//! One walk over the tree that picks up everything the fields are made of. Decides nothing.

use crate::extract::fields::meta::Metas;
use crate::extract::fields::visible::Visible;
use crate::limits::Limits;
use crate::page::{Tag, Tree};

/// What a page holds for its fields, still as the page wrote it.
#[derive(Debug, Default)]
pub(super) struct Scan<'a> {
    pub(super) metas: Metas<'a>,
    pub(super) visible: Visible,
    /// Blocks of JSON-LD.
    pub(super) blocks: Vec<&'a str>,
    /// The first `<title>`.
    pub(super) title: Option<String>,
    /// `<html lang>`.
    pub(super) language: Option<&'a str>,
    /// `<link rel=canonical>`, in order.
    pub(super) canonical: Vec<&'a str>,
    /// `<base href>`.
    pub(super) base: Option<&'a str>,
}

impl<'a> Scan<'a> {
    /// Walks over the tree.
    pub(super) fn of(tree: &Tree<'a>) -> Scan<'a> {
        let mut scan = Scan {
            visible: Visible::on(tree),
            ..Scan::default()
        };
        for id in 0..tree.len() {
            match tree.tag(id) {
                Tag::Text | Tag::Root => {}
                Tag::Meta => {
                    scan.metas.add(tree.attrs(id));
                    scan.visible.add(tree, id);
                }
                Tag::Script => scan.script(tree, id),
                Tag::Link => scan.link(tree, id),
                Tag::Title if scan.title.is_none() => scan.title = Some(tree.text(id)),
                Tag::Html => scan.language = tree.attr(id, "lang").or(tree.attr(id, "xml:lang")),
                Tag::Other if scan.base.is_none() => scan.other(tree, id),
                _ => scan.visible.add(tree, id),
            }
        }
        scan
    }

    fn script(&mut self, tree: &Tree<'a>, id: usize) {
        let kind = tree.attr(id, "type").unwrap_or_default();
        let is_linked_data = kind.to_ascii_lowercase().contains("ld+json");
        if is_linked_data && self.blocks.len() < Limits::DEFAULT.json_ld_blocks {
            self.blocks
                .extend(tree.descendants(id).find_map(|it| tree.own_text(it)));
        }
    }

    fn link(&mut self, tree: &Tree<'a>, id: usize) {
        let rel = tree.attr(id, "rel").unwrap_or_default();
        let is_canonical = rel
            .split_ascii_whitespace()
            .any(|it| it.eq_ignore_ascii_case("canonical"));
        if is_canonical && self.canonical.len() < Limits::DEFAULT.list_items {
            self.canonical.extend(tree.attr(id, "href"));
        }
    }

    fn other(&mut self, tree: &Tree<'a>, id: usize) {
        let is_base = tree
            .element(id)
            .is_some_and(|it| it.value().name() == "base");
        if is_base {
            self.base = tree.attr(id, "href");
        } else {
            self.visible.add(tree, id);
        }
    }
}
