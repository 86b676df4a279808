//! The lead image. Content systems state the site's logo or a placeholder where an article has no picture of its
//! own, so those are taken only where nothing else is stated.

use std::borrow::Cow;

use url::Url;

use crate::extract::fields::candidate::{Candidate, Source};
use crate::extract::fields::sources::PageSources;
use crate::extract::fields::url::resolve;
use crate::extract::fields::{field_text, meta};
use crate::page::{Id, Tag, lazy};

/// Nodes after the headline among which the first picture is the article's.
const AFTER_HEADLINE: usize = 400;
/// A smaller picture, in CSS pixels, is an icon or a portrait.
const SMALLEST: u32 = 150;

/// What the page states, in order of trust, and last the picture below the headline.
pub(super) fn candidates<'p>(
    page: &'p PageSources<'_>,
    headline: Option<Id>,
) -> impl Iterator<Item = Candidate<'p>> {
    let linked = page.linked.images.iter();
    let linked = linked.map(|it| Candidate::borrowed(Source::JsonLd("image"), it));
    let stated = page.scan.images.iter();
    let stated = stated.map(|it| Candidate::borrowed(Source::Place("link rel=image_src"), it));
    let shown = headline.and_then(|headline| below(page, headline));
    let shown = shown.map(|it| Candidate::new(Source::Place("picture below the headline"), it));
    page.metas(meta::IMAGE)
        .chain(linked)
        .chain(stated)
        .chain(shown)
}

/// The first candidate that is a picture of something, else the first that is a picture at all.
pub(super) fn decide(page: &PageSources<'_>, headline: Option<Id>) -> Option<String> {
    let logo = page.linked.logo.as_deref();
    let logo = logo.and_then(|it| address(it, page));
    let mut second = None;
    for candidate in candidates(page, headline) {
        let Some(url) = address(&candidate.value, page) else {
            continue;
        };
        match worth(&url, logo.as_ref()) {
            Worth::Picture => return Some(url.into()),
            // Where only a logo is stated for machines, users of the record may want that.
            Worth::StandIn if !matches!(candidate.source, Source::Place(_)) => {
                second.get_or_insert(url);
            }
            Worth::StandIn | Worth::Nothing => {}
        }
    }
    second.map(Into::into)
}

/// An address as a page states it, made absolute.
fn address(raw: &str, page: &PageSources<'_>) -> Option<Url> {
    let raw: Cow<'_, str> = if raw.contains('&') {
        Cow::Owned(field_text::resolve_entities(raw))
    } else {
        Cow::Borrowed(raw)
    };
    resolve(&raw, page.base(), page.limits)
}

/// What a picture is worth, by its address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Worth {
    Picture,
    /// A logo or a placeholder.
    StandIn,
    /// A tracking pixel, a blank, or no file at all.
    Nothing,
}

/// Words in the names of files that show nothing of the article, also with more letters after them.
const STAND_INS: [&str; 13] = [
    "logo",
    "placeholder",
    "favicon",
    "sprite",
    "noimage",
    "noimg",
    "nophoto",
    "dummy",
    "avatar",
    "gravatar",
    "fallback",
    "brandmark",
    "userpic",
];
/// Folders of such files.
const FOLDERS: [&str; 10] = [
    "themes", "icon", "icons", "logo", "logos", "avatar", "avatars", "emoji", "smilies", "badges",
];
/// Words in the names of files that show nothing.
const NOTHING: [&str; 6] = ["1x1", "blank", "spacer", "pixel", "transparent", "clear"];
/// A number of so many digits names a picture, whatever else its name says.
const ID_DIGITS: usize = 5;

fn worth(url: &Url, logo: Option<&Url>) -> Worth {
    let path = url.path().trim_end_matches('/').to_ascii_lowercase();
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", &path));
    if name.is_empty() {
        // A script that sends pictures is told by its query which one.
        return url.query().map_or(Worth::Nothing, |_| Worth::Picture);
    }
    let stem = name.rsplit_once('.').map_or(name, |it| it.0);
    let words = || stem.split(|c: char| !c.is_ascii_alphanumeric());
    let is_number = |word: &str| word.bytes().all(|it| it.is_ascii_digit());
    let is_blank = words().all(|it| NOTHING.contains(&it) || is_number(it))
        && words().any(|it| NOTHING.contains(&it));
    if is_blank || name.ends_with(".ico") {
        return Worth::Nothing;
    }
    let is_own_logo = logo.is_some_and(|it| it.path() == url.path() && it.query() == url.query());
    let is_in_folder = folder.split('/').any(|it| FOLDERS.contains(&it));
    let has_id = words().any(|it| it.len() >= ID_DIGITS && is_number(it));
    let is_default = words().any(|it| it.starts_with("default")) && !has_id;
    let is_icon = words().any(|it| matches!(it, "icon" | "icons"));
    let is_named = words().any(|word| STAND_INS.iter().any(|it| word.starts_with(it)))
        || ["no-image", "no_image", "no-photo", "no_photo"]
            .iter()
            .any(|it| stem.contains(it));
    if is_own_logo || is_in_folder || is_default || is_icon || is_named || name.ends_with(".svg") {
        Worth::StandIn
    } else {
        Worth::Picture
    }
}

/// The first picture of a figure, or one that microdata names, soon after the headline.
fn below<'p>(page: &PageSources<'p>, headline: Id) -> Option<Cow<'p, str>> {
    let tree = page.tree;
    let start = tree.end(headline);
    let mut id = start;
    while id < tree.len().min(start + AFTER_HEADLINE) {
        match tree.tag(id) {
            Tag::Aside | Tag::Nav | Tag::Footer | Tag::Form => {
                id = tree.end(id);
                continue;
            }
            Tag::Img if is_of_article(page, id) => {
                if let Some(address) = lazy::address(tree, id) {
                    return Some(Cow::Borrowed(address));
                }
            }
            _ => {}
        }
        id += 1;
    }
    None
}

/// True for a picture that is no icon, in a figure or named by microdata.
fn is_of_article(page: &PageSources<'_>, id: Id) -> bool {
    let tree = page.tree;
    let side = |name| {
        tree.attr(id, name)
            .and_then(|it| it.trim().parse::<u32>().ok())
    };
    let is_small = ["width", "height"]
        .iter()
        .any(|it| side(it).is_some_and(|it| it < SMALLEST));
    let mut above = tree.ancestors(id).take(6);
    let is_figure = above.any(|it| tree.tag(it) == Tag::Figure);
    !is_small
        && (is_figure
            || tree
                .attr(id, "itemprop")
                .is_some_and(|it| it.contains("image")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_told_from_a_stand_in_by_its_address() {
        let of = |path: &str| {
            let logo = Url::parse("https://paper.example/brand/mark.png").unwrap();
            worth(
                &Url::parse(&format!("https://paper.example{path}")).unwrap(),
                Some(&logo),
            )
        };
        for path in [
            "/2026/ferry.jpg",
            "/sites/default/files/ferry.jpg",
            "/i/maxresdefault.jpg",
            "/image?id=7",
            "/?uuid=0ce01dba&type=preview",
            "/storage/3599595_default_1vW4.jpg",
            "/a/clear-skies-1200.webp",
            "/a/iconic-ferry.jpg",
        ] {
            assert_eq!(of(path), Worth::Picture, "{path}");
        }
        for path in [
            "/brand/mark.png",
            "/img/logo.png",
            "/img/Site-Logo_1200x630.png",
            "/img/logo2026.jpg",
            "/og-default.jpg",
            "/placeholder.webp",
            "/wp-content/themes/daily/share.jpg",
            "/apple-touch-icon.png",
            "/ferry.svg",
            "/data/avatar/529-h.webp",
            "/apple-icon.png",
            "/FaviconApp.png",
            "/img/facebook_default_thumb.gif",
        ] {
            assert_eq!(of(path), Worth::StandIn, "{path}");
        }
        for path in [
            "/1x1.gif",
            "/t/pixel.png",
            "/blank-1.gif",
            "/favicon.ico",
            "/",
        ] {
            assert_eq!(of(path), Worth::Nothing, "{path}");
        }
    }
}
