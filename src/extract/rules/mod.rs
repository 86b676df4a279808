//! The CSS rule packs: which elements of a page are not the article. Packs are data, in `rules/*.toml`, one
//! file a group. They are compiled once into an index by id, class and tag, and one walk over the tree
//! matches them all ([`index`]).
//!
//! A rule strips an element and its contents, unless these are most of the page's text: then the element is
//! a wrapper whose name only sounds like boilerplate, and the rule gives way. Rules marked `structural` have
//! no selectors: a detector of [`segment::structural`](crate::extract::segment::structural) applies them. It
//! has looked at the rest of the page, so that they do not give way.

pub mod credits;
pub mod index;
pub(in crate::extract) mod letter_pairs;
pub(in crate::extract) mod needles;
pub mod phrases;
mod selector_key;
pub mod site;

use std::sync::LazyLock;

use serde::Deserialize;

use credits::Credits;
use index::Index;
use phrases::Phrases;

macro_rules! packs {
    ($($name:literal),* $(,)?) => {
        /// The names and contents of the packs' files.
        const PACKS: &[(&str, &str)] = &[
            $(($name, include_str!(concat!("../../../rules/", $name, ".toml"))),)*
        ];
    };
}

packs!(
    "hidden",
    "navigation",
    "share",
    "comments",
    "related",
    "promo",
    "consent",
    "ads",
    "byline",
    "caption",
    "footer",
    "controls",
);

/// A pack as its file states it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Pack {
    group: Group,
    /// What the pack is for and what it must never catch, for readers of the file.
    #[serde(rename = "about")]
    _about: String,
    rule: Vec<RawRule>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRule {
    name: String,
    #[serde(default)]
    certain: bool,
    /// A detector applies the rule.
    #[serde(default)]
    structural: bool,
    #[serde(default)]
    select: Vec<String>,
}

/// What kind of boilerplate a rule strips.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Group {
    /// Not shown to readers.
    Hidden,
    /// Menus, breadcrumbs, page numbers, skip links.
    Navigation,
    /// Share, print and font-size buttons.
    Share,
    /// Comments and the prompts to log in to them.
    Comments,
    /// Related, recommended and most-read lists.
    Related,
    /// Newsletter, subscription, app and donation boxes.
    Promo,
    /// Cookie and consent banners.
    Consent,
    /// Advertisements.
    Ads,
    /// Authors, dates and places around the text.
    Byline,
    /// Captions of pictures, which have a role of their own.
    Caption,
    /// Page ends: tags, legal lines, contact.
    Footer,
    /// Forms, buttons, players and other things to operate.
    Controls,
    /// A source's own `strip` selectors.
    Site,
}

impl Group {
    /// The pack's name.
    pub fn name(self) -> &'static str {
        match self {
            Group::Hidden => "hidden",
            Group::Navigation => "navigation",
            Group::Share => "share",
            Group::Comments => "comments",
            Group::Related => "related",
            Group::Promo => "promo",
            Group::Consent => "consent",
            Group::Ads => "ads",
            Group::Byline => "byline",
            Group::Caption => "caption",
            Group::Footer => "footer",
            Group::Controls => "controls",
            Group::Site => "site",
        }
    }
}

/// One rule of the compiled set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// The rule's name, unique in its pack.
    pub name: String,
    /// The kind of boilerplate.
    pub group: Group,
    /// Strips an element whatever its score is.
    pub certain: bool,
    /// Applied by a detector, not by selectors; strips an element even if it holds most of the page's text.
    pub structural: bool,
}

/// Which rule applies to a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// No rule.
    Free,
    /// Stripped, by the rule with this index in [`Rules::rules`].
    Rule(u16),
    /// Stripped by a user's selector with this index in
    /// [`SiteRules::selectors`](site::SiteRules::selectors).
    Site(u16),
    /// Kept by a user's selector, whatever the rules say.
    Kept(u16),
}

/// The compiled rules.
#[derive(Debug)]
pub struct Rules {
    /// The rules; the index refers to them by number.
    pub rules: Vec<Rule>,
    /// The selectors of all rules.
    pub index: Index,
    /// Phrases that are boilerplate wherever they occur.
    pub phrases: Phrases,
    /// The words of picture credits.
    pub credits: Credits,
}

impl Rules {
    /// The number of the structural rule of this name.
    pub fn structural(&self, name: &str) -> Option<u16> {
        self.number(name)
            .filter(|&rule| self.rules[usize::from(rule)].structural)
    }

    /// True for the mark of a rule that is `certain`.
    pub fn is_certain(&self, mark: Mark) -> bool {
        matches!(mark, Mark::Rule(rule) if self.rules[usize::from(rule)].certain)
    }

    /// The number of the rule of this name.
    pub fn number(&self, name: &str) -> Option<u16> {
        let at = self.rules.iter().position(|rule| rule.name == name)?;
        u16::try_from(at).ok()
    }
}

/// The built-in packs, compiled on first use.
pub static BUILT_IN: LazyLock<Rules> = LazyLock::new(built_in);

fn built_in() -> Rules {
    let mut rules = Vec::new();
    let mut selectors = Vec::new();
    for (file, text) in PACKS {
        let pack: Pack = match toml::from_str(text) {
            Ok(pack) => pack,
            // The packs are compiled in and tested; a broken one strips nothing.
            Err(error) => {
                tracing::error!("rules/{file}.toml: {error}");
                continue;
            }
        };
        for raw in pack.rule {
            selectors.extend(
                raw.select
                    .into_iter()
                    .map(|selector| (selector, rules.len())),
            );
            rules.push(Rule {
                name: raw.name,
                group: pack.group,
                certain: raw.certain,
                structural: raw.structural,
            });
        }
    }
    Rules {
        rules,
        index: Index::compile(&selectors),
        phrases: Phrases::built_in(),
        credits: Credits::built_in(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pack_is_read_whole_and_every_selector_parses() {
        for (file, text) in PACKS {
            let pack: Pack = toml::from_str(text).unwrap_or_else(|error| panic!("{file}: {error}"));
            assert!(pack._about.contains("ust never catch"), "{file}");
            for rule in &pack.rule {
                assert_eq!(rule.structural, rule.select.is_empty(), "{}", rule.name);
                for selector in &rule.select {
                    assert!(
                        index::parse(selector).is_ok(),
                        "{file}: {}: {selector}",
                        rule.name
                    );
                }
            }
        }
    }

    #[test]
    fn every_rule_has_a_name_of_its_own() {
        let mut names: Vec<_> = BUILT_IN.rules.iter().map(|rule| &rule.name).collect();
        let all = names.len();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), all);
    }

    #[test]
    fn no_selector_has_to_be_tried_on_every_element() {
        assert_eq!(BUILT_IN.index.unkeyed(), Vec::<&str>::new());
    }
}
