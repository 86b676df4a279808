//! The real address of a picture: pages that load pictures late keep it in other attributes than `src`, in
//! `srcset`, or in a `<noscript>`.

use crate::page::{Id, Tag, Tree};

/// Attributes that hold the address, before `src`.
const DATA: [&str; 9] = [
    "data-src",
    "data-original",
    "data-lazy-src",
    "data-lazy",
    "data-actualsrc",
    "data-hi-res-src",
    "data-orig-file",
    "data-image-src",
    "data-url",
];
/// Attributes that hold candidates.
const SETS: [&str; 4] = ["srcset", "data-srcset", "data-lazy-srcset", "data-src-set"];
/// Candidates beyond this many are not read.
const MOST: usize = 64;

/// A picture's address as the page states it.
pub(crate) fn address<'a>(tree: &Tree<'a>, image: Id) -> Option<&'a str> {
    let attr = |name: &&str| tree.attr(image, name).map(str::trim);
    let data = DATA
        .iter()
        .filter_map(attr)
        .find(|it| is_real(it) && looks_like_address(it));
    let src = attr(&"src").filter(|it| is_real(it));
    let set = || SETS.iter().filter_map(attr).find_map(largest);
    let picture = || {
        let parent = tree.parent(image);
        let sources = tree
            .children(parent)
            .filter(|&id| tree.tag(id) == Tag::Source);
        let mut sources = sources.filter(|_| tree.tag(parent) == Tag::Picture);
        sources.find_map(|id| {
            SETS.iter()
                .filter_map(|it| tree.attr(id, it))
                .find_map(largest)
        })
    };
    data.or(src).or_else(set).or_else(picture)
}

/// The largest candidate of a `srcset`.
fn largest(set: &str) -> Option<&str> {
    let mut rest = set.trim_start_matches([' ', '\n', '\t', ',']);
    let mut best: Option<(f64, &str)> = None;
    for _ in 0..MOST {
        let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
        let (address, after) = rest.split_at(end);
        let (address, descriptor, next) = if address.ends_with(',') {
            (address.trim_end_matches(','), "", after)
        } else {
            let (descriptor, next) = after.split_once(',').unwrap_or((after, ""));
            (address, descriptor.trim(), next)
        };
        let size = descriptor
            .trim_end_matches(['w', 'x', 'h'])
            .parse()
            .unwrap_or(1.0);
        if is_real(address) && best.is_none_or(|(known, _)| size > known) {
            best = Some((size, address));
        }
        rest = next.trim_start();
        if rest.is_empty() {
            break;
        }
    }
    best.map(|it| it.1)
}

fn looks_like_address(value: &str) -> bool {
    value.contains(['/', '.']) && !value.contains(['{', ' '])
}

/// True for an address that is no stand-in: inline data, a blank file, a spinner.
fn is_real(address: &str) -> bool {
    const STAND_INS: [&str; 14] = [
        "blank",
        "placeholder",
        "transparent",
        "spacer",
        "pixel",
        "clear",
        "empty",
        "loading",
        "loader",
        "lazy",
        "lazyload",
        "spinner",
        "grey",
        "gray",
    ];
    const FILLERS: [&str; 7] = ["", "1x1", "img", "image", "px", "bg", "gif"];
    if address.is_empty() || address.starts_with("data:") || address.starts_with("about:") {
        return false;
    }
    let path = address.split(['?', '#']).next().unwrap_or_default();
    let name = path.rsplit('/').next().unwrap_or_default();
    let stem = name
        .rsplit_once('.')
        .map_or(name, |it| it.0)
        .to_ascii_lowercase();
    let mut has_name = false;
    let mut parts = stem.split(|c: char| !c.is_ascii_alphanumeric());
    let is_stand_in = parts.all(|part| {
        let stands_in = STAND_INS.contains(&part) || part == "1x1";
        has_name |= stands_in;
        stands_in || FILLERS.contains(&part) || part.bytes().all(|it| it.is_ascii_digit())
    });
    !(is_stand_in && has_name)
}
