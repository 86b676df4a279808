//! What stands inside a heading and around it: its parts, a row of links to sections that it ends, a link
//! to the front page that it is.

use crate::extract::fields::visible::hints::names_kicker;
use crate::page::tree::fold_space;
use crate::page::{Id, Tag, Tree};

/// Parts of one heading that are read.
const MAX_PARTS: usize = 8;
/// Nodes of one heading that are read.
const MAX_NODES: usize = 60;
/// How far up a row of links is looked for.
const REACH: usize = 4;
/// A row of links to sections has no more nodes.
const ROW_NODES: usize = 80;

/// The texts of a heading, where it has several.
pub(super) fn parts(tree: &Tree<'_>, id: Id) -> Vec<String> {
    let texts: Vec<(Id, &str)> = texts(tree, id).take(MAX_PARTS + 1).collect();
    if !(2..=MAX_PARTS).contains(&texts.len()) {
        return Vec::new();
    }
    texts.iter().map(|(_, text)| fold_space(text)).collect()
}

/// How many of a heading's texts, from the first, stand in an element that a class calls a kicker.
pub(super) fn kicker_parts(tree: &Tree<'_>, id: Id) -> usize {
    let Some((first, _)) = texts(tree, id).next() else {
        return 0;
    };
    let mut above = tree.ancestors(first).take_while(|&it| it > id);
    let kicker = above.find(|&it| tree.attr(it, "class").is_some_and(names_kicker));
    kicker.map_or(0, |it| {
        let of_kicker = texts(tree, id).take_while(|(text, _)| tree.is_within(*text, it));
        of_kicker.count()
    })
}

/// The text nodes of a heading that are not white space.
fn texts<'t>(tree: &'t Tree<'_>, id: Id) -> impl Iterator<Item = (Id, &'t str)> {
    let texts = tree.descendants(id).take(MAX_NODES);
    let texts = texts.filter_map(|it| Some((it, tree.own_text(it)?)));
    texts.filter(|(_, text)| !text.trim().is_empty())
}

/// True where all of a heading is a link to the front page.
pub(super) fn is_home_link(tree: &Tree<'_>, id: Id) -> bool {
    let around = tree.ancestors(id).take(2);
    let inside = tree.descendants(id).take(MAX_NODES);
    let mut links = around.chain(inside).filter(|&it| tree.tag(it) == Tag::A);
    links.any(|link| {
        let mut texts = texts(tree, id).map(|(text, _)| text);
        tree.attr(link, "href").is_some_and(is_home) && texts.all(|it| tree.is_within(it, link))
    })
}

/// True for the address of a front page, perhaps that of a language.
fn is_home(href: &str) -> bool {
    let href = href.split(['?', '#']).next().unwrap_or_default().trim();
    // Archives put the address of a page behind their own.
    let path = match href.rfind("://").map(|at| &href[at + 3..]) {
        Some(rest) => rest.split_once('/').map_or("", |(_, path)| path),
        None => match href.strip_prefix("//") {
            Some(rest) => rest.split_once('/').map_or("", |(_, path)| path),
            None => href
                .strip_prefix('/')
                .unwrap_or(if href == "./" { "" } else { "-" }),
        },
    };
    let path = path.trim_end_matches('/');
    path.is_empty() || is_language(path) || path.starts_with("index.") && !path.contains('/')
}

/// True for `en`, `pt-br` and `pt_BR`.
fn is_language(path: &str) -> bool {
    let mut parts = path.split(['-', '_']);
    let is_code = |it: &str| it.len() == 2 && it.bytes().all(|it| it.is_ascii_alphabetic());
    path.len() <= 5 && parts.all(is_code)
}

/// True for a heading that ends a row of links to sections: 'Home > Culture > Museum opens'.
pub(super) fn is_in_breadcrumb(tree: &Tree<'_>, id: Id) -> bool {
    let near = std::iter::once(id).chain(tree.ancestors(id).take(REACH));
    let mut near = near.filter(|&it| tree.end(it) - it <= ROW_NODES);
    near.any(|it| tree.tag(it) == Tag::Nav || names_breadcrumb(tree, it)) || ends_row(tree, id)
}

fn names_breadcrumb(tree: &Tree<'_>, id: Id) -> bool {
    let names = |text: &str| text.to_ascii_lowercase().contains("breadcrumb");
    tree.attrs(id).any(|(key, value)| {
        let is_name = matches!(key, "class" | "id" | "aria-label" | "itemtype");
        names(key) || is_name && names(value)
    })
}

/// True where nothing but links precedes a heading in its row: one to the front page first, or each to a part of the
/// section before it.
fn ends_row(tree: &Tree<'_>, id: Id) -> bool {
    let parent = tree.parent(id);
    let row = if tree.tag(parent) == Tag::Li {
        tree.parent(parent)
    } else {
        parent
    };
    if id - row > ROW_NODES {
        return false;
    }
    let (mut links, mut link_end, mut is_path) = (Vec::new(), 0, false);
    for node in row + 1..id {
        if tree.tag(node) == Tag::A {
            let href = tree.attr(node, "href").unwrap_or_default();
            is_path |= links
                .last()
                .is_some_and(|it: &&str| it.len() > 1 && href.starts_with(*it));
            links.push(href);
            link_end = tree.end(node);
        } else if node >= link_end
            && tree
                .own_text(node)
                .is_some_and(|it| it.contains(char::is_alphanumeric))
        {
            return false;
        }
    }
    links.len() >= 2 && (is_path || is_home(links[0]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn front_pages_are_known_by_their_addresses() {
        for home in [
            "/",
            "https://quay.example",
            "https://quay.example/?utm=1",
            "//quay.example/",
            "/en/",
            "/pt-br",
            "/index.html",
        ] {
            assert!(is_home(home), "{home}");
        }
        assert!(is_home(
            "https://archive.example/web/2014/http://quay.example/"
        ));
        for other in [
            "/ferry",
            "https://quay.example/2026/ferry",
            "#top",
            "ferry.html",
            "/frame?id=1",
            "/a-b",
            "-",
            "/jump?to=https://quay.example/",
        ] {
            assert!(!is_home(other), "{other}");
        }
    }
}
