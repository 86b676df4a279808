//! Which ids, classes and attributes of a page are likely to stand on the site's other pages, too, and tomorrow:
//! names that a person has chosen, not those of one article, of a build or of a moment.

use std::fmt;

/// Longer names are made by programs.
const LONGEST: usize = 60;
/// So many digits in a row number something.
const NUMBER: usize = 3;
/// A part of letters and digits of at least this length is a hash.
const HASH: usize = 5;
/// Longer parts with capitals are words written together: `ArticleBodyText`.
const LONGEST_HASH: usize = 9;
/// A name of this length that stands in the page's address is the article's.
const SLUG: usize = 12;

/// What tools for style sheets put before the names that they make.
const GENERATED: [&str; 9] = [
    "css-",
    "sc-",
    "jsx-",
    "jss",
    "svelte-",
    "emotion-",
    "_ngcontent",
    "_nghost",
    "data-v-",
];
/// States that scripts set while the page is shown.
const STATES: [&str; 14] = [
    "active",
    "open",
    "opened",
    "closed",
    "visible",
    "hidden",
    "loaded",
    "lazyloaded",
    "lazyload",
    "loading",
    "selected",
    "expanded",
    "collapsed",
    "sticky",
];

/// Why a name may not last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doubt {
    /// It looks made by a tool.
    Generated,
    /// It has a number in it.
    Numbered,
    /// It is part of the page's address.
    OfThisPage,
    /// It names a state.
    State,
}

impl fmt::Display for Doubt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Doubt::Generated => "the name looks generated: the site's next release may change it",
            Doubt::Numbered => "the name has a number in it: it may be that of this page alone",
            Doubt::OfThisPage => {
                "the name is part of this page's address: it may be that of this page alone"
            }
            Doubt::State => "the name is that of a state, which scripts set and remove",
        })
    }
}

/// Why the name of an id, a class or an attribute's value may not last; `path` is that of the page's address.
pub(super) fn doubt(name: &str, path: &str) -> Option<Doubt> {
    let lower = name.to_ascii_lowercase();
    if path.len() >= SLUG && name.len() >= SLUG && path.to_ascii_lowercase().contains(&lower) {
        return Some(Doubt::OfThisPage);
    }
    if GENERATED.iter().any(|it| lower.starts_with(it)) || name.len() > LONGEST {
        return Some(Doubt::Generated);
    }
    if name
        .split(|c: char| !c.is_ascii_digit())
        .any(|it| it.len() >= NUMBER)
    {
        return Some(Doubt::Numbered);
    }
    if parts(name).any(is_hash) {
        return Some(Doubt::Generated);
    }
    let bare = lower
        .strip_prefix("is-")
        .or_else(|| lower.strip_prefix("js-"));
    let bare = bare.unwrap_or(&lower);
    STATES.contains(&bare).then_some(Doubt::State)
}

fn parts(name: &str) -> impl Iterator<Item = &str> {
    name.split(|c: char| !c.is_alphanumeric())
        .filter(|it| !it.is_empty())
}

/// True for letters and digits without order: `1x2y3z`, `bdVaJa`.
fn is_hash(part: &str) -> bool {
    if !part.is_ascii() || part.len() < HASH {
        return false;
    }
    let bytes = part.as_bytes();
    let kind = |byte: &u8| (byte.is_ascii_digit(), byte.is_ascii_uppercase());
    let changes = bytes.windows(2).filter(|pair| match pair {
        [a, b] => kind(a) != kind(b),
        _ => false,
    });
    let changes = changes.count();
    let has_digits = bytes.iter().any(u8::is_ascii_digit);
    // A number at the end counts: `column2`, `h2`. One in the middle does not.
    (has_digits && changes >= 2) || (bytes.len() < LONGEST_HASH && changes >= 3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chosen_names_last_and_made_ones_do_not() {
        for name in [
            "story-foot",
            "articleBody",
            "StoryBodyText",
            "newsletter_box",
            "col-md-6",
            "h2",
            "column2",
            "promo",
            "c-article__teaser--wide",
            "été",
            "m:hidden-x",
            "WSJTheme",
        ] {
            assert_eq!(doubt(name, "/news/a"), None, "{name}");
        }
        for (name, expected) in [
            ("css-1x2y3z", Doubt::Generated),
            ("sc-bdVaJa", Doubt::Generated),
            ("Story_foot__3kX9a", Doubt::Generated),
            ("a1b2c3d", Doubt::Generated),
            ("post-4711", Doubt::Numbered),
            ("is-active", Doubt::State),
            ("Lazyloaded", Doubt::State),
        ] {
            assert_eq!(doubt(name, "/news/a"), Some(expected), "{name}");
        }
        let path = "/news/the-ferry-returns-at-last.html";
        assert_eq!(
            doubt("the-ferry-returns-at-last", path),
            Some(Doubt::OfThisPage)
        );
    }
}
