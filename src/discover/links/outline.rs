//! A page's outline as links need it: which nodes are its frame (menus, footers), which are headings,
//! which tags are below each node, and which siblings are alike. Knows no language: it reads tags, roles,
//! and the names that style sheets use everywhere.

use crate::page::{Id, Tag, Tree};

/// Elements around a link that may be its card.
pub(super) const CLIMB: usize = 12;
/// The tags of headings.
pub(super) const HEADINGS: [Tag; 6] = [Tag::H1, Tag::H2, Tag::H3, Tag::H4, Tag::H5, Tag::H6];
/// Words in names of classes and ids of the frame.
const FRAME_NAMES: &[&str] = &[
    "nav",
    "navbar",
    "navigation",
    "menu",
    "footer",
    "breadcrumb",
    "breadcrumbs",
    "pagination",
    "pager",
    "tagcloud",
    "cookie",
    "consent",
    "social",
    "share",
    "sharing",
    "toolbar",
    "topbar",
    "legal",
    "copyright",
];
/// Roles of the frame (WAI-ARIA).
const FRAME_ROLES: &[&str] = &[
    "navigation",
    "contentinfo",
    "banner",
    "menu",
    "menubar",
    "search",
    "dialog",
    "alertdialog",
    "tablist",
    "toolbar",
];
/// Words in names of classes of headlines that are no heading elements.
const HEADLINE_NAMES: &[&str] = &["title", "headline", "heading"];
/// Siblings are alike where they have this share of their tags in common…
const ALIKE: f64 = 0.5;
/// …and this many siblings before and after are compared.
const NEAR: usize = 3;

/// What a node is of the page's frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// The page's content.
    Content,
    /// Beside it.
    Sidebar,
    /// Menus, header, footer.
    Menu,
}

/// The outline of a page.
pub(super) struct Outline<'t, 'p> {
    tree: &'t Tree<'p>,
    places: Vec<Place>,
    /// The tags of each subtree, a bit each.
    tags: Vec<u128>,
    previous: Vec<Id>,
    next: Vec<Id>,
    headline_classes: Vec<bool>,
}

fn bit(tag: Tag) -> u128 {
    1_u128.checked_shl(tag as u32).unwrap_or(0)
}

fn bits(tags: &[Tag]) -> u128 {
    tags.iter().fold(0, |bits, tag| bits | bit(*tag))
}

impl<'t, 'p> Outline<'t, 'p> {
    pub(super) fn new(tree: &'t Tree<'p>) -> Outline<'t, 'p> {
        let length = tree.len();
        let (mut tags, mut previous, mut next) =
            (vec![0_u128; length], vec![0; length], vec![0; length]);
        let mut last = vec![0; length];
        for (id, before) in previous.iter_mut().enumerate().skip(1) {
            if tree.own_text(id).is_none() {
                let last = &mut last[tree.parent(id)];
                next[*last] = id;
                *before = std::mem::replace(last, id);
            }
        }
        next[0] = 0;
        for id in (1..length).rev() {
            tags[id] |= match tree.tag(id) {
                Tag::Text | Tag::Other => 0,
                tag => bit(tag),
            };
            tags[tree.parent(id)] |= tags[id];
        }
        let headline_classes = tree.classes().iter().map(|it| has_word(it, HEADLINE_NAMES));
        let mut outline = Outline {
            tree,
            places: Vec::new(),
            tags,
            previous,
            next,
            headline_classes: headline_classes.collect(),
        };
        outline.places = outline.places();
        outline
    }

    pub(super) fn place(&self, id: Id) -> Place {
        self.places[id]
    }

    /// True where the subtree holds an element of one of these tags.
    pub(super) fn holds(&self, id: Id, tags: &[Tag]) -> bool {
        self.tags[id] & bits(tags) != 0
    }

    pub(super) fn holds_image(&self, id: Id) -> bool {
        self.holds(id, &[Tag::Img, Tag::Picture, Tag::Amp, Tag::Video])
    }

    /// True for heading elements, and for what roles, names and microdata make one.
    pub(super) fn is_heading(&self, id: Id) -> bool {
        let tree = self.tree;
        if tree.tag(id).heading_level().is_some() {
            return true;
        }
        let may_be = matches!(
            tree.tag(id),
            Tag::Div | Tag::P | Tag::Span | Tag::Strong | Tag::B | Tag::A | Tag::Dt | Tag::Td
        );
        may_be
            && (tree.class(id).is_some_and(|it| self.headline_classes[it])
                || tree.attr(id, "role") == Some("heading")
                || tree.attr(id, "itemprop") == Some("headline"))
    }

    /// The element before it among its siblings.
    pub(super) fn before(&self, id: Id) -> Option<Id> {
        Some(self.previous[id]).filter(|it| *it != 0)
    }

    /// The element after it among its siblings.
    pub(super) fn after(&self, id: Id) -> Option<Id> {
        Some(self.next[id]).filter(|it| *it != 0)
    }

    /// The siblings near it of the same tag and with much the same tags below.
    pub(super) fn alike(&self, id: Id) -> Vec<Id> {
        let is_alike = |other: &Id| {
            let (one, other_tags) = (self.tags[id], self.tags[*other]);
            let common = (one & other_tags).count_ones();
            let all = (one | other_tags).count_ones();
            self.tree.tag(*other) == self.tree.tag(id)
                && f64::from(common) >= ALIKE * f64::from(all)
        };
        // Between two of them may stand a rule or a picture.
        let hops = 2 * NEAR;
        let before = std::iter::successors(self.before(id), |it| self.before(*it)).take(hops);
        let after = std::iter::successors(self.after(id), |it| self.after(*it)).take(hops);
        let before = before.filter(is_alike).take(NEAR);
        before.chain(after.filter(is_alike).take(NEAR)).collect()
    }

    fn places(&self) -> Vec<Place> {
        let tree = self.tree;
        let frame_classes: Vec<bool> = tree
            .classes()
            .iter()
            .map(|it| has_word(it, FRAME_NAMES))
            .collect();
        let mut places = vec![Place::Content; tree.len()];
        for id in 1..tree.len() {
            let around = places[tree.parent(id)];
            places[id] = if around == Place::Menu {
                around
            } else {
                self.own_place(id, &frame_classes).unwrap_or(around)
            };
        }
        places
    }

    fn own_place(&self, id: Id, frame_classes: &[bool]) -> Option<Place> {
        let tree = self.tree;
        let inside = |tags: &[Tag]| {
            let mut above = tree.ancestors(id);
            above.any(|it| tags.contains(&tree.tag(it)))
        };
        // Cards have headers and footers of their own.
        let of_page = || !inside(&[Tag::Article, Tag::Main, Tag::Section, Tag::Li]);
        let role = tree.attr(id, "role");
        match tree.tag(id) {
            Tag::Text | Tag::Html | Tag::Body | Tag::Main | Tag::Article => None,
            Tag::Nav | Tag::Menu | Tag::Dialog => Some(Place::Menu),
            // The first headlines of a page may be in its header.
            Tag::Header if self.holds(id, &[Tag::H2, Tag::H3]) => None,
            Tag::Footer | Tag::Header if of_page() && !self.holds_content(id) => Some(Place::Menu),
            Tag::Aside => Some(Place::Sidebar),
            _ if role.is_some_and(|it| FRAME_ROLES.contains(&it)) && !self.holds_content(id) => {
                Some(Place::Menu)
            }
            _ if role == Some("complementary") => Some(Place::Sidebar),
            _ => {
                let is_named = tree.class(id).is_some_and(|it| frame_classes[it])
                    || tree
                        .attr(id, "id")
                        .is_some_and(|it| has_word(it, FRAME_NAMES));
                let is_small = (tree.end(id) - id) * 2 < tree.len();
                let is_frame = is_named
                    && is_small
                    && !self.holds_content(id)
                    && !self.holds(id, &[Tag::H2, Tag::H3]);
                is_frame.then_some(Place::Menu)
            }
        }
    }

    /// True for what is too much for a frame, whatever its name: layouts are called `with-menu`.
    fn holds_content(&self, id: Id) -> bool {
        self.holds(id, &[Tag::Main, Tag::Article])
            || (self.tree.end(id) - id) * 2 > self.tree.len().max(200)
    }
}

/// True where one of the words of a class or id is one of these.
fn has_word(name: &str, words: &[&str]) -> bool {
    name.split(|c: char| !c.is_ascii_alphanumeric())
        .any(|word| words.iter().any(|it| word.eq_ignore_ascii_case(it)))
}
