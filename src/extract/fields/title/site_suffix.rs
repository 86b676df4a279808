//! The headline in a title: without the site's name, sections and slogans.

use std::fmt;

use crate::extract::fields::field_text;
use crate::extract::fields::title::agreement::weight;
use crate::extract::fields::title::segments::{Segments, Separator};

/// Segments at the ends of one title that may name the site.
const SITE_SEGMENTS: usize = 3;
/// What precedes a bar is a headline from this weight.
const HEADLINE_WEIGHT: usize = 8;

/// What was cut off a title, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::extract) struct Cut {
    pub(in crate::extract) text: String,
    pub(in crate::extract) why: Why,
}

/// Why a part of a title is none of the headline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::extract) enum Why {
    /// It names the site.
    SiteName,
    /// It follows a bar.
    Bar,
    /// It is the text of a link or of a logo elsewhere in the page: a section, or the site.
    Link,
    /// It stands in the copyright notice.
    Copyright,
    /// The page shows the rest as a line of its own.
    Shown,
    /// Another stated title is the rest alone.
    Stated,
    /// No stated title has this part of the heading.
    Kicker,
    /// A class of the page calls this part of the heading a kicker.
    KickerClass,
    /// So many other pages of the site, of so many, have it, too.
    Memory(u32, u32),
}

impl fmt::Display for Cut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "without \"{}\" (", self.text)?;
        match self.why {
            Why::SiteName => f.write_str("the site's name")?,
            Why::Bar => f.write_str("after a bar")?,
            Why::Link => f.write_str("a link of the page")?,
            Why::Copyright => f.write_str("copyright notice")?,
            Why::Shown => f.write_str("the page shows the rest alone")?,
            Why::Stated => f.write_str("another stated title lacks it")?,
            Why::Kicker => f.write_str("no stated title has it")?,
            Why::KickerClass => f.write_str("a kicker by its class")?,
            Why::Memory(count, of) => write!(f, "seen in {count} of {of} pages")?,
        }
        f.write_str(")")
    }
}

/// True where the text is nothing but a name of the site.
pub(in crate::extract::fields) fn is_site_name(text: &str, sites: &[String]) -> bool {
    let letters = text.chars().filter(|c| c.is_alphanumeric());
    let plain = letters.flat_map(char::to_lowercase);
    // Most texts differ from every name in the first letters.
    sites.iter().any(|site| plain.clone().eq(site.chars()))
}

/// The headline in a title or a heading: without the site's name, sections and slogans. What precedes a
/// colon in a heading that readers see (`is_shown`) is a part of the headline.
pub(super) fn headline_in(
    title: &str,
    sites: &[String],
    is_shown: bool,
    cuts: &mut Vec<Cut>,
) -> String {
    before_bar(without_site(title, sites, is_shown, cuts), cuts).to_owned()
}

/// `title` without the site's name at its end or its start.
fn without_site<'t>(
    title: &'t str,
    sites: &[String],
    is_shown: bool,
    cuts: &mut Vec<Cut>,
) -> &'t str {
    let mut title = title;
    for _ in 0..SITE_SEGMENTS {
        let segments = Segments::of(title);
        let Some((rest, cut)) = without_segment(&segments, sites, is_shown) else {
            break;
        };
        cuts.push(Cut {
            text: cut.to_owned(),
            why: Why::SiteName,
        });
        title = rest;
    }
    title
}

/// A title without the segments at its end, or at its start, that name the site; and those.
fn without_segment<'t>(
    segments: &Segments<'t>,
    sites: &[String],
    is_shown: bool,
) -> Option<(&'t str, &'t str)> {
    let all = segments.len();
    let most = SITE_SEGMENTS.min(all.saturating_sub(1));
    // A name may hold a separator itself.
    let whole = (all - most..all).find(|&at| is_site_name(segments.slice(at, all), sites));
    let near = || {
        (all - most..all)
            .rev()
            .find(|&at| names_site(segments.slice(at, all), sites))
    };
    if let Some(at) = whole.or_else(near) {
        return Some((segments.slice(0, at), segments.slice(at, all)));
    }
    // Before a colon a part of the name is a topic.
    let is_colon = |at: usize| segments.before(at) == Some(Separator::Colon);
    let mut wholes = (1..=most).rev().filter(|&at| !is_shown || !is_colon(at));
    let whole = wholes.find(|&at| is_site_name(segments.slice(0, at), sites));
    let mut nears = (1..=most).filter(|&at| !is_colon(at));
    let near = || nears.find(|&at| names_site(segments.slice(0, at), sites));
    let at = whole.or_else(near)?;
    Some((segments.slice(at, all), segments.slice(0, at)))
}

/// `title` up to its first bar, where that is a headline.
fn before_bar<'t>(title: &'t str, cuts: &mut Vec<Cut>) -> &'t str {
    let segments = Segments::of(title);
    let bar = (1..segments.len()).find(|&it| segments.before(it) == Some(Separator::Bar));
    let head = bar.map(|bar| (bar, segments.slice(0, bar)));
    let head = head.filter(|(_, head)| weight(&field_text::plain(head)) >= HEADLINE_WEIGHT);
    let Some((bar, head)) = head else {
        return title;
    };
    let text = segments.slice(bar, segments.len()).to_owned();
    cuts.push(Cut {
        text,
        why: Why::Bar,
    });
    head
}

/// True for the site's name, also where either is a little longer: an article before it, a domain's
/// ending, a word for the edition.
fn names_site(segment: &str, sites: &[String]) -> bool {
    let segment = field_text::plain(segment).replace(' ', "");
    sites.iter().any(|site| {
        let (short, long) = if segment.len() < site.len() {
            (&segment, site)
        } else {
            (site, &segment)
        };
        let is_near = short.chars().count() >= 4 && long.len() <= short.len() * 2 + 4;
        short == long
            || (is_near && (long.starts_with(short.as_str()) || long.ends_with(short.as_str())))
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_title_with_a_letter_keeps_one(
            title in "[a-cä北京 |:_»<🎉—.-]{0,60}",
            site in "[a-c北京 ]{0,6}",
            is_shown in any::<bool>(),
        ) {
            let sites = [field_text::plain(&site).replace(' ', "")];
            let mut cuts = Vec::new();
            let headline = headline_in(&title, &sites, is_shown, &mut cuts);
            let has_letter = |text: &str| text.contains(char::is_alphanumeric);
            prop_assert_eq!(has_letter(&title), has_letter(&headline));
            prop_assert!(title.contains(&headline));
            prop_assert!(cuts.iter().all(|it| title.contains(&it.text)));
        }

        #[test]
        fn the_segments_of_any_text_are_few_and_in_order(title in any::<String>()) {
            let segments = Segments::of(&title);
            prop_assert!(segments.len() <= 12);
            for at in 0..segments.len() {
                prop_assert!(segments.slice(at, at + 1).contains(char::is_alphanumeric));
                prop_assert!(title.contains(segments.slice(at, segments.len())));
            }
        }
    }

    #[test]
    fn a_name_may_hold_a_separator_and_a_topic_may_be_part_of_one() {
        let cut = |title: &str, site: &str| {
            headline_in(title, &[site.to_owned()], false, &mut Vec::new())
        };
        assert_eq!(
            cut("Ferry sails - Boats - Life in Quay", "boatslifeinquay"),
            "Ferry sails"
        );
        assert_eq!(
            cut("Report: ferry sails", "quayreport"),
            "Report: ferry sails"
        );
        assert_eq!(cut("Quay Report: ferry sails", "quayreport"), "ferry sails");
    }
}
