//! Checks rules against stored pages: which selectors no longer match, and which `strip` selectors remove
//! article text.

use std::collections::{HashMap, HashSet};

use crate::canonical::digest;
use crate::extract::SiteRules;
use crate::extract::selector_report::SelectorReport;
use crate::page::text::plain;
use crate::selectors::{SelectorKey, UserSelector};

/// A selector counts as removing article text from a page if it removes this share of it. Text that occurs on
/// several pages is not article text.
const REMOVED_SHARE: f64 = 0.1;
/// Characters shown of removed text.
const SHOWN: usize = 80;

/// The result for one selector.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// The selector.
    pub selector: UserSelector,
    /// Pages it applies to.
    pub pages: usize,
    /// Pages on which it matches an element.
    pub matched: usize,
    /// Pages from which it removes article text.
    pub removes_text: usize,
    /// An example of the text it removes.
    pub example: Option<String>,
}

/// What is wrong with a selector.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SelectorIssue {
    /// It matches nothing on any page.
    MatchesNothing,
    /// It removes article text from most of the pages on which it matches.
    RemovesText,
}

impl Checked {
    /// What is wrong, if anything.
    pub fn issue(&self) -> Option<SelectorIssue> {
        if self.pages > 0 && self.matched == 0 {
            Some(SelectorIssue::MatchesNothing)
        } else if self.removes_text * 2 > self.matched {
            Some(SelectorIssue::RemovesText)
        } else {
            None
        }
    }
}

/// Collects what the selectors of a source do to its pages.
#[derive(Debug, Default)]
pub struct Check {
    pages: Vec<(Vec<UserSelector>, SelectorReport)>,
    /// The number of pages on which a text is kept.
    seen: HashMap<String, usize>,
}

impl Check {
    /// Adds a page.
    pub fn add(&mut self, rules: &SiteRules, survey: SelectorReport) {
        let texts: HashSet<String> = survey.kept.iter().map(|it| key(it)).collect();
        for text in texts {
            *self.seen.entry(text).or_default() += 1;
        }
        self.pages
            .push((rules.selectors().cloned().collect(), survey));
    }

    /// The number of pages added.
    pub fn pages(&self) -> usize {
        self.pages.len()
    }

    /// Every selector that applied to a page, in order of appearance.
    pub fn done(&self) -> Vec<Checked> {
        let mut all: Vec<Checked> = Vec::new();
        for (selectors, survey) in &self.pages {
            let is_own = |text: &String| self.seen.get(&key(text)) == Some(&1);
            let own: Vec<bool> = survey.kept.iter().map(is_own).collect();
            for (selector, find) in selectors.iter().zip(&survey.finds) {
                let checked = of_selector(&mut all, selector);
                checked.pages += 1;
                checked.matched += usize::from(find.elements > 0);
                if selector.key == SelectorKey::Strip {
                    checked.count_removed(&survey.kept, &own, &find.kept);
                }
            }
        }
        all
    }
}

impl Checked {
    /// Counts a page from which some of its kept texts are removed; `own` marks texts on no other page.
    fn count_removed(&mut self, kept: &[String], own: &[bool], taken: &[usize]) {
        let whole = kept.iter().zip(own).filter(|(_, own)| **own);
        let whole: usize = whole.map(|(text, _)| text.len()).sum();
        let taken = taken.iter().filter(|&&it| own[it]);
        let taken: Vec<&str> = taken.map(|&it| kept[it].as_str()).collect();
        let part: usize = taken.iter().map(|text| text.len()).sum();
        if part > 0 && part as f64 >= REMOVED_SHARE * whole as f64 {
            self.removes_text += 1;
            let start = || taken[0].chars().take(SHOWN).collect();
            self.example.get_or_insert_with(start);
        }
    }
}

fn of_selector<'c>(all: &'c mut Vec<Checked>, selector: &UserSelector) -> &'c mut Checked {
    let known = all.iter().position(|it| it.selector == *selector);
    let at = known.unwrap_or(all.len());
    if known.is_none() {
        all.push(Checked {
            selector: selector.clone(),
            pages: 0,
            matched: 0,
            removes_text: 0,
            example: None,
        });
    }
    &mut all[at]
}

fn key(text: &str) -> String {
    digest(plain(text).as_bytes())
}
