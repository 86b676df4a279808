//! Recognises the pages of forums, whose posts are no comments on an article: by what the page is declared
//! to be, by the software that has made it and by its own address. The words are data, in
//! `rules/threads.toml`.

use crate::extract::segment::threads::words::{Forums, forums};
use crate::page::{Id, Tag, Tree};

/// True if an element shows that the page is one of a forum.
pub(super) fn shows(tree: &Tree<'_>, id: Id) -> bool {
    let forums = forums();
    let attr = |name| tree.attr(id, name).unwrap_or_default();
    match tree.tag(id) {
        Tag::Html | Tag::Body => {
            let names = attr("class").split_ascii_whitespace().chain([attr("id")]);
            names.into_iter().any(|name| forums.names.contains(name))
        }
        Tag::Meta if attr("name") == "generator" => {
            let software = attr("content").to_ascii_lowercase();
            forums.software.iter().any(|it| software.contains(it))
        }
        Tag::Meta if attr("property") == "og:url" => is_address(forums, attr("content")),
        Tag::Link if attr("rel") == "canonical" => is_address(forums, attr("href")),
        Tag::Script => declares(forums, tree, id),
        _ => is_type(forums, attr("itemtype")),
    }
}

fn is_type(forums: &Forums, declared: &str) -> bool {
    let name = declared.rsplit('/').next().unwrap_or_default();
    forums.types.iter().any(|it| it == name)
}

/// True for data that calls the page a forum's, and nothing on it an article.
fn declares(forums: &Forums, tree: &Tree<'_>, script: Id) -> bool {
    let mut texts = tree.descendants(script).filter_map(|id| tree.own_text(id));
    texts.any(|text| {
        forums.types.iter().any(|it| text.contains(it.as_str())) && !text.contains("Article\"")
    })
}

/// True for the address of a thread: `forums.example/…`, `example/threads/…`, `example/viewtopic.php`.
fn is_address(forums: &Forums, address: &str) -> bool {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let path = rest.split(['?', '#']).next().unwrap_or_default();
    let mut segments = path.split('/');
    let host = segments.next().unwrap_or_default();
    let is_host = host
        .split(['.', '-'])
        .any(|label| forums.hosts.iter().any(|it| it == label));
    is_host
        || segments.any(|segment| {
            let name = segment.split_once('.').map_or(segment, |(name, _)| name);
            forums.segments.contains(name)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_threads_are_known() {
        for address in [
            "https://forums.kell.example/threads/ferry.12/",
            "https://kell.example/forum/ferry",
            "https://kell.example/viewtopic.php?t=4",
            "https://www.kell.example/showthread.php?t=1",
        ] {
            assert!(is_address(forums(), address), "{address}");
        }
        for address in [
            "https://kell.example/2026/11/forum-on-ferries-opens",
            "https://kell.example/topics/ferries/best-ferry",
            "https://news.kell.example/threadneedle-street",
        ] {
            assert!(!is_address(forums(), address), "{address}");
        }
    }
}
