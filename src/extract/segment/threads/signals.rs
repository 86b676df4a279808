//! What the nodes of a page say of comments: names, times, buttons, votes, authors, forms. They are counted
//! up to each node, so that the counts of any range are a subtraction.

use memchr::memchr2_iter;

use crate::extract::segment::threads::forum;
use crate::extract::segment::threads::words::{NameSigns, Naming, of_label, of_name};
use crate::page::{AttrNames, Id, Tag, Tree};

/// Parts of addresses of users' pages: how a segment begins, and how the name of a parameter ends.
const PROFILES: [&str; 6] = ["user", "profil", "member", "people/", "u/", "account"];
const USER_PARAMETERS: [&str; 2] = ["userid", "uid"];
/// Parts of the addresses of users' pictures.
const AVATARS: [&str; 3] = ["avatar", "gravatar", "userpic"];
/// Bytes of an address that are read.
const ADDRESS: usize = 300;
/// Numbers of signs in a range of nodes.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Count {
    /// Dates, times of day and ages.
    pub(super) times: u32,
    /// Buttons to answer or report.
    pub(super) actions: u32,
    /// Votes.
    pub(super) votes: u32,
    /// Names, pictures and profiles of users.
    pub(super) authors: u32,
    /// Elements that are named after comments.
    pub(super) names: u32,
    /// Fields to write into.
    pub(super) forms: u32,
    /// Bodies of articles.
    pub(super) bodies: u32,
}

impl Count {
    /// Signs that come at least once with each comment.
    pub(super) fn signs(self) -> u32 {
        self.times + self.actions + self.authors + self.names
    }

    fn add_name(&mut self, signs: NameSigns, tag: Tag) {
        self.names += u32::from(signs.naming != Naming::None && tag != Tag::A);
        self.authors += u32::from(signs.author);
        self.actions += u32::from(signs.control && matches!(tag, Tag::A | Tag::Button));
        self.bodies += u32::from(signs.body);
    }
}

/// The signs of a page.
pub(super) struct Signals {
    /// Counts up to each node; one more than there are nodes.
    sums: Vec<Count>,
    /// The nodes with a sign.
    pub(super) places: Vec<Id>,
    /// How surely each element is named after comments, and whether any is.
    pub(super) namings: Vec<Naming>,
    pub(super) has_names: bool,
    /// Texts that are headings of threads; true where they hold a number.
    pub(super) headings: Vec<(Id, bool)>,
    /// Texts that ask for comments or count them.
    pub(super) prompts: Vec<Id>,
    /// The page is one of a forum.
    pub(super) is_forum: bool,
    /// For words, one at a time.
    buffer: String,
}

impl Signals {
    pub(super) fn new(tree: &Tree<'_>) -> Signals {
        let mut buffer = String::new();
        let classes = tree.classes().iter();
        let of_class: Vec<_> = classes.map(|it| of_name(it, &mut buffer)).collect();
        let mut signals = Signals {
            sums: Vec::with_capacity(tree.len() + 1),
            places: Vec::new(),
            namings: Vec::with_capacity(tree.len()),
            has_names: false,
            headings: Vec::new(),
            prompts: Vec::new(),
            is_forum: false,
            buffer,
        };
        let (mut sum, mut skipped) = (Count::default(), 0);
        for id in 0..tree.len() {
            signals.sums.push(sum);
            let before = sum.signs();
            let mut signs = tree.class(id).map(|it| of_class[it]).unwrap_or_default();
            let tag = tree.tag(id);
            if tag == Tag::Text {
                if id >= skipped && tree.text_bytes(id) > 0 {
                    signals.add_text(tree, id, &mut sum);
                }
            } else if tag == Tag::Script {
                signals.is_forum |= forum::shows(tree, id);
                skipped = skipped.max(tree.end(id));
            } else if id >= skipped {
                signals.add_element(tree, id, &mut signs, &mut sum);
                sum.add_name(signs, tag);
                if tag == Tag::Time {
                    skipped = tree.end(id);
                }
            }
            if sum.signs() > before {
                signals.places.push(id);
            }
            signals.has_names |= signs.naming != Naming::None;
            signals.namings.push(signs.naming);
        }
        signals.sums.push(sum);
        signals
    }

    /// The signs of the whole page.
    pub(super) fn all(&self) -> Count {
        self.sums.last().copied().unwrap_or_default()
    }

    /// The signs of the nodes from one up to another.
    pub(super) fn between(&self, from: Id, to: Id) -> Count {
        let (before, after) = (self.sums[from], self.sums[to]);
        Count {
            times: after.times - before.times,
            actions: after.actions - before.actions,
            votes: after.votes - before.votes,
            authors: after.authors - before.authors,
            names: after.names - before.names,
            forms: after.forms - before.forms,
            bodies: after.bodies - before.bodies,
        }
    }

    fn add_text(&mut self, tree: &Tree<'_>, id: Id, sum: &mut Count) {
        let text = tree.own_text(id).unwrap_or_default();
        let signs = of_label(text, &mut self.buffer);
        sum.times += u32::from(signs.time);
        sum.actions += u32::from(signs.action);
        sum.votes += u32::from(signs.vote);
        if !signs.prompt && !signs.heading {
            return;
        }
        let has_number = text.contains(|c: char| c.is_ascii_digit());
        // A single word without a number may be a heading of the article.
        if signs.prompt && (has_number || text.trim().contains(' ')) {
            self.prompts.push(id);
        }
        if signs.heading {
            self.headings.push((id, has_number));
        }
    }

    fn add_element(&mut self, tree: &Tree<'_>, id: Id, signs: &mut NameSigns, sum: &mut Count) {
        let tag = tree.tag(id);
        match tag {
            Tag::Time => sum.times += 1,
            Tag::Textarea => sum.forms += 1,
            Tag::Html | Tag::Body | Tag::Meta | Tag::Link => {
                self.is_forum |= forum::shows(tree, id);
            }
            _ => {}
        }
        if !tree.attr_names(id).may_share(read_of(tag)) {
            return;
        }
        for (key, value) in tree.attrs(id) {
            match key {
                "id" => {
                    let own = of_name(value, &mut self.buffer);
                    signs.naming = signs.naming.max(own.naming);
                }
                "href" if tag == Tag::A => sum.authors += u32::from(is_profile(value)),
                "src" | "data-src" if tag == Tag::Img => {
                    sum.authors += u32::from(is_avatar(value));
                }
                "contenteditable" => sum.forms += 1,
                "itemprop" if value == "comment" => signs.naming = Naming::Sure,
                "itemtype" => {
                    let is_comment =
                        value.ends_with("/Comment") || value.ends_with("/UserComments");
                    signs.naming = signs.naming.max(if is_comment {
                        Naming::Sure
                    } else {
                        Naming::None
                    });
                    self.is_forum |= forum::shows(tree, id);
                }
                _ => {}
            }
        }
    }
}

/// The attributes with signs: most elements have none of them.
fn read_of(tag: Tag) -> AttrNames {
    const ALL: AttrNames = AttrNames::of("id")
        .with(AttrNames::of("contenteditable"))
        .with(AttrNames::of("itemprop"))
        .with(AttrNames::of("itemtype"));
    const OF_LINKS: AttrNames = ALL.with(AttrNames::of("href"));
    const OF_PICTURES: AttrNames = ALL
        .with(AttrNames::of("src"))
        .with(AttrNames::of("data-src"));
    match tag {
        Tag::A => OF_LINKS,
        Tag::Img => OF_PICTURES,
        _ => ALL,
    }
}

/// The part of an address that is read.
fn readable(address: &str) -> &str {
    let address = address.get(..ADDRESS).unwrap_or(address);
    if address.len() <= ADDRESS {
        address
    } else {
        ""
    }
}

/// True for the address of a user's page.
fn is_profile(address: &str) -> bool {
    let address = readable(address);
    memchr2_iter(b'/', b'=', address.as_bytes()).any(|at| {
        let (before, after) = (&address[..at], &address[at + 1..]);
        if address.as_bytes()[at] == b'=' {
            USER_PARAMETERS.iter().any(|it| before.ends_with(it))
        } else {
            PROFILES.iter().any(|it| after.starts_with(it))
        }
    })
}

/// True for the address of a user's picture.
fn is_avatar(address: &str) -> bool {
    let address = readable(address);
    AVATARS.iter().any(|part| address.contains(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_users_pages_are_known() {
        for address in [
            "/users/grete",
            "https://kell.example/profile/4",
            "/profil.php?x=1",
            "/u/grete",
            "/viewprofile?userid=4",
            "?uid=4",
            "/my/account",
        ] {
            assert!(is_profile(address), "{address}");
        }
        let long = format!("/{}/user/4", "a".repeat(ADDRESS));
        for address in [
            "/2026/11/ferry",
            "/people",
            "/uu/x",
            "?id=4",
            "user/4",
            "",
            &long,
        ] {
            assert!(!is_profile(address), "{address}");
        }
    }
}
