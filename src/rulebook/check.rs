//! Rules held against stored pages: which selectors find nothing any more, and which of those that
//! strip take article text with them.

use std::collections::{HashMap, HashSet};

use crate::canonical::digest;
use crate::extract::SiteRules;
use crate::extract::selector_report::SelectorReport;
use crate::page::text::plain;
use crate::selectors::{SelectorKey, UserSelector};

/// A selector takes article text from a page where it takes this share of it. Text that stands on
/// several pages is no article's.
const TAKES: f64 = 0.1;
/// Characters of the text that is shown.
const SHOWN: usize = 80;

/// What is known of one selector.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// The selector.
    pub selector: UserSelector,
    /// Pages that fall under it.
    pub pages: usize,
    /// Pages on which it finds an element.
    pub matched: usize,
    /// Pages from which it takes article text.
    pub takes: usize,
    /// Some of the text that it takes.
    pub example: Option<String>,
}

/// What is wrong with a selector.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HealthIssue {
    /// It finds nothing on any page.
    FindsNothing,
    /// It takes article text from most of the pages on which it finds anything.
    TakesText,
}

impl Checked {
    /// What is wrong, if anything is.
    pub fn health_issue(&self) -> Option<HealthIssue> {
        if self.pages > 0 && self.matched == 0 {
            Some(HealthIssue::FindsNothing)
        } else if self.takes * 2 > self.matched {
            Some(HealthIssue::TakesText)
        } else {
            None
        }
    }
}

/// Gathers what the selectors of a source do to its pages.
#[derive(Debug, Default)]
pub struct Check {
    pages: Vec<(Vec<UserSelector>, SelectorReport)>,
    /// On how many pages a text is kept.
    seen: HashMap<String, usize>,
}

impl Check {
    /// Takes in a page.
    pub fn add(&mut self, rules: &SiteRules, survey: SelectorReport) {
        let texts: HashSet<String> = survey.kept.iter().map(|it| key(it)).collect();
        for text in texts {
            *self.seen.entry(text).or_default() += 1;
        }
        self.pages
            .push((rules.selectors().cloned().collect(), survey));
    }

    /// How many pages there were.
    pub fn pages(&self) -> usize {
        self.pages.len()
    }

    /// Every selector that a page fell under, in the order in which they were met.
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
                    checked.count_taken(&survey.kept, &own, &find.kept);
                }
            }
        }
        all
    }
}

impl Checked {
    /// Counts a page from which these of its kept texts are taken, `own` being those that stand on
    /// no other page.
    fn count_taken(&mut self, kept: &[String], own: &[bool], taken: &[usize]) {
        let whole = kept.iter().zip(own).filter(|(_, own)| **own);
        let whole: usize = whole.map(|(text, _)| text.len()).sum();
        let taken = taken.iter().filter(|&&it| own[it]);
        let taken: Vec<&str> = taken.map(|&it| kept[it].as_str()).collect();
        let part: usize = taken.iter().map(|text| text.len()).sum();
        if part > 0 && part as f64 >= TAKES * whole as f64 {
            self.takes += 1;
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
            takes: 0,
            example: None,
        });
    }
    &mut all[at]
}

fn key(text: &str) -> String {
    digest(plain(text).as_bytes())
}
